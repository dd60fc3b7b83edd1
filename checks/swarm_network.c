/* SPDX-License-Identifier: Apache-2.0 */
/* swarm_network.c: what a swarm does on the network: where it listens, what it encrypts, which way
 * its data go. */
#include "swarm.h"
#include "tables.h"

#include <inttypes.h>

enum { PORT_MANAGER = 2377, PORT_GOSSIP = 7946 };

/* The host in "127.0.0.1:2377", "[::]:2377" or "10.0.0.1"; "" for none. */
static const char *host_of(struct sw_eval *e, const char *address)
{
	const char *colon = strrchr(address, ':');

	if (*address == '[')
		return sw_at(e, "%.*s", (int)strcspn(address + 1, "]"), address + 1);
	if (colon && strchr(address, ':') == colon)
		return sw_at(e, "%.*s", (int)(colon - address), address);
	return address;
}

static bool is_wildcard(const char *host)
{
	/* also 0.0.0.0.0 or 0::0, which stand for the same or for nothing */
	return host[strspn(host, "0.:")] == '\0' || strcmp(host, "::ffff:0.0.0.0") == 0;
}

static int64_t port_of(const char *address)
{
	const char *colon = strrchr(address, ':');
	int64_t port = 0;

	for (const char *p = colon ? colon + 1 : ""; *p >= '0' && *p <= '9' && port < 65536; p++)
		port = port * 10 + (*p - '0');
	return port > 0 && port < 65536 ? port : PORT_MANAGER;
}

struct seen {
	bool has_manager, has_gossip_tcp, has_gossip_udp;
};

/* The port of the data path is open on every address whatever is configured: it is no finding. */
static void judge_socket(struct sw_eval *e, size_t i, int64_t manager, struct seen *seen)
{
	const char *one = sw_at(e, "swarm-sockets/%zu", i);
	const char *protocol = sw_str(e, sw_at(e, "%s/Protocol", one), "");
	const char *address = sw_str(e, sw_at(e, "%s/Address", one), "");
	int64_t port = sw_int(e, sw_at(e, "%s/Port", one), 0);
	bool is_tcp = strcmp(protocol, "tcp") == 0;

	if (port != PORT_GOSSIP && !(is_tcp && port == manager))
		return;
	seen->has_manager |= is_tcp && port == manager;
	seen->has_gossip_tcp |= is_tcp && port == PORT_GOSSIP;
	seen->has_gossip_udp |= !is_tcp;
	if (is_wildcard(address))
		sw_fail(e, "%s port %" PRId64 " is open on every address (%s)", protocol, port,
			address);
}

static enum sw_verdict ports_are_bound(struct sw_eval *e)
{
	enum swarm_part part = swarm_part(e);
	struct seen seen = { false, false, false };
	const char *address;
	size_t n;

	if (part == SWARM_NONE || part == SWARM_UNSURE)
		return sw_said(e);
	address = sw_str(e, "swarm-state/State/ListenAddr", "");
	if (!*address)
		return sw_unknown(e, "where this node is to listen was not told");
	if (is_wildcard(host_of(e, address)))
		sw_fail(e, "told to listen on every address (%s)", address);
	n = engine_count(e, "swarm-sockets");
	for (size_t i = 0; i < n; i++)
		judge_socket(e, i, port_of(address), &seen);
	if ((part == SWARM_MANAGER && !seen.has_manager) || !seen.has_gossip_tcp ||
	    !seen.has_gossip_udp)
		sw_unknown(e, "not all sockets of the swarm were seen%s",
			   part == SWARM_LOCKED ? ": this manager is locked" : "");
	return sw_said(e) == SW_PASS ? sw_pass(e, "listens on %s", address) : sw_said(e);
}

/* One of the services that publish on ingress, or NULL. */
static const char *user_of_ingress(struct sw_eval *e)
{
	size_t n = engine_count(e, "services");

	for (size_t i = 0; i < n; i++) {
		const char *service = sw_at(e, "services/%s", sw_esc(e, sw_key(e, "services", i)));
		size_t ports = engine_count(e, sw_at(e, "%s/Ports", service));

		for (size_t k = 0; k < ports; k++) {
			const char *mode = sw_str(
				e, sw_at(e, "%s/Ports/%zu/PublishMode", service, k), "ingress");

			if (strcmp(mode, "host") != 0)
				return sw_str(e, sw_at(e, "%s/Name", service), "?");
		}
	}
	return NULL;
}

/* The engine makes the ingress network without encryption; it matters as soon as it is used. */
static void judge_ingress(struct sw_eval *e, const char *name)
{
	const char *user;

	if (swarm_part(e) != SWARM_MANAGER)
		return;
	user = user_of_ingress(e);
	if (user)
		sw_warn(e, "%s is not encrypted, and carries what is published by %s", name, user);
}

/* That the option is there turns encryption on, whatever its value (seen: "false"). */
static void judge_overlay(struct sw_eval *e, const char *name)
{
	const char *network = sw_at(e, "networks/%s", sw_esc(e, name));
	const char *options = sw_at(e, "%s/Options", network);

	if (sw_param_lists(e, "allowed_plain_overlays", name) ||
	    (sw_has(e, options) && sw_contains(e, options, "encrypted")))
		return;
	if (sw_bool(e, sw_at(e, "%s/Ingress", network), false))
		judge_ingress(e, name);
	else
		sw_fail(e, "%s is not encrypted", name);
}

static enum sw_verdict overlays_are_encrypted(struct sw_eval *e)
{
	enum swarm_part part = swarm_part(e);
	size_t n, overlays = 0;

	if (part == SWARM_NONE || part == SWARM_UNSURE)
		return sw_said(e);
	n = engine_count(e, "networks");
	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, "networks", i);

		if (strcmp(sw_str(e, sw_at(e, "networks/%s/Driver", sw_esc(e, name)), ""),
			   "overlay") != 0)
			continue;
		overlays++;
		judge_overlay(e, name);
	}
	if (part == SWARM_WORKER)
		sw_unknown(e, "this node is a worker: it lists only the networks of its own tasks");
	else if (part == SWARM_LOCKED)
		sw_unknown(e, "this manager is locked: it does not list the networks of the swarm");
	else if (overlays == 0)
		return sw_said(e) == SW_PASS ? sw_skip(e, "there is no overlay network")
					     : sw_said(e);
	return sw_said(e);
}

static enum sw_verdict planes_are_separated(struct sw_eval *e)
{
	enum swarm_part part = swarm_part(e);
	const char *management, *data;

	if (part == SWARM_NONE || part == SWARM_UNSURE)
		return sw_said(e);
	if (sw_param_bool(e, "swarm_single_interface"))
		return sw_skip(e, "declared to have one network interface only");
	management = sw_str(e, "swarm-state/State/AdvertiseAddr", "");
	data = sw_str(e, "swarm-state/State/DataPathAddr", "");
	if (!*management)
		return sw_unknown(e, "which address this node advertises was not told");
	if (!*data)
		return sw_fail(e, "no address for data: they go over %s as management does",
			       management);
	if (strcmp(host_of(e, management), host_of(e, data)) == 0)
		return sw_fail(e, "management and data both use %s", data);
	return sw_pass(e, "management over %s, data over %s", management, data);
}

static const struct sw_param overlay_params[] = {
	{ "allowed_plain_overlays", SW_LIST, NULL,
	  "overlay networks (patterns) that need no encryption; ingress is one" },
	{ 0 },
};

static const struct sw_param plane_params[] = {
	{ "swarm_single_interface", SW_BOOL, "false",
	  "the swarm is one node, or its nodes have one network interface only" },
	{ 0 },
};

const struct sw_check sw_swarm_network_checks[] = {
	{
		.id = "swarm.listen-address",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "A swarm listens on one address",
		.why = "On every address the ports by which nodes join and gossip are open to "
		       "networks that have no node.",
		.wanted = "no wildcard address for ports 2377 and 7946",
		.remedy = "Leave the swarm and come again:\n"
			  "docker swarm init --listen-addr ADDRESS:2377   or   docker swarm join "
			  "--listen-addr ADDRESS:2377 ...",
		.fn = ports_are_bound,
		.needs = SW_NEEDS_SWARM,
	},
	{
		.id = "swarm.overlay-encryption",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Overlay networks are encrypted",
		.why = "Without the option what containers say to each other crosses the wire "
		       "between nodes in clear text.",
		.wanted = "every overlay network has the option encrypted",
		.remedy = "docker network create --driver overlay --opt encrypted NAME, and move "
			  "the services there\n"
			  "compose: networks: {NAME: {driver_opts: {encrypted: \"true\"}}}",
		.fn = overlays_are_encrypted,
		.params = overlay_params,
		.needs = SW_NEEDS_SWARM,
	},
	{
		.id = "swarm.management-plane",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Management and data of a swarm use different addresses",
		.why = "On one interface whoever floods or listens to the data reaches the "
		       "management of the swarm as well.",
		.wanted = "a data path address other than the advertised one",
		.remedy = "Leave the swarm and come again:\n"
			  "docker swarm init --advertise-addr ADDRESS --data-path-addr OTHER",
		.fn = planes_are_separated,
		.params = plane_params,
		.needs = SW_NEEDS_SWARM,
	},
	{ 0 },
};
