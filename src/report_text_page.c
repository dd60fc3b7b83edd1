/* SPDX-License-Identifier: Apache-2.0 */
/* report_text_page.c: the text report's words, colours and lines. */
#include "report_text.h"

enum {
	LABEL_AT = 15,
	VALUE_AT = 23,
	LONGEST = 480, /* columns of one item */
	LONGEST_WITH_V = 4000,
};

/* What --ascii has a plain word for; all else that is not ASCII is written as \u{HHHH}. */
static const struct {
	uint32_t c;
	const char *ascii;
} folds[] = {
	{ 0x00a0, " " },  { 0x00ab, "<<" },  { 0x00b7, "-" },  { 0x00bb, ">>" }, { 0x00d7, "x" },
	{ 0x2013, "-" },  { 0x2014, "--" },  { 0x2018, "'" },  { 0x2019, "'" },  { 0x201c, "\"" },
	{ 0x201d, "\"" }, { 0x2026, "..." }, { 0x2192, "->" },
};

static void add_folded(struct text *t, uint32_t c)
{
	for (size_t i = 0; i < ARRAY_SIZE(folds); i++) {
		if (folds[i].c == c) {
			text_add(t, folds[i].ascii);
			return;
		}
	}
	text_printf(t, "\\u{%04x}", (unsigned)c);
}

static void fold(struct text *t, const char *s, size_t n)
{
	while (n > 0) {
		uint32_t c = 0;
		size_t bytes = utf8_decode(s, n, &c);
		if (bytes == 1)
			text_add_char(t, *s);
		else
			add_folded(t, c);
		bytes = bytes > 0 ? bytes : 1;
		s += bytes;
		n -= bytes;
	}
}

static void add_harmless(const struct page *p, struct text *t, const char *s)
{
	while (*s) {
		bool is_bad = text_is_command(s);
		size_t n = is_bad ? 1 : 1 + strcspn(s + 1, "#");
		if (is_bad)
			text_add(t, "\\x23");
		else if (p->options->ascii)
			fold(t, s, n);
		else
			text_add_n(t, s, n);
		s += n;
	}
}

void page_say(const struct page *p, struct text *t, const char *raw)
{
	AUTO_FREE char *cleaned = clean(raw);
	add_harmless(p, t, cleaned);
}

char *page_said(const struct page *p, const char *raw)
{
	struct text t = { 0 };
	page_say(p, &t, raw);
	return text_take(&t);
}

const char *page_dot(const struct page *p)
{
	return p->options->ascii ? "-" : "·";
}

const char *page_times(const struct page *p)
{
	return p->options->ascii ? "x" : "×";
}

void page_tinted(const struct page *p, enum tint tint, const char *said)
{
	static const char *const codes[] = {
		[PLAIN] = "",     [BOLD] = "1",    [DIM] = "2",   [RED_BOLD] = "1;31",
		[MAGENTA] = "35", [YELLOW] = "33", [CYAN] = "36", [GREEN_BOLD] = "1;32",
	};
	if (p->options->color && tint != PLAIN)
		fprintf(p->out, "\033[%sm%s\033[0m", codes[tint], said);
	else
		fputs(said, p->out);
}

static void write_wrapped(const struct page *p, const char *said, size_t column, size_t indent)
{
	AUTO_TEXT struct text t = { 0 };
	text_wrap(&t, said, column, indent, p->width);
	fputs(text_str(&t), p->out);
	putc('\n', p->out);
}

void page_wrapped(const struct page *p, const char *said, size_t column, size_t indent)
{
	static const char colon[] = "\\u{3a}"; /* as text_wrap() has it in the lines that follow */
	bool is_risky = starts_with(said, "::");
	if (is_risky) {
		fputs(colon, p->out);
		column += strlen(colon);
	}
	write_wrapped(p, said + is_risky, column, indent);
}

/* Bytes of s that fill at most so many columns. */
static size_t fitting(const char *s, size_t columns)
{
	size_t n = 0, len = strlen(s);
	while (n < len) {
		uint32_t c;
		size_t bytes = utf8_decode(s + n, len - n, &c);
		bytes = bytes > 0 ? bytes : 1;
		size_t width = text_width_n(s + n, bytes);
		if (width > columns)
			break;
		columns -= width;
		n += bytes;
	}
	return n;
}

void page_item(const struct page *p, const char *label, const char *said)
{
	AUTO_TEXT struct text t = { 0 };
	size_t most = p->options->verbose ? LONGEST_WITH_V : LONGEST;
	size_t n = strlen(said) > most ? fitting(said, most) : strlen(said);

	text_add_n(&t, said, n);
	if (said[n])
		text_printf(&t, "%s (cut; JSON has all)", p->options->ascii ? "..." : "…");
	fprintf(p->out, "%*s", LABEL_AT, "");
	page_tinted(p, DIM, label);
	fprintf(p->out, "%*s", (int)(VALUE_AT - LABEL_AT - strlen(label)), "");
	if (*label)
		write_wrapped(p, text_str(&t), VALUE_AT, VALUE_AT);
	else
		page_wrapped(p, text_str(&t), VALUE_AT, VALUE_AT);
}
