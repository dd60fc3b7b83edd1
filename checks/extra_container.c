/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extra_container.c: rights of containers that lead out of them, beyond the benchmark:
 * capabilities, devices and mounts in tiers.
 *
 * The first tier takes the host over by itself and fails; the second needs one thing more, or is a
 * strong hint, and a person must look.
 */
#include "container.h"
#include "tables.h"

#include <fnmatch.h>

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
	"/dev",        "/dev/sd*",     "/dev/hd*",      "/dev/vd*",       "/dev/xvd*",
	"/dev/nvme*",  "/dev/dm-*",    "/dev/mapper*",  "/dev/md*",       "/dev/disk*",
	"/dev/block*", "/dev/mmcblk*", "/dev/mem",      "/dev/kmem",      "/dev/port",
	"/dev/cpu*",   "/dev/nbd*",    "/dev/rbd*",     "/dev/mtdblock*", "/dev/bsg*",
	"/dev/sg*",    "/dev/kcore",   "/dev/sr*",      "/dev/drbd*",     "/dev/bcache*",
	"/dev/zd*",    "/dev/zvol*",   "/dev/pmem*",    "/dev/dasd*",     "/dev/ublkb*",
	"/dev/zram*",  "/dev/root",    "/dev/snapshot", "/dev/crash",     "/dev/mtd*",
};
static const char *const strong_devices[] = {
	"/dev/loop*",     "/dev/fuse",   "/dev/kmsg",     "/dev/kvm",
	"/dev/net/tun",   "/dev/vfio*",  "/dev/uinput",   "/dev/input*",
	"/dev/tty[0-9]*", "/dev/vhost*", "/dev/bus/usb*",
};

/* What a device of another name is, a link or a driver's, is for a person to see. */
static const char *const harmless_devices[] = {
	"/dev/dri*",        "/dev/snd*",    "/dev/nvidia*", "/dev/kfd",     "/dev/accel*",
	"/dev/apex*",       "/dev/video*",  "/dev/media*",  "/dev/dvb*",    "/dev/cec*",
	"/dev/lirc*",       "/dev/ttyUSB*", "/dev/ttyACM*", "/dev/ttyAMA*", "/dev/ttyS*",
	"/dev/serial*",     "/dev/rtc*",    "/dev/i2c*",    "/dev/spidev*", "/dev/gpio*",
	"/dev/infiniband*", "/dev/hwrng",   "/dev/null",    "/dev/zero",    "/dev/full",
	"/dev/random",      "/dev/urandom", "/dev/tty",     "/dev/ptmx",
};
/* Names of the device specifications that the makers of accelerators ship. */
static const char *const harmless_specifications[] = {
	"nvidia.com/gpu=*",
	"amd.com/gpu=*",
	"intel.com/gpu=*",
	"runtime.nvidia.com/gpu=*",
};

/* Has it a step that leads elsewhere than it seems? */
static bool is_crooked(const char *path)
{
	return strstr(path, "/.") || strstr(path, "//");
}

static void judge_device(struct sw_eval *e, const char *path, const char *how)
{
	if (sw_param_lists(e, "allowed_devices", path))
		return;
	if (matches_any(path, grave_devices, ARRAY_SIZE(grave_devices)))
		sw_fail(e, "%s %s", how, path);
	else if (matches_any(path, strong_devices, ARRAY_SIZE(strong_devices)))
		sw_warn(e, "%s %s", how, path);
	else if (is_crooked(path) ||
		 !matches_any(path, harmless_devices, ARRAY_SIZE(harmless_devices)))
		sw_warn(e, "%s %s, which is none of those known here: see what it is", how, path);
}

/* --device VENDOR/CLASS=NAME: a file of the host says what that adds. */
static void judge_device_request(struct sw_eval *e, const char *request)
{
	const char *ids = sw_at(e, "%s/DeviceIDs", request);
	size_t n;

	if (strcmp(sw_str(e, sw_at(e, "%s/Driver", request), ""), "cdi") != 0)
		return;
	n = engine_count(e, ids);
	for (size_t i = 0; i < n; i++) {
		const char *id = sw_str(e, sw_at(e, "%s/%zu", ids, i), "");

		if (!sw_param_lists(e, "allowed_devices", id) &&
		    !matches_any(id, harmless_specifications, ARRAY_SIZE(harmless_specifications)))
			sw_warn(e, "is given %s: see what its device specification adds", id);
	}
}

/* /dev/mem, kmem and port, or all of them (kernel.org, admin-guide/devices.txt) */
static bool names_memory(const char *numbers)
{
	return begins_with(numbers, "1:1 ") || begins_with(numbers, "1:2 ") ||
	       begins_with(numbers, "1:4 ") || begins_with(numbers, "1:*");
}

/* "b 8:* rwm": type, numbers, access; see moby's deviceCgroupRuleRegex */
static void judge_device_rule(struct sw_eval *e, const char *rule)
{
	const char *numbers = rule + strspn(rule, "abc ");

	if (sw_param_lists(e, "allowed_devices", rule))
		return;
	if (*rule == 'a' || *rule == 'b' || begins_with(numbers, "*:") || names_memory(numbers))
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
	n = engine_count(e, "HostConfig/DeviceRequests");
	for (size_t i = 0; i < n; i++)
		judge_device_request(e, sw_at(e, "HostConfig/DeviceRequests/%zu", i));
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
/*
 * Not what is below these, though it is below one of those above. Links are resolved before: with
 * systemd /dev/log and /etc/resolv.conf lead below /run/systemd.
 */
static const char *const harmless_below[] = {
	"/etc/localtime",
	"/etc/timezone",
	"/etc/resolv.conf",
	"/etc/machine-id",
	"/etc/hostname",
	"/usr/share/zoneinfo",
	"/run/systemd/resolve",
	"/run/systemd/journal/dev-log",
	"/run/systemd/journal/socket",
	"/run/systemd/journal/stdout",
};

/* Is it place, below or above it? */
static bool touches(const char *path, const char *place)
{
	return strcmp(path, place) == 0 || (place[1] && sw_is_below(path, place)) ||
	       (path[1] && sw_is_below(place, path));
}

/* A node below /dev opens nothing by itself; terminals may be opened by every container. */
static bool is_grave_device_path(const char *path)
{
	return sw_is_below(path, "/dev/pts") ||
	       matches_any(path, grave_devices, ARRAY_SIZE(grave_devices));
}

static bool is_grave_place(struct sw_eval *e, const char *path)
{
	const char *root = sw_str(e, "@engine/info/DockerRootDir", "");

	if (sw_is_below(path, "/dev"))
		return is_grave_device_path(path);
	for (size_t i = 0; i < ARRAY_SIZE(harmless_below); i++)
		if (sw_is_below(path, harmless_below[i]))
			return false;
	/* volumes of the engine are named by their folder below it */
	if (fnmatch("/var/lib/docker/volumes/*/_data*", path, 0) == 0 ||
	    fnmatch(sw_at(e, "%s/volumes/*/_data*", root), path, 0) == 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(grave_mounts); i++)
		if (touches(path, grave_mounts[i]))
			return true;
	return *root == '/' && touches(path, root);
}

static bool is_related(const char *alias, const char *path)
{
	return sw_is_below(path, alias) || sw_is_below(alias, path);
}

/* The same folder of the host mounted elsewhere too, as / at /srv/host, or on that of a volume. */
static void judge_alias(struct sw_eval *e, const struct source *s, const char *path)
{
	const char *folder = source_alias_of(e, "folders", path, is_related);

	if (folder && is_grave_place(e, folder))
		sw_fail(e, "may write to %s, where %s of the host is to be found too, at %s", path,
			folder, s->inside);
}

static void judge_source(struct sw_eval *e, const struct source *s)
{
	const char *real;

	if (!s->is_writable)
		return;
	real = source_resolved(e, s);
	if (!real || sw_param_lists(e, "trusted_mounts", real))
		return;
	if (is_grave_place(e, real))
		sw_fail(e, "may write to %s of the host, at %s", real, s->inside);
	else
		judge_alias(e, s, real);
}

static void judge_volume(struct sw_eval *e, const struct source *s, size_t i)
{
	const char *folder = sw_str(e, sw_at(e, "Mounts/%zu/Source", i), "");
	const char *type = sw_str(e, sw_at(e, "Mounts/%zu/Type", i), "");

	if (s->is_writable && *folder == '/' && strcmp(type, "volume") == 0 &&
	    !sw_param_lists(e, "trusted_mounts", s->inside))
		judge_alias(e, s, folder);
}

static enum sw_verdict no_escape_mounts(struct sw_eval *e)
{
	size_t n = engine_count(e, "Mounts");

	for (size_t i = 0; i < n; i++) {
		struct source s;
		enum source_kind kind = source_of(e, i, &s);

		if (kind == SOURCE_PATH)
			judge_source(e, &s);
		else if (kind == SOURCE_NONE)
			judge_volume(e, &s, i);
		else if (kind == SOURCE_FOREIGN && s.is_writable &&
			 !sw_param_lists(e, "trusted_mounts", s.inside))
			sw_warn(e, "%s: see that it is no disk of this host", s.what);
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
	{ 0 },
};
