/* SPDX-License-Identifier: Apache-2.0 */
/* outputs.h: the reports that a command line asked for, from opening them to renaming them. */
#ifndef SW_OUTPUTS_H
#define SW_OUTPUTS_H

#include "options.h"

struct outputs {
	struct output *all; /* the options', or standard */
	size_t n;           /* that are open */
	struct output standard;
	struct report_options look; /* of standard output */
};

/* In the parent, before it forks. */
int outputs_open(struct outputs *outs, const struct options *o, struct err *err);
/* In the reader, before it is shut in: what the formats need. */
int outputs_load(struct outputs *outs, struct err *err);
/* How the one at i shall look. */
struct report_options outputs_look(const struct outputs *outs, const struct options *o, size_t i);
int outputs_write(struct outputs *outs, const struct options *o, const struct report *report,
		  struct err *err);
/* In the parent: renames what was written whole, or takes it away. */
int outputs_finish(struct outputs *outs, bool is_good, struct err *err);

#endif
