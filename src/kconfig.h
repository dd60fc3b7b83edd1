/* SPDX-License-Identifier: Apache-2.0 */
/* kconfig.h: what of a kernel's configuration matters here. Pure. */
#ifndef SW_KCONFIG_H
#define SW_KCONFIG_H

#include <jansson.h>

#include "util.h"

/*
 * {"version": "6.1.76", "arch": "x86", "settings": {NAME: VALUE}} of the text of a configuration,
 * which it changes; version and arch are null where the text does not tell. Every name of a closed
 * list is there: VALUE is "y", "m", "n" (told to be not set), "" (not mentioned), or a text without
 * its quotes. Of a text too short to be whole, names that are not mentioned are unread. All is
 * unread when that is no configuration.
 */
json_t *kconfig_fact(char *text, size_t n);

#endif
