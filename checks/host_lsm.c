/* SPDX-License-Identifier: Apache-2.0 */
/* host_lsm.c: security modules of the kernel, and AppArmor's profiles. */
#include <fnmatch.h>
#include <inttypes.h>
#include <string.h>

#include "host_boot.h"
#include "host_common.h"
#include "host_lsm.h"
#include "tables.h"

#define LSM      "@host/lsm"
#define APPARMOR LSM "/apparmor"

bool lsm_is_active(struct sw_eval *e, const char *name)
{
	return sw_contains(e, LSM "/list", name);
}

/* --- which run
 * ------------------------------------------------------------------------------------ */

static enum sw_verdict one_confines(struct sw_eval *e)
{
	static const char *const macs[] = { "apparmor", "selinux", "smack" };

	for (size_t i = 0; i < sizeof(macs) / sizeof(macs[0]); i++)
		if (lsm_is_active(e, macs[i]))
			return sw_pass(e, "%s", macs[i]);
	/* Kernels of Debian always run it; it confines nothing before it is given a policy. */
	if (lsm_is_active(e, "tomoyo"))
		return sw_warn(e, "neither AppArmor nor SELinux runs: is TOMOYO given a policy?");
	return sw_fail(e, "neither AppArmor nor SELinux nor another that confines programs runs");
}

/* Of a tree that is not booted, what its kernels were built with tells. */
static bool is_built_and_listed(struct sw_eval *e, const char *release, const char *symbol,
				const char *name)
{
	const char *at = sw_at(e, "@host/kconfig/kernels/%s", sw_esc(e, release));
	const char *list;

	if (strcmp(sw_str(e, sw_at(e, "%s/settings/%s", at, symbol), ""), "y") != 0)
		return false;
	list = sw_str(e, sw_at(e, "%s/settings/LSM", at), "");
	for (size_t k = strlen(name); *list; list += *list == ',') {
		size_t n = strcspn(list, ",");
		if (n == k && strncmp(list, name, n) == 0)
			return true;
		list += n;
	}
	return false;
}

static bool lists(const char *list, const char *name)
{
	for (size_t k = strlen(name); *list; list += strcspn(list, ","), list += *list == ',')
		if (strncmp(list, name, k) == 0 && (list[k] == '\0' || list[k] == ','))
			return true;
	return false;
}

/* lsm= of an entry takes the place of what was built in; so does NAME=0. */
static void entries_leave_it(struct sw_eval *e, const char *name)
{
	static const char entries[] = "@host/boot/entries";

	for (size_t i = 0, n = sw_count(e, entries); i < n; i++) {
		const char *at = sw_at(e, "%s/%zu", entries, i);
		const char *options = sw_at(e, "%s/options", at);
		const char *list = sw_at(e, "%s/lsm", options),
			   *off = sw_at(e, "%s/%s", options, name);
		const char *file = sw_str(e, sw_at(e, "%s/file", at), "?");
		if (sw_bool(e, sw_at(e, "%s/rescue", at), false))
			continue;
		if (sw_has(e, list) && !lists(sw_str(e, sw_at(e, "%s/0", list), ""), name))
			sw_fail(e, "configured: %s has lsm= without %s", file, name);
		if (sw_has(e, off) && strcmp(sw_str(e, sw_at(e, "%s/0", off), ""), "0") == 0)
			sw_fail(e, "configured: %s has %s=0", file, name);
	}
}

static enum sw_verdict will_be_listed(struct sw_eval *e, const char *symbol, const char *name)
{
	size_t n = sw_count(e, "@host/boot/judged");

	for (size_t i = 0; i < n; i++) {
		const char *release = sw_str(e, sw_at(e, "@host/boot/judged/%zu", i), "");
		if (!sw_has(e, sw_at(e, "@host/kconfig/kernels/%s", sw_esc(e, release))))
			sw_unknown(e, "how Linux %s was built is not known", release);
		else if (!is_built_and_listed(e, release, symbol, name))
			sw_fail(e,
				"configured: %s is not built into Linux %s, or not listed in its "
				"CONFIG_LSM",
				name, release);
	}
	entries_leave_it(e, name);
	return n ? sw_said(e) : sw_skip(e, "no kernel is here");
}

struct minor {
	const char *name, *symbol;
};

static enum sw_verdict is_listed(struct sw_eval *e)
{
	const struct minor *m = sw_arg(e);

	if (!host_is_running(e))
		return will_be_listed(e, m->symbol, m->name);
	if (lsm_is_active(e, m->name))
		return SW_PASS;
	return sw_fail(e, "%s is not one of the security modules that run", m->name);
}

static enum sw_verdict landlock_is_there(struct sw_eval *e)
{
	if (!host_is_running(e))
		return will_be_listed(e, "SECURITY_LANDLOCK", "landlock");
	int64_t version = sw_int(e, LSM "/landlock", 0);
	if (version > 0)
		return sw_pass(e, "version %" PRId64, version);
	return sw_fail(e, "the kernel has no Landlock, or it is switched off");
}

static enum sw_verdict is_locked_down(struct sw_eval *e)
{
	const char *level = boot_lockdown(e);

	if (!level)
		return SW_UNKNOWN;
	if (boot_is_locked(level))
		return sw_pass(e, "%s", level);
	return sw_fail(e, "lockdown is %s", *level ? level : "not one of the security modules");
}

/* --- AppArmor
 * ------------------------------------------------------------------------------------- */

/* False, with the reason said, where another module or none confines programs. */
static bool is_apparmor_host(struct sw_eval *e)
{
	if (lsm_is_active(e, "apparmor"))
		return true;
	if (lsm_is_active(e, "selinux"))
		sw_skip(e, "the host uses SELinux");
	else
		sw_skip(e, "AppArmor does not run");
	return false;
}

/* Does every entry that may be booted name it in lsm=, or else in security=? */
static bool entries_choose(struct sw_eval *e, const char *name)
{
	bool does_one = false;

	for (size_t i = 0, n = sw_count(e, "@host/boot/entries"); i < n; i++) {
		const char *at = sw_at(e, "@host/boot/entries/%zu", i);
		const char *list = sw_at(e, "%s/options/lsm", at);
		const char *one = sw_at(e, "%s/options/security", at);
		if (sw_bool(e, sw_at(e, "%s/rescue", at), false))
			continue;
		does_one = sw_has(e, list)
				   ? lists(sw_str(e, sw_at(e, "%s/0", list), ""), name)
				   : sw_has(e, one) && strcmp(sw_str(e, sw_at(e, "%s/0", one), ""),
							      name) == 0;
		if (!does_one)
			return false;
	}
	return does_one;
}

/* Installed, it does nothing under a kernel that has it not, or that chooses another by itself. */
static void kernels_choose(struct sw_eval *e, const char *symbol, const char *name)
{
	for (size_t i = 0, n = sw_count(e, "@host/boot/judged"); i < n; i++) {
		const char *release = sw_str(e, sw_at(e, "@host/boot/judged/%zu", i), "");
		const char *at = sw_at(e, "@host/kconfig/kernels/%s", sw_esc(e, release));
		if (!sw_has(e, at)) {
			sw_unknown(e, "how Linux %s was built is not known", release);
			continue;
		}
		const char *list = sw_str(e, sw_at(e, "%s/settings/LSM", at), "");
		const char *one = /* what there was before the list */
			sw_version_compare(release, "5.1") < 0
				? sw_str(e, sw_at(e, "%s/settings/DEFAULT_SECURITY", at), "")
				: "";
		if (strcmp(sw_str(e, sw_at(e, "%s/settings/%s", at, symbol), ""), "y") != 0)
			sw_fail(e, "configured: Linux %s was built without %s", release, name);
		else if (!lists(list, name) && strcmp(one, name) != 0 && !entries_choose(e, name))
			sw_fail(e,
				"configured: neither CONFIG_LSM of Linux %s nor lsm= of each entry "
				"lists %s",
				release, name);
	}
}

static enum sw_verdict will_be_loaded(struct sw_eval *e)
{
	if (!sw_has(e, APPARMOR "/configured"))
		return sw_skip(e, "AppArmor is not installed");
	if (!sw_has(e, APPARMOR "/parser"))
		return sw_fail(e, "configured: apparmor_parser is not installed");
	if (!sw_has(e, APPARMOR "/starter"))
		return sw_fail(e, "configured: apparmor.service is not enabled, or masked");
	entries_leave_it(e, "apparmor");
	kernels_choose(e, "SECURITY_APPARMOR", "apparmor");
	return sw_pass(e, "configured: %s", sw_str(e, APPARMOR "/starter", ""));
}

static enum sw_verdict apparmor_is_enabled(struct sw_eval *e)
{
	static const char parameter[] = APPARMOR "/enabled";

	if (!host_is_running(e))
		return will_be_loaded(e);
	if (lsm_is_active(e, "selinux"))
		return sw_skip(e, "the host uses SELinux");
	if (!lsm_is_active(e, "apparmor"))
		return sw_fail(e, "AppArmor is not one of the security modules that run");
	if (sw_has(e, parameter) && strcmp(sw_str(e, parameter, ""), "Y") != 0)
		return sw_fail(e, "AppArmor is switched off");
	if (!sw_has(e, APPARMOR "/starter"))
		return sw_fail(e,
			       "nothing loads its profiles at the next boot: apparmor.service is "
			       "not enabled, or masked");
	return SW_PASS;
}

static const char *profile_at(struct sw_eval *e, size_t i, const char *member)
{
	return sw_str(e, sw_at(e, APPARMOR "/profiles/%zu/%s", i, member), "");
}

static void judge_mode(struct sw_eval *e, const char *name, const char *mode)
{
	if (!boot_is_one_of(mode, "enforce|complain|kill|unconfined|prompt|user|mixed"))
		sw_fail(e, "the profile %s is in the mode %s", name, mode);
}

static bool one_is_configured(struct sw_eval *e)
{
	static const char files[] = APPARMOR "/configured";

	for (size_t i = 0, n = sw_count(e, files); i < n; i++) {
		const char *name = sw_key(e, files, i);
		if (!boot_is_one_of(sw_str(e, sw_at(e, "%s/%s", files, sw_esc(e, name)), ""),
				    "disabled|unconfined"))
			return true;
	}
	return false;
}

static enum sw_verdict profiles_are_loaded(struct sw_eval *e)
{
	size_t n, n_unconfined = 0;

	if (!host_is_running(e)) {
		if (!sw_has(e, APPARMOR "/configured"))
			return sw_skip(e, "AppArmor is not installed");
		return one_is_configured(e)
			       ? SW_PASS
			       : sw_fail(e, "configured: there are no profiles, but for "
					    "those that are disabled or unconfined");
	}
	if (!is_apparmor_host(e))
		return SW_SKIP;
	n = sw_count(e, APPARMOR "/profiles");
	if (n == 0)
		return sw_fail(e, "no profile is loaded");
	for (size_t i = 0; i < n; i++) {
		judge_mode(e, profile_at(e, i, "name"), profile_at(e, i, "mode"));
		n_unconfined += strcmp(profile_at(e, i, "mode"), "unconfined") == 0;
	}
	if (sw_said(e) != SW_PASS)
		return sw_said(e);
	return n == n_unconfined
		       ? sw_fail(e, "all %zu profiles are in the mode unconfined", n)
		       : sw_pass(e, "%zu profiles, %zu of them unconfined", n, n_unconfined);
}

static enum sw_verdict configured_enforce(struct sw_eval *e)
{
	static const char files[] = APPARMOR "/configured";
	size_t n = sw_has(e, files) ? sw_count(e, files) : 0;

	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, files, i);
		const char *mode = sw_str(e, sw_at(e, "%s/%s", files, sw_esc(e, name)), "");
		if (boot_is_one_of(mode, "complain|disabled"))
			sw_fail(e, "configured: /etc/apparmor.d/%s is %s", name, mode);
	}
	return n ? sw_said(e) : sw_skip(e, "AppArmor is not installed, or has no profiles");
}

static enum sw_verdict profiles_enforce(struct sw_eval *e)
{
	size_t n;

	if (!host_is_running(e))
		return configured_enforce(e);
	if (!is_apparmor_host(e))
		return SW_SKIP;
	n = sw_count(e, APPARMOR "/profiles");
	if (n == 0)
		return sw_fail(e, "no profile is loaded");
	for (size_t i = 0; i < n; i++) {
		const char *mode = profile_at(e, i, "mode");
		/* Stubs of Ubuntu's, that grant user namespaces, confine nothing on purpose. */
		if (!boot_is_one_of(mode, "enforce|kill|unconfined|prompt"))
			sw_fail(e, "%s is in the mode %s", profile_at(e, i, "name"), mode);
	}
	return sw_said(e);
}

static enum sw_verdict docker_profile_is_loaded(struct sw_eval *e)
{
	size_t n;

	if (!host_is_running(e))
		return sw_skip(e, "the engine makes the profile when it starts: needs a running "
				  "system");
	if (!host_has_root_engine(e))
		return sw_said(e) == SW_UNKNOWN ? SW_UNKNOWN
						: sw_skip(e, "the role has no engine of root's");
	if (!is_apparmor_host(e))
		return SW_SKIP;
	n = sw_count(e, APPARMOR "/profiles");
	for (size_t i = 0; i < n; i++) {
		if (strcmp(profile_at(e, i, "name"), "docker-default") != 0)
			continue;
		const char *mode = profile_at(e, i, "mode");
		if (strcmp(mode, "enforce") == 0 || strcmp(mode, "kill") == 0)
			return SW_PASS;
		return sw_fail(e, "docker-default is in the mode %s", mode);
	}
	return sw_fail(e, "docker-default is not loaded%s: containers run unconfined",
		       sw_has(e, APPARMOR "/parser") ? "" : ", and there is no apparmor_parser");
}

/* A pattern of AppArmor's: "*" and "?" stop at "/", "**" does not, {a,b} are alternatives. */
static bool is_attached(struct sw_eval *e, const char *pattern, const char *path, int depth)
{
	const char *open = strchr(pattern, '{'), *close = open ? strchr(open, '}') : NULL;

	if (!open || !close || depth > 4)
		return fnmatch(pattern, path, strstr(pattern, "**") ? 0 : FNM_PATHNAME) == 0;
	for (const char *p = open + 1; p <= close; p++) {
		size_t n = strcspn(p, ",}");
		const char *one = sw_at(e, "%.*s%.*s%s", (int)(open - pattern), pattern, (int)n, p,
					close + 1);
		if (is_attached(e, one, path, depth + 1))
			return true;
		p += n;
	}
	return false;
}

static void judge_process(struct sw_eval *e, const char *at, size_t n_profiles)
{
	static const char deleted[] = " (deleted)";
	const char *label = sw_str(e, sw_at(e, "%s/label", at), ""), *exe;

	if (strcmp(label, "unconfined") != 0)
		return;
	exe = sw_str(e, sw_at(e, "%s/exe", at), "");
	size_t n = strlen(exe);
	/* Replaced by an update, it has the profile of its name all the same. */
	if (n >= sizeof(deleted) && strcmp(exe + n - sizeof(deleted) + 1, deleted) == 0)
		exe = sw_at(e, "%.*s", (int)(n - sizeof(deleted) + 1), exe);
	for (size_t i = 0; i < n_profiles; i++) {
		const char *mode = profile_at(e, i, "mode");
		const char *attach = profile_at(e, i, "attach");
		if (*attach == '/' && strcmp(mode, "unconfined") != 0 &&
		    is_attached(e, attach, exe, 0)) {
			sw_fail(e, "process %" PRId64 " (%s) is unconfined, although %s is for it",
				sw_int(e, sw_at(e, "%s/pid", at), 0), exe,
				profile_at(e, i, "name"));
			return;
		}
	}
}

static enum sw_verdict programs_are_confined(struct sw_eval *e)
{
	size_t n, n_profiles;

	if (host_is_running(e) && !is_apparmor_host(e))
		return SW_SKIP;
	n_profiles = sw_count(e, APPARMOR "/profiles");
	n = sw_count(e, LSM "/processes");
	if (n == 0)
		return sw_unknown(e, "no process was looked at");
	for (size_t i = 0; i < n; i++)
		judge_process(e, sw_at(e, LSM "/processes/%zu", i), n_profiles);
	return sw_said(e);
}

/* --- the table
 * ------------------------------------------------------------------------------------ */

#define ROW(i, s, t, f, a, w, y, r)                                                                \
	{                                                                                          \
		.id = "host.lsm." i, .kind = SW_HOST, .severity = s, .title = t, .fn = f,          \
		.arg = a, .wanted = w, .why = y, .remedy = r,                                      \
		.needs = SW_NEEDS_MODULES | SW_NEEDS_BOOT, .params = host_role_params              \
	}

static const struct minor yama = { "yama", "SECURITY_YAMA" };

const struct sw_check sw_host_lsm_checks[] = {
	ROW("mac_active", SW_HIGH, "A security module confines programs", one_confines, NULL,
	    "apparmor, selinux or smack among the modules that run, or tomoyo with a policy",
	    "Docker gives each container a profile or label of it; without it a mistake elsewhere "
	    "is the end.",
	    "boot with lsm=…,apparmor (or selinux), or without apparmor=0, selinux=0"),
	ROW("apparmor.enabled", SW_HIGH, "AppArmor is on, and is at the next boot",
	    apparmor_is_enabled, NULL, "enabled, and apparmor.service is",
	    "Profiles confine what a taken over service or container can reach.",
	    "apt install apparmor; systemctl enable apparmor; take apparmor=0 off the command "
	    "line"),
	ROW("apparmor.profiles", SW_MEDIUM, "AppArmor has profiles, in modes that are known",
	    profiles_are_loaded, NULL, "some, and not all unconfined",
	    "AppArmor without profiles confines nothing.",
	    "apt install apparmor-profiles; systemctl reload apparmor"),
	ROW("apparmor.enforcing", SW_LOW, "AppArmor's profiles enforce", profiles_enforce, NULL,
	    "none is in the mode complain, or disabled",
	    "A profile that complains writes to the log what it should have stopped.",
	    "aa-enforce /etc/apparmor.d/PROFILE"),
	ROW("apparmor.docker_default", SW_HIGH, "The profile of containers is loaded and enforces",
	    docker_profile_is_loaded, NULL, "docker-default in the mode enforce",
	    "The engine loads it when it starts, by apparmor_parser; without that it goes on "
	    "without a profile, and says so in its log only.",
	    "apt install apparmor; systemctl restart docker"),
	ROW("apparmor.unconfined_procs", SW_LOW, "Programs that have a profile run in it",
	    programs_are_confined, NULL, "no unconfined process of a program with a profile",
	    "A process that started before its profile was loaded stays unconfined.",
	    "restart the service"),
	ROW("yama", SW_LOW, "Yama runs", is_listed, &yama, "yama among the modules that run",
	    "Only with it can kernel.yama.ptrace_scope keep programs out of each other.",
	    "boot with lsm=…,yama"),
	ROW("landlock", SW_LOW, "Programs can confine themselves (Landlock)", landlock_is_there,
	    NULL, "Landlock runs",
	    "Programs that want to see fewer files, seaworthy among them, do it by Landlock.",
	    "boot with lsm=landlock,…"),
	ROW("lockdown", SW_LOW, "Lockdown keeps root from changing the kernel", is_locked_down,
	    NULL, "integrity or confidentiality",
	    "It keeps even root from changing the running kernel.", "boot with lockdown=integrity"),
	{ 0 },
};
