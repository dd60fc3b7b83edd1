/* SPDX-License-Identifier: Apache-2.0 */
/* plugin.h: checks of others, from shared objects that only root could have put there. */
#ifndef SW_PLUGIN_H
#define SW_PLUGIN_H

#include "registry.h"

/*
 * Whom to trust with code. The file and all folders above it must be the owner's, and only the
 * owner's to write.
 */
struct plugin_trust {
	uid_t owner; /* 0; root's own folders are trusted whoever this is */
	const char
		*top; /* folders above this one are not looked at; NULL: all are (tests set it) */
};

struct plugin;

/*
 * By the parent, which may read what the reader may not: opens the file, checks what was opened,
 * and keeps the descriptor. -EPERM names the folder or file that others could have written.
 */
int plugin_open(const char *path, const struct plugin_trust *trust, struct plugin **ret,
		struct err *err);

/*
 * By the reader, after it gave up its privilege and before the sandbox shuts: loads the code from
 * that descriptor and adds its rows to the registry. The registry must be freed before the plugin.
 */
int plugin_load(struct plugin *p, struct registry *r, struct err *err);

void plugin_free(struct plugin *p);
const char *plugin_path(const struct plugin *p);

/* The folder of installed plugins; set at configure time. */
#ifndef PLUGINDIR
#define PLUGINDIR "/usr/lib/seaworthy/checks"
#endif

struct plugins {
	struct plugin **list;
	size_t n;
};

/*
 * Opens every *.so of dir (NULL or not there: none), by name, and every one of paths
 * (NULL-terminated, or NULL); a file that was named twice is opened once. In a static build dir is
 * not looked at, and a path is an error.
 */
int plugins_open(const char *dir, const char *const *paths, const struct plugin_trust *trust,
		 struct plugins *ret, struct err *err);
int plugins_load(struct plugins *p, struct registry *r, struct err *err);
void plugins_done(struct plugins *p);

#endif
