/* SPDX-License-Identifier: Apache-2.0 */
/* report_load.c: see report_load.h. */
#include "json_memory.h"
#include "report_load.h"

#include <errno.h>
#include <limits.h>

#include "eval.h"
#include "report_members.h"
#include "report_sum.h"

/* --- the parts ------------------------------------------------------------------------------ */

static void load_selection(struct load *l, const json_t *root)
{
	const json_t *from = load_object(l, root, "selection");
	struct selection *s = arena_alloc(l->arena, sizeof(*s));
	s->only = load_names(l, from, "only");
	s->skip = load_names(l, from, "skip");
	s->level = (int)json_integer_value(json_object_get(from, "level"));
	l->report->selection = s;
	l->report->subject_patterns = load_names(l, from, "subject");
}

static void load_unread(struct load *l, const json_t *root)
{
	json_t *all = load_list(l, root, "unread");
	struct report *r = l->report;
	r->n_unread = json_array_size(all);
	r->unread = arena_alloc(l->arena, r->n_unread * sizeof(*r->unread));
	for (size_t i = 0; i < r->n_unread; i++)
		r->unread[i] = (struct unread_section){
			load_text(l, json_array_get(all, i), "section"),
			load_text(l, json_array_get(all, i), "reason"),
		};
}

/* Reports from before there were warnings have neither list. */
static void load_warnings(struct load *l, const json_t *root)
{
	json_t *all = json_object_get(root, "warnings") ? load_list(l, root, "warnings") : NULL;
	struct report *r = l->report;
	if (json_object_get(root, "tailoring"))
		r->tailoring = load_names(l, root, "tailoring");
	r->warnings.n = json_array_size(all);
	r->warnings.v = arena_alloc(l->arena, r->warnings.n * sizeof(*r->warnings.v));
	for (size_t i = 0; i < r->warnings.n; i++)
		r->warnings.v[i] = (struct warning){
			load_text(l, json_array_get(all, i), "place"),
			load_text(l, json_array_get(all, i), "text"),
		};
}

static void load_baseline(struct load *l, const json_t *root)
{
	struct report *r = l->report;
	if (!json_is_object(json_object_get(root, "baseline")))
		return;
	const json_t *from = load_object(l, root, "baseline");
	r->baseline = load_text(l, from, "file");
	r->baseline_started = load_text_or_null(l, from, "started");
	r->n_known = (size_t)load_number(l, from, "known");
}

static void load_change(struct load *l, const json_t *from, struct finding *f)
{
	const char *word = load_text_or_null(l, from, "change");
	for (int c = CHANGE_NEW; word && c < CHANGE_STATES; c++)
		if (streq(word, change_name((enum change_since)c)))
			f->change = (enum change_since)c;
	if (word && !f->change)
		load_refuse(l, "'%s' is no change", word);
}

static void load_engine(struct load *l, const json_t *target, struct target *t)
{
	const json_t *engine = json_object_get(target, "engine");
	if (json_is_null(engine)) {
		t->no_engine = load_text_or_null(l, target, "no_engine");
		return;
	}
	engine = load_object(l, target, "engine");
	t->has_engine = true;
	t->engine_name = load_text_or_null(l, engine, "name");
	t->engine_version = load_text_or_null(l, engine, "version");
	t->engine_api = load_text_or_null(l, engine, "api");
	t->endpoint = load_text_or_null(l, engine, "endpoint");
	t->endpoint_why = load_text_or_null(l, engine, "endpoint_why");
	t->rootless = load_truth_or_null(engine, "rootless");
	t->local = load_truth_or_null(engine, "local");
	t->containers = (size_t)load_number(l, engine, "containers");
	t->running = (size_t)load_number(l, engine, "running");
	t->images = (size_t)load_number(l, engine, "images");
}

static void load_target(struct load *l, const json_t *root)
{
	const json_t *target = load_object(l, root, "target");
	const json_t *os = load_object(l, target, "os");
	struct target *t = &l->report->target;
	t->kind = load_text(l, target, "kind");
	t->hostname = load_text_or_null(l, target, "hostname");
	t->os_id = load_text_or_null(l, os, "id");
	t->os_version = load_text_or_null(l, os, "version_id");
	t->os_name = load_text_or_null(l, os, "name");
	t->kernel = load_text_or_null(l, target, "kernel");
	t->arch = load_text_or_null(l, target, "arch");
	t->machine = load_text_or_null(l, target, "machine");
	load_engine(l, target, t);
}

static void load_summary(struct load *l, const json_t *object, struct summary *s)
{
	const json_t *from = load_object(l, object, "summary");
	for (int v = 0; v < SW_VERDICTS; v++)
		s->count[v] = (size_t)load_number(l, from, verdict_name((enum sw_verdict)v));
	s->waived = (size_t)load_number(l, from, "waived");
}

static void load_groups(struct load *l, const json_t *from, struct profile *p)
{
	json_t *groups = load_list(l, from, "groups");
	p->n_groups = json_array_size(groups);
	struct group *all = arena_alloc(l->arena, p->n_groups * sizeof(*all));
	for (size_t i = 0; i < p->n_groups; i++)
		all[i] = (struct group){ load_text(l, json_array_get(groups, i), "id"),
					 load_text(l, json_array_get(groups, i), "title") };
	p->groups = all;
}

static void load_left_out(struct load *l, const json_t *from, struct profile *p)
{
	json_t *all = json_object_get(from, "left_out") ? load_list(l, from, "left_out") : NULL;
	p->n_left_out = json_array_size(all);
	p->left_out = arena_alloc(l->arena, p->n_left_out * sizeof(*p->left_out));
	for (size_t i = 0; i < p->n_left_out; i++)
		p->left_out[i] = (struct missing){ load_text(l, json_array_get(all, i), "ref"),
						   load_text(l, json_array_get(all, i), "why") };
}

static void load_profiles(struct load *l, const json_t *root)
{
	json_t *all = load_list(l, root, "profiles");
	struct report *r = l->report;
	r->n_profiles = json_array_size(all);
	r->profiles = arena_alloc(l->arena, (r->n_profiles + 1) * sizeof(struct profile *));
	r->profile_summaries = arena_alloc(l->arena, r->n_profiles * sizeof(struct summary));
	for (size_t i = 0; i < r->n_profiles; i++) {
		const json_t *from = json_array_get(all, i);
		const json_t *rules = load_object(l, from, "rules");
		struct profile *p = arena_alloc(l->arena, sizeof(*p));
		p->id = load_text(l, from, "id");
		p->title = load_text(l, from, "title");
		p->version = load_text(l, from, "version");
		p->source = load_text(l, from, "source");
		p->n_defined = (size_t)load_number(l, rules, "defined");
		p->n_selected_refs = (size_t)load_number(l, rules, "selected");
		p->n_refs = p->n_defined - (size_t)load_number(l, rules, "missing");
		load_groups(l, from, p);
		load_left_out(l, from, p);
		load_summary(l, from, &r->profile_summaries[i]);
		r->profiles[i] = p;
		if (json_object_get(l->profiles, p->id))
			load_refuse(l, "there are two profiles '%s'", p->id);
		json_object_set_new(l->profiles, p->id, json_integer((json_int_t)i));
	}
}

/* --- results -------------------------------------------------------------------------------- */

static enum sw_verdict load_verdict(struct load *l, const json_t *object)
{
	enum sw_verdict v = SW_UNKNOWN;
	const char *word = load_text(l, object, "verdict");
	if (!verdict_of(word, &v))
		load_refuse(l, "'%s' is no verdict", word);
	return v;
}

static const struct subject *load_subject(struct load *l, const json_t *finding)
{
	const json_t *from = load_object(l, finding, "subject");
	struct subject *s = arena_alloc(l->arena, sizeof(*s));
	const char *kind = load_text(l, from, "kind");
	if (!kind_of(kind, &s->kind))
		load_refuse(l, "'%s' is no kind of subject", kind);
	s->id = load_text(l, from, "id");
	s->name = load_text(l, from, "name");
	s->image = load_text(l, from, "image");
	s->image_id = load_text(l, from, "image_id");
	s->running = load_truth_or_null(from, "running");
	s->labels = load_raw(load_object(l, from, "labels"));
	json_array_append_new(l->report->owned, s->labels ? s->labels : json_object());
	s->labels_cut = json_is_true(json_object_get(from, "labels_cut"));
	return s;
}

static const char *evidence_value(struct load *l, const json_t *from)
{
	if (json_is_true(json_object_get(from, "unread")))
		return NULL;
	json_t *value = load_raw(json_object_get(from, "value"));
	AUTO_FREE char *dumped = value ? json_dumped(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	/* What was no JSON was written as text. */
	const char *kept = dumped ? dumped : json_string_value(value);
	if (!kept)
		load_refuse(l, "evidence has no value");
	kept = arena_intern(l->arena, kept ? kept : "null");
	json_decref(value);
	return kept;
}

static const struct waiver *load_waiver(struct load *l, const json_t *finding)
{
	if (!json_is_object(json_object_get(finding, "waiver")))
		return NULL;
	const json_t *from = load_object(l, finding, "waiver");
	struct waiver *w = arena_alloc(l->arena, sizeof(*w));
	*w = (struct waiver){ load_text(l, from, "reason"), load_text(l, from, "owner"),
			      load_text(l, from, "until") };
	return w;
}

static void load_finding(struct load *l, const json_t *from, struct finding *f)
{
	json_t *evidence = load_list(l, from, "evidence");
	size_t n = json_array_size(evidence);
	struct evidence *all = arena_alloc(l->arena, n * sizeof(*all));
	f->subject = load_subject(l, from);
	f->verdict = load_verdict(l, from);
	f->reason = load_text(l, from, "reason");
	for (size_t i = 0; i < n; i++) {
		const json_t *one = json_array_get(evidence, i);
		all[i] = (struct evidence){ load_text(l, one, "source"), load_text(l, one, "path"),
					    evidence_value(l, one) };
	}
	f->evidence = n ? all : NULL;
	f->n_evidence = n;
	f->waiver = load_waiver(l, from);
	load_change(l, from, f);
}

/* Reports of the first days have it of the findings only. */
static const char *kind_named(struct load *l, const json_t *from)
{
	const json_t *first = json_array_get(json_object_get(from, "findings"), 0);
	if (json_object_get(from, "kind"))
		return load_text(l, from, "kind");
	return load_text(l, json_object_get(first, "subject"), "kind");
}

/* The row that the check had in the program that made the report, as far as it is told. */
static const struct sw_check *load_check(struct load *l, const json_t *from)
{
	struct sw_check *c = arena_alloc(l->arena, sizeof(*c));
	const char *severity = load_text(l, from, "severity"), *kind = kind_named(l, from);
	c->id = load_text(l, from, "check");
	if (!severity_of(severity, &c->severity))
		load_refuse(l, "'%s' is no severity", severity);
	if (!kind_of(kind, &c->kind))
		load_refuse(l, "'%s' is no kind of subject", kind);
	c->title = load_text(l, from, "title");
	c->wanted = load_text(l, from, "wanted");
	c->why = load_text(l, from, "why");
	c->remedy = load_text(l, from, "remedy");
	return c;
}

static const struct rule *load_rule(struct load *l, const json_t *from)
{
	struct rule *r = arena_alloc(l->arena, sizeof(*r));
	const char *profile = load_text(l, from, "profile");
	const json_t *index = json_object_get(l->profiles, profile);
	if (index)
		r->profile = l->report->profiles[json_integer_value(index)];
	else
		load_refuse(l, "a result is of profile '%s', which is not listed", profile);
	r->ref = load_text(l, from, "ref");
	r->group = load_text(l, from, "group");
	r->title = load_text(l, from, "title");
	r->why = load_text_or_null(l, from, "deviation");
	r->level = (int)json_integer_value(json_object_get(from, "level"));
	r->assessment = load_text_or_null(l, from, "assessment");
	r->check = load_check(l, from);
	r->params = load_raw(load_object(l, from, "params"));
	json_array_append_new(l->report->owned, r->params ? r->params : json_object());
	r->selected = true;
	return r;
}

static void load_result(struct load *l, const json_t *from, struct result *r)
{
	json_t *findings = load_list(l, from, "findings");
	r->rule = load_rule(l, from);
	r->verdict = load_verdict(l, from);
	r->waived = load_truth(l, from, "waived");
	r->known = json_is_true(json_object_get(from, "known"));
	r->reason = load_text(l, from, "reason");
	r->n_findings = json_array_size(findings);
	r->findings = arena_alloc(l->arena, (r->n_findings + 1) * sizeof(*r->findings));
	if (r->n_findings == 0)
		load_refuse(l, "rule %s has no finding", r->rule->ref);
	for (size_t i = 0; i < r->n_findings && !l->err->text; i++) {
		load_finding(l, json_array_get(findings, i), &r->findings[i]);
		r->counts[r->findings[i].verdict]++;
	}
}

static void load_results(struct load *l, const json_t *root)
{
	json_t *all = load_list(l, root, "results");
	struct report *r = l->report;
	r->n_results = json_array_size(all);
	r->results = arena_alloc(l->arena, (r->n_results + 1) * sizeof(*r->results));
	for (size_t i = 0; i < r->n_results && !l->err->text; i++)
		load_result(l, json_array_get(all, i), &r->results[i]);
}

static void load_head(struct load *l, const json_t *root)
{
	struct report *r = l->report;
	const json_t *tool = load_object(l, root, "tool");
	r->tool_version = load_text(l, tool, "version");
	r->sandbox = load_truth(l, tool, "sandbox");
	r->started = load_text_or_null(l, root, "started");
	r->finished = load_text_or_null(l, root, "finished");
	r->now = load_text(l, root, "now");
	r->complete = load_truth(l, root, "complete");
	json_int_t status = load_number(l, root, "exit");
	r->exit_status = status <= INT_MAX ? (int)status : INT_MAX;
	r->fail_on = load_text(l, root, "fail_on");
	r->as_root = load_truth(l, root, "as_root");
	r->missing_privilege = load_text_or_null(l, root, "missing_privilege");
	r->sandbox_missing = load_text_or_null(l, root, "sandbox_missing");
	r->took = -1;
}

/* Of the two files that audit and collect write the other one. */
static bool is_snapshot(const char *data, size_t n)
{
	static const char begin[] = "{\"kind\":\"snapshot\"";
	return n > sizeof(begin) && memcmp(data, begin, sizeof(begin) - 1) == 0;
}

static int check_version(const char *name, const json_t *root, struct err *err)
{
	const json_t *version = json_object_get(root, "seaworthy");
	if (!json_is_integer(version))
		return err_set(err, -EINVAL, "%s: is no report of seaworthy: it has no version",
			       name);
	if (json_integer_value(version) != REPORT_VERSION)
		return err_set(err, -EINVAL,
			       "%s: is a report of version %lld; this seaworthy reads version %d",
			       name, (long long)json_integer_value(version), REPORT_VERSION);
	return 0;
}

int report_load(const char *name, const char *data, size_t n, struct report **ret, struct err *err)
{
	json_error_t e;
	if (is_snapshot(data, n))
		return err_set(err, -EINVAL,
			       "%s: is no report but a snapshot, for audit --snapshot", name);
	json_t *root = json_loadb(data, n, JSON_REJECT_DUPLICATES, &e);
	if (!root)
		return err_set(err, -EINVAL, "%s:%d:%d: is no report: %s", name, e.line, e.column,
			       e.text);
	int code = check_version(name, root, err);
	if (code < 0) {
		json_decref(root);
		return code;
	}
	struct report *r = xalloc(sizeof(*r));
	r->arena = arena_new();
	r->owned = json_array();
	struct load l = {
		.name = name, .report = r, .arena = r->arena, .err = err, .profiles = json_object()
	};
	load_head(&l, root);
	load_selection(&l, root);
	load_baseline(&l, root);
	load_warnings(&l, root);
	load_unread(&l, root);
	load_target(&l, root);
	load_profiles(&l, root);
	load_summary(&l, root, &r->summary);
	if (!err->text)
		load_results(&l, root);
	if (!err->text && report_check_sums(r, err) < 0)
		err_wrap(err, "%s", name);
	json_decref(l.profiles);
	json_decref(root);
	if (err->text) {
		report_unload(r);
		return -EINVAL;
	}
	*ret = r;
	return 0;
}

int report_load_fd(const char *name, int fd, struct report **ret, struct err *err)
{
	AUTO_FREE char *data = NULL;
	size_t n;
	int code = read_all(fd, REPORT_SIZE_MAX, &data, &n);
	if (code < 0)
		return err_set(err, code, "%s: %s", name, strerror(-code));
	return report_load(name, data, n, ret, err);
}

void report_unload(struct report *r)
{
	if (!r)
		return;
	json_decref(r->owned);
	arena_free(r->arena);
	free(r);
}
