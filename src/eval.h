/* SPDX-License-Identifier: Apache-2.0 */
/* eval.h: one evaluation: a check's function applied to one subject; behind seaworthy/check.h. */
#ifndef SW_EVAL_H
#define SW_EVAL_H

#include <jansson.h>

#include "arena.h"

/* A read that the check made. Strings are interned in the arena. */
struct read {
	const char *path;  /* as the check wrote it */
	const char *value; /* compact JSON text; NULL when absent */
	bool unread;
};

/* Where reads are put that need not outlive the next evaluation. Zero-initialised; v is malloc'ed.
 */
struct read_buffer {
	struct read *v;
	size_t cap;
};

struct eval_input {
	const struct sw_check *check;
	json_t *subject; /* root of plain paths; borrowed */
	json_t *world;   /* root of "@" paths; borrowed */
	json_t *params;  /* object: parameters of the rule, over the row's fallbacks; NULL is {} */
	struct arena *arena;       /* where reasons and evidence live */
	struct read_buffer *reads; /* NULL: reads live in the arena, too */
	const char *mask;          /* tests: this path is unread; NULL otherwise */
};

struct eval_outcome {
	enum sw_verdict verdict;
	const char *reason; /* never NULL; "" only for a plain pass */
	const char *remedy; /* lines of its own in place of the row's, of a fail or warn; or NULL */
	struct read *reads; /* each path once, in order of first reading */
	size_t n_reads;
	uint32_t unset;      /* bits of those of the row's parameters that it asked for in vain */
	bool has_read_index; /* of what it read something is of other subjects (@index) */
};

void eval_run(const struct eval_input *in, struct eval_outcome *ret);

/* The one order of verdicts: the worse of two. */
enum sw_verdict verdict_worse(enum sw_verdict a, enum sw_verdict b);
const char *verdict_name(enum sw_verdict v);   /* "fail" */
const char *severity_name(enum sw_severity s); /* "critical" */
const char *kind_name(enum sw_kind k);         /* "container" */
/* By name; false when there is none. */
bool verdict_of(const char *name, enum sw_verdict *ret);
bool severity_of(const char *name, enum sw_severity *ret);
bool kind_of(const char *name, enum sw_kind *ret);

#endif
