/* SPDX-License-Identifier: Apache-2.0 */
/* timestamp.c: see timestamp.h. */
#include "timestamp.h"

/* n digits at *s, which moves past them; -1 when they are not all there. */
static int digits(const char **s, size_t n)
{
	int value = 0;
	for (size_t i = 0; i < n; i++, (*s)++) {
		if (**s < '0' || **s > '9')
			return -1;
		value = value * 10 + (**s - '0');
	}
	return value;
}

static bool skip(const char **s, char c)
{
	bool is_there = **s == c;
	*s += is_there;
	return is_there;
}

/* Of the proleptic Gregorian calendar, since 1970-01-01. */
static int64_t days_of(int year, int month, int day)
{
	static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	int64_t past = year > 0 ? year - 1 : 0;
	int64_t days = past * 365 + past / 4 - past / 100 + past / 400 + (year > 0 ? 366 : 0);
	return days + before[month - 1] + (is_leap && month > 2) + day - 1 - 719528;
}

/* "Z", "+01:00": seconds; false when it is no offset. */
static bool parse_offset(const char **s, int *ret)
{
	*ret = 0;
	if (skip(s, 'Z') || skip(s, 'z'))
		return true;
	int sign = **s == '-' ? -1 : 1;
	if (!skip(s, '+') && !skip(s, '-'))
		return false;
	int hours = digits(s, 2);
	if (hours < 0 || hours > 23 || !skip(s, ':'))
		return false;
	int minutes = digits(s, 2);
	if (minutes < 0 || minutes > 59)
		return false;
	*ret = sign * (hours * 3600 + minutes * 60);
	return true;
}

bool timestamp_parse(const char *s, int64_t *ret)
{
	int offset;
	int year = digits(&s, 4);
	if (year < 0 || !skip(&s, '-'))
		return false;
	int month = digits(&s, 2);
	if (month < 1 || month > 12 || !skip(&s, '-'))
		return false;
	int day = digits(&s, 2);
	if (day < 1 || day > 31 || (*s != 'T' && *s != 't' && *s != ' '))
		return false;
	s++;
	int hour = digits(&s, 2);
	if (hour < 0 || hour > 23 || !skip(&s, ':'))
		return false;
	int minute = digits(&s, 2);
	if (minute < 0 || minute > 59 || !skip(&s, ':'))
		return false;
	int second = digits(&s, 2);
	if (second < 0 || second > 60)
		return false;
	if (skip(&s, '.'))
		s += strspn(s, "0123456789");
	if (!parse_offset(&s, &offset) || *s)
		return false;
	*ret = days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
	return true;
}

static int month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (is_leap && month == 2);
}

bool date_is_valid(const char *s)
{
	int year = digits(&s, 4);
	if (year < 1 || !skip(&s, '-'))
		return false;
	int month = digits(&s, 2);
	if (month < 1 || month > 12 || !skip(&s, '-'))
		return false;
	int day = digits(&s, 2);
	return day >= 1 && day <= month_days(year, month) && *s == '\0';
}
