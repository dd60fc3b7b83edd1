/* SPDX-License-Identifier: Apache-2.0 */
/* collect_loaders.c: the files of boot loaders, found where each keeps them. */
#include "bootreading.h"
#include "confdir.h"
#include "record.h"

enum { FOLDERS_MAX = 64, FILES_MAX = 200 };

/* Some were not looked at: then neither what they say is known, nor who may write them. */
static void miss_files(struct boot_reading *r, const char *path, const char *why)
{
	boot_spoil(r, path, why);
	json_object_set_new(r->files, path, fact_unread("%s", why));
}

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
	else
		miss_files(r, path, "there are too many files of boot loaders");
	if (!text)
		boot_spoil(r, path, why);
	for (size_t i = 0; text && i < n; i++)
		if (text[i] == '\0')
			text[i] = '?';
	return text;
}

struct folders {
	struct boot_reading *r;
	const char *path;
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
		miss_files(f->r, f->path, "there are too many files of boot loaders");
}

/* Names in a folder; with a suffix files, without folders. */
static void list_names(struct boot_reading *r, const char *path, const char *suffix,
		       struct folders *ret)
{
	AUTO_FREE char *why = NULL;
	*ret = (struct folders){
		.r = r, .path = path, .suffix = suffix, .type = suffix ? 'f' : 'd'
	};
	if (!list_folder(r->c, FETCH_BASE_ROOT, path, add_name, ret, &why) && *why)
		miss_files(r, path, why);
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
	for (char *rest = text, *line; text && (line = strsep(&rest, "\n"));) {
		static const char name[] = "GRUB2_PASSWORD=";
		line = conf_cut_blanks(line);
		if (!starts_with(line, name))
			continue;
		line += sizeof(name) - 1;
		line += strspn(line, "\"'");
		r->has_user_password = starts_with(line, "grub.pbkdf2.");
	}
}

static void read_all_grub(struct boot_reading *r)
{
	static const struct {
		const char *name;
		void (*read)(struct boot_reading *r, const char *path);
	} kinds[] = { { "grubenv", read_environment },
		      { "user.cfg", read_user },
		      { "grub.cfg", read_grub },
		      { "custom.cfg", read_grub } }; /* grub.cfg ends with it, by 41_custom */
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

/* The words that systemd-boot takes; others it passes over. */
static bool is_word(const char *const *words, const char *value)
{
	for (; *words; words++)
		if (streq(*words, value))
			return true;
	return false;
}

static bool is_word_for_no(const char *value)
{
	static const char *const words[] = { "0", "no", "n", "false", "f", "off", NULL };
	return is_word(words, value);
}

static bool is_word_for_yes(const char *value)
{
	static const char *const words[] = { "1", "yes", "y", "true", "t", "on", NULL };
	return is_word(words, value);
}

/* The last line that is understood counts; without one it is on. */
static json_t *editor_of(char *text)
{
	const char *editor = "yes";
	for (char *line; (line = strsep(&text, "\n"));) {
		line = conf_cut_blanks(line);
		if (!starts_with(line, "editor") || !line[6] || !strchr(" \t", line[6]))
			continue;
		const char *value = conf_cut_blanks(line + 6);
		if (is_word_for_no(value) || is_word_for_yes(value))
			editor = value;
	}
	return json_string(editor);
}

json_t *boot_read_editor(struct boot_reading *r)
{
	json_t *editor = json_null();
	for (size_t i = 0; i < ARRAY_SIZE(loader_confs); i++) {
		AUTO_FREE char *text = loader_file(r, loader_confs[i]);
		if (!text)
			continue;
		json_t *one = editor_of(text);
		/* Which partition is booted from is not told: one file that leaves it on counts. */
		bool is_worse = json_is_null(editor) || is_word_for_no(json_string_value(editor));
		json_decref(is_worse ? editor : one);
		editor = is_worse ? one : editor;
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
