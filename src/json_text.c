/* SPDX-License-Identifier: Apache-2.0 */
/* json_text.c: see json_text.h. */
#include "json_text.h"

#include "util.h"

static bool ends_run(unsigned char c)
{
	return c == '"' || c == '\\' || c < 0x20;
}

/* Must one of eight characters be looked at by itself? A top bit is set then. */
static bool has_special(uint64_t v)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	uint64_t quote = v ^ ones * '"', backslash = v ^ ones * '\\';
	uint64_t bad = v | (v - ones * 0x20) | (quote - ones) | (backslash - ones);
	return (bad & tops) != 0;
}

size_t json_run(const char *s, size_t n, bool *is_ascii)
{
	size_t i = 0;
	for (;;) {
		uint64_t eight;
		while (i + sizeof(eight) <= n &&
		       (memcpy(&eight, s + i, sizeof(eight)), !has_special(eight)))
			i += sizeof(eight);
		size_t end = i + sizeof(eight) < n ? i + sizeof(eight) : n;
		for (; i < end; i++) {
			if (ends_run((unsigned char)s[i]))
				return i;
			*is_ascii &= (s[i] & 0x80) == 0;
		}
		if (i == n)
			return n;
	}
}

/* What is left of the buffer; at is NULL once something did not fit. */
struct room {
	char *at, *end;
};

static void put(struct room *r, const char *s, size_t n)
{
	if (!r->at || (size_t)(r->end - r->at) < n) {
		r->at = NULL;
		return;
	}
	/* cppcheck-suppress uninitvar ; put_char() gives it a value */
	memcpy(r->at, s, n);
	r->at += n;
}

static void put_char(struct room *r, char c)
{
	put(r, &c, 1);
}

static void put_escaped(struct room *r, unsigned char c)
{
	static const char letters[] = "b\bf\fn\nr\rt\t\"\"\\\\";
	char text[8] = "\\";
	for (size_t i = 0; i + 1 < sizeof(letters); i += 2) {
		if ((unsigned char)letters[i + 1] == c) {
			text[1] = letters[i];
			put(r, text, 2);
			return;
		}
	}
	put(r, text, (size_t)snprintf(text, sizeof(text), "\\u%04X", (unsigned)c));
}

static void put_string(struct room *r, const char *s, size_t n)
{
	bool is_ascii = true; /* is not asked */
	put_char(r, '"');
	for (size_t i = 0; i < n && r->at;) {
		size_t run = json_run(s + i, n - i, &is_ascii);
		put(r, s + i, run);
		i += run;
		if (i < n)
			put_escaped(r, (unsigned char)s[i++]);
	}
	put_char(r, '"');
}

static void put_integer(struct room *r, json_int_t value)
{
	char digits[24];
	put(r, digits, (size_t)snprintf(digits, sizeof(digits), "%" JSON_INTEGER_FORMAT, value));
}

static void put_real(struct room *r, const json_t *v)
{
	char text[64];
	size_t n = json_dumpb(v, text, sizeof(text), JSON_ENCODE_ANY);
	if (n > 0 && n <= sizeof(text))
		put(r, text, n);
	else
		r->at = NULL;
}

static void put_value(struct room *r, json_t *v);

static void put_object(struct room *r, json_t *object)
{
	char separator = '{';
	if (json_object_size(object) == 0)
		put_char(r, '{');
	for (void *i = json_object_iter(object); i && r->at; i = json_object_iter_next(object, i)) {
		const char *key = json_object_iter_key(i);
		put_char(r, separator);
		put_string(r, key, strlen(key));
		put_char(r, ':');
		put_value(r, json_object_iter_value(i));
		separator = ',';
	}
	put_char(r, '}');
}

static void put_array(struct room *r, const json_t *array)
{
	size_t n = json_array_size(array);
	put_char(r, '[');
	for (size_t i = 0; i < n && r->at; i++) {
		if (i > 0)
			put_char(r, ',');
		put_value(r, json_array_get(array, i));
	}
	put_char(r, ']');
}

static void put_value(struct room *r, json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT: put_object(r, v); break;
	case JSON_ARRAY: put_array(r, v); break;
	case JSON_STRING: put_string(r, json_string_value(v), json_string_length(v)); break;
	case JSON_INTEGER: put_integer(r, json_integer_value(v)); break;
	case JSON_REAL: put_real(r, v); break;
	case JSON_TRUE: put(r, "true", 4); break;
	case JSON_FALSE: put(r, "false", 5); break;
	case JSON_NULL: put(r, "null", 4); break;
	}
}

size_t json_text(char *buf, size_t size, const json_t *v)
{
	struct room r = { buf, buf + size };
	/* jansson's iterators take no const object. */
	put_value(&r, (json_t *)(uintptr_t)v);
	return r.at ? (size_t)(r.at - buf) : 0;
}
