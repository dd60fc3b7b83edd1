/* SPDX-License-Identifier: Apache-2.0 */
/* expr.c: compiles the expressions of declared checks; see expr.h. */
#include "expr.h"

#include <errno.h>

#include "expr_tree.h"
#include "yaml_schema.h"

enum { PATH_LONGEST = 1024, CHILDREN_MAX = 1000 };

/* What an operator's value may be. */
enum operand { TAKES_SCALAR, TAKES_SCALARS, TAKES_INTEGER, TAKES_TEXT, TAKES_VERSION, TAKES_MODE };

struct operator_row {
	const char *name;
	enum operand takes;
	enum operator op;
	bool negated;
};

static const struct operator_row operators[] = {
	{ "equals", TAKES_SCALAR, OP_EQUALS, false },
	{ "not-equals", TAKES_SCALAR, OP_EQUALS, true },
	{ "in", TAKES_SCALARS, OP_IN, false },
	{ "not-in", TAKES_SCALARS, OP_IN, true },
	{ "contains", TAKES_TEXT, OP_CONTAINS, false },
	{ "starts-with", TAKES_TEXT, OP_STARTS_WITH, false },
	{ "ends-with", TAKES_TEXT, OP_ENDS_WITH, false },
	{ "matches", TAKES_TEXT, OP_MATCHES, false },
	{ "<", TAKES_INTEGER, OP_LESS, false },
	{ "<=", TAKES_INTEGER, OP_LESS_EQUAL, false },
	{ ">", TAKES_INTEGER, OP_GREATER, false },
	{ ">=", TAKES_INTEGER, OP_GREATER_EQUAL, false },
	{ "version-at-least", TAKES_VERSION, OP_VERSION_AT_LEAST, false },
	{ "mode-at-most", TAKES_MODE, OP_MODE_AT_MOST, false },
};

struct compile {
	const struct yaml *y;
	struct arena *a;
	struct err *err;
};

static int compile(struct compile *c, const json_t *value, bool in_each, struct expr **ret);

static struct expr *new_expr(struct compile *c, enum expr_form form)
{
	struct expr *x = arena_alloc(c->a, sizeof(*x));
	x->form = form;
	return x;
}

/* --- paths ---------------------------------------------------------------------------------- */

/* Why path is no pointer, or NULL. */
static const char *path_trouble(const char *path, bool in_each)
{
	static const char *const tops[] = { "@host/", "@engine/", "@index/" };
	bool top = false;

	if (!*path)
		return in_each ? NULL : "is empty";
	if (strlen(path) > PATH_LONGEST)
		return "is too long";
	for (size_t i = 0; i < ARRAY_SIZE(tops); i++)
		top = top || starts_with(path, tops[i]);
	if (*path == '@' && !top)
		return "begins with @ and goes on neither with host/, engine/ nor index/";
	if (*path == '/' || ends_with(path, "/") || strstr(path, "//"))
		return "has an empty step (a path has no slash at its ends)";
	for (const char *s = path; *s; s++) {
		if (*s == '~' && s[1] != '0' && s[1] != '1')
			return "has a ~ that is not ~0 (for ~) or ~1 (for /)";
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return "has a control character";
	}
	return NULL;
}

static int compile_path(struct compile *c, const json_t *object, const char *key, bool in_each,
			const char **ret)
{
	AUTO_FREE char *path = doc_scalar_text(json_object_get(object, key));
	const char *trouble = path_trouble(path, in_each);
	if (trouble)
		return doc_error(c->err, c->y, object, key, "the path '%s' %s", path, trouble);
	*ret = arena_strdup(c->a, path);
	return 0;
}

/* --- values --------------------------------------------------------------------------------- */

/* Octal digits, at most 7777; a mode written without quotes may have become an integer. */
static bool parse_mode(const char *text, int64_t *ret)
{
	size_t n = strlen(text);
	if (n < 1 || n > 5 || strspn(text, "01234567") != n)
		return false;
	*ret = strtol(text, NULL, 8);
	return *ret <= 07777;
}

static bool is_version(const char *s)
{
	return *s >= '0' && *s <= '9';
}

/* A literal of the value's own type. */
static bool scalar_literal(struct compile *c, const json_t *value, struct literal *ret)
{
	AUTO_FREE char *text = doc_scalar_text(value);
	if (!text)
		return false;
	*ret = (struct literal){ .type = VALUE_TEXT, .text = arena_strdup(c->a, text) };
	if (json_is_boolean(value)) {
		ret->type = VALUE_BOOL;
		ret->number = json_is_true(value);
	} else if (json_is_integer(value)) {
		ret->type = VALUE_INT;
		ret->number = json_integer_value(value);
	}
	return true;
}

/* A literal as the operator takes it, or what it takes. */
static const char *literal_for(struct compile *c, enum operand takes, const json_t *value,
			       struct literal *ret)
{
	if (!scalar_literal(c, value, ret))
		return "one value: text, an integer, true or false";
	switch (takes) {
	case TAKES_SCALAR:
	case TAKES_SCALARS: return NULL;
	case TAKES_INTEGER: return ret->type == VALUE_INT ? NULL : "an integer";
	case TAKES_TEXT:
		if (ret->type == VALUE_BOOL)
			return "text";
		break;
	case TAKES_VERSION:
		if (ret->type == VALUE_BOOL || !is_version(ret->text))
			return "a version such as 20.10";
		break;
	case TAKES_MODE:
		if (ret->type == VALUE_BOOL || !parse_mode(ret->text, &ret->number))
			return "an octal mode such as \"0644\"";
		break;
	}
	ret->type = VALUE_TEXT;
	return NULL;
}

static int compile_values(struct compile *c, const struct operator_row *row, const json_t *object,
			  const char *key, struct expr *x)
{
	const json_t *value = json_object_get(object, key);
	bool list = row->takes == TAKES_SCALARS;
	size_t n = list ? json_array_size(value) : 1;
	if (list && (n == 0 || n > CHILDREN_MAX))
		return doc_error(c->err, c->y, object, key, "%s takes a list of 1 to %d values",
				 row->name, CHILDREN_MAX);

	struct literal *values = arena_alloc(c->a, n * sizeof(*values));
	for (size_t i = 0; i < n; i++) {
		const json_t *v = list ? json_array_get(value, i) : value;
		const char *takes = literal_for(c, row->takes, v, &values[i]);
		if (takes)
			return doc_error(c->err, c->y, object, key, "%s takes %s", row->name,
					 takes);
		if (values[i].type != values[0].type)
			return doc_error(c->err, c->y, object, key,
					 "%s takes values of one type; quote those meant as text",
					 row->name);
	}
	x->values = values;
	x->n_values = n;
	x->type = values[0].type;
	return 0;
}

static int compile_default(struct compile *c, const struct operator_row *row, const json_t *object,
			   struct expr *x)
{
	const json_t *value = json_object_get(object, "default");
	if (!value)
		return 0;
	if (row->op == OP_CONTAINS)
		return doc_error(c->err, c->y, object, "default",
				 "contains takes no default: an absent list holds nothing");
	const char *takes = literal_for(c, row->takes, value, &x->absent);
	if (takes)
		return doc_error(c->err, c->y, object, "default", "the default of %s must be %s",
				 row->name, takes);
	if (x->absent.type != x->type)
		return doc_error(c->err, c->y, object, "default",
				 "the default is not of the type of the value it stands for");
	x->has_default = true;
	return 0;
}

static const char *operands_text(struct compile *c, const struct expr *x)
{
	const char *text = x->values[0].text;
	for (size_t i = 1; i < x->n_values && i < 8; i++)
		text = arena_printf(c->a, "%s, %s", text, x->values[i].text);
	return x->n_values > 8 ? arena_printf(c->a, "%s, …", text) : text;
}

/* --- a fact --------------------------------------------------------------------------------- */

static const struct operator_row *operator_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(operators); i++)
		if (streq(operators[i].name, name))
			return &operators[i];
	return NULL;
}

/* The error about a word that is no operator; with_keys: it stood where other keys may stand. */
static int unknown_operator(struct compile *c, const json_t *object, const char *key,
			    const char *word, bool with_keys)
{
	const char *names[ARRAY_SIZE(operators) + 4];
	size_t n = 0;
	for (size_t i = 0; i < ARRAY_SIZE(operators); i++)
		names[n++] = operators[i].name;
	names[n++] = "exists";
	if (with_keys) {
		names[n++] = "default";
		names[n++] = "value";
		names[n++] = "op";
	}
	AUTO_FREE char *hint = did_you_mean(nearest(word, names, n));
	return doc_error(c->err, c->y, object, key, "there is no operator '%s'%s", word, hint);
}

/* The one operator of a fact and the key its value stands under. */
static int find_operator(struct compile *c, const json_t *object, const char **ret_name,
			 const char **ret_key)
{
	const char *key, *name = json_string_value(json_object_get(object, "op"));
	json_t *member;
	size_t n = 0;

	if (json_object_get(object, "op")) {
		if (!name)
			return doc_error(c->err, c->y, object, "op", "op takes an operator");
		if (!json_object_get(object, "value"))
			return doc_error(c->err, c->y, object, "op", "op lacks 'value'");
		*ret_name = name;
		*ret_key = "value";
		n++;
	} else if (json_object_get(object, "value")) {
		return doc_error(c->err, c->y, object, "value", "value lacks 'op'");
	}
	json_object_foreach((json_t *)object, key, member)
	{
		if (streq(key, "fact") || streq(key, "default") || streq(key, "op") ||
		    streq(key, "value"))
			continue;
		if (!operator_named(key) && !streq(key, "exists"))
			return unknown_operator(c, object, key, key, true);
		if (n++)
			return doc_error(c->err, c->y, object, key,
					 "a fact takes one operator; join several by all");
		*ret_name = *ret_key = key;
	}
	if (n == 0)
		return doc_error(c->err, c->y, object, "fact", "this fact has no operator");
	return 0;
}

static int compile_exists(struct compile *c, const json_t *object, const char *key, struct expr *x)
{
	const json_t *value = json_object_get(object, key);
	if (!json_is_boolean(value))
		return doc_error(c->err, c->y, object, key, "exists takes true or false");
	if (json_object_get(object, "default"))
		return doc_error(c->err, c->y, object, "default", "exists takes no default");
	x->form = EXPR_EXISTS;
	x->wanted = json_is_true(value);
	return 0;
}

static int compile_fact(struct compile *c, const json_t *object, bool in_each, struct expr **ret)
{
	const char *name = "", *key = "";
	if (!json_is_string(json_object_get(object, "fact")))
		return doc_error(c->err, c->y, object, "fact", "fact takes a path");
	struct expr *x = new_expr(c, EXPR_COMPARE);
	int r = compile_path(c, object, "fact", in_each, &x->path);
	if (r < 0)
		return r;
	r = find_operator(c, object, &name, &key);
	if (r < 0)
		return r;
	*ret = x;
	if (streq(name, "exists"))
		return compile_exists(c, object, key, x);

	const struct operator_row *row = operator_named(name);
	if (!row)
		return unknown_operator(c, object, "op", name, false);
	x->op = row->op;
	r = compile_values(c, row, object, key, x);
	if (r == 0)
		r = compile_default(c, row, object, x);
	if (r < 0)
		return r;
	const char *positive = row->negated ? row->name + strlen("not-") : row->name;
	x->text = arena_printf(c->a, "%s %s", positive, operands_text(c, x));
	if (row->negated) {
		*ret = new_expr(c, EXPR_NOT);
		(*ret)->children = arena_alloc(c->a, sizeof(*x->children));
		(*ret)->children[0] = x;
		(*ret)->n = 1;
	}
	return 0;
}

/* --- combinators ---------------------------------------------------------------------------- */

static int compile_children(struct compile *c, const json_t *object, const char *key, bool in_each,
			    struct expr **ret)
{
	const json_t *list = json_object_get(object, key);
	size_t n = json_array_size(list);
	if (!json_is_array(list) || n == 0 || n > CHILDREN_MAX)
		return doc_error(c->err, c->y, object, key,
				 "%s takes a list of 1 to %d expressions", key, CHILDREN_MAX);
	struct expr *x = new_expr(c, streq(key, "all") ? EXPR_ALL : EXPR_ANY);
	x->children = arena_alloc(c->a, n * sizeof(*x->children));
	x->n = n;
	for (size_t i = 0; i < n; i++) {
		struct expr *child = NULL;
		int r = compile(c, json_array_get(list, i), in_each, &child);
		if (r < 0)
			return r;
		x->children[i] = child;
	}
	*ret = x;
	return 0;
}

static int compile_one(struct compile *c, enum expr_form form, const json_t *value, bool in_each,
		       struct expr **ret)
{
	struct expr *x = new_expr(c, form), *child = NULL;
	int r = compile(c, value, in_each, &child);
	if (r < 0)
		return r;
	x->children = arena_alloc(c->a, sizeof(*x->children));
	x->children[0] = child;
	x->n = 1;
	*ret = x;
	return 0;
}

static int compile_not(struct compile *c, const json_t *object, const char *key, bool in_each,
		       struct expr **ret)
{
	return compile_one(c, EXPR_NOT, json_object_get(object, key), in_each, ret);
}

static int compile_each(struct compile *c, const json_t *object, const char *key, bool in_each,
			struct expr **ret)
{
	static const struct yaml_key keys[] = {
		{ "of", YAML_TEXT, true },
		{ "require", YAML_OBJECT, true },
		{ "default", YAML_ARRAY, false },
	};
	const json_t *each = json_object_get(object, key);
	const json_t *absent;
	const char *path;
	int r = doc_check(c->y, each, "each", keys, ARRAY_SIZE(keys), c->err);
	if (r == 0)
		r = compile_path(c, each, "of", in_each, &path);
	if (r == 0)
		r = compile_one(c, EXPR_EACH, json_object_get(each, "require"), true, ret);
	if (r < 0)
		return r;
	absent = json_object_get(each, "default");
	if (json_array_size(absent) > 0)
		return doc_error(c->err, c->y, each, "default",
				 "the only default of each is [], no elements");
	/* doc_error() < 0. NOLINTNEXTLINE(clang-analyzer-core.*) */
	(*ret)->path = path;
	(*ret)->has_default = absent != NULL;
	return 0;
}

static int compile(struct compile *c, const json_t *value, bool in_each, struct expr **ret)
{
	static const struct {
		const char *key;
		int (*compile)(struct compile *c, const json_t *object, const char *key,
			       bool in_each, struct expr **ret);
	} forms[] = {
		{ "all", compile_children },
		{ "any", compile_children },
		{ "not", compile_not },
		{ "each", compile_each },
	};
	static const char *const names[] = { "all", "any", "not", "each", "fact" };

	if (!json_is_object(value) || json_object_size(value) == 0)
		return doc_error(
			c->err, c->y, value, NULL,
			"an expression is an object with one of all, any, not, each, fact");
	if (json_object_get(value, "fact"))
		return compile_fact(c, value, in_each, ret);
	const char *first = json_object_iter_key(json_object_iter((json_t *)value));
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		if (!streq(first, forms[i].key))
			continue;
		if (json_object_size(value) > 1)
			return doc_error(c->err, c->y, value, NULL,
					 "'%s' must stand alone in its object", first);
		return forms[i].compile(c, value, first, in_each, ret);
	}
	AUTO_FREE char *hint = did_you_mean(nearest(first, names, ARRAY_SIZE(names)));
	return doc_error(c->err, c->y, value, first, "no expression begins with '%s'%s", first,
			 hint);
}

int expr_compile(const struct yaml *y, const json_t *value, struct arena *a,
		 const struct expr **ret, struct err *err)
{
	struct compile c = { .y = y, .a = a, .err = err };
	struct expr *x = NULL;
	int r = compile(&c, value, false, &x);
	if (r == 0)
		*ret = x;
	return r;
}
