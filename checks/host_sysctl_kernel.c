/* SPDX-License-Identifier: Apache-2.0 */
/* host_sysctl_kernel.c: kernel settings that are right within a range, whatever the host is for. */
#include <limits.h>

#include "host_sysctl.h"
#include "tables.h"

#define RULE(...) .fn = sysctl_is_right, .arg = &(const struct sysctl_rule)__VA_ARGS__
#define ROW(id_)  .id = "host.sysctl." id_, .kind = SW_HOST, .needs = SW_NEEDS_SYSCTL

const struct sw_check sw_host_sysctl_kernel_checks[] = {
	{
		ROW("kernel.randomize_va_space"),
		.severity = SW_HIGH,
		.title = "Addresses of processes are randomised",
		.why = "With fixed addresses an error in any program is far easier to turn into "
		       "code of the attacker's.",
		.wanted = "2",
		.remedy =
			SYSCTL_REMEDY("kernel.randomize_va_space = 2") "\nTake norandmaps from the "
								       "kernel's command line",
		RULE({ .key = "kernel/randomize_va_space",
		       .low = 2,
		       .high = 2,
		       .initial = "2",
		       .absence = { SW_FAIL, "it cannot randomise addresses" } }),
	},
	{
		ROW("kernel.yama.ptrace_scope"),
		.severity = SW_MEDIUM,
		.title = "Processes may trace only their own children",
		.why = "Otherwise one taken program of a user reads the memory of all others of "
		       "that user: keys, tokens, passwords.",
		.wanted = "1, 2 or 3",
		.remedy = SYSCTL_REMEDY(
			"kernel.yama.ptrace_scope = 1") "\nWithout the file /proc/sys/kernel/yama, "
							"put yama into lsm= of the "
							"kernel's command line",
		RULE({ .key = "kernel/yama/ptrace_scope",
		       .low = 1,
		       .high = 3,
		       .build = "the kernel has Yama among its security modules",
		       .absence = { SW_FAIL, "Yama is not among its security modules, so nothing "
					     "restricts tracing" } }),
	},
	{
		ROW("kernel.kptr_restrict"),
		.severity = SW_MEDIUM,
		.title = "Addresses of the kernel are hidden",
		.why = "An exploit of the kernel needs to know where things are; /proc tells it "
		       "to everyone.",
		.wanted = "1 or 2",
		.remedy = SYSCTL_REMEDY("kernel.kptr_restrict = 1"),
		RULE({ .key = "kernel/kptr_restrict",
		       .low = 1,
		       .high = 2,
		       .initial = "0",
		       .absence = { SW_FAIL, "it hides no addresses" } }),
	},
	{
		ROW("kernel.dmesg_restrict"),
		.severity = SW_LOW,
		.title = "The kernel's log is for administrators",
		.why = "It holds addresses and traces of what goes wrong, which help whoever "
		       "attacks the kernel.",
		.wanted = "1",
		.remedy = SYSCTL_REMEDY("kernel.dmesg_restrict = 1"),
		RULE({ .key = "kernel/dmesg_restrict",
		       .low = 1,
		       .high = 1,
		       .build = "the kernel was built with CONFIG_SECURITY_DMESG_RESTRICT",
		       .absence = { SW_SKIP, "it keeps no log" } }),
	},
	{
		ROW("kernel.perf_event_paranoid"),
		.severity = SW_MEDIUM,
		.title = "Performance counters of the kernel are for administrators",
		.why = "perf_event_open is large, has had many holes, and shows what other "
		       "processes do.",
		.wanted = "2 or more",
		.remedy = SYSCTL_REMEDY("kernel.perf_event_paranoid = 2"),
		/* 3 and 4 are patches of Debian's and Ubuntu's; others take them for 2. */
		RULE({ .key = "kernel/perf_event_paranoid",
		       .low = 2,
		       .high = INT_MAX,
		       .initial = "2",
		       .absence = { SW_PASS, "it was built without performance events" } }),
	},
	{
		ROW("kernel.unprivileged_bpf_disabled"),
		.severity = SW_HIGH,
		.title = "BPF programs are for administrators",
		.why = "The verifier of BPF programs has let ordinary users write to the kernel's "
		       "memory again and again.",
		.wanted = "1 or 2",
		.remedy = SYSCTL_REMEDY("kernel.unprivileged_bpf_disabled = 1"),
		RULE({ .key = "kernel/unprivileged_bpf_disabled",
		       .low = 1,
		       .high = 2,
		       .build = "the kernel was built with CONFIG_BPF_UNPRIV_DEFAULT_OFF",
		       .absence = { SW_PASS, "it was built without the system call bpf" } }),
	},
	{
		ROW("net.core.bpf_jit_harden"),
		.severity = SW_LOW,
		.title = "Compiled BPF programs are hardened",
		.why = "Constants in BPF programs are a way to place an attacker's code in the "
		       "kernel; blinding them stops it.",
		.wanted = "2",
		.remedy = SYSCTL_REMEDY("net.core.bpf_jit_harden = 2"),
		RULE({ .key = "net/core/bpf_jit_harden",
		       .low = 2,
		       .high = 2,
		       .initial = "0",
		       .absence = { SW_UNKNOWN,
				    "it does not compile BPF programs, or this is not its "
				    "first network namespace" } }),
	},
	{
		ROW("kernel.io_uring_disabled"),
		.severity = SW_LOW,
		.title = "io_uring is restricted",
		.why = "A large share of recent kernel exploits goes through io_uring, which "
		       "few servers need.",
		.wanted = "1 (members of io_uring_group only) or 2",
		.remedy = SYSCTL_REMEDY("kernel.io_uring_disabled = 2"),
		RULE({ .key = "kernel/io_uring_disabled",
		       .low = 1,
		       .high = 2,
		       .initial = "0",
		       .absence = { SW_WARN, "before Linux 6.6 io_uring is open to all, unless it "
					     "was left out of the build" } }),
	},
	{
		ROW("dev.tty.ldisc_autoload"),
		.severity = SW_MEDIUM,
		.title = "Users do not make the kernel load line disciplines",
		.why = "Any user could load old, rarely read drivers by opening a terminal, and "
		       "then use their holes.",
		.wanted = "0",
		.remedy = SYSCTL_REMEDY("dev.tty.ldisc_autoload = 0"),
		RULE({ .key = "dev/tty/ldisc_autoload",
		       .low = 0,
		       .high = 0,
		       .build = "the kernel was built without CONFIG_LDISC_AUTOLOAD",
		       .absence = { SW_FAIL, "before Linux 5.1 any user may have them loaded" } }),
	},
	{
		ROW("dev.tty.legacy_tiocsti"),
		.severity = SW_MEDIUM,
		.title = "Programs cannot type into their terminal",
		.why = "A program started with fewer rights (su, docker exec -t) can otherwise put "
		       "commands into the terminal of whoever started it.",
		.wanted = "0",
		.remedy = SYSCTL_REMEDY("dev.tty.legacy_tiocsti = 0"),
		RULE({ .key = "dev/tty/legacy_tiocsti",
		       .low = 0,
		       .high = 0,
		       .build = "the kernel was built without CONFIG_LEGACY_TIOCSTI",
		       .absence = { SW_FAIL, "before Linux 6.2 every program may" } }),
	},
	{
		ROW("fs.protected_symlinks"),
		.severity = SW_MEDIUM,
		.title = "Links of others in shared folders are not followed",
		.why = "In /tmp a link of an attacker's, placed in time, makes a privileged "
		       "program write elsewhere.",
		.wanted = "1",
		.remedy = SYSCTL_REMEDY("fs.protected_symlinks = 1"),
		RULE({ .key = "fs/protected_symlinks",
		       .low = 1,
		       .high = 1,
		       .initial = "0",
		       .absence = { SW_FAIL, "before Linux 3.6 all links are followed" } }),
	},
	{
		ROW("fs.protected_hardlinks"),
		.severity = SW_MEDIUM,
		.title = "Files of others cannot be linked to",
		.why = "A hard link keeps a set-id program with a known hole, or makes a "
		       "privileged program change a file it did not mean.",
		.wanted = "1",
		.remedy = SYSCTL_REMEDY("fs.protected_hardlinks = 1"),
		RULE({ .key = "fs/protected_hardlinks",
		       .low = 1,
		       .high = 1,
		       .initial = "0",
		       .absence = { SW_FAIL, "before Linux 3.6 all files can be linked to" } }),
	},
	{
		ROW("fs.protected_fifos"),
		.severity = SW_LOW,
		.title = "Pipes of others in shared folders are not opened for writing",
		.why = "A pipe that waits in /tmp under the name of a file receives what a "
		       "program meant to write there.",
		.wanted = "1 or 2",
		.remedy = SYSCTL_REMEDY("fs.protected_fifos = 1"),
		RULE({ .key = "fs/protected_fifos",
		       .low = 1,
		       .high = 2,
		       .initial = "0",
		       .absence = { SW_FAIL, "before Linux 4.19 they are" } }),
	},
	{
		ROW("fs.protected_regular"),
		.severity = SW_LOW,
		.title = "Files of others in shared folders are not opened for writing",
		.why = "A file that waits in /tmp under the right name receives, or changes, what "
		       "a program meant to write there. 2 holds in containers too and breaks some "
		       "images; 1 will do.",
		.wanted = "1 or 2",
		.remedy = SYSCTL_REMEDY("fs.protected_regular = 1"),
		RULE({ .key = "fs/protected_regular",
		       .low = 1,
		       .high = 2,
		       .initial = "0",
		       .absence = { SW_FAIL, "before Linux 4.19 they are" } }),
	},
	{
		ROW("kernel.oops_limit"),
		.severity = SW_LOW,
		.title = "The kernel stops after many errors of its own",
		.why = "An exploit that may fail without end succeeds in the end.",
		.wanted = "1 to 10000; 0 is no limit",
		.remedy = SYSCTL_REMEDY("kernel.oops_limit = 100"),
		RULE({ .key = "kernel/oops_limit",
		       .low = 1,
		       .high = 10000,
		       .initial = "10000",
		       .absence = { SW_WARN, "before Linux 6.2 there is no limit: see whether "
					     "kernel.panic_on_oops is 1" } }),
	},
	{
		ROW("kernel.warn_limit"),
		.severity = SW_LOW,
		.title = "The kernel stops after many warnings of its own",
		.why = "Some exploits show as thousands of warnings, and nothing stops them.",
		.wanted = "more than 0",
		.remedy = SYSCTL_REMEDY("kernel.warn_limit = 100"),
		RULE({ .key = "kernel/warn_limit",
		       .low = 1,
		       .high = INT_MAX,
		       .initial = "0",
		       .absence = { SW_WARN, "before Linux 6.2 there is no limit" } }),
	},
	{
		ROW("kernel.apparmor_restrict_unprivileged_userns"),
		.severity = SW_MEDIUM,
		.title = "AppArmor says who may make user namespaces",
		.why = "In a namespace of their own users reach parts of the kernel that were "
		       "meant for root. A rootless engine needs a profile, not 0.",
		.wanted = "1 where the kernel has it (Ubuntu)",
		.remedy = SYSCTL_REMEDY(
			"kernel.apparmor_restrict_unprivileged_userns = 1") "\nA rootless engine: "
									    "give rootlesskit a "
									    "profile in "
									    "/etc/apparmor.d",
		RULE({ .key = "kernel/apparmor_restrict_unprivileged_userns",
		       .low = 1,
		       .high = 1,
		       .build = "the kernel is Ubuntu's of 23.10 or later",
		       .absence = { SW_SKIP, "it is a patch of Ubuntu's" } }),
	},
	{
		ROW("kernel.apparmor_restrict_unprivileged_unconfined"),
		.severity = SW_LOW,
		.title = "Unconfined programs cannot change into a profile that allows more",
		.why = "aa-exec otherwise leads around the restriction of user namespaces.",
		.wanted = "1 where the kernel has it (Ubuntu)",
		.remedy = SYSCTL_REMEDY("kernel.apparmor_restrict_unprivileged_unconfined = 1"),
		RULE({ .key = "kernel/apparmor_restrict_unprivileged_unconfined",
		       .low = 1,
		       .high = 1,
		       .build = "the kernel is Ubuntu's, whose own value is 0",
		       .absence = { SW_SKIP, "it is a patch of Ubuntu's" } }),
	},
	{
		ROW("net.ipv4.icmp_echo_ignore_broadcasts"),
		.severity = SW_LOW,
		.title = "Pings to all are not answered",
		.why = "Answers to a forged address flood whoever has it.",
		.wanted = "1",
		.remedy = SYSCTL_REMEDY("net.ipv4.icmp_echo_ignore_broadcasts = 1"),
		RULE({ .key = "net/ipv4/icmp_echo_ignore_broadcasts",
		       .low = 1,
		       .high = 1,
		       .initial = "1",
		       .absence = { SW_SKIP, "it was built without IPv4" } }),
	},
	{
		ROW("net.ipv4.icmp_ignore_bogus_error_responses"),
		.severity = SW_LOW,
		.title = "Broken ICMP errors are not logged",
		.why = "Routers that break the rules would fill the log.",
		.wanted = "1",
		.remedy = SYSCTL_REMEDY("net.ipv4.icmp_ignore_bogus_error_responses = 1"),
		RULE({ .key = "net/ipv4/icmp_ignore_bogus_error_responses",
		       .low = 1,
		       .high = 1,
		       .initial = "1",
		       .absence = { SW_SKIP, "it was built without IPv4" } }),
	},
	{
		ROW("net.ipv4.tcp_syncookies"),
		.severity = SW_MEDIUM,
		.title = "A flood of connections does not shut the host off",
		.why = "Half-open connections fill the queue, and nobody gets in; cookies need no "
		       "queue. They serve IPv6 too.",
		.wanted = "1 or 2",
		.remedy = SYSCTL_REMEDY("net.ipv4.tcp_syncookies = 1"),
		RULE({ .key = "net/ipv4/tcp_syncookies",
		       .low = 1,
		       .high = 2,
		       .initial = "1",
		       .absence = { SW_FAIL, "it was built without CONFIG_SYN_COOKIES" } }),
	},
	{
		ROW("net.ipv4.tcp_rfc1337"),
		.severity = SW_LOW,
		.title = "Late packets do not end waiting connections",
		.why = "A reset that comes late takes away the wait that protects the next "
		       "connection on the same ports.",
		.wanted = "1",
		.remedy = SYSCTL_REMEDY("net.ipv4.tcp_rfc1337 = 1"),
		RULE({ .key = "net/ipv4/tcp_rfc1337",
		       .low = 1,
		       .high = 1,
		       .initial = "0",
		       .absence = { SW_SKIP, "it was built without IPv4" } }),
	},
	{
		ROW("net.ipv4.ip_unprivileged_port_start"),
		.severity = SW_LOW,
		.title = "Ports below 1024 need privileges on the host",
		.why = "Otherwise any user may take the port of a service that is down, and "
		       "receive its clients' passwords. Engines set 0 within containers, which is "
		       "no matter here; a rootless engine may need 80.",
		.wanted = "1024 or more",
		.remedy = SYSCTL_REMEDY("net.ipv4.ip_unprivileged_port_start = 1024"),
		RULE({ .key = "net/ipv4/ip_unprivileged_port_start",
		       .low = 1024,
		       .high = 65536,
		       .initial = "1024",
		       .absence = { SW_PASS, "before Linux 4.11 they always do" } }),
	},
	{ 0 },
};
