/* SPDX-License-Identifier: Apache-2.0 */
/* proc.c: see proc.h. */
#include "proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <sys/xattr.h>

enum { PIDS_MAX = 128, FDS_MAX = 100000, PID_DIGITS = 10 };

#define OF(which)    (1u << (which))
#define OF_CONTAINER (OF(PROC_CONTAINER) | OF(PROC_CONTAINER_MOUNTS))
#define OF_ALL       (OF_CONTAINER | OF(PROC_ENGINE))
#define OF_EACH      (OF_ALL | OF(PROC_CONTAINED))

static const struct part {
	const char *name;
	unsigned of; /* the questions that it belongs to */
	bool is_link;
} parts[] = {
	{ "status", OF_EACH | OF(PROC_HOST), false },
	{ "stat", OF(PROC_ENGINE) | OF(PROC_CONTAINED), false },
	{ "cgroup", OF_EACH | OF(PROC_HOST), false },
	{ "uid_map", OF_ALL, false },
	{ "gid_map", OF_ALL, false },
	{ "limits", OF(PROC_ENGINE), false },
	{ "mountinfo", OF(PROC_CONTAINER_MOUNTS), false },
	{ "maps", OF(PROC_MAPS), false },
	{ "cmdline", OF(PROC_ENGINE), false },
	{ "environ", OF(PROC_ENGINE), false },
	{ "attr/current", OF_EACH, false },
	{ "attr/apparmor/current", OF_EACH, false },
	{ "exe", OF(PROC_ENGINE) | OF(PROC_HOST), true },
	{ "root", OF(PROC_ENGINE), true },
	{ "cwd", OF(PROC_ENGINE), true },
	{ "ns/net", OF_EACH | OF(PROC_HOST), true },
	{ "ns/pid", OF_EACH | OF(PROC_HOST), true },
	{ "ns/ipc", OF_EACH, true },
	{ "ns/uts", OF_EACH, true },
	{ "ns/user", OF_EACH, true },
	{ "ns/mnt", OF_EACH, true },
	{ "ns/cgroup", OF_EACH, true },
};

static const char *const net_files[] = { "unix", "tcp", "tcp6", "udp", "udp6" };

int proc_init(struct proc *p)
{
	struct statfs s;
	AUTO_CLOSE int fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fstatfs(fd, &s) < 0)
		return -errno;
	if (s.f_type != PROC_SUPER_MAGIC)
		return -EXDEV;
	p->fd = take_fd(&fd);
	return 0;
}

void proc_done(struct proc *p)
{
	close_p(&p->fd);
	p->fd = -1;
}

static bool is_pid(const char *s, size_t n)
{
	return n > 0 && n <= PID_DIGITS && s[0] != '0' && strspn(s, "0123456789") >= n;
}

/* An O_PATH descriptor of /proc/<pid>, of which n bytes are the number. */
static int open_pid(const struct proc *p, const char *pid, size_t n)
{
	char name[PID_DIGITS + 1];
	if (!is_pid(pid, n))
		return -EBADRQC;
	memcpy(name, pid, n);
	name[n] = '\0';
	int fd = openat(p->fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	return fd;
}

static int open_whole_pid(const struct proc *p, const char *pid)
{
	return open_pid(p, pid, strlen(pid));
}

/* Files of an ended process are not there any more, as those this kernel does not have are not. */
static bool is_alive(int dir)
{
	return faccessat(dir, "stat", F_OK, 0) == 0;
}

static int read_part(int dir, const char *name, char **ret, size_t *ret_len)
{
	AUTO_CLOSE int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	return fd < 0 ? -errno : read_all(fd, FETCH_FILE_MAX, ret, ret_len);
}

/* buf holds PATH_MAX + 1 bytes. */
static int read_link(int dir, const char *name, char *buf, size_t *ret_len)
{
	ssize_t n = readlinkat(dir, name, buf, PATH_MAX);
	if (n < 0)
		return -errno;
	if (n == PATH_MAX)
		return -ENAMETOOLONG;
	buf[n] = '\0';
	*ret_len = (size_t)n;
	return 0;
}

static void add_part(int dir, const struct part *part, struct reply *r)
{
	char number[32], link[PATH_MAX + 1];
	AUTO_FREE char *text = NULL;
	const char *data = link;
	size_t len = 0;
	int bad;
	if (part->is_link) {
		bad = read_link(dir, part->name, link, &len);
	} else {
		bad = read_part(dir, part->name, &text, &len);
		data = text;
	}
	if (bad)
		len = 0;
	reply_add_text(r, part->name);
	snprintf(number, sizeof(number), "%d", -bad);
	reply_add_text(r, number);
	snprintf(number, sizeof(number), "%zu", len);
	reply_add_text(r, number);
	if (len > 0)
		reply_add(r, data, len);
}

int proc_parts(const struct proc *p, const char *pid, enum fetch_proc which, struct reply *r)
{
	AUTO_CLOSE int dir = open_whole_pid(p, pid);
	if (dir < 0)
		return dir;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (parts[i].of & OF(which))
			add_part(dir, &parts[i], r);
	}
	return is_alive(dir) ? 0 : -ESRCH;
}

static void closedir_p(DIR **d)
{
	if (*d)
		closedir(*d);
}

/* The protocol of a socket by its link of a folder fd, as the kernel names it; "" when it does not.
 */
static void add_protocol(int fds, const char *name, const char *link, struct reply *r)
{
	char path[NAME_MAX + 32], protocol[32] = "";
	ssize_t n = 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", fds, name);
	if (starts_with(link, "socket:"))
		n = getxattr(path, "system.sockprotoname", protocol, sizeof(protocol) - 1);
	protocol[n > 0 ? n : 0] = '\0';
	reply_add_text(r, protocol);
}

int proc_fds(const struct proc *p, const char *pid, struct reply *r)
{
	char link[PATH_MAX + 1];
	size_t len, n = 0;
	AUTO_CLOSE int dir = open_whole_pid(p, pid);
	if (dir < 0)
		return dir;
	AUTO_CLOSE int fd = openat(dir, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return is_alive(dir) ? -errno : -ESRCH;
	CLEANUP(closedir_p) DIR *fds = fdopendir(fd);
	if (!fds)
		return -errno;
	int own = take_fd(&fd);
	for (struct dirent *e; errno = 0, (e = readdir(fds));) {
		if (e->d_name[0] == '.')
			continue;
		if (++n > FDS_MAX)
			return -EFBIG;
		/* One that was closed meanwhile is no more. */
		int bad = read_link(own, e->d_name, link, &len);
		if (bad && bad != -ENOENT)
			return bad;
		if (bad)
			continue;
		reply_add_text(r, link);
		add_protocol(own, e->d_name, link, r);
	}
	if (errno)
		return -errno;
	return is_alive(dir) ? 0 : -ESRCH;
}

static int add_exe(const struct proc *p, const char *pid, size_t n, struct reply *r)
{
	char exe[PATH_MAX + 1] = "";
	AUTO_FREE char *comm = NULL;
	size_t comm_len = 0, exe_len = 0;
	AUTO_CLOSE int dir = open_pid(p, pid, n);
	if (dir < 0)
		return dir == -ESRCH ? 0 : dir;
	if (read_part(dir, "comm", &comm, &comm_len))
		comm_len = 0;
	if (comm_len > 0 && comm[comm_len - 1] == '\n')
		comm_len--;
	if (read_link(dir, "exe", exe, &exe_len))
		exe_len = 0;
	if (!is_alive(dir))
		return 0;
	reply_add(r, pid, n);
	reply_add(r, "", 1);
	if (comm_len > 0)
		reply_add(r, comm, comm_len);
	reply_add(r, "", 1);
	reply_add(r, exe, exe_len);
	reply_add(r, "", 1);
	return 0;
}

int proc_exes(const struct proc *p, const char *pids, struct reply *r)
{
	size_t count = 0;
	for (const char *s = pids; *s;) {
		size_t n = strcspn(s, " ");
		if (++count > PIDS_MAX)
			return -EBADRQC;
		int bad = add_exe(p, s, n, r);
		if (bad)
			return bad;
		s += n + (s[n] == ' ');
	}
	return count ? 0 : -EBADRQC;
}

static bool is_net_file(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(net_files); i++) {
		if (streq(name, net_files[i]))
			return true;
	}
	return false;
}

int proc_net(const struct proc *p, const char *arg, struct reply *r)
{
	AUTO_FREE char *text = NULL;
	size_t len = 0, n = strcspn(arg, " ");
	char name[16];
	if (arg[n] != ' ' || !is_net_file(arg + n + 1))
		return -EBADRQC;
	AUTO_CLOSE int dir = open_pid(p, arg, n);
	if (dir < 0)
		return dir;
	snprintf(name, sizeof(name), "net/%s", arg + n + 1);
	int bad = read_part(dir, name, &text, &len);
	if (!is_alive(dir))
		return -ESRCH;
	if (!bad)
		reply_add(r, text, len);
	return bad;
}

int proc_root(const struct proc *p, const char *pid)
{
	AUTO_CLOSE int dir = open_whole_pid(p, pid);
	if (dir < 0)
		return dir;
	int fd = openat(dir, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return is_alive(dir) ? -errno : -ESRCH;
	return fd;
}
