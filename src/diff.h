/* SPDX-License-Identifier: Apache-2.0 */
/* diff.h: two reports, finding by finding: what is new, fixed, or can no longer be told. */
#ifndef SW_DIFF_H
#define SW_DIFF_H

#include "report.h"

/* One rule on one subject in both reports, or in one of them. */
struct pair {
	const struct result *then_result, *now_result; /* NULL with its finding */
	const struct finding *then, *now;
};

struct pairs {
	struct pair *v; /* malloc'ed; in the order of now, then what only then had */
	size_t n;
};

/*
 * A finding has its like by check and subject: kind, name and image, so that a container made anew
 * is the same one; the id where there is no name; host and engine whatever they are called. Of
 * several the one of the same profile and number.
 */
void pairs_make(const struct report *then, const struct report *now, struct pairs *ret);
void pairs_done(struct pairs *p);

/* In the order in which they are told. */
enum diff_class {
	DIFF_NEW,     /* fails, and did not, or was waived, or was less severe */
	DIFF_UNKNOWN, /* can no longer be told, or is no longer waived */
	DIFF_LOST,    /* failed, and is not judged any more, or skipped because a tree is not
			 running or its engine was not found: nobody knows that it is mended */
	DIFF_STILL,
	DIFF_FIXED, /* failed, and passes, is skipped or left to a person; or its subject is gone */
	DIFF_CHANGED, /* another verdict, reason or evidence, but no failure now or then */
	DIFF_SAME,
	DIFF_CLASSES,
};

/* Does it say other things than it did: verdict, reason, or what was read? */
bool pair_is_changed(const struct pair *p);
/* "new", "lost", … */
const char *diff_class_name(enum diff_class c);

struct diff {
	const char *then_name, *now_name; /* files */
	const char *fail_on;              /* as of an audit; NULL: low */
	const struct report *then, *now;
	struct pairs pairs;
	enum diff_class *classes; /* of each pair */
	size_t count[DIFF_CLASSES];
	size_t n_waived[DIFF_CLASSES]; /* of these, waived now */
	int exit_status; /* 1 new and not waived, of that severity; 3 unknown or lost; 0 */
};

/* Free with diff_done(). */
void diff_make(struct diff *d);
void diff_done(struct diff *d);

/* format: "text", "json" or "markdown"; 0 or negative errno. */
int diff_write(const struct diff *d, const char *format, const struct report_options *o, FILE *out);
bool diff_has_format(const char *format);

/* For what compares many hosts: the parts of a format that are of one of them. */
struct page;
struct json_writer;
void diff_write_sections(const struct page *page, const struct diff *d);
void diff_put_members(struct json_writer *w, const struct diff *d);
void diff_write_tables(const struct diff *d, const char *marks, FILE *out);

/*
 * Says of each finding of now, which is being made, whether a report that is taken for granted has
 * it: finding.change. Warns when that report is of another host or not complete.
 */
void baseline_mark(const struct report *baseline, struct report *now);

#endif
