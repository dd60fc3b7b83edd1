/* SPDX-License-Identifier: Apache-2.0 */
/* patience.c: see patience.h. */
#include "patience.h"

enum {
	TIMEOUTS_MAX = 3, /* in a row: then the engine has stopped answering */
	SILENCE_MAX = 60, /* seconds without one finished reply: the same */
	/* an engine may write all layers to its disk before it sends the first */
	STREAM_PATIENCE = 30,
	LIST_PATIENCE = 3,
};

int64_t patience_now(const struct patience *p)
{
	return monotonic_ns() - p->to->stalled;
}

unsigned patience_seconds(const struct patience *p, const struct api_get *g)
{
	return p->timeout * (g->stream ? STREAM_PATIENCE : g->list ? LIST_PATIENCE : 1);
}

int64_t patience_with(const struct patience *p, const struct api_get *g)
{
	return (int64_t)patience_seconds(p, g) * 1000 * MS;
}

int64_t patience_heard(struct patience *p)
{
	p->timeouts_in_row = 0;
	p->silent_since = patience_now(p);
	return p->silent_since;
}

void patience_tried(struct patience *p)
{
	if (++p->timeouts_in_row >= TIMEOUTS_MAX)
		p->is_over = true;
}

void patience_look(struct patience *p, int64_t now, bool is_streaming)
{
	int64_t longest = (int64_t)p->timeout * (is_streaming ? STREAM_PATIENCE : LIST_PATIENCE);

	longest = longest > SILENCE_MAX ? longest : SILENCE_MAX;
	if (now >= p->silent_since + longest * 1000 * MS)
		p->is_over = true;
}
