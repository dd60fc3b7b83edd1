/* SPDX-License-Identifier: Apache-2.0 */
/* report_sarif.c: SARIF 2.1.0: the entries that are alerts, or an entry for every finding. */
#include "eval.h"
#include "report_common.h"
#include "report_json.h"
#include "report_sinks.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

static void put_message(struct json_writer *w, const char *key, const char *raw)
{
	json_open_inline(w, key, '{');
	json_put_string(w, "text", raw);
	json_close(w, '}');
}

/* Our own, that has lines. */
static void put_text(struct json_writer *w, const char *key, const char *lines)
{
	json_open_inline(w, key, '{');
	json_put_lines(w, "text", lines);
	json_close(w, '}');
}

static void put_rule_properties(struct json_writer *w, const struct rule *rule)
{
	json_open_inline(w, "properties", '{');
	json_open(w, "tags", '[');
	json_put_string(w, NULL, "security");
	json_put_string(w, NULL, rule->profile->id);
	json_put_string(w, NULL, kind_name(rule->check->kind));
	json_close(w, ']');
	json_put_string(w, "precision", "high");
	json_put_string(w, "security-severity", words_security_severity(rule->check->severity));
	json_put_string(w, "profile", rule->profile->id);
	json_put_string(w, "ref", rule->ref);
	json_put_string(w, "check", rule->check->id);
	json_close(w, '}');
}

static void put_rule(struct json_writer *w, const struct result *res)
{
	const struct rule *rule = res->rule;
	const struct sw_check *check = rule->check;
	AUTO_FREE char *id = rule_key(rule);
	AUTO_FREE char *heading = rule_heading(rule);
	AUTO_FREE char *help =
		xasprintf("Wanted: %s\n\nFix:\n%s", check->wanted, result_remedy(res));

	json_open(w, NULL, '{');
	json_put_string(w, "id", id);
	json_put_string(w, "name", check->id);
	put_message(w, "shortDescription", heading);
	put_text(w, "fullDescription", check->why);
	put_text(w, "help", help);
	json_open_inline(w, "defaultConfiguration", '{');
	json_put_string(w, "level", words_sarif_level(OUTCOME_FAIL, check->severity));
	json_close(w, '}');
	put_rule_properties(w, rule);
	json_close(w, '}');
}

static void put_tool(struct json_writer *w, const struct report *r)
{
	json_open(w, "tool", '{');
	json_open(w, "driver", '{');
	json_put_string(w, "name", "seaworthy");
	json_put_string(w, "version", report_tool_version(r));
	json_open(w, "rules", '[');
	for (size_t i = 0; i < r->n_results; i++)
		put_rule(w, &r->results[i]);
	json_close(w, ']');
	json_close(w, '}');
	json_close(w, '}');
}

static void put_notification(struct json_writer *w, const char *level, const char *text)
{
	json_open_inline(w, NULL, '{');
	json_put_string(w, "level", level);
	put_message(w, "message", text);
	json_close(w, '}');
}

static const char *level_of(enum note_kind kind)
{
	static const char *const levels[] = {
		[NOTE_COUNTS] = "note",    [NOTE_GAP] = "error",     [NOTE_SELECTION] = "note",
		[NOTE_TAILORING] = "note", [NOTE_BASELINE] = "note", [NOTE_WARNING] = "warning",
		[NOTE_UNREAD] = "warning",
	};
	return levels[kind];
}

static void put_invocation(struct json_writer *w, const struct report *r)
{
	CLEANUP(notes_done) struct notes notes = report_notes(r);
	const char *gap = report_gap(r);

	json_open(w, "invocations", '[');
	json_open(w, NULL, '{');
	json_put_bool(w, "executionSuccessful", gap == NULL);
	if (r->started)
		json_put_string(w, "startTimeUtc", r->started);
	if (r->finished)
		json_put_string(w, "endTimeUtc", r->finished);
	json_put_int(w, "exitCode", r->exit_status);
	json_open(w, "toolExecutionNotifications", '[');
	for (size_t i = 0; i < notes.n; i++) {
		AUTO_FREE char *text =
			xasprintf("%s: %s", note_name(notes.v[i].kind), notes.v[i].text);
		put_notification(w, level_of(notes.v[i].kind), text);
	}
	json_close(w, ']');
	json_close(w, '}');
	json_close(w, ']');
}

/* SARIF 3.27.24; what passes has no mark but that it was mended. */
static void put_baseline_state(struct json_writer *w, const struct finding *f)
{
	static const char *const states[CHANGE_STATES] = {
		[CHANGE_NEW] = "new",
		[CHANGE_WORSE] = "updated",
		[CHANGE_KNOWN] = "unchanged",
		[CHANGE_FIXED] = "updated",
	};
	if (states[f->change])
		json_put_string(w, "baselineState", states[f->change]);
}

static void put_location(struct json_writer *w, const struct finding *f)
{
	AUTO_TEXT struct text uri = { 0 };
	const char *kind = kind_name(f->subject->kind);
	AUTO_FREE char *full = xasprintf("%s/%s", kind, subject_name(f->subject));
	bool is_file = finding_uri(&uri, f);

	json_open_inline(w, "locations", '[');
	json_open(w, NULL, '{');
	json_open(w, "physicalLocation", '{');
	json_open(w, "artifactLocation", '{');
	json_put_string(w, "uri", text_str(&uri));
	json_put_string(w, "uriBaseId", is_file ? "ROOT" : "SUBJECTS");
	json_close(w, '}');
	json_open(w, "region", '{');
	json_put_int(w, "startLine", 1);
	json_close(w, '}');
	json_close(w, '}');
	json_open(w, "logicalLocations", '[');
	json_open(w, NULL, '{');
	json_put_string(w, "name", subject_name(f->subject));
	json_put_string(w, "fullyQualifiedName", full);
	json_put_string(w, "kind", "resource");
	json_close(w, '}');
	json_close(w, ']');
	json_close(w, '}');
	json_close(w, ']');
}

static void put_suppression(struct json_writer *w, const struct waiver *waiver)
{
	json_open_inline(w, "suppressions", '[');
	json_open(w, NULL, '{');
	json_put_string(w, "kind", "external");
	json_put_string(w, "status", "accepted");
	json_put_string(w, "justification", waiver->reason);
	json_open(w, "properties", '{');
	json_put_string(w, "owner", waiver->owner);
	json_put_string(w, "until", waiver->until);
	json_close(w, '}');
	json_close(w, '}');
	json_close(w, ']');
}

static void put_finding_properties(struct json_writer *w, const struct finding *f, enum outcome o)
{
	json_open(w, "properties", '{');
	json_put_string(w, "verdict", words_of(o)->verdict);
	json_put_string(w, "image", f->subject->image);
	if (f->change)
		json_put_string(w, "change", change_name(f->change));
	json_open(w, "evidence", '[');
	for (size_t i = 0; i < f->n_evidence; i++)
		report_json_evidence(w, &f->evidence[i]);
	json_close(w, ']');
	json_close(w, '}');
}

/* Readers show the message alone, so it says of what it is. */
static char *message_of(const struct finding *f, enum outcome o)
{
	const char *why = *f->reason ? f->reason : words_of(o)->verdict;
	if (f->subject->kind <= SW_ENGINE)
		return xasprintf("%s: %s", words_of(o)->verdict, why);
	return xasprintf("%s: %s %s: %s", words_of(o)->verdict, kind_name(f->subject->kind),
			 subject_name(f->subject), why);
}

static void put_result(struct json_writer *w, const struct report *r, size_t rule, size_t i,
		       bool is_all)
{
	const struct result *res = &r->results[rule];
	const struct finding *f = &res->findings[i];
	enum outcome o = finding_outcome(r, f), of_verdict = verdict_outcome(r, f->verdict);
	AUTO_FREE char *id = rule_key(res->rule);
	AUTO_FREE char *message = message_of(f, o);
	char key[17];

	if (!is_all && !words_of(o)->is_sarif_alert)
		return;
	AUTO_FREE char *line_hash = xasprintf("%s:1", finding_key(res, i, key));
	json_open(w, NULL, '{');
	json_put_string(w, "ruleId", id);
	json_put_size(w, "ruleIndex", rule);
	json_put_string(w, "kind", words_of(of_verdict)->sarif_kind);
	json_put_string(w, "level", words_sarif_level(of_verdict, res->rule->check->severity));
	put_message(w, "message", message);
	put_baseline_state(w, f);
	put_location(w, f);
	json_open_inline(w, "partialFingerprints", '{');
	json_put_string(w, "seaworthy/v1", key);
	json_put_string(w, "primaryLocationLineHash", line_hash);
	json_close(w, '}');
	if (o == OUTCOME_WAIVED)
		put_suppression(w, f->waiver);
	put_finding_properties(w, f, o);
	json_close(w, '}');
}

static void put_base(struct json_writer *w, const char *name, const char *uri, const char *what)
{
	json_open_inline(w, name, '{');
	json_put_string(w, "uri", uri);
	put_message(w, "description", what);
	json_close(w, '}');
}

static void put_run(struct json_writer *w, const struct report *r, bool is_all)
{
	const char *host = r->target.hostname ? r->target.hostname : "";
	AUTO_FREE char *id = xasprintf("seaworthy/%s/", host);

	json_open(w, NULL, '{');
	put_tool(w, r);
	json_open_inline(w, "automationDetails", '{');
	json_put_string(w, "id", id);
	json_close(w, '}');
	put_invocation(w, r);
	json_open(w, "originalUriBaseIds", '{');
	put_base(w, "ROOT", "file:///", "The root of the host that was judged.");
	put_base(w, "SUBJECTS", "seaworthy:///", "What was judged, by kind and name.");
	json_close(w, '}');
	json_open(w, "results", '[');
	for (size_t i = 0; i < r->n_results; i++)
		for (size_t k = 0; k < r->results[i].n_findings; k++)
			put_result(w, r, i, k, is_all);
	json_close(w, ']');
	json_open(w, "properties", '{');
	json_put_bool(w, "complete", r->complete);
	report_json_summary(w, &r->summary);
	report_json_changes(w, r);
	report_json_orders(w, r);
	json_close(w, '}');
	json_close(w, '}');
}

static int write_run(const struct report *r, FILE *out, bool is_all)
{
	CLEANUP(json_writer_done) struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	json_put_string(&w, "$schema", SCHEMA);
	json_put_string(&w, "version", "2.1.0");
	json_open(&w, "runs", '[');
	put_run(&w, r, is_all);
	json_close(&w, ']');
	json_close(&w, '}');
	json_writer_flush(&w);
	putc('\n', out);
	return sink_end(out);
}

static int write_sarif(const struct report *r, const struct report_options *options, FILE *out)
{
	(void)options;
	return write_run(r, out, false);
}

static int write_sarif_all(const struct report *r, const struct report_options *options, FILE *out)
{
	(void)options;
	return write_run(r, out, true);
}

const struct sink sink_sarif = {
	.name = "sarif",
	.help = "SARIF 2.1.0 of what is not in order, for GitHub and others that alert on every "
		"entry",
	.write = write_sarif,
};

const struct sink sink_sarif_all = {
	.name = "sarif:all",
	.help = "SARIF 2.1.0 of all findings, also what passes, does not apply or is waived",
	.write = write_sarif_all,
};
