/* SPDX-License-Identifier: Apache-2.0 */
/* json_plain.h: JSON as an engine writes it, parsed in a fraction of the time that jansson takes.
 */
#ifndef SW_JSON_PLAIN_H
#define SW_JSON_PLAIN_H

#include <jansson.h>

/*
 * The value at the beginning of the n bytes at data, as json_loadb() makes it of them with
 * JSON_REJECT_DUPLICATES and JSON_DECODE_ANY, and in *ret_end where it ends. NULL is no verdict on
 * the text: it is broken, or merely unusual (a fraction, a member's name that is not ASCII, a
 * surrogate, more than a few dozen levels, too much for the budget), and jansson is to be asked.
 * data is written to meanwhile and is in the end as it was.
 */
json_t *json_parse_plain(char *data, size_t n, size_t *ret_end);

#endif
