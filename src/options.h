/* SPDX-License-Identifier: Apache-2.0 */
/* options.h: the command line: one table for parsing, --help and the commands each option belongs
 * to. */
#ifndef SW_OPTIONS_H
#define SW_OPTIONS_H

#include "err.h"
#include "fetch.h"
#include "report.h"

enum command_bit {
	CMD_AUDIT = 1 << 0,
	CMD_COLLECT = 1 << 1,
	CMD_LIST = 1 << 2,
	CMD_EXPLAIN = 1 << 3,
	CMD_DOCTOR = 1 << 4,
	CMD_RENDER = 1 << 5,
	CMD_DIFF = 1 << 10,
	CMD_VERIFY = 1 << 11,
	CMD_FIX = 1 << 12,
	CMD_COMPLETION = 1 << 13,
};

/* A growing list of borrowed strings, NULL-terminated when it has any. */
struct strings {
	const char **v;
	size_t n;
};

struct setting {
	char *name;        /* owned */
	const char *value; /* borrowed */
};

struct fix_format;

struct options {
	struct strings profiles, only, skip, subjects, plugins, tailoring, rest;
	struct setting *settings;
	size_t n_settings;
	struct output *outputs;
	size_t n_outputs;
	const char *root, *snapshot, *host, *context, *fail_on, *color, *sort, *show, *with,
		*evidence, *baseline, *daemon_json;
	const struct fix_format *print; /* of fix; NULL: the first */
	char *now;                      /* owned */
	int level;
	unsigned timeout;
	unsigned show_mask;
	bool is_alone; /* without the tailoring of the site */
	bool ascii, verbose, quiet, help, version, missing, layers, walk;
};

/* Parses what follows the command's name. Errors name the option and what is valid. */
int options_parse(struct options *o, enum command_bit command, int argc, char **argv,
		  struct err *err);
void options_done(struct options *o);

/* The options of one command, for --help. */
void options_print(FILE *out, enum command_bit command);

/* One row of the table of options. */
struct option_info {
	char letter; /* '\0': none */
	const char *name, *arg, *help;
	unsigned commands;
};
/* The row at i, or false after the last one. */
bool options_info(size_t i, struct option_info *ret);

/* How a report on this stream should look: width, colours, from the options, the terminal and the
 * environment. */
struct report_options options_look(const struct options *o, int fd);

/* Resolves which engine to ask, from -H, --context and the environment. */
int options_endpoint(const struct options *o, struct endpoint *ret, struct err *err);

#endif
