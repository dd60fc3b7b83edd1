/* SPDX-License-Identifier: Apache-2.0 */
/* report_sum.c: see report_sum.h. */
#include "report_sum.h"

#include <errno.h>

#include "eval.h"

static int check_result(const struct result *r, struct err *err)
{
	enum sw_verdict worst = SW_SKIP;
	size_t n_bare = 0;
	for (size_t i = 0; i < r->n_findings; i++)
		worst = verdict_worse(worst, r->findings[i].verdict);
	for (size_t i = 0; i < r->n_findings; i++)
		n_bare += r->findings[i].verdict == worst && !r->findings[i].waiver;
	if (worst != r->verdict)
		return err_set(err, -EINVAL, "rule %s is %s, and its worst finding is %s",
			       r->rule->ref, verdict_name(r->verdict), verdict_name(worst));
	if (r->waived && (worst > SW_WARN || n_bare > 0))
		return err_set(err, -EINVAL, "rule %s is waived, and its findings are not",
			       r->rule->ref);
	return 0;
}

static bool is_sum(const struct report *r, const struct profile *p, const struct summary *told)
{
	struct summary counted = { 0 };
	for (size_t i = 0; i < r->n_results; i++) {
		const struct result *one = &r->results[i];
		if (p && one->rule->profile != p)
			continue;
		if (one->waived)
			counted.waived++;
		else
			counted.count[one->verdict]++;
	}
	return memcmp(&counted, told, sizeof(counted)) == 0;
}

int report_check_sums(const struct report *r, struct err *err)
{
	if (!is_sum(r, NULL, &r->summary))
		return err_set(err, -EINVAL, "its summary does not count its results");
	for (size_t i = 0; i < r->n_profiles; i++)
		if (!is_sum(r, r->profiles[i], &r->profile_summaries[i]))
			return err_set(err, -EINVAL,
				       "the summary of profile %s does not count its results",
				       r->profiles[i]->id);
	for (size_t i = 0; i < r->n_results; i++)
		if (check_result(&r->results[i], err) < 0)
			return -EINVAL;
	if (r->exit_status < 0 || r->exit_status > 3)
		return err_set(err, -EINVAL, "%d is no exit status", r->exit_status);
	return 0;
}
