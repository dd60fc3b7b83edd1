/* SPDX-License-Identifier: Apache-2.0 */
/* profile.c: see profile.h. A profile is its file laid over those it extends, resolved in the
 * registry. */
#include "profile.h"

#include <errno.h>

#include "param.h"
#include "profile_private.h"
#include "yaml_schema.h"

#ifndef PROFILEDIR
#define PROFILEDIR "/etc/seaworthy/profiles"
#endif

enum { LAYERS_MAX = 16 };

struct owned {
	struct arena *arena;
	struct layer *top;
	const struct rule_line **lines; /* one for each rule */
};

static void layer_free(struct layer *l)
{
	while (l) {
		struct layer *base = l->base;
		doc_free(l->yaml);
		source_done(&l->source);
		free(l);
		l = base;
	}
}

static void layer_p(struct layer **l)
{
	layer_free(*l);
}

static void profile_p(struct profile **p)
{
	profile_free(*p);
}

/* --- loading the layers --------------------------------------------------------------------- */

static int check_circle(const struct layer *top, const struct layer *l, struct err *err)
{
	size_t depth = 0;
	for (const struct layer *above = top; above != l; above = above->base) {
		if (source_is_same(&above->source, &l->source))
			return err_set(err, -ELOOP, "%s: extends itself in a circle",
				       l->source.file);
		if (++depth >= LAYERS_MAX)
			return err_set(err, -ELOOP, "%s: more than %d profiles extend each other",
				       l->source.file, LAYERS_MAX);
	}
	return 0;
}

static int load_layers(const char *dir, const char *name, struct arena *a, struct layer **ret,
		       struct err *err)
{
	CLEANUP(layer_p) struct layer *top = NULL;
	struct layer *above = NULL;
	while (name) {
		struct layer *l = xalloc(sizeof(*l));
		if (above)
			above->base = l;
		else
			top = l;
		const char *beside = above && !above->source.builtin ? above->source.file : NULL;
		int r = source_open(dir, beside, name, &l->source, err);
		if (r < 0 && above)
			err_wrap(err, "%s",
				 doc_where(above->yaml, doc_root(above->yaml), "extends"));
		if (r == 0)
			r = check_circle(top, l, err);
		if (r == 0)
			r = layer_read(l, a, err);
		if (r < 0)
			return r;
		name = l->extends;
		above = l;
	}
	*ret = TAKE(top);
	return 0;
}

/* --- laying them over each other ------------------------------------------------------------ */

bool group_holds(const char *id, const char *ref)
{
	size_t n = strlen(id);
	return strncmp(ref, id, n) == 0 && (ref[n] == '\0' || ref[n] == '.');
}

static void merge_groups(struct profile *p, const struct layer *l)
{
	for (size_t i = 0; i < l->n_groups; i++) {
		size_t at = 0;
		while (at < p->n_groups && !streq(p->groups[at].id, l->groups[i].id))
			at++;
		p->groups[at] = l->groups[i];
		p->n_groups += at == p->n_groups;
	}
}

/*
 * Which of the n rules below a new one takes the place of: the one of its number and check, else
 * the only one of its number. n when none. What the same file put there stays: it lists both.
 */
static size_t find_place(const struct rule_line *const *lines, size_t n,
			 const struct rule_line *line)
{
	size_t place = n, n_like = 0;
	for (size_t i = 0; i < n; i++) {
		if (!streq(lines[i]->ref, line->ref) || lines[i]->layer == line->layer)
			continue;
		if (streq(lines[i]->check, line->check))
			return i;
		place = n_like++ == 0 ? i : n;
	}
	return place;
}

static void merge_rules(struct profile *p, const struct layer *l)
{
	const struct rule_line **lines = ((struct owned *)p->owned)->lines;
	size_t before = p->n_rules;
	for (size_t i = 0; i < l->n_rules; i++) {
		size_t at = find_place(lines, before, &l->rules[i]);
		at = at < before ? at : p->n_rules;
		lines[at] = &l->rules[i];
		p->n_rules += at == p->n_rules;
	}
	/* A file that says no number has what it extends has, and what it adds. */
	p->n_defined = l->recommendations >= 0
			       ? (size_t)l->recommendations
			       : p->n_defined + (p->n_rules - before) + l->n_missing;
}

static bool has_rule(const struct profile *p, const char *ref)
{
	for (size_t i = 0; i < p->n_rules; i++)
		if (streq(p->rules[i].ref, ref))
			return true;
	return false;
}

/* Of all layers; a profile may add the rule that what it extends has not. */
static void merge_missing(struct profile *p, const struct layer *l)
{
	for (; l; l = l->base)
		for (size_t i = 0; i < l->n_missing; i++)
			if (!has_rule(p, l->missing[i].ref))
				p->missing[p->n_missing++] = l->missing[i];
}

static void merge(struct profile *p, const struct layer *l)
{
	if (l->base)
		merge(p, l->base);
	merge_groups(p, l);
	merge_rules(p, l);
	p->id = l->id ? l->id : p->id; /* what a tailoring adds has none */
	p->title = l->title ? l->title : p->title;
	p->version = l->version ? l->version : p->version;
}

static void count_layers(const struct layer *l, size_t *rules, size_t *groups, size_t *missing)
{
	for (*rules = *missing = 0, *groups = 1; l; l = l->base) {
		*rules += l->n_rules;
		*missing += l->n_missing;
		*groups += l->n_groups;
	}
}

static int find_group(struct profile *p, const struct rule_line *line, const char **ret,
		      struct err *err)
{
	const char *best = NULL;
	for (size_t i = 0; i < p->n_groups; i++) {
		const char *id = p->groups[i].id;
		if (group_holds(id, line->ref) && (!best || strlen(id) > strlen(best)))
			best = id;
	}
	if (!best)
		return doc_error(err, line->layer->yaml, line->object, "ref",
				 "no group of the profile holds rule %s", line->ref);
	*ret = best;
	return 0;
}

/* A small house policy may do without groups; a sink that goes by groups shall not lose its rules.
 */
static void invent_group(struct profile *p)
{
	p->groups[0] = (struct group){ .id = "rules", .title = p->title };
	p->n_groups = 1;
	for (size_t i = 0; i < p->n_rules; i++)
		p->rules[i].group = p->groups[0].id;
}

static void find_twins(struct profile *p)
{
	json_t *last = json_object();
	for (size_t i = 0; i < p->n_rules; i++) {
		json_t *before = json_object_get(last, p->rules[i].ref);
		p->rules[i].twin = before ? &p->rules[json_integer_value(before)] : NULL;
		json_object_set_new(last, p->rules[i].ref, json_integer((json_int_t)i));
	}
	json_decref(last);
}

/* The first of its number that counts. */
static bool is_counted(const struct rule *rule, bool selected_only)
{
	if (selected_only && !rule->selected)
		return false;
	for (const struct rule *r = rule->twin; r; r = r->twin)
		if (r->selected || !selected_only)
			return false;
	return true;
}

size_t profile_count_refs(const struct profile *p, bool selected_only)
{
	size_t n = 0;
	if (!p->rules)
		return selected_only ? p->n_selected_refs : p->n_refs;
	for (size_t i = 0; i < p->n_rules; i++)
		n += is_counted(&p->rules[i], selected_only);
	return n;
}

static int make_rules(struct profile *p, struct err *err)
{
	const struct owned *o = p->owned;
	for (size_t i = 0; i < p->n_rules; i++) {
		const struct rule_line *line = o->lines[i];
		p->rules[i] = (struct rule){
			.profile = p,
			.ref = line->ref,
			.title = line->title,
			.level = line->level,
			.assessment = line->assessment,
			.why = line->why,
			.selected = true,
		};
		int r = p->n_groups ? find_group(p, line, &p->rules[i].group, err) : 0;
		if (r < 0)
			return r;
	}
	if (p->n_groups == 0)
		invent_group(p);
	find_twins(p);
	size_t n_refs = profile_count_refs(p, false);
	if (p->n_defined < n_refs)
		return doc_error(err, o->top->yaml, doc_root(o->top->yaml), "recommendations",
				 "recommendations is %zu, but there are rules for %zu",
				 p->n_defined, n_refs);
	return 0;
}

/* Makes the profile of its layers, anew when there is one more. */
static int assemble(struct profile *p, struct err *err)
{
	struct owned *o = p->owned;
	size_t n_rules, n_groups, n_missing;
	count_layers(o->top, &n_rules, &n_groups, &n_missing);
	p->n_rules = p->n_groups = p->n_missing = p->n_defined = 0;
	p->missing = arena_alloc(o->arena, n_missing * sizeof(*p->missing));
	o->lines = arena_alloc(o->arena, n_rules * sizeof(*o->lines));
	p->rules = arena_alloc(o->arena, n_rules * sizeof(*p->rules));
	p->groups = arena_alloc(o->arena, n_groups * sizeof(*p->groups));
	p->version = "";
	merge(p, o->top);
	int r = make_rules(p, err);
	if (r == 0)
		merge_missing(p, o->top);
	return r;
}

int profile_load_from(const char *dir, const char *name, struct profile **ret, struct err *err)
{
	CLEANUP(profile_p) struct profile *p = xalloc(sizeof(*p));
	struct owned *o = p->owned = xalloc(sizeof(*o));
	o->arena = arena_new();
	int r = load_layers(dir, name, o->arena, &o->top, err);
	if (r == 0)
		p->source = o->top->source.builtin ? "built-in" : o->top->source.file;
	if (r == 0)
		r = assemble(p, err);
	if (r < 0)
		return err_wrap(err, "profile '%s'", name);
	*ret = TAKE(p);
	return 0;
}

int profile_extend(struct profile *p, const struct source *s, const char *key, struct err *err)
{
	struct owned *o = p->owned;
	struct layer *l = xalloc(sizeof(*l));
	l->base = o->top;
	l->recommendations = -1;
	o->top = l;
	l->source = *s;
	l->source.file = xstrdup(s->file);
	l->source.text = NULL; /* stays the other's */
	int r = doc_parse(s->file, s->data, s->len, &l->yaml, err);
	if (r == 0)
		r = layer_read_lists(l, json_object_get(doc_root(l->yaml), key), o->arena, err);
	return r == 0 ? assemble(p, err) : r;
}

int profile_load(const char *name, struct profile **ret, struct err *err)
{
	return profile_load_from(PROFILEDIR, name, ret, err);
}

void profile_free(struct profile *p)
{
	if (!p)
		return;
	struct owned *o = p->owned;
	for (size_t i = 0; i < p->n_rules; i++)
		json_decref(p->rules[i].params);
	layer_free(o->top);
	arena_free(o->arena);
	free(o);
	free(p);
}

/* --- resolving ------------------------------------------------------------------------------ */

/* Two profiles of one run may extend the same file: its checks are the same then. */
static bool is_there_already(const struct declared *d, const struct registry *r)
{
	const struct sw_check *row = registry_find(r, d->row.id);
	if (!row || row->fn != d->row.fn)
		return false;
	const struct declared *other = row->arg;
	return other->layer != d->layer && source_is_same(&other->layer->source, &d->layer->source);
}

static int add_declared(const struct layer *l, struct registry *r, struct err *err)
{
	int code = l->base ? add_declared(l->base, r, err) : 0;
	for (size_t i = 0; code == 0 && i < l->n_checks; i++) {
		const struct declared *d = &l->checks[i];
		if (is_there_already(d, r))
			continue;
		code = registry_add(r, &d->row, l->source.file, err);
		if (code < 0)
			err_wrap(err, "%s", doc_where(l->yaml, d->object, "id"));
	}
	return code;
}

static int resolve_params(struct rule *rule, const struct rule_line *line, struct err *err)
{
	const char *name;
	json_t *value;
	json_t *typed;

	json_decref(rule->params);
	rule->params = param_fallbacks(rule->check);
	json_object_foreach((json_t *)line->params, name, value)
	{
		const struct sw_param *param = param_find(rule->check, name);
		const char *names[64];
		size_t n = 0;
		if (param && param_from_json(param, value, &typed, err) == 0) {
			json_object_set_new(rule->params, name, typed);
			continue;
		}
		if (param)
			return err_wrap(err, "%s: rule %s",
					doc_where(line->layer->yaml, line->params, name),
					rule->ref);
		for (const struct sw_param *q = rule->check->params; q && q->name && n < 64; q++)
			names[n++] = q->name;
		AUTO_FREE char *hint = did_you_mean(nearest(name, names, n));
		return doc_error(err, line->layer->yaml, line->params, name,
				 "rule %s: check '%s' has no parameter '%s'%s", rule->ref,
				 rule->check->id, name, hint);
	}
	return 0;
}

static int resolve_rule(struct rule *rule, const struct rule_line *line, const struct registry *r,
			struct err *err)
{
	rule->check = registry_find(r, line->check);
	if (!rule->check) {
		AUTO_FREE char *hint = did_you_mean(registry_nearest(r, line->check));
		return doc_error(err, line->layer->yaml, line->object, "check",
				 "rule %s: there is no check '%s'%s", rule->ref, line->check, hint);
	}
	if (!rule->title)
		rule->title = rule->check->title;
	return resolve_params(rule, line, err);
}

int profile_resolve(struct profile *p, struct registry *r, struct err *err)
{
	const struct owned *o = p->owned;
	int code = add_declared(o->top, r, err);
	for (size_t i = 0; code == 0 && i < p->n_rules; i++)
		code = resolve_rule(&p->rules[i], o->lines[i], r, err);
	return code < 0 ? err_wrap(err, "profile '%s'", p->id) : 0;
}
