/* SPDX-License-Identifier: Apache-2.0 */
/* fetch.c: the fetcher: takes questions as they come, and has each answered. */
#include "fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>

#include "fetcher.h"
#include "priv.h"

enum {
	INPUT_MAX = 64 << 10,   /* questions read at a time */
	PIPE_BYTES = 256 << 10, /* lets the reader parse while we go on */
	SOCKETS_MAX = 32,
};

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
	size_t n = f->n_input - f->at;
	if (n < sizeof(q))
		return 0;
	memcpy(&q, f->input + f->at, sizeof(q));
	if (q.len > FETCH_ARG_MAX)
		return sizeof(q);
	return n - sizeof(q) < q.len ? 0 : sizeof(q) + q.len;
}

/* Of an argument that was refused. */
static void skip_input(struct fetcher *f)
{
	size_t n = f->n_input - f->at;
	n = f->skip < n ? f->skip : n;
	f->skip -= n;
	f->at += n;
}

static void answer_next(struct fetcher *f)
{
	struct fetch_question q;
	size_t n = question_length(f);
	if (n == 0)
		return;
	memcpy(&q, f->input + f->at, sizeof(q));
	if (q.len > FETCH_ARG_MAX)
		refuse_length(f, &q);
	else
		fetcher_answer(f, &q, f->input + f->at + sizeof(q));
	f->at += n;
	skip_input(f);
}

/* One a turn while the engine works: it must not run out of requests while we read /proc for a
 * dozen containers. */
static void answer_some(struct fetcher *f)
{
	do
		answer_next(f);
	while (question_length(f) > 0 && !f->answers.gone && !docker_is_busy(f->docker));
}

static void take_questions(struct fetcher *f, int questions)
{
	f->n_input -= f->at;
	memmove(f->input, f->input + f->at, f->n_input);
	f->at = 0;
	ssize_t got = recv(questions, f->input + f->n_input, INPUT_MAX - f->n_input, MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		f->ended = true;
		return;
	}
	f->n_input += (size_t)got;
}

static bool is_finished(const struct fetcher *f)
{
	return f->answers.gone ||
	       (f->ended && question_length(f) == 0 && !docker_is_busy(f->docker));
}

/* One round: what is due, then what poll(2) says. */
static void turn(struct fetcher *f, int questions)
{
	bool is_full = f->n_input - f->at == INPUT_MAX;
	struct pollfd p[2 + SOCKETS_MAX] = {
		{ .fd = f->ended || is_full ? -1 : questions, .events = POLLIN },
		{ .fd = f->answers.fd }, /* POLLERR: the reader has gone */
	};
	int wait = docker_turn(f->docker);
	if (question_length(f) == 0) {
		fetcher_rest(f);
		answers_flush(&f->answers);
	}
	/* Also when what was kept could not be written. */
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
	answer_some(f);
}

static void fetcher_open(struct fetcher *f, const struct fetch_options *o, int answers)
{
	*f = (struct fetcher){
		.o = o,
		.answers = { .fd = answers, .kept = xrealloc(NULL, ANSWERS_MAX) },
		.proc = { .fd = -1 },
		.kernel = { .fd = -1 },
		.input = xrealloc(NULL, INPUT_MAX),
		.buf = xrealloc(NULL, FETCH_FRAME_MAX),
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
	nft_dump_done(&f->nft);
	free(f->answers.kept);
	free(f->input);
	free(f->buf);
}

static void nft_read(const struct fetch_options *o, struct nft_dump *ret)
{
	struct rootfs root;
	rootfs_init(&root, o->root_fd, ROOTFS_LIVE);
	nft_dump_read(ret, &root);
	rootfs_done(&root);
}

void fetch_load(const struct fetch_options *o)
{
	if (o->live)
		docker_load(o->endpoint);
}

int fetch_main(const struct fetch_options *o, int questions, int answers)
{
	struct fetcher f;
	struct guarded_keys guarded = { 0 };
	struct nft_dump nft = { .error = -ENODATA, .why = "was not asked for" };
	CLEANUP(err_done) struct err err = { 0 };
	signal(SIGPIPE, SIG_IGN);
	if (o->live && o->needs & SW_NEEDS_SYSCTL)
		guarded_read(&guarded);
	if (o->live && o->needs & SW_NEEDS_FIREWALL)
		nft_read(o, &nft);
	if (priv_fetcher(o, &err) < 0) {
		fprintf(stderr, "seaworthy: privileges could not be given up: %s\n", err.text);
		return 2;
	}
	fetcher_open(&f, o, answers);
	f.guarded = guarded;
	f.nft = nft;
	while (!is_finished(&f))
		turn(&f, questions);
	fetcher_rest(&f);
	answers_flush(&f.answers);
	fetcher_close(&f);
	return 0;
}
