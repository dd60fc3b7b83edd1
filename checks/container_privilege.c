/* SPDX-License-Identifier: Apache-2.0 */
/* container_privilege.c: rights beyond an ordinary process: privileged, capabilities, devices. */
#include "clock.h"
#include "container.h"
#include "tables.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* linux/capability.h: the position is the bit */
static const char *const capabilities[] = {
	"CHOWN",
	"DAC_OVERRIDE",
	"DAC_READ_SEARCH",
	"FOWNER",
	"FSETID",
	"KILL",
	"SETGID",
	"SETUID",
	"SETPCAP",
	"LINUX_IMMUTABLE",
	"NET_BIND_SERVICE",
	"NET_BROADCAST",
	"NET_ADMIN",
	"NET_RAW",
	"IPC_LOCK",
	"IPC_OWNER",
	"SYS_MODULE",
	"SYS_RAWIO",
	"SYS_CHROOT",
	"SYS_PTRACE",
	"SYS_PACCT",
	"SYS_ADMIN",
	"SYS_BOOT",
	"SYS_NICE",
	"SYS_RESOURCE",
	"SYS_TIME",
	"SYS_TTY_CONFIG",
	"MKNOD",
	"LEASE",
	"AUDIT_WRITE",
	"AUDIT_CONTROL",
	"SETFCAP",
	"MAC_OVERRIDE",
	"MAC_ADMIN",
	"SYSLOG",
	"WAKE_ALARM",
	"BLOCK_SUSPEND",
	"AUDIT_READ",
	"PERFMON",
	"BPF",
	"CHECKPOINT_RESTORE",
};

#define BIT(n)   (UINT64_C(1) << (n))
#define ALL_CAPS (BIT(ARRAY_SIZE(capabilities)) - 1)
#define NET_RAW  BIT(13)
/* moby oci/caps: what a container gets when nothing is asked for */
#define DEFAULT_CAPS UINT64_C(0xa80425fb)

static enum sw_verdict not_privileged(struct sw_eval *e)
{
	if (sw_bool(e, "HostConfig/Privileged", false))
		return sw_fail(e, "started with --privileged");
	return SW_PASS;
}

/* 0 for a name that no kernel we know has */
static uint64_t capability_bit(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(capabilities); i++) {
		if (sw_same_capability(name, capabilities[i]))
			return BIT(i);
	}
	return 0;
}

/* The operator may write SYS_NICE, CAP_SYS_NICE or either in lower case. */
static bool is_allowed(struct sw_eval *e, const char *name)
{
	char lower[64];

	if (!sw_param_is_set(e, "allowed_capabilities"))
		return false;
	const char *full = sw_at(e, "CAP_%s", name);
	size_t n = strlen(full);
	if (sw_param_lists(e, "allowed_capabilities", name) ||
	    sw_param_lists(e, "allowed_capabilities", full))
		return true;
	if (n >= sizeof(lower))
		return false;
	for (size_t i = 0; i <= n; i++)
		lower[i] = (char)tolower((unsigned char)full[i]);
	return sw_param_lists(e, "allowed_capabilities", lower) ||
	       sw_param_lists(e, "allowed_capabilities", lower + 4);
}

static uint64_t allowed_capabilities(struct sw_eval *e)
{
	uint64_t allowed = 0;

	/* Forty names in four spellings each are not worth asking for. */
	if (!sw_param_is_set(e, "allowed_capabilities"))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(capabilities); i++) {
		if (is_allowed(e, capabilities[i]))
			allowed |= BIT(i);
	}
	return allowed;
}

struct cap_list {
	uint64_t named; /* one by one */
	bool has_all;
};

/* As written by the client: any case, with or without prefix. Names of no known capability are
 * judged by on_unknown. */
static struct cap_list cap_list(struct sw_eval *e, const char *path, bool is_added)
{
	struct cap_list list = { 0 };
	size_t n = engine_count(e, path);

	for (size_t i = 0; i < n; i++) {
		const char *name = sw_str(e, sw_at(e, "%s/%zu", path, i), "");
		uint64_t bit = capability_bit(name);

		list.named |= bit;
		if (sw_same_capability(name, "ALL"))
			list.has_all = true;
		else if (!bit && is_added && !is_allowed(e, name))
			sw_fail(e, "adds the capability '%s'", name);
	}
	return list;
}

/* What the engine makes of CapAdd and CapDrop: add beats drop of the same name. */
static uint64_t granted(struct cap_list add, struct cap_list drop)
{
	uint64_t set = drop.has_all ? 0 : DEFAULT_CAPS & ~drop.named;

	if (add.has_all)
		set = ALL_CAPS & ~drop.named;
	return set | add.named;
}

static const char *names_of(struct sw_eval *e, uint64_t set)
{
	const char *names = "";

	if ((set & ALL_CAPS & ~DEFAULT_CAPS) == (ALL_CAPS & ~DEFAULT_CAPS))
		return "every capability (ALL)";
	for (unsigned i = 0; i < 64; i++) {
		if (set & BIT(i))
			names = listed(e, names,
				       i < ARRAY_SIZE(capabilities) ? capabilities[i]
								    : sw_at(e, "capability %u", i));
	}
	return names;
}

static uint64_t kernel_set(struct sw_eval *e, const char *path)
{
	const char *text = sw_str(e, path, "");
	size_t n = strlen(text);

	if (n == 0 || n > 16 || strspn(text, "0123456789abcdefABCDEF") != n) {
		sw_unknown(e, "%s is no set of capabilities: '%s'", path, text);
		return 0;
	}
	return strtoull(text, NULL, 16);
}

static enum sw_verdict net_raw_kept(struct sw_eval *e)
{
	static const char text[] = "keeps NET_RAW: it can forge packets on its networks";

	return sw_param_bool(e, "strict") ? sw_fail(e, "%s", text) : sw_warn(e, "%s", text);
}

static enum sw_verdict capabilities_are_restricted(struct sw_eval *e)
{
	uint64_t allowed = allowed_capabilities(e);
	struct cap_list add, drop;
	uint64_t set, held = 0;

	if (sw_bool(e, "HostConfig/Privileged", false))
		return sw_fail(e, "started with --privileged: it holds every capability");
	add = cap_list(e, "HostConfig/CapAdd", true);
	drop = cap_list(e, "HostConfig/CapDrop", false);
	set = granted(add, drop);
	if (set & ~(DEFAULT_CAPS | allowed))
		sw_fail(e, "adds %s", names_of(e, set & ~(DEFAULT_CAPS | allowed)));
	if (sw_param_bool(e, "strict") && !drop.has_all)
		sw_fail(e, "does not drop ALL");
	if (container_is_running(e))
		held = kernel_set(e, "Kernel/Status/CapBnd") |
		       kernel_set(e, "Kernel/Status/CapEff");
	if (held & ~(set | allowed))
		sw_fail(e, "its process may hold %s, which its settings do not give",
			names_of(e, held & ~(set | allowed)));
	if ((set | held) & NET_RAW & ~allowed)
		net_raw_kept(e);
	return sw_said(e);
}

static void judge_devices(struct sw_eval *e)
{
	size_t n = engine_count(e, "HostConfig/Devices");

	for (size_t i = 0; i < n; i++) {
		const char *path = sw_at(e, "HostConfig/Devices/%zu/PathOnHost", i);
		const char *device = sw_str(e, path, "?");

		if (!sw_param_lists(e, "allowed_devices", device))
			sw_fail(e, "has the device %s", device);
	}
}

/* A request without ids is for a number of devices, or all of them. */
static void judge_request(struct sw_eval *e, const char *request)
{
	const char *driver = sw_str(e, sw_at(e, "%s/Driver", request), "");
	const char *ids = sw_at(e, "%s/DeviceIDs", request);
	size_t n = engine_count(e, ids);

	if (!*driver)
		driver = "gpu";
	if (n == 0 && !sw_param_lists(e, "allowed_devices", driver))
		sw_fail(e, "has devices of the driver '%s' (--gpus)", driver);
	for (size_t i = 0; i < n; i++) {
		const char *id = sw_str(e, sw_at(e, "%s/%zu", ids, i), "?");

		if (!sw_param_lists(e, "allowed_devices", id))
			sw_fail(e, "has the device '%s' (driver '%s')", id, driver);
	}
}

/* The device cgroup still bars most nodes of a /dev brought in by a mount, so a person must look.
 */
static void note_mounted_devices(struct sw_eval *e)
{
	size_t n = engine_count(e, "Mounts");

	for (size_t i = 0; i < n; i++) {
		const char *source = sw_str(e, sw_at(e, "Mounts/%zu/Source", i), "");

		if (source[0] == '/' && sw_is_below(source, "/dev") &&
		    !sw_param_lists(e, "allowed_devices", source))
			sw_warn(e, "mounts %s of the host", source);
	}
}

static enum sw_verdict no_devices(struct sw_eval *e)
{
	size_t n;

	if (sw_bool(e, "HostConfig/Privileged", false))
		return sw_fail(e, "started with --privileged: it sees every device of the host");
	judge_devices(e);
	n = engine_count(e, "HostConfig/DeviceRequests");
	for (size_t i = 0; i < n; i++)
		judge_request(e, sw_at(e, "HostConfig/DeviceRequests/%zu", i));
	n = engine_count(e, "HostConfig/DeviceCgroupRules");
	for (size_t i = 0; i < n; i++) {
		const char *path = sw_at(e, "HostConfig/DeviceCgroupRules/%zu", i);
		const char *rule = sw_str(e, path, "?");

		if (!sw_param_lists(e, "allowed_devices", rule))
			sw_fail(e, "may use devices by the rule '%s'", rule);
	}
	note_mounted_devices(e);
	return sw_said(e);
}

/* As Go's strconv.ParseBool, and a bare option is true; -1: neither. */
static int go_bool(const char *text)
{
	static const char *const words[2][6] = {
		{ "0", "f", "F", "false", "FALSE", "False" },
		{ "1", "t", "T", "true", "TRUE", "True" },
	};

	if (!*text)
		return 1;
	for (int value = 0; value < 2; value++) {
		for (size_t i = 0; i < 6; i++) {
			if (strcmp(text, words[value][i]) == 0)
				return value;
		}
	}
	return -1;
}

/*
 * The engine's default is taken when a container is made and never shown. Only for a container that
 * this very engine process made is the default of its making known.
 */
static enum sw_verdict inherits_no_new_privileges(struct sw_eval *e)
{
	static const char path[] = "@engine/effective/no-new-privileges/value";
	bool is_told = sw_has(e, path);
	bool by_default = sw_bool(e, path, false);
	int64_t started = sw_int(e, "@engine/process/StartTime", INT64_MAX);
	int64_t made;

	if (!is_told || !time_of(sw_str(e, "Created", ""), &made) || made <= started)
		return sw_unknown(e, "says nothing itself, and which default of the engine it was "
				     "made under is not recorded");
	if (!by_default)
		return sw_fail(e, "not set, and the engine's default is off");
	return sw_pass(e, "by the default of the engine");
}

/*
 * A process may set it for itself, and then only what it starts has it: docker exec brings in
 * others. From the engine it has it by the default under which it was made, which stays.
 */
static enum sw_verdict got_no_new_privileges(struct sw_eval *e)
{
	if (engine_feature(e, "no-new-privileges"))
		return sw_pass(e, "by the default of the engine");
	if (inherits_no_new_privileges(e) == SW_FAIL)
		return sw_fail(e, "its process set it for itself, what docker exec brings in is "
				  "without");
	return sw_said(e);
}

static enum sw_verdict no_new_privileges(struct sw_eval *e)
{
	const char *option = container_option(e, "no-new-privileges");
	int wanted = option ? go_bool(option) : 1;

	if (wanted < 0)
		return sw_unknown(e, "no-new-privileges is neither true nor false: '%s'", option);
	if (!wanted)
		return sw_fail(e, "no-new-privileges is turned off");
	if (!container_is_running(e))
		return option ? SW_PASS : inherits_no_new_privileges(e);
	if (!sw_has(e, "Kernel/Status/NoNewPrivs"))
		return sw_unknown(e, "this kernel does not show no_new_privs");
	if (sw_int(e, "Kernel/Status/NoNewPrivs", 0) == 1)
		return option ? SW_PASS : got_no_new_privileges(e);
	return sw_fail(e, option ? "asked for, but its process runs without no_new_privs"
				 : "its process runs without no_new_privs");
}

static const struct sw_param capability_params[] = {
	{ "allowed_capabilities", SW_LIST, NULL,
	  "capabilities a container may hold beyond the defaults" },
	{ "strict", SW_BOOL, "false", "demand that ALL is dropped, and fail for a kept NET_RAW" },
	{ 0 },
};

static const struct sw_param device_params[] = {
	{ "allowed_devices", SW_LIST, NULL,
	  "devices (path, CDI name, driver of a request) or device cgroup rules that may be passed "
	  "in" },
	{ 0 },
};

const struct sw_check sw_container_privilege_checks[] = {
	{
		.id = "container.privileged",
		.kind = SW_CONTAINER,
		.severity = SW_CRITICAL,
		.title = "Containers are not privileged",
		.why = "A privileged container has every capability, every device and no filter: "
		       "its "
		       "root is the root of the host.",
		.wanted = "no --privileged",
		.remedy = "Recreate it without --privileged, giving only what it needs:\n"
			  "docker run --cap-drop ALL --cap-add NAME --device /dev/NAME ...\n"
			  "compose: remove \"privileged: true\"; use cap_add and devices",
		.fn = not_privileged,
	},
	{
		.id = "container.capabilities",
		.kind = SW_CONTAINER,
		.severity = SW_HIGH,
		.title = "Containers hold no capability beyond the engine's defaults",
		.why = "Many capabilities are a way to the root of the host; NET_RAW, a default, "
		       "lets a "
		       "container forge packets on its networks.",
		.wanted = "no added capability, NET_RAW dropped",
		.remedy = "docker run --cap-drop ALL --cap-add NAME ...\n"
			  "compose: cap_drop: [ALL] and cap_add: [NAME] with what it really needs",
		.fn = capabilities_are_restricted,
		.params = capability_params,
		.flags = SW_SERVICES,
		.needs = SW_NEEDS_KERNEL,
	},
	{
		.id = "container.devices",
		.kind = SW_CONTAINER,
		.severity = SW_HIGH,
		.title = "Containers have no device of the host",
		.why = "Through a disk or memory device a container reads and changes the host "
		       "past "
		       "every file permission.",
		.wanted = "no devices, device requests or device cgroup rules",
		.remedy = "Recreate it without --device, --gpus and --device-cgroup-rule, or with "
			  "--device /dev/NAME:/dev/NAME:r and NAME in allowed_devices\n"
			  "compose: devices, gpus, device_cgroup_rules",
		.fn = no_devices,
		.params = device_params,
		.flags = SW_SERVICES,
	},
	{
		.id = "container.no-new-privileges",
		.kind = SW_CONTAINER,
		.severity = SW_MEDIUM,
		.title = "Containers cannot gain new privileges",
		.why = "Without it a set-uid program or file capabilities in the image give a "
		       "process "
		       "more rights than it was started with.",
		.wanted = "no-new-privileges in force",
		.remedy = "docker run --security-opt no-new-privileges=true ...\n"
			  "compose: security_opt: [\"no-new-privileges=true\"]\n"
			  "for all new containers: \"no-new-privileges\": true in daemon.json",
		.fn = no_new_privileges,
		.needs = SW_NEEDS_KERNEL,
	},
	{ 0 },
};
