/* SPDX-License-Identifier: Apache-2.0 */
/* report_notes.c: what is to be known of a report beside its verdicts: orders, warnings, changes.
 */
#include "report_common.h"
#include "report_json.h"

/* --- since the baseline ---------------------------------------------------------------------- */

static void count_changes(const struct result *res, struct changes *c)
{
	for (size_t i = 0; i < res->n_findings; i++)
		c->count[res->findings[i].change]++;
}

struct changes report_changes(const struct report *r, const struct result *res)
{
	struct changes c = { 0 };
	for (size_t i = 0; i < r->n_results; i++)
		if (!res || res == &r->results[i])
			count_changes(&r->results[i], &c);
	return c;
}

void report_json_changes(struct json_writer *w, const struct report *r)
{
	struct changes changes = report_changes(r, NULL);
	if (!r->baseline)
		return;
	json_open_inline(w, "changes", '{');
	for (enum change_since c = CHANGE_NEW; c < CHANGE_STATES; c++)
		json_put_size(w, change_name(c), changes.count[c]);
	json_close(w, '}');
}

const char *finding_since(const struct finding *f)
{
	static const char *const said[CHANGE_STATES] = {
		[CHANGE_NONE] = "",
		[CHANGE_NEW] = " (new since the baseline)",
		[CHANGE_WORSE] = " (worse than in the baseline)",
		[CHANGE_KNOWN] = " (known from the baseline)",
		[CHANGE_FIXED] = " (fixed since the baseline)",
	};
	return said[f->change];
}

char *result_since(const struct report *r, const struct result *res)
{
	struct changes changes = report_changes(r, res);
	struct text t = { 0 };
	for (enum change_since c = CHANGE_NEW; c < CHANGE_STATES; c++)
		if (changes.count[c] > 0)
			text_printf(&t, "%s%zu %s",
				    t.len > 0 ? ", " : "since the baseline: ", changes.count[c],
				    change_name(c));
	return text_take(&t);
}

/* --- notes ----------------------------------------------------------------------------------- */

const char *note_name(enum note_kind kind)
{
	static const char *const names[] = {
		[NOTE_COUNTS] = "counts",       [NOTE_GAP] = "not complete",
		[NOTE_SELECTION] = "selection", [NOTE_TAILORING] = "tailoring",
		[NOTE_BASELINE] = "baseline",   [NOTE_WARNING] = "warning",
		[NOTE_UNREAD] = "not read",
	};
	return names[kind];
}

static void note(struct notes *notes, enum note_kind kind, char *text)
{
	notes->v = xrealloc(notes->v, (notes->n + 1) * sizeof(*notes->v));
	notes->v[notes->n++] = (struct note){ kind, text };
}

static void add_counts(struct notes *notes, const struct report *r)
{
	const struct summary *s = &r->summary;
	note(notes, NOTE_COUNTS,
	     xasprintf("%zu fail, %zu unknown, %zu warn, %zu waived, %zu pass, %zu skip; "
		       "exit status %d, failing on %s",
		       s->count[SW_FAIL], s->count[SW_UNKNOWN], s->count[SW_WARN], s->waived,
		       s->count[SW_PASS], s->count[SW_SKIP], r->exit_status,
		       r->fail_on ? r->fail_on : "low"));
}

static void add_patterns(struct notes *notes, const char *what, const char *const *patterns)
{
	for (size_t i = 0; patterns && patterns[i]; i++)
		note(notes, NOTE_SELECTION, xasprintf("%s %s", what, patterns[i]));
}

/* Rules and subjects that were left out are in no count. */
static void add_selection(struct notes *notes, const struct report *r)
{
	const struct selection *s = r->selection;
	if (s) {
		add_patterns(notes, "only", s->only);
		add_patterns(notes, "skip", s->skip);
		if (s->level > 0)
			note(notes, NOTE_SELECTION, xasprintf("level %d", s->level));
	}
	add_patterns(notes, "subject", r->subject_patterns);
}

static void add_tailoring(struct notes *notes, const struct report *r)
{
	for (size_t i = 0; r->tailoring && r->tailoring[i]; i++)
		note(notes, NOTE_TAILORING, xasprintf("by %s", r->tailoring[i]));
	for (size_t i = 0; i < r->n_profiles; i++) {
		const struct profile *p = r->profiles[i];
		for (size_t k = 0; k < p->n_left_out; k++)
			note(notes, NOTE_TAILORING,
			     xasprintf("%s without %s: %s", p->id, p->left_out[k].ref,
				       p->left_out[k].why));
	}
}

static void add_baseline(struct notes *notes, const struct report *r)
{
	struct changes c = report_changes(r, NULL);
	if (!r->baseline)
		return;
	note(notes, NOTE_BASELINE,
	     xasprintf("%s of %s: %zu findings are new, %zu worse, %zu known, %zu fixed; %zu rules "
		       "do not count for it",
		       r->baseline, r->baseline_started ? r->baseline_started : "no date",
		       c.count[CHANGE_NEW], c.count[CHANGE_WORSE], c.count[CHANGE_KNOWN],
		       c.count[CHANGE_FIXED], r->n_known));
}

struct notes report_notes(const struct report *r)
{
	struct notes notes = { 0 };
	const char *gap = report_gap(r);

	add_counts(&notes, r);
	if (gap)
		note(&notes, NOTE_GAP, xstrdup(gap));
	add_selection(&notes, r);
	add_tailoring(&notes, r);
	add_baseline(&notes, r);
	for (size_t i = 0; i < r->warnings.n; i++) {
		const struct warning *w = &r->warnings.v[i];
		note(&notes, NOTE_WARNING,
		     xasprintf("%s%s%s", w->place, *w->place ? ": " : "", w->text));
	}
	for (size_t i = 0; i < r->n_unread; i++)
		note(&notes, NOTE_UNREAD,
		     xasprintf("%s: %s", r->unread[i].section, r->unread[i].reason));
	return notes;
}

void notes_done(struct notes *notes)
{
	for (size_t i = 0; i < notes->n; i++)
		free(notes->v[i].text);
	free(notes->v);
	*notes = (struct notes){ 0 };
}
