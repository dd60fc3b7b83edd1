/* SPDX-License-Identifier: Apache-2.0 */
/* profile_select.c: what the command line does to profiles: --set, --only, --skip, --level. */
#include <errno.h>
#include <fnmatch.h>

#include "param.h"
#include "profile_private.h"
#include "yaml_schema.h"

struct names {
	const char **list;
	size_t n, cap;
};

static void add_name(struct names *names, const char *name)
{
	if (names->n == names->cap) {
		names->cap = names->cap ? names->cap * 2 : 64;
		names->list = xrealloc(names->list, names->cap * sizeof(*names->list));
	}
	names->list[names->n++] = name;
}

static void names_done(struct names *names)
{
	free(names->list);
}

/* --- --set ---------------------------------------------------------------------------------- */

static int no_parameter(struct profile **p, size_t n, const char *name, struct err *err)
{
	CLEANUP(names_done) struct names names = { 0 };
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < p[i]->n_rules; j++)
			for (const struct sw_param *q = p[i]->rules[j].check->params; q && q->name;
			     q++)
				add_name(&names, q->name);
	AUTO_FREE char *hint = did_you_mean(nearest(name, names.list, names.n));
	return err_set(err, -ENOENT, "--set %s: no check of these profiles has such a parameter%s",
		       name, hint);
}

int profiles_set(struct profile **p, size_t n, const char *name, const char *value, struct err *err)
{
	bool found = false;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < p[i]->n_rules; j++) {
			struct rule *rule = &p[i]->rules[j];
			const struct sw_param *param = param_find(rule->check, name);
			json_t *typed;
			if (!param)
				continue;
			if (param_from_text(param, value, &typed, err) < 0)
				return err_wrap(err, "--set %s (check '%s')", name,
						rule->check->id);
			json_object_set_new(rule->params, name, typed);
			found = true;
		}
	}
	return found ? 0 : no_parameter(p, n, name, err);
}

/* --- --only, --skip, --level ---------------------------------------------------------------- */

static bool matches(const char *pattern, bool is_name, const char *s)
{
	return is_name ? streq(pattern, s) : fnmatch(pattern, s, 0) == 0;
}

bool rule_matches(const struct rule *rule, const char *pattern)
{
	/* Most are a name, for which fnmatch(3) would take a hundred times as long. */
	bool is_name = !strpbrk(pattern, "*?[\\");
	if (matches(pattern, is_name, rule->ref) || matches(pattern, is_name, rule->check->id))
		return true;
	/* All groups above the rule, not its own only: "1" selects what is in "1.1". */
	for (size_t i = 0; i < rule->profile->n_groups; i++) {
		const char *id = rule->profile->groups[i].id;
		if (matches(pattern, is_name, id) &&
		    (streq(id, rule->group) || group_holds(id, rule->ref)))
			return true;
	}
	return false;
}

static bool matches_any(const struct rule *rule, const char *const *patterns)
{
	for (; *patterns; patterns++)
		if (rule_matches(rule, *patterns))
			return true;
	return false;
}

char *rules_hint(struct profile **p, size_t n, const char *pattern)
{
	CLEANUP(names_done) struct names names = { 0 };
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < p[i]->n_groups; j++)
			add_name(&names, p[i]->groups[j].id);
		for (size_t j = 0; j < p[i]->n_rules; j++) {
			add_name(&names, p[i]->rules[j].ref);
			add_name(&names, p[i]->rules[j].check->id);
		}
	}
	const char *near = nearest(pattern, names.list, names.n);
	/* It may be there, in a profile that is not meant. */
	return did_you_mean(near && streq(near, pattern) ? NULL : near);
}

static int selects_nothing(struct profile **p, size_t n, const char *option, const char *pattern,
			   struct err *err)
{
	AUTO_FREE char *hint = rules_hint(p, n, pattern);
	return err_set(err, -ENOENT, "%s %s: selects no rule%s", option, pattern, hint);
}

static int check_patterns(struct profile **p, size_t n, const char *option,
			  const char *const *patterns, struct err *err)
{
	for (; patterns && *patterns; patterns++) {
		bool found = false;
		for (size_t i = 0; i < n && !found; i++)
			for (size_t j = 0; j < p[i]->n_rules && !found; j++)
				found = rule_matches(&p[i]->rules[j], *patterns);
		if (!found)
			return selects_nothing(p, n, option, *patterns, err);
	}
	return 0;
}

static bool is_selected(const struct rule *rule, const struct selection *s)
{
	/* An empty --only would be no --only at all. */
	if (s->only && *s->only && !matches_any(rule, s->only))
		return false;
	if (s->skip && matches_any(rule, s->skip))
		return false;
	return s->level == 0 || rule->level <= s->level;
}

int profiles_select(struct profile **p, size_t n, const struct selection *s, struct err *err)
{
	int r = check_patterns(p, n, "--only", s->only, err);
	if (r == 0)
		r = check_patterns(p, n, "--skip", s->skip, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < p[i]->n_rules; j++)
			p[i]->rules[j].selected =
				!p[i]->rules[j].left_out && is_selected(&p[i]->rules[j], s);
	return 0;
}
