/* SPDX-License-Identifier: Apache-2.0 */
/* t_json_pull.c: JSON read as it comes is what jansson takes for JSON, within bounds. */
#include <jansson.h>

#include "harness.h"
#include "json_pull.h"

/* Texts one after the other, and what jansson says of each. */
static const char *const texts[] = {
	"{}",
	"[]",
	"[1, -2.5e3, true, false, null, \"a\"]",
	"{\"a\": {\"b\": [{}, []]}}",
	"\"\\u00e9\\ud83d\\ude00\\n\\\\\\/\\\"\"",
	"[1,]",
	"[,1]",
	"[1 2]",
	"{\"a\"}",
	"{\"a\": }",
	"{\"a\" 1}",
	"{\"a\": 1,}",
	"{a: 1}",
	"{\"a\": 1]",
	"[1}",
	"[tru]",
	"[nulll]",
	"[\"a]",
	"[\"\\x\"]",
	"[\"\\u12g4\"]",
	"[\"\\u0000\"]",
	"[\"\\ud800\"]",
	"[\"\\ud800\\u0041\"]",
	"[\"\\udc00\"]",
	"[\"a\tb\"]",
	"[",
	"{",
	"{\"",
	"{\"a\":",
	"",
	"]",
	"[[[[[[[[[[]]]]]]]]]]",
};

START_TEST(reads_as_others)
{
	const char *text = texts[_i];
	json_t *said = json_loads(text, JSON_DECODE_ANY, NULL);
	CLEANUP(json_pull_free_p) struct json_pull *p = json_pull_new(text, strlen(text), -1);
	bool is_good = json_pull_next(p, 1000);

	json_pull_skip(p);
	is_good &= !json_pull_error(p) && !json_pull_next(p, 1000);
	ck_assert_int_eq(is_good, said != NULL);
	json_decref(said);
}
END_TEST

START_TEST(reads_strings)
{
	static const char text[] = "\"\\u00e9\\ud83d\\ude00\\n\\\\\\/\\\".\"";
	CLEANUP(json_pull_free_p) struct json_pull *p = json_pull_new(text, strlen(text), -1);
	ck_assert(json_pull_next(p, 1000));
	ck_assert_int_eq(json_pull_value(p), JSON_PULL_TEXT);
	ck_assert_str_eq(json_pull_text(p), "\xc3\xa9\xf0\x9f\x98\x80\n\\/\".");
}
END_TEST

/* Too long, too deep, too large: refused, and the next one is read. */
START_TEST(has_bounds)
{
	AUTO_TEXT struct text t = { 0 };
	text_add(&t, "[\"");
	for (size_t i = 0; i < 5 * JSON_PULL_TEXT_MAX; i++)
		text_add_char(&t, 'a');
	text_add(&t, "\"]\n{\"a\":");
	for (size_t i = 0; i < JSON_PULL_DEPTH; i++)
		text_add_char(&t, '[');
	text_add(&t, "\n{\"b\": [1, 2, 3, 4, 5, 6, 7, 8]}\n{\"c\": 1}\n");
	CLEANUP(json_pull_free_p) struct json_pull *p = json_pull_new(text_str(&t), t.len, -1);
	ck_assert(json_pull_next(p, SIZE_MAX));
	ck_assert_int_eq(json_pull_value(p), JSON_PULL_LIST);
	ck_assert(json_pull_element(p));
	ck_assert_int_eq(json_pull_value(p), JSON_PULL_TEXT);
	ck_assert_uint_eq(strlen(json_pull_text(p)), JSON_PULL_TEXT_MAX);
	ck_assert(!json_pull_element(p));
	ck_assert(json_pull_next(p, SIZE_MAX));
	json_pull_skip(p);
	ck_assert_str_eq(json_pull_error(p), "line 2: is nested too deep");
	ck_assert(json_pull_next(p, 20));
	ck_assert_uint_eq(json_pull_line(p), 3);
	json_pull_skip(p);
	ck_assert_str_eq(json_pull_error(p), "line 3: is too large");
	ck_assert(json_pull_next(p, 20));
	json_pull_skip(p);
	ck_assert_ptr_null(json_pull_error(p));
	ck_assert(!json_pull_next(p, 20));
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *group = harness_group("json_pull", &suite);

	tcase_add_loop_test(group, reads_as_others, 0, ARRAY_SIZE(texts));
	tcase_add_test(group, reads_strings);
	tcase_add_test(group, has_bounds);
	return harness_run(suite);
}
