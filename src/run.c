/* SPDX-License-Identifier: Apache-2.0 */
/* run.c: see run.h. */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "priv.h"
#include "record.h"

enum { PIPE_SIZE = 1 << 20 };

/* Is dir the root folder of pid 1, seen from here? Then the host is running, wherever it is mounted. */
static bool is_running_root(int fd)
{
	struct stat dir, own, init;
	if (fstat(fd, &dir) < 0)
		return false;
	bool is_own = stat("/", &own) == 0 && own.st_dev == dir.st_dev && own.st_ino == dir.st_ino;
	bool is_init = stat("/proc/1/root/.", &init) == 0 && init.st_dev == dir.st_dev && init.st_ino == dir.st_ino;
	return is_own || is_init;
}

static int open_source(struct run *r, struct err *err)
{
	const struct options *o = r->o;
	r->root_fd = r->snapshot_fd = -1;
	if (o->snapshot) {
		r->snapshot_fd = streq(o->snapshot, "-") ? dup(STDIN_FILENO) : open(o->snapshot, O_RDONLY | O_CLOEXEC);
		return r->snapshot_fd < 0 ? err_set(err, -errno, "%s: %s", o->snapshot, strerror(errno)) : 0;
	}
	const char *root = o->root ? o->root : "/";
	r->root_fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (r->root_fd < 0)
		return err_set(err, -errno, "--root %s: %s", root, strerror(errno));
	r->live = !o->root || is_running_root(r->root_fd);
	return r->live ? options_endpoint(o, &r->endpoint, err) : 0;
}

static _Noreturn void be_fetcher(struct run *r, int questions, int answers)
{
	struct fetch_options f = {
		.endpoint = &r->endpoint, .root_fd = r->root_fd, .live = r->live, .timeout = r->o->timeout, .needs = ~0u
	};
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	_exit(fetch_main(&f, questions, answers));
}

static pid_t start_fetcher(struct run *r, struct err *err)
{
	int questions[2], answers[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, questions) < 0 || pipe2(answers, O_CLOEXEC) < 0) {
		err_set(err, -errno, "no pipe to the fetcher: %s", strerror(errno));
		return -1;
	}
	fcntl(answers[1], F_SETPIPE_SZ, PIPE_SIZE); /* only saves time: a small one does as well */
	pid_t pid = fork();
	if (pid == 0) {
		close(questions[0]);
		close(answers[0]);
		be_fetcher(r, questions[1], answers[1]);
	}
	close(questions[1]);
	close(answers[1]);
	r->questions = questions[0];
	r->answers = answers[0];
	if (pid < 0)
		err_set(err, -errno, "no process for the fetcher: %s", strerror(errno));
	return pid;
}

static _Noreturn void be_reader(struct run *r, const struct run_work *w)
{
	struct err err = { 0 };
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	json_use_own_memory();
	int status = 0;
	if (priv_reader(&err) < 0) {
		fprintf(stderr, "seaworthy: %s\n", err.text);
		status = 2;
	}
	if (status == 0 && w->prepare)
		status = w->prepare(r, w->context);
	if (status == 0) {
		sandbox_seal(&r->sandbox);
		if (r->questions >= 0)
			r->asker = asker_new(r->questions, r->answers);
		status = w->work(r, w->context);
		asker_free(r->asker);
	}
	err_done(&err);
	_exit(status);
}

/* The status of a child; 2, with a word on standard error, when it did not end by itself. */
static int wait_for(pid_t pid, const char *who)
{
	int status;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 2;
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	fprintf(stderr, "seaworthy: the %s was ended by signal %d\n", who, WTERMSIG(status));
	return 2;
}

/* A parent that is told to go takes its children along (they die with it) and leaves no report half written. */
static int supervise(struct run *r, const struct run_work *w)
{
	struct err err = { 0 };
	pid_t fetcher = -1, reader;
	r->questions = r->answers = -1;
	if (r->snapshot_fd < 0 && (fetcher = start_fetcher(r, &err)) < 0)
		goto failed;
	fflush(NULL);
	reader = fork();
	if (reader == 0)
		be_reader(r, w);
	if (r->questions >= 0) {
		close(r->questions);
		close(r->answers);
	}
	if (reader < 0) {
		err_set(&err, -errno, "no process for the reader: %s", strerror(errno));
		goto failed;
	}
	int status = wait_for(reader, "reader");
	if (fetcher > 0) /* it ends when the reader's ends are closed; its fate is in the report */
		wait_for(fetcher, "fetcher");
	return status;
failed:
	fprintf(stderr, "seaworthy: %s\n", err.text);
	err_done(&err);
	return 2;
}

int run_processes(const struct options *o, const struct run_work *w)
{
	struct run r = { .o = o, .is_privileged = geteuid() == 0 };
	struct err err = { 0 };
	int status;
	signal(SIGPIPE, SIG_IGN);
	if (open_source(&r, &err) < 0) {
		fprintf(stderr, "seaworthy: %s\n", err.text);
		err_done(&err);
		status = 2;
	} else {
		status = supervise(&r, w);
	}
	if (r.root_fd >= 0)
		close(r.root_fd);
	if (r.snapshot_fd >= 0)
		close(r.snapshot_fd);
	endpoint_done(&r.endpoint);
	return status;
}

struct collect_options run_collect_options(const struct run *r)
{
	return (struct collect_options){
		.live = r->live,
		.is_root_dir = r->o->root != NULL,
		.is_privileged = r->is_privileged,
		.has_sandbox = r->sandbox.landlock || r->sandbox.seccomp,
		.version = PACKAGE_VERSION,
		.endpoint = &r->endpoint,
	};
}
