/* SPDX-License-Identifier: Apache-2.0 */
/* audit_cover.h: which changes of one path a set of audit rules records; private to checks/. */
#ifndef SW_CHECKS_AUDIT_COVER_H
#define SW_CHECKS_AUDIT_COVER_H

#include <seaworthy/check.h>

/* A program may make system calls by either of these on most machines; an arch field is of one. */
enum { AUDIT_ABI_64, AUDIT_ABI_32, AUDIT_ABIS };

enum { AUDIT_WRITE = 1, AUDIT_ATTR = 2, AUDIT_BOTH = AUDIT_WRITE | AUDIT_ATTR };

/* What the rules looked at so far make of one path. */
struct audit_cover {
	const char *path;
	const char *at;
	bool is_data_root;
	bool is_folder;
	unsigned wanted[AUDIT_ABIS]; /* kinds of access to be recorded */
	unsigned open[AUDIT_ABIS];   /* those that no rule has decided yet */
	unsigned taken[AUDIT_ABIS];  /* kinds that a never rule takes away */
	unsigned flat[AUDIT_ABIS];   /* kinds recorded of the folder itself only */
	const char *taken_by;        /* or NULL, as the following */
	const char *limited_by, *hole, *doubt, *allowed;
	const char *first; /* where the first rule that covers it stands */
	bool is_cut, is_odd;
	bool trusts;        /* takes a rule that may look at another folder by now */
	const char *unsure; /* why it may, or NULL */
};

/* All rules of a set ("…/watching/PATH/loaded"), in the order in which the first that fits decides.
 */
void audit_cover_look(struct sw_eval *e, struct audit_cover *c, const char *set);
/* Kinds of access that no rule records for an interface, not even of the folder itself. */
unsigned audit_cover_missing(const struct audit_cover *c, int abi);
bool audit_cover_is_whole(const struct audit_cover *c);

#endif
