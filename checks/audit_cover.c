/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit_cover.c: see audit_cover.h. The kernel's way of choosing a rule is in kernel/auditsc.c and
 * auditfilter.c.
 */
#include "audit_cover.h"

#include <inttypes.h>
#include <string.h>

#include "engine.h"

static unsigned kinds_of(const char *letters)
{
	return (strchr(letters, 'w') ? AUDIT_WRITE : 0) | (strchr(letters, 'a') ? AUDIT_ATTR : 0);
}

static bool is_one_of(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(s, list[i]) == 0)
			return true;
	return false;
}

/* Which interfaces there are to watch; a machine that is not known may have both. */
static void want_all(struct sw_eval *e, struct audit_cover *c)
{
	static const char *const only_64[] = { "ppc64le", "riscv64", "loongarch64" };
	static const char *const only_32[] = { "i386",   "i486",   "i586",  "i686",
					       "armv6l", "armv7l", "armv8l" };
	const char *at = *c->at ? sw_at(e, "%smachine", c->at) : "@host/kernel/machine";
	const char *machine = sw_str(e, at, "");

	if (!is_one_of(machine, only_32, sizeof(only_32) / sizeof(only_32[0])))
		c->wanted[AUDIT_ABI_64] = AUDIT_BOTH;
	if (!is_one_of(machine, only_64, sizeof(only_64) / sizeof(only_64[0])))
		c->wanted[AUDIT_ABI_32] = AUDIT_BOTH;
	memcpy(c->open, c->wanted, sizeof(c->open));
}

/* Is the rule tried for calls of this interface? */
static bool is_of_abi(const char *arch, int abi)
{
	return *arch == '\0' || strcmp(arch, abi == AUDIT_ABI_64 ? "b64" : "b32") == 0;
}

/* The rule in words, for a reason. */
static const char *describe(struct sw_eval *e, const char *rule)
{
	const char *path = sw_str(e, sw_at(e, "%s/path", rule), "");
	const char *text = sw_at(e, "-a %s,%s", sw_str(e, sw_at(e, "%s/action", rule), ""),
				 sw_str(e, sw_at(e, "%s/list", rule), ""));

	return *path ? sw_at(e, "%s for %s", text, path) : text;
}

static const char *audit_rule_place(struct sw_eval *e, const char *rule)
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

static bool is_still_open(const struct audit_cover *c, unsigned kinds, const char *arch)
{
	for (int i = 0; i < AUDIT_ABIS; i++)
		if (is_of_abi(arch, i) && c->open[i] & kinds)
			return true;
	return false;
}

/* Layers and volumes hold what containers write, which the benchmark itself takes out. */
static bool may_be_left_out(const struct audit_cover *c, const char *rest)
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

static void take_away(struct audit_cover *c, unsigned kinds, const char *arch, const char *text)
{
	for (int i = 0; i < AUDIT_ABIS; i++) {
		if (!is_of_abi(arch, i))
			continue;
		c->taken[i] |= c->open[i] & kinds;
		c->open[i] &= ~kinds;
	}
	c->taken_by = c->taken_by ? c->taken_by : text;
}

/* A rule that lets accesses go unrecorded. */
static void look_at_never(struct sw_eval *e, struct audit_cover *c, const char *entry,
			  const char *rule, unsigned kinds, const char *arch)
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
static void look_at_always(struct sw_eval *e, struct audit_cover *c, const char *entry,
			   const char *rule, unsigned kinds, const char *arch)
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
	c->first = c->first ? c->first : audit_rule_place(e, rule);
	for (int i = 0; i < AUDIT_ABIS; i++) {
		if (!is_of_abi(arch, i))
			continue;
		if (is_flat)
			c->flat[i] |= c->open[i] & kinds;
		else
			c->open[i] &= ~kinds;
	}
}

static void look_at_exit(struct sw_eval *e, struct audit_cover *c, const char *entry,
			 const char *rule)
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
static void look_at_rule(struct sw_eval *e, struct audit_cover *c, const char *entry)
{
	static const char *const known[] = { "task", "exclude", "filesystem" };
	const char *rule = sw_at(e, "%s/rule", entry);
	const char *list = sw_str(e, sw_at(e, "%s/list", rule), "");

	if (strcmp(list, "exit") == 0)
		look_at_exit(e, c, entry, rule);
	else if (!is_one_of(list, known, sizeof(known) / sizeof(known[0])))
		c->is_odd = true;
}

static void look_at_other_lists(struct sw_eval *e, struct audit_cover *c, const char *rules,
				size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *entry = sw_at(e, "%s/%zu", rules, i);
		const char *rule = sw_at(e, "%s/rule", entry);
		const char *list = sw_str(e, sw_at(e, "%s/list", rule), "");
		if (strcmp(list, "task") == 0 || strcmp(list, "exclude") == 0 ||
		    strcmp(list, "filesystem") == 0)
			look_at_never(e, c, entry, rule, AUDIT_BOTH, "");
	}
}

void audit_cover_look(struct sw_eval *e, struct audit_cover *c, const char *set)
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

unsigned audit_cover_missing(const struct audit_cover *c, int abi)
{
	return c->open[abi] & ~c->flat[abi];
}

bool audit_cover_is_whole(const struct audit_cover *c)
{
	for (int i = 0; i < AUDIT_ABIS; i++)
		if (audit_cover_missing(c, i) || c->taken[i])
			return false;
	return !c->hole;
}
