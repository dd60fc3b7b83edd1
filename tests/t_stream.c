/* SPDX-License-Identifier: Apache-2.0 */
/* t_stream.c: answers that are taken piece by piece, and questions that are given up on the way. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "collect.h"
#include "docker.h"
#include "fake_engine.h"
#include "harness.h"

/* --- the reader's end, with frames that were written before -------------------------------------
 */

struct ends {
	int questions, answers; /* the fetcher's */
	struct asker *asker;
};

static struct ends open_ends(void)
{
	int q[2], a[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, q), 0);
	ck_assert_int_eq(pipe(a), 0);
	return (struct ends){ q[1], a[1], asker_new(q[0], a[0]) };
}

static void put_frame(const struct ends *e, uint32_t id, unsigned flags, int error, unsigned http,
		      const char *data)
{
	struct fetch_frame f = { .id = id,
				 .flags = flags,
				 .error = error,
				 .http = http,
				 .len = (uint32_t)strlen(data) };

	ck_assert_int_eq(write_full(e->answers, &f, sizeof(f)), 0);
	ck_assert_int_eq(write_full(e->answers, data, f.len), 0);
}

/* All that comes, as one text. */
static char *read_rest(struct stream *s)
{
	char *all = xstrdup("");
	const char *piece;
	size_t n;

	while ((n = stream_next(s, &piece)) > 0) {
		char *longer = xasprintf("%s%.*s", all, (int)n, piece);
		free(all);
		all = longer;
	}
	return all;
}

static void take_other(struct answer *answer, void *context)
{
	*(char **)context = xstrdup(answer->data);
}

START_TEST(pieces_come_in_order)
{
	struct ends e = open_ends();
	AUTO_FREE char *other = NULL;
	struct stream *s = stream_open(e.asker, GET_EXPORT, "");

	ask(e.asker, FETCH_PRIVILEGE, 0, "", take_other, &other);
	put_frame(&e, 1, 0, 0, 0, "one ");
	put_frame(&e, 2, 0, 0, 0, "an");
	put_frame(&e, 1, 0, 0, 0, "two ");
	put_frame(&e, 2, FRAME_LAST, 0, 0, "other");
	put_frame(&e, 1, 0, 0, 0, "");
	put_frame(&e, 1, FRAME_LAST, 0, 200, "three");
	AUTO_FREE char *all = read_rest(s);
	AUTO_FREE char *why = stream_close(s);
	ck_assert_str_eq(all, "one two three");
	ck_assert_ptr_null(why);
	ck_assert_str_eq(other, "another");
	asker_free(e.asker);
}
END_TEST

/* Of two alike each is answered once, whether it came before or after it was asked for. */
START_TEST(asked_ahead)
{
	struct ends e = open_ends();
	struct answer now;
	AUTO_FREE char *early = NULL, *late = NULL;

	ask_ahead(e.asker, FETCH_READ, FETCH_BASE_ROOT, "/a");
	ask_ahead(e.asker, FETCH_READ, FETCH_BASE_ROOT, "/b");
	ask_ahead(e.asker, FETCH_READ, FETCH_BASE_ROOT, "/unclaimed");
	put_frame(&e, 1, FRAME_LAST, 0, 0, "first a");
	put_frame(&e, 3, FRAME_LAST, 0, 0, "nobody's");
	asker_turn(e.asker);
	asker_turn(e.asker);
	ask(e.asker, FETCH_READ, FETCH_BASE_ROOT, "/a", take_other, &early);
	ck_assert_str_eq(early, "first a");
	ask(e.asker, FETCH_READ, FETCH_BASE_ROOT, "/b", take_other, &late);
	ck_assert_ptr_null(late);
	put_frame(&e, 2, FRAME_LAST, 0, 0, "late b");
	put_frame(&e, 4, FRAME_LAST, ENOENT, 0, "");
	ask_now(e.asker, FETCH_READ, FETCH_BASE_ROOT, "/a", &now);
	ck_assert_str_eq(late, "late b");
	ck_assert_int_eq(now.error, ENOENT);
	answer_done(&now);
	put_frame(&e, 5, FRAME_LAST, 0, 0, "other base");
	ask_now(e.asker, FETCH_READ, FETCH_BASE_PROC, "/unclaimed", &now);
	ck_assert_str_eq(now.data, "other base");
	answer_done(&now);
	asker_free(e.asker);
}
END_TEST

/* Whoever asks later is told that the fetcher is gone, too. */
START_TEST(ahead_of_the_end)
{
	struct ends e = open_ends();
	struct answer now;

	ask_ahead(e.asker, FETCH_READ, FETCH_BASE_ROOT, "/a");
	close(e.answers);
	ask_now(e.asker, FETCH_READ, FETCH_BASE_ROOT, "/a", &now);
	ck_assert_int_eq(now.error, EPIPE);
	answer_done(&now);
	asker_free(e.asker);
}
END_TEST

/* How many questions are on their way. */
static size_t sent(const struct ends *e)
{
	struct fetch_question q;
	char arg[FETCH_ARG_MAX];
	size_t n = 0;

	while (recv(e->questions, &q, sizeof(q), MSG_DONTWAIT) == sizeof(q)) {
		if (q.len > 0)
			ck_assert_int_eq(recv(e->questions, arg, q.len, MSG_DONTWAIT), q.len);
		n++;
	}
	return n;
}

/* One write for all, when somebody waits; what an engine has to do is not put off. */
START_TEST(questions_go_out_together)
{
	struct ends e = open_ends();
	AUTO_FREE char *a = NULL, *b = NULL, *c = NULL;

	ask(e.asker, FETCH_READ, FETCH_BASE_ROOT, "/a", take_other, &a);
	ask(e.asker, FETCH_READ, FETCH_BASE_ROOT, "/b", take_other, &b);
	ck_assert_uint_eq(sent(&e), 0);
	ask(e.asker, FETCH_GET, GET_INFO, "", take_other, &c);
	ck_assert_uint_eq(sent(&e), 3);
	put_frame(&e, 1, FRAME_LAST, 0, 0, "1");
	put_frame(&e, 2, FRAME_LAST, 0, 0, "2");
	put_frame(&e, 3, FRAME_LAST, 0, 200, "3");
	asker_drain(e.asker);
	ck_assert(a && b && c);
	asker_free(e.asker);
}
END_TEST

/* The fetcher's ends are open, but nothing gets there. */
START_TEST(questions_that_cannot_go_out)
{
	int a[2];
	AUTO_FREE char *got = NULL;
	ck_assert_int_eq(pipe(a), 0);
	struct asker *asker = asker_new(open("/dev/full", O_WRONLY), a[0]);

	ask(asker, FETCH_READ, FETCH_BASE_ROOT, "/a", take_other, &got);
	asker_turn(asker);
	ck_assert_ptr_nonnull(got);
	ck_assert_str_eq(got, "");
	asker_free(asker);
	close(a[1]);
}
END_TEST

/* More than what is put off at a time, and more than may be open. */
START_TEST(many_long_questions)
{
	enum { MANY = 3 * FETCH_WINDOW };
	struct ends e = open_ends();
	char path[4001];
	char *got[MANY] = { NULL };
	size_t n = 0;

	for (size_t i = 0; i < MANY; i++) {
		memset(path, 'a', sizeof(path) - 1);
		snprintf(path + sizeof(path) - 5, 5, "%04zu", i);
		ask(e.asker, FETCH_READ, FETCH_BASE_ROOT, path, take_other, &got[i]);
	}
	for (size_t i = 0; i < MANY; i++) {
		put_frame(&e, (uint32_t)i + 1, FRAME_LAST, 0, 0, "x");
		while (!got[i])
			asker_turn(e.asker);
		n += sent(&e);
		ck_assert_uint_gt(n, i);
		free(got[i]);
	}
	ck_assert_uint_eq(n, MANY);
	asker_free(e.asker);
}
END_TEST

/* What is asked twice of a host while its answers are remembered. */
static const struct {
	unsigned op, sub;
	const char *arg;
	size_t n; /* bytes of the answer */
	int error;
	bool is_kept;
} twice[] = {
	{ FETCH_READ, FETCH_BASE_ROOT, "/etc/passwd", 10, 0, true },
	{ FETCH_STAT, FETCH_BASE_ROOT, "/etc/passwd", 10, 0, true },
	{ FETCH_LIST, FETCH_BASE_ROOT, "/etc", 10, 0, true },
	{ FETCH_LINK, 0, "/etc", 0, EINVAL, true },
	{ FETCH_READ, FETCH_BASE_ROOT, "/etc/shadow", 0, EACCES, true },
	{ FETCH_READ, FETCH_BASE_ROOT, "/etc/none", 0, ENOENT, true },
	{ FETCH_READ, FETCH_BASE_ROOT, "/etc/large", 40000, 0, false },
	{ FETCH_READ, FETCH_BASE_PROC, "/proc/1/comm", 10, 0, false },
	{ FETCH_READ, FETCH_BASE_ENGINE, "/etc/passwd", 10, 0, false },
	{ FETCH_LIST, FETCH_BASE_ROOT, "/proc", 10, 0, false },
	{ FETCH_LIST, FETCH_BASE_ROOT, "//proc/1", 10, 0, false },
	{ FETCH_STAT, FETCH_BASE_ROOT, "sys/fs", 10, 0, false },
	{ FETCH_STAT, FETCH_BASE_ROOT, "/process", 10, 0, true },
	{ FETCH_CGROUP_PIDS, 0, "/system.slice", 10, 0, false },
	{ FETCH_PROC, PROC_CONTAINER, "1", 10, 0, false },
};

struct whole {
	int error;
	size_t n;
	bool has_come;
};

static void take_and_spoil(struct answer *answer, void *context)
{
	*(struct whole *)context = (struct whole){ answer->error, answer->len, true };
	for (size_t i = 0; i < answer->len; i++)
		ck_assert_int_eq(answer->data[i], 'x');
	memset(answer->data, 'y', answer->len);
}

/* The answer comes if the question was sent, and is spoilt, as a callback may do. */
static bool ask_of(const struct ends *e, size_t i, uint32_t *id)
{
	AUTO_FREE char *data = xalloc(twice[i].n + 1);
	struct whole got = { .has_come = false };

	memset(data, 'x', twice[i].n);
	put_frame(e, *id + 1, FRAME_LAST, twice[i].error, 0, data);
	ask(e->asker, twice[i].op, twice[i].sub, twice[i].arg, take_and_spoil, &got);
	while (!got.has_come)
		asker_turn(e->asker);
	ck_assert_uint_eq(got.n, twice[i].n);
	ck_assert_int_eq(got.error, twice[i].error);
	size_t n = sent(e);
	ck_assert_uint_le(n, 1);
	*id += (uint32_t)n;
	return n == 1;
}

START_TEST(what_is_remembered)
{
	/* An answer that nobody wants stays in the pipe, so a kept one is asked for last. */
	bool is_kept = twice[_i].is_kept;
	struct ends e = open_ends();
	uint32_t id = 0;

	ck_assert(ask_of(&e, _i, &id) && ask_of(&e, _i, &id));
	asker_remember(e.asker);
	ck_assert(ask_of(&e, _i, &id));
	ck_assert_int_eq(ask_of(&e, _i, &id), !is_kept);
	ck_assert_int_eq(ask_of(&e, _i, &id), !is_kept);
	asker_forget(e.asker);
	ck_assert(ask_of(&e, _i, &id) && ask_of(&e, _i, &id));
	asker_free(e.asker);
}
END_TEST

static struct whole asked(const struct ends *e, unsigned op, const char *path)
{
	struct whole got = { .has_come = false };

	ask(e->asker, op, FETCH_BASE_ROOT, path, take_and_spoil, &got);
	while (!got.has_come)
		asker_turn(e->asker);
	return got;
}

/* What is expected is asked once, and only while answers are remembered. */
START_TEST(what_is_expected)
{
	struct ends e = open_ends();
	uint32_t id = 0;

	ask_expected(e.asker, FETCH_READ, "/a");
	asker_drain(e.asker);
	ck_assert_uint_eq(sent(&e), 0);
	asker_remember(e.asker);
	ask_expected(e.asker, FETCH_READ, "/a");
	ask_expected(e.asker, FETCH_READ, "/a");
	ask_expected(e.asker, FETCH_LIST, "/proc");
	put_frame(&e, ++id, FRAME_LAST, 0, 0, "xxx");
	asker_drain(e.asker);
	ck_assert_uint_eq(sent(&e), 1);
	ck_assert_uint_eq(asked(&e, FETCH_READ, "/a").n, 3);
	ck_assert_uint_eq(asked(&e, FETCH_READ, "/a").n, 3);
	ck_assert_uint_eq(sent(&e), 0);
	/* One that came when it was wanted already. */
	ask_expected(e.asker, FETCH_READ, "/b");
	put_frame(&e, ++id, FRAME_LAST, EACCES, 0, "");
	ck_assert_int_eq(asked(&e, FETCH_READ, "/b").error, EACCES);
	ck_assert_uint_eq(sent(&e), 1);
	/* What is too large to be kept for nobody is asked for again. */
	AUTO_FREE char *large = xalloc(40001);
	memset(large, 'x', 40000);
	ask_expected(e.asker, FETCH_READ, "/large");
	put_frame(&e, ++id, FRAME_LAST, 0, 0, large);
	asker_drain(e.asker);
	put_frame(&e, ++id, FRAME_LAST, 0, 0, large);
	ck_assert_uint_eq(asked(&e, FETCH_READ, "/large").n, 40000);
	ck_assert_uint_eq(sent(&e), 2);
	asker_free(e.asker);
}
END_TEST

/* Which answer about a folder tells that nothing is below it. */
static const struct {
	unsigned op;
	int error;
	bool tells;
} above[] = {
	{ FETCH_STAT, ENOENT, true },   { FETCH_LIST, ENOENT, true },
	{ FETCH_STAT, 0, false },       { FETCH_LIST, EACCES, false },
	{ FETCH_STAT, EIO, false },     { FETCH_READ, ENOENT, false },
	{ FETCH_LIST, ENOTDIR, false }, { FETCH_LINK, EINVAL, false },
};

START_TEST(what_is_below_nothing)
{
	struct ends e = open_ends();
	uint32_t id = 0;

	asker_remember(e.asker);
	put_frame(&e, ++id, FRAME_LAST, above[_i].error, 0, above[_i].error ? "" : "x");
	asked(&e, above[_i].op, "/a/b");
	ck_assert_uint_eq(sent(&e), 1);
	if (!above[_i].tells)
		put_frame(&e, ++id, FRAME_LAST, EPERM, 0, "");
	ck_assert_int_eq(asked(&e, FETCH_READ, "/a/b/c/d").error, above[_i].tells ? ENOENT : EPERM);
	ck_assert_uint_eq(sent(&e), !above[_i].tells);
	/* Another folder that begins alike, and the one above, are not it. */
	put_frame(&e, ++id, FRAME_LAST, EPERM, 0, "");
	ck_assert_int_eq(asked(&e, FETCH_READ, "/a/bc/d").error, EPERM);
	put_frame(&e, ++id, FRAME_LAST, EPERM, 0, "");
	ck_assert_int_eq(asked(&e, FETCH_READ, "/a").error, EPERM);
	ck_assert_uint_eq(sent(&e), 2);
	asker_free(e.asker);
}
END_TEST

/* The store has a bound: what is beyond it is asked for again. */
START_TEST(the_store_is_bounded)
{
	enum { LARGE = 30000, FILES = 60 };
	struct ends e = open_ends();
	AUTO_FREE char *data = xalloc(LARGE + 1);
	struct answer now;
	size_t again = 0, kept = 0;

	memset(data, 'x', LARGE);
	asker_remember(e.asker);
	for (uint32_t i = 0, id = 1; i < 2 * FILES; i++) {
		char path[16];
		snprintf(path, sizeof(path), "/%u", i % FILES);
		if (i < FILES || i % FILES >= kept)
			put_frame(&e, id, FRAME_LAST, 0, 0, data);
		ask_now(e.asker, FETCH_READ, FETCH_BASE_ROOT, path, &now);
		ck_assert_uint_eq(now.len, LARGE);
		answer_done(&now);
		size_t n = sent(&e);
		id += (uint32_t)n;
		again += i < FILES ? 0 : n;
		kept = (1 << 20) / (LARGE + 200);
	}
	ck_assert_uint_eq(again, FILES - kept);
	asker_free(e.asker);
}
END_TEST

static const struct {
	const char *data, *more; /* more: the last frame's */
	int error;
	unsigned http;
	const char *why;
} troubles[] = {
	{ "{\"message\":", "\"no such image\"}", 0, 404,
	  "HTTP 404 Not Found: {\"message\":\"no such image\"}" },
	{ "half of it", "no answer within 300 s", ETIMEDOUT, 0,
	  "ETIMEDOUT: no answer within 300 s" },
	{ "half of it", "", ECONNRESET, 200, "ECONNRESET: Connection reset by peer" },
	{ "", "the reply is too large", EFBIG, 200, "EFBIG: the reply is too large" },
};

START_TEST(what_goes_wrong_is_told)
{
	struct ends e = open_ends();
	struct stream *s = stream_open(e.asker, GET_EXPORT, "");

	put_frame(&e, 1, 0, 0, 0, troubles[_i].data);
	put_frame(&e, 1, FRAME_LAST, troubles[_i].error, troubles[_i].http, troubles[_i].more);
	free(read_rest(s));
	AUTO_FREE char *why = stream_close(s);
	ck_assert_str_eq(why ? why : "nothing", troubles[_i].why);
	asker_free(e.asker);
}
END_TEST

/* Nothing of what is thrown away may be taken for another answer, nor be waited for longer than it
 * comes. */
START_TEST(closing_early_gives_the_question_up)
{
	struct ends e = open_ends();
	struct stream *s = stream_open(e.asker, GET_EXPORT, "");
	const char *piece;
	struct {
		struct fetch_question q;
		char arg[8];
	} got;

	put_frame(&e, 1, 0, 0, 0, "one ");
	ck_assert_uint_eq(stream_next(s, &piece), 4);
	put_frame(&e, 1, 0, 0, 0, "two ");
	put_frame(&e, 1, FRAME_LAST, ECANCELED, 0, "");
	put_frame(&e, 2, FRAME_LAST, 0, 0, "");
	AUTO_FREE char *why = stream_close(s);
	ck_assert_ptr_null(why);
	ck_assert_int_eq(read(e.questions, &got.q, sizeof(got.q)), sizeof(got.q));
	ck_assert_int_eq(got.q.sub, GET_EXPORT);
	ck_assert_int_eq(read(e.questions, &got, sizeof(got.q) + 1), sizeof(got.q) + 1);
	ck_assert(got.q.op == FETCH_CANCEL && got.q.len == 1 && got.arg[0] == '1');
	asker_drain(e.asker);
	asker_free(e.asker);
}
END_TEST

START_TEST(a_fetcher_that_is_gone_ends_it)
{
	struct ends e = open_ends();
	struct stream *s = stream_open(e.asker, GET_EXPORT, "");

	put_frame(&e, 1, 0, 0, 0, "one ");
	close(e.answers);
	AUTO_FREE char *all = read_rest(s);
	AUTO_FREE char *why = stream_close(s);
	ck_assert_str_eq(all, "one ");
	ck_assert_msg(why && starts_with(why, "EPIPE"), "%s", why ? why : "nothing");
	struct stream *next = stream_open(e.asker, GET_EXPORT, "");
	AUTO_FREE char *nothing = read_rest(next);
	AUTO_FREE char *again = stream_close(next);
	ck_assert(*nothing == '\0' && again);
	asker_free(e.asker);
}
END_TEST

/* --- the fetcher's end -------------------------------------------------------------------------
 */

#define ID(letter) letter letter letter letter letter letter letter letter
#define ID64(letter)                                                                               \
	ID(letter) ID(letter) ID(letter) ID(letter) ID(letter) ID(letter) ID(letter) ID(letter)

static void turn_for(struct docker *d, int rounds)
{
	for (int i = 0; i < rounds; i++) {
		struct pollfd p[8];
		docker_turn(d);
		size_t n = docker_sockets(d, p, 8);
		poll(p, n, 10);
		for (size_t k = 0; k < n; k++)
			docker_ready(d, &p[k]);
	}
}

/* The last frame on the pipe, after it there is none. */
static struct fetch_frame last_frame(int fd)
{
	struct fetch_frame f = { 0 }, next;
	char buf[FETCH_FRAME_MAX];

	while (read(fd, &next, sizeof(next)) == sizeof(next)) {
		f = next;
		ck_assert_int_eq(read(fd, buf, f.len), f.len);
	}
	return f;
}

/* 0: on its way, 1: waiting behind others */
START_TEST(a_question_can_be_cancelled)
{
	char folder[] = "/tmp/t_stream.XXXXXX";
	int pipes[2];

	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(pipe2(pipes, O_NONBLOCK), 0);
	AUTO_FREE char *path = xasprintf("%s/s", folder);
	pid_t engine = fake_engine_start(path);
	struct endpoint at = { .url = (char[]){ "unix" }, .is_unix = true, .socket = path };
	struct answers to = { .fd = pipes[1] };
	struct docker *d = docker_new(&at, 60, &to);
	for (uint32_t i = 1; i <= 6; i++)
		ck_assert_int_eq(docker_get(d, i, GET_CONTAINER, ID64("b")), 0);
	turn_for(d, 5);
	uint32_t id = _i ? 5 : 2;
	ck_assert_int_eq(docker_cancel(d, id), 0);
	struct fetch_frame f = last_frame(pipes[0]);
	ck_assert_uint_eq(f.id, id);
	ck_assert(f.error == ECANCELED && (f.flags & FRAME_LAST));
	ck_assert_int_eq(docker_cancel(d, id), -ENOENT);
	ck_assert_int_eq(docker_cancel(d, 99), -ENOENT);
	/* The others are still there. */
	for (uint32_t i = 1; i <= 6; i++)
		ck_assert_int_eq(docker_cancel(d, i), i == id ? -ENOENT : 0);
	ck_assert(!docker_is_busy(d));
	docker_free(d);
	kill(engine, SIGKILL);
	waitpid(engine, NULL, 0);
	unlink(path), rmdir(folder);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tcase = harness_group("stream", &suite);

	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, pieces_come_in_order);
	tcase_add_test(tcase, asked_ahead);
	tcase_add_test(tcase, ahead_of_the_end);
	tcase_add_test(tcase, questions_go_out_together);
	tcase_add_test(tcase, questions_that_cannot_go_out);
	tcase_add_test(tcase, many_long_questions);
	tcase_add_loop_test(tcase, what_is_remembered, 0, ARRAY_SIZE(twice));
	tcase_add_test(tcase, what_is_expected);
	tcase_add_loop_test(tcase, what_is_below_nothing, 0, ARRAY_SIZE(above));
	tcase_add_test(tcase, the_store_is_bounded);
	tcase_add_loop_test(tcase, what_goes_wrong_is_told, 0, ARRAY_SIZE(troubles));
	tcase_add_test(tcase, closing_early_gives_the_question_up);
	tcase_add_test(tcase, a_fetcher_that_is_gone_ends_it);
	tcase_add_loop_test(tcase, a_question_can_be_cancelled, 0, 2);
	return harness_run(suite);
}
