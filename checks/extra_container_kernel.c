/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extra_container_kernel.c: what containers may do to the kernel's own files, beyond the benchmark:
 * paths of /proc and /sys, cgroups, groups of the host, sysctls.
 */
#include "container.h"
#include "tables.h"

#include <fnmatch.h>
#include <stdlib.h>

static bool is_privileged(struct sw_eval *e)
{
	return sw_bool(e, "HostConfig/Privileged", false);
}

/* --- /proc and /sys -------------------------------------------------------------------------- */

static const char masked[] = "HostConfig/MaskedPaths", read_only[] = "HostConfig/ReadonlyPaths";

/* In the lists of every engine since 20.10 (moby daemon/pkg/oci/defaults.go). */
static const struct {
	const char *path;
	bool may_be_read;
} system_paths[] = {
	{ "/proc/bus", true },           { "/proc/fs", true },
	{ "/proc/irq", true },           { "/proc/sys", true },
	{ "/proc/sysrq-trigger", true }, { "/proc/acpi", false },
	{ "/proc/kcore", false },        { "/proc/keys", false },
	{ "/proc/sched_debug", false },  { "/proc/scsi", false },
	{ "/proc/timer_list", false },   { "/sys/firmware", false },
};

static bool is_covered(struct sw_eval *e, const char *list, const char *path)
{
	size_t n = engine_count(e, list);

	for (size_t i = 0; i < n; i++)
		if (sw_is_below(path, sw_str(e, sw_at(e, "%s/%zu", list, i), "?")))
			return true;
	return false;
}

static void judge_paths(struct sw_eval *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(system_paths); i++) {
		const char *path = system_paths[i].path;

		if (is_covered(e, masked, path))
			continue;
		if (!system_paths[i].may_be_read)
			sw_fail(e, "%s is not masked", path);
		else if (!is_covered(e, read_only, path))
			sw_fail(e, "%s is writable", path);
	}
}

/* null is a privileged container's, [] what systempaths=unconfined makes. */
static enum sw_verdict system_paths_are_covered(struct sw_eval *e)
{
	static const char *const lists[] = { masked, read_only };

	if (is_privileged(e))
		return sw_fail(e,
			       "started with --privileged: nothing of /proc and /sys is covered");
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		if (!sw_has(e, lists[i]))
			sw_unknown(e, "%s was not told", lists[i]);
		else if (engine_count(e, lists[i]) == 0)
			sw_fail(e, "%s is empty (systempaths=unconfined)", lists[i]);
	}
	if (sw_said(e) == SW_PASS)
		judge_paths(e);
	return sw_said(e);
}

/* --- cgroups --------------------------------------------------------------------------------- */

/* As Go's strconv.ParseBool; the bare option is on. */
static bool is_false(const char *value)
{
	static const char *const words[] = { "0", "f", "F", "false", "False", "FALSE" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(value, words[i]) == 0)
			return true;
	return false;
}

/* What is below the source comes along: /sys brings in the cgroups too. */
static void judge_cgroup_source(struct sw_eval *e, const struct source *s)
{
	static const char cgroups[] = "/sys/fs/cgroup";
	const char *real = s->is_writable ? source_resolved(e, s) : NULL;

	if (real && (sw_is_below(real, cgroups) || sw_is_below(cgroups, real)))
		sw_fail(e, "mounts %s writable", real);
}

static enum sw_verdict cgroups_are_read_only(struct sw_eval *e)
{
	const char *option = container_option(e, "writable-cgroups");
	size_t n = engine_count(e, "Mounts");

	if (is_privileged(e))
		return sw_fail(e, "started with --privileged: it can write to cgroups");
	if (option && !is_false(option))
		sw_fail(e, "its cgroups are writable (writable-cgroups)");
	for (size_t i = 0; i < n; i++) {
		struct source s;
		enum source_kind kind = source_of(e, i, &s);

		if (kind == SOURCE_PATH)
			judge_cgroup_source(e, &s);
		else if (kind == SOURCE_FOREIGN && s.is_writable && strstr(s.what, "(cgroup"))
			sw_fail(e, "%s", s.what);
	}
	return sw_said(e);
}

static enum sw_verdict shares_cgroup_namespace(struct sw_eval *e)
{
	if (strcmp(sw_str(e, "@engine/info/CgroupVersion", ""), "1") == 0)
		return sw_warn(e,
			       "is in the cgroup namespace of the host, the engine's default with "
			       "version 1 of cgroups");
	return sw_fail(e, "is in the cgroup namespace of the host");
}

/*
 * A container that was made before Docker 20.10 has no mode. Engines give one a namespace when it
 * is made (moby, adaptContainerSettings), newer ones no more when it is started: only its process
 * tells.
 */
static enum sw_verdict judge_cgroup_of_process(struct sw_eval *e)
{
	static const char is_host[] = "Kernel/Namespaces/cgroup/host";

	if (!container_is_running(e))
		return sw_unknown(e, "it names no mode and does not run: which cgroup namespace it "
				     "will be in is not told");
	if (!sw_has(e, is_host))
		return sw_unknown(e, "which cgroup namespace its process is in is not told");
	if (sw_bool(e, is_host, true))
		return shares_cgroup_namespace(e);
	return sw_pass(e, "its process is in one of its own");
}

static enum sw_verdict cgroup_namespace_is_own(struct sw_eval *e)
{
	const char *mode = sw_str(e, "HostConfig/CgroupnsMode", "");

	if (strcmp(mode, "private") == 0)
		return SW_PASS;
	if (!*mode)
		return judge_cgroup_of_process(e);
	if (strcmp(mode, "host") != 0)
		return sw_unknown(e, "its cgroup namespace mode is '%s'", mode);
	return shares_cgroup_namespace(e);
}

/* --- groups and sysctls ---------------------------------------------------------------------- */

/* Who is in one of these has the host, or its disks and passwords. */
static const char *const powerful_groups[] = {
	"root", "docker", "disk", "shadow", "kmem", "sudo", "wheel", "lxd",
};

/* The powerful group of the host with this number, or NULL. */
static const char *group_of_number(struct sw_eval *e, long number)
{
	for (size_t i = 0; i < ARRAY_SIZE(powerful_groups); i++) {
		const char *group = sw_at(e, "@host/groups/%s", powerful_groups[i]);

		if (sw_has(e, group) && sw_int(e, sw_at(e, "%s/gid", group), -1) == number)
			return powerful_groups[i];
	}
	return NULL;
}

/* Whatever its name: who is in it commands the engine. */
static bool is_group_of_socket(struct sw_eval *e, long number)
{
	static const char gid[] = "@engine/paths/socket-gid";

	return sw_has(e, gid) && sw_int(e, gid, -1) == number;
}

/* The engine looks a name up in the image, and takes a number as it is. */
static void judge_group(struct sw_eval *e, const char *group)
{
	char *end;
	long number = strtol(group, &end, 10);
	const char *name = NULL;

	if (end == group || *end) {
		for (size_t i = 0; i < ARRAY_SIZE(powerful_groups); i++)
			if (strcmp(group, powerful_groups[i]) == 0)
				sw_fail(e, "is given the group %s", group);
	} else if (number == 0) {
		sw_fail(e, "is given the group %s, which is root", group);
	} else if (!sw_bool(e, "@engine/endpoint/local", false)) {
		sw_unknown(e,
			   "the engine is on another host: what the group %s is there is not known",
			   group);
	} else if ((name = group_of_number(e, number))) {
		sw_fail(e, "is given the group %s, which is %s on the host", group, name);
	} else if (is_group_of_socket(e, number)) {
		sw_fail(e, "is given the group %s, which may use the engine's socket", group);
	}
}

static enum sw_verdict no_powerful_groups(struct sw_eval *e)
{
	size_t n = engine_count(e, "HostConfig/GroupAdd");

	for (size_t i = 0; i < n; i++)
		judge_group(e, sw_str(e, sw_at(e, "HostConfig/GroupAdd/%zu", i), ""));
	return sw_said(e);
}

/* kubernetes.io, "Using sysctls in a cluster": the safe set */
static const char *const safe_sysctls[] = {
	"kernel.shm_rmid_forced",
	"net.ipv4.ip_local_port_range",
	"net.ipv4.tcp_syncookies",
	"net.ipv4.ping_group_range",
	"net.ipv4.ip_unprivileged_port_start",
	"net.ipv4.ip_local_reserved_ports",
	"net.ipv4.tcp_keepalive_*",
	"net.ipv4.tcp_fin_timeout",
	"net.ipv4.tcp_rmem",
	"net.ipv4.tcp_wmem",
	"net.core.somaxconn",
	"net.ipv6.conf.*.disable_ipv6",
	"net.ipv6.conf.*.disable_policy",
};

static bool is_safe_sysctl(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(safe_sysctls); i++)
		if (fnmatch(safe_sysctls[i], name, 0) == 0)
			return true;
	return false;
}

static enum sw_verdict sysctls_are_safe(struct sw_eval *e)
{
	size_t n = engine_count(e, "HostConfig/Sysctls");

	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, "HostConfig/Sysctls", i);

		if (!is_safe_sysctl(name) && !sw_param_lists(e, "allowed_sysctls", name))
			sw_warn(e, "sets %s=%s", name,
				sw_str(e, sw_at(e, "HostConfig/Sysctls/%s", sw_esc(e, name)), ""));
	}
	return sw_said(e);
}

static const struct sw_param sysctl_params[] = {
	{ "allowed_sysctls", SW_LIST, NULL, "sysctls that were reviewed" },
	{ 0 },
};

const struct sw_check sw_extra_container_kernel_checks[] = {
	{
		.id = "container.system-paths",
		.kind = SW_CONTAINER,
		.severity = SW_HIGH,
		.title = "Containers have the dangerous parts of /proc and /sys covered",
		.why = "/proc/sys/kernel/core_pattern, /proc/sysrq-trigger and /sys/firmware are "
		       "of "
		       "the host: writing the first runs a program outside the container.",
		.wanted = "MaskedPaths and ReadonlyPaths not empty",
		.remedy = "Recreate it without --privileged and --security-opt "
			  "systempaths=unconfined",
		.fn = system_paths_are_covered,
	},
	{
		.id = "container.cgroup-write",
		.kind = SW_CONTAINER,
		.severity = SW_HIGH,
		.title = "Containers cannot write to cgroups",
		.why = "By a release_agent of version 1 that is a way out, and with either version "
		       "a "
		       "container lifts its own limits.",
		.wanted = "read-only",
		.remedy = "Recreate it without --security-opt writable-cgroups=true and without "
			  "-v /sys/fs/cgroup:...",
		.fn = cgroups_are_read_only,
		.needs = SW_NEEDS_SOURCES | SW_NEEDS_VOLUMES,
	},
	{
		.id = "container.cgroup-namespace",
		.kind = SW_CONTAINER,
		.severity = SW_LOW,
		.title = "Containers have a cgroup namespace of their own",
		.why = "In that of the host they see its tree of cgroups and the ids of other "
		       "containers.",
		.wanted = "private",
		.remedy = "docker run --cgroupns private ...\ncompose: cgroup: private",
		.fn = cgroup_namespace_is_own,
		.needs = SW_NEEDS_KERNEL,
	},
	{
		.id = "container.groups",
		.kind = SW_CONTAINER,
		.severity = SW_MEDIUM,
		.title = "Containers are not given powerful groups",
		.why = "The groups root, docker and disk open files and sockets that were mounted "
		       "in "
		       "the belief that an ordinary user cannot.",
		.wanted = "no --group-add of root, docker, disk, shadow, kmem, sudo, wheel",
		.remedy = "Recreate it without --group-add GROUP\ncompose: group_add",
		.fn = no_powerful_groups,
	},
	{
		.id = "container.sysctls",
		.kind = SW_CONTAINER,
		.severity = SW_LOW,
		.title = "Containers set safe kernel parameters only",
		.why = "Others turn routing, redirects or source checks on inside the container, "
		       "or "
		       "use up memory of the kernel.",
		.wanted = "the set that Kubernetes calls safe, or allowed_sysctls",
		.remedy = "Recreate it without --sysctl NAME\nOr declare: --set "
			  "allowed_sysctls=NAME,...",
		.fn = sysctls_are_safe,
		.params = sysctl_params,
	},
	{ 0 },
};
