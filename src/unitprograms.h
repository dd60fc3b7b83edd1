/* SPDX-License-Identifier: Apache-2.0 */
/* unitprograms.h: the programs that unit files start. Pure. */
#ifndef SW_UNITPROGRAMS_H
#define SW_UNITPROGRAMS_H

#include "util.h"

enum { UNIT_PROGRAMS_MAX = 4000 };

struct unit_programs;

struct unit_programs *unit_programs_new(void);
void unit_programs_free(struct unit_programs *p);

/*
 * Takes the absolute paths that Exec…= lines of a unit file or drop-in begin with. Lines whose
 * program is named without its folder, or by a specifier, name none.
 */
void unit_programs_add(struct unit_programs *p, const char *text, size_t n);

/* The i-th path, each once; NULL after the last. */
const char *unit_programs_at(const struct unit_programs *p, size_t i);

#endif
