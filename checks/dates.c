/* SPDX-License-Identifier: Apache-2.0 */
/* dates.c: see dates.h. */
#include "dates.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool has_form(const char *s)
{
	static const char form[] = "dddd-dd-dd";
	for (size_t i = 0; form[i]; i++)
		if (form[i] == 'd' ? !isdigit((unsigned char)s[i]) : s[i] != form[i])
			return false;
	return true;
}

/* Counts from March, so that a leap day is the last of its year. */
int64_t date_days(const char *date)
{
	if (!has_form(date))
		return INT32_MIN;
	int64_t year = strtol(date, NULL, 10), month = strtol(date + 5, NULL, 10),
		day = strtol(date + 8, NULL, 10);
	if (month < 1 || month > 12 || day < 1 || day > 31)
		return INT32_MIN;
	year -= month <= 2;
	int64_t shifted = (month + 9) % 12;
	int64_t days =
		365 * year + year / 4 - year / 100 + year / 400 + (153 * shifted + 2) / 5 + day - 1;
	return days - 719468;
}
