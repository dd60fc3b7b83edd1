/* SPDX-License-Identifier: Apache-2.0 */
/* host_journal.c: the journal: is it kept, sent away, and closed to others? */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "host_log.h"

/* As systemd reads a boolean. */
static bool is_yes(const char *value)
{
	return log_is_one_of(value, "1|yes|y|true|t|on");
}

static bool is_no(const char *value)
{
	return log_is_one_of(value, "0|no|n|false|f|off");
}

static bool has_journald(struct sw_eval *e)
{
	if (sw_has(e, LOG_JOURNALD "/program"))
		return true;
	sw_skip(e, "this host has no journald");
	return false;
}

/* The value in force of a setting of journald.conf, "" when it is not set. */
static const char *journal_setting(struct sw_eval *e, const char *conf, const char *key)
{
	const char *list = sw_at(e, LOG_JOURNALD "/%s/settings/%s", conf, sw_esc(e, key));

	if (!sw_has(e, sw_at(e, LOG_JOURNALD "/%s/settings", conf)))
		sw_unknown(e, "the settings of %s were not told", conf);
	return sw_has(e, list) ? sw_str(e, sw_at(e, "%s/0/value", list), "") : "";
}

static enum sw_verdict journald_is_active(struct sw_eval *e)
{
	const char *service = LOG_SERVICE(LOG_JOURNALD, "systemd-journald.service");

	if (!has_journald(e))
		return SW_SKIP;
	if (sw_bool(e, sw_at(e, "%s/masked", service), false))
		return sw_fail(e, "%ssystemd-journald.service is masked", host_configured(e));
	if (!sw_has(e, sw_at(e, "%s/path", service)))
		return sw_fail(e, "%sthere is no systemd-journald.service", host_configured(e));
	if (host_is_running(e) && !sw_bool(e, sw_at(e, "%s/active", service), false))
		return sw_fail(e, "journald does not run");
	return log_well(e);
}

static enum sw_verdict journal_is_closed(struct sw_eval *e)
{
	const char *list = LOG_JOURNALD "/tmpfiles/settings/journal";

	if (!has_journald(e))
		return SW_SKIP;
	if (!sw_has(e, LOG_JOURNALD "/tmpfiles/settings"))
		return sw_unknown(e, "tmpfiles.d was not told");
	size_t n = sw_count(e, list);
	for (size_t i = 0; i < n && i < LOG_LISTED_MAX; i++) {
		const char *one = sw_at(e, "%s/%zu", list, i);
		const char *path = sw_str(e, sw_at(e, "%s/value", one), "");
		bool is_file = strstr(path, ".journal") != NULL;
		unsigned mode = log_mode(e, sw_str(e, sw_at(e, "%s/mode", one), ""));
		/* systemd's own tmpfiles.d has 2755 for folders and 0640 for files. */
		if (mode & ~(is_file ? 0640u : 02755u))
			sw_fail(e, "%s%s gets mode %04o (%s:%" PRId64 ")", host_configured(e), path,
				mode, sw_str(e, sw_at(e, "%s/file", one), ""),
				sw_int(e, sw_at(e, "%s/line", one), 0));
	}
	if (n > LOG_LISTED_MAX)
		sw_unknown(e, "there are more than %d lines about the journal", LOG_LISTED_MAX);
	return log_well(e);
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
	return set > 0 ? log_well(e)
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
	return is_no(value) ? sw_fail(e, "%sCompress=%s", host_configured(e), value) : log_well(e);
}

static enum sw_verdict journal_is_kept(struct sw_eval *e)
{
	if (!has_journald(e))
		return SW_SKIP;
	const char *value = journal_setting(e, "conf", "Journal/Storage");
	/* In other letters journald takes it for a mistake, and ignores it. */
	if (strcmp(value, "persistent") == 0)
		return log_well(e);
	if (*value && strcmp(value, "auto") != 0)
		return sw_fail(e, "%sStorage=%s", host_configured(e), value);
	if (sw_bool(e, LOG_JOURNALD "/folder/exists", false))
		return log_well(e);
	return sw_fail(e, "%sStorage is auto and /var/log/journal is not there: a reboot loses all",
		       host_configured(e));
}

static enum sw_verdict one_system_is_used(struct sw_eval *e)
{
	bool uploads =
		sw_has(e, LOG_JOURNALD "/program") &&
		log_boots_start(e, LOG_SERVICE(LOG_JOURNALD, "systemd-journal-upload.service"));

	if (uploads && log_uses_rsyslog(e) && sw_count(e, LOG_RSYSLOG "/conf/settings/remote") > 0)
		return sw_warn(e, "%sboth rsyslog and systemd-journal-upload send logs away",
			       host_configured(e));
	if (!sw_has(e, LOG_JOURNALD "/program") && !log_uses_rsyslog(e))
		return sw_warn(e, "%sneither journald nor rsyslog is used; is there another?",
			       host_configured(e));
	return log_well(e);
}

static enum sw_verdict journal_is_sent(struct sw_eval *e)
{
	static const char *const keys[] = { "Upload/ServerKeyFile", "Upload/ServerCertificateFile",
					    "Upload/TrustedCertificateFile" };

	if (!has_journald(e))
		return SW_SKIP;
	if (log_uses_rsyslog(e))
		return sw_skip(e, "rsyslog is the system that is used");
	const char *url = journal_setting(e, "upload", "Upload/URL");
	if (*url == '\0')
		return sw_fail(e, "%sno URL is set in journal-upload.conf: logs stay on this host",
			       host_configured(e));
	if (strncasecmp(url, "http://", 7) == 0)
		sw_fail(e, "%slogs are sent in the clear (URL=http://…)", host_configured(e));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *path = journal_setting(e, "upload", keys[i]);
		if (*path == '\0')
			sw_fail(e, "%s%s is not set", host_configured(e), keys[i] + 7);
		else if (*path != '/') /* "-" does without */
			sw_fail(e, "%s%s is %s, which names no file", host_configured(e),
				keys[i] + 7, path);
	}
	if (!log_boots_start(e, LOG_SERVICE(LOG_JOURNALD, "systemd-journal-upload.service")))
		sw_fail(e, "%sno boot starts systemd-journal-upload", host_configured(e));
	return log_well(e);
}

static enum sw_verdict journal_is_not_received(struct sw_eval *e)
{
	static const char *const units[] = { "systemd-journal-remote.service",
					     "systemd-journal-remote.socket" };

	if (!has_journald(e))
		return SW_SKIP;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		const char *service = sw_at(e, LOG_JOURNALD "/services/%s", units[i]);
		if (!sw_has(e, sw_at(e, "%s/path", service)))
			continue;
		if (log_boots_start(e, service))
			sw_fail(e, "%sboots start %s", host_configured(e), units[i]);
		/* The control group of a socket is empty while nobody connects. */
		else if (i == 0 && host_is_running(e) &&
			 sw_bool(e, sw_at(e, "%s/active", service), false))
			sw_fail(e, "%s runs", units[i]);
	}
	return log_well(e);
}

static bool loads_imjournal(struct sw_eval *e)
{
	const char *list = LOG_RSYSLOG "/conf/settings/module";
	size_t n = sw_count(e, list);

	for (size_t i = 0; i < n && i < LOG_LISTED_MAX; i++)
		if (strncmp(sw_str(e, sw_at(e, "%s/%zu/value", list, i), ""), "imjournal", 9) == 0)
			return true;
	return false;
}

static enum sw_verdict forwarding_fits(struct sw_eval *e)
{
	if (!has_journald(e))
		return SW_SKIP;
	bool uses = log_uses_rsyslog(e);
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
	return log_well(e);
}

#define IN_JOURNALD "In /etc/systemd/journald.conf.d/60-local.conf below [Journal]:\n"

const struct sw_check sw_host_journal_checks[] = {
	LOG_ROW("journald", SW_MEDIUM, journald_is_active, "The journal runs",
		"Services write to the journal first; without it their words are lost.",
		"systemd-journald runs and is not masked",
		"systemctl unmask systemd-journald.service"),
	LOG_ROW("journal_access", SW_LOW, journal_is_closed, "The journal is closed to other users",
		"Logs tell names, addresses and mistyped passwords.",
		"tmpfiles.d gives files 0640 or less, folders 2755 or less",
		"Remove the line from /etc/tmpfiles.d, or give it the mode of "
		"/usr/lib/tmpfiles.d/systemd.conf"),
	LOG_ROW("journal_rotation", SW_LOW, journal_is_bounded, "The journal's size is decided on",
		"Containers that log to the journal fill it fast; what is old is then gone.",
		"SystemMaxUse, SystemKeepFree, RuntimeMaxUse, RuntimeKeepFree or MaxFileSec set",
		IN_JOURNALD "SystemMaxUse=1G"),
	LOG_ROW("single", SW_LOW, one_system_is_used, "One logging system is used",
		"Two that send the same logs cost twice, and neither is looked after.",
		"not both rsyslog and systemd-journal-upload send logs",
		"systemctl disable --now systemd-journal-upload    # or rsyslog"),
	LOG_ROW("remote_upload", SW_LOW, journal_is_sent, "The journal is sent to another host",
		"An intruder can wipe the logs of the host, not those on another.",
		"URL and certificates in journal-upload.conf, and boots start "
		"systemd-journal-upload",
		"Set URL=https://…, ServerKeyFile, ServerCertificateFile and "
		"TrustedCertificateFile in "
		"/etc/systemd/journal-upload.conf, then systemctl enable --now "
		"systemd-journal-upload"),
	LOG_ROW("remote_receive", SW_MEDIUM, journal_is_not_received,
		"The host takes no journals of others",
		"A listener for logs is one more way in, and can be filled from outside.",
		"systemd-journal-remote neither started nor listening",
		"systemctl mask --now systemd-journal-remote.socket "
		"systemd-journal-remote.service"),
	LOG_ROW("forward", SW_LOW, forwarding_fits,
		"The journal forwards to rsyslog if that is used",
		"Forwarded to nobody logs are noise; not forwarded to the system in use they are "
		"missing.",
		"ForwardToSyslog=yes (or imjournal) with rsyslog, no without",
		IN_JOURNALD "ForwardToSyslog=yes    # no where rsyslog is not used"),
	LOG_ROW("compress", SW_LOW, journal_is_compressed, "The journal is compressed",
		"Compressed, it holds a longer past in the same space.", "Compress is not no",
		IN_JOURNALD "Compress=yes"),
	LOG_ROW("storage", SW_MEDIUM, journal_is_kept, "The journal outlives a reboot",
		"In memory only, it is gone when it is wanted most.",
		"Storage=persistent, or auto and /var/log/journal is there",
		IN_JOURNALD "Storage=persistent"),
	{ 0 },
};
