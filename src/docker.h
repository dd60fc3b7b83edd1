/* SPDX-License-Identifier: Apache-2.0 */
/* docker.h: asks the engine's HTTP API, by GET only, and passes on what it says as it comes. */
#ifndef SW_DOCKER_H
#define SW_DOCKER_H

#include <poll.h>

#include "frame.h"

struct docker;

/* Loads libcurl ahead, when there is an engine to ask; docker_new() says what went wrong. */
void docker_load(const struct endpoint *e);

/* Answers go to to. Both arguments are borrowed; nothing is connected before the first question. */
struct docker *docker_new(const struct endpoint *e, unsigned timeout, struct answers *to);
void docker_free(struct docker *d);

/* The version that later questions name: "1.45", or "" for none; -EBADRQC for anything else. */
int docker_api(struct docker *d, const char *version);

/*
 * Takes a question that is answered later, out of docker_turn(). -EBADRQC: no such endpoint, or not
 * an id for it; -EBUSY: more than FETCH_WINDOW open; -ENOTCONN: there is no engine to ask.
 */
int docker_get(struct docker *d, uint32_t id, unsigned endpoint, const char *arg);
/* Ends a question at once: its answer is ECANCELED. -ENOENT: no such question is open (any more).
 */
int docker_cancel(struct docker *d, uint32_t id);
bool docker_is_busy(const struct docker *d);
/* Does what is due; milliseconds until it wants to be called again, or -1. */
int docker_turn(struct docker *d);
/* The sockets to poll: fills at most max, returns how many there are. */
size_t docker_sockets(const struct docker *d, struct pollfd *ret, size_t max);
/* Reports what poll(2) said of one of them. */
void docker_ready(struct docker *d, const struct pollfd *p);

#endif
