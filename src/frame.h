/* SPDX-License-Identifier: Apache-2.0 */
/* frame.h: writes the fetcher's answers to the pipe, cut into the frames of fetch.h. */
#ifndef SW_FRAME_H
#define SW_FRAME_H

#include <time.h>

#include "fetch.h"

enum { ANSWERS_MAX = 8 << 10 }; /* kept before they are written: the reader works meanwhile */

/* The pipe to the reader. */
struct answers {
	int fd;
	char *kept; /* ANSWERS_MAX bytes for frames that go out together; NULL: each goes alone */
	size_t n_kept;
	bool gone;       /* the reader has closed it: nothing more is written */
	bool guarded;    /* an alarm(2) is running, which must not count the reader's time */
	int64_t stalled; /* nanoseconds spent in writes: the reader's time, not the engine's */
};

/* Writes what is kept: whoever waits for questions calls it first, or the reader waits as well. */
void answers_flush(struct answers *a);

/* One answer as it grows. Owned by its user; buf holds cap bytes, at most FETCH_FRAME_MAX. */
struct reply {
	struct answers *to;
	uint32_t id;
	char *buf;
	size_t cap, len;
};

void reply_add(struct reply *r, const void *data, size_t n);
/* Sends what is in the buffer, and all that was kept, now. */
void reply_flush(struct reply *r);
/* A text and the NUL after it. */
void reply_add_text(struct reply *r, const char *text);
/*
 * Sends the last frame. With an error (an errno, positive) what is still in the buffer is thrown
 * away, and why, which may be NULL, is sent in its place.
 */
void reply_end(struct reply *r, int error, unsigned http, const char *why);

static inline int64_t monotonic_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

#endif
