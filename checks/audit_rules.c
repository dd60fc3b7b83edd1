/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit_rules.c: does a loaded audit rule record each change of a file? The rows are in
 * audit_rules_rows.c.
 */
#include "audit_rules.h"

#include <string.h>

#include "audit_cover.h"
#include "engine.h"

static const char *at_of(const struct audit_item *item)
{
	return item->at ? item->at : "";
}

static struct audit_cover cover_of(const struct audit_item *item, const char *path)
{
	return (struct audit_cover){ .path = path,
				     .at = at_of(item),
				     .is_data_root = item->flags & AUDIT_IS_DATA_ROOT };
}

/* Where a file would have it covered, or "". */
static const char *configured_in(struct sw_eval *e, const struct audit_item *item, const char *path)
{
	static const char *const sets[] = { "rules.d", "audit.rules" };

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		const char *set =
			sw_at(e, "%swatching/%s/%s", at_of(item), sw_esc(e, path), sets[i]);
		struct audit_cover c = cover_of(item, path);
		if (!sw_is_known(e, sw_at(e, "%s/rules", set)))
			continue;
		audit_cover_look(e, &c, set);
		if (audit_cover_is_whole(&c) && c.first && *c.first)
			return c.first;
	}
	return "";
}

/* What is missing, in words. */
static const char *gap_of(struct sw_eval *e, const struct audit_cover *c)
{
	if (c->taken_by)
		return sw_at(e, "a rule before takes its events away: %s", c->taken_by);
	if (c->hole)
		return sw_at(e, "a never rule comes first for a part of it: %s", c->hole);
	if (c->limited_by)
		return sw_at(e, "the rule that is loaded is limited to %s", c->limited_by);
	if (!c->first)
		return "no audit rule covers it";
	if (c->wanted[AUDIT_ABI_32] && audit_cover_missing(c, AUDIT_ABI_32) == AUDIT_BOTH &&
	    audit_cover_missing(c, AUDIT_ABI_64) != AUDIT_BOTH)
		return "system calls of 32-bit programs are not recorded (the rule is of arch=b64)";
	if (c->wanted[AUDIT_ABI_64] && audit_cover_missing(c, AUDIT_ABI_64) == AUDIT_BOTH &&
	    audit_cover_missing(c, AUDIT_ABI_32) != AUDIT_BOTH)
		return "only system calls of 32-bit programs are recorded (the rule is of "
		       "arch=b32)";
	return (audit_cover_missing(c, AUDIT_ABI_64) | audit_cover_missing(c, AUDIT_ABI_32)) &
			       AUDIT_WRITE
		       ? "not all writes are recorded (perm lacks w)"
		       : "changes of owner and mode are not all recorded (perm lacks a)";
}

/* The line that would cover it, with the path as this host has it. */
static const char *line_for(struct sw_eval *e, const struct audit_cover *c)
{
	const char *path = c->path, *real = sw_at(e, "%sfiles/%s/path", c->at, sw_esc(e, path));

	return sw_at(e, "-w %s -p wa", sw_is_known(e, real) ? sw_str(e, real, path) : path);
}

/* Rules on the engine alone: those of the host have rows that say more. */
static void say_remedy(struct sw_eval *e, const struct audit_item *item,
		       const struct audit_cover *c, const char *where)
{
	const char *before = c->taken_by || c->hole ? ", before the rule that is named," : "";

	if (item->at || item->set)
		return;
	if (*where == '\0')
		sw_remedy(e,
			  "In /etc/audit/rules.d/docker.rules%s: %s -k docker; then: "
			  "augenrules --load",
			  before, line_for(e, c));
	else if (sw_bool(e, "@host/audit/immutable", false))
		sw_remedy(e, "Restart the host: its audit rules are locked until then");
	else
		sw_remedy(e, "augenrules --load");
}

static void say_not_covered(struct sw_eval *e, const struct audit_item *item,
			    const struct audit_cover *c)
{
	const char *gap = gap_of(e, c);
	const char *where = item->set ? "" : configured_in(e, item, c->path);

	say_remedy(e, item, c, where);
	if (*where == '\0')
		sw_fail(e, "%s%s: %s; wanted: %s", item->set ? "configured: " : "", c->path, gap,
			line_for(e, c));
	else if (sw_bool(e, "@host/audit/immutable", false))
		sw_fail(e,
			"%s: configured in %s, not loaded; the rules are locked until the next "
			"boot",
			c->path, where);
	else
		sw_fail(e, "%s: configured in %s, not loaded", c->path, where);
}

static void say_covered(struct sw_eval *e, const struct audit_cover *c)
{
	if (c->doubt)
		sw_warn(e, "%s is covered, but some of its events are taken away before: %s",
			c->path, c->doubt);
	else if (c->open[AUDIT_ABI_64] || c->open[AUDIT_ABI_32])
		sw_pass(e,
			"%s: only the folder itself is covered, not what is below it: path= is not "
			"recursive, dir= is",
			c->path);
	else if (c->allowed)
		sw_pass(e, "%s is covered but for what containers write: %s", c->path, c->allowed);
}

static void judge_rules(struct sw_eval *e, const struct audit_item *item, const char *path)
{
	const char *set = sw_at(e, "%swatching/%s/%s", at_of(item), sw_esc(e, path),
				item->set ? item->set : "loaded");
	const struct audit_cover empty = cover_of(item, path);
	struct audit_cover c = empty;

	audit_cover_look(e, &c, set);
	if (c.unsure && !audit_cover_is_whole(&c)) {
		c = empty;
		c.trusts = true;
		audit_cover_look(e, &c, set);
		if (audit_cover_is_whole(&c) && !c.is_odd) {
			sw_warn(e, "%s: %s; augenrules --load loads all anew", path, c.unsure);
			return;
		}
	}
	if (c.is_odd)
		sw_unknown(e, "%s: a loaded rule is of a kind that is not understood", path);
	else if (audit_cover_is_whole(&c))
		say_covered(e, &c);
	else if (c.is_cut)
		sw_unknown(e, "%s: more rules have to do with it than were looked at", path);
	else
		say_not_covered(e, item, &c);
}

/* Is there something to watch? Else says why not. */
static bool is_there(struct sw_eval *e, const struct audit_item *item, const char *path)
{
	const char *at = sw_at(e, "%sfiles/%s", at_of(item), sw_esc(e, path));
	const char *exists = sw_at(e, "%s/exists", at);

	if (!sw_has(e, exists)) {
		sw_unknown(e, "it was not told whether %s exists", path);
		return false;
	}
	if (!sw_bool(e, exists, false)) {
		sw_skip(e, "%s is not there", path);
		return false;
	}
	if (item->flags & AUDIT_IS_UNIT &&
	    strcmp(sw_str(e, sw_at(e, "%s/type", at), ""), "char") == 0) {
		sw_skip(e, "%s is masked", path);
		return false;
	}
	return true;
}

/* Are rules looked at at all? Else says why not. */
bool audit_is_switched_on(struct sw_eval *e)
{
	int64_t enabled = sw_int(e, "@host/audit/enabled", -1);

	if (enabled == 1 || enabled == 2)
		return true;
	if (enabled == 0)
		sw_fail(e, "audit is switched off: no rule is looked at");
	else
		sw_unknown(e, "it was not told whether audit is switched on");
	return false;
}

bool audit_judge_path(struct sw_eval *e, const struct audit_item *item, const char *path)
{
	if (!is_there(e, item, path))
		return false;
	if (item->set || audit_is_switched_on(e))
		judge_rules(e, item, path);
	return true;
}

static bool judge_role(struct sw_eval *e, const struct audit_item *item, const char *role)
{
	const char *path = sw_str(e, role, "");

	if (*path != '\0')
		return audit_judge_path(e, item, path);
	sw_skip(e, "%s", item->none);
	return false;
}

enum sw_verdict audit_rule_covers(struct sw_eval *e)
{
	const struct audit_item *item = sw_arg(e);

	if (item->podman && engine_lacks(e, item->podman))
		return SW_SKIP;
	size_t n = item->flags & AUDIT_IS_LIST ? engine_count(e, item->role) : 1, judged = 0;

	if (n == 0)
		sw_skip(e, "%s", item->none);
	for (size_t i = 0; i < n; i++)
		judged += judge_role(e, item,
				     item->flags & AUDIT_IS_LIST ? sw_at(e, "%s/%zu", item->role, i)
								 : item->role);
	return judged ? SW_PASS : sw_said(e);
}
