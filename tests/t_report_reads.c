/* SPDX-License-Identifier: Apache-2.0 */
/* t_report_reads.c: what a reader of each format takes each outcome for, and what each format tells
 * of waivers, baselines, tailoring and warnings. */
#include <jansson.h>

#include "harness.h"
#include "related.h"
#include "report_common.h"
#include "report_sample.h"

static char *written(const struct report *r, const char *sink)
{
	static const struct report_options options = { .width = 4096, .verbose = true };
	char *out = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&out, &n);

	ck_assert_int_eq(sink_find(sink)->write(r, &options, f), 0);
	fclose(f);
	return out;
}

/* What is XML needs libxml2. */
static bool is_built(const char *sink)
{
#ifdef HAVE_LIBXML2
	ck_assert_ptr_nonnull(sink_find(sink));
#endif
	return sink_find(sink) != NULL;
}

/* --- only a pass reads as one ---------------------------------------------------------------- */

/*
 * The text by which a reader takes a rule for one that passes. Formats that have entries only for
 * what is not in order have none: t_report_words sees to it that they have one for each.
 */
static const struct {
	const char *sink, *success;
} formats[] = {
	{ "text", " 1 pass " },
	{ "json", "\"verdict\": \"pass\"" },
	{ "ndjson", "\"verdict\": \"pass\"" },
	{ "junit", "time=\"0\"/>" },
	{ "junit:ant", "time=\"0\"/>" },
	{ "xccdf", "<result>pass</result>" },
	{ "xccdf", "scoring:default\" maximum=\"100.000000\">100.000000<" },
	{ "arf", "<result>pass</result>" },
	{ "hdf", "\"status\": \"passed\"" },
	{ "markdown", " | 0 | 0 | 0 | 0 | 1 | 0 |" },
	{ "csv", ",\"pass\",\"pass\"," },
	{ "sarif:all", "\"kind\": \"pass\"" },
	{ "tap", "\nok 1 - cis-docker-1.8.0 9.9 2.99\n" },
	{ "prometheus", "verdict=\"pass\"} 1" },
	{ "github", " 1 pass," },
	{ "nagios", " pass=1;" },
	{ "docker-bench", "\"result\": \"PASS\"" },
};

/* A finding of each outcome, to be alone in its report. */
static const struct {
	enum outcome outcome;
	const char *ref, *fail_on;
} outcomes[] = {
	{ OUTCOME_FAIL, "2.2", "low" },
	{ OUTCOME_FAIL, "2.2", "never" },
	{ OUTCOME_UNKNOWN, "2.5", "low" },
	{ OUTCOME_UNKNOWN, "2.5", "never" },
	{ OUTCOME_REVIEW_FAILS, "1.2.1", "warn" },
	{ OUTCOME_REVIEW, "1.2.1", "low" },
	{ OUTCOME_WAIVED, "5.32", "low" },
	{ OUTCOME_SKIP, "2.16", "low" },
	{ OUTCOME_PASS, "2.15", "low" },
	{ OUTCOME_PASS, "2.15", "warn" },
};

/* Leaves the first finding of one result, with counts that agree. */
static void keep_one(struct report *r, const char *ref)
{
	struct summary none = { 0 };
	while (!streq(r->results[0].rule->ref, ref))
		r->results++;
	struct result *res = &r->results[0];
	struct rule *rule = (struct rule *)(uintptr_t)res->rule;

	rule->ref = "9.9";
	rule->title = "2.99";
	r->n_results = 1;
	res->n_findings = 1;
	memset(res->counts, 0, sizeof(res->counts));
	res->counts[res->findings[0].verdict] = 1;
	res->verdict = res->findings[0].verdict;
	res->waived = res->findings[0].waiver != NULL;
	r->summary = r->profile_summaries[0] = r->profile_summaries[1] = none;
	r->summary.waived = res->waived;
	r->summary.count[res->verdict] = !res->waived;
	r->profile_summaries[0] = r->summary;
	r->warnings.n = r->n_unread = 0;
}

START_TEST(only_a_pass_reads_as_one)
{
	struct report *r = sample_new(), left = *r;

	keep_one(&left, outcomes[_i].ref);
	left.fail_on = outcomes[_i].fail_on;
	ck_assert_int_eq(result_outcome(&left, &left.results[0]), outcomes[_i].outcome);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		if (!is_built(formats[i].sink))
			continue;
		AUTO_FREE char *out = written(&left, formats[i].sink);
		bool is_success = strstr(out, formats[i].success) != NULL;
		ck_assert_msg(is_success == (outcomes[_i].outcome == OUTCOME_PASS), "%s",
			      formats[i].sink);
	}
	sample_free(r);
}
END_TEST

/* Each format is in that table, or has entries for trouble only. */
START_TEST(all_formats_are_looked_at)
{
	static const char *const others[] = { "sarif", "gitlab", "html", "html:fleet" };
	for (size_t i = 0; sinks[i]; i++) {
		bool is_there = false;
		for (size_t k = 0; k < ARRAY_SIZE(formats); k++)
			is_there |= streq(sinks[i]->name, formats[k].sink);
		for (size_t k = 0; k < ARRAY_SIZE(others); k++)
			is_there |= streq(sinks[i]->name, others[k]);
		ck_assert_msg(is_there, "%s", sinks[i]->name);
	}
}
END_TEST

/* What InSpec's readers make of a control: an error first, then no impact or a waiver, a failure, a
 * pass, and only then what was skipped. */
static const char *control_status(const json_t *control)
{
	static const char *const order[] = { "failed", "passed", "skipped" };
	static const char *const words[] = { "fail", "pass", "warn" };
	const json_t *result, *waiver = json_object_get(control, "waiver_data");
	bool has[ARRAY_SIZE(order)] = { false };
	size_t i;

	json_array_foreach(json_object_get(control, "results"), i, result)
	{
		const char *status = json_string_value(json_object_get(result, "status"));
		if (streq(status, "error"))
			return "unknown";
		for (size_t k = 0; k < ARRAY_SIZE(order); k++)
			has[k] |= streq(status, order[k]);
	}
	if (json_is_true(json_object_get(waiver, "skipped_due_to_waiver")))
		return "waived";
	if (json_number_value(json_object_get(control, "impact")) <= 0)
		return "skip";
	for (size_t k = 0; k < ARRAY_SIZE(order); k++)
		if (has[k])
			return words[k];
	return "none";
}

/* Some of its findings are of a verdict, and some pass. */
static void mix(struct result *res, enum sw_verdict verdict)
{
	for (size_t i = 0; i < res->n_findings; i++)
		if (res->findings[i].verdict == SW_FAIL)
			res->findings[i].verdict = verdict;
	res->verdict = verdict;
}

START_TEST(hdf_controls_are_their_rules)
{
	struct report *r = sample_new();
	size_t n = 0, i, k;
	r->complete = _i != 1;
	if (_i > 1)
		mix(&r->results[11], _i == 2 ? SW_WARN : SW_UNKNOWN); /* 5.5 */
	AUTO_FREE char *out = written(r, "hdf");
	json_t *root = json_loads(out, JSON_REJECT_DUPLICATES, NULL), *profile, *control;

	json_array_foreach(json_object_get(root, "profiles"), i, profile)
		json_array_foreach(json_object_get(profile, "controls"), k, control)
	{
		const char *is = control_status(control);
		if (n == r->n_results) {
			ck_assert_str_eq(is, "unknown");
			n++;
			continue;
		}
		enum outcome o = result_outcome(r, &r->results[n++]);
		ck_assert_msg(streq(is, words_of(o)->verdict), "%zu: %s", n, is);
	}
	ck_assert_uint_eq(n, r->n_results + (_i == 1));
	json_decref(root);
	sample_free(r);
}
END_TEST

START_TEST(hdf_has_the_tags_of_nist)
{
	struct report *r = sample_new();
	AUTO_FREE char *out = written(r, "hdf");
	json_t *root = json_loads(out, 0, NULL), *profile, *control;
	size_t n = 0, n_some = 0, i, k;

	json_array_foreach(json_object_get(root, "profiles"), i, profile)
		json_array_foreach(json_object_get(profile, "controls"), k, control)
	{
		struct related related = { 0 };
		const char *check = r->results[n++].rule->check->id;
		json_t *nist = json_object_get(json_object_get(control, "tags"), "nist");
		bool has = related_next(&related, check) && related.framework == frameworks;
		ck_assert_msg(json_is_array(nist), "%s", check);
		ck_assert_uint_eq(json_array_size(nist), has ? related.n : 0);
		for (unsigned x = 0; has && x < related.n; x++, n_some++)
			ck_assert_str_eq(json_string_value(json_array_get(nist, x)),
					 related.controls[x]);
	}
	ck_assert_uint_eq(n, r->n_results);
	ck_assert_uint_gt(n_some, 0);
	json_decref(root);
	sample_free(r);
}
END_TEST

/* --- marks ----------------------------------------------------------------------------------- */

/* Of the sample: one new, one worse, one known, one fixed. */
static struct report *marked(void)
{
	struct report *r = sample_new();
	r->baseline = "/var/lib/seaworthy/accepted.json";
	r->baseline_started = "2026-10-01T00:00:00Z";
	r->results[5].findings[0].change = CHANGE_NEW;   /* 2.2 */
	r->results[7].findings[0].change = CHANGE_WORSE; /* 2.8 */
	r->results[6].findings[0].change = CHANGE_KNOWN; /* 2.5 */
	r->results[8].findings[0].change = CHANGE_FIXED; /* 2.15 */
	r->results[6].known = true;
	r->n_known = 1;
	return r;
}

static const struct {
	const char *sink, *told;
} marks[] = {
	/* the baseline, and what became of findings */
	{ "text", "not new since the baseline" },
	{ "text", "(new)" },
	{ "text", "(worse)" },
	{ "json", "\"change\": \"fixed\"" },
	{ "ndjson", "\"change\": \"fixed\"" },
	{ "ndjson", "\"changes\": {\"new\": 1, \"worse\": 1, \"known\": 1, \"fixed\": 1}" },
	{ "ndjson", "\"baseline\": {\"file\": \"/var/lib/seaworthy/accepted.json\"" },
	{ "junit", "<property name=\"baseline\" value=\"/var/lib/seaworthy/accepted.json of" },
	{ "junit", "- fail (new since the baseline): engine web-01" },
	{ "junit", "- unknown (known from the baseline): engine" },
	{ "junit:ant", "<property name=\"baseline\" value=\"/var/lib" },
	{ "junit:ant", "- fail (worse than in the baseline): engine" },
	{ "xccdf", "\nbaseline: /var/lib/seaworthy/accepted.json of 2026-10-01T00:00:00Z: 1 " },
	{ "xccdf", "<message severity=\"error\">fail (new since the baseline): engine" },
	{ "arf", "<message severity=\"error\">unknown (known from the baseline): engine" },
	{ "hdf", "\"message\": \"fail (worse than in the baseline): tcp" },
	{ "hdf", "\"message\": \"pass (fixed since the baseline): " },
	{ "hdf", "\"baseline: /var/lib/seaworthy/accepted.json of " },
	{ "markdown", "\n- baseline ` /var/lib/seaworthy/accepted.json of " },
	{ "markdown", "  - fail (new since the baseline): engine" },
	{ "csv", ",\"new\"\r\n" },
	{ "csv", ",\"worse\"\r\n" },
	{ "csv", ",\"known\"\r\n" },
	{ "csv", ",\"fixed\"\r\n" },
	{ "sarif", "\"baselineState\": \"new\"" },
	{ "sarif", "\"baselineState\": \"updated\"" },
	{ "sarif", "\"baselineState\": \"unchanged\"" },
	{ "sarif:all", "\"change\": \"fixed\"" },
	{ "tap", "\n# baseline: /var/lib/seaworthy/accepted.json of" },
	{ "tap", "\n      change: worse\n" },
	{ "prometheus", "\nseaworthy_baseline_findings{change=\"new\"} 1\n" },
	{ "prometheus", "\nseaworthy_baseline_findings{change=\"fixed\"} 1\n" },
	{ "prometheus", "\nseaworthy_baseline_known_rules 1\n" },
	{ "gitlab", ": fail (new since the baseline): engine" },
	{ "github", "%0Asince the baseline: 1 worse%0Awanted: " },
	{ "github", "%0Abaseline: /var/lib/seaworthy/accepted.json of " },
	{ "nagios", " new=1;;;0 worse=1;;;0 known=1;;;0 fixed=1;;;0\n" },
	{ "nagios", "; 1 known from the baseline |" },
	{ "nagios", "; since the baseline: 1 new\n" },
	{ "nagios", "\nbaseline: /var/lib/seaworthy/accepted.json of " },
	{ "docker-bench", "; since the baseline: 1 new\"" },
	{ "docker-bench", "\"baseline: /var/lib/seaworthy/accepted.json of " },
	/* tailoring, and what it took out */
	{ "text", "tailored by /etc/seaworthy/tailoring.d/" },
	{ "json", "\"tailoring\": [" },
	{ "ndjson", "\"tailoring\": [\"/etc/seaworthy/tailoring.d/" },
	{ "ndjson", "\"profile\": \"cis-docker-1.8.0\", \"ref\": \"1.2\", \"why\": \"there is no" },
	{ "junit", "<property name=\"tailoring\" value=\"by /etc/seaworthy/tailoring.d/" },
	{ "junit:ant", "name=\"tailoring\" value=\"cis-docker-1.8.0 without 1.2: there is no" },
	{ "xccdf", "\ntailoring: by /etc/seaworthy/tailoring.d/" },
	{ "arf", "\ntailoring: cis-docker-1.8.0 without 1.2: there is no such" },
	{ "hdf", "\"tailoring: cis-docker-1.8.0 without 1.2: there is no such" },
	{ "markdown", "\n- tailoring ` cis-docker-1.8.0 without 1.2: there is no such" },
	{ "sarif", "\"tailoring: cis-docker-1.8.0 without 1.2: there is no such" },
	{ "sarif:all", "\"tailoring: by /etc/seaworthy/tailoring.d/" },
	{ "tap", "\n# tailoring: cis-docker-1.8.0 without 1.2: there is no such" },
	{ "prometheus", "\nseaworthy_rules_left_out{profile=\"cis-docker-1.8.0\"} 5\n" },
	{ "github", "%0Atailoring: cis-docker-1.8.0 without 1.2: there is no such" },
	{ "nagios", "\ntailoring: cis-docker-1.8.0 without 1.2: there is no such" },
	{ "docker-bench", "\"tailoring: cis-docker-1.8.0 without 1.2: there is no such" },
	/* warnings */
	{ "text", "the waiver of 5.5 (ops) expired" },
	{ "json", "\"text\": \"the waiver of 5.5 (ops) expired\"" },
	{ "ndjson", "\"text\": \"the waiver of 5.5 (ops) expired\"" },
	{ "junit", "name=\"warning\" value=\"waive.yaml:3:5: the waiver of 5.5 (ops) expired\"" },
	{ "junit:ant", "name=\"warning\" value=\"waive.yaml:3:5: the waiver of 5.5 (ops)" },
	{ "xccdf", "\nwarning: waive.yaml:3:5: the waiver of 5.5 (ops) expired" },
	{ "arf", "\nwarning: waive.yaml:3:5: the waiver of 5.5 (ops) expired" },
	{ "hdf", "\"warning: waive.yaml:3:5: the waiver of 5.5 (ops) expired\"" },
	{ "markdown", "\n- ` waive.yaml:3:5 `: ` the waiver of 5.5 (ops) expired `" },
	{ "sarif", "\"warning: waive.yaml:3:5: the waiver of 5.5 (ops) expired\"" },
	{ "sarif:all", "\"warning: waive.yaml:3:5: the waiver of 5.5 (ops) expired\"" },
	{ "tap", "\n# warning: waive.yaml:3:5: the waiver of 5.5 (ops) expired\n" },
	{ "prometheus", "\nseaworthy_warnings 2\n" },
	{ "gitlab", "\"warning: waive.yaml:3:5: the waiver of 5.5 (ops) expired\"" },
	{ "github", "::warning title=seaworthy::waive.yaml:3:5: the waiver of 5.5 (ops) expired" },
	{ "nagios", "\nwarning: waive.yaml:3:5: the waiver of 5.5 (ops) expired\n" },
	{ "docker-bench", "\"warning: waive.yaml:3:5: the waiver of 5.5 (ops) expired\"" },
	/* waivers, and how many rules they cover */
	{ "text", "OPS-41" },
	{ "json", "\"waived\": 1" },
	{ "ndjson", "\"owner\": \"ops\", \"until\": \"2027-01-31\"" },
	{ "junit", "name=\"counts\" value=\"8 fail, 5 unknown, 1 warn, 1 waived," },
	{ "junit:ant", "name=\"counts\" value=\"8 fail, 5 unknown, 1 warn, 1 waived," },
	{ "xccdf", "<remark>waived until 2027-01-31 by ops: the proxy reads events, OPS-41" },
	{ "xccdf", "<remark>counts: 8 fail, 5 unknown, 1 warn, 1 waived," },
	{ "arf", "<old-result>fail</old-result>" },
	{ "hdf", "\"justification\": \"the proxy reads events, OPS-41" },
	{ "hdf", "\"expiration_date\": \"2027-01-31\"" },
	{ "markdown", "\n## Waived\n" },
	{ "csv", "\"2027-01-31\",\"" },
	{ "csv", "\"ops\"," },
	{ "sarif:all", "\"properties\": {\"owner\": \"ops\", \"until\": \"2027-01-31\"}" },
	{ "tap", " # TODO waived: " },
	{ "prometheus", "container.socket\",severity=\"high\"} 1801440000\n" },
	{ "github", " 1 waived," },
	{ "nagios", " waived=1;;;0" },
	{ "docker-bench", "\"details\": \"waived: " },
};

START_TEST(tells_of_it)
{
	struct report *r = marked();
	if (is_built(marks[_i].sink)) {
		AUTO_FREE char *out = written(r, marks[_i].sink);
		ck_assert_msg(strstr(out, marks[_i].told), "%s: no %s", marks[_i].sink,
			      marks[_i].told);
	}
	sample_free(r);
}
END_TEST

/* Nor does a format speak of a baseline that there is not. */
START_TEST(no_baseline_is_told_of)
{
	static const char *const words[] = { "since the baseline", "baselineState",
					     "baseline: ",         "\"changes\"",
					     "baseline_findings",  " new=" };
	struct report *r = sample_new();
	for (size_t i = 0; sinks[i]; i++) {
		AUTO_FREE char *out = written(r, sinks[i]->name);
		for (size_t k = 0; k < ARRAY_SIZE(words); k++)
			ck_assert_msg(!strstr(out, words[k]), "%s: %s", sinks[i]->name, words[k]);
	}
	sample_free(r);
}
END_TEST

/* What the baseline has makes no state of a monitor, as it makes no exit status; all else does. */
START_TEST(known_findings_are_no_state)
{
	static const struct {
		const char *ref;
		bool is_known;
		const char *wanted;
	} rows[] = {
		{ "2.8", true, "SEAWORTHY OK" },
		{ "2.8", false, "SEAWORTHY CRITICAL" },
		{ "2.5", true, "SEAWORTHY OK" },
		{ "2.5", false, "SEAWORTHY UNKNOWN" },
	};
	struct report *r = marked(), left = *r;
	keep_one(&left, rows[_i].ref);
	left.results[0].known = rows[_i].is_known;
	left.results[0].findings[0].change = rows[_i].is_known ? CHANGE_KNOWN : CHANGE_NEW;
	AUTO_FREE char *out = written(&left, "nagios");
	ck_assert_msg(starts_with(out, rows[_i].wanted), "%s", out);
	sample_free(r);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("report_reads", &suite);

	tcase_add_loop_test(tc, only_a_pass_reads_as_one, 0, ARRAY_SIZE(outcomes));
	tcase_add_test(tc, all_formats_are_looked_at);
	tcase_add_loop_test(tc, hdf_controls_are_their_rules, 0, 4);
	tcase_add_test(tc, hdf_has_the_tags_of_nist);
	tcase_add_loop_test(tc, tells_of_it, 0, ARRAY_SIZE(marks));
	tcase_add_test(tc, no_baseline_is_told_of);
	tcase_add_loop_test(tc, known_findings_are_no_state, 0, 4);
	return harness_run(suite);
}
