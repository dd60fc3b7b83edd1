/* SPDX-License-Identifier: Apache-2.0 */
/* swarm.h: what the checks of a swarm share: the part that this engine plays in it; private
 * to checks/. */
#ifndef SW_CHECKS_SWARM_H
#define SW_CHECKS_SWARM_H

#include "clock.h"

enum swarm_part {
	SWARM_NONE,    /* not in a swarm: said as skip */
	SWARM_MANAGER, /* one that answers */
	SWARM_WORKER,  /* knows nothing of the swarm as a whole */
	SWARM_LOCKED,  /* a manager that waits for its key */
	SWARM_UNSURE,  /* said as unknown, or marked */
};

/* Path of the engine's facts, seen from a check of the engine. */
enum swarm_part swarm_part(struct sw_eval *e);

/* The part of a manager that answers; all others say skip or unknown, what naming the fact that is
 * missing. */
bool swarm_is_manager(struct sw_eval *e, const char *what);

#endif
