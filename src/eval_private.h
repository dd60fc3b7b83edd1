/* SPDX-License-Identifier: Apache-2.0 */
/* eval_private.h: what struct sw_eval holds; shared by eval.c and eval_read.c only. */
#ifndef SW_EVAL_PRIVATE_H
#define SW_EVAL_PRIVATE_H

#include "eval.h"
#include "text.h"

struct sw_eval {
	const struct eval_input *in;
	struct read_buffer *reads;
	size_t n_reads;
	bool marked;             /* an unread fact was read */
	bool failed_before_mark; /* a failure was said before that */
	const char *mark_reason;
	enum sw_verdict said; /* worst said so far; SW_VERDICTS: nothing yet */
	size_t n_said;
	struct text reasons;  /* of the worst said */
	struct text remedies; /* lines */
	size_t n_remedies;
	uint32_t unset; /* bits of those of the row's parameters that were asked for in vain */
	bool has_read_index;
};

enum {
	REASONS_MAX = 8,    /* joined in one finding; more are counted */
	REASON_BYTES = 1536 /* of each; what hostile names make longer is shortened */
};

/* The typed value of a parameter: of the rule, else of the row's fallback; NULL when not set. New
 * reference. */
json_t *eval_param(const struct sw_eval *e, const char *name);

#endif
