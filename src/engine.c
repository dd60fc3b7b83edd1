/* SPDX-License-Identifier: Apache-2.0 */
/* engine.c: applies the selected rules to the subjects as their records come. */
#include "engine_private.h"

#include "auditstarts.h"
#include "collector.h"
#include "derive.h"
#include "facts.h"
#include "index.h"
#include "replyshape.h"

/* A rule of the engine over several subjects looks at its containers; some of containers judge
 * services too. */
static unsigned kinds_besides(const struct sw_check *check)
{
	if (check->flags & SW_SERVICES)
		return 1u << SW_SERVICE;
	return check->kind == SW_ENGINE && (check->flags & SW_WHOLE) ? 1u << SW_CONTAINER : 0;
}

void judge_needs(struct profile *const *profiles, size_t n, unsigned *ret_needs,
		 unsigned *ret_kinds)
{
	*ret_needs = *ret_kinds = 0;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < profiles[i]->n_rules; k++) {
			const struct rule *r = &profiles[i]->rules[k];
			if (!r->selected)
				continue;
			*ret_needs |= r->check->needs;
			*ret_kinds |= 1u << r->check->kind | kinds_besides(r->check);
		}
	}
}

static void make_results(struct judge *j)
{
	struct report *r = &j->report;
	size_t n = 0;
	for (size_t i = 0; i < j->o.n_profiles; i++)
		for (size_t k = 0; k < j->o.profiles[i]->n_rules; k++)
			n += j->o.profiles[i]->rules[k].selected;
	r->results = xalloc(n * sizeof(*r->results));
	for (size_t i = 0; i < j->o.n_profiles; i++)
		for (size_t k = 0; k < j->o.profiles[i]->n_rules; k++)
			if (j->o.profiles[i]->rules[k].selected)
				r->results[r->n_results++].rule = &j->o.profiles[i]->rules[k];
}

struct judge *judge_new(const struct judge_options *o)
{
	struct judge *j = xalloc(sizeof(*j));
	unsigned flags = 0;
	j->o = *o;
	j->world = json_pack("{s{} s{} s{s{} s{}} s{ss}}", "host", "engine", "index", "container",
			     "service", "run", "now", o->now);
	j->no_kernel = fact_unread("is kept of other containers only for checks that ask for it");
	j->report = (struct report){ .arena = arena_new(),
				     .profiles = o->profiles,
				     .n_profiles = o->n_profiles,
				     .selection = o->selection,
				     .subject_patterns = o->subject_patterns,
				     .fail_on = o->fail_on,
				     .now = o->now,
				     .sandbox = o->has_sandbox,
				     .sandbox_missing = o->sandbox_missing };
	if (o->tailoring)
		tailorings_tell(o->tailoring, &j->report);
	j->host = index_subject(j->report.arena, SW_HOST, "", NULL);
	j->engine = index_subject(j->report.arena, SW_ENGINE, "", NULL);
	make_results(j);
	for (size_t i = 0; i < j->report.n_results; i++)
		flags |= j->report.results[i].rule->check->flags;
	j->has_whole = flags & SW_WHOLE;
	j->keeps_kernel = flags & SW_INDEX_KERNEL;
	return j;
}

void judge_free(struct judge *j)
{
	if (!j)
		return;
	for (size_t i = 0; i < j->n_index; i++)
		index_subject_done(j->index[i]);
	for (size_t i = 0; i < j->n_waiting; i++)
		json_decref(j->waiting[i].facts);
	for (size_t i = 0; i < j->report.n_results; i++)
		free(j->report.results[i].findings);
	free(j->report.results);
	free(j->report.unread);
	free(j->report.warnings.v);
	free(j->report.profile_summaries);
	free(j->index);
	free(j->waiting);
	json_decref(j->no_kernel);
	free(j->reads.v);
	free(j->lists);
	free(j->list_lengths);
	arena_free(j->report.arena);
	json_decref(j->world);
	free(j);
}

static void add_finding(struct result *r, const struct finding *f)
{
	if (r->n_findings == r->cap_findings) {
		r->cap_findings += r->cap_findings / 2 + 1;
		r->findings = xrealloc(r->findings, r->cap_findings * sizeof(*r->findings));
	}
	r->findings[r->n_findings++] = *f;
}

static void say(struct judge *j, struct result *r, const struct subject *s, enum sw_verdict verdict,
		const char *reason)
{
	add_finding(r, &(struct finding){ .subject = s,
					  .verdict = verdict,
					  .reason = arena_intern(j->report.arena, reason) });
}

/* A tree cannot say what only a running system could: that is no gap in what we saw. */
static bool needs_running(const struct judge *j, const struct eval_outcome *o)
{
	return j->is_root && o->verdict == SW_UNKNOWN && ends_with(o->reason, NEEDS_RUNNING);
}

static void wait_for_all(struct judge *j, struct result *r, const struct subject *s, json_t *facts)
{
	if (j->n_waiting == j->cap_waiting) {
		j->cap_waiting = j->cap_waiting ? 2 * j->cap_waiting : 16;
		j->waiting = xrealloc(j->waiting, j->cap_waiting * sizeof(*j->waiting));
	}
	j->waiting[j->n_waiting++] = (struct waiting){ r, s, json_incref(facts) };
}

static void evaluate(struct judge *j, const struct result *r, json_t *facts,
		     struct eval_outcome *ret)
{
	eval_run(&(struct eval_input){ .check = r->rule->check,
				       .subject = facts,
				       .world = j->world,
				       .params = r->rule->params,
				       .arena = j->report.arena,
				       .reads = &j->reads },
		 ret);
}

static void conclude(struct judge *j, struct result *r, const struct subject *s,
		     const struct eval_outcome *o)
{
	if (needs_running(j, o)) {
		say(j, r, s, SW_SKIP, NEEDS_RUNNING);
		return;
	}
	size_t n = 0;
	const struct evidence *evidence = evidence_of(j, s->kind, o, &n);
	add_finding(r, &(struct finding){ .subject = s,
					  .verdict = o->verdict,
					  .reason = o->reason,
					  .remedy = o->remedy,
					  .evidence = evidence,
					  .n_evidence = n });
}

static void apply(struct judge *j, struct result *r, const struct subject *s, json_t *facts)
{
	struct eval_outcome outcome;
	evaluate(j, r, facts, &outcome);
	conclude(j, r, s, &outcome);
}

static void derive_once(struct judge *j)
{
	if (!j->is_derived)
		derive_world(j->world);
	j->is_derived = true;
}

/* Of running ones only, where the rule says so; one of which that is not known is judged. */
static bool is_in_population(const struct rule *r, const struct subject *s)
{
	if (s->kind == SW_SERVICE && (r->check->flags & SW_SERVICES))
		return true;
	return r->check->kind == s->kind && !((r->check->flags & SW_RUNNING) && s->running == 0);
}

/* The facts of one kind for rules over several subjects. */
static json_t *index_of(struct judge *j, enum sw_kind kind)
{
	return json_object_get(json_object_get(j->world, "index"), kind_name(kind));
}

/* What rules over several subjects may ask for of one is kept. */
static void keep_in_index(struct judge *j, struct subject *s, json_t *body)
{
	if (j->n_index == j->cap_index) {
		j->cap_index = j->cap_index ? 2 * j->cap_index : 64;
		j->index = xrealloc(j->index, j->cap_index * sizeof(*j->index));
	}
	j->index[j->n_index++] = s;
	if (!j->has_whole || (s->kind != SW_CONTAINER && s->kind != SW_SERVICE))
		return;
	json_t *entry = index_entry(body);
	if (!j->keeps_kernel)
		json_object_set(entry, "Kernel", j->no_kernel);
	index_share(entry, j->latest);
	json_object_set_new(index_of(j, s->kind), s->id, entry);
	j->latest = entry;
}

/*
 * A rule over several subjects is judged at once, too, unless it does look at another one, which
 * may not be known yet: then all of this one that such rules may ask for is kept.
 */
static void judge_early(struct judge *j, struct result *r, const struct subject *s, json_t *body,
			json_t **whole)
{
	struct eval_outcome outcome;
	evaluate(j, r, body, &outcome);
	if (outcome.has_read_index) {
		if (!*whole)
			*whole = index_entry(body);
		wait_for_all(j, r, s, *whole);
	} else {
		conclude(j, r, s, &outcome);
	}
}

static void judge_subject(struct judge *j, enum sw_kind kind, const char *id, json_t *body)
{
	struct subject *s = index_subject(j->report.arena, kind, id, body);
	json_t *whole = NULL;
	derive_once(j);
	j->populations[kind].seen++;
	keep_in_index(j, s, body);
	if (!subject_is_chosen(j, s))
		return;
	for (size_t i = 0; i < j->report.n_results; i++) {
		struct result *r = &j->report.results[i];
		if (!is_in_population(r->rule, s))
			continue;
		if (r->rule->check->flags & SW_WHOLE)
			judge_early(j, r, s, body, &whole);
		else
			apply(j, r, s, body);
	}
	json_decref(whole);
}

static void take_population(struct judge *j, const char *id, json_t *body)
{
	enum sw_kind kind;
	if (!kind_of(id, &kind))
		return;
	struct population *p = &j->populations[kind];
	json_t *error = NULL;
	json_int_t listed, delivered, gone;
	p->came = true;
	if (json_unpack(body, "{s:I, s:I, s:I, s?o}", "listed", &listed, "delivered", &delivered,
			"gone", &gone, "error", &error) < 0 ||
	    (error && !json_is_null(error) && !json_is_string(error))) {
		p->error = "its record cannot be understood";
		return;
	}
	p->listed = listed;
	p->delivered = delivered;
	p->gone = gone;
	p->error = arena_intern(j->report.arena, json_string_value(error));
}

/* Is each that was listed accounted for, by a record or by being gone? */
static void check_population(struct judge *j, struct population *p)
{
	if (!p->came || p->error)
		return;
	if (p->delivered != p->seen || p->listed != p->seen + p->gone)
		p->error = arena_printf(j->report.arena, "%lld were listed and %lld came",
					(long long)p->listed, (long long)p->seen);
}

static void take_start(struct judge *j, json_t *body)
{
	struct report *r = &j->report;
	r->started = arena_intern(r->arena, json_string_value(json_object_get(body, "started")));
	r->as_root = json_is_true(json_object_get(body, "privileged"));
	j->is_root = json_is_true(json_object_get(body, "root")) &&
		     !json_is_true(json_object_get(body, "live"));
}

void judge_record(struct judge *j, const char *kind, const char *id, json_t *body)
{
	enum sw_kind subject;
	reply_shape(kind, id, body);
	if (streq(kind, "host") || streq(kind, "engine"))
		json_object_set(json_object_get(j->world, kind), id, body);
	else if (streq(kind, "snapshot"))
		take_start(j, body);
	else if (streq(kind, "population"))
		take_population(j, id, body);
	else if (streq(kind, "end")) {
		j->has_end = true;
		j->report.finished = arena_intern(
			j->report.arena, json_string_value(json_object_get(body, "finished")));
	} else if (kind_of(kind, &subject))
		judge_subject(j, subject, id, body);
}

static void judge_waiting(struct judge *j)
{
	for (size_t i = 0; i < j->n_waiting; i++) {
		struct waiting *w = &j->waiting[i];
		apply(j, w->result, w->subject, w->facts);
	}
}

/* Nothing of an engine is here and none was named: then its rules do not apply. */
static bool has_no_engine(const struct judge *j)
{
	static const char *const signs[] = { "socket", "binary", "unit", "process" };
	json_t *engine = json_object_get(j->world, "engine");
	json_t *present = json_object_get(engine, "present");
	if (!json_is_object(present) ||
	    json_is_true(json_object_get(json_object_get(engine, "endpoint"), "named")))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		if (!json_is_null(json_object_get(present, signs[i])))
			return false;
	return true;
}

/* Says why not every subject of a kind was seen, when that is so. */
static bool say_missing(struct judge *j, struct result *r, enum sw_kind kind)
{
	const struct population *p = &j->populations[kind];
	const char *error = p->error;
	if (!error && !j->has_end)
		error = "the run ended before all was read";
	if (!error && !p->came)
		error = "they were not collected";
	if (error && j->is_root && streq(error, NEEDS_RUNNING))
		say(j, r, j->engine, SW_SKIP, NEEDS_RUNNING);
	else if (error)
		say(j, r, j->engine, SW_UNKNOWN,
		    arena_printf(j->report.arena, "not every %s was seen: %s", kind_name(kind),
				 error));
	return error != NULL;
}

static bool is_swarm_state(const struct judge *j, const char *wanted)
{
	json_t *state = facts_find(j->world, "engine/info/Swarm/LocalNodeState").value;
	return json_is_string(state) && streq(json_string_value(state), wanted);
}

static bool is_worker(const struct judge *j)
{
	json_t *manages = facts_find(j->world, "engine/info/Swarm/ControlAvailable").value;
	return is_swarm_state(j, "active") && json_is_false(manages);
}

bool has_no_services(const struct judge *j)
{
	return is_swarm_state(j, "inactive") || is_worker(j);
}

/* Services are told by managers: of a worker only what its own containers show is judged. */
static void judge_services(struct judge *j, struct result *r)
{
	if (is_swarm_state(j, "inactive"))
		return;
	if (is_worker(j))
		say(j, r, j->engine, SW_SKIP, NOT_A_MANAGER);
	else
		say_missing(j, r, SW_SERVICE);
}

/* What a population that is not whole or is empty means for a rule. */
static void judge_population(struct judge *j, struct result *r)
{
	const struct sw_check *check = r->rule->check;
	const char *word = kind_name(check->kind);
	if (check->kind == SW_SERVICE && is_swarm_state(j, "inactive")) {
		say(j, r, j->engine, SW_SKIP, "this engine is not in a swarm");
		return;
	}
	if (say_missing(j, r, check->kind))
		return;
	if (r->n_findings == 0)
		say(j, r, j->engine, SW_SKIP,
		    arena_printf(j->report.arena, "there is no %s%s%s",
				 check->flags & SW_RUNNING ? "running " : "", word,
				 j->o.subject_patterns ? " that --subject selects" : ""));
	if (check->flags & SW_SERVICES)
		judge_services(j, r);
}

static void judge_rest(struct judge *j, struct result *r)
{
	const struct sw_check *check = r->rule->check;
	if (check->kind == SW_HOST)
		apply(j, r, j->host, json_object_get(j->world, "host"));
	else if (j->has_no_engine)
		say(j, r, j->engine, SW_SKIP, "there is no engine on this host");
	else if (check->kind != SW_ENGINE)
		judge_population(j, r);
	else if (!(check->flags & SW_WHOLE) || !say_missing(j, r, SW_CONTAINER))
		apply(j, r, j->engine, json_object_get(j->world, "engine"));
	if (!j->has_end && (check->kind == SW_HOST || check->kind == SW_ENGINE) &&
	    r->findings[r->n_findings - 1].verdict > SW_UNKNOWN)
		say(j, r, j->engine, SW_UNKNOWN, "the run ended before all was read");
}

/* The rules whose flag is so. */
static void judge_all_rest(struct judge *j, unsigned flag)
{
	for (size_t i = 0; i < j->report.n_results; i++) {
		struct result *r = &j->report.results[i];
		if ((r->rule->check->flags & SW_LAST) == flag)
			judge_rest(j, r);
		if ((r->rule->check->flags & SW_LAST) == flag && j->o.tailoring)
			waivers_mark(&j->o.tailoring->waivers, r, j->o.now);
	}
}

struct report *judge_finish(struct judge *j, double took)
{
	derive_once(j);
	/* Subjects were judged before the walk came, on which this hangs. */
	auditstarts_derive(j->world);
	j->has_no_engine = has_no_engine(j);
	j->report.took = j->o.is_snapshot ? -1 : took;
	for (size_t i = 0; i < ARRAY_SIZE(j->populations); i++)
		check_population(j, &j->populations[i]);
	describe_target(j);
	judge_waiting(j);
	judge_all_rest(j, 0);
	add_host_rules(j);
	judge_all_rest(j, SW_LAST);
	if (j->o.tailoring)
		waivers_warn(&j->o.tailoring->waivers, &j->report);
	rollup(j);
	return &j->report;
}
