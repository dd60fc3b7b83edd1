/* SPDX-License-Identifier: Apache-2.0 */
/* bootentries.h: what boot loaders are told to boot, from the texts of their files. Pure. */
#ifndef SW_BOOTENTRIES_H
#define SW_BOOTENTRIES_H

#include <jansson.h>

#include "util.h"

/*
 * An entry: {"loader", "file", "line", "id", "title", "kernel", "release", "rescue", "default",
 * "options"}: release is that of the kernel, null when its name does not tell; default is true,
 * false, or null when it is not known; options is as of cmdline_options(), or unread.
 *
 * struct boot gathers entries; variables are those of GRUB's environment block and configuration.
 */
struct boot {
	json_t *entries;
	json_t *environment; /* of grubenv: by name */
	json_t *variables;   /* of grub.cfg: by name the values that it may get */
	json_t *defaults;    /* texts that name the default entry */
	size_t n_top;        /* entries of GRUB's menu, submenus for one */
	bool has_password;   /* password or password_pbkdf2 of a superuser */
	bool has_superusers;
	bool is_plain; /* … which is there as plain text */
	char *open;    /* the first grub.cfg with a menu and without superusers, or NULL */
};

enum { BOOT_ENTRIES_MAX = 500 };

void boot_begin(struct boot *b);
void boot_done(struct boot *b);

/* Each changes its text. */
void boot_grubenv(struct boot *b, char *text);
void boot_grub(struct boot *b, const char *file, char *text);
/* A file of the boot loader specification (uapi-group.org/specifications): type 1. */
void boot_loader_entry(struct boot *b, const char *file, char *text, bool is_grub);
void boot_extlinux(struct boot *b, const char *file, char *text);
/* A file that holds nothing but a command line. */
void boot_plain(struct boot *b, const char *loader, const char *file, const char *text);
/* An entry whose command line cannot be seen. */
void boot_unseen(struct boot *b, const char *loader, const char *file, const char *why);
/* When all are read: which one is the default. */
void boot_find_default(struct boot *b);

/* "6.1.0-18-amd64" of "/boot/vmlinuz-6.1.0-18-amd64", malloc'ed, or NULL. */
char *boot_release(const char *kernel);

#endif
