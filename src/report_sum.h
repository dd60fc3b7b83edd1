/* SPDX-License-Identifier: Apache-2.0 */
/* report_sum.h: does a report that was saved say of itself what is in it? */
#ifndef SW_REPORT_SUM_H
#define SW_REPORT_SUM_H

#include "report.h"

/*
 * Refuses a report whose verdicts are not the worst of their findings, whose waived rules are not
 * covered, whose summary does not count its results, or whose exit status is none. One of which
 * somebody took out what fails would else be told of as one in which nothing did.
 */
int report_check_sums(const struct report *r, struct err *err);

#endif
