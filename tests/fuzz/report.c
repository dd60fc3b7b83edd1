/* SPDX-License-Identifier: Apache-2.0 */
/* report.c: fuzzes saved reports: loaded, written in every format, and compared. */
#include "report.h"

#include "diff.h"
#include "fleet.h"
#include "fuzz.h"
#include "report_load.h"

static const struct report_options options = { .width = 80, .verbose = true, .show = ~0u };

static char *written(const struct report *r, const struct sink *sink)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	FUZZ_CHECK(f && sink->write(r, &options, f) == 0, "%s cannot be written", sink->name);
	fclose(f);
	return text;
}

static void load_sinks(void)
{
	static bool is_loaded;
	CLEANUP(err_done) struct err err = { 0 };

	for (size_t i = 0; sinks[i] && !is_loaded; i++)
		if (sinks[i]->load && sinks[i]->load(&err) < 0) {
			fprintf(stderr, "%s\n", err.text);
			exit(EXIT_FAILURE);
		}
	is_loaded = true;
}

static void compare(const struct report *then, const struct report *now)
{
	struct diff d = { .then_name = "then", .now_name = "now", .then = then, .now = now };
	AUTO_FILE FILE *null = fopen("/dev/null", "we");

	diff_make(&d);
	diff_write(&d, "text", &options, null);
	diff_write(&d, "json", &options, null);
	diff_write(&d, "markdown", &options, null);
	diff_done(&d);
}

/* As one of many: read as it comes, and written in the formats of many hosts. */
static void read_fleet(const char *text, size_t n)
{
	static const char *const formats[] = { "text", "json", "markdown", "csv" };
	CLEANUP(fleet_free_p) struct fleet *f = fleet_new();
	CLEANUP(json_pull_free_p) struct json_pull *p = json_pull_new(text, n, -1);
	AUTO_FILE FILE *null = fopen("/dev/null", "we");

	fleet_read(f, "a", p);
	FUZZ_CHECK(f->n_hosts + f->n_refused > 0, "neither a host nor a reason");
	fleet_finish(f);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		FUZZ_CHECK(fleet_write(f, formats[i], &options, null) == 0, "%s cannot be written",
			   formats[i]);
}

/* What was loaded is written as JSON, which is loaded and written as the same. */
FUZZ(report)
{
	CLEANUP(err_done) struct err err = { 0 };
	CLEANUP(report_unload_p) struct report *r = NULL;
	CLEANUP(report_unload_p) struct report *again = NULL;
	AUTO_FREE char *text = fuzz_text(data, n);

	load_sinks();
	read_fleet(text, n);
	if (report_load("a", text, n, &r, &err) < 0) {
		FUZZ_CHECK(err.text, "an error without a text");
		return 0;
	}
	for (size_t i = 0; sinks[i]; i++)
		free(written(r, sinks[i]));
	AUTO_FREE char *once = written(r, sink_find("json"));
	FUZZ_CHECK(report_load("b", once, strlen(once), &again, &err) == 0, "%s", err.text);
	AUTO_FREE char *twice = written(again, sink_find("json"));
	FUZZ_CHECK(streq(once, twice), "is written as something else:\n%s\n%s", once, twice);
	compare(r, again);
	return 0;
}
