/* SPDX-License-Identifier: Apache-2.0 */
/* host_pam.h: what the stacks of PAM do with a module; private to checks/. */
#ifndef SW_CHECKS_HOST_PAM_H
#define SW_CHECKS_HOST_PAM_H

#include <seaworthy/check.h>

#define PAM "@host/pam/"

enum { PAM_STACKS = 3 };

/*
 * The stacks of a type through which people come in ("auth", "account", "session": login and sshd;
 * "password": passwd too), those that are there: returns how many, paths in ret. 0 is said: skip
 * where PAM is not used, or unknown.
 */
size_t pam_stacks(struct sw_eval *e, const char *type, const char *ret[PAM_STACKS]);
/* Entry of the module that is reached and installed, from index *i on, which is moved past it; NULL
 * when there is no more. */
const char *pam_next(struct sw_eval *e, const char *stack, const char *module, size_t *i);
/* The first such of one stack, and of any stack of the type. */
const char *pam_find(struct sw_eval *e, const char *stack, const char *module);
const char *pam_find_any(struct sw_eval *e, const char *type, const char *module);

/* Is the same line of a file in one of the first n stacks too? Then it was judged. */
bool pam_is_seen(struct sw_eval *e, const char *const *stacks, size_t n, const char *module,
		 const char *entry);

/* NAME=value among the arguments of an entry (the last counts), "" for NAME alone, else NULL. */
const char *pam_argument(struct sw_eval *e, const char *entry, const char *name);
/* "/etc/pam.d/common-auth:17" */
const char *pam_place(struct sw_eval *e, const char *entry);
/* What a stack is called: "sshd". */
const char *pam_service(struct sw_eval *e, const char *stack);

#endif
