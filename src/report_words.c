/* SPDX-License-Identifier: Apache-2.0 */
/* report_words.c: see report_words.h. */
#include "report_words.h"

static const struct words words[OUTCOMES] = {
	[OUTCOME_FAIL] = { .verdict = "fail",
			   .sarif_kind = "fail",
			   .is_sarif_alert = true,
			   .github = "error",
			   .bench = "WARN",
			   .is_gitlab_entry = true,
			   .is_graded = true,
			   .nagios = NAGIOS_WARNING, .xccdf = "fail", .hdf = "failed", },
	[OUTCOME_UNKNOWN] = { .verdict = "unknown",
			      .sarif_kind = "open",
			      .is_sarif_alert = true,
			      .github = "error",
			      .bench = "WARN",
			      .is_gitlab_entry = true,
			      .nagios = NAGIOS_UNKNOWN, .xccdf = "unknown", .hdf = "error", },
	[OUTCOME_REVIEW_FAILS] = { .verdict = "warn",
				   .sarif_kind = "review",
				   .is_sarif_alert = true,
				   .github = "error",
				   .bench = "WARN",
				   .is_gitlab_entry = true,
				   .nagios = NAGIOS_WARNING, .xccdf = "fail", .hdf = "failed", },
	[OUTCOME_REVIEW] = { .verdict = "warn",
			     .sarif_kind = "review",
			     .is_sarif_alert = true,
			     .tap_ok = true,
			     .tap_directive = "SKIP",
			     .github = "warning",
			     .bench = "NOTE",
			     .is_gitlab_entry = true, .xccdf = "notchecked", .hdf = "skipped", },
	[OUTCOME_WAIVED] = { .verdict = "waived", .tap_directive = "TODO", .bench = "NOTE", .xccdf = "informational", .hdf = "skipped", },
	[OUTCOME_PASS] = { .verdict = "pass",
			   .sarif_kind = "pass",
			   .tap_ok = true,
			   .bench = "PASS", .xccdf = "pass", .hdf = "passed", },
	[OUTCOME_SKIP] = { .verdict = "skip",
			   .sarif_kind = "notApplicable",
			   .tap_ok = true,
			   .tap_directive = "SKIP",
			   .bench = "INFO", .xccdf = "notapplicable", .hdf = "skipped", },
};

static const struct {
	const char *sarif_level, *security_severity, *gitlab;
	enum nagios_state nagios;
} grades[] = {
	[SW_LOW] = { "note", "2.0", "minor", NAGIOS_WARNING },
	[SW_MEDIUM] = { "warning", "5.5", "major", NAGIOS_WARNING },
	[SW_HIGH] = { "error", "8.0", "critical", NAGIOS_CRITICAL },
	[SW_CRITICAL] = { "error", "9.5", "blocker", NAGIOS_CRITICAL },
};

const struct words *words_of(enum outcome o)
{
	return &words[o];
}

/* SARIF 3.27.10: of any other kind than fail the level is none. */
const char *words_sarif_level(enum outcome o, enum sw_severity severity)
{
	return words[o].is_graded ? grades[severity].sarif_level : "none";
}

const char *words_gitlab(enum outcome o, enum sw_severity severity)
{
	if (!words[o].is_gitlab_entry)
		return NULL;
	return words[o].is_graded ? grades[severity].gitlab : "info";
}

enum nagios_state words_nagios(enum outcome o, enum sw_severity severity)
{
	return words[o].is_graded ? grades[severity].nagios : words[o].nagios;
}

const char *words_security_severity(enum sw_severity severity)
{
	return grades[severity].security_severity;
}

enum outcome verdict_outcome(const struct report *r, enum sw_verdict v)
{
	static const enum outcome outcomes[SW_VERDICTS] = {
		[SW_FAIL] = OUTCOME_FAIL,   [SW_UNKNOWN] = OUTCOME_UNKNOWN,
		[SW_WARN] = OUTCOME_REVIEW, [SW_PASS] = OUTCOME_PASS,
		[SW_SKIP] = OUTCOME_SKIP,
	};
	if (v == SW_WARN && r->fail_on && streq(r->fail_on, "warn"))
		return OUTCOME_REVIEW_FAILS;
	return outcomes[v];
}

enum outcome finding_outcome(const struct report *r, const struct finding *f)
{
	bool is_waived = f->waiver && f->verdict <= SW_WARN;
	return is_waived ? OUTCOME_WAIVED : verdict_outcome(r, f->verdict);
}

enum outcome result_outcome(const struct report *r, const struct result *res)
{
	enum outcome worst = OUTCOME_WAIVED;
	if (!res->waived)
		return verdict_outcome(r, res->verdict);
	for (size_t i = 0; i < res->n_findings; i++) {
		enum outcome o = finding_outcome(r, &res->findings[i]);
		if (o < OUTCOME_REVIEW && o < worst)
			worst = o;
	}
	return worst;
}
