/* SPDX-License-Identifier: Apache-2.0 */
/* t_json_fast.c: what the fast parser takes is what jansson makes of it, and real replies are
 * taken. */
#include "harness.h"
#include "json_memory.h"
#include "json_fast.h"
#include "util.h"

static void set_up(void)
{
	json_use_own_memory();
}

/* In memory of its own length, so that an access past the end is seen. */
static char *copy_of(const char *text, size_t n)
{
	char *copy = malloc(n ? n : 1);
	ck_assert_ptr_nonnull(copy);
	memcpy(copy, text, n);
	return copy;
}

/* Whatever is taken must be what jansson says of the same bytes. True: it was taken. */
static bool agrees(const char *text, size_t n)
{
	json_error_t e;
	AUTO_FREE char *data = copy_of(text, n);
	json_t *v = json_parse_fast(data, n);
	ck_assert_msg(memcmp(data, text, n) == 0, "%.*s was changed", (int)n, text);
	if (!v)
		return false;
	json_t *said = json_loadb(text, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
	ck_assert_msg(said, "%.*s: %s", (int)n, text, e.text);
	ck_assert_msg(json_equal(v, said), "%.*s is understood in two ways", (int)n, text);
	json_decref(said);
	json_decref(v);
	return true;
}

#ifdef HAVE_YYJSON
enum { HAS_YYJSON = 1 };
#else
enum { HAS_YYJSON = 0 };
#endif

#define TEXT(s) (s), sizeof(s) - 1

static const struct {
	const char *text;
	size_t n;
	bool is_taken;
} texts[] = {
	{ TEXT("{}"), true },
	{ TEXT("[]"), true },
	{ TEXT(" \t\r\n[ 1 , 2 ] "), true },
	{ TEXT("{\"a\":{\"b\":[true,false,null,\"\"]}}"), true },
	{ TEXT("[0,-0,7,-7,999999999999999999,-999999999999999999]"), true },
	{ TEXT("\"eight characters and more\""), true },
	{ TEXT("\"\x7f \xc3\xbc \xf0\x9f\x98\x80\""), true },
	{ TEXT("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\", \"a\\u003cb\\u00e4\\u20AC\"]"), true },
	{ TEXT("\"sh -c \\\"true \\u0026\\u0026 exec \\\\$0\\\"\""), true },
	{ TEXT("{\"\":1}"), true },
	{ TEXT("12abc"), false },
	{ TEXT("true,"), false },
	{ TEXT(""), false },
	{ TEXT("\0"), false },
	{ TEXT("truex"), false },
	{ TEXT("[nul]"), false },
	{ TEXT("[01]"), false },
	{ TEXT("[-]"), false },
	{ TEXT("[1.5]"), false },
	{ TEXT("[1e3]"), false },
	{ TEXT("[1000000000000000000]"), true },
	{ TEXT("[99999999999999999999]"), false },
	{ TEXT("[1,]"), false },
	{ TEXT("[,1]"), false },
	{ TEXT("[1 2]"), false },
	{ TEXT("{\"a\":1,}"), false },
	{ TEXT("{\"a\"}"), false },
	{ TEXT("{\"a\":}"), false },
	{ TEXT("{a:1}"), false },
	{ TEXT("{\"a\":1,\"a\":2}"), false },
	{ TEXT("{\"x\":[{\"a\":1,\"b\":2,\"a\":1}]}"), false },
	{ TEXT("{\"\\u0061\":1}"), true },
	{ TEXT("{\"\xc3\xbc\":1}"), true },
	{ TEXT("{\"a\0b\":1}"), false },
	{ TEXT("\"a\0b\""), false },
	{ TEXT("\"a\nb\""), false },
	{ TEXT("\"\\u0041\n\""), false },
	{ TEXT("\"\\u0041\nlonger than eight\""), false },
	{ TEXT("\"a\x1f 8 more characters\""), false },
	{ TEXT("\"\\u0000\""), false },
	{ TEXT("\"\\ud83d\\ude00\""), true },
	{ TEXT("\"\\u12\""), false },
	{ TEXT("\"\\u12g4\""), false },
	{ TEXT("\"\\x\""), false },
	{ TEXT("\"\\"), false },
	{ TEXT("\"\\u00"), false },
	{ TEXT("\"\\\0\""), false },
	{ TEXT("\"open"), false },
	{ TEXT("\"open and longer"), false },
	{ TEXT("{\"open and longer"), false },
	{ TEXT("\"\xff\""), false },
	{ TEXT("\"\xed\xa0\x80\""), false },
	{ TEXT("\"\\n\xc0\x80\""), false },
	{ TEXT("\"\\ufffe\xff\""), false },
};

START_TEST(table)
{
	bool is_taken = agrees(texts[_i].text, texts[_i].n);
	ck_assert_msg(is_taken == (HAS_YYJSON && texts[_i].is_taken), "%s", texts[_i].text);
}
END_TEST

START_TEST(deep)
{
	char text[200];
	for (size_t n = 1; n <= sizeof(text) / 2; n++) {
		memset(text, '[', n);
		memset(text + n, ']', n);
		bool is_taken = agrees(text, 2 * n);
		ck_assert_msg(n > 20 || is_taken == HAS_YYJSON, "%zu levels", n);
		ck_assert_msg(n < 80 || !is_taken, "%zu levels", n);
	}
}
END_TEST

/* Of each piece of a text, with a character exchanged, put in or left out, both say the same. */
START_TEST(changed)
{
	static const char text[] =
		"{\"Id\":\"0123456789abcdef\",\"Ok\":true,\"No\":false,\"Nil\":null ,\n"
		"\"Cmd\":[\"sh\",\"-c\",\"a \\u0026\\u0026 b\\n\\\\\",\"\xc3\xa9\xe2\x82\xac\"],"
		"\"N\":[0,-1,10,123456789012345678],\"\":{\"x\":{},\"y\":[ ],\"xy\":\"\"}}";
	static const char odd[] = "\"\\/{}[]:,0-.eEutn \n\x1f\x7f\x80\xc3\xe2\xff";
	const size_t n = sizeof(text) - 1;
	size_t n_taken = 0;
	ck_assert_int_eq(agrees(text, n), HAS_YYJSON);
	for (size_t at = 0; at < n; at++) {
		char other[sizeof(text) + 1];
		n_taken += agrees(text, at);
		memcpy(other, text, at);
		memcpy(other + at, text + at + 1, n - at - 1);
		n_taken += agrees(other, n - 1);
		for (size_t i = 0; i < sizeof(odd); i++) { /* and a 0 */
			memcpy(other, text, n);
			other[at] = odd[i];
			n_taken += agrees(other, n);
			memcpy(other + at + 1, text + at, n - at);
			n_taken += agrees(other, n + 1);
		}
	}
	ck_assert(!HAS_YYJSON || n_taken > 1000);
}
END_TEST

#ifdef HAVE_YYJSON

/* A budget that ends anywhere leaves nothing half made. */
START_TEST(out_of_budget)
{
	static const char text[] = "{\"a\":[1,\"x\",{\"b\":\"\\n\"}],\"c\":{}}";
	AUTO_FREE char *data = copy_of(text, sizeof(text) - 1);
	json_t *v = NULL;
	size_t budget = 0;
	for (; !v; budget += 8) {
		json_budget(budget);
		v = json_parse_fast(data, sizeof(text) - 1);
		json_budget(SIZE_MAX);
	}
	ck_assert_uint_gt(budget, 500);
	json_decref(v);
}
END_TEST

/* What engines said is taken, or nothing is gained: all but the container whose labels have hostile
 * names. */
START_TEST(real)
{
	static const char *const names[] = { "docker-20.10", "docker-28.5", "podman-4.3" };
	const char *srcdir = getenv("srcdir");
	AUTO_FREE char *path =
		xasprintf("%s/tests/snapshots/%s.snap", srcdir ? srcdir : ".", names[_i]);
	AUTO_FILE FILE *f = fopen(path, "r");
	AUTO_FREE char *line = NULL;
	size_t size = 0, n_containers = 0, n_left = 0;
	bool is_container = false;
	ck_assert_msg(f, "%s", path);
	for (ssize_t n; (n = getline(&line, &size, f)) > 0;) {
		bool is_taken = agrees(line, (size_t)n);
		n_containers += is_container;
		n_left += is_container && !is_taken;
		is_container = starts_with(line, "{\"kind\":\"container\"");
	}
	ck_assert_uint_gt(n_containers, 5);
	ck_assert_uint_le(n_left, 1);
}
END_TEST

#endif

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("json_fast", &suite);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_loop_test(tc, table, 0, ARRAY_SIZE(texts));
	tcase_add_test(tc, deep);
	tcase_add_test(tc, changed);
#ifdef HAVE_YYJSON
	tcase_add_test(tc, out_of_budget);
	tcase_add_loop_test(tc, real, 0, 3);
#endif
	return harness_run(suite);
}
