/* SPDX-License-Identifier: Apache-2.0 */
/* report_html.c: a page for people: one file that asks for nothing, and needs no script. */
#include "eval.h"
#include "report_html.h"
#include "report_sinks.h"

enum { OPEN_AT_MOST = 10 }; /* results that are not in order; of more the heads are a list */

static const struct {
	const char *head, *said;
} parts[OUTCOMES] = {
	[OUTCOME_FAIL] = { "Failed", "decided, and not met" },
	[OUTCOME_UNKNOWN] = { "Could not be told", "for the reason that each gives" },
	[OUTCOME_REVIEW_FAILS] = { "To be reviewed", "and failing until then" },
	[OUTCOME_REVIEW] = { "To be reviewed", "the facts are there, a person must decide" },
	[OUTCOME_WAIVED] = { "Waived", "not met, and accepted by somebody for a time" },
	[OUTCOME_PASS] = { "Passed", "decided, and met" },
	[OUTCOME_SKIP] = { "Does not apply", "for the reason that each gives" },
};

static void write_part_head(const struct html *h, enum outcome o)
{
	size_t n = h->outcomes[o];
	html_printf(h, "<h3 id=\"h-%s\">%s</h3> <span class=\"of\">%zu rule%s, %s</span>",
		    html_part(o), parts[o].head, n, n == 1 ? "" : "s", parts[o].said);
}

/* What is in order is folded: it is there for whoever looks for it. */
static void write_part(const struct html *h, enum outcome o, const struct result *const *results,
		       bool is_open)
{
	bool is_folded = o >= OUTCOME_PASS;

	html_printf(h, "<section class=\"part\" id=\"%s\" aria-labelledby=\"h-%s\">\n",
		    html_part(o), html_part(o));
	fputs(is_folded ? "<details class=\"fold\"><summary>" : "<div class=\"head\">", h->out);
	write_part_head(h, o);
	fputs(is_folded ? "</summary>\n" : "</div>\n", h->out);
	if (o == OUTCOME_UNKNOWN)
		html_unknowns(h, results, h->outcomes[o], is_open);
	for (size_t i = 0; i < h->outcomes[o] && o != OUTCOME_UNKNOWN; i++)
		html_entry(h, results[i], (struct html_entry){ is_open && !is_folded, is_folded });
	fputs(is_folded ? "</details>\n</section>\n" : "</section>\n", h->out);
}

static void write_results(const struct html *h)
{
	size_t n = 0, at = 0;
	for (enum outcome o = 0; o < OUTCOME_PASS; o++)
		n += h->outcomes[o];

	fputs("<section id=\"results\" aria-labelledby=\"h-results\" tabindex=\"-1\">\n"
	      "<h2 id=\"h-results\">Results, the worst first</h2>\n",
	      h->out);
	if (h->report->n_results == 0)
		fputs("<p>No rule was judged.</p>\n", h->out);
	else
		html_filter(h);
	for (enum outcome o = 0; o < OUTCOMES; o++) {
		if (h->outcomes[o] > 0)
			write_part(h, o, &h->results[at], n <= OPEN_AT_MOST);
		at += h->outcomes[o];
	}
	fputs("</section>\n", h->out);
}

static void html_done(struct html *h)
{
	free(h->sections);
	free(h->results);
}

static int write_html(const struct report *r, const struct report_options *options, FILE *out)
{
	CLEANUP(html_done) struct html h = { .out = out, .report = r, .options = options };

	h.sections = report_sections(r, &h.n_sections);
	h.results = results_worst_first(r);
	for (size_t i = 0; i < r->n_results; i++)
		h.outcomes[result_outcome(r, &r->results[i])]++;
	html_head(&h);
	html_tables(&h);
	write_results(&h);
	html_waivers(&h);
	html_about(&h);
	html_printf(&h, "</main>\n<script>%s</script>\n</body>\n</html>\n", html_script);
	return sink_end(out);
}

const struct sink sink_html = {
	.name = "html",
	.help = "a page for people: one file that asks for nothing, with a filter",
	.write = write_html,
};
