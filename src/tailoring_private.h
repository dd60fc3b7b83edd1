/* SPDX-License-Identifier: Apache-2.0 */
/* tailoring_private.h: one file of a site; shared by tailoring*.c only. */
#ifndef SW_TAILORING_PRIVATE_H
#define SW_TAILORING_PRIVATE_H

#include "profile_private.h"
#include "tailoring.h"

/* What one entry asks of the rules that it matches. */
struct change {
	const json_t *object;
	const char *rule, *why;
	enum sw_severity severity; /* 0: as it is */
	int level;                 /* 0: as it is */
	const json_t *select;      /* true, false, or NULL: as it is */
	const json_t *params;      /* or NULL */
};

struct tailoring {
	struct source source;
	struct yaml *yaml;
	const char *profile; /* a pattern of ids, or NULL: whichever */
	bool is_installed;   /* nobody named it: it may be of other profiles' runs */
	struct change *changes;
	size_t n_changes;
	const json_t *add; /* or NULL */
};

/* Is the file about this profile? */
bool tailoring_fits(const struct tailoring *f, const struct profile *p);
/* tailoring_change.c */
int changes_read(struct tailoring *f, const json_t *list, struct arena *a, struct err *err);

#endif
