/* SPDX-License-Identifier: Apache-2.0 */
/* text.c: fuzzes what makes hostile text harmless, and what finds secrets in it. */
#include "text.h"

#include "fuzz.h"
#include "json_text.h"
#include "record.h"
#include "redact.h"

#define COLON "\\u{3a}"

static bool is_printable(const char *s, size_t n)
{
	for (size_t i = 0, len; i < n; i += len) {
		uint32_t c;

		len = utf8_decode(s + i, n - i, &c);
		if (len == 0 || c < 0x20 || (c >= 0x7f && c < 0xa0) ||
		    (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
			return false;
	}
	return true;
}

/* Clean text is printable, and leads back to the bytes that it was made of. */
static void clean_and_back(const char *data, size_t n)
{
	AUTO_TEXT struct text t = { 0 };

	text_clean(&t, data, n);
	FUZZ_CHECK(is_printable(text_str(&t), t.len), "is not clean: %s", text_str(&t));
	FUZZ_CHECK(strlen(text_str(&t)) == t.len, "has a NUL");
	AUTO_FREE char *back = xstrdup(text_str(&t));
	size_t len = text_unclean(back);

	FUZZ_CHECK(len == n && memcmp(back, data, n) == 0, "%s leads elsewhere", text_str(&t));
}

/* Whatever is saved may be brought back. */
static void unclean(const char *data, size_t n)
{
	AUTO_FREE char *text = fuzz_text(data, n);

	FUZZ_CHECK(text_unclean(text) <= n, "grew");
}

/* Nothing is lost by wrapping but blanks; a line's "::" is escaped. */
static void wrap(const char *data, size_t n)
{
	size_t width = n > 0 ? (unsigned char)*data : 0;
	AUTO_TEXT struct text clean_one = { 0 };
	AUTO_TEXT struct text wrapped = { 0 };

	text_clean(&clean_one, data, n);
	text_wrap(&wrapped, text_str(&clean_one), width / 4, width / 8, width);
	const char *a = text_str(&clean_one), *b = text_str(&wrapped);

	for (;;) {
		while (*a == ' ')
			a++;
		while (*b == ' ' || *b == '\n')
			b++;
		if (starts_with(a, "::") && starts_with(b, COLON)) {
			a++;
			b += strlen(COLON);
			continue;
		}
		FUZZ_CHECK(*a == *b, "lost: %s, got: %s", a, b);
		if (!*a++)
			return;
		b++;
	}
}

/* A token that stands by itself is found, whatever is around it. */
static void redact(const char *data, size_t n)
{
	static const char token[] = " ghp_16C7e42F292c6912E7710c838347Ae178B4a ";
	AUTO_FREE char *text = fuzz_text(data, n);

	utf8_mend(text, n);
	size_t half = strlen(text) / 2;
	while ((text[half] & 0xc0) == 0x80)
		half++;
	AUTO_FREE char *planted = xasprintf("%.*s%s%s", (int)half, text, token, text + half);
	AUTO_FREE char *once = redact_text(planted);
	AUTO_FREE char *twice = redact_text(once);

	FUZZ_CHECK(!strstr(once, token), "%s", once);
	fuzz_fact(json_string(twice));
	redact_classify(text, strlen(text));
}

static void redact_value(const char *data, size_t n)
{
	CLEANUP(err_done) struct err err = { 0 };
	AUTO_FREE char *text = fuzz_text(data, n);
	json_t *value = json_parse_hostile(text, n, &err);

	if (!value)
		return;
	redact_json(value);
	fuzz_fact(value);
}

/* Our own writer of JSON writes what jansson does. */
static void write_json(const char *data, size_t n)
{
	CLEANUP(err_done) struct err err = { 0 };
	AUTO_FREE char *text = fuzz_text(data, n);
	AUTO_JSON json_t *value = json_parse_hostile(text, n, &err);
	char buf[2048];
	size_t len = value ? json_text(buf, sizeof(buf), value) : 0;

	if (len == 0)
		return;
	AUTO_FREE char *wanted = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	FUZZ_CHECK(strlen(wanted) == len && memcmp(wanted, buf, len) == 0, "%.*s is not %s",
		   (int)len, buf, wanted);
}

FUZZ(text)
{
	static void (*const parsers[])(const char *, size_t) = { clean_and_back, unclean,
								 wrap,           redact,
								 redact_value,   write_json };
	unsigned which = fuzz_pick(&data, &n, ARRAY_SIZE(parsers));

	parsers[which]((const char *)data, n);
	return 0;
}
