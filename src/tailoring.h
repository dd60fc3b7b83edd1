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
 * dir is no file. Errors name file, line, column and the nearest valid name.
 */
int tailorings_open(const char *dir, const char *const *names, struct tailorings *ret,
		    struct err *err);
void tailorings_done(struct tailorings *t);

/* Puts into a report which files there are, and what is to be said of them so far. */
void tailorings_tell(const struct tailorings *t, struct report *r);

#endif
