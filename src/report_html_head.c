/* SPDX-License-Identifier: Apache-2.0 */
/* report_html_head.c: the HTML report's beginning: the verdict, its numbers, what was not read. */
#include "eval.h"
#include "report_html.h"
#include "report_verdict.h"

static const char *host_name(const struct report *r)
{
	const char *name = r->target.hostname;
	return name && *name ? name : "unnamed host";
}

static void write_document_head(const struct html *h)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n", h->out);
	html_printf(h,
		    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		    "style-src 'sha256-%s'; script-src 'sha256-%s'; base-uri 'none'; "
		    "form-action 'none'\">\n",
		    html_style_sum, html_script_sum);
	fputs("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"referrer\" content=\"no-referrer\">\n"
	      "<meta name=\"robots\" content=\"noindex\">\n"
	      "<title>",
	      h->out);
	html_text(h, host_name(h->report));
	html_printf(h, ": %s - seaworthy</title>\n<style>%s</style>\n</head>\n",
		    report_verdict_word(h->report), html_style);
}

static void write_dotted(const struct html *h, bool *is_first, const char *before, const char *raw)
{
	if (!raw || !*raw)
		return;
	html_printf(h, "%s%s", *is_first ? "" : " <span class=\"dot\">·</span> ", before);
	html_name(h, raw);
	*is_first = false;
}

static void write_target(const struct html *h)
{
	const struct report *r = h->report;
	const struct target *t = &r->target;
	bool is_named = t->os_name && *t->os_name, is_first = true;

	fputs("<p class=\"target\">", h->out);
	write_dotted(h, &is_first, "", is_named ? t->os_name : t->os_id);
	write_dotted(h, &is_first, "Linux ", t->kernel);
	if (t->has_engine) {
		AUTO_FREE char *engine =
			xasprintf("%s %s", t->engine_name ? t->engine_name : "engine",
				  t->engine_version ? t->engine_version : "");
		write_dotted(h, &is_first, "", engine);
	} else {
		write_dotted(h, &is_first, "", "no engine");
	}
	write_dotted(h, &is_first, "collected ", r->started);
	fputs("</p>\n", h->out);
}

static size_t count_of(const struct summary *s, enum outcome o)
{
	static const enum sw_verdict of[OUTCOMES] = {
		[OUTCOME_FAIL] = SW_FAIL,   [OUTCOME_UNKNOWN] = SW_UNKNOWN,
		[OUTCOME_REVIEW] = SW_WARN, [OUTCOME_PASS] = SW_PASS,
		[OUTCOME_SKIP] = SW_SKIP,
	};
	return o == OUTCOME_WAIVED ? s->waived : s->count[of[o]];
}

/* The same numbers as a strip; for eyes only, they are said below it. */
static void write_bar(const struct html *h)
{
	const struct report *r = h->report;
	size_t at = 0;

	if (r->n_results == 0)
		return;
	html_printf(h,
		    "<svg class=\"bar\" viewBox=\"0 0 %zu 1\" preserveAspectRatio=\"none\" "
		    "aria-hidden=\"true\" focusable=\"false\">",
		    r->n_results);
	for (size_t i = 0; i < HTML_COLUMNS; i++) {
		size_t n = count_of(&r->summary, html_columns[i]);
		if (n > 0)
			html_printf(h,
				    "<rect class=\"%s\" x=\"%zu\" y=\"0\" width=\"%zu\" "
				    "height=\"1\"/>",
				    html_part(html_columns[i]), at, n);
		at += n;
	}
	fputs("</svg>\n", h->out);
}

static bool has_part(const struct html *h, const char *part)
{
	for (enum outcome o = 0; o < OUTCOMES; o++)
		if (h->outcomes[o] > 0 && streq(html_part(o), part))
			return true;
	return false;
}

static void write_numbers(const struct html *h)
{
	fputs("<ul class=\"numbers\" aria-label=\"Rules by verdict\">\n", h->out);
	for (size_t i = 0; i < HTML_COLUMNS; i++) {
		const char *part = html_part(html_columns[i]);
		size_t n = count_of(&h->report->summary, html_columns[i]);
		bool is_link = n > 0 && has_part(h, part);
		html_printf(h, "<li class=\"%s\">", n > 0 ? part : "none");
		if (is_link)
			html_printf(h, "<a href=\"#%s\">", part);
		html_printf(h, "<b>%zu</b> %s%s</li>\n", n, part, is_link ? "</a>" : "");
	}
	fputs("</ul>\n", h->out);
}

/* What is not as it was: it makes the exit status, where a baseline has the rest. */
static void write_since(const struct html *h)
{
	const struct report *r = h->report;
	size_t counts[CHANGE_KNOWN + 1] = { 0 };

	if (!r->baseline)
		return;
	for (size_t i = 0; i < r->n_results; i++)
		counts[html_change(&r->results[i])]++;
	fputs("<p class=\"of\">Since ", h->out);
	html_code(h, r->baseline);
	html_printf(h,
		    ": rules with something new %zu, with something worse %zu, not new %zu.</p>\n",
		    counts[CHANGE_NEW], counts[CHANGE_WORSE], r->n_known);
}

static void write_verdict(const struct html *h)
{
	const struct report *r = h->report;
	static const char *const looks[] = { "pass", "fail", "fail", "unknown" };
	bool is_status = r->exit_status >= 0 && (size_t)r->exit_status < ARRAY_SIZE(looks);
	const char *word = report_verdict_word(r), *gap = report_gap(r);
	AUTO_TEXT struct text t = { 0 };

	report_verdict_add(&t, r);
	html_printf(h,
		    "<section class=\"verdict %s\" aria-labelledby=\"h-verdict\">\n"
		    "<h2 id=\"h-verdict\" class=\"word\">%s</h2>\n<p class=\"sentence\">",
		    streq(word, "DONE") ? "skip" : looks[is_status ? r->exit_status : 2], word);
	html_text(h, text_str(&t));
	fputs("</p>\n", h->out);
	write_since(h);
	if (gap)
		html_printf(h, "<p class=\"gap\"><strong>Not complete:</strong> %s.</p>\n", gap);
	write_bar(h);
	write_numbers(h);
	fputs("</section>\n", h->out);
}

static bool is_said_before(const struct report *r, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (streq(r->unread[i].reason, r->unread[at].reason))
			return true;
	return false;
}

/* Sections of one reason together. */
static void write_unread_reasons(const struct html *h)
{
	const struct report *r = h->report;
	fputs("<ul>\n", h->out);
	for (size_t i = 0; i < r->n_unread; i++) {
		if (is_said_before(r, i))
			continue;
		fputs("<li>", h->out);
		for (size_t k = i; k < r->n_unread; k++) {
			if (!streq(r->unread[k].reason, r->unread[i].reason))
				continue;
			fputs(k > i ? ", " : "", h->out);
			html_code(h, r->unread[k].section);
		}
		fputs(": ", h->out);
		html_name(h, r->unread[i].reason);
		fputs("</li>\n", h->out);
	}
	fputs("</ul>\n", h->out);
}

static void write_unread(const struct html *h)
{
	const struct report *r = h->report;
	const char *const lines[] = { r->missing_privilege, r->sandbox_missing };

	if (r->n_unread == 0 && !lines[0] && !lines[1])
		return;
	fputs("<section class=\"note\" id=\"unread\" aria-labelledby=\"h-unread\">\n"
	      "<h2 id=\"h-unread\">What could not be read</h2>\n",
	      h->out);
	if (r->n_unread > 0)
		write_unread_reasons(h);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		if (!lines[i])
			continue;
		fputs("<p>", h->out);
		html_name(h, lines[i]);
		fputs("</p>\n", h->out);
	}
	fputs("</section>\n", h->out);
}

static void write_warnings(const struct html *h)
{
	const struct warnings *w = &h->report->warnings;

	if (w->n == 0)
		return;
	fputs("<section class=\"note\" id=\"warnings\" aria-labelledby=\"h-warnings\">\n"
	      "<h2 id=\"h-warnings\">Warnings</h2>\n<ul>\n",
	      h->out);
	for (size_t i = 0; i < w->n; i++) {
		fputs("<li>", h->out);
		if (*w->v[i].place) {
			html_code(h, w->v[i].place);
			fputs(": ", h->out);
		}
		html_name(h, w->v[i].text);
		fputs("</li>\n", h->out);
	}
	fputs("</ul>\n</section>\n", h->out);
}

void html_head(const struct html *h)
{
	write_document_head(h);
	fputs("<body>\n<a class=\"jump\" href=\"#results\">To the results</a>\n"
	      "<header>\n<p class=\"tool\">seaworthy report</p>\n<h1>",
	      h->out);
	html_name(h, host_name(h->report));
	fputs("</h1>\n", h->out);
	write_target(h);
	fputs("</header>\n<main>\n", h->out);
	write_verdict(h);
	write_unread(h);
	write_warnings(h);
}
