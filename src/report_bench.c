/* SPDX-License-Identifier: Apache-2.0 */
/* report_bench.c: JSON as docker-bench-security writes it, for what reads that. */
#include "eval.h"
#include "json_writer.h"
#include "report_common.h"
#include "report_sinks.h"
#include "timestamp.h"

/*
 * An importer of DefectDojo's drops every test with "(Manual)" in its description, whatever became
 * of it.
 */
static char *description(const char *title)
{
	AUTO_FREE char *s = xstrdup(title);
	for (char *at = s; (at = strcasestr(at, "(manual)")) != NULL; at++) {
		at[0] = '[';
		at[strlen("(manual")] = ']';
	}
	return TAKE(s);
}

static void put_when(struct json_writer *w, const char *key, const char *moment)
{
	int64_t when = 0;
	if (moment)
		timestamp_parse(moment, &when);
	json_put_int(w, key, when);
}

static void put_items(struct json_writer *w, const struct report *r, const struct result *res)
{
	json_open_inline(w, "items", '[');
	for (size_t i = 0; i < res->n_findings; i++)
		if (finding_outcome(r, &res->findings[i]) < OUTCOME_PASS)
			json_put_string(w, NULL, subject_name(res->findings[i].subject));
	json_close(w, ']');
}

static void put_result(struct json_writer *w, const struct report *r, const struct result *res)
{
	enum outcome o = result_outcome(r, res);
	AUTO_FREE char *desc = description(res->rule->title);
	AUTO_FREE char *since = result_since(r, res);
	AUTO_FREE char *details = xasprintf("%s: %s%s%s", words_of(o)->verdict, res->reason,
					    *since ? "; " : "", since);

	json_open(w, NULL, '{');
	json_put_string(w, "id", res->rule->ref);
	json_put_string(w, "desc", desc);
	json_put_string(w, "result", words_of(o)->bench);
	if (o != OUTCOME_PASS) {
		json_put_string(w, "details", details);
		put_items(w, r, res);
		json_put_lines(w, "remediation", result_remedy(res));
	}
	json_close(w, '}');
}

static void put_section(struct json_writer *w, const struct report *r, const struct section *s)
{
	AUTO_FREE char *desc = r->n_profiles > 1 ? xasprintf("%s: %s", s->profile->id, s->title)
						 : xstrdup(s->title);
	json_open(w, NULL, '{');
	json_put_string(w, "id", s->group);
	json_put_string(w, "desc", desc);
	json_open(w, "results", '[');
	for (size_t i = s->first; i < r->n_results; i++)
		if (section_has(s, &r->results[i]))
			put_result(w, r, &r->results[i]);
	json_close(w, ']');
	json_close(w, '}');
}

/* It adds one for a test that passes and takes one for a test that warns. */
static long long score(const struct report *r)
{
	long long n = 0;
	for (size_t i = 0; i < r->n_results; i++) {
		const char *word = words_of(result_outcome(r, &r->results[i]))->bench;
		n += streq(word, "PASS") - streq(word, "WARN");
	}
	return n;
}

static void put_gap(struct json_writer *w, const char *gap)
{
	json_open(w, NULL, '{');
	json_put_string(w, "id", "0");
	json_put_string(w, "desc", "The run itself");
	json_open(w, "results", '[');
	json_open(w, NULL, '{');
	json_put_string(w, "id", "0.1");
	json_put_string(w, "desc", "The report is whole");
	json_put_string(w, "result", words_of(OUTCOME_UNKNOWN)->bench);
	json_put_string(w, "details", gap);
	json_close(w, '}');
	json_close(w, ']');
	json_close(w, '}');
}

/* A member that docker-bench-security does not have, for who reads it and not only its tests. */
static void put_notes(struct json_writer *w, const struct report *r)
{
	CLEANUP(notes_done) struct notes notes = report_notes(r);
	json_open(w, "notes", '[');
	for (size_t i = 0; i < notes.n; i++) {
		AUTO_FREE char *said =
			xasprintf("%s: %s", note_name(notes.v[i].kind), notes.v[i].text);
		json_put_string(w, NULL, said);
	}
	json_close(w, ']');
}

static int write_bench(const struct report *r, const struct report_options *options, FILE *out)
{
	(void)options;
	CLEANUP(json_writer_done) struct json_writer w = { .out = out };
	size_t n = 0;
	AUTO_FREE struct section *sections = report_sections(r, &n);
	AUTO_FREE char *version = xasprintf("seaworthy %s", report_tool_version(r));
	const char *gap = report_gap(r);

	json_open(&w, NULL, '{');
	json_put_string(&w, "dockerbenchsecurity", version);
	put_when(&w, "start", r->started);
	json_open(&w, "tests", '[');
	if (gap)
		put_gap(&w, gap);
	for (size_t i = 0; i < n; i++)
		put_section(&w, r, &sections[i]);
	json_close(&w, ']');
	json_put_size(&w, "checks", r->n_results + (gap != NULL));
	json_put_int(&w, "score", score(r) - (gap != NULL));
	put_notes(&w, r);
	put_when(&w, "end", r->finished);
	json_close(&w, '}');
	json_writer_flush(&w);
	putc('\n', out);
	return sink_end(out);
}

const struct sink sink_bench = {
	.name = "docker-bench",
	.help = "JSON as docker-bench-security writes it",
	.write = write_bench,
};
