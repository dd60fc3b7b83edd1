/* SPDX-License-Identifier: Apache-2.0 */
/* host_ssh_rows.c: sshd's settings that are words, numbers or times. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "host_common.h"
#include "host_ssh.h"

static const char *value_of(struct sw_eval *e, const struct ssh_rule *r, const struct ssh_scope *s,
			    const char **ret_where)
{
	return ssh_value(e, s, r->keywords[0], r->fallback, ret_where);
}

static void judge_words(struct sw_eval *e, const struct ssh_rule *r, const struct ssh_scope *s)
{
	const char *where = "", *value = value_of(e, r, s, &where);

	if (ssh_is_one_of(value, r->good))
		return;
	if (ssh_is_one_of(value, r->doubtful))
		sw_warn(e, "%s%s is %s%s (%s)", ssh_prefix(e), r->name, value, ssh_for(e, s),
			where);
	else
		sw_fail(e, "%s%s is %s%s (%s)", ssh_prefix(e), r->name, *value ? value : "empty",
			ssh_for(e, s), where);
}

/* Whoever may set some variables may be fine: LANG is, LD_PRELOAD is not. */
static void judge_environment(struct sw_eval *e, const struct ssh_rule *r,
			      const struct ssh_scope *s)
{
	const char *where = "", *value = value_of(e, r, s, &where);

	if (strcasecmp(value, "no") == 0)
		return;
	if (strcasecmp(value, "yes") == 0)
		sw_fail(e, "%s%s is yes%s (%s)", ssh_prefix(e), r->name, ssh_for(e, s), where);
	else
		sw_warn(e, "%susers set %s%s (%s): is none of these loaded by programs?",
			ssh_prefix(e), value, ssh_for(e, s), where);
}

/* "1m30s" and such as seconds (TIME FORMATS of sshd_config(5)); -1 when it is none. */
static int64_t seconds_of(const char *text)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 } };
	int64_t sum = 0;

	if (!*text)
		return -1;
	while (*text) {
		char *end;
		int64_t factor = *text >= '0' && *text <= '9' ? 0 : -1;
		long long n = strtoll(text, &end, 10);
		if (*end == '\0')
			factor = factor < 0 ? -1 : 1;
		for (size_t i = 0; i < sizeof(units) / sizeof(units[0]) && factor == 0; i++)
			if ((*end | 0x20) == units[i].unit)
				factor = units[i].seconds;
		if (factor <= 0 || n < 0 || n > 1000000000 || sum > 1000000000)
			return -1;
		sum += n * factor;
		text = *end ? end + 1 : end;
	}
	return sum;
}

static void judge_number(struct sw_eval *e, const struct ssh_rule *r, const struct ssh_scope *s)
{
	const char *where = "", *value = value_of(e, r, s, &where);
	int64_t n = seconds_of(value);

	if (n < 0)
		sw_unknown(e, "%s%s is %s, which was not understood (%s)", ssh_prefix(e), r->name,
			   value, where);
	else if (n < r->min || n > r->max)
		sw_fail(e, "%s%s is %s%s, not %" PRId64 " to %" PRId64 " (%s)", ssh_prefix(e),
			r->name, value, ssh_for(e, s), r->min, r->max, where);
}

static void judge_grace(struct sw_eval *e, const struct ssh_rule *r, const struct ssh_scope *s)
{
	const char *where = "", *value = value_of(e, r, s, &where);

	if (seconds_of(value) == 0)
		sw_fail(e,
			"%sLoginGraceTime is 0%s, so a login may take for ever (%s); if it was "
			"set against CVE-2024-6387, update OpenSSH instead",
			ssh_prefix(e), ssh_for(e, s), where);
	else
		judge_number(e, r, s);
}

/* Whoever is gone is noticed by questions that stay without answer. */
static void judge_alive(struct sw_eval *e, const struct ssh_rule *r, const struct ssh_scope *s)
{
	const char *where = "", *count_where = "";
	const char *interval = ssh_value(e, s, r->keywords[0], "0", &where);
	const char *count = ssh_value(e, s, r->keywords[1], "3", &count_where);
	int64_t seconds = seconds_of(interval), times = seconds_of(count);

	if (seconds < 0 || times < 0)
		sw_unknown(e,
			   "%sClientAliveInterval %s or ClientAliveCountMax %s was not understood",
			   ssh_prefix(e), interval, count);
	else if (seconds == 0)
		sw_fail(e, "%sClientAliveInterval is 0%s: nobody asks (%s)", ssh_prefix(e),
			ssh_for(e, s), where);
	else if (times == 0)
		sw_fail(e, "%sClientAliveCountMax is 0%s: nobody is dropped since OpenSSH 8.2 (%s)",
			ssh_prefix(e), ssh_for(e, s), count_where);
}

/* "10:30:60", or one number: then all above it are refused. */
static void judge_startups(struct sw_eval *e, const struct ssh_rule *r, const struct ssh_scope *s)
{
	const char *where = "", *value = value_of(e, r, s, &where);
	char *end;
	long start = strtol(value, &end, 10), rate = 100, full = start;

	bool is_good = end != value;
	if (*end == ':') {
		rate = strtol(end + 1, &end, 10);
		is_good &= *end == ':';
		full = is_good ? strtol(end + 1, &end, 10) : 0;
	}
	if (!is_good || *end || start <= 0)
		sw_unknown(e, "%sMaxStartups is %s, which was not understood (%s)", ssh_prefix(e),
			   value, where);
	else if (start > 10 || rate < 30 || full > 60)
		sw_fail(e, "%sMaxStartups is %s%s, more than 10:30:60 (%s)", ssh_prefix(e), value,
			ssh_for(e, s), where);
}

static void judge_protocol(struct sw_eval *e, const struct ssh_rule *r, const struct ssh_scope *s)
{
	const char *where = "", *value = value_of(e, r, s, &where);

	if (strchr(value, '1'))
		sw_fail(e, "%sProtocol is %s%s (%s)", ssh_prefix(e), value, ssh_for(e, s), where);
}

static void judge_passwords(struct sw_eval *e, const struct ssh_rule *r, const struct ssh_scope *s)
{
	static const char *const names[] = { "PasswordAuthentication",
					     "KbdInteractiveAuthentication" };

	for (size_t i = 0; i < 2; i++) {
		const char *where = "", *value = ssh_value(e, s, r->keywords[i], "yes", &where);
		if (strcasecmp(value, "no") != 0)
			sw_fail(e, "%s%s is %s%s (%s)", ssh_prefix(e), names[i], value,
				ssh_for(e, s), where);
	}
}

static enum sw_verdict pam_is_used(struct sw_eval *e)
{
	if (!ssh_is_there(e))
		return sw_said(e);
	if (!sw_bool(e, "@host/sshd/program/pam", true))
		return sw_skip(e, "this sshd is built without PAM");
	return ssh_rule_holds(e);
}

/* --- the table ------------------------------------------------------------------------------- */

#define KEYS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define ROW(slug, level, what, reason, ok, fix, function, ...)                                     \
	{                                                                                          \
		.id = "host.ssh." slug, .kind = SW_HOST, .severity = level, .title = what,         \
		.why = reason, .wanted = ok, .needs = SW_NEEDS_SSHD, .fn = function,               \
		.remedy = fix "\nThe first value counts: put it before others, above Include or "  \
			      "in a file of sshd_config.d that sorts first; then sshd -t && "      \
			      "systemctl reload ssh",                                              \
		.arg = &(const struct ssh_rule){ __VA_ARGS__ },                                    \
	}
#define WORD(slug, level, what, reason, keyword, lower, ok, ...)                                   \
	ROW(slug, level, what, reason, keyword " " ok, keyword " " ok, ssh_rule_holds,             \
	    .keywords = KEYS(lower), .judge = judge_words, .name = keyword, .good = ok,            \
	    __VA_ARGS__)

const struct sw_check sw_host_ssh_checks[] = {
	WORD("root_login", SW_HIGH, "root does not log in over ssh",
	     "Nobody answers for what a shared account does, and root is the name that is tried "
	     "first",
	     "PermitRootLogin", "permitrootlogin", "no", .fallback = "prohibit-password",
	     .doubtful = "prohibit-password|without-password|forced-commands-only"),
	WORD("empty_pw", SW_HIGH, "Accounts without a password cannot log in over ssh",
	     "An account whose password was never set would be open to the network",
	     "PermitEmptyPasswords", "permitemptypasswords", "no", .fallback = "no"),
	WORD("hostbased", SW_MEDIUM, "No login is granted to a whole host",
	     "Who takes over a trusted host has all accounts here", "HostbasedAuthentication",
	     "hostbasedauthentication", "no", .fallback = "no"),
	ROW("rhosts", SW_MEDIUM, "rhosts files are ignored",
	    "A user's .rhosts would open the account to whoever holds a host name",
	    "IgnoreRhosts yes or shosts-only", "IgnoreRhosts yes", ssh_rule_holds,
	    .keywords = KEYS("ignorerhosts"), .judge = judge_words, .name = "IgnoreRhosts",
	    .fallback = "yes", .good = "yes|shosts-only"),
	WORD("gssapi", SW_LOW, "GSSAPI is off in sshd",
	     "It is a great deal of code before the login, for those who have Kerberos",
	     "GSSAPIAuthentication", "gssapiauthentication", "no", .fallback = "no"),
	WORD("x11", SW_LOW, "X11 is not forwarded",
	     "A server that was broken into reaches the screens and keys of who is logged in",
	     "X11Forwarding", "x11forwarding", "no", .fallback = "no"),
	ROW("loglevel", SW_LOW, "sshd logs who came in",
	    "Less leaves out which key was used; DEBUG writes what is private",
	    "LogLevel INFO or VERBOSE", "LogLevel VERBOSE", ssh_rule_holds,
	    .keywords = KEYS("loglevel"), .judge = judge_words, .name = "LogLevel",
	    .fallback = "INFO", .good = "INFO|VERBOSE"),
	ROW("use_pam", SW_LOW, "sshd asks PAM about accounts",
	    "Without PAM expired and locked accounts, limits and failed logins are not seen",
	    "UsePAM yes", "UsePAM yes", pam_is_used, .keywords = KEYS("usepam"),
	    .judge = judge_words, .name = "UsePAM", .fallback = "no", .good = "yes"),
	ROW("user_env", SW_MEDIUM, "Users do not set sshd's environment",
	    "LD_PRELOAD in ~/.ssh/environment gets around what a forced command allows",
	    "PermitUserEnvironment no", "PermitUserEnvironment no", ssh_rule_holds,
	    .keywords = KEYS("permituserenvironment"), .judge = judge_environment,
	    .name = "PermitUserEnvironment", .fallback = "no"),
	ROW("max_auth", SW_LOW, "A connection has few tries at a password",
	    "Each connection that is cut costs a guesser time and leaves a line in the log",
	    "MaxAuthTries 1 to 4", "MaxAuthTries 4", ssh_rule_holds,
	    .keywords = KEYS("maxauthtries"), .judge = judge_number, .name = "MaxAuthTries",
	    .fallback = "6", .min = 1, .max = 4),
	ROW("max_sessions", SW_LOW, "A connection has few sessions",
	    "Sessions of one connection cost memory and need no new login; docker over ssh opens "
	    "one for each stream, so fewer than 10 may starve it",
	    "MaxSessions 1 to 10", "MaxSessions 10", ssh_rule_holds,
	    .keywords = KEYS("maxsessions"), .judge = judge_number, .name = "MaxSessions",
	    .fallback = "10", .min = 1, .max = 10),
	ROW("max_startups", SW_LOW, "Connections that have not logged in are few",
	    "Connections that never log in keep others out; docker over ssh opens one for each "
	    "request: let clients use ControlMaster",
	    "MaxStartups 10:30:60 or less", "MaxStartups 10:30:60", ssh_rule_holds,
	    .keywords = KEYS("maxstartups"), .judge = judge_startups, .name = "MaxStartups",
	    .fallback = "10:30:100"),
	ROW("grace", SW_LOW, "A login is given a minute",
	    "Each connection that has not logged in holds one of few places",
	    "LoginGraceTime 1 to 60 seconds", "LoginGraceTime 60", ssh_rule_holds,
	    .keywords = KEYS("logingracetime"), .judge = judge_grace, .name = "LoginGraceTime",
	    .fallback = "120", .min = 1, .max = 60),
	ROW("alive", SW_LOW, "Dead sessions are dropped",
	    "A session whose client is gone stays open, with the rights of who used it",
	    "ClientAliveInterval and ClientAliveCountMax above 0",
	    "ClientAliveInterval 15\nClientAliveCountMax 3", ssh_rule_holds,
	    .keywords = KEYS("clientaliveinterval", "clientalivecountmax"), .judge = judge_alive),
	ROW("protocol", SW_LOW, "Protocol 1 is not spoken",
	    "Its integrity check was broken in 1998; OpenSSH has none of it since 7.6",
	    "no Protocol line with 1", "remove the Protocol line", ssh_rule_holds,
	    .keywords = KEYS("protocol"), .judge = judge_protocol, .name = "Protocol",
	    .fallback = "2"),
	ROW("password_auth", SW_MEDIUM, "Nobody logs in over ssh by a password",
	    "Passwords are guessed and used twice; keys are not. Keyboard-interactive asks for "
	    "the same password by PAM",
	    "PasswordAuthentication no and KbdInteractiveAuthentication no",
	    "PasswordAuthentication no\nKbdInteractiveAuthentication no", ssh_rule_holds,
	    .keywords = KEYS("passwordauthentication", "kbdinteractiveauthentication"),
	    .judge = judge_passwords),
	{ 0 },
};
