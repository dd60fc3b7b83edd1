/* SPDX-License-Identifier: Apache-2.0 */
/* fix_sample.h: a report of one failed finding, and what fix prints of it. */
#ifndef SW_TESTS_FIX_SAMPLE_H
#define SW_TESTS_FIX_SAMPLE_H

#include "fix.h"

enum { EVIDENCE_MAX = 8 };

struct fix_sample {
	const char *name;
	const char *check, *kind, *reason;
	struct {
		const char *path, *value; /* JSON */
	} evidence[EVIDENCE_MAX];
	const char *target;  /* members to be laid over the target's engine: JSON */
	const char *params;  /* JSON */
	const char *subject; /* name */
	const char *given;   /* daemon.json */
	bool is_waived;
	const char *format; /* NULL: sh */
	const char *has[4];
	const char *lacks[4]; /* in what is no comment */
};

/*
 * All that is printed in a format, malloc'ed: what is its output, and what is said besides.
 * *ret_merged (may be NULL) becomes daemon.json as it would be, a new reference.
 */
char *fix_printed(const struct fix_sample *s, const char *format, json_t **ret_merged);
/* The lines of it that a shell, YAML or auditctl would read: those that are no comments. */
char *fix_code_of(const char *printed);

#endif
