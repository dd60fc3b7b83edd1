/* SPDX-License-Identifier: Apache-2.0 */
/* progress.c: see progress.h. */
#include "progress.h"

#include <time.h>

#include "util.h"

enum { FIRST_MS = 500, EACH_MS = 100 };

static bool is_terminal, is_shown;
static int64_t first_ms, last_ms;

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

void progress_open(void)
{
	is_terminal = isatty(STDERR_FILENO);
}

void progress_show(size_t done, size_t all, void *context)
{
	int64_t now = now_ms();
	(void)context;
	if (!first_ms)
		first_ms = now;
	if (!is_terminal || now - first_ms < FIRST_MS || now - last_ms < EACH_MS)
		return;
	if (all == 0)
		fprintf(stderr, "\r%zu files\033[K", done);
	else
		fprintf(stderr, "\r%zu of %zu containers\033[K", done, all);
	last_ms = now;
	is_shown = true;
}

void progress_clear(void)
{
	if (is_shown)
		fputs("\r\033[K", stderr);
	is_shown = false;
}
