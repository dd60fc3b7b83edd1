/* SPDX-License-Identifier: Apache-2.0 */
/* t_fleet.c: many reports as one: what is read is what the report says, and nothing broken counts.
 */
#include <jansson.h>

#include "eval.h"
#include "fleet.h"
#include "harness.h"
#include "report_load.h"
#include "report_sample.h"

static char *sample_json(void)
{
	static const struct report_options options = { .width = 100 };
	struct report *sample = sample_new();
	char *out = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&out, &n);

	ck_assert_int_eq(sink_find("json")->write(sample, &options, f), 0);
	fclose(f);
	sample_free(sample);
	return out;
}

static struct fleet *read_text(const char *json, size_t n)
{
	struct fleet *f = fleet_new();
	CLEANUP(json_pull_free_p) struct json_pull *p = json_pull_new(json, n, -1);
	fleet_read(f, "x.json", p);
	return f;
}

/* Each rule comes to what it comes to in the report itself. */
START_TEST(is_the_report)
{
	AUTO_FREE char *json = sample_json();
	CLEANUP(fleet_free_p) struct fleet *f = read_text(json, strlen(json));
	CLEANUP(report_unload_p) struct report *r = NULL;
	struct err err = { 0 };
	size_t count[OUTCOMES] = { 0 };

	ck_assert_int_eq(report_load("x.json", json, strlen(json), &r, &err), 0);
	ck_assert_msg(f->n_refused == 0, "%s", f->n_refused ? f->refused[0].reason : "");
	fleet_finish(f);
	ck_assert_uint_eq(f->n_counted, 1);
	ck_assert_str_eq(f->hosts[0].hostname, r->target.hostname);
	ck_assert(starts_with(f->hosts[0].selection, "only [125].*\nonly H-*\nskip 5.9x"));
	ck_assert(ends_with(f->hosts[0].selection, "\nlevel 2\n"));
	ck_assert_str_eq(f->hosts[0].machine, r->target.machine);
	ck_assert_int_eq(f->hosts[0].complete, r->complete);
	ck_assert_uint_eq(f->hosts[0].n_unread, r->n_unread);
	r->fail_on = "low";
	for (size_t i = 0; i < r->n_results; i++)
		count[result_outcome(r, &r->results[i])]++;
	for (int o = 0; o < OUTCOMES; o++)
		ck_assert_uint_eq(f->hosts[0].count[o], count[o]);
}
END_TEST

/* Cut anywhere it is refused, and the one after it is read. */
START_TEST(what_is_cut)
{
	AUTO_FREE char *json = sample_json();
	size_t n = strlen(json) - 1;

	for (size_t cut = 1; cut < n; cut += 1009) {
		struct text two = { 0 };
		text_add_n(&two, json, cut);
		CLEANUP(fleet_free_p) struct fleet *alone = read_text(text_str(&two), two.len);
		text_add(&two, "\n");
		text_add(&two, json);
		CLEANUP(fleet_free_p) struct fleet *f = read_text(text_str(&two), two.len);
		ck_assert_uint_eq(alone->n_hosts, 0);
		ck_assert_uint_eq(alone->n_refused, 1);
		ck_assert_uint_eq(f->n_hosts, 1);
		ck_assert_uint_eq(f->n_refused, 1);
		text_done(&two);
	}
}
END_TEST

/* One byte that holds JSON together is taken away: nobody takes it for a report. */
START_TEST(what_is_torn)
{
	AUTO_FREE char *json = sample_json();
	size_t n = strlen(json);

	for (size_t at = 0, seen = 0; at < n; at++) {
		if (!strchr("{}[]:,\"", json[at]) || seen++ % 23 != 0)
			continue;
		AUTO_FREE char *torn = xstrdup(json);
		memmove(torn + at, torn + at + 1, n - at);
		json_t *said = json_loadb(torn, n - 1, 0, NULL);
		CLEANUP(fleet_free_p) struct fleet *f = read_text(torn, n - 1);
		ck_assert_msg(said || f->n_hosts == 0, "at byte %zu", at);
		json_decref(said);
	}
}
END_TEST

static const struct {
	const char *path, *value, *told; /* value NULL: without the member */
} bad[] = {
	{ "seaworthy", "2", "is a report of version 2; this seaworthy reads version 1" },
	{ "seaworthy", "\"1\"", "is no report of seaworthy" },
	{ "seaworthy", NULL, "'seaworthy' is missing" },
	{ "kind", "\"snapshot\"", "is no report but a snapshot, for audit --snapshot" },
	{ "kind", "1", "is no report of seaworthy: 'kind' is no text" },
	{ "tool", NULL, "'tool' is missing" },
	{ "complete", NULL, "'complete' is missing" },
	{ "complete", "1", "'complete' is of a wrong type" },
	{ "exit", "-1", "'exit' is of a wrong type" },
	{ "unread", "{}", "'unread' is of a wrong type" },
	{ "target", "[]", "'target' is no object" },
	{ "target/hostname", "1", "'hostname' is of a wrong type" },
	{ "target/engine", "true", "'engine' is no object" },
	{ "summary", NULL, "'summary' is missing" },
	{ "summary/waived", "77", "its summary does not count what its results are" },
	{ "summary/fail", "0", "its summary does not count what its results are" },
	{ "results", "[]", "its summary does not count what its results are" },
	{ "results", "{}", "'results' is no list" },
	{ "selection", NULL, "'selection' is missing" },
	{ "selection/only", "\"1\"", "'only' is no list" },
	{ "selection/skip", "[1]", "'skip' holds what is no text" },
	{ "selection/level", "true", "'level' is no number" },
	{ "results/0/verdict", "\"pass\"", "and its worst finding is" },
	{ "results/0/verdict", "\"flop\"", "'verdict' is of a wrong type or value" },
	{ "results/0/severity", "\"grave\"", "'severity' is of a wrong type or value" },
	{ "results/0/waived", "null", "'waived' is of a wrong type" },
	{ "results/0/findings", "[]", "has no finding" },
	{ "results/0/findings/0/verdict", NULL, "'verdict' is missing" },
	{ "results/0/findings/0/waiver", "false", "'waiver' is no object" },
};

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

START_TEST(refuses)
{
	AUTO_FREE char *json = sample_json();
	json_t *root = json_loads(json, 0, NULL);
	const char *step;
	json_t *at = holder(root, bad[_i].path, &step);

	if (bad[_i].value)
		json_object_set_new(at, step, json_loads(bad[_i].value, JSON_DECODE_ANY, NULL));
	else
		json_object_del(at, step);
	AUTO_FREE char *broken = json_dumps(root, JSON_COMPACT);
	CLEANUP(fleet_free_p) struct fleet *f = read_text(broken, strlen(broken));
	ck_assert_uint_eq(f->n_hosts, 0);
	ck_assert_uint_eq(f->n_refused, 1);
	ck_assert_msg(strstr(f->refused[0].reason, bad[_i].told), "%s: was told '%s'", bad[_i].path,
		      f->refused[0].reason);
	json_decref(root);
}
END_TEST

START_TEST(refuses_what_is_there_twice)
{
	AUTO_FREE char *json = sample_json();
	AUTO_FREE char *twice = xasprintf("{\"complete\": false,%s", json + 1);
	CLEANUP(fleet_free_p) struct fleet *f = read_text(twice, strlen(twice));
	ck_assert_uint_eq(f->n_hosts, 0);
	ck_assert_str_eq(f->refused[0].reason, "'complete' is there twice");
}
END_TEST

/* Two reports of one host, or not: how many count, and which is left. */
static const struct {
	const char *hostname[2], *kind[2], *profiles[2], *endpoint[2], *started[2];
	bool other_cells;
	size_t counted;
	const char *left; /* the file of the one that counts */
} hosts[] = {
	{ { "a", "a" }, { "live", "live" }, { "p", "p" }, { 0 }, { "1", "2" }, true, 1, "f1" },
	{ { "a", "a" }, { "live", "live" }, { "p", "p" }, { 0 }, { "2", "1" }, true, 1, "f0" },
	{ { "a", "a" }, { "live", "snapshot" }, { "p", "p" }, { 0 }, { "2", "1" }, true, 1, "f0" },
	{ { "a", "a" }, { "live", "live" }, { "p", "p" }, { "x" }, { "2", "1" }, true, 1, "f0" },
	{ { "a", "a" }, { "live", "live" }, { "p", "p" }, { 0 }, { "1", "1" }, false, 1, "f0" },
	{ { "a", "a" }, { "live", "live" }, { "p", "p" }, { 0 }, { "1", "1" }, true, 2, NULL },
	{ { "a", "a" }, { "live", "live" }, { "p", "p" }, { 0 }, { "1" }, true, 2, NULL },
	{ { "a", "b" }, { "live", "live" }, { "p", "p" }, { 0 }, { "1", "2" }, true, 2, NULL },
	{ { "a", "a" }, { "live", "root" }, { "p", "p" }, { 0 }, { "1", "2" }, true, 2, NULL },
	{ { "a", "a" }, { "live", "live" }, { "p", "q" }, { 0 }, { "1", "2" }, true, 2, NULL },
	{ { "a", "a" },
	  { "live", "live" },
	  { "p", "p" },
	  { "x", "y" },
	  { "1", "2" },
	  true,
	  2,
	  NULL },
	{ { 0 }, { "live", "live" }, { "p", "p" }, { 0 }, { "1", "2" }, true, 2, NULL },
	{ { "localhost", "localhost" },
	  { "live", "live" },
	  { "p", "p" },
	  { 0 },
	  { "1", "2" },
	  true,
	  2,
	  NULL },
	{ { "(none)", "(none)" },
	  { "live", "live" },
	  { "p", "p" },
	  { 0 },
	  { "1", "2" },
	  true,
	  2,
	  NULL },
	{ { "localhost.localdomain", "localhost.localdomain" },
	  { "live", "live" },
	  { "p", "p" },
	  { 0 },
	  { "1", "2" },
	  true,
	  2,
	  NULL },
};

START_TEST(same_host)
{
	CLEANUP(fleet_free_p) struct fleet *f = fleet_new();
	f->rules = xalloc(sizeof(*f->rules));
	f->rules[0] = (struct fleet_rule){ "p", "1", "a.b", "t", SW_HIGH, { 0 } };
	f->n_rules = 1;
	f->hosts = xalloc(2 * sizeof(*f->hosts));
	for (size_t i = 0; i < 2; i++) {
		f->hosts[i] = (struct fleet_host){ .file = i ? "f1" : "f0",
						   .hostname = hosts[_i].hostname[i],
						   .kind = hosts[_i].kind[i],
						   .profiles = hosts[_i].profiles[i],
						   .endpoint = hosts[_i].endpoint[i],
						   .started = hosts[_i].started[i],
						   .complete = true,
						   .cells = xalloc(1),
						   .n_cells = 1 };
		bool fails = i == 0 && hosts[_i].other_cells;
		f->hosts[i].cells[0] = (fails ? OUTCOME_FAIL : OUTCOME_PASS) + 1;
	}
	f->n_hosts = 2;
	fleet_finish(f);
	ck_assert_uint_eq(f->n_counted, hosts[_i].counted);
	if (hosts[_i].left)
		ck_assert_str_eq(f->hosts[0].file, hosts[_i].left);
	/* the older one is not another host, from which it had to be told apart */
	if (f->n_counted == 1)
		ck_assert_str_eq(f->hosts[0].label, f->hosts[0].hostname);
	if (f->n_counted == 2) {
		ck_assert_str_ne(f->hosts[0].label, f->hosts[1].label);
		ck_assert_str_eq(f->hosts[0].file, "f0"); /* the one that fails is worse */
		ck_assert_uint_eq(f->hosts[0].fails[SW_HIGH], 1);
	}
	ck_assert_uint_eq(f->rules[0].count[OUTCOME_FAIL] + f->rules[0].count[OUTCOME_PASS],
			  hosts[_i].counted);
}
END_TEST

/* Machines of one name, profile and engine. */
static const struct {
	const char *machine[2];
	bool is_same;
} machines[] = {
	{ { "m", "m" }, true },  { { "m", "n" }, false },  { { "m", NULL }, true },
	{ { NULL, "n" }, true }, { { NULL, NULL }, true },
};

START_TEST(same_machine)
{
	struct fleet_host a = { .hostname = "a",
				.profiles = "p",
				.machine = machines[_i].machine[0] };
	struct fleet_host b = { .hostname = "a",
				.profiles = "p",
				.machine = machines[_i].machine[1] };
	ck_assert_int_eq(fleet_is_same_host(&a, &b), machines[_i].is_same);
}
END_TEST

/* A later report that was narrowed tells nothing of what it left out. */
static const struct {
	const char *then, *now;
	size_t counted;
} widths[] = {
	{ NULL, NULL, 1 },       { "only 1\n", NULL, 1 },       { "only 1\n", "only 1\n", 1 },
	{ NULL, "only 1\n", 2 }, { "only 1\n", "only 2\n", 2 },
};

START_TEST(narrower_is_not_newer)
{
	CLEANUP(fleet_free_p) struct fleet *f = fleet_new();
	f->hosts = xalloc(2 * sizeof(*f->hosts));
	f->hosts[0] = f->hosts[1] = (struct fleet_host){
		.hostname = "a",
		.profiles = "p",
		.complete = true,
		.file = "f0",
		.started = "1",
		.selection = widths[_i].then,
	};
	f->hosts[1].file = "f1";
	f->hosts[1].started = "2";
	f->hosts[1].selection = widths[_i].now;
	f->n_hosts = 2;
	fleet_finish(f);
	ck_assert_uint_eq(f->n_counted, widths[_i].counted);
	/* Without a rule that was judged. */
	ck_assert(fleet_is_unknown(&f->hosts[0]));
}
END_TEST

/* Two reports of one host and time: one is enough where they say the same. */
static const struct {
	bool complete[2];
	size_t n_unread[2], n_cells[2], counted;
} twins[] = {
	{ { true, true }, { 0, 0 }, { 1, 1 }, 1 },  { { false, false }, { 1, 1 }, { 1, 1 }, 1 },
	{ { true, false }, { 0, 0 }, { 1, 1 }, 2 }, { { false, true }, { 0, 0 }, { 1, 1 }, 2 },
	{ { true, true }, { 0, 1 }, { 1, 1 }, 2 },  { { true, true }, { 0, 0 }, { 1, 2 }, 2 },
	{ { true, true }, { 0, 0 }, { 2, 1 }, 2 },  { { true, true }, { 0, 0 }, { 2, 2 }, 1 },
};

START_TEST(same_time)
{
	CLEANUP(fleet_free_p) struct fleet *f = fleet_new();
	f->rules = xalloc(2 * sizeof(*f->rules));
	f->rules[0] = (struct fleet_rule){ "p", "1", "a.b", "t", SW_HIGH, { 0 } };
	f->rules[1] = (struct fleet_rule){ "p", "2", "a.c", "t", SW_HIGH, { 0 } };
	f->n_rules = 2;
	f->hosts = xalloc(2 * sizeof(*f->hosts));
	for (size_t i = 0; i < 2; i++) {
		size_t n = twins[_i].n_cells[i];
		f->hosts[i] = (struct fleet_host){ .file = i ? "f1" : "f0",
						   .hostname = "a",
						   .profiles = "p",
						   .started = "1",
						   .complete = twins[_i].complete[i],
						   .n_unread = twins[_i].n_unread[i],
						   .cells = xalloc(n),
						   .n_cells = n };
		memset(f->hosts[i].cells, OUTCOME_PASS + 1, n);
	}
	f->n_hosts = 2;
	fleet_finish(f);
	ck_assert_uint_eq(f->n_counted, twins[_i].counted);
	/* what is not complete is the worse of two */
	if (twins[_i].complete[0] != twins[_i].complete[1])
		ck_assert(!f->hosts[0].complete);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *group = harness_group("fleet", &suite);

	tcase_set_timeout(group, 60);
	tcase_add_test(group, is_the_report);
	tcase_add_loop_test(group, narrower_is_not_newer, 0, ARRAY_SIZE(widths));
	tcase_add_test(group, what_is_cut);
	tcase_add_test(group, what_is_torn);
	tcase_add_loop_test(group, refuses, 0, ARRAY_SIZE(bad));
	tcase_add_test(group, refuses_what_is_there_twice);
	tcase_add_loop_test(group, same_machine, 0, ARRAY_SIZE(machines));
	tcase_add_loop_test(group, same_time, 0, ARRAY_SIZE(twins));
	tcase_add_loop_test(group, same_host, 0, ARRAY_SIZE(hosts));
	return harness_run(suite);
}
