/* SPDX-License-Identifier: Apache-2.0 */
/* host_audit_privileged.c: is each start of a program with rights of its own recorded? */
#include <inttypes.h>

#include "audit_rules.h"
#include "host_audit.h"
#include "host_common.h"

#define STARTING AUDITD "/starting"

enum { NAMED_MAX = 12, SET_UID = 04000, SET_GID = 02010 };

struct tally {
	size_t judged, missing;
	const char *names, *why;
};

/*
 * What a rule may ask for and still see all that gain rights by the program: the ids that it runs
 * with are the file's, and not those of whoever started it. Capabilities change no id.
 */
static const char *filters_of(struct sw_eval *e, const char *program)
{
	unsigned mode = sw_mode(e, sw_at(e, "%s/mode", program), 0);
	int64_t uid = sw_int(e, sw_at(e, "%s/uid", program), -1);
	int64_t gid = sw_int(e, sw_at(e, "%s/gid", program), -1);
	const char *filters = NULL;

	if (sw_bool(e, sw_at(e, "%s/capable", program), true))
		return NULL;
	if (mode & SET_UID)
		filters = sw_at(e, "uid!=euid|euid!=uid|euid=%" PRId64 "%s%s", uid,
				uid == 0 ? "|euid=root" : "",
				uid < sw_int(e, AUDITD "/uid-min", 1000) ? "|auid!=euid|euid!=auid"
									 : "");
	if ((mode & SET_GID) == SET_GID)
		filters = sw_at(e, "%s%sgid!=egid|egid!=gid|egid=%" PRId64 "%s",
				filters ? filters : "", filters ? "|" : "", gid,
				gid == 0 ? "|egid=root" : "");
	return filters;
}

static void note_missing(struct sw_eval *e, struct tally *t, const char *path, const char *why)
{
	if (t->missing++ < NAMED_MAX)
		t->names = sw_at(e, "%s%s%s", t->names, *t->names ? ", " : "", path);
	if (!*t->why)
		t->why = why;
	if (sw_is_plain_path(path))
		sw_remedy(e,
			  "In a file of /etc/audit/rules.d, then augenrules --load: -a always,exit "
			  "-F path=%s -F perm=x -F auid>=1000 -F auid!=unset -k privileged",
			  path);
}

static void judge_program(struct sw_eval *e, struct tally *t, const char *path, const char *set)
{
	const char *program = sw_at(e, STARTING "/programs/%s", sw_esc(e, path)), *why;

	if (sw_has(e, sw_at(e, "%s/mount", program)))
		return;
	t->judged++;
	switch (host_audit_starts(e, sw_at(e, "%s/%s", program, set), filters_of(e, program),
				  &why)) {
	case HOST_STARTS_UNKNOWN: sw_unknown(e, "%s: %s", path, why); break;
	case HOST_STARTS_MISSING: note_missing(e, t, path, why); break;
	case HOST_STARTS_DOUBTFUL:
		sw_warn(e, "%s%s: recorded, but %s", host_configured(e), path, why);
		break;
	case HOST_STARTS_RECORDED: break;
	}
}

static void say_missing(struct sw_eval *e, const struct tally *t)
{
	sw_fail(e,
		"%sstarts of %zu of %zu programs with rights of their own are not recorded: "
		"%s%s%s%s",
		host_configured(e), t->missing, t->judged, t->names,
		t->missing > NAMED_MAX ? ", …" : "", *t->why ? "; of the first: " : "", t->why);
}

/* A pass needs a walk that saw all programs. */
static void look_at_walk(struct sw_eval *e)
{
	bool is_whole = sw_bool(e, "@host/walk/complete", false);

	if (sw_bool(e, STARTING "/cut", true))
		sw_unknown(e, "there are more programs than were looked at");
	if (!is_whole)
		sw_unknown(e, "not all files were walked: %s",
			   sw_str(e, "@host/walk/why", "for a reason that was not told"));
}

static enum sw_verdict starts_are_recorded(struct sw_eval *e)
{
	const char *set = host_audit_set(e);
	struct tally t = { .names = "", .why = "" };
	size_t n;

	if (!set && !audit_is_switched_on(e))
		return sw_said(e);
	if (!sw_has(e, STARTING "/programs"))
		return sw_unknown(e, "the files were not walked");
	n = sw_count(e, STARTING "/programs");
	for (size_t i = 0; i < n; i++)
		judge_program(e, &t, sw_key(e, STARTING "/programs", i), set ? set : "loaded");
	if (t.missing > 0)
		say_missing(e, &t);
	look_at_walk(e);
	if (set)
		host_audit_look_at_errors(e, set);
	if (sw_said(e) != SW_PASS)
		return sw_said(e);
	if (t.judged == 0)
		return sw_pass(e, "%sno program has rights of its own", host_configured(e));
	return sw_pass(e, "%sof %zu programs with rights of their own", host_configured(e),
		       t.judged);
}

const struct sw_check sw_host_audit_privileged_checks[] = {
	{
		.id = "host.audit.rule.privileged",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "Starts of programs with rights of their own are recorded",
		.why = "A set-id program, or one with capabilities, is how an ordinary account "
		       "becomes "
		       "more than that. The record tells who used which.",
		.wanted = "for each such program an exit rule with perm=x, or one of execve that "
			  "takes in all who gain rights",
		.remedy = "In a file of /etc/audit/rules.d, for each program that is named, then "
			  "augenrules --load:\n"
			  "-a always,exit -F path=PROGRAM -F perm=x -F auid>=1000 -F auid!=unset "
			  "-k privileged",
		.fn = starts_are_recorded,
		.needs = AUDIT_NEEDS | SW_NEEDS_WALK,
	},
	{ 0 },
};
