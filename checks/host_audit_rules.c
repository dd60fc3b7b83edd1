/* SPDX-License-Identifier: Apache-2.0 */
/* host_audit_rules.c: which acts the benchmarks of Linux want recorded by the kernel's audit. */
#include <string.h>

#include "audit_rules.h"
#include "host_audit.h"
#include "host_common.h"

enum { LISTED_MAX = 20 };

struct recorded {
	const char *const *paths;    /* changes of these, of those that are there */
	const char *const *programs; /* starts of these */
	const struct host_calls *calls[3];
	const char *list; /* more paths: a list of them in AUDITD, or one */
	const char *none; /* the reason when nothing of all this is there */
};

/* --- which rules count --------------------------------------------------------------------------
 */

const char *host_audit_set(struct sw_eval *e)
{
	if (host_is_running(e))
		return NULL;
	const char *loader = sw_str(e, AUDITD "/loader", "");
	/* augenrules leaves an audit.rules alone when its folder is empty. */
	if (strcmp(loader, "augenrules") == 0 && sw_count(e, "@host/audit-files/rules.d/files") > 0)
		return "rules.d";
	return "audit.rules";
}

void host_audit_look_at_errors(struct sw_eval *e, const char *set)
{
	const char *errors = sw_at(e, "@host/audit-files/%s/errors", set);

	if (sw_count(e, errors) == 0)
		return;
	const char *first = sw_at(e, "%s/0", errors);
	sw_warn(e, "configured: auditctl stops at a line that it does not understand: %s:%d: %s",
		sw_str(e, sw_at(e, "%s/file", first), ""),
		(int)sw_int(e, sw_at(e, "%s/line", first), 0),
		sw_str(e, sw_at(e, "%s/error", first), ""));
}

/* A skip was said of what is not there; what is there may still be well. */
static enum sw_verdict pass_of(struct sw_eval *e, const char *set)
{
	enum sw_verdict said = sw_said(e);

	return set && (said == SW_PASS || said == SW_SKIP) ? sw_pass(e, "configured") : SW_PASS;
}

/* --- one row -----------------------------------------------------------------------------------
 */

/* Is the security module in force, or, of a tree, is it set up? */
static bool has_module(struct sw_eval *e, const char *module, const char *setup)
{
	if (host_is_running(e)) {
		const char *names = sw_str(e, AUDITD "/modules", "");
		const char *found = strstr(names, module);
		size_t n = strlen(module);
		return found && (found == names || found[-1] == ',') &&
		       (found[n] == ',' || found[n] == '\0' || found[n] == '\n');
	}
	return sw_bool(e, sw_at(e, AUDITD "/files/%s/exists", sw_esc(e, setup)), false);
}

static size_t judge_paths(struct sw_eval *e, const struct recorded *r, const char *set)
{
	const struct audit_item item = { .at = AUDITD "/", .set = set };
	const char *list = r->list ? sw_at(e, AUDITD "/%s", r->list) : NULL;
	size_t judged = 0, n;

	for (const char *const *p = r->paths; p && *p; p++)
		judged += audit_judge_path(e, &item, *p);
	if (!list || !sw_has(e, list))
		return judged;
	if (strcmp(r->list, "faillock-dir") == 0)
		return judged + audit_judge_path(e, &item, sw_str(e, list, ""));
	n = host_count(e, list, LISTED_MAX);
	for (size_t i = 0; i < n; i++)
		judged += audit_judge_path(e, &item, sw_str(e, sw_at(e, "%s/%zu", list, i), ""));
	return judged;
}

static size_t judge_programs(struct sw_eval *e, const struct recorded *r)
{
	size_t judged = 0;

	for (const char *const *p = r->programs; p && *p; p++)
		judged += host_audit_judge_program(e, *p);
	return judged;
}

static enum sw_verdict is_recorded(struct sw_eval *e)
{
	const struct recorded *r = sw_arg(e);
	const char *set = host_audit_set(e);
	size_t judged = 0;

	if (r->calls[0] && (set || audit_is_switched_on(e)))
		for (size_t i = 0; i < 3 && r->calls[i]; i++)
			host_audit_judge_calls(e, r->calls[i]);
	judged = (r->calls[0] != NULL) + judge_paths(e, r, set) + judge_programs(e, r);
	if (judged == 0)
		return sw_skip(e, "%s", r->none);
	if (set)
		host_audit_look_at_errors(e, set);
	return pass_of(e, set);
}

static const char *const apparmor[] = { "/etc/apparmor.d", "/etc/apparmor", NULL };
static const char *const selinux[] = { "/etc/selinux", "/usr/share/selinux", NULL };

static enum sw_verdict policy_is_recorded(struct sw_eval *e)
{
	static const struct {
		const char *module;
		const char *const *paths;
		const char *setup;
	} modules[] = { { "apparmor", apparmor, "/etc/apparmor.d" },
			{ "selinux", selinux, "/etc/selinux/config" } };
	const char *set = host_audit_set(e);
	size_t judged = 0;

	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
		const struct recorded r = { .paths = modules[i].paths };
		if (has_module(e, modules[i].module, modules[i].setup))
			judged += judge_paths(e, &r, set);
	}
	if (judged == 0)
		return sw_skip(e, "neither AppArmor nor SELinux is in force");
	if (set)
		host_audit_look_at_errors(e, set);
	return pass_of(e, set);
}

/* --- the rows ----------------------------------------------------------------------------------
 */

#define PATHS(...)                                                                                 \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}
#define FAILED_BY(what_, filters_)                                                                 \
	{                                                                                          \
		.calls = "-creat -open openat truncate ftruncate",                                 \
		.extra = "openat2 open_by_handle_at", .filters = filters_ "|success=0|exit<0",     \
		.what = what_                                                                      \
	}

static const struct host_calls clock_calls = { .calls = "adjtimex settimeofday" };
static const struct host_calls clock_settime = { .calls = "clock_settime",
						 .filters = "a0=0|a0=0x0" };
static const struct host_calls names = { .calls = "sethostname setdomainname" };
static const struct host_calls no_access =
	FAILED_BY(" that fail with EACCES", "exit=-13|exit=-EACCES");
static const struct host_calls no_permission =
	FAILED_BY(" that fail with EPERM", "exit=-1|exit=-EPERM");
static const struct host_calls emulation = {
	.calls = "execve",
	.filters = "uid!=euid|euid!=uid|auid!=euid|euid!=auid",
	.what = " as another user",
};
static const struct host_calls modes = { .calls = "-chmod fchmod fchmodat", .extra = "fchmodat2" };
static const struct host_calls owners = { .calls = "-chown fchown -lchown fchownat" };
static const struct host_calls attributes = {
	.calls = "setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr"
};
static const struct host_calls mounts = { .calls = "mount",
					  .extra = "move_mount open_tree fsmount" };
static const struct host_calls deletions = { .calls = "-rename renameat -unlink unlinkat",
					     .extra = "renameat2" };
static const struct host_calls modules_calls = { .calls = "init_module finit_module delete_module",
						 .is_native = true };

#define ROW(id_, severity_, title_, why_, wanted_, remedy_, ...)                                   \
	{                                                                                          \
		.id = "host.audit.rule." id_, .kind = SW_HOST, .severity = severity_,              \
		.title = title_, .why = why_, .wanted = wanted_, .remedy = remedy_,                \
		.fn = is_recorded, .arg = &(const struct recorded){ __VA_ARGS__ },                 \
		.params = host_role_params, .needs = AUDIT_NEEDS                                   \
	}
#define IN_RULES   "In a file of /etc/audit/rules.d, then augenrules --load:\n"
#define PEOPLE     " -F auid>=1000 -F auid!=unset"
#define BOTH(rest) "-a always,exit -F arch=b64 " rest "\n-a always,exit -F arch=b32 " rest "\n"
#define PROGRAM_ROW(name, path, why_)                                                              \
	ROW(name, SW_LOW, "Each use of " name " is recorded", why_,                                \
	    "an exit rule with path=" path " and perm=x",                                          \
	    IN_RULES "-a always,exit -F path=" path " -F perm=x" PEOPLE " -k " name,               \
	    .programs = PATHS(path), .none = name " is not installed")

const struct sw_check sw_host_audit_rule_checks[] = {
	ROW("sudoers", SW_MEDIUM, "Changes of who may use sudo are recorded",
	    "A line more in sudoers makes an account root; without a record nobody knows who put "
	    "it there.",
	    "wa on /etc/sudoers and /etc/sudoers.d",
	    IN_RULES "-w /etc/sudoers -p wa -k scope\n-w /etc/sudoers.d -p wa -k scope",
	    .paths = PATHS("/etc/sudoers", "/etc/sudoers.d"), .none = "sudo is not set up"),
	ROW("sudo_log", SW_MEDIUM, "Changes of sudo's own log are recorded",
	    "Whoever became root by sudo can wipe the line that says so; the kernel's record "
	    "stays.",
	    "wa on the file that logfile= in sudoers names",
	    IN_RULES "-w /var/log/sudo.log -p wa -k sudo_log_file", .list = "sudo-logs",
	    .none = "sudo writes to no file of its own"),
	ROW("user_emulation", SW_MEDIUM, "Programs that run as another user are recorded",
	    "When a program runs with rights that its user has not, the record says who was "
	    "behind it.",
	    "execve with another effective uid, by 64-bit and 32-bit programs",
	    IN_RULES BOTH("-S execve -C euid!=uid -F auid!=unset -k user_emulation"),
	    .calls = { &emulation }),
	ROW("time_change", SW_MEDIUM, "Changes of the clock are recorded",
	    "With another time logs no longer tell what came first.",
	    "adjtimex, settimeofday, clock_settime, and wa on /etc/localtime",
	    IN_RULES BOTH("-S adjtimex,settimeofday -k time-change")
		    BOTH("-S clock_settime -F a0=0x0 -k time-change") "-w /etc/localtime -p wa -k "
								      "time-change",
	    .calls = { &clock_calls, &clock_settime }, .paths = PATHS("/etc/localtime")),
	ROW("network_env", SW_MEDIUM, "Changes of names and networks are recorded",
	    "Another host name, or another address for a known one, leads logs and people astray. "
	    "Each start of a container sets a host name too: expect these events.",
	    "sethostname, setdomainname, and wa on the files of names and networks",
	    IN_RULES BOTH("-S sethostname,setdomainname -k system-locale") "-w /etc/issue -p wa -k "
									   "system-locale\n-w "
									   "/etc/issue.net -p wa "
									   "-k system-locale\n"
									   "-w /etc/hosts -p wa -k "
									   "system-locale\n-w "
									   "/etc/networks -p wa -k "
									   "system-locale\n"
									   "-w /etc/network -p wa "
									   "-k system-locale",
	    .calls = { &names },
	    .paths = PATHS("/etc/issue", "/etc/issue.net", "/etc/hosts", "/etc/networks",
			   "/etc/network", "/etc/netplan", "/etc/sysconfig/network",
			   "/etc/sysconfig/network-scripts", "/etc/NetworkManager")),
	ROW("access_fail", SW_MEDIUM, "Refused accesses to files are recorded",
	    "Someone who tries doors that are shut is seen by the refusals.",
	    "creat, open, openat, truncate and ftruncate that fail with EACCES or EPERM",
	    IN_RULES BOTH("-S creat,open,openat,truncate,ftruncate -F exit=-EACCES" PEOPLE
			  " -k access")
		    BOTH("-S creat,open,openat,truncate,ftruncate -F exit=-EPERM" PEOPLE
			 " -k access"),
	    .calls = { &no_access, &no_permission }),
	ROW("identity", SW_MEDIUM, "Changes of accounts are recorded",
	    "A new account, or a known one with other rights, is how an intruder stays.",
	    "wa on passwd, group, shadow, gshadow and opasswd",
	    IN_RULES "-w /etc/passwd -p wa -k identity\n-w /etc/group -p wa -k identity\n"
		     "-w /etc/shadow -p wa -k identity\n-w /etc/gshadow -p wa -k identity\n"
		     "-w /etc/security/opasswd -p wa -k identity",
	    .paths = PATHS("/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow",
			   "/etc/security/opasswd"),
	    .none = "there are no files of accounts"),
	ROW("perm_mod", SW_MEDIUM, "Changes of modes, owners and attributes are recorded",
	    "Opening a file to others leaves no trace in it.",
	    "the calls of chmod, chown and setxattr, by 64-bit and 32-bit programs",
	    IN_RULES BOTH("-S chmod,fchmod,fchmodat" PEOPLE " -k perm_mod") BOTH(
		    "-S chown,fchown,lchown,fchownat" PEOPLE " -k perm_mod")
		    BOTH("-S "
			 "setxattr,lsetxattr,fsetxattr,removexattr,lremovexattr,fremovexattr" PEOPLE
			 " -k perm_mod"),
	    .calls = { &modes, &owners, &attributes }),
	ROW("mounts", SW_MEDIUM, "Mounts by people are recorded",
	    "A mount can hide files, or bring set-id programs in.",
	    "mount, by 64-bit and 32-bit programs", IN_RULES BOTH("-S mount" PEOPLE " -k mounts"),
	    .calls = { &mounts }),
	ROW("session", SW_MEDIUM, "Changes of the records of sessions are recorded",
	    "Who edits utmp, wtmp or btmp hides a session.", "wa on utmp, wtmp and btmp",
	    IN_RULES "-w /var/run/utmp -p wa -k session\n-w /var/log/wtmp -p wa -k session\n"
		     "-w /var/log/btmp -p wa -k session",
	    .paths = PATHS("/var/run/utmp", "/var/log/wtmp", "/var/log/btmp"),
	    .none = "this host keeps no utmp, wtmp or btmp"),
	ROW("logins", SW_MEDIUM, "Changes of the records of logins are recorded",
	    "Who edits them hides a login, or unlocks an account that was guessed at.",
	    "wa on lastlog and faillock's folder",
	    IN_RULES "-w /var/log/lastlog -p wa -k logins\n-w /var/run/faillock -p wa -k logins",
	    .paths = PATHS("/var/log/lastlog"), .list = "faillock-dir",
	    .none = "this host keeps neither lastlog nor faillock's files"),
	ROW("delete", SW_MEDIUM, "Deletions of files by people are recorded",
	    "What was deleted cannot be looked at later, but who did it can be known.",
	    "rename, renameat, unlink and unlinkat, by 64-bit and 32-bit programs",
	    IN_RULES BOTH("-S rename,renameat,unlink,unlinkat" PEOPLE " -k delete"),
	    .calls = { &deletions }),
	{
		.id = "host.audit.rule.mac_policy",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "Changes of the security module's policy are recorded",
		.why = "The policy of AppArmor or SELinux confines programs; a changed one opens "
		       "ways "
		       "that look allowed.",
		.wanted = "wa on the folders of the policy in force",
		.remedy = IN_RULES "-w /etc/apparmor -p wa -k MAC-policy\n-w /etc/apparmor.d -p wa "
				   "-k MAC-policy\n"
				   "or for SELinux /etc/selinux and /usr/share/selinux",
		.fn = policy_is_recorded,
		.params = host_role_params,
		.needs = AUDIT_NEEDS,
	},
	PROGRAM_ROW("chcon", "/usr/bin/chcon",
		    "Another label lets a program out of SELinux's "
		    "confinement."),
	PROGRAM_ROW("setfacl", "/usr/bin/setfacl",
		    "An ACL opens a file without its mode showing "
		    "it."),
	PROGRAM_ROW("chacl", "/usr/bin/chacl", "An ACL opens a file without its mode showing it."),
	PROGRAM_ROW("usermod", "/usr/sbin/usermod",
		    "It puts accounts into groups such as sudo "
		    "and docker."),
	ROW("kernel_modules", SW_MEDIUM, "Loading and unloading of kernel modules is recorded",
	    "A module runs with all rights there are. The engine loads some itself: expect these "
	    "events.",
	    "init_module, finit_module, delete_module, and starts of kmod",
	    IN_RULES "-a always,exit -F arch=b64 -S init_module,finit_module,delete_module" PEOPLE
		     " -k kernel_modules\n-a always,exit -F path=/usr/bin/kmod -F perm=x" PEOPLE
		     " -k kernel_modules",
	    .calls = { &modules_calls }, .programs = PATHS("/usr/bin/kmod")),
	{ 0 },
};
