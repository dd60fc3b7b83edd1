/* SPDX-License-Identifier: Apache-2.0 */
/* guardedkeys.h: kernel settings that are shown only to who has a capability, read before the
 * fetcher gives it away. */
#ifndef SW_GUARDEDKEYS_H
#define SW_GUARDEDKEYS_H

#include "util.h"

enum { GUARDED_KEYS = 7, GUARDED_BYTES = 64 };

/* What could be read; the others are for the usual way, which tells why they cannot. */
struct guarded_keys {
	char text[GUARDED_KEYS][GUARDED_BYTES]; /* "": not read */
};

/* Reads all of them from /proc/sys, with whatever capabilities there still are. */
void guarded_read(struct guarded_keys *g);
/* What was read of proc/sys/KEY, with or without a slash before it; NULL: nothing. */
const char *guarded_find(const struct guarded_keys *g, const char *path);

#endif
