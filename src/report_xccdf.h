/* SPDX-License-Identifier: Apache-2.0 */
/* report_xccdf.h: XCCDF 1.2: what was asked, and what became of it; XCCDF and ARF hold both. */
#ifndef SW_REPORT_XCCDF_H
#define SW_REPORT_XCCDF_H

#include "report_common.h"
#include "report_xml.h"

#define XCCDF_NAMESPACE "http://checklists.nist.gov/xccdf/1.2"

/* A Benchmark: a Group for each profile and in it for each of its groups, and their Rules. */
void xccdf_open_benchmark(struct xml *x, const struct report *r);
/* A TestResult: in a Benchmark that is open, or with is_alone as the root of a document. */
void xccdf_write_result(struct xml *x, const struct report *r, bool is_alone);

/*
 * "xccdf_local.seaworthy_rule_cis-docker-1.8.0__5.5__container.privileged": the naming rule wants
 * the reversed name of a domain, and .local is nobody's (RFC 6762). malloc'ed.
 */
char *xccdf_rule_id(const struct rule *rule);
/* The rule that stands for the run itself, where report_gap() has something to say. */
#define XCCDF_RUN_ID "xccdf_local.seaworthy_rule_run"
/* Of what = "benchmark" or "testresult": by the names of the profiles; malloc'ed. */
char *xccdf_report_id(const struct report *r, const char *what);
/* The check of a rule; NULL: of the run itself. */
void xccdf_write_check(struct xml *x, const struct sw_check *check);
const char *xccdf_severity(const struct rule *rule);

#endif
