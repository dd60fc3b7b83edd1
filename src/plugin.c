/* SPDX-License-Identifier: Apache-2.0 */
/* plugin.c: see plugin.h. The only file that sees dlopen(3). */
#include "plugin.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#ifdef HAVE_DLOPEN
#include <dlfcn.h>
#endif

enum { ROWS_MAX = 1000, PLUGINS_MAX = 256 };

struct plugin {
	char *path;
	int fd;
	dev_t dev;
	ino_t ino;
	void *handle;
};

const char *plugin_path(const struct plugin *p)
{
	return p->path;
}

void plugin_free(struct plugin *p)
{
	if (!p)
		return;
#ifdef HAVE_DLOPEN
	if (p->handle)
		dlclose(p->handle);
#endif
	close_p(&p->fd);
	free(p->path);
	free(p);
}

#ifdef HAVE_DLOPEN

static void plugin_p(struct plugin **p)
{
	plugin_free(*p);
}

/* --- who could have written it -------------------------------------------------------------- */

static int check_owner(const struct stat *st, const char *path, const struct plugin_trust *trust,
		       struct err *err)
{
	if (st->st_uid != trust->owner && st->st_uid != 0)
		return err_set(err, -EPERM, "%s belongs to uid %u, not to uid %u", path,
			       (unsigned)st->st_uid, (unsigned)trust->owner);
	/* With an ACL the group's bits are its mask, so this covers those, too. */
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return err_set(err, -EPERM, "%s is writable by others (mode %04o)", path,
			       (unsigned)st->st_mode & 07777);
	return 0;
}

static int check_file(const struct stat *st, const char *path, const struct plugin_trust *trust,
		      struct err *err)
{
	if (!S_ISREG(st->st_mode))
		return err_set(err, -EINVAL, "%s is no regular file", path);
	int r = check_owner(st, path, trust, err);
	if (r == 0 && !(st->st_mode & S_IROTH))
		r = err_set(
			err, -EACCES,
			"%s is not readable for all (mode %04o): it is loaded without privilege",
			path, (unsigned)st->st_mode & 07777);
	return r;
}

/* Is path trust->top or below it? Folders above it are not looked at. */
static bool is_looked_at(const char *path, const struct plugin_trust *trust)
{
	return !trust->top || sw_is_below(path, trust->top);
}

/* Opens one step below fd; links were resolved before, so that one here is a race. */
static int open_step(int fd, const char *name, int flags, const char *path, struct err *err)
{
	int next = openat(fd, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (next < 0)
		return err_set(err, -errno, "%s: %s", path, strerror(errno));
	return next;
}

static int check_folder(int fd, const char *path, const struct plugin_trust *trust, struct err *err)
{
	struct stat st;
	if (!is_looked_at(path, trust))
		return 0;
	if (fstat(fd, &st) < 0)
		return err_set(err, -errno, "%s: %s", path, strerror(errno));
	return check_owner(&st, path, trust, err);
}

/*
 * Walks down from the root and checks each folder by the descriptor the next step starts from: what
 * is checked is what is opened. path is absolute and clean.
 */
static int walk_down(const char *path, const struct plugin_trust *trust, struct err *err)
{
	AUTO_CLOSE int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, -errno, "/: %s", strerror(errno));
	for (const char *step = path + 1;;) {
		size_t above = (size_t)(step - path), n = strcspn(step, "/");
		AUTO_FREE char *folder = xstrndup(path, above > 1 ? above - 1 : 1);
		AUTO_FREE char *name = xstrndup(step, n);
		bool last = step[n] == '\0';
		int r = check_folder(fd, folder, trust, err);
		if (r < 0)
			return r;
		int next = open_step(fd, name, last ? O_RDONLY : O_PATH | O_DIRECTORY, path, err);
		if (next < 0 || last)
			return next;
		close(fd);
		fd = next;
		step += n + 1;
	}
}

int plugin_open(const char *path, const struct plugin_trust *trust, struct plugin **ret,
		struct err *err)
{
	AUTO_FREE char *real = realpath(path, NULL);
	struct stat st;
	if (!real)
		return err_set(err, -errno, "plugin %s: %s", path, strerror(errno));
	CLEANUP(plugin_p) struct plugin *p = xalloc(sizeof(*p));
	p->path = xstrdup(path);
	p->fd = walk_down(real, trust, err);
	if (p->fd < 0)
		return err_wrap(err, "plugin %s", path);
	int r = fstat(p->fd, &st) < 0 ? err_set(err, -errno, "%s: %s", real, strerror(errno))
				      : check_file(&st, real, trust, err);
	if (r < 0)
		return err_wrap(err, "plugin %s", path);
	p->dev = st.st_dev;
	p->ino = st.st_ino;
	*ret = TAKE(p);
	return 0;
}

/* --- what is in it -------------------------------------------------------------------------- */

/*
 * What seaworthy/check.h promises. Plugins find these functions in the program itself, so the
 * linker must take every one of them along, even those that no check of ours calls.
 */
#define API(f) ((void (*)(void))(f))
static void (*const api[])(void) __attribute__((used)) = {
	API(sw_bool),
	API(sw_int),
	API(sw_str),
	API(sw_mode),
	API(sw_has),
	API(sw_is_known),
	API(sw_count),
	API(sw_key),
	API(sw_contains),
	API(sw_at),
	API(sw_esc),
	API(sw_param_is_set),
	API(sw_param_bool),
	API(sw_param_int),
	API(sw_param_str),
	API(sw_param_lists),
	API(sw_fail),
	API(sw_warn),
	API(sw_pass),
	API(sw_skip),
	API(sw_unknown),
	API(sw_said),
	API(sw_remedy),
	API(sw_is_plain_path),
	API(sw_arg),
	API(sw_same_capability),
	API(sw_is_below),
	API(sw_version_compare),
	API(sw_capability_bit),
	API(sw_capability_names),
};

static int check_plugin(const struct sw_plugin *s, struct err *err)
{
	if (s->abi != SW_ABI)
		return err_set(err, -EINVAL, "is made for ABI %u, this seaworthy has %u", s->abi,
			       SW_ABI);
	if (s->row_size != sizeof(struct sw_check))
		return err_set(err, -EINVAL,
			       "has rows of %u bytes, this seaworthy has %zu: compile it anew",
			       s->row_size, sizeof(struct sw_check));
	if (!s->name || !*s->name)
		return err_set(err, -EINVAL, "does not say its name");
	if (!s->checks)
		return err_set(err, -EINVAL, "has no table of checks");
	return 0;
}

static int add_rows(const struct plugin *p, const struct sw_plugin *s, struct registry *r,
		    struct err *err)
{
	size_t n = 0;
	for (const struct sw_check *row = s->checks; row->id; row++) {
		if (++n > ROWS_MAX)
			return err_set(err, -E2BIG,
				       "has more than %d checks, or its table has no end",
				       ROWS_MAX);
		int code = registry_add(r, row, p->path, err);
		if (code < 0)
			return code;
	}
	return n ? 0 : err_set(err, -EINVAL, "has no checks");
}

int plugin_load(struct plugin *p, struct registry *r, struct err *err)
{
	/* By its descriptor: the path may lead elsewhere by now, and the reader need not reach it.
	 */
	AUTO_FREE char *link = xasprintf("/proc/self/fd/%d", p->fd);
	p->handle = dlopen(link, RTLD_NOW | RTLD_LOCAL);
	if (!p->handle) {
		const char *why = dlerror();
		return err_set(err, -ENOEXEC, "plugin %s: %s", p->path,
			       why ? why : "cannot be loaded");
	}
	const struct sw_plugin *s = dlsym(p->handle, "seaworthy_plugin");
	if (!s)
		return err_set(err, -ENOEXEC, "plugin %s: exports no seaworthy_plugin", p->path);
	int code = check_plugin(s, err);
	if (code == 0)
		code = add_rows(p, s, r, err);
	return code < 0 ? err_wrap(err, "plugin %s", p->path) : 0;
}

#else /* HAVE_DLOPEN */

int plugin_open(const char *path, const struct plugin_trust *trust, struct plugin **ret,
		struct err *err)
{
	(void)trust;
	(void)ret;
	return err_set(err, -ENOSYS,
		       "plugin %s: this seaworthy is linked statically and loads none", path);
}

int plugin_load(struct plugin *p, struct registry *r, struct err *err)
{
	(void)r;
	return err_set(err, -ENOSYS,
		       "plugin %s: this seaworthy is linked statically and loads none", p->path);
}

#endif

/* --- several -------------------------------------------------------------------------------- */

static int add_plugin(struct plugins *all, const char *path, const struct plugin_trust *trust,
		      struct err *err)
{
	struct plugin *p = NULL;
	if (all->n >= PLUGINS_MAX)
		return err_set(err, -E2BIG, "more than %d plugins", PLUGINS_MAX);
	int r = plugin_open(path, trust, &p, err);
	if (r < 0 || !p)
		return r;
	for (size_t i = 0; i < all->n; i++) {
		if (all->list[i]->dev == p->dev && all->list[i]->ino == p->ino) {
			plugin_free(p);
			return 0;
		}
	}
	all->list = xrealloc(all->list, (all->n + 1) * sizeof(struct plugin *));
	all->list[all->n++] = p;
	return 0;
}

#ifdef HAVE_DLOPEN
static int is_shared_object(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && ends_with(entry->d_name, ".so");
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int open_dir(struct plugins *all, const char *dir, const struct plugin_trust *trust,
		    struct err *err)
{
	struct dirent **names;
	int n = scandir(dir, &names, is_shared_object, by_name), r = 0;
	if (n < 0)
		return errno == ENOENT ? 0 : err_set(err, -errno, "%s: %s", dir, strerror(errno));
	for (int i = 0; i < n; i++) {
		AUTO_FREE char *path = xasprintf("%s/%s", dir, names[i]->d_name);
		if (r == 0)
			r = add_plugin(all, path, trust, err);
		free(names[i]);
	}
	free(names);
	return r;
}
#else
static int open_dir(struct plugins *all, const char *dir, const struct plugin_trust *trust,
		    struct err *err)
{
	(void)all;
	(void)dir;
	(void)trust;
	(void)err;
	return 0;
}
#endif

int plugins_open(const char *dir, const char *const *paths, const struct plugin_trust *trust,
		 struct plugins *ret, struct err *err)
{
	struct plugins all = { 0 };
	int r = dir ? open_dir(&all, dir, trust, err) : 0;
	for (; r == 0 && paths && *paths; paths++)
		r = add_plugin(&all, *paths, trust, err);
	if (r < 0)
		plugins_done(&all);
	else
		*ret = all;
	return r;
}

int plugins_load(struct plugins *p, struct registry *r, struct err *err)
{
	for (size_t i = 0; i < p->n; i++) {
		int code = plugin_load(p->list[i], r, err);
		if (code < 0)
			return code;
	}
	return 0;
}

void plugins_done(struct plugins *p)
{
	for (size_t i = 0; i < p->n; i++)
		plugin_free(p->list[i]);
	free(p->list);
	*p = (struct plugins){ 0 };
}
