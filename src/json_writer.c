/* SPDX-License-Identifier: Apache-2.0 */
/* json_writer.c: see json_writer.h. */
#include "json_writer.h"

void json_writer_done(struct json_writer *w)
{
	text_done(&w->scratch);
}

/* Clean text needs no more than this: it holds no control characters. */
static void put_quoted(struct json_writer *w, const char *s)
{
	putc_unlocked('"', w->out);
	while (*s) {
		size_t n = strcspn(s, "\"\\\n");
		fwrite_unlocked(s, 1, n, w->out);
		s += n;
		if (!*s)
			break;
		putc_unlocked('\\', w->out);
		putc_unlocked(*s == '\n' ? 'n' : *s, w->out);
		s++;
	}
	putc_unlocked('"', w->out);
}

static void put_string(struct json_writer *w, const char *s, size_t n)
{
	text_clear(&w->scratch);
	text_clean(&w->scratch, s, n);
	put_quoted(w, text_str(&w->scratch));
}

static void begin_line(struct json_writer *w)
{
	static const char spaces[] = "                                ";
	size_t n = 2 * (size_t)w->depth;
	putc_unlocked('\n', w->out);
	fwrite_unlocked(spaces, 1, n < sizeof(spaces) ? n : sizeof(spaces) - 1, w->out);
}

static void begin_value(struct json_writer *w, const char *key)
{
	if (w->is_after_key) {
		w->is_after_key = false;
		return;
	}
	if (w->has_member)
		putc_unlocked(',', w->out);
	if (w->depth > 0 && !w->inline_depth)
		begin_line(w);
	else if (w->has_member)
		putc_unlocked(' ', w->out);
	w->has_member = true;
	if (!key)
		return;
	putc_unlocked('"', w->out);
	fputs_unlocked(key, w->out);
	fputs_unlocked("\": ", w->out);
}

void json_open(struct json_writer *w, const char *key, char bracket)
{
	begin_value(w, key);
	putc_unlocked(bracket, w->out);
	w->depth++;
	w->has_member = false;
}

void json_open_inline(struct json_writer *w, const char *key, char bracket)
{
	json_open(w, key, bracket);
	if (!w->inline_depth)
		w->inline_depth = w->depth;
}

void json_close(struct json_writer *w, char bracket)
{
	bool is_inline = w->inline_depth > 0;
	if (w->inline_depth == w->depth)
		w->inline_depth = 0;
	w->depth--;
	if (!is_inline && w->has_member)
		begin_line(w);
	putc_unlocked(bracket, w->out);
	w->has_member = true;
}

void json_put_string(struct json_writer *w, const char *key, const char *s)
{
	begin_value(w, key);
	if (s)
		put_string(w, s, strlen(s));
	else
		fputs_unlocked("null", w->out);
}

void json_put_lines(struct json_writer *w, const char *key, const char *s)
{
	if (!s) {
		json_put_null(w, key);
		return;
	}
	begin_value(w, key);
	text_clear(&w->scratch);
	for (;;) {
		size_t n = strcspn(s, "\n");
		text_clean(&w->scratch, s, n);
		s += n;
		if (!*s)
			break;
		text_add_char(&w->scratch, '\n');
		s++;
	}
	put_quoted(w, text_str(&w->scratch));
}

void json_put_int(struct json_writer *w, const char *key, long long n)
{
	begin_value(w, key);
	fprintf(w->out, "%lld", n);
}

void json_put_size(struct json_writer *w, const char *key, size_t n)
{
	begin_value(w, key);
	fprintf(w->out, "%zu", n);
}

void json_put_bool(struct json_writer *w, const char *key, bool is_true)
{
	begin_value(w, key);
	fputs_unlocked(is_true ? "true" : "false", w->out);
}

void json_put_null(struct json_writer *w, const char *key)
{
	json_put_string(w, key, NULL);
}

static void put_object(struct json_writer *w, const char *key, json_t *object)
{
	json_open_inline(w, key, '{');
	for (void *i = json_object_iter(object); i; i = json_object_iter_next(object, i)) {
		/* These keys are not ours. */
		begin_value(w, NULL);
		put_string(w, json_object_iter_key(i), strlen(json_object_iter_key(i)));
		fputs_unlocked(": ", w->out);
		w->is_after_key = true;
		json_put_value(w, NULL, json_object_iter_value(i));
	}
	json_close(w, '}');
}

static void put_array(struct json_writer *w, const char *key, const json_t *array)
{
	json_open_inline(w, key, '[');
	for (size_t i = 0; i < json_array_size(array); i++)
		json_put_value(w, NULL, json_array_get(array, i));
	json_close(w, ']');
}

static void put_scalar(struct json_writer *w, const char *key, const json_t *value)
{
	begin_value(w, key);
	json_dumpf(value, w->out, JSON_ENCODE_ANY);
}

void json_put_value(struct json_writer *w, const char *key, const json_t *value)
{
	if (json_is_object(value)) {
		put_object(w, key, (json_t *)(uintptr_t)value);
	} else if (json_is_array(value)) {
		put_array(w, key, value);
	} else if (json_is_string(value)) {
		begin_value(w, key);
		put_string(w, json_string_value(value), json_string_length(value));
	} else if (value) {
		put_scalar(w, key, value);
	} else {
		json_put_null(w, key);
	}
}

/* A value that looks the same parsed, cleaned and written again. */
static bool is_plain_scalar(const char *json)
{
	if (streq(json, "[]") || streq(json, "{}"))
		return true;
	if (*json == '[' || *json == '{')
		return false;
	while (*json >= 0x20 && *json < 0x7f && *json != '\\')
		json++;
	return *json == '\0';
}

void json_put_json(struct json_writer *w, const char *key, const char *json)
{
	if (is_plain_scalar(json)) {
		begin_value(w, key);
		fputs_unlocked(json, w->out);
		return;
	}
	json_t *value = json_loads(json, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	if (value)
		json_put_value(w, key, value);
	else
		json_put_string(w, key, json);
	json_decref(value);
}
