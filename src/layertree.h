/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layertree.h: what is kept of the layers of one image while they are walked, in whatever order
 * they come, and what the layers on top leave of it.
 *
 * Of most files only a keyed hash of the path is kept: enough to tell what hides a file of a lower
 * layer, and nobody who does not know the key can make two paths look alike.
 */
#ifndef SW_LAYERTREE_H
#define SW_LAYERTREE_H

#include <jansson.h>

#include "util.h"

enum {
	LAYERS_ENTRIES_MAX = 1000000, /* of all layers of an image */
	LAYERS_DEPTH_MAX = 256,       /* folders above a file */
	LAYERS_PATH_MAX = 4096,
	LAYERS_SETUID_MAX = 1000, /* more are counted, not listed */
	LAYERS_MAX = 1000,        /* layers, and other names for them, in an archive */
};

enum layer_type { LAYER_FILE, LAYER_DIR, LAYER_LINK /* another name of a file */, LAYER_OTHER };

struct layer_entry {
	const char *path;
	enum layer_type type;
	const char *target; /* of a LAYER_LINK */
	unsigned mode;
	uint32_t uid, gid;
};

struct layertree;
struct layer;
struct layerfile;

struct layertree *layertree_new(void);
void layertree_free(struct layertree *t);

/* A layer, under the name it has in the archive; NULL when there are more than LAYERS_MAX. */
struct layer *layertree_add(struct layertree *t, const char *name);
/* Another name of a layer, by a symbolic link; false when there are too many. */
bool layertree_alias(struct layertree *t, const char *name, const char *target);

/*
 * Takes what the archive of a layer holds. *ret_file: its content is wanted too, else NULL; the
 * parser is the layer's. Returns why the layer cannot be judged (a constant), or NULL.
 */
const char *layer_take(struct layer *l, const struct layer_entry *e, struct layerfile **ret_file);
/* The layer was not read to its end. */
void layer_fail(struct layer *l, const char *why);

/*
 * The image that consists of these layers, lowest first:
 *   {"Entries": n, "Setuid": [{"path","mode","uid","gid","layer": index}], "SetuidMore": n,
 *    "Users": {name: uid} or null, "Packages": {"dpkg": [names], "apk": [names], "rpm": unread}}
 * or unread with the reason.
 */
json_t *layertree_compose(struct layertree *t, const char *const *names, size_t n);

#endif
