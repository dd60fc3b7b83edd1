/* SPDX-License-Identifier: Apache-2.0 */
/* host_boot_shell.c: boot entries and units that end in a shell of root without a password. */
#include <string.h>

#include "host_boot.h"
#include "host_common.h"
#include "tables.h"

#define UNIT "@host/boot/rescue/debug-shell-unit"

#define RESCUE_UNITS                                                                               \
	"rescue.target|emergency.target|runlevel1.target|rescue.service|emergency.service|"        \
	"debug-shell.service|rescue|emergency"
static const struct boot_word shell_words[] = {
	{ "rd.break", NULL },
	{ "break", NULL },
	{ "rd.shell", "!f|" BOOT_FALSE },
	/* Since systemd 256 also the name of a terminal. */
	{ "systemd.debug_shell", "!f|" BOOT_FALSE },
	{ "rd.systemd.debug_shell", "!f|" BOOT_FALSE },
	{ "systemd.unit", RESCUE_UNITS },
	{ "rd.systemd.unit", RESCUE_UNITS },
	{ "systemd.wants", "debug-shell.service" },
	{ "rd.systemd.wants", "debug-shell.service" },
	{ "_b", NULL },
	{ "_s", NULL },
	{ "single", NULL },
	{ "emergency", NULL },
	{ "rescue", NULL },
	{ "s", NULL },
	{ "S", NULL },
	{ "1", NULL },
	{ 0 },
};

#define SHELLS                                                                                     \
	"sh|bash|dash|ash|zsh|ksh|mksh|csh|tcsh|fish|sash|rbash|bash-static|busybox|toybox|"       \
	"sulogin|login|su|sudo|python3|perl"
#define INITS                                                                                      \
	"init|systemd|openrc-init|runit|runit-init|s6-svscan|s6-linux-init|dinit|finit|linuxrc|"   \
	"overlayroot|preinit"

static void judge_init(struct sw_eval *e, const struct boot_place *p)
{
	static const char *const names[] = { "init", "rdinit" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = boot_value(e, p, names[i]);
		const char *slash = value ? strrchr(value, '/') : NULL;
		const char *program = slash ? slash + 1 : value;
		if (value && boot_is_one_of(program, SHELLS))
			sw_fail(e, "%s has %s=%s", p->name, names[i], value);
		else if (value && i == 0 && !boot_is_one_of(program, INITS))
			sw_warn(e, "%s has %s=%s: what is that?", p->name, names[i], value);
	}
	boot_judge_banned(e, p, shell_words);
}

/* "systemd.setenv=SYSTEMD_SULOGIN_FORCE=1", which may stand there several times. */
static void judge_variables(struct sw_eval *e, const struct boot_place *p)
{
	static const char name[] = "SYSTEMD_SULOGIN_FORCE=";
	const char *all = sw_at(e, "%s/systemd.setenv", p->options);

	for (size_t i = 0, n = sw_count(e, all); i < n; i++) {
		const char *value = sw_str(e, sw_at(e, "%s/%zu", all, i), "");
		if (strncmp(value, name, sizeof(name) - 1) == 0 &&
		    !boot_is_one_of(value + sizeof(name) - 1, "|f|" BOOT_FALSE))
			sw_fail(e, "%s has systemd.setenv=%s", p->name, value);
	}
}

static void judge_shell(struct sw_eval *e, const struct boot_place *p)
{
	judge_init(e, p);
	judge_variables(e, p);
}

static enum sw_verdict gives_no_shell(struct sw_eval *e)
{
	if (sw_bool(e, "@host/boot/rescue/debug-shell/exists", false))
		sw_fail(e, "debug-shell.service is enabled: a shell of root waits on tty9");
	else if (sw_has(e, UNIT) && sw_has(e, UNIT "/path") && !sw_bool(e, UNIT "/masked", false) &&
		 sw_bool(e, UNIT "/wanted", false))
		sw_fail(e, "debug-shell.service is pulled in: a shell of root waits on tty9");
	return boot_each(e, judge_shell);
}

const struct sw_check sw_host_boot_shell_checks[] = {
	{ .id = "host.boot.rescue_backdoor",
	  .kind = SW_HOST,
	  .severity = SW_HIGH,
	  .title = "No entry boots into a shell of root",
	  .why = "Such an entry gives root to whoever is at the console, without a password.",
	  .wanted =
		  "no init=/bin/sh, rd.break, break, systemd.debug_shell, single, emergency or the "
		  "like; debug-shell.service is not enabled",
	  .remedy = BOOT_REMOVE ";\nsystemctl disable debug-shell.service",
	  .fn = gives_no_shell,
	  .needs = SW_NEEDS_BOOT,
	  .params = host_role_params },
	{ 0 },
};
