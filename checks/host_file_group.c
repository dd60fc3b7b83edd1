/* SPDX-License-Identifier: Apache-2.0 */
/* host_file_group.c: owner and mode of groups of the host's files: sudoers, units, logs, audit. */
#include <inttypes.h>
#include <string.h>

#include "files.h"
#include "host_file.h"

struct file_group {
	const char *facts; /* an object with looked_at, odd, files */
	const char *what;  /* in words, for reasons */
	/* Fails for what is wrong with the file of these facts. */
	void (*judge)(struct sw_eval *e, const char *path, const char *facts);
};

/* Files that the collector did not keep were too many to look at, unless those that it kept fail.
 */
static enum sw_verdict judge_group(struct sw_eval *e, const struct file_group *g)
{
	const char *files = sw_at(e, "%s/files", g->facts);
	int64_t looked_at = host_file_int(e, sw_at(e, "%s/looked_at", g->facts));
	int64_t odd = host_file_int(e, sw_at(e, "%s/odd", g->facts));
	size_t n = sw_count(e, files);

	if (!sw_has(e, files))
		sw_unknown(e, "%s was not told", files);
	for (size_t i = 0; i < n; i++) {
		const char *path = sw_key(e, files, i);
		g->judge(e, path, sw_at(e, "%s/%s", files, sw_esc(e, path)));
	}
	if (sw_said(e) != SW_PASS)
		return sw_said(e);
	if (odd > (int64_t)n)
		return sw_unknown(e, "%" PRId64 " %s had to be looked at closer, %zu were", odd,
				  g->what, n);
	if (looked_at == 0)
		return sw_skip(e, "there are no %s", g->what);
	return sw_pass(e, "%" PRId64 " %s were looked at", looked_at, g->what);
}

static enum sw_verdict group_is_right(struct sw_eval *e)
{
	return judge_group(e, sw_arg(e));
}

/* --- sudoers --------------------------------------------------------------------------------- */

static void judge_sudoers(struct sw_eval *e, const char *path, const char *facts)
{
	static const struct host_file_rule rule = { .mode = 0640 };
	const char *name = strrchr(path, '/');
	size_t n = strlen(path);

	host_file_judge(e, &rule, path, facts);
	if (sw_mode(e, sw_at(e, "%s/mode", facts), 0) & 0200)
		sw_pass(e, "%s is writable by root, which sudo tolerates", path);
	/* sudoers(5): such names in an included folder are not read. */
	if (name && strstr(path, "sudoers.d/") && (strchr(name, '.') || path[n - 1] == '~'))
		sw_pass(e, "sudo does not read %s, because of its name", path);
}

/* --- what root's programs load --------------------------------------------------------------- */

/* The group does not matter where it may not write; a link counts as what it leads to. */
static void judge_written_by_root(struct sw_eval *e, const char *path, const char *facts)
{
	int64_t uid = host_file_int(e, sw_at(e, "%s/uid", facts));
	const char *where = sw_at(e, "%s/mode", facts);

	if (!sw_has(e, where))
		sw_unknown(e, "%s was not told", where);
	unsigned mode = sw_mode(e, where, 0777);
	const char *type = sw_str(e, sw_at(e, "%s/type", facts), "");
	if (uid > 0)
		sw_fail(e, "%s belongs to uid %" PRId64 ", not to root", path, uid);
	/* In a sticky folder nobody replaces what is another's. */
	if (mode & 0022 && !(strcmp(type, "dir") == 0 && mode & 01000))
		sw_fail(e, "%s is writable by others than root (mode %04o)", path, mode);
	/* What an ACL gives to named users shows in the mode's group bits. */
}

static enum sw_verdict loaded_files_are_roots(struct sw_eval *e)
{
	const struct file_group *g = sw_arg(e);
	const char *libraries = "@host/stat/preloaded";
	size_t n = sw_count(e, libraries);

	if (!sw_has(e, libraries))
		sw_unknown(e, "%s was not told", libraries);
	for (size_t i = 0; i < n; i++) {
		const char *path = sw_key(e, libraries, i);
		const char *facts = sw_at(e, "%s/%s", libraries, sw_esc(e, path));
		if (sw_bool(e, sw_at(e, "%s/exists", facts), false))
			judge_written_by_root(e, path, facts);
		sw_warn(e, "/etc/ld.so.preload puts %s into every program: is that wanted?", path);
	}
	return judge_group(e, g);
}

/* --- logs ------------------------------------------------------------------------------------ */

/* Logs that others read or programs write; by the name of the file, or of the folder with a "/". */
static const struct {
	const char *name;
	unsigned mode;
} open_logs[] = {
	{ "lastlog", 0664 },        { "wtmp", 0664 },        { "btmp", 0660 },
	{ "wtmp.db", 0664 },        { "lastlog2.db", 0664 }, { "README", 0644 },
	{ "cloud-init.log", 0644 }, { "faillog", 0644 },
};

/* Rotated ones have the name of what they were: wtmp.1, btmp-20260101. */
static unsigned log_mode(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

	for (size_t i = 0; i < sizeof(open_logs) / sizeof(open_logs[0]); i++) {
		size_t n = strlen(open_logs[i].name);
		const char *rest = name + n;
		if (strncmp(name, open_logs[i].name, n) != 0)
			continue;
		if (*rest == '\0' ||
		    ((*rest == '.' || *rest == '-') && rest[1] >= '0' && rest[1] <= '9'))
			return open_logs[i].mode;
	}
	return 0640;
}

/* Services that write their own logs own them: what counts is who else gets at them. */
static void judge_log(struct sw_eval *e, const char *path, const char *facts)
{
	const char *where = sw_at(e, "%s/mode", facts);
	unsigned allowed = log_mode(path);

	if (!sw_has(e, where))
		sw_unknown(e, "%s was not told", where);
	unsigned mode = sw_mode(e, where, 07777) & ~02000u;
	int64_t uid = host_file_int(e, sw_at(e, "%s/uid", facts));
	if (mode & ~allowed)
		sw_fail(e, "%s has mode %04o, more than %04o", path, mode, allowed);
	if (uid >= 1000 && uid < 60000)
		sw_fail(e, "%s belongs to uid %" PRId64 ", a person's", path, uid);
	/* The journal's own ACL lets adm and wheel read (systemd-journald.service(8)). */
	file_judge_acl(e, path, sw_at(e, "%s/acl", facts), strstr(path, "/journal/") ? 04 : 0);
}

/* --- audit ----------------------------------------------------------------------------------- */

#define AUDIT "@host/stat/audit-logs"

static bool audit_is_there(struct sw_eval *e)
{
	if (sw_bool(e, AUDIT "/folder/exists", false))
		return true;
	if (sw_has(e, AUDIT "/folder/exists"))
		sw_skip(e, "there is no %s: nothing was audited yet",
			sw_str(e, AUDIT "/dir", "folder of audit logs"));
	else
		sw_unknown(e, "it was not told whether there is a folder of audit logs");
	return false;
}

static enum sw_verdict audit_folder_is_private(struct sw_eval *e)
{
	static const struct host_file_rule rule = { .mode = 0750, .any_group = true };

	if (!audit_is_there(e))
		return sw_said(e);
	host_file_judge(e, &rule, sw_str(e, AUDIT "/dir", ""), AUDIT "/folder");
	return sw_said(e);
}

static void judge_audit_mode(struct sw_eval *e, const char *path, const char *facts)
{
	const char *where = sw_at(e, "%s/mode", facts);

	if (!sw_has(e, where))
		sw_unknown(e, "%s was not told", where);
	unsigned mode = sw_mode(e, where, 07777);
	if (mode & ~0640u)
		sw_fail(e, "%s has mode %04o, more than 0640", path, mode);
	file_judge_acl(e, path, sw_at(e, "%s/acl", facts), 0);
}

static void judge_audit_owner(struct sw_eval *e, const char *path, const char *facts)
{
	int64_t uid = host_file_int(e, sw_at(e, "%s/uid", facts));

	if (uid > 0)
		sw_fail(e, "%s belongs to uid %" PRId64 ", not to root", path, uid);
}

static void judge_audit_group(struct sw_eval *e, const char *path, const char *facts)
{
	int64_t gid = host_file_int(e, sw_at(e, "%s/gid", facts));
	const char *wanted = sw_str(e, AUDIT "/log_group", "root");
	const char *group = sw_at(e, "@host/groups/%s", sw_esc(e, wanted));
	int64_t its_gid = sw_has(e, group) ? sw_int(e, sw_at(e, "%s/gid", group), -1) : -1;

	if (gid > 0 && strcmp(wanted, "adm") != 0 && strcmp(wanted, "root") != 0)
		sw_fail(e, "%s: log_group is %s, not root or adm", path, wanted);
	else if (gid > 0 && gid != its_gid)
		sw_fail(e, "%s belongs to gid %" PRId64 ", not to root or log_group (%s)", path,
			gid, wanted);
}

static enum sw_verdict audit_logs_are_right(struct sw_eval *e)
{
	if (!audit_is_there(e))
		return sw_said(e);
	return judge_group(e, sw_arg(e));
}

static void judge_audit_conf(struct sw_eval *e, const char *path, const char *facts)
{
	static const struct host_file_rule rule = { .mode = 0640 };

	host_file_judge(e, &rule, path, facts);
}

static enum sw_verdict audit_tools_are_roots(struct sw_eval *e)
{
	static const char *const tools[] = {
		"/sbin/auditctl", "/sbin/aureport", "/sbin/ausearch",
		"/sbin/autrace",  "/sbin/auditd",   "/sbin/augenrules"
	};
	static const struct host_file_rule rule = { .mode = 0755 };
	size_t judged = 0;

	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
		if (!host_file_exists(e, tools[i]))
			continue;
		host_file_judge(e, &rule, tools[i], host_file_facts(e, tools[i]));
		judged++;
	}
	return judged ? sw_said(e) : sw_skip(e, "no audit tools are installed");
}

/* --- the table ------------------------------------------------------------------------------- */

#define AUDIT_ROW(slug, what, ok, fix, function)                                                   \
	{                                                                                          \
		.id = "host.file." slug, .kind = SW_HOST, .severity = SW_MEDIUM, .title = what,    \
		.why = "Audit logs name who did what, at times with what was typed; who can "      \
		       "change them covers tracks",                                                \
		.wanted = ok, .remedy = fix, .fn = audit_logs_are_right,                           \
		.needs = SW_NEEDS_HOST_FILES,                                                      \
		.arg = &(const struct file_group){ AUDIT "/logs", "audit logs", function },        \
	}

const struct sw_check sw_host_file_group_checks[] = {
	{
		.id = "host.file.sudoers",
		.kind = SW_HOST,
		.severity = SW_HIGH,
		.title = "sudoers are only root's to change, and not readable by all",
		.why = "Who writes a sudoers file is root at the next command; who reads it knows "
		       "which account to break into",
		.wanted = "root:root, mode 0440 or less (0640 is tolerated)",
		.remedy = "chown root:root /etc/sudoers /etc/sudoers.d/*\n"
			  "chmod 0440 /etc/sudoers /etc/sudoers.d/*",
		.fn = group_is_right,
		.arg = &(const struct file_group){ "@host/stat/sudoers", "sudoers files",
						   judge_sudoers },
		.needs = SW_NEEDS_HOST_FILES,
	},
	{
		.id = "host.file.units",
		.kind = SW_HOST,
		.severity = SW_HIGH,
		.title = "Units and what they start are only root's to change",
		.why = "systemd runs as root whatever a unit, the program it names or a folder on "
		       "the way there says; a writable one is a takeover at the next start",
		.wanted = "unit files, their folders and programs: root's, not writable by group "
			  "or others",
		.remedy = "chown root FILE; chmod go-w FILE   (each that is named, folders too)",
		.fn = group_is_right,
		.arg = &(const struct file_group){ "@host/stat/units", "files and folders of units",
						   judge_written_by_root },
		.needs = SW_NEEDS_HOST_FILES,
	},
	{
		.id = "host.file.path_execs",
		.kind = SW_HOST,
		.severity = SW_HIGH,
		.title = "Configuration that loads code is only root's to change",
		.why = "Shell profiles, the loader's folders, udev rules, PAM stacks and module "
		       "options all end in code that root runs",
		.wanted = "root's, not writable by group or others; no /etc/ld.so.preload",
		.remedy = "chown root FILE; chmod go-w FILE\n"
			  "What /etc/ld.so.preload names must be known to you, else look for an "
			  "intruder",
		.fn = loaded_files_are_roots,
		.arg = &(const struct file_group){ "@host/stat/loaded",
						   "files and folders that load code",
						   judge_written_by_root },
		.needs = SW_NEEDS_HOST_FILES,
	},
	{
		.id = "host.file.var_log",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Logs are not for everybody",
		.why = "Logs tell names, addresses and at times passwords typed into the wrong "
		       "field; who can write them hides traces",
		.wanted = "mode 0640 or less in /var/log (login records 0664), no person's own",
		.remedy = "chmod o-rwx,g-w FILE; set the mode where it is made: create in "
			  "logrotate, $FileCreateMode in rsyslog",
		.fn = group_is_right,
		.arg = &(const struct file_group){ "@host/stat/logs", "logs", judge_log },
		.needs = SW_NEEDS_HOST_FILES,
	},
	{
		.id = "host.file.audit_dir",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "The folder of audit logs is private",
		.why = "Who may write there removes the record of what was done",
		.wanted = "root, mode 0750 or less",
		.remedy = "chmod g-w,o-rwx /var/log/audit   (or the folder of log_file in "
			  "/etc/audit/auditd.conf)",
		.fn = audit_folder_is_private,
		.needs = SW_NEEDS_HOST_FILES,
	},
	AUDIT_ROW("audit_mode", "Audit logs are private", "mode 0640 or less",
		  "chmod u-x,g-wx,o-rwx /var/log/audit/*", judge_audit_mode),
	AUDIT_ROW("audit_owner", "Audit logs belong to root", "owner root",
		  "chown root /var/log/audit/*", judge_audit_owner),
	AUDIT_ROW("audit_group", "Audit logs belong to group root or adm",
		  "group root or adm, as log_group in auditd.conf says",
		  "log_group = root in /etc/audit/auditd.conf; chgrp root /var/log/audit/*",
		  judge_audit_group),
	{
		.id = "host.file.audit_conf",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "The configuration of audit is private",
		.why = "It says what is not recorded: useful to read for an intruder, more so to "
		       "change",
		.wanted = "root:root, mode 0640 or less, all below /etc/audit",
		.remedy = "find /etc/audit -type f -exec chown root:root {} + -exec chmod "
			  "u-x,g-wx,o-rwx {} +",
		.fn = group_is_right,
		.arg = &(const struct file_group){ "@host/stat/audit-conf",
						   "files of audit's configuration",
						   judge_audit_conf },
		.needs = SW_NEEDS_HOST_FILES,
	},
	{
		.id = "host.file.audit_tools",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "Audit's programs are only root's to change",
		.why = "A changed auditctl or ausearch shows what an intruder wants to be seen",
		.wanted = "root:root, mode 0755 or less",
		.remedy = "reinstall the audit package; chown root:root /sbin/audit* /sbin/au*; "
			  "chmod go-w on them",
		.fn = audit_tools_are_roots,
		.needs = SW_NEEDS_HOST_FILES,
	},
	{ 0 },
};
