/* SPDX-License-Identifier: Apache-2.0 */
/* index.h: what is kept of every subject when its body is forgotten. */
#ifndef SW_INDEX_H
#define SW_INDEX_H

#include <jansson.h>

#include "report.h"

/*
 * The facts of a container that rules over several subjects need, as a new object:
 *   {"Id", "Name", "Created", "Image", "State": {"Running", "Status", "FinishedAt"},
 *    "Config": {"Image"}, "HostConfig": {"NetworkMode", "PidMode", "IpcMode", "UTSMode",
 *    "UsernsMode", "CgroupnsMode", "Privileged"}, "Kernel": {"Namespaces": {…}}}
 * unread ones stay unread.
 */
json_t *index_entry(json_t *container);

/* Who a subject is, in the report's arena. body is the record's; NULL for host and engine. */
struct subject *index_subject(struct arena *a, enum sw_kind kind, const char *id, json_t *body);
void index_subject_done(struct subject *s);

/* What entry has in common with an earlier one is from now on that one's: most containers are much
 * alike, and the index of all of them is in memory at once. */
void index_share(json_t *entry, json_t *earlier);

#endif
