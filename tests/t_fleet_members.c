/* SPDX-License-Identifier: Apache-2.0 */
/* t_fleet_members.c: members by tables: of each type what is taken, and what is refused how. */
#include "eval.h"
#include "fleet_members.h"
#include "harness.h"

struct values {
	struct text name, note;
	int64_t n;
	bool is_on;
	enum sw_verdict verdict;
	enum sw_severity severity;
	size_t n_list, n_inner;
	bool inner;
};

#define AT(field) .at = offsetof(struct values, field)

static void take_inner(struct members *m)
{
	static const struct member rows[] = { { "on", TAKE_TRUTH, AT(inner) } };
	struct values *v = m->into;

	members_open_list(m, "inner");
	while (members_next_element(m)) {
		members_take_object(m, "one of inner", rows, ARRAY_SIZE(rows));
		v->n_inner++;
	}
}

static const struct member rows[] = {
	{ "name", TAKE_TEXT, AT(name) },
	{ "note", TAKE_TEXT_OR_NULL, AT(note), .is_optional = true },
	{ "n", TAKE_NUMBER, AT(n), .is_optional = true },
	{ "is_on", TAKE_TRUTH, AT(is_on), .is_optional = true },
	{ "verdict", TAKE_VERDICT, AT(verdict), .is_optional = true },
	{ "severity", TAKE_SEVERITY, AT(severity), .is_optional = true },
	{ "list", TAKE_COUNT, AT(n_list), .is_optional = true },
	{ "inner", TAKE_BY, .is_optional = true, .take = take_inner },
};

/* The complaint, malloc'ed; NULL if all is well. */
static char *take(const char *json, struct values *ret)
{
	CLEANUP(json_pull_free_p) struct json_pull *p = json_pull_new(json, strlen(json), -1);
	struct members m = { .p = p, .into = ret };

	ck_assert(json_pull_next(p, 10000));
	members_take_object(&m, "it", rows, ARRAY_SIZE(rows));
	ck_assert_int_eq(members_are_well(&m), !m.bad && !json_pull_error(p));
	if (!m.bad && json_pull_error(p))
		return xstrdup(json_pull_error(p));
	return m.bad;
}

static void values_done(struct values *v)
{
	text_done(&v->name);
	text_done(&v->note);
}

START_TEST(takes_each_type)
{
	struct values v = { 0 };
	AUTO_FREE char *bad = take("{\"other\": {\"name\": [1]}, \"name\": \"a\\u001bb\\\\x1b\", "
				   "\"note\": \"x\", \"n\": 9007199254740993, \"is_on\": true, "
				   "\"verdict\": \"warn\", \"severity\": \"high\", "
				   "\"list\": [1, [2, 3], {}], "
				   "\"inner\": [{\"on\": true}, {\"on\": false}]}",
				   &v);

	ck_assert_ptr_null(bad);
	ck_assert_str_eq(text_str(&v.name), "a\x1b"
					    "b\x1b");
	ck_assert_uint_eq(v.name.len, 4);
	ck_assert_str_eq(text_str(&v.note), "x");
	ck_assert_int_eq(v.n, 9007199254740993);
	ck_assert(v.is_on);
	ck_assert_int_eq(v.verdict, SW_WARN);
	ck_assert_int_eq(v.severity, SW_HIGH);
	ck_assert_uint_eq(v.n_list, 3);
	ck_assert_uint_eq(v.n_inner, 2);
	ck_assert(!v.inner);
	values_done(&v);
}
END_TEST

/* The next report's values are not the last one's. */
START_TEST(null_is_an_empty_text)
{
	struct values v = { 0 };

	text_add(&v.note, "of before");
	AUTO_FREE char *bad = take("{\"name\": \"a\", \"note\": null}", &v);
	ck_assert_ptr_null(bad);
	ck_assert_uint_eq(v.note.len, 0);
	values_done(&v);
}
END_TEST

START_TEST(what_is_not_there_is_left)
{
	struct values v = { .n = 7, .is_on = true };
	AUTO_FREE char *bad = take("{\"name\": \"a\"}", &v);

	ck_assert_ptr_null(bad);
	ck_assert_int_eq(v.n, 7);
	ck_assert(v.is_on);
	values_done(&v);
}
END_TEST

static const struct {
	const char *json, *told;
} refused[] = {
	{ "[]", "'it' is no object" },
	{ "{}", "'name' is missing" },
	{ "{\"name\": null}", "'name' is of a wrong type or value" },
	{ "{\"name\": 1}", "'name' is of a wrong type or value" },
	{ "{\"name\": \"a\", \"name\": \"b\"}", "'name' is there twice" },
	{ "{\"name\": \"a\", \"n\": 1, \"x\": 2, \"x\": 2, \"n\": 1}", "'n' is there twice" },
	{ "{\"name\": \"a\", \"note\": false}", "'note' is of a wrong type or value" },
	{ "{\"name\": \"a\", \"n\": \"1\"}", "'n' is of a wrong type or value" },
	{ "{\"name\": \"a\", \"n\": -1}", "'n' is of a wrong type or value" },
	{ "{\"name\": \"a\", \"n\": 1.5}", "'n' is of a wrong type or value" },
	{ "{\"name\": \"a\", \"n\": 99999999999999999999}", "'n' is of a wrong type or value" },
	{ "{\"name\": \"a\", \"is_on\": 1}", "'is_on' is of a wrong type or value" },
	{ "{\"name\": \"a\", \"is_on\": null}", "'is_on' is of a wrong type or value" },
	{ "{\"name\": \"a\", \"verdict\": \"good\"}", "'verdict' is of a wrong type or value" },
	{ "{\"name\": \"a\", \"verdict\": 0}", "'verdict' is of a wrong type or value" },
	{ "{\"name\": \"a\", \"severity\": \"pass\"}", "'severity' is of a wrong type or value" },
	{ "{\"name\": \"a\", \"list\": {}}", "'list' is of a wrong type or value" },
	{ "{\"name\": \"a\", \"inner\": {}}", "'inner' is no list" },
	{ "{\"name\": \"a\", \"inner\": [1]}", "'one of inner' is no object" },
	{ "{\"name\": \"a\", \"inner\": [{}]}", "'on' is missing" },
	/* The first complaint stays. */
	{ "{\"name\": 1, \"n\": -1, \"n\": -1}", "'name' is of a wrong type or value" },
	/* Of what is no JSON the reason is told, and not what follows from it. */
	{ "{\"name\": \"a\", \"inner\": }", "line 1: " },
	{ "{\"name\": \"a\", \"list\": [1", "line 1: " },
	{ "{\"name\": \"a\", \"inner\": [{\"on\": true}, ", "line 1: " },
	{ "{\"name\": tru}", "line 1: " },
};

START_TEST(refuses)
{
	struct values v = { 0 };
	AUTO_FREE char *bad = take(refused[_i].json, &v);

	ck_assert_ptr_nonnull(bad);
	ck_assert_msg(starts_with(bad, refused[_i].told), "%s: was told '%s'", refused[_i].json,
		      bad);
	values_done(&v);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *group = harness_group("fleet_members", &suite);

	tcase_add_test(group, takes_each_type);
	tcase_add_test(group, null_is_an_empty_text);
	tcase_add_test(group, what_is_not_there_is_left);
	tcase_add_loop_test(group, refuses, 0, ARRAY_SIZE(refused));
	return harness_run(suite);
}
