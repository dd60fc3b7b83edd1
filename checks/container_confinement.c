/* SPDX-License-Identifier: Apache-2.0 */
/* container_confinement.c: the kernel's mandatory fences around a container: AppArmor, SELinux,
 * seccomp. */
#include "container.h"
#include "tables.h"

#include <string.h>
#include <strings.h>

/* The mode in "docker-default (enforce)"; NULL when there is none. */
static const char *label_mode(const char *label)
{
	const char *open = strrchr(label, '(');

	return open && label[strlen(label) - 1] == ')' ? open + 1 : NULL;
}

/* A profile in force may still forbid nothing: complain only logs, unconfined does not even that.
 */
static enum sw_verdict apparmor_label_confines(struct sw_eval *e)
{
	const char *path = sw_has(e, "Kernel/AppArmor") ? "Kernel/AppArmor" : "Kernel/Label";
	const char *label = sw_str(e, path, "");
	const char *mode = label_mode(label);

	if (!*label || begins_with(label, "unconfined"))
		return sw_fail(e, "its process runs without an AppArmor profile");
	if (!mode)
		return sw_unknown(e, "its AppArmor label has no mode: '%s'", label);
	if (begins_with(mode, "enforce)") || begins_with(mode, "kill)"))
		return SW_PASS;
	if (begins_with(mode, "unconfined)"))
		return sw_fail(e, "its AppArmor profile confines nothing: '%s'", label);
	return sw_warn(e, "its AppArmor profile does not forbid: '%s'", label);
}

/* The engine fills AppArmorProfile at start: before, only what cannot change by then is decided. */
static enum sw_verdict apparmor_before_start(struct sw_eval *e)
{
	const char *option = container_option(e, "apparmor");

	if (option && strcmp(option, "unconfined") == 0)
		return sw_fail(e, "AppArmor is turned off (apparmor=unconfined)");
	if (!option && sw_bool(e, "HostConfig/Privileged", false))
		return sw_fail(e, "started with --privileged: AppArmor will not confine it");
	return sw_unknown(e, "it was never started: its AppArmor profile is chosen then");
}

static enum sw_verdict apparmor_confines(struct sw_eval *e)
{
	const char *profile;

	if (!engine_feature(e, "apparmor"))
		return sw_skip(e, "this engine has no AppArmor");
	profile = sw_str(e, "AppArmorProfile", "");
	if (strcmp(profile, "unconfined") == 0)
		return sw_fail(e, "AppArmor is turned off (unconfined)");
	if (container_is_running(e))
		return apparmor_label_confines(e);
	return *profile ? SW_PASS : apparmor_before_start(e);
}

/* The third part of user:role:type:level */
static bool has_type(const char *label, const char *type)
{
	const char *role = strchr(label, ':');
	const char *found = role ? strchr(role + 1, ':') : NULL;
	size_t n = strlen(type);

	return found && strncmp(found + 1, type, n) == 0 &&
	       (found[1 + n] == ':' || found[1 + n] == '\0');
}

static enum sw_verdict selinux_label_confines(struct sw_eval *e, const char *label)
{
	static const char *const free_types[] = { "spc_t", "unconfined_t", "container_runtime_t" };

	if (!*label)
		return sw_fail(e, "it has no SELinux process label");
	for (size_t i = 0; i < ARRAY_SIZE(free_types); i++) {
		if (has_type(label, free_types[i]))
			return sw_fail(e, "its SELinux type %s is not confined", free_types[i]);
	}
	return SW_PASS;
}

/* Only looked at where a rule of the host asks for it; then every label is one on paper. */
static void note_permissive(struct sw_eval *e)
{
	static const char enforce[] = "@host/lsm/selinux/enforce";

	if (sw_is_known(e, "@host/lsm") && sw_bool(e, "@engine/endpoint/local", false) &&
	    strcmp(sw_str(e, enforce, ""), "0") == 0)
		sw_warn(e, "SELinux of this host is permissive: it logs and refuses nothing");
}

static enum sw_verdict selinux_confines(struct sw_eval *e)
{
	if (!engine_feature(e, "selinux"))
		return sw_skip(e, "this engine has no SELinux");
	if (sw_bool(e, "HostConfig/Privileged", false))
		return sw_fail(e, "started with --privileged: SELinux does not confine it");
	/* the engine takes a bare "disable" for label=disable */
	if (container_has_option(e, "label", "disable") || container_has_option(e, "disable", ""))
		return sw_fail(e, "SELinux is turned off (label=disable, which sharing the pid or "
				  "ipc namespace of the host adds too)");
	if (selinux_label_confines(e, sw_str(e, "ProcessLabel", "")) != SW_PASS)
		return sw_said(e);
	note_permissive(e);
	if (container_is_running(e))
		return selinux_label_confines(e, sw_str(e, "Kernel/Label", ""));
	return sw_said(e);
}

/* Finds key in text without regard to case, as Go's JSON decoder does. */
static const char *find_fold(const char *text, const char *key)
{
	size_t n = strlen(key);

	for (; *text; text++) {
		if (strncasecmp(text, key, n) == 0)
			return text;
	}
	return NULL;
}

/* Does this profile say, everywhere it says so, that what it does not name is refused? */
static bool refuses_by_default(const char *profile)
{
	static const char key[] = "\"defaultAction\"";
	static const char *const refusals[] = {
		"\"SCMP_ACT_ERRNO\"",        "\"SCMP_ACT_KILL\"", "\"SCMP_ACT_KILL_THREAD\"",
		"\"SCMP_ACT_KILL_PROCESS\"", "\"SCMP_ACT_TRAP\"",
	};
	bool is_said = false;

	/* an escape could spell the key in a way that is not found here */
	if (strchr(profile, '\\'))
		return false;
	while ((profile = find_fold(profile, key))) {
		bool is_refusal = false;

		profile += strlen(key);
		profile += strspn(profile, " \t\r\n:");
		for (size_t i = 0; i < ARRAY_SIZE(refusals); i++)
			is_refusal |= begins_with(profile, refusals[i]);
		if (!is_refusal)
			return false;
		is_said = true;
	}
	return is_said;
}

static void judge_own_profile(struct sw_eval *e, const char *profile)
{
	if (strcmp(profile, "unconfined") == 0)
		sw_fail(e, "seccomp is turned off (seccomp=unconfined)");
	else if (!*profile)
		sw_unknown(e, "its seccomp option has no value");
	else if (strcmp(profile, "builtin") != 0 && !refuses_by_default(profile))
		sw_warn(e,
			"its own seccomp profile does not refuse by default: see what it allows");
}

/* Seen: 20.10 and 26 leave out the profile of a privileged container, 28 applies it. */
static void judge_privileged(struct sw_eval *e, bool has_own, bool is_running)
{
	const char *version;

	if (!has_own) {
		sw_fail(e, "started with --privileged: it runs without seccomp");
		return;
	}
	version = sw_str(e, "@engine/info/ServerVersion", "");
	if (sw_version_compare(version, "20") >= 0 && sw_version_compare(version, "27") < 0)
		sw_fail(e, "started with --privileged: engine %s leaves its seccomp profile out",
			version);
	else if (sw_version_compare(version, "28") < 0 && !is_running)
		sw_unknown(e,
			   "started with --privileged: whether engine '%s' applies its seccomp "
			   "profile is not known",
			   version);
}

static void judge_kernel_seccomp(struct sw_eval *e)
{
	int64_t mode;

	if (!sw_has(e, "Kernel/Status/Seccomp")) {
		sw_unknown(e, "this kernel does not show seccomp");
		return;
	}
	mode = sw_int(e, "Kernel/Status/Seccomp", 0);
	if (mode != 2)
		sw_fail(e, "its process runs without a seccomp filter (mode %d)", (int)mode);
}

static enum sw_verdict seccomp_is_on(struct sw_eval *e)
{
	bool is_running = container_is_running(e);
	const char *engine = engine_feature(e, "seccomp");
	const char *own = container_option(e, "seccomp");

	if (own)
		judge_own_profile(e, own);
	if (!engine && !(is_running && sw_is_known(e, "Kernel/Status/Seccomp")))
		return sw_said(e) == SW_PASS ? sw_skip(e, "this engine has no seccomp")
					     : sw_said(e);
	if (engine && !own && strcmp(engine, ",profile=unconfined") == 0)
		sw_fail(e, "the engine itself runs without a seccomp profile");
	if (sw_bool(e, "HostConfig/Privileged", false))
		judge_privileged(e, own != NULL, is_running);
	if (is_running)
		judge_kernel_seccomp(e);
	return sw_said(e);
}

const struct sw_check sw_container_confinement_checks[] = {
	{
		.id = "container.apparmor",
		.kind = SW_CONTAINER,
		.severity = SW_MEDIUM,
		.title = "Containers are confined by AppArmor",
		.why = "The profile bars what namespaces and capabilities leave open, such as "
		       "writing "
		       "to /proc/sys and mounting.",
		.wanted = "an AppArmor profile in enforce mode",
		.remedy = "Recreate it without apparmor=unconfined and --privileged, or with\n"
			  "docker run --security-opt apparmor=docker-default ...\n"
			  "compose: security_opt: [\"apparmor=docker-default\"]",
		.fn = apparmor_confines,
		.needs = SW_NEEDS_KERNEL,
	},
	{
		.id = "container.selinux",
		.kind = SW_CONTAINER,
		.severity = SW_MEDIUM,
		.title = "Containers are confined by SELinux",
		.why = "The label keeps a process that broke out of its container from the files "
		       "of "
		       "the host and of other containers.",
		.wanted = "a confined SELinux process label",
		.remedy = "Recreate it without label=disable, --privileged, --pid host and --ipc "
			  "host\n"
			  "compose: remove \"label=disable\" from security_opt, and privileged, "
			  "pid, ipc",
		.fn = selinux_confines,
		.needs = SW_NEEDS_KERNEL,
	},
	{
		.id = "container.seccomp",
		.kind = SW_CONTAINER,
		.severity = SW_MEDIUM,
		.title = "Containers run with a seccomp filter",
		.why = "The filter keeps rarely used system calls, where many holes of the kernel "
		       "were "
		       "found, out of reach.",
		.wanted = "the engine's seccomp profile or one that refuses by default",
		.remedy = "Recreate it without seccomp=unconfined and --privileged, or with\n"
			  "docker run --security-opt seccomp=/path/profile.json ...\n"
			  "compose: security_opt: [\"seccomp=./profile.json\"]",
		.fn = seccomp_is_on,
		.flags = SW_SERVICES,
		.needs = SW_NEEDS_KERNEL,
	},
	{ 0 },
};
