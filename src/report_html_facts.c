/* SPDX-License-Identifier: Apache-2.0 */
/* report_html_facts.c: the facts that a verdict of the HTML report rests on. */
#include "report_html.h"

enum {
	FACTS_OF = 3, /* findings whose facts are shown, without -v; the JSON report has all */
	OPEN_FACTS = 8,
};

/* Facts of one source share its cell; rows is 0 for those after the first. */
static void write_fact(const struct html *h, const struct evidence *e, size_t rows)
{
	fputs("<tr>", h->out);
	if (rows > 0) {
		html_printf(h, rows > 1 ? "<td rowspan=\"%zu\">" : "<td>", rows);
		html_name(h, e->source);
		fputs("</td>", h->out);
	}
	fputs("<td>", h->out);
	html_code(h, e->path);
	fputs("</td><td>", h->out);
	if (!e->value)
		fputs("<em>not read</em>", h->out);
	else if (streq(e->value, "null"))
		fputs("<em>absent</em>", h->out);
	else
		html_code(h, e->value);
	fputs("</td></tr>\n", h->out);
}

static bool is_same_source(const struct evidence *a, const struct evidence *b)
{
	return streq(a->source ? a->source : "", b->source ? b->source : "");
}

/* How many facts from there on are of one source. */
static size_t count_rows(const struct finding *f, size_t at)
{
	size_t n = 1;
	if (at > 0 && is_same_source(&f->evidence[at - 1], &f->evidence[at]))
		return 0;
	while (at + n < f->n_evidence && is_same_source(&f->evidence[at], &f->evidence[at + n]))
		n++;
	return n;
}

static void write_facts_of(const struct html *h, const struct result *res, const struct finding *f)
{
	if (f->n_evidence == 0)
		return;
	fputs("<tbody>\n", h->out);
	if (f->subject->kind != SW_HOST && f->subject->kind != SW_ENGINE) {
		fputs("<tr><th colspan=\"3\" scope=\"rowgroup\">", h->out);
		html_subject(h, res, f);
		fputs("</th></tr>\n", h->out);
	}
	for (size_t i = 0; i < f->n_evidence; i++)
		write_fact(h, &f->evidence[i], count_rows(f, i));
	fputs("</tbody>\n", h->out);
}

/* Of the first of those that are alike; with -v of each finding. Returns how many facts that are;
 * writes them where it is told to. */
static size_t each_fact(const struct html *h, const struct result *res, const struct alikes *a,
			bool is_written)
{
	bool is_whole = h->options->verbose;
	size_t n = a->n_bad > 0 ? a->n_bad : a->n, facts = 0;

	for (size_t i = 0; i < n && (is_whole || i < FACTS_OF); i++)
		for (size_t k = 0; k < a->list[i].n && (is_whole || k == 0); k++) {
			const struct finding *f = a->list[i].members[k].finding;
			facts += f->n_evidence;
			if (is_written)
				write_facts_of(h, res, f);
		}
	return facts;
}

void html_facts(const struct html *h, const struct result *res)
{
	CLEANUP(alikes_done) struct alikes a = alikes_of(h->report, res);
	size_t facts = each_fact(h, res, &a, false);

	if (facts == 0)
		return;
	html_item(h, "from");
	if (facts > OPEN_FACTS)
		html_printf(h, "<details class=\"more\"><summary>%zu facts</summary>\n", facts);
	fputs("<div class=\"wide\"><table class=\"facts\">\n<thead><tr><th "
	      "scope=\"col\">source</th>"
	      "<th scope=\"col\">fact</th><th scope=\"col\">value</th></tr></thead>\n",
	      h->out);
	each_fact(h, res, &a, true);
	fputs(facts > OPEN_FACTS ? "</table></div></details>" : "</table></div>", h->out);
	html_item_end(h);
}
