/* SPDX-License-Identifier: Apache-2.0 */
/* fleet_read.c: of a saved report what a report on many hosts needs, as it is read. */
#include "json_memory.h"
#include "fleet.h"

#include "eval.h"
#include "fleet_members.h"
#include "report_members.h"

/* What of a finding and of a result is kept while it is read. */
struct finding_now {
	enum sw_verdict verdict;
	bool is_waived;
};

struct result_now {
	struct text profile, ref, check, title;
	enum sw_severity severity;
	enum sw_verdict verdict, worst;
	enum outcome worst_counted; /* of its findings that no waiver covers */
	bool is_waived;
	size_t n_findings;
};

struct reading {
	struct fleet *fleet;
	struct members members;
	struct text hostname, machine, kind, os, started, tool, engine, engine_version, endpoint,
		profile, profiles, selection;
	int64_t version, exit_status, told[SW_VERDICTS], told_waived;
	bool complete, has_engine;
	size_t n_unread, n_waived, count[SW_VERDICTS];
	struct result_now result;
	struct finding_now finding;
	struct fleet_host host;
};

#define AT(field) .at = offsetof(struct reading, field)

/* --- findings and results ------------------------------------------------------------------- */

static void take_waiver(struct members *m)
{
	struct reading *r = m->into;
	enum json_kind kind = json_pull_value(m->p);
	r->finding.is_waived = kind == JSON_PULL_OBJECT;
	if (kind != JSON_PULL_OBJECT && kind != JSON_PULL_NULL && kind != JSON_PULL_BAD)
		members_refuse(m, "'waiver' is no object");
	json_pull_skip_rest(m->p, kind);
}

static enum outcome outcome_of(enum sw_verdict v)
{
	static const struct report plain;
	return verdict_outcome(&plain, v);
}

static void take_findings(struct members *m)
{
	static const struct member rows[] = {
		{ "verdict", TAKE_VERDICT, AT(finding.verdict) },
		{ "waiver", TAKE_BY, .is_optional = true, .take = take_waiver },
	};
	struct reading *r = m->into;
	struct result_now *now = &r->result;
	members_open_list(m, "findings");
	while (members_next_element(m)) {
		r->finding = (struct finding_now){ 0 };
		members_take_object(m, "finding", rows, ARRAY_SIZE(rows));
		enum outcome o = outcome_of(r->finding.verdict);
		now->worst = verdict_worse(now->worst, r->finding.verdict);
		if (!r->finding.is_waived && o < now->worst_counted)
			now->worst_counted = o;
		now->n_findings++;
	}
}

/* As result_outcome() has it. */
static enum outcome result_now_outcome(const struct result_now *now)
{
	if (!now->is_waived)
		return outcome_of(now->verdict);
	return now->worst_counted < OUTCOME_REVIEW_FAILS ? now->worst_counted : OUTCOME_WAIVED;
}

/* The rule's place, by what names it; of a rule that is met first, a new one. */
static size_t place_of(struct reading *r)
{
	struct fleet *f = r->fleet;
	struct result_now *now = &r->result;
	AUTO_TEXT struct text key = { 0 };
	text_clean(&key, text_str(&now->profile), now->profile.len);
	text_add_char(&key, '\n');
	text_clean(&key, text_str(&now->ref), now->ref.len);
	text_add_char(&key, '\n');
	text_clean(&key, text_str(&now->check), now->check.len);
	const json_t *known = json_object_get(f->index, text_str(&key));
	if (known)
		return (size_t)json_integer_value(known);
	if (f->n_rules == FLEET_RULES) {
		members_refuse(&r->members,
			       "there are more than %d different rules in these reports",
			       FLEET_RULES);
		return 0;
	}
	f->rules = xrealloc(f->rules, (f->n_rules + 1) * sizeof(*f->rules));
	f->rules[f->n_rules] =
		(struct fleet_rule){ .profile = arena_intern(f->arena, text_str(&now->profile)),
				     .ref = arena_intern(f->arena, text_str(&now->ref)),
				     .check = arena_intern(f->arena, text_str(&now->check)),
				     .title = arena_intern(f->arena, text_str(&now->title)),
				     .severity = now->severity };
	json_object_set_new(f->index, text_str(&key), json_integer((json_int_t)f->n_rules));
	return f->n_rules++;
}

static void keep_result(struct reading *r)
{
	const struct result_now *now = &r->result;
	struct fleet_host *h = &r->host;
	size_t at = place_of(r);
	if (!members_are_well(&r->members))
		return;
	if (at >= h->n_cells) {
		size_t n = r->fleet->n_rules;
		h->cells = xrealloc(h->cells, n);
		memset(h->cells + h->n_cells, 0, n - h->n_cells);
		h->n_cells = n;
	}
	unsigned char cell = (unsigned char)(result_now_outcome(now) + 1);
	if (h->cells[at] == 0 || cell < h->cells[at])
		h->cells[at] = cell;
	if (now->severity > r->fleet->rules[at].severity)
		r->fleet->rules[at].severity = now->severity;
	r->count[now->verdict] += !now->is_waived;
	r->n_waived += now->is_waived;
}

static void take_result(struct reading *r)
{
	static const struct member rows[] = {
		{ "profile", TAKE_TEXT, AT(result.profile) },
		{ "ref", TAKE_TEXT, AT(result.ref) },
		{ "check", TAKE_TEXT, AT(result.check) },
		{ "title", TAKE_TEXT, AT(result.title) },
		{ "severity", TAKE_SEVERITY, AT(result.severity) },
		{ "verdict", TAKE_VERDICT, AT(result.verdict) },
		{ "waived", TAKE_TRUTH, AT(result.is_waived) },
		{ "findings", TAKE_BY, .take = take_findings },
	};
	struct result_now *now = &r->result;
	now->worst = SW_SKIP;
	now->worst_counted = OUTCOMES;
	now->n_findings = 0;
	members_take_object(&r->members, "result", rows, ARRAY_SIZE(rows));
	if (!members_are_well(&r->members))
		return;
	if (now->n_findings == 0)
		members_refuse(&r->members, "rule %s has no finding", text_str(&now->ref));
	else if (now->verdict != now->worst)
		members_refuse(&r->members, "rule %s is '%s', and its worst finding is '%s'",
			       text_str(&now->ref), verdict_name(now->verdict),
			       verdict_name(now->worst));
	else
		keep_result(r);
}

static void take_results(struct members *m)
{
	struct reading *r = m->into;
	members_open_list(m, "results");
	while (members_next_element(m))
		take_result(r);
}

/* --- the head ------------------------------------------------------------------------------- */

static void take_version(struct members *m)
{
	struct reading *r = m->into;
	enum json_kind kind = json_pull_value(m->p);
	if (kind != JSON_PULL_NUMBER || !parse_int(json_pull_text(m->p), &r->version))
		members_refuse(m, "is no report of seaworthy: it has no version");
	else if (r->version != REPORT_VERSION)
		members_refuse(m, "is a report of version %lld; this seaworthy reads version %d",
			       (long long)r->version, REPORT_VERSION);
}

/* Of the two files that audit and collect write the other one. */
static void take_kind(struct members *m)
{
	enum json_kind kind = json_pull_value(m->p);
	if (kind == JSON_PULL_TEXT && streq(json_pull_text(m->p), "snapshot"))
		members_refuse(m, "is no report but a snapshot, for audit --snapshot");
	else if (kind != JSON_PULL_TEXT)
		members_refuse(m, "is no report of seaworthy: 'kind' is no text");
}

static void take_tool(struct members *m)
{
	static const struct member rows[] = { { "version", TAKE_TEXT, AT(tool) } };
	members_take_object(m, "tool", rows, ARRAY_SIZE(rows));
}

static void take_os(struct members *m)
{
	static const struct member rows[] = { { "name", TAKE_TEXT_OR_NULL, AT(os) } };
	members_take_object(m, "os", rows, ARRAY_SIZE(rows));
}

static void take_engine(struct members *m)
{
	static const struct member rows[] = {
		{ "name", TAKE_TEXT_OR_NULL, AT(engine) },
		{ "version", TAKE_TEXT_OR_NULL, AT(engine_version) },
		{ "endpoint", TAKE_TEXT_OR_NULL, AT(endpoint) },
	};
	struct reading *r = m->into;
	enum json_kind kind = json_pull_value(m->p);
	r->has_engine = kind == JSON_PULL_OBJECT;
	if (r->has_engine)
		members_take(m, rows, ARRAY_SIZE(rows));
	else if (kind != JSON_PULL_NULL && kind != JSON_PULL_BAD)
		members_refuse(m, "'engine' is no object");
}

static void take_target(struct members *m)
{
	static const struct member rows[] = {
		{ "hostname", TAKE_TEXT_OR_NULL, AT(hostname) },
		{ "machine", TAKE_TEXT_OR_NULL, AT(machine) },
		{ "kind", TAKE_TEXT, AT(kind) },
		{ "os", TAKE_BY, .take = take_os },
		{ "engine", TAKE_BY, .take = take_engine },
	};
	members_take_object(m, "target", rows, ARRAY_SIZE(rows));
}

static void take_profiles(struct members *m)
{
	static const struct member rows[] = { { "id", TAKE_TEXT, AT(profile) } };
	struct reading *r = m->into;
	members_open_list(m, "profiles");
	while (members_next_element(m)) {
		members_take_object(m, "profile", rows, ARRAY_SIZE(rows));
		if (r->profiles.len > 0)
			text_add_char(&r->profiles, ' ');
		if (r->profiles.len < JSON_PULL_TEXT_MAX)
			text_add(&r->profiles, text_str(&r->profile));
	}
}

static void take_patterns(struct members *m, const char *what)
{
	struct reading *r = m->into;
	members_open_list(m, what);
	while (members_next_element(m)) {
		if (json_pull_value(m->p) != JSON_PULL_TEXT) {
			members_refuse(m, "'%s' holds what is no text", what);
			return;
		}
		if (r->selection.len < JSON_PULL_TEXT_MAX)
			text_printf(&r->selection, "%s %s\n", what, json_pull_text(m->p));
	}
}

static void take_only(struct members *m)
{
	take_patterns(m, "only");
}

static void take_skip(struct members *m)
{
	take_patterns(m, "skip");
}

static void take_subject(struct members *m)
{
	take_patterns(m, "subject");
}

static void take_level(struct members *m)
{
	struct reading *r = m->into;
	enum json_kind kind = json_pull_value(m->p);
	if (kind == JSON_PULL_NUMBER)
		text_printf(&r->selection, "level %s\n", json_pull_text(m->p));
	else if (kind != JSON_PULL_NULL && kind != JSON_PULL_BAD)
		members_refuse(m, "'level' is no number");
	json_pull_skip_rest(m->p, kind);
}

static void take_selection(struct members *m)
{
	static const struct member rows[] = {
		{ "only", TAKE_BY, .take = take_only },
		{ "skip", TAKE_BY, .take = take_skip },
		{ "subject", TAKE_BY, .take = take_subject },
		{ "level", TAKE_BY, .is_optional = true, .take = take_level },
	};
	members_take_object(m, "selection", rows, ARRAY_SIZE(rows));
}

static void take_summary(struct members *m)
{
	static const struct member rows[] = {
		{ "fail", TAKE_NUMBER, AT(told[SW_FAIL]) },
		{ "unknown", TAKE_NUMBER, AT(told[SW_UNKNOWN]) },
		{ "warn", TAKE_NUMBER, AT(told[SW_WARN]) },
		{ "pass", TAKE_NUMBER, AT(told[SW_PASS]) },
		{ "skip", TAKE_NUMBER, AT(told[SW_SKIP]) },
		{ "waived", TAKE_NUMBER, AT(told_waived) },
	};
	members_take_object(m, "summary", rows, ARRAY_SIZE(rows));
}

static void check_summary(struct reading *r)
{
	bool is_right = r->told_waived == (int64_t)r->n_waived;
	for (int v = 0; v < SW_VERDICTS; v++)
		is_right &= r->told[v] == (int64_t)r->count[v];
	if (!is_right && members_are_well(&r->members))
		members_refuse(&r->members, "its summary does not count what its results are");
}

static void take_report(struct reading *r)
{
	static const struct member rows[] = {
		{ "kind", TAKE_BY, .is_optional = true, .take = take_kind },
		{ "seaworthy", TAKE_BY, .take = take_version },
		{ "tool", TAKE_BY, .take = take_tool },
		{ "started", TAKE_TEXT_OR_NULL, AT(started) },
		{ "complete", TAKE_TRUTH, AT(complete) },
		{ "exit", TAKE_NUMBER, AT(exit_status) },
		{ "selection", TAKE_BY, .take = take_selection },
		{ "unread", TAKE_COUNT, AT(n_unread) },
		{ "target", TAKE_BY, .take = take_target },
		{ "profiles", TAKE_BY, .take = take_profiles },
		{ "summary", TAKE_BY, .take = take_summary },
		{ "results", TAKE_BY, .take = take_results },
	};
	enum json_kind kind = json_pull_value(r->members.p);
	if (kind != JSON_PULL_OBJECT)
		members_refuse(&r->members, "is no report: it begins with no object");
	else
		members_take(&r->members, rows, ARRAY_SIZE(rows));
	check_summary(r);
}

/* --- a report ------------------------------------------------------------------------------- */

static const char *kept(struct fleet *f, const struct text *t)
{
	return t->len > 0 ? arena_intern(f->arena, text_str(t)) : NULL;
}

static void keep_host(struct reading *r, const char *file)
{
	struct fleet *f = r->fleet;
	struct fleet_host *h = &r->host;
	h->file = arena_intern(f->arena, file);
	h->input = f->input;
	h->hostname = kept(f, &r->hostname);
	h->machine = kept(f, &r->machine);
	h->kind = kept(f, &r->kind);
	h->os = kept(f, &r->os);
	h->started = kept(f, &r->started);
	h->tool = kept(f, &r->tool);
	h->profiles = kept(f, &r->profiles);
	h->selection = kept(f, &r->selection);
	if (r->has_engine) {
		text_add_char(&r->engine, ' ');
		text_add(&r->engine, text_str(&r->engine_version));
		h->engine = kept(f, &r->engine);
		h->endpoint = kept(f, &r->endpoint);
	}
	h->complete = r->complete;
	h->exit_status = (int)(r->exit_status <= 3 ? r->exit_status : 2);
	h->n_unread = r->n_unread;
	/* Grown by halves: a fleet has thousands. */
	if ((f->n_hosts & (f->n_hosts - 1)) == 0)
		f->hosts =
			xrealloc(f->hosts, (f->n_hosts ? f->n_hosts * 2 : 1) * sizeof(*f->hosts));
	f->hosts[f->n_hosts++] = *h;
	h->cells = NULL;
}

static void read_one(struct fleet *f, const char *file, struct json_pull *p)
{
	struct reading r = { .fleet = f, .members = { .p = p } };
	r.members.into = &r;
	take_report(&r);
	const char *error = json_pull_error(p);
	if (r.members.bad || error)
		fleet_refuse(f, file, r.members.bad ? r.members.bad : error);
	else
		keep_host(&r, file);
	struct text *texts[] = { &r.hostname,   &r.machine,      &r.kind,         &r.os,
				 &r.started,    &r.tool,         &r.engine,       &r.engine_version,
				 &r.endpoint,   &r.profile,      &r.profiles,     &r.result.profile,
				 &r.result.ref, &r.result.check, &r.result.title, &r.selection };
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		text_done(texts[i]);
	free(r.host.cells);
	free(r.members.bad);
}

void fleet_read(struct fleet *f, const char *name, struct json_pull *p)
{
	size_t n = 0;
	while (json_pull_next(p, FLEET_REPORT_MAX)) {
		AUTO_FREE char *numbered =
			xasprintf("%s: report %zu (line %zu)", name, n + 1, json_pull_line(p));
		read_one(f, n > 0 ? numbered : name, p);
		n++;
	}
	if (n == 0)
		fleet_refuse(f, name, "is empty");
}
