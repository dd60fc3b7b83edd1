/* SPDX-License-Identifier: Apache-2.0 */
/* settings.c: the table of all settings of dockerd: flag, key in daemon.json, type, versions,
 * default. */
#include "settings.h"

static bool all_elements(const json_t *value, bool (*fits)(const json_t *))
{
	size_t i;
	json_t *element;
	json_array_foreach(value, i, element)
	{
		if (!json_is_null(element) && !fits(element))
			return false;
	}
	return true;
}

static bool all_members(const json_t *value, bool (*fits)(const json_t *))
{
	const char *name;
	json_t *member;
	json_object_foreach((json_t *)(uintptr_t)value, name, member)
	{
		if (!json_is_null(member) && !fits(member))
			return false;
	}
	return true;
}

static bool is_bool(const json_t *v)
{
	return json_is_boolean(v);
}
static bool is_int(const json_t *v)
{
	return json_is_integer(v);
}
static bool is_string(const json_t *v)
{
	return json_is_string(v);
}
static bool is_object(const json_t *v)
{
	return json_is_object(v);
}
static bool is_bytes(const json_t *v)
{
	return json_is_string(v) || json_is_integer(v);
}
static bool is_list(const json_t *v)
{
	return json_is_array(v) && all_elements(v, is_string);
}
static bool is_list_of_objects(const json_t *v)
{
	return json_is_array(v) && all_elements(v, is_object);
}
static bool is_map(const json_t *v)
{
	return json_is_object(v) && all_members(v, is_string);
}
static bool is_map_of_bools(const json_t *v)
{
	return json_is_object(v) && all_members(v, is_bool);
}
static bool is_map_of_maps(const json_t *v)
{
	return json_is_object(v) && all_members(v, is_map);
}
static bool is_map_of_objects(const json_t *v)
{
	return json_is_object(v) && all_members(v, is_object);
}

static bool is_ulimit(const json_t *v)
{
	const json_t *name = json_object_get(v, "Name");
	const json_t *soft = json_object_get(v, "Soft"), *hard = json_object_get(v, "Hard");
	return json_is_object(v) && (!name || json_is_null(name) || json_is_string(name)) &&
	       (!soft || json_is_null(soft) || json_is_integer(soft)) &&
	       (!hard || json_is_null(hard) || json_is_integer(hard));
}

static bool is_map_of_ulimits(const json_t *v)
{
	return json_is_object(v) && all_members(v, is_ulimit);
}

static const struct {
	const char *name;
	bool (*fits)(const json_t *);
} types[] = {
	[SETTING_BOOL] = { "true or false", is_bool },
	[SETTING_INT] = { "an integer", is_int },
	[SETTING_STRING] = { "a string", is_string },
	[SETTING_BYTES] = { "a size", is_bytes },
	[SETTING_LIST] = { "a list of strings", is_list },
	[SETTING_IPS] = { "a list of strings", is_list },
	[SETTING_MAP] = { "an object of strings", is_map },
	[SETTING_SWITCHES] = { "an object of true and false", is_map_of_bools },
	[SETTING_MAPS] = { "an object of objects of strings", is_map_of_maps },
	[SETTING_ULIMITS] = { "an object of ulimits", is_map_of_ulimits },
	[SETTING_RUNTIMES] = { "an object of objects", is_map_of_objects },
	[SETTING_POOLS] = { "a list of objects", is_list_of_objects },
	[SETTING_OBJECT] = { "an object", is_object },
};

bool setting_type_fits(const struct setting *s, const json_t *value)
{
	return json_is_null(value) || types[s->type].fits(value);
}

const char *setting_type_name(const struct setting *s)
{
	return types[s->type].name;
}

bool setting_exists(const struct setting *s, unsigned major)
{
	if (!major)
		return true;
	return major >= s->since && (!s->until || major < s->until);
}

const struct setting *setting_by_key(const char *key)
{
	for (const struct setting *s = settings; s->key || s->flag; s++) {
		if (s->key && streq(s->key, key))
			return s;
	}
	return NULL;
}

const struct setting *setting_by_flag(const char *name, size_t n)
{
	for (const struct setting *s = settings; s->key || s->flag; s++) {
		if (s->flag && strlen(s->flag) == n && memcmp(s->flag, name, n) == 0)
			return s;
	}
	return NULL;
}

const struct setting *setting_by_letter(char letter)
{
	for (const struct setting *s = settings; s->key || s->flag; s++) {
		if (letter && s->letter == letter)
			return s;
	}
	return NULL;
}

/* clang-format off */
#define ROW(k, f, t, d)        .key = k, .flag = f, .type = SETTING_##t, .fallback = d
#define PLAIN(name, t, d)      { ROW(name, name, t, d) }
#define SHORT(name, c, t, d)   { ROW(name, name, t, d), .letter = c }
#define SINCE(name, v, t, d)   { ROW(name, name, t, d), .since = v }
#define UNTIL(name, v, t, d)   { ROW(name, name, t, d), .until = v }
#define NAMED(k, f, t, d)      { ROW(k, f, t, d), .has_key_without_effect = true }
#define NAMED_SINCE(k, f, v, t, d) \
	{ ROW(k, f, t, d), .since = v, .has_key_without_effect = true }
#define FLAG_ONLY(f, c, t)     { ROW(NULL, f, t, NULL), .letter = c }
#define KEY_ONLY(k, v, t, d)   { ROW(k, NULL, t, d), .since = v }

const struct setting settings[] = {
	NAMED("runtimes", "add-runtime", RUNTIMES, "{}"),
	SINCE("allow-direct-routing", 28, BOOL, "false"),
	PLAIN("allow-nondistributable-artifacts", LIST, "[]"),
	UNTIL("api-cors-header", 29, STRING, "\"\""),
	NAMED("authorization-plugins", "authorization-plugin", LIST, "[]"),
	PLAIN("bip", STRING, "\"\""),
	SINCE("bip6", 28, STRING, "\"\""),
	SHORT("bridge", 'b', STRING, "\"\""),
	SINCE("bridge-accept-fwmark", 29, STRING, "\"\""),
	KEY_ONLY("builder", 0, OBJECT, "{}"),
	NAMED_SINCE("cdi-spec-dirs", "cdi-spec-dir", 25, LIST, NULL),
	PLAIN("cgroup-parent", STRING, "\"\""),
	UNTIL("cluster-advertise", 24, STRING, "\"\""),
	UNTIL("cluster-store", 24, STRING, "\"\""),
	{ ROW("cluster-store-opts", "cluster-store-opt", MAP, "{}"), .until = 24,
	  .has_key_without_effect = true },
	PLAIN("containerd", STRING, "\"\""),
	PLAIN("containerd-namespace", STRING, "\"moby\""),
	/* The decoder's tag is spelt without the s, so the key is taken and has no effect. */
	FLAG_ONLY("containerd-plugins-namespace", 0, STRING),
	PLAIN("cpu-rt-period", INT, "0"),
	PLAIN("cpu-rt-runtime", INT, "0"),
	PLAIN("cri-containerd", BOOL, "false"),
	PLAIN("data-root", STRING, NULL),
	SHORT("debug", 'D', BOOL, "false"),
	NAMED("default-address-pools", "default-address-pool", POOLS, "[]"),
	PLAIN("default-cgroupns-mode", STRING, NULL),
	PLAIN("default-gateway", STRING, "\"\""),
	PLAIN("default-gateway-v6", STRING, "\"\""),
	PLAIN("default-ipc-mode", STRING, "\"private\""),
	NAMED_SINCE("default-network-opts", "default-network-opt", 24, MAPS, "{}"),
	PLAIN("default-runtime", STRING, "\"runc\""),
	PLAIN("default-shm-size", BYTES, "67108864"),
	SINCE("default-stop-timeout", 29, INT, "10"),
	NAMED("default-ulimits", "default-ulimit", ULIMITS, "{}"),
	PLAIN("dns", IPS, "[]"),
	NAMED("dns-opts", "dns-opt", LIST, "[]"),
	PLAIN("dns-search", LIST, "[]"),
	NAMED("exec-opts", "exec-opt", LIST, "[]"),
	PLAIN("exec-root", STRING, NULL),
	PLAIN("experimental", BOOL, "false"),
	/* A key on every version, a flag from 27. */
	NAMED("features", "feature", SWITCHES, "{}"),
	SINCE("firewall-backend", 29, STRING, "\"\""),
	PLAIN("fixed-cidr", STRING, "\"\""),
	PLAIN("fixed-cidr-v6", STRING, "\"\""),
	{ ROW("graph", "graph", STRING, "\"\""), .letter = 'g', .until = 24 },
	SHORT("group", 'G', STRING, "\"docker\""),
	{ ROW("hosts", "host", LIST, NULL), .letter = 'H', .has_key_without_effect = true },
	/* Until 28 the key was the flag's name; both are read from then on. */
	PLAIN("host-gateway-ip", STRING, "\"\""),
	KEY_ONLY("host-gateway-ips", 28, LIST, "[]"),
	SINCE("http-proxy", 23, STRING, "\"\""),
	SINCE("https-proxy", 23, STRING, "\"\""),
	SINCE("no-proxy", 23, STRING, "\"\""),
	PLAIN("icc", BOOL, "true"),
	UNTIL("identity", 23, STRING, "\"\""),
	PLAIN("init", BOOL, "false"),
	PLAIN("init-path", STRING, "\"\""),
	NAMED("insecure-registries", "insecure-registry", LIST, "[]"),
	PLAIN("ip", STRING, "\"0.0.0.0\""),
	PLAIN("ip-forward", BOOL, "true"),
	SINCE("ip-forward-no-drop", 28, BOOL, "false"),
	PLAIN("ip-masq", BOOL, "true"),
	PLAIN("ip6tables", BOOL, NULL),
	PLAIN("iptables", BOOL, "true"),
	PLAIN("ipv6", BOOL, "false"),
	NAMED("labels", "label", LIST, "[]"),
	PLAIN("live-restore", BOOL, "false"),
	PLAIN("log-driver", STRING, "\"json-file\""),
	SINCE("log-format", 25, STRING, "\"text\""),
	SHORT("log-level", 'l', STRING, "\"info\""),
	NAMED("log-opts", "log-opt", MAP, "{}"),
	PLAIN("max-concurrent-downloads", INT, "3"),
	PLAIN("max-concurrent-uploads", INT, "5"),
	PLAIN("max-download-attempts", INT, "5"),
	PLAIN("metrics-addr", STRING, "\"\""),
	KEY_ONLY("min-api-version", 29, STRING, "\"\""),
	PLAIN("mtu", INT, "1500"),
	PLAIN("network-control-plane-mtu", INT, "1500"),
	PLAIN("network-diagnostic-port", INT, "0"),
	PLAIN("no-new-privileges", BOOL, "false"),
	NAMED("node-generic-resources", "node-generic-resource", LIST, "[]"),
	SINCE("nri-opts", 29, OBJECT, "{}"),
	UNTIL("oom-score-adjust", 26, INT, "0"),
	SHORT("pidfile", 'p', STRING, NULL),
	PLAIN("raw-logs", BOOL, "false"),
	NAMED("registry-mirrors", "registry-mirror", LIST, "[]"),
	PLAIN("rootless", BOOL, NULL),
	PLAIN("seccomp-profile", STRING, NULL),
	PLAIN("selinux-enabled", BOOL, "false"),
	PLAIN("shutdown-timeout", INT, "15"),
	SHORT("storage-driver", 's', STRING, "\"\""),
	NAMED("storage-opts", "storage-opt", LIST, "[]"),
	PLAIN("swarm-default-advertise-addr", STRING, "\"\""),
	PLAIN("tls", BOOL, "false"),
	PLAIN("tlscacert", STRING, "\"\""),
	PLAIN("tlscert", STRING, "\"\""),
	PLAIN("tlskey", STRING, "\"\""),
	PLAIN("tlsverify", BOOL, "false"),
	PLAIN("userland-proxy", BOOL, "true"),
	PLAIN("userland-proxy-path", STRING, NULL),
	PLAIN("userns-remap", STRING, "\"\""),
	FLAG_ONLY("config-file", 0, STRING),
	FLAG_ONLY("help", 'h', BOOL),
	FLAG_ONLY("restart", 'r', BOOL),
	FLAG_ONLY("validate", 0, BOOL),
	FLAG_ONLY("version", 'v', BOOL),
	{ 0 },
};
