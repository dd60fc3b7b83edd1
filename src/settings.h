/* SPDX-License-Identifier: Apache-2.0 */
/* settings.h: the table of all settings of dockerd: flag, key in daemon.json, type, versions,
 * default. */
#ifndef SW_SETTINGS_H
#define SW_SETTINGS_H

#include <jansson.h>

#include "util.h"

enum setting_type {
	SETTING_BOOL = 1,
	SETTING_INT,
	SETTING_STRING,
	SETTING_BYTES,    /* a number, or text such as "64m" */
	SETTING_LIST,     /* of strings */
	SETTING_IPS,      /* of strings; one flag may give several, with commas */
	SETTING_MAP,      /* name to string */
	SETTING_SWITCHES, /* name to boolean */
	SETTING_MAPS,     /* name to map */
	SETTING_ULIMITS,  /* name to {"Name","Soft","Hard"} */
	SETTING_RUNTIMES, /* name to object */
	SETTING_POOLS,    /* list of objects */
	SETTING_OBJECT,
};

/* Read from cmd/dockerd and daemon/config of moby 20.10 to 29. */
struct setting {
	const char
		*key; /* in daemon.json; NULL: dockerd takes the flag's name there and ignores it */
	const char *flag; /* without dashes; NULL: there is none */
	char letter;      /* the flag's short form, or 0 */
	enum setting_type type;
	unsigned since, until; /* major versions that have it: since <= v < until; 0: no bound */
	const char
		*fallback; /* built-in default as JSON; NULL: made at run time (see effective.c) */
	bool has_key_without_effect; /* the flag's own name as a key is accepted too, and ignored */
};

/* Ends with a row of which key and flag are NULL. */
extern const struct setting settings[];

const struct setting *setting_by_key(const char *key);
const struct setting *setting_by_flag(const char *name, size_t n);
const struct setting *setting_by_letter(char letter);

/* Has an engine of this major version the setting? An unknown version (0) has all. */
bool setting_exists(const struct setting *s, unsigned major);

/* Is the value of the JSON type that dockerd decodes for this setting? null always is. */
bool setting_type_fits(const struct setting *s, const json_t *value);
/* "a list of strings" */
const char *setting_type_name(const struct setting *s);

#endif
