/* SPDX-License-Identifier: Apache-2.0 */
/* fetchops.c: the closed list of questions: each is checked against it, and answered. */
#include <errno.h>
#include <sys/stat.h>
#include <sys/timex.h>

#include "api.h"
#include "audit.h"
#include "cgroup.h"
#include "fetcher.h"
#include "kernelpaths.h"
#include "lsm.h"
#include "priv.h"

enum {
	LOCAL_SECONDS = 30, /* a hung file system ends the fetcher rather than the whole run */
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

static int ask_label(struct call *c)
{
	AUTO_FREE char *label = NULL;
	int bad = rootfs_label(&c->f->root, c->arg, &label);
	if (!bad)
		reply_add(c->reply, label, strlen(label));
	return bad;
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

static int ask_nft(struct call *c)
{
	const struct nft_dump *d = &c->f->nft;
	c->why = d->why;
	if (!d->error)
		reply_add(c->reply, d->data, d->len);
	return d->error;
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
	[FETCH_PROC] = { "PROC", ask_proc, PROC_CONTAINED + 1, PROC },
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
	[FETCH_NFT] = { "NFT", ask_nft, 1, LIVE },
	[FETCH_LABEL] = { "LABEL", ask_label, 1, ANY },
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

/*
 * The alarm, which ends this process, is set for questions that come one upon the other and set
 * anew after each second, as each has all of its time. frame.c stops it while we wait for the
 * reader.
 */
static void guard(struct fetcher *f)
{
	int64_t now = monotonic_ns();
	if (f->alarm_set && now - f->alarm_set < INT64_C(1000000000))
		return;
	alarm(LOCAL_SECONDS + 1);
	f->alarm_set = now;
	f->answers.guarded = true;
}

void fetcher_rest(struct fetcher *f)
{
	if (f->alarm_set)
		alarm(0);
	f->alarm_set = 0;
	f->answers.guarded = false;
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
	guard(f);
	return op->answer(c);
}

void fetcher_answer(struct fetcher *f, const struct fetch_question *q, const char *arg)
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
