/* SPDX-License-Identifier: Apache-2.0 */
/* json_writer.c: see json_writer.h. */
#include "json_writer.h"

#include "json_text.h"

enum { BUFFER = 32 << 10 };

void json_writer_flush(struct json_writer *w)
{
	if (w->n > 0)
		fwrite_unlocked(w->buf, 1, w->n, w->out);
	w->given += w->n;
	w->n = 0;
}

void json_writer_done(struct json_writer *w)
{
	free(w->buf);
	text_done(&w->scratch);
	json_memo_done(&w->memo);
}

/* Makes room for n more, if there can be so much. */
static void make_room(struct json_writer *w, size_t n)
{
	if (!w->buf)
		w->buf = xrealloc(NULL, BUFFER);
	if (n > BUFFER - w->n)
		json_writer_flush(w);
}

static void put(struct json_writer *w, const char *s, size_t n)
{
	make_room(w, n);
	if (n > BUFFER) {
		fwrite_unlocked(s, 1, n, w->out);
		w->given += n;
		return;
	}
	/* cppcheck-suppress uninitvar ; put_char() gives it a value */
	memcpy(w->buf + w->n, s, n);
	w->n += n;
}

static void put_char(struct json_writer *w, char c)
{
	if (w->buf && w->n < BUFFER)
		w->buf[w->n++] = c;
	else
		put(w, &c, 1);
}

/* Clean text needs no more than this: it holds no control characters. */
static void put_escaped(struct json_writer *w, const char *s)
{
	while (*s) {
		size_t n = strcspn(s, "\"\\\n");
		put(w, s, n);
		s += n;
		if (!*s)
			break;
		put_char(w, '\\');
		put_char(w, *s == '\n' ? 'n' : *s);
		s++;
	}
}

/* Are eight characters the same cleaned and quoted? A top bit is set for each byte that is not. */
static bool are_plain(uint64_t v)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	uint64_t quote = v ^ ones * '"', backslash = v ^ ones * '\\', del = v ^ ones * 0x7f;
	uint64_t bad = v | (v - ones * 0x20) | ((quote - ones) & ~quote) |
		       ((backslash - ones) & ~backslash) | ((del - ones) & ~del);
	return (bad & tops) == 0;
}

static bool is_plain(const char *s, size_t n)
{
	uint64_t eight;
	size_t i = 0;
	for (; i + sizeof(eight) <= n; i += sizeof(eight)) {
		memcpy(&eight, s + i, sizeof(eight));
		if (!are_plain(eight))
			return false;
	}
	while (i < n && s[i] >= 0x20 && s[i] < 0x7f && s[i] != '\\' && s[i] != '"')
		i++;
	return i == n;
}

static void put_string(struct json_writer *w, const char *s, size_t n)
{
	put_char(w, '"');
	if (is_plain(s, n)) {
		put(w, s, n);
	} else {
		text_clear(&w->scratch);
		text_clean(&w->scratch, s, n);
		put_escaped(w, text_str(&w->scratch));
	}
	put_char(w, '"');
}

static void begin_line(struct json_writer *w)
{
	static const char spaces[] = "                                ";
	size_t n = 2 * (size_t)w->depth;
	put_char(w, '\n');
	put(w, spaces, n < sizeof(spaces) ? n : sizeof(spaces) - 1);
}

static void begin_value(struct json_writer *w, const char *key)
{
	if (w->is_after_key) {
		w->is_after_key = false;
		return;
	}
	if (w->has_member)
		put_char(w, ',');
	if (w->depth > 0 && !w->inline_depth)
		begin_line(w);
	else if (w->has_member)
		put_char(w, ' ');
	w->has_member = true;
	if (!key)
		return;
	put_char(w, '"');
	put(w, key, strlen(key));
	put(w, "\": ", 3);
}

void json_put_raw(struct json_writer *w, const char *text, size_t n)
{
	put(w, text, n);
	w->has_member = true;
}

void json_open(struct json_writer *w, const char *key, char bracket)
{
	begin_value(w, key);
	put_char(w, bracket);
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
	put_char(w, bracket);
	w->has_member = true;
}

void json_put_string(struct json_writer *w, const char *key, const char *s)
{
	begin_value(w, key);
	if (s)
		put_string(w, s, strlen(s));
	else
		put(w, "null", 4);
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
	put_char(w, '"');
	put_escaped(w, text_str(&w->scratch));
	put_char(w, '"');
}

void json_put_int(struct json_writer *w, const char *key, long long n)
{
	begin_value(w, key);
	char digits[24];
	put(w, digits, (size_t)snprintf(digits, sizeof(digits), "%lld", n));
}

void json_put_size(struct json_writer *w, const char *key, size_t n)
{
	begin_value(w, key);
	char digits[24];
	put(w, digits, (size_t)snprintf(digits, sizeof(digits), "%zu", n));
}

void json_put_bool(struct json_writer *w, const char *key, bool is_true)
{
	begin_value(w, key);
	put(w, is_true ? "true" : "false", is_true ? 4 : 5);
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
		put(w, ": ", 2);
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
	char text[64];
	put(w, text, json_text(text, sizeof(text), value));
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

/* A longest text that is written with room for a blank behind each character. */
enum { COMPACT_MAX = BUFFER / 2 };

/*
 * Compact text of printable characters without a backslash is the same parsed, cleaned and written
 * again, but for the blanks. False, and nothing is written, when it is not that, or not whole.
 */
static bool put_compact(struct json_writer *w, const char *json)
{
	size_t n = strlen(json), depth = 0;
	bool is_quoted = false;
	if (n == 0 || n > COMPACT_MAX)
		return false;
	make_room(w, 2 * n);
	char *out = w->buf + w->n;
	for (const char *p = json; *p; p++) {
		char c = *out++ = *p;
		if (c < 0x20 || c >= 0x7f || c == '\\')
			return false;
		if (c == '"')
			is_quoted = !is_quoted;
		if (is_quoted)
			continue;
		if (c == ',' || c == ':')
			*out++ = ' ';
		else if (c == '[' || c == '{')
			depth++;
		else if ((c == ']' || c == '}') && depth-- == 0)
			return false;
	}
	if (is_quoted || depth > 0)
		return false;
	w->n = (size_t)(out - w->buf);
	return true;
}

void json_put_json(struct json_writer *w, const char *key, const char *json)
{
	begin_value(w, key);
	if (put_compact(w, json))
		return;
	w->is_after_key = true; /* all that comes before a value is written */
	json_t *value = json_loads(json, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	if (value)
		json_put_value(w, NULL, value);
	else
		json_put_string(w, NULL, json);
	json_decref(value);
}
