/* SPDX-License-Identifier: Apache-2.0 */
/*
 * imagebase.h: which image another one was built from, as far as the engine has both: its layers
 * are the lowest of the other's, and its history is the beginning of the other's.
 */
#ifndef SW_IMAGEBASE_H
#define SW_IMAGEBASE_H

#include <jansson.h>

#include "util.h"

struct imagebases;

struct imagebases *imagebases_new(void);
void imagebases_free(struct imagebases *b);

/* An image that is judged itself, so that nothing is lost by leaving its part of another one to it.
 */
void imagebases_add(struct imagebases *b, const char *id, const json_t *inspect,
		    const json_t *history);
/*
 * {"Id","Layers": how many of its layers are the base's,"History": how many lines}, or NULL when
 * none is known; of several the nearest.
 */
json_t *imagebases_find(const struct imagebases *b, const char *id, const json_t *inspect,
			const json_t *history);

#endif
