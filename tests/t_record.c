/* SPDX-License-Identifier: Apache-2.0 */
/* t_record.c: hostile JSON is mended or refused within a budget, and snapshots are read as they
 * were written. */
#include <errno.h>

#include "json_memory.h"
#include "harness.h"
#include "record.h"

#define FFFD "\xef\xbf\xbd"

static void set_up(void)
{
	json_use_own_memory();
}

/* --- hostile JSON
 * --------------------------------------------------------------------------------- */

#define TEXT(s) (s), sizeof(s) - 1

static const struct {
	const char *text;
	size_t n;
	const char *expect; /* compact; NULL: refused */
} texts[] = {
	{ TEXT("{\"a\":1}"), "{\"a\":1}" },
	{ TEXT(" null "), "null" },
	{ TEXT("\"x\\u0000y\""), "\"x" FFFD "y\"" },
	{ TEXT("{\"k\\u0000\":1}"), "{\"k" FFFD "\":1}" },
	{ TEXT("\"\\ud800\""), "\"" FFFD "\"" },
	{ TEXT("\"\\udc00x\""), "\"" FFFD "x\"" },
	{ TEXT("\"\\ud800\\u0041\""), "\"" FFFD "A\"" },
	{ TEXT("\"\\ud800\\ud800\\udc00\""), "\"" FFFD "\xf0\x90\x80\x80\"" },
	{ TEXT("\"\\ud83d\\ude00\""), "\"\xf0\x9f\x98\x80\"" },
	{ TEXT("\"\\ud83d\\ude00\\u0000\""), "\"\xf0\x9f\x98\x80" FFFD "\"" },
	{ TEXT("\"\\\\u0000\\u0000\""), "\"\\\\u0000" FFFD "\"" },
	{ TEXT("\"\xff\""), "\"?\"" },
	{ TEXT("\"\xc0\x80\""), "\"?\?\"" },
	{ TEXT("\"\xed\xa0\x80\""), "\"?\?\?\"" },
	{ TEXT("\"\xf4\x90\x80\x80\""), "\"?\?\?\?\"" },
	{ TEXT("\"\xe2\x82\""), "\"?\?\"" },
	{ TEXT("\"\xc3\xbc\xff\xf0\x9f\x98\x80\""), "\"\xc3\xbc?\xf0\x9f\x98\x80\"" },
	{ TEXT(""), NULL },
	{ TEXT("  "), NULL },
	{ TEXT("{"), NULL },
	{ TEXT("{\"a\":1}x"), NULL },
	{ TEXT("{\"a\":1}{\"a\":1}"), NULL },
	{ TEXT("{\"a\":1,\"a\":2}"), NULL },
	{ TEXT("{\"x\":{\"a\":1,\"a\":1}}"), NULL },
	{ TEXT("{\"\\u0000\":1,\"\\ud800\":2}"), NULL }, /* the same when they are mended */
	{ TEXT("\"a\0b\""), NULL },
	{ TEXT("\"a\nb\""), NULL },
	{ TEXT("[1e999]"), NULL },
	{ TEXT("[99999999999999999999]"), NULL },
	{ TEXT("[NaN]"), NULL },
	{ TEXT("'a'"), NULL },
	{ TEXT("\"\\u00"), NULL },
	{ TEXT("\"\\"), NULL },
	{ TEXT("\xef\xbb\xbf{}"), NULL },
	{ TEXT("<html>"), NULL },
};

/* In memory of its own length, so that a read past the end is seen. */
static char *copy_of(const char *text, size_t n)
{
	char *copy = malloc(n ? n : 1);
	ck_assert_ptr_nonnull(copy);
	memcpy(copy, text, n);
	return copy;
}

START_TEST(hostile)
{
	struct err err = { 0 };
	AUTO_FREE char *data = copy_of(texts[_i].text, texts[_i].n);
	json_t *v = json_parse_hostile(data, texts[_i].n, &err);
	if (texts[_i].expect) {
		ck_assert_msg(v, "row %d: %s", _i, err.text);
		char *dumped = json_dumped(v, JSON_ENCODE_ANY | JSON_COMPACT);
		ck_assert_str_eq(dumped, texts[_i].expect);
		free(dumped);
	} else {
		ck_assert_msg(!v, "row %d was taken", _i);
		ck_assert_int_eq(err.code, -EINVAL);
		ck_assert(starts_with(err.text, "no usable JSON: "));
	}
	json_decref(v);
	err_done(&err);
}
END_TEST

START_TEST(nesting)
{
	static const size_t depths[] = { 100, 3000, 1 << 20 };
	size_t n = depths[_i];
	struct err err = { 0 };
	AUTO_FREE char *data = xalloc(2 * n);
	memset(data, '[', n);
	memset(data + n, ']', n);
	json_t *v = json_parse_hostile(data, 2 * n, &err);
	ck_assert_int_eq(v != NULL, n == 100);
	json_decref(v);
	err_done(&err);
}
END_TEST

/* "{},{},…" takes more memory than its length many times over. */
static char *many(const char *element, size_t count, size_t *ret_n)
{
	size_t length = strlen(element);
	char *data = xalloc(count * (length + 1) + 2), *p = data;
	*p++ = '[';
	for (size_t i = 0; i < count; i++) {
		memcpy(p, element, length);
		p[length] = ',';
		p += length + 1;
	}
	p[-1] = ']';
	*ret_n = (size_t)(p - data);
	return data;
}

START_TEST(budget)
{
	static const char *const elements[] = { "{}", "[]", "7", "\"x\"", "\"\\u0000\"" };
	struct err err = { 0 };
	size_t n;
	AUTO_FREE char *data = many(elements[_i], 1 << 21, &n);
	json_t *v = json_parse_hostile(data, n, &err);
	ck_assert_ptr_null(v);
	ck_assert_ptr_nonnull(strstr(err.text, "too much memory"));
	err_done(&err);
	/* and it ends with that text */
	char small[] = "[{},{}]";
	v = json_parse_hostile(small, 7, &err);
	ck_assert_uint_eq(json_array_size(v), 2);
	json_decref(v);
}
END_TEST

/* --- a list, element by element
 * --------------------------------------------------------------------- */

struct counted {
	size_t n;
	int stop_at;
};

static int count(json_t *value, void *context)
{
	struct counted *c = context;
	ck_assert_ptr_nonnull(value);
	c->n++;
	return c->stop_at && c->n == (size_t)c->stop_at ? -ENOSPC : 0;
}

static const struct {
	const char *text;
	int result; /* 0 or -EINVAL */
	size_t n;
} lists[] = {
	{ "[]", 0, 0 },
	{ " [ ] ", 0, 0 },
	{ "null", 0, 0 },
	{ " null\n", 0, 0 },
	{ "[1]", 0, 1 },
	{ "[1,2, 3 ]", 0, 3 },
	{ "[{\"a\":[1,2]},[],\"]\",null,true,1.5]", 0, 6 },
	{ "[\"\\u0000\",\"\xff\",\"\\ud800\"]", 0, 3 },
	{ "[1,2", -EINVAL, 2 },
	{ "[1,2,", -EINVAL, 2 },
	{ "[1,2,{\"a\"", -EINVAL, 2 },
	{ "[1,\"x", -EINVAL, 1 },
	{ "[", -EINVAL, 0 },
	{ "[,]", -EINVAL, 0 },
	{ "[1,]", -EINVAL, 1 },
	{ "[1 2]", -EINVAL, 1 },
	{ "[1]x", -EINVAL, 1 },
	{ "[1][2]", -EINVAL, 1 },
	{ "[]]", -EINVAL, 0 },
	{ "nullx", -EINVAL, 0 },
	{ "", -EINVAL, 0 },
	{ "{}", -EINVAL, 0 },
	{ "7", -EINVAL, 0 },
	{ "nul", -EINVAL, 0 },
	{ "{\"message\":\"x\"}", -EINVAL, 0 },
	{ "[{\"a\":1,\"a\":2}]", -EINVAL, 0 },
	{ "<html>", -EINVAL, 0 },
};

START_TEST(elements)
{
	struct err err = { 0 };
	struct counted c = { 0 };
	size_t n = strlen(lists[_i].text);
	AUTO_FREE char *data = copy_of(lists[_i].text, n);
	int result = json_parse_elements(data, n, count, &c, &err);
	ck_assert_msg(result == lists[_i].result, "%s: %d", lists[_i].text, result);
	ck_assert_msg(c.n == lists[_i].n, "%s: %zu elements", lists[_i].text, c.n);
	ck_assert((result < 0) == (err.text != NULL));
	err_done(&err);
}
END_TEST

START_TEST(element_ends_it)
{
	struct err err = { 0 };
	struct counted c = { .stop_at = 2 };
	char data[] = "[1,2,3]";
	ck_assert_int_eq(json_parse_elements(data, 7, count, &c, &err), -ENOSPC);
	ck_assert_uint_eq(c.n, 2);
	err_done(&err);
}
END_TEST

/* Far over the budget of one text, but not of one element. */
START_TEST(long_list)
{
	struct err err = { 0 };
	struct counted c = { 0 };
	size_t n;
	AUTO_FREE char *data = many("{\"Id\":\"\\u0000\"}", 200000, &n);
	ck_assert_int_eq(json_parse_elements(data, n, count, &c, &err), 0);
	ck_assert_uint_eq(c.n, 200000);
	err_done(&err);
}
END_TEST

/* --- records
 * ------------------------------------------------------------------------------------------ */

static struct record_reader *reader_of(const char *text, size_t n)
{
	FILE *f = tmpfile();
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(text, 1, n, f), n);
	ck_assert_int_eq(fflush(f), 0);
	int fd = dup(fileno(f));
	fclose(f);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	return record_reader_new(fd, "snap");
}

START_TEST(round_trip)
{
	static const struct {
		const char *kind, *id, *body;
	} all[] = {
		{ "snapshot", "", "{}" },
		{ "host", "os", "{\"ID\":\"debian\"}" },
		{ "engine", "info", "{\"$unread\":\"x\"}" },
		{ "container", "0123456789", "{\"Name\":\"a\\nb\\\"\"}" },
		{ "population", "container", "[1,2]" },
		{ "host", "name with \\ and \"", "null" },
		{ "end", "", "{\"x\":\"\xc3\xbc\"}" },
	};
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		json_t *body = json_loads(all[i].body, JSON_DECODE_ANY, NULL);
		ck_assert_int_eq(record_write(f, all[i].kind, all[i].id, body), 0);
		json_decref(body);
	}
	fclose(f);
	struct record_reader *r = reader_of(text, n);
	struct record record;
	struct err err = { 0 };
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		json_t *body = json_loads(all[i].body, JSON_DECODE_ANY, NULL);
		ck_assert_int_eq(record_read(r, &record, &err), 1);
		ck_assert_str_eq(record.kind, all[i].kind);
		ck_assert_str_eq(record.id, all[i].id);
		ck_assert(json_equal(record.body, body));
		json_decref(body);
		record_done(&record);
	}
	ck_assert_int_eq(record_read(r, &record, &err), 0);
	ck_assert_int_eq(record_read(r, &record, &err), 0);
	record_reader_free(r);
	free(text);
}
END_TEST

START_TEST(full_disk)
{
	FILE *f = fopen("/dev/full", "w");
	json_t *body = json_object();
	if (f) {
		setvbuf(f, NULL, _IONBF, 0);
		ck_assert_int_eq(record_write(f, "host", "os", body), -ENOSPC);
		fclose(f);
	}
	json_decref(body);
}
END_TEST

#define HEADER(kind, id, version, bytes)                                                           \
	"{\"kind\":\"" kind "\",\"id\":\"" id "\",\"version\":" version ",\"bytes\":" bytes "}\n"
#define X40 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct {
	const char *text;
	size_t n;
	const char *reason;
} refusals[] = {
	{ TEXT("x"), "no header" },
	{ TEXT("\n"), "no header" },
	{ TEXT("{}\n"), "no header" },
	{ TEXT("[]\n"), "no header" },
	{ TEXT("7\n"), "no header" },
	{ TEXT("\0\0\0\n"), "no header" },
	{ TEXT("{\"kind\":7,\"id\":\"\",\"version\":1,\"bytes\":2}\n{}\n"), "no header" },
	{ TEXT(HEADER("host", "os", "\"1\"", "2") "{}\n"), "no header" },
	{ TEXT(HEADER("host", "os", "1", "\"2\"") "{}\n"), "no header" },
	{ TEXT(HEADER("host", "os", "1", "2.0") "{}\n"), "no header" },
	{ TEXT(HEADER("host", "os", "2", "2") "{}\n"), "snapshot version 2" },
	{ TEXT(HEADER("host", "os", "0", "2") "{}\n"), "snapshot version 0" },
	{ TEXT(HEADER(X40, "os", "1", "2") "{}\n"), "too long" },
	{ TEXT(HEADER("host", X40 X40 X40 X40, "1", "2") "{}\n"), "too long" },
	{ TEXT(HEADER("host",
		      X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40
			      X40 X40 X40 X40 X40 X40 X40,
		      "1", "2") "{}\n"),
	  "no header" },
	{ TEXT(HEADER("host", "os", "1", "-1")), "at most" },
	{ TEXT(HEADER("host", "os", "1", "67108865")), "at most" },
	{ TEXT(HEADER("host", "os", "1", "9223372036854775807")), "at most" },
	{ TEXT(HEADER("host", "os", "1", "99999999999999999999")), "no header" },
	{ TEXT(HEADER("host", "os", "1", "67108864")), "cut off" },
	{ TEXT(HEADER("host", "os", "1", "2")), "cut off" },
	{ TEXT(HEADER("host", "os", "1", "2") "{"), "cut off" },
	{ TEXT(HEADER("host", "os", "1", "2") "{}"), "cut off" },
	{ TEXT(HEADER("host", "os", "1", "2") "{}x"), "cut off" },
	{ TEXT(HEADER("host", "os", "1", "1") "{}\n"), "cut off" },
	{ TEXT(HEADER("host", "os", "1", "3") "{}\n"), "cut off" },
	{ TEXT(HEADER("host", "os", "1", "0") "\n"), "no usable JSON" },
	{ TEXT(HEADER("host", "os", "1", "1") "{\n"), "record host os" },
	{ TEXT(HEADER("host", "os", "1", "13") "{\"a\":1,\"a\":2}\n"), "no usable JSON" },
};

START_TEST(refused)
{
	struct err err = { 0 };
	struct record record = { 0 };
	struct record_reader *r = reader_of(refusals[_i].text, refusals[_i].n);
	ck_assert_int_eq(record_read(r, &record, &err), -EINVAL);
	ck_assert_ptr_null(record.body);
	ck_assert_msg(strstr(err.text, refusals[_i].reason), "row %d: %s", _i, err.text);
	ck_assert(starts_with(err.text, "snap: "));
	err_done(&err);
	record_reader_free(r);
}
END_TEST

START_TEST(offset_of_the_second)
{
	static const char text[] = HEADER("host", "os", "1", "2") "{}\nrubbish\n";
	struct err err = { 0 };
	struct record record;
	struct record_reader *r = reader_of(text, sizeof(text) - 1);
	ck_assert_int_eq(record_read(r, &record, &err), 1);
	record_done(&record);
	ck_assert_int_eq(record_read(r, &record, &err), -EINVAL);
	AUTO_FREE char *offset = xasprintf("byte %zu:", strlen(HEADER("host", "os", "1", "2")) + 3);
	ck_assert_msg(strstr(err.text, offset), "%s", err.text);
	err_done(&err);
	record_reader_free(r);
}
END_TEST

START_TEST(unreadable)
{
	struct err err = { 0 };
	struct record record;
	struct record_reader *r = record_reader_new(-1, "snap");
	ck_assert_int_lt(record_read(r, &record, &err), 0);
	err_done(&err);
	record_reader_free(r);
	record_reader_free(NULL);
}
END_TEST

/* A byte that begins no character is replaced wherever it stands, and characters around it stay. */
START_TEST(mends_one_byte_anywhere)
{
	char s[] = "0123456789abcdef\xc3\xa9"
		   "0123456789",
	     wanted[sizeof(s)];
	memcpy(wanted, s, sizeof(s));
	if (_i == 16 || _i == 17)
		return;
	s[_i] = '\xff';
	wanted[_i] = '?';
	utf8_mend(s, strlen(s));
	ck_assert_str_eq(s, wanted);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("record", &suite);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_loop_test(tc, hostile, 0, ARRAY_SIZE(texts));
	tcase_add_loop_test(tc, nesting, 0, 3);
	tcase_add_loop_test(tc, budget, 0, 5);
	tcase_add_loop_test(tc, elements, 0, ARRAY_SIZE(lists));
	tcase_add_test(tc, element_ends_it);
	tcase_add_test(tc, long_list);
	tcase_add_test(tc, round_trip);
	tcase_add_test(tc, full_disk);
	tcase_add_loop_test(tc, refused, 0, ARRAY_SIZE(refusals));
	tcase_add_test(tc, offset_of_the_second);
	tcase_add_test(tc, unreadable);
	tcase_add_loop_test(tc, mends_one_byte_anywhere, 0, 28);
	return harness_run(suite);
}
