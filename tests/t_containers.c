/* SPDX-License-Identifier: Apache-2.0 */
/* t_containers.c: which questions are asked of a container's processes, and what becomes of the
 * answers to those that were asked before it was known whether they are of use. */
#include <errno.h>
#include <sys/socket.h>

#include "asker.h"
#include "containers.h"
#include "harness.h"

/* Ids of 64 digits, as they are in paths. */
#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B64 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

#define TEXT(s) s, sizeof(s) - 1
/* What FETCH_PROC says of a process in the control group /docker/… or /other/… */
#define OF_DOCKER(id)                                                                              \
	TEXT("cgroup\0000\00076\0"                                                                 \
	     "0::/docker/" id "\n")
#define OF_OTHER(id)                                                                               \
	TEXT("cgroup\0000\00075\0"                                                                 \
	     "0::/other/" id "\n")

/* An answer of the fetcher's. */
struct said {
	int error; /* -1: it ends instead */
	const char *data;
	size_t len;
};

struct world {
	FILE *log; /* what it was asked */
	struct collect_options o;
	struct collector c;
	struct population all;
	json_t *kernel; /* of the container that was recorded last */
};

static void keep_kernel(const char *kind, const char *id, json_t *body, void *context)
{
	struct world *w = context;
	ck_assert_str_eq(kind, "container");
	ck_assert_str_eq(id, json_string_value(json_object_get(body, "Id")));
	json_decref(w->kernel);
	w->kernel = json_incref(json_object_get(body, "Kernel"));
}

/* --- the fetcher's side: answers each question with the next that it is to say
 * --------------------- */

static const char *op_name(unsigned op)
{
	return op == FETCH_PROC          ? "proc"
	       : op == FETCH_CGROUP_PIDS ? "pids"
	       : op == FETCH_PROC_EXES   ? "exes"
					 : "something else";
}

static void say(int answers, uint32_t id, const struct said *said)
{
	struct fetch_frame f = {
		.id = id, .flags = FRAME_LAST, .error = said->error, .len = (uint32_t)said->len
	};
	if (said->error < 0 || write_full(answers, &f, sizeof(f)) < 0 ||
	    write_full(answers, said->data, said->len) < 0)
		_exit(0);
}

static void fetch(int questions, int answers, const struct said *said, FILE *log)
{
	struct fetch_question q;
	char arg[FETCH_ARG_MAX + 1];
	while (recv(questions, &q, sizeof(q), MSG_WAITALL) == (ssize_t)sizeof(q)) {
		if (q.len > 0 && recv(questions, arg, q.len, MSG_WAITALL) != (ssize_t)q.len)
			break;
		arg[q.len] = '\0';
		fprintf(log, "%s %s, ", op_name(q.op), arg);
		fflush(log);
		say(answers, q.id, said++);
	}
	_exit(0);
}

/* --- the reader's
 * --------------------------------------------------------------------------------- */

static void world_open(struct world *w, const struct said *said)
{
	int q[2], a[2];
	*w = (struct world){ .log = tmpfile() };
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, q), 0);
	ck_assert_int_eq(pipe(a), 0);
	pid_t pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		close(q[0]);
		fetch(q[1], a[1], said, w->log);
	}
	close(q[1]);
	close(a[1]);
	w->o = (struct collect_options){ .needs = SW_NEEDS_KERNEL | SW_NEEDS_PROCESSES,
					 .record = keep_kernel,
					 .context = w };
	w->c = (struct collector){ .asker = asker_new(q[0], a[0]), .o = &w->o };
	w->c.world = json_pack("{s{s{}}}", "engine", "process");
	w->c.used_images = json_object();
	w->all.c = &w->c;
}

static void world_close(struct world *w)
{
	asker_free(w->c.asker);
	json_decref(w->c.world);
	json_decref(w->c.used_images);
	json_decref(w->kernel);
	free(w->all.before_id);
	free(w->all.behind_id);
	fclose(w->log);
}

/* Until it is recorded. */
static void look_at(struct world *w, const char *id, int pid)
{
	struct container *k = xalloc(sizeof(*k));
	k->all = &w->all;
	w->all.under_way++;
	snprintf(k->id, sizeof(k->id), "%s", id);
	k->body = json_pack("{sss{sbsi}}", "Id", id, "State", "Running", 1, "Pid", pid);
	struct errand *e = container_send(k, NULL, NULL);
	container_kernel(k);
	container_errand_done(e);
	while (w->all.under_way > 0)
		asker_turn(w->c.asker);
}

/* "proc 20, pids /docker/…, exes 20, ": all that was asked. */
static const char *asked(struct world *w, char *buf, size_t n)
{
	rewind(w->log);
	buf[fread(buf, 1, n - 1, w->log)] = '\0';
	return buf;
}

static const struct said first[] = { { 0, OF_DOCKER(A64) },
				     { 0, TEXT("10\n") },
				     { 0, TEXT("10\0a\0/a\0") } };

static const struct {
	struct said said[6];
	const char *asked, *processes;
} rows[] = {
	/* as guessed */
	{ { { 0, OF_DOCKER(B64) }, { 0, TEXT("20\n") }, { 0, TEXT("20\0b\0/b\0") } },
	  "proc 20, pids /docker/" B64 ", exes 20, ",
	  "[{\"Pid\":20,\"Comm\":\"b\",\"Exe\":\"/b\"}]" },
	/* not alone, and not the one that it began with */
	{ { { 0, OF_DOCKER(B64) },
	    { 0, TEXT("20\n21\n") },
	    { 0, TEXT("20\0b\0/b\0") },
	    { 0, TEXT("20\0b\0/b\00021\0c\0/c\0") } },
	  "proc 20, pids /docker/" B64 ", exes 20, exes 20 21, ",
	  "[{\"Pid\":20,\"Comm\":\"b\",\"Exe\":\"/b\"},{\"Pid\":21,\"Comm\":\"c\",\"Exe\":\"/"
	  "c\"}]" },
	{ { { 0, OF_DOCKER(B64) },
	    { 0, TEXT("21\n") },
	    { 0, TEXT("20\0b\0/b\0") },
	    { 0, TEXT("21\0c\0/c\0") } },
	  "proc 20, pids /docker/" B64 ", exes 20, exes 21, ",
	  "[{\"Pid\":21,\"Comm\":\"c\",\"Exe\":\"/c\"}]" },
	/* in a control group elsewhere: what was found where it is not does not count */
	{ { { 0, OF_OTHER(B64) },
	    { 0, TEXT("20\n") },
	    { 0, TEXT("20\0b\0/b\0") },
	    { 0, TEXT("20\n") },
	    { 0, TEXT("20\0d\0/d\0") } },
	  "proc 20, pids /docker/" B64 ", exes 20, pids /other/" B64 ", exes 20, ",
	  "[{\"Pid\":20,\"Comm\":\"d\",\"Exe\":\"/d\"}]" },
	{ { { 0, OF_OTHER(B64) }, { ENOENT, TEXT("") }, { ESRCH, TEXT("") }, { EACCES, TEXT("") } },
	  "proc 20, pids /docker/" B64 ", exes 20, pids /other/" B64 ", ",
	  "{\"$unread\":\"EACCES: Permission denied\"}" },
	/* there, but not to be read; the program alone is no list of processes */
	{ { { 0, OF_DOCKER(B64) }, { ENOENT, TEXT("") }, { 0, TEXT("20\0b\0/b\0") } },
	  "proc 20, pids /docker/" B64 ", exes 20, ",
	  "{\"$unread\":\"ENOENT: No such file or directory\"}" },
	{ { { 0, OF_DOCKER(B64) }, { 0, TEXT("20\n") }, { EACCES, TEXT("") } },
	  "proc 20, pids /docker/" B64 ", exes 20, ",
	  "{\"$unread\":\"EACCES\"}" },
	{ { { 0, OF_DOCKER(B64) }, { -1, NULL, 0 } },
	  "proc 20, pids /docker/" B64 ", ",
	  "{\"$unread\":\"EPIPE: the fetcher ended before it answered\"}" },
	{ { { 0, OF_DOCKER(B64) }, { 0, TEXT("20\n") }, { -1, NULL, 0 } },
	  "proc 20, pids /docker/" B64 ", exes 20, ",
	  "{\"$unread\":\"EPIPE\"}" },
};

START_TEST(guesses)
{
	struct world w;
	struct said said[ARRAY_SIZE(first) + ARRAY_SIZE(rows[0].said)];
	char log[1024];
	memcpy(said, first, sizeof(first));
	memcpy(said + ARRAY_SIZE(first), rows[_i].said, sizeof(rows[_i].said));
	world_open(&w, said);
	look_at(&w, A64, 10);
	look_at(&w, B64, 20);
	AUTO_FREE char *wanted =
		xasprintf("proc 10, pids /docker/%s, exes 10, %s", A64, rows[_i].asked);
	ck_assert_str_eq(asked(&w, log, sizeof(log)), wanted);
	AUTO_FREE char *got = json_dumps(json_object_get(w.kernel, "Processes"), JSON_COMPACT);
	ck_assert_ptr_nonnull(got);
	ck_assert_str_eq(got, rows[_i].processes);
	world_close(&w);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tcase = harness_group("containers", &suite);
	tcase_add_loop_test(tcase, guesses, 0, ARRAY_SIZE(rows));
	return harness_run(suite);
}
