/* SPDX-License-Identifier: Apache-2.0 */
/* collect_logins.h: the parts of host/accounts that are looked up by what the other parts say. */
#ifndef SW_COLLECT_LOGINS_H
#define SW_COLLECT_LOGINS_H

#include "collector.h"

/* Adds to the section "homes" and "authorized-keys-files"; wants "passwd" in it. */
void collect_homes(struct collector *c, json_t *accounts);
/* Adds "paths": what stands where the search paths of root are set; wants the settings in it. */
void collect_paths(struct collector *c, json_t *accounts);
/* Adds "banners". */
void collect_banners(struct collector *c, json_t *accounts);
/* Adds "cron" and "display-managers". */
void collect_jobs(struct collector *c, json_t *accounts);

#endif
