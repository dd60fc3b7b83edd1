/* SPDX-License-Identifier: Apache-2.0 */
/* report_html_unknown.c: many rules of the HTML report that could not be told for one reason. */
#include "report_html.h"

enum { SHARED_FROM = 3 }; /* fewer rules than this stand alone */

/* The results, and the reason of each; a reason that was dealt with is taken out. */
struct unknowns {
	const struct result *const *results;
	const char **reasons;
	size_t n;
};

static size_t count_alike(const struct unknowns *u, size_t at)
{
	size_t alike = 0;
	for (size_t i = 0; i < u->n; i++)
		alike += u->reasons[i] && streq(u->reasons[i], u->reasons[at]);
	return alike;
}

/* A reason of few rules is as good as none. */
static void drop_rare(struct unknowns *u)
{
	AUTO_FREE bool *is_rare = xalloc((u->n + 1) * sizeof(*is_rare));
	for (size_t i = 0; i < u->n; i++)
		is_rare[i] = u->reasons[i] && count_alike(u, i) < SHARED_FROM;
	for (size_t i = 0; i < u->n; i++)
		if (is_rare[i])
			u->reasons[i] = NULL;
}

static void write_shared(const struct html *h, struct unknowns *u, size_t at)
{
	const struct html_entry how = { .is_quiet = true };
	const char *reason = u->reasons[at];

	html_printf(h, "<details class=\"cause quiet\"><summary><b>%zu rules</b>: ",
		    count_alike(u, at));
	html_name(h, reason);
	fputs("</summary>\n", h->out);
	for (size_t i = at; i < u->n; i++) {
		if (!u->reasons[i] || !streq(u->reasons[i], reason))
			continue;
		html_entry(h, u->results[i], how);
		u->reasons[i] = NULL;
	}
	fputs("</details>\n", h->out);
}

void html_unknowns(const struct html *h, const struct result *const *results, size_t n,
		   bool is_open)
{
	AUTO_FREE const char **reasons = xalloc((n + 1) * sizeof(*reasons));
	struct unknowns u = { results, reasons, n };

	for (size_t i = 0; i < n; i++)
		reasons[i] = unknown_reason(results[i]);
	drop_rare(&u);
	for (size_t i = 0; i < n; i++)
		if (!reasons[i])
			html_entry(h, results[i], (struct html_entry){ .is_open = is_open });
	for (size_t i = 0; i < n; i++)
		if (reasons[i])
			write_shared(h, &u, i);
}
