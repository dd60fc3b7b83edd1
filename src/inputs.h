/* SPDX-License-Identifier: Apache-2.0 */
/* inputs.h: the reports that a command line names: files, folders of them, standard input. */
#ifndef SW_INPUTS_H
#define SW_INPUTS_H

#include "options.h"

enum { INPUTS_MAX = 100000 };

struct input {
	char *name;
	int fd;    /* -1: error says why */
	int error; /* an errno */
};

struct inputs {
	struct input *all; /* in the order in which they are named; those of a folder by name */
	size_t n;
	size_t n_folders;
	size_t n_left_out; /* files of folders that are no *.json or *.ndjson, or no regular files
			    */
};

/* In the parent: the reader opens nothing. A folder without any report is an error. */
int inputs_open(struct inputs *in, const struct strings *names, struct err *err);
int inputs_open_one(struct inputs *in, const char *name, struct err *err);
void inputs_done(struct inputs *in);

#endif
