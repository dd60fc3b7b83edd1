/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extra_engine_defaults.c: what the engine gives its containers, and takes from its environment,
 * beyond the benchmark: ipc and cgroup namespaces, logs, SELinux, mirrors, variables.
 */
#include "engine.h"
#include "tables.h"

#include <strings.h>

#define SIZE(a) (sizeof(a) / sizeof((a)[0]))

static enum sw_verdict ipc_is_private(struct sw_eval *e)
{
	if (engine_is_podman(e))
		return sw_unknown(e, "Podman does not tell it: see ipcns in containers.conf");

	const char *mode = engine_text(e, engine_setting(e, "default-ipc-mode"));

	if (!*mode)
		return SW_UNKNOWN;
	if (strcmp(mode, "private") != 0) {
		engine_note_flag(e, "default-ipc-mode");
		return sw_fail(e, "the default ipc mode is %s (%s)", mode,
			       engine_setting_origin(e, "default-ipc-mode"));
	}
	return SW_PASS;
}

/* Listed by the engine when it is the default; on cgroup v1 the engine's own default is host. */
static enum sw_verdict cgroup_namespace_is_private(struct sw_eval *e)
{
	if (engine_option(e, "cgroupns"))
		return SW_PASS;
	if (engine_is_podman(e))
		return sw_unknown(e, "Podman does not tell it: see cgroupns in containers.conf");
	if (strcmp(sw_str(e, "info/CgroupVersion", ""), "1") == 0)
		return sw_warn(e, "containers are in the cgroup namespace of the host, as is the "
				  "default with version 1 of cgroups");
	engine_note_flag(e, "default-cgroupns-mode");
	return sw_fail(e, "containers are in the cgroup namespace of the host");
}

static enum sw_verdict max_size_is_set(struct sw_eval *e, const char *options)
{
	const char *size =
		sw_has(e, options) ? sw_str(e, sw_at(e, "%s/max-size", options), "") : "";

	if (*size && strcmp(size, "-1") != 0)
		return SW_PASS;
	engine_note_flag(e, "log-opts");
	return *size ? sw_fail(e, "max-size is -1, which is without bound")
		     : sw_fail(e, "json-file without max-size: a log grows until the disk is full");
}

static enum sw_verdict logs_are_bounded(struct sw_eval *e)
{
	const char *driver = sw_str(e, "info/LoggingDriver", "");
	const char *options;

	if (!*driver)
		return sw_unknown(e, engine_is_podman(e)
					     ? "Podman does not tell it: see log_driver and "
					       "log_size_max in containers.conf"
					     : "the engine does not tell info/LoggingDriver");
	if (strcmp(driver, "json-file") != 0)
		return strcmp(driver, "local") == 0
			       ? sw_pass(e, "the driver local keeps at most 100 MB of a container")
			       : sw_skip(e, "the log driver %s keeps no files of its own", driver);
	options = engine_setting(e, "log-opts");
	if (sw_said(e) == SW_UNKNOWN)
		return SW_UNKNOWN;
	return max_size_is_set(e, options);
}

/* A kernel with SELinux has its file system mounted. */
static bool has_selinux(struct sw_eval *e)
{
	size_t n = engine_count(e, "@host/mounts");

	for (size_t i = 0; i < n; i++)
		if (strcmp(sw_str(e, sw_at(e, "@host/mounts/%zu/type", i), ""), "selinuxfs") == 0)
			return true;
	return false;
}

static enum sw_verdict selinux_is_used(struct sw_eval *e)
{
	if (engine_option(e, "selinux"))
		return SW_PASS;
	if (!sw_bool(e, "endpoint/local", false))
		return sw_unknown(e,
				  "the engine is on another host: whether that has SELinux is not "
				  "known");
	if (!has_selinux(e))
		return sw_skip(e, "this host has no SELinux");
	engine_note_flag(e, "selinux-enabled");
	return sw_fail(e, "this host has SELinux, but the engine does not use it");
}

/* What is asked over loopback crosses no wire. */
static bool is_plain(const char *mirror)
{
	static const char scheme[] = "http://";
	const char *host = mirror + sizeof(scheme) - 1;

	return strncasecmp(mirror, scheme, sizeof(scheme) - 1) == 0 && !begins_with(host, "127.") &&
	       !begins_with(host, "[::1]") &&
	       !(begins_with(host, "localhost") && strchr(":/", host[9]));
}

static void judge_mirrors(struct sw_eval *e, const char *list)
{
	size_t n = engine_count(e, list);

	for (size_t i = 0; i < n; i++) {
		const char *mirror = sw_str(e, sw_at(e, "%s/%zu", list, i), "");

		if (is_plain(mirror))
			sw_fail(e, "images come from %s without TLS", mirror);
	}
}

static enum sw_verdict mirrors_are_secure(struct sw_eval *e)
{
	size_t n = engine_count(e, "info/RegistryConfig/IndexConfigs");

	if (n == 0)
		sw_unknown(e, engine_is_podman(e)
				      ? "Podman tells of no registry: see registries.conf"
				      : "the engine lists no registry, not even its default one");
	judge_mirrors(e, "info/RegistryConfig/Mirrors");
	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, "info/RegistryConfig/IndexConfigs", i);

		judge_mirrors(e, sw_at(e, "info/RegistryConfig/IndexConfigs/%s/Mirrors",
				       sw_esc(e, name)));
	}
	return sw_said(e);
}

/* What value of a variable the engine acts on. */
enum acts_on { ON_ONE, ON_ANYTHING, ON_OLD_API };

/* moby's own switches; each takes a protection away. */
static const struct {
	const char *name, *what;
	enum acts_on acts_on;
} variables[] = {
	{ "DOCKER_INSECURE_NO_IPTABLES_RAW",
	  "lets neighbours on the network reach what is published on loopback", ON_ONE },
	{ "DOCKER_ALLOW_IPV6_ON_IPV4_INTERFACE", "keeps IPv6 on in networks without it", ON_ONE },
	{ "DOCKER_MIN_API_VERSION", "lets in clients of an API version that this engine dropped",
	  ON_OLD_API },
	{ "DOCKER_RAMDISK", "lets containers keep the root of the host", ON_ANYTHING },
};

/* moby's own minimum: 1.24, from Docker 29 on 1.44 and then 1.40. */
static bool is_old_api(struct sw_eval *e, const char *value)
{
	bool is_29 = sw_version_compare(engine_text(e, "info/ServerVersion"), "29") >= 0;

	return sw_version_compare(value, is_29 ? "1.40" : "1.24") < 0;
}

static bool acts(struct sw_eval *e, enum acts_on on, const char *value)
{
	switch (on) {
	case ON_ONE: return strcmp(value, "1") == 0;
	case ON_ANYTHING: return *value != '\0';
	case ON_OLD_API: break;
	}
	return *value && is_old_api(e, value);
}

static enum sw_verdict environment_is_safe(struct sw_eval *e)
{
	if (engine_lacks(e, "these variables are dockerd's"))
		return SW_SKIP;
	if (!sw_has(e, "process/Environ"))
		return sw_unknown(e, "the environment of dockerd is not known");
	for (size_t i = 0; i < SIZE(variables); i++) {
		const char *value =
			sw_str(e, sw_at(e, "process/Environ/%s", variables[i].name), "");

		if (acts(e, variables[i].acts_on, value))
			sw_fail(e, "%s=%s %s", variables[i].name, value, variables[i].what);
	}
	return sw_said(e);
}

/* What was taken out when the facts were recorded, what the engine masks itself, or any other. */
static bool has_credentials(const char *url)
{
	const char *host = strstr(url, "://");
	size_t n;

	if (strstr(url, "\u00abredacted: "))
		return true;
	host = host ? host + 3 : url;
	n = strcspn(host, "/");
	return memchr(host, '@', n) != NULL;
}

static enum sw_verdict proxies_without_credentials(struct sw_eval *e)
{
	static const char *const told[] = { "info/HttpProxy", "info/HttpsProxy" };
	static const char list[] = "@host/units/docker.service/settings/Service/Environment";
	size_t n;

	for (size_t i = 0; i < SIZE(told); i++) {
		if (!sw_has(e, told[i]))
			sw_unknown(e, "the engine does not tell %s", told[i]);
		if (has_credentials(sw_str(e, told[i], "")))
			sw_fail(e, "%s holds a name and password", told[i]);
	}
	if (!sw_is_known(e, list))
		return sw_said(e);
	n = engine_count(e, list);
	for (size_t i = 0; i < n; i++) {
		const char *line = sw_str(e, sw_at(e, "%s/%zu", list, i), "");

		if ((strstr(line, "_proxy=") || strstr(line, "_PROXY=")) && has_credentials(line))
			sw_fail(e, "docker.service has a proxy with a name and password, which "
				   "every user can read");
	}
	return sw_said(e);
}

const struct sw_check sw_extra_engine_default_checks[] = {
	{
		.id = "engine.default-ipc",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Containers do not offer their shared memory by default",
		.why = "With a shareable default any container may join the ipc namespace of any "
		       "other.",
		.wanted = "default-ipc-mode private",
		.remedy =
			"Remove \"default-ipc-mode\" from /etc/docker/daemon.json, then: systemctl "
			"restart docker",
		.fn = ipc_is_private,
	},
	{
		.id = "engine.default-cgroupns",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Containers have a cgroup namespace of their own by default",
		.why = "In that of the host they see its whole tree of cgroups, with the ids of "
		       "other containers.",
		.wanted = "private",
		.remedy = "/etc/docker/daemon.json: \"default-cgroupns-mode\": \"private\", then: "
			  "systemctl restart docker",
		.fn = cgroup_namespace_is_private,
	},
	{
		.id = "engine.log-growth",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Logs of containers are bounded by default",
		.why = "One chatty container fills the disk that the engine and all others need.",
		.wanted = "max-size in log-opts, or the driver local",
		.remedy = "/etc/docker/daemon.json: \"log-driver\": \"local\", or \"log-opts\": "
			  "{\"max-size\": \"10m\", \"max-file\": \"3\"}, then: systemctl restart "
			  "docker; containers made before keep their options",
		.fn = logs_are_bounded,
	},
	{
		.id = "engine.selinux",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "The engine uses SELinux where the host has it",
		.why = "Without labels nothing keeps a process that broke out from the files of "
		       "the "
		       "host that its user may open.",
		.wanted = "selinux-enabled",
		.remedy = "/etc/docker/daemon.json: \"selinux-enabled\": true, then: systemctl "
			  "restart "
			  "docker",
		.fn = selinux_is_used,
	},
	{
		.id = "engine.registry-mirrors",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Mirrors of registries are asked by TLS",
		.why = "Whoever sits between this host and a plain mirror can serve old images, "
		       "and "
		       "sees which ones are used.",
		.wanted = "https mirrors, or none",
		.remedy =
			"Correct \"registry-mirrors\" in /etc/docker/daemon.json, then: systemctl "
			"reload docker",
		.fn = mirrors_are_secure,
	},
	{
		.id = "engine.environment",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "No variable takes a protection of the engine away",
		.why = "These switches are meant for a while of changing over, and nobody sees "
		       "them "
		       "in daemon.json.",
		.wanted = "none of DOCKER_INSECURE_NO_IPTABLES_RAW and its kind",
		.remedy = "systemctl cat docker; remove the line Environment=... or the variable "
			  "from "
			  "its EnvironmentFile, then: systemctl daemon-reload; systemctl restart "
			  "docker",
		.fn = environment_is_safe,
	},
	{
		.id = "engine.proxy-credentials",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "The engine's proxy needs no password that others can read",
		.why = "Unit files and the answers of the API are read by more people than a "
		       "password "
		       "should be.",
		.wanted = "a proxy URL without a name and password",
		.remedy = "Use a proxy that knows this host by its address, or put the URL in "
			  "/etc/docker/daemon.json (\"proxies\") with mode 0600",
		.fn = proxies_without_credentials,
	},
	{ 0 },
};
