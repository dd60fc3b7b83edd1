/* SPDX-License-Identifier: Apache-2.0 */
/* derive_case.h: a recorded world, changed here and there, and what derive_world() must make of it.
 */
#ifndef SW_TEST_DERIVE_CASE_H
#define SW_TEST_DERIVE_CASE_H

#include <jansson.h>

enum { DERIVE_PAIRS = 12 };

struct derive_pair {
	const char *path, *value;
};

struct derive_case {
	const char *name;
	const char *base;                       /* tests/cases/base/<base>.json */
	struct derive_pair sets[DERIVE_PAIRS];  /* JSON at a path; the value "-" removes */
	struct derive_pair wants[DERIVE_PAIRS]; /* below engine/; see derive_case_expect() */
};

void derive_case_run(const struct derive_case *c);

/* The world of a base; new reference. */
json_t *derive_case_base(const char *name);
json_t *derive_case_parse(const char *text);
/* Sets the value at a path of plain names; NULL removes it. */
void derive_case_set(json_t *root, const char *path, json_t *value);
/* wanted: JSON; "?text": unread with text in the reason; "-": absent. */
void derive_case_expect(const char *name, json_t *world, const char *path, const char *wanted);

#endif
