/* SPDX-License-Identifier: Apache-2.0 */
/* profile_private.h: the pieces a profile is made of; shared by profile*.c, tailoring.c,
 * waiver.c and their tests only. */
#ifndef SW_PROFILE_PRIVATE_H
#define SW_PROFILE_PRIVATE_H

#include "arena.h"
#include "expr.h"
#include "profile.h"
#include "yaml_doc.h"

/* --- profile_source.c: the text behind a name ----------------------------------------------------
 */

struct source {
	char *file; /* how errors call it */
	bool builtin;
	char *text; /* malloc'ed; NULL when built in */
	const char *data;
	size_t len;
	dev_t dev; /* with ino: which file it is, whatever it was called */
	ino_t ino;
};

/* dir: where names are looked up; beside: the file whose folder a relative path starts at, or NULL.
 */
int source_open(const char *dir, const char *beside, const char *name, struct source *ret,
		struct err *err);
/* The file at path and no other. */
int source_read(const char *path, struct source *ret, struct err *err);
void source_done(struct source *s);
bool source_is_same(const struct source *a, const struct source *b);

/* --- profile_read.c: one file ------------------------------------------------------------------
 */

struct rule_line {
	const struct layer *layer;
	const json_t *object; /* where it stood */
	const char *ref, *check, *title, *assessment, *why;
	int level;
	const json_t *params; /* or NULL */
};

struct declared {
	const struct layer *layer;
	const json_t *object;
	struct sw_check row;
	const struct expr *when; /* or NULL: always */
	const struct expr *require;
};

struct layer {
	struct source source;
	struct yaml *yaml;
	const char *id, *title, *version, *extends;
	int64_t recommendations; /* < 0: not said */
	struct rule_line *rules;
	size_t n_rules;
	struct group *groups;
	size_t n_groups;
	struct missing *missing;
	size_t n_missing;
	struct declared *checks;
	size_t n_checks;
	struct layer *base; /* what it extends, or NULL */
};

/* Fills in layer from its source; what it makes lives in the arena. */
int layer_read(struct layer *layer, struct arena *a, struct err *err);
/* Its lists alone: groups, checks, rules and missing of an object. */
int layer_read_lists(struct layer *layer, const json_t *object, struct arena *a, struct err *err);
/* profile_checks.c: the list of declared checks. */
int layer_read_checks(struct layer *layer, const json_t *list, struct arena *a, struct err *err);
/* The level of a rule or a change; 0 when there is none. */
int read_level(const struct yaml *y, const json_t *object, int *ret, struct err *err);
/* The severity of a check or a change. */
int read_severity(const struct yaml *y, const json_t *object, enum sw_severity *ret,
		  struct err *err);
/* The text of a member, NULL when there is none. */
const char *member_text(struct arena *a, const json_t *object, const char *key);

/* --- profile.c ---------------------------------------------------------------------------------
 */

/* profile_load() with another folder than /etc/seaworthy/profiles. */
int profile_load_from(const char *dir, const char *name, struct profile **ret, struct err *err);

/*
 * Lays what stands at key of a file (groups, checks and rules) over a profile that is not resolved
 * yet. When it fails the profile can only be freed.
 */
int profile_extend(struct profile *p, const struct source *s, const char *key, struct err *err);

/* Does ref belong to the group: is it its id, or below it as 5.1 is below 5? */
bool group_holds(const char *id, const char *ref);

#endif
