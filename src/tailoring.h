/* SPDX-License-Identifier: Apache-2.0 */
/* tailoring.h: files that change profiles for a site, and hold its waivers. */
#ifndef SW_TAILORING_H
#define SW_TAILORING_H

#include "waiver.h"

#ifndef TAILORINGDIR
#define TAILORINGDIR "/etc/seaworthy/tailoring.d"
#endif

struct tailoring;

struct tailorings {
	struct arena *arena;
	struct tailoring *files; /* in the order they are applied */
	size_t n;
	const char **names; /* of the files; NULL-terminated */
	struct waivers waivers;
	struct warnings warnings;
};

/*
 * Reads the *.yaml of dir, by name, and then those that were named; NULL-terminated, or NULL. No
 * dir, or NULL, is no file. Errors name file, line, column and the nearest valid name.
 */
int tailorings_open(const char *dir, const char *const *names, struct tailorings *ret,
		    struct err *err);
void tailorings_done(struct tailorings *t);

/* Adds their rules and checks to the profiles, which are not resolved yet. */
int tailorings_extend(const struct tailorings *t, struct profile **p, size_t n, struct err *err);
/* Changes the rules of the resolved profiles, in the order of the files; before --set. */
int tailorings_apply(struct tailorings *t, struct profile **p, size_t n, struct err *err);

/* Puts into a report which files there are, and what is to be said of them so far. */
void tailorings_tell(const struct tailorings *t, struct report *r);

#endif
