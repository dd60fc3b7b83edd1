/* SPDX-License-Identifier: Apache-2.0 */
/* container_network.c: what of a container is reachable from outside: published ports and the
 * default bridge. */
#include "container.h"
#include "tables.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum { PRIVILEGED_END = 1024, PORT_MAX = 65535 };

/* One binding of a container port to the host. */
struct binding {
	const char *port;    /* of the container: "80/tcp" */
	const char *address; /* of the host; "" when not said */
	const char
		*number; /* port of the host as written; "" or "0": the engine chooses a high one */
	bool is_planned; /* it does not run: this is what would be published */
};

typedef void binding_fn(struct sw_eval *e, const struct binding *b);

/* Without bridge or the like nothing is published, whatever the bindings say. */
static bool publishes_nothing(const char *mode)
{
	return strcmp(mode, "host") == 0 || strcmp(mode, "none") == 0 ||
	       begins_with(mode, "container:");
}

static size_t each_of_port(struct sw_eval *e, const char *base, const char *port, bool is_planned,
			   binding_fn *fn)
{
	const char *list = sw_at(e, "%s/%s", base, sw_esc(e, port));
	size_t n = sw_has(e, list) ? engine_count(e, list) : 0;

	for (size_t i = 0; i < n; i++) {
		struct binding b = {
			.port = port,
			.address = sw_str(e, sw_at(e, "%s/%zu/HostIp", list, i), ""),
			.number = sw_str(e, sw_at(e, "%s/%zu/HostPort", list, i), ""),
			.is_planned = is_planned,
		};
		fn(e, &b);
	}
	return n;
}

/* With -P, once it starts: each exposed port that no binding names gets one without an address. */
static size_t each_of_all(struct sw_eval *e, binding_fn *fn)
{
	static const char exposed[] = "Config/ExposedPorts";
	size_t n, published = 0;

	if (container_is_service(e) || !sw_bool(e, "HostConfig/PublishAllPorts", false))
		return 0;
	n = engine_count(e, exposed);
	for (size_t i = 0; i < n; i++) {
		const char *port = sw_key(e, exposed, i);
		const char *list = sw_at(e, "HostConfig/PortBindings/%s", sw_esc(e, port));

		if (sw_has(e, "HostConfig/PortBindings") && sw_has(e, list) &&
		    sw_count(e, list) > 0)
			continue;
		fn(e, &(struct binding){
			      .port = port, .address = "", .number = "", .is_planned = true });
		published++;
	}
	return published;
}

/* Calls fn for every published port; how many there are. Ports is filled while it runs only. */
static size_t each_binding(struct sw_eval *e, binding_fn *fn)
{
	bool is_running = container_is_running(e);
	const char *base = is_running ? "NetworkSettings/Ports" : "HostConfig/PortBindings";
	size_t n, published = 0;

	if (!is_running && publishes_nothing(sw_str(e, "HostConfig/NetworkMode", "")))
		return 0;
	n = engine_count(e, base);
	for (size_t i = 0; i < n; i++) {
		const char *port = sw_key(e, base, i);

		/* the engine keeps a binding of a port that is not exposed, and ignores it */
		if (is_running || sw_contains(e, "Config/ExposedPorts", port))
			published += each_of_port(e, base, port, !is_running, fn);
	}
	return is_running ? published : published + each_of_all(e, fn);
}

/* The ports that a service publishes through the ingress network are shown by the service only. */
static bool is_on_ingress(struct sw_eval *e)
{
	return !container_is_service(e) && sw_contains(e, "NetworkSettings/Networks", "ingress");
}

/* 0 when the engine chooses; the first of a range; -1 when it is no port. */
static long port_number(const char *text)
{
	char *end;
	long n;

	if (!*text)
		return 0;
	if (strspn(text, "0123456789") == 0)
		return -1;
	n = strtol(text, &end, 10);
	if (*end == '-')
		end += 1 + strspn(end + 1, "0123456789");
	return *end || n > PORT_MAX ? -1 : n;
}

static const char *on_host(struct sw_eval *e, const struct binding *b)
{
	if (strchr(b->address, ':'))
		return sw_at(e, "[%s]:%s", b->address, b->number);
	return sw_at(e, "%s:%s", *b->address ? b->address : "*", *b->number ? b->number : "?");
}

/* The operator may write the port of the host alone or with the protocol. */
static bool is_allowed(struct sw_eval *e, const struct binding *b)
{
	const char *protocol = strchr(b->port, '/');
	long n = port_number(b->number);

	return sw_param_lists(e, "allowed_ports", sw_at(e, "%ld", n)) ||
	       sw_param_lists(e, "allowed_ports",
			      sw_at(e, "%ld%s", n, protocol ? protocol : "/tcp"));
}

static void judge_privileged_port(struct sw_eval *e, const struct binding *b)
{
	long n = port_number(b->number);

	if (n < 0 || (n == 0 && !b->is_planned))
		sw_unknown(e, "%s is published on '%s'", b->port, b->number);
	else if (n != 0 && n < PRIVILEGED_END && !is_allowed(e, b))
		sw_fail(e, "%s is published on %s", b->port, on_host(e, b));
}

static enum sw_verdict no_privileged_ports(struct sw_eval *e)
{
	/* it may have been asked for by its id */
	if (strcmp(sw_str(e, "HostConfig/NetworkMode", ""), "host") == 0 ||
	    (sw_has(e, "NetworkSettings/Networks") &&
	     sw_contains(e, "NetworkSettings/Networks", "host")))
		return sw_warn(e, "is in the network of the host: see on which ports it listens");
	if (each_binding(e, judge_privileged_port) > 0) {
		if (is_on_ingress(e) && !container_judged_service(e))
			sw_unknown(e, "its service publishes more, which is not shown here");
		return sw_said(e);
	}
	if (is_on_ingress(e) && container_judged_service(e))
		return sw_skip(e, "its service %s, which publishes, is judged",
			       container_judged_service(e));
	if (is_on_ingress(e))
		return sw_unknown(e, "which ports its service publishes is not shown here");
	return sw_said(e) == SW_PASS ? sw_skip(e, "it publishes no port") : sw_said(e);
}

static void judge_needed_port(struct sw_eval *e, const struct binding *b)
{
	if (!sw_param_is_set(e, "allowed_ports"))
		sw_warn(e, "%s is published on %s", b->port, on_host(e, b));
	else if (!is_allowed(e, b))
		sw_fail(e, "%s is published on %s, which is not in allowed_ports", b->port,
			on_host(e, b));
}

static enum sw_verdict only_needed_ports(struct sw_eval *e)
{
	size_t n;

	if (!container_is_service(e) && !container_is_running(e))
		return sw_skip(e, "it does not run");
	if (sw_bool(e, "HostConfig/PublishAllPorts", false))
		sw_fail(e, "publishes every exposed port (-P)");
	n = each_binding(e, judge_needed_port);
	if (is_on_ingress(e))
		sw_warn(e, "its service publishes ports on every node: see docker service inspect");
	else if (n == 0 && sw_said(e) == SW_PASS)
		return sw_skip(e, "it publishes no port");
	return sw_said(e);
}

/* -1: no address. All spellings of "any", mapped IPv4 and zones too. */
static int is_wildcard(const char *text)
{
	static const unsigned char mapped_any[16] = { [10] = 0xff, [11] = 0xff };
	static const unsigned char any[16];
	unsigned char bytes[16] = { 0 };
	char address[64];
	size_t n = strcspn(text + (*text == '['), "]%");

	if (!*text)
		return 1;
	if (n >= sizeof(address))
		return -1;
	memcpy(address, text + (*text == '['), n);
	address[n] = '\0';
	if (inet_pton(AF_INET, address, bytes) == 1)
		return memcmp(bytes, any, 4) == 0;
	if (inet_pton(AF_INET6, address, bytes) == 1)
		return memcmp(bytes, any, 16) == 0 || memcmp(bytes, mapped_any, 16) == 0;
	return -1;
}

/* The address that a bridge gives to a binding without one; "" when it has no such option. */
static const char *address_of_network(struct sw_eval *e, const char *network)
{
	const char *options = sw_at(e, "@engine/networks/%s/Options", sw_esc(e, network));

	if (!sw_has(e, options))
		return "";
	return sw_str(e, sw_at(e, "%s/com.docker.network.bridge.host_binding_ipv4", options), "");
}

/* Of several networks the engine picks the one that publishes: all of them must name an address. */
const char *container_default_address(struct sw_eval *e)
{
	size_t n = sw_has(e, "NetworkSettings/Networks")
			   ? engine_count(e, "NetworkSettings/Networks")
			   : 0;
	const char *mode = sw_str(e, "HostConfig/NetworkMode", "");
	const char *address = "";

	if (n == 0)
		return address_of_network(e,
					  !*mode || strcmp(mode, "default") == 0 ? "bridge" : mode);
	for (size_t i = 0; i < n; i++) {
		address = address_of_network(e, sw_key(e, "NetworkSettings/Networks", i));
		if (is_wildcard(address) != 0)
			break;
	}
	return address;
}

static void judge_address(struct sw_eval *e, const struct binding *b)
{
	bool is_default = b->is_planned && !*b->address;
	const char *address = is_default ? container_default_address(e) : b->address;
	int wildcard = is_wildcard(address);

	if (wildcard < 0)
		sw_unknown(e, "%s is published on '%s', which is no address", b->port, address);
	else if (wildcard)
		sw_fail(e, "%s is published on every address of the host (%s)", b->port,
			on_host(e, b));
}

static enum sw_verdict bound_to_addresses(struct sw_eval *e)
{
	size_t n = each_binding(e, judge_address);

	if (is_on_ingress(e))
		return sw_fail(e, "its service publishes ports on every address of every node");
	return n == 0 && sw_said(e) == SW_PASS ? sw_skip(e, "it publishes no port") : sw_said(e);
}

/* NetworkMode tells where it was started, Networks where it is: tasks and moved containers differ.
 */
static enum sw_verdict not_on_default_bridge(struct sw_eval *e)
{
	const char *mode;
	bool has_networks;

	if (!sw_contains(e, "@engine/networks", "bridge"))
		return sw_skip(e, "this engine has no default bridge");
	if (sw_contains(e, "NetworkSettings/Networks", "bridge"))
		return sw_fail(e, "is on the default bridge");
	/* Podman calls it podman in a container and bridge in the list of networks. */
	if (sw_contains(e, "NetworkSettings/Networks", "podman") &&
	    !sw_contains(e, "@engine/networks", "podman"))
		return sw_fail(e, "is on the default bridge, podman");
	has_networks = sw_count(e, "NetworkSettings/Networks") > 0;
	if (has_networks)
		return SW_PASS;
	mode = sw_str(e, "HostConfig/NetworkMode", "");
	if (begins_with(mode, "container:"))
		return sw_skip(e, "its network is that of container %s: see there",
			       short_id(e, mode + strlen("container:")));
	if (strcmp(mode, "default") == 0 || strcmp(mode, "bridge") == 0 || !*mode)
		return sw_fail(e, "is put on the default bridge when it starts");
	return SW_PASS;
}

static const struct sw_param privileged_port_params[] = {
	{ "allowed_ports", SW_LIST, NULL,
	  "ports of the host below 1024 that may be published: 443, 53/udp" },
	{ 0 },
};

static const struct sw_param needed_port_params[] = {
	{ "allowed_ports", SW_LIST, NULL, "ports of the host that are needed: 8080, 53/udp" },
	{ 0 },
};

const struct sw_check sw_container_network_checks[] = {
	{
		.id = "container.privileged-ports",
		.kind = SW_CONTAINER,
		.severity = SW_LOW,
		.title = "Containers are not published on privileged ports",
		.why = "Clients trust ports below 1024 because only root could once listen there; "
		       "the "
		       "engine gives them to any container.",
		.wanted = "ports of the host from 1024 up",
		.remedy = "docker run -p 127.0.0.1:8080:80 ...\ncompose: ports: "
			  "[\"127.0.0.1:8080:80\"]\n"
			  "or declare the port of a proxy in allowed_ports",
		.fn = no_privileged_ports,
		.params = privileged_port_params,
		.flags = SW_SERVICES,
	},
	{
		.id = "container.needed-ports",
		.kind = SW_CONTAINER,
		.severity = SW_LOW,
		.title = "Containers publish needed ports only",
		.why = "Every published port is one more way in, and the engine opens it past most "
		       "host "
		       "firewalls.",
		.wanted = "only ports declared in allowed_ports",
		.remedy = "Recreate it without -P and with -p for the needed ports only\n"
			  "compose: drop the others from ports; then declare the rest in "
			  "allowed_ports",
		.fn = only_needed_ports,
		.params = needed_port_params,
		.flags = SW_RUNNING | SW_SERVICES,
	},
	{
		.id = "container.bind-address",
		.kind = SW_CONTAINER,
		.severity = SW_MEDIUM,
		.title = "Published ports are bound to one address",
		.why = "A port published without an address answers on every interface of the "
		       "host, "
		       "those to the outside included.",
		.wanted = "an address other than 0.0.0.0 and ::",
		.remedy = "docker run -p 127.0.0.1:8080:80 ...\ncompose: ports: "
			  "[\"127.0.0.1:8080:80\"]\n"
			  "swarm: publish with mode=host behind a firewall, or only inside overlay "
			  "networks",
		.fn = bound_to_addresses,
		.flags = SW_SERVICES,
	},
	{
		.id = "container.default-bridge",
		.kind = SW_CONTAINER,
		.severity = SW_LOW,
		.title = "Containers are not on the default bridge",
		.why = "All containers on it can reach each other, whatever they have to do with "
		       "one "
		       "another.",
		.wanted = "networks made for the purpose",
		.remedy = "docker network create NAME; docker run --network NAME ...\n"
			  "compose: networks: [NAME] in place of \"network_mode: bridge\"",
		.fn = not_on_default_bridge,
		.flags = SW_SERVICES,
	},
	{ 0 },
};
