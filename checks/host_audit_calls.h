/* SPDX-License-Identifier: Apache-2.0 */
/* host_audit_calls.h: what the rules looked at so far make of some system calls. */
#ifndef SW_CHECKS_HOST_AUDIT_CALLS_H
#define SW_CHECKS_HOST_AUDIT_CALLS_H

#include "host_audit.h"

/* A program may make system calls by either of these on most machines. */
enum { ABI_64, ABI_32, ABIS };
enum { CALLS_MAX = 16 };

struct host_audit_calls {
	const char *names[CALLS_MAX];
	size_t n;
	unsigned wanted[ABIS], open[ABIS], taken[ABIS]; /* a bit per name */
	const char *filters;
	const char *limited_by, *taken_by, *doubt;
	bool is_filtered; /* by who logged in */
	bool is_odd;
};

/* Is s one of the words of list (may be NULL), which "|" parts? */
bool host_audit_is_one_of(const char *s, const char *list);
/* Adds names, as of struct host_calls, for each interface that the machine has. */
void host_audit_add_names(struct sw_eval *e, struct host_audit_calls *c, const char *names,
			  bool is_native);
/* The first field of a rule that leaves out more than may be, or NULL. */
const char *host_audit_narrowing(struct sw_eval *e, const char *rule, const char *filters,
				 bool *ret_of_people);
/* Is a rule of this arch ("" for none) tried for calls of the interface? */
bool host_audit_is_of_abi(const char *arch, int abi);
/* Is one of these names (a bit each) not decided yet for what the rule is of? */
bool host_audit_is_open(const struct host_audit_calls *c, unsigned bits, const char *arch);
bool host_audit_is_recorded(const struct host_audit_calls *c);

#endif
