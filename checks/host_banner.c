/* SPDX-License-Identifier: Apache-2.0 */
/* host_banner.c: what whoever comes to a login is told of the system. */
#include <string.h>

#include "host_accounts.h"

static void judge_file(struct sw_eval *e, const char *path, const char *at)
{
	const char *tells = sw_at(e, "%s/tells", at);

	for (size_t i = 0, n = sw_count(e, tells); i < n; i++)
		sw_fail(e, "%s tells which system it is: %s", path,
			sw_str(e, sw_at(e, "%s/%zu", tells, i), ""));
}

/* Judges all files of a banner; how many are there with something in them. */
static size_t judge_files(struct sw_eval *e, const char *banner)
{
	const char *files = sw_at(e, ACCOUNTS "banners/%s", banner);
	size_t n = sw_count(e, files), filled = 0;

	for (size_t i = 0; i < n; i++) {
		const char *path = sw_key(e, files, i);
		const char *at = sw_at(e, "%s/%s", files, sw_esc(e, path));
		filled += !sw_bool(e, sw_at(e, "%s/empty", at), false);
		judge_file(e, path, at);
	}
	return filled;
}

static enum sw_verdict banner_warns(struct sw_eval *e)
{
	const char *banner = sw_arg(e);

	if (judge_files(e, banner) == 0 && sw_said(e) == SW_PASS)
		return sw_fail(e, "there is no text");
	return sw_said(e);
}

static enum sw_verdict motd_tells_nothing(struct sw_eval *e)
{
	size_t scripts = sw_count(e, ACCOUNTS "banners/scripts");

	judge_files(e, "motd");
	if (scripts > 0)
		sw_warn(e,
			"%zu programs of /etc/update-motd.d write to it at each login; see what "
			"they tell: run-parts /etc/update-motd.d",
			scripts);
	return sw_said(e);
}

#define ROW(name, what, because, want, how, function, file)                                        \
	{                                                                                          \
		.id = "host.banner." name, .kind = SW_HOST, .severity = SW_LOW, .title = what,     \
		.why = because, .wanted = want, .remedy = how, .fn = function, .arg = file,        \
		.needs = SW_NEEDS_ACCOUNTS,                                                        \
	}

const struct sw_check sw_host_banner_checks[] = {
	ROW("motd", "The message of the day does not tell which system it is",
	    "Name and version save whoever came in the work of finding out what is open.",
	    "no \\m \\r \\s \\v, no name of the system", "Take it out of /etc/motd",
	    motd_tells_nothing, NULL),
	ROW("issue", "A text warns before login at the console",
	    "Without a word of who may come in, law may hold that all may.",
	    "a text without \\m \\r \\s \\v and the system's name",
	    "echo 'Authorized users only. All activity is logged.' > /etc/issue", banner_warns,
	    "issue"),
	ROW("issue_net", "A text warns before login from the network",
	    "Without a word of who may come in, law may hold that all may. (sshd shows it with "
	    "Banner /etc/issue.net.)",
	    "a text without \\m \\r \\s \\v and the system's name",
	    "echo 'Authorized users only. All activity is logged.' > /etc/issue.net", banner_warns,
	    "issue-net"),
	{ 0 },
};
