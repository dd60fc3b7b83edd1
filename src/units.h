/* SPDX-License-Identifier: Apache-2.0 */
/* units.h: systemd unit files and drop-ins, found and merged as systemd does it. Pure: reads
 * nothing. */
#ifndef SW_UNITS_H
#define SW_UNITS_H

#include <jansson.h>

#include "util.h"

enum { UNIT_FILES_MAX = 256 }; /* drop-ins of one unit; more are unread */

/*
 * The folders in which a unit's files may be, the strongest first. Used so:
 *
 *	struct unit_search *s = unit_search_new("docker.service");
 *	for (i = 0; (dir = unit_search_dir(s, i)); i++)
 *		unit_search_listed(s, i, answer.data, answer.len, reason);   of FETCH_LIST dir
 *	for (i = 0; (path = unit_search_file(s, i)); i++)
 *		unit_search_read(s, i, answer.data, answer.len, reason);     of FETCH_READ path
 *	record = unit_search_record(s);
 *	unit_search_free(s);
 *
 * reason is NULL for a good answer, UNIT_NOT_THERE when the folder or file does not exist, else why
 * it could not be read. A file that is a link to /dev/null is told by unit_search_masked(): it
 * reads as empty too, which is taken for the same.
 */
struct unit_search;

extern const char UNIT_NOT_THERE[];

struct unit_search *unit_search_new(const char *unit);
void unit_search_free(struct unit_search *s);
static inline void unit_search_free_p(struct unit_search **s)
{
	unit_search_free(*s);
}

/* The i-th folder to list, NULL after the last. */
const char *unit_search_dir(const struct unit_search *s, size_t i);
/* Is it one of units, not of drop-ins? Those come first. */
bool unit_search_is_folder(const struct unit_search *s, size_t i);
/* What it holds, as FETCH_LIST answers: per entry its type letter, its name and NUL. */
void unit_search_listed(struct unit_search *s, size_t i, const char *data, size_t n,
			const char *reason);

/* The i-th file to read, NULL after the last: the fragment if there is one, then the drop-ins in
 * order. */
const char *unit_search_file(struct unit_search *s, size_t i);
void unit_search_read(struct unit_search *s, size_t i, const char *data, size_t n,
		      const char *reason);
/* The file is a link to /dev/null. */
void unit_search_masked(struct unit_search *s, size_t i);

/* {"path","drop_ins","masked","settings"} as in host/units. New reference. */
json_t *unit_search_record(struct unit_search *s);

/*
 * One file's text merged into settings, an object of sections of lists: assignments append, "Key="
 * empties. Specifiers and quotes are left as they are.
 */
void unit_merge(json_t *settings, const char *data, size_t n);

#endif
