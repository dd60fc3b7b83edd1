/* SPDX-License-Identifier: Apache-2.0 */
/* report_load.h: a report as it was saved by -o json, brought back. */
#ifndef SW_REPORT_LOAD_H
#define SW_REPORT_LOAD_H

#include "report.h"

enum { REPORT_SIZE_MAX = 256 << 20 };

/*
 * Reads version 1 of seaworthy-report(5); members that are not known are left out, members that
 * are missing or of a wrong type are an error that names the file and the place. Its strings are
 * raw again, so that a sink writes the same bytes as it did from the run. Free with
 * report_unload().
 */
int report_load(const char *name, const char *data, size_t n, struct report **ret, struct err *err);
/* All that a descriptor gives, at most REPORT_SIZE_MAX bytes. */
int report_load_fd(const char *name, int fd, struct report **ret, struct err *err);
void report_unload(struct report *r);
static inline void report_unload_p(struct report **r)
{
	report_unload(*r);
}

#endif
