/* SPDX-License-Identifier: Apache-2.0 */
/* expr.h: the expressions of declared checks: compiled once, evaluated through seaworthy/check.h.
 */
#ifndef SW_EXPR_H
#define SW_EXPR_H

#include "arena.h"
#include "yaml_doc.h"

/*
 *   {all: [E, …]}  {any: [E, …]}  {not: E}  {each: {of: PATH, require: E}}
 *   {fact: PATH, OPERATOR: VALUE, default: VALUE}     or  {fact: PATH, op: OPERATOR, value: VALUE}
 *
 * Three-valued: yes, no, open. Facts are read in the order written and no further than the answer
 * needs, and reads are sticky: an unread fact that was reached makes the finding unknown whatever
 * stands beside it. Write first what decides.
 *
 * An absent fact never helps to meet a requirement unless the rule says what absence means, by
 * "exists: false" or by "default". Without these a comparison with it is no; under a negation
 * (not, not-equals, not-in), or as the list of an each, it is open and the finding unknown.
 */
struct expr;

/* Compiles value; the tree and all text in it live in a. -EINVAL names file, line and column. */
int expr_compile(const struct yaml *y, const json_t *value, struct arena *a,
		 const struct expr **ret, struct err *err);

/* What the row of a check with this expression must say: sw_check.needs and .flags. */
void expr_needs(const struct expr *x, unsigned *needs, unsigned *flags);

enum expr_answer { EXPR_NO, EXPR_OPEN, EXPR_YES };

/* note: why it is not yes, for a person; lives as long as the report. NULL when there is nothing to
 * say. */
enum expr_answer expr_eval(const struct expr *x, struct sw_eval *e, const char **ret_note);

#endif
