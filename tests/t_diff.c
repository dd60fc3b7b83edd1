/* SPDX-License-Identifier: Apache-2.0 */
/* t_diff.c: two reports: which findings are the same, what became of them, and how it is told. */
#include "collector.h"
#include "diff.h"
#include "eval.h"
#include "harness.h"
#include "report_sample.h"

/* --- one finding in each report ------------------------------------------------------------- */

static const struct waiver waiver = { "r", "o", "2026-12-31" };
static struct profile profile = { .id = "p" };

struct one {
	struct sw_check check;
	struct rule rule;
	struct subject subject;
	struct finding finding;
	struct result result;
	struct report report;
};

static void make(struct one *o, enum sw_verdict verdict)
{
	*o = (struct one){
		.check = { .id = "a.b", .kind = SW_CONTAINER, .severity = SW_MEDIUM },
		.subject = { SW_CONTAINER, "0123", "web", "img", "", 1, NULL, false },
	};
	o->rule = (struct rule){ .profile = &profile, .ref = "1", .check = &o->check };
	o->finding = (struct finding){ .subject = &o->subject, .verdict = verdict, .reason = "x" };
	o->result = (struct result){
		.rule = &o->rule, .verdict = verdict, .findings = &o->finding, .n_findings = 1
	};
	o->report = (struct report){
		.results = &o->result, .n_results = 1, .complete = true, .target.has_engine = true
	};
}

static struct one then, now;

static enum diff_class first_class(int *ret_status)
{
	struct diff d = { .then = &then.report, .now = &now.report };
	diff_make(&d);
	enum diff_class c = d.classes[0];
	*ret_status = d.exit_status;
	diff_done(&d);
	return c;
}

enum trait {
	THEN_WAIVED = 1 << 0,
	NOW_WAIVED = 1 << 1,
	NOW_SEVERE = 1 << 2,
	THEN_SEVERE = 1 << 3,
	NOW_CUT = 1 << 4,
	NOW_CHOSEN = 1 << 5, /* by --subject */
	NOW_NOT_RUNNING = 1 << 6,
	NOW_NO_ENGINE = 1 << 7,
	OTHER_REASON = 1 << 8,
	OTHER_NAME = 1 << 9,
	OTHER_IMAGE = 1 << 10,
	OTHER_ID = 1 << 11,
	OTHER_REF = 1 << 12,
	OTHER_CHECK = 1 << 13,
};

static const struct {
	enum sw_verdict then, now;
	unsigned traits;
	enum diff_class class;
	int status;
} rows[] = {
	{ SW_PASS, SW_FAIL, 0, DIFF_NEW, 1 },
	{ SW_UNKNOWN, SW_FAIL, 0, DIFF_NEW, 1 },
	{ SW_PASS, SW_FAIL, NOW_WAIVED, DIFF_NEW, 0 },
	{ SW_FAIL, SW_FAIL, 0, DIFF_STILL, 0 },
	{ SW_FAIL, SW_FAIL, OTHER_REASON | OTHER_ID | OTHER_REF, DIFF_STILL, 0 },
	{ SW_FAIL, SW_FAIL, NOW_SEVERE, DIFF_NEW, 1 },
	{ SW_FAIL, SW_FAIL, THEN_SEVERE, DIFF_STILL, 0 },
	{ SW_FAIL, SW_FAIL, THEN_WAIVED, DIFF_NEW, 1 },
	{ SW_FAIL, SW_FAIL, THEN_WAIVED | NOW_WAIVED, DIFF_STILL, 0 },
	{ SW_FAIL, SW_FAIL, NOW_WAIVED, DIFF_STILL, 0 },
	{ SW_FAIL, SW_FAIL, OTHER_NAME, DIFF_NEW, 1 },
	{ SW_FAIL, SW_FAIL, OTHER_IMAGE, DIFF_NEW, 1 },
	{ SW_FAIL, SW_FAIL, OTHER_CHECK, DIFF_NEW, 1 },
	{ SW_FAIL, SW_FAIL, NOW_CUT, DIFF_STILL, 3 },
	{ SW_FAIL, SW_PASS, 0, DIFF_FIXED, 0 },
	{ SW_FAIL, SW_WARN, 0, DIFF_FIXED, 0 },
	{ SW_FAIL, SW_SKIP, 0, DIFF_FIXED, 0 },
	{ SW_FAIL, SW_SKIP, NOW_NOT_RUNNING, DIFF_LOST, 3 },
	{ SW_FAIL, SW_SKIP, NOW_NO_ENGINE, DIFF_LOST, 3 },
	{ SW_FAIL, SW_UNKNOWN, 0, DIFF_UNKNOWN, 3 },
	{ SW_PASS, SW_UNKNOWN, 0, DIFF_UNKNOWN, 3 },
	{ SW_PASS, SW_UNKNOWN, NOW_WAIVED, DIFF_UNKNOWN, 0 },
	{ SW_UNKNOWN, SW_UNKNOWN, 0, DIFF_SAME, 0 },
	{ SW_UNKNOWN, SW_UNKNOWN, OTHER_REASON, DIFF_CHANGED, 0 },
	{ SW_UNKNOWN, SW_UNKNOWN, THEN_WAIVED, DIFF_UNKNOWN, 3 },
	{ SW_UNKNOWN, SW_UNKNOWN, THEN_WAIVED | NOW_WAIVED, DIFF_SAME, 0 },
	{ SW_UNKNOWN, SW_PASS, 0, DIFF_CHANGED, 0 },
	{ SW_PASS, SW_WARN, 0, DIFF_CHANGED, 0 },
	{ SW_PASS, SW_PASS, OTHER_ID, DIFF_SAME, 0 },
	{ SW_PASS, SW_PASS, OTHER_NAME, DIFF_SAME, 0 },
};

static void set_traits(unsigned t)
{
	static const char *const patterns[] = { "x", NULL };
	now.check.severity = t & NOW_SEVERE ? SW_HIGH : SW_MEDIUM;
	then.check.severity = t & THEN_SEVERE ? SW_HIGH : SW_MEDIUM;
	then.finding.waiver = t & THEN_WAIVED ? &waiver : NULL;
	now.finding.waiver = t & NOW_WAIVED ? &waiver : NULL;
	now.report.complete = !(t & NOW_CUT);
	now.report.subject_patterns = t & NOW_CHOSEN ? patterns : NULL;
	now.report.target.has_engine = !(t & NOW_NO_ENGINE);
	now.finding.reason = t & NOW_NOT_RUNNING ? NEEDS_RUNNING : t & OTHER_REASON ? "y" : "x";
	now.subject.name = t & OTHER_NAME ? "db" : "web";
	now.subject.image = t & OTHER_IMAGE ? "other" : "img";
	now.subject.id = t & OTHER_ID ? "4567" : "0123";
	now.rule.ref = t & OTHER_REF ? "2" : "1";
	now.check.id = t & OTHER_CHECK ? "a.c" : "a.b";
}

START_TEST(classes)
{
	int status;
	make(&then, rows[_i].then);
	make(&now, rows[_i].now);
	set_traits(rows[_i].traits);
	ck_assert_str_eq(diff_class_name(first_class(&status)), diff_class_name(rows[_i].class));
	ck_assert_int_eq(status, rows[_i].status);
}
END_TEST

static const struct {
	unsigned traits;
	enum sw_verdict rest; /* of the rule, of another subject */
	enum diff_class class;
} gone[] = {
	{ OTHER_NAME, SW_PASS, DIFF_FIXED },
	{ OTHER_NAME | OTHER_REF, SW_PASS, DIFF_FIXED },
	{ OTHER_NAME, SW_UNKNOWN, DIFF_LOST },
	{ OTHER_NAME | NOW_CUT, SW_PASS, DIFF_LOST },
	{ OTHER_NAME | NOW_CHOSEN, SW_PASS, DIFF_LOST },
	{ OTHER_NAME | NOW_NO_ENGINE, SW_SKIP, DIFF_LOST },
	{ OTHER_CHECK, SW_PASS, DIFF_LOST },
};

/* What failed and is not there: mended only if the rule was judged and all was seen. */
START_TEST(what_is_gone)
{
	make(&then, SW_FAIL);
	make(&now, gone[_i].rest);
	set_traits(gone[_i].traits);
	struct diff d = { .then = &then.report, .now = &now.report };
	diff_make(&d);
	ck_assert_uint_eq(d.pairs.n, 2);
	ck_assert_ptr_null(d.pairs.v[1].now);
	ck_assert_str_eq(diff_class_name(d.classes[1]), diff_class_name(gone[_i].class));
	diff_done(&d);
}
END_TEST

/* A manager that became a worker: its services are judged elsewhere, if they are. */
START_TEST(services_of_a_worker)
{
	for (size_t i = 0; i < 2; i++) {
		make(&then, SW_FAIL);
		make(&now, SW_SKIP);
		then.subject.kind = i == 0 ? SW_SERVICE : SW_CONTAINER;
		now.subject.kind = SW_ENGINE;
		now.finding.reason = NOT_A_MANAGER;
		struct diff d = { .then = &then.report, .now = &now.report };
		diff_make(&d);
		ck_assert_ptr_null(d.pairs.v[1].now);
		ck_assert_int_eq(d.classes[1], i == 0 ? DIFF_LOST : DIFF_FIXED);
		ck_assert_int_eq(d.exit_status, i == 0 ? 3 : 0);
		diff_done(&d);
	}
}
END_TEST

/* Without a name it is the id that tells them apart, and hosts are hosts. */
START_TEST(names_and_ids)
{
	int status;
	make(&then, SW_FAIL);
	make(&now, SW_FAIL);
	then.subject.name = now.subject.name = "";
	now.subject.id = "4567";
	ck_assert_int_eq(first_class(&status), DIFF_NEW);
	now.subject.id = then.subject.id;
	ck_assert_int_eq(first_class(&status), DIFF_STILL);
	then.subject.kind = now.subject.kind = SW_HOST;
	then.subject.name = "old-name";
	now.subject.name = "new-name";
	ck_assert_int_eq(first_class(&status), DIFF_STILL);
}
END_TEST

/* One finding of the baseline excuses one of now. */
START_TEST(one_for_one)
{
	make(&then, SW_FAIL);
	make(&now, SW_FAIL);
	struct finding two[] = { now.finding, now.finding };
	now.result.findings = two;
	now.result.n_findings = 2;
	now.report.arena = arena_new();
	now.report.baseline = "old.json";
	then.report.target.hostname = "elsewhere";
	baseline_mark(&then.report, &now.report);
	ck_assert_int_eq(two[0].change, CHANGE_KNOWN);
	ck_assert_int_eq(two[1].change, CHANGE_NEW);
	ck_assert_uint_eq(now.report.warnings.n, 1);
	ck_assert_str_eq(now.report.warnings.v[0].text, "the baseline is of another host");
	free(now.report.warnings.v);
	arena_free(now.report.arena);
}
END_TEST

/* Two networks may have one name: a failure of the one does not excuse that of the other. */
START_TEST(the_id_comes_first)
{
	make(&then, SW_FAIL);
	make(&now, SW_FAIL);
	struct subject a = then.subject, b = then.subject, c = then.subject;
	a.id = "a";
	b.id = "b";
	c.id = "c";
	struct finding before[] = { then.finding, then.finding };
	struct finding after[] = { now.finding, now.finding };
	before[0].subject = &a;
	before[1].subject = after[0].subject = &b;
	after[1].subject = &c;
	before[1].verdict = after[1].verdict = SW_PASS;
	then.result.findings = before;
	now.result.findings = after;
	then.result.n_findings = now.result.n_findings = 2;
	now.report.arena = arena_new();
	now.report.baseline = "old.json";
	baseline_mark(&then.report, &now.report);
	ck_assert_int_eq(after[0].change, CHANGE_NEW);
	ck_assert_int_eq(after[1].change, CHANGE_FIXED);
	arena_free(now.report.arena);
}
END_TEST

/* What it is called since the baseline, by the verdict then and now. */
static const struct {
	enum sw_verdict then, now;
	enum change_since wanted;
} changes[] = {
	{ SW_FAIL, SW_FAIL, CHANGE_KNOWN },
	{ SW_PASS, SW_FAIL, CHANGE_NEW },
	{ SW_UNKNOWN, SW_FAIL, CHANGE_WORSE },
	{ SW_FAIL, SW_UNKNOWN, CHANGE_KNOWN },
	{ SW_PASS, SW_UNKNOWN, CHANGE_NEW },
	{ SW_FAIL, SW_PASS, CHANGE_FIXED },
	{ SW_UNKNOWN, SW_PASS, CHANGE_FIXED },
	{ SW_WARN, SW_PASS, CHANGE_FIXED },
	{ SW_PASS, SW_PASS, CHANGE_NONE },
	{ SW_SKIP, SW_PASS, CHANGE_NONE },
	/* What is not looked at any more was not mended. */
	{ SW_FAIL, SW_SKIP, CHANGE_NONE },
	{ SW_UNKNOWN, SW_SKIP, CHANGE_NONE },
};

START_TEST(marks_changes)
{
	make(&then, changes[_i].then);
	make(&now, changes[_i].now);
	now.report.arena = arena_new();
	now.report.baseline = "old.json";
	baseline_mark(&then.report, &now.report);
	ck_assert_int_eq(now.finding.change, changes[_i].wanted);
	free(now.report.warnings.v);
	arena_free(now.report.arena);
}
END_TEST

/* --- how it is told ------------------------------------------------------------------------- */

static char *written(const char *format, int *ret_status)
{
	static const struct report_options look = { .width = 100, .verbose = true };
	struct report *sample = sample_new();
	char *s = NULL;
	size_t n;
	FILE *out = open_memstream(&s, &n);
	make(&then, SW_PASS);
	struct diff d = { .then_name = "a\x1b[31m\n::error::",
			  .now_name = "b|<b>",
			  .then = &then.report,
			  .now = sample };
	diff_make(&d);
	*ret_status = d.exit_status;
	ck_assert_int_eq(diff_write(&d, format, &look, out), 0);
	fclose(out);
	diff_done(&d);
	sample_free(sample);
	return s;
}

/* All that was judged for the first time, under hostile names. */
START_TEST(is_harmless)
{
	static const char *const formats[] = { "text", "json", "markdown" };
	static const char *const evil[] = { "\x1b",      "\u202e", "\u200b",
					    "\n::error", "##vso[", "\xff" };
	int status;
	AUTO_FREE char *s = written(formats[_i], &status);
	ck_assert_int_eq(status, 1);
	ck_assert(diff_has_format(formats[_i]));
	for (size_t i = 0; i < ARRAY_SIZE(evil); i++)
		if (_i == 0 || !streq(evil[i], "##vso["))
			ck_assert_msg(!strstr(s, evil[i]), "%s has %zu", formats[_i], i);
	if (streq(formats[_i], "json")) {
		json_t *root = json_loads(s, JSON_REJECT_DUPLICATES, NULL);
		ck_assert_ptr_nonnull(root);
		ck_assert_int_gt(json_integer_value(
					 json_object_get(json_object_get(root, "summary"), "new")),
				 10);
		json_decref(root);
	}
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *group = harness_group("diff", &suite);

	tcase_add_loop_test(group, classes, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(group, what_is_gone, 0, ARRAY_SIZE(gone));
	tcase_add_test(group, services_of_a_worker);
	tcase_add_test(group, names_and_ids);
	tcase_add_test(group, one_for_one);
	tcase_add_test(group, the_id_comes_first);
	tcase_add_loop_test(group, marks_changes, 0, ARRAY_SIZE(changes));
	tcase_add_loop_test(group, is_harmless, 0, 3);
	return harness_run(suite);
}
