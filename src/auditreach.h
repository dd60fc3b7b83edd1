/* SPDX-License-Identifier: Apache-2.0 */
/* auditreach.h: does a loaded audit rule still see what is at its path today? */
#ifndef SW_AUDITREACH_H
#define SW_AUDITREACH_H

#include "facts.h"

/*
 * The kernel binds a rule for a folder to the folder that is there when the rule is loaded, and to
 * the roots of what is mounted below it then (kernel/audit_tree.c); one for a path to the entry of
 * the folder that holds it (kernel/audit_watch.c). It drops the rule when that folder is removed,
 * but not when it is moved away or mounted over. Adds to entry, whose rule covers target:
 *
 *   "mount": a mount point on the way from the rule's folder to target, which only a rule that
 *            was loaded later looks into. Not of what init or fstab(5) mounts, which is there
 *            before rules are loaded, nor of a folder mounted on itself.
 *   "made":  when the rule's folder was made, if that is after the boot: a rule loaded before
 *            would look at the one it replaced. Not on a tmpfs, where all is younger than the
 *            boot and where nothing is moved away.
 *
 * Either is absent, or unread.
 */
void auditreach_tell(json_t *entry, json_t *rule, const char *target, struct fact mounts);

/* Adds "fstab": true to each of mounts that the text of an fstab(5) has mounted at boot. */
void auditreach_fstab(json_t *mounts, char *text);

#endif
