/* SPDX-License-Identifier: Apache-2.0 */
/* output.c: where a report goes: a temporary file beside the target, renamed when whole. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sys/stat.h>

#include "report.h"

enum { WRITE_BYTES = 64 << 10 }; /* a report is megabytes */

static const char *name_of(const struct output *o)
{
	return o->target ? o->target : "standard output";
}

static int fail(const struct output *o, int code, struct err *err)
{
	return err_set(err, code, "%s: %s", name_of(o), strerror(-code));
}

/*
 * Names of open files. They are links to what no path leads to (a pipe, a socket, a file that was
 * opened for appending), so the open file itself is taken.
 */
static int fd_named(const char *target)
{
	static const struct {
		const char *name;
		int fd; /* -1: the number that follows */
	} names[] = {
		{ "-", STDOUT_FILENO },           { "/dev/stdout", STDOUT_FILENO },
		{ "/dev/stderr", STDERR_FILENO }, { "/dev/fd/", -1 },
		{ "/proc/self/fd/", -1 },
	};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		int64_t n;
		if (names[i].fd >= 0 && streq(target, names[i].name))
			return names[i].fd;
		if (names[i].fd < 0 && starts_with(target, names[i].name) &&
		    parse_int(target + strlen(names[i].name), &n) && n >= 0 && n <= INT32_MAX)
			return (int)n;
	}
	return -1;
}

static char *folder_of(const char *path)
{
	AUTO_FREE char *copy = xstrdup(path);
	return xstrdup(dirname(copy));
}

/*
 * In a folder where everybody may make files, another user's link or file must not decide where
 * root writes, or who may read it. The kernel has the same rule (fs.protected_symlinks,
 * protected_regular), but it does not see our readlink and rename, and it can be off.
 */
static bool is_trap(const char *path, const struct stat *st)
{
	struct stat dir;
	AUTO_FREE char *folder = folder_of(path);
	if (stat(folder, &dir) < 0)
		return true;
	if (!(dir.st_mode & S_ISVTX) || !(dir.st_mode & S_IWOTH))
		return false;
	return st->st_uid != geteuid() && st->st_uid != dir.st_uid;
}

static char *read_link(const char *path)
{
	char buf[4096];
	ssize_t n = readlink(path, buf, sizeof(buf));
	if (n <= 0 || (size_t)n >= sizeof(buf))
		return NULL;
	AUTO_FREE char *folder = folder_of(path);
	AUTO_FREE char *link = xstrndup(buf, (size_t)n);
	return *link == '/' ? TAKE(link) : xasprintf("%s/%s", folder, link);
}

/* Follows links at the end of the target. *ret_st is of what is there; st_mode 0: nothing is. */
static int resolve(const char *target, char **ret, struct stat *ret_st)
{
	enum { LINKS = 40 };
	AUTO_FREE char *path = xstrdup(target);
	for (int i = 0; i < LINKS; i++) {
		struct stat st = { 0 };
		if (lstat(path, &st) < 0 && errno != ENOENT)
			return -errno;
		if (st.st_mode && !S_ISCHR(st.st_mode) && is_trap(path, &st))
			return -EACCES;
		if (!S_ISLNK(st.st_mode)) {
			*ret = TAKE(path);
			*ret_st = st;
			return 0;
		}
		char *next = read_link(path);
		if (!next)
			return -ELOOP;
		free(path);
		path = next;
	}
	return -ELOOP;
}

/* Owner and mode of the file that will be replaced; a group that cannot be kept gets nothing. */
static int take_after(int fd, const struct stat *old)
{
	mode_t mode = old->st_mode & 0777;
	if (fchown(fd, old->st_uid, old->st_gid) < 0)
		mode &= 0707;
	return fchmod(fd, mode) < 0 ? -errno : 0;
}

static int open_temporary(struct output *o, const struct stat *old)
{
	AUTO_FREE char *folder = folder_of(o->path);
	AUTO_FREE char *name = xasprintf("%s/.seaworthy-XXXXXX", folder);
	AUTO_CLOSE int fd = mkostemp(name, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int rc = S_ISREG(old->st_mode) ? take_after(fd, old) : 0;
	o->file = rc < 0 ? NULL : fdopen(fd, "w");
	if (!o->file) {
		rc = rc < 0 ? rc : -errno;
		unlink(name);
		return rc;
	}
	take_fd(&fd);
	o->temporary = TAKE(name);
	return 0;
}

static int open_in_place(struct output *o, int fd)
{
	if (fd < 0)
		return -errno;
	o->file = fdopen(fd, "w");
	if (o->file)
		return 0;
	int code = -errno;
	close(fd);
	return code;
}

static int open_target(struct output *o)
{
	int fd = o->target ? fd_named(o->target) : STDOUT_FILENO;
	if (fd >= 0)
		return open_in_place(o, fcntl(fd, F_DUPFD_CLOEXEC, 3));
	struct stat st = { 0 };
	int rc = resolve(o->target, &o->path, &st);
	if (rc < 0)
		return rc;
	if (st.st_mode && !S_ISREG(st.st_mode))
		return open_in_place(o,
				     open(o->path, O_WRONLY | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC));
	return open_temporary(o, &st);
}

static void forget(struct output *o)
{
	free(o->path);
	free(o->temporary);
	o->path = o->temporary = NULL;
}

int output_open(struct output *o, struct err *err)
{
	o->path = o->temporary = NULL;
	o->file = NULL;
	int rc = open_target(o);
	if (rc < 0) {
		forget(o);
		return fail(o, rc, err);
	}
	setvbuf(o->file, NULL, _IOFBF, WRITE_BYTES);
	if (!o->temporary)
		forget(o);
	return 0;
}

/* Other spellings of a path lead to the same folder. */
static bool is_same_file(const char *a, const char *b)
{
	struct stat in_a, in_b;
	AUTO_FREE char *folder_a = folder_of(a);
	AUTO_FREE char *folder_b = folder_of(b);
	const char *slash_a = strrchr(a, '/'), *slash_b = strrchr(b, '/');
	return streq(slash_a ? slash_a + 1 : a, slash_b ? slash_b + 1 : b) &&
	       stat(folder_a, &in_a) == 0 && stat(folder_b, &in_b) == 0 &&
	       in_a.st_dev == in_b.st_dev && in_a.st_ino == in_b.st_ino;
}

bool output_is_same(const struct output *a, const struct output *b)
{
	if (a->path && b->path)
		return is_same_file(a->path, b->path);
	int fd = a->target ? fd_named(a->target) : STDOUT_FILENO;
	return fd >= 0 && fd == (b->target ? fd_named(b->target) : STDOUT_FILENO);
}

int output_write(struct output *o, const struct report *r, const struct report_options *options,
		 struct err *err)
{
	/* stdio remembers that a write failed, but not why: errno is of that write, or still 0. */
	errno = 0;
	int rc = o->sink->write(r, options, o->file);
	if (fflush(o->file) != 0 || ferror(o->file))
		rc = errno ? -errno : -EIO;
	return rc < 0 ? fail(o, rc, err) : 0;
}

static int sync_folder(const char *path)
{
	AUTO_FREE char *folder = folder_of(path);
	AUTO_CLOSE int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 || fsync(fd) < 0 ? -errno : 0;
}

static int finish(struct output *o)
{
	bool failed = fflush(o->file) != 0 || ferror(o->file);
	int code = failed ? (errno ? -errno : -EIO) : 0;
	if (code == 0 && o->temporary && fsync(fileno(o->file)) < 0)
		code = -errno;
	if (fclose(TAKE(o->file)) != 0 && code == 0)
		code = -errno;
	if (code < 0 || !o->temporary)
		return code;
	if (rename(o->temporary, o->path) < 0)
		return -errno;
	free(TAKE(o->temporary));
	/* The report is in place; only whether a power cut would undo that is unknown. */
	sync_folder(o->path);
	return 0;
}

int output_commit(struct output *o, struct err *err)
{
	errno = 0;
	int rc = finish(o);
	if (rc < 0)
		fail(o, rc, err);
	output_abandon(o);
	return rc;
}

void output_abandon(struct output *o)
{
	if (o->file)
		fclose(TAKE(o->file));
	if (o->temporary)
		unlink(o->temporary);
	forget(o);
}
