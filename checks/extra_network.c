/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extra_network.c: ways around the packet filter beyond the benchmark: options of the engine and of
 * its networks that let others reach containers past what is published.
 */
#include "engine.h"
#include "tables.h"

#define BRIDGE "com.docker.network.bridge."

static const char *network(struct sw_eval *e, size_t i)
{
	return sw_at(e, "networks/%s", sw_esc(e, sw_key(e, "networks", i)));
}

static size_t networks(struct sw_eval *e)
{
	size_t n = engine_count(e, "networks");

	/* the engine always has some */
	if (n == 0)
		sw_unknown(e, "the networks of the engine are not known");
	return n;
}

static void judge_switch(struct sw_eval *e, const char *key, const char *what)
{
	const char *path = engine_setting(e, key);

	/* no such setting before Docker 28 */
	if (sw_has(e, path) && sw_bool(e, path, false)) {
		engine_note_flag(e, key);
		sw_fail(e, "%s is on (%s): %s", key, engine_setting_origin(e, key), what);
	}
}

static enum sw_verdict filter_is_not_bypassed(struct sw_eval *e)
{
	if (engine_lacks(e, "Podman has none of these switches"))
		return SW_SKIP;
	const char *mark = engine_setting(e, "bridge-accept-fwmark");

	judge_switch(e, "allow-direct-routing",
		     "who routes to the containers reaches all of what they publish");
	judge_switch(e, "ip-forward-no-drop", "this host forwards what no rule names");
	if (sw_has(e, mark) && *sw_str(e, mark, ""))
		sw_warn(e, "packets marked %s reach every container (bridge-accept-fwmark)",
			sw_str(e, mark, ""));
	return sw_said(e);
}

static void judge_gateway_mode(struct sw_eval *e, size_t i, const char *option)
{
	const char *options = sw_at(e, "%s/Options", network(e, i));
	const char *mode, *name = sw_key(e, "networks", i);

	mode = sw_has(e, options) ? sw_str(e, sw_at(e, "%s/" BRIDGE "%s", options, option), "")
				  : "";
	if (strcmp(mode, "nat-unprotected") == 0)
		sw_fail(e, "network %s is nat-unprotected: all ports of its containers are open",
			name);
	else if (strcmp(mode, "routed") == 0)
		sw_warn(e,
			"network %s is routed: its containers are reached by their own addresses",
			name);
}

static enum sw_verdict gateways_protect(struct sw_eval *e)
{
	size_t n = networks(e);

	for (size_t i = 0; i < n; i++) {
		const char *options = sw_at(e, "%s/Options", network(e, i));

		judge_gateway_mode(e, i, "gateway_mode_ipv4");
		judge_gateway_mode(e, i, "gateway_mode_ipv6");
		if (sw_has(e, options) &&
		    *sw_str(e, sw_at(e, "%s/" BRIDGE "trusted_host_interfaces", options), ""))
			sw_warn(e, "network %s trusts interfaces of the host to route to it",
				sw_key(e, "networks", i));
	}
	return sw_said(e);
}

static enum sw_verdict ipv6_is_filtered(struct sw_eval *e)
{
	size_t n = networks(e);
	const char *with_ipv6 = NULL;

	for (size_t i = 0; i < n && !with_ipv6; i++)
		if (sw_bool(e, sw_at(e, "%s/EnableIPv6", network(e, i)), false))
			with_ipv6 = sw_key(e, "networks", i);
	if (!with_ipv6)
		return sw_said(e) == SW_PASS ? sw_pass(e, "no network has IPv6") : sw_said(e);
	if (engine_is_podman(e))
		return sw_unknown(e,
				  "network %s has IPv6, and Podman does not tell whether it is "
				  "filtered",
				  with_ipv6);
	if (engine_setting_bool(e, "ip6tables") == 0) {
		engine_note_flag(e, "ip6tables");
		return sw_fail(e, "network %s has IPv6, but ip6tables is off (%s)", with_ipv6,
			       engine_setting_origin(e, "ip6tables"));
	}
	return sw_said(e);
}

static enum sw_verdict publishing_names_an_address(struct sw_eval *e)
{
	const char *address;

	if (engine_is_podman(e))
		return sw_unknown(e, "Podman does not tell it: see default_host_ips in "
				     "containers.conf");
	address = engine_text(e, engine_setting(e, "ip"));

	if (strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0) {
		engine_note_flag(e, "ip");
		return sw_fail(e, "ports are published on every address by default (%s)",
			       engine_setting_origin(e, "ip"));
	}
	return *address ? sw_pass(e, "ports are published on %s by default", address) : SW_UNKNOWN;
}

static enum sw_verdict no_networks_on_the_lan(struct sw_eval *e)
{
	size_t n = networks(e);

	for (size_t i = 0; i < n; i++) {
		const char *driver = sw_str(e, sw_at(e, "%s/Driver", network(e, i)), "");

		if (strcmp(driver, "macvlan") == 0 || strcmp(driver, "ipvlan") == 0)
			sw_warn(e,
				"network %s (%s) puts its containers beside this host, where its "
				"packet filter does not see them",
				sw_key(e, "networks", i), driver);
	}
	return sw_said(e);
}

const struct sw_check sw_extra_network_checks[] = {
	{
		.id = "engine.firewall-bypass",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "No option opens a way around the engine's packet filter",
		.why = "From Docker 28 the engine drops what was not published; these options take "
		       "that back for all networks.",
		.wanted =
			"allow-direct-routing and ip-forward-no-drop off, no bridge-accept-fwmark",
		.remedy = "Remove the key from /etc/docker/daemon.json, then: systemctl restart "
			  "docker",
		.fn = filter_is_not_bypassed,
	},
	{
		.id = "engine.gateway-modes",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "Networks protect the ports that are not published",
		.why = "In mode nat-unprotected each port of each container is open to whoever can "
		       "route to it.",
		.wanted = "gateway mode nat or isolated",
		.remedy = "docker network rm NAME; docker network create NAME without -o "
			  "com.docker.network.bridge.gateway_mode_ipv4=nat-unprotected",
		.fn = gateways_protect,
	},
	{
		.id = "engine.ipv6-filter",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "Networks with IPv6 have a packet filter for it",
		.why = "Without ip6tables containers with a global address are open to the world, "
		       "published or not.",
		.wanted = "ip6tables on where a network has IPv6",
		.remedy = "/etc/docker/daemon.json: \"ip6tables\": true (before Docker 27 with "
			  "\"experimental\": true), then: systemctl restart docker",
		.fn = ipv6_is_filtered,
	},
	{
		.id = "engine.publish-address",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Ports are published on one address by default",
		.why = "Else each docker run -p opens a port to the world, past the host's own "
		       "firewall rules.",
		.wanted = "an address other than 0.0.0.0",
		.remedy = "/etc/docker/daemon.json: \"ip\": \"127.0.0.1\", then: systemctl restart "
			  "docker; for networks of your own: docker network create -o "
			  "com.docker.network.bridge.host_binding_ipv4=127.0.0.1 NAME",
		.fn = publishing_names_an_address,
	},
	{
		.id = "engine.lan-networks",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "No network puts containers on the host's own segment",
		.why = "With macvlan and ipvlan containers are neighbours of the host: neither its "
		       "packet filter nor published ports guard them.",
		.wanted = "no network of the drivers macvlan and ipvlan",
		.remedy =
			"docker network rm NAME, and a bridge network with published ports instead",
		.fn = no_networks_on_the_lan,
	},
	{ 0 },
};
