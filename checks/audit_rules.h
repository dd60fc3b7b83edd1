/* SPDX-License-Identifier: Apache-2.0 */
/* audit_rules.h: a file or folder whose changes audit shall record; private to checks/. */
#ifndef SW_CHECKS_AUDIT_RULES_H
#define SW_CHECKS_AUDIT_RULES_H

#include <seaworthy/check.h>

enum {
	AUDIT_IS_LIST = 1 << 0,      /* the role is a list of paths */
	AUDIT_IS_DATA_ROOT = 1 << 1, /* what containers write below it need not be recorded */
	AUDIT_IS_UNIT = 1 << 2,      /* a device in its place masks it */
};

struct audit_item {
	const char *role; /* "paths/dockerd" */
	unsigned flags;
	const char *none;   /* the reason when there is no such path */
	const char *podman; /* why a Podman has none; NULL: it has one too */
	const char *at;  /* where "files" and "watching" are: "@host/auditd/"; NULL: the engine's */
	const char *set; /* which rules count: a member of watching; NULL: "loaded" */
};

sw_check_fn audit_rule_covers;
/* Says whether each change of one path is recorded; false: there is nothing to watch. */
bool audit_judge_path(struct sw_eval *e, const struct audit_item *item, const char *path);
/* Is audit switched on? Else says why not. */
bool audit_is_switched_on(struct sw_eval *e);

#endif
