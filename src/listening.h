/* SPDX-License-Identifier: Apache-2.0 */
/* listening.h: the sockets on which the host listens, and whose they are: host/listening. */
#ifndef SW_LISTENING_H
#define SW_LISTENING_H

#include "collector.h"
#include "processes.h"

struct listening;

struct listening *listening_new(struct collector *c);
void listening_free(struct listening *l);

/* Reads the host's tables. NULL, or why they cannot be read whole, malloc'ed. */
char *listening_read(struct listening *l);
/* Is there one of which the process is not known yet? */
bool listening_is_open(const struct listening *l);
/* Does the process hold any? False with *ret_why, malloc'ed, when its descriptors cannot be read.
 */
bool listening_own(struct listening *l, int64_t pid, const struct process *p, char **ret_why);
/* The section: the sockets, or why there are none. */
json_t *listening_fact(struct listening *l, const char *why);

#endif
