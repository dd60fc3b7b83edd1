/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_schema.c: see yaml_schema.h. */
#include "yaml_schema.h"

#include <errno.h>
#include <stdarg.h>

enum { KEYS_MAX = 64 };

static const char *const type_names[] = {
	[YAML_ANY] = "anything", [YAML_TEXT] = "text",        [YAML_INTEGER] = "an integer",
	[YAML_ARRAY] = "a list", [YAML_OBJECT] = "an object", [YAML_BOOLEAN] = "true or false",
};

static bool has_type(const json_t *v, enum yaml_type type)
{
	switch (type) {
	case YAML_ANY: return true;
	case YAML_TEXT: return json_is_string(v) || json_is_integer(v);
	case YAML_INTEGER: return json_is_integer(v);
	case YAML_BOOLEAN: return json_is_boolean(v);
	case YAML_ARRAY: return json_is_array(v);
	case YAML_OBJECT: return json_is_object(v);
	}
	return false;
}

char *did_you_mean(const char *name)
{
	return name ? xasprintf(" (did you mean '%s'?)", name) : xstrdup("");
}

char *doc_scalar_text(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING: return xstrdup(json_string_value(value));
	case JSON_INTEGER: return xasprintf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
	case JSON_TRUE: return xstrdup("true");
	case JSON_FALSE: return xstrdup("false");
	default: return NULL;
	}
}

int doc_error(struct err *err, const struct yaml *y, const json_t *value, const char *key,
	      const char *format, ...)
{
	char *text = NULL;
	va_list ap;
	va_start(ap, format);
	if (vasprintf(&text, format, ap) < 0)
		text = xstrdup("out of memory");
	va_end(ap);
	err_set(err, -EINVAL, "%s: %s", doc_where(y, value, key), text);
	free(text);
	return -EINVAL;
}

static const struct yaml_key *key_named(const struct yaml_key *keys, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (streq(keys[i].name, name))
			return &keys[i];
	return NULL;
}

static int unknown_key(const struct yaml *y, const json_t *value, const char *what,
		       const struct yaml_key *keys, size_t n, const char *key, struct err *err)
{
	const char *names[KEYS_MAX];
	for (size_t i = 0; i < n && i < KEYS_MAX; i++)
		names[i] = keys[i].name;
	AUTO_FREE char *hint = did_you_mean(nearest(key, names, n < KEYS_MAX ? n : KEYS_MAX));
	return doc_error(err, y, value, key, "%s has no key '%s'%s", what, key, hint);
}

int doc_check(const struct yaml *y, const json_t *value, const char *what,
	      const struct yaml_key *keys, size_t n, struct err *err)
{
	const char *name;
	json_t *member;

	if (!json_is_object(value))
		return doc_error(err, y, value, NULL, "%s must be an object (key: value)", what);
	json_object_foreach((json_t *)value, name, member)
	{
		const struct yaml_key *k = key_named(keys, n, name);
		if (!k)
			return unknown_key(y, value, what, keys, n, name, err);
		if (!has_type(member, k->type))
			return doc_error(err, y, value, name, "%s: '%s' must be %s", what, name,
					 type_names[k->type]);
		if (json_is_string(member) && !*json_string_value(member) && k->required)
			return doc_error(err, y, value, name, "%s: '%s' is empty", what, name);
	}
	for (size_t i = 0; i < n; i++)
		if (keys[i].required && !json_object_get(value, keys[i].name))
			return doc_error(err, y, value, NULL, "%s lacks '%s'", what, keys[i].name);
	return 0;
}
