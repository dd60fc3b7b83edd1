/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extra_container.c: rights of containers that lead out of them, beyond the benchmark:
 * capabilities, devices and mounts in tiers, paths of /proc and /sys, cgroups, groups, sysctls.
 *
 * The first tier takes the host over by itself and fails; the second needs one thing more, or is a
 * strong hint, and a person must look.
 */
#include "container.h"
#include "tables.h"

#include <fnmatch.h>

static bool is_one_of(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(s, list[i]) == 0)
			return true;
	return false;
}

static bool matches_any(const char *s, const char *const *patterns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (fnmatch(patterns[i], s, 0) == 0)
			return true;
	return false;
}

static bool is_privileged(struct sw_eval *e)
{
	return sw_bool(e, "HostConfig/Privileged", false);
}

/* --- capabilities (capabilities(7)) --------------------------------------------------------- */

/* Load code into the kernel, mount, read any file or memory, open raw devices. */
static const char *const grave_capabilities[] = {
	"ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_RAWIO", "DAC_READ_SEARCH", "BPF", "MAC_ADMIN",
};
static const char *const strong_capabilities[] = {
	"SYS_PTRACE",   "NET_ADMIN",          "PERFMON",       "SYS_BOOT", "SYSLOG", "SYS_TIME",
	"MAC_OVERRIDE", "CHECKPOINT_RESTORE", "AUDIT_CONTROL",
};

static bool names_capability(const char *name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (sw_same_capability(name, list[i]))
			return true;
	return false;
}

static void judge_capability(struct sw_eval *e, const char *name)
{
	bool has_host_pids = strcmp(sw_str(e, "HostConfig/PidMode", ""), "host") == 0;

	if (names_capability(name, grave_capabilities, ARRAY_SIZE(grave_capabilities)))
		sw_fail(e, "has %s", name);
	else if (sw_same_capability(name, "SYS_PTRACE") && has_host_pids)
		sw_fail(e, "has %s and sees the processes of the host", name);
	else if (sw_same_capability(name, "MKNOD") &&
		 engine_count(e, "HostConfig/DeviceCgroupRules") > 0)
		sw_warn(e, "has %s and rules for devices", name);
	else if (names_capability(name, strong_capabilities, ARRAY_SIZE(strong_capabilities)))
		sw_warn(e, "has %s", name);
	else if (sw_capability_bit(name) < 0)
		sw_warn(e, "has '%s', a capability that is not known here", name);
}

static enum sw_verdict no_escape_capabilities(struct sw_eval *e)
{
	size_t n = engine_count(e, "HostConfig/CapAdd");

	if (is_privileged(e))
		return sw_fail(e, "started with --privileged: it has every capability");
	for (size_t i = 0; i < n; i++)
		judge_capability(e, sw_str(e, sw_at(e, "HostConfig/CapAdd/%zu", i), ""));
	return sw_said(e);
}

/* --- devices -------------------------------------------------------------------------------- */

/* Disks, memory and the kernel's own. */
static const char *const grave_devices[] = {
	"/dev",           "/dev/sd*",     "/dev/hd*",  "/dev/vd*",   "/dev/xvd*",   "/dev/nvme*",
	"/dev/dm-*",      "/dev/mapper*", "/dev/md*",  "/dev/disk*", "/dev/block*", "/dev/mmcblk*",
	"/dev/mem",       "/dev/kmem",    "/dev/port", "/dev/cpu*",  "/dev/nbd*",   "/dev/rbd*",
	"/dev/mtdblock*", "/dev/bsg*",    "/dev/sg*",  "/dev/kcore", "/dev/sr*",
};
static const char *const strong_devices[] = {
	"/dev/loop*",     "/dev/fuse",   "/dev/kmsg",     "/dev/kvm",
	"/dev/net/tun",   "/dev/vfio*",  "/dev/uinput",   "/dev/input*",
	"/dev/tty[0-9]*", "/dev/vhost*", "/dev/bus/usb*",
};

static void judge_device(struct sw_eval *e, const char *path, const char *how)
{
	if (sw_param_lists(e, "allowed_devices", path))
		return;
	if (matches_any(path, grave_devices, ARRAY_SIZE(grave_devices)))
		sw_fail(e, "%s %s", how, path);
	else if (matches_any(path, strong_devices, ARRAY_SIZE(strong_devices)))
		sw_warn(e, "%s %s", how, path);
}

/* "b 8:* rwm": type, numbers, access; see moby's deviceCgroupRuleRegex */
static void judge_device_rule(struct sw_eval *e, const char *rule)
{
	const char *numbers = rule + strspn(rule, "abc ");

	if (sw_param_lists(e, "allowed_devices", rule))
		return;
	if (*rule == 'a' || *rule == 'b' || begins_with(numbers, "*:") ||
	    begins_with(numbers, "1:1 ") || begins_with(numbers, "1:*"))
		sw_fail(e, "may use devices by the rule '%s'", rule);
	else if (!fnmatch("c [0-9]*:* *", rule, 0))
		sw_warn(e, "may use devices by the rule '%s'", rule);
	else
		sw_unknown(e, "the device rule '%s' is not understood", rule);
}

static enum sw_verdict no_escape_devices(struct sw_eval *e)
{
	size_t n = engine_count(e, "HostConfig/Devices");

	if (is_privileged(e))
		return sw_fail(e, "started with --privileged: it has every device");
	for (size_t i = 0; i < n; i++)
		judge_device(e, sw_str(e, sw_at(e, "HostConfig/Devices/%zu/PathOnHost", i), ""),
			     "has the device");
	n = engine_count(e, "HostConfig/DeviceCgroupRules");
	for (size_t i = 0; i < n; i++)
		judge_device_rule(e,
				  sw_str(e, sw_at(e, "HostConfig/DeviceCgroupRules/%zu", i), ""));
	return sw_said(e);
}

/* --- mounts --------------------------------------------------------------------------------- */

/* Written to, any of these makes the host run what the container wants. */
static const char *const grave_mounts[] = {
	"/",
	"/bin",
	"/boot",
	"/dev",
	"/etc",
	"/lib",
	"/lib64",
	"/proc",
	"/root",
	"/sbin",
	"/sys",
	"/usr",
	"/run/systemd",
	"/var/spool/cron",
	"/var/lib/docker",
	"/var/lib/containerd",
	"/var/lib/kubelet",
};
/* Not what is below these, though it is below one of those above. */
static const char *const harmless_below[] = {
	"/etc/localtime", "/etc/timezone", "/etc/resolv.conf", "/usr/share/zoneinfo",
	"/dev/log",       "/dev/null",     "/dev/zero",        "/dev/urandom",
	"/dev/random",    "/dev/shm",      "/dev/dri",         "/dev/snd",
};

static bool is_grave_place(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(harmless_below); i++)
		if (sw_is_below(path, harmless_below[i]))
			return false;
	/* volumes of the engine are named by their folder below it */
	if (fnmatch("/var/lib/docker/volumes/*/_data*", path, 0) == 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(grave_mounts); i++) {
		const char *grave = grave_mounts[i];

		if (strcmp(path, grave) == 0 || (grave[1] && sw_is_below(path, grave)) ||
		    (path[1] && sw_is_below(grave, path)))
			return true;
	}
	return false;
}

static void judge_source(struct sw_eval *e, const struct source *s)
{
	const char *real;

	if (!s->is_writable)
		return;
	real = source_resolved(e, s);
	if (!real || sw_param_lists(e, "trusted_mounts", real))
		return;
	if (is_grave_place(real))
		sw_fail(e, "may write to %s of the host, at %s", real, s->inside);
}

static enum sw_verdict no_escape_mounts(struct sw_eval *e)
{
	size_t n = engine_count(e, "Mounts");

	for (size_t i = 0; i < n; i++) {
		struct source s;
		enum source_kind kind = source_of(e, i, &s);

		if (kind == SOURCE_PATH)
			judge_source(e, &s);
		else if (kind == SOURCE_FOREIGN && s.is_writable &&
			 !sw_param_lists(e, "trusted_mounts", s.inside))
			sw_warn(e, "%s: see that it is no disk of this host", s.what);
	}
	return sw_said(e);
}

/* --- /proc, /sys, cgroups ------------------------------------------------------------------- */

/* null is a privileged container's, [] what systempaths=unconfined makes. */
static enum sw_verdict system_paths_are_covered(struct sw_eval *e)
{
	static const char *const lists[] = { "HostConfig/MaskedPaths", "HostConfig/ReadonlyPaths" };

	if (is_privileged(e))
		return sw_fail(e,
			       "started with --privileged: nothing of /proc and /sys is covered");
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		if (!sw_has(e, lists[i]))
			sw_unknown(e, "%s was not told", lists[i]);
		else if (engine_count(e, lists[i]) == 0)
			sw_fail(e, "%s is empty (systempaths=unconfined)", lists[i]);
	}
	return sw_said(e);
}

static enum sw_verdict cgroups_are_read_only(struct sw_eval *e)
{
	const char *option = container_option(e, "writable-cgroups");
	size_t n = engine_count(e, "Mounts");

	if (is_privileged(e))
		return sw_fail(e, "started with --privileged: it can write to cgroups");
	if (option && strcmp(option, "false") != 0 && strcmp(option, "0") != 0)
		sw_fail(e, "its cgroups are writable (writable-cgroups)");
	for (size_t i = 0; i < n; i++) {
		const char *source = sw_str(e, sw_at(e, "Mounts/%zu/Source", i), "");

		if (*source == '/' && sw_is_below(source, "/sys/fs/cgroup") &&
		    sw_bool(e, sw_at(e, "Mounts/%zu/RW", i), true))
			sw_fail(e, "mounts %s writable", source);
	}
	return sw_said(e);
}

static enum sw_verdict cgroup_namespace_is_own(struct sw_eval *e)
{
	const char *mode = sw_str(e, "HostConfig/CgroupnsMode", "");

	if (strcmp(mode, "private") == 0)
		return SW_PASS;
	if (*mode && strcmp(mode, "host") != 0)
		return sw_unknown(e, "its cgroup namespace mode is '%s'", mode);
	if (!*mode && engine_feature(e, "cgroupns"))
		return sw_pass(e, "by the default of the engine");
	if (strcmp(sw_str(e, "@engine/info/CgroupVersion", ""), "1") == 0)
		return sw_warn(e,
			       "is in the cgroup namespace of the host, the engine's default with "
			       "version 1 of cgroups");
	return sw_fail(e, "is in the cgroup namespace of the host");
}

/* --- groups and sysctls --------------------------------------------------------------------- */

static enum sw_verdict no_powerful_groups(struct sw_eval *e)
{
	static const char *const names[] = { "0",      "root", "docker", "disk",
					     "shadow", "kmem", "sudo",   "wheel" };
	static const char gid[] = "@host/groups/docker/gid";
	size_t n = engine_count(e, "HostConfig/GroupAdd");
	int64_t docker;

	if (n == 0)
		return SW_PASS;
	docker = sw_is_known(e, gid) ? sw_int(e, gid, -1) : -1;
	for (size_t i = 0; i < n; i++) {
		const char *group = sw_str(e, sw_at(e, "HostConfig/GroupAdd/%zu", i), "");

		if (is_one_of(group, names, ARRAY_SIZE(names)) ||
		    (docker > 0 && strcmp(group, sw_at(e, "%lld", (long long)docker)) == 0))
			sw_fail(e, "is given the group %s", group);
	}
	if (docker < 0)
		sw_unknown(e, "the number of the group docker is not known here");
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

static enum sw_verdict sysctls_are_safe(struct sw_eval *e)
{
	size_t n = engine_count(e, "HostConfig/Sysctls");

	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, "HostConfig/Sysctls", i);

		if (!matches_any(name, safe_sysctls, ARRAY_SIZE(safe_sysctls)) &&
		    !sw_param_lists(e, "allowed_sysctls", name))
			sw_warn(e, "sets %s=%s", name,
				sw_str(e, sw_at(e, "HostConfig/Sysctls/%s", sw_esc(e, name)), ""));
	}
	return sw_said(e);
}

static const struct sw_param device_params[] = {
	{ "allowed_devices", SW_LIST, NULL, "devices and rules for devices that were reviewed" },
	{ 0 },
};
static const struct sw_param mount_params[] = {
	{ "trusted_mounts", SW_LIST, NULL, "paths of the host that may be mounted writable" },
	{ 0 },
};
static const struct sw_param sysctl_params[] = {
	{ "allowed_sysctls", SW_LIST, NULL, "sysctls that were reviewed" },
	{ 0 },
};

const struct sw_check sw_extra_container_checks[] = {
	{
		.id = "container.escape-capabilities",
		.kind = SW_CONTAINER,
		.severity = SW_CRITICAL,
		.title = "Containers have no capability that leads to the host",
		.why = "With SYS_ADMIN, SYS_MODULE, DAC_READ_SEARCH and their kind well-known ways "
		       "out of a container are a few lines long.",
		.wanted = "none of the grave ones; the strong ones are for a person to see",
		.remedy = "docker run --cap-drop ALL --cap-add only what is needed\n"
			  "compose: cap_drop: [ALL], cap_add: [...]; no privileged: true",
		.fn = no_escape_capabilities,
		.flags = SW_SERVICES,
	},
	{
		.id = "container.escape-devices",
		.kind = SW_CONTAINER,
		.severity = SW_CRITICAL,
		.title = "Containers have no device that leads to the host",
		.why = "Who can write to a disk or to the memory of the host owns it, whatever "
		       "namespaces say.",
		.wanted = "no disks, memory or rules for all devices",
		.remedy = "Recreate it without --device and --device-cgroup-rule of disks and "
			  "memory\n"
			  "Or declare: --set allowed_devices=PATH,...",
		.fn = no_escape_devices,
		.params = device_params,
	},
	{
		.id = "container.escape-mounts",
		.kind = SW_CONTAINER,
		.severity = SW_CRITICAL,
		.title = "Containers cannot write where the host runs programs from",
		.why = "A line in cron, a unit file or a program in /usr of the host is code that "
		       "root runs outside the container.",
		.wanted = "system directories of the host read-only or not at all",
		.remedy = "docker run -v PATH:PATH:ro, or better a folder made for this container\n"
			  "Or declare: --set trusted_mounts=PATH,...",
		.fn = no_escape_mounts,
		.params = mount_params,
		.needs = SW_NEEDS_SOURCES | SW_NEEDS_VOLUMES,
	},
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
