/* SPDX-License-Identifier: Apache-2.0 */
/* host_rsyslog.c: rsyslog and logrotate: what they write, send, and listen to. */
#include <string.h>

#include "host_log.h"

static bool has_rsyslog(struct sw_eval *e)
{
	if (sw_has(e, LOG_RSYSLOG "/program"))
		return true;
	sw_skip(e, "rsyslog is not installed");
	return false;
}

static enum sw_verdict rsyslog_is_started(struct sw_eval *e)
{
	if (!has_rsyslog(e))
		return SW_SKIP;
	if (!log_uses_rsyslog(e))
		return sw_fail(e, "%sno boot starts rsyslog", host_configured(e));
	if (host_is_running(e) &&
	    !sw_bool(e, LOG_SERVICE(LOG_RSYSLOG, "rsyslog.service") "/active", false))
		return sw_fail(e, "rsyslog does not run");
	return log_well(e);
}

/* How many of a kind there are in rsyslog's configuration. */
static size_t rsyslog_count(struct sw_eval *e, const char *kind)
{
	if (!sw_has(e, LOG_RSYSLOG "/conf/settings") || sw_count(e, LOG_RSYSLOG "/conf/files") == 0)
		sw_unknown(e, "no configuration of rsyslog was found");
	size_t n = sw_count(e, sw_at(e, LOG_RSYSLOG "/conf/settings/%s", kind));
	if (n > LOG_LISTED_MAX)
		sw_unknown(e, "there are more than %d of %s", LOG_LISTED_MAX, kind);
	return n < LOG_LISTED_MAX ? n : LOG_LISTED_MAX;
}

static const char *rsyslog_at(struct sw_eval *e, const char *kind, size_t i, const char *member)
{
	return sw_str(e, sw_at(e, LOG_RSYSLOG "/conf/settings/%s/%zu/%s", kind, i, member), "");
}

/* What rsyslog's own mask, else that of its unit, takes from the modes of what it makes. */
static unsigned rsyslog_mask(struct sw_eval *e)
{
	size_t n = sw_count(e, LOG_RSYSLOG "/conf/settings/umask");

	if (n > 0)
		return log_mode(e, rsyslog_at(e, "umask", n - 1, "value"));
	if (sw_has(e, LOG_RSYSLOG "/umask"))
		return log_mode(e, sw_str(e, LOG_RSYSLOG "/umask", "0"));
	return 0;
}

static enum sw_verdict rsyslog_files_are_closed(struct sw_eval *e)
{
	if (!has_rsyslog(e))
		return SW_SKIP;
	size_t n = rsyslog_count(e, "output");
	unsigned mask = rsyslog_mask(e);
	if (sw_said(e) == SW_UNKNOWN)
		return SW_UNKNOWN;
	for (size_t i = 0; i < n; i++) {
		const char *path = rsyslog_at(e, "output", i, "value");
		const char *mode = rsyslog_at(e, "output", i, "mode");
		bool is_device = strncmp(path, "/dev/", 5) == 0;
		if (!is_device && log_mode(e, mode) & ~mask & ~0640u)
			sw_fail(e, "%s%s is made with mode %s", host_configured(e), path, mode);
	}
	return log_well(e);
}

/* Is s among the n bytes of a list with commas? */
static bool is_listed(const char *list, size_t n, const char *s)
{
	for (size_t i = 0; i < n;) {
		size_t length = strcspn(list + i, ",.;");
		if (length == strlen(s) && strncmp(list + i, s, length) == 0)
			return true;
		i += length + 1;
	}
	return false;
}

/* "auth,authpriv.*;cron.none": the parts are taken one after the other, the last that fits wins. */
static bool takes_logins(const char *selector)
{
	bool takes = *selector == '\0';

	while (*selector) {
		size_t n = strcspn(selector, ";"), dot = strcspn(selector, ".");
		bool fits = dot < n &&
			    (is_listed(selector, dot, "auth") ||
			     is_listed(selector, dot, "authpriv") || is_listed(selector, dot, "*"));
		if (fits)
			takes = strncmp(selector + dot, ".none", 5) != 0;
		selector += n + (selector[n] == ';');
	}
	return takes;
}

static enum sw_verdict rsyslog_has_rules(struct sw_eval *e)
{
	bool has_auth = false;

	if (!has_rsyslog(e))
		return SW_SKIP;
	size_t n = rsyslog_count(e, "output"), m = rsyslog_count(e, "remote");
	if (sw_said(e) == SW_UNKNOWN)
		return SW_UNKNOWN;
	if (n + m == 0)
		return sw_fail(e, "%srsyslog writes to no file and no host", host_configured(e));
	for (size_t i = 0; i < n + m; i++) {
		const char *s = i < n ? rsyslog_at(e, "output", i, "selector")
				      : rsyslog_at(e, "remote", i - n, "selector");
		has_auth |= takes_logins(s);
	}
	if (!has_auth)
		return sw_warn(e, "%sno rule was found for logins (auth, authpriv)",
			       host_configured(e));
	return log_well(e);
}

static enum sw_verdict rsyslog_sends(struct sw_eval *e)
{
	if (!has_rsyslog(e))
		return SW_SKIP;
	if (!log_uses_rsyslog(e))
		return sw_skip(e, "rsyslog is not used");
	return rsyslog_count(e, "remote") > 0
		       ? log_well(e)
		       : sw_warn(e, "%srsyslog sends to no other host", host_configured(e));
}

static bool is_loopback(const char *address)
{
	return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0 ||
	       strcmp(address, "localhost") == 0;
}

static enum sw_verdict rsyslog_does_not_listen(struct sw_eval *e)
{
	static const char kinds[] = "imtcp|imudp|imptcp|imrelp|imdtls|imhttp|im3195|imgssapi";

	if (!has_rsyslog(e))
		return SW_SKIP;
	size_t n = rsyslog_count(e, "input");
	for (size_t i = 0; i < n; i++) {
		const char *type = rsyslog_at(e, "input", i, "value");
		const char *address = rsyslog_at(e, "input", i, "address");
		if (!log_is_one_of(type, kinds))
			continue;
		if (is_loopback(address) && host_has_engine(e))
			sw_pass(e, "%slistens on %s only, as the log driver syslog may need it",
				host_configured(e), address);
		else
			sw_fail(e, "%s%s listens on %s", host_configured(e), type,
				*address ? address : "all addresses");
	}
	return log_well(e);
}

static enum sw_verdict logs_are_rotated(struct sw_eval *e)
{
	if (!sw_has(e, LOG_RSYSLOG "/logrotate"))
		return sw_has(e, LOG_RSYSLOG "/program")
			       ? sw_fail(e, "%sthere is no logrotate.conf", host_configured(e))
			       : sw_skip(e, "neither rsyslog nor logrotate is set up");
	if (sw_has(e, LOG_RSYSLOG "/logrotate-cron"))
		return log_well(e);
	if (!log_boots_start(e, LOG_SERVICE(LOG_RSYSLOG, "logrotate.timer")))
		return sw_fail(e, "%snothing starts logrotate", host_configured(e));
	return log_well(e);
}

const struct sw_check sw_host_rsyslog_checks[] = {
	LOG_ROW("rsyslog", SW_LOW, rsyslog_is_started, "rsyslog, where installed, is started",
		"Installed but not started, it writes nothing of what is expected in /var/log.",
		"boots start rsyslog", "systemctl enable --now rsyslog    # or remove it"),
	LOG_ROW("rsyslog_mode", SW_LOW, rsyslog_files_are_closed,
		"rsyslog makes its files closed to other users",
		"Logs tell names, addresses and mistyped passwords.",
		"0640 or less at each action that writes a file",
		"$FileCreateMode 0640 in /etc/rsyslog.conf before the first rule"),
	LOG_ROW("rsyslog_rules", SW_LOW, rsyslog_has_rules, "rsyslog has rules, also for logins",
		"What no rule takes is dropped.", "rules that write auth and authpriv",
		"auth,authpriv.* /var/log/auth.log in /etc/rsyslog.conf"),
	LOG_ROW("rsyslog_remote", SW_LOW, rsyslog_sends, "rsyslog sends to another host",
		"An intruder can wipe the logs of the host, not those on another.",
		"an action of omfwd or omrelp, or @@host",
		"*.* action(type=\"omfwd\" target=\"logs.example\" port=\"6514\" protocol=\"tcp\") "
		"in "
		"/etc/rsyslog.d/60-remote.conf"),
	LOG_ROW("rsyslog_nolisten", SW_MEDIUM, rsyslog_does_not_listen,
		"rsyslog takes no logs of others",
		"Anyone on the network can write lines into the logs, or fill the disk.",
		"no imtcp, imudp, imptcp or imrelp; on a loopback address where containers run",
		"Remove the input from /etc/rsyslog.conf and /etc/rsyslog.d"),
	LOG_ROW("logrotate", SW_LOW, logs_are_rotated, "Log files are rotated",
		"Files that only grow fill the file system; logs of containers are not among those "
		"that "
		"logrotate knows.",
		"logrotate.conf, and a timer or a daily job",
		"apt-get install logrotate && systemctl enable --now logrotate.timer"),
	{ 0 },
};
