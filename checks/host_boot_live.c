/* SPDX-License-Identifier: Apache-2.0 */
/* host_boot_live.c: options of which the running kernel itself tells the outcome, and whether what
 * runs is what is configured. */
#include <string.h>

#include "host_boot.h"
#include "host_common.h"
#include "host_mount.h"
#include "tables.h"

static bool is_y(struct sw_eval *e, const struct boot_place *p, const char *symbol)
{
	return strcmp(boot_symbol(e, p, symbol), "y") == 0;
}

/* --- lockdown and signatures --------------------------------------------------------------------
 */

static bool will_be_locked(struct sw_eval *e, const struct boot_place *p)
{
	const char *value = boot_value(e, p, "lockdown");

	if (!is_y(e, p, "SECURITY_LOCKDOWN_LSM"))
		return false;
	return (value && boot_is_locked(value)) || is_y(e, p, "LOCK_DOWN_KERNEL_FORCE_INTEGRITY") ||
	       is_y(e, p, "LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY");
}

static void judge_lockdown(struct sw_eval *e, const struct boot_place *p)
{
	if (boot_knows_build(e, p) && !will_be_locked(e, p))
		sw_fail(e,
			"%s has no lockdown=, nor was it built so; Secure Boot may still switch "
			"it on",
			p->name);
}

static enum sw_verdict is_locked_down(struct sw_eval *e)
{
	const char *level;

	if (!host_is_running(e))
		return boot_each(e, judge_lockdown);
	level = boot_lockdown(e);
	if (!level)
		return SW_UNKNOWN;
	if (boot_is_locked(level))
		return sw_pass(e, "lockdown is %s", level);
	return sw_fail(e, "lockdown is %s", *level ? level : "not one of the security modules");
}

static void judge_signatures(struct sw_eval *e, const struct boot_place *p)
{
	const char *value = boot_value(e, p, "module.sig_enforce");

	if (!boot_knows_build(e, p) || is_y(e, p, "MODULE_SIG_FORCE") || !is_y(e, p, "MODULES") ||
	    will_be_locked(e, p))
		return;
	/* Without signatures there is no such parameter. */
	if (value && boot_is_one_of(*value ? value : "1", BOOT_TRUE) && is_y(e, p, "MODULE_SIG"))
		return;
	sw_fail(e, "%s has no module.sig_enforce=1, nor is that its default", p->name);
}

static enum sw_verdict modules_are_signed(struct sw_eval *e)
{
	const struct boot_place running = { "@host/boot/running/options", "the running kernel",
					    NULL, true, false };
	struct boot_place p = running;
	const char *level;

	if (!host_is_running(e))
		return boot_each(e, judge_signatures);
	if (sw_has(e, "@host/boot/running/sig-enforce") &&
	    strcmp(sw_str(e, "@host/boot/running/sig-enforce", ""), "Y") == 0)
		return sw_pass(e, "the running kernel loads signed modules only");
	p.release = sw_str(e, "@host/kernel/release", NULL);
	if (!is_y(e, &p, "MODULES"))
		return sw_said(e) == SW_UNKNOWN ? SW_UNKNOWN
						: sw_pass(e, "the kernel loads no modules at all");
	level = boot_lockdown(e);
	if (!level)
		return SW_UNKNOWN;
	if (boot_is_locked(level))
		return sw_pass(e, "lockdown is %s", level);
	return sw_fail(e, "the running kernel loads modules that nobody signed");
}

/* --- IOMMU --------------------------------------------------------------------------------------
 */

static bool is_guest(struct sw_eval *e)
{
	return sw_contains(e, "@host/cpu/processors/flags", "hypervisor");
}

/* Of an unbooted tree the processor is not known: then only what is bad on all is said. */
static bool may_be_intel(struct sw_eval *e)
{
	return host_is_running(e) &&
	       strcmp(sw_str(e, "@host/cpu/processors/vendor", ""), "GenuineIntel") == 0;
}

/* "force,pt": the parameters are lists. */
static bool lists_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (; *list; list += strcspn(list, ","), list += *list == ',')
		if (strncmp(list, word, n) == 0 && (list[n] == '\0' || list[n] == ','))
			return true;
	return false;
}

static void judge_iommu(struct sw_eval *e, const struct boot_place *p)
{
	static const char *const names[] = { "iommu", "intel_iommu", "amd_iommu" };
	const char *strict = boot_value(e, p, "iommu.strict");
	const char *intel = boot_value(e, p, "intel_iommu");
	const char *amd = boot_value(e, p, "amd_iommu");
	const char *passthrough = boot_value(e, p, "iommu.passthrough");
	const char *all = boot_value(e, p, "iommu");

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = boot_value(e, p, names[i]);
		if (value && lists_word(value, "off"))
			sw_fail(e, "%s has %s=%s", p->name, names[i], value);
	}
	if ((all && lists_word(all, "pt")) ||
	    (passthrough && boot_is_one_of(passthrough, BOOT_TRUE)))
		sw_fail(e, "%s lets devices of the host past the IOMMU (iommu=pt)", p->name);
	if (!boot_knows_build(e, p))
		return;
	if (!passthrough && !(all && lists_word(all, "nopt")) &&
	    is_y(e, p, "IOMMU_DEFAULT_PASSTHROUGH"))
		sw_fail(e,
			"%s lets devices of the host past the IOMMU: that is the default of its "
			"build, and there is no iommu.passthrough=0",
			p->name);
	if (!(strict ? boot_is_one_of(strict, BOOT_TRUE)
		     : (intel && lists_word(intel, "strict")) ||
			       (amd && lists_word(amd, "fullflush")) ||
			       is_y(e, p, "IOMMU_DEFAULT_DMA_STRICT")))
		sw_fail(e, "%s has no iommu.strict=1, nor is that its default", p->name);
	if (may_be_intel(e) && !intel && !is_y(e, p, "INTEL_IOMMU_DEFAULT_ON"))
		sw_fail(e, "%s has no intel_iommu=on, nor is that its default", p->name);
}

static enum sw_verdict iommu_is_strict(struct sw_eval *e)
{
	if (host_is_running(e) && sw_int(e, "@host/boot/running/iommus", 0) == 0) {
		if (is_guest(e))
			return sw_skip(e, "a guest without an IOMMU of its own");
		sw_fail(e, "no IOMMU is in use");
	}
	return boot_each(e, judge_iommu);
}

/* --- file systems -------------------------------------------------------------------------------
 */

static bool debugfs_is_off(struct sw_eval *e, const struct boot_place *p)
{
	const char *value = boot_value(e, p, "debugfs");

	/* Kernels before 5.9 do not know the option. */
	if (value && *boot_symbol(e, p, "DEBUG_FS_ALLOW_NONE"))
		return boot_is_one_of(value, "off|no-mount");
	return !is_y(e, p, "DEBUG_FS") || is_y(e, p, "DEBUG_FS_ALLOW_NONE") ||
	       is_y(e, p, "DEBUG_FS_DISALLOW_MOUNT");
}

static void judge_debugfs(struct sw_eval *e, const struct boot_place *p)
{
	if (boot_knows_build(e, p) && !debugfs_is_off(e, p))
		sw_warn(e, "%s lets debugfs be mounted: for root alone?", p->name);
}

static enum sw_verdict debugfs_elsewhere(struct sw_eval *e)
{
	for (size_t i = 0, n = host_mount_count(e); i < n; i++)
		if (strcmp(sw_str(e, sw_at(e, "@host/mounts/%zu/type", i), ""), "debugfs") == 0)
			return sw_unknown(
				e, "debugfs is mounted at %s: who may enter was not looked at",
				sw_str(e, sw_at(e, "@host/mounts/%zu/point", i), ""));
	return sw_pass(e, "debugfs is not mounted");
}

static enum sw_verdict debugfs_is_closed(struct sw_eval *e)
{
	const char *mount;

	if (!host_is_running(e))
		return boot_each(e, judge_debugfs);
	mount = host_mount_at(e, "/sys/kernel/debug");
	if (sw_said(e) == SW_UNKNOWN)
		return SW_UNKNOWN;
	if (!mount || strcmp(sw_str(e, sw_at(e, "%s/type", mount), ""), "debugfs") != 0)
		return debugfs_elsewhere(e);
	unsigned mode = sw_mode(e, "@host/boot/running/debugfs/mode", 0777);
	if (mode & 077 || sw_int(e, "@host/boot/running/debugfs/uid", -1) != 0)
		return sw_fail(e, "debugfs is mounted with mode %04o", mode);
	return sw_pass(e, "debugfs is mounted for root alone");
}

/* --- IPv6, TSX ----------------------------------------------------------------------------------
 */

static void judge_ipv6(struct sw_eval *e, const struct boot_place *p)
{
	const char *value = boot_value(e, p, "ipv6.disable");

	if (value && !boot_is_one_of(value, BOOT_FALSE))
		sw_warn(e,
			"%s has ipv6.disable=%s: rules of IPv6 say nothing then; do all programs "
			"here bear that?",
			p->name, value);
}

static enum sw_verdict ipv6_is_there(struct sw_eval *e)
{
	return boot_each(e, judge_ipv6);
}

static void judge_tsx(struct sw_eval *e, const struct boot_place *p)
{
	const char *value = boot_value(e, p, "tsx");

	if (value ? strcmp(value, "on") == 0 : is_y(e, p, "X86_INTEL_TSX_MODE_ON"))
		sw_fail(e, "%s switches TSX on", p->name);
}

static enum sw_verdict tsx_is_off(struct sw_eval *e)
{
	static const char flaw[] = "@host/cpu/vulnerabilities/tsx_async_abort";

	if (host_is_running(e) && sw_has(e, flaw) &&
	    strncmp(sw_str(e, flaw, ""), "Not affected", 12) == 0)
		return sw_pass(e, "the processor is not affected");
	return boot_each(e, judge_tsx);
}

/* --- drift --------------------------------------------------------------------------------------
 */

/* Options that matter here; others, as root= and rhgb, differ for good reasons. */
static const char *const vocabulary[] = {
	"apparmor",
	"audit",
	"audit_backlog_limit",
	"bdev_allow_write_mounted",
	"debugfs",
	"enforcing",
	"gather_data_sampling",
	"hash_pointers",
	"ia32_emulation",
	"indirect_target_selection",
	"init_on_alloc",
	"init_on_free",
	"intel_iommu",
	"iommu",
	"iommu.strict",
	"ipv6.disable",
	"kvm.nx_huge_pages",
	"l1tf",
	"lockdown",
	"lsm",
	"mds",
	"mitigations",
	"mmio_stale_data",
	"module.sig_enforce",
	"module_blacklist",
	"no_hash_pointers",
	"nokaslr",
	"norandmaps",
	"nosmt",
	"nopti",
	"nospectre_v1",
	"nospectre_v2",
	"page_alloc.shuffle",
	"proc_mem.force_override",
	"pti",
	"randomize_kstack_offset",
	"reg_file_data_sampling",
	"retbleed",
	"security",
	"selinux",
	"slab_nomerge",
	"spec_rstack_overflow",
	"spec_store_bypass_disable",
	"spectre_v2",
	"srbds",
	"sysrq_always_enabled",
	"systemd.unified_cgroup_hierarchy",
	"tsa",
	"tsx",
	"tsx_async_abort",
	"vmscape",
	"vsyscall",
};

static void compare(struct sw_eval *e, const struct boot_place *is, const struct boot_place *should)
{
	for (size_t i = 0; i < sizeof(vocabulary) / sizeof(vocabulary[0]); i++) {
		const char *a = boot_value(e, is, vocabulary[i]);
		const char *b = boot_value(e, should, vocabulary[i]);
		if (!a != !b)
			sw_fail(e, "%s has %s%s%s, %s has not", (a ? is : should)->name,
				vocabulary[i], *(a ? a : b) ? "=" : "", a ? a : b,
				(a ? should : is)->name);
		else if (a && strcmp(a, b) != 0)
			sw_fail(e, "%s has %s=%s, %s has %s", is->name, vocabulary[i], a,
				should->name, b);
	}
}

/* Is it an entry of the kernel that runs, or, where names as "vmlinuz-linux" do not tell, the
 * default one? */
static bool may_be_of_running(struct sw_eval *e, const char *release, bool is_default)
{
	if (!release || *release < '0' || *release > '9')
		return is_default;
	return strcmp(release, sw_str(e, "@host/kernel/release", "")) == 0;
}

static bool may_be_running(struct sw_eval *e, const char *at)
{
	bool is_default = sw_bool(e, sw_at(e, "%s/default", at), false);

	if (sw_bool(e, sw_at(e, "%s/rescue", at), false) && !is_default)
		return false;
	return may_be_of_running(e, sw_str(e, sw_at(e, "%s/release", at), NULL), is_default);
}

/* GRUB's own file is made from /etc/default/grub; entries of their own are edited one by one. */
static void judge_drift(struct sw_eval *e, const struct boot_place *p)
{
	static const struct boot_place configured = { "@host/boot/configured", "/etc/default/grub",
						      NULL, false, false };
	struct boot_place running = { "@host/boot/running/options", "the running kernel", NULL,
				      true, false };

	if (p->is_running)
		return;
	if (strstr(p->name, "/grub.cfg:") && sw_has(e, "@host/boot/configured"))
		compare(e, p, &configured);
	if (!host_is_running(e))
		return;
	if (may_be_of_running(e, p->release, p->is_default))
		compare(e, &running, p);
}

static enum sw_verdict boots_what_is_configured(struct sw_eval *e)
{
	size_t n = sw_count(e, "@host/boot/entries");
	bool is_generated = false, is_running = false;

	for (size_t i = 0; i < n; i++) {
		const char *at = sw_at(e, "@host/boot/entries/%zu", i);
		is_generated |= strstr(sw_str(e, sw_at(e, "%s/file", at), ""), "/grub.cfg") &&
				sw_has(e, "@host/boot/configured");
		is_running |= host_is_running(e) && may_be_running(e, at);
	}
	if (n == 0 || (!host_is_running(e) && !is_generated))
		return sw_skip(e, "there is nothing here to compare with");
	boot_each(e, judge_drift);
	if (host_is_running(e) && !is_running)
		sw_unknown(e, "no entry of a boot loader is known to be that of Linux %s",
			   sw_str(e, "@host/kernel/release", ""));
	return sw_said(e);
}

/* --- the table ----------------------------------------------------------------------------------
 */

#define ROW(i, s, t, f, w, y, r)                                                                   \
	{                                                                                          \
		.id = "host.boot." i, .kind = SW_HOST, .severity = s, .title = t, .fn = f,         \
		.wanted = w, .why = y, .remedy = r, .needs = SW_NEEDS_BOOT                         \
	}

const struct sw_check sw_host_boot_live_checks[] = {
	ROW("lockdown", SW_LOW, "The kernel is locked down", is_locked_down,
	    "integrity or confidentiality",
	    "Lockdown keeps even root from changing the running kernel, so a takeover ends with "
	    "the next boot.",
	    "boot with lockdown=integrity, or with Secure Boot where the distribution ties both"),
	ROW("module_sig_enforce", SW_MEDIUM, "Only signed modules can be loaded",
	    modules_are_signed, "module.sig_enforce=1, built so, lockdown, or no modules at all",
	    "A module runs with all rights there are; a signature says who made it. Modules of "
	    "DKMS "
	    "have to be signed then.",
	    "boot with module.sig_enforce=1"),
	ROW("iommu", SW_LOW, "Devices reach only the memory they were given", iommu_is_strict,
	    "an IOMMU, strict, no iommu=pt; of guests without one nothing is asked",
	    "A device, or a container that was given one, else reads and writes all memory.",
	    "boot with intel_iommu=on iommu.strict=1 (Intel) or iommu.strict=1 (AMD)"),
	ROW("debugfs", SW_LOW, "debugfs is closed to users", debugfs_is_closed,
	    "not mounted, mode 0700, or debugfs=off",
	    "Its files show and change the inside of the kernel and were never meant for users.",
	    "boot with debugfs=off, or:\nsystemctl mask sys-kernel-debug.mount"),
	ROW("ipv6_disable", SW_LOW, "IPv6 is not switched off at boot", ipv6_is_there,
	    "no ipv6.disable=1, or one that was thought over",
	    "With it no setting of IPv6 exists, programs that bind [::] fail, and what judges IPv6 "
	    "has nothing to judge.",
	    "boot without ipv6.disable=1; use net.ipv6.conf.*.disable_ipv6 where it is to be off"),
	ROW("tsx", SW_LOW, "TSX is not switched on", tsx_is_off,
	    "no tsx=on, or a processor that is not affected",
	    "Transactions of Intel's processors made several leaks of other programs' data "
	    "possible.",
	    "boot with tsx=off"),
	ROW("drift", SW_LOW, "What runs is what is configured", boots_what_is_configured,
	    "the same security options in the running kernel, its entry and /etc/default/grub",
	    "An option that was edited and never written to the boot loader, or not yet booted "
	    "with, protects nobody.",
	    "update-grub (or grub2-mkconfig -o /boot/grub2/grub.cfg), then reboot"),
	{ 0 },
};
