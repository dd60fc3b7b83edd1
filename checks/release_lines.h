/* SPDX-License-Identifier: Apache-2.0 */
/* release_lines.h: which release lines still get fixes; private to checks/. */
#ifndef SW_CHECKS_RELEASE_LINES_H
#define SW_CHECKS_RELEASE_LINES_H

#include <stdbool.h>

struct sw_eval;

/* When the tables of fixes and of lines were last compared with what the projects publish. */
#define RELEASES_AS_OF "2026-11-22"

/* Is version of that series: "25.0.6" of "25.0", "29.3.1" of "29"? */
bool release_is_of(const char *version, const char *series);

/*
 * Does the line of this version ("Engine", "containerd" or "runc") still get fixes from its
 * project? Says what is wrong; nothing when it does.
 */
void release_line_is_maintained(struct sw_eval *e, const char *component, const char *version);

/* Says when the tables are too old to be relied on. */
void release_tables_are_fresh(struct sw_eval *e);

#endif
