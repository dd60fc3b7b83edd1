/* SPDX-License-Identifier: Apache-2.0 */
/* machine.c: see machine.h. A thread answers, through the frames and the pipe of a real one. */
#include "machine.h"

#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>

#include "frame.h"
#include "fuzz.h"

struct machine {
	const struct tree *tree;
	int questions, answers, reader_questions, reader_answers;
	pthread_t thread;
	char buf[FETCH_FRAME_MAX];
};

static int answer_file(const struct tree_entry *e, bool is_dir, struct reply *r)
{
	if (!e)
		return is_dir ? EISDIR : ENOENT;
	if (e->type == 'd')
		return EISDIR;
	if (e->type == 'x')
		return EACCES;
	if (e->type == 'f')
		reply_add(r, e->data, e->n);
	return 0;
}

static int answer_stat(const struct tree_entry *e, bool is_dir, const char *path, struct reply *r)
{
	struct fetch_stat st = { .dev = 1, .ino = 2, .mode = 0100644 };

	if (!e && !is_dir)
		return ENOENT;
	if (is_dir)
		st.mode = 040755;
	else if (e->type == 'n')
		st.mode = 020666;
	else if (e->type == 'x')
		st.mode = 0100000;
	if (e) {
		path = e->path;
		st.size = e->n;
	}
	st.path_len = (uint32_t)strlen(path);
	reply_add(r, &st, sizeof(st));
	reply_add(r, path, st.path_len);
	return 0;
}

static void add_entry(char type, const char *name, void *context)
{
	reply_add(context, &type, 1);
	reply_add_text(context, name);
}

static int answer_list(const struct tree *t, bool is_dir, const char *path, struct reply *r)
{
	if (!is_dir)
		return ENOENT;
	tree_each(t, path, add_entry, r);
	return 0;
}

static int answer_link(const struct tree *t, const char *path, struct reply *r)
{
	const struct tree_entry *e = tree_find(t, path, false);
	const char *slash = strrchr(path, '/');

	if (!e || (e->type != 'l' && e->type != 'n'))
		return e ? EINVAL : ENOENT;
	AUTO_FREE char *folder = xstrndup(path, slash ? (size_t)(slash - path) : 0);
	const char *target = e->type == 'n' ? "/dev/null" : e->data;
	reply_add_text(r, folder);
	reply_add(r, target, strlen(target));
	return 0;
}

/* Of the running kernel there is what the tree has below /@kernel. */
static int answer_path(const struct tree *t, const struct fetch_question *q, const char *arg,
		       struct reply *r)
{
	AUTO_FREE char *path = xasprintf("%s/%s", q->sub == FETCH_BASE_PROC ? "/@kernel" : "",
					 arg + strspn(arg, "/"));
	const struct tree_entry *e = tree_find(t, path, true);
	bool is_dir = streq(path, "/") || tree_is_dir(t, path);

	switch (q->op) {
	case FETCH_READ: return answer_file(e, is_dir, r);
	case FETCH_STAT: return answer_stat(e, is_dir, path, r);
	case FETCH_LIST: return answer_list(t, is_dir, path, r);
	default: return answer_link(t, path, r);
	}
}

static int answer_other(const struct tree *t, const struct fetch_question *q, const char *arg,
			struct reply *r)
{
	AUTO_FREE char *question = xasprintf("%u %u %s", q->op, q->sub, arg);
	const struct tree_entry *e = tree_question(t, question);

	if (e)
		reply_add(r, e->data, e->n);
	if (e || q->op == FETCH_API || q->op == FETCH_CANCEL)
		return 0;
	return q->op == FETCH_GET ? ECONNREFUSED : ENOENT;
}

static bool is_about_path(unsigned op)
{
	return op == FETCH_READ || op == FETCH_STAT || op == FETCH_LIST || op == FETCH_LINK;
}

static void answer_one(struct machine *m, struct answers *to, const struct fetch_question *q,
		       const char *arg)
{
	struct reply r = { .to = to, .id = q->id, .buf = m->buf, .cap = sizeof(m->buf) };
	int error = is_about_path(q->op) ? answer_path(m->tree, q, arg, &r)
					 : answer_other(m->tree, q, arg, &r);

	reply_end(&r, error, q->op == FETCH_GET && !error ? 200 : 0, NULL);
}

static void *serve(void *context)
{
	struct machine *m = context;
	struct answers to = { .fd = m->answers };
	struct fetch_question q;

	while (read_full(m->questions, &q, sizeof(q)) == 0) {
		AUTO_FREE char *arg = xalloc(q.len + 1);

		if (read_full(m->questions, arg, q.len) < 0)
			break;
		answer_one(m, &to, &q, arg);
	}
	return NULL;
}

struct machine *machine_start(const struct tree *t, struct asker **ret_asker)
{
	struct machine *m = xalloc(sizeof(*m));
	int q[2], a[2];

	m->tree = t;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, q) < 0 || pipe(a) < 0) {
		perror("a pipe");
		exit(EXIT_FAILURE);
	}
	m->reader_questions = q[0];
	m->questions = q[1];
	m->reader_answers = a[0];
	m->answers = a[1];
	if (pthread_create(&m->thread, NULL, serve, m) != 0) {
		perror("a thread");
		exit(EXIT_FAILURE);
	}
	*ret_asker = asker_new(m->reader_questions, m->reader_answers);
	return m;
}

void machine_stop(struct machine *m, struct asker *asker)
{
	asker_free(asker);
	close(m->reader_questions);
	pthread_join(m->thread, NULL);
	close(m->reader_answers);
	close(m->questions);
	close(m->answers);
	free(m);
}
