/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container_drift_namespaces.c: is a running container in the namespaces that inspect declares.
 *
 * The host's namespace where one of its own is declared is a failure. One of its own where the
 * host's is declared is stricter, and told with a pass: a process may leave.
 */
#include "container.h"
#include "tables.h"

struct namespace
{
	const char *mode; /* where HostConfig tells it; NULL: always its own */
	const char *kernel;
};

static const struct namespace namespaces[] = {
	{ "HostConfig/NetworkMode", "net" },     { "HostConfig/PidMode", "pid" },
	{ "HostConfig/IpcMode", "ipc" },         { "HostConfig/UTSMode", "uts" },
	{ "HostConfig/CgroupnsMode", "cgroup" }, { NULL, "mnt" },
};

/* A network may be asked for by its id, that of the host network too. */
static bool is_host_mode(struct sw_eval *e, const struct namespace *ns, const char *mode)
{
	if (strcmp(mode, "host") == 0)
		return true;
	return strcmp(ns->kernel, "net") == 0 && strlen(mode) == 64 &&
	       strcmp(mode, sw_str(e, "@engine/networks/host/Id", "")) == 0;
}

/* Without a readable /proc/1 our own namespace is the nearest to the host's that there is. */
static bool is_hosts(struct sw_eval *e, const char *kernel)
{
	const char *host = sw_at(e, "Kernel/Namespaces/%s/host", kernel);
	const char *self = sw_at(e, "@host/namespaces/%s/self", kernel);

	if (sw_is_known(e, host))
		return sw_bool(e, host, true);
	if (!sw_is_known(e, self))
		return false;
	return strcmp(sw_str(e, sw_at(e, "Kernel/Namespaces/%s/id", kernel), ""),
		      sw_str(e, self, "")) == 0;
}

/*
 * The engine's counts as the host's: a rootless engine calls it that, and where nothing tells of
 * the host this comparison is all there is.
 */
static bool is_shared(struct sw_eval *e, const char *kernel)
{
	const char *engine = sw_at(e, "Kernel/Namespaces/%s/engine", kernel);

	if (!engine_feature(e, "rootless") && is_hosts(e, kernel))
		return true;
	if (!sw_has(e, engine)) {
		sw_unknown(e, "its %s namespace was not compared with the engine's", kernel);
		return false;
	}
	return sw_bool(e, engine, true);
}

/* The container named by "container:<id>" must be in the very same namespace. */
static void judge_joined(struct sw_eval *e, const struct namespace *ns, const char *other)
{
	const char *entry = sw_at(e, "@index/container/%s", sw_esc(e, other));
	const char *id = sw_at(e, "Kernel/Namespaces/%s/id", ns->kernel);
	const char *of_other = sw_at(e, "%s/%s", entry, id);

	if (!sw_has(e, entry)) {
		sw_warn(e, "the container %s, whose %s namespace it shares, is not there",
			short_id(e, other), ns->kernel);
		return;
	}
	if (!sw_bool(e, sw_at(e, "%s/State/Running", entry), false)) {
		sw_warn(e, "the container %s, whose %s namespace it shares, does not run",
			short_id(e, other), ns->kernel);
		return;
	}
	if (!sw_has(e, of_other))
		sw_unknown(e, "the %s namespace of container %s is not known", ns->kernel,
			   short_id(e, other));
	/* a restart of the other one leaves this one behind in the old one */
	else if (strcmp(sw_str(e, id, ""), sw_str(e, of_other, "")) != 0)
		sw_warn(e, "is not in the %s namespace that container %s is in now", ns->kernel,
			short_id(e, other));
}

static const char *declared_mode(struct sw_eval *e, const struct namespace *ns)
{
	return ns->mode ? sw_str(e, ns->mode, "") : "";
}

/* Engines before cgroup namespaces do not name the mode: then nothing is declared. */
static bool declares_nothing(const struct namespace *ns, const char *mode)
{
	return strcmp(ns->kernel, "cgroup") == 0 && !*mode;
}

static const char *judge(struct sw_eval *e, const struct namespace *ns, const char *stricter)
{
	const char *mode = declared_mode(e, ns);
	bool shared;

	if (declares_nothing(ns, mode))
		return stricter;
	if (begins_with(mode, "ns:")) {
		sw_unknown(e, "which %s namespace '%s' is cannot be told", ns->kernel, mode);
		return stricter;
	}
	if (begins_with(mode, "container:")) {
		judge_joined(e, ns, mode + strlen("container:"));
		return stricter;
	}
	shared = is_shared(e, ns->kernel);
	if (is_host_mode(e, ns, mode))
		return shared ? stricter : listed(e, stricter, ns->kernel);
	if (shared)
		sw_fail(e, "is in the %s namespace of the host, which its settings do not say",
			ns->kernel);
	return stricter;
}

static enum sw_verdict namespaces_are_as_declared(struct sw_eval *e)
{
	const char *stricter = "";

	if (!container_is_running(e))
		return sw_skip(e, "it does not run");
	for (size_t i = 0; i < ARRAY_SIZE(namespaces); i++)
		stricter = judge(e, &namespaces[i], stricter);
	if (*stricter && sw_said(e) == SW_PASS)
		return sw_pass(e, "declared as the host's, yet has its own: %s", stricter);
	return sw_said(e);
}

static enum sw_verdict judge_map(struct sw_eval *e)
{
	int64_t wanted = remapped_root(e), inside, outside;

	if (engine_count(e, "Kernel/UidMap") == 0)
		return sw_unknown(e, "the user ids of its namespace are not known");
	inside = sw_int(e, "Kernel/UidMap/0/0", -1);
	outside = sw_int(e, "Kernel/UidMap/0/1", -1);
	if (inside == 0 && outside == 0)
		return sw_fail(e, "root in it is root on the host, though the engine remaps users");
	if (wanted < 0)
		return sw_unknown(e, "to whom the engine remaps root is not known");
	if (inside != 0 || outside != wanted)
		return sw_warn(e,
			       "its user %lld is %lld on the host, but the engine remaps root to "
			       "%lld: it may have made a user namespace of its own",
			       (long long)inside, (long long)outside, (long long)wanted);
	return SW_PASS;
}

static enum sw_verdict judge_unmapped(struct sw_eval *e, bool in_engines)
{
	return in_engines ? SW_PASS
			  : sw_pass(e, "has a user namespace of its own, though none is declared");
}

static enum sw_verdict user_namespace_is_as_declared(struct sw_eval *e)
{
	bool is_host = strcmp(sw_str(e, "HostConfig/UsernsMode", ""), "host") == 0;
	bool is_rootless = engine_feature(e, "rootless") != NULL;
	bool is_remapped = engine_feature(e, "userns") != NULL;
	bool in_engines;

	if (!sw_has(e, "Kernel/Namespaces/user/engine"))
		return sw_unknown(e, "its user namespace was not compared with the engine's");
	in_engines = sw_bool(e, "Kernel/Namespaces/user/engine", true);
	if (is_rootless && sw_bool(e, "Kernel/Namespaces/user/host", true))
		return sw_fail(e, "is in the user namespace of the host, though the engine is "
				  "rootless");
	if (is_rootless || !is_remapped || is_host)
		return judge_unmapped(e, in_engines);
	if (in_engines)
		return sw_fail(e,
			       "is in the user namespace of the engine, though that remaps users");
	return judge_map(e);
}

static const char remedy[] = "Recreate the container; if that does not mend it, see which runtime "
			     "and hooks start it, and whether its program joined another namespace";

const struct sw_check sw_container_drift_namespace_checks[] = {
	{
		.id = "container.drift.namespaces",
		.kind = SW_CONTAINER,
		.severity = SW_HIGH,
		.title = "Containers are in the namespaces that are declared",
		.why = "A process in a namespace of the host that the engine does not know of has "
		       "left its container, or was never in it.",
		.wanted = "none of the host's but the declared ones",
		.remedy = remedy,
		.fn = namespaces_are_as_declared,
		.flags = SW_WHOLE | SW_RUNNING | SW_INDEX_KERNEL,
		.needs = SW_NEEDS_KERNEL,
	},
	{
		.id = "container.drift.user-namespace",
		.kind = SW_CONTAINER,
		.severity = SW_HIGH,
		.title = "Containers are in the user namespace that is declared",
		.why = "Where the engine remaps users and a container is not remapped, root in it "
		       "is root on the host.",
		.wanted = "a remapped one, where the engine remaps and --userns host is not given",
		.remedy = remedy,
		.fn = user_namespace_is_as_declared,
		.flags = SW_RUNNING,
		.needs = SW_NEEDS_KERNEL,
	},
	{ 0 },
};
