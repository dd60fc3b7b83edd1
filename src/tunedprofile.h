/* SPDX-License-Identifier: Apache-2.0 */
/* tunedprofile.h: what profiles of tuned(8) set in /proc/sys. Pure: reads nothing. */
#ifndef SW_TUNEDPROFILE_H
#define SW_TUNEDPROFILE_H

#include <jansson.h>

#include "util.h"

/* Is it a name that tuned accepts of a profile? Others could lead out of its folders. */
bool tuned_is_name(const char *name);

/*
 * The profiles that a profile includes, in their order: a list of names. ini: the settings that
 * conf_read() gave with conf_line_ini(). Unread where a variable is in it.
 */
json_t *tuned_includes(const json_t *ini);

/*
 * Puts what the sections for sysctl of a profile set before what weaker profiles did: settings are
 * lists by path as of conf_read(), the first in force. A value that tuned decides when it starts is
 * unread. NULL, or why that cannot be told (malloc'ed).
 */
char *tuned_add(json_t *settings, const json_t *ini);

/*
 * Merges them with what files set. With reapply tuned applies /run/sysctl.d, /etc/sysctl.d and
 * /etc/sysctl.conf (conf, its settings) again after its own, so that only other files lose to it.
 */
void tuned_merge(json_t *settings, const json_t *tuned, const json_t *conf, bool reapply);

#endif
