/* SPDX-License-Identifier: Apache-2.0 */
/* host_units.c: units that open a door, and what the administrator changed about others. */
#include <string.h>
#include <strings.h>

#include "host_services.h"
#include "tables.h"

#define OVERRIDES SERVICES "overrides"

/* --- doors -------------------------------------------------------------------------------------
 */

static const char *const shell_units[] = { "debug-shell.service", NULL };
static const struct service debug_shell = { .names = shell_units, .title = "the debug shell" };

static bool says_no(const char *word, size_t n)
{
	static const char *const words[] = { "0", "n", "no", "f", "false", "off" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == n && strncasecmp(words[i], word, n) == 0)
			return true;
	return false;
}

/* On the command line of the kernel, where a generator finds it: alone, with a boolean, or with the
 * terminal to be used (systemd-debug-generator(8)). */
static bool is_asked_for(struct sw_eval *e)
{
	static const char *const names[] = { "systemd.debug-shell", "systemd.debug_shell",
					     "systemd.debug" };
	const char *line = sw_str(e, "@host/kernel/cmdline", "");

	for (size_t n; *line; line += n + strspn(line + n, " ")) {
		n = strcspn(line, " ");
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			size_t k = strlen(names[i]);
			if (n < k || strncmp(line, names[i], k) != 0 || (n > k && line[k] != '='))
				continue;
			if (n == k || !says_no(line + k + 1, n - k - 1))
				return true;
		}
	}
	return false;
}

static enum sw_verdict debug_shell_is_off(struct sw_eval *e)
{
	const char *running = service_running(e, &debug_shell);
	const char *enabled = service_enabled(e, &debug_shell);

	if (running)
		sw_fail(e, "%s runs: a shell of root on tty9 that asks for no password", running);
	if (enabled)
		sw_fail(e, "%sit is started at boot: %s", host_configured(e), enabled);
	if (host_is_running(e) && is_asked_for(e))
		sw_fail(e, "the kernel's command line asks for it");
	if (sw_said(e) == SW_PASS)
		sw_pass(e, "%sit is not started", host_configured(e));
	return sw_said(e);
}

/* systemd-system.conf(5); it does not hang on the target. */
static const char *burst_action(struct sw_eval *e)
{
	const char *list = "@host/coredump/manager/settings/Manager~1CtrlAltDelBurstAction";

	return sw_has(e, list) ? sw_str(e, sw_at(e, "%s/0/value", list), "") : "reboot-force";
}

/* Without a line the other inits let those keys do nothing. */
static enum sw_verdict judge_inittab(struct sw_eval *e)
{
	const char *lines = SERVICES "ctrl-alt-del";
	size_t n = sw_has(e, lines) ? sw_count(e, lines) : 0;

	if (n > 0)
		return sw_fail(e, "%s/etc/inittab has %s", host_configured(e),
			       sw_str(e, sw_at(e, "%s/0", lines), ""));
	if (sw_has(e, lines))
		return sw_pass(e, "%s/etc/inittab says nothing of these keys", host_configured(e));
	return sw_skip(e, "systemd does not start this host, nor has it an inittab");
}

static enum sw_verdict ctrl_alt_del_is_off(struct sw_eval *e)
{
	const char *unit = SERVICES "units/ctrl-alt-del.target";

	if (!sw_has(e, unit)) {
		if (sw_has(e, SERVICES "managers/systemd"))
			return sw_unknown(e, "systemd is there, but not its ctrl-alt-del.target");
		return judge_inittab(e);
	}
	const char *burst = burst_action(e);
	if (!sw_bool(e, SERVICES "units/ctrl-alt-del.target/masked", false))
		return sw_fail(e,
			       "%sctrl-alt-del.target is not masked: these keys on a console "
			       "restart the host, and with it all containers",
			       host_configured(e));
	if (strcmp(burst, "none") == 0)
		return sw_pass(e, "%sctrl-alt-del.target is masked, CtrlAltDelBurstAction is none",
			       host_configured(e));
	return sw_pass(e,
		       "%sctrl-alt-del.target is masked; more than seven times within two seconds "
		       "these keys still do %s (CtrlAltDelBurstAction)",
		       host_configured(e), burst);
}

/* --- overrides ---------------------------------------------------------------------------------
 */

static bool is_on(const char *value)
{
	return *value && !says_no(value, strlen(value));
}

/* The last value of a list, "" when nothing is set. */
static const char *last_of(struct sw_eval *e, const char *at)
{
	size_t n = sw_count(e, at);

	return n > 0 ? sw_str(e, sw_at(e, "%s/%zu", at, n - 1), "") : "";
}

/* All of a list, as one text. */
static const char *all_of(struct sw_eval *e, const char *at)
{
	const char *text = "";

	for (size_t i = 0, n = sw_count(e, at); i < n; i++)
		text = sw_at(e, "%s%s%s", text, i ? "; " : "",
			     sw_str(e, sw_at(e, "%s/%zu", at, i), ""));
	return text;
}

static const char *files_of(struct sw_eval *e, const char *at)
{
	const char *text = "";

	for (size_t i = 0, n = sw_count(e, sw_at(e, "%s/files", at)); i < n && i < 5; i++)
		text = sw_at(e, "%s%s%s", text, i ? ", " : "",
			     sw_str(e, sw_at(e, "%s/files/%zu", at, i), ""));
	return text;
}

/* Settings that take rights from a service: what the distribution set must still be set. */
static void judge_sandbox(struct sw_eval *e, const char *unit, const char *at)
{
	static const char *const keys[] = {
		"ProtectSystem",
		"ProtectHome",
		"PrivateTmp",
		"PrivateDevices",
		"ProtectKernelTunables",
		"ProtectKernelModules",
		"ProtectControlGroups",
		"NoNewPrivileges",
		"CapabilityBoundingSet",
		"SystemCallFilter",
		"RestrictAddressFamilies",
		"MemoryDenyWriteExecute",
		"User",
		"DynamicUser",
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *was = last_of(e, sw_at(e, "%s/was/%s", at, keys[i]));
		const char *is = last_of(e, sw_at(e, "%s/is/%s", at, keys[i]));
		bool is_weaker = is_on(was) && !is_on(is);
		if (strcmp(keys[i], "User") == 0)
			is_weaker = *was && strcmp(was, "root") != 0 &&
				    (*is == '\0' || strcmp(is, "root") == 0);
		if (is_weaker)
			sw_fail(e, "%s: %s=%s of the distribution is undone by %s", unit, keys[i],
				was, files_of(e, at));
	}
}

static void judge_start(struct sw_eval *e, const char *unit, const char *at)
{
	static const char *const keys[] = { "ExecStart", "ExecStartPre", "ExecStartPost" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *was = all_of(e, sw_at(e, "%s/was/%s", at, keys[i]));
		const char *is = all_of(e, sw_at(e, "%s/is/%s", at, keys[i]));
		if (strcmp(was, is) != 0)
			sw_warn(e, "%s: %s is '%.200s' instead of '%.200s', by %s", unit, keys[i],
				is, was, files_of(e, at));
	}
}

typedef void judge_fn(struct sw_eval *e, const char *unit, const char *at);
struct override_rule {
	judge_fn *judge;
};

static enum sw_verdict overrides_are_sound(struct sw_eval *e)
{
	const struct override_rule *rule = sw_arg(e);
	size_t n = sw_count(e, OVERRIDES);

	for (size_t i = 0; i < n; i++) {
		const char *unit = sw_key(e, OVERRIDES, i);
		rule->judge(e, unit, sw_at(e, OVERRIDES "/%s", sw_esc(e, unit)));
	}
	if (sw_said(e) == SW_PASS)
		sw_pass(e,
			n ? "%zu units are changed, none for the worse"
			  : "none of the units that matter is changed",
			n);
	return sw_said(e);
}

const struct sw_check sw_host_unit_checks[] = {
	{
		.id = "host.unit.debug_shell",
		.kind = SW_HOST,
		.severity = SW_HIGH,
		.title = "There is no debug shell",
		.why = "debug-shell.service gives whoever has the console a shell of root without "
		       "a password.",
		.wanted = "debug-shell.service neither enabled nor running",
		.remedy = "systemctl disable --now debug-shell.service; take systemd.debug-shell "
			  "off the kernel's command line",
		.fn = debug_shell_is_off,
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.unit.ctrlaltdel",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Ctrl-Alt-Del does not restart the host",
		.why = "Whoever has a console, or that of the virtual machine, ends all containers "
		       "with three keys and without a login.",
		.wanted = "ctrl-alt-del.target masked",
		.remedy = "systemctl mask ctrl-alt-del.target; CtrlAltDelBurstAction=none in "
			  "/etc/systemd/system.conf",
		.fn = ctrl_alt_del_is_off,
		.needs = SW_NEEDS_SERVICES | SW_NEEDS_SYSCTL,
	},
	{
		.id = "host.unit.sandbox",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Daemons keep the confinement that the distribution gave them",
		.why = "An empty assignment in a drop-in undoes what the distribution's unit sets, "
		       "and nothing tells of it.",
		.wanted = "what the distribution's units set is in force",
		.remedy = "systemctl cat UNIT; take the line out of the file that is named; "
			  "systemctl daemon-reload",
		.fn = overrides_are_sound,
		.arg = &(const struct override_rule){ judge_sandbox },
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.unit.overrides",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "What daemons are started with was not changed",
		.why = "A drop-in that changes the command of a daemon is an easy place to hide "
		       "in, and an easy one to forget.",
		.wanted = "the distribution's ExecStart",
		.remedy = "systemctl cat UNIT: is the change one of yours?",
		.fn = overrides_are_sound,
		.arg = &(const struct override_rule){ judge_start },
		.needs = SW_NEEDS_SERVICES,
	},
	{ 0 },
};
