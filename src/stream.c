/* SPDX-License-Identifier: Apache-2.0 */
/* stream.c: answers that are taken as they come. */
#include <errno.h>

#include "asker.h"

/* An error's explanation takes the place of what is kept of the beginning. */
void stream_add(struct stream *s, const struct fetch_frame *f, const char *payload)
{
	if (f->error)
		s->n_head = 0;
	size_t room = sizeof(s->head) - 1 - s->n_head, n = f->len < room ? f->len : room;
	memcpy(s->head + s->n_head, payload, n);
	s->n_head += n;
	s->head[s->n_head] = '\0';
	if (!f->error)
		answer_add(&s->waiting, &s->cap, payload, f->len);
	if (!(f->flags & FRAME_LAST))
		return;
	s->waiting.error = f->error;
	s->waiting.http = f->http;
	s->id = 0;
}

struct stream *stream_ask(struct asker *a, enum fetch_op op, unsigned sub, const char *arg)
{
	struct stream *s = xalloc(sizeof(*s));
	s->asker = a;
	while ((a->n_open >= FETCH_WINDOW || a->first) && !a->is_gone)
		asker_serve(a);
	if (a->is_gone || strlen(arg) > FETCH_ARG_MAX) {
		s->waiting.error = a->is_gone ? EPIPE : ENAMETOOLONG;
		return s;
	}
	struct open_question *q = asker_open(a, op, sub, arg, NULL, NULL);
	s->id = q->id;
	q->stream = s;
	return s;
}

struct stream *stream_open(struct asker *a, unsigned endpoint, const char *arg)
{
	return stream_ask(a, FETCH_GET, endpoint, arg);
}

size_t stream_next(struct stream *s, const char **ret)
{
	while (s->waiting.len == 0 && s->id)
		asker_serve(s->asker);
	free(s->taken);
	s->taken = TAKE(s->waiting.data);
	size_t n = s->waiting.len;
	s->waiting.len = s->cap = 0;
	*ret = s->taken;
	return n;
}

static void forget(struct answer *answer, void *context)
{
	(void)answer, (void)context;
}

char *stream_close(struct stream *s)
{
	bool is_cancelled = s->id != 0;
	char id[16];
	if (is_cancelled) {
		snprintf(id, sizeof(id), "%u", s->id);
		ask(s->asker, FETCH_CANCEL, 0, id, forget, NULL);
	}
	while (s->id) {
		asker_serve(s->asker);
		s->waiting.len = 0;
	}
	struct answer answer = { .error = s->waiting.error,
				 .http = s->waiting.http,
				 .data = s->head,
				 .len = s->n_head };
	char *why = is_cancelled && answer.error != EPIPE ? NULL : answer_trouble(&answer);
	free(s->waiting.data);
	free(s->taken);
	free(s);
	return why;
}
