/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_doc.h: YAML to JSON values that know where they stood (yaml.c; <yaml.h> is libyaml's). */
#ifndef SW_YAML_DOC_H
#define SW_YAML_DOC_H

#include <jansson.h>

#include "err.h"

/*
 * One document of YAML as jansson values. Plain true, false, null and integers are typed,
 * everything else (also 2.10, no, on, yes) is text. Refused with file:line:column: duplicate keys,
 * aliases and anchors, tags, several documents, nesting beyond 32, more than 1 MiB, keys that are
 * no scalars.
 *
 * Where each value stood is kept beside it, by pointer. (The functions are not called yaml_:
 * libyaml exports a yaml_free() of its own, which ours would take the place of.)
 */
struct yaml;

int doc_parse(const char *file, const char *data, size_t n, struct yaml **ret, struct err *err);
void doc_free(struct yaml *y);
json_t *doc_root(const struct yaml *y); /* borrowed */
const char *doc_file(const struct yaml *y);
/* "FILE:12:5" of a value, or of the key named key in the object value. Owned by y. */
const char *doc_where(const struct yaml *y, const json_t *value, const char *key);

#endif
