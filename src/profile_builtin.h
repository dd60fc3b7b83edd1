/* SPDX-License-Identifier: Apache-2.0 */
/* profile_builtin.h: the profiles linked into the binary; the table is made by profiles/embed.awk.
 */
#ifndef SW_PROFILE_BUILTIN_H
#define SW_PROFILE_BUILTIN_H

#include <stddef.h>

struct builtin_profile {
	const char *name; /* "cis-docker-1.8.0" */
	const char *data; /* the YAML text */
	size_t len;
};

/* Ends with a row whose name is NULL. */
extern const struct builtin_profile builtin_profiles[];

#endif
