/* SPDX-License-Identifier: Apache-2.0 */
/* yaml.c: see yaml_doc.h. The only file that sees libyaml. */
#include "yaml_doc.h"

#include <errno.h>
#include <yaml.h>

#include "arena.h"

enum { DEPTH_MAX = 32, SIZE_MAX_BYTES = 1 << 20 };

/* Where a value stood; with a key, where that member of it stood. */
struct place {
	const json_t *value;
	const char *key; /* arena; NULL for the value itself */
	size_t line, column;
};

struct yaml {
	struct arena *arena;
	const char *file;
	json_t *root;
	struct place *places;
	size_t n_places, cap_places;
};

struct parse {
	struct yaml *y;
	yaml_parser_t parser;
	struct err *err;
};

static void json_p(json_t **v)
{
	json_decref(*v);
}
#define AUTO_JSON CLEANUP(json_p)

static void event_p(yaml_event_t *event)
{
	yaml_event_delete(event);
}
#define AUTO_EVENT CLEANUP(event_p)

/* --- where things stood --------------------------------------------------------------------- */

static void remember(struct yaml *y, const json_t *value, const char *key, const yaml_mark_t *mark)
{
	if (y->n_places == y->cap_places) {
		y->cap_places = y->cap_places ? y->cap_places * 2 : 256;
		y->places = xrealloc(y->places, y->cap_places * sizeof(*y->places));
	}
	y->places[y->n_places++] = (struct place){
		.value = value,
		.key = key ? arena_strdup(y->arena, key) : NULL,
		.line = mark->line + 1,
		.column = mark->column + 1,
	};
}

static int compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	if (x->value != y->value)
		return (uintptr_t)x->value < (uintptr_t)y->value ? -1 : 1;
	if (!x->key || !y->key)
		return (x->key != NULL) - (y->key != NULL);
	return strcmp(x->key, y->key);
}

static const struct place *place_of(const struct yaml *y, const json_t *value, const char *key)
{
	const struct place wanted = { .value = value, .key = key };
	return y->n_places
		       ? bsearch(&wanted, y->places, y->n_places, sizeof(wanted), compare_places)
		       : NULL;
}

const char *doc_where(const struct yaml *y, const json_t *value, const char *key)
{
	const struct place *p = key ? place_of(y, value, key) : NULL;
	if (!p)
		p = place_of(y, value, NULL);
	if (!p)
		return y->file;
	return arena_printf(y->arena, "%s:%zu:%zu", y->file, p->line, p->column);
}

/* --- events to values ----------------------------------------------------------------------- */

static int refuse(struct parse *p, const yaml_mark_t *mark, const char *what)
{
	return err_set(p->err, -EINVAL, "%s:%zu:%zu: %s", p->y->file, mark->line + 1,
		       mark->column + 1, what);
}

static int next_event(struct parse *p, yaml_event_t *event)
{
	if (yaml_parser_parse(&p->parser, event))
		return 0;
	const char *problem = p->parser.problem ? p->parser.problem : "this is no YAML";
	/* What the reader refuses (bytes that are no UTF-8) has an offset and no mark. */
	if (p->parser.error == YAML_READER_ERROR)
		return err_set(p->err, -EINVAL, "%s: byte %zu: %s", p->y->file,
			       p->parser.problem_offset, problem);
	return refuse(p, &p->parser.problem_mark, problem);
}

/* YAML has more spellings of an integer (octal, hexadecimal, 1_000); those stay text. */
static bool looks_integer(const char *s)
{
	s += *s == '-';
	if (*s < '0' || *s > '9' || (*s == '0' && s[1]))
		return false;
	return s[strspn(s, "0123456789")] == '\0';
}

static int plain_value(struct parse *p, const yaml_event_t *event, const char *s, json_t **ret)
{
	int64_t number;
	if (!s || !*s || streq(s, "null"))
		*ret = json_null();
	else if (streq(s, "true") || streq(s, "false"))
		*ret = json_boolean(*s == 't');
	else if (!looks_integer(s))
		*ret = json_string(s);
	else if (parse_int(s, &number))
		*ret = json_integer(number);
	else
		return refuse(p, &event->start_mark, "this integer is too large");
	return 0;
}

/* The text of a scalar; refused when C strings could not hold it. */
static int scalar_text(struct parse *p, const yaml_event_t *event, const char **ret)
{
	const char *s = (const char *)event->data.scalar.value;
	if (strlen(s) != event->data.scalar.length)
		return refuse(p, &event->start_mark, "a text with a NUL character");
	*ret = s;
	return 0;
}

static int scalar_value(struct parse *p, const yaml_event_t *event, json_t **ret)
{
	const char *s = NULL;
	json_t *v = NULL;
	int r = scalar_text(p, event, &s);
	if (r < 0)
		return r;
	if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
		r = plain_value(p, event, s, &v);
	else
		v = json_string(s);
	if (r < 0)
		return r;
	if (!v)
		return refuse(p, &event->start_mark, "a text that is no valid UTF-8");
	*ret = v;
	return 0;
}

static int check_plain_node(struct parse *p, const yaml_event_t *event)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;
	switch (event->type) {
	case YAML_ALIAS_EVENT:
		return refuse(p, &event->start_mark, "aliases (*name) are not taken");
	case YAML_SCALAR_EVENT:
		anchor = event->data.scalar.anchor;
		tag = event->data.scalar.tag;
		break;
	case YAML_SEQUENCE_START_EVENT:
		anchor = event->data.sequence_start.anchor;
		tag = event->data.sequence_start.tag;
		break;
	case YAML_MAPPING_START_EVENT:
		anchor = event->data.mapping_start.anchor;
		tag = event->data.mapping_start.tag;
		break;
	default: break;
	}
	if (anchor)
		return refuse(p, &event->start_mark, "anchors (&name) are not taken");
	if (tag)
		return refuse(p, &event->start_mark, "tags (!name) are not taken");
	return 0;
}

static int node(struct parse *p, const yaml_event_t *event, size_t depth, json_t **ret);

static int sequence(struct parse *p, size_t depth, json_t *array)
{
	for (size_t i = 0;; i++) {
		AUTO_EVENT yaml_event_t event = { 0 };
		AUTO_JSON json_t *v = NULL;
		char index[24];
		int r = next_event(p, &event);
		if (r < 0)
			return r;
		if (event.type == YAML_SEQUENCE_END_EVENT)
			return 0;
		r = node(p, &event, depth, &v);
		if (r < 0)
			return r;
		snprintf(index, sizeof(index), "%zu", i);
		remember(p->y, array, index, &event.start_mark);
		json_array_append_new(array, TAKE(v));
	}
}

static int member_name(struct parse *p, const yaml_event_t *event, json_t *object, const char **ret)
{
	int r = check_plain_node(p, event);
	if (r < 0)
		return r;
	if (event->type != YAML_SCALAR_EVENT)
		return refuse(p, &event->start_mark, "a key must be one plain text");
	r = scalar_text(p, event, ret);
	if (r < 0)
		return r;
	if (!json_object_get(object, *ret))
		return 0;
	return err_set(p->err, -EINVAL, "%s:%zu:%zu: the key '%s' appears twice", p->y->file,
		       event->start_mark.line + 1, event->start_mark.column + 1, *ret);
}

static int mapping(struct parse *p, size_t depth, json_t *object)
{
	for (;;) {
		AUTO_EVENT yaml_event_t key = { 0 };
		AUTO_EVENT yaml_event_t value = { 0 };
		AUTO_JSON json_t *v = NULL;
		const char *name = NULL;
		int r = next_event(p, &key);
		if (r < 0)
			return r;
		if (key.type == YAML_MAPPING_END_EVENT)
			return 0;
		r = member_name(p, &key, object, &name);
		if (r == 0)
			r = next_event(p, &value);
		if (r == 0)
			r = node(p, &value, depth, &v);
		if (r < 0)
			return r;
		remember(p->y, object, name, &key.start_mark);
		if (json_object_set_new(object, name, TAKE(v)) < 0)
			return refuse(p, &key.start_mark, "a key that is no valid UTF-8");
	}
}

static int node(struct parse *p, const yaml_event_t *event, size_t depth, json_t **ret)
{
	AUTO_JSON json_t *v = NULL;
	int r = check_plain_node(p, event);
	if (r < 0)
		return r;
	if (depth >= DEPTH_MAX)
		return refuse(p, &event->start_mark, "nested more than 32 deep");
	switch (event->type) {
	case YAML_SCALAR_EVENT: r = scalar_value(p, event, &v); break;
	case YAML_SEQUENCE_START_EVENT:
		v = json_array();
		r = sequence(p, depth + 1, v);
		break;
	case YAML_MAPPING_START_EVENT:
		v = json_object();
		r = mapping(p, depth + 1, v);
		break;
	default: return refuse(p, &event->start_mark, "no value here");
	}
	if (r < 0)
		return r;
	/* jansson has one true, one false and one null: only their members' places tell them apart.
	 */
	if (!json_is_boolean(v) && !json_is_null(v))
		remember(p->y, v, NULL, &event->start_mark);
	*ret = TAKE(v);
	return 0;
}

/* Reads one event that must be of this type. */
static int expect(struct parse *p, yaml_event_type_t type, const char *otherwise)
{
	AUTO_EVENT yaml_event_t event = { 0 };
	int r = next_event(p, &event);
	if (r < 0)
		return r;
	if (event.type != type)
		return refuse(p, &event.start_mark, otherwise);
	if (type == YAML_DOCUMENT_START_EVENT &&
	    event.data.document_start.tag_directives.start !=
		    event.data.document_start.tag_directives.end)
		return refuse(p, &event.start_mark, "%TAG is not taken");
	return 0;
}

static int document(struct parse *p)
{
	AUTO_EVENT yaml_event_t event = { 0 };
	int r = expect(p, YAML_STREAM_START_EVENT, "this is no YAML");
	if (r == 0)
		r = expect(p, YAML_DOCUMENT_START_EVENT, "there is nothing in it");
	if (r == 0)
		r = next_event(p, &event);
	if (r == 0)
		r = node(p, &event, 0, &p->y->root);
	if (r == 0)
		r = expect(p, YAML_DOCUMENT_END_EVENT, "the document does not end here");
	if (r == 0)
		r = expect(p, YAML_STREAM_END_EVENT, "only one document is taken");
	return r;
}

/* --- public --------------------------------------------------------------------------------- */

static void yaml_p(struct yaml **y)
{
	doc_free(*y);
}

int doc_parse(const char *file, const char *data, size_t n, struct yaml **ret, struct err *err)
{
	CLEANUP(yaml_p) struct yaml *y = xalloc(sizeof(*y));
	y->arena = arena_new();
	y->file = arena_strdup(y->arena, file);
	if (n > SIZE_MAX_BYTES)
		return err_set(err, -EFBIG, "%s: larger than 1 MiB", file);

	struct parse p = { .y = y, .err = err };
	if (!yaml_parser_initialize(&p.parser))
		return err_set(err, -ENOMEM, "%s: out of memory", file);
	yaml_parser_set_input_string(&p.parser, (const unsigned char *)data, n);
	int r = document(&p);
	yaml_parser_delete(&p.parser);
	if (r < 0)
		return r;
	if (y->n_places)
		qsort(y->places, y->n_places, sizeof(*y->places), compare_places);
	*ret = TAKE(y);
	return 0;
}

void doc_free(struct yaml *y)
{
	if (!y)
		return;
	json_decref(y->root);
	free(y->places);
	arena_free(y->arena);
	free(y);
}

json_t *doc_root(const struct yaml *y)
{
	return y->root;
}

const char *doc_file(const struct yaml *y)
{
	return y->file;
}
