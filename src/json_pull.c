/* SPDX-License-Identifier: Apache-2.0 */
/* json_pull.c: see json_pull.h. */
#include "json_pull.h"

#include <errno.h>

enum { CHUNK = 1 << 16, END = -1 };

struct json_pull {
	int fd;
	const char *at, *end; /* of what is to be read next */
	char *chunk;          /* read from fd */
	char *error;
	struct text text, key;
	size_t line, first_line; /* of at, and of the text */
	size_t left;             /* bytes that the text may still have */
	unsigned depth;
	bool is_first;    /* no member or element of the open value was read */
	bool is_new_line; /* the last byte ended a line */
};

struct json_pull *json_pull_new(const char *data, size_t n, int fd)
{
	struct json_pull *p = xalloc(sizeof(*p));
	*p = (struct json_pull){ .fd = fd,
				 .at = data,
				 .end = data + n,
				 .chunk = xalloc(CHUNK),
				 .line = 1,
				 .is_new_line = true };
	return p;
}

void json_pull_free(struct json_pull *p)
{
	if (!p)
		return;
	free(p->chunk);
	free(p->error);
	text_done(&p->text);
	text_done(&p->key);
	free(p);
}

size_t json_pull_line(const struct json_pull *p)
{
	return p->first_line;
}

const char *json_pull_text(const struct json_pull *p)
{
	return text_str(&p->text);
}

const char *json_pull_key(const struct json_pull *p)
{
	return text_str(&p->key);
}

const char *json_pull_error(const struct json_pull *p)
{
	return p->error;
}

static enum json_kind refuse(struct json_pull *p, const char *what)
{
	if (!p->error)
		p->error = xasprintf("line %zu: %s", p->line, what);
	return JSON_PULL_BAD;
}

/* --- bytes ---------------------------------------------------------------------------------- */

static bool refill(struct json_pull *p)
{
	ssize_t n;
	if (p->fd < 0)
		return false;
	do
		n = read(p->fd, p->chunk, CHUNK);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		refuse(p, strerror(errno));
	if (n <= 0) {
		p->fd = -1;
		return false;
	}
	p->at = p->chunk;
	p->end = p->chunk + n;
	return true;
}

/* The next byte, which stays; END after the last one. */
static int peek(struct json_pull *p)
{
	if (p->at == p->end && !refill(p))
		return END;
	return (unsigned char)*p->at;
}

static void take(struct json_pull *p)
{
	p->is_new_line = *p->at == '\n';
	p->line += p->is_new_line;
	p->at++;
	if (p->left > 0)
		p->left--;
	else
		refuse(p, "is too large");
}

static bool is_blank(int c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* The next byte that is no blank, and stays. Within a text a '{' that begins a line is not its own.
 */
static int peek_word(struct json_pull *p)
{
	while (is_blank(peek(p)) && !p->error)
		take(p);
	int c = peek(p);
	if (p->error)
		return END;
	if (c == '{' && p->is_new_line && p->depth > 0) {
		refuse(p, "is cut off: another one begins here");
		return END;
	}
	return c;
}

static enum json_kind unexpected(struct json_pull *p, int c, const char *wanted)
{
	AUTO_FREE char *what = xasprintf("%s is wanted", wanted);
	return refuse(p, c == END ? "is cut off" : what);
}

static bool expect(struct json_pull *p, int wanted, const char *name)
{
	int c = peek_word(p);
	if (c != wanted) {
		unexpected(p, c, name);
		return false;
	}
	take(p);
	return true;
}

/* --- strings -------------------------------------------------------------------------------- */

static void keep(struct text *t, char c)
{
	if (t->len < JSON_PULL_TEXT_MAX)
		text_add_char(t, c);
}

static void keep_utf8(struct text *t, unsigned c)
{
	if (c < 0x80) {
		keep(t, (char)c);
	} else if (c < 0x800) {
		keep(t, (char)(0xc0 | c >> 6));
		keep(t, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		keep(t, (char)(0xe0 | c >> 12));
		keep(t, (char)(0x80 | (c >> 6 & 0x3f)));
		keep(t, (char)(0x80 | (c & 0x3f)));
	} else {
		keep(t, (char)(0xf0 | c >> 18));
		keep(t, (char)(0x80 | (c >> 12 & 0x3f)));
		keep(t, (char)(0x80 | (c >> 6 & 0x3f)));
		keep(t, (char)(0x80 | (c & 0x3f)));
	}
}

static bool take_hex(struct json_pull *p, unsigned *ret)
{
	*ret = 0;
	for (int i = 0; i < 4; i++) {
		int c = peek(p);
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
						   : -1;
		if (digit < 0) {
			unexpected(p, c, "a hexadecimal digit");
			return false;
		}
		take(p);
		*ret = *ret << 4 | (unsigned)digit;
	}
	return true;
}

/* Two escapes may be one character. */
static bool take_low_half(struct json_pull *p, unsigned *c)
{
	unsigned low = 0;
	for (const char *escape = "\\u"; *escape; escape++) {
		if (peek(p) != *escape)
			return false;
		take(p);
	}
	if (!take_hex(p, &low) || low < 0xdc00 || low > 0xdfff)
		return false;
	*c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
	return true;
}

static void take_code(struct json_pull *p, struct text *t)
{
	unsigned c;
	if (!take_hex(p, &c))
		return;
	bool is_high = c >= 0xd800 && c < 0xdc00, is_low = c >= 0xdc00 && c < 0xe000;
	if (c == 0 || is_low || (is_high && !take_low_half(p, &c)))
		refuse(p, "an escape that is no character");
	else
		keep_utf8(t, c);
}

static void take_escape(struct json_pull *p, struct text *t)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	int c = peek(p);
	const char *found = c > 0 ? strchr(from, c) : NULL;
	if (c == 'u') {
		take(p);
		take_code(p, t);
	} else if (found) {
		take(p);
		keep(t, to[found - from]);
	} else {
		unexpected(p, c, "what may follow a backslash");
	}
}

/* What of a string is before its end, an escape or the end of the chunk. */
static void take_run(struct json_pull *p, struct text *t)
{
	const char *s = p->at;
	size_t room = t && t->len < JSON_PULL_TEXT_MAX ? JSON_PULL_TEXT_MAX - t->len : 0;
	size_t most = (size_t)(p->end - s) < p->left ? (size_t)(p->end - s) : p->left, n = 0;
	while (n < most && s[n] != '"' && s[n] != '\\' && (unsigned char)s[n] >= ' ')
		n++;
	if (room > 0)
		text_add_n(t, s, n < room ? n : room);
	p->at += n;
	p->left -= n;
	p->is_new_line = false;
}

/* After the quote; t may be NULL. */
static bool take_string(struct json_pull *p, struct text *t)
{
	struct text none = { .len = JSON_PULL_TEXT_MAX };
	if (t)
		text_clear(t);
	for (;;) {
		int c = peek(p);
		if (p->error || c == END || (c < ' ')) {
			unexpected(p, c, "the end of a string");
			return false;
		}
		if (c != '"' && c != '\\' && p->left > 0) {
			take_run(p, t);
			continue;
		}
		take(p);
		if (c == '"')
			return !p->error;
		take_escape(p, t ? t : &none);
	}
}

/* --- values --------------------------------------------------------------------------------- */

static enum json_kind take_word(struct json_pull *p, const char *word, enum json_kind kind)
{
	for (; *word; word++) {
		if (peek(p) != *word)
			return refuse(p, "is no value");
		take(p);
	}
	return p->error ? JSON_PULL_BAD : kind;
}

static bool is_of_number(int c)
{
	return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* Nothing is computed with what is no integer, so its form is not looked at. */
static enum json_kind take_number(struct json_pull *p)
{
	text_clear(&p->text);
	while (is_of_number(peek(p)) && !p->error) {
		keep(&p->text, *p->at);
		take(p);
	}
	return p->error ? JSON_PULL_BAD : JSON_PULL_NUMBER;
}

static enum json_kind open_value(struct json_pull *p, enum json_kind kind)
{
	take(p);
	if (++p->depth > JSON_PULL_DEPTH)
		return refuse(p, "is nested too deep");
	p->is_first = true;
	return p->error ? JSON_PULL_BAD : kind;
}

static enum json_kind value(struct json_pull *p, struct text *t)
{
	int c = peek_word(p);
	switch (c) {
	case '{': return open_value(p, JSON_PULL_OBJECT);
	case '[': return open_value(p, JSON_PULL_LIST);
	case 't': return take_word(p, "true", JSON_PULL_TRUE);
	case 'f': return take_word(p, "false", JSON_PULL_FALSE);
	case 'n': return take_word(p, "null", JSON_PULL_NULL);
	case '"': take(p); return take_string(p, t) ? JSON_PULL_TEXT : JSON_PULL_BAD;
	default:
		if (is_of_number(c))
			return take_number(p);
		return unexpected(p, c, "a value");
	}
}

enum json_kind json_pull_value(struct json_pull *p)
{
	return value(p, &p->text);
}

/* Is there a further one before the bracket? */
static bool step(struct json_pull *p, int bracket)
{
	int c = peek_word(p);
	if (c == bracket && !p->error) {
		take(p);
		p->depth--;
		p->is_first = false;
		return false;
	}
	if (p->is_first)
		p->is_first = false;
	else if (!expect(p, ',', "a comma"))
		return false;
	return !p->error;
}

bool json_pull_element(struct json_pull *p)
{
	return step(p, ']');
}

static bool member(struct json_pull *p, struct text *key)
{
	return step(p, '}') && expect(p, '"', "a name") && take_string(p, key) &&
	       expect(p, ':', "a colon");
}

bool json_pull_member(struct json_pull *p)
{
	return member(p, &p->key);
}

void json_pull_skip_rest(struct json_pull *p, enum json_kind kind)
{
	if (kind == JSON_PULL_OBJECT)
		while (member(p, NULL))
			json_pull_skip(p);
	else if (kind == JSON_PULL_LIST)
		while (json_pull_element(p))
			json_pull_skip(p);
}

/* Not deeper than JSON_PULL_DEPTH. */
void json_pull_skip(struct json_pull *p)
{
	json_pull_skip_rest(p, value(p, NULL));
}

/* --- texts ---------------------------------------------------------------------------------- */

/* To the next line that begins with '{', or to the end; a line at a time, for it may be long. */
static void recover(struct json_pull *p)
{
	free(TAKE(p->error));
	for (int c; (c = peek(p)) != END && !(c == '{' && p->is_new_line);) {
		const char *end = memchr(p->at, '\n', (size_t)(p->end - p->at));
		p->is_new_line = end != NULL;
		p->line += p->is_new_line;
		p->at = end ? end + 1 : p->end;
	}
}

bool json_pull_next(struct json_pull *p, size_t most)
{
	p->left = SIZE_MAX;
	if (p->error || p->depth > 0)
		recover(p);
	p->depth = 0;
	p->left = SIZE_MAX;
	int c = peek_word(p);
	p->first_line = p->line;
	p->left = most;
	return c != END || p->error;
}
