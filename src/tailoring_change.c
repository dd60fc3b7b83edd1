/* SPDX-License-Identifier: Apache-2.0 */
/* tailoring_change.c: the changes of a tailoring: read, and made to the rules they match. */
#include <errno.h>

#include "param.h"
#include "tailoring_private.h"
#include "yaml_schema.h"

enum { CHANGES_MAX = 10000 };

/* --- reading -------------------------------------------------------------------------------- */

static int read_change(struct tailoring *f, struct change *c, struct arena *a, struct err *err)
{
	static const struct yaml_key keys[] = {
		{ "rule", YAML_TEXT, true },      { "select", YAML_BOOLEAN, false },
		{ "level", YAML_INTEGER, false }, { "severity", YAML_TEXT, false },
		{ "params", YAML_OBJECT, false }, { "why", YAML_TEXT, false },
	};
	int r = doc_check(f->yaml, c->object, "a change", keys, ARRAY_SIZE(keys), err);
	if (r == 0)
		r = read_level(f->yaml, c->object, &c->level, err);
	if (r == 0 && json_object_get(c->object, "severity"))
		r = read_severity(f->yaml, c->object, &c->severity, err);
	if (r < 0)
		return r;
	c->rule = member_text(a, c->object, "rule");
	c->why = member_text(a, c->object, "why");
	c->select = json_object_get(c->object, "select");
	c->params = json_object_get(c->object, "params");
	if (c->why && c->why[strspn(c->why, " \t\r\n")] == '\0')
		return doc_error(err, f->yaml, c->object, "why", "a change: 'why' is empty");
	if (json_is_false(c->select) && !c->why)
		return doc_error(err, f->yaml, c->object, "select",
				 "a rule that is left out wants a 'why'");
	if (!c->select && !c->level && !c->severity && !c->params)
		return doc_error(err, f->yaml, c->object, NULL,
				 "a change has one of 'select', 'level', 'severity' and 'params'");
	return 0;
}

int changes_read(struct tailoring *f, const json_t *list, struct arena *a, struct err *err)
{
	size_t n = json_array_size(list);
	if (n > CHANGES_MAX)
		return doc_error(err, f->yaml, list, NULL, "more than %d changes", CHANGES_MAX);
	f->changes = arena_alloc(a, n * sizeof(*f->changes));
	for (f->n_changes = 0; f->n_changes < n; f->n_changes++) {
		struct change *c = &f->changes[f->n_changes];
		c->object = json_array_get(list, f->n_changes);
		int r = read_change(f, c, a, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* --- applying ------------------------------------------------------------------------------- */

/* What is being changed by what. */
struct work {
	struct tailorings *t;
	const struct tailoring *f;
	struct profile **p;
	size_t n;
	struct err *err;
};

/* The severity is the check's: this rule gets a row of its own, of the same id and function. */
static void set_severity(const struct work *w, struct rule *rule, enum sw_severity severity)
{
	struct sw_check *row = arena_alloc(w->t->arena, sizeof(*row));
	memcpy(row, rule->check, sizeof(*row));
	row->severity = severity;
	rule->check = row;
}

/* Of a pattern that matches several rules those that have the parameter are meant. */
static int set_params(const struct work *w, struct rule *rule, const struct change *c,
		      json_t *ret_used)
{
	const char *name;
	json_t *value, *typed;
	json_object_foreach((json_t *)c->params, name, value)
	{
		const struct sw_param *param = param_find(rule->check, name);
		if (!param)
			continue;
		if (param_from_json(param, value, &typed, w->err) < 0)
			return err_wrap(w->err, "tailoring: %s: rule %s",
					doc_where(w->f->yaml, c->params, name), rule->ref);
		json_object_set_new(rule->params, name, typed);
		json_object_set_new(ret_used, name, json_true());
	}
	return 0;
}

static int change_rule(const struct work *w, struct rule *rule, const struct change *c,
		       json_t *ret_used)
{
	if (c->select)
		rule->left_out = json_is_false(c->select) ? c->why : NULL;
	if (c->level)
		rule->level = c->level;
	if (c->severity)
		set_severity(w, rule, c->severity);
	if (c->why)
		rule->why = c->why;
	return set_params(w, rule, c, ret_used);
}

/* Which no rule that was matched has. */
static int check_params(const struct work *w, const struct change *c, const json_t *used)
{
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)c->params, name, value)
	{
		if (json_object_get(used, name))
			continue;
		const char *names[64];
		size_t n = 0;
		for (size_t i = 0; i < w->n; i++)
			for (size_t k = 0; tailoring_fits(w->f, w->p[i]) && k < w->p[i]->n_rules;
			     k++) {
				const struct rule *rule = &w->p[i]->rules[k];
				const struct sw_param *q = rule->check->params;
				for (; rule_matches(rule, c->rule) && q && q->name && n < 64; q++)
					names[n++] = q->name;
			}
		AUTO_FREE char *hint = did_you_mean(nearest(name, names, n));
		doc_error(w->err, w->f->yaml, c->params, name,
			  "no rule that is '%s' has a parameter '%s'%s", c->rule, name, hint);
		return err_wrap(w->err, "tailoring");
	}
	return 0;
}

/* A misspelt rule in a file that was named is an error; an installed one may be of other profiles.
 */
static int matches_nothing(const struct work *w, const struct change *c, bool has_profile)
{
	AUTO_FREE char *hint = rules_hint(w->p, w->n, c->rule);
	const char *of = w->f->profile;
	AUTO_FREE char *text = !has_profile ? xasprintf("no profile of this run is '%s'", of)
			       : of ? xasprintf("no rule of '%s' is '%s'%s", of, c->rule, hint)
				    : xasprintf("no rule is '%s'%s", c->rule, hint);
	const char *key = has_profile ? "rule" : NULL;
	if (!w->f->is_installed) {
		doc_error(w->err, w->f->yaml, c->object, key, "%s", text);
		return err_wrap(w->err, "tailoring");
	}
	if (has_profile)
		warnings_add(&w->t->warnings, w->t->arena, doc_where(w->f->yaml, c->object, key),
			     text);
	return 0;
}

static int apply_change(const struct work *w, const struct change *c)
{
	json_t *used = json_object();
	bool has_profile = false, has_rule = false;
	int r = 0;
	for (size_t i = 0; i < w->n; i++) {
		if (!tailoring_fits(w->f, w->p[i]))
			continue;
		has_profile = true;
		for (size_t k = 0; r == 0 && k < w->p[i]->n_rules; k++) {
			struct rule *rule = &w->p[i]->rules[k];
			if (!rule_matches(rule, c->rule))
				continue;
			has_rule = true;
			r = change_rule(w, rule, c, used);
		}
	}
	if (r == 0)
		r = has_rule ? check_params(w, c, used) : matches_nothing(w, c, has_profile);
	json_decref(used);
	return r;
}

/* What is left out is in no count, so the report has to say it. */
static void list_left_out(struct arena *a, struct profile *p)
{
	p->left_out = arena_alloc(a, p->n_rules * sizeof(*p->left_out));
	p->n_left_out = 0;
	for (size_t i = 0; i < p->n_rules; i++)
		if (p->rules[i].left_out)
			p->left_out[p->n_left_out++] =
				(struct missing){ p->rules[i].ref, p->rules[i].left_out };
}

int tailorings_apply(struct tailorings *t, struct profile **p, size_t n, struct err *err)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct work w = { t, &t->files[i], p, n, err };
		for (size_t k = 0; k < w.f->n_changes; k++)
			if (apply_change(&w, &w.f->changes[k]) < 0)
				return err->code;
	}
	for (size_t i = 0; i < n && t->n > 0; i++)
		list_left_out(t->arena, p[i]);
	return 0;
}
