/* SPDX-License-Identifier: Apache-2.0 */
/* host_coredump.c: what is kept of processes that crash, and by whom; is the kernel up to date? */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "host_sysctl.h"
#include "tables.h"

enum { KERNELS_MAX = 200, LIMITS_MAX = 2000 };

/* --- programs with more rights than their user -------------------------------------------------
 */

static enum sw_verdict judge_set_id(struct sw_eval *e, const char *value, const char *pattern,
				    const char *how)
{
	if (strcmp(value, "0") == 0)
		return SW_PASS;
	if (strcmp(value, "2") != 0)
		return sw_fail(e, "fs.suid_dumpable is %s%s", value, how);
	if (!pattern)
		return sw_unknown(e, "fs.suid_dumpable is 2%s, and kernel.core_pattern is not told",
				  how);
	if (*pattern != '|' && *pattern != '/')
		return sw_fail(e,
			       "fs.suid_dumpable is 2%s, and kernel.core_pattern '%s' is no "
			       "fixed place",
			       how, pattern);
	return SW_PASS;
}

static enum sw_verdict set_id_programs_leave_nothing(struct sw_eval *e)
{
	static const char key[] = "fs/suid_dumpable", pattern_key[] = "kernel/core_pattern";
	bool is_running = host_is_running(e);
	const char *now = is_running ? sysctl_value(e, key) : NULL;
	const char *pattern = NULL;
	if (is_running && !now)
		return sw_unknown(e, "the kernel shows no fs.suid_dumpable");
	if (is_running && strcmp(now, "2") == 0)
		pattern = sysctl_value(e, pattern_key);
	if (is_running && judge_set_id(e, now, pattern, "") != SW_PASS)
		return sw_said(e);
	struct sysctl_set set = sysctl_set(e, key);
	if (!set.value && !is_running)
		return sysctl_configured(e, "fs.suid_dumpable", NEXT_LEFT_GOOD, set, "0");
	if (!set.value && strcmp(now, "0") == 0)
		return sysctl_after_start(e, "fs.suid_dumpable", now, NEXT_LEFT_GOOD, set, "0");
	if (!set.value)
		return sw_pass(e,
			       "fs.suid_dumpable is %s, by a service that was started, and "
			       "kernel.core_pattern is '%s'",
			       now, pattern);
	if (strcmp(set.value, "2") == 0) {
		struct sysctl_set other = sysctl_set(e, pattern_key);
		pattern = other.value ? other.value : is_running ? pattern : "core";
	}
	const char *how = sw_at(e, " by %s", set.where);
	if (judge_set_id(e, set.value, pattern, how) != SW_PASS)
		return sw_said(e);
	return sw_pass(e, "%sfs.suid_dumpable is %s, as %s sets it", host_configured(e), set.value,
		       set.where);
}

/* --- where cores go -----------------------------------------------------------------------------
 */

static enum sw_verdict judge_handler(struct sw_eval *e, const char *pattern)
{
	static const char handler[] = "@host/coredump/handler/file";
	if (pattern[1] != '/')
		return sw_fail(e, "kernel.core_pattern '%s' names a program without its folder",
			       pattern);
	const char *path = sw_str(e, "@host/coredump/handler/path", "");
	if (!sw_bool(e, sw_at(e, "%s/exists", handler), false))
		return sw_fail(e, "kernel.core_pattern names %s, which is not there", path);
	int64_t uid = sw_int(e, sw_at(e, "%s/uid", handler), -1);
	int64_t gid = sw_int(e, sw_at(e, "%s/gid", handler), -1);
	unsigned mode = sw_mode(e, sw_at(e, "%s/mode", handler), 07777);
	if (uid != 0 || mode & 0002 || (mode & 0020 && gid != 0))
		return sw_fail(e,
			       "kernel.core_pattern names %s, which others than root may change: "
			       "owner %" PRId64 ", mode %04o",
			       path, uid, mode);
	return SW_PASS;
}

/* A name without a folder: into the working folder of whatever crashed, if its limit lets it. */
static enum sw_verdict judge_working_folder(struct sw_eval *e, const char *pattern)
{
	const char *hard = sw_str(e, "@host/coredump/init-limit/hard", "");
	const char *soft = sw_str(e, "@host/coredump/init-limit/soft", "");
	if (strcmp(hard, "0") == 0)
		return SW_PASS;
	if (strcmp(soft, "0") == 0)
		return sw_warn(e,
			       "kernel.core_pattern is '%s': into the working folder of the "
			       "process, should it raise its limit of 0",
			       pattern);
	return sw_fail(e,
		       "kernel.core_pattern is '%s': into the working folder of the process, "
		       "and the limit is %s",
		       pattern, soft);
}

static enum sw_verdict judge_pattern(struct sw_eval *e, const char *pattern)
{
	if (*pattern == '|')
		return judge_handler(e, pattern);
	return *pattern == '/' ? SW_PASS : judge_working_folder(e, pattern);
}

static enum sw_verdict cores_go_to_a_fixed_place(struct sw_eval *e)
{
	static const char key[] = "kernel/core_pattern", apport[] = "|/usr/share/apport/apport ";
	if (!host_is_running(e)) {
		struct sysctl_set set = sysctl_set(e, key);
		enum sw_verdict verdict = judge_pattern(e, set.value ? set.value : "core");
		return verdict != SW_PASS ? verdict
					  : sw_pass(e, "configured: %s sets it to '%s'",
						    set.value ? set.where : "nothing",
						    set.value ? set.value : "core");
	}
	const char *now = sysctl_value(e, key);
	if (!now)
		return sw_pass(e, "the kernel keeps nothing of processes that crash");
	struct sysctl_set known = sysctl_set_if_known(e, key);
	if (known.value && strcmp(known.value, now) != 0)
		return sw_fail(e,
			       "kernel.core_pattern is '%s', not '%s' as %s sets it: whoever "
			       "changed it has a program run as root on the host at any crash in "
			       "any container",
			       now, known.value, known.where);
	if (judge_pattern(e, now) != SW_PASS)
		return sw_said(e);
	struct sysctl_set set = sysctl_set(e, key);
	if (set.value)
		return sw_pass(e, "kernel.core_pattern is as %s sets it", set.where);
	if (*now == '|' && strncmp(now, apport, strlen(apport)) != 0)
		return sw_warn(e, "kernel.core_pattern is '%s', and no file sets it: see what did",
			       now);
	return sw_pass(e, "kernel.core_pattern is '%s'", now);
}

/* --- limits -------------------------------------------------------------------------------------
 */

static bool is_zero(const char *size)
{
	size_t n = strspn(size, "0");
	return n > 0 && size[n + strspn(size + n, "KMGTBi")] == '\0';
}

/* What is said of a user or a group comes before "*" (limits.conf(5)), which is not for root. */
static void judge_others(struct sw_eval *e)
{
	static const char all[] = "@host/coredump/limits/settings", hard[] = " hard";
	for (size_t i = 0, n = host_count(e, all, LIMITS_MAX); i < n; i++) {
		const char *key = sw_key(e, all, i), *blank = strchr(key, ' ');
		if (!blank || strcmp(blank, hard) != 0 || strcmp(key, "root hard") == 0)
			continue;
		const char *at = sw_at(e, "%s/%s/0", all, sw_esc(e, key));
		const char *value = sw_str(e, sw_at(e, "%s/value", at), "");
		if (!is_zero(value))
			sw_warn(e, "%sthe limit of %.*s is its own, %s (%s): is that wanted?",
				host_configured(e), (int)(blank - key), key, value,
				sw_str(e, sw_at(e, "%s/file", at), ""));
	}
}

static enum sw_verdict sizes_of_cores_are_zero(struct sw_eval *e)
{
	static const char limit[] = "@host/coredump/limits/settings/* hard/0";
	static const char manager[] = "@host/coredump/manager/settings/Manager~1DefaultLimitCORE/0";
	const char *sessions = NULL, *services = NULL;
	if (sw_has(e, "@host/coredump/limits/settings/* hard"))
		sessions = sw_str(e, sw_at(e, "%s/value", limit), NULL);
	if (sw_has(e, "@host/coredump/manager/settings/Manager~1DefaultLimitCORE"))
		services = sw_str(e, sw_at(e, "%s/value", manager), NULL);
	if (services && (is_zero(services) || strcmp(services, "0:0") == 0))
		return sw_pass(e, "%sDefaultLimitCORE=%s in %s", host_configured(e), services,
			       sw_str(e, sw_at(e, "%s/file", manager), ""));
	if (sessions && is_zero(sessions)) {
		judge_others(e);
		if (sw_said(e) != SW_PASS)
			return sw_said(e);
		return sw_pass(e, "%s* hard core 0 in %s, for logins; services have their own",
			       host_configured(e), sw_str(e, sw_at(e, "%s/file", limit), ""));
	}
	return sw_fail(e, "%sthe hard limit of cores is %s for logins, and DefaultLimitCORE is %s",
		       host_configured(e), sessions ? sessions : "not set",
		       services ? services : "not set");
}

static const char *dump_setting(struct sw_eval *e, const char *name, const char *fallback)
{
	const char *list = sw_at(e, "@host/coredump/systemd/settings/Coredump~1%s", name);
	return sw_has(e, list) ? sw_str(e, sw_at(e, "%s/0/value", list), fallback) : fallback;
}

static enum sw_verdict systemd_keeps_no_cores(struct sw_eval *e)
{
	if (!sw_bool(e, "@host/coredump/systemd/installed", false))
		return sw_skip(e, "systemd-coredump is not installed");
	const char *storage = dump_setting(e, "Storage", "external");
	const char *size = dump_setting(e, "ProcessSizeMax", "not set");
	if (strcmp(storage, "none") != 0)
		sw_fail(e, "%sStorage is %s: cores are kept", host_configured(e), storage);
	if (!is_zero(size))
		sw_fail(e, "%sProcessSizeMax is %s: cores are read for backtraces",
			host_configured(e), size);
	return sw_said(e) == SW_PASS
		       ? sw_pass(e, "%sStorage=none, ProcessSizeMax=%s", host_configured(e), size)
		       : sw_said(e);
}

/* --- kernels ------------------------------------------------------------------------------------
 */

/* "generic" of 6.8.0-45-generic: what follows the first dash before a letter; "" without one. */
static const char *flavour(const char *release)
{
	for (const char *p = release; (p = strchr(p, '-')); p++)
		if (isalpha((unsigned char)p[1]))
			return p + 1;
	return "";
}

/* Number by number, and what is between them as text. */
static int compare_releases(const char *a, const char *b)
{
	while (*a && *b) {
		if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
			char *end_a, *end_b;
			unsigned long long x = strtoull(a, &end_a, 10), y = strtoull(b, &end_b, 10);
			if (x != y)
				return x < y ? -1 : 1;
			a = end_a;
			b = end_b;
		} else if (*a != *b) {
			return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
		} else {
			a++;
			b++;
		}
	}
	return *a ? 1 : *b ? -1 : 0;
}

static enum sw_verdict newest_kernel_runs(struct sw_eval *e)
{
	static const char list[] = "@host/kernels/installed", patches[] = "@host/kernels/livepatch";
	const char *running = sw_str(e, "@host/kernel/release", "");
	const char *newest = running, *other = NULL;
	size_t n = sw_count(e, list);
	if (n == 0)
		return sw_skip(e, "no kernel is installed in /lib/modules: %s comes from outside",
			       running);
	if (n > KERNELS_MAX)
		return sw_unknown(e, "there are more than %d kernels", KERNELS_MAX);
	for (size_t i = 0; i < n; i++) {
		const char *one = sw_str(e, sw_at(e, "%s/%zu", list, i), "");
		if (strcmp(flavour(one), flavour(running)) == 0) {
			if (compare_releases(one, newest) > 0)
				newest = one;
		} else if (compare_releases(one, running) > 0) {
			other = one;
		}
	}
	const char *patched =
		sw_count(e, patches) > 0
			? sw_at(e, "; live patch %s", sw_str(e, sw_at(e, "%s/0", patches), ""))
			: "";
	if (newest != running)
		return sw_fail(e, "%s runs, %s is installed%s", running, newest, patched);
	if (sw_bool(e, "@host/kernels/reboot-required", false))
		return sw_fail(e, "/run/reboot-required says that the host must be started anew%s",
			       patched);
	if (other)
		return sw_warn(e, "%s runs; %s of another kind is installed", running, other);
	return sw_pass(e, "%s runs, the newest installed%s", running, patched);
}

#define ROW(id_) .id = "host." id_, .kind = SW_HOST, .needs = SW_NEEDS_SYSCTL

const struct sw_check sw_host_coredump_checks[] = {
	{
		ROW("sysctl.fs.suid_dumpable"),
		.severity = SW_MEDIUM,
		.title = "Programs with more rights than their user leave no cores",
		.why = "The memory of such a program holds what its user must not see, such as "
		       "hashes of passwords.",
		.wanted = "0, or 2 with kernel.core_pattern a program or an absolute path",
		.remedy = SYSCTL_REMEDY("fs.suid_dumpable = 0"),
		.fn = set_id_programs_leave_nothing,
	},
	{
		ROW("sysctl.kernel.core_pattern"),
		.severity = SW_MEDIUM,
		.title = "Cores go to a program or a folder of root's",
		.why = "A program named there is run as root on the host at any crash, of "
		       "containers too: a container that may write to /proc/sys escapes by it.",
		.wanted =
			"| and the path of a program that only root changes, or an absolute path, "
			"as files set it",
		.remedy = SYSCTL_REMEDY(
			"kernel.core_pattern = |/bin/false") "\nIf nobody here set what is there "
							     "now, treat the host as taken",
		.fn = cores_go_to_a_fixed_place,
	},
	{
		ROW("coredump.limits"),
		.severity = SW_LOW,
		.title = "Processes write no cores",
		.why = "A core holds keys and passwords of the process, in a file that is copied "
		       "and sent around.",
		.wanted = "* hard core 0, or DefaultLimitCORE=0",
		.remedy = "/etc/security/limits.d/60-core.conf: * hard core 0\n"
			  "/etc/systemd/system.conf.d/60-core.conf: [Manager] DefaultLimitCORE=0",
		.fn = sizes_of_cores_are_zero,
	},
	{
		ROW("coredump.systemd"),
		.severity = SW_LOW,
		.title = "systemd-coredump keeps nothing",
		.why = "It collects the memory of all that crashes on the host, in containers "
		       "too, below /var/lib/systemd/coredump.",
		.wanted = "Storage=none and ProcessSizeMax=0",
		.remedy = "/etc/systemd/coredump.conf.d/60-none.conf: [Coredump] Storage=none, "
			  "ProcessSizeMax=0",
		.fn = systemd_keeps_no_cores,
	},
	{
		ROW("kernel.current"),
		.severity = SW_MEDIUM,
		.title = "The newest kernel that is installed runs",
		.why = "An update of the kernel mends nothing until the host is started anew, and "
		       "all containers share that kernel.",
		.wanted = "the release of uname -r is the newest in /lib/modules",
		.remedy = "Move the containers away and restart the host",
		.fn = newest_kernel_runs,
	},
	{ 0 },
};
