/* SPDX-License-Identifier: Apache-2.0 */
/* profile_source.c: finds the text of a profile by its name: built in, installed, or a file. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "profile_builtin.h"
#include "profile_private.h"
#include "text.h"
#include "yaml_schema.h"

enum { FILE_MAX = 1 << 20, NAMES_MAX = 256 };

static void closedir_p(DIR **d)
{
	if (*d)
		closedir(*d);
}

static bool is_path(const char *name)
{
	return strchr(name, '/') || ends_with(name, ".yaml");
}

static const struct builtin_profile *builtin_named(const char *name)
{
	for (const struct builtin_profile *b = builtin_profiles; b->name; b++)
		if (streq(b->name, name))
			return b;
	return NULL;
}

int source_read(const char *path, struct source *ret, struct err *err)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_set(err, -errno, "%s: %s", path, strerror(errno));
	struct stat st;
	int r = fstat(fd, &st) < 0 ? -errno : S_ISDIR(st.st_mode) ? -EISDIR : 0;
	if (r == 0)
		r = read_all(fd, FILE_MAX, &ret->text, &ret->len);
	if (r == -EFBIG)
		return err_set(err, r, "%s: larger than 1 MiB", path);
	if (r < 0)
		return err_set(err, r, "%s: %s", path, strerror(-r));
	ret->file = xstrdup(path);
	ret->data = ret->text;
	ret->dev = st.st_dev;
	ret->ino = st.st_ino;
	return 0;
}

static char *path_beside(const char *beside, const char *name)
{
	const char *slash = beside ? strrchr(beside, '/') : NULL;
	if (*name == '/' || !slash)
		return xstrdup(name);
	return xasprintf("%.*s/%s", (int)(slash - beside), beside, name);
}

/* The names of the files in dir, each of which the caller frees. */
static size_t installed_names(const char *dir, char **names, size_t cap)
{
	CLEANUP(closedir_p) DIR *d = opendir(dir);
	size_t n = 0;
	for (struct dirent *entry; d && n < cap && (entry = readdir(d));)
		if (ends_with(entry->d_name, ".yaml") && *entry->d_name != '.')
			names[n++] =
				xstrndup(entry->d_name, strlen(entry->d_name) - strlen(".yaml"));
	return n;
}

static int unknown_name(const char *dir, const char *name, struct err *err)
{
	char *installed[NAMES_MAX];
	const char *names[2 * NAMES_MAX];
	AUTO_TEXT struct text list = { 0 };
	size_t n_installed = installed_names(dir, installed, NAMES_MAX), n = 0;

	for (size_t i = 0; i < n_installed; i++)
		names[n++] = installed[i];
	for (const struct builtin_profile *b = builtin_profiles; b->name && n < ARRAY_SIZE(names);
	     b++)
		names[n++] = b->name;
	for (size_t i = 0; i < n; i++)
		text_printf(&list, "%s%s", i ? ", " : "", names[i]);

	AUTO_FREE char *hint = did_you_mean(nearest(name, names, n));
	err_set(err, -ENOENT, "there is no profile '%s'%s; there are: %s", name, hint,
		n ? text_str(&list) : "none");
	for (size_t i = 0; i < n_installed; i++)
		free(installed[i]);
	return -ENOENT;
}

int source_open(const char *dir, const char *beside, const char *name, struct source *ret,
		struct err *err)
{
	*ret = (struct source){ 0 };
	if (is_path(name)) {
		AUTO_FREE char *path = path_beside(beside, name);
		return source_read(path, ret, err);
	}
	AUTO_FREE char *path = xasprintf("%s/%s.yaml", dir, name);
	if (*name && access(path, F_OK) == 0)
		return source_read(path, ret, err);
	const struct builtin_profile *b = builtin_named(name);
	if (b) {
		ret->file = xasprintf("built-in profile %s", name);
		ret->builtin = true;
		ret->data = b->data;
		ret->len = b->len;
		return 0;
	}
	return unknown_name(dir, name, err);
}

void source_done(struct source *s)
{
	free(s->file);
	free(s->text);
	*s = (struct source){ 0 };
}

bool source_is_same(const struct source *a, const struct source *b)
{
	if (a->builtin || b->builtin)
		return a->data == b->data;
	return a->dev == b->dev && a->ino == b->ino;
}

const char *const *profile_builtin_names(void)
{
	static const char *names[NAMES_MAX + 1];
	for (size_t i = 0; i < NAMES_MAX && builtin_profiles[i].name; i++)
		names[i] = builtin_profiles[i].name;
	return names;
}
