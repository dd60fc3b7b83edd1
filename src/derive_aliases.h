/* SPDX-License-Identifier: Apache-2.0 */
/* derive_aliases.h: under which other paths sockets of engines and folders of the system are found,
 * by the mount table that the engine sees. */
#ifndef SW_DERIVE_ALIASES_H
#define SW_DERIVE_ALIASES_H

#include <jansson.h>

/*
 * engine/aliases, a new reference: "sockets" and "folders", each by path the list of its other
 * paths; one without any is left out. Both unread when the mounts of the engine are. paths is what
 * derive_paths() told.
 */
json_t *derive_aliases(json_t *world, const json_t *paths);

#endif
