/* SPDX-License-Identifier: Apache-2.0 */
/*
 * auditrules.h: audit rules in a normal form, whether the kernel or a rule file tells them.
 *
 * One rule as a fact; a member that says nothing is left out:
 *
 *   "list":      "exit", "task", "user", "exclude", "filesystem", "io_uring", or a number
 *   "action":    "always", "never", or a number
 *   "path":      the file or folder it watches: "/etc/docker" (no slash at the end)
 *   "recursive": true: all below the folder too (dir=); false: the one thing (path=); null,
 *                of -w in a rule file: true if it is a folder when the rule is loaded
 *   "real":      the path with its links resolved as the kernel does; the collector adds it
 *   "arch":      "b64", "b32" of this machine, or "other"
 *   "syscalls":  ["open", …] when not all; a number as text where there is no name
 *   "perm":      of "rwxa", in that order, as given
 *   "key":       keys, with a comma between them
 *   "fields":    [{"field":"auid","op":">=","value":"1000"}, …] all that narrow it further;
 *                {"field":"uid","op":"!=","value":"euid","compare":true} for -C
 *   "full":      of "rwxa": the kinds of access of which it takes in every system call
 *   "some":      the kinds of which it takes in at least one, when these are more
 *   "file", "line": where it stands, of a rule in a file
 *
 * "full" and "some" come from perm and syscalls together: -F perm=wa, the same with the list of
 * calls that newer auditctl adds, and a rule with neither all compare alike.
 */
#ifndef SW_AUDITRULES_H
#define SW_AUDITRULES_H

#include <jansson.h>
#include <linux/audit.h>

#include "err.h"

/* A machine as uname(2) names it, with what b64 and b32 mean there (0: it has none). */
struct auditarch {
	const char *machine;
	const char
		*names; /* what auditctl calls them in place of b64 and b32, with blanks around */
	uint32_t b64, b32;
};
/* NULL: not known. */
const struct auditarch *auditarch_find(const char *machine);

struct auditrule {
	uint32_t list, action;
	bool is_first; /* put before the rules there are (-A) */
	char *path;    /* NULL: watches none */
	enum { WATCH_EITHER, WATCH_PATH, WATCH_DIR } watch;
	unsigned perm; /* AUDIT_PERM_*; 0: not given */
	uint32_t arch; /* AUDIT_ARCH_*; 0: any */
	bool all_syscalls;
	uint32_t mask[AUDIT_BITMASK_SIZE];
	char *key;      /* NULL: none; 1 stands between several */
	json_t *fields; /* a list */
};
void auditrule_done(struct auditrule *r);
#define AUTO_RULE CLEANUP(auditrule_done)

/* A struct audit_rule_data of n bytes. 0 or -EBADMSG. auditrule_done() it in either case. */
int auditrule_from_kernel(const void *data, size_t n, struct auditrule *ret, struct err *err);

/* What it watches. Another than the first, a relative one or no valid text becomes a field. */
void auditrule_set_watch(struct auditrule *r, int watch, const char *path);
/* Adds one of the fields; value is any text. Numbers that mean "unset" are written so. */
void auditrule_add_field(struct auditrule *r, uint32_t field, const char *op, const char *value);
/* -C: two fields against each other; false when the kernel cannot compare these two. */
bool auditrule_add_compare(struct auditrule *r, const char *left, const char *op,
			   const char *right);

/* The same, by the kernel's number of the pair (AUDIT_COMPARE_*). */
bool auditrule_add_compare_number(struct auditrule *r, const char *op, uint32_t number);

/* The normal form. machine may be NULL. */
json_t *auditrule_json(const struct auditrule *r, const struct auditarch *machine);

/* Tables both ways; UINT32_MAX or NULL when there is none. */
const char *auditfield_name(uint32_t field);
uint32_t auditfield_number(const char *name, size_t n);
uint32_t auditlist_number(const char *name);
bool auditperm_parse(const char *letters, unsigned *ret);

#endif
