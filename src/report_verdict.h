/* SPDX-License-Identifier: Apache-2.0 */
/* report_verdict.h: the one sentence that a report comes down to. */
#ifndef SW_REPORT_VERDICT_H
#define SW_REPORT_VERDICT_H

#include "report.h"
#include "text.h"

/* "PASS", "FAIL", "TROUBLE", "UNKNOWN", or "DONE" where nothing could make it fail. */
const char *report_verdict_word(const struct report *r);
/* Appends "8 rules at or above low; 1 to review (exit 1)", raw: it may name a profile. */
void report_verdict_add(struct text *t, const struct report *r);

/* "85 % of 84 decided rules pass, complete"; malloc'ed. */
char *report_score(size_t pass, size_t decided, bool is_complete);

#endif
