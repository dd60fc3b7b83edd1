/* SPDX-License-Identifier: Apache-2.0 */
/* host_file.h: how rows about the host's files are judged; private to checks/. */
#ifndef SW_CHECKS_HOST_FILE_H
#define SW_CHECKS_HOST_FILE_H

#include <seaworthy/check.h>

/* Who may own a file and what its mode may be. */
struct host_file_rule {
	unsigned mode;             /* the most that is allowed */
	const char *const *groups; /* besides root, ends with NULL; or NULL */
	bool any_group;            /* the group does not matter */
};

/* The facts of a path in @host/stat/paths. */
const char *host_file_facts(struct sw_eval *e, const char *path);
/* Is it there? Marks when that is not known. */
bool host_file_exists(struct sw_eval *e, const char *path);
/* Is one of the paths there? List ends with NULL. */
bool host_file_any_exists(struct sw_eval *e, const char *const *paths);
/* Fails for an owner, group, mode or ACL that the rule does not allow, of the file with these
 * facts. */
void host_file_judge(struct sw_eval *e, const struct host_file_rule *rule, const char *path,
		     const char *facts);
/* An integer that must be told; -1, said as unknown, when it is not. */
int64_t host_file_int(struct sw_eval *e, const char *path);

#endif
