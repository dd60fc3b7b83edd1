/* SPDX-License-Identifier: Apache-2.0 */
/* daemon_network.c: what the engine does with the network: bridge, packet filter, proxy,
 * registries. */
#include <string.h>

#include "engine.h"

#define ICC "networks/bridge/Options/com.docker.network.bridge.enable_icc"

static enum sw_verdict default_bridge_isolates(struct sw_eval *e)
{
	if (!sw_has(e, "networks/bridge"))
		return sw_skip(e, "this engine has no default bridge");
	/* The engine always writes the option for its default bridge; without it the default is
	 * "true". */
	const char *icc = sw_str(e, ICC, "true");
	const char *drift = engine_setting_drift(e, "icc");
	if (engine_is_podman(e))
		return sw_fail(e, "containers on Podman's default network reach each other on all "
				  "ports; it has no switch for that: use networks of their own");
	if (strcmp(icc, "false") != 0) {
		engine_note_flag(e, "icc");
		return sw_fail(e,
			       "containers on the default bridge reach each other on all ports%s",
			       drift);
	}
	return *drift ? sw_pass(e, "off%s", drift) : SW_PASS;
}

static enum sw_verdict may_manage_packet_filter(struct sw_eval *e)
{
	if (engine_is_podman(e))
		return sw_unknown(e, "Podman does not tell it: see firewall_driver in "
				     "containers.conf");
	int on = engine_setting_bool(e, "iptables");
	const char *drift = engine_setting_drift(e, "iptables");

	if (on == UNTOLD)
		return SW_UNKNOWN;
	if (!on) {
		engine_note_flag(e, "iptables");
		return sw_fail(e, "iptables is off (%s)%s", engine_setting_origin(e, "iptables"),
			       drift);
	}
	if (sw_is_known(e, "effective/ip6tables") && !sw_bool(e, "effective/ip6tables/value", true))
		return sw_pass(e, "on, but ip6tables is off (%s)%s",
			       engine_setting_origin(e, "ip6tables"), drift);
	return *drift ? sw_pass(e, "on%s", drift) : SW_PASS;
}

static enum sw_verdict userland_proxy_is_off(struct sw_eval *e)
{
	if (engine_lacks(e, "Podman has no userland proxy to switch off"))
		return SW_SKIP;
	int on = engine_setting_bool(e, "userland-proxy");
	const char *drift = engine_setting_drift(e, "userland-proxy");

	if (on == UNTOLD)
		return SW_UNKNOWN;
	if (on) {
		engine_note_flag(e, "userland-proxy");
		return sw_fail(e, "userland-proxy is on (%s)%s",
			       engine_setting_origin(e, "userland-proxy"), drift);
	}
	return *drift ? sw_pass(e, "off%s", drift) : SW_PASS;
}

#define REGISTRY "info/RegistryConfig"

static void judge_networks(struct sw_eval *e)
{
	size_t n = engine_count(e, REGISTRY "/InsecureRegistryCIDRs");

	for (size_t i = 0; i < n; i++) {
		const char *cidr =
			sw_str(e, sw_at(e, REGISTRY "/InsecureRegistryCIDRs/%zu", i), "");
		if (strcmp(cidr, "127.0.0.0/8") != 0 && strcmp(cidr, "::1/128") != 0)
			sw_fail(e, "every registry in %s is trusted without TLS", cidr);
	}
}

static void judge_indexes(struct sw_eval *e)
{
	size_t n = engine_count(e, REGISTRY "/IndexConfigs");

	/* Docker always lists docker.io. An engine that lists none keeps its registries elsewhere.
	 */
	if (n == 0)
		sw_unknown(e, engine_is_podman(e)
				      ? "Podman tells of no registry: see insecure in "
					"registries.conf"
				      : "the engine lists no registry, not even its default one");
	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, REGISTRY "/IndexConfigs", i);
		if (!sw_bool(e, sw_at(e, REGISTRY "/IndexConfigs/%s/Secure", sw_esc(e, name)),
			     false))
			sw_fail(e, "registry %s is trusted without TLS", name);
	}
}

static enum sw_verdict registries_are_secure(struct sw_eval *e)
{
	judge_networks(e);
	judge_indexes(e);

	const char *drift = engine_setting_drift(e, "insecure-registries");
	if (sw_said(e) == SW_FAIL)
		engine_note_flag(e, "insecure-registries");
	if (*drift && sw_said(e) == SW_PASS)
		return sw_pass(e, "none%s", drift);
	return sw_said(e);
}

const struct sw_check sw_daemon_network_checks[] = {
	{
		.id = "daemon.icc",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Containers on the default bridge cannot reach each other",
		.why = "Containers that share the default bridge see all of each other's ports, "
		       "published or not, so one that was broken into can attack its neighbours.",
		.wanted = "false",
		.remedy = "/etc/docker/daemon.json: \"icc\": false, then: systemctl restart "
			  "docker\n"
			  "Put containers that must talk to each other on a network of their own: "
			  "docker network create NAME",
		.fn = default_bridge_isolates,
	},
	{
		.id = "daemon.iptables",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "The engine may manage the packet filter",
		.why = "Without its own filter rules the engine can neither isolate its networks "
		       "nor limit what is published, and rules written by hand fall behind.",
		.wanted = "true",
		.remedy = "Remove \"iptables\": false from /etc/docker/daemon.json (or "
			  "--iptables=false from the unit), then: systemctl restart docker",
		.fn = may_manage_packet_filter,
	},
	{
		.id = "daemon.insecure-registries",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "No registry is trusted without TLS",
		.why = "Whoever sits between this host and such a registry chooses the images "
		       "that run here.",
		.wanted = "loopback only (127.0.0.0/8, ::1/128)",
		.remedy = "Remove the entry from \"insecure-registries\" in "
			  "/etc/docker/daemon.json, put the registry's CA in "
			  "/etc/docker/certs.d/HOST:PORT/ca.crt, then: systemctl reload docker",
		.fn = registries_are_secure,
	},
	{
		.id = "daemon.userland-proxy",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Published ports do without the userland proxy",
		.why = "One root process per published port is attack surface that the kernel's "
		       "own forwarding makes needless, and it hides the client's address.",
		.wanted = "false",
		.remedy = "/etc/docker/daemon.json: \"userland-proxy\": false, then: systemctl "
			  "restart docker",
		.fn = userland_proxy_is_off,
	},
	{ 0 },
};
