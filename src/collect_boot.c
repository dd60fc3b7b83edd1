/* SPDX-License-Identifier: Apache-2.0 */
/* collect_boot.c: what is booted: the kernels, and what the running one was told. */
#include "collect_boot.h"

#include "bootreading.h"
#include "cmdline.h"
#include "confdir.h"
#include "record.h"

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

/* --- kernels -----------------------------------------------------------------------------------
 */

void boot_spoil(struct boot_reading *r, const char *path, const char *why)
{
	if (!r->why)
		r->why = xasprintf("%s: %s", path, why);
}

static void add_kernel(struct boot_reading *r, const char *release)
{
	if (!release || !*release)
		return;
	if (json_object_size(r->kernels) < KERNELS_MAX)
		json_object_set_new(r->kernels, release, json_true());
	else if (!json_object_get(r->kernels, release))
		boot_spoil(r, release, "there are too many kernels");
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
		boot_spoil(r, "/lib/modules", why);
	if (!list_folder(r->c, FETCH_BASE_ROOT, "/boot", add_image, r, &no_boot) && *no_boot)
		boot_spoil(r, "/boot", no_boot);
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

#define EFI_GLOBAL "8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define SHIM_LOCK  "605dab50-e046-4300-abb6-3dd810dd8b23"

/* An EFI variable's first byte: four bytes of attributes come before. */
static json_t *efi_variable(struct collector *c, const char *name)
{
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *path = xasprintf("sys/firmware/efi/efivars/%s", name);
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
	/* MokSBStateRT is what shim leaves of its own setting: 1 after mokutil
	 * --disable-validation. */
	return json_pack("{sb so so so}", "efi", 1, "secure-boot",
			 efi_variable(c, "SecureBoot-" EFI_GLOBAL), "setup-mode",
			 efi_variable(c, "SetupMode-" EFI_GLOBAL), "validation-off",
			 efi_variable(c, "MokSBStateRT-" SHIM_LOCK));
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

static json_t *rescue_modes(struct collector *c)
{
	static const char *const units[] = { "rescue.service", "emergency.service" };
	static const char shell[] = "/etc/systemd/system/sysinit.target.wants/debug-shell.service";
	json_t *all = json_pack("{so so so}", "inittab", inittab_lines(c, "S:wait:"), "debug-shell",
				stat_path(c, FETCH_BASE_ROOT, shell), "debug-shell-unit",
				collect_service(c, "debug-shell.service"));
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		json_object_set_new(all, units[i], collect_unit(c, units[i]));
	return all;
}

/* --- the section --------------------------------------------------------------------------------
 */

static void collect_loaders(struct boot_reading *r)
{
	struct collector *c = r->c;
	boot_read_loaders(r);
	json_t *editor = boot_read_editor(r);
	boot_find_default(&r->boot);
	find_kernels(r);
	if (json_array_size(r->boot.entries) >= BOOT_ENTRIES_MAX)
		boot_spoil(r, "entries", "there are too many");
	json_t *entries = r->why ? fact_unread("%s", r->why) : json_incref(r->boot.entries);
	json_t *password =
		r->why ? fact_unread("%s", r->why)
		       : json_pack("{sb sb sb sb ss?}", "superusers", r->boot.has_superusers,
				   "hash", r->boot.has_password, "plain", r->boot.is_plain,
				   "user-cfg", r->has_user_password, "open", r->boot.open);
	collect_host_section(c, "boot",
			     json_pack("{so so so sO so so so sb so so so}", "entries", entries,
				       "configured", boot_configured(c), "running", live_facts(c),
				       "kernels", r->kernels, "judged", judged_kernels(r), "files",
				       json_incref(r->files), "password", password, "grub",
				       r->has_grub, "editor", editor, "secure-boot", secure_boot(c),
				       "rescue", rescue_modes(c)));
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
