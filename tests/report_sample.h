/* SPDX-License-Identifier: Apache-2.0 */
/* report_sample.h: a report made by hand that holds everything a sink may meet. */
#ifndef SW_REPORT_SAMPLE_H
#define SW_REPORT_SAMPLE_H

#include "report.h"

/*
 * Two profiles, every verdict, waived wholly and in part, Compose projects and a stack, many
 * offenders of one reason and of many, unknowns of one cause, and names and values as hostile as
 * they get.
 */
struct report *sample_new(void);
void sample_free(struct report *r);

/* Bytes that must be in no output of any sink; NULL-terminated. */
extern const char *const sample_forbidden[];

#endif
