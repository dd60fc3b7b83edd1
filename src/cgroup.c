/* SPDX-License-Identifier: Apache-2.0 */
/* cgroup.c: see cgroup.h. */
#include "cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

enum { PROCS_BYTES = CGROUP_PIDS_MAX * 12 };

/* Where systemd, and hosts without it, mount them. */
static const char *const hierarchies[] = {
	"/sys/fs/cgroup",        "/sys/fs/cgroup/unified", "/sys/fs/cgroup/pids",
	"/sys/fs/cgroup/memory", "/sys/fs/cgroup/systemd",
};

struct pids {
	struct reply *reply;
	size_t n;
};

static int check_path(const char *path)
{
	if (path[0] != '/')
		return -EBADRQC;
	if (streq(path, "/..") || starts_with(path, "/../"))
		return -EXDEV;
	if (strstr(path, "/../") || strstr(path, "//") || ends_with(path, "/.."))
		return -EBADRQC;
	return 0;
}

/* Groups come and go while they are read; those of threads only have their pids further up. */
static bool is_harmless(int error)
{
	return error == -ENOENT || error == -ENODEV || error == -EOPNOTSUPP;
}

static int add_procs(int dir, struct pids *pids)
{
	AUTO_FREE char *text = NULL;
	size_t len;
	AUTO_CLOSE int fd = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	int bad = read_all(fd, PROCS_BYTES, &text, &len);
	if (bad)
		return bad;
	for (size_t i = 0; i < len; i++)
		pids->n += text[i] == '\n';
	if (pids->n > CGROUP_PIDS_MAX)
		return -EFBIG;
	reply_add(pids->reply, text, len);
	return 0;
}

static void closedir_p(DIR **d)
{
	if (*d)
		closedir(*d);
}

/* A folder is linked to by its parent, itself and each folder in it; where that is not so, one link
 * is told. */
static bool has_no_folders(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && st.st_nlink == 2;
}

static int descend(int parent, const char *name, unsigned depth, struct pids *pids)
{
	if (depth > CGROUP_DEPTH_MAX)
		return -EFBIG;
	AUTO_CLOSE int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	int bad = add_procs(fd, pids);
	if (bad && !(depth > 0 && is_harmless(bad)))
		return bad;
	if (has_no_folders(fd))
		return 0;
	CLEANUP(closedir_p) DIR *dir = fdopendir(fd);
	if (!dir)
		return -errno;
	int own = take_fd(&fd);
	for (;;) {
		errno = 0;
		struct dirent *e = readdir(dir);
		if (!e)
			return -errno;
		if (e->d_type != DT_DIR || streq(e->d_name, ".") || streq(e->d_name, ".."))
			continue;
		bad = descend(own, e->d_name, depth + 1, pids);
		if (bad && !is_harmless(bad))
			return bad;
	}
}

int cgroup_pids(const struct rootfs *kernel, const char *path, struct reply *r)
{
	struct pids pids = { .reply = r };
	int found = -ENOENT;
	int bad = check_path(path);
	for (size_t i = 0; i < ARRAY_SIZE(hierarchies) && !bad && pids.n == 0; i++) {
		AUTO_FREE char *full = xasprintf("%s%s", hierarchies[i], path);
		AUTO_CLOSE int dir = rootfs_open(kernel, full, NULL);
		/* Not this hierarchy; EXDEV: not a cgroup's file system, but the folder that holds
		 * them. */
		if (dir == -ENOENT || dir == -EXDEV || dir == -ENOTDIR)
			continue;
		bad = dir < 0 ? dir : descend(dir, ".", 0, &pids);
		if (bad == -ENOENT || bad == -ENODEV)
			bad = 0;
		else
			found = 0;
	}
	return bad ? bad : found;
}
