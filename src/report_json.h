/* SPDX-License-Identifier: Apache-2.0 */
/* report_json.h: parts of the JSON report that other formats hold as they are. */
#ifndef SW_REPORT_JSON_H
#define SW_REPORT_JSON_H

#include "json_writer.h"
#include "report.h"

/* Members, into the object that is open. */
void report_json_rule(struct json_writer *w, const struct rule *rule);
void report_json_result(struct json_writer *w, const struct result *res);
void report_json_finding(struct json_writer *w, const struct finding *f, const struct rule *rule);
void report_json_summary(struct json_writer *w, const struct summary *s);
/* What narrowed, tailored or compared the report: selection, baseline, tailoring. */
void report_json_orders(struct json_writer *w, const struct report *r);
void report_json_target(struct json_writer *w, const struct target *t);
/* With a baseline: how many findings have which mark. */
void report_json_changes(struct json_writer *w, const struct report *r);
/* One element of a list of evidence. */
void report_json_evidence(struct json_writer *w, const struct evidence *e);

#endif
