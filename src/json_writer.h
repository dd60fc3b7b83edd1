/* SPDX-License-Identifier: Apache-2.0 */
/* json_writer.h: JSON written as it comes, without building it first; every string is cleaned. */
#ifndef SW_JSON_WRITER_H
#define SW_JSON_WRITER_H

#include <jansson.h>

#include "json_memo.h"
#include "text.h"

/*
 * Zero-initialised but for out. A value opened inline, and all within it, stays on one line; others
 * have a member a line, indented by two spaces. The key is NULL inside an array and at the top.
 */
struct json_writer {
	FILE *out;
	char *buf; /* what was not yet given to out */
	size_t n;
	unsigned long long given; /* to out */
	struct text scratch;
	struct json_memo memo;
	unsigned depth;
	unsigned inline_depth; /* 0: not inline; else the depth where it began */
	bool has_member;       /* the open value has one already */
	bool is_after_key;
};

void json_writer_done(struct json_writer *w);
/* Gives out what was written; to be called at the end, before out's errors are looked at. */
void json_writer_flush(struct json_writer *w);
/* A member of what is open, with all that comes before it. */
void json_put_raw(struct json_writer *w, const char *text, size_t n);
void json_open(struct json_writer *w, const char *key, char bracket); /* '{' or '[' */
void json_open_inline(struct json_writer *w, const char *key, char bracket);
void json_close(struct json_writer *w, char bracket); /* '}' or ']' */

void json_put_string(struct json_writer *w, const char *key, const char *s); /* NULL is null */
/* Lines of our own texts stay lines. */
void json_put_lines(struct json_writer *w, const char *key, const char *s);
void json_put_int(struct json_writer *w, const char *key, long long n);
void json_put_size(struct json_writer *w, const char *key, size_t n);
void json_put_bool(struct json_writer *w, const char *key, bool is_true);
void json_put_null(struct json_writer *w, const char *key);
void json_put_value(struct json_writer *w, const char *key, const json_t *value);
/* Compact JSON text, as facts_text() makes it; what does not parse becomes a string. */
void json_put_json(struct json_writer *w, const char *key, const char *json);

#endif
