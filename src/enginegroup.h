/* SPDX-License-Identifier: Apache-2.0 */
/* enginegroup.h: which group an engine gives its API socket to, by name and by number. */
#ifndef SW_ENGINEGROUP_H
#define SW_ENGINEGROUP_H

#include "effective.h"

/* The name, or a number as text; "root" where there is none. New reference, may be unread. */
json_t *enginegroup_name(const struct view *v, const json_t *effective);

/*
 * The number that such a group has on the audited host: looked up where the engine looks, and taken
 * out of its user namespace. null: there is no such group. New reference, may be unread.
 */
json_t *enginegroup_id(const struct view *v, const char *name);

#endif
