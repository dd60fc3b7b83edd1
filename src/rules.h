/* SPDX-License-Identifier: Apache-2.0 */
/* rules.h: the checks and profiles that the user asked for, loaded, resolved and selected. */
#ifndef SW_RULES_H
#define SW_RULES_H

#include "options.h"
#include "plugin.h"
#include "tailoring.h"

struct rules {
	struct registry *registry;
	struct profile **profiles;
	size_t n_profiles;
	struct plugins plugins;
	struct tailorings tailoring;
	struct selection selection;
};

/* In the parent: opens and parses what the options name. */
int rules_open(struct rules *r, const struct options *o, struct err *err);
/* In the reader: loads plugins, resolves, applies --set, selects. */
int rules_resolve(struct rules *r, const struct options *o, struct err *err);
void rules_done(struct rules *r);

#endif
