/* SPDX-License-Identifier: Apache-2.0 */
/* flags.h: the command line of dockerd, read as Go's pflag reads it. */
#ifndef SW_FLAGS_H
#define SW_FLAGS_H

#include <jansson.h>

#include "util.h"

struct flags {
	/*
	 * One member per setting given, named by its key in daemon.json ("insecure-registries"), or
	 * by the flag when it has no key ("config-file"), typed as daemon.json would have it.
	 */
	json_t *values;
	json_t *errors; /* texts: what dockerd would refuse */
	/*
	 * From some point on it cannot be told what is a flag and what is a value, as after an
	 * unknown flag of a newer engine: then what is not in values may still be set.
	 */
	bool is_unclear;
};

/* args: all of the command line with the program's name first; not NULL. flags_done() the result.
 */
void flags_parse(const json_t *args, struct flags *ret);
void flags_done(struct flags *f);

/* As strconv.ParseBool: 1 t T true TRUE True and their opposites. */
bool flags_parse_bool(const char *s, bool *ret);

#endif
