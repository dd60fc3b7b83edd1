/* SPDX-License-Identifier: Apache-2.0 */
/* host_sysctl_special.c: kernel settings for which more than their own value counts. */
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "files.h"
#include "host_sysctl.h"
#include "tables.h"

/* Any bit but those that dump memory and processes (8) and that signal processes (64); 1 is all. */
static bool sysrq_is_limited(int64_t value)
{
	return value != 1 && (value & (8 | 64)) == 0;
}

static enum sw_verdict magic_key_is_limited(struct sw_eval *e)
{
	static const struct sysctl_rule rule = {
		.key = "kernel/sysrq",
		.accepts = sysrq_is_limited,
		.build = "CONFIG_MAGIC_SYSRQ_DEFAULT_ENABLE of the kernel is such a mask",
		.absence = { SW_PASS, "it was built without the magic key" },
	};
	static const char boot[] = "@host/sysctl-files/boot/kernel~1sysrq";
	if (host_is_running(e) && sysctl_value(e, rule.key) && sw_has(e, boot) &&
	    strcmp(sw_str(e, sw_at(e, "%s/parameter", boot), ""), "sysrq_always_enabled") == 0)
		return sw_fail(e, "sysrq_always_enabled on the kernel's command line allows all, "
				  "whatever kernel.sysrq is");
	return sysctl_judge(e, &rule);
}

/* --- a new kernel at run time ----------------------------------------------------------------- */

static enum sw_verdict kernel_is_not_replaced(struct sw_eval *e)
{
	static const struct sysctl_rule rule = {
		.key = "kernel/kexec_load_disabled",
		.low = 1,
		.high = 1,
		.initial = "0",
		.absence = { SW_PASS, "it was built without kexec" },
	};
	const char *now = host_is_running(e) ? sysctl_value(e, rule.key) : NULL;
	if (!now || strcmp(now, "0") != 0)
		return sysctl_judge(e, &rule);
	const char *lockdown = sw_str(e, "@host/sysctl/lockdown", "");
	if (strstr(lockdown, "[integrity]") || strstr(lockdown, "[confidentiality]"))
		return sw_pass(e,
			       "kernel.kexec_load_disabled is 0, but lockdown takes signed "
			       "kernels only: %s",
			       lockdown);
	if (strcmp(sw_str(e, "@host/sysctl/crash-kernel", "0"), "1") == 0)
		return sw_warn(e, "kernel.kexec_load_disabled is 0; kdump has loaded its kernel "
				  "already, so it may be set to 1 after that");
	return sysctl_judge(e, &rule);
}

static enum sw_verdict modules_are_not_frozen_early(struct sw_eval *e)
{
	static const char key[] = "kernel/modules_disabled";
	bool has_engine = host_has_root_engine(e);
	struct sysctl_set set = sysctl_set(e, key);
	int64_t next = 0;
	if (set.value && !sysctl_number(e, key, set.value, set.where, &next))
		return SW_UNKNOWN;
	if (has_engine && next == 1)
		return sw_fail(e,
			       "%s sets kernel.modules_disabled to 1 before the engine has "
			       "loaded what networks and containers need",
			       set.where);
	if (!host_is_running(e))
		return sw_pass(e, "configured: %s%skernel.modules_disabled%s",
			       set.value ? set.where : "no file sets ", set.value ? " sets " : "",
			       set.value ? sw_at(e, " to %s", set.value) : "");
	const char *now = sysctl_value(e, key);
	if (!now)
		return sw_pass(e, "the kernel loads no modules: it has no such setting");
	if (strcmp(now, "1") == 0)
		return sw_pass(e, "no more modules can be loaded until the next start");
	if (has_engine)
		return sw_pass(e, "modules can be loaded, as the engine needs it (role docker)");
	return sw_warn(e, "modules can be loaded: consider kernel.modules_disabled = 1 once all "
			  "are, from the last service that starts");
}

/* --- memory ----------------------------------------------------------------------------------- */

static bool is_arm(const char *machine)
{
	return strncmp(machine, "arm", 3) == 0 || strcmp(machine, "aarch64") == 0;
}

/* The security modules have a floor of their own, which the setting does not show. */
static enum sw_verdict low_pages_are_unmappable(struct sw_eval *e)
{
	static const char option[] = "@host/kconfig/options/LSM_MMAP_MIN_ADDR";
	bool is_running = host_is_running(e);
	const char *machine = is_running ? sw_str(e, "@host/kernel/machine", "") : "";
	struct sysctl_rule rule = {
		.key = "vm/mmap_min_addr",
		.low = is_arm(machine) ? 32768 : 65536,
		.high = INT64_MAX,
		.build = "CONFIG_DEFAULT_MMAP_MIN_ADDR of the kernel is as high",
		.absence = { SW_SKIP, "it has no memory management unit" },
	};
	const char *now = is_running ? sysctl_value(e, rule.key) : NULL;
	int64_t value, floor = 0;
	if (!now || !sysctl_parse(now, &value) || value >= rule.low)
		return sysctl_judge(e, &rule);
	if (!sw_is_known(e, "@host/kconfig"))
		return sw_unknown(e,
				  "vm.mmap_min_addr is %s, and whether the security modules "
				  "hold a higher floor is in the kernel's build configuration, "
				  "which is not known",
				  now);
	const char *text = sw_str(e, option, NULL);
	if (text && !sysctl_number(e, rule.key, text, "CONFIG_LSM_MMAP_MIN_ADDR", &floor))
		return SW_UNKNOWN;
	if (floor >= rule.low)
		return sw_pass(e,
			       "vm.mmap_min_addr is %s, but the security modules of this kernel "
			       "hold everyone above %" PRId64,
			       now, floor);
	return sysctl_judge(e, &rule);
}

static enum sw_verdict mappings_are_spread_widely(struct sw_eval *e)
{
	static const char option[] = "@host/kconfig/options/ARCH_MMAP_RND_BITS_MAX";
	struct sysctl_rule rule = {
		.key = "vm/mmap_rnd_bits",
		.high = INT64_MAX,
		.build = "CONFIG_ARCH_MMAP_RND_BITS of the kernel is its maximum",
		.absence = { SW_SKIP, "this kind of machine does not let it be chosen" },
	};
	const char *now = host_is_running(e) ? sysctl_value(e, rule.key) : NULL;
	if (!host_is_running(e))
		return sw_unknown(e, "which maximum the kernel has: needs a running system");
	if (now && !sw_is_known(e, option))
		return sw_unknown(e,
				  "vm.mmap_rnd_bits is %s; its maximum is in the kernel's build "
				  "configuration, which is not known",
				  now);
	if (now && !sysctl_number(e, rule.key, sw_str(e, option, ""),
				  "CONFIG_ARCH_MMAP_RND_BITS_MAX", &rule.low))
		return SW_UNKNOWN;
	return sysctl_judge(e, &rule);
}

/* Since Linux 6.1 whoever may open the device needs no other right, whatever the setting is. */
static bool device_is_roots(struct sw_eval *e)
{
	static const char device[] = "@host/sysctl/userfaultfd";
	if (!host_is_running(e) || !sw_bool(e, sw_at(e, "%s/exists", device), false))
		return true;
	unsigned mode = sw_mode(e, sw_at(e, "%s/mode", device), 0777);
	int64_t uid = sw_int(e, sw_at(e, "%s/uid", device), -1);
	int64_t gid = sw_int(e, sw_at(e, "%s/gid", device), -1);
	file_judge_acl(e, "/dev/userfaultfd", sw_at(e, "%s/acl", device), 0600);
	if (uid == 0 && (mode & 0006) == 0 && (gid == 0 || (mode & 0060) == 0))
		return sw_said(e) != SW_FAIL;
	sw_fail(e,
		"/dev/userfaultfd is open to others than root: mode %04o, user %" PRId64
		", group %" PRId64,
		mode, uid, gid);
	return false;
}

static enum sw_verdict userfaultfd_is_roots(struct sw_eval *e)
{
	static const struct sysctl_rule rule = {
		.key = "vm/unprivileged_userfaultfd",
		.initial = "0",
		.absence = { SW_WARN, "it was built without userfaultfd, or is older than "
				      "5.2 and lets every user" },
	};
	enum sw_verdict verdict = sysctl_judge(e, &rule);
	if (verdict == SW_FAIL)
		return verdict;
	return device_is_roots(e) ? verdict : SW_FAIL;
}

/* --- after errors ------------------------------------------------------------------------------
 */

static enum sw_verdict kernel_restarts_after_an_oops(struct sw_eval *e)
{
	static const struct sysctl_rule oops = {
		.key = "kernel/panic_on_oops",
		.low = 1,
		.high = 1,
		.build = "the kernel was built with CONFIG_PANIC_ON_OOPS",
		.absence = { SW_FAIL, "it goes on after an error" },
	};
	int64_t seconds = 0;
	enum sw_verdict verdict = sysctl_judge(e, &oops);
	if (verdict == SW_FAIL || verdict == SW_UNKNOWN)
		return verdict;
	struct sysctl_set set = sysctl_set(e, "kernel/panic");
	const char *now = host_is_running(e) ? sysctl_value(e, "kernel/panic") : set.value;
	if (now && !sysctl_number(e, "kernel/panic", now, "the host", &seconds))
		return SW_UNKNOWN;
	if (seconds == 0)
		return sw_fail(e,
			       "kernel.panic is %s: after an error the host hangs for ever "
			       "instead of restarting",
			       now ? now : "not set");
	return verdict;
}

static enum sw_verdict kernel_is_not_tainted(struct sw_eval *e)
{
	/* Documentation/admin-guide/tainted-kernels.rst */
	static const struct {
		unsigned bit;
		bool is_bad;
		const char *meaning;
	} bits[] = {
		{ 0, false, "a proprietary module was loaded" },
		{ 1, true, "a module was loaded by force" },
		{ 2, true, "the processor is used out of its specification" },
		{ 12, false, "a module from outside the kernel's tree was loaded" },
		{ 13, true, "an unsigned module was loaded" },
	};
	const char *now = sysctl_value(e, "kernel/tainted");
	int64_t value;
	if (!now)
		return sw_unknown(e, "the kernel shows no kernel.tainted");
	if (!sysctl_number(e, "kernel/tainted", now, "the kernel", &value))
		return SW_UNKNOWN;
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (value & (int64_t)1 << bits[i].bit && bits[i].is_bad)
			sw_fail(e, "kernel.tainted is %s: %s", now, bits[i].meaning);
	return sw_said(e) == SW_PASS ? sw_pass(e, "kernel.tainted is %s", now) : sw_said(e);
}

/* --- user namespaces ---------------------------------------------------------------------------
 */

/* An engine with the rights of root needs them only if it maps users. */
static enum sw_verdict root_engine_has_enough(struct sw_eval *e, const char *key)
{
	static const char remap[] = "@engine/effective/userns-remap/value";
	bool is_running = host_is_running(e);
	struct sysctl_set set = sysctl_set(e, key);
	const char *now = is_running ? sysctl_value(e, key) : set.value;
	bool is_zero = (now && strcmp(now, "0") == 0) || (set.value && strcmp(set.value, "0") == 0);
	if (is_zero && *sw_str(e, remap, ""))
		return sw_fail(e, "%suser.max_user_namespaces is %s%s, but the engine maps users",
			       host_configured(e), now ? now : "not there",
			       set.value ? sw_at(e, ", by %s %s", set.where, set.value) : "");
	return sw_pass(e,
		       "%suser.max_user_namespaces is %s, which the engine can do with (role "
		       "docker)",
		       host_configured(e), now ? now : "not set");
}

static enum sw_verdict user_namespaces_suit_the_role(struct sw_eval *e)
{
	static const struct sysctl_rule some = {
		.key = "user/max_user_namespaces",
		.low = 1,
		.high = INT64_MAX,
		.initial = "1000", /* or more, by memory */
		.own = "thousands, by memory",
		.absence = { SW_FAIL, "a rootless engine maps users and cannot run" },
	};
	static const struct sysctl_rule none = {
		.key = "user/max_user_namespaces",
		.initial = "1000",
		.own = "thousands, by memory",
		.absence = { SW_PASS, "it was built without user namespaces" },
	};
	switch (host_role(e)) {
	case HOST_ROLE_ROOTLESS: return sysctl_judge(e, &some);
	case HOST_ROLE_NONE: return sysctl_judge(e, &none);
	case HOST_ROLE_DOCKER:
	case HOST_ROLE_SWARM: return root_engine_has_enough(e, some.key);
	case HOST_ROLE_UNTOLD: break;
	}
	return SW_UNKNOWN;
}

static enum sw_verdict debian_switch_suits_the_role(struct sw_eval *e)
{
	struct sysctl_rule rule = {
		.key = "kernel/unprivileged_userns_clone",
		.build = "the kernel is Debian's, whose own value is 1",
		.absence = { SW_SKIP, "it is a patch of Debian's, and others always allow them" },
	};
	enum host_role role = host_role(e);
	if (role == HOST_ROLE_UNTOLD)
		return SW_UNKNOWN;
	rule.low = role == HOST_ROLE_ROOTLESS ? 1 : 0;
	rule.high = role == HOST_ROLE_NONE ? 0 : 1;
	if (role != HOST_ROLE_NONE)
		rule.initial = "1"; /* of Debian 11 and later */
	return sysctl_judge(e, &rule);
}

#define ID(id_)          .id = "host.sysctl." id_, .kind = SW_HOST
#define ROW(id_)         ID(id_), .needs = SW_NEEDS_SYSCTL
#define ROLE_ROW(id_)    ROW(id_), .params = host_role_params
#define KCONFIG_ROW(id_) ID(id_), .needs = SW_NEEDS_SYSCTL | SW_NEEDS_BOOT

const struct sw_check sw_host_sysctl_special_checks[] = {
	{
		ROW("kernel.sysrq"),
		.severity = SW_LOW,
		.title = "Whoever has the keyboard cannot dump memory or kill processes",
		.why = "The magic key works without login, on serial consoles and management "
		       "boards too.",
		.wanted = "0, or a mask without 8 and 64 that is not 1",
		.remedy = SYSCTL_REMEDY("kernel.sysrq = 176") "\nTake sysrq_always_enabled from "
							      "the kernel's command line",
		.fn = magic_key_is_limited,
	},
	{
		ROW("kernel.kexec_load_disabled"),
		.severity = SW_MEDIUM,
		.title = "The running kernel cannot be replaced",
		.why = "kexec starts any kernel, unsigned too, without the firmware's checks.",
		.wanted = "1, or a kernel without kexec, or locked down",
		.remedy = SYSCTL_REMEDY(
			"kernel.kexec_load_disabled = 1") "\nWhere kdump is used, set it from a "
							  "service after kdump.service",
		.fn = kernel_is_not_replaced,
	},
	{
		ROLE_ROW("kernel.modules_disabled"),
		.severity = SW_LOW,
		.title = "Loading of modules is frozen at the right time, if at all",
		.why = "Frozen, root cannot put code into the kernel; but an engine loads modules "
		       "for its first networks and containers, which would fail.",
		.wanted = "not in a file on a Docker host; 1 or 0 otherwise",
		.remedy = "Take kernel.modules_disabled from the files of sysctl.d; set it from a "
			  "service that starts after docker.service",
		.fn = modules_are_not_frozen_early,
	},
	{
		KCONFIG_ROW("vm.mmap_min_addr"),
		.severity = SW_MEDIUM,
		.title = "The lowest pages cannot be mapped",
		.why = "Otherwise a null pointer of the kernel leads to memory that an attacker "
		       "has filled.",
		.wanted = "65536 or more; 32768 on ARM",
		.remedy = SYSCTL_REMEDY("vm.mmap_min_addr = 65536"),
		.fn = low_pages_are_unmappable,
	},
	{
		KCONFIG_ROW("vm.mmap_rnd_bits"),
		.severity = SW_LOW,
		.title = "Mappings are spread as widely as the kernel can",
		.why = "The fewer the places where a mapping may be, the sooner it is guessed.",
		.wanted = "CONFIG_ARCH_MMAP_RND_BITS_MAX of the kernel",
		.remedy = SYSCTL_REMEDY("vm.mmap_rnd_bits = 32"),
		.fn = mappings_are_spread_widely,
	},
	{
		ROW("vm.unprivileged_userfaultfd"),
		.severity = SW_LOW,
		.title = "Users cannot stop the kernel by page faults",
		.why = "userfaultfd lets a user hold the kernel at a chosen place for as long as "
		       "an exploit needs.",
		.wanted = "0, and /dev/userfaultfd, where there is one, for root alone",
		.remedy =
			SYSCTL_REMEDY("vm.unprivileged_userfaultfd = 0") "\nchmod 0600 "
									 "/dev/userfaultfd, and "
									 "take away the udev rule "
									 "that opens it",
		.fn = userfaultfd_is_roots,
	},
	{
		ROW("kernel.panic_on_oops"),
		.severity = SW_LOW,
		.title = "The host restarts rather than run on after an error of the kernel",
		.why = "After an error the kernel's state is what an attacker made of it.",
		.wanted = "kernel.panic_on_oops 1 and kernel.panic other than 0",
		.remedy = SYSCTL_REMEDY("kernel.panic_on_oops = 1 and kernel.panic = 10"),
		.fn = kernel_restarts_after_an_oops,
	},
	{
		ROW("kernel.tainted"),
		.severity = SW_LOW,
		.title = "No module was loaded by force or without signature",
		.why = "Such a module is not what the distribution built and tested, and may be "
		       "an intruder's.",
		.wanted = "bits 1, 2 and 13 not set",
		.remedy = "Find the module: dmesg | grep -i taint; take it away and restart",
		.fn = kernel_is_not_tainted,
	},
	{
		ROLE_ROW("user.max_user_namespaces"),
		.severity = SW_MEDIUM,
		.title = "User namespaces are there for those who need them only",
		.why = "They let users reach much of the kernel that was meant for root; engines "
		       "that are rootless or map users cannot do without.",
		.wanted = "0 for role none; more than 0 for an engine that is rootless or maps "
			  "users; any for others",
		.remedy = "Role none: " SYSCTL_REMEDY(
			"user.max_user_namespaces = 0") "\nA rootless engine: take that line away",
		.fn = user_namespaces_suit_the_role,
	},
	{
		ROLE_ROW("kernel.unprivileged_userns_clone"),
		.severity = SW_LOW,
		.title = "Users may make user namespaces if an engine of theirs needs it",
		.why = "Debian's switch for user namespaces of ordinary users; a rootless engine "
		       "needs 1, all others may have 0.",
		.wanted = "1 for role docker-rootless; 0 for role none; any for others",
		.remedy = "Role none: " SYSCTL_REMEDY(
			"kernel.unprivileged_userns_clone = 0") "\nRole docker-rootless: the same "
								"with 1",
		.fn = debian_switch_suits_the_role,
	},
	{ 0 },
};
