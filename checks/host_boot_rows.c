/* SPDX-License-Identifier: Apache-2.0 */
/* host_boot_rows.c: options of the kernel's command line that must be there, or must not. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host_boot.h"
#include "host_common.h"
#include "tables.h"

/* --- what must not be there ------------------------------------------------------------------- */

static void judge_banned(struct sw_eval *e, const struct boot_place *p)
{
	boot_judge_banned(e, p, sw_arg(e));
}

static enum sw_verdict has_none_of(struct sw_eval *e)
{
	return boot_each(e, judge_banned);
}

/* mitigations=auto,no_user_user and such (Linux 6.17): parts with "," or ";" between them. */
static void judge_attack_vectors(struct sw_eval *e, const struct boot_place *p, const char *value)
{
	while (*value) {
		size_t n = strcspn(value, ",;");
		const char *part = sw_at(e, "%.*s", (int)n, value);
		if (boot_is_one_of(part, "off|no_user_kernel"))
			sw_fail(e, "%s has mitigations=%s", p->name, part);
		else if (strcmp(part, "no_user_user") == 0 && host_has_engine(e))
			sw_fail(e,
				"%s has mitigations=%s: containers are not kept apart from each "
				"other",
				p->name, part);
		else if (strcmp(part, "no_user_user") == 0)
			sw_warn(e, "%s has mitigations=%s: do the users here trust each other?",
				p->name, part);
		value += n + (value[n] != '\0');
	}
}

static void judge_mitigations(struct sw_eval *e, const struct boot_place *p)
{
	const char *value = boot_value(e, p, "mitigations");

	if (value)
		judge_attack_vectors(e, p, value);
	judge_banned(e, p);
}

static enum sw_verdict mitigations_are_on(struct sw_eval *e)
{
	return boot_each(e, judge_mitigations);
}

/* A security module other than these, and TOMOYO, confines no program. */
#define MACS "apparmor|selinux|smack"

static bool names_one_of(struct sw_eval *e, const char *list, const char *wanted)
{
	while (*list) {
		size_t n = strcspn(list, ",");
		if (boot_is_one_of(sw_at(e, "%.*s", (int)n, list), wanted))
			return true;
		list += n + (list[n] != '\0');
	}
	return false;
}

static void judge_lsm(struct sw_eval *e, const struct boot_place *p)
{
	const char *list = boot_value(e, p, "lsm"), *one = boot_value(e, p, "security");

	judge_banned(e, p);
	/* lsm= makes the kernel ignore security=. */
	const char *said = list ? list : one;
	if (!said || names_one_of(e, said, MACS))
		return;
	/* Kernels of Debian always list it; it confines nothing before it is given a policy. */
	if (names_one_of(e, said, "tomoyo"))
		sw_warn(e, "%s has %s=%s: is TOMOYO given a policy here?", p->name,
			list ? "lsm" : "security", said);
	else
		sw_fail(e, "%s has %s=%s, which names none that confines programs", p->name,
			list ? "lsm" : "security", said);
}

static enum sw_verdict lsm_is_left_on(struct sw_eval *e)
{
	return boot_each(e, judge_lsm);
}

/* --- what must be there ----------------------------------------------------------------------- */

struct symbol {
	const char *name, *value;
};

/* "" of a symbol stands for "n", too: what was not built in need not be mentioned. "not" is "n"
 * alone: a kernel older than the symbol behaves otherwise. */
struct boot_want {
	const char *name;
	const char *good;           /* values with "|" between them */
	const char *doubtful;       /* the same: a person must decide */
	struct symbol built_in[4];  /* one of these does as well, where the option is not there */
	struct symbol half_as_good; /* and this is for a person to decide */
	const char *known_by; /* a kernel whose text does not mention it minds no such option */
	bool is_x86;          /* of other processors nothing is asked */
};

static bool is_built(struct sw_eval *e, const struct boot_place *p, const struct symbol *s)
{
	const char *value = s->name ? boot_symbol(e, p, s->name) : NULL;

	if (!value)
		return false;
	if (strcmp(s->value, "not") == 0)
		return strcmp(value, "n") == 0;
	return strcmp(value, s->value) == 0 || (strcmp(s->value, "n") == 0 && *value == '\0');
}

static void judge_default(struct sw_eval *e, const struct boot_place *p, const struct boot_want *w)
{
	if (w->built_in[0].name && !boot_knows_build(e, p))
		return;
	for (size_t i = 0; i < 4; i++)
		if (is_built(e, p, &w->built_in[i]))
			return;
	if (w->half_as_good.name && is_built(e, p, &w->half_as_good))
		sw_warn(e, "%s has no %s=, and %s is the default of its build", p->name, w->name,
			w->half_as_good.name);
	else if (w->doubtful && !*w->doubtful)
		sw_warn(e, "%s has no %s=%.*s: is it needed here?", p->name, w->name,
			(int)strcspn(w->good, "|"), w->good);
	else
		sw_fail(e, "%s has no %s%s%.*s%s", p->name, w->name, *w->good ? "=" : "",
			(int)strcspn(w->good, "|"), w->good,
			w->built_in[0].name ? ", nor is that its default" : "");
}

/* Options that a kernel does not know are handed to init, and do nothing. */
static void judge_knowledge(struct sw_eval *e, const struct boot_place *p,
			    const struct boot_want *w, const char *value)
{
	/* What cannot have the symbol has no use for the option either. */
	for (size_t i = 0; w->known_by && i < 4 && w->built_in[i].name; i++)
		if (strcmp(w->built_in[i].name, w->known_by) != 0 &&
		    is_built(e, p, &w->built_in[i]))
			return;
	if (w->known_by && boot_knows_build(e, p) && *boot_symbol(e, p, w->known_by) == '\0')
		sw_fail(e, "%s has %s=%s, which its kernel does not know: it has no CONFIG_%s",
			p->name, w->name, value, w->known_by);
}

static void judge_wanted(struct sw_eval *e, const struct boot_place *p)
{
	const struct boot_want *w = sw_arg(e);
	const char *value = boot_value(e, p, w->name);

	if (w->is_x86 && boot_knows_build(e, p) && !boot_is_x86(e, p))
		return;
	if (!value)
		judge_default(e, p, w);
	else if (boot_is_one_of(value, w->good) || (!*w->good && !*value))
		judge_knowledge(e, p, w, value);
	else if (w->doubtful && boot_is_one_of(value, w->doubtful))
		sw_warn(e, "%s has %s=%s", p->name, w->name, value);
	else
		sw_fail(e, "%s has %s=%s", p->name, w->name, value);
}

static enum sw_verdict has_option(struct sw_eval *e)
{
	return boot_each(e, judge_wanted);
}

static void judge_nomerge(struct sw_eval *e, const struct boot_place *p)
{
	/* Before the symbol there was (4.13) all kernels merged. */
	static const struct symbol separate = { "SLAB_MERGE_DEFAULT", "not" };

	if (boot_value(e, p, "slab_merge") || boot_value(e, p, "slub_merge"))
		sw_fail(e, "%s has slab_merge", p->name);
	else if (!boot_value(e, p, "slab_nomerge") && !boot_value(e, p, "slub_nomerge") &&
		 boot_knows_build(e, p) && !is_built(e, p, &separate))
		sw_fail(e, "%s has no slab_nomerge, nor is that its default", p->name);
}

static enum sw_verdict slabs_are_separate(struct sw_eval *e)
{
	return boot_each(e, judge_nomerge);
}

/* The parameter is what counts, for what runs. */
static void judge_shuffle(struct sw_eval *e, const struct boot_place *p)
{
	const char *value = boot_value(e, p, "page_alloc.shuffle");

	if (p->is_running) {
		if (!sw_has(e, "@host/boot/running/shuffle"))
			sw_fail(e, "the running kernel was built without it");
		else if (strcmp(sw_str(e, "@host/boot/running/shuffle", ""), "Y") != 0)
			sw_fail(e, "the running kernel does not shuffle free pages");
	} else if (!value || !boot_is_one_of(*value ? value : "1", BOOT_TRUE)) {
		sw_fail(e, "%s has no page_alloc.shuffle=1", p->name);
	} else if (boot_knows_build(e, p) &&
		   strcmp(boot_symbol(e, p, "SHUFFLE_PAGE_ALLOCATOR"), "y") != 0) {
		sw_fail(e, "%s: its kernel was built without CONFIG_SHUFFLE_PAGE_ALLOCATOR",
			p->name);
	}
}

static enum sw_verdict pages_are_shuffled(struct sw_eval *e)
{
	return boot_each(e, judge_shuffle);
}

/* kstrtouint() of any base; what does not fit leaves the default. */
static bool is_large(const char *value)
{
	char *end = NULL;
	long long n = strtoll(value, &end, 0);

	return *value && *end == '\0' && n >= 8192 && n <= UINT32_MAX;
}

static void judge_backlog(struct sw_eval *e, const struct boot_place *p)
{
	const char *value = boot_value(e, p, "audit_backlog_limit");

	if (!value)
		sw_fail(e, "%s has no audit_backlog_limit=8192: 64 records are kept", p->name);
	else if (!is_large(value))
		sw_fail(e, "%s has audit_backlog_limit=%s", p->name, value);
}

static enum sw_verdict backlog_is_large(struct sw_eval *e)
{
	return boot_each(e, judge_backlog);
}

/* --- tables ----------------------------------------------------------------------------------- */

static const struct boot_word mitigation_words[] = {
	{ "nopti", NULL },
	{ "pti", "off" },
	{ "kpti", BOOT_FALSE },
	{ "nospectre_v1", NULL },
	{ "nospectre_v2", NULL },
	{ "nospectre_bhb", NULL },
	{ "spectre_v2", "off" },
	{ "spectre_v2_user", "off" },
	{ "spectre_bhi", "off" },
	{ "spec_store_bypass_disable", "off" },
	{ "nospec_store_bypass_disable", NULL },
	{ "ssbd", "force-off" },
	{ "l1tf", "off" },
	{ "mds", "off" },
	{ "tsx_async_abort", "off" },
	{ "srbds", "off" },
	{ "mmio_stale_data", "off" },
	{ "retbleed", "off" },
	{ "spec_rstack_overflow", "off" },
	{ "gather_data_sampling", "off" },
	{ "reg_file_data_sampling", "off" },
	{ "indirect_target_selection", "off" },
	{ "tsa", "off" },
	{ "vmscape", "off" },
	{ "kvm.nx_huge_pages", "off" },
	{ 0 },
};
static const struct boot_word kaslr_words[] = { { "nokaslr", NULL }, { 0 } };
static const struct boot_word randmaps_words[] = { { "norandmaps", NULL }, { 0 } };
static const struct boot_word pointer_words[] = { { "no_hash_pointers", NULL },
						  { "hash_pointers", "never" },
						  { 0 } };
static const struct boot_word sysrq_words[] = { { "sysrq_always_enabled", NULL }, { 0 } };
static const struct boot_word lsm_words[] = {
	{ "selinux", "0" }, { "enforcing", "0" }, { "apparmor", "0" }, { 0 }
};
static const struct boot_want audit = { .name = "audit", .good = "1|on" };
static const struct boot_want on_alloc = { .name = "init_on_alloc",
					   .good = BOOT_TRUE,
					   .built_in = { { "INIT_ON_ALLOC_DEFAULT_ON", "y" } },
					   .known_by = "INIT_ON_ALLOC_DEFAULT_ON" };
static const struct boot_want on_free = { .name = "init_on_free",
					  .good = BOOT_TRUE,
					  .built_in = { { "INIT_ON_FREE_DEFAULT_ON", "y" } },
					  .known_by = "INIT_ON_FREE_DEFAULT_ON" };
static const struct boot_want kstack = {
	.name = "randomize_kstack_offset",
	.good = BOOT_TRUE,
	.built_in = { { "RANDOMIZE_KSTACK_OFFSET_DEFAULT", "y" } },
	.known_by = "RANDOMIZE_KSTACK_OFFSET_DEFAULT",
};
static const struct boot_want vsyscall = {
	.name = "vsyscall",
	.good = "none",
	.doubtful = "xonly",
	.built_in = { { "LEGACY_VSYSCALL_NONE", "y" }, { "X86_VSYSCALL_EMULATION", "n" } },
	.half_as_good = { "LEGACY_VSYSCALL_XONLY", "y" },
	.is_x86 = true,
};
static const struct boot_want ia32 = {
	.name = "ia32_emulation",
	.good = BOOT_FALSE,
	.doubtful = "",
	.built_in = { { "IA32_EMULATION", "n" }, { "IA32_EMULATION_DEFAULT_DISABLED", "y" } },
	.known_by = "IA32_EMULATION_DEFAULT_DISABLED",
	.is_x86 = true,
};
static const struct boot_want write_mounted = { .name = "bdev_allow_write_mounted",
						.good = BOOT_FALSE,
						.built_in = { { "BLK_DEV_WRITE_MOUNTED", "not" } },
						.known_by = "BLK_DEV_WRITE_MOUNTED" };
static const struct boot_want proc_mem = {
	.name = "proc_mem.force_override",
	.good = "never|ptrace",
	.built_in = { { "PROC_MEM_NO_FORCE", "y" }, { "PROC_MEM_FORCE_PTRACE", "y" } },
	.known_by = "PROC_MEM_NO_FORCE",
};

#define ADD(option)                                                                                \
	"add " option " to GRUB_CMDLINE_LINUX in /etc/default/grub and run update-grub, or:\n"     \
	"grubby --update-kernel=ALL --args='" option "', then reboot"

#define ROW(i, s, t, f, a, w, y, r)                                                                \
	{                                                                                          \
		.id = "host.boot." i, .kind = SW_HOST, .severity = s, .title = t, .fn = f,         \
		.arg = a, .wanted = w, .why = y, .remedy = r, .needs = SW_NEEDS_BOOT,              \
		.params = host_role_params                                                         \
	}

const struct sw_check sw_host_boot_row_checks[] = {
	ROW("mitigations_off", SW_HIGH, "Mitigations of CPU flaws are not switched off",
	    mitigations_are_on, mitigation_words,
	    "no mitigations=off, nopti, spectre_v2=off or the like",
	    "Without them a program, also one in a container, reads memory of the kernel and of "
	    "other containers through the processor's caches.",
	    BOOT_REMOVE),
	ROW("kaslr", SW_MEDIUM, "The kernel's addresses are randomised", has_none_of, kaslr_words,
	    "no nokaslr",
	    "At fixed addresses a single bug of the kernel is enough for an exploit that works "
	    "on every such host.",
	    BOOT_REMOVE),
	ROW("norandmaps", SW_MEDIUM, "Programs' addresses are randomised from the start",
	    has_none_of, randmaps_words, "no norandmaps",
	    "With norandmaps nothing is placed at random until a sysctl switches that on again.",
	    BOOT_REMOVE),
	ROW("audit", SW_MEDIUM, "The kernel audits from the start", has_option, &audit, "audit=1",
	    "Processes that start before auditd, those of early boot, are else never audited.",
	    ADD("audit=1")),
	ROW("audit_backlog_limit", SW_LOW, "Audit's queue is long enough at boot", backlog_is_large,
	    NULL, "audit_backlog_limit=8192 or more",
	    "Before auditd runs, records wait in the kernel; with the default of 64 most of them "
	    "are lost.",
	    ADD("audit_backlog_limit=8192")),
	ROW("lsm_disabled", SW_HIGH, "No security module is switched off", lsm_is_left_on,
	    lsm_words, "no selinux=0, enforcing=0, apparmor=0, security=none; an lsm= names one",
	    "Without AppArmor or SELinux nothing but capabilities and seccomp stands between a "
	    "container and the host.",
	    BOOT_REMOVE),
	ROW("init_on_alloc", SW_LOW, "Memory is cleared when it is handed out", has_option,
	    &on_alloc, "init_on_alloc=1, or built so",
	    "Memory that still holds old data leaks it to whoever gets it next.",
	    ADD("init_on_alloc=1")),
	ROW("init_on_free", SW_LOW, "Memory is cleared when it is given back", has_option, &on_free,
	    "init_on_free=1, or built so",
	    "Secrets stay in memory that nobody uses any more. It costs some percent of speed.",
	    ADD("init_on_free=1")),
	ROW("slab_nomerge", SW_LOW, "Kernel objects of different kinds are kept apart",
	    slabs_are_separate, NULL, "slab_nomerge, or built so",
	    "When kinds share a cache, an overflow of one overwrites another.",
	    ADD("slab_nomerge")),
	ROW("page_alloc_shuffle", SW_LOW, "Free pages are handed out in random order",
	    pages_are_shuffled, NULL, "page_alloc.shuffle=1",
	    "An exploit that knows which page comes next can prepare it.",
	    ADD("page_alloc.shuffle=1")),
	ROW("randomize_kstack_offset", SW_LOW, "The kernel's stack begins at a random place",
	    has_option, &kstack, "randomize_kstack_offset=1, or built so",
	    "Attacks on the kernel's stack rely on knowing where things are on it.",
	    ADD("randomize_kstack_offset=1")),
	ROW("vsyscall", SW_LOW, "The old page of system calls is not mapped", has_option, &vsyscall,
	    "vsyscall=none, or built so (x86)",
	    "It is at the same address in every process and serves exploits. Programs of before "
	    "2013, as in images of CentOS 6, need it.",
	    ADD("vsyscall=none")),
	ROW("ia32_emulation", SW_LOW, "System calls of 32-bit programs are off where unused",
	    has_option, &ia32, "ia32_emulation=0, or built so (x86)",
	    "They are a second entrance into the kernel that is looked at less. Images for i386 "
	    "need it.",
	    ADD("ia32_emulation=0")),
	ROW("hash_pointers", SW_LOW, "Addresses in the kernel's log are hashed", has_none_of,
	    pointer_words, "no no_hash_pointers, no hash_pointers=never",
	    "Real addresses in the log tell an attacker where the kernel is.", BOOT_REMOVE),
	ROW("sysrq_always", SW_LOW, "The magic key cannot do everything", has_none_of, sysrq_words,
	    "no sysrq_always_enabled",
	    "The option beats kernel.sysrq: whoever is at the console kills or dumps at will.",
	    BOOT_REMOVE),
	ROW("bdev_write_mounted", SW_LOW, "Devices of mounted file systems cannot be written to",
	    has_option, &write_mounted, "bdev_allow_write_mounted=0, or built so (Linux 6.8)",
	    "Writing below a mounted file system corrupts it so that the kernel itself trips. "
	    "Snaps "
	    "on loop devices may need it.",
	    ADD("bdev_allow_write_mounted=0")),
	ROW("proc_mem", SW_LOW, "/proc/PID/mem does not overrule what is read-only", has_option,
	    &proc_mem, "proc_mem.force_override=never or ptrace, or built so (Linux 6.12)",
	    "Who may write there changes a program's code although it is mapped read-only.",
	    ADD("proc_mem.force_override=ptrace")),
	{ 0 },
};
