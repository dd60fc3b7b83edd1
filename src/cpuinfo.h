/* SPDX-License-Identifier: Apache-2.0 */
/* cpuinfo.h: /proc/cpuinfo. Pure. */
#ifndef SW_CPUINFO_H
#define SW_CPUINFO_H

#include <jansson.h>

#include "util.h"

/*
 * {"count": 4, "vendor": "GenuineIntel", "flags": ["fpu", …], "microcode": ["0xb000040", …]}: flags
 * are those that every processor has, null where the file has none; vendor is null likewise.
 * Changes text.
 */
json_t *cpuinfo_fact(char *text, size_t n);

#endif
