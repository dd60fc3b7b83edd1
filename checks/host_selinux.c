/* SPDX-License-Identifier: Apache-2.0 */
/* host_selinux.c: SELinux: its mode now and at the next boot, its policy, and what it confines. */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "host_boot.h"
#include "host_common.h"
#include "host_lsm.h"
#include "tables.h"

#define SELINUX  "@host/lsm/selinux"
#define SETTINGS SELINUX "/config/settings"

/* The value in the configuration; NULL when it is not there. */
static const char *configured(struct sw_eval *e, const char *key)
{
	const char *list = sw_at(e, SETTINGS "/%s", key);

	return sw_has(e, list) ? sw_str(e, sw_at(e, "%s/0/value", list), "") : NULL;
}

/* Does the host use it, or will it? Else the reason is said. */
static bool is_selinux_host(struct sw_eval *e)
{
	if (sw_count(e, SELINUX "/config/files") > 0)
		return true;
	if (host_is_running(e) && lsm_is_active(e, "selinux"))
		return true;
	sw_skip(e, "SELinux is not set up here");
	return false;
}

static const char *where(struct sw_eval *e, const char *key)
{
	const char *at = sw_at(e, SETTINGS "/%s/0", key);

	return sw_at(e, "%s:%" PRId64, sw_str(e, sw_at(e, "%s/file", at), "?"),
		     sw_int(e, sw_at(e, "%s/line", at), 0));
}

static void judge_word(struct sw_eval *e, const struct boot_place *p, const char *name)
{
	const char *value = boot_value(e, p, name);

	if (value && strcmp(value, "0") == 0)
		sw_fail(e, "%s has %s=0", p->name, name);
}

static void judge_off(struct sw_eval *e, const struct boot_place *p)
{
	if (!p->is_running)
		judge_word(e, p, "selinux");
}

static void judge_line(struct sw_eval *e, const struct boot_place *p)
{
	judge_word(e, p, "selinux");
	judge_word(e, p, "enforcing");
}

/* Without an entry there is nothing to add to what is configured. */
static void judge_lines(struct sw_eval *e, boot_fn *judge)
{
	if (host_is_running(e) || sw_count(e, "@host/boot/entries") > 0)
		boot_each(e, judge);
}

static enum sw_verdict is_not_disabled(struct sw_eval *e)
{
	const char *mode;

	if (!is_selinux_host(e))
		return SW_SKIP;
	mode = configured(e, "SELINUX");
	if (!mode)
		return sw_fail(e, "configured: /etc/selinux/config has no SELINUX=, which disables "
				  "it");
	judge_lines(e, judge_off);
	if (strcasecmp(mode, "enforcing") == 0 || strcasecmp(mode, "permissive") == 0)
		return sw_pass(e, "configured: %s (%s)", mode, where(e, "SELINUX"));
	return sw_fail(e, "configured: SELINUX=%s (%s)", mode, where(e, "SELINUX"));
}

static void judge_now(struct sw_eval *e)
{
	static const char enforce[] = SELINUX "/enforce";

	if (!lsm_is_active(e, "selinux"))
		sw_fail(e, "SELinux does not run");
	else if (!sw_has(e, enforce))
		sw_unknown(e, "/sys/fs/selinux/enforce is not to be seen");
	else if (strcmp(sw_str(e, enforce, ""), "1") != 0)
		sw_fail(e, "SELinux is permissive now");
}

static enum sw_verdict enforces(struct sw_eval *e)
{
	const char *mode;

	if (!is_selinux_host(e))
		return SW_SKIP;
	if (host_is_running(e))
		judge_now(e);
	mode = configured(e, "SELINUX");
	if (!mode || strcasecmp(mode, "enforcing") != 0)
		sw_fail(e, "configured: SELINUX=%s", mode ? mode : " is not set");
	judge_lines(e, judge_line);
	return sw_said(e);
}

static enum sw_verdict policy_confines(struct sw_eval *e)
{
	const char *type, *at;

	if (!is_selinux_host(e))
		return SW_SKIP;
	type = configured(e, "SELINUXTYPE");
	if (!type)
		return sw_fail(e, "configured: /etc/selinux/config has no SELINUXTYPE=");
	if (!boot_is_one_of(type, "targeted|mls|default|refpolicy|mcs"))
		return sw_fail(e,
			       "configured: SELINUXTYPE=%s confines next to nothing, or is not "
			       "known (%s)",
			       type, where(e, "SELINUXTYPE"));
	at = sw_at(e, SELINUX "/types/%s", sw_esc(e, type));
	if (!sw_has(e, at) || !sw_bool(e, at, false))
		return sw_fail(e, "configured: there is no policy in /etc/selinux/%s/policy", type);
	return SW_PASS;
}

static enum sw_verdict has_container_policy(struct sw_eval *e)
{
	static const char modules[] = SELINUX "/container";
	size_t n;

	if (!is_selinux_host(e))
		return SW_SKIP;
	if (!host_has_engine(e))
		return sw_said(e) == SW_UNKNOWN
			       ? SW_UNKNOWN
			       : sw_skip(e, "role is none: no containers are to run here");
	n = sw_count(e, modules);
	for (size_t i = 0; i < n; i++) {
		const char *path = sw_key(e, modules, i);
		if (sw_bool(e, sw_at(e, "%s/%s", modules, sw_esc(e, path)), false))
			return sw_pass(e, "configured: %s", path);
	}
	return sw_fail(e, "configured: the policy has no module \"container\"");
}

/* user:role:TYPE:level */
static bool is_of_type(const char *label, const char *type)
{
	const char *role = strchr(label, ':'), *third = role ? strchr(role + 1, ':') : NULL;
	size_t n = strlen(type);

	return third && strncmp(third + 1, type, n) == 0 &&
	       (third[1 + n] == ':' || third[1 + n] == '\0');
}

static enum sw_verdict services_are_confined(struct sw_eval *e)
{
	static const char processes[] = "@host/lsm/processes";
	size_t n;

	if (host_is_running(e) && !lsm_is_active(e, "selinux"))
		return sw_skip(e, "SELinux does not run");
	n = sw_count(e, processes);
	if (n == 0)
		return sw_unknown(e, "no process was looked at");
	for (size_t i = 0; i < n; i++) {
		const char *at = sw_at(e, "%s/%zu", processes, i);
		const char *exe = sw_at(e, "%s/exe", at);
		if (is_of_type(sw_str(e, sw_at(e, "%s/label", at), ""), "unconfined_service_t"))
			sw_fail(e, "process %" PRId64 " (%s) is unconfined_service_t",
				sw_int(e, sw_at(e, "%s/pid", at), 0),
				sw_is_known(e, exe) ? sw_str(e, exe, "?") : "?");
	}
	return sw_said(e);
}

static enum sw_verdict has_no_helpers(struct sw_eval *e)
{
	static const char *const names[] = { "troubleshoot", "mcstrans" };

	if (!is_selinux_host(e))
		return SW_SKIP;
	for (size_t i = 0; i < 2; i++) {
		const char *at = sw_at(e, SELINUX "/%s", names[i]);
		if (sw_has(e, at))
			sw_fail(e, "%s is installed", sw_str(e, at, "?"));
	}
	return sw_said(e);
}

#define ROW(i, s, t, f, w, y, r)                                                                   \
	{                                                                                          \
		.id = "host.lsm.selinux." i, .kind = SW_HOST, .severity = s, .title = t, .fn = f,  \
		.wanted = w, .why = y, .remedy = r, .needs = SW_NEEDS_MODULES | SW_NEEDS_BOOT,     \
		.params = host_role_params                                                         \
	}

const struct sw_check sw_host_selinux_checks[] = {
	ROW("config", SW_HIGH, "SELinux is not disabled at the next boot", is_not_disabled,
	    "SELINUX=enforcing or permissive in /etc/selinux/config, no entry with selinux=0",
	    "A host that boots without it writes files without labels, and is hard to get back.",
	    "SELINUX=enforcing in /etc/selinux/config, then: fixfiles -F onboot; reboot"),
	ROW("enforcing", SW_HIGH, "SELinux enforces now and at the next boot", enforces,
	    "enforce is 1, SELINUX=enforcing, no enforcing=0 or selinux=0",
	    "In permissive mode it only writes down what it should have stopped.",
	    "setenforce 1; SELINUX=enforcing in /etc/selinux/config"),
	ROW("policy", SW_MEDIUM, "SELinux's policy confines services", policy_confines,
	    "SELINUXTYPE=targeted or mls, and its policy is there",
	    "The policy \"minimum\" leaves nearly everything unconfined.",
	    "SELINUXTYPE=targeted in /etc/selinux/config; dnf install selinux-policy-targeted"),
	ROW("container_policy", SW_HIGH, "SELinux's policy knows containers", has_container_policy,
	    "the module \"container\" is installed",
	    "Without it containers run in types that confine nothing, or do not start.",
	    "dnf install container-selinux"),
	ROW("unconfined_services", SW_LOW, "No service runs unconfined", services_are_confined,
	    "no process is unconfined_service_t",
	    "Such a service has no policy: a dockerd from a tarball is one.",
	    "install the service from the distribution's package, or write a policy for it"),
	ROW("troubleshoot", SW_LOW, "Helpers of SELinux are not installed", has_no_helpers,
	    "neither setroubleshoot nor mcstrans",
	    "They are for desktops, and run more code with rights on a server.",
	    "dnf remove setroubleshoot-server mcstrans"),
	{ 0 },
};
