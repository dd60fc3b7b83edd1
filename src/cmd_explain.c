/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_explain.c: explain: what a rule or a check is about, what passes, its parameters, how to mend
 * it. */
#include <errno.h>
#include <fnmatch.h>

#include "commands.h"
#include "eval.h"
#include "related.h"
#include "rules.h"
#include "text.h"
#include "yaml_schema.h"

enum { WIDTH = 100, COLUMN = 14 };

static void print_field(const char *name, const char *text)
{
	AUTO_FREE char *copy = xstrdup(text);
	char *next = copy, *line;
	while ((line = strsep(&next, "\n"))) {
		struct text t AUTO_TEXT = { 0 };
		text_wrap(&t, line, COLUMN, COLUMN, WIDTH);
		printf("  %-*s%s\n", COLUMN - 2, name, text_str(&t));
		name = "";
	}
}

static void print_params(const struct sw_check *c)
{
	static const char *const types[] = { [SW_BOOL] = "true or false",
					     [SW_INT] = "number",
					     [SW_STRING] = "text",
					     [SW_LIST] = "list" };
	for (const struct sw_param *p = c->params; p && p->name; p++) {
		AUTO_FREE char *line =
			xasprintf("--set %s=… (%s; default %s): %s", p->name, types[p->type],
				  p->fallback && *p->fallback ? p->fallback : "not set", p->help);
		print_field(p == c->params ? "parameters" : "", line);
	}
}

static void print_rules(const struct rules *r, const struct sw_check *c)
{
	const char *name = "rules";
	for (size_t i = 0; i < r->n_profiles; i++) {
		for (size_t k = 0; k < r->profiles[i]->n_rules; k++) {
			const struct rule *rule = &r->profiles[i]->rules[k];
			if (!streq(rule->check->id, c->id))
				continue;
			AUTO_FREE char *line =
				rule->level ? xasprintf("%s %s (level %d, %s)", r->profiles[i]->id,
							rule->ref, rule->level,
							rule->assessment ? rule->assessment
									 : "not said")
					    : xasprintf("%s %s", r->profiles[i]->id, rule->ref);
			print_field(name, line);
			if (rule->why)
				print_field("", rule->why);
			name = "";
		}
	}
}

/* Profiles that are built in and that the run does not judge by. */
struct others {
	struct profile **v;
	size_t n;
};

static bool is_judged(const struct rules *r, const char *id)
{
	for (size_t i = 0; i < r->n_profiles; i++)
		if (streq(r->profiles[i]->id, id))
			return true;
	return false;
}

/* One that cannot be used here, of a name that a site gave away or with checks of ours, is left
 * out. */
static void load_others(const struct rules *r, struct others *ret)
{
	const char *const *names = profile_builtin_names();
	size_t most = 0;
	while (names[most])
		most++;
	*ret = (struct others){ .v = xalloc((most + 1) * sizeof(*ret->v)) };
	for (size_t i = 0; i < most; i++) {
		struct err err = { 0 };
		struct profile *p = NULL;
		bool is_good = !is_judged(r, names[i]) && profile_load(names[i], &p, &err) == 0 &&
			       profile_resolve(p, r->registry, &err) == 0;
		if (is_good)
			ret->v[ret->n++] = TAKE(p);
		profile_free(p);
		err_done(&err);
	}
}

static void others_done(struct others *o)
{
	for (size_t i = 0; i < o->n; i++)
		profile_free(o->v[i]);
	free(o->v);
}

/* What the same check is called in other benchmarks, and other versions of this one. */
static void print_others(const struct others *o, const struct sw_check *c)
{
	struct text line AUTO_TEXT = { 0 };
	for (size_t i = 0; i < o->n; i++) {
		bool is_first = true;
		for (size_t k = 0; k < o->v[i]->n_rules; k++) {
			const struct rule *rule = &o->v[i]->rules[k];
			if (!streq(rule->check->id, c->id))
				continue;
			if (is_first)
				text_printf(&line, "%s%s", line.len ? "; " : "", o->v[i]->id);
			text_printf(&line, "%s %s", is_first ? "" : ",", rule->ref);
			is_first = false;
		}
	}
	if (line.len > 0)
		print_field("also", text_str(&line));
}

/* Other checks that the same number of a benchmark wants. */
static void print_related(const struct rules *r, const struct sw_check *c)
{
	struct text line AUTO_TEXT = { 0 };
	for (size_t i = 0; i < r->n_profiles; i++) {
		const struct profile *p = r->profiles[i];
		for (size_t k = 0; k < p->n_rules; k++) {
			if (!streq(p->rules[k].check->id, c->id))
				continue;
			for (size_t n = 0; n < p->n_rules; n++)
				if (n != k && streq(p->rules[n].ref, p->rules[k].ref))
					text_printf(&line, "%s%s %s", line.len ? "; " : "",
						    p->rules[n].ref, p->rules[n].check->id);
		}
	}
	if (line.len > 0)
		print_field("together", text_str(&line));
}

/* Controls of other frameworks that ask for what the check judges. */
static void print_controls(const struct sw_check *c)
{
	struct text line AUTO_TEXT = { 0 };
	struct related related = { 0 };
	while (related_next(&related, c->id)) {
		text_printf(&line, "%s%s", line.len ? "; " : "", related.framework->title);
		for (unsigned i = 0; i < related.n; i++)
			text_printf(&line, "%s %s", i ? "," : "", related.controls[i]);
	}
	if (line.len > 0)
		print_field("related to", text_str(&line));
}

static void explain(const struct rules *r, const struct others *others, const struct sw_check *c)
{
	AUTO_FREE char *about = xasprintf("%s%s%s", kind_name(c->kind),
					  c->flags & SW_RUNNING ? ", running ones only" : "",
					  c->flags & SW_WHOLE ? ", together with the others" : "");
	printf("%s\n", c->id);
	print_field("title", c->title);
	print_field("severity", severity_name(c->severity));
	print_field("applied to", about);
	print_rules(r, c);
	print_others(others, c);
	print_related(r, c);
	print_controls(c);
	print_field("why", c->why);
	print_field("passes", c->wanted);
	print_params(c);
	print_field("fix", c->remedy);
	putchar('\n');
}

/* By id or by a rule's number or group in the profiles, or by a pattern of one of these. */
static size_t explain_matching(const struct rules *r, const struct others *others,
			       const char *pattern)
{
	size_t n = 0;
	for (size_t i = 0; i < registry_count(r->registry); i++) {
		const struct sw_check *c = registry_at(r->registry, i);
		bool is_it = fnmatch(pattern, c->id, 0) == 0;
		for (size_t p = 0; p < r->n_profiles && !is_it; p++)
			for (size_t k = 0; k < r->profiles[p]->n_rules; k++)
				is_it |= streq(r->profiles[p]->rules[k].check->id, c->id) &&
					 rule_matches(&r->profiles[p]->rules[k], pattern);
		if (!is_it)
			continue;
		explain(r, others, c);
		n++;
	}
	return n;
}

static void explain_nothing(const struct rules *r, const char *pattern, struct err *err)
{
	const char *near = registry_nearest(r->registry, pattern);
	AUTO_FREE char *hint =
		near ? did_you_mean(near) : rules_hint(r->profiles, r->n_profiles, pattern);
	err_set(err, -ENOENT, "no rule or check '%s'%s%s", pattern, hint,
		*hint ? "" : "; 'seaworthy list rules' lists them");
}

int cmd_explain(const struct options *o)
{
	struct rules rules = { 0 };
	struct others others = { 0 };
	struct err err = { 0 };
	if (o->rest.n == 0)
		err_set(&err, -EINVAL,
			"explain what? The number of a rule or the id of a check; 'seaworthy list "
			"rules' lists them");
	else if (rules_open(&rules, o, &err) == 0 && rules_resolve(&rules, o, &err) == 0)
		load_others(&rules, &others);
	for (size_t i = 0; i < o->rest.n && !err.text; i++) {
		if (explain_matching(&rules, &others, o->rest.v[i]) > 0)
			continue;
		explain_nothing(&rules, o->rest.v[i], &err);
	}
	int status = err.text ? 2 : 0;
	if (err.text)
		err_complain(&err);
	others_done(&others);
	rules_done(&rules);
	err_done(&err);
	return status;
}
