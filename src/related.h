/* SPDX-License-Identifier: Apache-2.0 */
/* related.h: what controls of other frameworks have to do with a check (profiles/related.tsv). */
#ifndef SW_RELATED_H
#define SW_RELATED_H

#include <stdbool.h>

struct framework {
	const char *id;       /* "nist-800-53-r5" */
	const char *title;    /* "NIST SP 800-53 r5" */
	const char *controls; /* an extended regular expression that each of its ids matches */
};

/* Ends with a row whose id is NULL; in the order of their lines in the file. */
extern const struct framework frameworks[];

enum { RELATED_MAX = 8, CONTROL_MAX = 16 };

/* One line of the file; zero-initialised before the first. */
struct related {
	const char *next; /* where the search goes on */
	const struct framework *framework;
	unsigned n;
	char controls[RELATED_MAX][CONTROL_MAX];
};

/*
 * The next line about a check, or false. The built-in text is searched as it is, at each call, and
 * nothing is kept: an audit whose reports show none of it pays nothing.
 */
bool related_next(struct related *r, const char *check);
/* The text of the file, made by profiles/embed.awk. */
extern const char related_text[];

#endif
