/* SPDX-License-Identifier: Apache-2.0 */
/* report_words.h: what our verdicts are called in the vocabularies of other formats. */
#ifndef SW_REPORT_WORDS_H
#define SW_REPORT_WORDS_H

#include "report.h"

/*
 * What a format has to tell apart, the worst first. Only OUTCOME_PASS may read as met anywhere, and
 * no format may let OUTCOME_FAIL, OUTCOME_UNKNOWN or OUTCOME_REVIEW_FAILS end as a success.
 */
enum outcome {
	OUTCOME_FAIL,
	OUTCOME_UNKNOWN,
	OUTCOME_REVIEW_FAILS, /* warn, under --fail-on warn */
	OUTCOME_REVIEW,       /* warn */
	OUTCOME_WAIVED,
	OUTCOME_PASS,
	OUTCOME_SKIP,
	OUTCOMES
};

enum nagios_state { NAGIOS_OK, NAGIOS_UNKNOWN, NAGIOS_WARNING, NAGIOS_CRITICAL };

/* A word that is NULL: the format has no entry for it. */
struct words {
	const char *verdict;    /* ours */
	const char *sarif_kind; /* SARIF 2.1.0, 3.27.9; of what is waived that of its verdict */
	bool is_sarif_alert;    /* for readers that take every entry for a problem */
	bool tap_ok;
	const char *tap_directive; /* TAP 13: "SKIP" or "TODO" */
	const char *github;        /* a workflow command */
	const char *bench;         /* docker-bench-security */
	bool is_gitlab_entry;
	bool is_graded; /* sarif level, gitlab and nagios go by the severity of the check */
	enum nagios_state nagios;
	const char *xccdf; /* XCCDF 1.2, 6.6.4.2 */
	const char *hdf;   /* of a result within a control; what a control is follows from them */
};

const struct words *words_of(enum outcome o);
const char *words_sarif_level(enum outcome o, enum sw_severity severity);
const char *words_gitlab(enum outcome o, enum sw_severity severity);
enum nagios_state words_nagios(enum outcome o, enum sw_severity severity);
/* "9.5": GitHub sorts by it. */
const char *words_security_severity(enum sw_severity severity);

/*
 * A result that is waived may still hold what no waiver covers; that counts then, for a format with
 * one word a rule would hide it.
 */
enum outcome verdict_outcome(const struct report *r, enum sw_verdict v);
enum outcome result_outcome(const struct report *r, const struct result *res);
enum outcome finding_outcome(const struct report *r, const struct finding *f);

#endif
