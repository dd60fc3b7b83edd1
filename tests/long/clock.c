/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock.c: to be preloaded: from the call of the number in $CLOCK_AT on, the clock of the day says
 * $CLOCK_JUMP seconds more (or less, with a minus), in each process that comes to it.
 *
 * The clock that only ever goes on does not jump: what waits by it must not notice.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long at = 1, count, jump;

__attribute__((constructor)) static void begin(void)
{
	const char *number = getenv("CLOCK_AT"), *seconds = getenv("CLOCK_JUMP");
	at = number ? strtol(number, NULL, 10) : 1;
	jump = seconds ? strtol(seconds, NULL, 10) : 0;
}

static long jumped(void)
{
	return ++count >= at ? jump : 0;
}

int clock_gettime(clockid_t clock, struct timespec *ret)
{
	int error = (int)syscall(SYS_clock_gettime, clock, ret);
	if (error == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		ret->tv_sec += jumped();
	return error;
}

time_t time(time_t *ret)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	if (ret)
		*ret = now.tv_sec;
	return now.tv_sec;
}

int gettimeofday(struct timeval *restrict ret, void *restrict zone)
{
	struct timespec now;
	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	ret->tv_sec = now.tv_sec;
	ret->tv_usec = now.tv_nsec / 1000;
	return 0;
}
