/* SPDX-License-Identifier: Apache-2.0 */
/* fleet_html.c: the report on many hosts as a page for people, which needs no script. */
#include "fleet.h"

#include "eval.h"
#include "report_html.h"

enum { NAMES_SHOWN = 50 }; /* hosts of one rule; with -v all */

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static size_t hosts_failing(const struct fleet *f)
{
	size_t n = 0;
	for (size_t i = 0; i < f->n_counted; i++)
		n += f->hosts[i].count[OUTCOME_FAIL] > 0;
	return n;
}

static size_t hosts_unknown(const struct fleet *f)
{
	size_t n = 0;
	for (size_t i = 0; i < f->n_counted; i++)
		n += fleet_is_unknown(&f->hosts[i]);
	return n;
}

static void write_head(const struct html *h, const struct fleet *f)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n", h->out);
	html_printf(h,
		    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		    "style-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">\n",
		    html_style_sum);
	html_printf(h,
		    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		    "<meta name=\"referrer\" content=\"no-referrer\">\n"
		    "<meta name=\"robots\" content=\"noindex\">\n"
		    "<title>%zu host%s - seaworthy</title>\n<style>%s</style>\n</head>\n",
		    f->n_counted, plural(f->n_counted), html_style);
	html_printf(h,
		    "<body>\n<header>\n<p class=\"tool\">seaworthy report</p>\n"
		    "<h1>%zu host%s</h1>\n</header>\n<main>\n",
		    f->n_counted, plural(f->n_counted));
}

/* A report that was not read is no host in order. */
static void write_verdict(const struct html *h, const struct fleet *f)
{
	size_t n_fail = hosts_failing(f), n_unknown = hosts_unknown(f);
	bool is_unknown = n_unknown + f->n_refused > 0;
	const char *look = n_fail > 0 ? "fail" : is_unknown ? "unknown" : "pass";
	const char *word = n_fail > 0 ? "FAIL" : is_unknown ? "UNKNOWN" : "PASS";

	html_printf(h,
		    "<section class=\"verdict %s\" aria-labelledby=\"h-verdict\">\n"
		    "<h2 id=\"h-verdict\" class=\"word\">%s</h2>\n<p class=\"sentence\">"
		    "%zu with failures, %zu that could not be told, %zu in order",
		    look, word, n_fail, n_unknown, f->n_counted - n_fail - n_unknown);
	if (f->n_refused > 0)
		html_printf(h, "; <a href=\"#refused\">%zu report%s could not be read</a>",
			    f->n_refused, plural(f->n_refused));
	html_printf(h, ".</p>\n</section>\n");
}

static void write_number(const struct html *h, size_t n, const char *look)
{
	html_printf(h, "<td class=\"%s\">%zu</td>", n > 0 ? look : "none", n);
}

static void write_host(const struct html *h, const struct fleet_host *host)
{
	fputs("<tr><th scope=\"row\">", h->out);
	html_name(h, host->label);
	fputs(" <small>", h->out);
	html_name(h, host->started ? host->started : "of an unknown time");
	fputs(host->complete ? "</small></th>" : ", the record is not complete</small></th>",
	      h->out);
	for (int s = SW_CRITICAL; s >= SW_LOW; s--)
		write_number(h, host->fails[s], "fail");
	for (size_t i = 1; i < HTML_COLUMNS; i++)
		write_number(h, host->count[html_columns[i]], html_part(html_columns[i]));
	fputs("</tr>\n", h->out);
}

static void write_hosts(const struct html *h, const struct fleet *f)
{
	fputs("<section id=\"hosts\" aria-labelledby=\"h-hosts\">\n"
	      "<h2 id=\"h-hosts\">Hosts, the worst first</h2>\n"
	      "<div class=\"wide\"><table class=\"groups\">\n<caption class=\"unseen\">Failures by "
	      "severity, and rules by verdict</caption>\n"
	      "<thead><tr><th scope=\"col\">host</th>",
	      h->out);
	for (int s = SW_CRITICAL; s >= SW_LOW; s--)
		html_printf(h, "<th scope=\"col\">%s</th>", severity_name((enum sw_severity)s));
	for (size_t i = 1; i < HTML_COLUMNS; i++)
		html_printf(h, "<th scope=\"col\">%s</th>", html_part(html_columns[i]));
	fputs("</tr></thead>\n<tbody>\n", h->out);
	for (size_t i = 0; i < f->n_counted; i++)
		write_host(h, &f->hosts[i]);
	fputs("</tbody>\n</table></div>\n</section>\n", h->out);
}

/* "3: web1, web2 and 1 more" */
static void write_names(const struct html *h, const struct fleet *f, size_t rule, enum outcome o)
{
	size_t n = f->rules[rule].count[o], named = 0;
	size_t most = h->options->verbose || n <= NAMES_SHOWN ? n : NAMES_SHOWN;

	html_printf(h, "<td class=\"%s\">", n > 0 ? html_part(o) : "none");
	html_printf(h, n > 0 ? "%zu: " : "%zu", n);
	for (size_t i = 0; i < f->n_counted && named < most; i++) {
		enum outcome is;
		if (!fleet_outcome(&f->hosts[i], rule, &is) || is != o)
			continue;
		fputs(named++ > 0 ? ", " : "", h->out);
		html_name(h, f->hosts[i].label);
	}
	if (n > most)
		html_printf(h, " and %zu more", n - most);
	fputs("</td>", h->out);
}

static const enum outcome told_of_rules[] = { OUTCOME_FAIL, OUTCOME_UNKNOWN, OUTCOME_REVIEW,
					      OUTCOME_WAIVED };

static void write_rule(const struct html *h, const struct fleet *f, size_t at)
{
	const struct fleet_rule *rule = &f->rules[at];

	fputs("<tr><th scope=\"row\"><span class=\"of\">", h->out);
	html_name(h, rule->profile);
	fputs("</span> ", h->out);
	html_name(h, rule->ref);
	fputs(" ", h->out);
	html_name(h, rule->title);
	html_printf(h, "</th><td><span class=\"severity %s\">%s</span></td>",
		    severity_name(rule->severity), severity_name(rule->severity));
	for (size_t i = 0; i < ARRAY_SIZE(told_of_rules); i++)
		write_names(h, f, at, told_of_rules[i]);
	html_printf(h, "<td>%zu</td></tr>\n", rule->count[OUTCOME_PASS]);
}

static bool is_in_order(const struct fleet_rule *rule)
{
	size_t n = 0;
	for (size_t i = 0; i < ARRAY_SIZE(told_of_rules); i++)
		n += rule->count[told_of_rules[i]];
	return n == 0;
}

static void write_table(const struct html *h, const struct fleet *f, bool in_order)
{
	fputs("<div class=\"wide\"><table class=\"list\">\n<caption class=\"unseen\">On which "
	      "hosts a "
	      "rule came to what</caption>\n<thead><tr><th scope=\"col\">rule</th>"
	      "<th scope=\"col\">severity</th>",
	      h->out);
	for (size_t i = 0; i < ARRAY_SIZE(told_of_rules); i++)
		html_printf(h, "<th scope=\"col\">%s on</th>", html_part(told_of_rules[i]));
	fputs("<th scope=\"col\">pass on</th></tr></thead>\n<tbody>\n", h->out);
	for (size_t i = 0; i < f->n_order; i++)
		if (is_in_order(&f->rules[f->order[i]]) == in_order)
			write_rule(h, f, f->order[i]);
	fputs("</tbody>\n</table></div>\n", h->out);
}

static void write_rules(const struct html *h, const struct fleet *f)
{
	size_t n_in_order = 0;
	for (size_t i = 0; i < f->n_order; i++)
		n_in_order += is_in_order(&f->rules[f->order[i]]);

	fputs("<section id=\"rules\" aria-labelledby=\"h-rules\">\n"
	      "<h2 id=\"h-rules\">Rules, the worst first</h2>\n",
	      h->out);
	if (n_in_order < f->n_order)
		write_table(h, f, false);
	if (n_in_order > 0) {
		html_printf(h,
			    "<details class=\"more\"><summary>%zu rule%s that pass or do not "
			    "apply everywhere</summary>\n",
			    n_in_order, plural(n_in_order));
		write_table(h, f, true);
		fputs("</details>\n", h->out);
	}
	fputs("</section>\n", h->out);
}

static void write_refused(const struct html *h, const struct fleet *f)
{
	if (f->n_refused == 0)
		return;
	fputs("<section class=\"note\" id=\"refused\" aria-labelledby=\"h-refused\">\n"
	      "<h2 id=\"h-refused\">Could not be read</h2>\n<ul>\n",
	      h->out);
	for (size_t i = 0; i < f->n_refused; i++) {
		fputs("<li>", h->out);
		html_code(h, f->refused[i].file);
		fputs(": ", h->out);
		html_name(h, f->refused[i].reason);
		fputs("</li>\n", h->out);
	}
	fputs("</ul>\n</section>\n", h->out);
}

static void write_older(const struct html *h, const struct fleet *f)
{
	if (f->n_hosts == f->n_counted)
		return;
	fputs("<section class=\"note\" id=\"older\" aria-labelledby=\"h-older\">\n"
	      "<h2 id=\"h-older\">Do not count: the same host has a report that is no older</h2>\n"
	      "<ul>\n",
	      h->out);
	for (size_t i = f->n_counted; i < f->n_hosts; i++) {
		fputs("<li>", h->out);
		html_code(h, f->hosts[i].file);
		fputs(", of ", h->out);
		html_name(h, f->hosts[i].hostname);
		fputs(": see ", h->out);
		html_code(h, f->hosts[i].newer->file);
		fputs("</li>\n", h->out);
	}
	fputs("</ul>\n</section>\n", h->out);
}

void fleet_write_html(const struct fleet *f, const struct report_options *o, FILE *out)
{
	const struct html h = { .out = out, .options = o };

	write_head(&h, f);
	write_verdict(&h, f);
	write_hosts(&h, f);
	write_rules(&h, f);
	write_refused(&h, f);
	write_older(&h, f);
	if (f->n_left_out > 0)
		html_printf(&h,
			    "<p class=\"of\">%zu entr%s of folders %s no report: left out.</p>\n",
			    f->n_left_out, f->n_left_out == 1 ? "y" : "ies",
			    f->n_left_out == 1 ? "is" : "are");
	html_printf(&h, "</main>\n</body>\n</html>\n");
}
