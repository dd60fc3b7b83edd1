/* SPDX-License-Identifier: Apache-2.0 */
/* report_common.h: what several of the formats for other programs need of a report. */
#ifndef SW_REPORT_COMMON_H
#define SW_REPORT_COMMON_H

#include "report_words.h"
#include "text.h"

/*
 * Why the report as a whole says less than its rules do: NULL when it does not. A format that has
 * only entries needs one for it, or a run that read nothing looks like one that found nothing.
 */
const char *report_gap(const struct report *r);

/*
 * The one reason of all that a result could not tell, without the path that was read; NULL when
 * there are several, or more to say.
 */
const char *unknown_reason(const struct result *res);

/*
 * Of a profile, or all (NULL): rules that are waived for what fails, of which something else could
 * not be told. They count as waived, and are no more complete than those that are unknown.
 */
size_t waived_in_part(const struct report *r, const struct profile *p);

bool result_has(const struct report *r, const struct result *res, enum outcome o);

/* The name, else the id. */
const char *subject_name(const struct subject *s);

/* "5.5 Containers are not privileged", raw; malloc'ed. */
char *rule_heading(const struct rule *rule);
/* "cis-docker-1.8.0/5.5/container.privileged": one rule of one profile, raw; malloc'ed. */
char *rule_key(const struct rule *rule);

/* The results, the worst outcome first, then the gravest, then as they are. malloc'ed. */
const struct result **results_worst_first(const struct report *r);

/* The results of one group of one profile. */
struct section {
	const struct profile *profile;
	const char *group, *title; /* title: "" when the profile does not name the group */
	size_t first;              /* the result where it was met first */
};
/* In the order in which the results name them; malloc'ed. */
struct section *report_sections(const struct report *r, size_t *ret_n);
bool section_has(const struct section *s, const struct result *res);

/*
 * For readers that drop entries of one fingerprint: 16 hex digits that no other finding of the
 * report has, and that the same finding has in the next run. buf holds 17.
 */
const char *finding_key(const struct result *res, size_t finding, char *buf);

/*
 * Where a finding is, as a relative URI: the file below the root that it was read from, or
 * "container/web". Appended clean and percent-encoded. Returns whether it is a file.
 */
bool finding_uri(struct text *t, const struct finding *f);

/* RFC 3986, 2.3: appends raw cleaned, with all but the unreserved characters encoded. */
void uri_encode(struct text *t, const char *raw);

/*
 * "2026-11-22T04:00:00Z", whatever was said: where a format insists on a moment, one that is none
 * becomes the day that was judged by, else 1970. malloc'ed.
 */
char *report_moment(const struct report *r, const char *said);

/* Appends raw cleaned, with lines of our own texts kept as lines. */
void text_clean_lines(struct text *t, const char *raw);
/* Appends the cleaned text. */
void text_said(struct text *t, const char *raw);

/* 0, or the error of out: how a sink ends. */
int sink_end(FILE *out);

/*
 * report_notes.c: what is to be known of a report that is in no rule of it, for formats that have
 * nothing but remarks: a line each, raw. Free with notes_done().
 */
enum note_kind {
	NOTE_COUNTS,
	NOTE_GAP,
	NOTE_SELECTION, /* what narrowed it */
	NOTE_TAILORING, /* files, and what they took out */
	NOTE_BASELINE,
	NOTE_WARNING,
	NOTE_UNREAD,
};
struct note {
	enum note_kind kind;
	char *text;
};
struct notes {
	struct note *v;
	size_t n;
};
struct notes report_notes(const struct report *r);
void notes_done(struct notes *notes);
/* "tailoring" */
const char *note_name(enum note_kind kind);

/* How many findings have each mark, of one result or of all (res NULL). */
struct changes {
	size_t count[CHANGE_STATES];
};
struct changes report_changes(const struct report *r, const struct result *res);
/* " (new since the baseline)", or "". */
const char *finding_since(const struct finding *f);
/* "since the baseline: 2 new, 1 worse", or "" of a result without a mark; malloc'ed. */
char *result_since(const struct report *r, const struct result *res);

/* report_markdown.c: text that looks like text, whatever marks are in it. */
void markdown_text(FILE *out, const char *raw);
/* report_csv.c: a cell that no spreadsheet takes for a formula. */
void csv_cell(FILE *out, const char *raw);

#endif
