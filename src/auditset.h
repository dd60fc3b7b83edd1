/* SPDX-License-Identifier: Apache-2.0 */
/* auditset.h: the audit rules that files give, in the order in which they would be loaded. */
#ifndef SW_AUDITSET_H
#define SW_AUDITSET_H

#include "auditrules.h"

enum {
	AUDITSET_RULES = 10000, /* in one set; more are an error of the set */
	AUDITSET_ERRORS = 100,
	AUDITSET_REMOVALS = 100, /* -d, -W and -D -k, each of which looks at all rules */
	AUDITSET_LINE = 6144,    /* of auditctl */
};

/* Rules of several files in the order in which they are loaded, as auditctl -R would take them. */
struct auditset {
	const struct auditarch *machine;
	bool is_merged;   /* by augenrules, which puts -D first and -e last */
	json_t *rules;    /* list of rules, with file and line */
	json_t *errors;   /* list of {"file","line","error"} */
	json_t *settings; /* last of each: {"enabled":2,"failure":1,"backlog_limit":8192,…} */
	bool is_locked;   /* -e 2 was met: what follows is not loaded */
	bool is_cut;      /* there were too many rules */
	unsigned removals;
};
void auditset_init(struct auditset *s, const struct auditarch *machine, bool is_merged);
void auditset_done(struct auditset *s);
/* One more file. text is of n bytes, NUL after them, and is changed. */
void auditset_read(struct auditset *s, const char *file, char *text, size_t n);

/* Compares two names as augenrules orders files: "9-x.rules" comes before "10-x.rules". */
int auditfile_compare(const char *a, const char *b);

#endif
