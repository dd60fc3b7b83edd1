/* SPDX-License-Identifier: Apache-2.0 */
/* hostrules.c: what became of the rules about the host, for the rule that is decided by them. */
#include "engine_private.h"

static bool is_of_host(const struct rule *r)
{
	return r->check->kind == SW_HOST && !(r->check->flags & SW_LAST);
}

/* Is it about the host and nothing else? */
static bool is_host_profile(const struct profile *p)
{
	for (size_t i = 0; i < p->n_rules; i++)
		if (!is_of_host(&p->rules[i]))
			return false;
	return p->n_rules > 0;
}

/* The worst of what no waiver covers. */
static enum sw_verdict unwaived(const struct result *r)
{
	enum sw_verdict worst = SW_SKIP;
	for (size_t i = 0; i < r->n_findings; i++)
		if (!r->findings[i].waiver)
			worst = verdict_worse(worst, r->findings[i].verdict);
	return worst;
}

static void add_rule(json_t *facts, const char *list, const struct rule *r)
{
	json_array_append_new(json_object_get(facts, list),
			      json_pack("{ss ss}", "ref", r->ref, "title", r->title));
}

static void add_result(json_t *facts, const struct result *r)
{
	enum sw_verdict v = unwaived(r);
	if (v == SW_FAIL && r->rule->check->severity >= SW_HIGH)
		add_rule(facts, "failed", r->rule);
	else if (v == SW_UNKNOWN)
		add_rule(facts, "unknown", r->rule);
}

/* Rules, and not numbers: of a number with two rules one may be left out. */
struct count {
	size_t defined, judged, decided;
};

/* Does any finding of it say how things are? One that does not apply says nothing. */
static bool is_decided(const struct result *r)
{
	for (size_t i = 0; i < r->n_findings; i++)
		if (r->findings[i].verdict != SW_SKIP && r->findings[i].verdict != SW_UNKNOWN)
			return true;
	return false;
}

static void add_profile(const struct judge *j, json_t *facts, const struct profile *p,
			struct count *n)
{
	json_array_append_new(json_object_get(facts, "profiles"), json_string(p->id));
	n->defined += p->n_rules;
	for (size_t i = 0; i < j->report.n_results; i++) {
		const struct result *r = &j->report.results[i];
		if (r->rule->profile != p)
			continue;
		add_result(facts, r);
		n->judged++;
		n->decided += is_decided(r);
	}
}

void add_host_rules(struct judge *j)
{
	json_t *facts = json_pack("{s[] s[] s[]}", "profiles", "failed", "unknown");
	struct count n = { 0 };
	for (size_t i = 0; i < j->o.n_profiles; i++) {
		const struct profile *p = j->o.profiles[i];
		if (is_host_profile(p))
			add_profile(j, facts, p, &n);
	}
	json_object_set_new(facts, "defined", json_integer((json_int_t)n.defined));
	json_object_set_new(facts, "judged", json_integer((json_int_t)n.judged));
	json_object_set_new(facts, "decided", json_integer((json_int_t)n.decided));
	if (n.judged > 0)
		json_object_set(json_object_get(j->world, "run"), "host-rules", facts);
	json_decref(facts);
}
