/* SPDX-License-Identifier: Apache-2.0 */
/* t_report_words.c: the words of other formats, row by row, and that none of them turns what is not
 * known into a success. */
#include <jansson.h>

#include "harness.h"
#include "report_common.h"
#include "report_sample.h"

static const struct row {
	enum outcome outcome;
	struct words wanted;
	const char *level[2], *gitlab[2]; /* of severity low and critical */
	enum nagios_state nagios[2];
} rows[] = {
	{ OUTCOME_FAIL,
	  { "fail", "fail", true, false, NULL, "error", "WARN", true, true, NAGIOS_WARNING, "fail",
	    "failed" },
	  { "note", "error" },
	  { "minor", "blocker" },
	  { NAGIOS_WARNING, NAGIOS_CRITICAL } },
	{ OUTCOME_UNKNOWN,
	  { "unknown", "open", true, false, NULL, "error", "WARN", true, false, NAGIOS_UNKNOWN,
	    "unknown", "error" },
	  { "none", "none" },
	  { "info", "info" },
	  { NAGIOS_UNKNOWN, NAGIOS_UNKNOWN } },
	{ OUTCOME_REVIEW_FAILS,
	  { "warn", "review", true, false, NULL, "error", "WARN", true, false, NAGIOS_WARNING,
	    "fail", "failed" },
	  { "none", "none" },
	  { "info", "info" },
	  { NAGIOS_WARNING, NAGIOS_WARNING } },
	{ OUTCOME_REVIEW,
	  { "warn", "review", true, true, "SKIP", "warning", "NOTE", true, false, NAGIOS_OK,
	    "notchecked", "skipped" },
	  { "none", "none" },
	  { "info", "info" },
	  { NAGIOS_OK, NAGIOS_OK } },
	{ OUTCOME_WAIVED,
	  { "waived", NULL, false, false, "TODO", NULL, "NOTE", false, false, NAGIOS_OK,
	    "informational", "skipped" },
	  { "none", "none" },
	  { NULL, NULL },
	  { NAGIOS_OK, NAGIOS_OK } },
	{ OUTCOME_PASS,
	  { "pass", "pass", false, true, NULL, NULL, "PASS", false, false, NAGIOS_OK, "pass",
	    "passed" },
	  { "none", "none" },
	  { NULL, NULL },
	  { NAGIOS_OK, NAGIOS_OK } },
	{ OUTCOME_SKIP,
	  { "skip", "notApplicable", false, true, "SKIP", NULL, "INFO", false, false, NAGIOS_OK,
	    "notapplicable", "skipped" },
	  { "none", "none" },
	  { NULL, NULL },
	  { NAGIOS_OK, NAGIOS_OK } },
};

static void same(const char *a, const char *b)
{
	ck_assert(a == b || (a && b && streq(a, b)));
}

START_TEST(says)
{
	static const enum sw_severity ends[] = { SW_LOW, SW_CRITICAL };
	const struct row *row = &rows[_i];
	const struct words *w = words_of(row->outcome), *wanted = &row->wanted;

	same(w->verdict, wanted->verdict);
	same(w->sarif_kind, wanted->sarif_kind);
	ck_assert_int_eq(w->is_sarif_alert, wanted->is_sarif_alert);
	ck_assert_int_eq(w->tap_ok, wanted->tap_ok);
	same(w->tap_directive, wanted->tap_directive);
	same(w->github, wanted->github);
	same(w->bench, wanted->bench);
	ck_assert_int_eq(w->is_gitlab_entry, wanted->is_gitlab_entry);
	ck_assert_int_eq(w->is_graded, wanted->is_graded);
	ck_assert_int_eq(w->nagios, wanted->nagios);
	same(w->xccdf, wanted->xccdf);
	same(w->hdf, wanted->hdf);
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		same(words_sarif_level(row->outcome, ends[i]), row->level[i]);
		same(words_gitlab(row->outcome, ends[i]), row->gitlab[i]);
		ck_assert_int_eq(words_nagios(row->outcome, ends[i]), row->nagios[i]);
	}
}
END_TEST

static const struct {
	enum sw_severity severity;
	const char *level, *score, *gitlab;
	enum nagios_state nagios;
} grades[] = {
	{ SW_LOW, "note", "2.0", "minor", NAGIOS_WARNING },
	{ SW_MEDIUM, "warning", "5.5", "major", NAGIOS_WARNING },
	{ SW_HIGH, "error", "8.0", "critical", NAGIOS_CRITICAL },
	{ SW_CRITICAL, "error", "9.5", "blocker", NAGIOS_CRITICAL },
};

START_TEST(grades_failures)
{
	same(words_sarif_level(OUTCOME_FAIL, grades[_i].severity), grades[_i].level);
	same(words_security_severity(grades[_i].severity), grades[_i].score);
	same(words_gitlab(OUTCOME_FAIL, grades[_i].severity), grades[_i].gitlab);
	ck_assert_int_eq(words_nagios(OUTCOME_FAIL, grades[_i].severity), grades[_i].nagios);
}
END_TEST

/* Findings as letters, capital where waived; the outcome of their rule. */
static const struct {
	const char *findings, *fail_on;
	bool is_waived;
	enum outcome wanted;
} mixtures[] = {
	{ "f", "low", false, OUTCOME_FAIL },       { "u", "low", false, OUTCOME_UNKNOWN },
	{ "w", "low", false, OUTCOME_REVIEW },     { "w", "warn", false, OUTCOME_REVIEW_FAILS },
	{ "p", "low", false, OUTCOME_PASS },       { "s", "low", false, OUTCOME_SKIP },
	{ "Fp", "low", true, OUTCOME_WAIVED },     { "U", "low", true, OUTCOME_WAIVED },
	{ "W", "warn", true, OUTCOME_WAIVED },     { "Fu", "low", true, OUTCOME_UNKNOWN },
	{ "Fw", "low", true, OUTCOME_WAIVED },     { "Fw", "warn", true, OUTCOME_REVIEW_FAILS },
	{ "FUwu", "warn", true, OUTCOME_UNKNOWN }, { "Ff", "low", false, OUTCOME_FAIL },
};

START_TEST(waived_rules_hide_nothing)
{
	static const char letters[SW_VERDICTS + 1] = "fuwps";
	static const struct waiver waiver = { "reviewed", "ops", "2027-01-01" };
	struct finding findings[4] = { 0 };
	struct report r = { .fail_on = mixtures[_i].fail_on };
	struct result res = { .findings = findings,
			      .verdict = SW_SKIP,
			      .waived = mixtures[_i].is_waived };

	for (const char *c = mixtures[_i].findings; *c; c++) {
		struct finding *f = &findings[res.n_findings++];
		f->verdict = (enum sw_verdict)(strchr(letters, *c | 0x20) - letters);
		f->waiver = *c < 'a' ? &waiver : NULL;
		res.verdict = f->verdict < res.verdict ? f->verdict : res.verdict;
	}
	ck_assert_int_eq(result_outcome(&r, &res), mixtures[_i].wanted);
}
END_TEST

/* --- what is no success must read as none ---------------------------------------------------- */

static char *written(const struct report *r, const char *sink)
{
	static const struct report_options options = { 0 };
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

static bool has_not_ok(const char *out)
{
	for (const char *line = out; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		AUTO_FREE char *one = xstrndup(line, strcspn(line, "\n"));
		if (starts_with(one, "not ok") && !strstr(one, " # TODO "))
			return true;
	}
	return false;
}

static size_t entries(const char *out, const char *path)
{
	json_t *root = json_loads(out, 0, NULL), *at = root;
	AUTO_FREE char *copy = xstrdup(path);
	char *rest = copy;
	for (char *step; at && *path && (step = strsep(&rest, "/")) != NULL;)
		at = json_is_array(at) ? json_array_get(at, strtoul(step, NULL, 10))
				       : json_object_get(at, step);
	ck_assert(json_is_array(at));
	size_t n = json_array_size(at);
	json_decref(root);
	return n;
}

static bool has_entry(const char *out)
{
	return entries(out, "") > 0;
}

static bool has_alert(const char *out)
{
	return entries(out, "runs/0/results") > 0 ||
	       strstr(out, "\"executionSuccessful\": false") != NULL;
}

static bool has_error(const char *out)
{
	return strstr(out, "::error ") != NULL;
}

static bool has_bench_warning(const char *out)
{
	return strstr(out, "\"result\": \"WARN\"") != NULL;
}

static bool is_no_ok(const char *out)
{
	return !starts_with(out, "SEAWORTHY OK");
}

static bool has_heading(const char *out)
{
	return strstr(out, "\n**Not complete") || strstr(out, "\n## Fails\n") ||
	       strstr(out, "\n## Could not be told\n") || strstr(out, ", and failing until then\n");
}

static bool has_part(const char *out)
{
	return strstr(out, "<p class=\"gap\">") ||
	       strstr(out, "<section class=\"part\" id=\"fail\"") ||
	       strstr(out, "<section class=\"part\" id=\"unknown\"") ||
	       strstr(out, ", and failing until then</span>");
}

static bool has_row(const char *out)
{
	return strstr(out, ",\"fail\",\"fail\",") || strstr(out, ",\"unknown\",\"unknown\",") ||
	       strstr(out, ",\"warn\",\"warn\",");
}

static bool has_series(const char *out)
{
	return strstr(out, "seaworthy_report_complete 0\n") ||
	       strstr(out, "seaworthy_exit_status 1\n") || strstr(out, "verdict=\"unknown\"} 1\n");
}

static bool has_gap_or_verdict(const char *out)
{
	return !strstr(out, "\"gap\": null") || strstr(out, "\"verdict\": \"fail\"") ||
	       strstr(out, "\"verdict\": \"unknown\"") || strstr(out, "\"verdict\": \"warn\"");
}

static bool has_case(const char *out)
{
	return strstr(out, "<failure ") || strstr(out, "<error ");
}

static bool has_rule_result(const char *out)
{
	return strstr(out, "<result>fail</result>") || strstr(out, "<result>unknown</result>") ||
	       strstr(out, "<result>error</result>");
}

static bool has_failed_control(const char *out)
{
	return strstr(out, "\"status\": \"error\"") ||
	       (strstr(out, "\"status\": \"failed\"") &&
		!strstr(out, "\"skipped_due_to_waiver\": true"));
}

/* Whether whoever reads nothing but this is told that not all is well. */
static const struct {
	const char *sink;
	bool (*is_told)(const char *out);
} alarms[] = {
	{ "tap", has_not_ok },        { "gitlab", has_entry },
	{ "sarif", has_alert },       { "sarif:all", has_alert },
	{ "github", has_error },      { "docker-bench", has_bench_warning },
	{ "nagios", is_no_ok },       { "markdown", has_heading },
	{ "prometheus", has_series }, { "ndjson", has_gap_or_verdict },
	{ "csv", has_row },           { "junit", has_case },
	{ "junit:ant", has_case },    { "xccdf", has_rule_result },
	{ "arf", has_rule_result },   { "hdf", has_failed_control },
	{ "html", has_part },
};

static const struct {
	const char *ref; /* the one result that is left; NULL: none */
	const char *fail_on;
	int exit_status;
	bool complete;
	bool is_known; /* from a baseline */
} runs[] = {
	{ "2.2", "low", 1, true, false },
	{ "1.1.3", "low", 3, true, false },
	{ "1.2.1", "warn", 1, true, false },
	{ "2.16", "low", 3, true, false },
	{ "2.15", "low", 3, false, false },
	{ "2.15", "never", 0, false, false },
	{ NULL, "low", 3, true, false },
	{ NULL, "never", 0, true, false },
	/* Nothing is new, and of the profile nothing was decided. */
	{ "1.1.3", "low", 3, true, true },
};

static void keep_one(struct report *r, const char *ref)
{
	size_t n = r->n_results;
	r->n_results = 0;
	for (size_t i = 0; ref && i < n; i++) {
		if (!streq(r->results[i].rule->ref, ref))
			continue;
		r->results += i;
		r->n_results = 1;
		return;
	}
}

START_TEST(trouble_is_told)
{
	struct report *r = sample_new(), left = *r;

	keep_one(&left, runs[_i].ref);
	left.fail_on = runs[_i].fail_on;
	left.exit_status = runs[_i].exit_status;
	left.complete = runs[_i].complete;
	for (size_t i = 0; runs[_i].is_known && i < left.n_results; i++) {
		left.results[i].known = true;
		left.results[i].findings[0].change = CHANGE_KNOWN;
	}
	for (size_t i = 0; i < ARRAY_SIZE(alarms); i++) {
		if (!is_built(alarms[i].sink))
			continue;
		AUTO_FREE char *out = written(&left, alarms[i].sink);
		ck_assert_msg(alarms[i].is_told(out), "%s: %s", alarms[i].sink, out);
	}
	sample_free(r);
}
END_TEST

/* A waiver of what fails says nothing of what could not be told. */
START_TEST(waived_in_part_is_no_whole)
{
	static const char *const with_score[] = { "text", "html" };
	enum { PASSES = 13, WAIVED = 15 };
	struct report *r = sample_new(), left = *r;
	struct result both[] = { r->results[PASSES], r->results[WAIVED] };

	ck_assert(both[0].verdict == SW_PASS && both[1].waived);
	left.results = both;
	left.n_results = ARRAY_SIZE(both);
	left.n_profiles = 1;
	left.exit_status = 3;
	left.summary = left.profile_summaries[0] = (struct summary){ .waived = 1 };
	left.summary.count[SW_PASS] = left.profile_summaries[0].count[SW_PASS] = 1;
	for (size_t i = 0; i < 2; i++) {
		both[1].findings[1].verdict = i == 0 ? SW_PASS : SW_UNKNOWN;
		for (size_t k = 0; k < ARRAY_SIZE(with_score); k++) {
			AUTO_FREE char *out = written(&left, with_score[k]);
			ck_assert_int_eq(!strstr(out, "of which in part 1 could"), i == 0);
			ck_assert_int_eq(!strstr(out, "pass, complete"), i == 1);
		}
	}
	sample_free(r);
}
END_TEST

/* What fails and is known does not count, whatever else of the rule is new. */
START_TEST(known_fails_are_not_counted)
{
	enum { MIXED = 14 };
	struct report *r = sample_new(), left = *r;

	left.results = &r->results[MIXED];
	left.n_results = 1;
	left.fail_on = "low";
	for (size_t i = 0; i < 2; i++) {
		left.results[0].findings[0].change = i == 0 ? CHANGE_NEW : CHANGE_KNOWN;
		AUTO_FREE char *out = written(&left, "text");
		ck_assert_int_eq(strstr(out, "1 rule at or above low") != NULL, i == 0);
		ck_assert_int_eq(strstr(out, "no rule at or above low fails") != NULL, i == 1);
	}
	sample_free(r);
}
END_TEST

/* And what is well is no alarm: a rule that passes, and one that is waived. */
START_TEST(soundness_is_no_alarm)
{
	static const char *const refs[] = { "2.15", "5.32" };
	static const char *const silent[] = { "tap",   "csv",       "markdown",     "gitlab",
					      "sarif", "github",    "docker-bench", "nagios",
					      "junit", "junit:ant", "xccdf",        "arf",
					      "hdf",   "html" };
	struct report *r = sample_new(), left = *r;

	keep_one(&left, refs[_i]);
	left.exit_status = 0;
	left.warnings.n = 0;
	left.summary = (struct summary){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(alarms); i++) {
		bool is_silent = false;
		for (size_t k = 0; k < ARRAY_SIZE(silent); k++)
			is_silent |= streq(alarms[i].sink, silent[k]);
		if (!is_silent || !is_built(alarms[i].sink))
			continue;
		AUTO_FREE char *out = written(&left, alarms[i].sink);
		ck_assert_msg(!alarms[i].is_told(out), "%s: %s", alarms[i].sink, out);
	}
	sample_free(r);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("report_words", &suite);

	tcase_add_loop_test(tc, says, 0, OUTCOMES);
	tcase_add_loop_test(tc, grades_failures, 0, ARRAY_SIZE(grades));
	tcase_add_loop_test(tc, waived_rules_hide_nothing, 0, ARRAY_SIZE(mixtures));
	tcase_add_loop_test(tc, trouble_is_told, 0, ARRAY_SIZE(runs));
	tcase_add_test(tc, waived_in_part_is_no_whole);
	tcase_add_test(tc, known_fails_are_not_counted);
	tcase_add_loop_test(tc, soundness_is_no_alarm, 0, 2);
	return harness_run(suite);
}
