/* SPDX-License-Identifier: Apache-2.0 */
/* cmdline.h: a kernel's command line as the kernel itself takes it apart. Pure. */
#ifndef SW_CMDLINE_H
#define SW_CMDLINE_H

#include <jansson.h>

/*
 * By name, with "_" for each "-", the values, the last first: that is the one that counts of most.
 * A word without "=" has the value "". Quotes are taken away. What follows " -- " is for init and
 * left out (kernel/params.c).
 */
json_t *cmdline_options(const char *text);

#endif
