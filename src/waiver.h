/* SPDX-License-Identifier: Apache-2.0 */
/* waiver.h: reviewed exceptions: which findings they cover, until when, and whether they still do.
 */
#ifndef SW_WAIVER_H
#define SW_WAIVER_H

#include "report.h"
#include "yaml_doc.h"

/* One entry of a list of waivers. Patterns are those of fnmatch(3); NULL: whatever it is. */
struct exception {
	const char *place;   /* "FILE:12:5" */
	const char *rule;    /* on numbers, checks and groups */
	const char *profile; /* on ids of profiles */
	const char *name, *image;
	const char *label; /* a key, as it is */
	const char *label_value;
	enum sw_kind kind;   /* 0: any */
	unsigned covers;     /* 1 << verdict */
	struct waiver shown; /* what a finding points to */
	bool is_installed;   /* nobody named its file: it may be of other profiles' runs */
	/* while a report is made: results it is about, their findings it names, those it covers */
	size_t n_results, n_named, n_covered;
};

struct waivers {
	struct exception *all; /* malloc'ed; the texts are the arena's */
	size_t n;
};

/* Adds those of a list; profile is what its file says for all of them, or NULL. */
int waivers_read(struct waivers *w, const struct yaml *y, const json_t *list, const char *profile,
		 bool is_installed, struct arena *a, struct err *err);
void waivers_done(struct waivers *w);

bool waiver_is_expired(const struct exception *x, const char *now);
/* Is the rule one of those it names? */
bool waiver_is_about(const struct exception *x, const struct rule *rule);

/* Marks the findings of a result that waivers in force cover. Once for each result. */
void waivers_mark(struct waivers *w, struct result *r, const char *now);
/* When all are marked: adds to the report's warnings which waivers expired or cover nothing. */
void waivers_warn(const struct waivers *w, struct report *r);

/* The same of what can be told without findings: what expired, or names no rule. */
void waivers_lint(const struct waivers *w, struct report *r);

#endif
