/* SPDX-License-Identifier: Apache-2.0 */
/* collect_boot.h: which kernels there are, for the collectors that look at each. */
#ifndef SW_COLLECT_BOOT_H
#define SW_COLLECT_BOOT_H

#include "collector.h"

enum { KERNELS_MAX = 16 };

/* Of the section boot, which is recorded before: releases of all kernels that are installed, run or
 * are named by an entry, as an object; and those that are judged, as a list. Borrowed. */
json_t *boot_kernels(struct collector *c);
json_t *boot_judged(struct collector *c);

/* kconfig and cpu; modules, modprobe; lsm. */
void collect_kconfig(struct collector *c); /* collect_kconfig.c */
void collect_cpu(struct collector *c);     /* collect_cpu.c */
void collect_modules(struct collector *c); /* collect_modules.c */
void collect_lsm(struct collector *c);     /* collect_lsm.c */

/* A small file of the running kernel without the line's end; null when it is not there, unread when
 * that is not known. */
json_t *kernel_line(struct collector *c, const char *path);

#endif
