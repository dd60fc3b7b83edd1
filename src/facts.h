/* SPDX-License-Identifier: Apache-2.0 */
/* facts.h: one value in a tree of facts, in one of three states, found by a JSON Pointer. */
#ifndef SW_FACTS_H
#define SW_FACTS_H

#include <jansson.h>

#include "arena.h"

/*
 * The world: everything known about one target but the bodies of its subjects. One JSON object:
 *
 *   "host":   { "<section>": {…}, … }   os kernel mounts users groups units namespaces …
 *   "engine": { "<section>": {…}, … }   endpoint ping info version networks volumes plugins images
 *                                       process daemon-json files, and what derive.c adds:
 *                                       effective paths
 *   "run":    { "now": "YYYY-MM-DD" }   the date to judge by
 *   "index":  { "container": { "<id>": {…} } }   what is kept of every subject (see index.h)
 *
 * seaworthy-snapshot(5) documents every section. Owned by whoever made it (json_decref).
 */

enum fact_state { FACT_KNOWN, FACT_ABSENT, FACT_UNREAD };

struct fact {
	enum fact_state state;
	json_t *value;      /* FACT_KNOWN: borrowed from the tree */
	const char *reason; /* FACT_UNREAD: borrowed from the tree, or a constant */
};

/*
 * The fact at path (a JSON Pointer without the leading slash; "" is the root) below root.
 *   - a step through {"$unread": "reason"} is unread with that reason;
 *   - a missing member of a known object, an index past the end of a known array, or null,
 *     is absent;
 *   - anything below an absent fact, below a scalar, or by name below an array, is unread.
 */
struct fact facts_find(json_t *root, const char *path);

/* {"$unread": "reason"}: a new reference. */
json_t *fact_unread(const char *format, ...) SW_PRINTF(1, 2);
bool fact_is_unread(const json_t *value);
/* The reason of an unread value, or NULL. */
const char *fact_reason(const json_t *value);

/* One step of a path, escaped by RFC 6901, appended to what *path holds (arena). */
const char *facts_escape(struct arena *a, const char *name);

/* A path for evidence and reasons, cut to a stated length: a label may be called anything. */
const char *facts_path_text(struct arena *a, const char *path);

/* A value as compact JSON text for evidence, cut to a stated length; interned in the arena. */
const char *facts_text(struct arena *a, const json_t *value);

#endif
