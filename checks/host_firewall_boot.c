/* SPDX-License-Identifier: Apache-2.0 */
/* host_firewall_boot.c: which firewall manager boots start, and what it loads. */
#include <string.h>
#include <strings.h>

#include "host_common.h"

#define MANAGERS   "@host/firewall/managers"
#define CONFIGURED "@host/firewall/configured"

enum { CHAINS_MAX = 300 };

enum { UFW, FIREWALLD, NFTABLES, PERSISTENT, IPTABLES, N_MANAGERS };

static const char *const names[N_MANAGERS] = {
	[UFW] = "ufw",           [FIREWALLD] = "firewalld",
	[NFTABLES] = "nftables", [PERSISTENT] = "netfilter-persistent",
	[IPTABLES] = "iptables",
};

/* The value in force of a setting; "" when it is not set. */
static const char *setting(struct sw_eval *e, const char *file, const char *key)
{
	const char *list = sw_at(e, CONFIGURED "/%s/settings/%s", file, key);

	return sw_has(e, list) ? sw_str(e, sw_at(e, "%s/0/value", list), "") : "";
}

/* Its unit is started; of ufw that alone does nothing. */
static bool is_started(struct sw_eval *e, const char *name)
{
	const char *service = sw_at(e, MANAGERS "/%s/service", name);

	return sw_has(e, sw_at(e, "%s/path", service)) &&
	       !sw_bool(e, sw_at(e, "%s/masked", service), false) &&
	       sw_bool(e, sw_at(e, "%s/wanted", service), false);
}

static bool ufw_is_on(struct sw_eval *e)
{
	return strcasecmp(setting(e, "ufw", "ENABLED"), "yes") == 0;
}

static bool is_enabled(struct sw_eval *e, size_t i)
{
	return is_started(e, names[i]) && (i != UFW || ufw_is_on(e));
}

/* How many there are; a text that names them. */
static size_t enabled(struct sw_eval *e, const char **ret_list)
{
	const char *list = "";
	size_t n = 0;

	for (size_t i = 0; i < N_MANAGERS; i++)
		if (is_enabled(e, i))
			list = sw_at(e, "%s%s%s", list, n++ ? ", " : "", names[i]);
	*ret_list = list;
	return n;
}

static enum sw_verdict one_manager_is_enabled(struct sw_eval *e)
{
	const char *list;
	size_t n = enabled(e, &list);

	if (n == 0)
		return sw_fail(e, "%sno firewall manager is enabled", host_configured(e));
	if (n > 1)
		return sw_fail(e, "%s%s are all enabled", host_configured(e), list);
	return sw_pass(e, "%s%s", host_configured(e), list);
}

static enum sw_verdict managers_do_not_collide(struct sw_eval *e)
{
	const char *list;
	size_t n = enabled(e, &list);

	if (n == 0)
		return sw_skip(e, "no firewall manager is enabled");
	if (n > 1)
		return sw_fail(e, "%s%s load their rules over each other's", host_configured(e),
			       list);
	return sw_pass(e, "%s%s alone", host_configured(e), list);
}

static enum sw_verdict a_manager_is_installed(struct sw_eval *e)
{
	for (size_t i = 0; i < N_MANAGERS; i++)
		if (sw_has(e, sw_at(e, MANAGERS "/%s/program", names[i])))
			return sw_pass(e, "%s%s", host_configured(e), names[i]);
	return sw_fail(e, "%snone of ufw, firewalld, nft, netfilter-persistent and iptables",
		       host_configured(e));
}

static enum sw_verdict boots_load_a_filter(struct sw_eval *e)
{
	const char *list;

	if (enabled(e, &list) > 0)
		return sw_pass(e, "%s%s", host_configured(e), list);
	if (is_started(e, names[UFW]))
		return sw_fail(e, "%sufw is started, but ENABLED=yes is not in ufw.conf",
			       host_configured(e));
	return sw_fail(e, "%sno boot starts a firewall manager", host_configured(e));
}

/* --- what they load --------------------------------------------------------------------------
 */

static bool is_denial(const char *policy)
{
	return strcasecmp(policy, "drop") == 0 || strcasecmp(policy, "reject") == 0 ||
	       strcasecmp(policy, "deny") == 0;
}

static void judge_ufw(struct sw_eval *e)
{
	const char *policy = setting(e, "ufw-defaults", "DEFAULT_INPUT_POLICY");

	if (!is_denial(policy))
		sw_fail(e, "%sufw: DEFAULT_INPUT_POLICY is \"%s\" in /etc/default/ufw",
			host_configured(e), policy);
}

/* Does it see what comes in by that protocol? Those of nftables say of which family they are. */
static bool is_for(struct sw_eval *e, const char *filter, const char *protocol)
{
	const char *family = sw_str(e, sw_at(e, "%s/family", filter), protocol);

	return strcmp(family, protocol) == 0 || strcmp(family, "inet") == 0;
}

/* Does a filter of "ip" or "ip6" keep anything out: has it a policy that denies, or rules? Said as
 * unknown where it may. */
static bool has_filter(struct sw_eval *e, const char *list, const char *protocol)
{
	size_t n = sw_has(e, list) ? sw_count(e, list) : 0;

	for (size_t i = 0; i < n && i < CHAINS_MAX; i++) {
		const char *filter = sw_at(e, "%s/%zu", list, i);
		if (is_for(e, filter, protocol) &&
		    (is_denial(sw_str(e, sw_at(e, "%s/value", filter), "")) ||
		     sw_bool(e, sw_at(e, "%s/rules", filter), false)))
			return true;
	}
	if (n > CHAINS_MAX)
		sw_unknown(e, "there are more than %d chains", CHAINS_MAX);
	return n > CHAINS_MAX;
}

/* Of a tree that is not known. */
static bool uses_ipv6(struct sw_eval *e)
{
	return !sw_is_known(e, "@host/firewall/runtime/ipv6") ||
	       sw_bool(e, "@host/firewall/runtime/ipv6", true);
}

static void judge_nftables(struct sw_eval *e)
{
	const char *chains = CONFIGURED "/nftables/settings/input";
	bool lacks_ip4 = !has_filter(e, chains, "ip");
	bool lacks_ip6 = !has_filter(e, chains, "ip6") && uses_ipv6(e);

	if (!sw_has(e, chains))
		sw_fail(e, "%sthe configuration of nftables has no chain at the hook input",
			host_configured(e));
	else if ((lacks_ip4 || lacks_ip6) && sw_has(e, CONFIGURED "/nftables/settings/loose-rules"))
		sw_warn(e,
			"%sthe configuration of nftables adds its rules one by one; see whether "
			"some are for the hook input",
			host_configured(e));
	else if (lacks_ip4 && lacks_ip6)
		sw_fail(e, "%sthe chain at the hook input that nftables loads has no rules",
			host_configured(e));
	else if (lacks_ip4 || lacks_ip6)
		sw_fail(e, "%sno chain at the hook input that nftables loads filters %s",
			host_configured(e), lacks_ip4 ? "IPv4" : "IPv6");
	if (sw_has(e, CONFIGURED "/nftables/settings/flush") && host_has_root_engine(e))
		sw_warn(e,
			"%sthe configuration of nftables has \"flush ruleset\": loading it again "
			"takes Docker's rules away until dockerd is restarted",
			host_configured(e));
}

static void judge_firewalld(struct sw_eval *e)
{
	/* Its other zones deny what they do not name, unless they were changed. */
	if (strcmp(setting(e, "firewalld", "DefaultZone"), "trusted") == 0)
		sw_fail(e, "%sfirewalld: DefaultZone is trusted, which accepts all",
			host_configured(e));
}

static void judge_saved(struct sw_eval *e)
{
	if (!has_filter(e, CONFIGURED "/saved4/settings/INPUT", "ip"))
		sw_fail(e, "%sthe rules that were saved filter nothing that comes in by IPv4",
			host_configured(e));
	if (!has_filter(e, CONFIGURED "/saved6/settings/INPUT", "ip6") && uses_ipv6(e))
		sw_fail(e, "%sthe rules that were saved filter nothing that comes in by IPv6",
			host_configured(e));
}

/* Of RHEL, where each protocol has a unit of its own. */
static void judge_iptables(struct sw_eval *e)
{
	judge_saved(e);
	if (!is_started(e, "ip6tables") && uses_ipv6(e))
		sw_fail(e, "%sno boot starts ip6tables.service", host_configured(e));
}

static enum sw_verdict rules_survive_a_boot(struct sw_eval *e)
{
	static void (*const judges[N_MANAGERS])(struct sw_eval *) = {
		[UFW] = judge_ufw,           [FIREWALLD] = judge_firewalld,
		[NFTABLES] = judge_nftables, [PERSISTENT] = judge_saved,
		[IPTABLES] = judge_iptables,
	};
	size_t n = 0;

	for (size_t i = 0; i < N_MANAGERS; i++) {
		if (!is_enabled(e, i))
			continue;
		n++;
		judges[i](e);
	}
	if (n == 0)
		return sw_fail(e, "%sno boot loads rules", host_configured(e));
	return sw_said(e) == SW_PASS && !host_is_running(e) ? sw_pass(e, "configured") : sw_said(e);
}

/* clang-format off */
const struct sw_check sw_host_firewall_boot_checks[] = {
	{ .id = "host.fw.single", .kind = SW_HOST, .severity = SW_MEDIUM,
	  .title = "One firewall manager is enabled",
	  .why = "Two managers undo each other's rules, and nobody can tell from either's "
		 "configuration what is in force; without one nothing is.",
	  .wanted = "exactly one of ufw, firewalld, nftables, netfilter-persistent, iptables",
	  .remedy = "Choose one and disable the others: systemctl disable --now ufw firewalld "
		    "nftables netfilter-persistent, without the one you keep. dockerd adds its "
		    "own chains beside any of them.",
	  .fn = one_manager_is_enabled, .needs = SW_NEEDS_FIREWALL },
	{ .id = "host.fw.installed", .kind = SW_HOST, .severity = SW_MEDIUM,
	  .title = "A firewall manager is installed",
	  .why = "Without a program to load rules a host cannot filter what reaches it.",
	  .wanted = "ufw, firewalld, nftables or iptables",
	  .remedy = "apt-get install nftables (or ufw); dnf install firewalld",
	  .fn = a_manager_is_installed, .needs = SW_NEEDS_FIREWALL },
	{ .id = "host.fw.enabled", .kind = SW_HOST, .severity = SW_HIGH,
	  .title = "Boots load the packet filter",
	  .why = "Rules that are loaded by hand are gone after the next boot, and nobody notices.",
	  .wanted = "the unit of a firewall manager is enabled, and of ufw ENABLED=yes",
	  .remedy = "systemctl enable --now nftables (or firewalld); ufw enable. Filters outside "
		    "of the host, such as security groups of a cloud, are not seen here: waive it "
		    "with that as the reason.",
	  .fn = boots_load_a_filter, .needs = SW_NEEDS_FIREWALL },
	{ .id = "host.fw.no_mix", .kind = SW_HOST, .severity = SW_LOW,
	  .title = "Firewall managers do not collide",
	  .why = "Each manager begins by throwing away or passing over what it did not make: the "
		 "order of starts decides what is filtered.",
	  .wanted = "no second manager is enabled",
	  .remedy = "systemctl disable --now UNIT of all managers but one",
	  .fn = managers_do_not_collide, .needs = SW_NEEDS_FIREWALL },
	{ .id = "host.fw.persistent", .kind = SW_HOST, .severity = SW_MEDIUM,
	  .title = "The rules that boots load filter what comes in",
	  .why = "A manager that is enabled with an empty configuration leaves the host open "
		 "after a boot, whatever is in force today.",
	  .wanted = "a chain at the hook input with rules, or policy drop, in what is loaded",
	  .remedy = "Write the rules into /etc/nftables.conf (nft -s list ruleset shows them), or "
		    "save them: netfilter-persistent save. On a host of Docker replace \"flush "
		    "ruleset\" by \"flush table\" of your own table.",
	  .fn = rules_survive_a_boot, .params = host_role_params, .needs = SW_NEEDS_FIREWALL },
	{ 0 },
};
