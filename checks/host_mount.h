/* SPDX-License-Identifier: Apache-2.0 */
/* host_mount.h: the host's mount table, as checks of mounts look at it; private to checks/. */
#ifndef SW_CHECKS_HOST_MOUNT_H
#define SW_CHECKS_HOST_MOUNT_H

#include <seaworthy/check.h>

enum { HOST_MOUNTS_MAX = 4096 };

/* The facts of what is seen at a mount point, NULL when nothing is mounted there. Of mounts on one
 * another the last is what is seen. */
const char *host_mount_at(struct sw_eval *e, const char *point);
/* The facts of the mount that path is on; NULL when the table has none. */
const char *host_mount_of(struct sw_eval *e, const char *path);
/* How many there are; says unknown when these are too many to look at. */
size_t host_mount_count(struct sw_eval *e);
/* Is it a word in a list of options with commas between them? */
bool host_mount_has_option(const char *options, const char *option);

#endif
