/* SPDX-License-Identifier: Apache-2.0 */
/* lsm.c: see lsm.h. */
#include "lsm.h"

#include <errno.h>
#include <sys/syscall.h>

#include "text.h"

/* linux/landlock.h and the table of system calls; both may be newer than the headers here. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif
#ifndef SYS_lsm_list_modules
#define SYS_lsm_list_modules 461
#endif

enum { MODULES_MAX = 64, VERSION_FLAG = 1 };

char *lsm_text(void)
{
	struct text t = { 0 };
	uint64_t ids[MODULES_MAX];
	uint32_t size = sizeof(ids);
	long n = syscall(SYS_lsm_list_modules, ids, &size, 0);
	if (n < 0 || n > MODULES_MAX)
		text_printf(&t, "modules-error %d\n", n < 0 ? errno : E2BIG);
	for (long i = 0; i < n && n <= MODULES_MAX; i++)
		text_printf(&t, "module %llu\n", (unsigned long long)ids[i]);
	n = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, VERSION_FLAG);
	if (n < 0)
		text_printf(&t, "landlock-error %d\n", errno);
	else
		text_printf(&t, "landlock %ld\n", n);
	return text_take(&t);
}

const char *lsm_name(int64_t id)
{
	/* linux/lsm.h */
	static const char *const names[] = { "capability", "selinux", "smack",    "tomoyo",
					     "apparmor",   "yama",    "loadpin",  "safesetid",
					     "lockdown",   "bpf",     "landlock", "ima",
					     "evm",        "ipe" };
	enum { FIRST = 100 };
	return id >= FIRST && id < FIRST + (int64_t)ARRAY_SIZE(names) ? names[id - FIRST] : NULL;
}
