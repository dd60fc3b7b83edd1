/* SPDX-License-Identifier: Apache-2.0 */
/* sandbox.c: see sandbox.h. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "sandbox.h"

#include <errno.h>

#ifdef DISABLE_SANDBOX

int sandbox_seal(struct sandbox_state *ret)
{
	*ret = (struct sandbox_state){ .why = "built with --disable-sandbox" };
	return -ENOTSUP;
}

#else

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#ifdef HAVE_SECCOMP
#include <seccomp.h>
#endif

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444 /* the same on every architecture */
#define SYS_landlock_restrict_self  446
#endif

static void missing(struct sandbox_state *s, const char *what, const char *reason)
{
	size_t n = strlen(s->why);
	snprintf(s->why + n, sizeof(s->why) - n, "%s%s: %s", n ? "; " : "", what, reason);
}

/* --- Landlock -------------------------------------------------------------------------------- */

/*
 * struct landlock_ruleset_attr of ABI 6; the header of an older kernel is shorter. An older kernel
 * takes the longer one as long as what it does not know is zero
 * (Documentation/userspace-api/landlock.rst).
 */
struct ruleset {
	uint64_t fs, net, scoped;
};

/* What each ABI added. */
static const struct {
	int abi;
	struct ruleset adds;
} landlock_abis[] = {
	{ 1, { .fs = 0x1fff } },   /* execute … make_sym */
	{ 2, { .fs = 1u << 13 } }, /* refer */
	{ 3, { .fs = 1u << 14 } }, /* truncate */
	{ 4, { .net = 3 } },       /* bind and connect of TCP */
	{ 5, { .fs = 1u << 15 } }, /* ioctl of devices */
	{ 6, { .scoped = 3 } },    /* abstract unix sockets, signals */
};

enum { LANDLOCK_VERSION = 1 };

static int landlock_seal(int abi)
{
	struct ruleset all = { 0 };
	for (size_t i = 0; i < ARRAY_SIZE(landlock_abis); i++) {
		if (landlock_abis[i].abi > abi)
			break;
		all.fs |= landlock_abis[i].adds.fs;
		all.net |= landlock_abis[i].adds.net;
		all.scoped |= landlock_abis[i].adds.scoped;
	}
	/* No rule is added: all that is handled is denied. */
	AUTO_CLOSE int fd = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);
	if (fd < 0 || syscall(SYS_landlock_restrict_self, fd, 0) < 0)
		return -errno;
	return 0;
}

static void shut_landlock(struct sandbox_state *s)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION);
	int bad = abi < 0 ? -errno : landlock_seal((int)abi);
	s->landlock = bad == 0;
	s->landlock_abi = abi > 0 ? (int)abi : 0;
	if (bad)
		missing(s, "Landlock", strerror(-bad));
}

/* --- seccomp --------------------------------------------------------------------------------- */

#ifdef HAVE_SECCOMP

#define WORD UINT64_C(0xffffffff)

/* Work on what is open already, memory, time and the end. */
static const int allowed[] = {
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(pread64),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(close),
	SCMP_SYS(lseek),
	SCMP_SYS(_llseek),
	SCMP_SYS(fstat),
	SCMP_SYS(fstat64),
	SCMP_SYS(fsync),
	SCMP_SYS(fdatasync),
	SCMP_SYS(ftruncate),
	SCMP_SYS(ftruncate64),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(ppoll_time64),
	SCMP_SYS(select),
	SCMP_SYS(pselect6),
	SCMP_SYS(sendto),
	SCMP_SYS(recvfrom),
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(futex),
	SCMP_SYS(futex_time64),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_gettime64),
	SCMP_SYS(clock_getres),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(nanosleep),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(getrandom),
	SCMP_SYS(uname),
	SCMP_SYS(sysinfo),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getppid),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
	SCMP_SYS(getrusage),
	SCMP_SYS(times),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* A C library tries these for locales, time zones and names, and lives with a refusal. */
static const int refused[] = {
	SCMP_SYS(open),       SCMP_SYS(openat),     SCMP_SYS(openat2),    SCMP_SYS(creat),
	SCMP_SYS(stat),       SCMP_SYS(stat64),     SCMP_SYS(lstat),      SCMP_SYS(lstat64),
	SCMP_SYS(access),     SCMP_SYS(faccessat),  SCMP_SYS(faccessat2), SCMP_SYS(readlink),
	SCMP_SYS(readlinkat), SCMP_SYS(getcwd),     SCMP_SYS(statfs),     SCMP_SYS(fstatfs),
	SCMP_SYS(prctl),      SCMP_SYS(getdents64),
};

/* By one argument, tested as (argument & mask) == value; any other value kills. */
static const struct {
	int call;
	unsigned arg;
	uint64_t mask, value;
	bool refused; /* else allowed */
} limited[] = {
	{ SCMP_SYS(ioctl), 1, WORD, TIOCGWINSZ, false },
	/* isatty(3), by the call of the old and of the new C libraries. */
	{ SCMP_SYS(ioctl), 1, WORD, TCGETS, true },
	{ SCMP_SYS(ioctl), 1, WORD, _IOC(_IOC_READ, 'T', 0x2a, 44), true },
	{ SCMP_SYS(fcntl), 1, WORD, F_GETFL, false },
	{ SCMP_SYS(fcntl), 1, WORD, F_SETFL, false },
	{ SCMP_SYS(fcntl), 1, WORD, F_GETFD, false },
	{ SCMP_SYS(fcntl), 1, WORD, F_SETFD, false },
	{ SCMP_SYS(fcntl64), 1, WORD, F_GETFL, false },
	{ SCMP_SYS(fcntl64), 1, WORD, F_SETFL, false },
	{ SCMP_SYS(mmap), 2, PROT_EXEC, 0, false },
	{ SCMP_SYS(mmap2), 2, PROT_EXEC, 0, false },
	{ SCMP_SYS(mprotect), 2, PROT_EXEC, 0, false },
	/* fstat(3) of newer C libraries; of a path no more than its stat could be learnt. */
	{ SCMP_SYS(newfstatat), 3, AT_EMPTY_PATH, AT_EMPTY_PATH, false },
	{ SCMP_SYS(newfstatat), 3, AT_EMPTY_PATH, 0, true },
	{ SCMP_SYS(fstatat64), 3, AT_EMPTY_PATH, AT_EMPTY_PATH, false },
	{ SCMP_SYS(fstatat64), 3, AT_EMPTY_PATH, 0, true },
	{ SCMP_SYS(statx), 2, AT_EMPTY_PATH, AT_EMPTY_PATH, false },
	{ SCMP_SYS(statx), 2, AT_EMPTY_PATH, 0, true },
	/* Reading a limit, not setting one. */
	{ SCMP_SYS(prlimit64), 2, UINT64_MAX, 0, false },
};

static const uint32_t refusal = SCMP_ACT_ERRNO(EPERM);

/* A call that this architecture does not have is no loss. */
static int add_rule(scmp_filter_ctx ctx, uint32_t action, int call)
{
	int bad = seccomp_rule_add(ctx, action, call, 0);
	return bad == -EDOM ? 0 : bad;
}

static int add_limited(scmp_filter_ctx ctx, size_t i)
{
	struct scmp_arg_cmp only =
		SCMP_CMP(limited[i].arg, SCMP_CMP_MASKED_EQ, limited[i].mask, limited[i].value);
	uint32_t action = limited[i].refused ? refusal : SCMP_ACT_ALLOW;
	int bad = seccomp_rule_add_array(ctx, action, limited[i].call, 1, &only);
	return bad == -EDOM ? 0 : bad;
}

/* abort(3) signals this process itself. */
static int add_abort(scmp_filter_ctx ctx)
{
	struct scmp_arg_cmp self = {
		.arg = 0,
		.op = SCMP_CMP_EQ,
		.datum_a = (scmp_datum_t)getpid(),
	};
	return seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &self);
}

static int fill_filter(scmp_filter_ctx ctx)
{
	int bad = add_abort(ctx);
	for (size_t i = 0; i < ARRAY_SIZE(allowed) && !bad; i++)
		bad = add_rule(ctx, SCMP_ACT_ALLOW, allowed[i]);
	for (size_t i = 0; i < ARRAY_SIZE(refused) && !bad; i++)
		bad = add_rule(ctx, refusal, refused[i]);
	for (size_t i = 0; i < ARRAY_SIZE(limited) && !bad; i++)
		bad = add_limited(ctx, i);
	return bad;
}

static void filter_done(scmp_filter_ctx *ctx)
{
	if (*ctx)
		seccomp_release(*ctx);
}

static void shut_seccomp(struct sandbox_state *s)
{
	CLEANUP(filter_done) scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (!ctx) {
		missing(s, "seccomp", "no filter could be made");
		return;
	}
	/* A tree instead of a chain of comparisons; libseccomp before 2.5 does without. */
	seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	int bad = fill_filter(ctx);
	if (!bad)
		bad = seccomp_load(ctx);
	s->seccomp = bad == 0;
	if (bad)
		missing(s, "seccomp", strerror(-bad));
}

#else

static void shut_seccomp(struct sandbox_state *s)
{
	missing(s, "seccomp", "built without libseccomp");
}

#endif

int sandbox_seal(struct sandbox_state *ret)
{
	struct sandbox_state s = { 0 };
	s.no_new_privs = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
	if (!s.no_new_privs)
		missing(&s, "no_new_privs", strerror(errno));
	shut_landlock(&s);
	shut_seccomp(&s);
	*ret = s;
	return s.no_new_privs && s.landlock && s.seccomp ? 0 : -ENOTSUP;
}

#endif
