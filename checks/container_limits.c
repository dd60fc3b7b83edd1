/* SPDX-License-Identifier: Apache-2.0 */
/* container_limits.c: what bounds a container's use of the host: memory, cpu, processes, ulimits,
 * cgroup. */
#include "container.h"
#include "tables.h"

#include <inttypes.h>
#include <string.h>

/* A limit in a parent cgroup would bound it as well, and is not shown by the engine. */
static const char *by_parent(struct sw_eval *e)
{
	const char *parent = sw_str(e, "HostConfig/CgroupParent", "");

	return *parent ? sw_at(e, " (its cgroup parent '%s' may set one)", parent) : "";
}

/*
 * An engine without the cgroup, such as a rootless one with the driver none, takes a limit, may go
 * on showing it, and starts the container without. The tasks of a service run on other nodes too.
 */
static enum sw_verdict is_not_enforced(struct sw_eval *e, const char *what, bool is_asked_for)
{
	if (is_asked_for && container_is_service(e))
		return sw_unknown(e,
				  "%s is set, but the engine of this node has no cgroup for it: "
				  "whether other nodes have is not known",
				  what);
	if (is_asked_for)
		return sw_fail(e, "%s is set, but the engine has no cgroup for it and drops it",
			       what);
	return sw_fail(e, "no %s, and the engine has no cgroup for it: it drops such limits", what);
}

static enum sw_verdict memory_is_limited(struct sw_eval *e)
{
	int can = engine_says(e, "@engine/info/MemoryLimit");
	bool is_set = sw_int(e, "HostConfig/Memory", 0) > 0;

	if (can == UNTOLD)
		return SW_UNKNOWN;
	if (!can)
		return is_not_enforced(e, "memory limit", is_set);
	if (is_set)
		return SW_PASS;
	return sw_fail(e, "no memory limit%s", by_parent(e));
}

enum { DEFAULT_SHARES = 1024 };

static enum sw_verdict cpu_is_limited(struct sw_eval *e)
{
	int has_shares = engine_says(e, "@engine/info/CPUShares");
	int has_quota = engine_says(e, "@engine/info/CpuCfsQuota");
	int64_t shares = sw_int(e, "HostConfig/CpuShares", 0);
	bool is_shared = shares > 0 && shares != DEFAULT_SHARES;
	bool is_bounded = !sw_param_bool(e, "strict") && (sw_int(e, "HostConfig/NanoCpus", 0) > 0 ||
							  sw_int(e, "HostConfig/CpuQuota", 0) > 0);

	if (has_shares == UNTOLD || has_quota == UNTOLD)
		return SW_UNKNOWN;
	if ((is_shared && has_shares) || (is_bounded && has_quota))
		return SW_PASS;
	if (is_shared || is_bounded)
		return is_not_enforced(e, is_shared ? "a cpu share" : "a cpu limit", true);
	if (!has_shares && !has_quota)
		return is_not_enforced(e, "cpu limit", false);
	if (shares == DEFAULT_SHARES)
		return sw_fail(e, "its cpu shares are the default, 1024%s", by_parent(e));
	return sw_fail(e, "no cpu shares%s%s",
		       sw_param_bool(e, "strict") ? "" : " and no cpu limit", by_parent(e));
}

static enum sw_verdict pids_are_limited(struct sw_eval *e)
{
	int64_t limit = sw_int(e, "HostConfig/PidsLimit", 0);
	int64_t ceiling = sw_param_int(e, "max_pids");
	int can = engine_says(e, "@engine/info/PidsLimit");

	if (can == UNTOLD)
		return SW_UNKNOWN;
	if (!can)
		return is_not_enforced(e, "limit of processes", limit > 0);
	if (limit <= 0)
		return sw_fail(e, "no limit of processes%s", by_parent(e));
	if (ceiling > 0 && limit > ceiling)
		return sw_fail(e, "may have %" PRId64 " processes, more than %" PRId64, limit,
			       ceiling);
	return SW_PASS;
}

struct limit {
	int64_t soft, hard; /* negative: unlimited */
};

static struct limit limit_at(struct sw_eval *e, const char *path)
{
	struct limit l = {
		.soft = sw_int(e, sw_at(e, "%s/Soft", path), -1),
		.hard = sw_int(e, sw_at(e, "%s/Hard", path), -1),
	};
	return l;
}

static bool is_looser(int64_t a, int64_t b)
{
	return b >= 0 && (a < 0 || a > b);
}

/* The engine merges its defaults of now into what it shows, so only what differs is the
 * container's. */
static void judge_ulimit(struct sw_eval *e, const char *path)
{
	const char *name = sw_str(e, sw_at(e, "%s/Name", path), "?");
	struct limit own = limit_at(e, path), usual;
	const char *text = sw_at(e, "%s=%" PRId64 ":%" PRId64, name, own.soft, own.hard);
	const char *defaults = "@engine/effective/default-ulimits/value";
	const char *one = sw_at(e, "%s/%s", defaults, sw_esc(e, name));

	if (sw_param_lists(e, "allowed_ulimits", name) ||
	    sw_param_lists(e, "allowed_ulimits", text))
		return;
	if (!sw_has(e, defaults) || !sw_has(e, one)) {
		sw_warn(e, "sets %s, for which the engine has no default", text);
		return;
	}
	usual = limit_at(e, one);
	if (is_looser(own.soft, usual.soft) || is_looser(own.hard, usual.hard))
		sw_fail(e, "sets %s, looser than the engine's %" PRId64 ":%" PRId64, text,
			usual.soft, usual.hard);
}

static enum sw_verdict ulimits_are_not_loosened(struct sw_eval *e)
{
	size_t n = engine_count(e, "HostConfig/Ulimits");

	for (size_t i = 0; i < n; i++)
		judge_ulimit(e, sw_at(e, "HostConfig/Ulimits/%zu", i));
	return sw_said(e);
}

static enum sw_verdict cgroup_parent_is_approved(struct sw_eval *e)
{
	const char *parent = sw_str(e, "HostConfig/CgroupParent", "");

	if (!*parent || sw_param_lists(e, "allowed_cgroup_parents", parent))
		return SW_PASS;
	return sw_fail(e, "runs below the cgroup '%s'", parent);
}

static const struct sw_param cpu_params[] = {
	{ "strict", SW_BOOL, "false", "accept cpu shares only, not --cpus or a cpu quota" },
	{ 0 },
};

static const struct sw_param pids_params[] = {
	{ "max_pids", SW_INT, "0", "the highest limit that is accepted; 0: any" },
	{ 0 },
};

static const struct sw_param ulimit_params[] = {
	{ "allowed_ulimits", SW_LIST, NULL,
	  "ulimits a container may set: nofile, or memlock=-1:-1" },
	{ 0 },
};

static const struct sw_param cgroup_params[] = {
	{ "allowed_cgroup_parents", SW_LIST, NULL,
	  "cgroup parents that are approved: batch.slice" },
	{ 0 },
};

const struct sw_check sw_container_limits_checks[] = {
	{
		.id = "container.memory-limit",
		.kind = SW_CONTAINER,
		.severity = SW_MEDIUM,
		.title = "Containers have a memory limit",
		.why = "One container that leaks or is attacked takes the memory of all others and "
		       "of "
		       "the host.",
		.wanted = "a limit above 0",
		.remedy = "docker update --memory 512m --memory-swap 512m NAME\n"
			  "compose: mem_limit: 512m, or deploy.resources.limits.memory",
		.fn = memory_is_limited,
		.flags = SW_SERVICES,
	},
	{
		.id = "container.cpu-limit",
		.kind = SW_CONTAINER,
		.severity = SW_LOW,
		.title = "Containers have a cpu share or limit",
		.why = "With equal shares one busy container slows down all others, the important "
		       "ones "
		       "too.",
		.wanted = "cpu shares other than 1024, or a cpu limit",
		.remedy =
			"docker update --cpus 1.5 NAME   or   docker update --cpu-shares 512 NAME\n"
			"compose: cpus: 1.5, or cpu_shares: 512",
		.fn = cpu_is_limited,
		.params = cpu_params,
		.flags = SW_SERVICES,
	},
	{
		.id = "container.pids-limit",
		.kind = SW_CONTAINER,
		.severity = SW_MEDIUM,
		.title = "Containers have a limit of processes",
		.why = "A fork bomb in one container uses up the process table of the whole host.",
		.wanted = "a limit above 0",
		.remedy = "docker update --pids-limit 200 NAME\n"
			  "compose: pids_limit: 200, or deploy.resources.limits.pids",
		.fn = pids_are_limited,
		.params = pids_params,
		.flags = SW_SERVICES,
	},
	{
		.id = "container.ulimits",
		.kind = SW_CONTAINER,
		.severity = SW_LOW,
		.title = "Containers do not loosen the engine's ulimits",
		.why = "The engine's defaults are the agreed bounds; a container that raises them "
		       "for "
		       "itself can use up what is meant for all.",
		.wanted = "no ulimit of its own, or none looser than the engine's",
		.remedy = "Recreate it without --ulimit, or declare it in allowed_ulimits\n"
			  "compose: remove ulimits",
		.fn = ulimits_are_not_loosened,
		.params = ulimit_params,
		.flags = SW_SERVICES,
	},
	{
		.id = "container.cgroup-parent",
		.kind = SW_CONTAINER,
		.severity = SW_LOW,
		.title = "Containers run below an approved cgroup",
		.why = "Below another cgroup other limits hold, or none, and accounting misses the "
		       "container.",
		.wanted = "the engine's cgroup, or one in allowed_cgroup_parents",
		.remedy = "Recreate it without --cgroup-parent, or declare it in "
			  "allowed_cgroup_parents\n"
			  "compose: remove cgroup_parent",
		.fn = cgroup_parent_is_approved,
		.params = cgroup_params,
	},
	{ 0 },
};
