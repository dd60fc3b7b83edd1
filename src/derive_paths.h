/* SPDX-License-Identifier: Apache-2.0 */
/* derive_paths.h: the files and folders that are in force for an engine: engine/paths of derive.h.
 */
#ifndef SW_DERIVE_PATHS_H
#define SW_DERIVE_PATHS_H

#include "effective.h"

/* A new object, from the settings in force. */
json_t *derive_paths(const struct view *v, json_t *effective);

/* --- for the files that find them ------------------------------------------------------------- */

struct derivation {
	const struct view *v;
	json_t *effective;
};

/* A path as a string, or unread when it is not an absolute one. */
json_t *path_clean(const char *path);
/* The string that is in force for a setting, or NULL; *ret_unread then is why, as a new reference.
 */
const char *path_setting(const struct derivation *d, const char *key, json_t **ret_unread);

/* Of derive_containerd.c, which says what each is. */
json_t *path_containerd_socket(const struct derivation *d);
json_t *path_containerd_sockets(const struct derivation *d);
json_t *path_containerd_config(const struct derivation *d);
json_t *path_containerd_configs(const struct derivation *d);

#endif
