/* SPDX-License-Identifier: Apache-2.0 */
/* patience.h: how long an engine is waited for, and when it is given up. */
#ifndef SW_PATIENCE_H
#define SW_PATIENCE_H

#include "api.h"
#include "docker.h"

#define MS INT64_C(1000000) /* nanoseconds */

struct patience {
	const struct answers *to;
	unsigned timeout; /* seconds for a reply */
	unsigned timeouts_in_row;
	int64_t silent_since;
	bool is_over; /* it has stopped answering */
};

/* Nanoseconds that passed while the engine could have answered: not while we waited for the reader.
 */
int64_t patience_now(const struct patience *p);
/* How long one reply may take. */
int64_t patience_with(const struct patience *p, const struct api_get *g);
unsigned patience_seconds(const struct patience *p, const struct api_get *g);
/* The engine gave a sign of life; returns now. */
int64_t patience_heard(struct patience *p);
/* A reply did not come in time. */
void patience_tried(struct patience *p);
/* Was it silent for too long, with questions under way? */
void patience_look(struct patience *p, int64_t now, bool is_streaming);

#endif
