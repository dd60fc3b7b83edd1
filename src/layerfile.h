/* SPDX-License-Identifier: Apache-2.0 */
/* layerfile.h: the files of an image whose content is of interest, understood as they stream by. */
#ifndef SW_LAYERFILE_H
#define SW_LAYERFILE_H

#include <jansson.h>

#include "util.h"

struct layerfile;

/* A parser for the file of this path (clean, without leading slash), or NULL when it is of no
 * interest. */
struct layerfile *layerfile_new(const char *path);
void layerfile_free(struct layerfile *f);

const char *layerfile_path(const struct layerfile *f);
/* "users", "dpkg", "apk", "rpm": what it is part of. */
const char *layerfile_part(const struct layerfile *f);

void layerfile_feed(struct layerfile *f, const char *data, size_t n);
/* It cannot be read, or is no plain file. */
void layerfile_fail(struct layerfile *f, const char *why);
/*
 * What it says, a new reference: {name: uid} of users, [names] of packages, or unread. Call it
 * once, after the last byte.
 */
json_t *layerfile_end(struct layerfile *f);

#endif
