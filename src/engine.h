/* SPDX-License-Identifier: Apache-2.0 */
/* engine.h: rule × subject → finding, as the records come; and the report when all have come. */
#ifndef SW_ENGINE_H
#define SW_ENGINE_H

#include "report.h"
#include "tailoring.h"

struct judge;

struct judge_options {
	struct profile **profiles;
	size_t n_profiles;
	bool profiles_named; /* with -p: one of which nothing was decided is exit 3 */
	const struct selection *selection;
	const char *const *subject_patterns;
	const char *fail_on;
	const char *now;               /* date */
	struct tailorings *tailoring;  /* whose waivers mark the findings; may be NULL */
	const struct report *baseline; /* what it has does not count; may be NULL */
	const char *baseline_file;
	bool is_snapshot;            /* the records come from a file */
	bool has_sandbox;            /* whoever judges is shut in */
	const char *sandbox_missing; /* what the kernel lacks for that, or NULL */
};

struct judge *judge_new(const struct judge_options *o);
void judge_free(struct judge *j); /* and the report */

/* Takes records in the order of a snapshot. body is borrowed. */
void judge_record(struct judge *j, const char *kind, const char *id, json_t *body);

/* After the last record, came it or not: judges what waited for it, rolls up, decides the exit
 * status. */
struct report *judge_finish(struct judge *j, double took);

/*
 * After judge_finish(): a pattern of --subject that selects nothing although all subjects of the
 * selected rules were seen, or NULL.
 */
const char *judge_idle_pattern(const struct judge *j);

/* What the selected rules need: SW_NEEDS_…, and 1 << enum sw_kind of their subjects. */
void judge_needs(struct profile *const *profiles, size_t n, unsigned *ret_needs,
		 unsigned *ret_kinds);

#endif
