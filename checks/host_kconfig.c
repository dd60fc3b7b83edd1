/* SPDX-License-Identifier: Apache-2.0 */
/* host_kconfig.c: how the kernel that runs, or those that may be booted, were built. */
#include <string.h>

#include "host_boot.h"
#include "host_common.h"
#include "tables.h"

/*
 * What of a symbol is good: "y", "m" or "n", several with "|" between them; "n" takes in a symbol
 * that is not mentioned. Symbols of one alternative are tried in turn: one good one is enough.
 */
struct built {
	const char *symbols; /* "A|B": any of these is as good */
	const char *good;
	const char *unless; /* a symbol without which nothing is asked, or NULL */
	bool is_told; /* … but it must be told that it is off: older kernels have it always */
	const char *since; /* the version of Linux that has it, to say so, or NULL */
	bool is_x86;       /* of others nothing is asked */
	bool is_doubt;     /* a person must decide */
};

struct build_rule {
	struct built wants[30]; /* ends with one without symbols */
	bool is_docker;         /* of hosts that run containers only */
};

/* A kernel: where its configuration is, and what it is called. */
struct kernel {
	const char *at, *release;
};

static const char *symbol_of(struct sw_eval *e, const struct kernel *k, const char *name, size_t n)
{
	return sw_str(e, sw_at(e, "%s/settings/%.*s", k->at, (int)n, name), "");
}

static bool is_good(const char *value, const char *good)
{
	return boot_is_one_of(*value ? value : "n", good);
}

/* One that was not looked for is said; nothing is judged by it then. */
static bool are_known(struct sw_eval *e, const struct kernel *k, const char *symbols)
{
	for (const char *s = symbols; s && *s;) {
		size_t n = strcspn(s, "|");
		if (!sw_has(e, sw_at(e, "%s/settings/%.*s", k->at, (int)n, s))) {
			sw_unknown(e, "CONFIG_%.*s was not looked for", (int)n, s);
			return false;
		}
		s += n + (s[n] == '|');
	}
	return true;
}

static bool has_one(struct sw_eval *e, const struct kernel *k, const struct built *b)
{
	for (const char *s = b->symbols; *s;) {
		size_t n = strcspn(s, "|");
		if (is_good(symbol_of(e, k, s, n), b->good))
			return true;
		s += n + (s[n] == '|');
	}
	return false;
}

static bool is_x86(struct sw_eval *e, const struct kernel *k)
{
	const char *arch = sw_str(e, sw_at(e, "%s/arch", k->at), "");

	if (!*arch)
		sw_unknown(e, "Linux %s: for which processors is not told by its configuration",
			   k->release);

	return strncmp(arch, "x86", 3) == 0 || strcmp(arch, "i386") == 0;
}

static void judge_one(struct sw_eval *e, const struct kernel *k, const struct built *b)
{
	size_t n = strcspn(b->symbols, "|");
	const char *value;

	if (b->is_x86 && !is_x86(e, k))
		return;
	if (!are_known(e, k, b->symbols) || !are_known(e, k, b->unless))
		return;
	const char *needed = b->unless ? symbol_of(e, k, b->unless, strlen(b->unless)) : "y";
	if (is_good(needed, "n") && (*needed || !b->is_told))
		return;
	if (has_one(e, k, b))
		return;
	value = symbol_of(e, k, b->symbols, n);
	(b->is_doubt ? sw_warn : sw_fail)(e, "Linux %s: CONFIG_%.*s is %s%s%s", k->release, (int)n,
					  b->symbols, *value ? value : "not set",
					  b->since && !*value ? "; it is there since Linux " : "",
					  b->since && !*value ? b->since : "");
}

static void judge_rule(struct sw_eval *e, const struct kernel *k)
{
	const struct build_rule *r = sw_arg(e);

	for (const struct built *b = r->wants; b->symbols; b++)
		judge_one(e, k, b);
}

typedef void kernel_fn(struct sw_eval *e, const struct kernel *k);

static enum sw_verdict each_kernel(struct sw_eval *e, kernel_fn *judge)
{
	size_t n = sw_count(e, "@host/boot/judged");

	for (size_t i = 0; i < n; i++) {
		const char *release = sw_str(e, sw_at(e, "@host/boot/judged/%zu", i), "");
		struct kernel k = { sw_at(e, "@host/kconfig/kernels/%s", sw_esc(e, release)),
				    release };
		if (!sw_has(e, k.at))
			return sw_unknown(e, "how Linux %s was built was not looked for", release);
		judge(e, &k);
	}
	if (n == 0)
		return sw_skip(e, "no kernel is here");
	return sw_said(e);
}

static enum sw_verdict is_built_well(struct sw_eval *e)
{
	const struct build_rule *r = sw_arg(e);

	if (r->is_docker && !host_has_engine(e))
		return sw_said(e) == SW_UNKNOWN
			       ? SW_UNKNOWN
			       : sw_skip(e, "role is none: no containers are to run here");
	return each_kernel(e, judge_rule);
}

/* --- what a module is worth ----------------------------------------------------------------------
 */

/* "m" is as good as "y" only if the module's file is there. */
static void judge_needed(struct sw_eval *e, const struct kernel *k)
{
	static const struct {
		const char *symbol, *module;
	} files[] = {
		{ "VETH", "veth" },
		{ "BRIDGE", "bridge" },
		{ "BRIDGE_NETFILTER", "br_netfilter" },
		{ "NETFILTER_XT_MATCH_ADDRTYPE", "xt_addrtype" },
		{ "NETFILTER_XT_MATCH_CONNTRACK", "xt_conntrack" },
		{ "OVERLAY_FS", "overlay" },
		{ "NF_NAT", "nf_nat" },
	};

	judge_rule(e, k);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (strcmp(symbol_of(e, k, files[i].symbol, strlen(files[i].symbol)), "m") != 0)
			continue;
		const char *at = sw_at(e, "@host/modules/kernels/%s/modules/%s/state",
				       sw_esc(e, k->release), files[i].module);
		if (strcmp(sw_str(e, at, ""), "module") != 0)
			sw_fail(e, "Linux %s: the module %s is nowhere below /lib/modules",
				k->release, files[i].module);
	}
}

static enum sw_verdict has_what_docker_needs(struct sw_eval *e)
{
	if (!host_has_engine(e))
		return sw_said(e) == SW_UNKNOWN
			       ? SW_UNKNOWN
			       : sw_skip(e, "role is none: no containers are to run here");
	return each_kernel(e, judge_needed);
}

/* --- a security module that is built and listed
 * --------------------------------------------------- */

static bool has_word(const char *list, const char *word)
{
	size_t k = strlen(word);

	while (*list) {
		size_t n = strcspn(list, ",");
		if (n == k && strncmp(list, word, n) == 0)
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

static void judge_lsm(struct sw_eval *e, const struct kernel *k)
{
	static const struct {
		const char *symbol, *name;
	} modules[] = {
		{ "SECURITY_APPARMOR", "apparmor" },
		{ "SECURITY_SELINUX", "selinux" },
		{ "SECURITY_SMACK", "smack" },
		{ "SECURITY_TOMOYO", "tomoyo" },
	};
	/* Before Linux 5.1 there was no list but one default; some distributions have both. */
	bool is_old = sw_version_compare(k->release, "5.1") < 0;
	if (!are_known(e, k, "LSM|SECURITY_APPARMOR|SECURITY_SELINUX") ||
	    (is_old && !are_known(e, k, "DEFAULT_SECURITY")))
		return;
	const char *list = symbol_of(e, k, "LSM", strlen("LSM"));
	const char *one =
		is_old ? symbol_of(e, k, "DEFAULT_SECURITY", strlen("DEFAULT_SECURITY")) : "";
	const char *built = NULL;

	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
		const char *symbol = modules[i].symbol;
		if (strcmp(symbol_of(e, k, symbol, strlen(symbol)), "y") != 0)
			continue;
		built = modules[i].name;
		if (has_word(list, built) || (is_old && strcmp(one, built) == 0))
			return;
	}
	/* What the kernel says of itself is better than what it was built with. */
	if (host_is_running(e) && (sw_contains(e, "@host/lsm/list", "apparmor") ||
				   sw_contains(e, "@host/lsm/list", "selinux") ||
				   sw_contains(e, "@host/lsm/list", "smack") ||
				   sw_contains(e, "@host/lsm/list", "tomoyo")))
		return;
	if (built)
		sw_fail(e, "Linux %s: %s is built in, but CONFIG_%s=%s does not list it",
			k->release, built, is_old && !*list ? "DEFAULT_SECURITY" : "LSM",
			is_old && !*list ? one : list);
	else
		sw_fail(e,
			"Linux %s: neither AppArmor nor SELinux nor another is built in, whatever "
			"CONFIG_LSM=%s lists",
			k->release, list);
}

static enum sw_verdict lsm_is_built(struct sw_eval *e)
{
	return each_kernel(e, judge_lsm);
}

/* --- the rules
 * ------------------------------------------------------------------------------------ */

#define YES(s)                                                                                     \
	{                                                                                          \
		.symbols = s, .good = "y"                                                          \
	}
#define EITHER(s)                                                                                  \
	{                                                                                          \
		.symbols = s, .good = "y|m"                                                        \
	}
#define NO(s)                                                                                      \
	{                                                                                          \
		.symbols = s, .good = "n"                                                          \
	}
#define SINCE(s, v)                                                                                \
	{                                                                                          \
		.symbols = s, .good = "y", .since = v                                              \
	}
#define DOUBT(s)                                                                                   \
	{                                                                                          \
		.symbols = s, .good = "n", .is_doubt = true                                        \
	}
#define LACKS(s, v)                                                                                \
	{                                                                                          \
		.symbols = s, .good = "y", .since = v, .is_doubt = true                            \
	}

static const struct build_rule
	rwx = { .wants = { YES("STRICT_KERNEL_RWX|DEBUG_RODATA"),
			   { .symbols = "STRICT_MODULE_RWX|DEBUG_SET_MODULE_RONX",
			     .good = "y",
			     .unless = "MODULES" } } },
	stackprotector = { .wants = { YES("STACKPROTECTOR_STRONG|CC_STACKPROTECTOR_STRONG") } },
	kaslr = { .wants = { YES("RANDOMIZE_BASE"),
			     { .symbols = "RANDOMIZE_MEMORY", .good = "y", .is_x86 = true } } },
	vmap_stack = { .wants = { SINCE("VMAP_STACK", "4.9") } },
	usercopy = { .wants = { SINCE("HARDENED_USERCOPY", "4.8"),
				NO("HARDENED_USERCOPY_FALLBACK") } },
	fortify = { .wants = { SINCE("FORTIFY_SOURCE", "4.13") } },
	slab = { .wants = { SINCE("SLAB_FREELIST_RANDOM", "4.7"),
			    SINCE("SLAB_FREELIST_HARDENED", "4.14"),
			    SINCE("SHUFFLE_PAGE_ALLOCATOR", "5.2") } },
	init_stack = { .wants = { SINCE("INIT_STACK_ALL_ZERO|GCC_PLUGIN_STRUCTLEAK_BYREF_ALL",
					"5.9") } },
	list_hardened = { .wants = { SINCE("LIST_HARDENED|DEBUG_LIST", "6.6") } },
	seccomp = { .wants = { YES("SECCOMP"), YES("SECCOMP_FILTER") } },
	/* Before Linux 4.0 /dev/mem could not be left out. */
	devmem = { .wants = { { .symbols = "STRICT_DEVMEM",
				.good = "y",
				.unless = "DEVMEM",
				.is_told = true } } },
	bpf_unpriv = { .wants = { { .symbols = "BPF_UNPRIV_DEFAULT_OFF",
				    .good = "y",
				    .unless = "BPF_SYSCALL",
				    .since = "5.16" } } },
	module_sig = { .wants = { { .symbols = "MODULE_SIG", .good = "y", .unless = "MODULES" } } },
	compat_brk = { .wants = { NO("COMPAT_BRK") } },
	kexec = { .wants = { NO("KEXEC"),
			     { .symbols = "KEXEC_SIG|KEXEC_VERIFY_SIG",
			       .good = "y",
			       .unless = "KEXEC_FILE" } } },
	debug = { .wants = { NO("ACPI_CUSTOM_METHOD"), NO("DEVKMEM"), NO("LKDTM"),
			     NO("HWPOISON_INJECT"), NO("FAULT_INJECTION"), NO("DEBUG_KMEMLEAK"),
			     NO("KCOV"), NO("PROVIDE_OHCI1394_DMA_INIT"), DOUBT("PROC_KCORE") } },
	legacy = { .wants = { DOUBT("USELIB"), DOUBT("MODIFY_LDT_SYSCALL"), DOUBT("X86_X32_ABI"),
			      DOUBT("X86_X32"), DOUBT("LEGACY_PTYS"), DOUBT("BINFMT_AOUT"),
			      DOUBT("IP_DCCP"), DOUBT("N_GSM"), DOUBT("CRYPTO_USER_API_HASH"),
			      DOUBT("CRYPTO_USER_API_SKCIPHER"), DOUBT("CRYPTO_USER_API_AEAD"),
			      DOUBT("CRYPTO_USER_API_RNG") } },
	page_table = { .wants = { LACKS("PAGE_TABLE_CHECK", "5.17"), LACKS("KFENCE", "5.12"),
				  LACKS("UBSAN_BOUNDS", "4.20"),
				  LACKS("ZERO_CALL_USED_REGS", "5.15"),
				  LACKS("RANDOM_KMALLOC_CACHES", "6.6") } },
	docker_required = { .wants = { YES("NAMESPACES"),
				       YES("NET_NS"),
				       YES("PID_NS"),
				       YES("IPC_NS"),
				       YES("UTS_NS"),
				       YES("CGROUPS"),
				       YES("CGROUP_CPUACCT"),
				       YES("CGROUP_DEVICE"),
				       YES("CGROUP_FREEZER"),
				       YES("CGROUP_SCHED"),
				       YES("CPUSETS"),
				       YES("MEMCG"),
				       YES("KEYS"),
				       EITHER("VETH"),
				       EITHER("BRIDGE"),
				       EITHER("BRIDGE_NETFILTER"),
				       EITHER("NETFILTER_XT_MATCH_ADDRTYPE"),
				       EITHER("NETFILTER_XT_MATCH_CONNTRACK"),
				       YES("POSIX_MQUEUE"),
				       EITHER("OVERLAY_FS"),
				       YES("CGROUP_BPF"),
				       EITHER("NF_NAT"),
				       EITHER("IP_NF_IPTABLES|NF_TABLES") } },
	docker_security = { .wants = { YES("USER_NS"), YES("CGROUP_PIDS"), YES("SECCOMP_FILTER"),
				       YES("SECURITY_APPARMOR|SECURITY_SELINUX") },
			    .is_docker = true };

#define ROW(i, s, t, a, w, y)                                                                      \
	{                                                                                          \
		.id = "host.kconfig." i, .kind = SW_HOST, .severity = s, .title = t,               \
		.fn = is_built_well, .arg = a, .wanted = w, .why = y,                              \
		.remedy = "boot a kernel of the distribution that has it, or build one so",        \
		.needs = SW_NEEDS_BOOT, .params = host_role_params                                 \
	}

const struct sw_check sw_host_kconfig_checks[] = {
	ROW("rwx", SW_MEDIUM, "The kernel's code is never writable", &rwx,
	    "STRICT_KERNEL_RWX=y, STRICT_MODULE_RWX=y",
	    "Code that can be written, or data that can be run, turns a bug into an exploit."),
	ROW("stackprotector", SW_MEDIUM, "The kernel notices an overflow of its stack",
	    &stackprotector, "STACKPROTECTOR_STRONG=y",
	    "Without it an overflow quietly returns to where the attacker likes."),
	ROW("kaslr", SW_MEDIUM, "The kernel can be placed at random", &kaslr,
	    "RANDOMIZE_BASE=y, on x86 RANDOMIZE_MEMORY=y",
	    "At known addresses one bug is enough. Kernels of small virtual machines leave it out "
	    "on purpose."),
	ROW("vmap_stack", SW_MEDIUM, "The kernel's stacks have guard pages", &vmap_stack,
	    "VMAP_STACK=y", "A stack that runs over else overwrites what is next to it."),
	ROW("usercopy", SW_MEDIUM, "Copies to and from users are checked", &usercopy,
	    "HARDENED_USERCOPY=y, HARDENED_USERCOPY_FALLBACK not set",
	    "A wrong length else copies the kernel's other data out, or over it."),
	ROW("fortify", SW_MEDIUM, "Copies within the kernel are checked", &fortify,
	    "FORTIFY_SOURCE=y", "Overflows of buffers of known size are then stopped."),
	ROW("slab", SW_LOW, "Lists of free memory are hardened", &slab,
	    "SLAB_FREELIST_RANDOM=y, SLAB_FREELIST_HARDENED=y, SHUFFLE_PAGE_ALLOCATOR=y",
	    "Attacks on the heap rely on knowing, or overwriting, what is handed out next."),
	ROW("init_stack", SW_LOW, "The kernel's local variables begin as zero", &init_stack,
	    "INIT_STACK_ALL_ZERO=y, or GCC_PLUGIN_STRUCTLEAK_BYREF_ALL=y",
	    "What was on the stack before is else leaked to programs."),
	ROW("list_hardened", SW_LOW, "Linked lists are checked", &list_hardened,
	    "LIST_HARDENED=y or DEBUG_LIST=y",
	    "A damaged list is a common way to write where one likes."),
	ROW("seccomp", SW_HIGH, "The kernel has filters of system calls", &seccomp,
	    "SECCOMP=y, SECCOMP_FILTER=y",
	    "Without them Docker's default profile does not apply, and containers may use every "
	    "system call."),
	ROW("devmem", SW_MEDIUM, "/dev/mem does not show the kernel's memory", &devmem,
	    "DEVMEM not set, or STRICT_DEVMEM=y",
	    "Root of a container with that device else reads and writes all memory."),
	ROW("bpf_unpriv", SW_LOW, "BPF is for root unless a setting opens it", &bpf_unpriv,
	    "BPF_UNPRIV_DEFAULT_OFF=y, or BPF_SYSCALL not set",
	    "Bugs of BPF's verifier were local roots again and again. A running host is judged by "
	    "kernel.unprivileged_bpf_disabled."),
	ROW("module_sig", SW_LOW, "Signatures of modules can be checked", &module_sig,
	    "MODULE_SIG=y, or MODULES not set",
	    "Without it nothing can tell a module of the distribution from an attacker's."),
	{ .id = "host.kconfig.lsm",
	  .kind = SW_HOST,
	  .severity = SW_HIGH,
	  .title = "A security module is built in and listed",
	  .fn = lsm_is_built,
	  .wanted = "SECURITY_APPARMOR, SECURITY_SELINUX, SECURITY_SMACK or SECURITY_TOMOYO is y, "
		    "and CONFIG_LSM has its name",
	  .why = "CONFIG_LSM may list what was never built, and leave out what was: then nothing "
		 "confines programs.",
	  .remedy = "boot a kernel of the distribution, or add lsm=…,apparmor (or selinux) to its "
		    "command line",
	  .needs = SW_NEEDS_BOOT | SW_NEEDS_MODULES },
	ROW("compat_brk", SW_LOW, "The heap is placed at random, too", &compat_brk,
	    "COMPAT_BRK not set", "It keeps the heap behind the program for the sake of libc 5."),
	ROW("kexec", SW_LOW, "Another kernel is started with a signature only", &kexec,
	    "KEXEC not set; KEXEC_SIG=y with KEXEC_FILE",
	    "Root else replaces the running kernel with any other, past Secure Boot."),
	ROW("debug_backdoors", SW_LOW, "Tools for debugging the kernel are not built in", &debug,
	    "ACPI_CUSTOM_METHOD, DEVKMEM, LKDTM, HWPOISON_INJECT, FAULT_INJECTION, DEBUG_KMEMLEAK, "
	    "KCOV, PROVIDE_OHCI1394_DMA_INIT not set; PROC_KCORE is for a person to decide",
	    "They read or change the kernel by design."),
	ROW("legacy", SW_LOW, "Old interfaces are not built in", &legacy,
	    "USELIB, MODIFY_LDT_SYSCALL, X86_X32_ABI, LEGACY_PTYS, BINFMT_AOUT, IP_DCCP, N_GSM and "
	    "CRYPTO_USER_API_* not set, or thought over",
	    "Code that few use is looked at by few, and programs reach all of it."),
	ROW("page_table_check", SW_LOW, "Further guards are built in", &page_table,
	    "PAGE_TABLE_CHECK, KFENCE, UBSAN_BOUNDS, ZERO_CALL_USED_REGS, RANDOM_KMALLOC_CACHES, "
	    "or thought over",
	    "Each makes some class of bugs harder to use, and costs a little."),
	{ .id = "host.kconfig.docker_required",
	  .kind = SW_HOST,
	  .severity = SW_MEDIUM,
	  .title = "The kernel has what dockerd needs",
	  .fn = has_what_docker_needs,
	  .arg = &docker_required,
	  .wanted = "namespaces, control groups, bridge, veth, overlay and packet filters: y, or m "
		    "with the module's file there",
	  .why = "What is missing makes the engine fail, or quietly do without a limit or a "
		 "filter.",
	  .remedy = "install the distribution's full kernel (not -cloud, -kvm or -virt), and its "
		    "modules",
	  .needs = SW_NEEDS_BOOT | SW_NEEDS_MODULES,
	  .params = host_role_params },
	ROW("docker_security", SW_MEDIUM, "The kernel has what isolates containers",
	    &docker_security, "USER_NS, CGROUP_PIDS, SECCOMP_FILTER, and AppArmor or SELinux",
	    "Without them user namespaces, limits of processes, filters of system calls or "
	    "profiles cannot be had, however containers are set up."),
	{ 0 },
};
