/* SPDX-License-Identifier: Apache-2.0 */
/* expr_tree.h: the compiled form of an expression; shared by expr.c and expr_eval.c only. */
#ifndef SW_EXPR_TREE_H
#define SW_EXPR_TREE_H

#include "expr.h"

enum expr_form { EXPR_ALL, EXPR_ANY, EXPR_NOT, EXPR_EACH, EXPR_EXISTS, EXPR_COMPARE };

enum expr_value { VALUE_NONE, VALUE_BOOL, VALUE_INT, VALUE_TEXT };

struct literal {
	enum expr_value type;
	int64_t number; /* also 0 and 1 for a boolean, and the bits of a mode */
	const char *text;
};

enum operator{
	OP_EQUALS,
	OP_IN,
	OP_CONTAINS,
	OP_STARTS_WITH,
	OP_ENDS_WITH,
	OP_MATCHES,
	OP_LESS,
	OP_LESS_EQUAL,
	OP_GREATER,
	OP_GREATER_EQUAL,
	OP_VERSION_AT_LEAST,
	OP_MODE_AT_MOST,
};

struct expr {
	enum expr_form form;
	const struct expr **children; /* ALL, ANY; one for NOT and EACH */
	size_t n;
	const char *path;     /* EACH, EXISTS, COMPARE; in an each relative to the element */
	bool wanted;          /* EXISTS: should it? */
	enum operator op;     /* COMPARE */
	enum expr_value type; /* COMPARE: how the fact is read */
	const struct literal *values; /* COMPARE: one, or those of OP_IN */
	size_t n_values;
	bool has_default;      /* COMPARE; EACH: absent means no elements */
	struct literal absent; /* COMPARE: what an absent fact counts as */
	const char *text;      /* COMPARE: "<= 1073741824", for the reason */
};

#endif
