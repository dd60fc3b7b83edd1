/* SPDX-License-Identifier: Apache-2.0 */
/* source.c: where a fact comes from, in words for the evidence. */
#include "engine_private.h"
#include "facts.h"

struct source {
	const char *prefix; /* of the path */
	const char *name;
};

static const struct source container_sources[] = {
	{ "Kernel/Status", "/proc/…/status" },
	{ "Kernel/Namespaces", "/proc/…/ns" },
	{ "Kernel/UidMap", "/proc/…/uid_map" },
	{ "Kernel/GidMap", "/proc/…/gid_map" },
	{ "Kernel/Processes", "the container's control group and /proc/…/exe" },
	{ "Kernel/AppArmor", "/proc/…/attr/apparmor/current" },
	{ "Kernel/Label", "/proc/…/attr/current" },
	{ "Kernel", "/proc/…" },
	{ "Execs", "GET /exec/…/json" },
	{ "Sources", "stat of the mount's source" },
	{ "ImageUsers", "/etc/passwd in GET /images/…/get" },
	{ "", "GET /containers/…/json" },
};
static const struct source service_sources[] = {
	{ "Sources", "stat of the mount's source" },
	{ "", "GET /services" },
};
static const struct source image_sources[] = {
	{ "InUse", "GET /containers/json" },
	{ "Base", "layers and history of the engine's images" },
	{ "Layers", "GET /images/…/get" },
	{ "Scans", "--evidence" },
	{ "History", "GET /images/…/history" },
	{ "", "GET /images/…/json" },
};
static const struct source engine_sources[] = {
	{ "ping", "GET /_ping" },
	{ "info", "GET /info" },
	{ "version", "GET /version" },
	{ "networks", "GET /networks" },
	{ "volumes", "GET /volumes" },
	{ "plugins", "GET /plugins" },
	{ "images", "GET /images/json" },
	{ "services", "GET /services" },
	{ "nodes", "GET /nodes" },
	{ "secrets", "GET /secrets" },
	{ "configs", "GET /configs" },
	{ "swarm-state", "the data root's swarm folder" },
	{ "swarm-sockets", "/proc/…/net of the engine" },
	{ "process", "/proc of the engine" },
	{ "mounts", "/proc/…/mountinfo of the engine" },
	{ "aliases", "the mounts that the engine sees" },
	{ "paths", "the engine's configuration" },
	{ "files", "stat" },
	{ "certs", "stat" },
	{ "", "the engine" },
};
static const struct source host_sources[] = {
	{ "os", "/etc/os-release" },
	{ "kernel/cmdline", "/proc/cmdline" },
	{ "kernel/running", "how the run was started" },
	{ "kernel", "uname" },
	{ "sysctl", "/proc/sys" },
	{ "sysctl-files", "files of sysctl.d and their like" },
	{ "mounts", "/proc/1/mountinfo" },
	{ "stat", "stat" },
	{ "walk", "a walk of the files" },
	{ "sshd/named", "stat" },
	{ "sshd/running", "/proc/…/cmdline of sshd" },
	{ "sshd/sockets", "unit files of sshd's sockets" },
	{ "sshd", "sshd_config" },
	{ "accounts", "account files, homes and login settings" },
	{ "pam", "/etc/pam.d and /etc/security" },
	{ "sudo", "/etc/sudoers" },
	{ "crypto-backends", "/etc/crypto-policies" },
	{ "crypto-policy", "/etc/crypto-policies/config and /etc/sysconfig/sshd" },
	{ "fstab", "/etc/fstab and mount units" },
	{ "clients", "~/.docker/config.json of the users" },
	{ "services/units", "systemd unit files and the links to them" },
	{ "services/overrides", "systemd unit files" },
	{ "services/mail", "main.cf of postfix, update-exim4.conf.conf of exim" },
	{ "services/programs", "stat" },
	{ "services", "/etc/runlevels and /etc/rc?.d" },
	{ "integrity/aide", "aide.conf" },
	{ "integrity/schedule", "timers and crontabs" },
	{ "integrity", "stat" },
	{ "processes", "/proc/…" },
	{ "listening", "/proc/1/net" },
	{ "time/clock", "adjtimex" },
	{ "time", "configuration of the clock's daemons" },
	{ "net/interfaces", "/sys/class/net" },
	{ "net/ipv6", "/proc/sys/net/ipv6" },
	{ "net", "resolv.conf, resolved.conf, hosts.allow and hosts.deny" },
	{ "firewall/managers", "systemd unit files" },
	{ "firewall/configured", "the firewall managers' configuration" },
	{ "firewall/runtime", "nf_tables of the kernel" },
	{ "firewall", "/sys/class/net" },
	{ "packages/programs", "stat" },
	{ "packages", "the package manager's list" },
	{ "updates", "configuration of the package manager" },
	{ "leftovers", "stat" },
	{ "users", "/etc/passwd" },
	{ "groups", "/etc/group" },
	{ "units", "systemd unit files" },
	{ "evidence", "--evidence" },
	{ "environment", "/etc/environment and /etc/profile" },
	{ "namespaces", "/proc/1/ns" },
	{ "", "the host" },
};

static const char *look_up(const struct source *table, const char *path)
{
	for (;; table++) {
		if (*table->prefix != *path && *table->prefix)
			continue;
		size_t n = strlen(table->prefix);
		if (n == 0 ||
		    (strncmp(path, table->prefix, n) == 0 && (path[n] == '/' || path[n] == '\0')))
			return table->name;
	}
}

static const char *text_at(json_t *engine, const char *path)
{
	struct fact f = facts_find(engine, path);
	return f.state == FACT_KNOWN ? json_string_value(f.value) : NULL;
}

/* An effective setting has its origin beside it. */
static const char *engine_source(struct arena *a, json_t *world, const char *path)
{
	json_t *engine = json_object_get(world, "engine");
	const char *found = NULL;
	if (starts_with(path, "effective/") && ends_with(path, "/on_command_line"))
		return "the command line of dockerd";
	if (starts_with(path, "effective/")) {
		const char *key = path + strlen("effective/");
		AUTO_FREE char *origin =
			xasprintf("effective/%.*s/origin", (int)strcspn(key, "/"), key);
		found = text_at(engine, origin);
	} else if (starts_with(path, "daemon-json") || starts_with(path, "config-errors")) {
		found = text_at(engine, "daemon-json/path");
	}
	return found ? arena_intern(a, found) : look_up(engine_sources, path);
}

const char *fact_source(struct arena *a, json_t *world, enum sw_kind kind, const char *path)
{
	if (starts_with(path, "@engine/"))
		return engine_source(a, world, path + strlen("@engine/"));
	if (starts_with(path, "@host/"))
		return look_up(host_sources, path + strlen("@host/"));
	if (starts_with(path, "@run/"))
		return "--now";
	if (starts_with(path, "@index/"))
		return "GET /containers/…/json";
	if (kind == SW_ENGINE)
		return engine_source(a, world, path);
	if (kind == SW_HOST)
		return look_up(host_sources, path);
	if (kind == SW_SERVICE)
		return look_up(service_sources, path);
	return look_up(kind == SW_IMAGE ? image_sources : container_sources, path);
}
