/* SPDX-License-Identifier: Apache-2.0 */
/* sudoers.h: what sudo lets whom do, as sudoers(5) has it. */
#ifndef SW_SUDOERS_H
#define SW_SUDOERS_H

#include "confdir.h"

/*
 * What conf_read() gives of /etc/sudoers and all that it includes, with the settings
 *   "default/NAME"  of Defaults: "true", "false" (written !NAME) or the value; the last is in force
 *   "scoped/NAME"   of Defaults for some users, hosts, commands: value, blank, scope
 * and beside them, unread when the settings are:
 *   "rules": [ {"users": ["bob", "%ops"], "file": "/etc/sudoers", "line": 9,
 *               "commands": [ {"command": "/usr/bin/docker ps", "nopasswd": true} ]}, … ]
 * Aliases of users and commands are written out.
 */
json_t *sudoers_read(const struct conf_source *source);

#endif
