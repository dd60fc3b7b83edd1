/* SPDX-License-Identifier: Apache-2.0 */
/* container_namespaces.c: which namespaces a container shares with the host, followed through other
 * containers. */
#include "container.h"
#include "tables.h"

#include <string.h>

enum { CHAIN_MAX = 16 };

struct namespace
{
	const char *mode;   /* where HostConfig tells it */
	const char *kernel; /* its name in /proc/<pid>/ns */
	const char *what;
};

/*
 * Compared with the engine's own too: a rootless engine's "host" is the engine's namespace, and
 * where /proc/1 cannot be read that comparison is all there is.
 */
static bool process_shares(struct sw_eval *e, const struct namespace *ns)
{
	const char *base = sw_at(e, "Kernel/Namespaces/%s", ns->kernel);
	const char *host = sw_at(e, "%s/host", base);
	const char *engine = sw_at(e, "%s/engine", base);

	if (sw_is_known(e, host) && sw_bool(e, host, true))
		return true;
	if (!sw_has(e, engine)) {
		sw_unknown(e, "the %s of its process was not compared with the engine's", ns->what);
		return false;
	}
	return sw_bool(e, engine, true);
}

static bool is_network_id(const char *mode)
{
	return strlen(mode) == 64 && strspn(mode, "0123456789abcdef") == 64;
}

/* A network may be asked for by its id, that of the host network too. */
static bool is_host_mode(struct sw_eval *e, const struct namespace *ns, const char *mode)
{
	if (strcmp(mode, "host") == 0)
		return true;
	return strcmp(ns->kernel, "net") == 0 && is_network_id(mode) &&
	       strcmp(mode, sw_str(e, "@engine/networks/host/Id", "")) == 0;
}

/* What a container that does not run would share: the mode, followed from container to container.
 */
static enum sw_verdict judge_mode(struct sw_eval *e, const struct namespace *ns, const char *mode)
{
	const char *by = "";

	for (int i = 0; i < CHAIN_MAX; i++) {
		const char *other;

		if (is_host_mode(e, ns, mode))
			return sw_fail(e, "shares the %s of the host%s", ns->what, by);
		if (begins_with(mode, "ns:"))
			return sw_unknown(e, "whose %s '%s' is cannot be told", ns->what, mode);
		if (!begins_with(mode, "container:"))
			return SW_PASS;
		mode += strlen("container:");
		other = sw_at(e, "@index/container/%s", sw_esc(e, mode));
		if (!sw_has(e, other))
			return sw_unknown(e, "shares the %s of container %s, which is not there",
					  ns->what, short_id(e, mode));
		by = sw_at(e, "%s by container %s", by, short_id(e, mode));
		mode = sw_str(e, sw_at(e, "%s/%s", other, ns->mode), "");
	}
	return sw_unknown(e, "shares a %s through more than %d containers", ns->what, CHAIN_MAX);
}

/*
 * A first process that may do so can leave what the others of its container stay in. Of a container
 * that is gone nothing is known: then the process is what there is to go by.
 */
static bool was_put_into_hosts(struct sw_eval *e, const struct namespace *ns, const char *mode)
{
	for (int i = 0; i < CHAIN_MAX && begins_with(mode, "container:"); i++) {
		const char *other =
			sw_at(e, "@index/container/%s", sw_esc(e, mode + strlen("container:")));

		if (!sw_has(e, other))
			return false;
		mode = sw_str(e, sw_at(e, "%s/%s", other, ns->mode), "");
	}
	return is_host_mode(e, ns, mode);
}

static enum sw_verdict namespace_is_own(struct sw_eval *e)
{
	const struct namespace *ns = sw_arg(e);
	const char *mode = sw_str(e, ns->mode, "");

	if (is_host_mode(e, ns, mode))
		return sw_fail(e, "shares the %s of the host", ns->what);
	if (!container_is_running(e))
		return judge_mode(e, ns, mode);
	if (!process_shares(e, ns))
		return was_put_into_hosts(e, ns, mode)
			       ? sw_fail(e,
					 "was put into the %s of the host by container %s, which "
					 "its first process alone has left",
					 ns->what, short_id(e, mode + strlen("container:")))
			       : SW_PASS;
	if (begins_with(mode, "container:"))
		return sw_fail(e, "shares the %s of the host by container %s", ns->what,
			       short_id(e, mode + strlen("container:")));
	return sw_fail(e, "its process is in the %s of the host", ns->what);
}

static const struct namespace user = { "HostConfig/UsernsMode", "user", "user namespace" };

/* With the engine itself in the host's user namespace there is nothing to leave: its own rule. */
static enum sw_verdict judge_without_remap(struct sw_eval *e, bool is_running)
{
	/* Docker gives none then: one that is another was made by the process itself. */
	if (engine_is_podman(e) && is_running && sw_is_known(e, "Kernel/Namespaces/user/host") &&
	    !sw_bool(e, "Kernel/Namespaces/user/host", true))
		return SW_PASS;
	if (sw_param_bool(e, "strict"))
		return sw_fail(e, "the engine does not remap users: root inside is root outside");
	if (engine_is_podman(e))
		return sw_skip(e, "Podman remaps no users but where --userns asks for it");
	return sw_skip(e, "the engine does not remap users: see daemon.userns-remap");
}

/* The host's user namespace maps every number to itself. */
static bool root_is_another_user(struct sw_eval *e)
{
	return sw_is_known(e, "Kernel/UidMap/0/1") && sw_int(e, "Kernel/UidMap/0/0", -1) == 0 &&
	       sw_int(e, "Kernel/UidMap/0/1", 0) > 0;
}

static enum sw_verdict user_namespace_is_own(struct sw_eval *e)
{
	bool is_running, is_rootless;

	if (strcmp(sw_str(e, user.mode, ""), "host") == 0)
		return sw_fail(e, "shares the user namespace of the host (--userns host)");
	is_running = container_is_running(e);
	is_rootless = engine_feature(e, "rootless") != NULL;
	if (!is_rootless && !engine_feature(e, "userns"))
		return judge_without_remap(e, is_running);
	if (is_running && is_rootless && !sw_is_known(e, "Kernel/Namespaces/user/host") &&
	    root_is_another_user(e))
		return SW_PASS;
	/* a rootless engine's containers are in its own user namespace, which is not the host's */
	if (is_running && (is_rootless ? sw_bool(e, "Kernel/Namespaces/user/host", true)
				       : process_shares(e, &user)))
		return sw_fail(e, "its process is in the user namespace of the host");
	return SW_PASS;
}

static const struct namespace net = { "HostConfig/NetworkMode", "net", "network namespace" };
static const struct namespace pid = { "HostConfig/PidMode", "pid", "pid namespace" };
static const struct namespace ipc = { "HostConfig/IpcMode", "ipc", "ipc namespace" };
static const struct namespace uts = { "HostConfig/UTSMode", "uts", "uts namespace" };

static const struct sw_param user_params[] = {
	{ "strict", SW_BOOL, "false", "fail where the engine remaps no users at all" },
	{ 0 },
};

const struct sw_check sw_container_namespaces_checks[] = {
	{
		.id = "container.net-namespace",
		.kind = SW_CONTAINER,
		.severity = SW_HIGH,
		.title = "Containers do not share the network namespace of the host",
		.why = "In the network of the host a container reaches services bound to localhost "
		       "and "
		       "abstract sockets of the host, and sees its traffic.",
		.wanted = "a network namespace of its own",
		.remedy = "docker run --network NAME -p 127.0.0.1:8080:80 ...\n"
			  "compose: replace \"network_mode: host\" by networks and ports",
		.fn = namespace_is_own,
		.arg = &net,
		.flags = SW_WHOLE | SW_SERVICES,
		.needs = SW_NEEDS_KERNEL,
	},
	{
		.id = "container.pid-namespace",
		.kind = SW_CONTAINER,
		.severity = SW_HIGH,
		.title = "Containers do not share the pid namespace of the host",
		.why = "A container that sees the processes of the host can read their "
		       "environment, "
		       "signal and, with little more, take them over.",
		.wanted = "a pid namespace of its own",
		.remedy = "Recreate it without --pid host\ncompose: remove \"pid: host\"",
		.fn = namespace_is_own,
		.arg = &pid,
		.flags = SW_WHOLE,
		.needs = SW_NEEDS_KERNEL,
	},
	{
		.id = "container.ipc-namespace",
		.kind = SW_CONTAINER,
		.severity = SW_MEDIUM,
		.title = "Containers do not share the ipc namespace of the host",
		.why = "Shared memory and queues of the host's programs are open to the container, "
		       "to "
		       "read and to change.",
		.wanted = "an ipc namespace of its own",
		.remedy = "docker run --ipc private ...\ncompose: replace \"ipc: host\" by \"ipc: "
			  "private\"",
		.fn = namespace_is_own,
		.arg = &ipc,
		.flags = SW_WHOLE,
		.needs = SW_NEEDS_KERNEL,
	},
	{
		.id = "container.uts-namespace",
		.kind = SW_CONTAINER,
		.severity = SW_LOW,
		.title = "Containers do not share the uts namespace of the host",
		.why = "A container in it can rename the host, which misleads logs and programs "
		       "that "
		       "trust the name.",
		.wanted = "a uts namespace of its own",
		.remedy = "Recreate it without --uts host\ncompose: remove \"uts: host\"",
		.fn = namespace_is_own,
		.arg = &uts,
		.flags = SW_WHOLE,
		.needs = SW_NEEDS_KERNEL,
	},
	{
		.id = "container.user-namespace",
		.kind = SW_CONTAINER,
		.severity = SW_MEDIUM,
		.title = "Containers do not opt out of the engine's user namespace",
		.why = "Without it root inside the container is root on the host as soon as it "
		       "breaks out.",
		.wanted = "no --userns host",
		.remedy =
			"Recreate it without --userns host\ncompose: remove \"userns_mode: host\"",
		.fn = user_namespace_is_own,
		.params = user_params,
		.needs = SW_NEEDS_KERNEL,
	},
	{ 0 },
};
