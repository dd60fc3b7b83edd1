/* SPDX-License-Identifier: Apache-2.0 */
/* host_log.c: the journal and rsyslog: are logs kept, sent away, and closed to others? */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "host_common.h"

#define JOURNALD               "@host/journald"
#define RSYSLOG                "@host/rsyslog"
#define SERVICE(section, unit) section "/services/" unit

enum { LISTED_MAX = 300 };

/* --- what the checks share
 * ------------------------------------------------------------------------
 */

static bool is_one_of(const char *value, const char *list)
{
	size_t n = strlen(value);

	while (*list) {
		size_t length = strcspn(list, "|");
		if (length == n && strncasecmp(list, value, n) == 0)
			return true;
		list += length + (list[length] == '|');
	}
	return false;
}

/* As systemd reads a boolean. */
static bool is_yes(const char *value)
{
	return is_one_of(value, "1|yes|y|true|t|on");
}

static bool is_no(const char *value)
{
	return is_one_of(value, "0|no|n|false|f|off");
}

static bool has_journald(struct sw_eval *e)
{
	if (sw_has(e, JOURNALD "/program"))
		return true;
	sw_skip(e, "this host has no journald");
	return false;
}

static bool has_rsyslog(struct sw_eval *e)
{
	if (sw_has(e, RSYSLOG "/program"))
		return true;
	sw_skip(e, "rsyslog is not installed");
	return false;
}

static bool boots_start(struct sw_eval *e, const char *service)
{
	return !sw_bool(e, sw_at(e, "%s/masked", service), false) &&
	       sw_bool(e, sw_at(e, "%s/wanted", service), false);
}

/* Does rsyslog write this host's logs? */
static bool uses_rsyslog(struct sw_eval *e)
{
	return sw_has(e, RSYSLOG "/program") && boots_start(e, SERVICE(RSYSLOG, "rsyslog.service"));
}

/* The value in force of a setting of journald.conf, "" when it is not set. */
static const char *journal_setting(struct sw_eval *e, const char *conf, const char *key)
{
	const char *list = sw_at(e, JOURNALD "/%s/settings/%s", conf, sw_esc(e, key));

	if (!sw_has(e, sw_at(e, JOURNALD "/%s/settings", conf)))
		sw_unknown(e, "the settings of %s were not told", conf);
	return sw_has(e, list) ? sw_str(e, sw_at(e, "%s/0/value", list), "") : "";
}

static enum sw_verdict well(struct sw_eval *e)
{
	if (sw_said(e) == SW_PASS && !host_is_running(e))
		return sw_pass(e, "configured");
	return SW_PASS;
}

/* --- the journal
 * ----------------------------------------------------------------------------------
 */

static enum sw_verdict journald_is_active(struct sw_eval *e)
{
	const char *service = SERVICE(JOURNALD, "systemd-journald.service");

	if (!has_journald(e))
		return SW_SKIP;
	if (sw_bool(e, sw_at(e, "%s/masked", service), false))
		return sw_fail(e, "%ssystemd-journald.service is masked", host_configured(e));
	if (!sw_has(e, sw_at(e, "%s/path", service)))
		return sw_fail(e, "%sthere is no systemd-journald.service", host_configured(e));
	if (host_is_running(e) && !sw_bool(e, sw_at(e, "%s/active", service), false))
		return sw_fail(e, "journald does not run");
	return well(e);
}

/* "2755", "~2755", ":0640"; "-" leaves it as it is. */
static unsigned mode_of(struct sw_eval *e, const char *text)
{
	text += strspn(text, "~:");
	if (*text == '\0' || strcmp(text, "-") == 0)
		return 0;
	if (text[strspn(text, "01234567")] || strlen(text) > 5) {
		sw_unknown(e, "%s is no mode", text);
		return 0;
	}
	return (unsigned)strtoul(text, NULL, 8);
}

static enum sw_verdict journal_is_closed(struct sw_eval *e)
{
	const char *list = JOURNALD "/tmpfiles/settings/journal";

	if (!has_journald(e))
		return SW_SKIP;
	if (!sw_has(e, JOURNALD "/tmpfiles/settings"))
		return sw_unknown(e, "tmpfiles.d was not told");
	size_t n = sw_count(e, list);
	for (size_t i = 0; i < n && i < LISTED_MAX; i++) {
		const char *one = sw_at(e, "%s/%zu", list, i);
		const char *path = sw_str(e, sw_at(e, "%s/value", one), "");
		const char *name = strrchr(path, '.');
		bool is_file = name && strcmp(name, ".journal") == 0;
		unsigned mode = mode_of(e, sw_str(e, sw_at(e, "%s/mode", one), ""));
		/* systemd's own tmpfiles.d has 2755 for folders and 0640 for files. */
		if (mode & ~(is_file ? 0640u : 02755u))
			sw_fail(e, "%s%s gets mode %04o (%s:%" PRId64 ")", host_configured(e), path,
				mode, sw_str(e, sw_at(e, "%s/file", one), ""),
				sw_int(e, sw_at(e, "%s/line", one), 0));
	}
	if (n > LISTED_MAX)
		sw_unknown(e, "there are more than %d lines about the journal", LISTED_MAX);
	return well(e);
}

static enum sw_verdict journal_is_bounded(struct sw_eval *e)
{
	static const char *const keys[] = { "Journal/SystemMaxUse", "Journal/SystemKeepFree",
					    "Journal/RuntimeMaxUse", "Journal/RuntimeKeepFree",
					    "Journal/MaxFileSec" };
	size_t set = 0;

	if (!has_journald(e))
		return SW_SKIP;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		set += *journal_setting(e, "conf", keys[i]) != '\0';
	return set > 0 ? well(e)
		       : sw_warn(e,
				 "%snothing is set: the journal takes a tenth of its file system, "
				 "4 GiB at most",
				 host_configured(e));
}

static enum sw_verdict journal_is_compressed(struct sw_eval *e)
{
	if (!has_journald(e))
		return SW_SKIP;
	const char *value = journal_setting(e, "conf", "Journal/Compress");
	/* A number is a size from which on it compresses (journald.conf(5)); only 0 and words mean
	 * no. */
	return is_no(value) ? sw_fail(e, "%sCompress=%s", host_configured(e), value) : well(e);
}

static enum sw_verdict journal_is_kept(struct sw_eval *e)
{
	if (!has_journald(e))
		return SW_SKIP;
	const char *value = journal_setting(e, "conf", "Journal/Storage");
	if (is_one_of(value, "persistent"))
		return well(e);
	if (*value && !is_one_of(value, "auto"))
		return sw_fail(e, "%sStorage=%s", host_configured(e), value);
	if (sw_bool(e, JOURNALD "/folder/exists", false))
		return well(e);
	return sw_fail(e, "%sStorage is auto and /var/log/journal is not there: a reboot loses all",
		       host_configured(e));
}

/* --- one system, and others ----------------------------------------------------------------------
 */

static enum sw_verdict one_system_is_used(struct sw_eval *e)
{
	bool uploads = sw_has(e, JOURNALD "/program") &&
		       boots_start(e, SERVICE(JOURNALD, "systemd-journal-upload.service"));

	if (uploads && uses_rsyslog(e) && sw_count(e, RSYSLOG "/conf/settings/remote") > 0)
		return sw_warn(e, "%sboth rsyslog and systemd-journal-upload send logs away",
			       host_configured(e));
	if (!sw_has(e, JOURNALD "/program") && !uses_rsyslog(e))
		return sw_warn(e, "%sneither journald nor rsyslog is used; is there another?",
			       host_configured(e));
	return well(e);
}

static enum sw_verdict journal_is_sent(struct sw_eval *e)
{
	static const char *const keys[] = { "Upload/ServerKeyFile", "Upload/ServerCertificateFile",
					    "Upload/TrustedCertificateFile" };

	if (!has_journald(e))
		return SW_SKIP;
	if (uses_rsyslog(e))
		return sw_skip(e, "rsyslog is the system that is used");
	const char *url = journal_setting(e, "upload", "Upload/URL");
	if (*url == '\0')
		return sw_fail(e, "%sno URL is set in journal-upload.conf: logs stay on this host",
			       host_configured(e));
	if (strncasecmp(url, "http://", 7) == 0)
		sw_fail(e, "%slogs are sent in the clear (URL=http://…)", host_configured(e));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (*journal_setting(e, "upload", keys[i]) == '\0')
			sw_fail(e, "%s%s is not set", host_configured(e), keys[i] + 7);
	if (!boots_start(e, SERVICE(JOURNALD, "systemd-journal-upload.service")))
		sw_fail(e, "%sno boot starts systemd-journal-upload", host_configured(e));
	return well(e);
}

static enum sw_verdict journal_is_not_received(struct sw_eval *e)
{
	static const char *const units[] = { "systemd-journal-remote.service",
					     "systemd-journal-remote.socket" };

	if (!has_journald(e))
		return SW_SKIP;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		const char *service = sw_at(e, JOURNALD "/services/%s", units[i]);
		if (!sw_has(e, sw_at(e, "%s/path", service)))
			continue;
		if (boots_start(e, service))
			sw_fail(e, "%sboots start %s", host_configured(e), units[i]);
		/* The control group of a socket is empty while nobody connects. */
		else if (i == 0 && host_is_running(e) &&
			 sw_bool(e, sw_at(e, "%s/active", service), false))
			sw_fail(e, "%s runs", units[i]);
	}
	return well(e);
}

static bool loads_imjournal(struct sw_eval *e)
{
	const char *list = RSYSLOG "/conf/settings/module";
	size_t n = sw_count(e, list);

	for (size_t i = 0; i < n && i < LISTED_MAX; i++)
		if (strncmp(sw_str(e, sw_at(e, "%s/%zu/value", list, i), ""), "imjournal", 9) == 0)
			return true;
	return false;
}

static enum sw_verdict forwarding_fits(struct sw_eval *e)
{
	if (!has_journald(e))
		return SW_SKIP;
	bool uses = uses_rsyslog(e);
	if (uses && loads_imjournal(e))
		return sw_pass(e, "rsyslog reads the journal itself (imjournal)");
	const char *value = journal_setting(e, "conf", "Journal/ForwardToSyslog");
	if (*value == '\0')
		return sw_warn(e,
			       "%sForwardToSyslog is not set: what is built in differs between "
			       "distributions",
			       host_configured(e));
	if (uses && !is_yes(value))
		return sw_fail(e,
			       "%srsyslog is used and gets nothing from the journal "
			       "(ForwardToSyslog=%s)",
			       host_configured(e), value);
	if (!uses && !is_no(value))
		return sw_fail(e,
			       "%sthe journal forwards to a syslog that is not used "
			       "(ForwardToSyslog=%s)",
			       host_configured(e), value);
	return well(e);
}

/* --- rsyslog
 * -------------------------------------------------------------------------------------- */

static enum sw_verdict rsyslog_is_started(struct sw_eval *e)
{
	if (!has_rsyslog(e))
		return SW_SKIP;
	if (!uses_rsyslog(e))
		return sw_fail(e, "%sno boot starts rsyslog", host_configured(e));
	if (host_is_running(e) && !sw_bool(e, SERVICE(RSYSLOG, "rsyslog.service") "/active", false))
		return sw_fail(e, "rsyslog does not run");
	return well(e);
}

/* How many of a kind there are in rsyslog's configuration. */
static size_t rsyslog_count(struct sw_eval *e, const char *kind)
{
	if (!sw_has(e, RSYSLOG "/conf/settings") || sw_count(e, RSYSLOG "/conf/files") == 0)
		sw_unknown(e, "no configuration of rsyslog was found");
	size_t n = sw_count(e, sw_at(e, RSYSLOG "/conf/settings/%s", kind));
	if (n > LISTED_MAX)
		sw_unknown(e, "there are more than %d of %s", LISTED_MAX, kind);
	return n < LISTED_MAX ? n : LISTED_MAX;
}

static const char *rsyslog_at(struct sw_eval *e, const char *kind, size_t i, const char *member)
{
	return sw_str(e, sw_at(e, RSYSLOG "/conf/settings/%s/%zu/%s", kind, i, member), "");
}

static enum sw_verdict rsyslog_files_are_closed(struct sw_eval *e)
{
	if (!has_rsyslog(e))
		return SW_SKIP;
	size_t n = rsyslog_count(e, "output");
	for (size_t i = 0; i < n; i++) {
		const char *path = rsyslog_at(e, "output", i, "value");
		const char *mode = rsyslog_at(e, "output", i, "mode");
		bool is_device = strncmp(path, "/dev/", 5) == 0;
		if (!is_device && mode_of(e, mode) & ~0640u)
			sw_fail(e, "%s%s is made with mode %s", host_configured(e), path, mode);
	}
	return well(e);
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
	return well(e);
}

static enum sw_verdict rsyslog_sends(struct sw_eval *e)
{
	if (!has_rsyslog(e))
		return SW_SKIP;
	if (!uses_rsyslog(e))
		return sw_skip(e, "rsyslog is not used");
	return rsyslog_count(e, "remote") > 0
		       ? well(e)
		       : sw_warn(e, "%srsyslog sends to no other host", host_configured(e));
}

static bool is_loopback(const char *address)
{
	return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0 ||
	       strcmp(address, "localhost") == 0;
}

static enum sw_verdict rsyslog_does_not_listen(struct sw_eval *e)
{
	static const char kinds[] = "imtcp|imudp|imptcp|imrelp";

	if (!has_rsyslog(e))
		return SW_SKIP;
	size_t n = rsyslog_count(e, "input");
	for (size_t i = 0; i < n; i++) {
		const char *type = rsyslog_at(e, "input", i, "value");
		const char *address = rsyslog_at(e, "input", i, "address");
		if (!is_one_of(type, kinds))
			continue;
		if (is_loopback(address) && host_has_engine(e))
			sw_pass(e, "%slistens on %s only, as the log driver syslog may need it",
				host_configured(e), address);
		else
			sw_fail(e, "%s%s listens on %s", host_configured(e), type,
				*address ? address : "all addresses");
	}
	return well(e);
}

static enum sw_verdict logs_are_rotated(struct sw_eval *e)
{
	if (!sw_has(e, RSYSLOG "/logrotate"))
		return sw_has(e, RSYSLOG "/program")
			       ? sw_fail(e, "%sthere is no logrotate.conf", host_configured(e))
			       : sw_skip(e, "neither rsyslog nor logrotate is set up");
	if (sw_has(e, RSYSLOG "/logrotate-cron"))
		return well(e);
	if (!boots_start(e, SERVICE(RSYSLOG, "logrotate.timer")))
		return sw_fail(e, "%snothing starts logrotate", host_configured(e));
	return well(e);
}

/* --- the rows
 * ------------------------------------------------------------------------------------- */

#define ROW(id_, severity_, fn_, title_, why_, wanted_, remedy_)                                   \
	{                                                                                          \
		.id = "host.log." id_, .kind = SW_HOST, .severity = severity_, .title = title_,    \
		.why = why_, .wanted = wanted_, .remedy = remedy_, .fn = fn_,                      \
		.params = host_role_params, .needs = SW_NEEDS_LOGGING                              \
	}
#define IN_JOURNALD "In /etc/systemd/journald.conf.d/60-local.conf below [Journal]:\n"

const struct sw_check sw_host_log_checks[] = {
	ROW("journald", SW_MEDIUM, journald_is_active, "The journal runs",
	    "Services write to the journal first; without it their words are lost.",
	    "systemd-journald runs and is not masked", "systemctl unmask systemd-journald.service"),
	ROW("journal_access", SW_LOW, journal_is_closed, "The journal is closed to other users",
	    "Logs tell names, addresses and mistyped passwords.",
	    "tmpfiles.d gives files 0640 or less, folders 2755 or less",
	    "Remove the line from /etc/tmpfiles.d, or give it the mode of "
	    "/usr/lib/tmpfiles.d/systemd.conf"),
	ROW("journal_rotation", SW_LOW, journal_is_bounded, "The journal's size is decided on",
	    "Containers that log to the journal fill it fast; what is old is then gone.",
	    "SystemMaxUse, SystemKeepFree, RuntimeMaxUse, RuntimeKeepFree or MaxFileSec set",
	    IN_JOURNALD "SystemMaxUse=1G"),
	ROW("single", SW_LOW, one_system_is_used, "One logging system is used",
	    "Two that send the same logs cost twice, and neither is looked after.",
	    "not both rsyslog and systemd-journal-upload send logs",
	    "systemctl disable --now systemd-journal-upload    # or rsyslog"),
	ROW("remote_upload", SW_LOW, journal_is_sent, "The journal is sent to another host",
	    "An intruder can wipe the logs of the host, not those on another.",
	    "URL and certificates in journal-upload.conf, and boots start "
	    "systemd-journal-upload",
	    "Set URL=https://…, ServerKeyFile, ServerCertificateFile and TrustedCertificateFile in "
	    "/etc/systemd/journal-upload.conf, then systemctl enable --now systemd-journal-upload"),
	ROW("remote_receive", SW_MEDIUM, journal_is_not_received,
	    "The host takes no journals of others",
	    "A listener for logs is one more way in, and can be filled from outside.",
	    "systemd-journal-remote neither started nor listening",
	    "systemctl mask --now systemd-journal-remote.socket systemd-journal-remote.service"),
	ROW("forward", SW_LOW, forwarding_fits, "The journal forwards to rsyslog if that is used",
	    "Forwarded to nobody logs are noise; not forwarded to the system in use they are "
	    "missing.",
	    "ForwardToSyslog=yes (or imjournal) with rsyslog, no without",
	    IN_JOURNALD "ForwardToSyslog=yes    # no where rsyslog is not used"),
	ROW("compress", SW_LOW, journal_is_compressed, "The journal is compressed",
	    "Compressed, it holds a longer past in the same space.", "Compress is not no",
	    IN_JOURNALD "Compress=yes"),
	ROW("storage", SW_MEDIUM, journal_is_kept, "The journal outlives a reboot",
	    "In memory only, it is gone when it is wanted most.",
	    "Storage=persistent, or auto and /var/log/journal is there",
	    IN_JOURNALD "Storage=persistent"),
	ROW("rsyslog", SW_LOW, rsyslog_is_started, "rsyslog, where installed, is started",
	    "Installed but not started, it writes nothing of what is expected in /var/log.",
	    "boots start rsyslog", "systemctl enable --now rsyslog    # or remove it"),
	ROW("rsyslog_mode", SW_LOW, rsyslog_files_are_closed,
	    "rsyslog makes its files closed to other users",
	    "Logs tell names, addresses and mistyped passwords.",
	    "0640 or less at each action that writes a file",
	    "$FileCreateMode 0640 in /etc/rsyslog.conf before the first rule"),
	ROW("rsyslog_rules", SW_LOW, rsyslog_has_rules, "rsyslog has rules, also for logins",
	    "What no rule takes is dropped.", "rules that write auth and authpriv",
	    "auth,authpriv.* /var/log/auth.log in /etc/rsyslog.conf"),
	ROW("rsyslog_remote", SW_LOW, rsyslog_sends, "rsyslog sends to another host",
	    "An intruder can wipe the logs of the host, not those on another.",
	    "an action of omfwd or omrelp, or @@host",
	    "*.* action(type=\"omfwd\" target=\"logs.example\" port=\"6514\" protocol=\"tcp\") in "
	    "/etc/rsyslog.d/60-remote.conf"),
	ROW("rsyslog_nolisten", SW_MEDIUM, rsyslog_does_not_listen,
	    "rsyslog takes no logs of others",
	    "Anyone on the network can write lines into the logs, or fill the disk.",
	    "no imtcp, imudp, imptcp or imrelp; on a loopback address where containers run",
	    "Remove the input from /etc/rsyslog.conf and /etc/rsyslog.d"),
	ROW("logrotate", SW_LOW, logs_are_rotated, "Log files are rotated",
	    "Files that only grow fill the file system; logs of containers are not among those "
	    "that "
	    "logrotate knows.",
	    "logrotate.conf, and a timer or a daily job",
	    "apt-get install logrotate && systemctl enable --now logrotate.timer"),
	{ 0 },
};
