/* SPDX-License-Identifier: Apache-2.0 */
/* contained.h: the processes of containers, by what each may do and where it is. Pure. */
#ifndef SW_CONTAINED_H
#define SW_CONTAINED_H

#include <jansson.h>

#include "util.h"

struct contained;

struct contained *contained_new(void);
void contained_free(struct contained *all);

/*
 * Adds a process from a FETCH_PROC answer with PROC_CONTAINED. program is the file that runs,
 * host_ns the ids of the host's namespaces, or the nearest to them that are known. False: it has
 * ended, is not in a container (any more), or could not be read: then the fact is unread.
 */
bool contained_add(struct contained *all, const char *answer, size_t n, const char *program,
		   char *const *host_ns);

/*
 * A list, each
 *   {"id": of the container, or "pid:[…]", "processes": 7, "first": KIND, "others": [KIND, …],
 *    "cut": are there more kinds}
 * first is the process that began first; others are of all others that differ from it or from each
 * other:
 *   {"program": of one of them, "processes": 3,
 *    "starting": is it a runtime's that is not done yet,
 *    "capabilities": all that it holds or may come to hold, as a number,
 *    "seccomp": 0, 1, 2 or null, "no-new-privs": 0, 1 or null,
 *    "label": "docker-default (enforce)" or "",
 *    "namespaces": {"net": {"id": "net:[…]", "host": bool}, …}}
 */
json_t *contained_fact(struct contained *all);

#endif
