/* SPDX-License-Identifier: Apache-2.0 */
/* auditline.h: one line of a file of audit rules. */
#ifndef SW_AUDITLINE_H
#define SW_AUDITLINE_H

#include "auditrules.h"

struct auditline {
	const struct auditarch *machine; /* NULL: not known */
	struct auditrule rule;
	enum { LINE_CONTROL, LINE_ADD, LINE_DELETE, LINE_CLEAR } what;
	bool is_watch;
	bool has_syscalls;
	char *why;        /* not understood: the reason */
	json_t *settings; /* what -e, -f and the like set */
};

/* Of a zeroed line with machine set. text is changed. */
void auditline_parse(struct auditline *l, char *text);
void auditline_done(struct auditline *l);

#endif
