/* SPDX-License-Identifier: Apache-2.0 */
/* host_audit_starts.c: are starts of a program recorded of all people? */
#include <string.h>

#include "audit_rules.h"
#include "host_audit_calls.h"
#include "host_common.h"

/* Why the rule may not see what is at its path today, or NULL; see auditreach.h. */
static const char *doubt_of(struct sw_eval *e, const char *entry)
{
	const char *mount = sw_at(e, "%s/mount", entry), *made = sw_at(e, "%s/made", entry);

	if (sw_has(e, mount))
		return sw_at(e, "%s was mounted, maybe after the rule was loaded",
			     sw_str(e, mount, ""));
	if (sw_has(e, made))
		return sw_at(e, "its folder was made %s, maybe after the rule was loaded",
			     sw_str(e, made, ""));
	return NULL;
}

static void look_at_never_start(struct sw_eval *e, struct host_audit_calls *c, const char *entry,
				const char *text, const char *arch)
{
	if (sw_bool(e, sw_at(e, "%s/narrowed", entry), true)) {
		c->doubt = c->doubt ? c->doubt
				    : sw_at(e, "some events are taken away before: %s", text);
		return;
	}
	c->taken_by = c->taken_by ? c->taken_by : text;
	for (int abi = 0; abi < ABIS; abi++) {
		if (!host_audit_is_of_abi(arch, abi))
			continue;
		c->taken[abi] |= c->open[abi];
		c->open[abi] = 0;
	}
}

static void look_at_always_start(struct sw_eval *e, struct host_audit_calls *c, const char *entry,
				 const char *rule, const char *arch)
{
	bool is_of_people_only, has_path = sw_has(e, sw_at(e, "%s/path", rule));
	const char *limit = host_audit_narrowing(e, rule, c->filters, &is_of_people_only);
	const char *doubt = has_path && !limit ? doubt_of(e, entry) : NULL;

	if (limit) {
		c->limited_by = c->limited_by || !has_path ? c->limited_by : limit;
		return;
	}
	c->doubt = c->doubt ? c->doubt : doubt;
	for (int abi = 0; abi < ABIS; abi++)
		if (host_audit_is_of_abi(arch, abi))
			c->open[abi] = 0;
}

/*
 * One of the rules that have to do with the program's file: the bits of "who may start it". Those
 * of other lists than exit take events away whatever the order, and the kernel lists them behind.
 */
static void look_at_start(struct sw_eval *e, struct host_audit_calls *c, const char *entry,
			  bool is_exit_wanted)
{
	const char *rule = sw_at(e, "%s/rule", entry);
	const char *action = sw_str(e, sw_at(e, "%s/action", rule), "");
	const char *list = sw_str(e, sw_at(e, "%s/list", rule), "");
	const char *arch = sw_str(e, sw_at(e, "%s/arch", rule), "");
	const char *full = sw_str(e, sw_at(e, "%s/full", rule), "");
	bool is_exit = strcmp(list, "exit") == 0;

	if (is_exit != is_exit_wanted ||
	    (is_exit && !strchr(sw_str(e, sw_at(e, "%s/some", rule), full), 'x')))
		return;
	if (!host_audit_is_open(c, 1, arch))
		return;
	if (!host_audit_is_one_of(list, "exit|task|exclude|filesystem"))
		c->is_odd = true;
	else if (strcmp(action, "never") == 0 || !is_exit)
		look_at_never_start(e, c, entry, sw_at(e, "-a %s,%s", action, list), arch);
	else if (strchr(full, 'x'))
		look_at_always_start(e, c, entry, rule, arch);
}

enum host_started host_audit_starts(struct sw_eval *e, const char *at, const char *filters,
				    const char **ret_why)
{
	struct host_audit_calls c = { .filters = filters };
	const char *rules = sw_at(e, "%s/rules", at);
	size_t n = sw_count(e, rules);

	*ret_why = "";
	host_audit_add_names(e, &c, "execve", false);
	for (size_t i = 0; i < n; i++)
		look_at_start(e, &c, sw_at(e, "%s/%zu", rules, i), false);
	for (size_t i = 0; i < n; i++)
		look_at_start(e, &c, sw_at(e, "%s/%zu", rules, i), true);
	if (c.is_odd) {
		*ret_why = "a rule is of a kind that is not understood";
		return HOST_STARTS_UNKNOWN;
	}
	if (!host_audit_is_recorded(&c) && sw_bool(e, sw_at(e, "%s/cut", at), true)) {
		*ret_why = "more rules have to do with it than were looked at";
		return HOST_STARTS_UNKNOWN;
	}
	if (!host_audit_is_recorded(&c)) {
		if (c.taken_by)
			*ret_why = sw_at(e, "taken away by %s", c.taken_by);
		else if (c.limited_by)
			*ret_why = sw_at(e, "the rule is limited to %s", c.limited_by);
		return HOST_STARTS_MISSING;
	}
	*ret_why = c.doubt ? c.doubt : "";
	return c.doubt ? HOST_STARTS_DOUBTFUL : HOST_STARTS_RECORDED;
}

bool host_audit_judge_program(struct sw_eval *e, const char *path)
{
	const char *set = host_audit_set(e), *name = sw_esc(e, path), *why;
	const char *file = sw_at(e, AUDITD "/files/%s", name);

	if (!sw_bool(e, sw_at(e, "%s/exists", file), false))
		return false;
	if (!set && !audit_is_switched_on(e))
		return true;
	switch (host_audit_starts(e, sw_at(e, AUDITD "/watching/%s/%s", name, set ? set : "loaded"),
				  NULL, &why)) {
	case HOST_STARTS_UNKNOWN: sw_unknown(e, "%s: %s", path, why); break;
	case HOST_STARTS_MISSING:
		sw_fail(e, "%s%s: starts of it are not recorded%s%s", host_configured(e), path,
			*why ? "; " : "", why);
		break;
	case HOST_STARTS_DOUBTFUL:
		sw_warn(e, "%s%s: recorded, but %s", host_configured(e), path, why);
		break;
	case HOST_STARTS_RECORDED: break;
	}
	return true;
}
