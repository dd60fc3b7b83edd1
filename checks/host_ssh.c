/* SPDX-License-Identifier: Apache-2.0 */
/* host_ssh.c: see host_ssh.h. */
#include "host_ssh.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "host_common.h"

#define SSHD "@host/sshd"

bool ssh_is_there(struct sw_eval *e)
{
	size_t n = sw_count(e, SSHD "/files");
	bool is_read = false;

	if (!sw_has(e, SSHD "/program")) {
		sw_skip(e, "no sshd is installed");
		return false;
	}
	for (size_t i = 0; i < n && !is_read; i++)
		is_read = strcmp(sw_str(e, sw_at(e, SSHD "/files/%zu/state", i), ""), "read") == 0;
	if (!is_read)
		sw_unknown(e, "no configuration of sshd was found");
	if (!sw_has(e, SSHD "/settings"))
		sw_unknown(e, "sshd's settings were not told");
	return true;
}

const char *ssh_version(struct sw_eval *e)
{
	const char *version = sw_str(e, SSHD "/program/version", "");

	if (!*version)
		sw_unknown(e, "which version of OpenSSH it is could not be told");
	return version;
}

const char *ssh_prefix(struct sw_eval *e)
{
	return host_is_running(e) ? "" : "configured: ";
}

bool ssh_is_one_of(const char *value, const char *list)
{
	size_t n = strlen(value);

	while (list && *list) {
		size_t length = strcspn(list, "|");
		if (length == n && strncasecmp(list, value, n) == 0)
			return true;
		list += length + (list[length] == '|');
	}
	return false;
}

static const char *place(struct sw_eval *e, const char *setting)
{
	return sw_at(e, "%s:%" PRId64, sw_str(e, sw_at(e, "%s/file", setting), "?"),
		     sw_int(e, sw_at(e, "%s/line", setting), 0));
}

/* The one that counts; a later one that says something else is worth a word. */
static const char *place_of_first(struct sw_eval *e, const char *list)
{
	const char *first = sw_at(e, "%s/0", list), *second = sw_at(e, "%s/1", list);
	const char *value = sw_str(e, sw_at(e, "%s/value", first), "");

	if (sw_count(e, list) < 2 ||
	    strcasecmp(value, sw_str(e, sw_at(e, "%s/value", second), "")) == 0)
		return place(e, first);
	return sw_at(e, "%s, which comes before %s", place(e, first), place(e, second));
}

static const char *first_in(struct sw_eval *e, const char *settings, const char *keyword,
			    const char **ret_where)
{
	const char *list = sw_at(e, "%s/%s", settings, keyword);

	if (!sw_has(e, list))
		return NULL;
	if (ret_where)
		*ret_where = place_of_first(e, list);
	return sw_str(e, sw_at(e, "%s/0/value", list), "");
}

/* Does Match all say it? That overrides the command line too (tried with OpenSSH 10.0). */
static bool is_matched_by_all(struct sw_eval *e, const char *keyword)
{
	return sw_is_known(e, sw_at(e, SSHD "/settings/%s/0/match", keyword));
}

/* Options on the command line come before the files (sshd(8)); of one that does not run those that
 * its unit gives. */
static const char *on_command_line(struct sw_eval *e, const char *keyword)
{
	if (!sw_has(e, SSHD "/running"))
		return NULL;
	const char *list = sw_at(e, SSHD "/running/options/%s", keyword);
	if (!sw_has(e, list))
		return NULL;
	return sw_str(e, sw_at(e, "%s/0/value", list), "");
}

const char *ssh_value(struct sw_eval *e, const struct ssh_scope *s, const char *keyword,
		      const char *fallback, const char **ret_where)
{
	const char *found = s->settings ? first_in(e, s->settings, keyword, ret_where) : NULL;

	if (found)
		return found;
	if (!is_matched_by_all(e, keyword))
		found = on_command_line(e, keyword);
	if (found && ret_where)
		*ret_where = "sshd's command line";
	if (!found)
		found = first_in(e, SSHD "/settings", keyword, ret_where);
	if (found)
		return found;
	if (ret_where)
		*ret_where = "OpenSSH's default";
	return fallback;
}

const char *ssh_for(struct sw_eval *e, const struct ssh_scope *s)
{
	return s->settings ? sw_at(e, " for Match %s", s->criteria) : "";
}

static bool match_speaks_of(struct sw_eval *e, const struct ssh_rule *r, const char *settings)
{
	for (const char *const *k = r->keywords; *k; k++)
		if (sw_has(e, sw_at(e, "%s/%s", settings, *k)))
			return true;
	return false;
}

enum sw_verdict ssh_rule_holds(struct sw_eval *e)
{
	const struct ssh_rule *r = sw_arg(e);
	struct ssh_scope all = { NULL, NULL };
	size_t n = sw_count(e, SSHD "/matches");

	if (!ssh_is_there(e))
		return sw_said(e);
	r->judge(e, r, &all);
	if (!sw_has(e, SSHD "/matches"))
		sw_unknown(e, "the Match blocks of sshd_config were not told");
	if (n > SSH_MATCHES_MAX)
		sw_unknown(e, "there are more than %d Match blocks", SSH_MATCHES_MAX);
	for (size_t i = 0; i < n && i < SSH_MATCHES_MAX; i++) {
		struct ssh_scope s = {
			.settings = sw_at(e, SSHD "/matches/%zu/settings", i),
			.criteria = sw_str(e, sw_at(e, SSHD "/matches/%zu/criteria", i), "?"),
		};
		if (match_speaks_of(e, r, s.settings))
			r->judge(e, r, &s);
	}
	if (sw_said(e) == SW_PASS && !host_is_running(e))
		return sw_pass(e, "configured");
	return sw_said(e);
}
