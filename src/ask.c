/* SPDX-License-Identifier: Apache-2.0 */
/* ask.c: the reader's end of the questions: sends them in a window, puts the frames of the answers
 * together. */
#include <errno.h>

#include "asker.h"

struct waiting {
	struct waiting *next;
	enum fetch_op op;
	unsigned sub;
	answer_fn *done;
	void *context;
	char arg[];
};

/* Holds a whole frame, and what came behind it. */
enum { BUFFER = FETCH_FRAME_MAX + (16 << 10) };

/* Questions that go out together: far less than a socket takes while nobody reads. */
enum { QUESTIONS_MAX = 16 << 10, QUESTION_MAX = sizeof(struct fetch_question) + FETCH_ARG_MAX };

struct asker *asker_new(int questions, int answers)
{
	struct asker *a = xalloc(sizeof(*a));
	a->questions = questions;
	a->answers = answers;
	a->last = &a->first;
	a->buffer = xrealloc(NULL, BUFFER);
	a->unsent = xrealloc(NULL, QUESTIONS_MAX);
	return a;
}

void asker_free(struct asker *a)
{
	if (!a)
		return;
	for (size_t i = 0; i < FETCH_WINDOW; i++)
		free(a->open[i].answer.data);
	while (a->first) {
		struct waiting *next = a->first->next;
		free(a->first);
		a->first = next;
	}
	known_free(a->known);
	free(a->unsent);
	free(a->buffer);
	free(a);
}

static void complete(struct asker *a, struct open_question *q)
{
	struct answer answer = q->answer;
	answer_fn *done = q->done;
	void *context = q->context;
	char none[1] = "";
	bool is_empty = !answer.data;

	*q = (struct open_question){ 0 };
	a->n_open--;
	if (is_empty)
		answer.data = none;
	done(&answer, context);
	if (!is_empty)
		free(answer.data);
}

static void end_stream(struct asker *a, struct open_question *q)
{
	*q = (struct open_question){ 0 };
	a->n_open--;
}

/* The fetcher is gone: nothing that is open or waiting will be answered. */
static void give_up(struct asker *a)
{
	a->is_gone = true;
	for (size_t i = 0; i < FETCH_WINDOW; i++) {
		if (!a->open[i].id)
			continue;
		if (a->open[i].stream) {
			a->open[i].stream->waiting.error = EPIPE;
			a->open[i].stream->id = 0;
			end_stream(a, &a->open[i]);
			continue;
		}
		a->open[i].answer.error = EPIPE;
		complete(a, &a->open[i]);
	}
	while (a->first) {
		struct waiting *w = a->first;
		struct answer answer = { .error = EPIPE, .data = (char[]){ "" } };
		a->first = w->next;
		if (!a->first)
			a->last = &a->first;
		w->done(&answer, w->context);
		free(w);
	}
}

static void send_unsent(struct asker *a)
{
	if (a->n_unsent > 0 && write_full(a->questions, a->unsent, a->n_unsent) < 0)
		a->is_gone = true;
	a->n_unsent = 0;
}

/* What others have to answer is on its way at once; the rest goes when we wait. */
static void send_question(struct asker *a, enum fetch_op op, unsigned sub, const char *arg,
			  uint32_t id)
{
	struct fetch_question q = {
		.id = id, .op = (uint16_t)op, .sub = (uint16_t)sub, .len = (uint32_t)strlen(arg)
	};
	if (QUESTIONS_MAX - a->n_unsent < QUESTION_MAX)
		send_unsent(a);
	memcpy(a->unsent + a->n_unsent, &q, sizeof(q));
	memcpy(a->unsent + a->n_unsent + sizeof(q), arg, q.len);
	a->n_unsent += sizeof(q) + q.len;
	if (op == FETCH_GET || op == FETCH_CANCEL)
		send_unsent(a);
}

struct open_question *asker_open(struct asker *a, enum fetch_op op, unsigned sub, const char *arg,
				 answer_fn *done, void *context)
{
	size_t i = 0;
	while (a->open[i].id)
		i++;
	if (++a->last_id == 0)
		a->last_id = 1;
	a->open[i] = (struct open_question){ .id = a->last_id, .done = done, .context = context };
	a->n_open++;
	send_question(a, op, sub, arg, a->last_id);
	return &a->open[i];
}

void asker_ask(struct asker *a, enum fetch_op op, unsigned sub, const char *arg, answer_fn *done,
	       void *context)
{
	size_t n = strlen(arg);
	if (n > FETCH_ARG_MAX || a->is_gone) {
		struct answer answer = { .error = a->is_gone ? EPIPE : ENAMETOOLONG,
					 .data = (char[]){ "" } };
		done(&answer, context);
		return;
	}
	if (a->n_open < FETCH_WINDOW && !a->first) {
		asker_open(a, op, sub, arg, done, context);
		return;
	}
	struct waiting *w = xalloc(sizeof(*w) + n + 1);
	*w = (struct waiting){ .op = op, .sub = sub, .done = done, .context = context };
	memcpy(w->arg, arg, n + 1);
	*a->last = w;
	a->last = &w->next;
}

static void send_waiting(struct asker *a)
{
	while (a->first && a->n_open < FETCH_WINDOW && !a->is_gone) {
		struct waiting *w = a->first;
		a->first = w->next;
		if (!a->first)
			a->last = &a->first;
		asker_open(a, w->op, w->sub, w->arg, w->done, w->context);
		free(w);
	}
}

static struct open_question *find_open(struct asker *a, uint32_t id)
{
	for (size_t i = 0; i < FETCH_WINDOW && id; i++)
		if (a->open[i].id == id)
			return &a->open[i];
	return NULL;
}

void answer_add(struct answer *answer, size_t *cap, const char *data, size_t n)
{
	if (n == 0)
		return;
	if (!answer->data || answer->len + n + 1 > *cap) {
		size_t want = answer->len + n + 1;
		*cap = *cap * 2 > want ? *cap * 2 : want;
		answer->data = xrealloc(answer->data, *cap);
	}
	memcpy(answer->data + answer->len, data, n);
	answer->len += n;
	answer->data[answer->len] = '\0';
}

/* An error's explanation takes the place of what had come before it. */
static void take_frame(struct asker *a, const struct fetch_frame *f, const char *payload)
{
	struct open_question *q = find_open(a, f->id);
	if (!q)
		return;
	if (q->stream) {
		stream_add(q->stream, f, payload);
		if (f->flags & FRAME_LAST)
			end_stream(a, q);
		return;
	}
	if (f->error && q->answer.data) {
		q->answer.len = 0;
		q->answer.data[0] = '\0';
	}
	answer_add(&q->answer, &q->cap, payload, f->len);
	if (!(f->flags & FRAME_LAST))
		return;
	q->answer.error = f->error;
	q->answer.http = f->http;
	complete(a, q);
}

static bool take_buffered(struct asker *a)
{
	struct fetch_frame f;
	if (a->have - a->at < sizeof(f))
		return false;
	memcpy(&f, a->buffer + a->at, sizeof(f));
	if (f.len > FETCH_FRAME_MAX) {
		a->is_gone = true; /* not our fetcher's words */
		return false;
	}
	if (a->have - a->at < sizeof(f) + f.len)
		return false;
	const char *payload = a->buffer + a->at + sizeof(f);
	a->at += sizeof(f) + f.len;
	take_frame(a, &f, payload);
	return true;
}

static void read_more(struct asker *a)
{
	memmove(a->buffer, a->buffer + a->at, a->have - a->at);
	a->have -= a->at;
	a->at = 0;
	ssize_t n;
	send_unsent(a);
	if (a->is_gone)
		return; /* what was not asked is not waited for */
	do
		n = read(a->answers, a->buffer + a->have, BUFFER - a->have);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		a->is_gone = true;
	else
		a->have += (size_t)n;
}

void asker_serve(struct asker *a)
{
	bool has_served = false;
	while (take_buffered(a)) {
		has_served = true;
		send_waiting(a);
	}
	if (!has_served && !a->is_gone)
		read_more(a);
	if (a->is_gone)
		give_up(a);
	send_waiting(a);
}

struct now {
	struct answer answer;
	bool is_done;
};

static void keep(struct answer *answer, void *context)
{
	struct now *now = context;
	answer_copy(&now->answer, answer);
	now->is_done = true;
}

void ask_now(struct asker *a, enum fetch_op op, unsigned sub, const char *arg, struct answer *ret)
{
	struct now now = { .is_done = false };
	ask(a, op, sub, arg, keep, &now);
	while (!now.is_done)
		asker_serve(a);
	*ret = now.answer;
}

void asker_drain(struct asker *a)
{
	while (a->n_open > 0 || a->first)
		asker_serve(a);
}

void asker_turn(struct asker *a)
{
	if (a->n_open > 0 || a->first)
		asker_serve(a);
}
