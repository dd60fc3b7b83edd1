/* SPDX-License-Identifier: Apache-2.0 */
/* layers.h: walks the archive of an image that an engine exports, as a stream: nothing is unpacked.
 */
#ifndef SW_LAYERS_H
#define SW_LAYERS_H

#include <jansson.h>

#include "err.h"

/* Loads what layers_read() needs; once, before the sandbox shuts. */
int layers_load(struct err *err);

/* The next piece of the archive: its length, 0 at the end; good until the next call. */
typedef size_t layers_next_fn(void *context, const char **ret);

/*
 * What layertree_compose() says of the image, or unread with the reason. n_layers: how many the
 * image must have. The archive may be one of docker save, old or new, or of a containerd image
 * store.
 */
json_t *layers_read(layers_next_fn *next, void *context, size_t n_layers);

#endif
