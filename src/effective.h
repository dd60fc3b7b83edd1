/* SPDX-License-Identifier: Apache-2.0 */
/* effective.h: what is known of one engine's configuration, and the settings that follow from it.
 */
#ifndef SW_EFFECTIVE_H
#define SW_EFFECTIVE_H

#include <jansson.h>

#include "flags.h"
#include "settings.h"

/* All that derive.c's parts share. Strings are malloc'ed; view_done() frees. */
struct view {
	json_t *world;   /* borrowed */
	unsigned major;  /* of the engine's version; 0: not known */
	char *version;   /* "20.10.24+dfsg1"; NULL: not known */
	char *elsewhere; /* why process, files and units are not this engine's; NULL: they are */
	char *unproven;  /* why the engine's process is not known to be here; NULL: it is */
	int rootless;    /* 1, 0, or -1 not known */
	bool is_podman;  /* then elsewhere is set too: no file or flag of dockerd's is its own */

	struct flags flags;
	char *flags_unread; /* why the command line is not known; NULL: it is */
	char *flags_origin; /* "command line of dockerd (pid 812)" */

	json_t *file;    /* what daemon.json says, flat, without null; NULL: not known */
	json_t *ignored; /* texts: what dockerd takes without effect */
	json_t *errors;  /* texts: what dockerd would refuse; NULL: not known */
	char *file_path;
	char *file_unread; /* why the file is not known; NULL: it is */
	char *file_doubt;  /* why the file is not what the engine was started with; NULL: it is */
};

void view_init(struct view *v, json_t *world);
void view_done(struct view *v);

/* A variable of the engine's process: its value, "" when not set, NULL when it is not known. */
const char *view_environ(const struct view *v, const char *name);
/* $XDG_CONFIG_HOME/docker of a rootless engine, /etc/docker of another: malloc'ed; NULL: not known.
 */
char *view_config_dir(const struct view *v);

/* What configuration says of one setting, on the command line or in the file. */
struct said {
	enum { SAID_NOTHING = 1, SAID_SET, SAID_UNKNOWN } state;
	json_t *value;      /* what is configured; borrowed; also set when it may not be in force */
	const char *where;  /* of value */
	const char *reason; /* SAID_UNKNOWN: why it cannot be told */
};
struct said view_said(const struct view *v, const struct setting *s);

/* What the API shows of a setting: a new value, an unread one, or NULL when it does not show it. */
json_t *live_value(const struct view *v, const char *key, const char **ret_origin);
/* Is what the API shows what was configured, in the API's spelling? */
bool live_agrees(const char *key, const json_t *live, const json_t *configured);
/* Does the engine's SecurityOptions have "name=<name>"? 1, 0, -1 not known. */
int live_security_option(json_t *world, const char *name);
/* A data root without the "<uid>.<gid>" that user namespace remapping appends. */
char *live_data_root(const struct view *v, const char *root);

/* engine/effective. New reference. */
json_t *effective_settings(const struct view *v);
/* Members of a setting: new references. */
json_t *effective_member(json_t *value, const char *origin);
void effective_add_said(json_t *member, const struct said *said);

/* daemon.json as dockerd takes it: flat keys, and texts of what is wrong. */
json_t *config_flatten(const json_t *content, const char *path, unsigned major, json_t *errors,
		       json_t *ignored);
void config_check(const struct view *v, json_t *errors);

#endif
