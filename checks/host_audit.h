/* SPDX-License-Identifier: Apache-2.0 */
/* host_audit.h: what the checks of a host's audit share; private to checks/. */
#ifndef SW_CHECKS_HOST_AUDIT_H
#define SW_CHECKS_HOST_AUDIT_H

#include <seaworthy/check.h>

#define AUDITD      "@host/auditd"
#define AUDIT_NEEDS (SW_NEEDS_AUDIT | SW_NEEDS_LOGGING)

/*
 * Which rules are judged: NULL, those that the kernel has loaded; of a tree that is not booted
 * "rules.d" or "audit.rules", those that its boot would load. Says unknown when that is not told.
 */
const char *host_audit_set(struct sw_eval *e);
/* Says what stands in the way of the rules of files; see host_audit_set(). */
void host_audit_look_at_errors(struct sw_eval *e, const char *set);

/*
 * System calls to be recorded of all people, by 64 bit and 32 bit programs. Names with blanks
 * between; one that begins with "-" is not there on machines of the newer kind (arm64, riscv64).
 */
struct host_calls {
	const char *calls;
	const char *extra; /* newer ones that the benchmark leaves out; NULL: none */
	/* Filters that a rule may have all the same, "exit=-13|exit=-EACCES"; NULL: none. */
	const char *filters;
	bool is_native;   /* by programs of the machine's own kind only */
	const char *what; /* in words, for a reason: "that fail with EACCES"; NULL: the names do */
};

void host_audit_judge_calls(struct sw_eval *e, const struct host_calls *wanted);

enum host_started {
	HOST_STARTS_RECORDED,
	HOST_STARTS_DOUBTFUL,
	HOST_STARTS_MISSING,
	HOST_STARTS_UNKNOWN,
};
/*
 * What the rules below at ("…/watching/PATH/loaded") make of starts of a program, and why ("" when
 * there is nothing to say). filters: those that a rule may have all the same, or NULL.
 */
enum host_started host_audit_starts(struct sw_eval *e, const char *at, const char *filters,
				    const char **ret_why);
/* A program whose start shall be recorded; false: it is not there. */
bool host_audit_judge_program(struct sw_eval *e, const char *path);

#endif
