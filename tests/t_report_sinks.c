/* SPDX-License-Identifier: Apache-2.0 */
/* t_report_sinks.c: the formats for other programs, read back by strict little parsers. */
#include <jansson.h>

#include "harness.h"
#include "report_common.h"
#include "report_sample.h"

static char *written(const struct report *r, const char *sink)
{
	static const struct report_options options = { 0 };
	char *out = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&out, &n);

	ck_assert_int_eq(sink_find(sink)->write(r, &options, f), 0);
	fclose(f);
	return out;
}

static json_t *written_json(const struct report *r, const char *sink)
{
	AUTO_FREE char *out = written(r, sink);
	json_error_t error;
	json_t *root = json_loads(out, JSON_REJECT_DUPLICATES, &error);
	ck_assert_msg(root != NULL, "%s: line %d: %s", sink, error.line, error.text);
	return root;
}

static size_t count_findings(const struct report *r, enum outcome least, enum outcome most)
{
	size_t n = 0;
	for (size_t i = 0; i < r->n_results; i++)
		for (size_t k = 0; k < r->results[i].n_findings; k++) {
			enum outcome o = finding_outcome(r, &r->results[i].findings[k]);
			n += o >= least && o <= most;
		}
	return n;
}

static const char *string_of(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));
	ck_assert_msg(s != NULL, "no %s", key);
	return s;
}

/* Each once: readers drop the second of a kind. */
static void assert_new(json_t *seen, const char *key)
{
	ck_assert_msg(!json_object_get(seen, key), "twice: %s", key);
	json_object_set_new(seen, key, json_true());
}

static void assert_uri(const char *uri)
{
	ck_assert(*uri && *uri != '/' && !strstr(uri, "//") && !strstr(uri, "/."));
	for (const char *c = uri; *c; c++) {
		if (*c == '%')
			ck_assert_uint_eq(strspn(c + 1, "0123456789ABCDEF") >= 2, 1);
		else
			ck_assert_msg(strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					     "0123456789-._~/",
					     *c) != NULL,
				      "%s", uri);
	}
}

/* --- CSV ------------------------------------------------------------------------------------- */

/* The next cell, unquoted; *p is at what follows it. */
static char *cell(const char **p)
{
	AUTO_TEXT struct text t = { 0 };
	ck_assert_int_eq(*(*p)++, '"');
	for (;;) {
		ck_assert(**p && **p != '\n' && **p != '\r');
		if (**p == '"' && (*p)[1] != '"')
			break;
		*p += **p == '"';
		text_add_char(&t, *(*p)++);
	}
	(*p)++;
	return text_take(&t);
}

/* Rows; the column number at has what the last row has there. */
static size_t rows_of(const char *csv, size_t columns, size_t at, json_t *ret_column)
{
	size_t n = 0;
	for (const char *p = csv; *p; n++) {
		for (size_t i = 0; i < columns; i++) {
			AUTO_FREE char *s = cell(&p);
			ck_assert_msg(!*s || !strchr("=+-@\t\r", *s), "a formula: %s", s);
			if (i == at)
				json_array_append_new(ret_column, json_string(s));
			ck_assert_int_eq(*p++, i + 1 < columns ? ',' : '\r');
		}
		ck_assert_int_eq(*p++, '\n');
	}
	return n;
}

START_TEST(csv)
{
	enum { COLUMNS = 23, NAME = 11 };
	static const char *const formulas[] = {
		"=1+1", "+1", "-1", "@x", " =1", "\xef\xbc\x9dSUM"
	};
	struct report *r = sample_new();
	struct subject *s = (struct subject *)(uintptr_t)r->results[0].findings[0].subject;
	json_t *names = json_array();

	for (size_t i = 0; i < ARRAY_SIZE(formulas); i++) {
		s->name = formulas[i];
		json_array_clear(names);
		AUTO_FREE char *out = written(r, "csv");
		ck_assert_uint_eq(rows_of(out, COLUMNS, NAME, names),
				  1 + count_findings(r, 0, OUTCOME_SKIP));
		const char *first = json_string_value(json_array_get(names, 1));
		ck_assert_int_eq(*first, '\'');
		ck_assert_str_eq(first + 1, formulas[i]);
	}
	json_decref(names);
	sample_free(r);
}
END_TEST

/* --- TAP ------------------------------------------------------------------------------------- */

struct tap {
	size_t plan, tests, ok, skipped, todo, comments;
	bool is_in_yaml;
};

/* A directive begins at the first # that no backslash is before. */
static const char *directive(const char *s)
{
	for (; *s; s++) {
		if (*s == '\\' && s[1])
			s++;
		else if (*s == '#')
			return s;
	}
	return NULL;
}

static void read_test(struct tap *t, const char *line, bool is_ok)
{
	char *end = NULL;
	ck_assert_uint_eq(strtoul(line, &end, 10), ++t->tests);
	ck_assert_msg(starts_with(end, " - "), "%s", line);
	const char *d = directive(end);
	bool is_skip = d && starts_with(d, "# SKIP "), is_todo = d && starts_with(d, "# TODO ");
	ck_assert_msg(!d || is_skip || is_todo, "%s", line);
	ck_assert(!d || !directive(d + 1));
	t->ok += is_ok && !is_skip;
	t->skipped += is_ok && is_skip;
	t->todo += !is_ok && is_todo;
}

static void read_line(struct tap *t, const char *line)
{
	if (t->is_in_yaml) {
		ck_assert_msg(starts_with(line, "  "), "%s", line);
		t->is_in_yaml = !streq(line, "  ...");
	} else if (streq(line, "  ---")) {
		t->is_in_yaml = true;
	} else if (starts_with(line, "# ")) {
		ck_assert_ptr_null(directive(line + 1));
		t->comments++;
	} else if (starts_with(line, "ok ")) {
		read_test(t, line + 3, true);
	} else {
		ck_assert_msg(starts_with(line, "not ok "), "%s", line);
		read_test(t, line + 7, false);
	}
}

START_TEST(tap)
{
	struct report *r = sample_new();
	struct rule *rule = (struct rule *)(uintptr_t)r->results[5].rule;
	rule->title = "ends here # SKIP not at all \\# TODO";
	AUTO_FREE char *out = written(r, "tap");
	struct tap t = { 0 };
	char *rest = out;

	ck_assert_str_eq(strsep(&rest, "\n"), "TAP version 13");
	const char *plan = strsep(&rest, "\n");
	ck_assert(starts_with(plan, "1.."));
	t.plan = strtoul(plan + 3, NULL, 10);
	for (const char *line; *rest && (line = strsep(&rest, "\n")) != NULL;)
		read_line(&t, line);
	ck_assert(!t.is_in_yaml);
	ck_assert_uint_eq(t.tests, t.plan);
	ck_assert_uint_eq(t.tests, r->n_results + 1);
	ck_assert_uint_eq(t.ok, r->summary.count[SW_PASS] + 1);
	ck_assert_uint_eq(t.skipped, r->summary.count[SW_SKIP] + r->summary.count[SW_WARN]);
	ck_assert_uint_eq(t.todo, r->summary.waived);
	CLEANUP(notes_done) struct notes notes = report_notes(r);
	ck_assert_uint_eq(t.comments, notes.n);
	sample_free(r);
}
END_TEST

/* --- Prometheus ------------------------------------------------------------------------------ */

static size_t name_length(const char *s)
{
	return strspn(s, "abcdefghijklmnopqrstuvwxyz_");
}

/* {name="value",…}: the length; the value of the label wanted, unescaped, as *ret. */
static size_t read_labels(const char *s, const char *wanted, char **ret)
{
	const char *p = s;
	ck_assert_int_eq(*p++, '{');
	for (bool is_more = true; is_more; p++) {
		AUTO_TEXT struct text value = { 0 };
		size_t n = name_length(p);
		AUTO_FREE char *name = xstrndup(p, n);
		ck_assert(n > 0 && starts_with(p + n, "=\""));
		for (p += n + 2; *p != '"'; p++) {
			ck_assert(*p && *p != '\n');
			if (*p == '\\')
				ck_assert(*++p == '\\' || *p == '"' || *p == 'n');
			text_add_char(&value, *p);
		}
		if (ret && streq(name, wanted))
			*ret = text_take(&value);
		p++;
		is_more = *p == ',';
		ck_assert(is_more || *p == '}');
	}
	return (size_t)(p - s);
}

START_TEST(prometheus)
{
	static const char hostile[] = "6.1\"} 0\n\\\xe2\x80\xae";
	struct report *r = sample_new();
	r->target.kernel = hostile;
	AUTO_FREE char *out = written(r, "prometheus");
	AUTO_FREE char *kernel = NULL, *family = xstrdup("");
	json_t *series = json_object(), *families = json_object();
	size_t rules = 0, findings = 0;
	char *rest = out;

	for (char *line; *rest && (line = strsep(&rest, "\n")) != NULL;) {
		if (starts_with(line, "# HELP ")) {
			free(family);
			family = xstrndup(line + 7, name_length(line + 7));
			assert_new(families, family);
			AUTO_FREE char *type = xasprintf("# TYPE %s gauge", family);
			ck_assert_str_eq(strsep(&rest, "\n"), type);
			continue;
		}
		size_t n = name_length(line);
		ck_assert_msg(n == strlen(family) && starts_with(line, family), "%s", line);
		bool is_info = streq(family, "seaworthy_target_info");
		if (line[n] == '{')
			n += read_labels(line + n, "kernel", is_info ? &kernel : NULL);
		ck_assert_int_eq(line[n], ' ');
		char *end = NULL;
		double value = strtod(line + n + 1, &end);
		ck_assert(end > line + n + 1 && !*end);
		line[n] = '\0';
		assert_new(series, line);
		rules += streq(family, "seaworthy_rules") ? (size_t)value : 0;
		findings += streq(family, "seaworthy_findings") ? (size_t)value : 0;
	}
	AUTO_FREE char *wanted = clean(hostile);
	ck_assert_str_eq(kernel, wanted);
	ck_assert_uint_eq(rules, r->n_results);
	ck_assert_uint_eq(findings, count_findings(r, 0, OUTCOME_SKIP));
	json_decref(series);
	json_decref(families);
	sample_free(r);
}
END_TEST

/* --- JSON ------------------------------------------------------------------------------------ */

static void check_sarif_result(const json_t *result, const json_t *rules, const json_t *bases)
{
	const json_t *location = json_array_get(json_object_get(result, "locations"), 0);
	const json_t *artifact =
		json_object_get(json_object_get(location, "physicalLocation"), "artifactLocation");
	const json_t *index = json_object_get(result, "ruleIndex");
	const json_t *rule = json_array_get(rules, (size_t)json_integer_value(index));

	ck_assert_str_eq(string_of(rule, "id"), string_of(result, "ruleId"));
	ck_assert(streq(string_of(result, "kind"), "fail") !=
		  streq(string_of(result, "level"), "none"));
	ck_assert_ptr_nonnull(json_object_get(bases, string_of(artifact, "uriBaseId")));
	assert_uri(string_of(artifact, "uri"));
	ck_assert_ptr_null(strchr(string_of(json_object_get(result, "message"), "text"), '\n'));
}

START_TEST(sarif)
{
	bool is_all = _i == 1;
	struct report *r = sample_new();
	json_t *root = written_json(r, is_all ? "sarif:all" : "sarif"), *seen = json_object();
	json_t *run = json_array_get(json_object_get(root, "runs"), 0), *result;
	const json_t *driver = json_object_get(json_object_get(run, "tool"), "driver");
	const json_t *rules = json_object_get(driver, "rules");
	size_t i, suppressed = 0;

	ck_assert_uint_eq(json_array_size(rules), r->n_results);
	ck_assert_uint_eq(json_array_size(json_object_get(run, "results")),
			  count_findings(r, 0, is_all ? OUTCOME_SKIP : OUTCOME_REVIEW));
	json_array_foreach(json_object_get(run, "results"), i, result)
	{
		const json_t *prints = json_object_get(result, "partialFingerprints");
		check_sarif_result(result, rules, json_object_get(run, "originalUriBaseIds"));
		assert_new(seen, string_of(prints, "seaworthy/v1"));
		suppressed += json_object_get(result, "suppressions") != NULL;
	}
	ck_assert_uint_eq(suppressed,
			  is_all ? count_findings(r, OUTCOME_WAIVED, OUTCOME_WAIVED) : 0);
	json_decref(seen);
	json_decref(root);
	sample_free(r);
}
END_TEST

START_TEST(gitlab)
{
	struct report *r = sample_new();
	json_t *root = written_json(r, "gitlab"), *seen = json_object(), *entry;
	size_t i;

	ck_assert_uint_eq(json_array_size(root),
			  count_findings(r, 0, OUTCOME_REVIEW) + r->warnings.n);
	json_array_foreach(root, i, entry)
	{
		const json_t *location = json_object_get(entry, "location");
		ck_assert_uint_eq(json_object_size(entry), 5);
		assert_new(seen, string_of(entry, "fingerprint"));
		assert_uri(string_of(location, "path"));
		ck_assert(*string_of(entry, "description") && *string_of(entry, "check_name"));
	}
	json_decref(seen);
	json_decref(root);
	sample_free(r);
}
END_TEST

START_TEST(docker_bench)
{
	struct report *r = sample_new();
	struct rule *rule = (struct rule *)(uintptr_t)r->results[5].rule;
	rule->title = "By hand (Manual) and (mAnUaL)"; /* which importers drop */
	json_t *root = written_json(r, "docker-bench"), *section, *result;
	json_int_t passes = 0, warns = 0, n = 0;
	size_t i, k;

	json_array_foreach(json_object_get(root, "tests"), i, section)
		json_array_foreach(json_object_get(section, "results"), k, result)
	{
		const char *word = string_of(result, "result");
		n++;
		passes += streq(word, "PASS");
		warns += streq(word, "WARN");
		ck_assert_ptr_null(strcasestr(string_of(result, "desc"), "(manual)"));
	}
	ck_assert_int_eq(n, (json_int_t)r->n_results);
	ck_assert_int_eq(json_integer_value(json_object_get(root, "checks")), n);
	ck_assert_int_eq(json_integer_value(json_object_get(root, "score")), passes - warns);
	ck_assert_int_eq(passes, (json_int_t)r->summary.count[SW_PASS]);
	ck_assert_int_eq(json_integer_value(json_object_get(root, "end")), 1795320001);
	json_decref(root);
	sample_free(r);
}
END_TEST

START_TEST(ndjson)
{
	struct report *r = sample_new();
	AUTO_FREE char *out = written(r, "ndjson");
	json_t *last = NULL;
	json_int_t results = 0, findings = 0;
	char *rest = out;

	for (const char *line; *rest && (line = strsep(&rest, "\n")) != NULL;) {
		json_decref(last);
		last = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
		ck_assert_msg(last != NULL, "%s", line);
		ck_assert(*string_of(last, "hostname") && *string_of(last, "started"));
		results += streq(string_of(last, "type"), "result");
		findings += streq(string_of(last, "type"), "finding");
	}
	ck_assert_str_eq(string_of(last, "type"), "end");
	ck_assert_int_eq(json_integer_value(json_object_get(last, "results")), results);
	ck_assert_int_eq(json_integer_value(json_object_get(last, "findings")), findings);
	ck_assert_int_eq(findings, (json_int_t)count_findings(r, 0, OUTCOME_SKIP));
	json_decref(last);
	sample_free(r);
}
END_TEST

/* --- lines for a runner and a monitor -------------------------------------------------------- */

START_TEST(github)
{
	static const char *const commands[] = { "::error title=", "::warning title=",
						"::notice title=" };
	struct report *r = sample_new();
	struct rule *rule = (struct rule *)(uintptr_t)r->results[5].rule;
	rule->title = "a,b::c%0A";
	AUTO_FREE char *out = written(r, "github");
	size_t count[ARRAY_SIZE(commands)] = { 0 }, at = 0;
	char *rest = out;

	ck_assert_ptr_nonnull(strstr(out, "2.2 a%2Cb%3A%3Ac%250A (medium"));
	for (const char *line; *rest && (line = strsep(&rest, "\n")) != NULL;) {
		while (at < ARRAY_SIZE(commands) && !starts_with(line, commands[at]))
			at++; /* the worst first */
		ck_assert_msg(at < ARRAY_SIZE(commands), "%s", line);
		count[at]++;
		const char *title = line + strlen(commands[at]);
		ck_assert(starts_with(title + strcspn(title, ":,"), "::"));
	}
	ck_assert_uint_eq(count[0], r->summary.count[SW_FAIL] + r->summary.count[SW_UNKNOWN]);
	ck_assert_uint_eq(count[1], r->summary.count[SW_WARN] + r->warnings.n);
	ck_assert_uint_eq(count[2], 1);
	sample_free(r);
}
END_TEST

START_TEST(nagios)
{
	struct report *r = sample_new();
	r->results[5].reason = "a | fail=0;;;0";
	AUTO_FREE char *out = written(r, "nagios");
	const char *bar = strchr(out, '|');

	ck_assert(bar && bar < strchr(out, '\n'));
	ck_assert_ptr_null(strchr(bar + 1, '|'));
	/* Much to tell is cut where we say so, not where the monitor cuts. */
	AUTO_FREE char *reason = xalloc(3000);
	memset(reason, 'x', 2999);
	for (size_t i = 0; i < r->n_results; i++)
		r->results[i].reason = reason;
	AUTO_FREE char *cut = written(r, "nagios");
	ck_assert_uint_lt(strlen(cut), 8 << 10);
	ck_assert_ptr_nonnull(strstr(cut, " rules more\nselection: "));
	sample_free(r);
}
END_TEST

/* Of networks two may have one name, and of images many have none. */
START_TEST(keys_differ)
{
	struct report *r = sample_new();
	struct result res = r->results[11];
	struct subject same[4] = { 0 };
	struct finding findings[4] = { 0 };
	char keys[4][17];

	for (size_t i = 0; i < 4; i++) {
		same[i] = (struct subject){ .kind = i < 2 ? SW_NETWORK : SW_IMAGE,
					    .id = i % 2 ? "a" : "b",
					    .name = i < 2 ? "net" : "",
					    .image = "" };
		findings[i].subject = &same[i];
	}
	res.findings = findings;
	res.n_findings = 4;
	for (size_t i = 0; i < 4; i++) {
		finding_key(&res, i, keys[i]);
		for (size_t k = 0; k < i; k++)
			ck_assert_str_ne(keys[i], keys[k]);
	}
	same[0].id = "recreated";
	char again[17];
	ck_assert_str_eq(finding_key(&res, 0, again), keys[0]);
	sample_free(r);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("report_sinks", &suite);

	tcase_add_test(tc, csv);
	tcase_add_test(tc, tap);
	tcase_add_test(tc, prometheus);
	tcase_add_loop_test(tc, sarif, 0, 2);
	tcase_add_test(tc, gitlab);
	tcase_add_test(tc, docker_bench);
	tcase_add_test(tc, ndjson);
	tcase_add_test(tc, github);
	tcase_add_test(tc, nagios);
	tcase_add_test(tc, keys_differ);
	return harness_run(suite);
}
