/* SPDX-License-Identifier: Apache-2.0 */
/* t_text.c: hostile text is made harmless, widths are right, and wrapping loses nothing. */
#include "harness.h"
#include "text.h"

static const struct {
	const char *raw;
	size_t n; /* 0: strlen */
	const char *clean;
} cleaned[] = {
	{ "", 0, "" },
	{ "plain text ~!", 0, "plain text ~!" },
	{ "a\nb\tc\rd", 0, "a\\nb\\tc\\x0dd" },
	{ "nul\0here", 8, "nul\\x00here" },
	{ "\x1b[31m\x07\x7f", 0, "\\x1b[31m\\x07\\x7f" },
	{ "\xc2\x9b"
	  "31m",
	  0, "\\u{009b}31m" },
	{ "\xc2\x80\xc2\x9f\xc2\xa0", 0, "\\u{0080}\\u{009f}\xc2\xa0" },
	/* bidirectional overrides and isolates, marks, separators, invisibles */
	{ "\xe2\x80\xaa\xe2\x80\xae", 0, "\\u{202a}\\u{202e}" },
	{ "\xe2\x81\xa6\xe2\x81\xa9", 0, "\\u{2066}\\u{2069}" },
	{ "\xe2\x80\xa8\xe2\x80\xa9", 0, "\\u{2028}\\u{2029}" },
	{ "\xe2\x80\x8b\xe2\x80\x8d\xe2\x80\x8f", 0, "\\u{200b}\\u{200d}\\u{200f}" },
	{ "\xe2\x80\xaf", 0, "\xe2\x80\xaf" }, /* U+202F, a space that shows */
	{ "\xef\xbb\xbf", 0, "\\u{feff}" },
	{ "\xc2\xad\xd8\x9c\xe1\xa0\x8e", 0, "\\u{00ad}\\u{061c}\\u{180e}" },
	{ "\xe3\x85\xa4\xef\xbe\xa0", 0, "\\u{3164}\\u{ffa0}" },
	{ "\xf3\xa0\x81\x81", 0, "\\u{e0041}" }, /* a tag letter */
	{ "\xef\xb8\x8f", 0, "\\u{fe0f}" },
	/* noncharacters */
	{ "\xef\xbf\xbe\xef\xbf\xbf", 0, "\\u{fffe}\\u{ffff}" },
	{ "\xef\xb7\x90", 0, "\\u{fdd0}" },
	{ "\xf0\x9f\xbf\xbe\xf4\x8f\xbf\xbf", 0, "\\u{1fffe}\\u{10ffff}" },
	{ "\xef\xbf\xbd", 0, "\xef\xbf\xbd" },
	/* good UTF-8 of each length */
	{ "\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x98\x80", 0, "\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x98\x80" },
	/* overlong forms */
	{ "\xc0\xaf", 0, "\\xc0\\xaf" },
	{ "\xc1\xbf", 0, "\\xc1\\xbf" },
	{ "\xe0\x80\xaf", 0, "\\xe0\\x80\\xaf" },
	{ "\xe0\x9f\xbf", 0, "\\xe0\\x9f\\xbf" },
	{ "\xf0\x80\x80\xaf", 0, "\\xf0\\x80\\x80\\xaf" },
	{ "\xf0\x8f\xbf\xbf", 0, "\\xf0\\x8f\\xbf\\xbf" },
	/* surrogates, and beyond U+10FFFF */
	{ "\xed\xa0\x80", 0, "\\xed\\xa0\\x80" },
	{ "\xed\xbf\xbf", 0, "\\xed\\xbf\\xbf" },
	{ "\xed\x9f\xbf", 0, "\xed\x9f\xbf" },
	{ "\xf4\x90\x80\x80", 0, "\\xf4\\x90\\x80\\x80" },
	{ "\xf5\x80\x80\x80\xff\xfe", 0, "\\xf5\\x80\\x80\\x80\\xff\\xfe" },
	/* cut short, or a continuation that stands alone */
	{ "\xe2\x80", 0, "\\xe2\\x80" },
	{ "\xe2\x80z", 0, "\\xe2\\x80z" },
	{ "\xc3", 0, "\\xc3" },
	{ "\x80x", 0, "\\x80x" },
	{ "\xf0\x9f\x98", 3, "\\xf0\\x9f\\x98" },
	{ "\xe2\x82\xac", 2, "\\xe2\\x82" },
	/* a backslash is doubled only where it would read as one of ours */
	{ "C:\\dir \\d+ \\", 0, "C:\\dir \\d+ \\" },
	{ "\\n \\t \\x41 \\u{41} \\\\", 0, "\\\\n \\\\t \\\\x41 \\\\u{41} \\\\\\" },
	{ "\\\n", 0, "\\\\\\n" },
	{ "\\\xff", 0, "\\\\\\xff" },
};

START_TEST(cleans)
{
	AUTO_TEXT struct text t = { 0 };
	const char *raw = cleaned[_i].raw;
	text_add(&t, ">");
	text_clean(&t, raw, cleaned[_i].n ? cleaned[_i].n : strlen(raw));
	ck_assert_str_eq(text_str(&t) + 1, cleaned[_i].clean);
	ck_assert_uint_eq(t.len, strlen(cleaned[_i].clean) + 1);
}
END_TEST

/* What text_clean() wrote, read back. Returns the length, or SIZE_MAX when it is no such text. */
static size_t undo(const char *s, char *ret)
{
	size_t n = 0;
	while (*s) {
		if (*s != '\\' || !s[1] || !strchr("ntxu\\", s[1])) {
			ret[n++] = *s++;
			continue;
		}
		char kind = s[1];
		s += 2;
		if (kind == 'n' || kind == 't' || kind == '\\') {
			ret[n++] = kind == 'n' ? '\n' : kind == 't' ? '\t' : '\\';
		} else if (kind == 'x') {
			ret[n++] = (char)strtoul((char[]){ s[0], s[1], 0 }, NULL, 16);
			s += 2;
		} else {
			char *end;
			unsigned long c = strtoul(s + 1, &end, 16);
			if (*s != '{' || *end != '}')
				return SIZE_MAX;
			size_t more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
			static const unsigned char lead[] = { 0, 0xc0, 0xe0, 0xf0 };
			ret[n++] = (char)(lead[more] | c >> 6 * more);
			for (; more > 0; more--)
				ret[n++] = (char)(0x80 | (c >> 6 * (more - 1) & 0x3f));
			s = end + 1;
		}
	}
	return n;
}

static void assert_printable(const char *s)
{
	for (size_t n = strlen(s); n > 0;) {
		uint32_t c = 0;
		size_t bytes = utf8_decode(s, n, &c);
		ck_assert_uint_gt(bytes, 0);
		ck_assert(c >= 0x20 && !(c >= 0x7f && c <= 0x9f));
		ck_assert(!(c >= 0x202a && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069));
		s += bytes;
		n -= bytes;
	}
}

/* No two texts are cleaned to the same one, and what comes out is always printable. */
START_TEST(cleaning_is_reversible)
{
	static const char alphabet[] = "\\nxu{4}1\n\xe2\x80\xae\xf0\x9f\xc3\xa9\xed\xa0 a\x00\xff";
	uint32_t seed = 1;
	for (int round = 0; round < 20000; round++) {
		char raw[12], back[64];
		size_t n = 1 + (seed >> 16) % sizeof(raw);
		for (size_t i = 0; i < n; i++) {
			seed = seed * 1103515245 + 12345;
			raw[i] = alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
		}
		AUTO_TEXT struct text t = { 0 };
		text_clean(&t, raw, n);
		assert_printable(text_str(&t));
		ck_assert_uint_eq(undo(text_str(&t), back), n);
		ck_assert_mem_eq(raw, back, n);
		AUTO_FREE char *again = xstrdup(text_str(&t));
		ck_assert_uint_eq(text_unclean(again), n);
		ck_assert_mem_eq(raw, again, n);
	}
}
END_TEST

/* Every code point: either unchanged, or escaped; surrogates never decode. */
START_TEST(every_code_point)
{
	for (uint32_t c = 0x80; c <= 0x10ffff; c++) {
		char s[5] = { 0 };
		size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
		static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
		s[0] = (char)(lead[n] | c >> 6 * (n - 1));
		for (size_t i = 1; i < n; i++)
			s[i] = (char)(0x80 | (c >> 6 * (n - 1 - i) & 0x3f));
		uint32_t back = 0;
		bool is_surrogate = c >= 0xd800 && c <= 0xdfff;
		ck_assert_uint_eq(utf8_decode(s, n, &back), is_surrogate ? 0 : n);
		if (is_surrogate)
			continue;
		ck_assert_uint_eq(back, c);
		for (size_t cut = 0; cut < n; cut++)
			ck_assert_uint_eq(utf8_decode(s, cut, &back), 0);
	}
}
END_TEST

START_TEST(grows)
{
	AUTO_TEXT struct text t = { 0 };
	ck_assert_str_eq(text_str(&t), "");
	for (int i = 0; i < 1000; i++)
		text_printf(&t, "%03d,%s", i,
			    i % 100 ? "" : "a line that is longer than what is left\n");
	ck_assert_uint_eq(t.len, 1000 * 4 + 10 * 40);
	ck_assert_uint_eq(strlen(text_str(&t)), t.len);
	text_clear(&t);
	ck_assert_str_eq(text_str(&t), "");
	text_add_char(&t, 'x');
	AUTO_FREE char *s = text_take(&t);
	ck_assert_str_eq(s, "x");
	AUTO_FREE char *empty = text_take(&t);
	ck_assert_str_eq(empty, "");
	AUTO_FREE char *none = clean(NULL);
	ck_assert_str_eq(none, "");
}
END_TEST

static const struct {
	const char *s;
	size_t width;
} widths[] = {
	{ "", 0 },
	{ "abc", 3 },
	{ "\xc3\xa9\xc2\xb7", 2 },
	{ "\xe6\xbc\xa2\xe5\xad\x97", 4 }, /* two ideographs */
	{ "\xed\x95\x9c", 2 },             /* a Hangul syllable */
	{ "\xef\xbc\xa1", 2 },             /* a fullwidth letter */
	{ "\xef\xbd\xb1", 1 },             /* a halfwidth one */
	{ "e\xcc\x81", 1 },                /* a combining accent */
	{ "\xf0\x9f\x98\x80", 2 },         /* an emoji */
	{ "\xf0\xa0\x80\x80", 2 },         /* an ideograph of plane 2 */
	{ "\xe2\x80\xa6", 1 },
};

START_TEST(measures)
{
	ck_assert_uint_eq(text_width(widths[_i].s), widths[_i].width);
}
END_TEST

static const struct {
	const char *s;
	size_t column, indent, width;
	const char *wrapped;
} wraps[] = {
	{ "", 0, 0, 20, "" },
	{ "short", 4, 4, 40, "short" },
	{ "one two three four five", 0, 2, 20, "one two three four\n  five" },
	{ "exactly twenty chars", 0, 0, 20, "exactly twenty chars" },
	{ "exactly twenty chars!", 0, 0, 20, "exactly twenty\nchars!" },
	{ "first", 38, 4, 40, "\n    first" },
	{ "    mem: 1", 4, 4, 40, "    mem: 1" },
	{ "0123456789012345678901234", 0, 0, 20, "01234567890123456789\n01234" },
	{ "ab 0123456789012345678901234", 0, 1, 20, "ab\n 0123456789012345678\n 901234" },
	/* a wide character is not cut in two */
	{ "0123456789012345678\xe6\xbc\xa2", 0, 0, 20, "0123456789012345678\n\xe6\xbc\xa2" },
	/* never "::" at the start of a line */
	{ "0123456789012345678 ::error::x", 0, 0, 20, "0123456789012345678\n\\u{3a}:error::x" },
	{ "01234567890123456789::error", 0, 0, 20, "01234567890123456789\n\\u{3a}:error" },
	/* an indent that leaves no room is given some */
	{ "a bc", 30, 30, 10, "a bc" },
};

START_TEST(wraps_lines)
{
	AUTO_TEXT struct text t = { 0 };
	text_wrap(&t, wraps[_i].s, wraps[_i].column, wraps[_i].indent, wraps[_i].width);
	ck_assert_str_eq(text_str(&t), wraps[_i].wrapped);
}
END_TEST

START_TEST(shortens)
{
	static const struct {
		const char *s;
		size_t most;
		const char *shown;
	} rows[] = {
		{ "", 9, ">" },
		{ "123456789", 9, ">123456789" },
		{ "123456789a", 9, ">123456…89a" },
		{ "0123456789abcdefghijklmnopqrstuvwxyz: is privileged", 27,
		  ">0123456789abcdefgh…rivileged" },
		/* no character is cut in two, at either end */
		{ "12345\xc3\xa9xxxxxx\xe6\xbc\xa2"
		  "yz",
		  9, ">12345…yz" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO_TEXT struct text t = { 0 };
		text_add(&t, ">");
		text_add_short(&t, rows[i].s, rows[i].most);
		ck_assert_str_eq(text_str(&t), rows[i].shown);
	}
}
END_TEST

START_TEST(parts_commands)
{
	static const char *const rows[][2] = {
		{ "a ##vso[task.complete] b", "a \\x23#vso[task.complete] b" },
		{ "###[x]", "#\\x23#[x]" },
		{ "## heading [x]", "## heading [x]" },
		{ "a\033b", "a\\x1bb" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO_FREE char *s = clean_for_log(rows[i][0]);
		ck_assert_str_eq(s, rows[i][1]);
	}
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("text", &suite);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, cleans, 0, ARRAY_SIZE(cleaned));
	tcase_add_test(tc, cleaning_is_reversible);
	tcase_add_test(tc, every_code_point);
	tcase_add_test(tc, grows);
	tcase_add_test(tc, shortens);
	tcase_add_test(tc, parts_commands);
	tcase_add_loop_test(tc, measures, 0, ARRAY_SIZE(widths));
	tcase_add_loop_test(tc, wraps_lines, 0, ARRAY_SIZE(wraps));
	return harness_run(suite);
}
