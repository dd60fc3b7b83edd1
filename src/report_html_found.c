/* SPDX-License-Identifier: Apache-2.0 */
/* report_html_found.c: what the HTML report says was found: reasons, waivers and subjects. */
#include "eval.h"
#include "report_html.h"

/* Without -v; the JSON report has all. */
enum {
	ALIKES_SHOWN = 40,
	SUBJECTS_SHOWN = 250, /* that are alike */
	SHORT_ID = 19,        /* "sha256:" and 12 digits, as docker shortens them */
};

static bool is_alone(const struct subject *s)
{
	return s->kind == SW_HOST || s->kind == SW_ENGINE;
}

void html_subject(const struct html *h, const struct result *res, const struct finding *f)
{
	const struct subject *s = f->subject;
	AUTO_FREE char *id = xstrndup(s->id ? s->id : "", SHORT_ID);
	const char *change = change_name(f->change);

	fputs("<span class=\"subject\">", h->out);
	if (s->kind != res->rule->check->kind)
		html_printf(h, "%s ", kind_name(s->kind));
	html_code(h, s->name && *s->name ? s->name : id);
	if (s->image && *s->image && s->kind != SW_IMAGE) {
		fputs(" <small>", h->out);
		html_name(h, s->image);
		fputs("</small>", h->out);
	}
	if (s->running == 0)
		fputs(" <small>stopped</small>", h->out);
	if (change)
		html_printf(h, " <span class=\"mark\">%s</span>", change);
	fputs("</span>", h->out);
}

static void write_subjects(const struct html *h, const struct result *res, const struct alike *a)
{
	size_t most = h->options->verbose ? SIZE_MAX : SUBJECTS_SHOWN;

	fputs("\n<ul class=\"subjects\">", h->out);
	for (size_t i = 0; i < a->n && i < most; i++) {
		fputs("<li>", h->out);
		html_subject(h, res, a->members[i].finding);
		fputs("</li>\n", h->out);
	}
	if (a->n > most)
		html_printf(h, "<li class=\"rest\">and %zu more; -v or JSON lists all</li>\n",
			    a->n - most);
	fputs("</ul>", h->out);
}

static void write_waiver(const struct html *h, const struct waiver *w)
{
	fputs("<p class=\"waiver\">waived by ", h->out);
	html_name(h, w->owner);
	fputs(" until ", h->out);
	html_name(h, w->until);
	fputs(": ", h->out);
	html_name(h, w->reason);
	fputs("</p>", h->out);
}

static void write_alike(const struct html *h, const struct result *res, const struct alike *a)
{
	const struct finding *first = a->members->finding;
	enum outcome o = a->members->outcome;
	const char *reason = first->reason && *first->reason ? first->reason : "as wanted";
	const char *change = change_name(first->change);

	fputs("<li>", h->out);
	if (o != result_outcome(h->report, res))
		html_tag(h, o);
	putc(' ', h->out);
	if (a->n == 1 && !is_alone(first->subject)) {
		html_subject(h, res, first);
		fputs(": ", h->out);
	}
	html_name(h, reason);
	if (a->n == 1 && is_alone(first->subject) && change)
		html_printf(h, " <span class=\"mark\">%s</span>", change);
	if (first->waiver)
		write_waiver(h, first->waiver);
	if (a->n > 1)
		write_subjects(h, res, a);
	fputs("</li>\n", h->out);
}

/* Those from..to, as far as there is room. */
static void write_alikes(const struct html *h, const struct result *res, const struct alikes *a,
			 size_t from, size_t to)
{
	size_t most = h->options->verbose || to - from < ALIKES_SHOWN ? to : from + ALIKES_SHOWN;
	size_t rest = 0;

	fputs("<ul class=\"found\">\n", h->out);
	for (size_t i = from; i < most; i++)
		write_alike(h, res, &a->list[i]);
	for (size_t i = most; i < to; i++)
		rest += a->list[i].n;
	if (rest > 0)
		html_printf(h, "<li class=\"rest\">and %zu more; -v or JSON lists all</li>\n",
			    rest);
	fputs("</ul>", h->out);
}

/* "and 17 pass, 2 skip", folded. */
static void write_others(const struct html *h, const struct result *res, const struct alikes *a)
{
	fputs("<details class=\"more quiet\"><summary>and", h->out);
	if (res->counts[SW_PASS] > 0)
		html_printf(h, " %zu pass", res->counts[SW_PASS]);
	if (res->counts[SW_SKIP] > 0)
		html_printf(h, "%s %zu skip", res->counts[SW_PASS] > 0 ? "," : "",
			    res->counts[SW_SKIP]);
	fputs("</summary>\n", h->out);
	write_alikes(h, res, a, a->n_bad, a->n);
	fputs("</details>", h->out);
}

void html_found(const struct html *h, const struct result *res)
{
	CLEANUP(alikes_done) struct alikes a = alikes_of(h->report, res);
	enum outcome o = result_outcome(h->report, res);

	html_item(h, o == OUTCOME_UNKNOWN || o == OUTCOME_SKIP ? "reason" : "found");
	write_alikes(h, res, &a, 0, a.n_bad > 0 ? a.n_bad : a.n);
	if (a.n_bad > 0 && a.n_bad < a.n)
		write_others(h, res, &a);
	html_item_end(h);
}
