/* SPDX-License-Identifier: Apache-2.0 */
/* json_fast.c: see json_fast.h. Whatever is not certain is left to jansson. */
#include "json_fast.h"

#ifdef HAVE_YYJSON

#include <string.h>
#include <yyjson.h>

#include "util.h"

enum { DEPTH_MAX = 48 };

static json_t *made_of(yyjson_val *from, unsigned depth);

static bool has_zero(yyjson_val *from)
{
	return memchr(yyjson_get_str(from), '\0', yyjson_get_len(from)) != NULL;
}

static json_t *string(yyjson_val *from)
{
	return has_zero(from) ? NULL
			      : json_stringn_nocheck(yyjson_get_str(from), yyjson_get_len(from));
}

static json_t *number(yyjson_val *from)
{
	if (yyjson_is_sint(from))
		return json_integer(yyjson_get_sint(from));
	if (yyjson_is_uint(from) && yyjson_get_uint(from) <= INT64_MAX)
		return json_integer((json_int_t)yyjson_get_uint(from));
	return NULL;
}

static bool elements(json_t *array, yyjson_val *from, unsigned depth)
{
	yyjson_arr_iter i = yyjson_arr_iter_with(from);
	for (yyjson_val *one; (one = yyjson_arr_iter_next(&i));)
		if (json_array_append_new(array, made_of(one, depth)) < 0)
			return false;
	return true;
}

/* A member whose name was there before takes its place, and does not add to their number. */
static bool members(json_t *object, yyjson_val *from, unsigned depth)
{
	size_t n = 0;
	yyjson_obj_iter i = yyjson_obj_iter_with(from);
	for (yyjson_val *name; (name = yyjson_obj_iter_next(&i));) {
		json_t *value =
			has_zero(name) ? NULL : made_of(yyjson_obj_iter_get_val(name), depth);
		if (json_object_set_new_nocheck(object, yyjson_get_str(name), value) < 0 ||
		    json_object_size(object) != ++n)
			return false;
	}
	return true;
}

static json_t *nested(json_t *made, yyjson_val *from, unsigned depth,
		      bool (*fill)(json_t *made, yyjson_val *from, unsigned depth))
{
	if (made && depth < DEPTH_MAX && fill(made, from, depth + 1))
		return made;
	json_decref(made);
	return NULL;
}

static json_t *made_of(yyjson_val *from, unsigned depth)
{
	switch (yyjson_get_type(from)) {
	case YYJSON_TYPE_OBJ: return nested(json_object(), from, depth, members);
	case YYJSON_TYPE_ARR: return nested(json_array(), from, depth, elements);
	case YYJSON_TYPE_STR: return string(from);
	case YYJSON_TYPE_NUM: return number(from);
	case YYJSON_TYPE_BOOL: return json_boolean(yyjson_get_bool(from));
	case YYJSON_TYPE_NULL: return json_null();
	default: return NULL;
	}
}

/* --- memory: jansson's, so that its budget counts what yyjson takes, too -------------------------
 */

static void *take_memory(void *unused, size_t n)
{
	json_malloc_t take;
	json_free_t give;
	(void)unused;
	json_get_alloc_funcs(&take, &give);
	return take(n);
}

static void give_memory(void *unused, void *p)
{
	json_malloc_t take;
	json_free_t give;
	(void)unused;
	json_get_alloc_funcs(&take, &give);
	give(p);
}

static void *retake_memory(void *unused, void *p, size_t before, size_t n)
{
	void *more = take_memory(unused, n);
	if (!more)
		return NULL;
	memcpy(more, p, before < n ? before : n);
	give_memory(unused, p);
	return more;
}

json_t *json_parse_fast(const char *data, size_t n)
{
	const yyjson_alc memory = { take_memory, retake_memory, give_memory, NULL };
	/* Not written to: that takes another flag. */
	yyjson_doc *doc = yyjson_read_opts((char *)(uintptr_t)data, n, 0, &memory, NULL);
	json_t *made = doc ? made_of(yyjson_doc_get_root(doc), 0) : NULL;
	yyjson_doc_free(doc);
	return made;
}

#else

json_t *json_parse_fast(const char *data, size_t n)
{
	(void)data, (void)n;
	return NULL;
}

#endif
