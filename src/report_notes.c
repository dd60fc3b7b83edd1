/* SPDX-License-Identifier: Apache-2.0 */
/* report_notes.c: what is to be known of a report that is in no rule of it, line by line. */
#include "report_common.h"

static void note(struct notes *notes, char *line)
{
	notes->v = xrealloc(notes->v, (notes->n + 1) * sizeof(*notes->v));
	notes->v[notes->n++] = line;
}

size_t report_count_changes(const struct report *r, enum change_since c)
{
	size_t n = 0;
	for (size_t i = 0; i < r->n_results; i++)
		for (size_t k = 0; k < r->results[i].n_findings; k++)
			n += r->results[i].findings[k].change == c;
	return n;
}

static void add_counts(struct notes *notes, const struct report *r)
{
	const struct summary *s = &r->summary;
	note(notes,
	     xasprintf("rules: %zu fail, %zu unknown, %zu warn, %zu waived, %zu pass, %zu skip; "
		       "exit status %d, failing on %s",
		       s->count[SW_FAIL], s->count[SW_UNKNOWN], s->count[SW_WARN], s->waived,
		       s->count[SW_PASS], s->count[SW_SKIP], r->exit_status,
		       r->fail_on ? r->fail_on : "low"));
}

static void add_patterns(struct notes *notes, const char *what, const char *const *patterns)
{
	for (size_t i = 0; patterns && patterns[i]; i++)
		note(notes, xasprintf("selected: %s %s", what, patterns[i]));
}

/* Rules and subjects that were left out are in no count. */
static void add_selection(struct notes *notes, const struct report *r)
{
	const struct selection *s = r->selection;
	if (s) {
		add_patterns(notes, "only", s->only);
		add_patterns(notes, "skip", s->skip);
		if (s->level > 0)
			note(notes, xasprintf("selected: level %d", s->level));
	}
	add_patterns(notes, "subject", r->subject_patterns);
}

static void add_tailoring(struct notes *notes, const struct report *r)
{
	for (size_t i = 0; r->tailoring && r->tailoring[i]; i++)
		note(notes, xasprintf("tailored by %s", r->tailoring[i]));
	for (size_t i = 0; i < r->n_profiles; i++) {
		const struct profile *p = r->profiles[i];
		for (size_t k = 0; k < p->n_left_out; k++)
			note(notes, xasprintf("left out: %s %s: %s", p->id, p->left_out[k].ref,
					      p->left_out[k].why));
	}
}

static void add_baseline(struct notes *notes, const struct report *r)
{
	if (r->baseline)
		note(notes,
		     xasprintf("baseline: %s of %s: %zu findings are new, %zu worse, %zu known; "
			       "%zu rules do not count for it",
			       r->baseline, r->baseline_started ? r->baseline_started : "no date",
			       report_count_changes(r, CHANGE_NEW),
			       report_count_changes(r, CHANGE_WORSE),
			       report_count_changes(r, CHANGE_KNOWN), r->n_known));
}

struct notes report_notes(const struct report *r)
{
	struct notes notes = { 0 };
	const char *gap = report_gap(r);

	add_counts(&notes, r);
	if (gap)
		note(&notes, xasprintf("not complete: %s", gap));
	add_selection(&notes, r);
	add_tailoring(&notes, r);
	add_baseline(&notes, r);
	for (size_t i = 0; i < r->warnings.n; i++) {
		const struct warning *w = &r->warnings.v[i];
		note(&notes,
		     xasprintf("warning: %s%s%s", w->place, *w->place ? ": " : "", w->text));
	}
	for (size_t i = 0; i < r->n_unread; i++)
		note(&notes,
		     xasprintf("not read: %s: %s", r->unread[i].section, r->unread[i].reason));
	return notes;
}

void notes_done(struct notes *notes)
{
	for (size_t i = 0; i < notes->n; i++)
		free(notes->v[i]);
	free(notes->v);
	*notes = (struct notes){ 0 };
}
