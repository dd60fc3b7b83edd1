/* SPDX-License-Identifier: Apache-2.0 */
/* walkparse.h: what a walk of the files told, as facts. Pure. */
#ifndef SW_WALKPARSE_H
#define SW_WALKPARSE_H

#include <jansson.h>

#include "util.h"

struct walk_report;

struct walk_report *walk_report_new(void);
void walk_report_free(struct walk_report *r);
/* Takes n bytes of the answer as it comes, cut anywhere. Returns the entries walked so far. */
uint64_t walk_report_take(struct walk_report *r, const char *data, size_t n);

/*
 * The section host/walk. users and groups are those of the world; subuid, subgid and nsswitch the
 * texts of these files, NULL where there is none. Takes what was gathered.
 */
json_t *walk_report_record(struct walk_report *r, const json_t *users, const json_t *groups,
			   char *subuid, char *subgid, char *nsswitch);

#endif
