/* SPDX-License-Identifier: Apache-2.0 */
/* bootreading.h: what is known while the section "boot" is gathered; for its collectors only. */
#ifndef SW_BOOTREADING_H
#define SW_BOOTREADING_H

#include "bootentries.h"
#include "collector.h"

struct boot_reading {
	struct collector *c;
	struct boot boot;
	json_t *files;   /* by path what is there */
	json_t *kernels; /* releases as members */
	char *why;       /* the first file that could not be read */
	bool has_grub, has_user_password, has_entries, has_image;
};

/* Notes the first thing that could not be read; entries and passwords are then not known. */
void boot_spoil(struct boot_reading *r, const char *path, const char *why);

/* The files of all loaders, into r->boot and r->files. (collect_loaders.c) */
void boot_read_loaders(struct boot_reading *r);
/* systemd-boot lets the command line be edited unless "editor" is off. null: it is not there. */
json_t *boot_read_editor(struct boot_reading *r);

/* Options that grub-mkconfig will write; null when there is no such file. (grubdefault.c) */
json_t *boot_configured(struct collector *c);

#endif
