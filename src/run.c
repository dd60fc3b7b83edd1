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
#include "progress.h"
#include "record.h"

enum { PIPE_SIZE = 1 << 20 };

static const int endings[] = { SIGHUP, SIGINT, SIGTERM };
static volatile sig_atomic_t ended_by;
static volatile pid_t children[2]; /* fetcher and reader; 0: not there */

static void on_ending(int number)
{
	ended_by = number;
	for (size_t i = 0; i < ARRAY_SIZE(children); i++)
		if (children[i] > 0)
			kill(children[i], SIGKILL);
}

void run_catch_signals(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++) {
		struct sigaction now, ours = { .sa_handler = on_ending };
		/* Whoever started us under nohup(1) wants it ignored. */
		if (sigaction(endings[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
			sigaction(endings[i], &ours, NULL);
	}
}

void run_pass_on_signal(void)
{
	if (!ended_by)
		return;
	signal(ended_by, SIG_DFL);
	raise(ended_by);
}

/* The handler ends only those it knows of, so it waits while one is started. */
static void block_endings(int how)
{
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		sigaddset(&set, endings[i]);
	sigprocmask(how, &set, NULL);
}

/* In a child. Changing the uid forgets the wish to die with the parent, so it is said again after
 * that. */
static void die_with(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(2);
}

static void become_child(pid_t parent)
{
	die_with(parent);
	children[0] = children[1] = 0;
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++) {
		struct sigaction now;
		if (sigaction(endings[i], NULL, &now) == 0 && now.sa_handler == on_ending)
			signal(endings[i], SIG_DFL);
	}
	block_endings(SIG_UNBLOCK);
}

static const char init_root[] = "/proc/1/root/.";

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Is it the root folder of pid 1, or our own? Then the host is running, wherever it is mounted. */
static bool is_running_root(int fd)
{
	struct stat dir, own, init;
	if (fstat(fd, &dir) < 0)
		return false;
	return (stat("/", &own) == 0 && is_same_file(&own, &dir)) ||
	       (stat(init_root, &init) == 0 && is_same_file(&init, &dir));
}

/* Within a container that sees the host's processes the host is where pid 1 is at home. */
static const char *default_root(void)
{
	struct stat own, init;
	return stat("/", &own) == 0 && stat(init_root, &init) == 0 && !is_same_file(&own, &init)
		       ? init_root
		       : "/";
}

static int open_source(struct run *r, struct err *err)
{
	const struct options *o = r->o;
	r->root_fd = r->snapshot_fd = -1;
	if (o->snapshot) {
		r->snapshot_fd = streq(o->snapshot, "-") ? dup(STDIN_FILENO)
							 : open(o->snapshot, O_RDONLY | O_CLOEXEC);
		return r->snapshot_fd < 0
			       ? err_set(err, -errno, "%s: %s", o->snapshot, strerror(errno))
			       : 0;
	}
	if (o->evidence && evidence_open(o->evidence, &r->evidence, err) < 0)
		return err->code;
	const char *root = o->root ? o->root : default_root();
	r->root_fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (r->root_fd < 0)
		return err_set(err, -errno, "--root %s: %s", root, strerror(errno));
	r->live = !o->root || is_running_root(r->root_fd);
	if (!r->live && (o->host || o->context))
		return err_set(err, -EINVAL,
			       "--root %s: is not the root of a running host as far as can be "
			       "told, so %s cannot be asked; "
			       "CAP_SYS_PTRACE and the host's pid namespace would tell",
			       root, o->host ? o->host : o->context);
	return r->live ? options_endpoint(o, &r->endpoint, err) : 0;
}

static _Noreturn void be_fetcher(struct run *r, int questions, int answers)
{
	struct fetch_options f = { .endpoint = &r->endpoint,
				   .root_fd = r->root_fd,
				   .live = r->live,
				   .timeout = r->o->timeout };
	fetch_load(&f);
	if (recv(questions, &f.needs, sizeof(f.needs), MSG_WAITALL) != (ssize_t)sizeof(f.needs))
		_exit(0); /* nothing is asked */
	_exit(fetch_main(&f, questions, answers));
}

/* Before the reader has seen a byte from outside. */
static int tell_needs(const struct run *r)
{
	if (r->questions < 0 || send(r->questions, &r->needs, sizeof(r->needs), MSG_NOSIGNAL) ==
					(ssize_t)sizeof(r->needs))
		return 0;
	fprintf(stderr, "seaworthy: the fetcher cannot be told what to keep: %s\n",
		strerror(errno));
	return 2;
}

static pid_t start_fetcher(struct run *r, pid_t parent, struct err *err)
{
	int questions[2], answers[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, questions) < 0 ||
	    pipe2(answers, O_CLOEXEC) < 0) {
		err_set(err, -errno, "no pipe to the fetcher: %s", strerror(errno));
		return -1;
	}
	fcntl(answers[1], F_SETPIPE_SZ, PIPE_SIZE); /* only saves time: a small one does as well */
	pid_t pid = fork();
	if (pid == 0) {
		become_child(parent);
		close(questions[0]);
		close(answers[0]);
		evidence_done(&r->evidence);
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

static _Noreturn void be_reader(struct run *r, const struct run_work *w, pid_t parent)
{
	struct err err = { 0 };
	become_child(parent);
	int status = w->load ? w->load(w->context) : 0;
	if (status == 0 && priv_reader(&err) < 0) {
		status = err_complain(&err);
	}
	die_with(parent);
	if (status == 0 && w->prepare)
		status = w->prepare(r, w->context);
	if (status == 0)
		status = tell_needs(r);
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

static int not_waited_for(const char *who)
{
	fprintf(stderr, "seaworthy: the %s cannot be waited for: %s\n", who, strerror(errno));
	return 2;
}

/* The status of a child; 2, with a word on standard error, when it did not end by itself. */
static int wait_for(pid_t pid, const char *who)
{
	int status;
	siginfo_t info;
	/* Its pid may be another's as soon as it is waited for, and the handler must not hit that.
	 */
	while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0)
		if (errno != EINTR)
			return not_waited_for(who);
	for (size_t i = 0; i < ARRAY_SIZE(children); i++)
		if (children[i] == pid)
			children[i] = 0;
	if (waitpid(pid, &status, 0) < 0)
		return not_waited_for(who);
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (!ended_by)
		fprintf(stderr, "seaworthy: the %s was ended by signal %d\n", who,
			WTERMSIG(status));
	return 2;
}

/* A parent that is told to go takes its children along (they die with it) and leaves no report half
 * written. */
static int supervise(struct run *r, const struct run_work *w)
{
	struct err err = { 0 };
	pid_t fetcher = 0, reader = -1, parent = getpid();
	r->questions = r->answers = -1;
	fflush(NULL);
	block_endings(SIG_BLOCK);
	if (r->snapshot_fd < 0 && !r->is_alone)
		fetcher = start_fetcher(r, parent, &err);
	children[0] = fetcher;
	block_endings(SIG_UNBLOCK);
	int opened = w->open && fetcher >= 0 ? w->open(w->context) : 0;
	block_endings(SIG_BLOCK);
	if (opened == 0 && fetcher >= 0 && !ended_by && (reader = fork()) == 0)
		be_reader(r, w, parent);
	children[1] = reader;
	block_endings(SIG_UNBLOCK);
	if (r->questions >= 0) {
		close(r->questions);
		close(r->answers);
	}
	if (reader < 0 && opened == 0 && !err.text && !ended_by)
		err_set(&err, -errno, "no process for the reader: %s", strerror(errno));
	if (err.text)
		err_complain(&err);
	int status = reader > 0 ? wait_for(reader, "reader") : 2;
	if (fetcher > 0) /* it ends when the reader's ends are closed; its fate is in the report */
		wait_for(fetcher, "fetcher");
	return ended_by ? 2 : status;
}

int run_processes(const struct options *o, const struct run_work *w)
{
	struct run r = { .o = o, .is_privileged = geteuid() == 0 };
	struct err err = { 0 };
	int status;
	signal(SIGPIPE, SIG_IGN);
	progress_open();
	if (open_source(&r, &err) < 0) {
		status = err_complain(&err);
	} else {
		status = supervise(&r, w);
	}
	if (r.root_fd >= 0)
		close(r.root_fd);
	if (r.snapshot_fd >= 0)
		close(r.snapshot_fd);
	evidence_done(&r.evidence);
	endpoint_done(&r.endpoint);
	return status;
}

int run_alone(const struct options *o, const struct run_work *w)
{
	struct run r = { .o = o, .is_alone = true, .root_fd = -1, .snapshot_fd = -1 };
	signal(SIGPIPE, SIG_IGN);
	return supervise(&r, w);
}

struct collect_options run_collect_options(const struct run *r)
{
	return (struct collect_options){
		.needs = r->needs,
		.kinds = r->kinds,
		.live = r->live,
		.is_root_dir = r->o->root != NULL,
		.is_privileged = r->is_privileged,
		.has_sandbox = r->sandbox.landlock || r->sandbox.seccomp,
		.version = PACKAGE_VERSION,
		.endpoint = &r->endpoint,
		.evidence = r->o->evidence ? &r->evidence : NULL,
	};
}
