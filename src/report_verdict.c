/* SPDX-License-Identifier: Apache-2.0 */
/* report_verdict.c: see report_verdict.h. */
#include "report_verdict.h"

#include "eval.h"
#include "report_common.h"

const char *report_verdict_word(const struct report *r)
{
	static const char *const words[] = { "PASS", "FAIL", "TROUBLE", "UNKNOWN" };
	bool is_status = r->exit_status >= 0 && (size_t)r->exit_status < ARRAY_SIZE(words);

	if (r->exit_status == 0 && r->fail_on && streq(r->fail_on, "never"))
		return "DONE";
	return words[is_status ? r->exit_status : 2];
}

/* Fails that count against the exit status, and those that do not. */
struct fails {
	size_t counted, below;
};

/* What is waived, or known from a baseline, does not: something else of the rule may be new. */
static bool counts(const struct result *res)
{
	for (size_t i = 0; i < res->n_findings; i++) {
		const struct finding *f = &res->findings[i];
		if (f->verdict == SW_FAIL && !f->waiver && f->change != CHANGE_KNOWN)
			return true;
	}
	return false;
}

static struct fails count_fails(const struct report *r)
{
	struct fails f = { 0 };
	enum sw_severity least = SW_LOW;
	bool is_severity = r->fail_on && severity_of(r->fail_on, &least);

	for (size_t i = 0; i < r->n_results; i++) {
		const struct result *res = &r->results[i];
		if (!counts(res))
			continue;
		if (!is_severity || res->rule->check->severity >= least)
			f.counted++;
		else
			f.below++;
	}
	return f;
}

/* As the exit status has it: passed, failed, or left to a person. */
static bool is_decided(const struct report *r, const struct profile *p)
{
	for (size_t i = 0; i < r->n_results; i++) {
		enum sw_verdict v = r->results[i].verdict;
		if (r->results[i].rule->profile == p && v != SW_UNKNOWN && v != SW_SKIP)
			return true;
	}
	return false;
}

/* The first profile of which no rule was decided, or NULL. */
static const struct profile *undecided_profile(const struct report *r)
{
	for (size_t i = 0; i < r->n_profiles; i++)
		if (!is_decided(r, r->profiles[i]))
			return r->profiles[i];
	return NULL;
}

static void add_fails(struct text *t, const struct report *r)
{
	struct fails f = count_fails(r);
	bool is_never = r->fail_on && streq(r->fail_on, "never");
	bool is_warn = r->fail_on && streq(r->fail_on, "warn");
	const char *at = is_warn || !r->fail_on ? "low" : r->fail_on;

	if (f.counted > 0)
		text_printf(t, "%zu rule%s", f.counted, f.counted == 1 ? "" : "s");
	else
		text_add(t, "no rule");
	if (is_never)
		text_add(t, f.counted > 1 ? " fail" : " fails");
	else
		text_printf(t, " at or above %s%s", at, f.counted == 0 ? " fails" : "");
	if (f.below > 0)
		text_printf(t, ", %zu below", f.below);
}

void report_verdict_add(struct text *t, const struct report *r)
{
	const struct profile *undecided = undecided_profile(r);
	size_t in_part = waived_in_part(r, NULL);

	add_fails(t, r);
	if (r->summary.count[SW_WARN] > 0)
		text_printf(t, "; %zu to review", r->summary.count[SW_WARN]);
	if (r->baseline)
		text_printf(t, "; %zu not new since the baseline", r->n_known);
	if (r->summary.waived > 0)
		text_printf(t, "; %zu waived", r->summary.waived);
	if (in_part > 0)
		text_printf(t, ", of which in part %zu could not be told", in_part);
	if (undecided)
		text_printf(t, "; no rule of %s was decided", undecided->id);
	if (!r->complete)
		text_add(t, "; the record is not complete");
	if (r->summary.count[SW_UNKNOWN] > 0)
		text_printf(t, "; %zu could not be told: %ssee seaworthy doctor",
			    r->summary.count[SW_UNKNOWN], r->as_root ? "" : "run as root, or ");
	text_printf(t, " (exit %d)", r->exit_status);
}

/* Rounded, but neither 100 with a fail nor 0 with a pass: those two are words of their own. */
static size_t percent(size_t pass, size_t decided)
{
	size_t rounded = (200 * pass + decided) / (2 * decided);
	if (rounded == 100 && pass < decided)
		return 99;
	return rounded == 0 && pass > 0 ? 1 : rounded;
}

char *report_score(size_t pass, size_t decided, bool is_complete)
{
	if (decided == 0)
		return xstrdup("no rule was decided");
	return xasprintf("%zu %% of %zu decided rules pass%s", percent(pass, decided), decided,
			 is_complete ? ", complete" : "");
}
