/* SPDX-License-Identifier: Apache-2.0 */
/* host_groups.c: which groups there are, who is in those that are as good as root, and which
 * numbers users may give to others. */
#include <inttypes.h>

#include "host_accounts.h"
#include "host_common.h"

static int64_t gid_of(struct sw_eval *e, const char *group)
{
	size_t n = accounts_of(e, "group");

	for (size_t i = 0; i < n; i++) {
		const char *at = account_at(e, "group", i);
		if (strcmp(account_text(e, at, "name"), group) == 0)
			return account_number(e, at, "gid");
	}
	return -1;
}

static bool has_gid(struct sw_eval *e, const char *file, size_t n, int64_t gid)
{
	for (size_t i = 0; i < n; i++) {
		if (account_number(e, account_at(e, file, i), "gid") == gid)
			return true;
	}
	return false;
}

/* Who else may know groups: words of the line "group:" beside files. */
static const char *other_source(struct sw_eval *e)
{
	const char *sources = setting_of(e, ACCOUNTS "nsswitch", "group", NULL);
	size_t skip;

	for (const char *s = sources ? sources : ""; *s; s += skip) {
		skip = strcspn(s, " \t");
		bool is_files = skip == 5 && strncmp(s, "files", skip) == 0;
		if (skip && !is_files && *s != '[')
			return sw_at(e, "%.*s", (int)skip, s);
		skip += strspn(s + skip, " \t");
	}
	return NULL;
}

static enum sw_verdict primary_groups_exist(struct sw_eval *e)
{
	bool has_more;
	size_t users = accounts_of(e, "passwd"), groups = accounts_of(e, "group");
	size_t more = accounts_count(e, "altfiles-group", &has_more);

	for (size_t i = 0; i < users; i++) {
		const char *at = account_at(e, "passwd", i);
		int64_t gid = account_number(e, at, "gid");
		if (has_gid(e, "group", groups, gid) || has_gid(e, "altfiles-group", more, gid))
			continue;
		const char *name = account_text(e, at, "name"), *other = other_source(e);
		if (other)
			sw_unknown(e,
				   "the group %" PRId64 " of %s is not in /etc/group; %s may "
				   "know it",
				   gid, name, other);
		else
			sw_fail(e, "the group %" PRId64 " of %s does not exist", gid, name);
	}
	return sw_said(e);
}

/* --- members ---------------------------------------------------------------------------------- */

typedef void member_fn(struct sw_eval *e, const char *group, const char *member);

static bool is_listed_in(struct sw_eval *e, const char *file, const char *group, const char *member)
{
	for (size_t i = 0, n = accounts_again(e, file); i < n; i++) {
		const char *at = account_at(e, file, i);
		if (strcmp(account_text(e, at, "name"), group) == 0 &&
		    sw_contains(e, sw_at(e, "%s/members", at), member))
			return true;
	}
	return false;
}

/* Of several sources each may have members of the same group (initgroups(3)). */
static void listed_members(struct sw_eval *e, const char *file, const char *group,
			   member_fn *member)
{
	bool is_first = strcmp(file, "group") == 0;

	for (size_t i = 0, groups = accounts_again(e, file); i < groups; i++) {
		const char *at = account_at(e, file, i);
		if (strcmp(account_text(e, at, "name"), group) != 0)
			continue;
		const char *members = sw_at(e, "%s/members", at);
		for (size_t k = 0, n = sw_count(e, members); k < n; k++) {
			const char *name = sw_str(e, sw_at(e, "%s/%zu", members, k), "");
			if (is_first || !is_listed_in(e, "group", group, name))
				member(e, group, name);
		}
	}
}

static void each_member(struct sw_eval *e, const char *group, int64_t gid, member_fn *member)
{
	size_t users = accounts_again(e, "passwd");

	listed_members(e, "group", group, member);
	listed_members(e, "altfiles-group", group, member);
	for (size_t i = 0; i < users; i++) {
		const char *at = account_at(e, "passwd", i);
		if (account_number(e, at, "gid") == gid)
			member(e, group, account_text(e, at, "name"));
	}
}

static void must_not_be_in(struct sw_eval *e, const char *group, const char *member)
{
	sw_fail(e, "%s is in the group %s", member, group);
}

static enum sw_verdict shadow_group_is_empty(struct sw_eval *e)
{
	int64_t gid = gid_of(e, "shadow");

	accounts_of(e, "passwd");
	if (gid < 0)
		return sw_said(e) == SW_UNKNOWN ? SW_UNKNOWN
						: sw_skip(e, "there is no group shadow");
	each_member(e, "shadow", gid, must_not_be_in);
	return sw_said(e);
}

static void must_be_declared(struct sw_eval *e, const char *group, const char *member)
{
	if (strcmp(member, "root") == 0 || sw_param_lists(e, "admins", member) ||
	    sw_param_lists(e, "admins", sw_at(e, "%s:%s", group, member)))
		return;
	if (sw_param_is_set(e, "admins"))
		sw_fail(e, "%s is in the group %s and not among the declared", member, group);
	else
		sw_warn(e, "%s is in the group %s, which %s", member, group,
			strcmp(group, "adm") == 0 ? "reads the system's logs"
						  : "is as good as root");
}

static bool has_name(struct sw_eval *e, const char *file, const char *name)
{
	for (size_t i = 0, n = accounts_again(e, file); i < n; i++) {
		if (strcmp(account_text(e, account_at(e, file, i), "name"), name) == 0)
			return true;
	}
	return false;
}

/* One of /etc/group was judged with all its members already. */
static void judge_members(struct sw_eval *e, const char *at, bool is_second)
{
	static const char *const groups[] = {
		"docker", "podman", "lxd",   "incus", "incus-admin", "libvirt", "disk",
		"sudo",   "wheel",  "admin", "adm",   "shadow",      "kvm",
	};
	const char *name = account_text(e, at, "name");
	bool is_listed = sw_param_lists(e, "groups", name);

	for (size_t k = 0; k < sizeof(groups) / sizeof(groups[0]); k++)
		is_listed |= strcmp(name, groups[k]) == 0;
	if (is_listed && !(is_second && has_name(e, "group", name)))
		each_member(e, name, account_number(e, at, "gid"), must_be_declared);
}

static enum sw_verdict members_are_declared(struct sw_eval *e)
{
	static const char *const files[] = { "group", "altfiles-group" };
	bool is_there;

	accounts_of(e, "passwd");
	accounts_of(e, "group");
	accounts_count(e, "altfiles-group", &is_there);
	for (size_t f = 0; f < 2; f++) {
		for (size_t i = 0, n = accounts_again(e, files[f]); i < n; i++)
			judge_members(e, account_at(e, files[f], i), f > 0);
	}
	return sw_said(e);
}

/* --- numbers to give to others ------------------------------------------------------------------
 */

enum { SUBID_WANTED = 65536, SYSTEM_IDS = 65536 };

static void judge_range(struct sw_eval *e, const char *file, size_t i)
{
	const char *at = account_at(e, file, i), *name = account_text(e, at, "name");
	int64_t first = account_number(e, at, "first"), count = account_number(e, at, "count");
	bool is_group = strcmp(file, "subgid") == 0;
	const char *own = is_group ? "group" : "passwd", *id = is_group ? "gid" : "uid";

	if (count <= 0)
		return;
	if (first < SYSTEM_IDS)
		sw_fail(e, "/etc/%s gives %s numbers from %" PRId64 ", which are of this host",
			file, name, first);
	for (size_t k = 0, n = accounts_again(e, own); k < n; k++) {
		const char *account = account_at(e, own, k);
		int64_t number = account_number(e, account, id);
		if (number >= first && number < first + count && number >= SYSTEM_IDS)
			sw_fail(e, "/etc/%s gives %s the %s %" PRId64 " of %s", file, name, id,
				number, account_text(e, account, "name"));
	}
	for (size_t k = 0; k < i; k++) {
		const char *other = account_at(e, file, k), *whose = account_text(e, other, "name");
		int64_t start = account_number(e, other, "first");
		int64_t length = account_number(e, other, "count");
		if (strcmp(whose, name) != 0 && first < start + length && start < first + count)
			sw_fail(e, "/etc/%s gives %s and %s the same numbers", file, whose, name);
	}
}

static void wants_range(struct sw_eval *e, const char *file, size_t n, const char *user)
{
	int64_t most = 0;

	for (size_t i = 0; i < n; i++) {
		const char *at = account_at(e, file, i);
		int64_t count = account_number(e, at, "count");
		if (strcmp(account_text(e, at, "name"), user) == 0 && count > most)
			most = count;
	}
	if (most < SUBID_WANTED)
		sw_fail(e, "/etc/%s gives %s %" PRId64 " numbers, not %d", file, user, most,
			SUBID_WANTED);
}

static enum sw_verdict ranges_are_apart(struct sw_eval *e)
{
	static const char *const files[] = { "subuid", "subgid" };
	const char *user = sw_param_str(e, "remapped_user");
	bool is_there, any = false;

	accounts_of(e, "passwd");
	accounts_of(e, "group");
	for (size_t f = 0; f < 2; f++) {
		size_t n = accounts_count(e, files[f], &is_there);
		any |= is_there;
		for (size_t i = 0; i < n; i++)
			judge_range(e, files[f], i);
		if (*user)
			wants_range(e, files[f], n, user);
	}
	if (!any && sw_said(e) == SW_PASS)
		return sw_skip(e, "no user has subordinate numbers");
	return sw_said(e);
}

static const struct sw_param member_params[] = {
	{ "admins", SW_LIST, NULL,
	  "who may be in groups that are as good as root: USER or GROUP:USER" },
	{ "groups", SW_LIST, NULL, "more groups that are as good as root" },
	{ 0 },
};

static const struct sw_param subid_params[] = {
	{ "remapped_user", SW_STRING, "",
	  "who must have 65536 subordinate numbers: dockremap, or the user of a rootless engine" },
	{ 0 },
};

const struct sw_check sw_host_group_checks[] = {
	{
		.id = "host.account.groups_exist",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Every user's primary group exists",
		.why = "Whoever is first to make a group with that number gets the files of the "
		       "users in it.",
		.wanted = "each gid of /etc/passwd in /etc/group",
		.remedy = "groupadd -g GID NAME, or: usermod -g GROUP NAME",
		.fn = primary_groups_exist,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.shadow_group_empty",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Nobody is in the group shadow",
		.why = "Its members read the hashes of all passwords.",
		.wanted = "no members",
		.remedy = "gpasswd -d NAME shadow; of a primary group: usermod -g GROUP NAME",
		.fn = shadow_group_is_empty,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.subid",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "Subordinate uids and gids are nobody else's",
		.why = "Root of a user's container is a subordinate uid of the host: if that is "
		       "another user's, the container is that user.",
		.wanted = "ranges above 65535 that do not overlap",
		.remedy = "Give each user a range of its own in /etc/subuid and /etc/subgid: "
			  "usermod --add-subuids FIRST-LAST --add-subgids FIRST-LAST NAME",
		.fn = ranges_are_apart,
		.params = subid_params,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.docker_group",
		.kind = SW_HOST,
		.severity = SW_HIGH,
		.title = "Members of groups that are as good as root are declared",
		.why = "Whoever may use the engine's socket, a disk or a hypervisor is root with "
		       "one command, without a trace in the log of sudo.",
		.wanted = "only members that the parameter admins lists",
		.remedy = "gpasswd -d NAME GROUP, or declare it: --set admins=NAME",
		.fn = members_are_declared,
		.params = member_params,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{ 0 },
};
