/* SPDX-License-Identifier: Apache-2.0 */
/* json_text.h: short values as compact JSON text, without allocating. */
#ifndef SW_JSON_TEXT_H
#define SW_JSON_TEXT_H

#include <jansson.h>
#include <stdbool.h>

/*
 * Writes v as json_dumpb() does with JSON_COMPACT | JSON_ENCODE_ANY, without a NUL: at a tenth of
 * the price, for it looks for no loops, of which what was parsed has none. Returns the length, or 0
 * when size bytes do not suffice.
 */
size_t json_text(char *buf, size_t size, const json_t *v);

/* How many of the n characters at s stand for themselves within quotes; *is_ascii becomes false
 * when one of them is not ASCII. */
size_t json_run(const char *s, size_t n, bool *is_ascii);

#endif
