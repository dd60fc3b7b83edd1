/* SPDX-License-Identifier: Apache-2.0 */
/* inputs.c: see inputs.h. */
#include "inputs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* Each report is a descriptor that the reader inherits. */
static void raise_limit(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int add(struct inputs *in, const char *name, int fd, struct err *err)
{
	int error = fd < 0 ? errno : 0;
	if (error == EMFILE || error == ENFILE || in->n == INPUTS_MAX) {
		if (fd >= 0)
			close(fd);
		return err_set(
			err, -EMFILE,
			"%s: after %zu reports no more can be opened; raise 'ulimit -Hn', or "
			"write them one after the other to standard input",
			name, in->n);
	}
	/* Grown by halves: there may be thousands. */
	if ((in->n & (in->n - 1)) == 0)
		in->all = xrealloc(in->all, (in->n ? in->n * 2 : 1) * sizeof(*in->all));
	in->all[in->n++] = (struct input){ xstrdup(name), fd, error };
	return 0;
}

static int is_report_name(const struct dirent *entry)
{
	return *entry->d_name != '.' &&
	       (ends_with(entry->d_name, ".json") || ends_with(entry->d_name, ".ndjson"));
}

static int is_any_name(const struct dirent *entry)
{
	return !streq(entry->d_name, ".") && !streq(entry->d_name, "..");
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* A folder may be anybody's: no link is followed, and nothing is waited for. */
static int add_entry(struct inputs *in, int dir, const char *folder, const char *name,
		     struct err *err)
{
	struct stat st;
	AUTO_FREE char *path = xasprintf("%s/%s", folder, name);
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(st.st_mode)) {
		in->n_left_out++;
		return 0;
	}
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);
	if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))) {
		close(fd);
		in->n_left_out++;
		return 0;
	}
	return add(in, path, fd, err);
}

static int add_folder(struct inputs *in, int dir, const char *folder, struct err *err)
{
	struct dirent **entries = NULL;
	size_t before = in->n;
	/* By its name, since musl has no scandirat(); what is opened is below the descriptor. */
	int code = 0, n = scandir(folder, &entries, is_any_name, by_bytes);
	if (n < 0)
		return err_set(err, -errno, "%s: %s", folder, strerror(errno));
	raise_limit();
	for (int i = 0; i < n; i++) {
		if (!is_report_name(entries[i]))
			in->n_left_out++;
		else if (code == 0)
			code = add_entry(in, dir, folder, entries[i]->d_name, err);
		free(entries[i]);
	}
	free(entries);
	in->n_folders++;
	if (code == 0 && in->n == before)
		code = err_set(err, -ENOENT, "%s: has no report (*.json, *.ndjson)", folder);
	return code;
}

int inputs_open_one(struct inputs *in, const char *name, struct err *err)
{
	struct stat st;
	if (streq(name, "-"))
		return add(in, "standard input", dup(STDIN_FILENO), err);
	AUTO_CLOSE int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		return add_folder(in, fd, name, err);
	return add(in, name, take_fd(&fd), err);
}

int inputs_open(struct inputs *in, const struct strings *names, struct err *err)
{
	int code = 0;
	if (names->n > 1)
		raise_limit();
	for (size_t i = 0; i < names->n && code == 0; i++)
		code = inputs_open_one(in, names->v[i], err);
	return code;
}

void inputs_done(struct inputs *in)
{
	for (size_t i = 0; i < in->n; i++) {
		close_p(&in->all[i].fd);
		free(in->all[i].name);
	}
	free(in->all);
	*in = (struct inputs){ 0 };
}
