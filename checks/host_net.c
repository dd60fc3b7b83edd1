/* SPDX-License-Identifier: Apache-2.0 */
/* host_net.c: interfaces, the resolver, and what is left of libwrap. */
#include <inttypes.h>
#include <string.h>

#include "host_common.h"
#include "tables.h"

#define NET "@host/net/"

enum { IFF_PROMISC_BIT = 0x100 }; /* linux/if.h */

static enum sw_verdict nothing_listens_in(struct sw_eval *e)
{
	const char *all = NET "interfaces";
	size_t n = sw_count(e, all), ports = 0;

	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, all, i);
		const char *at = sw_at(e, "%s/%s", all, sw_esc(e, name));
		if (!(sw_int(e, sw_at(e, "%s/flags", at), 0) & IFF_PROMISC_BIT))
			continue;
		if (sw_bool(e, sw_at(e, "%s/bridge-port", at), false))
			ports++;
		else
			sw_fail(e, "%s is promiscuous and no port of a bridge", name);
	}
	if (sw_said(e) != SW_PASS)
		return sw_said(e);
	return sw_pass(e, "none of %zu but %zu ports of bridges, which have to be", n, ports);
}

static const char *setting(struct sw_eval *e, const char *file, const char *key,
			   const char *fallback)
{
	const char *list = sw_at(e, NET "%s/settings/%s", file, sw_esc(e, key));

	return sw_count(e, list) > 0 ? sw_str(e, sw_at(e, "%s/0/value", list), "") : fallback;
}

/* systemd-resolved's stub, which containers are given what is behind of. */
static bool is_stub(struct sw_eval *e)
{
	size_t n = sw_count(e, NET "resolv/settings/nameserver");

	for (size_t i = 0; i < n; i++) {
		const char *at = sw_at(e, NET "resolv/settings/nameserver/%zu/value", i);
		if (strcmp(sw_str(e, at, ""), "127.0.0.53") == 0)
			return true;
	}
	return false;
}

static enum sw_verdict resolver_is_sane(struct sw_eval *e)
{
	size_t n;

	if (!sw_bool(e, NET "resolv-stat/exists", false) && !host_is_running(e))
		return sw_skip(e, "there is no /etc/resolv.conf, or a link to what a boot makes");
	if (!sw_bool(e, NET "resolv-stat/exists", false))
		return sw_warn(e, "there is no /etc/resolv.conf: containers get public servers");
	n = sw_count(e, NET "resolv/settings/nameserver");
	for (size_t i = 0; i < n; i++) {
		const char *server =
			sw_str(e, sw_at(e, NET "resolv/settings/nameserver/%zu/value", i), "");
		if (strcmp(server, "127.0.0.11") == 0)
			sw_fail(e, "the nameserver is 127.0.0.11, the engine's own for containers");
	}
	if (n == 0)
		return sw_warn(e, "%sno nameserver is named", host_configured(e));
	if (sw_said(e) != SW_PASS)
		return sw_said(e);
	if (!is_stub(e))
		return sw_pass(e, "%snameservers: %zu, asked without systemd-resolved",
			       host_configured(e), n);
	return sw_pass(e, "%ssystemd-resolved, with DNSSEC=%s and DNSOverTLS=%s",
		       host_configured(e), setting(e, "resolved", "Resolve/DNSSEC", "its default"),
		       setting(e, "resolved", "Resolve/DNSOverTLS", "its default"));
}

static enum sw_verdict wrappers_are_no_defence(struct sw_eval *e)
{
	size_t n_allow = sw_count(e, NET "hosts-allow/settings");
	size_t n_deny = sw_count(e, NET "hosts-deny/settings");

	if (n_allow + n_deny == 0)
		return sw_pass(e, "no rules, which hardly anything would read");
	return sw_warn(e,
		       "/etc/hosts.allow names %zu services and /etc/hosts.deny %zu: sshd has not "
		       "read them since OpenSSH 6.7; is a firewall meant?",
		       n_allow, n_deny);
}

static enum sw_verdict ipv6_is_one_decision(struct sw_eval *e)
{
	bool is_there = sw_has(e, NET "ipv6/all");
	int64_t all = sw_int(e, NET "ipv6/all", 1), next = sw_int(e, NET "ipv6/default", 1);

	if (!is_there)
		return sw_pass(e, "the kernel has no IPv6, or it is off since boot");
	if ((all != 0) == (next != 0))
		return sw_pass(e, "IPv6 is %s, for interfaces to come too",
			       all ? "disabled" : "enabled");
	return sw_warn(e,
		       "IPv6 is %s for the interfaces there are and %s for those to come: are the "
		       "firewall's rules made for both?",
		       all ? "disabled" : "enabled", next ? "disabled" : "enabled");
}

const struct sw_check sw_host_net_checks[] = {
	{
		.id = "host.net.promisc",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No interface takes in what is not for it",
		.why = "A promiscuous interface is how somebody listens to others' traffic; ports "
		       "of bridges have to be so.",
		.wanted = "none but ports of bridges",
		.remedy = "ip -d link show dev NAME; ip link set dev NAME promisc off; which "
			  "program set it?",
		.fn = nothing_listens_in,
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.net.resolv",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "The resolver is one of the host's own choice",
		.why = "The engine gives containers the host's nameservers; a file left from the "
		       "build of an image names some that are not there.",
		.wanted = "nameservers of the site, or systemd-resolved",
		.remedy = "ln -sf /run/systemd/resolve/stub-resolv.conf /etc/resolv.conf, or name "
			  "the site's servers in it",
		.fn = resolver_is_sane,
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.net.tcp_wrappers",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "hosts.allow and hosts.deny are not relied on",
		.why = "Hardly a daemon reads them any more. Rules there look like a defence and "
		       "are none.",
		.wanted = "no rules; a firewall instead",
		.remedy = "Move the rules to the firewall, then empty both files",
		.fn = wrappers_are_no_defence,
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.net.ipv6.status",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "IPv6 is on or off, and not both",
		.why = "Interfaces of containers come and go: if they have IPv6 and the others "
		       "have none, there is a network that nobody filters.",
		.wanted = "disable_ipv6 the same for all and for default",
		.remedy = "sysctl -w net.ipv6.conf.default.disable_ipv6=N (and in "
			  "/etc/sysctl.d), N as net.ipv6.conf.all.disable_ipv6 has it",
		.fn = ipv6_is_one_decision,
		.needs = SW_NEEDS_SERVICES,
	},
	{ 0 },
};
