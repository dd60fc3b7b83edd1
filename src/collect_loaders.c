/* SPDX-License-Identifier: Apache-2.0 */
/* collect_loaders.c: the files of boot loaders, found where each keeps them. */
#include "bootreading.h"
#include "confdir.h"
#include "record.h"

enum { FOLDERS_MAX = 64, FILES_MAX = 200 };

/* NULL when it is not there or cannot be read. */
static char *loader_file(struct boot_reading *r, const char *path)
{
	AUTO_FREE char *why = NULL;
	size_t n;
	char *text = read_file(r->c, FETCH_BASE_ROOT, path, &n, &why);
	if (!text && !*why)
		return NULL;
	if (json_object_size(r->files) < FILES_MAX)
		json_object_set_new(r->files, path, stat_path(r->c, FETCH_BASE_ROOT, path));
	if (!text)
		boot_spoil(r, path, why);
	for (size_t i = 0; text && i < n; i++)
		if (text[i] == '\0')
			text[i] = '?';
	return text;
}

struct folders {
	struct boot_reading *r;
	char *names[FOLDERS_MAX];
	size_t n;
	const char *suffix;
	char type;
};

static void folders_done(struct folders *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->names[i]);
}

static void add_name(char type, const char *name, void *context)
{
	struct folders *f = context;
	bool is_it = f->type == 'd' ? type == 'd' : type != 'd';
	if (!is_it || (f->suffix && !ends_with(name, f->suffix)))
		return;
	if (f->n < FOLDERS_MAX)
		f->names[f->n++] = xstrdup(name);
	else
		boot_spoil(f->r, name, "there are too many beside it");
}

/* Names in a folder; with a suffix files, without folders. */
static void list_names(struct boot_reading *r, const char *path, const char *suffix,
		       struct folders *ret)
{
	AUTO_FREE char *why = NULL;
	*ret = (struct folders){ .r = r, .suffix = suffix, .type = suffix ? 'f' : 'd' };
	if (!list_folder(r->c, FETCH_BASE_ROOT, path, add_name, ret, &why) && *why)
		boot_spoil(r, path, why);
}

static void read_grub(struct boot_reading *r, const char *path)
{
	AUTO_FREE char *text = loader_file(r, path);
	if (text) {
		r->has_grub = true;
		boot_grub(&r->boot, path, text);
	}
}

static void read_environment(struct boot_reading *r, const char *path)
{
	AUTO_FREE char *text = loader_file(r, path);
	if (text)
		boot_grubenv(&r->boot, text);
}

/* The hash itself is not kept. */
static void read_user(struct boot_reading *r, const char *path)
{
	AUTO_FREE char *text = loader_file(r, path);
	if (text && strstr(text, "GRUB2_PASSWORD=grub.pbkdf2."))
		r->has_user_password = true;
}

static void read_all_grub(struct boot_reading *r)
{
	static const struct {
		const char *name;
		void (*read)(struct boot_reading *r, const char *path);
	} kinds[] = { { "grubenv", read_environment },
		      { "user.cfg", read_user },
		      { "grub.cfg", read_grub } };
	static const char *const folders[] = { "/boot/grub", "/boot/grub2", "/boot/flatcar/grub",
					       "/oem", "/usr/share/oem" };
	static const char esp[] = "/boot/efi/EFI";
	struct folders vendors CLEANUP(folders_done);
	list_names(r, esp, NULL, &vendors);
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		for (size_t i = 0; i < ARRAY_SIZE(folders) + vendors.n; i++) {
			AUTO_FREE char *path =
				i < ARRAY_SIZE(folders)
					? xasprintf("%s/%s", folders[i], kinds[k].name)
					: xasprintf("%s/%s/%s", esp,
						    vendors.names[i - ARRAY_SIZE(folders)],
						    kinds[k].name);
			kinds[k].read(r, path);
		}
	}
}

/* Entries of the boot loader specification: GRUB's where GRUB is, systemd-boot's else. */
static void read_loader_entries(struct boot_reading *r)
{
	static const char *const folders[] = { "/boot/loader/entries", "/boot/efi/loader/entries",
					       "/efi/loader/entries" };
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		struct folders found CLEANUP(folders_done);
		list_names(r, folders[i], ".conf", &found);
		for (size_t k = 0; k < found.n; k++) {
			AUTO_FREE char *path = xasprintf("%s/%s", folders[i], found.names[k]);
			AUTO_FREE char *text = loader_file(r, path);
			if (!text)
				continue;
			r->has_entries = true;
			boot_loader_entry(&r->boot, path, text, r->has_grub);
		}
	}
}

static const char *const loader_confs[] = { "/boot/loader/loader.conf",
					    "/boot/efi/loader/loader.conf",
					    "/efi/loader/loader.conf" };

json_t *boot_read_editor(struct boot_reading *r)
{
	json_t *editor = json_null();
	for (size_t i = 0; i < ARRAY_SIZE(loader_confs); i++) {
		AUTO_FREE char *text = loader_file(r, loader_confs[i]);
		if (!text)
			continue;
		if (json_is_null(editor))
			editor = json_string("yes");
		for (char *rest = text, *line; (line = strsep(&rest, "\n"));) {
			line = conf_cut_blanks(line);
			if (!starts_with(line, "editor") || !strchr(" \t", line[6]))
				continue;
			json_decref(editor);
			char *value = conf_cut_blanks(line + 6);
			utf8_mend(value, strlen(value));
			editor = json_string(value);
		}
	}
	return editor;
}

static void read_extlinux(struct boot_reading *r)
{
	static const char *const paths[] = { "/boot/extlinux/extlinux.conf", "/boot/extlinux.conf",
					     "/extlinux.conf", "/boot/syslinux/syslinux.cfg",
					     "/boot/efi/EFI/syslinux/syslinux.cfg" };
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		AUTO_FREE char *text = loader_file(r, paths[i]);
		if (text)
			boot_extlinux(&r->boot, paths[i], text);
	}
}

/* Of a kernel in one file with its command line the file for the next one is judged. */
static void read_images(struct boot_reading *r)
{
	static const char *const folders[] = { "/boot/EFI/Linux", "/boot/efi/EFI/Linux",
					       "/efi/EFI/Linux" };
	static const char *const lines[] = { "/etc/kernel/cmdline", "/usr/lib/kernel/cmdline" };
	AUTO_FREE char *image = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(folders) && !image; i++) {
		struct folders found CLEANUP(folders_done);
		list_names(r, folders[i], ".efi", &found);
		if (found.n > 0)
			image = xasprintf("%s/%s", folders[i], found.names[0]);
	}
	if (!image)
		return;
	r->has_image = true;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		AUTO_FREE char *text = loader_file(r, lines[i]);
		if (text) {
			boot_plain(&r->boot, "image", lines[i], text);
			return;
		}
	}
	boot_unseen(&r->boot, "image", image, "holds its command line, which is not read");
}

static void read_plain(struct boot_reading *r)
{
	static const char *const paths[] = { "/boot/firmware/cmdline.txt", "/boot/cmdline.txt" };
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		AUTO_FREE char *text = loader_file(r, paths[i]);
		if (text)
			boot_plain(&r->boot, "firmware", paths[i], text);
	}
}

void boot_read_loaders(struct boot_reading *r)
{
	read_all_grub(r);
	read_loader_entries(r);
	read_extlinux(r);
	read_images(r);
	read_plain(r);
}
