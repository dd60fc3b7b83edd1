/* SPDX-License-Identifier: Apache-2.0 */
/* json_pull.h: JSON read as it comes, a value at a time, in memory that does not grow with it. */
#ifndef SW_JSON_PULL_H
#define SW_JSON_PULL_H

#include "text.h"

/*
 * Of many texts one after the other, whole or a line each. A text ends with its outermost value;
 * and a line that begins with '{' begins another one, so that one which is cut does not take the
 * next along. (Within a string there is no line, and what is indented does not begin so.)
 */
struct json_pull;

enum json_kind {
	JSON_PULL_BAD,
	JSON_PULL_OBJECT, /* json_pull_member() until it says no */
	JSON_PULL_LIST,   /* json_pull_element() until it says no */
	JSON_PULL_TEXT,
	JSON_PULL_NUMBER, /* json_pull_text() is its digits */
	JSON_PULL_TRUE,
	JSON_PULL_FALSE,
	JSON_PULL_NULL,
};

enum {
	JSON_PULL_TEXT_MAX = 1 << 10, /* bytes of a text that are kept; the rest is looked over */
	JSON_PULL_DEPTH = 256,
};

/* Borrows both: first the n bytes, which were read before, then what fd gives; fd -1: nothing. */
struct json_pull *json_pull_new(const char *data, size_t n, int fd);
void json_pull_free(struct json_pull *p);
static inline void json_pull_free_p(struct json_pull **p)
{
	json_pull_free(*p);
}

/*
 * Goes to the next text, over what is left of this one, and says whether there is one. From here on
 * it may be as long as most bytes.
 */
bool json_pull_next(struct json_pull *p, size_t most);
/* The line at which the text begins, from 1. */
size_t json_pull_line(const struct json_pull *p);

/*
 * The first of a value: what it is. After that its members or elements, each of which is a value
 * that must be taken or skipped. Errors stick: then a value is bad, and there is no further one.
 */
enum json_kind json_pull_value(struct json_pull *p);
bool json_pull_member(struct json_pull *p); /* json_pull_key() is its name */
bool json_pull_element(struct json_pull *p);
void json_pull_skip(struct json_pull *p);
/* What is left of the object or list that json_pull_value() found. */
void json_pull_skip_rest(struct json_pull *p, enum json_kind kind);

/* Of the last text, number or member; up to the next call. */
const char *json_pull_text(const struct json_pull *p);
const char *json_pull_key(const struct json_pull *p);

/* "line 3: a colon is wanted"; NULL as long as all is well. */
const char *json_pull_error(const struct json_pull *p);

#endif
