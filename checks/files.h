/* SPDX-License-Identifier: Apache-2.0 */
/* files.h: what the rows about files tell the two functions that judge owner and mode; private to
 * checks/. */
#ifndef SW_CHECKS_FILES_H
#define SW_CHECKS_FILES_H

#include <seaworthy/check.h>

enum {
	FILE_IS_LIST = 1 << 0,         /* role is a list of paths */
	FILE_IS_TREE = 1 << 1,         /* role is an object of files by path */
	FILE_IS_UNIT = 1 << 2,         /* may be masked by a link to /dev/null */
	FILE_MOVES = 1 << 3,           /* of a rootless engine, it belongs to that engine's user */
	FILE_HAS_GROUP = 1 << 4,       /* belongs to root and the group of the engine's socket */
	FILE_EXACT_IF_STRICT = 1 << 5, /* a tighter mode fails the literal reading */
};

/* The arg of a row; both rows of a file share one. */
struct file_item {
	const char *role; /* where the path is: "paths/tlskey" */
	const char *type; /* as in the facts: "file", "dir", "socket" */
	unsigned mode;    /* the most that is allowed */
	unsigned flags;
	const char *none;   /* the reason of the skip when there is no path */
	const char *podman; /* why a Podman has none; NULL: it has one too */
};

sw_check_fn file_owner_is_right, file_mode_is_tight;

/* Fails for what the ACL at "acl" gives beyond the last three bits of allowed. */
void file_judge_acl(struct sw_eval *e, const char *path, const char *acl, unsigned allowed);

#endif
