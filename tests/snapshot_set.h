/* SPDX-License-Identifier: Apache-2.0 */
/* snapshot_set.h: recorded snapshots, read, and judged with changes. */
#ifndef SW_SNAPSHOT_SET_H
#define SW_SNAPSHOT_SET_H

#include "engine.h"
#include "record.h"

struct snapshot {
	char *name; /* without .snap */
	char *data; /* the file */
	size_t len;
	struct record *records;
	size_t *ends; /* offset in data after each record */
	size_t n;
};

struct snapshot_set {
	struct snapshot *all;
	size_t n;
};

/* All of a folder of tests, sorted by name. A file that cannot be read whole ends the test. */
struct snapshot_set snapshot_set_load(const char *folder);
void snapshot_set_done(struct snapshot_set *s);

/* A path below the folder tests of the sources: malloc'ed. */
char *snapshot_test_path(const char *format, ...) SW_PRINTF(1, 2);

/* How many records are in the n bytes, or negative when they end within one. */
int snapshot_count(const char *data, size_t n);

/* The one profile that snapshots are judged with, everything in it selected. */
struct snapshot_rules {
	struct registry *registry;
	struct profile *profile;
	struct selection selection;
};
void snapshot_rules_load(struct snapshot_rules *r);
void snapshot_rules_done(struct snapshot_rules *r);

/*
 * Judges the first n records of s, with body in place of that of the record at, when it is not
 * NULL. judge_free() what is returned.
 */
struct judge *snapshot_judge(struct snapshot_rules *r, const struct snapshot *s, size_t n,
			     size_t at, json_t *body, struct report **ret);

#endif
