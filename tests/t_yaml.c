/* SPDX-License-Identifier: Apache-2.0 */
/* t_yaml.c: what is taken of YAML, as which type, and what is refused with which place. */
#include "harness.h"
#include "text.h"
#include "yaml_doc.h"

static int parse(const char *text, struct yaml **y, struct err *err)
{
	return doc_parse("f.yaml", text, strlen(text), y, err);
}

static const struct {
	const char *yaml, *json;
} good[] = {
	{ "true", "true" },
	{ "false", "false" },
	{ "null", "null" },
	{ "a:", "{\"a\":null}" },
	{ "12", "12" },
	{ "-7", "-7" },
	{ "0", "0" },
	{ "9223372036854775807", "9223372036854775807" },
	/* Only these are typed: everything else is text. */
	{ "2.10", "\"2.10\"" },
	{ "1.0", "\"1.0\"" },
	{ "0644", "\"0644\"" },
	{ "0x1f", "\"0x1f\"" },
	{ "1_000", "\"1_000\"" },
	{ "1e3", "\"1e3\"" },
	{ "+5", "\"+5\"" },
	{ "-", "[null]" },
	{ "no", "\"no\"" },
	{ "on", "\"on\"" },
	{ "Yes", "\"Yes\"" },
	{ "True", "\"True\"" },
	{ "~", "\"~\"" },
	{ "2024-01-01", "\"2024-01-01\"" },
	{ "\"true\"", "\"true\"" },
	{ "'12'", "\"12\"" },
	{ "a: |\n  x\n  y\n", "{\"a\":\"x\\ny\\n\"}" },
	{ "{a: [1, {b: true}], c: }", "{\"a\":[1,{\"b\":true}],\"c\":null}" },
	{ "1: x\ntrue: y", "{\"1\":\"x\",\"true\":\"y\"}" },
	{ "--- # one\na: b\n...\n", "{\"a\":\"b\"}" },
	{ "\xef\xbb\xbf"
	  "a: \xc3\xa4",
	  "{\"a\":\"\xc3\xa4\"}" },
};

START_TEST(taken)
{
	struct yaml *y = NULL;
	struct err err = { 0 };
	ck_assert_msg(parse(good[_i].yaml, &y, &err) == 0, "%s: %s", good[_i].yaml, err.text);
	char *json = json_dumps(doc_root(y), JSON_COMPACT | JSON_ENCODE_ANY);
	ck_assert_str_eq(json, good[_i].json);
	free(json);
	doc_free(y);
}
END_TEST

static const struct {
	const char *yaml, *says;
} bad[] = {
	{ "", "nothing in it" },
	{ "# only a comment\n", "nothing in it" },
	{ "a: 1\nb: 2\na: 3\n", "f.yaml:3:1: the key 'a' appears twice" },
	{ "a: &x 1\n", "f.yaml:1:4: anchors" },
	{ "a: 1\nb: *a\n", "f.yaml:2:4: aliases" },
	{ "a: !!str 1\n", "f.yaml:1:4: tags" },
	{ "a: !x {b: c}\n", "tags" },
	{ "&k a: 1\n", "anchors" },
	{ "*k : 1\n", "aliases" },
	{ "a: 1\n---\nb: 2\n", "f.yaml:2:1: only one document" },
	{ "%TAG ! tag:x,2000:\n---\na: 1\n", "%TAG" },
	{ "? [a, b]\n: 1\n", "a key must be one plain text" },
	{ "{a: 1", "f.yaml:2:1" },
	{ "a: b: c", "f.yaml:1:5" },
	{ "\tb: 1", "f.yaml:1:" },
	{ "99999999999999999999", "f.yaml:1:1: this integer is too large" },
	{ "a: \"x\\0y\"", "f.yaml:1:4: a text with a NUL" },
	{ "\"x\\0y\": 1", "a text with a NUL" },
	{ "a: \xff\xfe", "f.yaml: byte" },
	{ "a: \"\\ud800\"", "f.yaml:1" },
};

START_TEST(refused)
{
	struct yaml *y = NULL;
	struct err err = { 0 };
	ck_assert_int_lt(parse(bad[_i].yaml, &y, &err), 0);
	ck_assert_ptr_null(y);
	ck_assert_msg(strstr(err.text, bad[_i].says), "%s", err.text);
	err_done(&err);
}
END_TEST

static int nested(int depth)
{
	AUTO_TEXT struct text t = { 0 };
	struct yaml *y = NULL;
	for (int i = 0; i < depth; i++)
		text_add_char(&t, '[');
	for (int i = 0; i < depth; i++)
		text_add_char(&t, ']');
	int r = parse(text_str(&t), &y, NULL);
	doc_free(y);
	return r;
}

START_TEST(depth_and_size_are_bounded)
{
	ck_assert_int_eq(nested(32), 0);
	ck_assert_int_lt(nested(33), 0);
	ck_assert_int_lt(nested(200000), 0);

	enum { LARGE = (1 << 20) + 1 };
	AUTO_FREE char *large = xalloc(LARGE + 1);
	struct yaml *y = NULL;
	memset(large, 'a', LARGE);
	ck_assert_int_lt(doc_parse("f", large, LARGE, &y, NULL), 0);
	ck_assert_int_eq(doc_parse("f", large, LARGE - 1, &y, NULL), 0);
	doc_free(y);
}
END_TEST

START_TEST(places_are_known)
{
	struct yaml *y = NULL;
	ck_assert_int_eq(parse("a: 1\nlist:\n  - x\n  - true\n  - {b: false}\n", &y, NULL), 0);
	json_t *root = doc_root(y), *list = json_object_get(root, "list");
	ck_assert_str_eq(doc_where(y, root, NULL), "f.yaml:1:1");
	ck_assert_str_eq(doc_where(y, root, "list"), "f.yaml:2:1");
	ck_assert_str_eq(doc_where(y, list, NULL), "f.yaml:3:3");
	ck_assert_str_eq(doc_where(y, list, "1"), "f.yaml:4:5");
	ck_assert_str_eq(doc_where(y, json_array_get(list, 2), "b"), "f.yaml:5:6");
	/* What is not there is where its object is. */
	ck_assert_str_eq(doc_where(y, json_array_get(list, 2), "c"), "f.yaml:5:5");
	ck_assert_str_eq(doc_where(y, json_true(), NULL), "f.yaml");
	doc_free(y);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *t = harness_group("yaml", &suite);
	tcase_add_loop_test(t, taken, 0, ARRAY_SIZE(good));
	tcase_add_loop_test(t, refused, 0, ARRAY_SIZE(bad));
	tcase_add_test(t, depth_and_size_are_bounded);
	tcase_add_test(t, places_are_known);
	return harness_run(suite);
}
