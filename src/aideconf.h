/* SPDX-License-Identifier: Apache-2.0 */
/* aideconf.h: the configuration of AIDE, as far as it says where its database is and which files it
 * compares. Pure. */
#ifndef SW_AIDECONF_H
#define SW_AIDECONF_H

#include "confdir.h"

/*
 * Settings of conf_read(): "database_in", each that is set: "file:/…", or of another kind its name
 * alone, as the rest may hold a password; and "rule", in file order, those that may be about
 * regular files below one of the folders, with
 *
 *   "kind":    "select", "equal" (the one path), "leave-out"
 *   "literal": what a path that matches begins with
 *   "whole":   that is all there is to it: no pattern follows
 *   "ends":    the path ends there too
 *   "sum":     "sha512", "sha256" (or a sum as long), "some" (the version decides which), "" none
 *     that counts
 */
struct aide_reading {
	const struct conf_source *source; /* of the very conf_read() */
	const char *const *paths;         /* rules that cannot be about these are left out */
	json_t *defines, *groups;
	unsigned depth, off; /* of @@if; the depth from which on lines do not count, 0: they do */
	bool at_start, in_program;
	size_t n_programs; /* files that are run for what they print, which is not known */
};

json_t *aide_read(struct aide_reading *r, const char *const *first);
void aide_reading_done(struct aide_reading *r);

#endif
