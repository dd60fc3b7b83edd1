/* SPDX-License-Identifier: Apache-2.0 */
/* rootwalk.c: see rootwalk.h. */
#include "rootwalk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

enum {
	LINKS_MAX = 40,      /* as the kernel's MAXSYMLINKS */
	DEPTH_MAX = 200,     /* folders held open at a time */
	REST_MAX = 64 << 10, /* what is left to resolve, with links put in */
};

/* One folder between the root and where the walk stands; ".." closes the last. */
struct step {
	int fd;
	char *name;
};

struct walk {
	int root;
	struct step steps[DEPTH_MAX];
	size_t n;
	bool at_dir; /* what the last step opened is a folder */
	int links;
	char *rest; /* what is left to resolve */
};

static void walk_pop(struct walk *w)
{
	struct step *s = &w->steps[--w->n];
	close(s->fd);
	free(s->name);
}

static void walk_done(struct walk *w)
{
	while (w->n > 0)
		walk_pop(w);
	free(w->rest);
}

static int walk_fd(const struct walk *w)
{
	return w->n ? w->steps[w->n - 1].fd : w->root;
}

/*
 * The links of /proc that lead to open things show an absolute path or "type:[inode]", its plain
 * ones
 * ("self", "mounts", "net") a relative path.
 */
static bool is_magic_link(int fd, const char *target)
{
	struct statfs s;
	if (fstatfs(fd, &s) < 0)
		return true;
	return s.f_type == PROC_SUPER_MAGIC && (target[0] == '/' || strpbrk(target, ":("));
}

/* Puts the target of the link in front of what is left. */
static int follow(struct walk *w, int link, const char *rest)
{
	char target[PATH_MAX];
	if (++w->links > LINKS_MAX)
		return -ELOOP;
	ssize_t n = readlinkat(link, "", target, sizeof(target));
	if (n <= 0)
		return n < 0 ? -errno : -ENOENT;
	if ((size_t)n == sizeof(target))
		return -ENAMETOOLONG;
	target[n] = '\0';
	if (is_magic_link(link, target))
		return -ELOOP;
	if ((size_t)n + strlen(rest) > REST_MAX)
		return -ENAMETOOLONG;
	char *joined = xasprintf("%s%s", target, rest);
	free(w->rest);
	w->rest = joined;
	while (target[0] == '/' && w->n > 0)
		walk_pop(w);
	w->at_dir = true;
	return 0;
}

/* One name, which is neither "." nor ".."; rest is what follows it. */
static int walk_into(struct walk *w, const char *name, const char *rest)
{
	struct stat st;
	AUTO_CLOSE int fd = openat(walk_fd(w), name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (S_ISLNK(st.st_mode))
		return follow(w, fd, rest);
	if (w->n == DEPTH_MAX)
		/* cppcheck-suppress resourceLeak ; AUTO_CLOSE */
		return -ENAMETOOLONG;
	w->steps[w->n++] = (struct step){ .fd = take_fd(&fd), .name = xstrdup(name) };
	w->at_dir = S_ISDIR(st.st_mode);
	char *left = xstrdup(rest);
	free(w->rest);
	w->rest = left;
	return 0;
}

static int walk_dot(struct walk *w, bool up, const char *rest)
{
	if (!w->at_dir)
		return -ENOTDIR;
	if (up && w->n > 0)
		walk_pop(w);
	char *left = xstrdup(rest);
	free(w->rest);
	w->rest = left;
	return 0;
}

static int walk_step(struct walk *w)
{
	char name[NAME_MAX + 1];
	const char *start = w->rest + strspn(w->rest, "/");
	/* A slash after a name, also at the end, says that it is a folder. */
	if (start != w->rest && !w->at_dir)
		return -ENOTDIR;
	size_t n = strcspn(start, "/");
	if (n > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, start, n);
	name[n] = '\0';
	if (n == 0 || streq(name, ".") || streq(name, ".."))
		return walk_dot(w, n == 2, start + n);
	return walk_into(w, name, start + n);
}

static char *walk_path(const struct walk *w)
{
	size_t size = 2;
	for (size_t i = 0; i < w->n; i++)
		size += strlen(w->steps[i].name) + 1;
	char *path = xalloc(size), *p = path;
	for (size_t i = 0; i < w->n; i++) {
		size_t n = strlen(w->steps[i].name);
		*p++ = '/';
		memcpy(p, w->steps[i].name, n);
		p += n;
	}
	if (p == path)
		*p = '/';
	return path;
}

int rootwalk(int root, const char *path, char **ret_path)
{
	if (!*path)
		return -ENOENT;
	if (strlen(path) >= PATH_MAX) /* as openat2() does */
		return -ENAMETOOLONG;
	CLEANUP(walk_done) struct walk w = { .root = root, .at_dir = true, .rest = xstrdup(path) };
	while (*w.rest) {
		int bad = walk_step(&w);
		if (bad)
			return bad;
	}
	int fd = fcntl(walk_fd(&w), F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (ret_path)
		*ret_path = walk_path(&w);
	return fd;
}
