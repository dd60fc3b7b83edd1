/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_schema.h: which members an object of a YAML file may have, and what they hold. */
#ifndef SW_YAML_SCHEMA_H
#define SW_YAML_SCHEMA_H

#include "yaml_doc.h"

enum yaml_type {
	YAML_ANY,
	YAML_TEXT, /* text; an integer, too, stands for its text: ref: 5 */
	YAML_INTEGER,
	YAML_BOOLEAN,
	YAML_ARRAY,
	YAML_OBJECT,
};

struct yaml_key {
	const char *name;
	enum yaml_type type;
	bool required;
};

/*
 * Is value an object with these n members and no others? what names it in the error: "a rule".
 * An unknown key, a missing one or one of another type is -EINVAL with file:line:column and the
 * nearest key there is.
 */
int doc_check(const struct yaml *y, const json_t *value, const char *what,
	      const struct yaml_key *keys, size_t n, struct err *err);

/* -EINVAL with "FILE:LINE:COLUMN: text" of value, or of its member key. */
int doc_error(struct err *err, const struct yaml *y, const json_t *value, const char *key,
	      const char *format, ...) SW_PRINTF(5, 6);

/* " (did you mean 'x'?)" or "", malloc'ed, to end an error about a name. */
char *did_you_mean(const char *name);

/* The text of a scalar, malloc'ed ("true", "12", the text itself); NULL for anything else. */
char *doc_scalar_text(const json_t *value);

#endif
