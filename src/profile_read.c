/* SPDX-License-Identifier: Apache-2.0 */
/* profile_read.c: one profile file, read and checked as far as it can be without the registry. */
#include <errno.h>

#include "profile_private.h"
#include "yaml_schema.h"

enum { RULES_MAX = 10000, REF_MAX = 64 };

/* Letters and digits joined by . _ - */
static bool is_ref(const char *s)
{
	if (strlen(s) > REF_MAX)
		return false;
	for (const char *c = s; *c; c++) {
		bool alnum = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
			     (*c >= '0' && *c <= '9');
		if (!alnum && (c == s || !strchr("._-", *c) || strchr("._-", c[1])))
			return false;
	}
	return *s != '\0';
}

const char *member_text(struct arena *a, const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);
	AUTO_FREE char *text = v ? doc_scalar_text(v) : NULL;
	return text ? arena_strdup(a, text) : NULL;
}

static int read_ref(struct layer *l, const json_t *object, const char *key, struct arena *a,
		    const char **ret, struct err *err)
{
	*ret = member_text(a, object, key);
	if (*ret && is_ref(*ret))
		return 0;
	return doc_error(err, l->yaml, object, key,
			 "'%s' is no %s (letters and digits joined by . _ -)", *ret ? *ret : "",
			 key);
}

static int check_assessment(struct layer *l, const json_t *object, const char *value,
			    struct err *err)
{
	static const char *const names[] = { "automated", "manual" };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!value || streq(value, names[i]))
			return 0;
	AUTO_FREE char *hint = did_you_mean(nearest(value, names, ARRAY_SIZE(names)));
	return doc_error(err, l->yaml, object, "assessment",
			 "assessment is automated or manual, not '%s'%s", value, hint);
}

int read_level(const struct yaml *y, const json_t *object, int *ret, struct err *err)
{
	const json_t *v = json_object_get(object, "level");
	json_int_t level = json_integer_value(v);
	if (v && level != 1 && level != 2)
		return doc_error(err, y, object, "level", "level is 1 or 2");
	*ret = (int)level;
	return 0;
}

static int read_rule(struct layer *l, const json_t *object, struct arena *a, struct rule_line *ret,
		     struct err *err)
{
	static const struct yaml_key keys[] = {
		{ "ref", YAML_TEXT, true },       { "check", YAML_TEXT, true },
		{ "level", YAML_INTEGER, false }, { "assessment", YAML_TEXT, false },
		{ "title", YAML_TEXT, false },    { "params", YAML_OBJECT, false },
		{ "why", YAML_TEXT, false },
	};
	int r = doc_check(l->yaml, object, "a rule", keys, ARRAY_SIZE(keys), err);
	if (r == 0)
		r = read_ref(l, object, "ref", a, &ret->ref, err);
	if (r == 0)
		r = read_level(l->yaml, object, &ret->level, err);
	if (r < 0)
		return r;
	ret->layer = l;
	ret->object = object;
	ret->check = member_text(a, object, "check");
	ret->title = member_text(a, object, "title");
	ret->why = member_text(a, object, "why");
	ret->params = json_object_get(object, "params");
	ret->assessment = member_text(a, object, "assessment");
	if (ret->title && !*ret->title)
		return doc_error(err, l->yaml, object, "title", "the title is empty");
	return check_assessment(l, object, ret->assessment, err);
}

/* Notes that name was seen; false when it had been before. */
static bool is_first(json_t *seen, const char *name)
{
	if (json_object_get(seen, name))
		return false;
	json_object_set_new(seen, name, json_true());
	return true;
}

static int read_rules(struct layer *l, const json_t *list, struct arena *a, struct err *err)
{
	size_t n = json_array_size(list);
	if (n > RULES_MAX)
		return doc_error(err, l->yaml, list, NULL, "more than %d rules", RULES_MAX);
	l->rules = arena_alloc(a, n * sizeof(*l->rules));
	json_t *seen = json_object();
	int r = 0;
	for (size_t i = 0; r == 0 && i < n; i++) {
		const json_t *object = json_array_get(list, i);
		r = read_rule(l, object, a, &l->rules[i], err);
		if (r < 0)
			break;
		AUTO_FREE char *both = xasprintf("%s %s", l->rules[i].ref, l->rules[i].check);
		if (!is_first(seen, both))
			r = doc_error(err, l->yaml, object, "ref",
				      "there are two rules '%s' with the check '%s'",
				      l->rules[i].ref, l->rules[i].check);
	}
	l->n_rules = n;
	json_decref(seen);
	return r;
}

static bool has_rule(const struct layer *l, const char *ref)
{
	for (size_t i = 0; i < l->n_rules; i++)
		if (streq(l->rules[i].ref, ref))
			return true;
	return false;
}

static int read_missing(struct layer *l, const json_t *list, struct arena *a, struct err *err)
{
	static const struct yaml_key keys[] = {
		{ "ref", YAML_TEXT, true },
		{ "why", YAML_TEXT, true },
	};
	size_t n = json_array_size(list);
	int r = n > RULES_MAX
			? doc_error(err, l->yaml, list, NULL, "more than %d numbers", RULES_MAX)
			: 0;
	l->missing = arena_alloc(a, n * sizeof(*l->missing));
	for (size_t i = 0; r == 0 && i < n; i++) {
		const json_t *object = json_array_get(list, i);
		struct missing *m = &l->missing[i];
		r = doc_check(l->yaml, object, "a missing number", keys, ARRAY_SIZE(keys), err);
		if (r == 0)
			r = read_ref(l, object, "ref", a, &m->ref, err);
		if (r == 0 && has_rule(l, m->ref))
			r = doc_error(err, l->yaml, object, "ref", "%s has a rule", m->ref);
		if (r == 0)
			m->why = member_text(a, object, "why");
	}
	l->n_missing = n;
	return r;
}

static int read_groups(struct layer *l, const json_t *list, struct arena *a, struct err *err)
{
	static const struct yaml_key keys[] = {
		{ "id", YAML_TEXT, true },
		{ "title", YAML_TEXT, true },
	};
	size_t n = json_array_size(list);
	if (n > RULES_MAX)
		return doc_error(err, l->yaml, list, NULL, "more than %d groups", RULES_MAX);
	l->groups = arena_alloc(a, n * sizeof(*l->groups));
	json_t *seen = json_object();
	int r = 0;
	for (size_t i = 0; r == 0 && i < n; i++) {
		const json_t *object = json_array_get(list, i);
		struct group *g = &l->groups[i];
		r = doc_check(l->yaml, object, "a group", keys, ARRAY_SIZE(keys), err);
		if (r == 0)
			r = read_ref(l, object, "id", a, &g->id, err);
		if (r == 0 && !is_first(seen, g->id))
			r = doc_error(err, l->yaml, object, "id", "there are two groups '%s'",
				      g->id);
		if (r == 0)
			g->title = member_text(a, object, "title");
	}
	l->n_groups = n;
	json_decref(seen);
	return r;
}

static int read_head(struct layer *l, const json_t *root, struct arena *a, struct err *err)
{
	const json_t *recommendations = json_object_get(root, "recommendations");
	int r = read_ref(l, root, "id", a, &l->id, err);
	if (r < 0)
		return r;
	l->title = member_text(a, root, "title");
	l->version = member_text(a, root, "version");
	l->extends = member_text(a, root, "extends");
	l->recommendations = -1;
	if (!recommendations)
		return 0;
	l->recommendations = json_integer_value(recommendations);
	if (l->recommendations < 0 || l->recommendations > RULES_MAX)
		return doc_error(err, l->yaml, root, "recommendations",
				 "recommendations is how many the benchmark has");
	return 0;
}

int layer_read_lists(struct layer *l, const json_t *object, struct arena *a, struct err *err)
{
	int r = read_groups(l, json_object_get(object, "groups"), a, err);
	if (r == 0)
		r = layer_read_checks(l, json_object_get(object, "checks"), a, err);
	if (r == 0)
		r = read_rules(l, json_object_get(object, "rules"), a, err);
	return r == 0 ? read_missing(l, json_object_get(object, "missing"), a, err) : r;
}

int layer_read(struct layer *l, struct arena *a, struct err *err)
{
	static const struct yaml_key keys[] = {
		{ "id", YAML_TEXT, true },
		{ "title", YAML_TEXT, true },
		{ "version", YAML_TEXT, false },
		{ "extends", YAML_TEXT, false },
		{ "recommendations", YAML_INTEGER, false },
		{ "groups", YAML_ARRAY, false },
		{ "rules", YAML_ARRAY, false },
		{ "missing", YAML_ARRAY, false },
		{ "checks", YAML_ARRAY, false },
	};
	int r = doc_parse(l->source.file, l->source.data, l->source.len, &l->yaml, err);
	if (r < 0)
		return r;
	const json_t *root = doc_root(l->yaml);
	r = doc_check(l->yaml, root, "a profile", keys, ARRAY_SIZE(keys), err);
	if (r == 0)
		r = read_head(l, root, a, err);
	return r == 0 ? layer_read_lists(l, root, a, err) : r;
}
