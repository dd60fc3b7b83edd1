/* SPDX-License-Identifier: Apache-2.0 */
/* report_html_filter.c: the HTML report's filter, which is hidden until the script shows it. */
#include "eval.h"
#include "report_html.h"

static void write_box(const struct html *h, const char *name, const char *value, size_t n)
{
	html_printf(h,
		    "<label class=\"box %s\"><input type=\"checkbox\" name=\"%s\" value=\"%s\">"
		    "%s <span class=\"of\">%zu</span></label>\n",
		    value, name, value, value, n);
}

static void write_verdicts(const struct html *h)
{
	fputs("<fieldset><legend>verdict</legend>\n", h->out);
	for (enum outcome o = 0; o < OUTCOMES; o++)
		if (h->outcomes[o] > 0)
			write_box(h, "v", html_part(o), h->outcomes[o]);
	fputs("</fieldset>\n", h->out);
}

static void write_severities(const struct html *h)
{
	size_t counts[SW_CRITICAL + 1] = { 0 };
	for (size_t i = 0; i < h->report->n_results; i++)
		counts[h->report->results[i].rule->check->severity]++;
	fputs("<fieldset><legend>severity</legend>\n", h->out);
	for (size_t i = ARRAY_SIZE(counts); i-- > 0;)
		if (counts[i] > 0)
			write_box(h, "s", severity_name((enum sw_severity)i), counts[i]);
	fputs("</fieldset>\n", h->out);
}

static void write_changes(const struct html *h)
{
	size_t counts[CHANGE_STATES] = { 0 };
	if (!h->report->baseline)
		return;
	for (size_t i = 0; i < h->report->n_results; i++)
		counts[html_change(&h->report->results[i])]++;
	fputs("<fieldset><legend>since the baseline</legend>\n", h->out);
	for (enum change_since c = CHANGE_NEW; c < CHANGE_STATES; c++)
		if (counts[c] > 0)
			write_box(h, "c", change_name(c), counts[c]);
	fputs("</fieldset>\n", h->out);
}

/* The groups of all profiles, each called by the profile where there are several. */
static void write_groups(const struct html *h)
{
	if (h->n_sections < 2)
		return;
	fputs("<label class=\"pick\">group <select name=\"g\"><option value=\"\">all</option>\n",
	      h->out);
	for (size_t i = 0; i < h->n_sections; i++) {
		const struct section *s = &h->sections[i];
		html_printf(h, "<option value=\"%zu\">", i);
		if (h->report->n_profiles > 1) {
			html_text(h, s->profile->id);
			fputs(": ", h->out);
		}
		html_text(h, s->group);
		putc(' ', h->out);
		html_text(h, s->title);
		fputs("</option>\n", h->out);
	}
	fputs("</select></label>\n", h->out);
}

void html_filter(const struct html *h)
{
	fputs("<form id=\"filter\" role=\"search\" aria-label=\"Filter the results\" hidden>\n"
	      "<label class=\"pick search\">text <input type=\"search\" name=\"q\" size=\"24\" "
	      "autocomplete=\"off\" spellcheck=\"false\"></label>\n",
	      h->out);
	write_groups(h);
	fputs("<p class=\"acts\"><output id=\"shown\"></output>\n"
	      "<button type=\"button\" id=\"open\">Open all</button>\n"
	      "<button type=\"button\" id=\"close\">Close all</button>\n"
	      "<button type=\"reset\">Show all</button></p>\n",
	      h->out);
	write_verdicts(h);
	write_severities(h);
	write_changes(h);
	fputs("</form>\n", h->out);
}
