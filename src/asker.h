/* SPDX-License-Identifier: Apache-2.0 */
/* asker.h: the questions that are open, and what comes of them; for ask.c and stream.c. */
#ifndef SW_ASKER_H
#define SW_ASKER_H

#include "collect.h"

struct waiting;
struct known;

struct open_question {
	uint32_t id; /* 0: free */
	answer_fn *done;
	void *context;
	struct answer answer;
	size_t cap;
	struct stream *stream; /* takes the data as it comes; NULL: it is kept until all is there */
};

struct stream {
	struct asker *asker;
	uint32_t id;           /* 0: it has ended */
	struct answer waiting; /* what came and was not yet taken; in the end what there is to say
				  of it */
	size_t cap;
	char *taken;
	char head[256]; /* how it began: the message, when it is an error's */
	size_t n_head;
};

struct asker {
	int questions, answers;
	uint32_t last_id;
	size_t n_open;
	bool is_gone; /* the fetcher */
	struct open_question open[FETCH_WINDOW];
	struct waiting *first, **last;
	struct known *known; /* NULL: nothing yet */
	char *buffer;        /* what was read and not yet understood */
	size_t have, at;
	char *unsent; /* questions that go out when we wait */
	size_t n_unsent;
};

/* Asks the fetcher, now or when there is room. */
void asker_ask(struct asker *a, enum fetch_op op, unsigned sub, const char *arg, answer_fn *done,
	       void *context);

/* Sends a question at once; there must be room for one more. */
struct open_question *asker_open(struct asker *a, enum fetch_op op, unsigned sub, const char *arg,
				 answer_fn *done, void *context);
/* Serves at least one answer, unless the fetcher is gone. */
void asker_serve(struct asker *a);
/* Appends to an answer that has room for *cap bytes. */
void answer_add(struct answer *answer, size_t *cap, const char *data, size_t n);
/* What is left of answers that were asked for ahead, or kept. (known.c) */
void known_free(struct known *k);
/* Takes a frame that came for a stream. (stream.c) */
void stream_add(struct stream *s, const struct fetch_frame *f, const char *payload);

#endif
