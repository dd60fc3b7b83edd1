/* SPDX-License-Identifier: Apache-2.0 */
/* registry.h: all checks of this run, from the built-in tables, plugins and profiles. */
#ifndef SW_REGISTRY_H
#define SW_REGISTRY_H

#include "err.h"

struct registry;

/* With all built-in tables of checks/checks.c in it. */
struct registry *registry_new(void);
void registry_free(struct registry *r);
/* What is wrong with a built-in row (a bug of seaworthy: it and those after it were left out), or
 * NULL. */
const char *registry_problem(const struct registry *r);

/*
 * Adds one row after validating it (id, kind, severity, texts, function). The row must outlive the
 * registry. origin is what an error names: "built-in", a plugin's file, a profile.
 */
int registry_add(struct registry *r, const struct sw_check *row, const char *origin,
		 struct err *err);

/* NULL when there is none. */
const struct sw_check *registry_find(const struct registry *r, const char *id);
size_t registry_count(const struct registry *r);
const struct sw_check *registry_at(const struct registry *r, size_t i); /* sorted by id */
const char *registry_origin(const struct registry *r, const char *id);
/* The nearest known id, or NULL. */
const char *registry_nearest(const struct registry *r, const char *id);

/* Ends with a NULL pointer; each table ends with a row whose id is NULL. In checks/checks.c. */
extern const struct sw_check *const sw_builtin_checks[];

#endif
