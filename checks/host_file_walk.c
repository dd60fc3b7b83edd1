/* SPDX-License-Identifier: Apache-2.0 */
/* host_file_walk.c: what a walk of all files found: writable by all, nobody's, set-id, capable. */
#include <fnmatch.h>
#include <inttypes.h>
#include <string.h>

#include "host_file.h"

#define WALK "@host/walk"

enum { SHOWN_MAX = 2000 };

/* A pass or skip needs a walk that saw everything; a find does not. */
static enum sw_verdict whole_walk(struct sw_eval *e)
{
	bool is_whole = sw_bool(e, WALK "/complete", false);

	if (!sw_has(e, WALK "/complete"))
		sw_unknown(e, "it was not told whether all files were walked");
	if (sw_said(e) == SW_FAIL)
		return SW_FAIL;
	if (!is_whole)
		return sw_unknown(e, "not all files were walked: %s",
				  sw_str(e, WALK "/why", "for a reason that was not told"));
	if (sw_said(e) != SW_PASS)
		return sw_said(e);
	return sw_pass(e,
		       "%" PRId64 " files were looked at, without those of %zu mounts of other "
		       "kinds and %zu folders of containers",
		       host_file_int(e, WALK "/entries"), sw_count(e, WALK "/left_out"),
		       sw_count(e, WALK "/pruned"));
}

/* Of hits: how many there are to look at; says when some were only counted. */
static size_t hit_count(struct sw_eval *e, const char *list)
{
	int64_t all = host_file_int(e, sw_at(e, "%s/count", list));
	size_t n = sw_count(e, sw_at(e, "%s/files", list));

	if (!sw_has(e, sw_at(e, "%s/files", list)))
		sw_unknown(e, "%s/files was not told", list);
	if (all > (int64_t)n)
		sw_unknown(e, "there are %" PRId64 " of them, of which %zu were recorded", all, n);
	return n;
}

static enum sw_verdict nothing_is_writable_by_all(struct sw_eval *e)
{
	static const char list[] = WALK "/world_writable";
	size_t n = sw_count(e, WALK "/world_writable/files");

	for (size_t i = 0; i < n && i < SHOWN_MAX; i++) {
		const char *path = sw_key(e, WALK "/world_writable/files", i);
		const char *facts = sw_at(e, "%s/files/%s", list, sw_esc(e, path));
		sw_fail(e, "%s has mode %04o", path, sw_mode(e, sw_at(e, "%s/mode", facts), 0));
	}
	hit_count(e, list);
	return whole_walk(e);
}

/* Accounts that are kept elsewhere may own them. */
static void judge_owners(struct sw_eval *e, const char *kind, const char *id_name, bool elsewhere)
{
	const char *list = sw_at(e, WALK "/unowned/%s", kind);
	size_t n = sw_count(e, list);

	if (!sw_has(e, list))
		sw_unknown(e, "%s was not told", list);
	for (size_t i = 0; i < n; i++) {
		const char *id = sw_key(e, list, i);
		const char *facts = sw_at(e, "%s/%s", list, sw_esc(e, id));
		int64_t count = host_file_int(e, sw_at(e, "%s/count", facts));
		const char *path = sw_str(e, sw_at(e, "%s/path", facts), "?");
		if (elsewhere)
			sw_warn(e,
				"%s %s is no local account and has %" PRId64
				" files, such as %s: is it one of those kept elsewhere?",
				id_name, id, count, path);
		else
			sw_fail(e, "%s %s is nobody's and has %" PRId64 " files, such as %s",
				id_name, id, count, path);
	}
}

static enum sw_verdict all_files_have_owners(struct sw_eval *e)
{
	bool elsewhere = sw_count(e, WALK "/unowned/sources") > 0;

	if (!sw_has(e, WALK "/unowned"))
		sw_unknown(e, "whose the files are was not told");
	judge_owners(e, "users", "uid", elsewhere);
	judge_owners(e, "groups", "gid", elsewhere);
	return whole_walk(e);
}

/* --- programs with rights of their own -------------------------------------------------------- */

static const char *const system_folders[] = { "/usr", "/bin", "/sbin", "/lib", "/lib64", "/opt" };

static bool is_in_system_folder(const char *path)
{
	for (size_t i = 0; i < sizeof(system_folders) / sizeof(system_folders[0]); i++)
		if (sw_is_below(path, system_folders[i]))
			return !sw_is_below(path, "/usr/local");
	return false;
}

/* What Debian, Ubuntu, RHEL and its kin, SUSE, Alpine and Flatcar ship with set-id bits. */
static const char *const set_id_programs[] = {
	"su",
	"sudo",
	"sudoedit",
	"passwd",
	"chsh",
	"chfn",
	"gpasswd",
	"newgrp",
	"sg",
	"mount",
	"umount",
	"fusermount",
	"fusermount3",
	"pkexec",
	"crontab",
	"chage",
	"expiry",
	"wall",
	"write",
	"ssh-agent",
	"at",
	"newuidmap",
	"newgidmap",
	"ping",
	"ping6",
	"unix_chkpwd",
	"unix2_chkpwd",
	"unix_update",
	"pam_extrausers_chkpwd",
	"pam_timestamp_check",
	"postdrop",
	"postqueue",
	"postlog",
	"exim4",
	"sendmail.sendmail",
	"mount.nfs",
	"mount.cifs",
	"mount.ecryptfs_private",
	"pppd",
	"grub2-set-bootflag",
	"userhelper",
	"usernetctl",
	"dbus-daemon-launch-helper",
	"ssh-keysign",
	"polkit-agent-helper-1",
	"snap-confine",
	"utempter",
	"Xorg.wrap",
	"dmcrypt-get-device",
	"staprun",
	"locate",
	"plocate",
	"mlocate",
	"dotlockfile",
	"dotlock.mailutils",
	"bsd-write",
	"screen",
	"sss_pam",
	"krb5_child",
	"ldap_child",
	"proxy_child",
	"selinux_child",
	"p11_child",
	"cockpit-session",
	"bbsuid",
	"camel-lock-helper-1.2",
	"chrome-sandbox",
	"netreport",
	"lockfile",
	"procmail",
	"traceroute6.iputils",
	"mtr-packet",
	"abuild-sudo",
	"doas",
	"vmware-user-suid-wrapper",
	"nvidia-modprobe",
	"ntfs-3g",
	"firejail",
	"bwrap",
	"suexec",
	"libgtop_server2",
	"clockdiff",
	"arping",
	"newrole",
	"run0",
	"keysign",
};

static bool is_shipped(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

	if (!is_in_system_folder(path))
		return false;
	for (size_t i = 0; i < sizeof(set_id_programs) / sizeof(set_id_programs[0]); i++)
		if (strcmp(name, set_id_programs[i]) == 0)
			return true;
	return false;
}

/* Where users or services write, no program has rights that they lack. */
static bool is_in_users_folder(const char *path)
{
	static const char *const folders[] = { "/home", "/tmp", "/var/tmp", "/dev",
					       "/run",  "/srv", "/var/www", "/var/spool" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (sw_is_below(path, folders[i]))
			return true;
	return false;
}

static void judge_set_id(struct sw_eval *e, const char *path, const char *facts)
{
	const char *where = sw_at(e, "%s/mode", facts);

	if (!sw_has(e, where))
		sw_unknown(e, "%s was not told", where);
	unsigned mode = sw_mode(e, where, 07777);
	int64_t uid = host_file_int(e, sw_at(e, "%s/uid", facts));
	/* Without the bit to execute set-gid once meant a mandatory lock. */
	if (!(mode & 04000) && !(mode & 0010))
		return;
	if (mode & 0022)
		sw_fail(e, "%s has mode %04o: others than its owner write it", path, mode);
	else if (is_in_users_folder(path))
		sw_fail(e, "%s has mode %04o in a folder that is not for programs", path, mode);
	else if (!is_shipped(path) && !sw_param_lists(e, "set_id_allowed", path))
		sw_warn(e,
			"%s has mode %04o and uid %" PRId64 ": is it wanted? (set set_id_allowed)",
			path, mode, uid);
}

static enum sw_verdict set_id_programs_are_expected(struct sw_eval *e)
{
	size_t n = hit_count(e, WALK "/set_id");

	for (size_t i = 0; i < n; i++) {
		const char *path = sw_key(e, WALK "/set_id/files", i);
		judge_set_id(e, path, sw_at(e, WALK "/set_id/files/%s", sw_esc(e, path)));
	}
	return whole_walk(e);
}

/* Which program may have which capabilities, by its name in a folder of the system. */
static const struct {
	const char *name, *capabilities[4];
} capable_programs[] = {
	{ "ping", { "NET_RAW", "NET_ADMIN" } },
	{ "arping", { "NET_RAW" } },
	{ "clockdiff", { "NET_RAW" } },
	{ "mtr-packet", { "NET_RAW" } },
	{ "newuidmap", { "SETUID" } },
	{ "newgidmap", { "SETGID" } },
	{ "systemd-detect-virt", { "DAC_OVERRIDE", "SYS_PTRACE" } },
	{ "dumpcap", { "NET_RAW", "NET_ADMIN" } },
	{ "gst-ptp-helper", { "NET_BIND_SERVICE", "NET_ADMIN", "SYS_NICE" } },
	{ "kwin_wayland", { "SYS_NICE" } },
	{ "gnome-keyring-daemon", { "IPC_LOCK" } },
	{ "suexec", { "SETUID", "SETGID" } },
	{ "rsh", { "NET_BIND_SERVICE" } },
	{ "rlogin", { "NET_BIND_SERVICE" } },
	{ "rcp", { "NET_BIND_SERVICE" } },
	{ "sss_pam", { "DAC_READ_SEARCH" } },
	{ "krb5_child", { "DAC_READ_SEARCH", "SETUID", "SETGID" } },
	{ "ldap_child", { "DAC_READ_SEARCH" } },
	{ "selinux_child", { "SETUID", "SETGID" } },
};

static uint64_t expected_capabilities(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	uint64_t set = 0;

	if (!is_in_system_folder(path))
		return 0;
	/* snap-confine drops most of what it has by itself, and changes its list often. */
	if (strcmp(name, "snap-confine") == 0 && strstr(path, "/snapd/"))
		return UINT64_MAX;
	for (size_t i = 0; i < sizeof(capable_programs) / sizeof(capable_programs[0]); i++) {
		if (strcmp(name, capable_programs[i].name) != 0)
			continue;
		for (size_t k = 0; k < 4 && capable_programs[i].capabilities[k]; k++)
			set |= UINT64_C(1)
			       << sw_capability_bit(capable_programs[i].capabilities[k]);
	}
	return set;
}

static void judge_capable(struct sw_eval *e, const char *path, const char *facts)
{
	uint64_t has = (uint64_t)host_file_int(e, sw_at(e, "%s/permitted", facts));
	has |= (uint64_t)host_file_int(e, sw_at(e, "%s/inheritable", facts));
	int64_t rootid = sw_int(e, sw_at(e, "%s/rootid", facts), 0);
	uint64_t more = has & ~expected_capabilities(path);

	if (more == 0)
		return;
	const char *names = sw_capability_names(e, more);
	if (is_in_users_folder(path) && rootid == 0)
		sw_fail(e, "%s has %s in a folder that is not for programs", path, names);
	else if (rootid != 0)
		sw_pass(e, "%s has %s, in user namespaces of uid %" PRId64 " only", path, names,
			rootid);
	else if (!sw_param_lists(e, "capable_allowed", path))
		sw_warn(e, "%s has %s: is that wanted? (set capable_allowed)", path, names);
}

static enum sw_verdict capable_programs_are_expected(struct sw_eval *e)
{
	size_t n = hit_count(e, WALK "/capabilities");

	for (size_t i = 0; i < n; i++) {
		const char *path = sw_key(e, WALK "/capabilities/files", i);
		judge_capable(e, path, sw_at(e, WALK "/capabilities/files/%s", sw_esc(e, path)));
	}
	return whole_walk(e);
}

/* --- the table ------------------------------------------------------------------------------- */

static const struct sw_param set_id_params[] = {
	{ "set_id_allowed", SW_LIST, NULL, "paths of set-id programs that are wanted (patterns)" },
	{ 0 },
};
static const struct sw_param capable_params[] = {
	{ "capable_allowed", SW_LIST, NULL,
	  "paths of programs that may have capabilities (patterns)" },
	{ 0 },
};

const struct sw_check sw_host_file_walk_checks[] = {
	{
		.id = "host.file.world_writable",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "Nothing is writable by all",
		.why = "A file that all may write is changed by any account that is broken into; "
		       "in "
		       "a folder that is not sticky anybody replaces what others made",
		.wanted = "no file with o+w, every folder with o+w sticky; data of containers are "
			  "not looked at",
		.remedy = "chmod o-w FILE; chmod +t FOLDER",
		.fn = nothing_is_writable_by_all,
		.needs = SW_NEEDS_WALK,
	},
	{
		.id = "host.file.unowned",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Every file has an owner and a group",
		.why = "The next account that gets the number has the files of one that is gone",
		.wanted = "owners and groups that are in /etc/passwd, /etc/group, or subordinate "
			  "ids",
		.remedy = "find / -xdev ( -nouser -o -nogroup ); chown or remove what it prints",
		.fn = all_files_have_owners,
		.needs = SW_NEEDS_WALK,
	},
	{
		.id = "host.file.suid_sgid",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Set-id programs are the expected ones",
		.why = "Each runs with its owner's rights for whoever starts it: a mistake in one "
		       "is a way to root, and intruders leave their own",
		.wanted = "programs that distributions ship so, writable by their owner alone",
		.remedy = "chmod u-s,g-s FILE, or remove it; name what is wanted in "
			  "set_id_allowed",
		.fn = set_id_programs_are_expected,
		.params = set_id_params,
		.needs = SW_NEEDS_WALK,
	},
	{
		.id = "host.file.file_caps",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "File capabilities are the expected ones",
		.why = "CAP_SETUID or CAP_SYS_ADMIN on a program is root by another name, and "
		       "ls does not show it",
		.wanted = "ping, newuidmap and the like, with what they need",
		.remedy = "setcap -r FILE; name what is wanted in capable_allowed",
		.fn = capable_programs_are_expected,
		.params = capable_params,
		.needs = SW_NEEDS_WALK,
	},
	{ 0 },
};
