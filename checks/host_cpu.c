/* SPDX-License-Identifier: Apache-2.0 */
/* host_cpu.c: what the kernel says of flaws and features of its processors. */
#include <string.h>
#include <strings.h>

#include "host_common.h"
#include "tables.h"

#define CPU      "@host/cpu"
#define FLAWS    CPU "/vulnerabilities"
#define SMT_PART "SMT vulnerable"

struct flaw {
	const char *file;
	const char *absent; /* why a kernel without the file need not be asked; NULL: it must */
};

static bool begins(const char *s, const char *start)
{
	return strncasecmp(s, start, strlen(start)) == 0;
}

static bool mentions(const char *s, size_t n, const char *word)
{
	size_t k = strlen(word);

	for (size_t i = 0; i + k <= n; i++)
		if (strncasecmp(s + i, word, k) == 0)
			return true;
	return false;
}

/* "Mitigation: X; Y: Vulnerable, SMT vulnerable": each clause counts. */
static void judge_clauses(struct sw_eval *e, const char *name, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, ";,");
		if (mentions(text, n, SMT_PART))
			sw_warn(e, "%s: %.*s: do threads of one core serve one owner only?", name,
				(int)n, text);
		else if (mentions(text, n, "SMT Host state unknown"))
			sw_warn(e, "%s:%.*s: ask whoever runs the hypervisor", name, (int)n, text);
		else if (mentions(text, n, "vulnerable"))
			sw_fail(e, "%s:%.*s", name, (int)n, text);
		text += n + (text[n] != '\0');
	}
}

static void judge_flaw(struct sw_eval *e, const char *name, const char *text)
{
	if (begins(text, "KVM: "))
		text += strlen("KVM: ");
	if (begins(text, "Not affected"))
		return;
	if (begins(text, "Mitigation"))
		judge_clauses(e, name, text + strlen("Mitigation") + strspn(text + 10, ":"));
	else if (begins(text, "Vulnerable"))
		sw_fail(e, "%s: %s", name, text);
	else if (begins(text, "Processor vulnerable"))
		sw_warn(e, "%s: %s: are guests of others run here?", name, text);
	else
		sw_unknown(e, "%s: %s", name, *text ? text : "nothing is told");
}

static const char *pass_note(struct sw_eval *e)
{
	return sw_contains(e, CPU "/processors/flags", "hypervisor")
		       ? "as far as the hypervisor shows the processor"
		       : "";
}

static enum sw_verdict with_note(struct sw_eval *e)
{
	const char *note = sw_said(e) == SW_PASS ? pass_note(e) : "";

	return *note ? sw_pass(e, "%s", note) : sw_said(e);
}

static enum sw_verdict no_flaw_is_open(struct sw_eval *e)
{
	size_t n = sw_count(e, FLAWS);

	if (n == 0)
		return sw_unknown(e, "the kernel tells of no flaw at all: it is too old");
	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, FLAWS, i);
		judge_flaw(e, name, sw_str(e, sw_at(e, FLAWS "/%s", sw_esc(e, name)), ""));
	}
	return with_note(e);
}

static enum sw_verdict flaw_is_mitigated(struct sw_eval *e)
{
	const struct flaw *f = sw_arg(e);
	const char *at = sw_at(e, FLAWS "/%s", f->file);

	if (!sw_has(e, at)) {
		if (f->absent)
			return sw_skip(e, "%s", f->absent);
		return sw_unknown(e, "this kernel does not know of %s: it is too old", f->file);
	}
	judge_flaw(e, f->file, sw_str(e, at, ""));
	return with_note(e);
}

/* --- threads, features, microcode ----------------------------------------------------------------
 */

static enum sw_verdict threads_do_not_leak(struct sw_eval *e)
{
	size_t n = sw_count(e, FLAWS);
	const char *active = CPU "/smt/active";

	if (sw_has(e, active) && strcmp(sw_str(e, active, ""), "0") == 0)
		return sw_pass(e, "no core runs two threads");
	if (n == 0)
		return sw_unknown(e, "the kernel tells of no flaw at all: it is too old");
	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, FLAWS, i);
		const char *text = sw_str(e, sw_at(e, FLAWS "/%s", sw_esc(e, name)), "");
		if (mentions(text, strlen(text), SMT_PART))
			sw_fail(e, "%s is not mitigated between threads of a core", name);
		else if (mentions(text, strlen(text), "SMT Host state unknown"))
			sw_warn(e, "%s: the hypervisor does not tell whether threads share cores",
				name);
	}
	return sw_said(e);
}

struct features {
	const char *flags[4];
};

static bool is_x86(struct sw_eval *e)
{
	const char *machine = sw_str(e, "@host/kernel/machine", "");

	return strcmp(machine, "x86_64") == 0 ||
	       (machine[0] == 'i' && strcmp(machine + 2, "86") == 0);
}

static enum sw_verdict features_are_there(struct sw_eval *e)
{
	const struct features *f = sw_arg(e);

	if (!host_is_running(e))
		return sw_skip(e, "needs a running system");
	if (!is_x86(e))
		return sw_skip(e, "is asked of x86 only");
	if (!sw_has(e, CPU "/processors/flags"))
		return sw_unknown(e, "/proc/cpuinfo has no flags");
	for (size_t i = 0; i < 4 && f->flags[i]; i++)
		if (!sw_contains(e, CPU "/processors/flags", f->flags[i]))
			sw_fail(e, "the processors have no %s", f->flags[i]);
	if (f->flags[0] && strcmp(f->flags[0], "nx") == 0 &&
	    sw_has(e, "@host/boot/running/options/noexec") &&
	    strcmp(sw_str(e, "@host/boot/running/options/noexec/0", ""), "off") == 0)
		sw_fail(e, "the running kernel has noexec=off");
	return sw_said(e);
}

/* What hypervisors put in its place. */
static bool is_made_up(const char *revision)
{
	return strcmp(revision, "0x1") == 0 || strcmp(revision, "0xffffffff") == 0 ||
	       strcmp(revision, "0x0") == 0;
}

static enum sw_verdict microcode_is_uniform(struct sw_eval *e)
{
	size_t n = sw_count(e, CPU "/processors/microcode");
	const char *first = n ? sw_str(e, CPU "/processors/microcode/0", "") : "";

	if (n == 0)
		return sw_skip(e, "the kernel does not tell the revision of microcode");
	if (n == 1 && is_made_up(first))
		return sw_skip(e, "a guest: %s is no revision of microcode", first);
	if (n > 1)
		return sw_fail(e,
			       "processors have %zu revisions of microcode, %s and %s among them",
			       n, first, sw_str(e, CPU "/processors/microcode/1", ""));
	return sw_pass(e, "all have %s", first);
}

/* --- the table ----------------------------------------------------------------------------------
 */

#define FLAW(name, t, y)                                                                           \
	{                                                                                          \
		.id = "host.cpu.vuln." name, .kind = SW_HOST, .severity = SW_MEDIUM, .title = t,   \
		.fn = flaw_is_mitigated, .arg = &(const struct flaw){ .file = name },              \
		.wanted = "Not affected, or a mitigation without a vulnerable part", .why = y,     \
		.remedy =                                                                          \
			"update the kernel and the microcode (intel-microcode, amd64-microcode, "  \
			"or the firmware), and take mitigations=off off the command line",         \
		.needs = SW_NEEDS_BOOT                                                             \
	}
#define FLAW_SKIPPED(name, t, y, a)                                                                \
	{                                                                                          \
		.id = "host.cpu.vuln." name, .kind = SW_HOST, .severity = SW_MEDIUM, .title = t,   \
		.fn = flaw_is_mitigated, .arg = &(const struct flaw){ .file = name, .absent = a }, \
		.wanted = "Not affected, or a mitigation without a vulnerable part", .why = y,     \
		.remedy =                                                                          \
			"update the kernel and the microcode (intel-microcode, amd64-microcode, "  \
			"or the firmware)",                                                        \
		.needs = SW_NEEDS_BOOT                                                             \
	}
#define OTHER(i, s, t, f, a, w, y, r)                                                              \
	{                                                                                          \
		.id = "host.cpu." i, .kind = SW_HOST, .severity = s, .title = t, .fn = f,          \
		.arg = a, .wanted = w, .why = y, .remedy = r, .needs = SW_NEEDS_BOOT               \
	}

static const struct features nx = { { "nx" } };
static const struct features supervisor = { { "smep", "smap", "umip" } };

const struct sw_check sw_host_cpu_checks[] = {
	OTHER("vuln", SW_HIGH, "No flaw of the processor is left open", no_flaw_is_open, NULL,
	      "no file of /sys/devices/system/cpu/vulnerabilities says Vulnerable",
	      "Through such a flaw a program reads what belongs to the kernel or to another "
	      "container.",
	      "update the kernel and the microcode, and take mitigations=off off the command line"),
	FLAW("spectre_v2", "Jumps are not steered by others (Spectre 2)",
	     "Trained branch predictors let a program read the kernel's memory."),
	FLAW("spectre_v1", "Bounds hold in speculation too (Spectre 1)",
	     "Checks of bounds that are skipped in speculation leak what lies behind."),
	FLAW("meltdown", "The kernel's memory is not mapped for users (Meltdown)",
	     "Without page table isolation every program reads all of the kernel's memory."),
	FLAW("spec_store_bypass", "Loads do not overtake stores where that leaks (SSB)",
	     "Old data becomes visible to code of another owner in the same process, as in "
	     "browsers and interpreters."),
	FLAW("l1tf", "The first level cache does not leak (L1TF)",
	     "Guests read what other guests and the host left in the cache."),
	FLAW("mds", "Buffers of the processor do not leak (MDS)",
	     "What other programs just loaded or stored can be sampled."),
	FLAW("tsx_async_abort", "Aborted transactions do not leak (TAA)",
	     "It gives the same data away as MDS does, through transactions."),
	FLAW("srbds", "Random numbers do not leak between cores (SRBDS)",
	     "What RDRAND gave to one program, keys among it, is seen by another."),
	FLAW("mmio_stale_data", "Old data of devices' accesses does not leak",
	     "Guests with devices of their own read remains of others' data."),
	FLAW("retbleed", "Returns are not steered by others (Retbleed)",
	     "It reopens Spectre 2 on processors where returns are predicted like jumps."),
	FLAW("spec_rstack_overflow", "The return stack is not steered by others (SRSO)",
	     "A program on AMD's processors reads the kernel's memory; new microcode is part of "
	     "the remedy."),
	FLAW("gather_data_sampling", "Gather instructions do not leak (Downfall)",
	     "Remains of vector registers of other programs, keys among them, can be read."),
	FLAW("reg_file_data_sampling", "Register files do not leak (RFDS)",
	     "Remains of registers of other programs can be read on Intel's small cores."),
	FLAW("indirect_target_selection", "Indirect jumps stay where they belong (ITS)",
	     "Guests and programs steer jumps of the kernel in spite of older mitigations."),
	FLAW("tsa", "Timing of stores and loads does not leak (TSA)",
	     "On AMD's processors the time that a load takes tells of others' data."),
	FLAW("vmscape", "Guests do not steer their hypervisor (VMScape)",
	     "A guest reads memory of the program that runs it. It matters where guests run."),
	FLAW_SKIPPED("ghostwrite", "Programs do not write to memory past the MMU (GhostWrite)",
		     "Vector instructions of some RISC-V cores write to any physical address.",
		     "this kernel does not tell; the flaw is one of RISC-V processors"),
	FLAW_SKIPPED("old_microcode", "The microcode is not known to be old",
		     "Old microcode leaves flaws open of which the kernel may not know.",
		     "this kernel has no list of microcode (Linux 6.17 has)"),
	OTHER("smt", SW_LOW, "Threads of one core do not leak to each other", threads_do_not_leak,
	      NULL, "one thread a core, or no flaw that is open between them",
	      "Two containers on one core else read each other's data. Where they belong to owners "
	      "who do not trust each other, take it for more than hygiene.",
	      "boot with mitigations=auto,nosmt, or: echo off "
	      ">/sys/devices/system/cpu/smt/control"),
	OTHER("nx", SW_MEDIUM, "Data cannot be executed", features_are_there, &nx,
	      "flag nx on all processors (x86), no noexec=off",
	      "Without it each overflow of a buffer is code that runs.",
	      "switch XD/NX on in the firmware's setup"),
	OTHER("smep_smap_umip", SW_LOW, "The kernel does not run or read users' memory by mistake",
	      features_are_there, &supervisor, "flags smep, smap and umip on all processors (x86)",
	      "They stop most exploits that make the kernel jump to a program's memory.",
	      "show them to the guest (CPU model of the hypervisor), or newer hardware"),
	OTHER("microcode", SW_LOW, "All processors have the same microcode", microcode_is_uniform,
	      NULL, "one revision",
	      "Mixed revisions mean that an update failed on some cores, whose flaws stay open.",
	      "update the microcode and reboot"),
	{ 0 },
};
