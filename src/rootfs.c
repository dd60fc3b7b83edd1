/* SPDX-License-Identifier: Apache-2.0 */
/* rootfs.c: see rootfs.h. */
#include "rootfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/xattr.h>

#include "rootwalk.h"
#include "statx.h"

#ifndef SYS_openat2
#define SYS_openat2 437 /* the same on every architecture that has it */
#endif

enum { ACL_MAX = 8192, LABEL_MAX = 1024, RETRIES = 16 };

/*
 * File systems that show the state of the running kernel. Numbers that linux/magic.h of an older
 * release lacks are from the kernel's sources.
 */
static const struct {
	unsigned magic;
	bool readable; /* below ROOTFS_KERNEL; tracing files, for one, lose what is read */
} kernel_fs[] = {
	{ PROC_SUPER_MAGIC, true },    { SYSFS_MAGIC, true },
	{ CGROUP_SUPER_MAGIC, true },  { CGROUP2_SUPER_MAGIC, true },
	{ SECURITYFS_MAGIC, true },    { SELINUX_MAGIC, true },
	{ SMACK_MAGIC, false },        { DEBUGFS_MAGIC, false },
	{ TRACEFS_MAGIC, false },      { BPF_FS_MAGIC, false },
	{ PSTOREFS_MAGIC, false },     { EFIVARFS_MAGIC, false },
	{ BINFMTFS_MAGIC, false },     { 0x62656570 /* configfs */, false },
	{ DEVPTS_SUPER_MAGIC, false }, { NSFS_MAGIC, false },
};

/* 0, or -EXDEV when this root must not show what fd is on. */
static int check_fs(const struct rootfs *r, int fd)
{
	struct statfs s;
	if (fstatfs(fd, &s) < 0)
		return -errno;
	for (size_t i = 0; i < ARRAY_SIZE(kernel_fs); i++) {
		if ((unsigned)s.f_type == kernel_fs[i].magic)
			return r->kind == ROOTFS_KERNEL && kernel_fs[i].readable ? 0 : -EXDEV;
	}
	return r->kind == ROOTFS_KERNEL ? -EXDEV : 0;
}

static int openat2_path(int root, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	/* EAGAIN: something was renamed while ".." was resolved. */
	for (int i = 0; i < RETRIES; i++) {
		long fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
		if (fd >= 0)
			return (int)fd;
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	return -EAGAIN;
}

/* What the kernel calls a descriptor: malloc'ed, or NULL when it cannot be told. */
static char *name_of_fd(int fd)
{
	char link[64], buf[PATH_MAX];
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, buf, sizeof(buf));
	if (n <= 0 || (size_t)n == sizeof(buf) || buf[0] != '/')
		return NULL;
	return xstrndup(buf, (size_t)n);
}

/* The name of fd below the root, or NULL: then the path has to be walked to be known. */
static char *name_below(const struct rootfs *r, int fd)
{
	AUTO_FREE char *name = r->prefix ? name_of_fd(fd) : NULL;
	if (!name || !starts_with(name, r->prefix))
		return NULL;
	/* A removed file is called "/x (deleted)", as a file of that very name would be. */
	if (ends_with(name, " (deleted)"))
		return NULL;
	const char *rest = name + strlen(r->prefix);
	if (*rest == '\0')
		return xstrdup("/");
	return *rest == '/' ? xstrdup(rest) : NULL;
}

void rootfs_init(struct rootfs *r, int fd, enum rootfs_kind kind)
{
	*r = (struct rootfs){ .fd = fd, .kind = kind };
	/* Too old a kernel says ENOSYS, a seccomp filter that does not know the call often EPERM.
	 */
	int probe = openat2_path(fd, ".");
	r->walks = probe < 0;
	if (probe >= 0)
		close(probe);
	r->prefix = name_of_fd(fd);
	if (r->prefix && streq(r->prefix, "/"))
		r->prefix[0] = '\0';
}

void rootfs_done(struct rootfs *r)
{
	free(r->prefix);
	r->prefix = NULL;
}

int rootfs_open(const struct rootfs *r, const char *path, char **ret_path)
{
	AUTO_FREE char *name = NULL;
	AUTO_CLOSE int fd = -1;
	if (!r->walks) {
		fd = openat2_path(r->fd, path);
		if (fd < 0 && fd != -EAGAIN)
			return fd;
		if (fd >= 0 && ret_path)
			name = name_below(r, fd);
	}
	if (fd < 0 || (ret_path && !name)) {
		int walked = rootwalk(r->fd, path, ret_path ? &name : NULL);
		if (walked < 0)
			return walked;
		close_p(&fd);
		fd = walked;
	}
	if (r->kind != ROOTFS_LIVE) {
		int bad = check_fs(r, fd);
		if (bad)
			return bad;
	}
	if (ret_path)
		*ret_path = TAKE(name);
	return take_fd(&fd);
}

int rootfs_open_file(const struct rootfs *r, const char *path)
{
	struct stat st;
	char link[64];
	AUTO_CLOSE int fd = rootfs_open(r, path, NULL);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : -ENXIO;
	/* Of any other root rootfs_open() has looked. */
	int bad = r->kind == ROOTFS_LIVE ? check_fs(r, fd) : 0;
	if (bad)
		return bad;
	/* Through the descriptor, so that what is opened is what was looked at. */
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	int file = open(link, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	/* The file is there for sure: it is /proc that is not. */
	if (file < 0)
		return errno == ENOENT ? -EOPNOTSUPP : -errno;
	return file;
}

int rootfs_open_dir(const struct rootfs *r, const char *path)
{
	AUTO_CLOSE int fd = rootfs_open(r, path, NULL);
	if (fd < 0)
		return fd;
	int dir = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
	if (dir < 0)
		return -errno;
	return dir;
}

int rootfs_link(const struct rootfs *r, const char *path, char **ret_folder, char **ret_text)
{
	char text[PATH_MAX];
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	AUTO_FREE char *above = xasprintf("/%.*s", slash ? (int)(slash - path) : 0, path);
	AUTO_FREE char *folder = NULL;
	AUTO_CLOSE int fd = rootfs_open(r, above, &folder);
	if (fd < 0)
		return fd;
	int bad = check_fs(r, fd);
	if (bad)
		return bad;
	ssize_t n = readlinkat(fd, name, text, sizeof(text));
	if (n < 0)
		return -errno;
	if (n == sizeof(text))
		return -ENAMETOOLONG;
	*ret_folder = TAKE(folder);
	*ret_text = xstrndup(text, (size_t)n);
	return 0;
}

int rootfs_read(const struct rootfs *r, const char *path, size_t cap, char **ret, size_t *ret_len)
{
	AUTO_CLOSE int fd = rootfs_open_file(r, path);
	return fd < 0 ? fd : read_all(fd, cap, ret, ret_len);
}

int rootfs_fstat(int fd, struct fetch_stat *ret)
{
	struct stat st;
	struct statx x = { 0 };
	if (fstat(fd, &st) < 0)
		return -errno;
	bool is_told =
		statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &x) == 0 && x.stx_mask & STATX_BTIME;
	*ret = (struct fetch_stat){
		.dev = st.st_dev,
		.ino = st.st_ino,
		.size = (uint64_t)st.st_size,
		.mtime_ns = st.st_mtim.tv_sec * INT64_C(1000000000) + st.st_mtim.tv_nsec,
		.ctime_ns = st.st_ctim.tv_sec * INT64_C(1000000000) + st.st_ctim.tv_nsec,
		.btime_ns = is_told ? x.stx_btime.tv_sec * INT64_C(1000000000) + x.stx_btime.tv_nsec
				    : INT64_MIN,
		.mode = st.st_mode,
		.uid = st.st_uid,
		.gid = st.st_gid,
	};
	return 0;
}

static int read_acl(int fd, struct rootfs_stat *s)
{
	char link[64], buf[ACL_MAX];
	/* By its link in /proc because an O_PATH descriptor has no fgetxattr(2). */
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t n = getxattr(link, "system.posix_acl_access", buf, sizeof(buf));
	if (n < 0 && errno != ENODATA && errno != EOPNOTSUPP)
		return errno == ENOENT ? -EOPNOTSUPP : -errno;
	if (n <= 0)
		return 0;
	s->acl = xalloc((size_t)n);
	memcpy(s->acl, buf, (size_t)n);
	s->st.acl_len = (uint32_t)n;
	return 0;
}

int rootfs_label(const struct rootfs *r, const char *path, char **ret)
{
	char link[64], buf[LABEL_MAX + 1];
	AUTO_FREE char *name = NULL;
	AUTO_CLOSE int fd = rootfs_open(r, path, &name);
	if (fd < 0)
		return fd;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t n = getxattr(link, "security.selinux", buf, LABEL_MAX);
	if (n < 0)
		return errno == ENOENT ? -EOPNOTSUPP : -errno;
	/* The kernel counts the NUL at its end, others may have written none. */
	buf[n] = '\0';
	*ret = xstrdup(buf);
	return 0;
}

int rootfs_stat(const struct rootfs *r, const char *path, struct rootfs_stat *ret)
{
	struct rootfs_stat s = { 0 };
	AUTO_FREE char *name = NULL;
	AUTO_CLOSE int fd = rootfs_open(r, path, &name);
	if (fd < 0 || !name)
		return fd < 0 ? fd : -EIO;
	int bad = rootfs_fstat(fd, &s.st);
	if (!bad)
		bad = read_acl(fd, &s);
	if (bad)
		return bad;
	s.st.path_len = (uint32_t)strlen(name);
	s.path = TAKE(name);
	*ret = s;
	return 0;
}

void rootfs_stat_done(struct rootfs_stat *s)
{
	free(s->path);
	free(s->acl);
	*s = (struct rootfs_stat){ 0 };
}

/* File types by the number that both d_type and the top bits of st_mode use. */
static const char type_letters[16] = {
	[DT_REG] = 'f',  [DT_DIR] = 'd', [DT_LNK] = 'l', [DT_SOCK] = 's',
	[DT_FIFO] = 'p', [DT_CHR] = 'c', [DT_BLK] = 'b',
};

static char type_letter(int dir, const struct dirent *e)
{
	struct stat st;
	unsigned type = e->d_type;
	if (type == DT_UNKNOWN && fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		type = IFTODT(st.st_mode);
	char letter = type < sizeof(type_letters) ? type_letters[type] : '\0';
	return letter ? letter : '?';
}

static void closedir_p(DIR **d)
{
	if (*d)
		closedir(*d);
}

int rootfs_list(const struct rootfs *r, const char *path, rootfs_entry_fn *entry, void *context)
{
	AUTO_CLOSE int fd = rootfs_open_dir(r, path);
	if (fd < 0)
		return fd;
	CLEANUP(closedir_p) DIR *dir = fdopendir(fd);
	if (!dir)
		return -errno;
	int own = take_fd(&fd);
	for (size_t n = 0;;) {
		errno = 0;
		struct dirent *e = readdir(dir);
		if (!e)
			return -errno;
		if (streq(e->d_name, ".") || streq(e->d_name, ".."))
			continue;
		if (++n > ROOTFS_LIST_MAX)
			return -EFBIG;
		entry(type_letter(own, e), e->d_name, context);
	}
}
