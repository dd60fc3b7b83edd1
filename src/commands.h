/* SPDX-License-Identifier: Apache-2.0 */
/* commands.h: one function per command; each returns the exit status. */
#ifndef SW_COMMANDS_H
#define SW_COMMANDS_H

#include "options.h"

struct command {
	const char *name;
	enum command_bit bit;
	const char *usage, *help;
	int (*run)(const struct options *o);
};
/* In main.c; ends with a row without name. */
extern const struct command commands[];

int cmd_audit(const struct options *o);
int cmd_collect(const struct options *o);
int cmd_list(const struct options *o);
int cmd_explain(const struct options *o);
int cmd_render(const struct options *o);
int cmd_diff(const struct options *o);
int cmd_fix(const struct options *o);
int cmd_verify(const struct options *o);
int cmd_completion(const struct options *o);
int cmd_doctor(const struct options *o);

#endif
