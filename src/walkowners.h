/* SPDX-License-Identifier: Apache-2.0 */
/* walkowners.h: whose the files of a walk are: counts by user and group, with an example each. */
#ifndef SW_WALKOWNERS_H
#define SW_WALKOWNERS_H

#include "util.h"

enum { WALK_OWNERS_MAX = 4096 }; /* users and groups together */

struct walk_owners;

struct walk_owners *walk_owners_new(void);
void walk_owners_free(struct walk_owners *o);

/* Counts one of kind 'u' or 'g'; true when it is the first, which then gets its name. */
bool walk_owners_add(struct walk_owners *o, char kind, uint32_t id);
/* The path of the file whose owner or group was new. */
void walk_owners_name(struct walk_owners *o, uint32_t uid, uint32_t gid, const char *path);
/* There were more than it holds. */
bool walk_owners_overflowed(const struct walk_owners *o);

typedef void walk_owner_fn(char kind, uint32_t id, uint64_t count, const char *path, void *context);
void walk_owners_each(const struct walk_owners *o, walk_owner_fn *each, void *context);

#endif
