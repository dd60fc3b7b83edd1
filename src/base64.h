/* SPDX-License-Identifier: Apache-2.0 */
/* base64.h: decodes base64 (RFC 4648, section 4). */
#ifndef SW_BASE64_H
#define SW_BASE64_H

#include "util.h"

/*
 * The bytes that n characters stand for, malloc'ed and NUL-terminated; NULL when they are no
 * base64. White space between them is skipped; padding may be missing, but nothing may follow it.
 */
char *base64_decode(const char *s, size_t n, size_t *ret_len);

#endif
