/* SPDX-License-Identifier: Apache-2.0 */
/* t_profile.c: profiles: format, inheritance, groups, parameters, selection; and the registry. */
#include <errno.h>
#include <sys/stat.h>

#include "harness.h"
#include "profile_builtin.h"
#include "profile_private.h"

/* --- a registry of our own ------------------------------------------------------------------ */

static enum sw_verdict passes(struct sw_eval *e)
{
	return sw_pass(e, "fine");
}

static const struct sw_param params[] = {
	{ "strict", SW_BOOL, "false", "literal reading" },
	{ "least", SW_INT, "3", "at least" },
	{ "drivers", SW_LIST, "json-file,local", "allowed" },
	{ "who", SW_STRING, NULL, "whom" },
	{ 0 },
};
#define ROW(slug, ...)                                                                             \
	{                                                                                          \
		.id = (slug), .kind = SW_ENGINE, .severity = SW_LOW, .title = "T " slug,           \
		.why = "w", .wanted = "w", .remedy = "r", .fn = passes, __VA_ARGS__                \
	}
static const struct sw_check rows[] = {
	ROW("a.one", .params = params),
	ROW("a.two", .params = params),
	ROW("b.three", .flags = 0),
	{ 0 },
};
const struct sw_check *const sw_builtin_checks[] = { rows, NULL };

static const char base_text[] =
	"id: base\ntitle: Base\nversion: 1.10\nrecommendations: 10\n"
	"groups: [{id: 1, title: One}, {id: 1.1, title: Sub}, {id: 2, title: Two}]\n"
	"rules:\n"
	"  - {ref: 1.1.1, check: a.one, level: 1, assessment: manual}\n"
	"  - {ref: 1.10, check: a.two, level: 2}\n"
	"  - {ref: 2, check: b.three}\n";
const struct builtin_profile builtin_profiles[] = {
	{ "base", base_text, sizeof(base_text) - 1 },
	{ NULL, NULL, 0 },
};

/* --- a folder of profiles -------------------------------------------------------------------- */

static char folder[64];
static struct registry *registry;
static struct err err;

static void set_up(void)
{
	snprintf(folder, sizeof(folder), "./t_profile.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	registry = registry_new();
	ck_assert_ptr_null(registry_problem(registry));
}

static void tear_down(void)
{
	static const char *const names[] = { "x", "y", "z" };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		AUTO_FREE char *path = xasprintf("%s/%s.yaml", folder, names[i]);
		remove(path);
	}
	remove(folder);
	registry_free(registry);
	err_done(&err);
}

static void write_profile(const char *name, const char *text)
{
	AUTO_FREE char *path = xasprintf("%s/%s.yaml", folder, name);
	AUTO_FILE FILE *f = fopen(path, "we");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
}

static struct profile *load(const char *name)
{
	struct profile *p = NULL;
	ck_assert_msg(profile_load_from(folder, name, &p, &err) == 0, "%s", err.text);
	ck_assert_msg(profile_resolve(p, registry, &err) == 0, "%s", err.text);
	return p;
}

static const struct rule *rule_of(const struct profile *p, const char *ref)
{
	for (size_t i = 0; i < p->n_rules; i++)
		if (streq(p->rules[i].ref, ref))
			return &p->rules[i];
	return NULL;
}

static void assert_json(const json_t *value, const char *wanted)
{
	char *json = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
	ck_assert_str_eq(json, wanted);
	free(json);
}

/* --- what is read ----------------------------------------------------------------------------- */

START_TEST(built_in_is_read)
{
	struct profile *p = load("base");
	ck_assert_str_eq(p->source, "built-in");
	ck_assert_str_eq(p->version, "1.10");
	ck_assert_uint_eq(p->n_defined, 10);
	ck_assert_uint_eq(p->n_rules, 3);
	const struct rule *r = rule_of(p, "1.1.1");
	ck_assert_str_eq(r->group, "1.1");
	ck_assert_str_eq(r->title, "T a.one");
	ck_assert_str_eq(r->assessment, "manual");
	ck_assert_int_eq(r->level, 1);
	ck_assert_ptr_eq(r->check, &rows[0]);
	ck_assert(r->selected);
	assert_json(r->params,
		    "{\"drivers\":[\"json-file\",\"local\"],\"least\":3,\"strict\":false}");
	/* 1.10 is text, and below 1, not below 1.1. */
	ck_assert_str_eq(rule_of(p, "1.10")->group, "1");
	ck_assert_str_eq(rule_of(p, "2")->group, "2");
	ck_assert_ptr_null(rule_of(p, "2")->assessment);
	ck_assert_str_eq(profile_builtin_names()[0], "base");
	ck_assert_ptr_null(profile_builtin_names()[1]);
	profile_free(p);
}
END_TEST

START_TEST(extending_replaces_and_adds)
{
	write_profile(
		"x",
		"id: x\ntitle: X\nextends: base\n"
		"groups: [{id: h, title: House}, {id: 2, title: Zwei}]\n"
		"rules:\n"
		"  - {ref: 1.10, check: b.three, title: Mine, why: because}\n"
		"  - {ref: h.1, check: a.one, params: {strict: yes, drivers: [x, 5], least: 7}}\n");
	write_profile("y",
		      "id: y\ntitle: Y\nextends: x.yaml\nversion: 2\n"
		      "rules: [{ref: h.2, check: a.two, params: {who: 12, drivers: 'a, b'}}]\n");
	AUTO_FREE char *path = xasprintf("%s/y.yaml", folder);
	struct profile *p = load(path);
	ck_assert_str_eq(p->id, "y");
	ck_assert_str_eq(p->version, "2");
	ck_assert_str_eq(p->source, path);
	ck_assert_uint_eq(p->n_rules, 5);
	ck_assert_uint_eq(p->n_defined, 12);
	ck_assert_uint_eq(p->n_groups, 4);
	ck_assert_str_eq(p->groups[2].title, "Zwei");
	/* In its old place, and nothing of the old rule is left. */
	ck_assert_str_eq(p->rules[1].ref, "1.10");
	ck_assert_str_eq(p->rules[1].title, "Mine");
	ck_assert_str_eq(p->rules[1].why, "because");
	ck_assert_int_eq(p->rules[1].level, 0);
	assert_json(rule_of(p, "h.1")->params,
		    "{\"drivers\":[\"x\",\"5\"],\"least\":7,\"strict\":true}");
	assert_json(rule_of(p, "h.2")->params,
		    "{\"drivers\":[\"a\",\"b\"],\"least\":3,\"strict\":false,\"who\":\"12\"}");
	profile_free(p);
}
END_TEST

/* Two of one number in place of the only one that had it: neither takes the other's. */
static const struct {
	const char *first, *second;
} pairs[] = { { "a.one", "a.two" }, { "a.two", "a.one" }, { "a.two", "b.three" } };

START_TEST(what_a_file_lists_it_has)
{
	AUTO_FREE char *text = xasprintf("id: y\ntitle: Y\nextends: ./x.yaml\n"
					 "rules: [{ref: 7.1, check: %s}, {ref: 7.1, check: %s}]\n",
					 pairs[_i].first, pairs[_i].second);
	write_profile("x", "id: x\ntitle: X\nrules: [{ref: 7.1, check: a.one}]\n");
	write_profile("y", text);
	struct profile *p = load("y");
	ck_assert_uint_eq(p->n_rules, 2);
	ck_assert_str_eq(p->rules[0].check->id, pairs[_i].first);
	ck_assert_str_eq(p->rules[1].check->id, pairs[_i].second);
	profile_free(p);
}
END_TEST

START_TEST(without_groups_one_is_made)
{
	write_profile("x", "id: x\ntitle: X\nrules: [{ref: 7.1, check: a.one}]\n");
	struct profile *p = load("x");
	ck_assert_uint_eq(p->n_groups, 1);
	ck_assert_str_eq(p->rules[0].group, p->groups[0].id);
	ck_assert_uint_eq(p->n_defined, 1);
	profile_free(p);
}
END_TEST

static const struct {
	const char *text, *says;
} bad_profiles[] = {
	{ "title: X\n", "a profile lacks 'id'" },
	{ "id: x\n", "lacks 'title'" },
	{ "id: x\ntitle: ''\n", "x.yaml:2:1: a profile: 'title' is empty" },
	{ "- a\n", "must be an object" },
	{ "id: x\ntitle: X\nrule: []\n",
	  "x.yaml:3:1: a profile has no key 'rule' (did you mean 'rules'?)" },
	{ "id: a/b\ntitle: X\n", "is no id" },
	{ "id: x\ntitle: X\nrules: {a: b}\n", "must be a list" },
	{ "id: x\ntitle: X\nrules: [5]\n", "x.yaml:3:9: a rule must be an object" },
	{ "id: x\ntitle: X\nrules: [{ref: 1}]\n", "lacks 'check'" },
	{ "id: x\ntitle: X\nrules: [{ref: 1, chek: a.one}]\n", "(did you mean 'check'?)" },
	{ "id: x\ntitle: X\nrules: [{ref: 1, check: a.onne}]\n",
	  "x.yaml:3:18: rule 1: there is no check 'a.onne' (did you mean 'a.one'?)" },
	{ "id: x\ntitle: X\nrules: [{ref: 1, check: a.one, level: 3}]\n", "level is 1 or 2" },
	{ "id: x\ntitle: X\nrules: [{ref: 1, check: a.one, level: L1}]\n", "must be an integer" },
	{ "id: x\ntitle: X\nrules: [{ref: 1, check: a.one, assessment: manuel}]\n",
	  "(did you mean 'manual'?)" },
	{ "id: x\ntitle: X\nrules: [{ref: 1, check: a.one}, {ref: '1', check: a.one}]\n",
	  "x.yaml:3:34: there are two rules '1' with the check 'a.one'" },
	{ "id: x\ntitle: X\nrules: [{ref: 1, check: a.one}]\nmissing: [{ref: 1, why: none}]\n",
	  "x.yaml:4:12: 1 has a rule" },
	{ "id: x\ntitle: X\nrules: [{ref: 1, check: a.one}]\nmissing: [{ref: 2}]\n",
	  "lacks 'why'" },
	{ "id: x\ntitle: X\ngroups: [{id: 1, title: a}, {id: 1, title: b}]\n", "two groups '1'" },
	{ "id: x\ntitle: X\ngroups: [{id: 1, title: a}]\nrules: [{ref: 2.1, check: a.one}]\n",
	  "x.yaml:4:10: no group of the profile holds rule 2.1" },
	{ "id: x\ntitle: X\nrecommendations: 1\nrules: [{ref: 1, check: a.one}, {ref: 2, check: "
	  "a.two}]\n",
	  "recommendations is 1, but there are rules for 2" },
	{ "id: x\ntitle: X\nrecommendations: many\n", "must be an integer" },
	{ "id: x\ntitle: X\nrules: [{ref: 1, check: a.one, params: {strikt: true}}]\n",
	  "x.yaml:3:41: rule 1: check 'a.one' has no parameter 'strikt' (did you mean 'strict'?)" },
	{ "id: x\ntitle: X\nrules: [{ref: 1, check: a.one, params: {strict: maybe}}]\n",
	  "strict takes true or false, not 'maybe'" },
	{ "id: x\ntitle: X\nrules: [{ref: 1, check: a.one, params: {least: many}}]\n",
	  "least takes an integer" },
	{ "id: x\ntitle: X\nrules: [{ref: 1, check: a.one, params: {least: [1]}}]\n",
	  "least takes an integer" },
	{ "id: x\ntitle: X\nrules: [{ref: 1, check: a.one, params: {drivers: 'a,,b'}}]\n",
	  "empty element" },
	{ "id: x\ntitle: X\nrules: [{ref: 1, check: a.one, params: {drivers: [{}]}}]\n",
	  "is no text" },
	{ "id: x\ntitle: X\nrules: [{ref: 1, check: b.three, params: {strict: true}}]\n",
	  "no parameter" },
	{ "id: x\ntitle: X\nextends: bass\n",
	  "x.yaml:3:1: there is no profile 'bass' (did you mean 'base'?)" },
	{ "id: x\ntitle: X\nextends: x\n", "in a circle" },
	{ "id: x\ntitle: X\nextends: ./x.yaml\n", "in a circle" },
	{ "id: x\ntitle: X\nextends: ./nowhere.yaml\n", "No such file" },
	{ "id: x\ntitle: X\n---\n", "only one document" },
};

START_TEST(bad_profile_is_refused)
{
	struct profile *p = NULL;
	write_profile("x", bad_profiles[_i].text);
	int r = profile_load_from(folder, "x", &p, &err);
	if (r == 0)
		r = profile_resolve(p, registry, &err);
	ck_assert_int_lt(r, 0);
	ck_assert_msg(strstr(err.text, bad_profiles[_i].says), "%s", err.text);
	ck_assert_msg(starts_with(err.text, "profile 'x': "), "%s", err.text);
	profile_free(p);
}
END_TEST

START_TEST(circle_of_two_ends)
{
	struct profile *p = NULL;
	write_profile("x", "id: x\ntitle: X\nextends: y\n");
	write_profile("y", "id: y\ntitle: Y\nextends: ./x.yaml\n");
	ck_assert_int_eq(profile_load_from(folder, "x", &p, &err), -ELOOP);
}
END_TEST

static const char *const bad_names[] = { "", "nowhere", "./nowhere.yaml", "/", "/dev/zero", "." };

START_TEST(unknown_name_is_refused)
{
	struct profile *p = NULL;
	ck_assert_int_lt(profile_load_from(folder, bad_names[_i], &p, &err), 0);
	ck_assert_ptr_null(p);
	ck_assert_ptr_nonnull(err.text);
}
END_TEST

START_TEST(unknown_name_lists_what_there_is)
{
	struct profile *p = NULL;
	write_profile("z", "id: z\ntitle: Z\n");
	ck_assert_int_eq(profile_load_from(folder, "basse", &p, &err), -ENOENT);
	ck_assert_msg(strstr(err.text, "did you mean 'base'"), "%s", err.text);
	ck_assert_msg(strstr(err.text, "there are: z, base"), "%s", err.text);
}
END_TEST

/* --- the command line ------------------------------------------------------------------------ */

START_TEST(set_is_typed_and_wins)
{
	write_profile("x", "id: x\ntitle: X\nrules: [{ref: 1, check: a.one, params: {least: 5}}, "
			   "{ref: 2, check: b.three}]\n");
	struct profile *p[] = { load("base"), load("x") };
	ck_assert_int_eq(profiles_set(p, 2, "least", "9", &err), 0);
	ck_assert_int_eq(
		json_integer_value(json_object_get(rule_of(p[0], "1.1.1")->params, "least")), 9);
	ck_assert_int_eq(json_integer_value(json_object_get(rule_of(p[1], "1")->params, "least")),
			 9);
	ck_assert_int_eq(json_object_size(rule_of(p[1], "2")->params), 0);
	ck_assert_int_eq(profiles_set(p, 2, "drivers", "", &err), 0);
	assert_json(json_object_get(rule_of(p[1], "1")->params, "drivers"), "[]");
	ck_assert_int_eq(profiles_set(p, 2, "strict", "1", &err), 0);
	ck_assert(json_is_true(json_object_get(rule_of(p[1], "1")->params, "strict")));
	ck_assert_int_eq(profiles_set(p, 2, "strict", "2", &err), -EINVAL);
	ck_assert_int_eq(profiles_set(p, 2, "least", "9x", &err), -EINVAL);
	ck_assert_int_eq(profiles_set(p, 2, "driver", "x", &err), -ENOENT);
	ck_assert_msg(strstr(err.text, "did you mean 'drivers'"), "%s", err.text);
	profile_free(p[0]);
	profile_free(p[1]);
}
END_TEST

static const struct {
	const char *only, *skip;
	int level;
	const char *selected; /* refs, or NULL for an error */
} selections[] = {
	{ NULL, NULL, 0, "1.1.1 1.10 2 " },
	{ NULL, NULL, 1, "1.1.1 2 " },
	{ NULL, NULL, 2, "1.1.1 1.10 2 " },
	{ "1", NULL, 0, "1.1.1 1.10 " },
	{ "1.1", NULL, 0, "1.1.1 " },
	{ "1.*", NULL, 0, "1.1.1 1.10 " },
	{ "a.*", "a.two", 0, "1.1.1 " },
	{ NULL, "2", 0, "1.1.1 1.10 " },
	{ "b.three", NULL, 1, "2 " },
	{ "1.10", NULL, 1, "" },
	{ "9", NULL, 0, NULL },
	{ NULL, "a.onee", 0, NULL },
};

START_TEST(patterns_select)
{
	struct profile *p = load("base");
	const char *only[] = { selections[_i].only, NULL }, *skip[] = { selections[_i].skip, NULL };
	const struct selection s = { .only = only, .skip = skip, .level = selections[_i].level };
	int r = profiles_select(&p, 1, &s, &err);
	AUTO_FREE char *refs = xstrdup("");
	for (size_t i = 0; i < p->n_rules; i++) {
		AUTO_FREE char *before = refs;
		refs = xasprintf("%s%s%s", before, p->rules[i].selected ? p->rules[i].ref : "",
				 p->rules[i].selected ? " " : "");
	}
	if (selections[_i].selected)
		ck_assert_str_eq(refs, selections[_i].selected);
	else
		ck_assert_int_eq(r, -ENOENT);
	profile_free(p);
}
END_TEST

/* --- declared checks in a profile --------------------------------------------------------------
 */

#define HOUSE                                                                                      \
	"checks:\n  - id: house.labels\n    kind: container\n    severity: low\n"                  \
	"    title: Owned\n    why: w\n    wanted: a label\n    remedy: r\n"                       \
	"    require: {fact: Config/Labels/owner, exists: true}\n"

START_TEST(two_profiles_may_extend_one_with_checks)
{
	write_profile("z", "id: z\ntitle: Z\n" HOUSE "rules: [{ref: 1, check: house.labels}]\n");
	write_profile("x", "id: x\ntitle: X\nextends: z\n");
	write_profile("y", "id: y\ntitle: Y\nextends: ./z.yaml\n");
	struct profile *x = load("x"), *y = load("y");
	ck_assert_ptr_eq(x->rules[0].check, y->rules[0].check);
	ck_assert_str_eq(x->rules[0].check->id, "house.labels");
	ck_assert_uint_eq(registry_count(registry), 4);
	/* Two files that both declare it are another matter. */
	struct profile *p = NULL;
	write_profile("x", "id: x\ntitle: X\n" HOUSE);
	ck_assert_int_eq(profile_load_from(folder, "x", &p, &err), 0);
	ck_assert_int_eq(profile_resolve(p, registry, &err), -EEXIST);
	ck_assert_msg(strstr(err.text, "house.labels"), "%s", err.text);
	profile_free(x);
	profile_free(y);
	profile_free(p);
}
END_TEST

/* --- the registry ------------------------------------------------------------------------------
 */

static const struct sw_param twice[] = { { "x", SW_INT, NULL, "h" },
					 { "x", SW_INT, NULL, "h" },
					 { 0 } };
static const struct sw_param untyped[] = { { "x", 9, NULL, "h" }, { 0 } };
static const struct sw_param bad_name[] = { { "X y", SW_INT, NULL, "h" }, { 0 } };
static const struct sw_param no_help[] = { { "x", SW_INT, NULL, "" }, { 0 } };
static const struct sw_param bad_fallback[] = { { "x", SW_INT, "many", "h" }, { 0 } };

static const struct sw_check bad_rows[] = {
	ROW("a.one", .flags = 0),
	ROW("", .flags = 0),
	ROW("Upper", .flags = 0),
	ROW("a..b", .flags = 0),
	ROW("a.", .flags = 0),
	ROW(".a", .flags = 0),
	ROW("a__b", .flags = 0),
	ROW("1a", .flags = 0),
	ROW("x.flags", .flags = 1u << 30),
	ROW("x.needs", .needs = 1u << 30),
	ROW("x.twice", .params = twice),
	ROW("x.untyped", .params = untyped),
	ROW("x.name", .params = bad_name),
	ROW("x.help", .params = no_help),
	ROW("x.fallback", .params = bad_fallback),
	{ "x.kind", 0, SW_LOW, "t", "w", "w", "r", passes, NULL, NULL, 0, 0 },
	{ "x.kind", SW_SERVICE + 1, SW_LOW, "t", "w", "w", "r", passes, NULL, NULL, 0, 0 },
	{ "x.severity", SW_HOST, 0, "t", "w", "w", "r", passes, NULL, NULL, 0, 0 },
	{ "x.severity", SW_HOST, SW_CRITICAL + 1, "t", "w", "w", "r", passes, NULL, NULL, 0, 0 },
	{ "x.title", SW_HOST, SW_LOW, NULL, "w", "w", "r", passes, NULL, NULL, 0, 0 },
	{ "x.title", SW_HOST, SW_LOW, "t\nu", "w", "w", "r", passes, NULL, NULL, 0, 0 },
	{ "x.why", SW_HOST, SW_LOW, "t", "", "w", "r", passes, NULL, NULL, 0, 0 },
	{ "x.wanted", SW_HOST, SW_LOW, "t", "w", NULL, "r", passes, NULL, NULL, 0, 0 },
	{ "x.remedy", SW_HOST, SW_LOW, "t", "w", "w", "", passes, NULL, NULL, 0, 0 },
	{ "x.function", SW_HOST, SW_LOW, "t", "w", "w", "r", NULL, NULL, NULL, 0, 0 },
	{ NULL, SW_HOST, SW_LOW, "t", "w", "w", "r", passes, NULL, NULL, 0, 0 },
};

START_TEST(bad_row_is_refused)
{
	ck_assert_int_lt(registry_add(registry, &bad_rows[_i], "here", &err), 0);
	ck_assert_msg(starts_with(err.text, "here: "), "%s", err.text);
	ck_assert_uint_eq(registry_count(registry), 3);
}
END_TEST

START_TEST(registry_finds_and_sorts)
{
	static const struct sw_check first = ROW("a.0", .flags = 0);
	ck_assert_int_eq(registry_add(registry, &first, "here", &err), 0);
	for (size_t i = 1; i < registry_count(registry); i++)
		ck_assert_int_lt(
			strcmp(registry_at(registry, i - 1)->id, registry_at(registry, i)->id), 0);
	ck_assert_ptr_null(registry_at(registry, registry_count(registry)));
	ck_assert_ptr_eq(registry_find(registry, "a.0"), &first);
	ck_assert_ptr_null(registry_find(registry, "a"));
	ck_assert_str_eq(registry_origin(registry, "a.0"), "here");
	ck_assert_str_eq(registry_origin(registry, "a.one"), "built-in");
	ck_assert_str_eq(registry_nearest(registry, "b.tree"), "b.three");
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *t = harness_group("profile", &suite);
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, built_in_is_read);
	tcase_add_test(t, extending_replaces_and_adds);
	tcase_add_loop_test(t, what_a_file_lists_it_has, 0, ARRAY_SIZE(pairs));
	tcase_add_test(t, without_groups_one_is_made);
	tcase_add_loop_test(t, bad_profile_is_refused, 0, ARRAY_SIZE(bad_profiles));
	tcase_add_test(t, circle_of_two_ends);
	tcase_add_loop_test(t, unknown_name_is_refused, 0, ARRAY_SIZE(bad_names));
	tcase_add_test(t, unknown_name_lists_what_there_is);
	tcase_add_test(t, set_is_typed_and_wins);
	tcase_add_loop_test(t, patterns_select, 0, ARRAY_SIZE(selections));
	tcase_add_test(t, two_profiles_may_extend_one_with_checks);
	tcase_add_loop_test(t, bad_row_is_refused, 0, ARRAY_SIZE(bad_rows));
	tcase_add_test(t, registry_finds_and_sorts);
	return harness_run(suite);
}
