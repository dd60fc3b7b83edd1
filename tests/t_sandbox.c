/* SPDX-License-Identifier: Apache-2.0 */
/* t_sandbox.c: once sealed, a process can do no more than work on what it has open. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "harness.h"
#include "priv.h"
#include "sandbox.h"

enum { DID_IT = 10, WAS_REFUSED = 11, NOT_SEALED = 12 };

static int try_open(void)
{
	return open("/etc/passwd", O_RDONLY);
}

static int try_create(void)
{
	return open("/tmp", O_TMPFILE | O_WRONLY, 0600);
}

static int try_list(void)
{
	return open("/", O_RDONLY | O_DIRECTORY);
}

static int try_stat(void)
{
	struct stat st;
	return stat("/etc/passwd", &st);
}

static int try_unlink(void)
{
	return unlink("/tmp/t_sandbox.is.not.there") < 0 && errno == ENOENT ? 0 : -1;
}

static int try_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int try_socketpair(void)
{
	int pair[2];
	return socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
}

static int try_exec(void)
{
	char *argv[] = { (char[]){ "true" }, NULL };
	return execve("/bin/true", argv, argv + 1);
}

static int try_fork(void)
{
	return fork();
}

static int try_kill(void)
{
	return kill(getppid(), 0);
}

static int try_prctl(void)
{
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static int try_exec_memory(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? -1 : 0;
}

static int try_setuid(void)
{
	return setuid(0);
}

static const struct {
	const char *name;
	int (*attempt)(void);
} forbidden[] = {
	{ "open", try_open },
	{ "create", try_create },
	{ "list", try_list },
	{ "stat", try_stat },
	{ "unlink", try_unlink },
	{ "socket", try_socket },
	{ "socketpair", try_socketpair },
	{ "execve", try_exec },
	{ "fork", try_fork },
	{ "kill", try_kill },
	{ "prctl", try_prctl },
	{ "executable memory", try_exec_memory },
	{ "setuid", try_setuid },
};

static bool has_all(void)
{
	struct sandbox_state s;
	pid_t pid = fork();
	if (pid == 0)
		_exit(sandbox_seal(&s) == 0 ? 0 : 1);
	int status;
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Sealed, makes the attempt; how the process ended. */
static int attempt_sealed(int (*attempt)(void))
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		struct sandbox_state s;
		if (sandbox_seal(&s) < 0)
			_exit(NOT_SEALED);
		_exit(attempt() >= 0 ? DID_IT : WAS_REFUSED);
	}
	waitpid(pid, &status, 0);
	return status;
}

START_TEST(test_forbidden)
{
	if (!has_all())
		return; /* a build or a kernel without: test_state has looked at what it says */
	int status = attempt_sealed(forbidden[_i].attempt);
	bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
	bool refused = WIFEXITED(status) && WEXITSTATUS(status) == WAS_REFUSED;
	ck_assert_msg(killed || refused, "%s: status %x", forbidden[_i].name, (unsigned)status);
}
END_TEST

/* What a reader does: memory, time, text, its pipes, an open file. */
static bool do_work(int fd, const int *ends)
{
	char text[64];
	struct stat st;
	time_t now = time(NULL);
	struct tm tm;
	void *big = malloc(4 << 20);
	big = big ? realloc(big, 16 << 20) : NULL;
	free(big);
	FILE *file = fdopen(fd, "w");
	if (!big || !file || !localtime_r(&now, &tm) || !strftime(text, sizeof(text), "%F", &tm))
		return false;
	if (fprintf(file, "%s %.3f\n", text, 1.5) < 0 || fflush(file) || fsync(fd) ||
	    fstat(fd, &st))
		return false;
	if (isatty(fd) || ftruncate(fd, 1) || lseek(fd, 0, SEEK_SET))
		return false;
	return st.st_size > 0 && write(ends[1], "x", 1) == 1 && read(ends[0], text, 1) == 1;
}

START_TEST(test_work_goes_on)
{
	int ends[2], status;
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	ck_assert_int_ge(fd, 0);
	pid_t pid = fork();
	if (pid == 0) {
		struct sandbox_state s;
		sandbox_seal(&s);
		_exit(do_work(fd, ends) ? DID_IT : WAS_REFUSED);
	}
	waitpid(pid, &status, 0);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == DID_IT, "status %x",
		      (unsigned)status);
}
END_TEST

/* What this build and this kernel can do must be done. */
static bool can_seccomp(void)
{
#if defined(HAVE_SECCOMP) && !defined(DISABLE_SANDBOX)
	return access("/proc/sys/kernel/seccomp/actions_avail", R_OK) == 0;
#else
	return false;
#endif
}

static bool is_right(const struct sandbox_state *s, int bad)
{
	bool all = s->landlock && s->seccomp && s->no_new_privs;
	return (bad == 0) == all && (s->why[0] == '\0') == all &&
	       s->landlock == (s->landlock_abi > 0);
}

/* In a process of its own: what runs the tests could not go on. */
START_TEST(test_state)
{
	int status;
	bool can = can_seccomp();
	pid_t pid = fork();
	if (pid == 0) {
		struct sandbox_state s;
		int bad = sandbox_seal(&s);
		_exit(is_right(&s, bad) && s.seccomp == can ? DID_IT : WAS_REFUSED);
	}
	waitpid(pid, &status, 0);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == DID_IT);
}
END_TEST

/* The reader's own privileges, and that it cannot have them back. */
START_TEST(test_priv_reader)
{
	CLEANUP(err_done) struct err err = { 0 };
	bool root = geteuid() == 0;
	int bad = priv_reader(&err);
	ck_assert_msg(bad == 0, "%s", err.text);
	ck_assert(!root || geteuid() == PRIV_NOBODY);
	ck_assert(!root || setuid(0) < 0);
	AUTO_FREE char *text = priv_describe();
	ck_assert_ptr_nonnull(strstr(text, "caps 0000000000000000\nlocks no_new_privs"));
}
END_TEST

static bool has_caps(uint64_t mask)
{
	AUTO_FREE char *text = priv_describe();
	return (strtoull(strstr(text, "caps ") + 5, NULL, 16) & mask) == mask;
}

static const struct {
	bool live;
	const char *caps; /* of uid 0: CAP_DAC_READ_SEARCH is bit 2, CAP_SYS_PTRACE bit 19 */
} privileges[] = {
	{ true, "caps 0000000000080004\n" },
	{ false, "caps 0000000000000004\n" },
};

START_TEST(test_priv_fetcher)
{
	CLEANUP(err_done) struct err err = { 0 };
	struct endpoint none = { 0 };
	struct fetch_options o = { .endpoint = &none, .live = privileges[_i].live };
	uid_t uid = geteuid();
	bool full = has_caps(0x80006);
	ck_assert_int_eq(priv_fetcher(&o, &err), 0);
	ck_assert_uint_eq(geteuid(), uid);
	AUTO_FREE char *text = priv_describe();
	ck_assert_ptr_nonnull(strstr(text, "no_new_privs"));
	if (uid == 0 && full)
		ck_assert_ptr_nonnull(strstr(text, privileges[_i].caps));
}
END_TEST

/* A rootless engine's socket is somebody else's: root needs to override its mode. */
START_TEST(test_priv_socket)
{
	static const struct {
		uid_t uid;
		mode_t mode;
		bool needs;
	} cases[] = {
		{ 0, 0600, false }, { 1000, 0600, true }, { 1000, 0666, false }, { 0, 0, true }
	};
	CLEANUP(err_done) struct err err = { 0 };
	char path[] = "/tmp/t_sandbox.XXXXXX";
	struct endpoint e = { .url = path, .is_unix = true, .socket = path };
	struct fetch_options o = { .endpoint = &e, .live = true };
	AUTO_CLOSE int fd = mkstemp(path);
	if (geteuid() != 0 || !has_caps(0x80006) || fchown(fd, cases[_i].uid, cases[_i].uid) < 0) {
		unlink(path);
		return;
	}
	ck_assert_int_eq(fchmod(fd, cases[_i].mode), 0);
	ck_assert_int_eq(priv_fetcher(&o, &err), 0);
	bool can = access(path, W_OK) == 0;
	unlink(path);
	ck_assert(can);
	AUTO_FREE char *text = priv_describe();
	bool has = strstr(text, "caps 0000000000080006\n") != NULL;
	ck_assert_int_eq(has, cases[_i].needs);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sandbox");
	TCase *t = tcase_create("sandbox");
	tcase_add_loop_test(t, test_forbidden, 0, ARRAY_SIZE(forbidden));
	tcase_add_test(t, test_work_goes_on);
	tcase_add_loop_test(t, test_priv_fetcher, 0, ARRAY_SIZE(privileges));
	tcase_add_loop_test(t, test_priv_socket, 0, 4);
	tcase_add_test(t, test_priv_reader);
	tcase_add_test(t, test_state);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return harness_run(suite());
}
