/* SPDX-License-Identifier: Apache-2.0 */
/* host_sysctl_meta.c: are the files that set kernel settings applied, clear and well kept? */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "host_sysctl.h"
#include "tables.h"

#define SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const char settings[] = "@host/sysctl-files/settings";

enum { KEYS_MAX = 2000, ASSIGNMENTS_MAX = 100, MODES_MAX = 1000 };

static bool begins_with(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

static bool is_one_of(const char *key, const char *const *prefixes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (begins_with(key, prefixes[i]))
			return true;
	return false;
}

/* How many keys are set; more than can be looked at is said as unknown. */
static size_t count_keys(struct sw_eval *e, const char *path)
{
	size_t n = sw_count(e, path);
	if (n > KEYS_MAX)
		sw_unknown(e, "files set more than %d keys", KEYS_MAX);
	return n > KEYS_MAX ? KEYS_MAX : n;
}

static const char *list_at(struct sw_eval *e, const char *path, const char *key)
{
	return sw_at(e, "%s/%s", path, sw_esc(e, key));
}

static const char *place_at(struct sw_eval *e, const char *list, size_t i)
{
	return sw_at(e, "%s:%" PRId64, sw_str(e, sw_at(e, "%s/%zu/file", list, i), ""),
		     sw_int(e, sw_at(e, "%s/%zu/line", list, i), 0));
}

/* The next field of a value, numbers as numbers. */
static bool same_field(const char *a, size_t n_a, const char *b, size_t n_b)
{
	char x[32], y[32];
	int64_t v, w;
	if (n_a < sizeof(x) && n_b < sizeof(y)) {
		snprintf(x, sizeof(x), "%.*s", (int)n_a, a);
		snprintf(y, sizeof(y), "%.*s", (int)n_b, b);
		if (sysctl_parse(x, &v) && sysctl_parse(y, &w))
			return v == w;
	}
	return n_a == n_b && memcmp(a, b, n_a) == 0;
}

/* Blanks between fields and the way that numbers are written mean nothing. */
static bool same_value(const char *a, const char *b)
{
	for (;;) {
		a += strspn(a, " \t\n");
		b += strspn(b, " \t\n");
		size_t n_a = strcspn(a, " \t\n"), n_b = strcspn(b, " \t\n");
		if (n_a == 0 || n_b == 0)
			return n_a == n_b;
		if (!same_field(a, n_a, b, n_b))
			return false;
		a += n_a;
		b += n_b;
	}
}

/* --- drift -------------------------------------------------------------------------------------
 */

/* What engines set when they start. */
static bool is_of_the_engine(const char *key)
{
	static const char *const prefixes[] = { "net/ipv4/ip_forward",
						"net/bridge/bridge-nf-call-" };
	const char *name = strrchr(key, '/');
	return is_one_of(key, prefixes, SIZE(prefixes)) ||
	       (name && begins_with(key, "net/ip") &&
		(strcmp(name, "/forwarding") == 0 || strcmp(name, "/route_localnet") == 0));
}

/* Settings that cannot be lowered from their strictest value, and those that the kernel rounds. */
static bool may_differ(const char *key, const char *now)
{
	static const struct {
		const char *key;
		int64_t locked;
	} one_way[] = {
		{ "kernel/yama/ptrace_scope", 3 },
		{ "kernel/modules_disabled", 1 },
		{ "kernel/kexec_load_disabled", 1 },
		{ "kernel/unprivileged_bpf_disabled", 1 },
	};
	static const char *const rounded[] = {
		"kernel/threads-max",     "fs/file-max",
		"net/core/rmem_",         "net/core/wmem_",
		"vm/user_reserve_kbytes", "vm/admin_reserve_kbytes"
	};
	int64_t value;
	for (size_t i = 0; i < SIZE(one_way); i++)
		if (strcmp(key, one_way[i].key) == 0 && sysctl_parse(now, &value) &&
		    value == one_way[i].locked)
			return true;
	return is_one_of(key, rounded, SIZE(rounded));
}

static bool is_secret(const char *key)
{
	return strstr(key, "/stable_secret") || strstr(key, "/tcp_fastopen_key");
}

static void judge_drift(struct sw_eval *e, const char *key, bool has_engine)
{
	const char *list = list_at(e, settings, key);
	const char *set = sw_str(e, sw_at(e, "%s/0/value", list), NULL);
	const char *now = sysctl_value(e, key);
	if (!set || !now || same_value(now, set) || may_differ(key, now))
		return;
	if (has_engine && is_of_the_engine(key))
		sw_warn(e, "%s is %s, not %s as %s sets it: the engine changes it when it starts",
			sysctl_name(e, key), now, set, place_at(e, list, 0));
	else
		sw_fail(e, "%s is %s, not %s as %s sets it", sysctl_name(e, key), now, set,
			place_at(e, list, 0));
}

static enum sw_verdict nothing_drifted(struct sw_eval *e)
{
	bool has_engine = host_has_root_engine(e);
	if (host_role(e) == HOST_ROLE_UNTOLD || !sw_has(e, "@host/sysctl"))
		return SW_UNKNOWN;
	size_t n = count_keys(e, settings);
	/* First what can be told: a failure that is known stands. */
	for (int turn = 0; turn < 2; turn++)
		for (size_t i = 0; i < n; i++) {
			const char *key = sw_key(e, settings, i);
			bool is_known =
				sw_is_known(e, sw_at(e, "@host/sysctl/values/%s", sw_esc(e, key)));
			if (!is_secret(key) && is_known == (turn == 0))
				judge_drift(e, key, has_engine);
		}
	return sw_said(e) == SW_PASS ? sw_pass(e, "all %zu keys that files set are as set", n)
				     : sw_said(e);
}

/* --- one value for a key ------------------------------------------------------------------------
 */

static bool is_vendors(const char *file)
{
	static const char *const prefixes[] = { "/usr/lib/", "/lib/", "/usr/local/lib/",
						"/boot/sysctl.conf-" };
	return is_one_of(file, prefixes, SIZE(prefixes));
}

static void judge_losers(struct sw_eval *e, const char *key)
{
	const char *list = list_at(e, settings, key);
	const char *winner = sw_str(e, sw_at(e, "%s/0/value", list), "");
	size_t n = sw_count(e, list);
	if (n > ASSIGNMENTS_MAX)
		sw_unknown(e, "%s is set more than %d times", sysctl_name(e, key), ASSIGNMENTS_MAX);
	for (size_t i = 1; i < n && i <= ASSIGNMENTS_MAX; i++) {
		const char *one = sw_at(e, "%s/%zu", list, i);
		const char *value = sw_str(e, sw_at(e, "%s/value", one), NULL);
		if (!value || same_value(value, winner) || sw_has(e, sw_at(e, "%s/pattern", one)) ||
		    is_vendors(sw_str(e, sw_at(e, "%s/file", one), "")))
			continue;
		sw_fail(e, "%s%s sets %s to %s, but %s is in force by %s", host_configured(e),
			place_at(e, list, i), sysctl_name(e, key), value, winner,
			place_at(e, list, 0));
		return;
	}
}

static enum sw_verdict keys_are_set_once(struct sw_eval *e)
{
	size_t n = count_keys(e, settings);
	for (size_t i = 0; i < n; i++)
		judge_losers(e, sw_key(e, settings, i));
	return sw_said(e) == SW_PASS ? sw_pass(e, "%sno two files disagree on any of %zu keys",
					       host_configured(e), n)
				     : sw_said(e);
}

/* --- /etc/sysctl.conf ---------------------------------------------------------------------------
 */

static enum sw_verdict main_file_is_applied(struct sw_eval *e)
{
	static const char own[] = "@host/sysctl-files/conf/settings";
	const char *applier = sw_str(e, "@host/sysctl-files/applier", "");
	const char *link = sw_str(e, "@host/sysctl-files/conf/linked-by", NULL);
	size_t n_dead = 0, n = count_keys(e, own);
	if (n == 0)
		return sw_pass(e, "%s/etc/sysctl.conf sets nothing", host_configured(e));
	if (strcmp(applier, "systemd-sysctl") != 0)
		return sw_pass(e, "%s%s reads /etc/sysctl.conf last", host_configured(e), applier);
	if (link)
		return sw_pass(e, "%s%s leads to /etc/sysctl.conf", host_configured(e), link);
	for (size_t i = 0; i < n; i++) {
		const char *key = sw_key(e, own, i);
		const char *value = sw_str(e, sw_at(e, "%s/0/value", list_at(e, own, key)), NULL);
		struct sysctl_set set = sysctl_set(e, key);
		n_dead += value && (!set.value || !same_value(value, set.value));
	}
	if (n_dead == 0)
		return sw_pass(e, "%s/etc/sysctl.conf is not read, but other files set the same",
			       host_configured(e));
	return sw_fail(e,
		       "%s/etc/sysctl.conf is not read by systemd-sysctl: %zu of its %zu "
		       "settings have no effect",
		       host_configured(e), n_dead, n);
}

/* --- keys that are not there -------------------------------------------------------------------
 */

/* Of modules that may be loaded later, and of interfaces that come and go. */
static bool may_come_later(const char *key)
{
	static const char *const prefixes[] = {
		"net/bridge/",     "net/netfilter/", "net/nf_conntrack_max",
		"net/ipv4/conf/",  "net/ipv6/",      "net/ipv4/neigh/",
		"net/mpls/",       "fs/nfs/",        "sunrpc/",
		"fs/binfmt_misc/",
	};
	return is_one_of(key, prefixes, SIZE(prefixes));
}

static enum sw_verdict keys_exist(struct sw_eval *e)
{
	if (!sw_has(e, "@host/sysctl"))
		return SW_UNKNOWN;
	size_t n = count_keys(e, settings);
	for (size_t i = 0; i < n; i++) {
		const char *key = sw_key(e, settings, i), *list = list_at(e, settings, key);
		if (!sw_has(e, sw_at(e, "%s/0/value", list)) ||
		    sw_bool(e, sw_at(e, "%s/0/optional", list), false) || may_come_later(key) ||
		    is_secret(key))
			continue;
		const char *value = sw_at(e, "@host/sysctl/values/%s", sw_esc(e, key));
		if (sw_is_known(e, value))
			continue;
		if (!sw_has(e, value) && sw_said(e) != SW_UNKNOWN)
			sw_fail(e,
				"%s sets %s, which the kernel does not have: misspelled, or of "
				"another version",
				place_at(e, list, 0), sysctl_name(e, key));
	}
	return sw_said(e) == SW_PASS ? sw_pass(e, "the kernel has all %zu keys that files set", n)
				     : sw_said(e);
}

/* --- the service -------------------------------------------------------------------------------
 */

static enum sw_verdict files_are_applied(struct sw_eval *e)
{
	static const char service[] = "@host/sysctl-files/service";
	const char *init = sw_str(e, "@host/sysctl-files/init", NULL);
	const char *told_by = sw_str(e, "@host/sysctl-files/told-by", "");
	bool is_running = host_is_running(e);
	if (!init)
		return is_running ? sw_warn(e,
					    "%s, of which is not known that it applies files of "
					    "sysctl.d",
					    told_by)
				  : sw_skip(e, "%s: this tree starts no services", told_by);
	const char *file = sw_str(e, sw_at(e, "%s/file", service), NULL);
	if (!file)
		return sw_fail(e, "%sno service applies the files (%s)", host_configured(e),
			       told_by);
	if (sw_bool(e, sw_at(e, "%s/masked", service), false))
		return sw_fail(e, "%s%s is masked: no file of sysctl.d is applied",
			       host_configured(e), file);
	const char *wanted_by = sw_str(e, sw_at(e, "%s/wanted-by", service), NULL);
	if (!wanted_by)
		return sw_fail(e, "%s%s is not enabled: no file of sysctl.d is applied",
			       host_configured(e), file);
	if (is_running && sw_has(e, sw_at(e, "%s/started", service)) &&
	    !sw_bool(e, sw_at(e, "%s/started", service), false))
		return sw_fail(e, "%s is enabled, but was not started", file);
	return sw_pass(e, "%s%s, by %s", host_configured(e), file, wanted_by);
}

/* --- modes -------------------------------------------------------------------------------------
 */

static void judge_mode(struct sw_eval *e, const char *path)
{
	const char *facts = list_at(e, "@host/sysctl-files/modes", path);
	if (!sw_bool(e, sw_at(e, "%s/exists", facts), false))
		return;
	const char *type = sw_str(e, sw_at(e, "%s/type", facts), "");
	const char *real = sw_str(e, sw_at(e, "%s/path", facts), "");
	unsigned mode = sw_mode(e, sw_at(e, "%s/mode", facts), 07777);
	int64_t uid = sw_int(e, sw_at(e, "%s/uid", facts), -1);
	int64_t gid = sw_int(e, sw_at(e, "%s/gid", facts), -1);
	if (strcmp(type, "char") == 0 && strcmp(real, "/dev/null") == 0)
		return;
	if (strcmp(type, "file") != 0 && strcmp(type, "dir") != 0)
		sw_fail(e, "%s%s is a %s", host_configured(e), path, type);
	else if (uid != 0)
		sw_fail(e, "%s%s belongs to user %" PRId64, host_configured(e), path, uid);
	else if (mode & 0002 || (mode & 0020 && gid != 0))
		sw_fail(e, "%s%s may be written by others: mode %04o, group %" PRId64,
			host_configured(e), path, mode, gid);
}

static enum sw_verdict only_root_writes_them(struct sw_eval *e)
{
	static const char modes[] = "@host/sysctl-files/modes";
	size_t n = sw_count(e, modes);
	if (n > MODES_MAX)
		return sw_unknown(e, "there are more than %d files", MODES_MAX);
	for (size_t i = 0; i < n; i++)
		judge_mode(e, sw_key(e, modes, i));
	return sw_said(e) == SW_PASS ? sw_pass(e, "%sonly root writes to them", host_configured(e))
				     : sw_said(e);
}

/* --- ufw ---------------------------------------------------------------------------------------
 */

static enum sw_verdict ufw_agrees(struct sw_eval *e)
{
	static const char own[] = "@host/sysctl-files/ufw/settings";
	if (!sw_bool(e, "@host/sysctl-files/ufw/enabled", false))
		return sw_skip(e, "%sufw is not enabled", host_configured(e));
	const char *file = sw_str(e, "@host/sysctl-files/ufw/file", "");
	size_t n = count_keys(e, own);
	for (size_t i = 0; i < n; i++) {
		const char *key = sw_key(e, own, i), *list = list_at(e, settings, key);
		const char *value = sw_str(e, sw_at(e, "%s/0/value", list), "");
		size_t n_all = host_count(e, list, ASSIGNMENTS_MAX);
		for (size_t k = 1; k < n_all; k++) {
			const char *other = sw_str(e, sw_at(e, "%s/%zu/value", list, k), NULL);
			if (strcmp(sw_str(e, sw_at(e, "%s/%zu/file", list, k), ""), file) == 0)
				continue;
			if (other && !same_value(other, value))
				sw_fail(e, "%s%s sets %s to %s, against %s, which sets it to %s",
					host_configured(e), place_at(e, list, 0),
					sysctl_name(e, key), value, place_at(e, list, k), other);
			break;
		}
	}
	return sw_said(e) == SW_PASS
		       ? sw_pass(e, "%s%s contradicts no other file", host_configured(e), file)
		       : sw_said(e);
}

#define ROW(id_) .id = "host.sysctl.meta." id_, .kind = SW_HOST, .needs = SW_NEEDS_SYSCTL

const struct sw_check sw_host_sysctl_meta_checks[] = {
	{
		ROW("drift"),
		.severity = SW_MEDIUM,
		.title = "Kernel settings are what files set them to",
		.why = "A setting that was changed by hand, or that was never applied, is not "
		       "what whoever reads the files believes.",
		.wanted = "each key that files set has that value",
		.remedy = "See which of the two is meant; then change the file, or: "
			  "systemctl restart systemd-sysctl",
		.fn = nothing_drifted,
		.params = host_role_params,
	},
	{
		ROW("shadowed"),
		.severity = SW_LOW,
		.title = "No two files set a kernel setting to different values",
		.why = "The one that loses is read by the next administrator as if it held.",
		.wanted = "one value for each key, but for defaults in /usr/lib",
		.remedy = "Take away the line that has no effect",
		.fn = keys_are_set_once,
	},
	{
		ROW("dead_conf"),
		.severity = SW_MEDIUM,
		.title = "What /etc/sysctl.conf sets is applied",
		.why = "systemd does not read that file by itself, only where a link in sysctl.d "
		       "leads to it, which newer systems do not bring: hardening in it has no "
		       "effect.",
		.wanted = "a link in /etc/sysctl.d, or no assignments in it",
		.remedy = "Move its lines to /etc/sysctl.d/60-local.conf, or: "
			  "ln -s ../sysctl.conf /etc/sysctl.d/99-sysctl.conf",
		.fn = main_file_is_applied,
	},
	{
		ROW("unknown_key"),
		.severity = SW_LOW,
		.title = "Every kernel setting in files is there",
		.why = "A misspelled key is passed over at the start, and what it was to protect "
		       "is open.",
		.wanted = "each key exists below /proc/sys, or is marked with -",
		.remedy = "Correct the key, or put - before it if it may be missing",
		.fn = keys_exist,
	},
	{
		ROW("service"),
		.severity = SW_MEDIUM,
		.title = "Files with kernel settings are applied at the start",
		.why = "Otherwise the kernel's own defaults are in force, and none of the "
		       "distribution's hardening.",
		.wanted = "the service is there, enabled and not masked",
		.remedy = "systemctl unmask systemd-sysctl; OpenRC: rc-update add sysctl boot",
		.fn = files_are_applied,
	},
	{
		ROW("file_perm"),
		.severity = SW_MEDIUM,
		.title = "Only root writes to the files with kernel settings",
		.why = "Whoever writes there has the kernel run a program of theirs as root at "
		       "the next crash (kernel.core_pattern).",
		.wanted = "owner root, not writable by others",
		.remedy = "chown root:root FILE; chmod go-w FILE",
		.fn = only_root_writes_them,
	},
	{
		ROW("ufw_override"),
		.severity = SW_LOW,
		.title = "ufw does not undo kernel settings of other files",
		.why = "It applies its own file after all others, and nothing in sysctl.d shows "
		       "that.",
		.wanted = "no key with another value in /etc/ufw/sysctl.conf",
		.remedy = "Set the same value in /etc/ufw/sysctl.conf, or empty IPT_SYSCTL in "
			  "/etc/default/ufw",
		.fn = ufw_agrees,
	},
	{ 0 },
};
