/* SPDX-License-Identifier: Apache-2.0 */
/* auditstarts.h: which audit rules record the starts of programs with rights of their own. */
#ifndef SW_AUDITSTARTS_H
#define SW_AUDITSTARTS_H

#include <jansson.h>

/*
 * Of the set-id programs and those with capabilities that host/walk found, adds
 *
 * host/auditd/starting: {"programs": {PATH: {"mode", "uid", "gid", "capable": bool, "mount":
 *   "nosuid" or "noexec" of a mount on which the rights count for nothing, "loaded", "rules.d",
 *   "audit.rules"}}, "cut": bool}: the three as in auditcover.h, but only of rules that may decide
 *   about starts; cut when there are more programs than were looked at. Unread as the walk is.
 *
 * The walk is the last section that comes: does nothing before it is there.
 */
void auditstarts_derive(json_t *world);

#endif
