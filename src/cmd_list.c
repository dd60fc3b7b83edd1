/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_list.c: list: checks, profiles, rules and formats, as text or JSON. */
#include <errno.h>
#include <jansson.h>
#include <unistd.h>

#include "commands.h"
#include "eval.h"
#include "related.h"
#include "rules.h"
#include "yaml_schema.h"

static void add(json_t *list, json_t *row)
{
	if (row)
		json_array_append_new(list, row);
}

static int list_checks(const struct rules *r, json_t *list)
{
	for (size_t i = 0; i < registry_count(r->registry); i++) {
		const struct sw_check *c = registry_at(r->registry, i);
		add(list, json_pack("{ss ss ss ss ss?}", "check", c->id, "kind", kind_name(c->kind),
				    "severity", severity_name(c->severity), "title", c->title,
				    "origin", registry_origin(r->registry, c->id)));
	}
	return 0;
}

static int list_profiles(const struct rules *r, json_t *list)
{
	for (size_t i = 0; i < r->n_profiles; i++) {
		const struct profile *p = r->profiles[i];
		add(list, json_pack("{ss sI sI ss ss ss}", "profile", p->id, "rules",
				    (json_int_t)p->n_rules, "defined", (json_int_t)p->n_defined,
				    "version", p->version ? p->version : "", "title", p->title,
				    "source", p->source));
	}
	return 0;
}

/* Controls by framework; {} of a check that has none. */
static json_t *related_of(const char *check)
{
	json_t *frameworks_of = json_object();
	struct related related = { 0 };
	while (related_next(&related, check)) {
		json_t *controls = json_array();
		for (unsigned i = 0; i < related.n; i++)
			json_array_append_new(controls, json_string(related.controls[i]));
		json_object_set_new(frameworks_of, related.framework->id, controls);
	}
	return frameworks_of;
}

static int list_rules(const struct rules *r, json_t *list)
{
	for (size_t i = 0; i < r->n_profiles; i++) {
		const struct profile *p = r->profiles[i];
		for (size_t k = 0; k < p->n_rules; k++) {
			const struct rule *rule = &p->rules[k];
			if (!rule->selected)
				continue;
			json_t *level = rule->level ? json_integer(rule->level) : json_null();
			add(list,
			    json_pack("{ss ss ss ss so ss? ss so}", "profile", p->id, "ref",
				      rule->ref, "check", rule->check->id, "title", rule->title,
				      "level", level, "assessment", rule->assessment, "severity",
				      severity_name(rule->check->severity), "related",
				      related_of(rule->check->id)));
		}
	}
	return 0;
}

/* The numbers of a benchmark that have no rule, with the reason. */
static int list_missing(const struct rules *r, json_t *list)
{
	for (size_t i = 0; i < r->n_profiles; i++) {
		const struct profile *p = r->profiles[i];
		for (size_t k = 0; k < p->n_missing; k++)
			add(list, json_pack("{ss ss ss}", "profile", p->id, "ref",
					    p->missing[k].ref, "why", p->missing[k].why));
	}
	return 0;
}

static int list_formats(const struct rules *r, json_t *list)
{
	(void)r;
	for (const struct sink *const *s = sinks; *s; s++)
		add(list, json_pack("{ss ss}", "format", (*s)->name, "help", (*s)->help));
	return 0;
}

static const struct listing {
	const char *name;
	const char *columns[6]; /* of the text, in order; the last is as long as it likes */
	int (*fill)(const struct rules *r, json_t *list);
	bool all_profiles; /* not only the default one */
} listings[] = {
	{ "checks", { "check", "kind", "severity", "title" }, list_checks, false },
	{ "profiles", { "profile", "rules", "defined", "title" }, list_profiles, true },
	{ "rules", { "ref", "level", "severity", "check", "title" }, list_rules, false },
	{ "formats", { "format", "help" }, list_formats, false },
	{ "missing", { "profile", "ref", "why" }, list_missing, false },
};
/* What `list rules --missing` prints: no word of its own. */
static const struct listing *const missing_listing = &listings[ARRAY_SIZE(listings) - 1];

static const char *cell(json_t *row, const char *column, char *buf, size_t size)
{
	json_t *v = json_object_get(row, column);
	if (json_is_string(v))
		return json_string_value(v);
	snprintf(buf, size, "%lld", (long long)json_integer_value(v));
	return json_is_integer(v) ? buf : "-";
}

/* For people only: what reads the lines of a pipe counts on their first one. */
static void print_heading(const struct listing *l, size_t *width)
{
	for (size_t k = 0; k < 6 && l->columns[k]; k++) {
		bool is_last = k == 5 || !l->columns[k + 1];
		size_t n = strlen(l->columns[k]);
		width[k] = n > width[k] ? n : width[k];
		for (const char *c = l->columns[k]; *c; c++)
			putchar(*c - 'a' + 'A');
		printf("%*s", is_last ? 0 : (int)(width[k] - n) + 2, "");
	}
	putchar('\n');
}

static void print_text(const struct listing *l, json_t *list)
{
	size_t width[6] = { 0 }, i;
	json_t *row;
	char buf[24];
	json_array_foreach(list, i, row) for (size_t k = 0; k < 6 && l->columns[k]; k++)
	{
		size_t n = strlen(cell(row, l->columns[k], buf, sizeof(buf)));
		width[k] = n > width[k] ? n : width[k];
	}
	if (isatty(STDOUT_FILENO))
		print_heading(l, width);
	json_array_foreach(list, i, row) for (size_t k = 0; k < 6 && l->columns[k]; k++)
	{
		bool is_last = k == 5 || !l->columns[k + 1];
		printf("%-*s%s", is_last ? 0 : (int)width[k],
		       cell(row, l->columns[k], buf, sizeof(buf)), is_last ? "\n" : "  ");
	}
}

static const struct listing *find_listing(const struct options *o, struct err *err)
{
	const char *names[ARRAY_SIZE(listings)];
	size_t n = 0;
	for (; &listings[n] < missing_listing; n++) {
		names[n] = listings[n].name;
		if (o->rest.n == 1 && streq(names[n], o->rest.v[0]))
			return &listings[n];
	}
	AUTO_FREE char *hint =
		did_you_mean(o->rest.n == 1 ? nearest(o->rest.v[0], names, n) : NULL);
	err_set(err, -EINVAL, "list what? checks, profiles, rules or formats%s", hint);
	return NULL;
}

/* How many recommendations of each benchmark have a rule. */
static void print_coverage(const struct rules *r)
{
	for (size_t i = 0; i < r->n_profiles; i++)
		printf("%s: %zu of %zu recommendations have a rule\n", r->profiles[i]->id,
		       profile_count_refs(r->profiles[i], false), r->profiles[i]->n_defined);
}

int cmd_list(const struct options *given)
{
	struct options o = *given;
	struct rules rules = { 0 };
	struct err err = { 0 };
	const struct listing *l = find_listing(&o, &err);
	json_t *list = json_array();
	int status = 2;

	if (l && o.missing && !streq(l->name, "rules"))
		err_set(&err, -EINVAL, "--missing belongs to 'list rules'");
	if (l && l->all_profiles && o.profiles.n == 0) {
		o.profiles.v = (const char **)profile_builtin_names();
		for (o.profiles.n = 0; o.profiles.v[o.profiles.n]; o.profiles.n++)
			;
	}
	if (l && !err.text && rules_open(&rules, &o, &err) == 0 &&
	    rules_resolve(&rules, &o, &err) == 0) {
		status = 0;
		if (o.missing)
			l = missing_listing;
		l->fill(&rules, list);
		bool is_json = o.n_outputs > 0 && o.outputs[0].target &&
			       streq(o.outputs[0].target, "json");
		if (is_json)
			json_dumpf(list, stdout, JSON_INDENT(2)), putchar('\n');
		else
			print_text(l, list);
		if (o.missing && !is_json)
			print_coverage(&rules);
	}
	if (err.text)
		err_complain(&err);
	json_decref(list);
	rules_done(&rules);
	err_done(&err);
	return status;
}
