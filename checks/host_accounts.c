/* SPDX-License-Identifier: Apache-2.0 */
/* host_accounts.c: who is in the account files: each once, with a password, and root alone is root.
 */
#include "host_accounts.h"

#include <inttypes.h>

static enum sw_verdict passwords_are_in_shadow(struct sw_eval *e)
{
	size_t n = accounts_of(e, "passwd");

	for (size_t i = 0; i < n; i++) {
		const char *at = account_at(e, "passwd", i);
		const char *kind = sw_str(e, sw_at(e, "%s/password/kind", at), "");
		if (strcmp(kind, "shadow") == 0 || strcmp(kind, "none") == 0)
			continue;
		sw_fail(e, "%s has %s in /etc/passwd", account_text(e, at, "name"),
			strcmp(kind, "empty") == 0 ? "an empty password" : "a hash");
	}
	return sw_said(e);
}

static void fail_empty(struct sw_eval *e, const char *file, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *at = account_at(e, file, i);
		const char *kind = sw_str(e, sw_at(e, "%s/password/kind", at), "");
		if (strcmp(kind, "empty") == 0)
			sw_fail(e, "%s has an empty password in /etc/%s",
				account_text(e, at, "name"), file);
	}
}

static enum sw_verdict passwords_are_set(struct sw_eval *e)
{
	fail_empty(e, "passwd", accounts_of(e, "passwd"));
	fail_empty(e, "shadow", accounts_of(e, "shadow"));
	return sw_said(e);
}

/* --- each once -------------------------------------------------------------------------------- */

struct once {
	const char *file, *member;
	const char *what;
};

static enum sw_verdict is_there_once(struct sw_eval *e)
{
	const struct once *once = sw_arg(e);
	const char *shared = sw_at(e, ACCOUNTS "%s/%s", once->file, once->member);

	accounts_of(e, once->file);
	if (sw_said(e) == SW_UNKNOWN)
		return SW_UNKNOWN;
	size_t n = sw_count(e, shared);
	for (size_t i = 0; i < n; i++) {
		const char *value = sw_key(e, shared, i);
		const char *names = sw_at(e, "%s/%s", shared, sw_esc(e, value));
		sw_fail(e, "%s %s is of %zu lines of /etc/%s: %s, %s%s", once->what, value,
			sw_count(e, names), once->file, sw_str(e, sw_at(e, "%s/0", names), ""),
			sw_str(e, sw_at(e, "%s/1", names), ""), sw_count(e, names) > 2 ? " …" : "");
	}
	return sw_said(e);
}

static const struct once uids = { "passwd", "shared-ids", "uid" };
static const struct once gids = { "group", "shared-ids", "gid" };
static const struct once user_names = { "passwd", "shared-names", "the name" };
static const struct once group_names = { "group", "shared-names", "the name" };

static enum sw_verdict nis_is_not_asked(struct sw_eval *e)
{
	static const char *const files[] = { "passwd", "shadow", "group", "gshadow" };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const char *at = sw_at(e, ACCOUNTS "%s", files[i]);
		if (!sw_bool(e, sw_at(e, "%s/exists", at), false))
			continue;
		const char *compat = sw_at(e, "%s/compat", at);
		for (size_t k = 0, n = sw_count(e, compat); k < n; k++)
			sw_fail(e, "line %" PRId64 " of /etc/%s begins with + or -",
				sw_int(e, sw_at(e, "%s/%zu", compat, k), 0), files[i]);
	}
	return sw_said(e);
}

/* --- root alone ------------------------------------------------------------------------------- */

static void only_root_of_userdb(struct sw_eval *e)
{
	size_t n = sw_count(e, ACCOUNTS "userdb");

	for (size_t i = 0; i < n; i++) {
		const char *at = sw_at(e, ACCOUNTS "userdb/%zu", i);
		const char *name = account_text(e, at, "name");
		if (sw_int(e, sw_at(e, "%s/uid", at), -1) == 0 && strcmp(name, "root") != 0)
			sw_fail(e, "%s has uid 0 (%s)", name, account_text(e, at, "file"));
	}
}

static enum sw_verdict only_root_is_root(struct sw_eval *e)
{
	size_t n = accounts_of(e, "passwd"), roots = 0;

	for (size_t i = 0; i < n; i++) {
		const char *at = account_at(e, "passwd", i);
		if (account_number(e, at, "uid") != 0)
			continue;
		const char *name = account_text(e, at, "name");
		if (strcmp(name, "root") == 0)
			roots++;
		else
			sw_fail(e, "%s has uid 0", name);
	}
	only_root_of_userdb(e);
	if (roots > 1)
		sw_fail(e, "/etc/passwd has %zu lines of root", roots);
	if (n > 0 && roots == 0)
		sw_warn(e, "no account is called root and has uid 0");
	return sw_said(e);
}

static enum sw_verdict only_root_has_group_0(struct sw_eval *e)
{
	static const char *const excepted[] = { "root", "sync", "shutdown", "halt", "operator" };
	size_t n = accounts_of(e, "passwd");

	for (size_t i = 0; i < n; i++) {
		const char *at = account_at(e, "passwd", i);
		bool is_excepted = false;
		if (account_number(e, at, "gid") != 0)
			continue;
		const char *name = account_text(e, at, "name");
		for (size_t k = 0; k < sizeof(excepted) / sizeof(excepted[0]); k++)
			is_excepted |= strcmp(name, excepted[k]) == 0;
		if (!is_excepted)
			sw_fail(e, "%s has the primary group 0", name);
	}
	return sw_said(e);
}

static enum sw_verdict only_group_root_has_gid_0(struct sw_eval *e)
{
	size_t n = accounts_of(e, "group"), roots = 0;

	for (size_t i = 0; i < n; i++) {
		const char *at = account_at(e, "group", i);
		if (account_number(e, at, "gid") != 0)
			continue;
		const char *name = account_text(e, at, "name");
		if (strcmp(name, "root") == 0)
			roots++;
		else
			sw_fail(e, "the group %s has gid 0", name);
	}
	if (n > 0 && roots == 0)
		sw_warn(e, "no group is called root and has gid 0");
	return sw_said(e);
}

/* What does not say "x" there is not looked up in the shadow file. */
static void root_is_shadowed(struct sw_eval *e)
{
	for (size_t i = 0, n = accounts_again(e, "passwd"); i < n; i++) {
		const char *at = account_at(e, "passwd", i);
		if (strcmp(account_text(e, at, "name"), "root") == 0 &&
		    strcmp(sw_str(e, sw_at(e, "%s/password/kind", at), ""), "empty") == 0)
			sw_fail(e, "root has an empty password in /etc/passwd");
	}
}

static enum sw_verdict root_is_controlled(struct sw_eval *e)
{
	size_t n = accounts_of(e, "shadow");
	bool found = false;

	root_is_shadowed(e);

	for (size_t i = 0; i < n; i++) {
		const char *at = account_at(e, "shadow", i);
		if (strcmp(account_text(e, at, "name"), "root") != 0)
			continue;
		const char *password = sw_at(e, "%s/password", at);
		found = true;
		if (strcmp(account_text(e, password, "kind"), "empty") == 0)
			return sw_fail(e, "root has an empty password");
		sw_pass(e, "root has %s",
			password_works(e, password) ? "a password" : "no password: it is locked");
	}
	if (!found)
		return sw_unknown(e, "/etc/shadow has no line of root");
	return sw_said(e);
}

const struct sw_check sw_host_account_checks[] = {
	{
		.id = "host.account.shadowed",
		.kind = SW_HOST,
		.severity = SW_HIGH,
		.title = "Passwords are in the shadow file",
		.why = "/etc/passwd is readable by all: whoever can read a hash can try words "
		       "against it at leisure.",
		.wanted = "x in the second field of each line of /etc/passwd",
		.remedy = "pwconv",
		.fn = passwords_are_in_shadow,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.empty_password",
		.kind = SW_HOST,
		.severity = SW_HIGH,
		.title = "No account has an empty password",
		.why = "Whoever knows the name of such an account can be it.",
		.wanted = "a hash, or a locked password",
		.remedy = "passwd -l NAME, or give it a password: passwd NAME",
		.fn = passwords_are_set,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.dup_uid",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "Each user has a number of its own",
		.why = "Accounts that share a uid are one to the kernel: each reads and kills "
		       "what is of the other, and the log cannot tell them apart.",
		.wanted = "unique uids",
		.remedy = "usermod -u NEWUID NAME, then chown the files that were of the old one",
		.fn = is_there_once,
		.arg = &uids,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.dup_gid",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Each group has a number of its own",
		.why = "Groups that share a gid are one to the kernel: members of one can do what "
		       "the other was made for.",
		.wanted = "unique gids",
		.remedy = "groupmod -g NEWGID NAME, then chgrp the files that were of the old one",
		.fn = is_there_once,
		.arg = &gids,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.dup_user",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Each user name is there once",
		.why = "The first line of a name counts for most programs, not for all: a second "
		       "one hides which uid a login gets.",
		.wanted = "unique user names",
		.remedy = "vipw, and delete or rename the line that is not meant",
		.fn = is_there_once,
		.arg = &user_names,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.dup_group",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Each group name is there once",
		.why = "Members in the second line of a group are members to some programs and "
		       "none to others.",
		.wanted = "unique group names",
		.remedy = "vigr, and join the lines",
		.fn = is_there_once,
		.arg = &group_names,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.plus_entries",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "No account file asks NIS",
		.why = "A line that begins with + lets a server on the network name accounts of "
		       "this host; read by a program that does not know of it, it is an account.",
		.wanted = "no line that begins with + or -",
		.remedy = "Delete the line with vipw or vigr (-s for the shadow files), and name "
			  "other sources in /etc/nsswitch.conf",
		.fn = nis_is_not_asked,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.uid0",
		.kind = SW_HOST,
		.severity = SW_HIGH,
		.title = "Only root has uid 0",
		.why = "A second name for uid 0 is a second way to be root, which lockouts and "
		       "searches for root do not find.",
		.wanted = "one account with uid 0: root",
		.remedy = "userdel NAME, or give it another number: usermod -u NEWUID NAME",
		.fn = only_root_is_root,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.gid0_users",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "Only root has the primary group 0",
		.why = "Files made by root are of group 0: whoever is in it reads what was meant "
		       "for root.",
		.wanted = "root, sync, shutdown, halt and operator only",
		.remedy = "usermod -g GROUP NAME",
		.fn = only_root_has_group_0,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.gid0_groups",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "Only the group root has gid 0",
		.why = "Members of another group with gid 0 are in root's group unseen.",
		.wanted = "one group with gid 0: root",
		.remedy = "groupmod -g NEWGID NAME",
		.fn = only_group_root_has_gid_0,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.root_access",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "root is locked or has a password",
		.why = "An empty password of root gives the host to whoever reaches a login.",
		.wanted = "a hash, or a locked password",
		.remedy = "passwd root, or: passwd -l root",
		.fn = root_is_controlled,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{ 0 },
};
