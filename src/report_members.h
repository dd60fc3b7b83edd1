/* SPDX-License-Identifier: Apache-2.0 */
/* report_members.h: members of a saved report, or what is wrong with them; for report_load.c. */
#ifndef SW_REPORT_MEMBERS_H
#define SW_REPORT_MEMBERS_H

#include "report.h"

#define REPORT_VERSION 1

/* What is being read, and the first thing that was wrong with it. */
struct load {
	const char *name;
	struct report *report;
	struct arena *arena;
	struct err *err;
	json_t *profiles; /* id → index */
};

/* Remembers the first thing that is wrong; what is wrong afterwards follows from it. */
void load_refuse(struct load *l, const char *format, ...) SW_PRINTF(2, 3);

/* Strings are raw again, and live in the arena. NULL for null. */
const char *load_text_or_null(struct load *l, const json_t *object, const char *key);
const char *load_text(struct load *l, const json_t *object, const char *key);
json_int_t load_number(struct load *l, const json_t *object, const char *key);
bool load_truth(struct load *l, const json_t *object, const char *key);
/* 1, 0, or -1 for null. */
int load_truth_or_null(const json_t *object, const char *key);
json_t *load_list(struct load *l, const json_t *object, const char *key);
json_t *load_object(struct load *l, const json_t *object, const char *key);
/* NULL-terminated, or NULL of an empty list. */
const char *const *load_names(struct load *l, const json_t *object, const char *key);
/* All strings within, raw again, whatever bytes they are; a new reference. */
json_t *load_raw(const json_t *value);

#endif
