/* SPDX-License-Identifier: Apache-2.0 */
/* t_output.c: a report is whole or it is not there, and nobody but its owner is given it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include "harness.h"
#include "report.h"

static int write_hello(const struct report *r, const struct report_options *o, FILE *out)
{
	(void)r;
	(void)o;
	/* More than stdio buffers, so that a full disk is met before the flush too. */
	for (int i = 0; i < 4096; i++)
		fputs("hello\n", out);
	return ferror(out) ? -EIO : 0;
}

static const struct sink hello = { .name = "hello", .help = "hello", .write = write_hello };
enum { HELLO_SIZE = 4096 * 6 };

static char dir[64];

/* Each test in a folder of its own, which is also the working directory. */
static void set_up(void)
{
	snprintf(dir, sizeof(dir), "/tmp/t_output.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
	signal(SIGPIPE, SIG_IGN);
	umask(0);
}

static size_t count_files(bool remove_them)
{
	size_t n = 0;
	DIR *d = opendir(".");
	for (struct dirent *e; (e = readdir(d)) != NULL;) {
		if (streq(e->d_name, ".") || streq(e->d_name, ".."))
			continue;
		n++;
		if (remove_them)
			remove(e->d_name);
	}
	closedir(d);
	return n;
}

static void tear_down(void)
{
	count_files(true);
	ck_assert_int_eq(chdir("/"), 0);
	rmdir(dir);
}

static void touch(const char *path, mode_t mode)
{
	AUTO_FILE FILE *f = fopen(path, "we");
	fputs("old\n", f);
	ck_assert_int_eq(fchmod(fileno(f), mode), 0);
}

static struct stat stat_of(const char *path)
{
	struct stat st;
	ck_assert_msg(lstat(path, &st) == 0, "no %s", path);
	return st;
}

static int write_to(const char *target, struct err *err)
{
	struct output o = { .sink = &hello, .target = target };
	int rc = output_open(&o, err);
	if (rc < 0)
		return rc;
	rc = output_write(&o, NULL, NULL, err);
	if (rc < 0) {
		output_abandon(&o);
		return rc;
	}
	return output_commit(&o, err);
}

START_TEST(new_file_is_private)
{
	struct err err = { 0 };
	ck_assert_int_eq(write_to("r.json", &err), 0);
	struct stat st = stat_of("r.json");
	ck_assert_int_eq(st.st_mode, S_IFREG | 0600);
	ck_assert_int_eq(st.st_size, HELLO_SIZE);
	ck_assert_uint_eq(count_files(false), 1);
}
END_TEST

START_TEST(mode_of_the_replaced_is_kept)
{
	struct err err = { 0 };
	touch("r.json", 0644);
	ino_t before = stat_of("r.json").st_ino;
	ck_assert_int_eq(write_to("./r.json", &err), 0);
	struct stat st = stat_of("r.json");
	ck_assert_int_eq(st.st_mode, S_IFREG | 0644);
	ck_assert_int_eq(st.st_size, HELLO_SIZE);
	ck_assert_uint_ne(st.st_ino, before);
}
END_TEST

START_TEST(until_committed_the_old_stands)
{
	struct err err = { 0 };
	touch("r.json", 0600);
	struct output o = { .sink = &hello, .target = "r.json" };
	ck_assert_int_eq(output_open(&o, &err), 0);
	ck_assert_int_eq(output_write(&o, NULL, NULL, &err), 0);
	ck_assert_int_eq(stat_of("r.json").st_size, 4);
	ck_assert_uint_eq(count_files(false), 2);
	output_abandon(&o);
	output_abandon(&o);
	ck_assert_int_eq(stat_of("r.json").st_size, 4);
	ck_assert_uint_eq(count_files(false), 1);
}
END_TEST

START_TEST(links_are_resolved)
{
	struct err err = { 0 };
	touch("real.json", 0640);
	ck_assert_int_eq(symlink("real.json", "one"), 0);
	ck_assert_int_eq(symlink("one", "two"), 0);
	ck_assert_int_eq(symlink("new.json", "dangling"), 0);
	ck_assert_int_eq(write_to("two", &err), 0);
	ck_assert_int_eq(write_to("dangling", &err), 0);
	ck_assert_int_eq(stat_of("two").st_mode & S_IFMT, S_IFLNK);
	ck_assert_int_eq(stat_of("dangling").st_mode & S_IFMT, S_IFLNK);
	ck_assert_int_eq(stat_of("real.json").st_size, HELLO_SIZE);
	ck_assert_int_eq(stat_of("real.json").st_mode & 0777, 0640);
	ck_assert_int_eq(stat_of("new.json").st_size, HELLO_SIZE);
}
END_TEST

START_TEST(fifo_is_written_in_place)
{
	struct err err = { 0 };
	char buf[HELLO_SIZE];
	ck_assert_int_eq(mkfifo("fifo", 0600), 0);
	AUTO_CLOSE int fd = open("fifo", O_RDWR | O_CLOEXEC);
	ck_assert_int_eq(write_to("fifo", &err), 0);
	ck_assert_int_eq(read_full(fd, buf, sizeof(buf)), 0);
	ck_assert_int_eq(stat_of("fifo").st_mode & S_IFMT, S_IFIFO);
}
END_TEST

/* Names of an open file mean that open file: appended to here, and still the same file. */
static const char *const stdout_names[] = { NULL, "-", "/dev/stdout", "/dev/fd/1",
					    "/proc/self/fd/1" };

START_TEST(standard_output_is_taken_as_it_is)
{
	struct err err = { 0 };
	touch("log", 0644);
	ino_t before = stat_of("log").st_ino;
	fflush(stdout);
	AUTO_CLOSE int saved = dup(STDOUT_FILENO);
	AUTO_CLOSE int log = open("log", O_WRONLY | O_APPEND | O_CLOEXEC);
	ck_assert_int_ge(dup2(log, STDOUT_FILENO), 0);
	int rc = write_to(stdout_names[_i], &err);
	bool is_open = fcntl(STDOUT_FILENO, F_GETFD) >= 0;
	ck_assert_int_ge(dup2(saved, STDOUT_FILENO), 0);
	ck_assert_int_eq(rc, 0);
	ck_assert(is_open);
	ck_assert_int_eq(stat_of("log").st_size, 4 + HELLO_SIZE);
	ck_assert_uint_eq(stat_of("log").st_ino, before);
}
END_TEST

static const struct {
	const char *target;
	int error;
} refused[] = {
	{ "/dev/full", ENOSPC }, { "no/such/folder", ENOENT }, { ".", EISDIR },
	{ "loop", ELOOP },       { "/dev/fd/77", EBADF },      { "", ENOENT },
};

START_TEST(trouble_names_the_file)
{
	struct err err = { 0 };
	ck_assert_int_eq(symlink("loop", "loop"), 0);
	ck_assert_int_lt(write_to(refused[_i].target, &err), 0);
	AUTO_FREE char *text = xasprintf("%s: %s", refused[_i].target, strerror(refused[_i].error));
	ck_assert_str_eq(err.text, text);
	ck_assert_uint_eq(count_files(false), 1);
	err_done(&err);
}
END_TEST

START_TEST(closed_pipe_is_trouble)
{
	struct err err = { 0 };
	int fds[2];
	ck_assert_int_eq(pipe(fds), 0);
	close(fds[0]);
	AUTO_FREE char *name = xasprintf("/dev/fd/%d", fds[1]);
	AUTO_FREE char *text = xasprintf("%s: Broken pipe", name);
	ck_assert_int_eq(write_to(name, &err), -EPIPE);
	ck_assert_str_eq(err.text, text);
	close(fds[1]);
	err_done(&err);
}
END_TEST

START_TEST(full_disk_at_the_commit)
{
	struct err err = { 0 };
	struct output o = { .sink = &hello, .target = "/dev/full" };
	ck_assert_int_eq(output_open(&o, &err), 0);
	fputs("little", o.file);
	ck_assert_int_eq(output_commit(&o, &err), -ENOSPC);
	ck_assert_str_eq(err.text, "/dev/full: No space left on device");
	err_done(&err);
}
END_TEST

/* What another user put into a folder where everybody may write; only root can set this up. */
START_TEST(traps_of_others_are_refused)
{
	struct err err = { 0 };
	if (geteuid() != 0)
		return;
	ck_assert_int_eq(mkdir("sticky", 0700), 0);
	ck_assert_int_eq(chmod("sticky", 01777), 0);
	touch("victim", 0600);
	ck_assert_int_eq(symlink("../victim", "sticky/link"), 0);
	ck_assert_int_eq(lchown("sticky/link", 4711, 4711), 0);
	touch("sticky/file", 0666);
	ck_assert_int_eq(lchown("sticky/file", 4711, 4711), 0);

	ck_assert_int_eq(write_to("sticky/link", &err), -EACCES);
	ck_assert_int_eq(write_to("sticky/file", &err), -EACCES);
	ck_assert_int_eq(stat_of("victim").st_size, 4);
	ck_assert_int_eq(write_to("sticky/own", &err), 0);
	ck_assert_int_eq(chmod("sticky", 0755), 0);
	ck_assert_int_eq(write_to("sticky/link", &err), 0);
	ck_assert_int_eq(stat_of("victim").st_size, HELLO_SIZE);
	remove("sticky/link");
	remove("sticky/file");
	remove("sticky/own");
	err_done(&err);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("output", &suite);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, new_file_is_private);
	tcase_add_test(tc, mode_of_the_replaced_is_kept);
	tcase_add_test(tc, until_committed_the_old_stands);
	tcase_add_test(tc, links_are_resolved);
	tcase_add_test(tc, fifo_is_written_in_place);
	tcase_add_loop_test(tc, standard_output_is_taken_as_it_is, 0, ARRAY_SIZE(stdout_names));
	tcase_add_loop_test(tc, trouble_names_the_file, 0, ARRAY_SIZE(refused));
	tcase_add_test(tc, closed_pipe_is_trouble);
	tcase_add_test(tc, full_disk_at_the_commit);
	tcase_add_test(tc, traps_of_others_are_refused);
	return harness_run(suite);
}
