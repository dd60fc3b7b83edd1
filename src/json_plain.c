/* SPDX-License-Identifier: Apache-2.0 */
/* json_plain.c: see json_plain.h. Whatever is not certain is left to jansson. */
#include "json_plain.h"

#include "json_text.h"
#include "text.h"

enum {
	DEPTH_MAX = 48,
	DIGITS_MAX = 18, /* are never too large */
};

struct parser {
	char *data;
	size_t n, at;
	unsigned depth;
	struct text decoded; /* a string that has escapes */
};

static json_t *value(struct parser *p);

/* The next character, 0 at the end: a character 0 is nowhere allowed. */
static char peek(const struct parser *p)
{
	return p->at < p->n ? p->data[p->at] : '\0';
}

static char peek_past_blanks(struct parser *p)
{
	char c;
	while ((c = peek(p)) == ' ' || c == '\n' || c == '\t' || c == '\r')
		p->at++;
	return c;
}

static bool take(struct parser *p, char wanted)
{
	bool is_there = peek_past_blanks(p) == wanted;
	p->at += is_there;
	return is_there;
}

/* --- strings --------------------------------------------------------------------------------- */

static size_t run_length(const struct parser *p, bool *is_ascii)
{
	return json_run(p->data + p->at, p->n - p->at, is_ascii);
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* The four digits behind \u; 0 also of what is left to jansson. */
static unsigned take_hex(struct parser *p)
{
	unsigned v = 0;
	if (p->n - p->at < 4)
		return 0;
	for (size_t i = 0; i < 4; i++) {
		int digit = hex_digit(p->data[p->at + i]);
		if (digit < 0)
			return 0;
		v = v << 4 | (unsigned)digit;
	}
	p->at += 4;
	return v >= 0xd800 && v < 0xe000 ? 0 : v;
}

static void add_utf8(struct text *t, unsigned v)
{
	if (v < 0x80) {
		text_add_char(t, (char)v);
	} else if (v < 0x800) {
		text_add_char(t, (char)(0xc0 | v >> 6));
		text_add_char(t, (char)(0x80 | (v & 0x3f)));
	} else {
		text_add_char(t, (char)(0xe0 | v >> 12));
		text_add_char(t, (char)(0x80 | (v >> 6 & 0x3f)));
		text_add_char(t, (char)(0x80 | (v & 0x3f)));
	}
}

static bool take_escape(struct parser *p)
{
	static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	p->at++; /* the backslash */
	char c = peek(p);
	p->at++;
	if (c == 'u') {
		unsigned v = take_hex(p);
		if (v)
			add_utf8(&p->decoded, v);
		return v != 0;
	}
	const char *letter = c ? strchr(letters, c) : NULL;
	if (letter)
		text_add_char(&p->decoded, meanings[letter - letters]);
	return letter != NULL;
}

/* One that began with n characters, before an escape. */
static json_t *escaped_string(struct parser *p, size_t n)
{
	bool is_ascii = true;
	text_clear(&p->decoded);
	text_add_n(&p->decoded, p->data + p->at, n);
	p->at += n;
	while (peek(p) == '\\') {
		if (!take_escape(p))
			return NULL;
		n = run_length(p, &is_ascii);
		text_add_n(&p->decoded, p->data + p->at, n);
		p->at += n;
	}
	if (peek(p) != '"')
		return NULL;
	p->at++;
	/* This one looks whether it is UTF-8. */
	return json_stringn(text_str(&p->decoded), p->decoded.len);
}

static json_t *string(struct parser *p)
{
	bool is_ascii = true;
	p->at++;
	const char *s = p->data + p->at;
	size_t n = run_length(p, &is_ascii);
	if (n < p->n - p->at && s[n] == '\\')
		return escaped_string(p, n);
	if (n == p->n - p->at || s[n] != '"')
		return NULL;
	p->at += n + 1;
	return is_ascii ? json_stringn_nocheck(s, n) : json_stringn(s, n);
}

/* --- the rest -------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static json_t *number(struct parser *p)
{
	bool is_negative = peek(p) == '-';
	p->at += is_negative;
	size_t first = p->at;
	json_int_t v = 0;
	for (; is_digit(peek(p)); p->at++) {
		if (p->at - first == DIGITS_MAX)
			return NULL;
		v = 10 * v + (peek(p) - '0');
	}
	size_t n = p->at - first;
	char next = peek(p);
	if (n == 0 || (n > 1 && p->data[first] == '0') || next == '.' || next == 'e' || next == 'E')
		return NULL;
	return json_integer(is_negative ? -v : v);
}

static json_t *word(struct parser *p, const char *text, json_t *meaning)
{
	size_t n = strlen(text);
	if (p->n - p->at < n || memcmp(p->data + p->at, text, n) != 0)
		return NULL;
	p->at += n;
	char next = (char)(peek(p) | 0x20);
	return next >= 'a' && next <= 'z' ? NULL : meaning;
}

static bool elements(struct parser *p, json_t *array)
{
	p->at++;
	if (take(p, ']'))
		return true;
	do {
		json_t *v = value(p);
		if (!v || json_array_append_new(array, v) < 0)
			return false;
	} while (take(p, ','));
	return take(p, ']');
}

/* jansson wants a string that ends: the quote behind the name makes room for that. */
static bool set_member(json_t *object, char *name, size_t length, json_t *v)
{
	if (!v)
		return false;
	name[length] = '\0';
	int bad = json_object_set_new_nocheck(object, name, v);
	name[length] = '"';
	return bad == 0;
}

static bool member(struct parser *p, json_t *object)
{
	bool is_ascii = true;
	if (!take(p, '"'))
		return false;
	char *name = p->data + p->at;
	size_t length = run_length(p, &is_ascii);
	if (!is_ascii || length == p->n - p->at || name[length] != '"')
		return false;
	p->at += length + 1;
	return take(p, ':') && set_member(object, name, length, value(p));
}

/* A member whose name was there before takes its place, and does not add to their number. */
static bool members(struct parser *p, json_t *object)
{
	size_t n = 0;
	p->at++;
	if (take(p, '}'))
		return true;
	do {
		if (!member(p, object) || json_object_size(object) != ++n)
			return false;
	} while (take(p, ','));
	return take(p, '}');
}

static json_t *nested(struct parser *p, json_t *made, bool (*fill)(struct parser *, json_t *))
{
	bool is_whole = false;
	if (made && p->depth < DEPTH_MAX) {
		p->depth++;
		is_whole = fill(p, made);
		p->depth--;
	}
	if (is_whole)
		return made;
	json_decref(made);
	return NULL;
}

static json_t *value(struct parser *p)
{
	switch (peek_past_blanks(p)) {
	case '{': return nested(p, json_object(), members);
	case '[': return nested(p, json_array(), elements);
	case '"': return string(p);
	case 't': return word(p, "true", json_true());
	case 'f': return word(p, "false", json_false());
	case 'n': return word(p, "null", json_null());
	default: return number(p);
	}
}

json_t *json_parse_plain(char *data, size_t n, size_t *ret_end)
{
	struct parser p = { .data = data, .n = n };
	json_t *v = value(&p);
	*ret_end = p.at;
	text_done(&p.decoded);
	return v;
}
