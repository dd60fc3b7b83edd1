/* SPDX-License-Identifier: Apache-2.0 */
/* report_hdf.c: the Heimdall Data Format, which is InSpec's report of a run, for Heimdall and SAF.
 */
#include "eval.h"
#include "json_writer.h"
#include "related.h"
#include "report_common.h"
#include "report_sinks.h"

/* Readers take the severity from it (below 0.1 none, 0.4 low, 0.7 medium, 0.9 high, then critical);
 * a control without an impact does not apply. */
static const char *impact_of(const struct result *res, enum outcome o)
{
	static const char *const impacts[] = {
		[SW_LOW] = "0.3", [SW_MEDIUM] = "0.5", [SW_HIGH] = "0.7", [SW_CRITICAL] = "0.9"
	};
	return o == OUTCOME_SKIP ? "0.0" : impacts[res->rule->check->severity];
}

/*
 * Readers make one word of a control from those of its results: an error stands above a failure,
 * one that passes above those that were skipped, and no waiver takes an error away. So that the
 * word is ours, a result says less than it could where another one decides.
 */
static const char *status_of(enum outcome control, const struct finding *f, enum outcome o)
{
	if (o == OUTCOME_WAIVED)
		return words_of(control == o && f->verdict == SW_FAIL ? OUTCOME_FAIL : o)->hdf;
	if (o == OUTCOME_UNKNOWN && control != o)
		return words_of(OUTCOME_REVIEW)->hdf;
	return words_of(o)->hdf;
}

static void put_result(struct json_writer *w, const char *status, const char *what,
		       const char *said, const char *when)
{
	bool is_skipped = streq(status, words_of(OUTCOME_SKIP)->hdf);

	json_open(w, NULL, '{');
	json_put_string(w, "status", status);
	json_put_string(w, "code_desc", what);
	json_put_int(w, "run_time", 0);
	json_put_string(w, "start_time", when);
	if (*said)
		json_put_string(w, is_skipped ? "skip_message" : "message", said);
	json_close(w, '}');
}

static void put_finding(struct json_writer *w, const struct report *r, enum outcome control,
			const struct finding *f)
{
	enum outcome o = finding_outcome(r, f);
	if (o >= OUTCOME_PASS && control < OUTCOME_PASS)
		return;
	AUTO_FREE char *when = report_moment(r, r->started);
	AUTO_FREE char *what =
		xasprintf("%s %s", kind_name(f->subject->kind), subject_name(f->subject));
	AUTO_FREE char *said =
		o == OUTCOME_PASS && !*f->reason && !f->change
			? xstrdup("")
			: xasprintf("%s%s: %s", words_of(o)->verdict, finding_since(f), f->reason);
	put_result(w, status_of(control, f, o), what, said, when);
}

static void put_description(struct json_writer *w, const char *label, const char *data)
{
	json_open_inline(w, NULL, '{');
	json_put_string(w, "label", label);
	json_put_lines(w, "data", data);
	json_close(w, '}');
}

static void put_descriptions(struct json_writer *w, const struct result *res)
{
	json_open(w, "descriptions", '[');
	put_description(w, "default", res->rule->check->why);
	put_description(w, "check", res->rule->check->wanted);
	put_description(w, "fix", result_remedy(res));
	if (res->rule->why)
		put_description(w, "deviation", res->rule->why);
	json_close(w, ']');
}

/* Readers sort controls by it. */
static void put_nist(struct json_writer *w, const char *check)
{
	struct related related = { 0 };

	json_open_inline(w, "nist", '[');
	while (related_next(&related, check))
		for (unsigned i = 0; i < related.n && related.framework == frameworks; i++)
			json_put_string(w, NULL, related.controls[i]);
	json_close(w, ']');
}

static void put_tags(struct json_writer *w, const struct rule *rule)
{
	json_open(w, "tags", '{');
	json_put_string(w, "severity", severity_name(rule->check->severity));
	json_put_string(w, "check", rule->check->id);
	json_put_string(w, "ref", rule->ref);
	json_put_string(w, "kind", kind_name(rule->check->kind));
	if (rule->level > 0)
		json_put_int(w, "level", rule->level);
	if (rule->assessment)
		json_put_string(w, "assessment", rule->assessment);
	put_nist(w, rule->check->id);
	json_close(w, '}');
}

/* Readers let a waiver count only where it is said to have kept the control from being run. */
static void put_waiver(struct json_writer *w, const struct result *res, enum outcome o)
{
	const struct waiver *waiver = NULL;
	for (size_t i = 0; i < res->n_findings && !waiver; i++)
		waiver = res->findings[i].waiver;
	json_open(w, "waiver_data", '{');
	if (waiver) {
		AUTO_FREE char *message = xasprintf("waived by %s", waiver->owner);
		json_put_string(w, "justification", waiver->reason);
		json_put_string(w, "expiration_date", waiver->until);
		json_put_bool(w, "run", true);
		json_put_bool(w, "skipped_due_to_waiver", o == OUTCOME_WAIVED);
		json_put_string(w, "message", message);
	}
	json_close(w, '}');
}

static void put_control(struct json_writer *w, const struct report *r, const struct result *res)
{
	enum outcome o = result_outcome(r, res);
	AUTO_FREE char *id = rule_key(res->rule);
	AUTO_FREE char *heading = rule_heading(res->rule);

	json_open(w, NULL, '{');
	json_put_string(w, "id", id);
	json_put_string(w, "title", heading);
	json_put_lines(w, "desc", o == OUTCOME_SKIP ? res->reason : res->rule->check->why);
	put_descriptions(w, res);
	json_put_json(w, "impact", impact_of(res, o));
	json_open_inline(w, "refs", '[');
	json_close(w, ']');
	put_tags(w, res->rule);
	json_put_string(w, "code", "");
	json_open_inline(w, "source_location", '{');
	json_put_string(w, "ref", res->rule->profile->source);
	json_close(w, '}');
	put_waiver(w, res, o);
	json_open(w, "results", '[');
	for (size_t i = 0; i < res->n_findings; i++)
		put_finding(w, r, o, &res->findings[i]);
	json_close(w, ']');
	json_close(w, '}');
}

/* What InSpec demands of a profile; there is no digest of ours. */
static void open_profile(struct json_writer *w, const char *name, const char *title,
			 const char *version)
{
	static const char *const lists[] = { "supports", "attributes" };

	json_open(w, NULL, '{');
	json_put_string(w, "name", name);
	json_put_string(w, "title", title);
	json_put_string(w, "version", version);
	json_put_string(w, "sha256", "");
	json_put_string(w, "status", "loaded");
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		json_open_inline(w, lists[i], '[');
		json_close(w, ']');
	}
}

static void put_groups(struct json_writer *w, const struct report *r, const struct profile *p)
{
	size_t n = 0;
	AUTO_FREE struct section *sections = report_sections(r, &n);

	json_open(w, "groups", '[');
	for (size_t i = 0; i < n; i++) {
		if (sections[i].profile != p)
			continue;
		json_open(w, NULL, '{');
		json_put_string(w, "id", sections[i].group);
		json_put_string(w, "title", sections[i].title);
		json_open(w, "controls", '[');
		for (size_t k = sections[i].first; k < r->n_results; k++) {
			if (!section_has(&sections[i], &r->results[k]))
				continue;
			AUTO_FREE char *id = rule_key(r->results[k].rule);
			json_put_string(w, NULL, id);
		}
		json_close(w, ']');
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void put_profile(struct json_writer *w, const struct report *r, const struct profile *p)
{
	open_profile(w, p->id, p->title, p->version);
	put_groups(w, r, p);
	json_open(w, "controls", '[');
	for (size_t i = 0; i < r->n_results; i++)
		if (r->results[i].rule->profile == p)
			put_control(w, r, &r->results[i]);
	json_close(w, ']');
	json_close(w, '}');
}

/* Nobody but the controls is asked: that something is missing must be one. */
static void put_gap(struct json_writer *w, const struct report *r, const char *gap)
{
	static const char *const empty[] = { "tags", "source_location" };
	AUTO_FREE char *when = report_moment(r, r->started);

	open_profile(w, "seaworthy", "The run itself", report_tool_version(r));
	json_open_inline(w, "groups", '[');
	json_close(w, ']');
	json_open(w, "controls", '[');
	json_open(w, NULL, '{');
	json_put_string(w, "id", "seaworthy/run");
	json_put_string(w, "title", "The report is whole");
	json_put_json(w, "impact", "0.7");
	json_open_inline(w, "refs", '[');
	json_close(w, ']');
	for (size_t i = 0; i < ARRAY_SIZE(empty); i++) {
		json_open_inline(w, empty[i], '{');
		json_close(w, '}');
	}
	json_open(w, "results", '[');
	put_result(w, words_of(OUTCOME_UNKNOWN)->hdf, "the report is whole", gap, when);
	json_close(w, ']');
	json_close(w, '}');
	json_close(w, ']');
	json_close(w, '}');
}

/* Where converters put what the format has no place for. */
static void put_notes(struct json_writer *w, const struct report *r)
{
	CLEANUP(notes_done) struct notes notes = report_notes(r);

	json_open(w, "passthrough", '{');
	json_open(w, "auxiliary_data", '[');
	json_open(w, NULL, '{');
	json_put_string(w, "name", "seaworthy");
	json_open(w, "data", '{');
	json_open(w, "notes", '[');
	for (size_t i = 0; i < notes.n; i++) {
		AUTO_FREE char *said =
			xasprintf("%s: %s", note_name(notes.v[i].kind), notes.v[i].text);
		json_put_string(w, NULL, said);
	}
	json_close(w, ']');
	json_close(w, '}');
	json_close(w, '}');
	json_close(w, ']');
	json_close(w, '}');
}

static void put_head(struct json_writer *w, const struct report *r)
{
	const struct target *t = &r->target;

	json_open(w, "platform", '{');
	json_put_string(w, "name", t->os_id ? t->os_id : "linux");
	json_put_string(w, "release", t->os_version ? t->os_version : "");
	json_put_string(w, "target_id", t->hostname ? t->hostname : "unnamed host");
	json_close(w, '}');
	json_put_string(w, "version", report_tool_version(r));
	json_open_inline(w, "statistics", '{');
	json_close(w, '}');
}

static int write_hdf(const struct report *r, const struct report_options *options, FILE *out)
{
	(void)options;
	CLEANUP(json_writer_done) struct json_writer w = { .out = out };
	const char *gap = report_gap(r);

	json_open(&w, NULL, '{');
	put_head(&w, r);
	json_open(&w, "profiles", '[');
	for (size_t i = 0; i < r->n_profiles; i++)
		put_profile(&w, r, r->profiles[i]);
	if (gap)
		put_gap(&w, r, gap);
	json_close(&w, ']');
	put_notes(&w, r);
	json_close(&w, '}');
	json_writer_flush(&w);
	putc('\n', out);
	return sink_end(out);
}

const struct sink sink_hdf = {
	.name = "hdf",
	.help = "the Heimdall Data Format, as InSpec writes it",
	.write = write_hdf,
};
