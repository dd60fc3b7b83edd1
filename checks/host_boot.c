/* SPDX-License-Identifier: Apache-2.0 */
/* host_boot.c: see host_boot.h. */
#include "host_boot.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "host_common.h"

#define BOOT "@host/boot"

enum { ENTRIES_MAX = 500 };

bool boot_is_one_of(const char *value, const char *list)
{
	size_t n = strlen(value);

	while (list && *list) {
		size_t length = strcspn(list, "|");
		if (length == n && strncasecmp(list, value, n) == 0)
			return true;
		list += length + (list[length] == '|');
	}
	return false;
}

const char *boot_value(struct sw_eval *e, const struct boot_place *p, const char *name)
{
	const char *list = sw_at(e, "%s/%s", p->options, name);

	return sw_has(e, list) ? sw_str(e, sw_at(e, "%s/0", list), "") : NULL;
}

static bool is_bad(const char *value, const char *bad)
{
	if (!bad)
		return true;
	return *bad == '!' ? !boot_is_one_of(value, bad + 1) : boot_is_one_of(value, bad);
}

void boot_judge_banned(struct sw_eval *e, const struct boot_place *p, const struct boot_word *words)
{
	for (const struct boot_word *w = words; w->name; w++) {
		const char *value = boot_value(e, p, w->name);
		if (value && is_bad(value, w->bad))
			sw_fail(e, "%s has %s%s%s", p->name, w->name, *value ? "=" : "", value);
	}
}

static const char *config_of(struct sw_eval *e, const struct boot_place *p)
{
	const char *at =
		p->release ? sw_at(e, "@host/kconfig/kernels/%s", sw_esc(e, p->release)) : NULL;

	if (at && sw_has(e, at))
		return at;
	sw_unknown(e, "how the kernel of %s was built is not known", p->name);
	return NULL;
}

bool boot_knows_build(struct sw_eval *e, const struct boot_place *p)
{
	return config_of(e, p) != NULL;
}

const char *boot_symbol(struct sw_eval *e, const struct boot_place *p, const char *symbol)
{
	const char *at = config_of(e, p);

	if (!at)
		return "";
	at = sw_at(e, "%s/settings/%s", at, symbol);
	if (!sw_has(e, at))
		sw_unknown(e, "CONFIG_%s was not looked for", symbol);
	return sw_str(e, at, "");
}

bool boot_is_x86(struct sw_eval *e, const struct boot_place *p)
{
	const char *at = config_of(e, p);
	const char *arch = at ? sw_str(e, sw_at(e, "%s/arch", at), "") : "";

	if (at && !*arch)
		sw_unknown(e, "for which processors the kernel of %s is built is not told",
			   p->name);

	return strncmp(arch, "x86", 3) == 0 || strcmp(arch, "i386") == 0;
}

/* --- places ---------------------------------------------------------------------------------- */

static struct boot_place running_place(struct sw_eval *e)
{
	return (struct boot_place){ BOOT "/running/options", "the running kernel",
				    sw_str(e, "@host/kernel/release", NULL), true, false };
}

static struct boot_place entry_place(struct sw_eval *e, const char *at)
{
	const char *file = sw_str(e, sw_at(e, "%s/file", at), "?");
	int64_t line = sw_int(e, sw_at(e, "%s/line", at), 0);

	return (struct boot_place){
		sw_at(e, "%s/options", at),
		sw_at(e, "%s%s:%" PRId64, host_configured(e), file, line),
		sw_str(e, sw_at(e, "%s/release", at), NULL),
		false,
		sw_bool(e, sw_at(e, "%s/default", at), false),
	};
}

static enum sw_verdict without_entries(struct sw_eval *e)
{
	if (host_is_running(e))
		return sw_said(e) == SW_PASS ? sw_pass(e, "of the running kernel: no boot "
							  "loader's configuration is here")
					     : sw_said(e);
	if (sw_count(e, BOOT "/kernels") == 0)
		return sw_skip(e, "there is neither a kernel nor a boot loader");
	return sw_unknown(e, "how the kernels here are booted was not found");
}

enum sw_verdict boot_each(struct sw_eval *e, boot_fn *judge)
{
	if (host_is_running(e)) {
		struct boot_place p = running_place(e);
		judge(e, &p);
	}
	size_t n = host_count(e, BOOT "/entries", ENTRIES_MAX), n_judged = 0;
	for (size_t i = 0; i < n; i++) {
		const char *at = sw_at(e, BOOT "/entries/%zu", i);
		if (sw_bool(e, sw_at(e, "%s/rescue", at), false) &&
		    !sw_bool(e, sw_at(e, "%s/default", at), false))
			continue;
		struct boot_place p = entry_place(e, at);
		judge(e, &p);
		n_judged++;
	}
	return n_judged ? sw_said(e) : without_entries(e);
}

/* --- lockdown -------------------------------------------------------------------------------- */

bool boot_is_locked(const char *level)
{
	return boot_is_one_of(level, "integrity|confidentiality");
}

const char *boot_lockdown(struct sw_eval *e)
{
	struct boot_place p = running_place(e);

	if (sw_has(e, "@host/lsm/lockdown"))
		return sw_str(e, "@host/lsm/lockdown", "");
	if (!sw_contains(e, "@host/lsm/list", "lockdown"))
		return "";
	/* The file is not to be seen: what it was booted with, and built with, never weakens. */
	const char *told = boot_value(e, &p, "lockdown");
	if (told && boot_is_locked(told))
		return told;
	if (strcmp(boot_symbol(e, &p, "LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY"), "y") == 0)
		return "confidentiality";
	if (strcmp(boot_symbol(e, &p, "LOCK_DOWN_KERNEL_FORCE_INTEGRITY"), "y") == 0)
		return "integrity";
	sw_unknown(e, "/sys/kernel/security/lockdown is not to be seen, so the level is not known");
	return NULL;
}
