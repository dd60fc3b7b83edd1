/* SPDX-License-Identifier: Apache-2.0 */
/* collect_sysctl.h: what the files that collect kernel settings share. */
#ifndef SW_COLLECT_SYSCTL_H
#define SW_COLLECT_SYSCTL_H

#include "collector.h"

/* Is something there, of a type if one is given (links are followed)? */
bool path_exists(struct collector *c, const char *path, const char *type);
/* Where a path leads, malloc'ed; NULL when it is not there. */
char *path_target(struct collector *c, const char *path);

struct init {
	const char *name; /* NULL: none that is known */
	char *told_by;    /* malloc'ed */
};

/* Of a running host what it shows; else what would be started. */
struct init sysctl_init(struct collector *c);
/* The rules by which the files are merged, even where nothing starts it: systemd-sysctl, busybox
 * or procps. */
const char *sysctl_applier(struct collector *c, const struct init *init);
/* {"file","masked","wanted-by","started"}, or null. */
json_t *sysctl_service(struct collector *c, const struct init *init);

#endif
