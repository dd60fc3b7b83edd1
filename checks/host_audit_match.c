/* SPDX-License-Identifier: Apache-2.0 */
/* host_audit_match.c: are system calls recorded of all people? */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit_rules.h"
#include "host_audit_calls.h"
#include "host_common.h"

enum { NAME_MAX_LEN = 32, LOGIN_FIELDS_MAX = 16 };

bool host_audit_is_one_of(const char *s, const char *list)
{
	size_t n = strlen(s);

	while (list && *list) {
		size_t length = strcspn(list, "|");
		if (length == n && memcmp(list, s, n) == 0)
			return true;
		list += length + (list[length] == '|');
	}
	return false;
}

/* --- what there is to record --------------------------------------------------------------------
 */

static const char *machine_of(struct sw_eval *e)
{
	return sw_str(e, AUDITD "/machine", "");
}

static bool has_abi(const char *machine, int abi)
{
	return abi == ABI_64
		       ? !host_audit_is_one_of(machine, "i386|i486|i586|i686|armv6l|armv7l|armv8l")
		       : !host_audit_is_one_of(machine, "ppc64le|riscv64|loongarch64");
}

/* The newer kind of machine has no calls of which a later one does all, such as chmod. */
static bool has_old_calls(const char *machine, int abi)
{
	return abi == ABI_32 || !host_audit_is_one_of(machine, "aarch64|riscv64|loongarch64");
}

void host_audit_add_names(struct sw_eval *e, struct host_audit_calls *c, const char *names,
			  bool is_native)
{
	const char *machine = machine_of(e);
	bool has_64 = has_abi(machine, ABI_64);

	while (*names && c->n < CALLS_MAX) {
		size_t n = strcspn(names, " ");
		bool is_old = *names == '-';
		for (int abi = 0; abi < ABIS; abi++)
			if (has_abi(machine, abi) && !(is_native && abi == ABI_32 && has_64) &&
			    (!is_old || has_old_calls(machine, abi)))
				c->wanted[abi] |= 1u << c->n;
		c->names[c->n++] = sw_at(e, "%.*s", (int)(n - is_old), names + is_old);
		names += n + (names[n] == ' ');
	}
	memcpy(c->open, c->wanted, sizeof(c->open));
}

/* --- one rule --------------------------------------------------------------------------------- */

static const char *field_text(struct sw_eval *e, const char *field)
{
	return sw_at(e, "%s%s%s", sw_str(e, sw_at(e, "%s/field", field), ""),
		     sw_str(e, sw_at(e, "%s/op", field), ""),
		     sw_str(e, sw_at(e, "%s/value", field), ""));
}

static bool is_number(const char *s)
{
	return *s && s[strspn(s, "0123456789")] == '\0' && strlen(s) < 10;
}

/* Who logged in: auid>=1000 and auid!=unset leave out the daemons, as the benchmark wants it. */
static bool is_of_people(struct sw_eval *e, const char *field)
{
	const char *op = sw_str(e, sw_at(e, "%s/op", field), "");
	const char *value = sw_str(e, sw_at(e, "%s/value", field), "");
	int64_t min = sw_int(e, AUDITD "/uid-min", 1000);

	if (strcmp(sw_str(e, sw_at(e, "%s/field", field), ""), "auid") != 0)
		return false;
	if (strcmp(op, "!=") == 0)
		return strcmp(value, "unset") == 0;
	if (!is_number(value))
		return false;
	int64_t n = strtoll(value, NULL, 10);
	return (strcmp(op, ">=") == 0 && n <= min) || (strcmp(op, ">") == 0 && n < min);
}

/* The first field that leaves out more than may be, or NULL. */
const char *host_audit_narrowing(struct sw_eval *e, const char *rule, const char *filters,
				 bool *ret_of_people)
{
	const char *fields = sw_at(e, "%s/fields", rule);
	size_t n = sw_count(e, fields);

	*ret_of_people = false;
	for (size_t i = 0; i < n; i++) {
		const char *field = sw_at(e, "%s/%zu", fields, i), *text = field_text(e, field);
		bool is_people = is_of_people(e, field);
		*ret_of_people |= is_people;
		if (!is_people && !host_audit_is_one_of(text, filters))
			return text;
		if (i >= LOGIN_FIELDS_MAX)
			return "too many fields";
	}
	return NULL;
}

bool host_audit_is_of_abi(const char *arch, int abi)
{
	return *arch == '\0' || strcmp(arch, abi == ABI_64 ? "b64" : "b32") == 0;
}

static unsigned calls_in(struct sw_eval *e, const struct host_audit_calls *c, const char *rule)
{
	const char *list = sw_at(e, "%s/syscalls", rule);
	unsigned in = 0;

	if (!sw_has(e, list))
		return (1u << c->n) - 1;
	for (size_t i = 0; i < c->n; i++)
		if (sw_contains(e, list, c->names[i]))
			in |= 1u << i;
	return in;
}

bool host_audit_is_open(const struct host_audit_calls *c, unsigned bits, const char *arch)
{
	for (int abi = 0; abi < ABIS; abi++)
		if (host_audit_is_of_abi(arch, abi) && c->open[abi] & bits)
			return true;
	return false;
}

/* Layers of containers are not people's files. */
static bool is_of_engine(const char *path)
{
	return sw_is_below(path, "/var/lib/docker") || sw_is_below(path, "/var/lib/containerd");
}

static void look_at_never(struct sw_eval *e, struct host_audit_calls *c, const char *rule,
			  unsigned in, const char *arch)
{
	const char *path = sw_str(e, sw_at(e, "%s/path", rule), "");
	const char *list = sw_str(e, sw_at(e, "%s/list", rule), "");
	bool is_part = *path || sw_count(e, sw_at(e, "%s/fields", rule)) > 0;

	/* Of the exclude list only those are here that drop the record itself, by its type. */
	if (strcmp(list, "exclude") == 0)
		is_part = sw_count(e, sw_at(e, "%s/fields", rule)) > 1;
	if (*path && is_of_engine(path) && host_has_root_engine(e))
		return;
	const char *text = sw_at(e, "-a %s,%s%s%s", sw_str(e, sw_at(e, "%s/action", rule), ""),
				 list, *path ? " for " : "", path);
	if (is_part) {
		c->doubt = c->doubt ? c->doubt : text;
		return;
	}
	for (int abi = 0; abi < ABIS; abi++) {
		if (!host_audit_is_of_abi(arch, abi))
			continue;
		c->taken[abi] |= c->open[abi] & in;
		c->open[abi] &= ~in;
	}
	c->taken_by = c->taken_by ? c->taken_by : text;
}

static void look_at_always(struct sw_eval *e, struct host_audit_calls *c, const char *rule,
			   unsigned in, const char *arch)
{
	bool is_of_people_only;
	const char *limit = host_audit_narrowing(e, rule, c->filters, &is_of_people_only);

	if (!limit && sw_has(e, sw_at(e, "%s/perm", rule)))
		limit = sw_at(e, "perm=%s", sw_str(e, sw_at(e, "%s/perm", rule), ""));
	if (limit) {
		/* A rule of all calls was hardly meant for these. */
		if (!c->limited_by && sw_has(e, sw_at(e, "%s/syscalls", rule)))
			c->limited_by = limit;
		return;
	}
	c->is_filtered |= is_of_people_only;
	for (int abi = 0; abi < ABIS; abi++)
		if (host_audit_is_of_abi(arch, abi))
			c->open[abi] &= ~in;
}

static void look_at_rule(struct sw_eval *e, struct host_audit_calls *c, const char *rule)
{
	const char *action = sw_str(e, sw_at(e, "%s/action", rule), "");
	const char *list = sw_str(e, sw_at(e, "%s/list", rule), "");
	const char *arch = sw_str(e, sw_at(e, "%s/arch", rule), "");
	bool is_exit = strcmp(list, "exit") == 0;
	unsigned in = is_exit ? calls_in(e, c, rule) : (1u << c->n) - 1;

	if (!host_audit_is_open(c, in, arch))
		return;
	if (!host_audit_is_one_of(list, "exit|task|exclude|filesystem") ||
	    !host_audit_is_one_of(action, "always|never"))
		c->is_odd = true;
	else if (strcmp(list, "filesystem") == 0)
		return; /* takes away names of files, not calls */
	else if (strcmp(action, "never") == 0 || strcmp(list, "exclude") == 0)
		look_at_never(e, c, rule, in, arch);
	else if (is_exit)
		look_at_always(e, c, rule, in, arch);
}

/* --- a verdict ---------------------------------------------------------------------------------
 */

static const char *names_of(struct sw_eval *e, const struct host_audit_calls *c, unsigned bits)
{
	const char *text = "";

	for (size_t i = 0; i < c->n; i++)
		if (bits >> i & 1)
			text = sw_at(e, "%s%s%s", text, *text ? ", " : "", c->names[i]);
	return text;
}

/* "chmod, fchmod", and of which programs when that is not all. */
static const char *missing_text(struct sw_eval *e, const struct host_audit_calls *c)
{
	unsigned missing[ABIS];

	for (int abi = 0; abi < ABIS; abi++)
		missing[abi] = c->open[abi] | c->taken[abi];
	if (missing[ABI_64] == missing[ABI_32] || (!c->wanted[ABI_32] || !c->wanted[ABI_64]))
		return names_of(e, c, missing[ABI_64] | missing[ABI_32]);
	if (!missing[ABI_64])
		return sw_at(e, "%s (by 32-bit programs, arch=b32)",
			     names_of(e, c, missing[ABI_32]));
	if (!missing[ABI_32])
		return sw_at(e, "%s (by 64-bit programs, arch=b64)",
			     names_of(e, c, missing[ABI_64]));
	return sw_at(e, "%s (arch=b64), %s (arch=b32)", names_of(e, c, missing[ABI_64]),
		     names_of(e, c, missing[ABI_32]));
}

bool host_audit_is_recorded(const struct host_audit_calls *c)
{
	for (int abi = 0; abi < ABIS; abi++)
		if (c->open[abi] || c->taken[abi])
			return false;
	return true;
}

static bool look_at_set(struct sw_eval *e, struct host_audit_calls *c, const char *set)
{
	const char *rules = sw_at(e, AUDITD "/calls/%s/rules", set);
	size_t n = sw_count(e, rules);

	for (size_t i = 0; i < n; i++)
		look_at_rule(e, c, sw_at(e, "%s/%zu", rules, i));
	return sw_bool(e, sw_at(e, AUDITD "/calls/%s/cut", set), true);
}

/* Would a file have them recorded? Its path, or "". */
static const char *configured_in(struct sw_eval *e, const struct host_audit_calls *like)
{
	static const char *const sets[] = { "rules.d", "audit.rules" };

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		struct host_audit_calls c = *like;
		memcpy(c.open, c.wanted, sizeof(c.open));
		memset(c.taken, 0, sizeof(c.taken));
		if (!sw_is_known(e, sw_at(e, AUDITD "/calls/%s/rules", sets[i])))
			continue;
		look_at_set(e, &c, sets[i]);
		if (host_audit_is_recorded(&c))
			return i == 0 ? "/etc/audit/rules.d" : "/etc/audit/audit.rules";
	}
	return "";
}

static void say_missing(struct sw_eval *e, const struct host_audit_calls *c, const char *what,
			const char *set)
{
	const char *where = set ? "" : configured_in(e, c);
	const char *why = c->taken_by     ? sw_at(e, "; taken away by %s", c->taken_by)
			  : c->limited_by ? sw_at(e, "; the rule is limited to %s", c->limited_by)
					  : "";

	if (*where)
		sw_fail(e, "not recorded: %s%s; configured in %s, not loaded%s", missing_text(e, c),
			what, where,
			sw_bool(e, "@host/audit/immutable", false)
				? "; the rules are locked until the next boot"
				: "");
	else
		sw_fail(e, "%snot recorded: %s%s%s", host_configured(e), missing_text(e, c), what,
			why);
}

/* Newer calls that do the same, which no rule names. */
static void tell_extra(struct sw_eval *e, const struct host_calls *wanted, const char *set)
{
	struct host_audit_calls c = { .filters = wanted->filters };

	if (!wanted->extra)
		return;
	host_audit_add_names(e, &c, wanted->extra, true);
	look_at_set(e, &c, set ? set : "loaded");
	if (!host_audit_is_recorded(&c))
		sw_pass(e, "newer calls that the benchmark leaves out are not recorded: %s",
			missing_text(e, &c));
}

static void tell_filter(struct sw_eval *e)
{
	if (host_has_root_engine(e))
		sw_pass(e,
			"of people who logged in only: processes of containers have no login and "
			"are not recorded");
}

void host_audit_judge_calls(struct sw_eval *e, const struct host_calls *wanted)
{
	const char *set = host_audit_set(e), *what = wanted->what ? wanted->what : "";
	struct host_audit_calls c = { .filters = wanted->filters };

	host_audit_add_names(e, &c, wanted->calls, wanted->is_native);
	bool is_cut = look_at_set(e, &c, set ? set : "loaded");
	if (c.is_odd)
		sw_unknown(e, "a rule is of a kind that is not understood");
	else if (!host_audit_is_recorded(&c) && is_cut)
		sw_unknown(e, "there are more rules than were looked at");
	else if (!host_audit_is_recorded(&c))
		say_missing(e, &c, what, set);
	else if (c.doubt)
		sw_warn(e, "%srecorded, but some events are taken away before: %s",
			host_configured(e), c.doubt);
	else
		tell_extra(e, wanted, set);
	if (c.is_filtered && host_audit_is_recorded(&c))
		tell_filter(e);
}
