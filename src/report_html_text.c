/* SPDX-License-Identifier: Apache-2.0 */
/* report_html_text.c: the HTML report's words: escaped text, frames and links. */
#include <stdarg.h>

#include "eval.h"
#include "report_html.h"

const enum outcome html_columns[HTML_COLUMNS] = { OUTCOME_FAIL,   OUTCOME_UNKNOWN, OUTCOME_REVIEW,
						  OUTCOME_WAIVED, OUTCOME_PASS,    OUTCOME_SKIP };

/* Fit for text and for quoted attributes. */
static void write_escaped(FILE *out, const char *s)
{
	static const char marks[] = "&<>\"'";
	static const char *const entities[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#39;" };

	while (*s) {
		size_t n = strcspn(s, marks);
		fwrite(s, 1, n, out);
		s += n;
		if (*s)
			fputs(entities[strchr(marks, *s++) - marks], out);
	}
}

void html_text(const struct html *h, const char *raw)
{
	AUTO_FREE char *said = clean(raw ? raw : "");
	write_escaped(h->out, said);
}

void html_name(const struct html *h, const char *raw)
{
	fputs("<bdi>", h->out);
	html_text(h, raw);
	fputs("</bdi>", h->out);
}

void html_code(const struct html *h, const char *raw)
{
	fputs("<code>", h->out);
	html_text(h, raw);
	fputs("</code>", h->out);
}

void html_block(const struct html *h, const char *raw)
{
	AUTO_TEXT struct text t = { 0 };
	text_clean_lines(&t, raw);
	fputs("<pre>", h->out);
	write_escaped(h->out, text_str(&t));
	fputs("</pre>", h->out);
}

void html_printf(const struct html *h, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	vfprintf(h->out, format, ap);
	va_end(ap);
}

void html_item(const struct html *h, const char *label)
{
	html_printf(h, "<dt>%s</dt><dd>", label);
}

void html_item_end(const struct html *h)
{
	fputs("</dd>\n", h->out);
}

void html_tag(const struct html *h, enum outcome o)
{
	html_printf(h, "<span class=\"tag %s\">%s</span>", html_part(o), html_part(o));
}

const char *html_part(enum outcome o)
{
	return words_of(o)->verdict;
}

/* An id holds no blank; what is not plain is written by its code, so that no two become one. */
static void write_id(FILE *out, const char *raw)
{
	for (const unsigned char *c = (const unsigned char *)raw; *c; c++) {
		bool is_plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
				(*c >= '0' && *c <= '9') || strchr("-./", *c);
		if (is_plain)
			putc(*c, out);
		else
			fprintf(out, "_%02X", *c);
	}
}

/* A profile may apply one check twice under one number, with other parameters. */
static size_t ordinal(const struct report *r, const struct result *res)
{
	size_t n = 0;
	for (const struct result *other = r->results; other < res; other++)
		n += other->rule->check == res->rule->check &&
		     other->rule->profile == res->rule->profile &&
		     streq(other->rule->ref, res->rule->ref);
	return n;
}

void html_anchor(const struct html *h, const struct result *res)
{
	AUTO_FREE char *key = rule_key(res->rule);
	size_t n = ordinal(h->report, res);

	write_id(h->out, key);
	if (n > 0)
		html_printf(h, "/%zu", n + 1);
}

void html_link(const struct html *h, const struct result *res)
{
	fputs("<a href=\"#", h->out);
	html_anchor(h, res);
	fputs("\">", h->out);
	html_name(h, res->rule->ref);
	putc(' ', h->out);
	html_name(h, res->rule->title);
	fputs("</a>", h->out);
}

size_t html_section(const struct html *h, const struct result *res)
{
	size_t i = 0;
	while (i + 1 < h->n_sections && !section_has(&h->sections[i], res))
		i++;
	return i;
}
