/* SPDX-License-Identifier: Apache-2.0 */
/* machine.h: a fetcher that answers the reader's questions out of a tree in memory. */
#ifndef SW_FUZZ_MACHINE_H
#define SW_FUZZ_MACHINE_H

#include "collect.h"
#include "tree.h"

struct machine;

/* Serves until machine_stop(); *ret_asker is the reader's end. The tree is borrowed. */
struct machine *machine_start(const struct tree *t, struct asker **ret_asker);
void machine_stop(struct machine *m, struct asker *asker);

#endif
