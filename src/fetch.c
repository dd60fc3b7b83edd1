/* SPDX-License-Identifier: Apache-2.0 */
/* fetch.c: the fetcher: reads questions, checks each against the closed list, and answers. */
#include "fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timex.h>

#include "api.h"
#include "audit.h"
#include "cgroup.h"
#include "docker.h"
#include "filewalk.h"
#include "frame.h"
#include "guardedkeys.h"
#include "kernelpaths.h"
#include "lsm.h"
#include "priv.h"
#include "proc.h"
#include "rootfs.h"

enum {
	INPUT_MAX = 64 << 10,   /* questions read at a time */
	PIPE_BYTES = 256 << 10, /* lets the reader parse while we go on */
	SOCKETS_MAX = 32,
	LOCAL_SECONDS = 30, /* a hung file system ends the fetcher rather than the whole run */
};

struct fetcher {
	const struct fetch_options *o;
	struct answers answers;
	struct docker *docker;
	struct proc proc;
	struct rootfs root, engine, kernel;
	struct guarded_keys guarded;
	int proc_error; /* why there is no /proc to ask, negative errno */
	struct walk_pruned pruned;
	bool has_engine; /* engine was opened */
	bool ended;      /* no more questions will come */
	char *input;     /* INPUT_MAX bytes, of which n_input are not yet answered */
	size_t n_input;
	size_t skip; /* bytes of an argument that was refused for its length */
	char *buf;   /* FETCH_FRAME_MAX, of the reply at hand */
};

/* A question with its argument as a string, and its answer as it grows. */
struct call {
	struct fetcher *f;
	struct fetch_question q;
	const char *arg;
	struct reply *reply;
	const char *why; /* explains the error, where its name does not */
};

/* Returned by a question that docker.c will answer. */
enum { LATER = 1 };

/* --- local questions ------------------------------------------------------------------------- */

static int base_of(struct call *c, struct rootfs **ret)
{
	struct fetcher *f = c->f;
	if (c->q.sub == FETCH_BASE_ROOT) {
		*ret = &f->root;
		return 0;
	}
	if (!f->o->live) {
		c->why = "not a running host";
		return -EXDEV;
	}
	if (c->q.sub == FETCH_BASE_ENGINE) {
		*ret = &f->engine;
		return f->has_engine ? 0 : -ENOTCONN;
	}
	*ret = &f->kernel;
	return kernelpath_is_listed(c->arg) ? f->proc_error : -EBADRQC;
}

static int ask_stat(struct call *c)
{
	struct rootfs *r;
	CLEANUP(rootfs_stat_done) struct rootfs_stat s = { 0 };
	int bad = base_of(c, &r);
	if (!bad)
		bad = rootfs_stat(r, c->arg, &s);
	if (bad)
		return bad;
	reply_add(c->reply, &s.st, sizeof(s.st));
	reply_add(c->reply, s.path, s.st.path_len);
	if (s.st.acl_len > 0)
		reply_add(c->reply, s.acl, s.st.acl_len);
	return 0;
}

static int ask_read(struct call *c)
{
	struct rootfs *r;
	AUTO_FREE char *text = NULL;
	size_t len;
	int bad = base_of(c, &r);
	const char *early =
		!bad && r == &c->f->kernel ? guarded_find(&c->f->guarded, c->arg) : NULL;
	if (early) {
		reply_add(c->reply, early, strlen(early));
		return 0;
	}
	if (!bad && r == &c->f->kernel && kernelpath_is_link(c->arg))
		bad = kernelpath_link(c->arg, &text, &len);
	else if (!bad)
		bad = rootfs_read(r, c->arg, FETCH_FILE_MAX, &text, &len);
	if (!bad)
		reply_add(c->reply, text, len);
	return bad;
}

static void add_entry(char type, const char *name, void *context)
{
	struct reply *r = context;
	reply_add(r, &type, 1);
	reply_add_text(r, name);
}

static int ask_list(struct call *c)
{
	struct rootfs *r;
	int bad = base_of(c, &r);
	return bad ? bad : rootfs_list(r, c->arg, add_entry, c->reply);
}

static int ask_link(struct call *c)
{
	AUTO_FREE char *folder = NULL;
	AUTO_FREE char *text = NULL;
	int bad = rootfs_link(&c->f->root, c->arg, &folder, &text);
	if (bad)
		return bad;
	reply_add_text(c->reply, folder);
	reply_add(c->reply, text, strlen(text));
	return 0;
}

static int ask_proc(struct call *c)
{
	return proc_parts(&c->f->proc, c->arg, c->q.sub, c->reply);
}

static int ask_fds(struct call *c)
{
	return proc_fds(&c->f->proc, c->arg, c->reply);
}

static int ask_exes(struct call *c)
{
	return proc_exes(&c->f->proc, c->arg, c->reply);
}

static int ask_net(struct call *c)
{
	return proc_net(&c->f->proc, c->arg, c->reply);
}

static int ask_cgroup(struct call *c)
{
	return cgroup_pids(&c->f->kernel, c->arg, c->reply);
}

static int ask_engine_root(struct call *c)
{
	struct fetcher *f = c->f;
	struct fetch_stat st;
	AUTO_CLOSE int fd = proc_root(&f->proc, c->arg);
	if (fd < 0)
		return fd;
	int bad = rootfs_fstat(fd, &st);
	if (bad)
		return bad;
	if (f->has_engine) {
		close(f->engine.fd);
		rootfs_done(&f->engine);
	}
	rootfs_init(&f->engine, take_fd(&fd), ROOTFS_LIVE);
	f->has_engine = true;
	reply_add(c->reply, &st, sizeof(st));
	return 0;
}

static int ask_privilege(struct call *c)
{
	AUTO_FREE char *text = priv_describe();
	reply_add(c->reply, text, strlen(text));
	return 0;
}

static int ask_clock(struct call *c)
{
	struct timex t = { .modes = 0 };
	char text[96];
	int state = adjtimex(&t);
	if (state < 0)
		return -errno;
	int n = snprintf(text, sizeof(text), "%d %d %ld\n", state, t.status, t.maxerror);
	reply_add(c->reply, text, (size_t)n);
	return 0;
}

static int ask_lsm(struct call *c)
{
	AUTO_FREE char *text = lsm_text();
	reply_add(c->reply, text, strlen(text));
	return 0;
}

static int ask_audit(struct call *c)
{
	return audit_dump(c->reply, &c->why);
}

static int ask_walk_prune(struct call *c)
{
	CLEANUP(rootfs_stat_done) struct rootfs_stat s = { 0 };
	int bad = rootfs_stat(&c->f->root, c->arg, &s);
	if (bad)
		return bad;
	return walk_prune(&c->f->pruned, s.st.dev, s.st.ino) ? 0 : -E2BIG;
}

static int ask_walk(struct call *c)
{
	return walk_files(&c->f->root, &c->f->pruned, c->reply);
}

/* --- the engine ------------------------------------------------------------------------------ */

static int ask_api(struct call *c)
{
	return docker_api(c->f->docker, c->arg);
}

static int ask_get(struct call *c)
{
	int bad = docker_get(c->f->docker, c->q.id, c->q.sub, c->arg);
	return bad ? bad : LATER;
}

static int ask_cancel(struct call *c)
{
	int64_t id;
	if (!parse_int(c->arg, &id) || id <= 0 || id > UINT32_MAX)
		return -EBADRQC;
	return docker_cancel(c->f->docker, (uint32_t)id);
}

static int ask_peer(struct call *c)
{
	AUTO_FREE char *text = NULL;
	int bad = api_peer(c->f->o->endpoint, c->f->o->timeout, &text);
	if (!bad)
		reply_add(c->reply, text, strlen(text));
	return bad;
}

/* --- the closed list ------------------------------------------------------------------------- */

static const struct op {
	const char *name;
	int (*answer)(struct call *c);
	unsigned subs;                 /* how many values of sub there are */
	enum { ANY, LIVE, PROC } host; /* any, a running one only, one whose /proc we see */
} ops[] = {
	[FETCH_API] = { "API", ask_api, 1, ANY },
	[FETCH_GET] = { "GET", ask_get, GET_ENDPOINTS, LIVE },
	[FETCH_PEER] = { "PEER", ask_peer, 1, LIVE },
	[FETCH_STAT] = { "STAT", ask_stat, FETCH_BASE_PROC + 1, ANY },
	[FETCH_READ] = { "READ", ask_read, FETCH_BASE_PROC + 1, ANY },
	[FETCH_LIST] = { "LIST", ask_list, FETCH_BASE_PROC + 1, ANY },
	[FETCH_LINK] = { "LINK", ask_link, 1, ANY },
	[FETCH_PROC] = { "PROC", ask_proc, PROC_MAPS + 1, PROC },
	[FETCH_PROC_FDS] = { "PROC_FDS", ask_fds, 1, PROC },
	[FETCH_PROC_EXES] = { "PROC_EXES", ask_exes, 1, PROC },
	[FETCH_PROC_NET] = { "PROC_NET", ask_net, 1, PROC },
	[FETCH_CGROUP_PIDS] = { "CGROUP_PIDS", ask_cgroup, 1, PROC },
	[FETCH_ENGINE_ROOT] = { "ENGINE_ROOT", ask_engine_root, 1, PROC },
	[FETCH_CANCEL] = { "CANCEL", ask_cancel, 1, LIVE },
	[FETCH_AUDIT] = { "AUDIT", ask_audit, 1, LIVE },
	[FETCH_WALK_PRUNE] = { "WALK_PRUNE", ask_walk_prune, 1, ANY },
	[FETCH_WALK] = { "WALK", ask_walk, 1, ANY },
	[FETCH_CLOCK] = { "CLOCK", ask_clock, 1, LIVE },
	[FETCH_LSM] = { "LSM", ask_lsm, 1, LIVE },
	[FETCH_PRIVILEGE] = { "PRIVILEGE", ask_privilege, 1, ANY },
};

static bool is_clean(const char *arg, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)arg[i] < 0x20 || arg[i] == 0x7f)
			return false;
	}
	return true;
}

static void trace(const struct fetcher *f, const struct call *c, const struct op *op)
{
	const struct api_get *g = op->answer == ask_get ? api_get(c->q.sub) : NULL;
	if (f->o->trace && g)
		fprintf(stderr, "fetch: GET %s %s\n", g->path, c->arg);
	else if (f->o->trace)
		fprintf(stderr, "fetch: %s %u %s\n", op->name, (unsigned)c->q.sub, c->arg);
}

static int answer_op(struct call *c, const struct op *op)
{
	struct fetcher *f = c->f;
	trace(f, c, op);
	if (op->host != ANY && !f->o->live) {
		c->why = "not a running host";
		return -EXDEV;
	}
	if (op->host == PROC && f->proc_error)
		return f->proc_error;
	if (op->answer == ask_get)
		return ask_get(c);
	/* Not while we wait for the reader: frame.c stops the clock for that. */
	alarm(LOCAL_SECONDS);
	f->answers.guarded = true;
	int result = op->answer(c);
	alarm(0);
	f->answers.guarded = false;
	return result;
}

/* arg is not NUL-terminated yet. */
static void answer(struct fetcher *f, const struct fetch_question *q, const char *arg)
{
	struct reply reply = {
		.to = &f->answers, .id = q->id, .buf = f->buf, .cap = FETCH_FRAME_MAX
	};
	struct call c = { .f = f, .q = *q, .reply = &reply };
	const struct op *op = q->op < ARRAY_SIZE(ops) ? &ops[q->op] : NULL;
	int result = -EBADRQC;
	if (op && op->answer && q->sub < op->subs && is_clean(arg, q->len)) {
		AUTO_FREE char *copy = xstrndup(arg, q->len);
		c.arg = copy;
		result = answer_op(&c, op);
	}
	if (result != LATER)
		reply_end(&reply, -result, 0, c.why);
}

/* --- the loop -------------------------------------------------------------------------------- */

static void refuse_length(struct fetcher *f, const struct fetch_question *q)
{
	struct reply reply = { .to = &f->answers, .id = q->id };
	reply_end(&reply, EBADRQC, 0, "the argument is too long");
	f->skip = q->len;
}

/* How long the first question is with its argument; 0 when not all of it has come. */
static size_t question_length(const struct fetcher *f)
{
	struct fetch_question q;
	if (f->n_input < sizeof(q))
		return 0;
	memcpy(&q, f->input, sizeof(q));
	if (q.len > FETCH_ARG_MAX)
		return sizeof(q);
	return f->n_input - sizeof(q) < q.len ? 0 : sizeof(q) + q.len;
}

static void drop_input(struct fetcher *f, size_t n)
{
	f->n_input -= n;
	memmove(f->input, f->input + n, f->n_input);
}

/* One a turn: the engine must not run out of requests while we read /proc for a dozen containers.
 */
static void answer_next(struct fetcher *f)
{
	struct fetch_question q;
	size_t n = question_length(f);
	if (n == 0)
		return;
	memcpy(&q, f->input, sizeof(q));
	if (q.len > FETCH_ARG_MAX)
		refuse_length(f, &q);
	else
		answer(f, &q, f->input + sizeof(q));
	drop_input(f, n);
}

static void take_questions(struct fetcher *f, int questions)
{
	ssize_t got = recv(questions, f->input + f->n_input, INPUT_MAX - f->n_input, MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		f->ended = true;
		return;
	}
	f->n_input += (size_t)got;
}

/* Of an argument that was refused. */
static void skip_input(struct fetcher *f)
{
	size_t n = f->skip < f->n_input ? f->skip : f->n_input;
	if (n == 0)
		return;
	f->skip -= n;
	drop_input(f, n);
}

static bool is_finished(const struct fetcher *f)
{
	return f->answers.gone ||
	       (f->ended && question_length(f) == 0 && !docker_is_busy(f->docker));
}

/* One round: what is due, then what poll(2) says. */
static void turn(struct fetcher *f, int questions)
{
	bool is_full = f->n_input == INPUT_MAX;
	struct pollfd p[2 + SOCKETS_MAX] = {
		{ .fd = f->ended || is_full ? -1 : questions, .events = POLLIN },
		{ .fd = f->answers.fd }, /* POLLERR: the reader has gone */
	};
	int wait = docker_turn(f->docker);
	if (is_finished(f))
		return;
	size_t n = docker_sockets(f->docker, p + 2, SOCKETS_MAX);
	if (poll(p, 2 + n, question_length(f) > 0 ? 0 : wait) < 0)
		return;
	if (p[1].revents & (POLLERR | POLLNVAL)) {
		f->answers.gone = true;
		return;
	}
	for (size_t i = 0; i < n; i++)
		docker_ready(f->docker, &p[2 + i]);
	if (p[0].revents)
		take_questions(f, questions);
	skip_input(f);
	answer_next(f);
}

static void fetcher_open(struct fetcher *f, const struct fetch_options *o, int answers)
{
	*f = (struct fetcher){
		.o = o,
		.answers = { .fd = answers },
		.proc = { .fd = -1 },
		.kernel = { .fd = -1 },
		.input = xalloc(INPUT_MAX),
		.buf = xalloc(FETCH_FRAME_MAX),
	};
	fcntl(answers, F_SETPIPE_SZ, PIPE_BYTES);
	f->docker = docker_new(o->endpoint, o->timeout, &f->answers);
	rootfs_init(&f->root, o->root_fd, o->live ? ROOTFS_LIVE : ROOTFS_DIR);
	if (!o->live)
		return;
	f->proc_error = proc_init(&f->proc);
	rootfs_init(&f->kernel, open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), ROOTFS_KERNEL);
}

static void fetcher_close(struct fetcher *f)
{
	docker_free(f->docker);
	proc_done(&f->proc);
	rootfs_done(&f->root);
	close_p(&f->kernel.fd);
	rootfs_done(&f->kernel);
	if (f->has_engine)
		close_p(&f->engine.fd);
	rootfs_done(&f->engine);
	free(f->input);
	free(f->buf);
}

int fetch_main(const struct fetch_options *o, int questions, int answers)
{
	struct fetcher f;
	struct guarded_keys guarded = { 0 };
	CLEANUP(err_done) struct err err = { 0 };
	signal(SIGPIPE, SIG_IGN);
	if (o->live && o->needs & SW_NEEDS_SYSCTL)
		guarded_read(&guarded);
	if (priv_fetcher(o, &err) < 0) {
		fprintf(stderr, "seaworthy: privileges could not be given up: %s\n", err.text);
		return 2;
	}
	fetcher_open(&f, o, answers);
	f.guarded = guarded;
	while (!is_finished(&f))
		turn(&f, questions);
	fetcher_close(&f);
	return 0;
}
