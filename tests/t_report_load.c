/* SPDX-License-Identifier: Apache-2.0 */
/* t_report_load.c: a saved report is the same report again, and a broken one is refused by name. */
#include <jansson.h>

#include "harness.h"
#include "report_load.h"
#include "report_sample.h"

static char *written(const struct report *r, const struct sink *sink)
{
	static const struct report_options options = { .width = 100, .verbose = true };
	char *out = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&out, &n);

	ck_assert_int_eq(sink->write(r, &options, f), 0);
	fclose(f);
	return out;
}

static char *sample_json(void)
{
	struct report *sample = sample_new();
	char *json = written(sample, sink_find("json"));

	sample_free(sample);
	return json;
}

/* What a run prints, and what is printed of it later, are the same bytes in every format. */
START_TEST(prints_the_same)
{
	const struct sink *sink = sinks[_i];
	struct report *sample = sample_new(), *loaded = NULL;
	struct err err = { 0 };

	if (!sink->load || sink->load(&err) == 0) {
		sample->took = -1;
		AUTO_FREE char *json = written(sample, sink_find("json"));
		AUTO_FREE char *before = written(sample, sink);
		ck_assert_msg(report_load("x", json, strlen(json), &loaded, &err) == 0, "%s",
			      err.text);
		AUTO_FREE char *after = written(loaded, sink);
		ck_assert_msg(streq(before, after), "the %s report is another one", sink->name);
	}
	err_done(&err);
	report_unload(loaded);
	sample_free(sample);
}
END_TEST

/* The object or list that holds the last step of path. */
static json_t *holder(json_t *root, const char *path, const char **ret_step)
{
	AUTO_FREE char *copy = xstrdup(path);
	char *rest = copy, *step;

	*ret_step = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	while ((step = strsep(&rest, "/")) && rest)
		root = json_is_array(root) ? json_array_get(root, strtoul(step, NULL, 10))
					   : json_object_get(root, step);
	return root;
}

static char *refused(json_t *root)
{
	AUTO_FREE char *json = json_dumps(root, JSON_COMPACT);
	struct report *r = NULL;
	struct err err = { 0 };
	char *said = NULL;

	if (report_load("x.json", json, strlen(json), &r, &err) < 0)
		said = xstrdup(err.text);
	report_unload(r);
	err_done(&err);
	return said;
}

static const char *const wanted[] = {
	"tool",
	"tool/version",
	"tool/sandbox",
	"now",
	"complete",
	"exit",
	"fail_on",
	"selection",
	"selection/only",
	"unread",
	"as_root",
	"target",
	"target/os",
	"target/kind",
	"profiles",
	"profiles/0/id",
	"profiles/0/rules",
	"profiles/0/rules/defined",
	"profiles/0/summary/waived",
	"profiles/0/groups",
	"summary",
	"summary/fail",
	"results",
	"results/0/profile",
	"results/0/ref",
	"results/0/check",
	"results/0/severity",
	"results/0/verdict",
	"results/0/waived",
	"results/0/reason",
	"results/0/params",
	"results/0/findings",
	"results/0/findings/0/subject",
	"results/0/findings/0/subject/kind",
	"results/0/findings/0/subject/labels",
	"results/0/findings/0/verdict",
	"results/0/findings/0/evidence",
};

/* Without a member, and with one of another type. */
START_TEST(says_what_is_missing)
{
	AUTO_FREE char *json = sample_json();
	const char *step;

	for (int wrong_type = 0; wrong_type < 2; wrong_type++) {
		json_t *root = json_loads(json, 0, NULL);
		json_t *at = holder(root, wanted[_i], &step);
		ck_assert_msg(json_object_get(at, step), "the sample has no %s", wanted[_i]);
		if (wrong_type)
			json_object_set_new(at, step, json_real(0.5));
		else
			json_object_del(at, step);
		AUTO_FREE char *said = refused(root);
		ck_assert_msg(said && strstr(said, step) && strstr(said, "x.json: "),
			      "%s: was told '%s'", wanted[_i], said ? said : "nothing");
		json_decref(root);
	}
}
END_TEST

static const struct {
	const char *path, *value, *told;
} bad[] = {
	{ "seaworthy", "2", "x.json: is a report of version 2; this seaworthy reads version 1" },
	{ "seaworthy", "\"1\"", "x.json: is no report of seaworthy: it has no version" },
	{ "results/0/verdict", "\"passed\"", "'passed' is no verdict" },
	{ "results/0/severity", "\"grave\"", "'grave' is no severity" },
	{ "results/0/profile", "\"other\"", "a result is of profile 'other', which is not listed" },
	{ "results/0/findings", "[]", "has no finding" },
	{ "summary/fail", "-1", "'fail' is missing or no number" },
	{ "results/0/findings/0/subject/kind", "\"pod\"", "'pod' is no kind of subject" },
	{ "exit", "4", "4 is no exit status" },
	{ "exit", "4294967296", "is no exit status" },
	{ "summary/pass", "90", "x.json: its summary does not count its results" },
	{ "results", "[]", "its summary does not count its results" },
	{ "profiles/0/summary/pass", "90", "does not count its results" },
	{ "results/5/findings/0/verdict", "\"pass\"", "is fail, and its worst finding is pass" },
	{ "results/8/findings/0/verdict", "\"unknown\"", "its worst finding is unknown" },
	{ "results/15/findings/0/waiver", "null", "is waived, and its findings are not" },
};

START_TEST(refuses)
{
	AUTO_FREE char *json = sample_json();
	json_t *root = json_loads(json, 0, NULL);
	const char *step;
	json_t *at = holder(root, bad[_i].path, &step);

	json_object_set_new(at, step, json_loads(bad[_i].value, JSON_DECODE_ANY, NULL));
	AUTO_FREE char *said = refused(root);
	ck_assert_msg(said && strstr(said, bad[_i].told), "was told '%s'", said ? said : "nothing");
	json_decref(root);
}
END_TEST

/* Cut anywhere, it is refused with the place. */
START_TEST(refuses_what_is_cut)
{
	AUTO_FREE char *json = sample_json();
	size_t n = strlen(json);

	for (size_t cut = 0; cut < n - 2; cut += 997) {
		struct report *r = NULL;
		struct err err = { 0 };
		ck_assert_int_lt(report_load("x.json", json, cut, &r, &err), 0);
		ck_assert_ptr_nonnull(strstr(err.text, "x.json:"));
		err_done(&err);
	}
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *group = harness_group("report_load", &suite);
	int n_sinks = 0;

	while (sinks[n_sinks])
		n_sinks++;
	tcase_add_loop_test(group, prints_the_same, 0, n_sinks);
	tcase_add_loop_test(group, says_what_is_missing, 0, ARRAY_SIZE(wanted));
	tcase_add_loop_test(group, refuses, 0, ARRAY_SIZE(bad));
	tcase_add_test(group, refuses_what_is_cut);
	return harness_run(suite);
}
