/* SPDX-License-Identifier: Apache-2.0 */
/* t_rootfs.c: hostile trees do not lead out of their root, with openat2(2) and without it. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>

#include "cgroup.h"
#include "harness.h"
#include "rootfs.h"

static char tree[] = "/tmp/t_rootfs.XXXXXX";
static int tree_fd = -1;

static const char *const folders[] = { "etc", "usr", "usr/lib", "many", "deep", "srv" };

static const struct {
	const char *path, *text;
} files[] = {
	{ "etc/passwd", "inside\n" }, { "usr/lib/os-release", "ID=test\n" },
	{ "many/one", "" },           { "many/two", "" },
	{ "odd (deleted)", "odd\n" }, { "etc/big", "0123456789" },
	{ "srv/new\nline", "x" },
};

static const struct {
	const char *path, *target;
} links[] = {
	{ "lib", "usr/lib" },
	{ "etc/absolute", "/etc/passwd" },
	{ "etc/relative", "passwd" },
	{ "etc/above", "../../../../../etc/passwd" },
	{ "etc/os-release", "/lib/os-release" },
	{ "etc/slashes", "//usr///lib/../lib/./os-release" },
	{ "etc/self", "." },
	{ "loop", "pool" },
	{ "pool", "loop" },
	{ "etc/nowhere", "/not/there" },
	{ "etc/proc", "/proc/self/root/etc/passwd" },
	{ "etc/folder", "/usr/lib/" },
	{ "etc/filedir", "passwd/" },
	{ "etc/fifo", "/fifo" },
};

enum { CHAIN = 41, DEEP = 250 };

static void make(const char *path, const char *text)
{
	AUTO_CLOSE int fd = openat(tree_fd, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write_full(fd, text, strlen(text)), 0);
}

static void make_socket(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	snprintf(a.sun_path, sizeof(a.sun_path), "%s/socket", tree);
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
}

/* c0 is a file, c1 a link to it, c2 a link to that, and so on. */
static void make_chain(void)
{
	char name[16], target[16] = "c0";
	make("c0", "end\n");
	for (int i = 1; i <= CHAIN; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		ck_assert_int_eq(symlinkat(target, tree_fd, name), 0);
		memcpy(target, name, sizeof(target));
	}
}

static void set_up(void)
{
	ck_assert_ptr_nonnull(mkdtemp(tree));
	tree_fd = open(tree, O_PATH | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(tree_fd, 0);
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		ck_assert_int_eq(mkdirat(tree_fd, folders[i], 0755), 0);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		make(files[i].path, files[i].text);
	for (size_t i = 0; i < ARRAY_SIZE(links); i++)
		ck_assert_int_eq(symlinkat(links[i].target, tree_fd, links[i].path), 0);
	ck_assert_int_eq(mkfifoat(tree_fd, "fifo", 0600), 0);
	make_socket();
	make_chain();
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static void tear_down(void)
{
	close(tree_fd);
	nftw(tree, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The tree; odd rounds walk. */
static struct rootfs *open_tree(int round, struct rootfs *r)
{
	rootfs_init(r, tree_fd, ROOTFS_DIR);
	r->walks |= round % 2;
	return r;
}

static const struct {
	const char *path;
	int error;
	const char *resolved; /* NULL: an error is expected */
} looks[] = {
	{ "/", 0, "/" },
	{ ".", 0, "/" },
	{ "..", 0, "/" },
	{ "../../..", 0, "/" },
	{ "", ENOENT, NULL },
	{ "etc/passwd", 0, "/etc/passwd" },
	{ "/etc//passwd", 0, "/etc/passwd" },
	{ "/../etc/./passwd", 0, "/etc/passwd" },
	{ "etc/../../etc/passwd", 0, "/etc/passwd" },
	{ "etc/passwd/", ENOTDIR, NULL },
	{ "etc/passwd/.", ENOTDIR, NULL },
	{ "etc/passwd/..", ENOTDIR, NULL },
	{ "etc/passwd/x", ENOTDIR, NULL },
	{ "etc/", 0, "/etc" },
	{ "etc/nothing", ENOENT, NULL },
	{ "etc/absolute", 0, "/etc/passwd" },
	{ "etc/absolute/", ENOTDIR, NULL },
	{ "etc/relative", 0, "/etc/passwd" },
	{ "etc/above", 0, "/etc/passwd" },
	{ "etc/self/self/relative", 0, "/etc/passwd" },
	{ "etc/os-release", 0, "/usr/lib/os-release" },
	{ "etc/slashes", 0, "/usr/lib/os-release" },
	{ "lib/..", 0, "/usr" },
	{ "lib/../../etc/passwd", 0, "/etc/passwd" },
	{ "etc/folder", 0, "/usr/lib" },
	{ "etc/folder/os-release", 0, "/usr/lib/os-release" },
	{ "etc/filedir", ENOTDIR, NULL },
	{ "loop", ELOOP, NULL },
	{ "loop/x", ELOOP, NULL },
	{ "etc/nowhere", ENOENT, NULL },
	{ "etc/proc", ENOENT, NULL },
	{ "c40", 0, "/c0" },
	{ "c41", ELOOP, NULL },
	{ "fifo", 0, "/fifo" },
	{ "etc/fifo", 0, "/fifo" },
	{ "socket", 0, "/socket" },
	{ "odd (deleted)", 0, "/odd (deleted)" },
	{ "srv/new\nline", 0, "/srv/new\nline" },
};

START_TEST(test_looks)
{
	struct rootfs r;
	struct rootfs_stat s = { 0 };
	size_t i = (size_t)_i / 2;
	int bad = rootfs_stat(open_tree(_i, &r), looks[i].path, &s);
	ck_assert_msg(bad == -looks[i].error, "%s: %s", looks[i].path, strerror(-bad));
	if (looks[i].resolved) {
		ck_assert_str_eq(s.path, looks[i].resolved);
		ck_assert_uint_eq(s.st.path_len, strlen(s.path));
	}
	rootfs_stat_done(&s);
	rootfs_done(&r);
}
END_TEST

static const struct {
	const char *path;
	int error;
	const char *text;
} reads[] = {
	{ "etc/above", 0, "inside\n" },  { "etc/os-release", 0, "ID=test\n" },
	{ "odd (deleted)", 0, "odd\n" }, { "etc/big", EFBIG, NULL },
	{ "etc", EISDIR, NULL },         { "fifo", ENXIO, NULL },
	{ "etc/fifo", ENXIO, NULL },     { "socket", ENXIO, NULL },
	{ "etc/proc", ENOENT, NULL },    { "many/one", 0, "" },
};

START_TEST(test_reads)
{
	struct rootfs r;
	AUTO_FREE char *text = NULL;
	size_t len = 0, i = (size_t)_i / 2;
	int bad = rootfs_read(open_tree(_i, &r), reads[i].path, 9, &text, &len);
	ck_assert_msg(bad == -reads[i].error, "%s: %s", reads[i].path, strerror(-bad));
	if (reads[i].text) {
		ck_assert_str_eq(text, reads[i].text);
		ck_assert_uint_eq(len, strlen(text));
	}
	rootfs_done(&r);
}
END_TEST

static void count_entry(char type, const char *name, void *context)
{
	int *n = context;
	ck_assert(type == 'f');
	ck_assert(streq(name, "one") || streq(name, "two"));
	(*n)++;
}

static const struct {
	const char *path;
	int error;
	const char *folder, *text;
} link_texts[] = {
	{ "etc/nowhere", 0, "/etc", "/not/there" },
	{ "/etc/self/nowhere", 0, "/etc", "/not/there" },
	{ "lib", 0, "/", "usr/lib" },
	{ "../../lib", 0, "/", "usr/lib" },
	{ "loop", 0, "/", "pool" },
	{ "etc/folder/../lib", EINVAL, NULL, NULL },
	{ "etc/passwd", EINVAL, NULL, NULL },
	{ "etc/nothing", ENOENT, NULL, NULL },
	{ "etc/passwd/x", ENOTDIR, NULL, NULL },
	{ "etc/", ENOENT, NULL, NULL },
	{ "", ENOENT, NULL, NULL },
	{ "loop/x", ELOOP, NULL, NULL },
};

START_TEST(test_links)
{
	struct rootfs r;
	AUTO_FREE char *folder = NULL;
	AUTO_FREE char *text = NULL;
	size_t i = (size_t)_i / 2;
	int bad = rootfs_link(open_tree(_i, &r), link_texts[i].path, &folder, &text);
	ck_assert_int_eq(bad, -link_texts[i].error);
	if (!bad) {
		ck_assert_str_eq(folder, link_texts[i].folder);
		ck_assert_str_eq(text, link_texts[i].text);
	}
	rootfs_done(&r);
}
END_TEST

/* Links of /proc are no files of a host's, also of a running one. */
START_TEST(test_links_of_the_kernel)
{
	struct rootfs r;
	AUTO_FREE char *folder = NULL;
	AUTO_FREE char *text = NULL;
	AUTO_CLOSE int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	rootfs_init(&r, root, ROOTFS_LIVE);
	ck_assert_int_eq(rootfs_link(&r, "/proc/self/exe", &folder, &text), -EXDEV);
	rootfs_done(&r);
}
END_TEST

START_TEST(test_list)
{
	struct rootfs r;
	int n = 0;
	open_tree(_i, &r);
	ck_assert_int_eq(rootfs_list(&r, "many", count_entry, &n), 0);
	ck_assert_int_eq(n, 2);
	ck_assert_int_eq(rootfs_list(&r, "etc/passwd", count_entry, &n), -ENOTDIR);
	ck_assert_int_eq(rootfs_list(&r, "fifo", count_entry, &n), -ENOTDIR);
	rootfs_done(&r);
}
END_TEST

static void keep_letter(char type, const char *name, void *context)
{
	char *letters = context;
	static const char *const names[] = { "etc", "fifo", "socket", "lib", "c0" };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (streq(name, names[i]))
			letters[i] = type;
	}
}

START_TEST(test_letters)
{
	struct rootfs r;
	char letters[6] = "";
	open_tree(_i, &r);
	ck_assert_int_eq(rootfs_list(&r, "/", keep_letter, letters), 0);
	ck_assert_str_eq(letters, "dpslf");
	rootfs_done(&r);
}
END_TEST

/* Of the running system: its /proc is never a way out, and only where it is wanted to be seen. */
static const struct {
	const char *path;
	enum rootfs_kind kind;
	int stat_error, read_error;
} kernel[] = {
	{ "/proc/self/root/etc/passwd", ROOTFS_LIVE, ELOOP, ELOOP },
	{ "/proc/self/cwd", ROOTFS_LIVE, ELOOP, ELOOP },
	{ "/proc/self/fd/0", ROOTFS_LIVE, ELOOP, ELOOP },
	{ "/proc/self/ns/net", ROOTFS_LIVE, ELOOP, ELOOP },
	{ "/proc/self/status", ROOTFS_LIVE, 0, EXDEV },
	{ "/proc/mounts", ROOTFS_LIVE, 0, EXDEV },
	{ "/dev/null", ROOTFS_LIVE, 0, ENXIO },
	{ "/proc/self/status", ROOTFS_DIR, EXDEV, EXDEV },
	{ "/proc", ROOTFS_DIR, EXDEV, EXDEV },
	{ "/sys", ROOTFS_DIR, EXDEV, EXDEV },
	{ "/proc/../etc/passwd", ROOTFS_DIR, 0, 0 },
	{ "/proc/sys/kernel/ostype", ROOTFS_KERNEL, 0, 0 },
	{ "/proc/self/status", ROOTFS_KERNEL, 0, 0 },
	{ "/etc/passwd", ROOTFS_KERNEL, EXDEV, EXDEV },
};

START_TEST(test_kernel)
{
	struct rootfs r;
	struct rootfs_stat s = { 0 };
	AUTO_FREE char *text = NULL;
	size_t len, i = (size_t)_i / 2;
	AUTO_CLOSE int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	rootfs_init(&r, root, kernel[i].kind);
	r.walks |= _i % 2;
	int bad = rootfs_stat(&r, kernel[i].path, &s);
	ck_assert_msg(bad == -kernel[i].stat_error, "%s: %s", kernel[i].path, strerror(-bad));
	bad = rootfs_read(&r, kernel[i].path, 1 << 20, &text, &len);
	ck_assert_msg(bad == -kernel[i].read_error, "%s: %s", kernel[i].path, strerror(-bad));
	rootfs_stat_done(&s);
	rootfs_done(&r);
}
END_TEST

/* Version 2, then entries of tag, permissions and id, all little endian: linux/posix_acl_xattr.h.
 */
static const unsigned char acl[] = {
	2, 0,  0,   0,   1,   0,   6,  0, 255, 255, 255, 255, 2,   0,   6,
	0, 57, 48,  0,   0,   4,   0,  4, 0,   255, 255, 255, 255, 16,  0,
	6, 0,  255, 255, 255, 255, 32, 0, 0,   0,   255, 255, 255, 255,
};

START_TEST(test_acl)
{
	struct rootfs r;
	struct rootfs_stat s;
	AUTO_FREE char *path = xasprintf("%s/etc/big", tree);
	open_tree(_i, &r);
	ck_assert_int_eq(rootfs_stat(&r, "etc/passwd", &s), 0);
	ck_assert_uint_eq(s.st.acl_len, 0);
	ck_assert_ptr_null(s.acl);
	ck_assert_uint_eq(s.st.mode & 07777, 0640);
	ck_assert_uint_eq(s.st.uid, geteuid());
	ck_assert_uint_eq(s.st.size, 7);
	rootfs_stat_done(&s);
	/* Not every file system has ACLs; where there are none the rest is not tested. */
	if (setxattr(path, "system.posix_acl_access", acl, sizeof(acl), 0) == 0) {
		ck_assert_int_eq(rootfs_stat(&r, "etc/big", &s), 0);
		ck_assert_uint_eq(s.st.acl_len, sizeof(acl));
		ck_assert_mem_eq(s.acl, acl, sizeof(acl));
		rootfs_stat_done(&s);
	}
	rootfs_done(&r);
}
END_TEST

/* Both ways refuse what the kernel refuses. */
START_TEST(test_long)
{
	struct rootfs r;
	AUTO_FREE char *path = xalloc(PATH_MAX + 1);
	memset(path, '/', PATH_MAX);
	open_tree(_i, &r);
	ck_assert_int_eq(rootfs_open(&r, path, NULL), -ENAMETOOLONG);
	path[PATH_MAX - 1] = '\0';
	int fd = rootfs_open(&r, path, NULL);
	ck_assert_int_ge(fd, 0);
	close(fd);
	rootfs_done(&r);
}
END_TEST

/* Deeper than the walk holds: an error of its own, not a wrong answer. */
START_TEST(test_deep)
{
	struct rootfs r;
	char path[2 * DEEP + 16] = "deep";
	for (size_t i = 0, n = 4; i < DEEP; i++, n += 2) {
		memcpy(path + n, "/d", 3);
		if (_i == 0)
			ck_assert_int_eq(mkdirat(tree_fd, path, 0755), 0);
	}
	open_tree(_i, &r);
	AUTO_FREE char *resolved = NULL;
	int fd = rootfs_open(&r, path, &resolved);
	if (r.walks) {
		ck_assert_int_eq(fd, -ENAMETOOLONG);
	} else {
		ck_assert_int_ge(fd, 0);
		ck_assert_str_eq(resolved + 1, path);
		close(fd);
	}
	rootfs_done(&r);
}
END_TEST

/* Who may make control groups may call them what he likes. */
START_TEST(test_groups)
{
	static const char *const groups[] = { "sys",
					      "sys/fs",
					      "sys/fs/cgroup",
					      "sys/fs/cgroup/g",
					      "sys/fs/cgroup/g/.x",
					      "sys/fs/cgroup/g/..y",
					      "sys/fs/cgroup/g/.x/z" };
	char buf[64];
	struct rootfs r;
	struct reply reply = { .buf = buf, .cap = sizeof(buf) };
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++)
		ck_assert_int_eq(mkdirat(tree_fd, groups[i], 0755), 0);
	make("sys/fs/cgroup/g/cgroup.procs", "1\n");
	make("sys/fs/cgroup/g/.x/cgroup.procs", "2\n");
	make("sys/fs/cgroup/g/..y/cgroup.procs", "3\n");
	make("sys/fs/cgroup/g/.x/z/cgroup.procs", "4\n");
	ck_assert_int_eq(cgroup_pids(open_tree(0, &r), "/g", &reply), 0);
	ck_assert_uint_eq(reply.len, strlen("1\n2\n3\n4\n"));
	for (char c = '1'; c <= '4'; c++)
		ck_assert_ptr_nonnull(memchr(buf, c, reply.len));
	rootfs_done(&r);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("rootfs");
	TCase *t = tcase_create("rootfs");
	tcase_add_unchecked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, test_looks, 0, 2 * ARRAY_SIZE(looks));
	tcase_add_loop_test(t, test_reads, 0, 2 * ARRAY_SIZE(reads));
	tcase_add_loop_test(t, test_kernel, 0, 2 * ARRAY_SIZE(kernel));
	tcase_add_loop_test(t, test_list, 0, 2);
	tcase_add_loop_test(t, test_links, 0, 2 * ARRAY_SIZE(link_texts));
	tcase_add_test(t, test_links_of_the_kernel);
	tcase_add_loop_test(t, test_letters, 0, 2);
	tcase_add_loop_test(t, test_acl, 0, 2);
	tcase_add_loop_test(t, test_long, 0, 2);
	tcase_add_loop_test(t, test_deep, 0, 2);
	tcase_add_test(t, test_groups);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return harness_run(suite());
}
