/* SPDX-License-Identifier: Apache-2.0 */
/* collect_services.h: what is known while host/services is gathered; for its collectors only. */
#ifndef SW_COLLECT_SERVICES_H
#define SW_COLLECT_SERVICES_H

#include "collector.h"
#include "unitlinks.h"

struct services {
	struct collector *c;
	struct unit_links *u;
	const char *dir, *folder; /* that is being listed */
	json_t *folders;          /* of it to list */
	char *why;                /* what could not be read */
};

/* Notes the first thing that could not be read; what is started is then not known. */
void services_trouble(struct services *s, const char *path, const char *why);

/* Merges a unit file's text into settings; *ret_empty (may be NULL): it has 0 bytes, a mask. */
bool services_merge(struct services *s, json_t *settings, const char *path, bool *ret_empty);
/* All that is started at boot, and what devices start that may be plugged in. (services_reach.c) */
void services_reach(struct services *s);

/* Scripts by name with the run levels' folders that start them; of OpenRC's levels that only end
 * things nothing counts. (services_levels.c) */
json_t *services_sysv(struct services *s, const json_t *managers);
json_t *services_openrc(struct services *s);
/* The managers of services that are installed, as members. */
json_t *services_managers(struct services *s);

#endif
