/* SPDX-License-Identifier: Apache-2.0 */
/* host_integrity.c: does somebody compare the host's files with what they were? */
#include <string.h>

#include "host_common.h"
#include "tables.h"

#define INTEGRITY "@host/integrity/"
#define RULES     INTEGRITY "aide/conf/settings/rule"
#define REMEDY                                                                                     \
	"apt-get install aide aide-common, or: dnf install aide; aide --init, and make the new "   \
	"database the one in force;\nsystemctl enable --now dailyaidecheck.timer, or a line of "   \
	"cron: 0 5 * * * /usr/sbin/aide --check"

enum { RULES_MAX = 2000 };

/* --- is there a comparison at all ---------------------------------------------------------------
 */

static bool has_program(struct sw_eval *e, const char *name)
{
	const char *list = sw_at(e, INTEGRITY "programs/%s", name);

	if (!sw_has(e, list))
		sw_unknown(e, "%s was not looked for", name);
	return sw_count(e, list) > 0;
}

/* Others that may do it, in configurations of their own. */
static const char *other_checker(struct sw_eval *e)
{
	static const char *const names[] = { "tripwire", "samhain", "osqueryd", "wazuh-syscheckd",
					     "ossec-syscheckd" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (has_program(e, names[i]))
			return names[i];
	return NULL;
}

static void judge_without_aide(struct sw_eval *e)
{
	const char *other = other_checker(e);

	if (other)
		sw_warn(e,
			"%s%s is there: does it compare files, and which? Its own configuration "
			"is not read",
			host_configured(e), other);
	else if (sw_said(e) != SW_UNKNOWN && host_is_running(e) &&
		 strstr(sw_str(e, "@host/kernel/cmdline", ""), "verity"))
		sw_warn(e, "no integrity checker is installed; the kernel verifies a file system "
			   "that is read-only (dm-verity): does that hold all that matters?");
	else
		sw_fail(e, "%sno integrity checker is installed", host_configured(e));
}

static void judge_database(struct sw_eval *e)
{
	const char *all = INTEGRITY "aide/databases";
	const char *set = INTEGRITY "aide/conf/settings/database_in", *first = "";
	size_t n = sw_count(e, all);

	if (!sw_has(e, INTEGRITY "aide/conf/settings"))
		sw_unknown(e, "AIDE's configuration was not told");
	if (sw_count(e, INTEGRITY "aide/conf/files") == 0)
		sw_fail(e, "%saide has no configuration", host_configured(e));
	for (size_t i = 0; i < n; i++) {
		const char *path = sw_key(e, all, i);
		if (sw_bool(e, sw_at(e, "%s/%s/exists", all, sw_esc(e, path)), false))
			return;
		first = *first ? first : path;
	}
	if (n > 0)
		sw_fail(e, "%sthere is no database to compare with (%s): aide --init makes one",
			host_configured(e), first);
	else
		sw_warn(e, "the database is not a file here, but '%s': is it there?",
			sw_str(e, sw_at(e, "%s/0/value", set), "unset"));
}

static bool is_timer_on(struct sw_eval *e, const char *name)
{
	const char *timer = sw_at(e, INTEGRITY "schedule/timers/%s", sw_esc(e, name));

	return !sw_bool(e, sw_at(e, "%s/masked", timer), true) &&
	       sw_bool(e, sw_at(e, "%s/wanted", timer), false);
}

/* What starts it, or NULL, which was said. */
static const char *started_by(struct sw_eval *e)
{
	const char *timers = INTEGRITY "schedule/timers", *off = NULL;
	size_t n = sw_count(e, timers);

	if (sw_count(e, INTEGRITY "schedule/jobs") > 0)
		return sw_str(e, INTEGRITY "schedule/jobs/0/file", "");
	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, timers, i);
		if (is_timer_on(e, name))
			return name;
		off = name;
	}
	if (!sw_has(e, INTEGRITY "schedule/whole"))
		sw_unknown(e, "what starts it was not looked for");
	if (sw_said(e) == SW_UNKNOWN)
		return NULL;
	if (off)
		sw_fail(e, "%s%s is not enabled, and no line of cron starts it", host_configured(e),
			off);
	else
		sw_fail(e, "%snothing starts the comparison: neither a timer nor a line of cron",
			host_configured(e));
	return NULL;
}

static enum sw_verdict files_are_compared(struct sw_eval *e)
{
	const char *by;

	if (!has_program(e, "aide")) {
		judge_without_aide(e);
		return sw_said(e);
	}
	judge_database(e);
	by = started_by(e);
	if (sw_said(e) != SW_PASS)
		return sw_said(e);
	return sw_pass(e, "%saide, started by %s", host_configured(e), by);
}

/* --- the tools of audit -------------------------------------------------------------------------
 */

struct tool {
	const char *path;
	size_t deepest; /* folders in the best rule that matches for certain; 0: none */
	bool is_left_out;
	const char *doubt, *maybe; /* where a pattern is that may leave it out, or compare it */
};

enum match { MATCH_NONE, MATCH_MAYBE, MATCH_SURE };

static size_t folders_in(const char *literal)
{
	size_t n = 0;

	for (; *literal; literal++)
		n += *literal == '/';
	return n;
}

/* A pattern need not match to the end of the path, unless it says so. */
static enum match match_of(struct sw_eval *e, const char *rule, const char *path)
{
	const char *literal = sw_str(e, sw_at(e, "%s/literal", rule), "");

	if (strncmp(path, literal, strlen(literal)) != 0)
		return MATCH_NONE;
	if (!sw_bool(e, sw_at(e, "%s/whole", rule), false))
		return MATCH_MAYBE;
	if (sw_bool(e, sw_at(e, "%s/ends", rule), true) && strcmp(path, literal) != 0)
		return MATCH_NONE;
	return MATCH_SURE;
}

static const char *kind_of(struct sw_eval *e, const char *rule)
{
	return sw_str(e, sw_at(e, "%s/kind", rule), "");
}

static const char *place_of(struct sw_eval *e, const char *rule)
{
	return sw_at(e, "%s:%d", sw_str(e, sw_at(e, "%s/file", rule), ""),
		     (int)sw_int(e, sw_at(e, "%s/line", rule), 0));
}

/* The first pass: what leaves it out, and how near a rule comes that matches for certain. */
static void look_for_match(struct sw_eval *e, struct tool *t, const char *rule)
{
	enum match match = match_of(e, rule, t->path);
	size_t folders = folders_in(sw_str(e, sw_at(e, "%s/literal", rule), ""));

	if (strcmp(kind_of(e, rule), "leave-out") == 0) {
		t->is_left_out |= match == MATCH_SURE;
		if (match == MATCH_MAYBE && !t->doubt)
			t->doubt = sw_at(e, "%s may leave it out", place_of(e, rule));
	} else if (match == MATCH_SURE && folders > t->deepest) {
		t->deepest = folders;
	}
}

/* The second: of rules that come as near any may be the one that counts, so all must do. */
static bool is_weak_at(struct sw_eval *e, struct tool *t, const char *rule)
{
	enum match match = match_of(e, rule, t->path);
	const char *sum = sw_str(e, sw_at(e, "%s/sum", rule), "");

	if (strcmp(kind_of(e, rule), "leave-out") == 0 || match == MATCH_NONE ||
	    folders_in(sw_str(e, sw_at(e, "%s/literal", rule), "")) < t->deepest)
		return false;
	if (strcmp(sum, "sha512") == 0 || strcmp(sum, "sha256") == 0) {
		t->maybe = t->maybe ? t->maybe : place_of(e, rule);
		return false;
	}
	if (match == MATCH_SURE && strcmp(sum, "some") != 0)
		return true;
	t->doubt =
		t->doubt ? t->doubt : sw_at(e, "%s may be the rule that counts", place_of(e, rule));
	return false;
}

static void judge_tool(struct sw_eval *e, const char *path)
{
	struct tool t = { .path = path };
	size_t n = sw_count(e, RULES), weak = 0;

	if (n > RULES_MAX) {
		sw_unknown(e, "there are more than %d rules", RULES_MAX);
		return;
	}
	for (size_t i = 0; i < n; i++)
		look_for_match(e, &t, sw_at(e, RULES "/%zu", i));
	if (t.is_left_out) {
		sw_fail(e, "%s is left out", path);
		return;
	}
	for (size_t i = 0; i < n; i++)
		weak += is_weak_at(e, &t, sw_at(e, RULES "/%zu", i));
	if (weak > 0)
		sw_fail(e, "%s is compared without a sum of its content that counts", path);
	else if (t.doubt)
		sw_unknown(e, "%s: %s", path, t.doubt);
	else if (t.deepest == 0 && t.maybe)
		sw_unknown(e, "%s: whether the pattern at %s matches it is not known", path,
			   t.maybe);
	else if (t.deepest == 0)
		sw_fail(e, "no rule compares %s", path);
}

/* How many there are; judges each, or none of them. */
static size_t each_tool(struct sw_eval *e, void (*judge)(struct sw_eval *e, const char *path))
{
	const char *tools = INTEGRITY "audit-tools";
	size_t n = sw_count(e, tools), there = 0;

	for (size_t i = 0; i < n; i++) {
		const char *path = sw_str(e, sw_at(e, "%s/%s", tools, sw_key(e, tools, i)), "");
		there += *path != '\0';
		if (*path && judge)
			judge(e, path);
	}
	return there;
}

static enum sw_verdict audit_tools_are_compared(struct sw_eval *e)
{
	size_t n_tools = each_tool(e, NULL);
	int64_t programs;

	if (!sw_has(e, INTEGRITY "audit-tools"))
		return sw_unknown(e, "the tools of audit were not looked for");
	if (n_tools == 0)
		return sw_skip(e, "none of the tools of audit is there");
	if (!has_program(e, "aide")) {
		judge_without_aide(e);
		return sw_said(e);
	}
	if (!sw_has(e, INTEGRITY "aide/conf/settings"))
		sw_unknown(e, "AIDE's configuration was not told");
	each_tool(e, judge_tool);
	programs = sw_int(e, INTEGRITY "aide/programs", 1);
	if (sw_said(e) == SW_PASS && programs > 0)
		return sw_warn(e,
			       "%sthe rules of the files compare them; what %d programs in AIDE's "
			       "configuration print is not known",
			       host_configured(e), (int)programs);
	return sw_said(e) == SW_PASS ? sw_pass(e, "%s%zu tools", host_configured(e), n_tools)
				     : sw_said(e);
}

const struct sw_check sw_host_integrity_checks[] = {
	{
		.id = "host.audit.aide",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Files are compared with what they were, at regular times",
		.why = "A program that an intruder replaced looks like any other. Only sums that "
		       "were taken before tell it from the real one.",
		.wanted = "aide with a database, and a timer or a line of cron that starts it",
		.remedy = REMEDY "\nLeave the data root of engines out of its rules.",
		.fn = files_are_compared,
		.needs = SW_NEEDS_LOGGING,
	},
	{
		.id = "host.audit.aide_audit_tools",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "The tools of audit are among the files that are compared",
		.why = "With another auditctl or ausearch the records of audit show what an "
		       "intruder "
		       "wants them to show.",
		.wanted = "rules of AIDE with a sum of the content (sha512) for auditctl, auditd, "
			  "ausearch, aureport, autrace, augenrules",
		.remedy = "In aide.conf, for each tool that is named:\n"
			  "/usr/sbin/auditctl p+i+n+u+g+s+b+acl+xattrs+sha512\nthen aide --update",
		.fn = audit_tools_are_compared,
		.needs = SW_NEEDS_LOGGING,
	},
	{ 0 },
};
