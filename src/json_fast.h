/* SPDX-License-Identifier: Apache-2.0 */
/* json_fast.h: JSON parsed by yyjson, where it is built in, in a fraction of the time that jansson
 * takes. */
#ifndef SW_JSON_FAST_H
#define SW_JSON_FAST_H

#include <jansson.h>

/*
 * The value that the n bytes at data are, as json_loadb() makes it of them with
 * JSON_REJECT_DUPLICATES and JSON_DECODE_ANY. NULL is no verdict on the text: there is no yyjson,
 * or the text is broken, or merely unusual (a fraction, a character 0, more than a few dozen
 * levels, too much for the budget of json_memory.h), and jansson is to be asked.
 */
json_t *json_parse_fast(const char *data, size_t n);

#endif
