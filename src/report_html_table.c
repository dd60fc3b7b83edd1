/* SPDX-License-Identifier: Apache-2.0 */
/* report_html_table.c: the HTML report's table of each profile, and where it deviates. */
#include "report_html.h"
#include "report_verdict.h"

struct tally {
	size_t count[HTML_COLUMNS];
};

/* Of one section of a profile, or of all. */
static struct tally tally_of(const struct report *r, const struct profile *p,
			     const struct section *s)
{
	struct tally t = { 0 };
	for (size_t i = 0; i < r->n_results; i++) {
		const struct result *res = &r->results[i];
		if (res->rule->profile != p || (s && !section_has(s, res)))
			continue;
		for (size_t k = 0; k < HTML_COLUMNS; k++)
			t.count[k] += streq(result_word(res), html_part(html_columns[k]));
	}
	return t;
}

static void write_head(const struct html *h)
{
	fputs("<thead><tr><th scope=\"col\">group</th>", h->out);
	for (size_t i = 0; i < HTML_COLUMNS; i++)
		html_printf(h, "<th scope=\"col\">%s</th>", html_part(html_columns[i]));
	fputs("</tr></thead>\n", h->out);
}

/* A number leads to its part of the results; with the script, to those of its group alone. */
static void write_counts(const struct html *h, const struct tally *t, size_t section)
{
	for (size_t i = 0; i < HTML_COLUMNS; i++) {
		const char *part = html_part(html_columns[i]);
		bool is_link = t->count[i] > 0 && section < h->n_sections;
		html_printf(h, "<td class=\"%s\">", t->count[i] > 0 ? part : "none");
		if (is_link)
			html_printf(h, "<a href=\"#%s\" data-g=\"%zu\" data-v=\"%s\">", part,
				    section, part);
		html_printf(h, "%zu%s</td>", t->count[i], is_link ? "</a>" : "");
	}
	fputs("</tr>\n", h->out);
}

static void write_table(const struct html *h, const struct profile *p)
{
	struct tally all = tally_of(h->report, p, NULL);

	fputs("<div class=\"wide\"><table class=\"groups\">\n<caption class=\"unseen\">Rules by "
	      "group and verdict</caption>\n",
	      h->out);
	write_head(h);
	fputs("<tbody>\n", h->out);
	for (size_t i = 0; i < h->n_sections; i++) {
		const struct section *s = &h->sections[i];
		if (s->profile != p)
			continue;
		struct tally t = tally_of(h->report, p, s);
		fputs("<tr><th scope=\"row\">", h->out);
		fputs("<span class=\"of\">", h->out);
		html_name(h, s->group);
		fputs("</span> ", h->out);
		html_name(h, s->title);
		fputs("</th>", h->out);
		write_counts(h, &t, i);
	}
	fputs("</tbody>\n<tfoot><tr><th scope=\"row\">all</th>", h->out);
	write_counts(h, &all, h->n_sections);
	fputs("</tfoot>\n</table></div>\n", h->out);
}

/* Rules that this profile has otherwise than the one it extends, each with its reason. */
static void write_deviations(const struct html *h, const struct profile *p)
{
	const struct report *r = h->report;
	size_t n = 0;
	for (size_t i = 0; i < r->n_results; i++)
		n += r->results[i].rule->profile == p && r->results[i].rule->why;
	if (n == 0)
		return;
	html_printf(h,
		    "<details class=\"more\"><summary>%zu rule%s deviate%s, with reason</summary>\n"
		    "<ul>\n",
		    n, n == 1 ? "" : "s", n == 1 ? "s" : "");
	for (size_t i = 0; i < r->n_results; i++) {
		const struct rule *rule = r->results[i].rule;
		if (rule->profile != p || !rule->why)
			continue;
		fputs("<li>", h->out);
		html_link(h, &r->results[i]);
		html_printf(h, " (%s): ", result_word(&r->results[i]));
		html_name(h, rule->why);
		fputs("</li>\n", h->out);
	}
	fputs("</ul></details>\n", h->out);
}

static void write_left_out(const struct html *h, const struct profile *p)
{
	if (p->n_left_out == 0)
		return;
	html_printf(h,
		    "<details class=\"more\"><summary>%zu rule%s left out by tailoring, and in no "
		    "count</summary>\n<ul>\n",
		    p->n_left_out, p->n_left_out == 1 ? "" : "s");
	for (size_t i = 0; i < p->n_left_out; i++) {
		fputs("<li>", h->out);
		html_code(h, p->left_out[i].ref);
		fputs(": ", h->out);
		html_name(h, p->left_out[i].why);
		fputs("</li>\n", h->out);
	}
	fputs("</ul></details>\n", h->out);
}

/* "42 fail, 1 unknown" of what there is. */
static void write_counted(const struct html *h, const struct profile *p)
{
	struct tally t = tally_of(h->report, p, NULL);
	const char *before = "";

	for (size_t i = 0; i < HTML_COLUMNS; i++) {
		if (t.count[i] == 0)
			continue;
		html_printf(h, "%s<span class=\"%s\"><b>%zu</b> %s</span>", before,
			    html_part(html_columns[i]), t.count[i], html_part(html_columns[i]));
		before = ", ";
	}
}

/* A long table is folded: what comes after it is what must be read. */
static void write_groups(const struct html *h, const struct profile *p)
{
	enum { GROUPS_SHOWN = 12 };
	size_t n = 0;

	for (size_t i = 0; i < h->n_sections; i++)
		n += h->sections[i].profile == p;
	if (n > GROUPS_SHOWN)
		html_printf(h, "<details class=\"more\"><summary>%zu groups</summary>\n", n);
	write_table(h, p);
	fputs(n > GROUPS_SHOWN ? "</details>\n" : "", h->out);
}

static void write_profile(const struct html *h, size_t at)
{
	const struct report *r = h->report;
	const struct profile *p = r->profiles[at];
	const struct summary *s = &r->profile_summaries[at];
	bool is_complete = r->complete && s->count[SW_UNKNOWN] == 0 && waived_in_part(r, p) == 0;
	AUTO_FREE char *score =
		report_score(s->count[SW_PASS], s->count[SW_PASS] + s->count[SW_FAIL], is_complete);

	fputs("<div class=\"profile\">\n<h3>", h->out);
	html_name(h, p->title && *p->title ? p->title : p->id);
	fputs("</h3>\n<p class=\"of\">", h->out);
	html_code(h, p->id);
	html_printf(h, ", %zu of %zu rules selected; %s</p>\n", profile_count_refs(p, true),
		    p->n_defined, score);
	fputs("<p class=\"counted\">", h->out);
	write_counted(h, p);
	fputs("</p>\n", h->out);
	write_groups(h, p);
	write_deviations(h, p);
	write_left_out(h, p);
	fputs("</div>\n", h->out);
}

void html_tables(const struct html *h)
{
	fputs("<section id=\"summary\" aria-labelledby=\"h-summary\">\n"
	      "<h2 id=\"h-summary\">Summary</h2>\n",
	      h->out);
	for (size_t i = 0; i < h->report->n_profiles; i++)
		write_profile(h, i);
	fputs("</section>\n", h->out);
}
