/* SPDX-License-Identifier: Apache-2.0 */
/*
 * library.h: shared libraries that one process of a run needs and the others do not.
 *
 * libcurl and libxml2 bring more than thirty others along, whose loading took most of the time of a
 * small audit and half of the memory of all three processes. A build without dlopen links them.
 */
#ifndef SW_LIBRARY_H
#define SW_LIBRARY_H

#include <stddef.h>

#include "err.h"

/* A function of the library, and where in the caller's table its address goes. */
struct library_function {
	const char *name;
	size_t offset;
};

/* For a list of functions made by LIST(X): the members of the table, and what library_load() is to
 * fill. */
#define LIBRARY_MEMBER(name) __typeof__(name) *p_##name;
#define LIBRARY_ENTRY(name)  { #name, offsetof(struct library_table, p_##name) },

/* Ends with a NULL name. Fills table; -ELIBACC with what the loader says. The library stays loaded.
 */
int library_load(const char *soname, const struct library_function *functions, void *table,
		 struct err *err);

#endif
