/* SPDX-License-Identifier: Apache-2.0 */
/* report_html_about.c: the HTML report's end: waivers, the host, and how the report was made. */
#include "eval.h"
#include "report_html.h"

/* --- waivers --------------------------------------------------------------------------------- */

static size_t count_waived(const struct report *r)
{
	size_t n = 0;
	for (size_t i = 0; i < r->n_results; i++)
		for (size_t k = 0; k < r->results[i].n_findings; k++)
			n += r->results[i].findings[k].waiver != NULL;
	return n;
}

static void write_covered(const struct html *h, const struct alike *a)
{
	enum { NAMES_SHOWN = 10 };
	size_t most = h->options->verbose ? SIZE_MAX : NAMES_SHOWN;

	html_printf(h, "%s: ", verdict_name(a->members->finding->verdict));
	for (size_t i = 0; i < a->n && i < most; i++) {
		const struct subject *s = a->members[i].finding->subject;
		html_printf(h, "%s%s ", i > 0 ? ", " : "", kind_name(s->kind));
		html_code(h, subject_name(s));
	}
	if (a->n > most)
		html_printf(h, " and %zu more", a->n - most);
}

/* A row for each waiver and what it covers. */
static void write_waiver_rows(const struct html *h, const struct result *res)
{
	CLEANUP(alikes_done) struct alikes a = alikes_of(h->report, res);

	for (size_t i = 0; i < a.n; i++) {
		const struct waiver *w = a.list[i].members->finding->waiver;
		if (!w)
			continue;
		fputs("<tr><td>", h->out);
		html_link(h, res);
		fputs("</td><td>", h->out);
		write_covered(h, &a.list[i]);
		fputs("</td><td>", h->out);
		html_name(h, w->reason);
		fputs("</td><td>", h->out);
		html_name(h, w->owner);
		fputs("</td><td class=\"date\">", h->out);
		html_name(h, w->until);
		fputs("</td></tr>\n", h->out);
	}
}

void html_waivers(const struct html *h)
{
	const struct report *r = h->report;

	if (count_waived(r) == 0)
		return;
	fputs("<section id=\"waivers\" aria-labelledby=\"h-waivers\">\n"
	      "<h2 id=\"h-waivers\">Waivers</h2>\n"
	      "<p class=\"of\">A waiver hides nothing: the findings stand among the results.</p>\n"
	      "<div class=\"wide\"><table class=\"list\">\n<thead><tr><th scope=\"col\">rule</th>"
	      "<th scope=\"col\">subjects</th><th scope=\"col\">reason</th>"
	      "<th scope=\"col\">owner</th><th scope=\"col\">until</th></tr></thead>\n<tbody>\n",
	      h->out);
	for (size_t i = 0; i < r->n_results; i++)
		write_waiver_rows(h, &r->results[i]);
	fputs("</tbody>\n</table></div>\n</section>\n", h->out);
}

/* --- the host, and the order ----------------------------------------------------------------- */

static void write_item(const struct html *h, const char *label, const char *raw)
{
	if (!raw || !*raw)
		return;
	html_item(h, label);
	html_name(h, raw);
	html_item_end(h);
}

static const char *yes_or_no(int known)
{
	return known < 0 ? "not known" : known ? "yes" : "no";
}

static void write_engine(const struct html *h)
{
	const struct target *t = &h->report->target;

	if (!t->has_engine) {
		write_item(h, "engine", t->no_engine && *t->no_engine ? t->no_engine : "none");
		return;
	}
	AUTO_FREE char *name = xasprintf("%s %s", t->engine_name ? t->engine_name : "engine",
					 t->engine_version ? t->engine_version : "");
	write_item(h, "engine", name);
	write_item(h, "API", t->engine_api);
	html_item(h, "endpoint");
	html_code(h, t->endpoint);
	if (t->endpoint_why && *t->endpoint_why) {
		fputs(" (", h->out);
		html_name(h, t->endpoint_why);
		putc(')', h->out);
	}
	html_item_end(h);
	write_item(h, "rootless", yes_or_no(t->rootless));
	write_item(h, "on this host", yes_or_no(t->local));
	html_item(h, "containers");
	html_printf(h, "%zu, %zu of them running", t->containers, t->running);
	html_item_end(h);
	html_item(h, "images");
	html_printf(h, "%zu", t->images);
	html_item_end(h);
}

static const char *kind_of_target(const struct target *t)
{
	static const struct {
		const char *kind, *said;
	} kinds[] = {
		{ "live", "a running host" },
		{ "root", "a tree that is not running" },
		{ "snapshot", "a snapshot" },
	};
	for (size_t i = 0; t->kind && i < ARRAY_SIZE(kinds); i++)
		if (streq(t->kind, kinds[i].kind))
			return kinds[i].said;
	return t->kind;
}

static void write_host(const struct html *h)
{
	const struct target *t = &h->report->target;
	bool is_named = t->os_name && *t->os_name;

	fputs("<h3>Target</h3>\n<dl>\n", h->out);
	write_item(h, "host", t->hostname);
	write_item(h, "judged", kind_of_target(t));
	write_item(h, "system", is_named ? t->os_name : t->os_id);
	write_item(h, "kernel", t->kernel);
	write_item(h, "machine", t->arch);
	write_engine(h);
	fputs("</dl>\n", h->out);
}

static void write_patterns(const struct html *h, const char *label, const char *const *list)
{
	if (!list || !list[0])
		return;
	html_item(h, label);
	for (size_t i = 0; list[i]; i++) {
		fputs(i > 0 ? ", " : "", h->out);
		html_code(h, list[i]);
	}
	html_item_end(h);
}

static void write_selection(const struct html *h)
{
	const struct selection *s = h->report->selection;

	if (s) {
		write_patterns(h, "only", s->only);
		write_patterns(h, "without", s->skip);
	}
	if (s && s->level > 0) {
		html_item(h, "level");
		html_printf(h, "%d", s->level);
		html_item_end(h);
	}
	write_patterns(h, "subjects", h->report->subject_patterns);
}

static void write_baseline(const struct html *h)
{
	const struct report *r = h->report;

	if (!r->baseline)
		return;
	html_item(h, "baseline");
	html_code(h, r->baseline);
	fputs(" of ", h->out);
	html_name(h, r->baseline_started ? r->baseline_started : "no date");
	html_printf(h, "; %zu rule%s not new since then, and %s not count", r->n_known,
		    r->n_known == 1 ? " is" : "s are", r->n_known == 1 ? "does" : "do");
	html_item_end(h);
}

static void write_order(const struct html *h)
{
	const struct report *r = h->report;

	fputs("<h3>Order</h3>\n<dl>\n", h->out);
	for (size_t i = 0; i < r->n_profiles; i++) {
		const struct profile *p = r->profiles[i];
		html_item(h, "profile");
		html_code(h, p->id);
		if (p->version && *p->version) {
			fputs(", version ", h->out);
			html_name(h, p->version);
		}
		fputs(", ", h->out);
		html_name(h, p->source);
		html_item_end(h);
	}
	write_selection(h);
	write_patterns(h, "tailored by", r->tailoring);
	write_baseline(h);
	write_item(h, "fails from", r->fail_on);
	fputs("</dl>\n", h->out);
}

static void write_run(const struct html *h)
{
	const struct report *r = h->report;

	fputs("<h3>Run</h3>\n<dl>\n", h->out);
	write_item(h, "collected from", r->started);
	write_item(h, "until", r->finished);
	write_item(h, "judged as of", r->now);
	write_item(h, "record", r->complete ? "complete" : "not complete");
	write_item(h, "as root", r->as_root ? "yes" : "no");
	write_item(h, "sandbox", r->sandbox ? "yes" : "no");
	html_item(h, "exit status");
	html_printf(h, "%d", r->exit_status);
	html_item_end(h);
	write_item(h, "seaworthy", report_tool_version(r));
	fputs("</dl>\n", h->out);
}

void html_about(const struct html *h)
{
	fputs("<section id=\"about\" aria-labelledby=\"h-about\">\n"
	      "<h2 id=\"h-about\">About this report</h2>\n<div class=\"about\">\n<div>\n",
	      h->out);
	write_host(h);
	fputs("</div>\n<div>\n", h->out);
	write_order(h);
	fputs("</div>\n<div>\n", h->out);
	write_run(h);
	fputs("</div>\n</div>\n</section>\n", h->out);
}
