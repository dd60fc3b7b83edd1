/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_explain.c: explain: what a rule or a check is about, what passes, its parameters, how to mend
 * it. */
#include <errno.h>
#include <fnmatch.h>

#include "commands.h"
#include "eval.h"
#include "rules.h"
#include "text.h"

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

static void explain(const struct rules *r, const struct sw_check *c)
{
	AUTO_FREE char *about = xasprintf("%s%s%s", kind_name(c->kind),
					  c->flags & SW_RUNNING ? ", running ones only" : "",
					  c->flags & SW_WHOLE ? ", together with the others" : "");
	printf("%s\n", c->id);
	print_field("title", c->title);
	print_field("severity", severity_name(c->severity));
	print_field("applied to", about);
	print_rules(r, c);
	print_field("why", c->why);
	print_field("passes", c->wanted);
	print_params(c);
	print_field("fix", c->remedy);
	putchar('\n');
}

/* By id, by pattern, or by a rule's number in the profiles. */
static size_t explain_matching(const struct rules *r, const char *pattern)
{
	size_t n = 0;
	for (size_t i = 0; i < registry_count(r->registry); i++) {
		const struct sw_check *c = registry_at(r->registry, i);
		bool is_it = fnmatch(pattern, c->id, 0) == 0;
		for (size_t p = 0; p < r->n_profiles && !is_it; p++)
			for (size_t k = 0; k < r->profiles[p]->n_rules; k++)
				is_it |= streq(r->profiles[p]->rules[k].check->id, c->id) &&
					 streq(r->profiles[p]->rules[k].ref, pattern);
		if (!is_it)
			continue;
		explain(r, c);
		n++;
	}
	return n;
}

int cmd_explain(const struct options *o)
{
	struct rules rules = { 0 };
	struct err err = { 0 };
	if (o->rest.n == 0)
		err_set(&err, -EINVAL,
			"explain what? The number of a rule or the id of a check; 'seaworthy list "
			"rules' lists them");
	else if (rules_open(&rules, o, &err) == 0)
		rules_resolve(&rules, o, &err);
	for (size_t i = 0; i < o->rest.n && !err.text; i++) {
		if (explain_matching(&rules, o->rest.v[i]) > 0)
			continue;
		const char *near = registry_nearest(rules.registry, o->rest.v[i]);
		err_set(&err, -ENOENT, "no rule or check '%s'%s%s", o->rest.v[i],
			near ? ", did you mean " : "", near ? near : "");
	}
	int status = err.text ? 2 : 0;
	if (err.text)
		fprintf(stderr, "seaworthy: %s\n", err.text);
	rules_done(&rules);
	err_done(&err);
	return status;
}
