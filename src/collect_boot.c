/* SPDX-License-Identifier: Apache-2.0 */
/* collect_boot.c: what is booted: the loaders' files and entries, and what the running kernel was
 * told. */
#include "collect_boot.h"

#include "bootentries.h"
#include "cmdline.h"
#include "confdir.h"
#include "record.h"
#include "text.h"

enum { FOLDERS_MAX = 64, FILES_MAX = 200 };

struct boot_reading {
	struct collector *c;
	struct boot boot;
	json_t *files;   /* by path what is there */
	json_t *kernels; /* releases as members */
	char *why;       /* the first file that could not be read */
	bool has_grub, has_user_password, has_entries, has_image;
};

json_t *kernel_line(struct collector *c, const char *path)
{
	AUTO_FREE char *why = NULL;
	size_t n;
	if (!c->o->live)
		return fact_unread(NEEDS_RUNNING);
	AUTO_FREE char *text = read_file(c, FETCH_BASE_PROC, path, &n, &why);
	if (!text)
		return *why ? fact_unread("/%s: %s", path, why) : json_null();
	utf8_mend(text, n);
	text[strcspn(text, "\n")] = '\0';
	return json_string(text);
}

/* --- files of loaders --------------------------------------------------------------------------
 */

static void spoil(struct boot_reading *r, const char *path, const char *why)
{
	if (!r->why)
		r->why = xasprintf("%s: %s", path, why);
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
	if (!text)
		spoil(r, path, why);
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
		spoil(f->r, name, "there are too many beside it");
}

/* Names in a folder; with a suffix files, without folders. */
static void list_names(struct boot_reading *r, const char *path, const char *suffix,
		       struct folders *ret)
{
	AUTO_FREE char *why = NULL;
	*ret = (struct folders){ .r = r, .suffix = suffix, .type = suffix ? 'f' : 'd' };
	if (!list_folder(r->c, FETCH_BASE_ROOT, path, add_name, ret, &why) && *why)
		spoil(r, path, why);
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

/* systemd-boot lets the command line be edited unless "editor" is off. null: it is not there. */
static json_t *read_editor(struct boot_reading *r)
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

/* --- /etc/default/grub -------------------------------------------------------------------------
 */

static void expand_known(const json_t *known, const char *value, struct text *t)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	for (; *value; value++) {
		bool has_brace = value[0] == '$' && value[1] == '{';
		size_t n = *value == '$' ? strspn(value + 1 + has_brace, letters) : 0;
		if (n == 0) {
			if (*value != '"' && *value != '\'')
				text_add_char(t, *value);
			continue;
		}
		AUTO_FREE char *name = xstrndup(value + 1 + has_brace, n);
		const char *before = json_string_value(json_object_get(known, name));
		text_add(t, before ? before : "");
		value += n + (has_brace ? 2 : 0);
	}
}

static void default_line(struct conf *c, char *line)
{
	struct text value AUTO_TEXT = { 0 };
	json_t *known = conf_context(c);
	char *equals = strchr(line, '=');
	if (!starts_with(line, "GRUB_CMDLINE_LINUX") || !equals)
		return;
	bool is_more = equals > line && equals[-1] == '+';
	equals[is_more ? -1 : 0] = '\0';
	const char *before = json_string_value(json_object_get(known, line));
	if (is_more && before)
		text_printf(&value, "%s", before);
	if (strchr(equals + 1, '`') || strstr(equals + 1, "$("))
		conf_refuse(c, "%s is what a command prints", line);
	expand_known(known, equals + 1, &value);
	json_object_set_new(known, line, json_string(text_str(&value)));
	conf_set(c, line, text_str(&value));
}

/* Options that grub-mkconfig will write; null when there is no such file. */
static json_t *configured_options(struct collector *c)
{
	static const char *const first[] = { "/etc/default/grub", NULL };
	static const char *const dirs[] = { "/etc/default/grub.d", NULL };
	json_t *known = json_object();
	const struct conf_spec spec = { .first = first,
					.dirs = dirs,
					.suffix = ".cfg",
					.comments = "#",
					.flags = CONF_CONTINUES,
					.line = default_line,
					.context = known };
	struct conf_source source = collector_source(c);
	json_t *fact = conf_read(&spec, &source), *ret = json_null();
	json_t *settings = json_object_get(fact, "settings");
	const char *always = json_string_value(json_object_get(known, "GRUB_CMDLINE_LINUX"));
	const char *usual = json_string_value(json_object_get(known, "GRUB_CMDLINE_LINUX_DEFAULT"));
	AUTO_FREE char *all = xasprintf("%s %s", always ? always : "", usual ? usual : "");
	if (fact_is_unread(settings))
		ret = json_incref(settings);
	else if (json_array_size(json_object_get(fact, "files")) > 0)
		ret = cmdline_options(all);
	json_decref(fact);
	json_decref(known);
	return ret;
}

/* --- kernels -----------------------------------------------------------------------------------
 */

static void add_kernel(struct boot_reading *r, const char *release)
{
	if (!release || !*release)
		return;
	if (json_object_size(r->kernels) < KERNELS_MAX)
		json_object_set_new(r->kernels, release, json_true());
	else if (!json_object_get(r->kernels, release))
		spoil(r, release, "there are too many kernels");
}

static void add_modules_folder(char type, const char *name, void *context)
{
	struct boot_reading *r = context;
	AUTO_FREE char *dep = xasprintf("/lib/modules/%s/modules.dep", name);
	if (type != 'd')
		return;
	json_t *st = stat_path(r->c, FETCH_BASE_ROOT, dep);
	if (!json_is_false(json_object_get(st, "exists")))
		add_kernel(r, name);
	json_decref(st);
}

static void add_image(char type, const char *name, void *context)
{
	AUTO_FREE char *release = boot_release(name);
	if (type != 'd' && release && *release >= '0' && *release <= '9')
		add_kernel(context, release);
}

static const char *running_release(struct collector *c)
{
	json_t *kernel = json_object_get(json_object_get(c->world, "host"), "kernel");
	return json_string_value(json_object_get(kernel, "release"));
}

/* The one that runs; else that of the default entry; else all. */
static json_t *judged_kernels(struct boot_reading *r)
{
	const char *running = running_release(r->c), *release;
	size_t i;
	if (!running && r->why)
		return fact_unread("%s", r->why);
	json_t *judged = json_array(), *entry, *value;
	if (running) {
		json_array_append_new(judged, json_string(running));
		return judged;
	}
	json_array_foreach(r->boot.entries, i, entry)
	{
		release = json_string_value(json_object_get(entry, "release"));
		if (json_is_true(json_object_get(entry, "default")) && release &&
		    json_object_get(r->kernels, release))
			json_array_append_new(judged, json_string(release));
	}
	if (json_array_size(judged) == 0) {
		json_object_foreach(r->kernels, release, value)
			json_array_append_new(judged, json_string(release));
	}
	return judged;
}

/* Entries add what they name only if it is installed: what is not cannot be looked at. */
static void find_kernels(struct boot_reading *r)
{
	AUTO_FREE char *why = NULL, *no_boot = NULL;
	const char *running = running_release(r->c);
	add_kernel(r, running);
	if (!list_folder(r->c, FETCH_BASE_ROOT, "/lib/modules", add_modules_folder, r, &why) &&
	    *why)
		spoil(r, "/lib/modules", why);
	if (!list_folder(r->c, FETCH_BASE_ROOT, "/boot", add_image, r, &no_boot) && *no_boot)
		spoil(r, "/boot", no_boot);
}

static json_t *boot_member(struct collector *c, const char *name)
{
	json_t *boot = json_object_get(json_object_get(c->world, "host"), "boot");
	return json_object_get(boot, name);
}

json_t *boot_kernels(struct collector *c)
{
	return boot_member(c, "kernels");
}

json_t *boot_judged(struct collector *c)
{
	return boot_member(c, "judged");
}

/* --- what runs ---------------------------------------------------------------------------------
 */

static json_t *running_options(struct collector *c)
{
	json_t *kernel = json_object_get(json_object_get(c->world, "host"), "kernel");
	json_t *line = json_object_get(kernel, "cmdline");
	if (!json_is_string(line))
		return line ? json_incref(line) : fact_unread("/proc/cmdline: was not read");
	return cmdline_options(json_string_value(line));
}

/* An EFI variable's first byte: four bytes of attributes come before. */
static json_t *efi_variable(struct collector *c, const char *name)
{
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *path =
		xasprintf("sys/firmware/efi/efivars/%s-8be4df61-93ca-11d2-aa0d-00e098032b8c", name);
	size_t n;
	AUTO_FREE char *data = read_file(c, FETCH_BASE_PROC, path, &n, &why);
	if (!data)
		return *why ? fact_unread("/%s: %s", path, why) : json_null();
	return n == 5 ? json_integer((unsigned char)data[4])
		      : fact_unread("/%s: has %zu bytes", path, n);
}

static json_t *secure_boot(struct collector *c)
{
	if (!c->o->live)
		return fact_unread(NEEDS_RUNNING);
	json_t *st = stat_path(c, FETCH_BASE_PROC, "sys/firmware/efi");
	if (fact_is_unread(st))
		return st;
	bool is_efi = json_is_true(json_object_get(st, "exists"));
	json_decref(st);
	if (!is_efi)
		return json_pack("{sb}", "efi", 0);
	return json_pack("{sb so so}", "efi", 1, "secure-boot", efi_variable(c, "SecureBoot"),
			 "setup-mode", efi_variable(c, "SetupMode"));
}

static void count_entry(char type, const char *name, void *context)
{
	(void)name;
	*(size_t *)context += type != '?';
}

static json_t *count_of_iommus(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	size_t n = 0;
	if (!c->o->live)
		return fact_unread(NEEDS_RUNNING);
	if (!list_folder(c, FETCH_BASE_PROC, "sys/class/iommu", count_entry, &n, &why) && *why)
		return fact_unread("/sys/class/iommu: %s", why);
	return json_integer((json_int_t)n);
}

static json_t *live_facts(struct collector *c)
{
	return json_pack("{so so so so so}", "options", running_options(c), "shuffle",
			 kernel_line(c, "sys/module/page_alloc/parameters/shuffle"), "sig-enforce",
			 kernel_line(c, "sys/module/module/parameters/sig_enforce"), "iommus",
			 count_of_iommus(c), "debugfs",
			 c->o->live ? stat_path(c, FETCH_BASE_PROC, "sys/kernel/debug")
				    : fact_unread(NEEDS_RUNNING));
}

/* --- single-user mode --------------------------------------------------------------------------
 */

static json_t *inittab(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	size_t n;
	AUTO_FREE char *text = read_file(c, FETCH_BASE_ROOT, "/etc/inittab", &n, &why);
	if (!text)
		return *why ? fact_unread("/etc/inittab: %s", why) : json_null();
	json_t *lines = json_array();
	utf8_mend(text, n);
	for (char *rest = text, *line; (line = strsep(&rest, "\n"));) {
		line = conf_cut_blanks(line);
		if (*line && *line != '#' && strstr(line, "S:wait:"))
			json_array_append_new(lines, json_string(line));
	}
	return lines;
}

static json_t *rescue_modes(struct collector *c)
{
	static const char *const units[] = { "rescue.service", "emergency.service" };
	static const char shell[] = "/etc/systemd/system/sysinit.target.wants/debug-shell.service";
	json_t *all = json_pack("{so so}", "inittab", inittab(c), "debug-shell",
				stat_path(c, FETCH_BASE_ROOT, shell));
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		json_object_set_new(all, units[i], collect_unit(c, units[i]));
	return all;
}

/* --- the section --------------------------------------------------------------------------------
 */

static void collect_loaders(struct boot_reading *r)
{
	struct collector *c = r->c;
	read_all_grub(r);
	read_loader_entries(r);
	read_extlinux(r);
	read_images(r);
	read_plain(r);
	json_t *editor = read_editor(r);
	boot_find_default(&r->boot);
	find_kernels(r);
	if (json_array_size(r->boot.entries) >= BOOT_ENTRIES_MAX)
		spoil(r, "entries", "there are too many");
	json_t *entries = r->why ? fact_unread("%s", r->why) : json_incref(r->boot.entries);
	json_t *password = r->why ? fact_unread("%s", r->why)
				  : json_pack("{sb sb sb sb}", "superusers", r->boot.has_superusers,
					      "hash", r->boot.has_password, "plain",
					      r->boot.is_plain, "user-cfg", r->has_user_password);
	collect_host_section(c, "boot",
			     json_pack("{so so so sO so so so sb so so so}", "entries", entries,
				       "configured", configured_options(c), "running",
				       live_facts(c), "kernels", r->kernels, "judged",
				       judged_kernels(r), "files", json_incref(r->files),
				       "password", password, "grub", r->has_grub, "editor", editor,
				       "secure-boot", secure_boot(c), "rescue", rescue_modes(c)));
}

void collect_boot(struct collector *c)
{
	struct boot_reading r = { .c = c, .files = json_object(), .kernels = json_object() };
	boot_begin(&r.boot);
	collect_loaders(&r);
	boot_done(&r.boot);
	json_decref(r.files);
	json_decref(r.kernels);
	free(r.why);
	collect_kconfig(c);
	collect_cpu(c);
	collect_modules(c);
	collect_lsm(c);
}
