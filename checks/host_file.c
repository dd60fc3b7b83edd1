/* SPDX-License-Identifier: Apache-2.0 */
/* host_file.c: owner and mode of single files of the host. */
#include "host_file.h"

#include <inttypes.h>
#include <string.h>

#include "files.h"

/* --- shared ---------------------------------------------------------------------------------- */

const char *host_file_facts(struct sw_eval *e, const char *path)
{
	return sw_at(e, "@host/stat/paths/%s", sw_esc(e, path));
}

bool host_file_exists(struct sw_eval *e, const char *path)
{
	const char *exists = sw_at(e, "%s/exists", host_file_facts(e, path));

	if (!sw_has(e, exists))
		sw_unknown(e, "it was not told whether %s exists", path);
	return sw_bool(e, exists, false);
}

bool host_file_any_exists(struct sw_eval *e, const char *const *paths)
{
	bool any = false;

	for (; *paths; paths++)
		any |= host_file_exists(e, *paths);
	return any;
}

int64_t host_file_int(struct sw_eval *e, const char *path)
{
	if (!sw_has(e, path))
		sw_unknown(e, "%s was not told", path);
	return sw_int(e, path, -1);
}

static bool group_is_one_of(struct sw_eval *e, int64_t gid, const char *const *names)
{
	for (; names && *names; names++) {
		const char *group = sw_at(e, "@host/groups/%s", sw_esc(e, *names));
		if (sw_has(e, group) && sw_int(e, sw_at(e, "%s/gid", group), -1) == gid)
			return true;
	}
	return false;
}

void host_file_judge(struct sw_eval *e, const struct host_file_rule *rule, const char *path,
		     const char *facts)
{
	int64_t uid = host_file_int(e, sw_at(e, "%s/uid", facts));
	const char *where = sw_at(e, "%s/mode", facts);

	if (uid > 0)
		sw_fail(e, "%s belongs to uid %" PRId64 ", not to root", path, uid);
	if (!rule->any_group) {
		int64_t gid = host_file_int(e, sw_at(e, "%s/gid", facts));
		if (gid > 0 && !group_is_one_of(e, gid, rule->groups))
			sw_fail(e, "%s belongs to gid %" PRId64 ", not to group root", path, gid);
	}
	if (!sw_has(e, where))
		sw_unknown(e, "%s was not told", where);
	unsigned mode = sw_mode(e, where, 07777);
	if (mode & ~rule->mode)
		sw_fail(e, "%s has mode %04o, more than %04o", path, mode, rule->mode);
	file_judge_acl(e, path, sw_at(e, "%s/acl", facts), rule->mode);
}

/* --- single files ---------------------------------------------------------------------------- */

struct single_file {
	struct host_file_rule rule;
	const char *const *paths; /* all of them are judged; ends with NULL */
	/* Without any of these programs there is nothing to judge; NULL: always is. */
	const char *const *programs;
	const char *none; /* the reason of the skip then */
};

static enum sw_verdict file_is_right(struct sw_eval *e)
{
	const struct single_file *f = sw_arg(e);
	size_t judged = 0;

	if (f->programs && !host_file_any_exists(e, f->programs))
		return sw_skip(e, "%s", f->none);
	for (size_t i = 0; f->paths[i]; i++) {
		if (!host_file_exists(e, f->paths[i]))
			continue;
		host_file_judge(e, &f->rule, f->paths[i], host_file_facts(e, f->paths[i]));
		judged++;
	}
	if (judged == 0)
		return sw_skip(e, "%s is not there", f->paths[0]);
	return sw_said(e);
}

static enum sw_verdict no_trust_files(struct sw_eval *e)
{
	static const char *const paths[] = { "/etc/hosts.equiv", "/etc/shosts.equiv",
					     "/etc/ssh/shosts.equiv" };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (host_file_exists(e, paths[i]))
			sw_fail(e, "%s is there: hosts named in it log in without a password",
				paths[i]);
	return sw_said(e);
}

static enum sw_verdict root_home_is_private(struct sw_eval *e)
{
	static const struct host_file_rule rule = { .mode = 0750 };
	const char *home = sw_str(e, "@host/users/root/home", "/root");

	if (!host_file_exists(e, home))
		return sw_skip(e, "%s is not there", home);
	if (strcmp(home, "/") == 0)
		return sw_fail(e, "root has / as home folder");
	host_file_judge(e, &rule, home, host_file_facts(e, home));
	if (sw_mode(e, sw_at(e, "%s/mode", host_file_facts(e, home)), 0) & 0070)
		sw_pass(e, "the group root may look into %s: better 0700", home);
	return sw_said(e);
}

/* --- who may have jobs done ------------------------------------------------------------------ */

struct job_lists {
	const char *const *programs;
	const char *none, *allow, *deny;
	struct host_file_rule rule;
};

static enum sw_verdict jobs_are_for_named_users(struct sw_eval *e)
{
	const struct job_lists *j = sw_arg(e);

	if (!host_file_any_exists(e, j->programs))
		return sw_skip(e, "%s", j->none);
	if (host_file_exists(e, j->allow))
		host_file_judge(e, &j->rule, j->allow, host_file_facts(e, j->allow));
	else
		sw_fail(e, "there is no %s: who may use it is not limited to those who need it",
			j->allow);
	if (host_file_exists(e, j->deny))
		host_file_judge(e, &j->rule, j->deny, host_file_facts(e, j->deny));
	return sw_said(e);
}

/* --- credentials of registries --------------------------------------------------------------- */

/* The user whose home folder the file is in, -1 when it is nobody's. */
static int64_t owner_of_home(struct sw_eval *e, const char *path)
{
	static const char tail[] = "/.docker/config.json";
	size_t n = sw_count(e, "@host/users"), length = strlen(path);

	for (size_t i = 0; i < n; i++) {
		const char *user =
			sw_at(e, "@host/users/%s", sw_esc(e, sw_key(e, "@host/users", i)));
		const char *home = sw_str(e, sw_at(e, "%s/home", user), "");
		size_t home_length = strcmp(home, "/") == 0 ? 0 : strlen(home);
		if (home_length + sizeof(tail) - 1 == length &&
		    strncmp(home, path, home_length) == 0)
			return sw_int(e, sw_at(e, "%s/uid", user), -1);
	}
	return -1;
}

static void judge_client(struct sw_eval *e, const char *path)
{
	const char *facts = sw_at(e, "@host/clients/%s", sw_esc(e, path));
	int64_t uid = host_file_int(e, sw_at(e, "%s/Uid", facts));
	int64_t owner = owner_of_home(e, path);
	const char *where = sw_at(e, "%s/Mode", facts);

	if (!sw_has(e, where))
		sw_unknown(e, "%s was not told", where);
	unsigned mode = sw_mode(e, where, 07777);
	if (uid >= 0 && uid != 0 && uid != owner)
		sw_fail(e, "%s belongs to uid %" PRId64 ", not to the user whose home it is in",
			path, uid);
	if (mode & 0077)
		sw_fail(e, "%s has mode %04o: others than its owner get at it", path, mode);
}

static enum sw_verdict credentials_are_private(struct sw_eval *e)
{
	size_t n = sw_count(e, "@host/clients");

	for (size_t i = 0; i < n; i++)
		judge_client(e, sw_key(e, "@host/clients", i));
	if (sw_said(e) == SW_PASS && sw_has(e, "@host/clients") && n == 0)
		return sw_skip(e, "no user has a .docker/config.json");
	return sw_said(e);
}

/* --- the table ------------------------------------------------------------------------------- */

#define PATHS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const char *const shadow_groups[] = { "shadow", NULL };
static const char *const cron_programs[] = { "/usr/sbin/cron", "/usr/sbin/crond", "/usr/sbin/fcron",
					     "/usr/sbin/anacron", NULL };
static const char *const at_programs[] = { "/usr/bin/at", "/usr/sbin/atd", NULL };
static const char *const cron_groups[] = { "crontab", "cron", NULL };
static const char *const at_groups[] = { "daemon", "at", NULL };

#define WORLD_READABLE                                                                             \
	"Whoever can write it changes what the whole system believes; a backup copy holds the "    \
	"same data as the original"
#define SECRET                                                                                     \
	"It holds password hashes: who can read it can try passwords offline, who can write it "   \
	"sets root's"

#define FILE_ROW(slug, level, what, the_mode, the_groups, reason, fix, ...)                        \
	{                                                                                          \
		.id = "host.file." slug, .kind = SW_HOST, .severity = level, .title = what,        \
		.why = reason, .wanted = "root, mode " #the_mode " or less", .remedy = fix,        \
		.fn = file_is_right, .needs = SW_NEEDS_HOST_FILES,                                 \
		.arg = &(const struct single_file){ .rule = { .mode = the_mode,                    \
							      .groups = the_groups },              \
						    .paths = PATHS(__VA_ARGS__) },                 \
	}
#define CRON_ROW(slug, what, the_mode, fix, ...)                                                   \
	{                                                                                          \
		.id = "host.file." slug, .kind = SW_HOST, .severity = SW_LOW, .title = what,       \
		.why = "Jobs run as root: their text tells what runs when and with which "         \
		       "passwords, and must not be changed by others",                             \
		.wanted = "root, mode " #the_mode " or less", .remedy = fix, .fn = file_is_right,  \
		.needs = SW_NEEDS_HOST_FILES,                                                      \
		.arg = &(const struct single_file){ .rule = { .mode = the_mode },                  \
						    .paths = PATHS(__VA_ARGS__),                   \
						    .programs = cron_programs,                     \
						    .none = "no cron is installed" },              \
	}

const struct sw_check sw_host_file_checks[] = {
	FILE_ROW("passwd", SW_MEDIUM, "/etc/passwd is only root's to change", 0644, NULL,
		 WORLD_READABLE, "chown root:root /etc/passwd; chmod 0644 /etc/passwd",
		 "/etc/passwd"),
	FILE_ROW("passwd_bak", SW_LOW, "/etc/passwd- is only root's to change", 0644, NULL,
		 WORLD_READABLE, "chown root:root /etc/passwd-; chmod 0644 /etc/passwd-",
		 "/etc/passwd-"),
	FILE_ROW("group", SW_MEDIUM, "/etc/group is only root's to change", 0644, NULL,
		 WORLD_READABLE, "chown root:root /etc/group; chmod 0644 /etc/group", "/etc/group"),
	FILE_ROW("group_bak", SW_LOW, "/etc/group- is only root's to change", 0644, NULL,
		 WORLD_READABLE, "chown root:root /etc/group-; chmod 0644 /etc/group-",
		 "/etc/group-"),
	FILE_ROW("shadow", SW_HIGH, "/etc/shadow is private", 0640, shadow_groups, SECRET,
		 "chown root:shadow /etc/shadow; chmod 0640 /etc/shadow   (RHEL and its kin: "
		 "root:root, 0000)",
		 "/etc/shadow"),
	FILE_ROW("shadow_bak", SW_MEDIUM, "/etc/shadow- is private", 0640, shadow_groups, SECRET,
		 "chown root:shadow /etc/shadow-; chmod 0640 /etc/shadow-", "/etc/shadow-"),
	FILE_ROW("gshadow", SW_MEDIUM, "/etc/gshadow is private", 0640, shadow_groups, SECRET,
		 "chown root:shadow /etc/gshadow; chmod 0640 /etc/gshadow", "/etc/gshadow"),
	FILE_ROW("gshadow_bak", SW_LOW, "/etc/gshadow- is private", 0640, shadow_groups, SECRET,
		 "chown root:shadow /etc/gshadow-; chmod 0640 /etc/gshadow-", "/etc/gshadow-"),
	FILE_ROW("shells", SW_LOW, "/etc/shells is only root's to change", 0644, NULL,
		 "It says which login shells count: one more entry makes a locked account useful",
		 "chown root:root /etc/shells; chmod 0644 /etc/shells", "/etc/shells",
		 "/usr/etc/shells"),
	FILE_ROW("opasswd", SW_LOW, "The old passwords are private", 0600, NULL,
		 "It holds hashes of earlier passwords, which people use again elsewhere",
		 "chown root:root /etc/security/opasswd; chmod 0600 /etc/security/opasswd",
		 "/etc/security/opasswd", "/etc/security/opasswd.old"),
	FILE_ROW("motd", SW_LOW, "/etc/motd is only root's to change", 0644, NULL,
		 "All users are shown it at login: a forged one misleads them",
		 "chown root:root /etc/motd; chmod 0644 /etc/motd", "/etc/motd"),
	FILE_ROW("issue", SW_LOW, "/etc/issue is only root's to change", 0644, NULL,
		 "It is shown before a login at the console: a forged one misleads",
		 "chown root:root /etc/issue; chmod 0644 /etc/issue", "/etc/issue"),
	FILE_ROW("issue_net", SW_LOW, "/etc/issue.net is only root's to change", 0644, NULL,
		 "It is shown before a login over the network: a forged one misleads",
		 "chown root:root /etc/issue.net; chmod 0644 /etc/issue.net", "/etc/issue.net"),
	CRON_ROW("crontab", "/etc/crontab is private", 0600,
		 "chown root:root /etc/crontab; chmod og-rwx /etc/crontab", "/etc/crontab"),
	CRON_ROW("cron_hourly", "/etc/cron.hourly is private", 0700,
		 "chown root:root /etc/cron.hourly; chmod og-rwx /etc/cron.hourly",
		 "/etc/cron.hourly"),
	CRON_ROW("cron_daily", "/etc/cron.daily is private", 0700,
		 "chown root:root /etc/cron.daily; chmod og-rwx /etc/cron.daily",
		 "/etc/cron.daily"),
	CRON_ROW("cron_weekly", "/etc/cron.weekly is private", 0700,
		 "chown root:root /etc/cron.weekly; chmod og-rwx /etc/cron.weekly",
		 "/etc/cron.weekly"),
	CRON_ROW("cron_monthly", "/etc/cron.monthly is private", 0700,
		 "chown root:root /etc/cron.monthly; chmod og-rwx /etc/cron.monthly",
		 "/etc/cron.monthly"),
	CRON_ROW("cron_d", "The folders of system jobs are private", 0700,
		 "chown root:root /etc/cron.d; chmod og-rwx /etc/cron.d", "/etc/cron.d",
		 "/etc/crontabs", "/etc/periodic"),
	{
		.id = "host.file.cron_allow",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "cron is limited to named users",
		.why = "Jobs outlive a session: who broke into an account stays by a crontab. "
		       "Without cron.allow some crons let everybody in, others only root",
		.wanted = "/etc/cron.allow, of root or the cron group, mode 0640 or less",
		.remedy = "touch /etc/cron.allow; chown root:root /etc/cron.allow; chmod 0640 "
			  "/etc/cron.allow; rm -f /etc/cron.deny",
		.fn = jobs_are_for_named_users,
		.arg = &(const struct job_lists){ .programs = cron_programs,
						  .none = "no cron is installed",
						  .allow = "/etc/cron.allow",
						  .deny = "/etc/cron.deny",
						  .rule = { .mode = 0640, .groups = cron_groups } },
		.needs = SW_NEEDS_HOST_FILES,
	},
	{
		.id = "host.file.at_allow",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "at is limited to named users",
		.why = "Jobs outlive a session: who broke into an account comes back by at",
		.wanted = "/etc/at.allow, of root or daemon, mode 0640 or less; or no at",
		.remedy = "touch /etc/at.allow; chown root:root /etc/at.allow; chmod 0640 "
			  "/etc/at.allow; rm -f /etc/at.deny",
		.fn = jobs_are_for_named_users,
		.arg = &(const struct job_lists){ .programs = at_programs,
						  .none = "at is not installed",
						  .allow = "/etc/at.allow",
						  .deny = "/etc/at.deny",
						  .rule = { .mode = 0640, .groups = at_groups } },
		.needs = SW_NEEDS_HOST_FILES,
	},
	{
		.id = "host.file.hosts_equiv",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "No host is trusted by its name",
		.why = "Users of a host that hosts.equiv names log in without a password; names "
		       "and addresses are easily forged",
		.wanted = "no /etc/hosts.equiv, no shosts.equiv",
		.remedy = "rm /etc/hosts.equiv /etc/shosts.equiv /etc/ssh/shosts.equiv",
		.fn = no_trust_files,
		.needs = SW_NEEDS_HOST_FILES,
	},
	{
		.id = "host.file.root_home",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "root's home folder is private",
		.why = "It holds keys, histories and registry credentials; who can write there "
		       "becomes root at the next login",
		.wanted = "root, mode 0700 (0750 is tolerated)",
		.remedy = "chown root:root /root; chmod 0700 /root",
		.fn = root_home_is_private,
		.needs = SW_NEEDS_HOST_FILES,
	},
	{
		.id = "host.file.docker_host_secrets",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "Registry credentials are their owner's alone",
		.why = "config.json holds what is needed to pull and push as that user, often no "
		       "more than encoded",
		.wanted = "owned by the user whose home it is in, mode 0600 or less",
		.remedy = "chmod 0600 ~/.docker/config.json",
		.fn = credentials_are_private,
		.needs = SW_NEEDS_CLIENTS,
	},
	{ 0 },
};
