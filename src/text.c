/* SPDX-License-Identifier: Apache-2.0 */
/* text.c: growing strings, and the one place where hostile text is made harmless. */
#include "text.h"

#include <stdarg.h>

void text_done(struct text *t)
{
	if (!t)
		return;
	free(t->s);
	*t = (struct text){ 0 };
}

/* Room for n more bytes and the NUL. */
static void reserve(struct text *t, size_t n)
{
	if (t->s && n < t->cap - t->len)
		return;
	size_t cap = t->cap ? t->cap : 64;
	while (cap - t->len <= n)
		cap *= 2;
	t->s = xrealloc(t->s, cap);
	t->cap = cap;
}

void text_add_n(struct text *t, const char *s, size_t n)
{
	reserve(t, n);
	if (n > 0)
		memcpy(t->s + t->len, s, n);
	t->len += n;
	t->s[t->len] = '\0';
}

void text_add(struct text *t, const char *s)
{
	text_add_n(t, s, strlen(s));
}

static bool is_inside_character(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

void text_add_short(struct text *t, const char *s, size_t most)
{
	size_t n = strlen(s), head = most / 3 * 2, tail = n - most / 3;
	if (n <= most) {
		text_add_n(t, s, n);
		return;
	}
	while (head > 0 && is_inside_character(s[head]))
		head--;
	while (is_inside_character(s[tail]))
		tail++;
	text_add_n(t, s, head);
	text_add(t, "…");
	text_add(t, s + tail);
}

void text_add_char(struct text *t, char c)
{
	text_add_n(t, &c, 1);
}

void text_printf(struct text *t, const char *format, ...)
{
	va_list ap, again;
	va_start(ap, format);
	va_copy(again, ap);
	reserve(t, 0);
	size_t room = t->cap - t->len;
	int n = vsnprintf(t->s + t->len, room, format, ap);
	va_end(ap);
	if (n > 0 && (size_t)n >= room) {
		reserve(t, (size_t)n);
		vsnprintf(t->s + t->len, (size_t)n + 1, format, again);
	}
	if (n > 0)
		t->len += (size_t)n;
	va_end(again);
}

void text_clear(struct text *t)
{
	t->len = 0;
	if (t->s)
		t->s[0] = '\0';
}

const char *text_str(const struct text *t)
{
	return t->s ? t->s : "";
}

char *text_take(struct text *t)
{
	char *s = t->s ? t->s : xstrdup("");
	*t = (struct text){ 0 };
	return s;
}

/* Well-formed byte sequences: The Unicode Standard, table 3-7. Only the second byte is ever
 * narrower. */
struct lead {
	unsigned char first, last; /* of the first byte */
	unsigned char more;        /* bytes that follow */
	unsigned char low, high;   /* of the second byte */
};

static const struct lead leads[] = {
	{ 0xc2, 0xdf, 1, 0x80, 0xbf }, { 0xe0, 0xe0, 2, 0xa0, 0xbf }, { 0xe1, 0xec, 2, 0x80, 0xbf },
	{ 0xed, 0xed, 2, 0x80, 0x9f }, { 0xee, 0xef, 2, 0x80, 0xbf }, { 0xf0, 0xf0, 3, 0x90, 0xbf },
	{ 0xf1, 0xf3, 3, 0x80, 0xbf }, { 0xf4, 0xf4, 3, 0x80, 0x8f },
};

static const struct lead *find_lead(unsigned char c)
{
	for (size_t i = 0; i < ARRAY_SIZE(leads); i++)
		if (c >= leads[i].first && c <= leads[i].last)
			return &leads[i];
	return NULL;
}

size_t utf8_decode(const char *s, size_t n, uint32_t *ret)
{
	const unsigned char *p = (const unsigned char *)s;
	if (n > 0 && p[0] < 0x80) {
		*ret = p[0];
		return 1;
	}
	const struct lead *lead = n > 0 ? find_lead(p[0]) : NULL;
	if (!lead || n <= lead->more || p[1] < lead->low || p[1] > lead->high)
		return 0;
	uint32_t c = p[0] & (0x3fu >> lead->more);
	for (size_t i = 1; i <= lead->more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	*ret = c;
	return lead->more + 1u;
}

bool range_has(const struct range *ranges, size_t n, uint32_t c)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (c > ranges[mid].last)
			low = mid + 1;
		else if (c < ranges[mid].first)
			high = mid;
		else
			return true;
	}
	return false;
}

/*
 * Controls, and what changes or hides other text without being seen: general categories Cc, Zl and
 * Zp, the property Default_Ignorable_Code_Point (which holds nearly all of Cf), the annotation
 * characters, and noncharacters; the last two of each plane are tested by arithmetic.
 */
static const struct range unprintable[] = {
	{ 0x0000, 0x001f },   { 0x007f, 0x009f },   { 0x00ad, 0x00ad },   { 0x034f, 0x034f },
	{ 0x061c, 0x061c },   { 0x115f, 0x1160 },   { 0x17b4, 0x17b5 },   { 0x180b, 0x180f },
	{ 0x200b, 0x200f },   { 0x2028, 0x202e },   { 0x2060, 0x206f },   { 0x3164, 0x3164 },
	{ 0xfdd0, 0xfdef },   { 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },
	{ 0xfff0, 0xfffb },   { 0x13430, 0x13440 }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
	{ 0xe0000, 0xe0fff },
};

static bool is_printable(uint32_t c)
{
	if (c >= 0x20 && c < 0x7f)
		return true;
	return (c & 0xfffe) != 0xfffe && !range_has(unprintable, ARRAY_SIZE(unprintable), c);
}

/* Would a backslash before these bytes read as one of our escapes? */
static bool looks_escaped(const char *s, size_t n)
{
	uint32_t c;
	if (n == 0)
		return false;
	if (*s == 'n' || *s == 't' || *s == 'x' || *s == 'u' || *s == '\\')
		return true;
	return utf8_decode(s, n, &c) == 0 || !is_printable(c);
}

static void escape(struct text *t, uint32_t c)
{
	if (c == '\n')
		text_add(t, "\\n");
	else if (c == '\t')
		text_add(t, "\\t");
	else if (c < 0x80)
		text_printf(t, "\\x%02x", (unsigned)c);
	else
		text_printf(t, "\\u{%04x}", (unsigned)c);
}

/* Bytes at s that need no second look. */
static size_t plain_run(const char *s, size_t n)
{
	size_t i = 0;
	while (i < n && s[i] >= 0x20 && s[i] < 0x7f && s[i] != '\\')
		i++;
	return i;
}

void text_clean(struct text *t, const char *s, size_t n)
{
	reserve(t, n);
	while (n > 0) {
		size_t step = plain_run(s, n);
		uint32_t c = 0;
		if (step > 0) {
			text_add_n(t, s, step);
		} else if ((step = utf8_decode(s, n, &c)) == 0) {
			text_printf(t, "\\x%02x", (unsigned)(unsigned char)*s);
			step = 1;
		} else if (c == '\\') {
			text_add(t, looks_escaped(s + 1, n - 1) ? "\\\\" : "\\");
		} else if (is_printable(c)) {
			text_add_n(t, s, step);
		} else {
			escape(t, c);
		}
		s += step;
		n -= step;
	}
	t->s[t->len] = '\0';
}

char *clean(const char *s)
{
	struct text t = { 0 };
	if (s)
		text_clean(&t, s, strlen(s));
	return text_take(&t);
}

bool text_is_command(const char *s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	return starts_with(s, "##") && s[2 + strspn(s + 2, letters)] == '[';
}

char *clean_for_log(const char *s)
{
	struct text t = { 0 };
	AUTO_FREE char *cleaned = clean(s);
	for (const char *c = cleaned; *c; c++) {
		if (text_is_command(c))
			text_add(&t, "\\x23");
		else
			text_add_char(&t, *c);
	}
	return text_take(&t);
}

/* One of our escapes at s (after its backslash): its length and *ret, or 0. */
static size_t read_escape(const char *s, uint32_t *ret)
{
	bool is_byte = *s == 'x';
	if (!is_byte && (s[0] != 'u' || s[1] != '{'))
		return 0;
	const char *digits = s + (is_byte ? 1 : 2);
	size_t n = strspn(digits, "0123456789abcdef");
	if (!is_byte && (digits[n] != '}' || n < 4 || n > 6))
		return 0;
	if (is_byte && n < 2)
		return 0;
	n = is_byte ? 2 : n;
	*ret = 0;
	for (size_t i = 0; i < n; i++)
		*ret = *ret * 16 +
		       (uint32_t)(digits[i] <= '9' ? digits[i] - '0' : digits[i] - 'a' + 10);
	return is_byte ? 3 : n + 3;
}

static size_t put_utf8(char *to, uint32_t c)
{
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	for (size_t i = n; i-- > 1; c >>= 6)
		to[i] = (char)(0x80 | (c & 0x3f));
	to[0] = (char)(lead[n] | c);
	return n;
}

size_t text_unclean(char *s)
{
	char *to = s, *start = s;
	while (*s) {
		uint32_t c = 0;
		size_t n = 0;
		if (*s != '\\') {
			*to++ = *s++;
		} else if (s[1] == '\\') {
			*to++ = '\\';
			s += 2;
		} else if (s[1] == 'n' || s[1] == 't') {
			*to++ = s[1] == 'n' ? '\n' : '\t';
			s += 2;
		} else if ((n = read_escape(s + 1, &c)) > 0 && c < 0x110000) {
			bool is_byte = s[1] == 'x' || c < 0x80;
			s += n + 1;
			if (is_byte)
				*to++ = (char)c;
			else
				to += put_utf8(to, c);
		} else {
			*to++ = *s++;
		}
	}
	*to = '\0';
	return (size_t)(to - start);
}
