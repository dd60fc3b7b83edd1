/* SPDX-License-Identifier: Apache-2.0 */
/* host_audit_conf.c: what auditd.conf says of the daemon's logs. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "host_audit.h"
#include "host_common.h"

/* One setting of auditd.conf(5), and what it may be. */
struct setting {
	const char *key;
	const char *fallback; /* auditd's default */
	const char *good;     /* "halt|single"; a value may go on behind a blank (exec PATH) */
	const char *traded;   /* good, but it stops containers with the host; NULL: none */
	const char *relaxed;  /* good where containers run, which the former would stop */
};

static bool is_one_of(const char *value, const char *list)
{
	size_t n = strcspn(value, " \t");

	while (list && *list) {
		size_t length = strcspn(list, "|");
		if (length == n && strncasecmp(list, value, n) == 0)
			return true;
		list += length + (list[length] == '|');
	}
	return false;
}

static bool has_conf(struct sw_eval *e)
{
	if (!sw_has(e, AUDITD "/programs/auditd"))
		sw_skip(e, "auditd is not installed");
	else if (sw_has(e, AUDITD "/conf/settings") && sw_count(e, AUDITD "/conf/files") > 0)
		return true;
	else
		sw_unknown(e, "there is no /etc/audit/auditd.conf");
	return false;
}

static const char *setting_of(struct sw_eval *e, const char *key, const char *fallback,
			      const char **ret_where)
{
	const char *list = sw_at(e, AUDITD "/conf/settings/%s", key);

	*ret_where = "auditd's default";
	if (!sw_has(e, list))
		return fallback;
	*ret_where = sw_at(e, "%s:%" PRId64, sw_str(e, sw_at(e, "%s/0/file", list), ""),
			   sw_int(e, sw_at(e, "%s/0/line", list), 0));
	return sw_str(e, sw_at(e, "%s/0/value", list), "");
}

static enum sw_verdict actions_are_set(struct sw_eval *e)
{
	const struct setting *s = sw_arg(e);

	if (!has_conf(e))
		return sw_said(e);
	for (; s->key; s++) {
		const char *where, *value = setting_of(e, s->key, s->fallback, &where);
		bool has_engine = (s->traded || s->relaxed) && host_has_engine(e);
		if (has_engine && is_one_of(value, s->relaxed))
			continue;
		if (has_engine && is_one_of(value, s->traded))
			sw_warn(e, "%s%s = %s stops all containers (%s)", host_configured(e),
				s->key, value, where);
		else if (!is_one_of(value, s->good) && !is_one_of(value, s->traded))
			sw_fail(e, "%s%s = %s (%s)", host_configured(e), s->key, value, where);
	}
	return SW_PASS;
}

static enum sw_verdict log_is_large(struct sw_eval *e)
{
	const char *where, *value;
	int64_t min = sw_param_int(e, "min_audit_log_mb");

	if (!has_conf(e))
		return sw_said(e);
	value = setting_of(e, "max_log_file", "8", &where);
	if (!*value || value[strspn(value, "0123456789")] || strlen(value) > 9)
		return sw_fail(e, "max_log_file is no number (%s)", where);
	if (strtoll(value, NULL, 10) < min)
		return sw_fail(e, "%smax_log_file = %s, less than %" PRId64 " MiB (%s)",
			       host_configured(e), value, min, where);
	return SW_PASS;
}

static enum sw_verdict logs_are_kept(struct sw_eval *e)
{
	const char *where, *value;

	if (!has_conf(e))
		return sw_said(e);
	value = setting_of(e, "write_logs", "yes", &where);
	if (strcasecmp(value, "yes") != 0)
		return sw_fail(e, "%swrite_logs = %s: auditd keeps no records (%s)",
			       host_configured(e), value, where);
	value = setting_of(e, "max_log_file_action", "rotate", &where);
	if (!is_one_of(value, "keep_logs"))
		return sw_fail(e, "%smax_log_file_action = %s: old records are deleted (%s)",
			       host_configured(e), value, where);
	return host_has_engine(e)
		       ? sw_pass(e, "keep_logs; logs and containers on one file system can fill it")
		       : SW_PASS;
}

static const struct setting full[] = {
	{ "disk_full_action", "suspend", NULL, "halt|single", "syslog" },
	{ "disk_error_action", "suspend", "syslog", "halt|single", NULL },
	{ 0 },
};
static const struct setting full_strict[] = {
	{ "space_left_action", "syslog", "email|exec|single|halt", NULL, NULL },
	{ "admin_space_left_action", "suspend", "single|halt", NULL, NULL },
	{ 0 },
};
static const struct sw_param size_params[] = {
	HOST_ROLE_PARAM,
	{ "min_audit_log_mb", SW_INT, "8", "the least size of an audit log, in MiB" },
	{ 0 },
};

#define ROW(id_, fn_, arg_, params_, title_, why_, wanted_, remedy_)                               \
	{                                                                                          \
		.id = "host.audit.conf." id_, .kind = SW_HOST, .severity = SW_LOW,                 \
		.title = title_, .why = why_, .wanted = wanted_, .remedy = remedy_, .fn = fn_,     \
		.arg = arg_, .params = params_, .needs = AUDIT_NEEDS                               \
	}

const struct sw_check sw_host_audit_conf_checks[] = {
	ROW("max_log_file", log_is_large, NULL, size_params, "Audit logs may be large enough",
	    "A small log is soon full of newer records.", "max_log_file of 8 MiB or more",
	    "max_log_file = 8 in /etc/audit/auditd.conf, then service auditd reload"),
	ROW("max_log_file_action", logs_are_kept, NULL, host_role_params, "Old audit logs are kept",
	    "Rotation deletes the oldest records; who makes many new ones wipes the old.",
	    "max_log_file_action = keep_logs",
	    "max_log_file_action = keep_logs in /etc/audit/auditd.conf; move old logs away in "
	    "time"),
	ROW("disk_full", actions_are_set, full, host_role_params,
	    "A full or broken disk stops no record in silence",
	    "By default auditd stops recording when the disk is full, and only root's mail says "
	    "so. To halt instead stops all containers as well.",
	    "disk_full_action single or halt (syslog too where containers run), disk_error_action "
	    "syslog, single or halt",
	    "disk_full_action = syslog (or halt) and disk_error_action = syslog in "
	    "/etc/audit/auditd.conf"),
	ROW("space_left", actions_are_set, full_strict, host_role_params,
	    "Somebody is told before the disk is full",
	    "A warning in a log that nobody reads does not prevent the gap.",
	    "space_left_action email, exec, single or halt; admin_space_left_action single or halt",
	    "space_left_action = email and admin_space_left_action = single in "
	    "/etc/audit/auditd.conf"),
	{ 0 },
};
