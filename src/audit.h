/* SPDX-License-Identifier: Apache-2.0 */
/* audit.h: the only way to libaudit: what rules the kernel has loaded, and what system calls are
 * called.
 */
#ifndef SW_AUDIT_H
#define SW_AUDIT_H

#include "frame.h"

enum {
	AUDIT_RULES_MAX = 10000,
	AUDIT_DUMP_MAX = 16 << 20,
	AUDIT_SECONDS = 10, /* for the whole dump */
};

/*
 * Answers the kernel's struct audit_status and struct audit_features, then each loaded rule as
 * struct audit_rule_data, in the order they are tried; before each of them its length as uint32_t.
 * 0, or negative errno (-EPERM: CAP_AUDIT_CONTROL is needed; -ECONNREFUSED: not in the first user
 * namespace; -EFBIG: too many).
 */
int audit_dump(struct reply *r, const char **ret_why);

/* Of one architecture (AUDIT_ARCH_*, linux/audit.h): a call's number, or -1; its name, or NULL. */
int audit_syscall_number(const char *name, uint32_t arch);
const char *audit_syscall_name(int number, uint32_t arch);

#endif
