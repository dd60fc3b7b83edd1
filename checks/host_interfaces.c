/* SPDX-License-Identifier: Apache-2.0 */
/* host_interfaces.c: see host_interfaces.h. */
#include "host_interfaces.h"

#include <inttypes.h>
#include <string.h>

enum { TOUCHED_MAX = 1000, NAMED_MAX = 4 };

const struct sw_param interface_params[] = {
	HOST_ROLE_PARAM,
	{ "container_interfaces", SW_LIST,
	  "docker0,docker_gwbridge,br-????????????,veth*,cali*,cilium_*",
	  "names of the interfaces that the engine makes" },
	{ 0 },
};

static int64_t higher(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t lower(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t combine(const struct interface_rule *rule, int64_t all, int64_t own, bool forwards)
{
	switch (rule->combination) {
	case EITHER: return all || own;
	case BOTH: return all && own;
	case HIGHER: return higher(all, own);
	case REDIRECT: return forwards ? all && own : all || own;
	case LOWER: return lower(all, own);
	case OWN: break;
	}
	return own;
}

static bool is_good(const struct interface_rule *rule, int64_t value)
{
	return (value >= rule->low && value <= rule->high) || (rule->also && value == rule->also);
}

int64_t interfaces_value(struct sw_eval *e, const char *path, const char *name)
{
	const char *text = sw_str(e, sw_at(e, "%s/%s", path, name), NULL);
	int64_t value = 0;
	if (!text || !sysctl_parse(text, &value))
		sw_unknown(e, "%s of %s is %s%s", name, path, text ? "no number: " : "not there",
			   text ? text : "");
	return value;
}

const char *interfaces_path(struct sw_eval *e, const struct interface_rule *rule)
{
	return sw_at(e, "@host/sysctl/interfaces/%s", rule->protocol);
}

/* --- what is --------------------------------------------------------------------------------- */

static const char *with_name(struct sw_eval *e, const char *names, size_t n, const char *name)
{
	if (n >= NAMED_MAX)
		return names;
	return sw_at(e, "%s%s%s", names ? names : "", names ? ", " : "", name);
}

static void judge_interface(struct sw_eval *e, const struct interface_rule *rule, const char *path,
			    int64_t all, struct offenders *found)
{
	bool is_ipv6 = strcmp(rule->protocol, "ipv6") == 0;
	const char *name = sw_str(e, sw_at(e, "%s/name", path), "");
	if (strcmp(name, "lo") == 0 || (is_ipv6 && interfaces_value(e, path, "disable_ipv6") == 1))
		return;
	int64_t own = interfaces_value(e, path, rule->name);
	bool forwards =
		rule->combination == REDIRECT && interfaces_value(e, path, "forwarding") != 0;
	if (is_good(rule, combine(rule, all, own, forwards)))
		return;
	if (sw_param_lists(e, "container_interfaces", name))
		found->container_names =
			with_name(e, found->container_names, found->n_container++, name);
	else
		found->names = with_name(e, found->names, found->n++, name);
}

bool interfaces_find(struct sw_eval *e, const struct interface_rule *rule, struct offenders *found)
{
	const char *path = interfaces_path(e, rule);
	size_t n = sw_count(e, sw_at(e, "%s/each", path));
	int64_t all = interfaces_value(e, sw_at(e, "%s/all", path), rule->name);
	if (n > INTERFACES_MAX)
		sw_unknown(e, "there are more than %d interfaces", INTERFACES_MAX);
	for (size_t i = 0; i < n && i < INTERFACES_MAX; i++)
		judge_interface(e, rule, sw_at(e, "%s/each/%zu", path, i), all, found);
	/* Those to come begin with the default. */
	const char *first = sw_at(e, "%s/default", path);
	int64_t own = interfaces_value(e, first, rule->name);
	bool forwards =
		rule->combination == REDIRECT && interfaces_value(e, first, "forwarding") != 0;
	if (!is_good(rule, combine(rule, all, own, forwards)))
		found->names = with_name(e, found->names, found->n++, "interfaces to come");
	return sw_said(e) != SW_UNKNOWN;
}

void offenders_add(struct sw_eval *e, struct offenders *found, const char *name)
{
	found->names = with_name(e, found->names, found->n++, name);
}

static const char *list_text(struct sw_eval *e, const char *names, size_t n)
{
	return n > NAMED_MAX ? sw_at(e, "%s and %zu more", names, n - NAMED_MAX) : names;
}

const char *offenders_text(struct sw_eval *e, const struct offenders *found)
{
	return list_text(e, found->names, found->n);
}

/* --- what will be ------------------------------------------------------------------------------
 */

static const char *key_of(struct sw_eval *e, const struct interface_rule *rule,
			  const char *interface)
{
	return sw_at(e, "net/%s/conf/%s/%s", rule->protocol, interface, rule->name);
}

/* The value that conf/all or conf/default will have; *ret_set is what sets it. */
static int64_t next_value(struct sw_eval *e, const struct interface_rule *rule,
			  const char *interface, int64_t initial, struct sysctl_set *ret_set)
{
	const char *key = key_of(e, rule, interface);
	int64_t value = initial;
	*ret_set = sysctl_set(e, key);
	if (ret_set->value)
		sysctl_number(e, key, ret_set->value, ret_set->where, &value);
	return value;
}

/* An interface that a file names itself, and to which it gives what is not right. */
static bool is_touched_badly(struct sw_eval *e, const struct interface_rule *rule, int64_t all,
			     bool forwards, struct sysctl_set *ret)
{
	const char *path = sw_at(e, "@host/sysctl-files/touched/%s",
				 sw_esc(e, sw_at(e, "%s/%s", rule->protocol, rule->name)));
	if (!sw_has(e, path))
		return false;
	size_t n = host_count(e, path, TOUCHED_MAX);
	for (size_t i = 0; i < n; i++) {
		const char *name = sw_str(e, sw_at(e, "%s/%zu", path, i), "");
		int64_t own = next_value(e, rule, name, 0, ret);
		if (strcmp(name, "lo") != 0 && ret->value &&
		    !is_good(rule, combine(rule, all, own, forwards)) &&
		    !(rule->is_moot_on_container_side && host_has_root_engine(e) &&
		      sw_param_lists(e, "container_interfaces", name)))
			return true;
	}
	return false;
}

/* With forwarding the kernel itself turns conf/all/accept_redirects off. */
static bool will_forward(struct sw_eval *e, const struct interface_rule *rule)
{
	return rule->combination == REDIRECT && host_has_root_engine(e);
}

enum sysctl_next interfaces_next(struct sw_eval *e, const struct interface_rule *rule,
				 struct sysctl_set *ret)
{
	struct sysctl_set all_set, default_set;
	bool forwards = will_forward(e, rule);
	int64_t all = next_value(e, rule, "all", forwards ? 0 : rule->initial_all, &all_set);
	int64_t own = next_value(e, rule, "default", rule->initial_default, &default_set);
	if (is_touched_badly(e, rule, all, forwards, ret))
		return NEXT_BAD;
	bool is_set = all_set.value || default_set.value;
	*ret = all_set.value && rule->combination != OWN ? all_set : default_set;
	if (is_good(rule, combine(rule, all, own, forwards)))
		return is_set ? NEXT_GOOD : NEXT_LEFT_GOOD;
	if (all_set.value && rule->combination != OWN && !is_good(rule, all))
		*ret = all_set;
	else if (default_set.value && !is_good(rule, own))
		*ret = default_set;
	else
		return NEXT_LEFT_BAD;
	return NEXT_BAD;
}

/* --- together --------------------------------------------------------------------------------- */

static const char *rule_name(struct sw_eval *e, const struct interface_rule *rule)
{
	return sw_at(e, "%s of net.%s.conf", rule->name, rule->protocol);
}

static const char *left_text(struct sw_eval *e, const struct interface_rule *rule)
{
	return sw_at(e, "all=%" PRId64 " default=%" PRId64,
		     will_forward(e, rule) ? (int64_t)0 : rule->initial_all, rule->initial_default);
}

const char *interfaces_drift(struct sw_eval *e, const struct interface_rule *rule)
{
	struct sysctl_set set = sysctl_set_if_known(e, key_of(e, rule, "all"));
	if (!set.value)
		set = sysctl_set_if_known(e, key_of(e, rule, "default"));
	return set.value ? sw_at(e, "; %s sets it to %s", set.where, set.value) : "";
}

static enum sw_verdict tell_offenders(struct sw_eval *e, const struct interface_rule *rule,
				      const struct offenders *found)
{
	const char *all = sw_at(e, "%s/all/%s", interfaces_path(e, rule), rule->name);
	if (found->n > 0)
		return sw_fail(e, "%s is not right of %s (all is %s)%s", rule_name(e, rule),
			       offenders_text(e, found), sw_str(e, all, ""),
			       interfaces_drift(e, rule));
	const char *names = list_text(e, found->container_names, found->n_container);
	if (!host_has_root_engine(e))
		return sw_fail(e, "%s is not right of %s", rule_name(e, rule), names);
	if (rule->is_moot_on_container_side)
		return sw_pass(e, "%s is right but of %s, where the engine needs it (role docker)",
			       rule_name(e, rule), names);
	return sw_warn(e,
		       "%s is not right of %s, which the engine made before it was set, or "
		       "sets itself",
		       rule_name(e, rule), names);
}

enum sw_verdict interfaces_after_start(struct sw_eval *e, const struct interface_rule *rule)
{
	struct sysctl_set set = { NULL, NULL };
	enum sysctl_next next = interfaces_next(e, rule, &set);
	return sysctl_after_start(e, rule_name(e, rule), "right of all interfaces", next, set,
				  left_text(e, rule));
}

static enum sw_verdict judge_running(struct sw_eval *e, const struct interface_rule *rule)
{
	struct offenders found = { 0 };
	if (!sw_has(e, interfaces_path(e, rule)))
		return sw_skip(e, "the kernel has no %s",
			       strcmp(rule->protocol, "ipv6") == 0 ? "IPv6" : "IPv4");
	if (!interfaces_find(e, rule, &found))
		return SW_UNKNOWN;
	if (found.n + found.n_container > 0) {
		enum sw_verdict verdict = tell_offenders(e, rule, &found);
		if (verdict != SW_PASS)
			return verdict;
	}
	return interfaces_after_start(e, rule);
}

enum sw_verdict interfaces_configured(struct sw_eval *e, const struct interface_rule *rule)
{
	struct sysctl_set set = { NULL, NULL };
	enum sysctl_next next = interfaces_next(e, rule, &set);
	return sysctl_configured(e, rule_name(e, rule), next, set, left_text(e, rule));
}

enum sw_verdict interfaces_judge(struct sw_eval *e, const struct interface_rule *rule)
{
	if (host_role(e) == HOST_ROLE_UNTOLD)
		return SW_UNKNOWN;
	return host_is_running(e) ? judge_running(e, rule) : interfaces_configured(e, rule);
}
