/* SPDX-License-Identifier: Apache-2.0 */
/* pamstack.h: what PAM does for a service: its files, with what they include, line after line. */
#ifndef SW_PAMSTACK_H
#define SW_PAMSTACK_H

#include "confdir.h"

enum { PAM_ENTRIES_MAX = 300, PAM_DEPTH_MAX = 16 };

/*
 * The stack of one type ("auth", "account", "password", "session") of a service, a fact:
 *
 *   [ {"module": "pam_unix.so", "control": "[success=1 default=ignore]", "args": ["nullok"],
 *      "file": "/etc/pam.d/common-auth", "line": 17, "reached": true, "on_failure": "ignore",
 *      "level": 0, "optional": false}, … ]
 *
 * reached: there are results of the modules before it with which PAM comes to it. on_failure is
 * what its failure does: "bad", "die", "ignore", "ok", "done", "reset" or the number of modules
 * that are skipped. optional: the line begins with "-", so a module that is not installed is passed
 * over in silence. A substack has an entry of its own, without module but with "substack". A stack
 * that is empty is that of the service "other". Unread with the reason when a file of it is.
 */
json_t *pam_stack(const struct conf_source *source, const char *service, const char *type);

/* Is there a file for the service? Unread with the reason. */
json_t *pam_has_service(const struct conf_source *source, const char *service);

#endif
