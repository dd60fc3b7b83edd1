/* SPDX-License-Identifier: Apache-2.0 */
/* host_audit.c: does the kernel's audit work: daemon, state, lock, and rules as files have them. */
#include <inttypes.h>
#include <string.h>

#include "audit_rules.h"
#include "host_audit.h"
#include "host_common.h"

enum { RULES_MAX = 400 };

/* --- the daemon --------------------------------------------------------------------------------
 */

static enum sw_verdict programs_are_installed(struct sw_eval *e)
{
	static const char *const programs[] = { "auditd", "auditctl" };

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (!sw_has(e, sw_at(e, AUDITD "/programs/%s", programs[i])))
			sw_fail(e, "%s is not installed", programs[i]);
	return SW_PASS;
}

static bool is_installed(struct sw_eval *e)
{
	if (sw_has(e, AUDITD "/programs/auditd"))
		return true;
	sw_fail(e, "auditd is not installed");
	return false;
}

static bool is_enabled(struct sw_eval *e)
{
	if (sw_bool(e, AUDITD "/service/masked", false))
		sw_fail(e, "%sauditd.service is masked", host_configured(e));
	else if (!sw_bool(e, AUDITD "/service/wanted", false))
		sw_fail(e, "%sno boot starts auditd", host_configured(e));
	else
		return true;
	return false;
}

static enum sw_verdict daemon_is_running(struct sw_eval *e)
{
	if (!is_installed(e))
		return SW_FAIL;
	if (!host_is_running(e))
		return is_enabled(e) ? sw_pass(e, "configured: boots start auditd") : SW_FAIL;
	if (!audit_is_switched_on(e))
		return sw_said(e);
	if (!sw_has(e, AUDITD "/listener"))
		return sw_fail(e, "no process takes the records of the kernel");
	const char *name = sw_str(e, AUDITD "/listener", "");
	if (*name == '\0')
		return sw_unknown(e, "the process that takes the records has ended since");
	if (strcmp(name, "auditd") != 0)
		return sw_warn(e, "the records go to %s, not to auditd", name);
	is_enabled(e);
	return SW_PASS;
}

static enum sw_verdict nothing_was_lost(struct sw_eval *e)
{
	int64_t lost = sw_int(e, "@host/audit/lost", -1);
	int64_t backlog = sw_int(e, "@host/audit/backlog", -1);
	int64_t limit = sw_int(e, "@host/audit/backlog_limit", -1);

	if (lost < 0 || backlog < 0 || limit < 0)
		return sw_unknown(e, "audit's counters were not told");
	if (lost > 0)
		sw_fail(e, "%" PRId64 " records were lost since the boot", lost);
	/* 0: there is no limit (kernel/audit.c). */
	if (limit > 0 && backlog * 10 >= limit * 9)
		sw_fail(e, "%" PRId64 " of %" PRId64 " records wait to be written", backlog, limit);
	return SW_PASS;
}

static int64_t configured_setting(struct sw_eval *e, const char *set, const char *name,
				  int64_t fallback)
{
	return sw_int(e, sw_at(e, "@host/audit-files/%s/settings/%s", set, name), fallback);
}

static enum sw_verdict failure_mode_is_set(struct sw_eval *e)
{
	const char *set = host_audit_set(e);
	int64_t mode = set ? configured_setting(e, set, "failure", 1)
			   : sw_int(e, "@host/audit/failure", -1);
	const char *prefix = host_configured(e);

	if (mode == 0)
		return sw_fail(e, "%sa record that cannot be written is dropped in silence",
			       prefix);
	if (mode == 1)
		return sw_pass(e, "%sa record that cannot be written is told to the kernel log",
			       prefix);
	if (mode == 2 && host_has_engine(e))
		return sw_warn(e,
			       "%sa record that cannot be written halts the host, and all of its "
			       "containers",
			       prefix);
	if (mode == 2)
		return sw_pass(e, "%sa record that cannot be written halts the host", prefix);
	return sw_unknown(e, "failure mode %" PRId64 " is not known", mode);
}

/* --- the lock -----------------------------------------------------------------------------------
 */

/* What would be loaded at the next boot. */
static const char *next_set(struct sw_eval *e)
{
	return strcmp(sw_str(e, AUDITD "/loader", ""), "augenrules") == 0 &&
			       sw_count(e, "@host/audit-files/rules.d/files") > 0
		       ? "rules.d"
		       : "audit.rules";
}

static enum sw_verdict rules_are_locked(struct sw_eval *e)
{
	const char *set = next_set(e);
	int64_t next = configured_setting(e, set, "enabled", 1);

	if (!host_is_running(e)) {
		host_audit_look_at_errors(e, set);
		return next == 2 ? sw_pass(e, "configured")
				 : sw_fail(e, "configured: the rules are not locked (-e 2)");
	}
	bool is_locked = sw_int(e, "@host/audit/enabled", 0) == 2;
	if (is_locked && next != 2)
		return sw_fail(e, "locked now, but not from the next boot on: -e 2 is in no file");
	if (!is_locked && next == 2)
		return sw_fail(e, "-e 2 is configured, but the rules that are loaded are not "
				  "locked");
	if (!is_locked)
		return sw_fail(e, "the rules can be changed by any process of root");
	return SW_PASS;
}

/* --- login ids ---------------------------------------------------------------------------------
 */

/* In force, by the kernel's own word; a tree is judged by what it would load. */
static bool login_ids_stay_now(struct sw_eval *e, bool is_set)
{
	static const char path[] = "@host/audit/loginuid_immutable";

	if (!host_is_running(e))
		return is_set;
	if (!sw_has(e, path))
		sw_unknown(e, "whether login ids can be changed now was not told");
	return sw_bool(e, path, false);
}

static enum sw_verdict login_ids_stay(struct sw_eval *e)
{
	const char *set = next_set(e);
	bool is_set = sw_bool(e, sw_at(e, "@host/audit-files/%s/settings/loginuid_immutable", set),
			      false);
	bool is_now = login_ids_stay_now(e, is_set);

	if ((is_set || is_now) && host_has_engine(e))
		return sw_warn(e, "%s: logins and systemd within containers fail",
			       is_now && host_is_running(e) ? "in force" : "configured");
	if (is_set && is_now)
		return sw_pass(e, "%s",
			       host_is_running(e) ? "in force, and configured" : "configured");
	if (is_now)
		return sw_fail(e, "in force now, but not from the next boot on: "
				  "--loginuid-immutable is in no file");
	if (is_set)
		return sw_fail(e, "configured, but not in force: root can take another login id");
	return host_has_engine(e)
		       ? sw_pass(e, "not configured, as containers that log users in need it")
		       : sw_fail(e,
				 "%sroot can take another login id (--loginuid-immutable is in "
				 "no file)",
				 host_configured(e));
}

/* --- drift -------------------------------------------------------------------------------------
 */

static const char *field_of(struct sw_eval *e, const char *rule, size_t i)
{
	const char *f = sw_at(e, "%s/fields/%zu", rule, i);

	return sw_at(e, " %s%s%s", sw_str(e, sw_at(e, "%s/field", f), ""),
		     sw_str(e, sw_at(e, "%s/op", f), ""), sw_str(e, sw_at(e, "%s/value", f), ""));
}

/* A rule as text of one form, whatever words the file has; keys say nothing of what is recorded. */
static const char *form_of(struct sw_eval *e, const char *rule)
{
	const char *text = sw_at(
		e, "%s,%s %s %s %s", sw_str(e, sw_at(e, "%s/action", rule), ""),
		sw_str(e, sw_at(e, "%s/list", rule), ""), sw_str(e, sw_at(e, "%s/arch", rule), ""),
		sw_str(e, sw_at(e, "%s/path", rule), ""), sw_str(e, sw_at(e, "%s/full", rule), ""));
	const char *calls = sw_at(e, "%s/syscalls", rule);
	size_t fields = sw_count(e, sw_at(e, "%s/fields", rule)), n = sw_count(e, calls);

	for (size_t i = 0; i < fields; i++)
		text = sw_at(e, "%s%s", text, field_of(e, rule, i));
	/* Lists that -p means and lists of calls for the same need not be equal: full says it. */
	for (size_t i = 0; i < n && !sw_has(e, sw_at(e, "%s/path", rule)); i++)
		text = sw_at(e, "%s %s", text, sw_str(e, sw_at(e, "%s/%zu", calls, i), ""));
	return text;
}

static const char *name_of(struct sw_eval *e, const char *rule)
{
	const char *path = sw_str(e, sw_at(e, "%s/path", rule), "");
	const char *calls = sw_at(e, "%s/syscalls", rule);

	if (*path)
		return path;
	return sw_count(e, calls) > 0 ? sw_str(e, sw_at(e, "%s/0", calls), "") : "all calls";
}

static bool forms_of(struct sw_eval *e, const char *rules, const char **forms, size_t *ret_n)
{
	size_t n = sw_count(e, rules);

	if (n > RULES_MAX) {
		sw_unknown(e, "there are more than %d rules", RULES_MAX);
		return false;
	}
	for (size_t i = 0; i < n; i++)
		forms[i] = form_of(e, sw_at(e, "%s/%zu", rules, i));
	*ret_n = n;
	return true;
}

static bool has_form(const char *const *forms, size_t n, const char *form)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(forms[i], form) == 0)
			return true;
	return false;
}

static void tell_missing(struct sw_eval *e, const char *rules, const char *const *from, size_t n,
			 const char *const *in, size_t n_in, const char *text)
{
	size_t missing = 0;
	const char *first = "";

	for (size_t i = 0; i < n; i++) {
		if (has_form(in, n_in, from[i]))
			continue;
		if (missing++ == 0)
			first = name_of(e, sw_at(e, "%s/%zu", rules, i));
	}
	if (missing > 0)
		sw_fail(e, "%zu %s %s (the first: %s)", missing,
			missing == 1 ? "rule is" : "rules are", text, first);
}

static void compare(struct sw_eval *e, const char *left, const char *right, const char *only_left,
		    const char *only_right)
{
	const char *forms[2][RULES_MAX];
	size_t n, m;

	if (!forms_of(e, left, forms[0], &n) || !forms_of(e, right, forms[1], &m))
		return;
	tell_missing(e, left, forms[0], n, forms[1], m, only_left);
	tell_missing(e, right, forms[1], m, forms[0], n, only_right);
}

static enum sw_verdict loaded_rules_are_those_of_files(struct sw_eval *e)
{
	const char *set = next_set(e), *files = sw_at(e, "@host/audit-files/%s/rules", set);
	bool is_merged = strcmp(set, "rules.d") == 0;

	host_audit_look_at_errors(e, set);
	if (is_merged && host_is_running(e)) /* a boot runs augenrules */
		compare(e, files, "@host/audit-files/audit.rules/rules",
			"in rules.d and not in audit.rules: augenrules was not run",
			"in audit.rules and not in rules.d: the next augenrules drops them");
	if (!host_is_running(e))
		return is_merged ? (sw_said(e) == SW_PASS ? sw_pass(e, "configured") : sw_said(e))
				 : sw_skip(e, "the rules come from one file, and none are loaded");
	compare(e, files, "@host/audit/rules",
		sw_bool(e, "@host/audit/immutable", false)
			? "configured and not loaded; the rules are locked until the next boot"
			: "configured and not loaded",
		"loaded and in no file");
	return sw_said(e);
}

/* --- the rows ----------------------------------------------------------------------------------
 */

#define ROW(id_, severity_, fn_, title_, why_, wanted_, remedy_)                                   \
	{                                                                                          \
		.id = "host.audit." id_, .kind = SW_HOST, .severity = severity_, .title = title_,  \
		.why = why_, .wanted = wanted_, .remedy = remedy_, .fn = fn_,                      \
		.params = host_role_params, .needs = AUDIT_NEEDS                                   \
	}

const struct sw_check sw_host_audit_checks[] = {
	ROW("installed", SW_MEDIUM, programs_are_installed, "The audit daemon is installed",
	    "The kernel can record who did what; without the daemon nothing is kept.",
	    "auditd and auditctl are there", "apt-get install auditd    # RHEL: dnf install audit"),
	ROW("running", SW_HIGH, daemon_is_running, "The audit daemon runs, and at each boot",
	    "Rules without a daemon end in the kernel log, if anywhere.",
	    "audit switched on, auditd takes its records, and boots start it",
	    "systemctl enable --now auditd"),
	ROW("lost", SW_LOW, nothing_was_lost, "No audit record was lost",
	    "A burst that overflows the queue leaves a gap, which is where an intruder would want "
	    "it. Busy hosts of containers overflow small queues.",
	    "lost 0, and the queue less than nine tenths full",
	    "Put -b 8192 or more into a file of /etc/audit/rules.d, and audit_backlog_limit=8192 "
	    "on the kernel command line"),
	ROW("failure_mode", SW_LOW, failure_mode_is_set, "A failure of audit is told",
	    "In silent mode records that cannot be written vanish unnoticed.",
	    "-f 1, or -f 2 where a host may halt rather than go on unrecorded",
	    "Put -f 1 into a file of /etc/audit/rules.d"),
	ROW("rule.immutable", SW_MEDIUM, rules_are_locked, "Audit's rules are locked",
	    "An intruder with root's rights switches the recording off first.",
	    "-e 2 loaded, and as the last line of the files",
	    "Put -e 2 into /etc/audit/rules.d/99-finalize.rules and restart the host"),
	ROW("rules.drift", SW_LOW, loaded_rules_are_those_of_files,
	    "The loaded audit rules are those of the files",
	    "Rules that are in a file only record nothing; rules that are loaded only are gone "
	    "after "
	    "the next boot.",
	    "the same rules in /etc/audit/rules.d, in audit.rules and in the kernel",
	    "augenrules --load    # locked rules: restart the host"),
	ROW("loginuid_immutable", SW_LOW, login_ids_stay, "Login ids cannot be changed",
	    "Root can pass its acts off as another's by setting the login id anew; but systemd and "
	    "logins within containers need just that.",
	    "--loginuid-immutable, on hosts without containers",
	    "Put --loginuid-immutable into /etc/audit/rules.d/11-loginuid.rules"),
	{ 0 },
};
