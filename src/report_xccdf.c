/* SPDX-License-Identifier: Apache-2.0 */
/* report_xccdf.c: XCCDF 1.2: a Benchmark of the rules that were judged, and its TestResult. */
#include "report_xccdf.h"

#include "eval.h"
#include "report_sinks.h"

enum { WAIVERS_MAX = 16 }; /* told of in one rule */

/* --- one rule -------------------------------------------------------------------------------- */

static bool is_same_waiver(const struct waiver *a, const struct waiver *b)
{
	return a == b || (streq(a->reason, b->reason) && streq(a->owner, b->owner) &&
			  streq(a->until, b->until));
}

/* The waivers that cover findings of the rule, each once. */
static size_t waivers_of(const struct result *res, const struct waiver **ret)
{
	size_t n = 0;
	for (size_t i = 0; i < res->n_findings && n < WAIVERS_MAX; i++) {
		const struct waiver *w = res->findings[i].waiver;
		size_t k = 0;
		while (w && k < n && !is_same_waiver(ret[k], w))
			k++;
		if (w && k == n)
			ret[n++] = w;
	}
	return n;
}

static void write_override(struct xml *x, const struct report *r, const struct result *res,
			   const struct waiver *w)
{
	AUTO_FREE char *when = report_moment(r, r->finished);
	AUTO_FREE char *remark =
		xasprintf("waived until %s by %s: %s", w->until, w->owner, w->reason);

	xml_open(x, "override");
	xml_attribute(x, "time", when);
	xml_attribute(x, "authority", w->owner);
	xml_element(x, "old-result", words_of(verdict_outcome(r, res->verdict))->xccdf);
	xml_element(x, "new-result", words_of(OUTCOME_WAIVED)->xccdf);
	xml_element(x, "remark", remark);
	xml_close(x);
}

/* What no waiver covers counts: then nothing is overridden. */
static void write_overrides(struct xml *x, const struct report *r, const struct result *res)
{
	const struct waiver *waivers[WAIVERS_MAX];
	size_t n = result_outcome(r, res) == OUTCOME_WAIVED ? waivers_of(res, waivers) : 0;
	for (size_t i = 0; i < n; i++)
		write_override(x, r, res, waivers[i]);
}

static void write_message(struct xml *x, const char *severity, const char *said)
{
	xml_open(x, "message");
	xml_attribute(x, "severity", severity);
	xml_said(x, said);
	xml_close(x);
}

static void write_finding(struct xml *x, const struct report *r, const struct finding *f)
{
	static const char *const severities[OUTCOMES] = {
		[OUTCOME_FAIL] = "error",         [OUTCOME_UNKNOWN] = "error",
		[OUTCOME_REVIEW_FAILS] = "error", [OUTCOME_REVIEW] = "warning",
		[OUTCOME_WAIVED] = "info",
	};
	enum outcome o = finding_outcome(r, f);
	AUTO_FREE char *said =
		xasprintf("%s%s: %s %s: %s", words_of(o)->verdict, finding_since(f),
			  kind_name(f->subject->kind), subject_name(f->subject), f->reason);
	if (severities[o])
		write_message(x, severities[o], said);
}

static void write_rule_result(struct xml *x, const struct report *r, const struct result *res)
{
	enum outcome o = result_outcome(r, res);
	AUTO_FREE char *id = xccdf_rule_id(res->rule);

	xml_open(x, "rule-result");
	xml_attribute(x, "idref", id);
	xml_attribute(x, "role", "full");
	xml_attribute(x, "severity", xccdf_severity(res->rule));
	xml_attribute(x, "weight", "1.0");
	xml_element(x, "result", words_of(o)->xccdf);
	write_overrides(x, r, res);
	if (o == OUTCOME_SKIP)
		write_message(x, "info", res->reason);
	for (size_t i = 0; i < res->n_findings; i++)
		write_finding(x, r, &res->findings[i]);
	xccdf_write_check(x, res->rule->check);
	xml_close(x);
}

static void write_run(struct xml *x, const char *gap)
{
	xml_open(x, "rule-result");
	xml_attribute(x, "idref", XCCDF_RUN_ID);
	xml_attribute(x, "role", "full");
	xml_attribute(x, "severity", "high");
	xml_attribute(x, "weight", "1.0");
	xml_element(x, "result", "error");
	write_message(x, "error", gap);
	xccdf_write_check(x, NULL);
	xml_close(x);
}

/* --- the score ------------------------------------------------------------------------------- */

/* A mean of those that count (XCCDF 1.2, 7.3.2: the default model). */
struct mean {
	double sum;
	size_t n;
};

static void add_to_mean(struct mean *m, struct mean part)
{
	m->sum += part.n > 0 ? part.sum / (double)part.n : 0;
	m->n += part.n > 0;
}

/* All but what does not apply, was left to a person, or is only told of. */
static bool counts(enum outcome o)
{
	return o <= OUTCOME_REVIEW_FAILS || o == OUTCOME_PASS;
}

static struct mean mean_of_section(const struct report *r, const struct section *s)
{
	struct mean m = { 0 };
	for (size_t i = s->first; i < r->n_results; i++) {
		enum outcome o = result_outcome(r, &r->results[i]);
		if (!section_has(s, &r->results[i]) || !counts(o))
			continue;
		m.n++;
		m.sum += o == OUTCOME_PASS ? 100 : 0;
	}
	return m;
}

static struct mean mean_of_report(const struct report *r, bool has_gap)
{
	size_t n = 0;
	AUTO_FREE struct section *sections = report_sections(r, &n);
	struct mean all = { .n = has_gap };
	for (size_t i = 0; i < r->n_profiles; i++) {
		struct mean profile = { 0 };
		for (size_t k = 0; k < n; k++)
			if (sections[k].profile == r->profiles[i])
				add_to_mean(&profile, mean_of_section(r, &sections[k]));
		add_to_mean(&all, profile);
	}
	return all;
}

static void write_score(struct xml *x, const char *system, const char *maximum, const char *score)
{
	xml_open(x, "score");
	xml_attribute(x, "system", system);
	xml_attribute(x, "maximum", maximum);
	xml_text(x, score);
	xml_close(x);
}

static void write_scores(struct xml *x, const struct report *r)
{
	bool has_gap = report_gap(r) != NULL;
	struct mean mean = mean_of_report(r, has_gap);
	size_t passed = 0, counted = has_gap;
	for (size_t i = 0; i < r->n_results; i++) {
		enum outcome o = result_outcome(r, &r->results[i]);
		passed += o == OUTCOME_PASS;
		counted += counts(o);
	}
	AUTO_FREE char *weighted = xasprintf("%.6f", mean.n > 0 ? mean.sum / (double)mean.n : 0);
	AUTO_FREE char *flat = xasprintf("%zu", passed);
	AUTO_FREE char *most = xasprintf("%zu", counted);
	write_score(x, "urn:xccdf:scoring:default", "100.000000", weighted);
	write_score(x, "urn:xccdf:scoring:flat-unweighted", most, flat);
}

/* --- the run --------------------------------------------------------------------------------- */

/* One of many lines: OpenSCAP warns of each remark that it does not know them here. */
static void write_remark(struct xml *x, const struct report *r)
{
	CLEANUP(notes_done) struct notes notes = report_notes(r);
	AUTO_TEXT struct text t = { 0 };
	for (size_t i = 0; i < notes.n; i++) {
		text_add(&t, i > 0 ? "\n" : "");
		text_printf(&t, "%s: ", note_name(notes.v[i].kind));
		text_said(&t, notes.v[i].text);
	}
	xml_open(x, "remark");
	xml_text(x, text_str(&t));
	xml_close(x);
}

static void write_fact(struct xml *x, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	xml_open(x, "fact");
	xml_attribute(x, "name", name);
	xml_attribute(x, "type", "string");
	xml_said(x, value);
	xml_close(x);
}

static void write_target(struct xml *x, const struct report *r)
{
	const struct target *t = &r->target;
	const struct {
		const char *name, *value;
	} facts[] = {
		{ "urn:xccdf:fact:scanner:name", "seaworthy" },
		{ "urn:xccdf:fact:scanner:version", report_tool_version(r) },
		{ "urn:xccdf:fact:asset:identifier:host_name", t->hostname },
		{ "seaworthy:///fact/source", t->kind },
		{ "seaworthy:///fact/os", t->os_name },
		{ "seaworthy:///fact/kernel", t->kernel },
		{ "seaworthy:///fact/arch", t->arch },
		{ "seaworthy:///fact/engine", t->engine_name },
		{ "seaworthy:///fact/engine-version", t->engine_version },
		{ "seaworthy:///fact/endpoint", t->endpoint },
		{ "seaworthy:///fact/no-engine", t->no_engine },
	};
	xml_open(x, "identity");
	xml_attribute(x, "authenticated", "false");
	xml_attribute(x, "privileged", r->as_root ? "true" : "false");
	xml_said(x, r->as_root ? "root" : "not root");
	xml_close(x);
	xml_element(x, "target", t->hostname && *t->hostname ? t->hostname : "unnamed host");
	xml_open(x, "target-facts");
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		write_fact(x, facts[i].name, facts[i].value);
	xml_close(x);
}

static void write_result_head(struct xml *x, const struct report *r, bool is_alone)
{
	AUTO_FREE char *id = xccdf_report_id(r, "testresult");
	AUTO_FREE char *benchmark = xccdf_report_id(r, "benchmark");
	AUTO_FREE char *href = xasprintf("#%s", benchmark);
	AUTO_FREE char *started = report_moment(r, r->started);
	AUTO_FREE char *finished = report_moment(r, r->finished);
	AUTO_FREE char *system = xasprintf("cpe:/a:seaworthy:seaworthy:%s", report_tool_version(r));

	xml_open(x, "TestResult");
	if (is_alone)
		xml_attribute(x, "xmlns", XCCDF_NAMESPACE);
	xml_attribute(x, "id", id);
	xml_attribute(x, "start-time", started);
	xml_attribute(x, "end-time", finished);
	xml_attribute(x, "version", r->n_profiles > 0 ? r->profiles[0]->version : "0");
	xml_attribute(x, "test-system", system);
	xml_open(x, "benchmark");
	xml_attribute(x, "href", href);
	xml_attribute(x, "id", benchmark);
	xml_close(x);
}

void xccdf_write_result(struct xml *x, const struct report *r, bool is_alone)
{
	const char *gap = report_gap(r);

	write_result_head(x, r, is_alone);
	write_remark(x, r);
	write_target(x, r);
	for (size_t i = 0; i < r->n_results; i++)
		write_rule_result(x, r, &r->results[i]);
	if (gap)
		write_run(x, gap);
	write_scores(x, r);
	xml_close(x);
}

static int write_xccdf(const struct report *r, const struct report_options *options, FILE *out)
{
	(void)options;
	struct xml *x = NULL;
	int code = xml_begin(out, &x);
	if (code < 0)
		return code;
	xccdf_open_benchmark(x, r);
	xccdf_write_result(x, r, false);
	xml_close(x);
	return xml_finish(x, out);
}

const struct sink sink_xccdf = {
	.name = "xccdf",
	.help = "XCCDF 1.2: a benchmark with its results, for OpenSCAP and what reads that",
	.write = write_xccdf,
	.load = xml_load,
};
