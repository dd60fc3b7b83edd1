/* SPDX-License-Identifier: Apache-2.0 */
/* fix_print.h: fixes as a script, a playbook or files; nothing is ever run. */
#ifndef SW_FIX_PRINT_H
#define SW_FIX_PRINT_H

#include "fix.h"
#include "text.h"

/* What is no part of the output's format goes to notes. */
typedef void fix_printer(const struct fixes *f, FILE *out, FILE *notes);

struct fix_format {
	const char *name;
	fix_printer *print;
};
extern const struct fix_format fix_formats[]; /* ends with a row whose name is NULL */
const struct fix_format *fix_format_find(const char *name);

fix_printer fix_print_sh, fix_print_ansible, fix_print_daemon_json, fix_print_audit_rules,
	fix_print_sysctl_conf;

/* Comments: each line begins with the prefix, whatever is in the text, which is raw. */
void fix_comment(FILE *out, const char *prefix, const char *raw);
/* What was asked and of whom, and how this is to be used. */
void fix_comment_head(FILE *out, const char *prefix, const struct fixes *f, const char *use);
/* How much there is, and what the report lacks. */
void fix_comment_sum(FILE *out, const char *prefix, const struct fixes *f);
/* Which rule wants a change, why, and what it may break. */
void fix_comment_about(FILE *out, const char *prefix, const struct fix *fix);
/* Options for containers, then what only a person can mend. */
void fix_comment_rest(FILE *out, const char *prefix, const struct fixes *f);

/* How many changes are of such a kind. */
size_t fix_count_keys(const struct fixes *f);
size_t fix_count_files(const struct fixes *f);
size_t fix_count_lines(const struct fixes *f, enum fix_place place);
/* Is every changed key one that a reload takes? */
bool fix_keys_reload(const struct fixes *f);
/* Can the engine say whether a configuration file is one that it takes? */
bool fix_can_validate(const struct fixes *f);

#endif
