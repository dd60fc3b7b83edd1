/* SPDX-License-Identifier: Apache-2.0 */
/* inflate.h: gzip as in RFC 1951 and 1952: the kernel shows its own configuration so. Pure. */
#ifndef SW_INFLATE_H
#define SW_INFLATE_H

#include "util.h"

/*
 * What the n bytes at data hold, malloc'ed and NUL-terminated, or NULL when they are no whole gzip
 * member, its checksum is wrong or it holds more than cap bytes.
 */
char *inflate_gzip(const unsigned char *data, size_t n, size_t cap, size_t *ret_len);

#endif
