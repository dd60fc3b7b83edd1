/* SPDX-License-Identifier: Apache-2.0 */
/* report_members.c: see report_members.h. */
#include "report_members.h"

#include <errno.h>
#include <stdarg.h>

#include "text.h"

void load_refuse(struct load *l, const char *format, ...)
{
	va_list ap;
	if (l->err->text)
		return;
	va_start(ap, format);
	const char *what = arena_vprintf(l->arena, format, ap);
	va_end(ap);
	err_set(l->err, -EINVAL, "%s: is no report of version %d: %s", l->name, REPORT_VERSION,
		what);
}

/* A string made raw again; NULL for null. */
static const char *raw(struct load *l, const json_t *value)
{
	if (!json_is_string(value))
		return NULL;
	AUTO_FREE char *copy = xstrdup(json_string_value(value));
	/* No string of a report ever held a NUL. */
	bool is_ours = text_unclean(copy) == strlen(copy);
	return arena_intern(l->arena, is_ours ? copy : json_string_value(value));
}

const char *load_text_or_null(struct load *l, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	if (value && !json_is_string(value) && !json_is_null(value))
		load_refuse(l, "'%s' is no text", key);
	return raw(l, value);
}

const char *load_text(struct load *l, const json_t *object, const char *key)
{
	const char *s = load_text_or_null(l, object, key);
	if (!s)
		load_refuse(l, "'%s' is missing or no text", key);
	return s ? s : "";
}

json_int_t load_number(struct load *l, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	if (!json_is_integer(value) || json_integer_value(value) < 0)
		load_refuse(l, "'%s' is missing or no number", key);
	return json_integer_value(value);
}

bool load_truth(struct load *l, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	if (!json_is_boolean(value))
		load_refuse(l, "'%s' is missing or neither true nor false", key);
	return json_is_true(value);
}

/* 1, 0, or -1 for null. */
int load_truth_or_null(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	return json_is_boolean(value) ? json_is_true(value) : -1;
}

json_t *load_list(struct load *l, const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);
	if (!json_is_array(value))
		load_refuse(l, "'%s' is missing or no list", key);
	return value;
}

json_t *load_object(struct load *l, const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);
	if (!json_is_object(value))
		load_refuse(l, "'%s' is missing or no object", key);
	return value;
}

/* All strings within, raw again, whatever bytes they are; a new reference. */
json_t *load_raw(const json_t *value)
{
	const char *key;
	json_t *member, *copy;
	size_t i;
	if (json_is_string(value)) {
		AUTO_FREE char *s = xstrdup(json_string_value(value));
		size_t n = text_unclean(s);
		return json_stringn_nocheck(s, n);
	}
	if (json_is_array(value)) {
		copy = json_array();
		json_array_foreach(value, i, member) json_array_append_new(copy, load_raw(member));
		return copy;
	}
	if (!json_is_object(value))
		return json_incref((json_t *)value);
	copy = json_object();
	json_object_foreach((json_t *)value, key, member)
	{
		AUTO_FREE char *name = xstrdup(key);
		size_t n = text_unclean(name);
		json_object_setn_new_nocheck(copy, name, n, load_raw(member));
	}
	return copy;
}

const char *const *load_names(struct load *l, const json_t *object, const char *key)
{
	json_t *all = load_list(l, object, key);
	size_t n = json_array_size(all);
	if (n == 0)
		return NULL;
	const char **copy = arena_alloc(l->arena, (n + 1) * sizeof(*copy));
	for (size_t i = 0; i < n; i++) {
		copy[i] = raw(l, json_array_get(all, i));
		if (!copy[i])
			load_refuse(l, "'%s' holds what is no text", key);
	}
	return copy;
}
