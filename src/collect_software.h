/* SPDX-License-Identifier: Apache-2.0 */
/* collect_software.h: what the collectors of services and of packages share. */
#ifndef SW_COLLECT_SOFTWARE_H
#define SW_COLLECT_SOFTWARE_H

#include "collector.h"

/* Names of programs that rules ask for; each list ends with NULL. */
extern const char *const software_daemons[], *const software_clients[];

/*
 * {"cupsd": [{"path": "/usr/sbin/cupsd", "resolved": "/usr/sbin/cupsd"}], "vsftpd": []}: where in
 * the usual folders each of the names is. Unread when a folder could not be listed.
 */
json_t *collect_programs_called(struct collector *c, const char *const *names);

json_t *collect_overrides(struct collector *c); /* collect_overrides.c */
json_t *collect_mail(struct collector *c);      /* collect_mail.c */

#endif
