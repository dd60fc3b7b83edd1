/* SPDX-License-Identifier: Apache-2.0 */
/* host_ssh.h: what sshd does by its configuration, for all and under each Match; private to
 * checks/. */
#ifndef SW_CHECKS_HOST_SSH_H
#define SW_CHECKS_HOST_SSH_H

#include <seaworthy/check.h>

/* For whom a rule is judged: NULL settings, for all that no Match names. */
struct ssh_scope {
	const char *settings; /* path of a Match's settings */
	const char *criteria;
};

struct ssh_rule {
	const char *const *keywords; /* that decide, in lower case; ends with NULL */
	/* Says what is wrong in that scope. */
	void (*judge)(struct sw_eval *e, const struct ssh_rule *r, const struct ssh_scope *s);
	const char *name;     /* of the keyword, as people write it */
	const char *fallback; /* of OpenSSH when the keyword is not set */
	const char *good;     /* values with "|" between them */
	const char *doubtful; /* the same: a person must decide */
	int64_t min, max;     /* of a number or of seconds */
};

enum { SSH_MATCHES_MAX = 200 };

/* The value in force, fallback when none is set. ret_where gets where it stands. */
const char *ssh_value(struct sw_eval *e, const struct ssh_scope *s, const char *keyword,
		      const char *fallback, const char **ret_where);
/* " for Match User x", or "". */
const char *ssh_for(struct sw_eval *e, const struct ssh_scope *s);
/* Is the value one of "a|b|c", in any case? */
bool ssh_is_one_of(const char *value, const char *list);
/* Is there an sshd with a configuration? Else says why nothing can be judged. */
bool ssh_is_there(struct sw_eval *e);
/* "configured: ", when nothing runs that could say otherwise. */
const char *ssh_prefix(struct sw_eval *e);
/* Judges the rule that is the row's arg for all and for each Match that says something of it. */
sw_check_fn ssh_rule_holds;
/* OpenSSH's version, "" said as unknown when it is not known. */
const char *ssh_version(struct sw_eval *e);

/* A row of checks with a function of its own; value is its arg. */
#define SSH_ROW(name, level, what, reason, ok, fix, function, value)                               \
	{                                                                                          \
		.id = name, .kind = SW_HOST, .severity = level, .title = what, .why = reason,      \
		.wanted = ok, .remedy = fix, .fn = function, .needs = SW_NEEDS_SSHD, .arg = value, \
	}

#endif
