/* SPDX-License-Identifier: Apache-2.0 */
/* t_waiver.c: waivers: what is refused and where, what they cover, and when they are warned of. */
#include "eval.h"
#include "harness.h"
#include "waiver.h"

static struct arena *arena;
static struct err err;
static struct yaml *doc;
static struct waivers waivers;

static void set_up(void)
{
	arena = arena_new();
}

static void tear_down(void)
{
	waivers_done(&waivers);
	doc_free(doc);
	doc = NULL;
	arena_free(arena);
	err_done(&err);
}

static int read_list(const char *text)
{
	int r = doc_parse("w.yaml", text, strlen(text), &doc, &err);
	ck_assert_msg(r == 0, "%s", err.text);
	return waivers_read(&waivers, doc, doc_root(doc), NULL, false, arena, &err);
}

/* --- what is refused ------------------------------------------------------------------------ */

#define REST ", reason: r, owner: o, until: 2026-12-31}"

static const struct {
	const char *text, *told;
} bad[] = {
	{ "- {rule: 5.5, subject: web, owner: o, until: 2026-12-31}",
	  "w.yaml:1:3: a waiver lacks 'reason'" },
	{ "- {rule: 5.5, subject: web, reason: r, until: 2026-12-31}", "lacks 'owner'" },
	{ "- {rule: 5.5, subject: web, reason: r, owner: o}", "lacks 'until'" },
	{ "- {rule: 5.5" REST, "lacks 'subject'" },
	{ "- {subject: web" REST, "lacks 'rule'" },
	{ "- {rule: 5.5, subject: web, reason: \"\", owner: o, until: 2026-12-31}",
	  "'reason' is empty" },
	{ "- {rule: 5.5, subject: web, reason: \" \\n\", owner: o, until: 2026-12-31}",
	  "w.yaml:1:29: a waiver: 'reason' is empty" },
	{ "- {rule: 5.5, subject: web, reason: r, owner: o, until: 2026-13-01}",
	  "w.yaml:1:50: '2026-13-01' is no day" },
	{ "- {rule: 5.5, subject: web, reason: r, owner: o, until: 2026-02-29}", "is no day" },
	{ "- {rule: 5.5, subject: web, reason: r, owner: o, until: 2026-2-9}", "is no day" },
	{ "- {rule: 5.5, subject: web, reason: r, owner: o, until: 2026-12-31 }\n"
	  "- {rule: 5.5, subject: web, reason: other, owner: p, until: 2027-12-31}",
	  "w.yaml:2:4: the same is waived at w.yaml:1:4" },
	{ "- {rule: 5.5, subject: web, until: never, reason: r, owner: o}", "'never' is no day" },
	{ "- {rule: 5.5, subject: web, untill: 2026-12-31, reason: r, owner: o}",
	  "w.yaml:1:29: a waiver has no key 'untill' (did you mean 'until'?)" },
	{ "- {rule: '*', subject: web" REST, "a waiver names its rules" },
	{ "- {rule: '**?', subject: web" REST, "a waiver names its rules" },
	{ "- {rule: 5.5, subject: ''" REST, "'subject' is empty" },
	{ "- {rule: 5.5, subject: {}" REST, "w.yaml:1:15: a waiver's subject says nothing" },
	{ "- {rule: 5.5, subject: [web]" REST, "'subject' must be a pattern of names" },
	{ "- {rule: 5.5, subject: true" REST, "'subject' must be a pattern of names" },
	{ "- {rule: 5.5, subject: {imag: web}" REST, "has no key 'imag' (did you mean 'image'?)" },
	{ "- {rule: 5.5, subject: {kind: contaner}" REST,
	  "w.yaml:1:25: there is no kind 'contaner' (did you mean 'container'?)" },
	{ "- {rule: 5.5, subject: {label: =x}" REST, "a label is KEY or KEY=PATTERN" },
	{ "- {rule: 5.5, subject: web, verdicts: []" REST, "'verdicts' is empty" },
	{ "- {rule: 5.5, subject: web, verdicts: [pass]" REST, "not 'pass'" },
	{ "- {rule: 5.5, subject: web, verdicts: [unknwon]" REST, "did you mean 'unknown'?" },
	{ "- {rule: 5.5, subject: web, verdicts: [{}]" REST, "covers fail, unknown and warn" },
	{ "- 5.5", "a waiver must be an object" },
};

START_TEST(refuses)
{
	ck_assert_int_lt(read_list(bad[_i].text), 0);
	ck_assert_msg(strstr(err.text, bad[_i].told), "told '%s', not '%s'", err.text,
		      bad[_i].told);
	ck_assert_uint_eq(strncmp(err.text, "w.yaml:", 7), 0);
}
END_TEST

START_TEST(refuses_long_patterns)
{
	char stars[1024], text[2048];
	memset(stars, 'a', sizeof(stars));
	stars[sizeof(stars) - 1] = '\0';
	snprintf(text, sizeof(text), "- {rule: 5.5, subject: %s" REST, stars);
	ck_assert_int_lt(read_list(text), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "longer than 512"));
}
END_TEST

/* --- what is covered ------------------------------------------------------------------------ */

static const struct sw_check check = { .id = "container.privileged", .kind = SW_CONTAINER };
static struct group groups[] = { { "5", "Containers" } };
static struct profile profile = { .id = "cis-1", .groups = groups, .n_groups = 1 };
static struct rule rule = {
	.profile = &profile, .ref = "5.5", .group = "5", .check = &check, .selected = true
};
static struct subject subject = {
	.kind = SW_CONTAINER, .id = "abc", .name = "web-1", .image = "reg/web:1", .image_id = ""
};

static const struct waiver *mark(enum sw_verdict verdict)
{
	static struct finding f;
	struct result r = { .rule = &rule, .findings = &f, .n_findings = 1 };
	f = (struct finding){ .subject = &subject, .verdict = verdict, .reason = "" };
	subject.labels = json_pack("{ss ss}", "team", "data", "a=b", "");
	waivers_mark(&waivers, &r, "2026-11-22");
	json_decref(subject.labels);
	subject.labels = NULL;
	return f.waiver;
}

static const struct {
	const char *rule, *subject, *more;
	enum sw_verdict verdict;
	bool is_covered;
} covers[] = {
	{ "5.5", "web-1", "", SW_FAIL, true },
	{ "5.*", "web-*", "", SW_FAIL, true },
	{ "'5'", "'*'", "", SW_FAIL, true },
	{ "container.*", "{kind: container}", "", SW_FAIL, true },
	{ "5.50", "'*'", "", SW_FAIL, false },
	{ "5.5", "web", "", SW_FAIL, false },
	{ "5.5", "WEB-1", "", SW_FAIL, false },
	{ "5.5", "{kind: image}", "", SW_FAIL, false },
	{ "5.5", "{image: 'reg/web:*'}", "", SW_FAIL, true },
	{ "5.5", "{image: 'reg/web'}", "", SW_FAIL, false },
	{ "5.5", "{image: 'reg/web:*', name: db}", "", SW_FAIL, false },
	{ "5.5", "{label: team}", "", SW_FAIL, true },
	{ "5.5", "{label: team=da*}", "", SW_FAIL, true },
	{ "5.5", "{label: team=web}", "", SW_FAIL, false },
	{ "5.5", "{label: te*}", "", SW_FAIL, false },
	{ "5.5", "{label: other}", "", SW_FAIL, false },
	{ "5.5", "{label: 'team='}", "", SW_FAIL, false },
	{ "5.5", "'*'", ", profile: cis-*", SW_FAIL, true },
	{ "5.5", "'*'", ", profile: house", SW_FAIL, false },
	/* Nothing but failures unless it says so; a pass needs none. */
	{ "5.5", "'*'", "", SW_UNKNOWN, false },
	{ "5.5", "'*'", "", SW_WARN, false },
	{ "5.5", "'*'", "", SW_PASS, false },
	{ "5.5", "'*'", ", verdicts: [unknown]", SW_UNKNOWN, true },
	{ "5.5", "'*'", ", verdicts: [unknown]", SW_FAIL, false },
	{ "5.5", "'*'", ", verdicts: [fail, warn]", SW_WARN, true },
	/* The last day counts, the day after does not. */
	{ "5.5", "'*'", ", until: 2026-11-22", SW_FAIL, true },
	{ "5.5", "'*'", ", until: 2026-11-21", SW_FAIL, false },
};

static void read_cover(int i)
{
	const char *until = strstr(covers[i].more, "until") ? "" : ", until: 2027-01-01";
	AUTO_FREE char *text = xasprintf("- {rule: %s, subject: %s, reason: r, owner: o%s%s}",
					 covers[i].rule, covers[i].subject, covers[i].more, until);
	ck_assert_msg(read_list(text) == 0, "%s", err.text);
}

START_TEST(covers_what_it_names)
{
	read_cover(_i);
	const struct waiver *w = mark(covers[_i].verdict);
	ck_assert_msg((w != NULL) == covers[_i].is_covered, "row %d", _i);
	if (w)
		ck_assert_str_eq(w->owner, "o");
}
END_TEST

START_TEST(first_that_holds_marks)
{
	ck_assert_int_eq(read_list("- {rule: 5.5, subject: web-1, reason: r, owner: old, until: "
				   "2026-01-01}\n"
				   "- {rule: 5.*, subject: web-1, reason: r, owner: new, until: "
				   "2026-12-31}\n"
				   "- {rule: '5', subject: web-1, reason: r, owner: late, until: "
				   "2027-12-31}\n"),
			 0);
	ck_assert_str_eq(mark(SW_FAIL)->owner, "new");
}
END_TEST

/* --- what is warned of ------------------------------------------------------------------------ */

static const struct {
	const char *text;
	const char *told; /* NULL: nothing */
	bool is_installed, has_subjects;
} idle[] = {
	{ "rule: 5.5, subject: web-1, until: 2026-12-31", NULL, false, false },
	{ "rule: 5.5, subject: web-1, until: 2026-11-21",
	  "the waiver of 5.5 (o) expired: it held until 2026-11-21; 1 finding would be covered",
	  false, false },
	{ "rule: 5.6, subject: web-1, until: 2026-12-31",
	  "covers nothing: no rule is '5.6' (did you mean '5.5'?)", false, false },
	{ "rule: 5.5, subject: db, until: 2026-12-31", "its rules have no such subject", false,
	  false },
	{ "rule: 5.5, subject: db, until: 2026-12-31", NULL, false, true },
	{ "rule: 5.5, subject: web-1, verdicts: [warn], until: 2026-12-31",
	  "none of what it names needs it any more", false, false },
	{ "rule: 5.5, subject: '*', profile: house, until: 2026-12-31",
	  "no profile of this run is 'house'", false, false },
	{ "rule: 5.5, subject: '*', profile: house, until: 2026-12-31", NULL, true, false },
};

START_TEST(warns_of_what_is_idle)
{
	static const char *const patterns[] = { "x", NULL };
	struct profile *list[] = { &profile };
	struct report r = { .arena = arena,
			    .profiles = list,
			    .n_profiles = 1,
			    .now = "2026-11-22",
			    .subject_patterns = idle[_i].has_subjects ? patterns : NULL };
	AUTO_FREE char *text = xasprintf("- {%s, reason: r, owner: o}", idle[_i].text);
	profile.rules = &rule;
	profile.n_rules = 1;
	ck_assert_int_eq(doc_parse("w.yaml", text, strlen(text), &doc, &err), 0);
	ck_assert_int_eq(waivers_read(&waivers, doc, doc_root(doc), NULL, idle[_i].is_installed,
				      arena, &err),
			 0);
	mark(SW_FAIL);
	waivers_warn(&waivers, &r);
	ck_assert_uint_eq(r.warnings.n, idle[_i].told != NULL);
	if (idle[_i].told) {
		ck_assert_str_eq(r.warnings.v[0].place, "w.yaml:1:4");
		ck_assert_msg(strstr(r.warnings.v[0].text, idle[_i].told), "told '%s'",
			      r.warnings.v[0].text);
	}
	free(r.warnings.v);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *group = harness_group("waiver", &suite);

	tcase_add_checked_fixture(group, set_up, tear_down);
	tcase_add_loop_test(group, refuses, 0, ARRAY_SIZE(bad));
	tcase_add_test(group, refuses_long_patterns);
	tcase_add_loop_test(group, covers_what_it_names, 0, ARRAY_SIZE(covers));
	tcase_add_test(group, first_that_holds_marks);
	tcase_add_loop_test(group, warns_of_what_is_idle, 0, ARRAY_SIZE(idle));
	return harness_run(suite);
}
