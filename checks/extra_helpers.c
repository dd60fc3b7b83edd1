/* SPDX-License-Identifier: Apache-2.0 */
/* extra_helpers.c: what else runs with root's rights for the engine: plugins, the builder,
 * runtimes, and what may change containers as they start. */
#include <strings.h>

#include "engine.h"
#include "tables.h"

#define SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* --- plugins ------------------------------------------------------------------------------ */

static void judge_plugin_mounts(struct sw_eval *e, const char *name, const char *list)
{
	static const char *const grave[] = {
		"/", "/etc", "/proc", "/sys", "/usr", "/boot", "/root"
	};
	size_t n = engine_count(e, list);

	for (size_t i = 0; i < n; i++) {
		const char *source = sw_str(e, sw_at(e, "%s/%zu/Source", list, i), "");
		bool is_grave = strstr(source, ".sock") != NULL;

		for (size_t k = 0; k < SIZE(grave); k++)
			is_grave |= strcmp(source, grave[k]) == 0;
		if (is_grave)
			sw_fail(e, "plugin %s has %s of the host", name, source);
		else if (*source)
			sw_warn(e, "plugin %s has %s of the host", name, source);
	}
}

static void judge_plugin_devices(struct sw_eval *e, const char *name, const char *list)
{
	size_t n = engine_count(e, list);

	for (size_t i = 0; i < n; i++)
		sw_warn(e, "plugin %s has the device %s of the host", name,
			sw_str(e, sw_at(e, "%s/%zu/Path", list, i), "?"));
}

static void judge_plugin_rights(struct sw_eval *e, const char *name, const char *config)
{
	static const char *const grave[] = { "ALL",        "SYS_ADMIN",       "SYS_MODULE",
					     "SYS_PTRACE", "DAC_READ_SEARCH", "SYS_RAWIO" };
	const char *list = sw_at(e, "%s/Linux/Capabilities", config);
	size_t n = engine_count(e, list);

	for (size_t i = 0; i < n; i++) {
		const char *capability = sw_str(e, sw_at(e, "%s/%zu", list, i), "?");
		bool is_grave = false;

		for (size_t k = 0; k < SIZE(grave); k++)
			is_grave |= sw_same_capability(capability, grave[k]);
		if (is_grave)
			sw_fail(e, "plugin %s has %s", name, capability);
		else
			sw_warn(e, "plugin %s has %s", name, capability);
	}
	if (sw_bool(e, sw_at(e, "%s/Linux/AllowAllDevices", config), false))
		sw_fail(e, "plugin %s has every device of the host", name);
	if (sw_bool(e, sw_at(e, "%s/PidHost", config), false))
		sw_fail(e, "plugin %s is in the pid namespace of the host", name);
	if (sw_bool(e, sw_at(e, "%s/IpcHost", config), false))
		sw_warn(e, "plugin %s is in the ipc namespace of the host", name);
	if (strcmp(sw_str(e, sw_at(e, "%s/Network/Type", config), ""), "host") == 0)
		sw_warn(e, "plugin %s is in the network of the host", name);
}

static enum sw_verdict plugins_have_few_rights(struct sw_eval *e)
{
	bool is_any = false;
	size_t n;

	if (engine_lacks(e, "Podman has no managed plugins"))
		return SW_SKIP;
	n = engine_count(e, "plugins");
	if (!sw_has(e, "plugins"))
		return sw_unknown(e, "the plugins of the engine were not listed");
	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, "plugins", i);
		const char *at = sw_at(e, "plugins/%s", sw_esc(e, name));

		if (sw_param_lists(e, "allowed_plugins", name) ||
		    !sw_bool(e, sw_at(e, "%s/Enabled", at), true))
			continue;
		is_any = true;
		if (!sw_has(e, sw_at(e, "%s/Config", at))) {
			sw_unknown(e, "what plugin %s may do was not told", name);
			continue;
		}
		judge_plugin_rights(e, name, sw_at(e, "%s/Config", at));
		judge_plugin_mounts(e, name, sw_at(e, "%s/Settings/Mounts", at));
		judge_plugin_devices(e, name, sw_at(e, "%s/Settings/Devices", at));
	}
	return n == 0 || is_any || sw_said(e) != SW_PASS
		       ? sw_said(e)
		       : sw_pass(e, "each is allowed or not enabled");
}

/* --- builder ------------------------------------------------------------------------------ */

/* Go's decoder takes a name in any case: the next member from *i on that is so named, or NULL. */
static const char *member_of(struct sw_eval *e, const char *object, const char *name, size_t *i)
{
	size_t n = engine_count(e, object);

	while (*i < n) {
		const char *key = sw_key(e, object, (*i)++);

		if (strcasecmp(key, name) == 0)
			return sw_at(e, "%s/%s", object, sw_esc(e, key));
	}
	return NULL;
}

/*
 * Whether an object of daemon.json says true to it. Each spelling of the name counts, as any of
 * them may be the one that the engine takes; null is like not named. list: the object, or NULL.
 */
static bool is_allowed(struct sw_eval *e, const char *list, const char *name, bool by_default)
{
	const char *member;
	bool is_named = false;

	for (size_t i = 0; list && (member = member_of(e, list, name, &i));) {
		is_named = true;
		if (sw_bool(e, member, by_default))
			return true;
	}
	return !is_named && by_default;
}

/* From Docker 29 on builds may use devices unless that is switched off (moby, getEntitlements). */
static bool has_devices_by_default(struct sw_eval *e)
{
	return sw_version_compare(engine_text(e, "info/ServerVersion"), "29") >= 0;
}

static enum sw_verdict builds_have_few_rights(struct sw_eval *e)
{
	const char *builder, *list = NULL;
	size_t i = 0;

	if (engine_lacks(e, "Podman has no BuildKit"))
		return SW_SKIP;
	builder = engine_setting(e, "builder");
	if (sw_said(e) == SW_UNKNOWN)
		return SW_UNKNOWN;
	if (sw_has(e, builder))
		list = member_of(e, builder, "Entitlements", &i);
	if (list && !sw_has(e, list))
		list = NULL;
	if (is_allowed(e, list, "security-insecure", false))
		sw_fail(e, "builds may ask for the rights of a privileged container "
			   "(security-insecure)");
	if (is_allowed(e, list, "network-host", true))
		sw_warn(e, "builds may use the network of the host (network-host, allowed %s)",
			is_allowed(e, list, "network-host", false) ? "by daemon.json"
								   : "by default");
	if (is_allowed(e, list, "device", has_devices_by_default(e)))
		sw_warn(e, "builds may use devices of the host (device, allowed %s)",
			is_allowed(e, list, "device", false) ? "by daemon.json" : "by default");
	return sw_said(e);
}

/* --- runtimes ----------------------------------------------------------------------------- */

/* Under a known name a shim may be told to run another program. */
static void judge_binary(struct sw_eval *e, const char *name, const char *options)
{
	const char *binary =
		sw_has(e, options) ? sw_str(e, sw_at(e, "%s/BinaryName", options), "") : "";

	if (*binary)
		sw_warn(e, "the runtime %s executes %s (BinaryName): see what that is", name,
			binary);
}

static enum sw_verdict runtimes_are_known(struct sw_eval *e)
{
	size_t n = engine_count(e, "info/Runtimes");
	const char *chosen = engine_text(e, "info/DefaultRuntime");

	if (n == 0)
		sw_unknown(e, "the engine lists no runtime");
	if (*chosen && !sw_param_lists(e, "allowed_runtimes", chosen))
		sw_fail(e, "containers run by the runtime %s unless they say otherwise", chosen);
	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, "info/Runtimes", i);
		const char *at = sw_at(e, "info/Runtimes/%s", sw_esc(e, name));
		const char *path = sw_str(e, sw_at(e, "%s/path", at), "");

		if (!sw_param_lists(e, "allowed_runtimes", name))
			sw_warn(e, "the runtime %s (%s) may be asked for", name, path);
		else if (engine_count(e, sw_at(e, "%s/runtimeArgs", at)) > 0)
			sw_warn(e, "the runtime %s (%s) is given arguments: see which", name, path);
		else
			judge_binary(e, name, sw_at(e, "%s/options", at));
	}
	return sw_said(e);
}

/* --- what may change containers as they start --------------------------------------------- */

static enum sw_verdict resource_interface_is_off(struct sw_eval *e)
{
	if (engine_lacks(e, "Podman has no node resource interface"))
		return SW_SKIP;
	const char *options = engine_setting(e, "nri-opts");

	if (sw_has(e, options) && is_allowed(e, options, "enable", false))
		return sw_warn(e, "NRI is on: each of its plugins may change every container");
	return sw_said(e);
}

static const struct sw_param plugin_params[] = {
	{ "allowed_plugins", SW_LIST, NULL, "managed plugins that were reviewed" },
	{ 0 },
};
static const struct sw_param runtime_params[] = {
	{ "allowed_runtimes", SW_LIST,
	  "runc,crun,runsc,kata*,io.containerd.runc.v2,io.containerd.runtime.v1.linux,"
	  "io.containerd.runsc.*,io.containerd.kata.*",
	  "runtimes that were reviewed" },
	{ 0 },
};

const struct sw_check sw_extra_helper_checks[] = {
	{
		.id = "engine.plugin-privileges",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "Managed plugins have few rights on the host",
		.why = "A plugin runs as root beside the engine with the capabilities, mounts and "
		       "devices it asked for when it was installed.",
		.wanted = "no enabled plugin with grave rights, or those in allowed_plugins",
		.remedy = "docker plugin inspect NAME; docker plugin disable NAME; docker plugin "
			  "rm NAME\n"
			  "Or declare: --set allowed_plugins=NAME,...",
		.fn = plugins_have_few_rights,
		.params = plugin_params,
		.needs = SW_NEEDS_PLUGINS,
	},
	{
		.id = "engine.builder-entitlements",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Builds cannot ask for rights on the host",
		.why = "A Dockerfile of somebody else's then runs its steps unconfined or in the "
		       "network of the host, as soon as the build is allowed to.",
		.wanted = "network-host and device false, security-insecure not true",
		.remedy = "/etc/docker/daemon.json: \"builder\": {\"Entitlements\": "
			  "{\"network-host\": "
			  "false, \"device\": false, \"security-insecure\": false}}, then: "
			  "systemctl restart docker",
		.fn = builds_have_few_rights,
	},
	{
		.id = "engine.runtimes",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Containers run by known runtimes",
		.why = "A runtime is a program that root executes for each container; one of "
		       "unknown origin, or with odd arguments, is a backdoor.",
		.wanted = "only runtimes in allowed_runtimes, without arguments",
		.remedy = "Remove it from \"runtimes\" and \"default-runtime\" in "
			  "/etc/docker/daemon.json, then: systemctl restart docker\n"
			  "Or declare: --set allowed_runtimes=runc,NAME",
		.fn = runtimes_are_known,
		.params = runtime_params,
	},
	{
		.id = "engine.nri",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "The node resource interface is off",
		.why = "Its plugins may add mounts, devices and hooks to every container that is "
		       "started.",
		.wanted = "not enabled",
		.remedy = "Remove \"enable\": true from \"nri-opts\" in /etc/docker/daemon.json, "
			  "then: "
			  "systemctl restart docker",
		.fn = resource_interface_is_off,
	},
	{ 0 },
};
