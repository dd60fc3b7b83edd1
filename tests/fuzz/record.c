/* SPDX-License-Identifier: Apache-2.0 */
/* record.c: fuzzes the reading of snapshots: records, and the JSON in them. */
#include "fuzz.h"
#include "json_fast.h"
#include "record.h"

static int count_element(json_t *value, void *context)
{
	size_t *n = context;

	FUZZ_CHECK(value, "no element");
	return ++*n > 100 ? -1 : 0;
}

static void parse_list(const uint8_t *data, size_t n)
{
	CLEANUP(err_done) struct err err = { 0 };
	AUTO_FREE char *text = fuzz_text(data, n);
	size_t seen = 0;
	int bad = json_parse_elements(text, n, count_element, &seen, &err);

	FUZZ_CHECK(bad >= 0 || err.text || seen > 100, "an error without a text");
}

static void parse_value(const uint8_t *data, size_t n)
{
	CLEANUP(err_done) struct err err = { 0 };
	AUTO_FREE char *text = fuzz_text(data, n);
	json_t *value = json_parse_hostile(text, n, &err);

	if (value)
		fuzz_fact(value);
	else
		FUZZ_CHECK(err.text, "an error without a text");
}

/* The fast parser gives what jansson does, or nothing. */
static void parse_fast(const uint8_t *data, size_t n)
{
	AUTO_FREE char *text = fuzz_text(data, n);
	AUTO_JSON json_t *fast = json_parse_fast(text, n);
	json_error_t error;

	if (!fast)
		return;
	AUTO_JSON json_t *theirs =
		json_loadb(text, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	FUZZ_CHECK(theirs, "is refused: %s", error.text);
	FUZZ_CHECK(json_equal(fast, theirs), "is understood in two ways");
}

/* What is read is written and read again as the same. */
static void write_again(const struct record *r)
{
	CLEANUP(err_done) struct err err = { 0 };
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	struct record again;

	FUZZ_CHECK(f && record_write(f, r->kind, r->id, r->body) == 0, "cannot be written");
	fclose(f);
	AUTO_CLOSE int fd = fuzz_file(text, n);
	struct record_reader *reader = record_reader_new(fd, "again");

	FUZZ_CHECK(record_read(reader, &again, &err) == 1, "%s", err.text ? err.text : "the end");
	FUZZ_CHECK(streq(r->kind, again.kind) && streq(r->id, again.id) &&
			   json_equal(r->body, again.body),
		   "%s %s is not what was written", r->kind, r->id);
	record_done(&again);
	record_reader_free(reader);
	free(text);
}

static void read_records(const uint8_t *data, size_t n)
{
	CLEANUP(err_done) struct err err = { 0 };
	AUTO_CLOSE int fd = fuzz_file(data, n);
	struct record_reader *reader = record_reader_new(fd, "snapshot");
	struct record r;
	int code;

	while ((code = record_read(reader, &r, &err)) > 0) {
		write_again(&r);
		record_done(&r);
	}
	FUZZ_CHECK(code == 0 || err.text, "an error without a text");
	record_reader_free(reader);
}

FUZZ(record)
{
	static void (*const parsers[])(const uint8_t *, size_t) = { read_records, parse_value,
								    parse_list, parse_fast };
	unsigned which = fuzz_pick(&data, &n, ARRAY_SIZE(parsers));

	parsers[which](data, n);
	return 0;
}
