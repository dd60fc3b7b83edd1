/* SPDX-License-Identifier: Apache-2.0 */
/* live.c: the settings of an engine that its API shows, and what the API's spelling means. */
#include "effective.h"
#include "facts.h"

struct live {
	const char *key;
	const char *path;
	const char *origin;
	json_t *(*convert)(const struct view *v, const struct live *l, json_t *shown);
	const char *arg;
	bool (*agrees)(const json_t *live, const json_t *configured); /* NULL: json_equal */
};

static json_t *wrong_type(const struct live *l)
{
	return fact_unread("%s: %s is of an unexpected type", l->origin, strrchr(l->path, '/') + 1);
}

static json_t *as_bool(const struct view *v, const struct live *l, json_t *shown)
{
	(void)v;
	return json_is_boolean(shown) ? json_incref(shown) : wrong_type(l);
}

static json_t *as_string(const struct view *v, const struct live *l, json_t *shown)
{
	(void)v;
	return json_is_string(shown) ? json_incref(shown) : wrong_type(l);
}

static bool is_list_of_strings(const json_t *list)
{
	size_t i;
	json_t *element;
	if (!json_is_array(list))
		return false;
	json_array_foreach(list, i, element)
	{
		if (!json_is_string(element))
			return false;
	}
	return true;
}

static json_t *as_list(const struct view *v, const struct live *l, json_t *shown)
{
	(void)v;
	return is_list_of_strings(shown) ? json_incref(shown) : wrong_type(l);
}

/* Options of a network are text. */
static json_t *from_option(const struct view *v, const struct live *l, json_t *shown)
{
	const char *text = json_string_value(shown);
	bool b;
	(void)v;
	return text && flags_parse_bool(text, &b) ? json_boolean(b) : wrong_type(l);
}

static json_t *data_root(const struct view *v, const struct live *l, json_t *shown)
{
	if (!json_is_string(shown))
		return wrong_type(l);
	AUTO_FREE char *root = live_data_root(v, json_string_value(shown));
	return json_string(root);
}

/* --- SecurityOptions: "name=seccomp,profile=builtin" --------------------------------------------
 */

/* What follows "name=<name>" in the list: "", ",profile=…", or NULL when it is not in the list. */
static const char *option_rest(const json_t *options, const char *name)
{
	size_t i;
	json_t *element;
	json_array_foreach(options, i, element)
	{
		const char *s = json_string_value(element);
		size_t n = strlen(name);
		if (!s || !starts_with(s, "name=") || strncmp(s + 5, name, n) != 0)
			continue;
		if (s[5 + n] == '\0' || s[5 + n] == ',')
			return s + 5 + n;
	}
	return NULL;
}

int live_security_option(json_t *world, const char *name)
{
	struct fact f = facts_find(world, "engine/info/SecurityOptions");
	if (f.state != FACT_KNOWN || !is_list_of_strings(f.value))
		return -1;
	return option_rest(f.value, name) != NULL;
}

static json_t *has_option(const struct view *v, const struct live *l, json_t *shown)
{
	(void)v;
	return is_list_of_strings(shown) ? json_boolean(option_rest(shown, l->arg) != NULL)
					 : wrong_type(l);
}

/* Listed from 24.0 on (moby daemon/info.go); before that its absence says nothing. */
static json_t *no_new_privileges(const struct view *v, const struct live *l, json_t *shown)
{
	if (!is_list_of_strings(shown))
		return wrong_type(l);
	if (option_rest(shown, l->arg))
		return json_true();
	if (!v->major)
		return fact_unread("the version of the engine is not known");
	return v->major >= 24 ? json_false() : NULL;
}

static json_t *seccomp_profile(const struct view *v, const struct live *l, json_t *shown)
{
	(void)v;
	if (!is_list_of_strings(shown))
		return wrong_type(l);
	const char *rest = option_rest(shown, l->arg);
	if (!rest)
		return json_string("none");
	/* A path may hold commas, and the profile is the last field. */
	const char *profile = strstr(rest, ",profile=");
	return profile ? json_string(profile + strlen(",profile=")) : wrong_type(l);
}

static json_t *cgroupns_mode(const struct view *v, const struct live *l, json_t *shown)
{
	(void)v;
	if (!is_list_of_strings(shown))
		return wrong_type(l);
	return json_string(option_rest(shown, l->arg) ? "private" : "host");
}

/* Whether is shown; which user is not. */
static json_t *userns_remap(const struct view *v, const struct live *l, json_t *shown)
{
	if (!is_list_of_strings(shown))
		return wrong_type(l);
	if (!option_rest(shown, l->arg))
		return json_string("");
	struct said said = view_said(v, setting_by_key("userns-remap"));
	return json_is_string(said.value) ? json_incref(said.value) : json_string("enabled");
}

char *live_data_root(const struct view *v, const char *root)
{
	const char *last = strrchr(root, '/');
	size_t n = strlen(root);
	if (live_security_option(v->world, "userns") == 1 && last && last > root) {
		const char *p = last + 1;
		size_t uid = strspn(p, "0123456789");
		size_t gid = uid && p[uid] == '.' ? strspn(p + uid + 1, "0123456789") : 0;
		if (gid && !p[uid + 1 + gid])
			n = (size_t)(last - root);
	}
	return xstrndup(root, n);
}

/* --- registries ----------------------------------------------------------------------------------
 */

static bool is_builtin_registry(const char *cidr)
{
	return streq(cidr, "127.0.0.0/8") || streq(cidr, "::1/128");
}

/* Networks are in one list, names in another; the loopback networks are the engine's own. */
static json_t *insecure_registries(const struct view *v, const struct live *l, json_t *shown)
{
	json_t *cidrs = json_object_get(shown, "InsecureRegistryCIDRs");
	json_t *indexes = json_object_get(shown, "IndexConfigs");
	json_t *element, *list;
	const char *name;
	size_t i;

	(void)v;
	if ((!json_is_null(cidrs) && !is_list_of_strings(cidrs)) || !json_is_object(indexes) ||
	    fact_is_unread(indexes))
		return wrong_type(l);
	list = json_array();
	json_array_foreach(cidrs, i, element)
	{
		if (!is_builtin_registry(json_string_value(element)))
			json_array_append(list, element);
	}
	json_object_foreach(indexes, name, element)
	{
		json_t *secure = json_object_get(element, "Secure");
		if (!json_is_boolean(secure)) {
			json_decref(list);
			return wrong_type(l);
		}
		if (json_is_false(secure))
			json_array_append_new(list, json_string(name));
	}
	return list;
}

/* The engine writes networks its own way and drops schemes, so only names are looked for. */
static bool same_registries(const json_t *live, const json_t *configured)
{
	size_t i, j, wanted = 0;
	json_t *element, *other;
	json_array_foreach(configured, i, element)
	{
		const char *name = json_string_value(element);
		bool found = false;
		if (!name || is_builtin_registry(name))
			continue;
		wanted++;
		if (starts_with(name, "http://") || starts_with(name, "https://"))
			name = strstr(name, "//") + 2;
		json_array_foreach(live, j, other) found =
			found || streq(name, json_string_value(other));
		if (!found && !strchr(name, '/'))
			return false;
	}
	return wanted == json_array_size(live);
}

static bool same_driver(const json_t *live, const json_t *configured)
{
	/* With the containerd store the driver is called by its snapshotter. */
	return json_equal(live, configured) || (streq(json_string_value(live), "overlayfs") &&
						streq(json_string_value(configured), "overlay2"));
}

static bool same_profile(const json_t *live, const json_t *configured)
{
	const char *builtin[] = { "builtin", "default" };
	const char *a = json_string_value(live), *b = json_string_value(configured);
	bool is_builtin = streq(a, builtin[0]) || streq(a, builtin[1]);
	return streq(a, b) || (is_builtin && streq(b, builtin[0]));
}

/* Redacted or rewritten by the engine. */
static bool not_comparable(const json_t *live, const json_t *configured)
{
	(void)live;
	(void)configured;
	return true;
}

#define INFO(k, p, c)                                                                              \
	{                                                                                          \
		.key = k, .path = "engine/info/" p, .origin = "GET /info", .convert = c            \
	}
#define OPTION(k, c, a)                                                                            \
	{                                                                                          \
		.key = k, .path = "engine/info/SecurityOptions", .origin = "GET /info",            \
		.convert = c, .arg = a                                                             \
	}
#define INFO_AS(k, p, c, s)                                                                        \
	{                                                                                          \
		.key = k, .path = "engine/info/" p, .origin = "GET /info", .convert = c,           \
		.agrees = s                                                                        \
	}

/* clang-format off */
static const struct live lives[] = {
	{ .key = "icc", .path = "engine/networks/bridge/Options/com.docker.network.bridge.enable_icc",
	  .origin = "GET /networks", .convert = from_option },
	INFO_AS("insecure-registries", "RegistryConfig", insecure_registries, same_registries),
	INFO_AS("registry-mirrors", "RegistryConfig/Mirrors", as_list, not_comparable),
	INFO_AS("storage-driver", "Driver", as_string, same_driver),
	INFO("live-restore", "LiveRestoreEnabled", as_bool),
	INFO("experimental", "ExperimentalBuild", as_bool),
	INFO("log-driver", "LoggingDriver", as_string),
	INFO("debug", "Debug", as_bool),
	INFO("default-runtime", "DefaultRuntime", as_string),
	INFO("authorization-plugins", "Plugins/Authorization", as_list),
	INFO("data-root", "DockerRootDir", data_root),
	INFO_AS("labels", "Labels", as_list, not_comparable),
	INFO_AS("http-proxy", "HttpProxy", as_string, not_comparable),
	INFO_AS("https-proxy", "HttpsProxy", as_string, not_comparable),
	INFO_AS("no-proxy", "NoProxy", as_string, not_comparable),
	OPTION("no-new-privileges", no_new_privileges, "no-new-privileges"),
	OPTION("rootless", has_option, "rootless"),
	OPTION("selinux-enabled", has_option, "selinux"),
	OPTION("userns-remap", userns_remap, "userns"),
	OPTION("default-cgroupns-mode", cgroupns_mode, "cgroupns"),
	{ .key = "seccomp-profile", .path = "engine/info/SecurityOptions", .origin = "GET /info",
	  .convert = seccomp_profile, .arg = "seccomp", .agrees = same_profile },
};
/* clang-format on */

static const struct live *find(const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(lives); i++) {
		if (streq(lives[i].key, key))
			return &lives[i];
	}
	return NULL;
}

/* Lists that the API writes as null when they are empty: but only in an object that is one. */
static bool may_be_null(json_t *world, const struct live *l)
{
	AUTO_FREE char *parent = xstrndup(l->path, (size_t)(strrchr(l->path, '/') - l->path));
	return json_is_object(facts_find(world, parent).value);
}

/* Without a default bridge there is nothing to show, which is no trouble. */
static bool has_no_bridge(json_t *world, const struct live *l)
{
	return l->convert == from_option &&
	       facts_find(world, "engine/networks/bridge").state == FACT_ABSENT;
}

json_t *live_value(const struct view *v, const char *key, const char **ret_origin)
{
	const struct live *l = find(key);
	if (!l || has_no_bridge(v->world, l))
		return NULL;
	struct fact f = facts_find(v->world, l->path);
	*ret_origin = l->origin;
	if (f.state == FACT_UNREAD)
		return fact_unread("%s: %s", l->origin, f.reason);
	if (f.state == FACT_ABSENT && l->convert == as_list)
		return may_be_null(v->world, l) ? json_array() : wrong_type(l);
	if (f.state == FACT_ABSENT)
		return NULL;
	return l->convert(v, l, f.value);
}

bool live_agrees(const char *key, const json_t *live, const json_t *configured)
{
	const struct live *l = find(key);
	if (l && l->agrees)
		return l->agrees(live, configured);
	return json_equal(live, configured);
}
