/* SPDX-License-Identifier: Apache-2.0 */
/* rollup.c: from findings to the report: order, counts, the target, the exit status; once, before
 * any sink. */
#include "collector.h"
#include "diff.h"
#include "engine_private.h"
#include "facts.h"
#include "text.h"

enum { NAMES_MAX = 5, REMEDY_MAX = 1000 };

static int by_subject(const void *a, const void *b)
{
	const struct subject *x = ((const struct finding *)a)->subject,
			     *y = ((const struct finding *)b)->subject;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	int order = strcmp(x->name, y->name);
	return order ? order : strcmp(x->id, y->id);
}

/* "2 of 14 containers: started with --privileged (web, db)" */
static const char *reason_of(struct judge *j, const struct result *r)
{
	struct text names AUTO_TEXT = { 0 };
	const struct finding *first = NULL;
	size_t n = 0, n_all = 0;
	for (size_t i = 0; i < r->n_findings; i++) {
		const struct finding *f = &r->findings[i];
		n_all += f->subject->kind > SW_ENGINE;
		if (f->verdict != r->verdict)
			continue;
		first = first ? first : f;
		if (n++ < NAMES_MAX)
			text_printf(&names, "%s%s", n > 1 ? ", " : "",
				    *f->subject->name ? f->subject->name : f->subject->id);
	}
	if (!first)
		return "";
	if (first->subject->kind <= SW_ENGINE) /* what is said of a population as a whole */
		return first->reason;
	if (n > NAMES_MAX)
		text_printf(&names, " and %zu more", n - NAMES_MAX);
	/* Sorted by kind: what is said of a population comes first, services after containers. */
	bool is_mixed = r->findings[r->n_findings - n_all].subject->kind !=
			r->findings[r->n_findings - 1].subject->kind;
	const char *kind = is_mixed ? "subject" : kind_name(first->subject->kind);
	if (r->verdict == SW_PASS || r->verdict == SW_SKIP)
		return arena_printf(j->report.arena, "%zu of %zu %ss%s%s", n, n_all, kind,
				    *first->reason ? ": " : "", first->reason);
	return arena_printf(j->report.arena, "%zu of %zu %ss: %s (%s)", n, n_all, kind,
			    first->reason, text_str(&names));
}

/* Those of its worst findings, each once; NULL when one of them has none. */
static const char *remedy_of(struct judge *j, const struct result *r)
{
	AUTO_TEXT struct text lines = { 0 };
	for (size_t i = 0; i < r->n_findings; i++) {
		const struct finding *f = &r->findings[i];
		if (f->verdict != r->verdict)
			continue;
		if (!f->remedy)
			return NULL;
		if (lines.len > REMEDY_MAX || strstr(text_str(&lines), f->remedy))
			continue;
		if (lines.len > 0)
			text_add_char(&lines, '\n');
		text_add(&lines, f->remedy);
	}
	return lines.len > 0 ? arena_intern(j->report.arena, text_str(&lines)) : NULL;
}

static void roll_result(struct judge *j, struct result *r)
{
	qsort(r->findings, r->n_findings, sizeof(*r->findings), by_subject);
	size_t n_waived[SW_VERDICTS] = { 0 };
	r->verdict = SW_SKIP;
	for (size_t i = 0; i < r->n_findings; i++) {
		const struct finding *f = &r->findings[i];
		r->verdict = verdict_worse(r->verdict, f->verdict);
		r->counts[f->verdict]++;
		n_waived[f->verdict] += f->waiver != NULL;
	}
	r->waived = r->verdict <= SW_WARN && n_waived[r->verdict] == r->counts[r->verdict];
	r->reason = reason_of(j, r);
	r->remedy = remedy_of(j, r);
}

static void count(struct summary *s, const struct result *r)
{
	if (r->waived)
		s->waived++;
	else
		s->count[r->verdict]++;
}

static void add_unread(struct report *r, const char *section, const char *reason)
{
	r->unread = xrealloc(r->unread, (r->n_unread + 1) * sizeof(*r->unread));
	r->unread[r->n_unread++] = (struct unread_section){ arena_strdup(r->arena, section),
							    arena_intern(r->arena, reason) };
}

/* Whole sections that could not be read, and populations that are not whole. */
static void list_unread(struct judge *j)
{
	static const char *const sides[] = { "host", "engine" };
	struct report *r = &j->report;
	for (size_t i = 0; i < ARRAY_SIZE(sides); i++) {
		const char *section;
		json_t *body;
		json_object_foreach(json_object_get(j->world, sides[i]), section, body)
		{
			AUTO_FREE char *name = xasprintf("%s/%s", sides[i], section);
			if (fact_is_unread(body))
				add_unread(r, name, fact_reason(body));
		}
	}
	for (size_t k = 0; k < ARRAY_SIZE(j->populations); k++) {
		AUTO_FREE char *name = xasprintf("population/%s", kind_name((enum sw_kind)k));
		if (j->populations[k].error)
			add_unread(r, name, j->populations[k].error);
	}
	if (!j->has_end)
		add_unread(r, "end", "the run ended before all was read");
}

static const char *known_text(struct judge *j, const char *path)
{
	struct fact f = facts_find(j->world, path);
	const char *s = f.state == FACT_KNOWN ? json_string_value(f.value) : NULL;
	return arena_intern(j->report.arena, s);
}

static int known_bool(struct judge *j, const char *path)
{
	struct fact f = facts_find(j->world, path);
	return f.state == FACT_KNOWN && json_is_boolean(f.value) ? json_is_true(f.value) : -1;
}

static bool has_option(struct judge *j, const char *name)
{
	struct fact f = facts_find(j->world, "engine/info/SecurityOptions");
	for (size_t i = 0; f.state == FACT_KNOWN && i < json_array_size(f.value); i++) {
		const char *s = json_string_value(json_array_get(f.value, i));
		if (s && starts_with(s, name))
			return true;
	}
	return false;
}

void describe_target(struct judge *j)
{
	struct target *t = &j->report.target;
	struct fact info = facts_find(j->world, "engine/info/ServerVersion");
	*t = (struct target){
		.kind = j->o.is_snapshot ? "snapshot"
			: j->is_root     ? "root"
					 : "live",
		.hostname = known_text(j, "host/kernel/hostname"),
		.os_id = known_text(j, "host/os/ID"),
		.os_version = known_text(j, "host/os/VERSION_ID"),
		.os_name = known_text(j, "host/os/PRETTY_NAME"),
		.kernel = known_text(j, "host/kernel/release"),
		.arch = known_text(j, "host/kernel/machine"),
		.machine = known_text(j, "host/kernel/machine-hash"),
		.has_engine = info.state == FACT_KNOWN || known_text(j, "engine/ping/ApiVersion"),
		.engine_version = known_text(j, "engine/info/ServerVersion"),
		.engine_api = known_text(j, "engine/ping/ApiUsed"),
		.endpoint = known_text(j, "engine/endpoint/url"),
		.endpoint_why = known_text(j, "engine/endpoint/why"),
		.local = known_bool(j, "engine/endpoint/local"),
		.rootless = info.state == FACT_KNOWN ? has_option(j, "name=rootless") : -1,
	};
	const char *components = known_text(j, "engine/version/Components/0/Name");
	t->engine_name = components && starts_with(components, "Podman") ? "Podman" : "Docker";
	struct fact why = facts_find(j->world, "engine/info");
	t->no_engine = t->has_engine              ? NULL
		       : why.state == FACT_UNREAD ? arena_intern(j->report.arena, why.reason)
						  : "none was found";
	for (size_t i = 0; i < j->n_index; i++) {
		const struct subject *s = j->index[i];
		t->containers += s->kind == SW_CONTAINER;
		t->running += s->kind == SW_CONTAINER && s->running == 1;
		t->images += s->kind == SW_IMAGE;
	}
	j->host->name = t->hostname ? t->hostname : "";
	j->engine->name = t->endpoint ? t->endpoint : "";
}

/* A rule was decided when it passed, failed or was left to a person. */
static bool is_any_decided(const struct report *r, const struct profile *p)
{
	for (size_t i = 0; i < r->n_results; i++)
		if (r->results[i].rule->profile == p && r->results[i].verdict != SW_UNKNOWN &&
		    r->results[i].verdict != SW_SKIP)
			return true;
	return false;
}

/* The worst of what no waiver covers and no baseline has. */
static enum sw_verdict worst_counted(const struct result *r, bool *ret_is_unknown)
{
	enum sw_verdict worst = SW_SKIP;
	for (size_t i = 0; i < r->n_findings; i++) {
		if (r->findings[i].waiver || r->findings[i].change == CHANGE_KNOWN)
			continue;
		worst = verdict_worse(worst, r->findings[i].verdict);
		*ret_is_unknown |= r->findings[i].verdict == SW_UNKNOWN;
	}
	return worst;
}

static void compare_with_baseline(struct judge *j)
{
	struct report *r = &j->report;
	r->baseline = j->o.baseline_file;
	r->baseline_started = j->o.baseline->started;
	baseline_mark(j->o.baseline, r);
	for (size_t i = 0; i < r->n_results; i++) {
		struct result *one = &r->results[i];
		bool is_unknown = false;
		one->known = one->verdict <= SW_WARN && !one->waived &&
			     worst_counted(one, &is_unknown) > SW_WARN;
		r->n_known += one->known;
	}
}

static int exit_status(const struct judge *j)
{
	const struct report *r = &j->report;
	enum sw_severity least = SW_LOW;
	bool is_unknown = false;
	if (streq(r->fail_on, "never"))
		return 0;
	severity_of(r->fail_on, &least);
	for (size_t i = 0; i < r->n_results; i++) {
		const struct result *one = &r->results[i];
		enum sw_verdict worst = worst_counted(one, &is_unknown);
		if (worst == SW_FAIL && one->rule->check->severity >= least)
			return 1;
		if (worst == SW_WARN && streq(r->fail_on, "warn"))
			return 1;
	}
	for (size_t i = 0; i < r->n_profiles && j->o.profiles_named; i++)
		is_unknown |= !is_any_decided(r, r->profiles[i]);
	return is_unknown || !r->complete ? 3 : 0;
}

void rollup(struct judge *j)
{
	struct report *r = &j->report;
	r->profile_summaries = xalloc(r->n_profiles * sizeof(*r->profile_summaries));
	for (size_t i = 0; i < r->n_results; i++) {
		struct result *one = &r->results[i];
		roll_result(j, one);
		count(&r->summary, one);
		for (size_t p = 0; p < r->n_profiles; p++)
			if (r->profiles[p] == one->rule->profile)
				count(&r->profile_summaries[p], one);
	}
	list_unread(j);
	r->complete = j->has_end;
	for (size_t k = 0; k < ARRAY_SIZE(j->populations); k++)
		r->complete &= !j->populations[k].error || j->has_no_engine ||
			       (j->is_root && streq(j->populations[k].error, NEEDS_RUNNING));
	if (!r->as_root)
		r->missing_privilege = "not run as root: /proc of other users' processes and files "
				       "of root could not be read";
	if (j->o.baseline)
		compare_with_baseline(j);
	r->exit_status = exit_status(j);
}
