/* SPDX-License-Identifier: Apache-2.0 */
/* bootgrub.h: what bootentries.c and bootgrub.c share. */
#ifndef SW_BOOTGRUB_H
#define SW_BOOTGRUB_H

#include "bootentries.h"

struct boot_item {
	const char *loader, *file, *id, *title, *kernel, *release;
	size_t line;
};

/* Takes options. */
void boot_add_entry(struct boot *b, const struct boot_item *e, json_t *options);
/* A fact of outside text. */
json_t *boot_text(const char *s);
/* The rest of a line as the kernel gets it, with GRUB's variables put in; file and at tell where it
 * stands. (bootgrub.c) */
json_t *boot_grub_options(const struct boot *b, const char *line, const char *file, size_t at);

#endif
