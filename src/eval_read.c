/* SPDX-License-Identifier: Apache-2.0 */
/* eval_read.c: the reads a check makes: facts, which are sticky and leave evidence, and parameters.
 */
#include "eval_private.h"

#include <fnmatch.h>
#include <stdarg.h>

#include "facts.h"
#include "param.h"

static bool is_masked(const struct sw_eval *e, const char *path)
{
	const char *mask = e->in->mask;
	if (!mask || !starts_with(path, mask))
		return false;
	char next = path[strlen(mask)];
	return next == '\0' || next == '/';
}

/*
 * Is path a whole section of the host or the engine, and was that not even looked for? Then nobody
 * knows that it is absent, which a section of null is.
 */
static bool is_uncollected(const struct sw_eval *e, const char *path)
{
	static const char *const sides[] = { "host", "engine" };
	for (size_t i = 0; i < ARRAY_SIZE(sides); i++) {
		json_t *sections = json_object_get(e->in->world, sides[i]);
		size_t n = strlen(sides[i]);
		bool is_below =
			path[0] == '@' && strncmp(path + 1, sides[i], n) == 0 && path[1 + n] == '/';
		const char *name = is_below ? path + n + 2 : path;
		if (!is_below && (path[0] == '@' || e->in->subject != sections))
			continue;
		return !strchr(name, '/') && !json_object_get(sections, name);
	}
	return false;
}

static struct fact find_known(const struct sw_eval *e, const char *path)
{
	struct fact f = *path == '@' ? facts_find(e->in->world, path + 1)
				     : facts_find(e->in->subject, path);
	if (f.state == FACT_ABSENT && is_uncollected(e, path))
		return (struct fact){ .state = FACT_UNREAD, .reason = "was not collected" };
	return f;
}

static struct fact find(struct sw_eval *e, const char *path)
{
	e->has_read_index |= starts_with(path, "@index");
	if (is_masked(e, path))
		return (struct fact){ .state = FACT_UNREAD, .reason = "masked" };
	return find_known(e, path);
}

static void note(struct sw_eval *e, const char *path, const char *value, bool unread)
{
	path = arena_intern(e->in->arena, path);
	struct read_buffer *reads = e->reads;
	for (size_t i = 0; i < e->n_reads; i++)
		if (reads->v[i].path == path)
			return;
	if (e->n_reads == reads->cap) {
		reads->cap = reads->cap ? 2 * reads->cap : 16;
		reads->v = xrealloc(reads->v, reads->cap * sizeof(*reads->v));
	}
	reads->v[e->n_reads++] = (struct read){ path, value, unread };
}

static void mark(struct sw_eval *e, const char *path, const char *why)
{
	note(e, path, NULL, true);
	if (e->marked)
		return;
	e->marked = true;
	e->mark_reason =
		arena_intern(e->in->arena, arena_printf(e->in->arena, "%s: %s",
							facts_path_text(e->in->arena, path), why));
}

/* The known value at path that is of the right type, or NULL; notes and marks. */
static json_t *want(struct sw_eval *e, const char *path, bool (*is_type)(const json_t *),
		    const char *type)
{
	struct fact f = find(e, path);
	if (f.state == FACT_UNREAD) {
		mark(e, path, f.reason);
		return NULL;
	}
	if (f.state == FACT_ABSENT) {
		note(e, path, NULL, false);
		return NULL;
	}
	if (!is_type(f.value)) {
		mark(e, path,
		     arena_printf(e->in->arena, "is %s, not %s", facts_text(e->in->arena, f.value),
				  type));
		return NULL;
	}
	note(e, path, facts_text(e->in->arena, f.value), false);
	return f.value;
}

static bool is_bool(const json_t *v)
{
	return json_is_boolean(v);
}
static bool is_int(const json_t *v)
{
	return json_is_integer(v);
}
static bool is_string(const json_t *v)
{
	return json_is_string(v);
}
static bool is_container(const json_t *v)
{
	return json_is_array(v) || json_is_object(v);
}
static bool is_anything(const json_t *v)
{
	return v != NULL;
}
static bool is_mode(const json_t *v)
{
	const char *s = json_string_value(v);
	return s && *s && strlen(s) <= 5 && strspn(s, "01234567") == strlen(s);
}

bool sw_bool(struct sw_eval *e, const char *path, bool fallback)
{
	json_t *v = want(e, path, is_bool, "a truth value");
	return v ? json_is_true(v) : fallback;
}

int64_t sw_int(struct sw_eval *e, const char *path, int64_t fallback)
{
	json_t *v = want(e, path, is_int, "an integer");
	return v ? json_integer_value(v) : fallback;
}

const char *sw_str(struct sw_eval *e, const char *path, const char *fallback)
{
	json_t *v = want(e, path, is_string, "text");
	return v ? arena_intern(e->in->arena, json_string_value(v)) : fallback;
}

unsigned sw_mode(struct sw_eval *e, const char *path, unsigned fallback)
{
	json_t *v = want(e, path, is_mode, "an octal mode");
	return v ? (unsigned)strtoul(json_string_value(v), NULL, 8) & 07777 : fallback;
}

bool sw_has(struct sw_eval *e, const char *path)
{
	return want(e, path, is_anything, "a value") != NULL;
}

bool sw_is_known(struct sw_eval *e, const char *path)
{
	return find(e, path).state == FACT_KNOWN;
}

size_t sw_count(struct sw_eval *e, const char *path)
{
	json_t *v = want(e, path, is_container, "a list");
	return json_is_array(v) ? json_array_size(v) : json_object_size(v);
}

const char *sw_key(struct sw_eval *e, const char *path, size_t i)
{
	json_t *v = want(e, path, is_container, "an object");
	for (void *it = json_object_iter(v); it; it = json_object_iter_next(v, it))
		if (i-- == 0)
			return arena_intern(e->in->arena, json_object_iter_key(it));
	return "";
}

bool sw_contains(struct sw_eval *e, const char *path, const char *s)
{
	json_t *v = want(e, path, is_container, "a list");
	if (json_is_object(v))
		return json_object_get(v, s) != NULL;
	for (size_t i = 0; i < json_array_size(v); i++) {
		const char *item = json_string_value(json_array_get(v, i));
		if (!item) {
			mark(e, path, "holds something that is no text");
			return false;
		}
		if (streq(item, s))
			return true;
	}
	return false;
}

const char *sw_at(struct sw_eval *e, const char *format, ...)
{
	va_list ap;
	char shown[256];
	va_start(ap, format);
	int n = vsnprintf(shown, sizeof(shown), format, ap);
	va_end(ap);
	if (n < (int)sizeof(shown))
		return arena_intern_n(e->in->arena, shown, n < 0 ? 0 : (size_t)n);
	AUTO_FREE char *s = NULL;
	va_start(ap, format);
	n = vasprintf(&s, format, ap);
	va_end(ap);
	return arena_intern(e->in->arena, n < 0 ? "" : s);
}

const char *sw_esc(struct sw_eval *e, const char *name)
{
	return facts_escape(e->in->arena, name);
}

static json_t *fallback_value(const struct sw_param *p)
{
	json_t *v;
	return p->fallback && param_from_text(p, p->fallback, &v, NULL) == 0 ? v : NULL;
}

json_t *eval_param(const struct sw_eval *e, const char *name)
{
	json_t *given = json_object_get(e->in->params, name);
	if (given && !json_is_null(given))
		return json_incref(given);
	for (const struct sw_param *p = e->in->check->params; p && p->name; p++)
		if (streq(p->name, name))
			return fallback_value(p);
	return NULL;
}

static void json_decref_p(json_t **v)
{
	json_decref(*v);
}
#define AUTO_JSON CLEANUP(json_decref_p)

/* The same, and remembers what was not there: a warning then says how to set it. */
static json_t *asked_param(struct sw_eval *e, const char *name)
{
	json_t *v = eval_param(e, name);
	const struct sw_param *p = e->in->check->params;
	for (unsigned i = 0; !v && i < 32 && p && p[i].name; i++)
		if (streq(p[i].name, name))
			e->unset |= UINT32_C(1) << i;
	return v;
}

bool sw_param_is_set(struct sw_eval *e, const char *name)
{
	AUTO_JSON json_t *v = asked_param(e, name);
	return v != NULL;
}

bool sw_param_bool(struct sw_eval *e, const char *name)
{
	AUTO_JSON json_t *v = eval_param(e, name);
	return json_is_true(v);
}

int64_t sw_param_int(struct sw_eval *e, const char *name)
{
	AUTO_JSON json_t *v = eval_param(e, name);
	return json_integer_value(v);
}

const char *sw_param_str(struct sw_eval *e, const char *name)
{
	AUTO_JSON json_t *v = asked_param(e, name);
	return arena_intern(e->in->arena, json_string_value(v));
}

bool sw_param_lists(struct sw_eval *e, const char *name, const char *s)
{
	AUTO_JSON json_t *v = asked_param(e, name);
	for (size_t i = 0; i < json_array_size(v); i++) {
		const char *item = json_string_value(json_array_get(v, i));
		if (item && fnmatch(item, s, 0) == 0)
			return true;
	}
	return false;
}
