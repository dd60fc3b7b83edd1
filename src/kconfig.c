/* SPDX-License-Identifier: Apache-2.0 */
/* kconfig.c: see kconfig.h. */
#include "kconfig.h"

#include "facts.h"
#include "record.h"

/* Sorted. A check that reads another name finds nothing and cannot pass. */
static const char *const names[] = {
	"ACPI_CUSTOM_METHOD",
	"ALLOW_DEV_COREDUMP",
	"ARCH_MMAP_RND_BITS_MAX",
	"ATALK",
	"ATM",
	"AX25",
	"BINFMT_AOUT",
	"BINFMT_MISC",
	"BLK_DEV_WRITE_MOUNTED",
	"BPF_SYSCALL",
	"BPF_UNPRIV_DEFAULT_OFF",
	"BRIDGE",
	"BRIDGE_NETFILTER",
	"BT",
	"BUG_ON_DATA_CORRUPTION",
	"CAN",
	"CC_STACKPROTECTOR_STRONG",
	"CFI_CLANG",
	"CGROUPS",
	"CGROUP_BPF",
	"CGROUP_CPUACCT",
	"CGROUP_DEVICE",
	"CGROUP_FREEZER",
	"CGROUP_PIDS",
	"CGROUP_SCHED",
	"COMPAT_BRK",
	"CPUSETS",
	"CRAMFS",
	"CRYPTO_USER_API",
	"CRYPTO_USER_API_AEAD",
	"CRYPTO_USER_API_HASH",
	"CRYPTO_USER_API_RNG",
	"CRYPTO_USER_API_SKCIPHER",
	"DEBUG_FS",
	"DEBUG_FS_ALLOW_NONE",
	"DEBUG_FS_DISALLOW_MOUNT",
	"DEBUG_KMEMLEAK",
	"DEBUG_LIST",
	"DEBUG_RODATA",
	"DEBUG_SET_MODULE_RONX",
	"DECNET",
	"DEFAULT_SECURITY",
	"DEVKMEM",
	"DEVMEM",
	"FAULT_INJECTION",
	"FIREWIRE",
	"FORTIFY_SOURCE",
	"GCC_PLUGIN_STRUCTLEAK_BYREF_ALL",
	"HARDENED_USERCOPY",
	"HARDENED_USERCOPY_FALLBACK",
	"HFSPLUS_FS",
	"HFS_FS",
	"HWPOISON_INJECT",
	"IA32_EMULATION",
	"IA32_EMULATION_DEFAULT_DISABLED",
	"IEEE802154_SOCKET",
	"INIT_ON_ALLOC_DEFAULT_ON",
	"INIT_ON_FREE_DEFAULT_ON",
	"INIT_STACK_ALL_ZERO",
	"INTEL_IOMMU",
	"INTEL_IOMMU_DEFAULT_ON",
	"IOMMU_DEFAULT_DMA_STRICT",
	"IOMMU_DEFAULT_PASSTHROUGH",
	"IO_STRICT_DEVMEM",
	"IPC_NS",
	"IPX",
	"IP_DCCP",
	"IP_NF_FILTER",
	"IP_NF_IPTABLES",
	"IP_NF_NAT",
	"IP_NF_TARGET_MASQUERADE",
	"IP_SCTP",
	"JFFS2_FS",
	"KCOV",
	"KEXEC",
	"KEXEC_FILE",
	"KEXEC_SIG",
	"KEXEC_VERIFY_SIG",
	"KEYS",
	"KFENCE",
	"LDISC_AUTOLOAD",
	"LEGACY_PTYS",
	"LEGACY_TIOCSTI",
	"LEGACY_VSYSCALL_EMULATE",
	"LEGACY_VSYSCALL_NATIVE",
	"LEGACY_VSYSCALL_NONE",
	"LEGACY_VSYSCALL_XONLY",
	"LIST_HARDENED",
	"LKDTM",
	"LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY",
	"LOCK_DOWN_KERNEL_FORCE_INTEGRITY",
	"LOCK_DOWN_KERNEL_FORCE_NONE",
	"LSM",
	"LSM_MMAP_MIN_ADDR",
	"MEMCG",
	"MODIFY_LDT_SYSCALL",
	"MODULES",
	"MODULE_SIG",
	"MODULE_SIG_FORCE",
	"NAMESPACES",
	"NETFILTER_XT_MATCH_ADDRTYPE",
	"NETFILTER_XT_MATCH_CONNTRACK",
	"NETROM",
	"NET_NS",
	"NF_NAT",
	"NF_TABLES",
	"N_GSM",
	"N_HDLC",
	"OVERLAY_FS",
	"PAGE_TABLE_CHECK",
	"PAGE_TABLE_CHECK_ENFORCED",
	"PID_NS",
	"POSIX_MQUEUE",
	"PROC_KCORE",
	"PROC_MEM_ALWAYS_FORCE",
	"PROC_MEM_FORCE_PTRACE",
	"PROC_MEM_NO_FORCE",
	"PROVIDE_OHCI1394_DMA_INIT",
	"RANDOMIZE_BASE",
	"RANDOMIZE_KSTACK_OFFSET",
	"RANDOMIZE_KSTACK_OFFSET_DEFAULT",
	"RANDOMIZE_MEMORY",
	"RANDOM_KMALLOC_CACHES",
	"RDS",
	"ROSE",
	"SECCOMP",
	"SECCOMP_FILTER",
	"SECURITY",
	"SECURITY_APPARMOR",
	"SECURITY_DMESG_RESTRICT",
	"SECURITY_LANDLOCK",
	"SECURITY_LOCKDOWN_LSM",
	"SECURITY_SELINUX",
	"SECURITY_SELINUX_DEVELOP",
	"SECURITY_SMACK",
	"SECURITY_TOMOYO",
	"SECURITY_YAMA",
	"SHUFFLE_PAGE_ALLOCATOR",
	"SLAB_FREELIST_HARDENED",
	"SLAB_FREELIST_RANDOM",
	"SLAB_MERGE_DEFAULT",
	"SQUASHFS",
	"STACKPROTECTOR_STRONG",
	"STRICT_DEVMEM",
	"STRICT_KERNEL_RWX",
	"STRICT_MODULE_RWX",
	"TIPC",
	"UBSAN_BOUNDS",
	"UDF_FS",
	"USB_STORAGE",
	"USELIB",
	"USER_NS",
	"UTS_NS",
	"VETH",
	"VFAT_FS",
	"VMAP_STACK",
	"VXFS_FS",
	"X25",
	"X86_INTEL_TSX_MODE_AUTO",
	"X86_INTEL_TSX_MODE_OFF",
	"X86_INTEL_TSX_MODE_ON",
	"X86_VSYSCALL_EMULATION",
	"X86_X32",
	"X86_X32_ABI",
	"ZERO_CALL_USED_REGS",
};

/* A whole configuration, even of the smallest kernel, has more lines of symbols than this. */
enum { WHOLE_MIN = 300 };

static void note(json_t *settings, const char *name, const char *value)
{
	/* All names are members already, and no other is wanted. */
	if (json_object_get(settings, name))
		json_object_set_new(settings, name, json_string(value));
}

/* CONFIG_X=y, CONFIG_X="text". */
static void note_assignment(json_t *settings, char *name)
{
	char *value = strchr(name, '=');
	if (!value)
		return;
	*value++ = '\0';
	size_t n = strlen(value);
	if (n >= 2 && *value == '"' && value[n - 1] == '"') {
		value[n - 1] = '\0';
		value++;
	}
	note(settings, name, value);
}

/* Of a text that is not whole, what it does not mention is not known. */
static void note_untold(json_t *settings)
{
	const char *name;
	json_t *value;
	void *next;
	json_object_foreach_safe(settings, next, name, value)
	{
		if (*json_string_value(value) == '\0')
			json_object_set_new(settings, name,
					    fact_unread("CONFIG_%s: the configuration is not "
							"whole and does not mention it",
							name));
	}
}

/* "# Linux/x86 6.1.76 Kernel Configuration" */
static void note_heading(json_t *fact, const char *line)
{
	static const char start[] = "# Linux/";
	if (!starts_with(line, start) || !strstr(line, "Kernel Configuration"))
		return;
	const char *arch = line + sizeof(start) - 1;
	const char *blank = strchr(arch, ' '); /* "Kernel Configuration" has one */
	const char *version = blank + 1;
	json_object_set_new(fact, "arch", json_stringn(arch, (size_t)(blank - arch)));
	json_object_set_new(fact, "version", json_stringn(version, strcspn(version, " ")));
}

json_t *kconfig_fact(char *text, size_t n)
{
	static const char set[] = "CONFIG_", not_set[] = "# CONFIG_";
	json_t *settings = json_object();
	json_t *fact = json_pack("{sn sn so}", "version", "arch", "settings", settings);
	size_t n_set = 0, n_not_set = 0;
	for (size_t i = 0; i < n; i++)
		if (text[i] == '\0')
			text[i] = '?';
	utf8_mend(text, n);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		json_object_set_new(settings, names[i], json_string(""));
	for (char *line; (line = strsep(&text, "\n"));) {
		line[strcspn(line, "\r")] = '\0';
		if (starts_with(line, set)) {
			note_assignment(settings, line + sizeof(set) - 1);
			n_set++;
		} else if (starts_with(line, not_set) && ends_with(line, " is not set")) {
			char *name = line + sizeof(not_set) - 1;
			name[strcspn(name, " ")] = '\0';
			note(settings, name, "n");
			n_not_set++;
		} else {
			note_heading(fact, line);
		}
	}
	if (n_set + n_not_set < WHOLE_MIN)
		note_untold(settings);
	if (n_set > 0)
		return fact;
	json_decref(fact);
	return fact_unread("is no configuration of a kernel");
}
