/* SPDX-License-Identifier: Apache-2.0 */
/* timestamp.h: moments as RFC 3339 writes them, without asking the C library for a time zone. */
#ifndef SW_TIMESTAMP_H
#define SW_TIMESTAMP_H

#include "util.h"

/* "2026-11-22T06:39:54.736470435Z", "2026-11-22T07:39:54+01:00": seconds since 1970. False: it is
 * none. */
bool timestamp_parse(const char *s, int64_t *ret);

/* "2026-11-22", a day that there is. */
bool date_is_valid(const char *s);

#endif
