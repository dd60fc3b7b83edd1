/* SPDX-License-Identifier: Apache-2.0 */
/* host_firewall.c: the packet filter in force: what does it let in, and through? */
#include <inttypes.h>
#include <string.h>

#include "host_common.h"

#define RUNTIME "@host/firewall/runtime"

enum { LISTED_MAX = 300, TCP = 6, UDP = 17 };

static const struct family {
	const char *name, *text;
} families[] = { { "ip", "IPv4" }, { "ip6", "IPv6" } };

enum { FAMILIES = 2 };

/* --- what the checks share -------------------------------------------------------------------
 */

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* Not IPv6 where no interface has it. */
static size_t families_used(struct sw_eval *e)
{
	return sw_bool(e, RUNTIME "/ipv6", true) ? FAMILIES : 1;
}

static const char *hook_at(struct sw_eval *e, const char *hook, size_t family, const char *member)
{
	return sw_at(e, RUNTIME "/%s/%s/%s", hook, families[family].name, member);
}

static bool is_denied(struct sw_eval *e, const char *hook, size_t family)
{
	return is(sw_str(e, hook_at(e, hook, family, "default"), ""), "deny");
}

/* --- chains and defaults ---------------------------------------------------------------------
 */

static enum sw_verdict input_is_hooked(struct sw_eval *e)
{
	size_t n = families_used(e);

	for (size_t i = 0; i < n; i++) {
		if (sw_count(e, hook_at(e, "input", i, "chains")) > 0)
			continue;
		/* With tables of the old iptables it is not known. */
		sw_str(e, hook_at(e, "input", i, "default"), "");
		sw_fail(e, "no chain filters what comes in by %s", families[i].text);
	}
	return sw_said(e);
}

static bool begins_with(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* The name of an interface that Docker makes: docker0, docker_gwbridge, br- and 12 digits. */
static bool is_bridge_of_docker(const char *name)
{
	return is(name, "docker0") || is(name, "docker_gwbridge") ||
	       (begins_with(name, "br-") && strlen(name) == 15 &&
		strspn(name + 3, "0123456789abcdef") == 12);
}

/* "DOCKER-FORWARD, rule 2 …": is it of a chain that Docker fills itself? */
static bool is_chain_of_docker(const char *text)
{
	static const char *const chains[] = {
		"DOCKER",
		"DOCKER-BRIDGE",
		"DOCKER-CT",
		"DOCKER-FORWARD",
		"DOCKER-INGRESS",
		"DOCKER-INTERNAL",
		"DOCKER-ISOLATION-STAGE-1",
		"DOCKER-ISOLATION-STAGE-2",
	};

	for (size_t i = 0; i < sizeof(chains) / sizeof(chains[0]); i++)
		if (begins_with(text, chains[i]) && text[strlen(chains[i])] == ',')
			return true;
	return false;
}

/*
 * "ip filter DOCKER-FORWARD, rule 2 …": in a chain or table that is Docker's own? DOCKER-USER is
 * not; before version 28 its rules for what containers send are in FORWARD itself.
 */
static bool is_dockers(const char *text)
{
	static const char by[] = " comes in by ";
	const char *name = strstr(text, by);
	const char *rest = begins_with(text, "ip6 ")  ? text + 4
			   : begins_with(text, "ip ") ? text + 3
						      : "";

	if (begins_with(rest, "docker-bridges "))
		return true;
	if (begins_with(rest, "filter DOCKER"))
		return is_chain_of_docker(rest + strlen("filter "));
	return begins_with(rest, "filter FORWARD,") && name &&
	       is_bridge_of_docker(name + strlen(by));
}

static void judge_accepting(struct sw_eval *e, const char *hook, size_t family, bool may_docker)
{
	const char *list = hook_at(e, hook, family, "accepting");
	size_t n = sw_count(e, list);

	if (n > LISTED_MAX)
		sw_unknown(e, "more than %d rules accept much", LISTED_MAX);
	for (size_t i = 0; i < n && i < LISTED_MAX; i++) {
		const char *text = sw_str(e, sw_at(e, "%s/%zu", list, i), "");
		if (!may_docker || !is_dockers(text))
			sw_warn(e, "%s: the rest is denied, but %s; look at it",
				families[family].text, text);
	}
}

static enum sw_verdict the_rest_is_denied(struct sw_eval *e)
{
	const char *hook = sw_arg(e);
	bool may_docker = is(hook, "forward") && host_has_root_engine(e);
	size_t n = families_used(e);

	for (size_t i = 0; i < n; i++) {
		const char *what = sw_str(e, hook_at(e, hook, i, "default"), "");
		if (is(what, "accept"))
			sw_fail(e, "%s: what no rule is about is accepted (%s)", families[i].text,
				sw_str(e, hook_at(e, hook, i, "by"), "no chain filters it"));
		else if (is(what, "deny"))
			judge_accepting(e, hook, i, may_docker);
		else
			sw_warn(e, "%s: not all rules were understood; look at them",
				families[i].text);
	}
	if (sw_said(e) == SW_PASS && may_docker)
		return sw_pass(e, "all but what Docker's own chains accept is denied");
	return sw_said(e);
}

static enum sw_verdict loopback_is_apart(struct sw_eval *e)
{
	size_t n = families_used(e);

	for (size_t i = 0; i < n; i++) {
		if (!sw_bool(e, hook_at(e, "input", i, "loopback"), false))
			sw_fail(e, "%s: no rule accepts all that comes in by lo", families[i].text);
		if (sw_bool(e, hook_at(e, "input", i, "loopback-guarded"), false))
			continue;
		if (!is_denied(e, "input", i))
			sw_fail(e, "%s: no rule drops loopback addresses from other interfaces",
				families[i].text);
		else if (sw_count(e, hook_at(e, "input", i, "accepting")) > 0)
			sw_warn(e,
				"%s: no rule of its own drops loopback addresses from other "
				"interfaces, and some accept much",
				families[i].text);
	}
	return sw_said(e);
}

static enum sw_verdict replies_are_accepted(struct sw_eval *e)
{
	size_t n = families_used(e);

	for (size_t i = 0; i < n; i++) {
		if (sw_bool(e, hook_at(e, "input", i, "established"), false))
			continue;
		sw_warn(e,
			sw_bool(e, hook_at(e, "input", i, "state-sets"), false)
				? "%s: a rule decides by a set of states, which is not read"
				: "%s: no rule accepts what belongs to established connections",
			families[i].text);
	}
	return sw_said(e);
}

/* --- listeners -------------------------------------------------------------------------------
 */

struct listener {
	const char *protocol, *address;
	int64_t port, number;
};

/* Or may have one: then that was said as unknown. */
static bool has_rule(struct sw_eval *e, const struct listener *l, size_t family)
{
	const char *list = hook_at(e, "input", family, "ports");
	size_t n = sw_count(e, list);

	for (size_t i = 0; i < n && i < LISTED_MAX; i++) {
		int64_t protocol = sw_int(e, sw_at(e, "%s/%zu/protocol", list, i), 0);
		if ((protocol == 0 || protocol == l->number) &&
		    sw_int(e, sw_at(e, "%s/%zu/from", list, i), 0) <= l->port &&
		    l->port <= sw_int(e, sw_at(e, "%s/%zu/to", list, i), 0))
			return true;
	}
	if (n > LISTED_MAX)
		sw_unknown(e, "more than %d rules are about ports", LISTED_MAX);
	return n > LISTED_MAX;
}

static void judge_listener(struct sw_eval *e, const struct listener *l, size_t family)
{
	const char *text = families[family].text;

	if (has_rule(e, l, family))
		return;
	if (sw_int(e, hook_at(e, "input", family, "port-sets"), 0) > 0)
		sw_warn(e,
			"%s: whether a rule is about %s port %" PRId64
			" is not known: sets of ports are not read",
			text, l->protocol, l->port);
	else if (is_denied(e, "input", family))
		sw_warn(e,
			"%s: %s port %" PRId64
			" waits on %s, and no rule is about it; was it meant to be closed?",
			text, l->protocol, l->port, l->address);
	else
		sw_fail(e, "%s: %s port %" PRId64 " waits on %s, and no rule is about it", text,
			l->protocol, l->port, l->address);
}

static enum sw_verdict listeners_have_rules(struct sw_eval *e)
{
	static const char list[] = "@host/listening/sockets";
	size_t n = sw_count(e, list), used = families_used(e);

	if (n > LISTED_MAX)
		sw_unknown(e, "more than %d sockets wait", LISTED_MAX);
	for (size_t i = 0; i < n && i < LISTED_MAX; i++) {
		struct listener l = {
			.protocol = sw_str(e, sw_at(e, "%s/%zu/protocol", list, i), ""),
			.address = sw_str(e, sw_at(e, "%s/%zu/address", list, i), ""),
			.port = sw_int(e, sw_at(e, "%s/%zu/port", list, i), 0),
		};
		const char *program = sw_at(e, "%s/%zu/program", list, i);
		bool is_v6 = strchr(l.address, ':') != NULL;
		if (sw_bool(e, sw_at(e, "%s/%zu/loopback", list, i), false))
			continue;
		l.number = strncmp(l.protocol, "tcp", 3) == 0 ? TCP : UDP;
		if (strstr(sw_str(e, program, ""), "docker-proxy")) {
			sw_warn(e,
				"%s port %" PRId64 " on %s is published by Docker: it is passed on "
				"before any rule for input, so guard it in DOCKER-USER",
				l.protocol, l.port, l.address);
			continue;
		}
		/* A socket of IPv6 at "::" takes IPv4 too. */
		if (!is_v6 || is(l.address, "::"))
			judge_listener(e, &l, 0);
		if (is_v6 && used == FAMILIES)
			judge_listener(e, &l, 1);
	}
	return sw_said(e);
}

/* From Docker 29 on; it has no chain DOCKER-USER then, though an old one may be left. */
static bool engine_uses_nftables(struct sw_eval *e)
{
	static const char driver[] = "@engine/info/FirewallBackend/Driver";

	return sw_is_known(e, driver) && begins_with(sw_str(e, driver, ""), "nftables");
}

static enum sw_verdict published_ports_are_guarded(struct sw_eval *e)
{
	int64_t all = 0;

	if (!host_has_root_engine(e))
		return sw_said(e) == SW_UNKNOWN ? SW_UNKNOWN
						: sw_skip(e, "no engine with the rights of root");
	for (size_t i = 0; i < FAMILIES; i++) {
		const char *docker = sw_at(e, RUNTIME "/docker/%s", families[i].name);
		int64_t published = sw_int(e, sw_at(e, "%s/published", docker), 0);

		all += published;
		if (published == 0 || sw_int(e, sw_at(e, "%s/user-rules", docker), 0) > 0)
			continue;
		if (engine_uses_nftables(e))
			sw_warn(e,
				"%s: %" PRId64 " rules of Docker pass ports on; with nftables it "
				"has no DOCKER-USER: see that a chain of your own at the hook "
				"forward keeps others out",
				families[i].text, published);
		else
			sw_warn(e,
				"%s: %" PRId64 " rules of Docker pass ports on, and none in "
				"DOCKER-USER keeps anybody out",
				families[i].text, published);
	}
	if (all == 0 && sw_said(e) == SW_PASS)
		return sw_pass(e, "Docker passes no port on to other hosts");
	return sw_said(e);
}

static enum sw_verdict there_is_no_radio(struct sw_eval *e)
{
	size_t n = sw_count(e, "@host/firewall/wireless");

	for (size_t i = 0; i < n && i < LISTED_MAX; i++)
		sw_fail(e, "%s is a wireless interface",
			sw_str(e, sw_at(e, "@host/firewall/wireless/%zu", i), ""));
	return sw_said(e);
}

/* clang-format off */
const struct sw_check sw_host_firewall_checks[] = {
	{ .id = "host.fw.base_chains", .kind = SW_HOST, .severity = SW_HIGH,
	  .title = "What comes in meets a packet filter",
	  .why = "Without a filter at the input hook each service that listens is reached by "
		 "everybody, by IPv6 as well as by IPv4.",
	  .wanted = "a filter chain at the hook input, for each protocol that is used",
	  .remedy = "Enable one firewall manager, ufw, firewalld or nftables.service, and see "
		    "with \"nft list ruleset\" that a chain has \"type filter hook input\", in "
		    "a table inet or in both ip and ip6.",
	  .fn = input_is_hooked, .needs = SW_NEEDS_FIREWALL },
	{ .id = "host.fw.input_deny", .kind = SW_HOST, .severity = SW_HIGH,
	  .title = "What no rule lets in is denied",
	  .why = "A filter that accepts by default protects only against what somebody thought "
		 "of; the next service is open from its first start.",
	  .wanted = "policy drop, or a last rule that drops or rejects all",
	  .remedy = "First accept lo, established connections and your way in (ssh). Then: ufw "
		    "default deny incoming; or nft chain inet filter input '{ policy drop; }', "
		    "and the same in /etc/nftables.conf.",
	  .fn = the_rest_is_denied, .arg = "input",
	  .needs = SW_NEEDS_FIREWALL },
	{ .id = "host.fw.forward_deny", .kind = SW_HOST, .severity = SW_HIGH,
	  .title = "What no rule lets through is denied",
	  .why = "A host that forwards and accepts by default is a router: its neighbours reach "
		 "the networks of containers behind it.",
	  .wanted = "policy drop for forwarding, or a last rule that drops all",
	  .remedy = "iptables -P FORWARD DROP and ip6tables -P FORWARD DROP, or policy drop in "
		    "your own chain. Docker sets it only when it switched forwarding on itself: "
		    "with ip_forward=1 in sysctl.d the policy stays ACCEPT.",
	  .fn = the_rest_is_denied, .arg = "forward", .params = host_role_params,
	  .needs = SW_NEEDS_FIREWALL },
	{ .id = "host.fw.loopback", .kind = SW_HOST, .severity = SW_LOW,
	  .title = "Loopback traffic is accepted from lo only",
	  .why = "Programs trust who comes from a loopback address; a packet from outside may "
		 "carry one, too.",
	  .wanted = "lo is accepted, loopback addresses from elsewhere are dropped",
	  .remedy = "nft add rule inet filter input iif lo accept; nft add rule inet filter "
		    "input ip saddr 127.0.0.0/8 drop; nft add rule inet filter input ip6 saddr "
		    "::1 drop",
	  .fn = loopback_is_apart, .needs = SW_NEEDS_FIREWALL },
	{ .id = "host.fw.established", .kind = SW_HOST, .severity = SW_LOW,
	  .title = "Replies are accepted by the state of their connection",
	  .why = "Where replies are let in by port instead, whoever sends from that port is let "
		 "in with them.",
	  .wanted = "a rule that accepts established and related connections",
	  .remedy = "nft add rule inet filter input ct state established,related accept",
	  .fn = replies_are_accepted, .needs = SW_NEEDS_FIREWALL },
	{ .id = "host.fw.open_ports", .kind = SW_HOST, .severity = SW_MEDIUM,
	  .title = "Each port that is open to others has a rule",
	  .why = "A listener that no rule is about was not thought of: it is open without need "
		 "or closed by chance. Ports that Docker publishes never meet the rules for "
		 "input.",
	  .wanted = "for each listening socket a rule that accepts or drops",
	  .remedy = "Stop the service (ss -tulpn names it), bind it to 127.0.0.1, or write a "
		    "rule for its port. Publish ports of containers as 127.0.0.1:8080:80, or "
		    "filter them in the chain DOCKER-USER.",
	  .fn = listeners_have_rules, .needs = SW_NEEDS_FIREWALL | SW_NEEDS_SERVICES },
	{ .id = "host.fw.docker_user", .kind = SW_HOST, .severity = SW_LOW,
	  .title = "Published ports are guarded by rules in DOCKER-USER",
	  .why = "What Docker publishes is passed on before the rules for input: ufw and its like "
		 "do not see it, and it is open to all who reach the host.",
	  .wanted = "no published ports, or rules in DOCKER-USER",
	  .remedy = "iptables -I DOCKER-USER -i eth0 ! -s 192.0.2.0/24 -j DROP (and ip6tables), "
		    "saved so that a boot restores it; or publish on 127.0.0.1 only.",
	  .fn = published_ports_are_guarded, .params = host_role_params,
	  .needs = SW_NEEDS_FIREWALL },
	{ .id = "host.fw.wireless", .kind = SW_HOST, .severity = SW_LOW,
	  .title = "A server has no wireless interface",
	  .why = "A radio is a way in that no cable and no switch guards.",
	  .wanted = "no wireless interface",
	  .remedy = "Take the card out, switch it off in the firmware, or keep its driver from "
		    "loading: install DRIVER /bin/false in /etc/modprobe.d.",
	  .fn = there_is_no_radio, .needs = SW_NEEDS_FIREWALL },
	{ 0 },
};
