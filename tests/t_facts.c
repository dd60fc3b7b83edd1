/* SPDX-License-Identifier: Apache-2.0 */
/* t_facts.c: a fact is known, absent or unread, and what it looks like as evidence. */
#include "facts.h"
#include "harness.h"

static const char tree_text[] = "{"
				"\"a\":{\"b\":1,\"null\":null,\"list\":[10,{\"x\":\"y\"},null],"
				"\"text\":\"s\",\"false\":false,\"\":\"empty\"},"
				"\"u\":{\"$unread\":\"EACCES: no\"},"
				"\"two\":{\"$unread\":\"x\",\"more\":1},"
				"\"odd\":{\"$unread\":7},"
				"\"80/tcp\":\"port\",\"t~1\":\"tilde\",\"/\":{\"~\":\"both\"}}";

static const struct {
	const char *path;
	enum fact_state state;
	const char *expect; /* compact JSON, or part of the reason */
} rows[] = {
	{ "a/b", FACT_KNOWN, "1" },
	{ "a/false", FACT_KNOWN, "false" },
	{ "a/list/0", FACT_KNOWN, "10" },
	{ "a/list/1/x", FACT_KNOWN, "\"y\"" },
	{ "a/", FACT_KNOWN, "\"empty\"" },
	{ "80~1tcp", FACT_KNOWN, "\"port\"" },
	{ "t~01", FACT_KNOWN, "\"tilde\"" },
	{ "~1/~0", FACT_KNOWN, "\"both\"" },
	{ "two/more", FACT_KNOWN, "1" },
	{ "odd/$unread", FACT_UNREAD, "no reason was given" },
	{ "nosuch", FACT_ABSENT, NULL },
	{ "a/nosuch", FACT_ABSENT, NULL },
	{ "a/null", FACT_ABSENT, NULL },
	{ "a/list/2", FACT_ABSENT, NULL },
	{ "a/list/3", FACT_ABSENT, NULL },
	{ "a/list/9223372036854775807", FACT_ABSENT, NULL },
	{ "u", FACT_UNREAD, "EACCES: no" },
	{ "u/x", FACT_UNREAD, "EACCES: no" },
	{ "u/$unread", FACT_UNREAD, "EACCES: no" },
	{ "nosuch/x", FACT_UNREAD, "is not there" },
	{ "a/null/x", FACT_UNREAD, "is not there" },
	{ "a/nosuch/x/y", FACT_UNREAD, "is not there" },
	{ "a/b/x", FACT_UNREAD, "is no object" },
	{ "a/text/0", FACT_UNREAD, "is no object" },
	{ "a/list/x", FACT_UNREAD, "is a list" },
	{ "a/list/-1", FACT_UNREAD, "is a list" },
	{ "a/list/", FACT_UNREAD, "is a list" },
	{ "a/list/9223372036854775808", FACT_UNREAD, "is a list" },
	{ "a/list/0/x", FACT_UNREAD, "is no object" },
};

START_TEST(three_states)
{
	json_t *tree = json_loads(tree_text, 0, NULL);
	ck_assert_ptr_nonnull(tree);
	struct fact f = facts_find(tree, rows[_i].path);
	ck_assert_msg(f.state == rows[_i].state, "%s: state %d", rows[_i].path, f.state);
	if (f.state == FACT_KNOWN) {
		char *text = json_dumps(f.value, JSON_ENCODE_ANY | JSON_COMPACT);
		ck_assert_str_eq(text, rows[_i].expect);
		free(text);
	} else if (f.state == FACT_UNREAD) {
		ck_assert_msg(strstr(f.reason, rows[_i].expect), "%s: %s", rows[_i].path, f.reason);
	}
	json_decref(tree);
}
END_TEST

START_TEST(roots)
{
	json_t *list = json_pack("[i]", 1), *scalar = json_integer(1), *none = json_null();
	json_t *unread = fact_unread("%s", "why");
	ck_assert_int_eq(facts_find(NULL, "").state, FACT_UNREAD);
	ck_assert_int_eq(facts_find(NULL, "a").state, FACT_UNREAD);
	ck_assert_int_eq(facts_find(list, "").state, FACT_KNOWN);
	ck_assert_int_eq(facts_find(list, "0").state, FACT_KNOWN);
	ck_assert_int_eq(facts_find(scalar, "").state, FACT_KNOWN);
	ck_assert_int_eq(facts_find(scalar, "x").state, FACT_UNREAD);
	ck_assert_int_eq(facts_find(none, "").state, FACT_ABSENT);
	ck_assert_int_eq(facts_find(none, "x").state, FACT_UNREAD);
	ck_assert_str_eq(facts_find(unread, "").reason, "why");
	ck_assert_str_eq(facts_find(unread, "x/y").reason, "why");
	json_decref(list);
	json_decref(scalar);
	json_decref(none);
	json_decref(unread);
}
END_TEST

/* A name as long as a path can be is found; one that is longer is not taken for another or for
 * none. */
START_TEST(long_names)
{
	static const size_t lengths[] = { 1, 1023, 1024, 4096, 8191, 8192, 100000 };
	size_t n = lengths[_i];
	AUTO_FREE char *name = xalloc(n + 1);
	memset(name, 'x', n);
	json_t *tree = json_pack("{si}", name, 7);
	struct fact f = facts_find(tree, name);
	if (n < 8192)
		ck_assert_int_eq(json_integer_value(f.value), 7);
	else
		ck_assert_int_eq(f.state, FACT_UNREAD);
	json_decref(tree);
}
END_TEST

START_TEST(unread_values)
{
	json_t *u = fact_unread("EIO: %d", 7), *bad = fact_unread("%s", "\xff\xfe");
	ck_assert(fact_is_unread(u));
	ck_assert_str_eq(fact_reason(u), "EIO: 7");
	ck_assert_str_eq(fact_reason(bad), "could not be read");
	json_object_set_new(u, "x", json_true());
	ck_assert(!fact_is_unread(u));
	ck_assert(!fact_is_unread(NULL));
	json_decref(u);
	json_decref(bad);
}
END_TEST

static const char *const names[] = { "plain", "a/b", "a~b", "~", "/", "~1", "", "~0/~1//", "ü/ü" };

START_TEST(escaping_and_back)
{
	struct arena *a = arena_new();
	json_t *tree = json_pack("{ss}", names[_i], "found");
	const char *step = facts_escape(a, names[_i]);
	ck_assert_ptr_null(strchr(step, '/'));
	struct fact f = facts_find(tree, step);
	if (*names[_i])
		ck_assert_str_eq(json_string_value(f.value), "found");
	json_decref(tree);
	arena_free(a);
}
END_TEST

static const struct {
	const char *json, *shown;
} texts[] = {
	{ "null", "null" },
	{ "true", "true" },
	{ "false", "false" },
	{ "7", "7" },
	{ "\"x\"", "\"x\"" },
	{ "{\"a\":[1,2]}", "{\"a\":[1,2]}" },
	{ "\"\\u001b[2J\"", "\"\\u001B[2J\"" },
};

START_TEST(evidence)
{
	struct arena *a = arena_new();
	json_t *v = json_loads(texts[_i].json, JSON_DECODE_ANY, NULL);
	ck_assert_str_eq(facts_text(a, v), texts[_i].shown);
	json_decref(v);
	arena_free(a);
}
END_TEST

START_TEST(evidence_is_short)
{
	struct arena *a = arena_new();
	/* Two bytes each, so that a cut could fall into the middle of one. */
	struct json_t *list = json_array();
	AUTO_FREE char *umlauts = xalloc(2001);
	for (size_t i = 0; i < 1000; i++)
		memcpy(umlauts + 2 * i, "ü", 2);
	for (int shift = 0; shift < 2; shift++) {
		AUTO_FREE char *text = xasprintf("%s%s", shift ? "x" : "", umlauts);
		json_t *v = json_string(text);
		const char *shown = facts_text(a, v);
		json_t *back = json_loads(shown, JSON_DECODE_ANY, NULL);
		ck_assert_ptr_nonnull(back);
		ck_assert_uint_lt(strlen(shown), 400);
		ck_assert_ptr_nonnull(strstr(shown, "…"));
		json_decref(back);
		json_t *path = json_string(facts_path_text(a, text));
		ck_assert_ptr_nonnull(path); /* is valid UTF-8 */
		ck_assert_uint_lt(json_string_length(path), 430);
		json_decref(path);
		json_array_append_new(list, v);
	}
	ck_assert_str_eq(facts_path_text(a, "Config/Labels/x"), "Config/Labels/x");
	ck_assert_str_eq(facts_text(a, list), "\"(2 elements)\"");
	json_decref(list);
	arena_free(a);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("facts", &suite);
	tcase_add_loop_test(tc, three_states, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, roots);
	tcase_add_loop_test(tc, long_names, 0, 7);
	tcase_add_test(tc, unread_values);
	tcase_add_loop_test(tc, escaping_and_back, 0, ARRAY_SIZE(names));
	tcase_add_loop_test(tc, evidence, 0, ARRAY_SIZE(texts));
	tcase_add_test(tc, evidence_is_short);
	return harness_run(suite);
}
