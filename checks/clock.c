/* SPDX-License-Identifier: Apache-2.0 */
/* clock.c: see clock.h. */
#include "clock.h"

#include <stdio.h>

#include "dates.h"

/* Does text look like the form, where 0 stands for any digit? Returns what follows, or NULL. */
static const char *follows(const char *text, const char *form)
{
	for (; *form; form++, text++) {
		bool is_digit = *text >= '0' && *text <= '9';

		if (*form == '0' ? !is_digit : *text != *form)
			return NULL;
	}
	return text;
}

/* "", "Z" or "+01:00": seconds east. */
static bool zone_of(const char *text, int64_t *ret)
{
	unsigned hours, minutes;

	*ret = 0;
	if (strcmp(text, "Z") == 0)
		return true;
	if ((*text != '+' && *text != '-') || !follows(text + 1, "00:00") || text[6] != '\0' ||
	    sscanf(text + 1, "%2u:%2u", &hours, &minutes) != 2)
		return false;
	*ret = (int64_t)(hours * 3600 + minutes * 60) * (*text == '-' ? -1 : 1);
	return true;
}

bool time_of(const char *text, int64_t *ret)
{
	const char *rest = follows(text, "0000-00-00");
	unsigned hour = 0, minute = 0, second = 0;
	int64_t zone = 0, days = date_days(text);

	if (!rest || days == INT32_MIN)
		return false;
	if (*rest) {
		const char *clock = rest;

		rest = follows(clock, "T00:00:00");
		if (!rest || sscanf(clock, "T%2u:%2u:%2u", &hour, &minute, &second) != 3 ||
		    hour > 24 || minute > 59 || second > 60)
			return false;
		if (*rest == '.')
			rest += 1 + strspn(rest + 1, "0123456789");
		if (!zone_of(rest, &zone))
			return false;
	}
	*ret = days * SECONDS_OF_DAY + hour * 3600 + minute * 60 + second - zone;
	return true;
}

bool time_of_engine(struct sw_eval *e, int64_t *ret)
{
	const char *text = sw_str(e, "info/SystemTime", "");

	if (time_of(text, ret))
		return true;
	sw_unknown(e, "the engine does not tell its time");
	return false;
}
