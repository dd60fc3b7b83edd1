/* SPDX-License-Identifier: Apache-2.0 */
/* dates.h: calendar dates as days, for checks that compare them; private to checks/. */
#ifndef SW_CHECKS_DATES_H
#define SW_CHECKS_DATES_H

#include <stdint.h>

/* Days since 1970-01-01 of "YYYY-MM-DD" (what follows is not looked at); INT32_MIN when it is no
 * date. */
int64_t date_days(const char *date);

#endif
