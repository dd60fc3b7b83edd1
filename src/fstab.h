/* SPDX-License-Identifier: Apache-2.0 */
/* fstab.h: fstab(5) as facts. Pure. */
#ifndef SW_FSTAB_H
#define SW_FSTAB_H

#include <jansson.h>

#include "util.h"

enum { FSTAB_MAX = 1000 }; /* entries; more are unread */

/*
 * A list of { source, point, type, options, line, nodev, nosuid, noexec, user }, or unread. The
 * last four are what the options mean together: "user" and "users" imply the first three, "owner"
 * and "group" the first two, until a later option says otherwise (mount(8)). text is cut up.
 */
json_t *fstab_parse(char *text);

/* Adds nodev, nosuid, noexec and user to an object, by its member "options". */
void fstab_understand_options(json_t *entry);

#endif
