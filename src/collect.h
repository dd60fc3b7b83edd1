/* SPDX-License-Identifier: Apache-2.0 */
/* collect.h: the reader's side: which questions make which record. */
#ifndef SW_COLLECT_H
#define SW_COLLECT_H

#include <jansson.h>

#include "fetch.h"

/* An answer, whole. data is NUL-terminated and never NULL; a callback may change but not keep it.
 */
struct answer {
	int error;     /* 0 or an errno */
	unsigned http; /* of a GET */
	char *data;
	size_t len;
};

struct asker;

struct asker *asker_new(int questions, int answers);
void asker_free(struct asker *a);

typedef void answer_fn(struct answer *answer, void *context);
/* Asks; done is called later, by whoever serves, or at once when the fetcher is gone. */
void ask(struct asker *a, enum fetch_op op, unsigned sub, const char *arg, answer_fn *done,
	 void *context);
/* Asks and waits for it, serving others meanwhile. answer_done() it. */
void ask_now(struct asker *a, enum fetch_op op, unsigned sub, const char *arg, struct answer *ret);
void answer_done(struct answer *answer);
void answer_copy(struct answer *to, const struct answer *from);
/*
 * Asks what will be asked for later: the first ask() or ask_now() of the same question takes the
 * answer, at once if it has come. Whoever calls ask() must be able to bear that.
 */
void ask_ahead(struct asker *a, enum fetch_op op, unsigned sub, const char *arg);
/*
 * Between these two, what a small file, a link or a folder of the audited root is like is asked
 * once: later ask() and ask_now() of the same are answered at once, from a bounded store. Whoever
 * calls ask() must be able to bear that here too. What /proc and /sys show is asked each time.
 */
void asker_remember(struct asker *a);
void asker_forget(struct asker *a);
/* Between them: asks of the audited root what is likely to be asked for soon. */
void ask_expected(struct asker *a, enum fetch_op op, const char *path);
/* Waits for and serves at least one answer, if any is open. */
void asker_turn(struct asker *a);
/* Serves until nothing is open. After the fetcher has gone every open question is answered with
 * EPIPE. */
void asker_drain(struct asker *a);
/*
 * A GET whose answer is taken piece by piece. stream_next() waits for the next piece and gives its
 * length, 0 at the end; the piece is good until the next call. stream_close() throws away and
 * cancels what is still to come and tells what was wrong with the answer (malloc'ed), or NULL.
 */
struct stream *stream_open(struct asker *a, unsigned endpoint, const char *arg);
/* The same of another question, which is not cancelled but waited for. */
struct stream *stream_ask(struct asker *a, enum fetch_op op, unsigned sub, const char *arg);
size_t stream_next(struct stream *s, const char **ret);
char *stream_close(struct stream *s);
/* Why an answer is no good, as a reason for an unread fact (malloc'ed), or NULL when it is good. */
char *answer_trouble(const struct answer *answer);

/* Takes each record as it is assembled, in the order of the snapshot. body is borrowed. */
typedef void record_fn(const char *kind, const char *id, json_t *body, void *context);

struct collect_options {
	bool live;          /* a running host; false with --root */
	bool is_root_dir;   /* --root was given */
	bool is_privileged; /* the fetcher runs as root */
	bool has_sandbox;
	const char *version; /* of seaworthy */
	const struct endpoint *endpoint;
	const struct evidence_files *evidence; /* NULL without --evidence */
	unsigned needs;                        /* SW_NEEDS_…; ~0u for collect */
	unsigned kinds;                        /* 1 << enum sw_kind of the subjects to bring */
	record_fn *record;
	void *context;
	void (*progress)(size_t done, size_t all, void *context); /* or NULL */
};

/* Everything, from the first record to "end". */
void collect_all(struct asker *a, const struct collect_options *o);

#endif
