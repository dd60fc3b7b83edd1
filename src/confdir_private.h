/* SPDX-License-Identifier: Apache-2.0 */
/* confdir_private.h: one reading of layered configuration, shared by confdir.c and conffolders.c.
 */
#ifndef SW_CONFDIR_PRIVATE_H
#define SW_CONFDIR_PRIVATE_H

#include "confdir.h"

struct place {
	const char *file; /* owned by the record */
	size_t line;
	char *section;
	size_t depth;
};

struct conf {
	const struct conf_spec *spec;
	const struct conf_source *source;
	json_t *files, *settings;
	struct place at;
	char *trouble; /* the first reason why the settings are not whole */
	size_t n_settings, n_bytes;
};

/* The first reason why the settings are not whole stays. */
void conf_spoil(struct conf *c, const char *format, ...) SW_PRINTF(2, 3);
/* The text of a name from outside, as JSON can hold it. */
json_t *conf_text(const char *s);
/* An entry of "files", borrowed; state as in confdir.h. */
json_t *conf_add_file(struct conf *c, const char *path, const char *state);
void conf_note_unread(struct conf *c, const char *path, const char *why);
/* Else the settings are spoilt. */
bool conf_is_within_bounds(struct conf *c, const char *path);
/* Reads a file now; false when it is not there. */
bool conf_read_one(struct conf *c, const char *path);
/* Tells the source what will be asked for. */
void conf_expect(struct conf *c, const char *path, bool is_folder);
/* Reads the fragments of all folders, the strongest first; CONF_… flags. */
void conf_read_dirs(struct conf *c, const char *const *dirs, unsigned flags);

#endif
