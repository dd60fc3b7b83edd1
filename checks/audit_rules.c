/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit_rules.c: does a loaded audit rule record each change of a file? The rows are in
 * audit_rules_rows.c; the kernel's way of choosing a rule is in kernel/auditsc.c and auditfilter.c.
 */
#include "audit_rules.h"

#include <inttypes.h>
#include <string.h>

#include "engine.h"

/* A program may make system calls by either of these on most machines; an arch field is of one. */
enum { ABI_64, ABI_32, ABIS };

enum { WRITE = 1, ATTR = 2, BOTH = WRITE | ATTR };

/* What the rules looked at so far make of one path. */
struct cover {
	const char *path;
	const char *at;
	bool is_data_root;
	bool is_folder;
	unsigned wanted[ABIS]; /* kinds of access to be recorded */
	unsigned open[ABIS];   /* those that no rule has decided yet */
	unsigned taken[ABIS];  /* kinds that a never rule takes away */
	unsigned flat[ABIS];   /* kinds recorded of the folder itself only */
	const char *taken_by;  /* or NULL, as the following */
	const char *limited_by, *hole, *doubt, *allowed;
	const char *first; /* where the first rule that covers it stands */
	bool is_cut, is_odd;
	bool trusts;        /* takes a rule that may look at another folder by now */
	const char *unsure; /* why it may, or NULL */
};

static unsigned kinds_of(const char *letters)
{
	return (strchr(letters, 'w') ? WRITE : 0) | (strchr(letters, 'a') ? ATTR : 0);
}

static bool is_one_of(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(s, list[i]) == 0)
			return true;
	return false;
}

/* Which interfaces there are to watch; a machine that is not known may have both. */
static void want_all(struct sw_eval *e, struct cover *c)
{
	static const char *const only_64[] = { "ppc64le", "riscv64", "loongarch64" };
	static const char *const only_32[] = { "i386",   "i486",   "i586",  "i686",
					       "armv6l", "armv7l", "armv8l" };
	const char *at = *c->at ? sw_at(e, "%smachine", c->at) : "@host/kernel/machine";
	const char *machine = sw_str(e, at, "");

	if (!is_one_of(machine, only_32, sizeof(only_32) / sizeof(only_32[0])))
		c->wanted[ABI_64] = BOTH;
	if (!is_one_of(machine, only_64, sizeof(only_64) / sizeof(only_64[0])))
		c->wanted[ABI_32] = BOTH;
	memcpy(c->open, c->wanted, sizeof(c->open));
}

/* Is the rule tried for calls of this interface? */
static bool is_of_abi(const char *arch, int abi)
{
	return *arch == '\0' || strcmp(arch, abi == ABI_64 ? "b64" : "b32") == 0;
}

/* The rule in words, for a reason. */
static const char *describe(struct sw_eval *e, const char *rule)
{
	const char *path = sw_str(e, sw_at(e, "%s/path", rule), "");
	const char *text = sw_at(e, "-a %s,%s", sw_str(e, sw_at(e, "%s/action", rule), ""),
				 sw_str(e, sw_at(e, "%s/list", rule), ""));

	return *path ? sw_at(e, "%s for %s", text, path) : text;
}

static const char *place_in_file(struct sw_eval *e, const char *rule)
{
	const char *file = sw_str(e, sw_at(e, "%s/file", rule), "");

	if (*file == '\0')
		return "";
	return sw_at(e, "%s:%" PRId64, file, sw_int(e, sw_at(e, "%s/line", rule), 0));
}

static const char *first_field(struct sw_eval *e, const char *rule)
{
	const char *field = sw_at(e, "%s/fields/0", rule);

	return sw_at(e, "%s%s%s", sw_str(e, sw_at(e, "%s/field", field), ""),
		     sw_str(e, sw_at(e, "%s/op", field), ""),
		     sw_str(e, sw_at(e, "%s/value", field), ""));
}

static bool is_still_open(const struct cover *c, unsigned kinds, const char *arch)
{
	for (int i = 0; i < ABIS; i++)
		if (is_of_abi(arch, i) && c->open[i] & kinds)
			return true;
	return false;
}

/* Layers and volumes hold what containers write, which the benchmark itself takes out. */
static bool may_be_left_out(const struct cover *c, const char *rest)
{
	static const char *const folders[] = { "overlay2", "overlay", "fuse-overlayfs", "btrfs",
					       "zfs",      "vfs",     "rootfs",         "volumes" };
	char folder[16];
	size_t n = strcspn(rest, "/");

	if (!c->is_data_root || n >= sizeof(folder))
		return false;
	memcpy(folder, rest, n);
	folder[n] = '\0';
	return is_one_of(folder, folders, sizeof(folders) / sizeof(folders[0]));
}

static void take_away(struct cover *c, unsigned kinds, const char *arch, const char *text)
{
	for (int i = 0; i < ABIS; i++) {
		if (!is_of_abi(arch, i))
			continue;
		c->taken[i] |= c->open[i] & kinds;
		c->open[i] &= ~kinds;
	}
	c->taken_by = c->taken_by ? c->taken_by : text;
}

/* A rule that lets accesses go unrecorded. */
static void look_at_never(struct sw_eval *e, struct cover *c, const char *entry, const char *rule,
			  unsigned kinds, const char *arch)
{
	const char *at = sw_str(e, sw_at(e, "%s/at", entry), "");
	const char *text = describe(e, rule);

	if (!is_still_open(c, kinds, arch))
		return;
	if (sw_bool(e, sw_at(e, "%s/narrowed", entry), true)) {
		c->doubt =
			c->doubt ? c->doubt : sw_at(e, "%s, where %s", text, first_field(e, rule));
	} else if (strcmp(at, "below") != 0) {
		take_away(c, kinds, arch, text);
	} else if (may_be_left_out(c, sw_str(e, sw_at(e, "%s/rest", entry), ""))) {
		c->allowed = c->allowed ? c->allowed : text;
	} else {
		c->hole = c->hole ? c->hole : text;
	}
}

/* Why a rule may not see what is at its path, or NULL; see auditreach.h. */
static const char *doubt_of(struct sw_eval *e, const char *entry, const char *rule)
{
	const char *mount = sw_at(e, "%s/mount", entry), *made = sw_at(e, "%s/made", entry);
	const char *path = sw_str(e, sw_at(e, "%s/path", rule), "");

	if (sw_has(e, mount))
		return sw_at(e,
			     "the rule for %s does not see what is mounted on %s if it was loaded "
			     "before that was",
			     path, sw_str(e, mount, ""));
	if (sw_has(e, made))
		return sw_at(e,
			     "%s was made %s, after the boot: a rule that was loaded before sees "
			     "only the folder that was there then",
			     path, sw_str(e, made, ""));
	return NULL;
}

/* A rule that records. */
static void look_at_always(struct sw_eval *e, struct cover *c, const char *entry, const char *rule,
			   unsigned kinds, const char *arch)
{
	const char *at = sw_str(e, sw_at(e, "%s/at", entry), "");
	bool is_flat = strcmp(at, "same") == 0 && c->is_folder &&
		       !sw_bool(e, sw_at(e, "%s/recursive", rule), true);

	if (!is_still_open(c, kinds, arch))
		return;
	if (sw_bool(e, sw_at(e, "%s/narrowed", entry), true)) {
		/* Without a path it was hardly meant for this one. */
		if (!c->limited_by && strcmp(at, "any") != 0)
			c->limited_by = first_field(e, rule);
		return;
	}
	const char *unsure = strcmp(at, "any") == 0 ? NULL : doubt_of(e, entry, rule);
	if (unsure) {
		c->unsure = c->unsure ? c->unsure : unsure;
		if (!c->trusts)
			return;
	}
	c->first = c->first ? c->first : place_in_file(e, rule);
	for (int i = 0; i < ABIS; i++) {
		if (!is_of_abi(arch, i))
			continue;
		if (is_flat)
			c->flat[i] |= c->open[i] & kinds;
		else
			c->open[i] &= ~kinds;
	}
}

static void look_at_exit(struct sw_eval *e, struct cover *c, const char *entry, const char *rule)
{
	const char *action = sw_str(e, sw_at(e, "%s/action", rule), "");
	const char *arch = sw_str(e, sw_at(e, "%s/arch", rule), "");
	const char *full = sw_str(e, sw_at(e, "%s/full", rule), "");
	const char *some = sw_str(e, sw_at(e, "%s/some", rule), full);

	if (strcmp(action, "always") == 0)
		look_at_always(e, c, entry, rule, kinds_of(full), arch);
	else if (strcmp(action, "never") == 0)
		look_at_never(e, c, entry, rule, kinds_of(some), arch);
	else
		c->is_odd = true;
}

/* Of the other lists only those rules are here that take events away, whatever the order. */
static void look_at_rule(struct sw_eval *e, struct cover *c, const char *entry)
{
	static const char *const known[] = { "task", "exclude", "filesystem" };
	const char *rule = sw_at(e, "%s/rule", entry);
	const char *list = sw_str(e, sw_at(e, "%s/list", rule), "");

	if (strcmp(list, "exit") == 0)
		look_at_exit(e, c, entry, rule);
	else if (!is_one_of(list, known, sizeof(known) / sizeof(known[0])))
		c->is_odd = true;
}

static void look_at_other_lists(struct sw_eval *e, struct cover *c, const char *rules, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *entry = sw_at(e, "%s/%zu", rules, i);
		const char *rule = sw_at(e, "%s/rule", entry);
		const char *list = sw_str(e, sw_at(e, "%s/list", rule), "");
		if (strcmp(list, "task") == 0 || strcmp(list, "exclude") == 0 ||
		    strcmp(list, "filesystem") == 0)
			look_at_never(e, c, entry, rule, BOTH, "");
	}
}

/* All rules of a set, in the order in which the first that fits decides. */
static void look_at_set(struct sw_eval *e, struct cover *c, const char *set)
{
	const char *rules = sw_at(e, "%s/rules", set);
	size_t n = engine_count(e, rules);

	const char *type = sw_at(e, "%sfiles/%s/type", c->at, sw_esc(e, c->path));

	want_all(e, c);
	c->is_folder = strcmp(sw_str(e, type, "dir"), "dir") == 0;
	c->is_cut = sw_bool(e, sw_at(e, "%s/cut", set), true);
	look_at_other_lists(e, c, rules, n);
	for (size_t i = 0; i < n; i++)
		look_at_rule(e, c, sw_at(e, "%s/%zu", rules, i));
}

/* What no rule records, not even of the folder itself. */
static unsigned missing(const struct cover *c, int abi)
{
	return c->open[abi] & ~c->flat[abi];
}

static bool is_covered(const struct cover *c)
{
	for (int i = 0; i < ABIS; i++)
		if (missing(c, i) || c->taken[i])
			return false;
	return !c->hole;
}

static const char *at_of(const struct audit_item *item)
{
	return item->at ? item->at : "";
}

static struct cover cover_of(const struct audit_item *item, const char *path)
{
	return (struct cover){ .path = path,
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
		struct cover c = cover_of(item, path);
		if (!sw_is_known(e, sw_at(e, "%s/rules", set)))
			continue;
		look_at_set(e, &c, set);
		if (is_covered(&c) && c.first && *c.first)
			return c.first;
	}
	return "";
}

/* What is missing, in words. */
static const char *gap_of(struct sw_eval *e, const struct cover *c)
{
	if (c->taken_by)
		return sw_at(e, "a rule before takes its events away: %s", c->taken_by);
	if (c->hole)
		return sw_at(e, "a never rule comes first for a part of it: %s", c->hole);
	if (c->limited_by)
		return sw_at(e, "the rule that is loaded is limited to %s", c->limited_by);
	if (!c->first)
		return "no audit rule covers it";
	if (c->wanted[ABI_32] && missing(c, ABI_32) == BOTH && missing(c, ABI_64) != BOTH)
		return "system calls of 32-bit programs are not recorded (the rule is of arch=b64)";
	if (c->wanted[ABI_64] && missing(c, ABI_64) == BOTH && missing(c, ABI_32) != BOTH)
		return "only system calls of 32-bit programs are recorded (the rule is of "
		       "arch=b32)";
	return (missing(c, ABI_64) | missing(c, ABI_32)) & WRITE
		       ? "not all writes are recorded (perm lacks w)"
		       : "changes of owner and mode are not all recorded (perm lacks a)";
}

/* The line that would cover it, with the path as this host has it. */
static const char *line_for(struct sw_eval *e, const struct cover *c)
{
	const char *path = c->path, *real = sw_at(e, "%sfiles/%s/path", c->at, sw_esc(e, path));

	return sw_at(e, "-w %s -p wa", sw_is_known(e, real) ? sw_str(e, real, path) : path);
}

/* Rules on the engine alone: those of the host have rows that say more. */
static void say_remedy(struct sw_eval *e, const struct audit_item *item, const struct cover *c,
		       const char *where)
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

static void say_not_covered(struct sw_eval *e, const struct audit_item *item, const struct cover *c)
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

static void say_covered(struct sw_eval *e, const struct cover *c)
{
	if (c->doubt)
		sw_warn(e, "%s is covered, but some of its events are taken away before: %s",
			c->path, c->doubt);
	else if (c->open[ABI_64] || c->open[ABI_32])
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
	const struct cover empty = cover_of(item, path);
	struct cover c = empty;

	look_at_set(e, &c, set);
	if (c.unsure && !is_covered(&c)) {
		c = empty;
		c.trusts = true;
		look_at_set(e, &c, set);
		if (is_covered(&c) && !c.is_odd) {
			sw_warn(e, "%s: %s; augenrules --load loads all anew", path, c.unsure);
			return;
		}
	}
	if (c.is_odd)
		sw_unknown(e, "%s: a loaded rule is of a kind that is not understood", path);
	else if (is_covered(&c))
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
