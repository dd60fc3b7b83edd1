/* SPDX-License-Identifier: Apache-2.0 */
/* t_json.c: the two short ways of writing JSON write what the long ones do. */
#include "harness.h"
#include "json_text.h"
#include "json_writer.h"

static const char *const values[] = {
	"null",
	"true",
	"-9223372036854775808",
	"0.1",
	"1e300",
	"\"\"",
	"\"plain / text\"",
	"\"\\\"quoted\\\" \\\\ \\b\\f\\n\\r\\t \\u0001 \\u001b \\u007f ü 😀\"",
	"\"a\\u0000b\"",
	"[]",
	"{}",
	"[[],{},[1,[2,{\"a\":[false,null]}]]]",
	"{\"\":0,\"a,b:c\":\"d, e: {f}\",\"\\\"\":\"]\",\"k\\n\":[\"x\",\"y\"]}",
	"{\"bridge\":{\"IPAMConfig\":null,\"Links\":null,\"MacAddress\":\"02:42:ac:11:00:02\"}}",
};

START_TEST(text_is_what_jansson_dumps)
{
	char buf[256];
	json_t *v = json_loads(values[_i], JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	char *dumped = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);
	size_t n = strlen(dumped);
	ck_assert_uint_eq(json_text(buf, sizeof(buf), v), n);
	ck_assert_mem_eq(buf, dumped, n);
	for (size_t size = 0; size < n; size++)
		ck_assert_uint_eq(json_text(buf, size, v), 0);
	ck_assert_uint_eq(json_text(buf, n, v), n);
	free(dumped);
	json_decref(v);
}
END_TEST

/* What two ways of putting a value into an object write. */
static char *written(const char *json, json_t *parsed)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	CLEANUP(json_writer_done) struct json_writer w = { .out = out };
	json_open(&w, NULL, '{');
	json_put_int(&w, "before", 1);
	if (parsed)
		json_put_value(&w, "value", parsed);
	else
		json_put_json(&w, "value", json);
	json_put_string(&w, "after", "x");
	json_close(&w, '}');
	json_writer_flush(&w);
	fclose(out);
	return text;
}

START_TEST(compact_text_is_written_as_its_value)
{
	json_t *v = json_loads(values[_i], JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	char *dumped = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);
	AUTO_FREE char *shortly = written(dumped, NULL);
	AUTO_FREE char *longly = written(NULL, v);
	ck_assert_str_eq(shortly, longly);
	free(dumped);
	json_decref(v);
}
END_TEST

static const char *const broken[] = { "", "[", "]", "{\"a\":1", "\"open", "[}]]", "\"a\\" };

START_TEST(broken_text_becomes_a_string)
{
	AUTO_FREE char *text = written(broken[_i], NULL);
	json_t *v = json_loads(text, 0, NULL);
	ck_assert_ptr_nonnull(v);
	ck_assert(json_is_string(json_object_get(v, "value")));
	json_decref(v);
}
END_TEST

/* Wherever a character stands, it is written as alone. */
START_TEST(each_character_in_each_place)
{
	for (size_t n = 1; n < 20; n++) {
		char s[32] = "0123456789abcdefghi";
		s[n] = '\0';
		s[_i % (int)n] = (char)_i;
		char one[2] = { (char)_i, '\0' };
		json_t *v = json_string_nocheck(s), *alone = json_string_nocheck(one);
		AUTO_FREE char *text = written(NULL, v), *short_text = written(NULL, alone);
		const char *begin = strchr(strstr(short_text, "value\": "), ' ') + 2;
		const char *end = strstr(begin, "\",\n");
		AUTO_FREE char *shown = xstrndup(begin, (size_t)(end - begin));
		AUTO_FREE char *expect =
			xasprintf("\"%.*s%s%s\"", _i % (int)n, s, shown, s + _i % (int)n + 1);
		ck_assert_msg(strstr(text, expect), "%s is not in %s", expect, text);
		json_decref(alone);
		json_decref(v);
	}
}
END_TEST

START_TEST(long_text_is_whole)
{
	size_t n = 100000;
	AUTO_FREE char *s = xalloc(n + 1);
	memset(s, 'x', n);
	json_t *v = json_string(s);
	AUTO_FREE char *text = written(NULL, v);
	json_t *back = json_loads(text, 0, NULL);
	ck_assert_str_eq(json_string_value(json_object_get(back, "value")), s);
	json_decref(back);
	json_decref(v);
}
END_TEST

/* Objects named by what they stand for, each of them many times over. */
static char *many_times(size_t n_keys, size_t length, bool remember)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	CLEANUP(json_writer_done) struct json_writer w = { .out = out };
	AUTO_FREE char *keys = xalloc(n_keys + 1);
	AUTO_FREE char *filler = xalloc(length + 1);
	memset(filler, 'x', length);
	json_open(&w, NULL, '{');
	for (size_t i = 0; i < 5 * n_keys; i++) {
		const char *key = keys + i * i % n_keys;
		/* The first member has no comma, and one more and one less are others. */
		size_t how_many = i % 3;
		if (remember && json_again(&w, key, how_many))
			continue;
		json_open(&w, "again", '{');
		json_put_size(&w, "key", (size_t)(key - keys));
		json_put_size(&w, "how many", how_many);
		json_put_string(&w, "filler", filler);
		json_close(&w, '}');
		if (remember)
			json_remember(&w, key, how_many);
	}
	json_close(&w, '}');
	json_writer_flush(&w);
	fclose(out);
	return text;
}

/* Few and many, more than are kept, and longer than what is held back at a time. */
START_TEST(remembered_is_written_as_the_first_time)
{
	static const struct {
		size_t n_keys, length;
	} rows[] = { { 1, 1 }, { 7, 50 }, { 500, 10 }, { 1000, 1000 }, { 5, 20000 }, { 3, 50000 } };
	AUTO_FREE char *plain = many_times(rows[_i].n_keys, rows[_i].length, false);
	AUTO_FREE char *remembered = many_times(rows[_i].n_keys, rows[_i].length, true);
	ck_assert_str_eq(remembered, plain);
}
END_TEST

START_TEST(run_ends_where_something_is_escaped)
{
	char s[40];
	for (size_t n = 0; n < sizeof(s); n++) {
		for (size_t at = 0; at <= n; at++) {
			bool is_ascii = true, ends = _i < 0x20 || _i == '"' || _i == '\\';
			memset(s, 'x', sizeof(s));
			s[at] = at < n ? (char)_i : '"';
			size_t run = json_run(s, n, &is_ascii);
			ck_assert_uint_eq(run, ends && at < n ? at : n);
			ck_assert_int_eq(is_ascii, at == n || _i < 0x80);
		}
	}
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *t = harness_group("json", &suite);
	tcase_add_loop_test(t, text_is_what_jansson_dumps, 0, ARRAY_SIZE(values));
	tcase_add_loop_test(t, compact_text_is_written_as_its_value, 0, ARRAY_SIZE(values));
	tcase_add_loop_test(t, broken_text_becomes_a_string, 0, ARRAY_SIZE(broken));
	tcase_add_loop_test(t, each_character_in_each_place, 1, 256);
	tcase_add_test(t, long_text_is_whole);
	tcase_add_loop_test(t, remembered_is_written_as_the_first_time, 0, 6);
	tcase_add_loop_test(t, run_ends_where_something_is_escaped, 1, 256);
	return harness_run(suite);
}
