/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extra_container_runtime.c: how containers use and show what they have, beyond the benchmark:
 * memory, logs, state, what they publish, secrets in their configuration.
 */
#include "container.h"
#include "tables.h"

#include <arpa/inet.h>
#include <stdlib.h>

#define REDACTED "\u00abredacted: "

static enum sw_verdict memory_rules_are_kept(struct sw_eval *e)
{
	int64_t score = sw_int(e, "HostConfig/OomScoreAdj", 0);

	if (sw_bool(e, "HostConfig/OomKillDisable", false))
		sw_fail(e, "is never killed for memory (--oom-kill-disable)");
	if (score < 0)
		sw_fail(e, "others are killed for memory before it (--oom-score-adj %lld)",
			(long long)score);
	if (sw_int(e, "HostConfig/Memory", 0) > 0 && sw_int(e, "HostConfig/MemorySwap", 0) < 0)
		sw_warn(e, "may use all the swap of the host (--memory-swap -1)");
	return sw_said(e);
}

static enum sw_verdict log_is_bounded(struct sw_eval *e)
{
	const char *type = sw_str(e, "HostConfig/LogConfig/Type", "");
	const char *size;

	if (!*type)
		return sw_unknown(e, "its log driver is not known");
	if (strcmp(type, "local") == 0)
		return SW_PASS;
	if (strcmp(type, "json-file") != 0)
		return sw_skip(e, "the log driver %s keeps no files of its own", type);
	size = sw_has(e, "HostConfig/LogConfig/Config")
		       ? sw_str(e, "HostConfig/LogConfig/Config/max-size", "")
		       : "";
	if (!*size || strcmp(size, "-1") == 0)
		return sw_fail(e, "its log has no max-size");
	return SW_PASS;
}

static enum sw_verdict state_is_steady(struct sw_eval *e)
{
	const char *health = sw_has(e, "State/Health") ? sw_str(e, "State/Health/Status", "") : "";
	int64_t restarts = sw_int(e, "RestartCount", 0);

	if (sw_bool(e, "State/Restarting", false))
		sw_fail(e, "ends again and again (%lld restarts)", (long long)restarts);
	if (sw_bool(e, "State/OOMKilled", false))
		sw_warn(e, "was killed for memory");
	if (strcmp(health, "unhealthy") == 0)
		sw_warn(e, "its health check says unhealthy");
	if (restarts > sw_param_int(e, "max_restarts"))
		sw_warn(e, "was restarted %lld times", (long long)restarts);
	return sw_said(e);
}

/* --- what it publishes ---------------------------------------------------------------------- */

/* IANA's names of ports that ask little or nothing of who connects. */
static const struct {
	int port;
	const char *what;
} services[] = {
	{ 2375, "an engine's API" },
	{ 2376, "an engine's API" },
	{ 2379, "etcd" },
	{ 3306, "MySQL" },
	{ 5432, "PostgreSQL" },
	{ 6379, "Redis" },
	{ 9200, "Elasticsearch" },
	{ 11211, "memcached" },
	{ 27017, "MongoDB" },
	{ 5984, "CouchDB" },
	{ 8086, "InfluxDB" },
	{ 9042, "Cassandra" },
	{ 1433, "SQL Server" },
	{ 1521, "Oracle" },
	{ 5672, "AMQP" },
	{ 9092, "Kafka" },
	{ 2181, "ZooKeeper" },
	{ 15672, "RabbitMQ management" },
	{ 8500, "Consul" },
	{ 10250, "a kubelet" },
	{ 5000, "a registry" },
	{ 9000, "Portainer or such" },
	{ 8081, "an admin page" },
	{ 3389, "remote desktop" },
	{ 5900, "VNC" },
	{ 23, "telnet" },
	{ 445, "SMB" },
};

static const char *service_of(const char *port)
{
	long number = strtol(port, NULL, 10);

	for (size_t i = 0; i < ARRAY_SIZE(services); i++)
		if (services[i].port == number)
			return services[i].what;
	return NULL;
}

static bool is_loopback(const char *address)
{
	return begins_with(address, "127.") || strcmp(address, "::1") == 0;
}

static void judge_binding(struct sw_eval *e, const char *port, const char *at, bool is_planned)
{
	const char *address = sw_str(e, sw_at(e, "%s/HostIp", at), "");
	const char *number = sw_str(e, sw_at(e, "%s/HostPort", at), "");
	const char *what = service_of(port);

	if (!*address && is_planned)
		address = container_default_address(e);
	if (!what || is_loopback(address) || sw_param_lists(e, "allowed_ports", port) ||
	    sw_param_lists(e, "allowed_ports", number))
		return;
	if (!*address || strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0)
		sw_fail(e, "%s (%s) is published on every address", port, what);
	else
		sw_warn(e, "%s (%s) is published on %s", port, what, address);
}

/* In the network of the host, and when started with -P, what the image exposes is open. */
static void judge_exposed(struct sw_eval *e, const char *why)
{
	static const char list[] = "Config/ExposedPorts";
	size_t n = engine_count(e, list);

	for (size_t i = 0; i < n; i++) {
		const char *port = sw_key(e, list, i);

		if (service_of(port) && !sw_param_lists(e, "allowed_ports", port))
			sw_fail(e, "%s (%s) is open: %s", port, service_of(port), why);
	}
}

static enum sw_verdict no_open_databases(struct sw_eval *e)
{
	bool is_running = container_is_running(e);
	const char *base = is_running ? "NetworkSettings/Ports" : "HostConfig/PortBindings";
	size_t n;

	/* it may have been asked for by its id */
	if (strcmp(sw_str(e, "HostConfig/NetworkMode", ""), "host") == 0 ||
	    (sw_has(e, "NetworkSettings/Networks") &&
	     sw_contains(e, "NetworkSettings/Networks", "host"))) {
		judge_exposed(e, "it is in the network of the host");
		return sw_warn(e, "is in the network of the host: see on which ports it listens");
	}
	if (!is_running && sw_bool(e, "HostConfig/PublishAllPorts", false))
		judge_exposed(e, "all that the image exposes is published (-P)");
	n = engine_count(e, base);

	for (size_t i = 0; i < n; i++) {
		const char *port = sw_key(e, base, i);
		const char *list = sw_at(e, "%s/%s", base, sw_esc(e, port));
		size_t bindings = sw_has(e, list) ? engine_count(e, list) : 0;

		for (size_t k = 0; k < bindings; k++)
			judge_binding(e, port, sw_at(e, "%s/%zu", list, k), !is_running);
	}
	return sw_said(e);
}

static enum sw_verdict host_is_not_a_name(struct sw_eval *e)
{
	size_t n = engine_count(e, "HostConfig/ExtraHosts");

	for (size_t i = 0; i < n; i++) {
		const char *entry = sw_str(e, sw_at(e, "HostConfig/ExtraHosts/%zu", i), "");
		size_t name = strcspn(entry, ":=");

		if (strcmp(entry + name + (entry[name] != '\0'), "host-gateway") == 0)
			sw_warn(e, "is pointed at services of the host (%s)", entry);
	}
	n = engine_count(e, "HostConfig/Links");
	for (size_t i = 0; i < n; i++)
		sw_warn(e, "has the link %s, which gives it the environment of the other container",
			sw_str(e, sw_at(e, "HostConfig/Links/%zu", i), ""));
	return sw_said(e);
}

/* --- secrets -------------------------------------------------------------------------------- */

/* What kind of secret stood there; NULL: none was found when the record was made. */
static const char *secret_kind(struct sw_eval *e, const char *text)
{
	const char *kind = strstr(text, REDACTED);

	if (!kind)
		return NULL;
	kind += strlen(REDACTED);
	return sw_at(e, "%.*s", (int)strcspn(kind, "\u00bb"), kind);
}

static void judge_variables(struct sw_eval *e)
{
	size_t n = engine_count(e, "Config/Env");

	for (size_t i = 0; i < n; i++) {
		const char *variable = sw_str(e, sw_at(e, "Config/Env/%zu", i), "");
		const char *kind = secret_kind(e, variable);

		if (kind)
			sw_fail(e, "the variable %.*s holds a secret (%s)",
				(int)strcspn(variable, "="), variable, kind);
	}
}

static void judge_words(struct sw_eval *e, const char *list, const char *what)
{
	size_t n = engine_count(e, list);

	for (size_t i = 0; i < n; i++) {
		const char *kind = secret_kind(e, sw_str(e, sw_at(e, "%s/%zu", list, i), ""));

		if (kind)
			sw_fail(e, "its %s holds a secret (%s)", what, kind);
	}
}

/* Labels, or options of the log driver, some of which take a token. */
static void judge_members(struct sw_eval *e, const char *object, const char *what)
{
	size_t n = engine_count(e, object);

	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, object, i);
		const char *path = sw_at(e, "%s/%s", object, sw_esc(e, name));
		const char *kind = secret_kind(e, sw_str(e, path, ""));

		if (kind)
			sw_fail(e, "the %s %s holds a secret (%s)", what, name, kind);
		else if (secret_kind(e, name))
			sw_fail(e, "the name of a %s holds a secret (%s)", what,
				secret_kind(e, name));
	}
}

static enum sw_verdict no_secrets_in_configuration(struct sw_eval *e)
{
	judge_variables(e);
	judge_members(e, "Config/Labels", "label");
	if (sw_has(e, "HostConfig/LogConfig"))
		judge_members(e, "HostConfig/LogConfig/Config", "log option");
	judge_words(e, "Config/Cmd", "command");
	judge_words(e, "Config/Entrypoint", "entry point");
	if (sw_has(e, "Config/Healthcheck"))
		judge_words(e, "Config/Healthcheck/Test", "health check");
	return sw_said(e);
}

static const struct sw_param state_params[] = {
	{ "max_restarts", SW_INT, "20", "how many restarts by the engine are taken for normal" },
	{ 0 },
};
static const struct sw_param service_params[] = {
	{ "allowed_ports", SW_LIST, NULL,
	  "ports (5432/tcp, or the number on the host) that may be "
	  "published" },
	{ 0 },
};

const struct sw_check sw_extra_container_runtime_checks[] = {
	{
		.id = "container.oom",
		.kind = SW_CONTAINER,
		.severity = SW_MEDIUM,
		.title = "Containers are not spared when memory runs out",
		.why = "The kernel then ends the host's own services, the engine among them, in "
		       "place "
		       "of the container that took the memory.",
		.wanted = "no --oom-kill-disable, no negative --oom-score-adj, bounded swap",
		.remedy = "Recreate it without --oom-kill-disable, --oom-score-adj and "
			  "--memory-swap -1",
		.fn = memory_rules_are_kept,
	},
	{
		.id = "container.log-growth",
		.kind = SW_CONTAINER,
		.severity = SW_LOW,
		.title = "Logs of containers are bounded",
		.why = "One chatty container fills the disk that the engine and all others need.",
		.wanted = "max-size, or the driver local",
		.remedy = "docker run --log-opt max-size=10m --log-opt max-file=3 ...\n"
			  "compose: logging: {options: {max-size: 10m}}",
		.fn = log_is_bounded,
	},
	{
		.id = "container.steady",
		.kind = SW_CONTAINER,
		.severity = SW_LOW,
		.title = "Containers do not restart again and again",
		.why = "A crash loop is a fault at best and an attempt at exploitation at worst, "
		       "and "
		       "it uses up the host.",
		.wanted = "not restarting, healthy",
		.remedy = "docker logs NAME; docker inspect NAME",
		.fn = state_is_steady,
		.params = state_params,
	},
	{
		.id = "container.open-services",
		.kind = SW_CONTAINER,
		.severity = SW_HIGH,
		.title = "Databases and admin services are not published to the world",
		.why = "Their ports are scanned within minutes, many ask for no password, and the "
		       "engine opens published ports past the host's firewall.",
		.wanted = "not published, or on 127.0.0.1",
		.remedy = "docker run -p 127.0.0.1:5432:5432 ..., or a network shared with the "
			  "containers that need it\nOr declare: --set allowed_ports=5432/tcp",
		.fn = no_open_databases,
		.params = service_params,
	},
	{
		.id = "container.host-access",
		.kind = SW_CONTAINER,
		.severity = SW_LOW,
		.title = "Containers are not pointed at the host or linked",
		.why = "host-gateway leads to services that listen for the host itself; links hand "
		       "over the environment, secrets included.",
		.wanted = "no host-gateway, no links",
		.remedy = "Recreate it without --add-host NAME:host-gateway and --link; put both "
			  "containers on one network",
		.fn = host_is_not_a_name,
	},
	{
		.id = "container.secrets",
		.kind = SW_CONTAINER,
		.severity = SW_HIGH,
		.title = "No secret is in the configuration of containers",
		.why = "Variables, labels and commands are shown by docker inspect, inherited by "
		       "every "
		       "process and copied into logs and crash reports.",
		.wanted = "secrets in files only",
		.remedy = "Mount the secret as a file and name that: "
			  "PASSWORD_FILE=/run/secrets/NAME\n"
			  "compose and swarm: secrets: [NAME]; then change the secret",
		.fn = no_secrets_in_configuration,
		.flags = SW_SERVICES,
	},
	{ 0 },
};
