/* SPDX-License-Identifier: Apache-2.0 */
/* t_findings.c: findings, their order, evidence and subjects, and the head of the report. */
#include "harness.h"
#include "index.h"
#include "scenario.h"

START_TEST(findings_are_sorted)
{
	struct judge *j;
	struct report *r =
		scenario_run(&(struct scenario){ .records = START SAY("c", "pass") SAY("a", "fail")
							 SAY("d", "skip") SAY("b", "warn")
								 POP("5", "4", "0") END,
						 .rules = BIT(LOW) },
			     &j);
	static const char *const names[] = { "", "n-a", "n-b", "n-c", "n-d" };
	ck_assert_uint_eq(r->results[0].n_findings, 5);
	for (size_t i = 0; i < 5; i++)
		ck_assert_str_eq(r->results[0].findings[i].subject->name, names[i]);
	for (size_t i = 0; i < SW_VERDICTS; i++)
		ck_assert_uint_eq(r->results[0].counts[i], 1);
	judge_free(j);
}
END_TEST

START_TEST(names_are_capped)
{
	struct judge *j;
	struct report *r = scenario_run(
		&(struct scenario){ .records = START SAY("1", "fail") SAY("2", "fail")
					    SAY("3", "fail") SAY("4", "fail") SAY("5", "fail")
						    SAY("6", "fail") SAY("7", "fail")
							    POP("7", "7", "0") END,
				    .rules = BIT(LOW) },
		&j);
	ck_assert_str_eq(r->results[0].reason,
			 "7 of 7 containers: told to fail (n-1, n-2, n-3, n-4, n-5 and 2 more)");
	judge_free(j);
}
END_TEST

START_TEST(report_has_a_head)
{
	struct judge *j;
	struct report *r = scenario_run(
		&(struct scenario){
			.records = START INFO("{\"ServerVersion\":\"1.2\"}") SAY("a", "pass")
				STOPPED("b", "pass") ",[\"host\",\"kernel\",{\"hostname\":\"h\"}]"
						     ",[\"host\",\"mounts\",{\"$unread\":\"EACCES: "
						     "m\"}]" POP("2", "2", "0") END,
			.rules = BIT(LOW) },
		&j);
	ck_assert_str_eq(r->started, "2026-01-02T03:04:05Z");
	ck_assert_str_eq(r->finished, "2026-01-02T03:04:06Z");
	ck_assert_str_eq(r->target.kind, "live");
	ck_assert_str_eq(r->target.hostname, "h");
	ck_assert_str_eq(r->target.engine_version, "1.2");
	ck_assert(r->target.has_engine && r->as_root && !r->missing_privilege);
	ck_assert_uint_eq(r->target.containers, 2);
	ck_assert_uint_eq(r->target.running, 1);
	ck_assert_double_eq(r->took, 1.5);
	bool is_listed = false;
	for (size_t i = 0; i < r->n_unread; i++)
		is_listed |= streq(r->unread[i].section, "host/mounts") &&
			     streq(r->unread[i].reason, "EACCES: m");
	ck_assert(is_listed);
	judge_free(j);
}
END_TEST

START_TEST(evidence_has_its_source)
{
	struct judge *j;
	struct report *r = scenario_run(
		&(struct scenario){ .records = START INFO("{\"Say\":\"pass\"}") SAY("a", "pass")
					    SAY("b", "pass") POP("2", "2", "0") END,
				    .rules = BIT(LOW) | BIT(ENGINE) },
		&j);
	const struct finding *a = &r->results[0].findings[0], *b = &r->results[0].findings[1];
	ck_assert_uint_eq(a->n_evidence, 1);
	ck_assert_str_eq(a->evidence[0].source, "GET /containers/…/json");
	ck_assert_str_eq(a->evidence[0].path, "Say");
	ck_assert_str_eq(a->evidence[0].value, "\"pass\"");
	ck_assert_ptr_eq(a->evidence, b->evidence); /* equal lists are kept once */
	ck_assert_str_eq(r->results[1].findings[0].evidence[0].source, "GET /info");
	judge_free(j);
}
END_TEST

START_TEST(unread_evidence_has_no_value)
{
	struct judge *j;
	struct report *r =
		scenario_run(&(struct scenario){ .records = START INFO("{\"$unread\":\"x\"}") END,
						 .rules = BIT(ENGINE) },
			     &j);
	ck_assert_ptr_null(r->results[0].findings[0].evidence[0].value);
	judge_free(j);
	r = scenario_run(
		&(struct scenario){ .records = START INFO("{}") END, .rules = BIT(ENGINE) }, &j);
	ck_assert_str_eq(r->results[0].findings[0].evidence[0].value, "null");
	judge_free(j);
}
END_TEST

static const struct {
	enum sw_kind kind;
	const char *path, *source;
} sources[] = {
	{ SW_CONTAINER, "HostConfig/Privileged", "GET /containers/…/json" },
	{ SW_CONTAINER, "Kernel/Status/CapEff", "/proc/…/status" },
	{ SW_CONTAINER, "KernelMemory", "GET /containers/…/json" },
	{ SW_CONTAINER, "Execs/0/User", "GET /exec/…/json" },
	{ SW_CONTAINER, "@engine/info/Driver", "GET /info" },
	{ SW_CONTAINER, "@host/os/ID", "/etc/os-release" },
	{ SW_CONTAINER, "@index/container", "GET /containers/…/json" },
	{ SW_ENGINE, "networks/bridge", "GET /networks" },
	{ SW_ENGINE, "effective/icc/value", "command line of dockerd" },
	{ SW_ENGINE, "effective/nosuch/value", "the engine" },
	{ SW_ENGINE, "daemon-json/content", "/etc/docker/daemon.json" },
	{ SW_HOST, "kernel/cmdline", "/proc/cmdline" },
	{ SW_HOST, "kernel/release", "uname" },
	{ SW_IMAGE, "History/0", "GET /images/…/history" },
	{ SW_IMAGE, "Inspect/Id", "GET /images/…/json" },
};

START_TEST(sources_of_facts)
{
	json_t *world = json_pack("{s{s{s{ss}} s{ss}}}", "engine", "effective", "icc", "origin",
				  "command line of dockerd", "daemon-json", "path",
				  "/etc/docker/daemon.json");
	struct arena *a = arena_new();
	ck_assert_str_eq(fact_source(a, world, sources[_i].kind, sources[_i].path),
			 sources[_i].source);
	arena_free(a);
	json_decref(world);
}
END_TEST

START_TEST(labels_are_capped)
{
	struct arena *a = arena_new();
	json_t *labels = json_object();
	for (int i = 0; i < 100; i++) {
		AUTO_FREE char *name = xasprintf("label-%03d", i);
		json_object_set_new(labels, name,
				    json_string("0123456789012345678901234567890123456789"));
	}
	json_object_set_new(labels, "com.docker.compose.project", json_string("shop"));
	json_object_set_new(labels, "number", json_integer(7));
	json_t *body = json_pack("{ss s{so}}", "Name", "/x", "Config", "Labels", labels);
	struct subject *s = index_subject(a, SW_CONTAINER, "id", body);
	size_t bytes = 0;
	const char *name;
	json_t *value;
	json_object_foreach(s->labels, name, value) bytes +=
		strlen(name) + json_string_length(value);
	ck_assert(s->labels_cut);
	ck_assert_uint_lt(bytes, 2048 + 256);
	ck_assert_uint_gt(bytes, 1024);
	ck_assert_ptr_nonnull(json_object_get(s->labels, "com.docker.compose.project"));
	ck_assert_ptr_null(json_object_get(s->labels, "number"));
	index_subject_done(s);
	json_decref(body);
	arena_free(a);
}
END_TEST

/* Nobody's name is so long that another one's finding is not seen. */
START_TEST(names_are_shortened)
{
	struct arena *a = arena_new();
	AUTO_FREE char *name = xalloc(65537);
	memset(name, 'n', 65536);
	json_t *body = json_pack("{ss s{ss} ss}", "Name", name, "Config", "Image", name, "Image",
				 "sha256:0");
	struct subject *s = index_subject(a, SW_CONTAINER, "id", body);
	ck_assert_uint_le(strlen(s->name), 600);
	ck_assert_uint_le(strlen(s->image), 600);
	ck_assert_ptr_nonnull(strstr(s->name, "…"));
	json_decref(body);
	arena_free(a);
}
END_TEST

START_TEST(index_keeps_what_is_unread)
{
	json_t *body = json_pack("{ss s{ss} s{sb} s{ss ss} s[s]}", "Id", "x", "State", "$unread",
				 "why", "HostConfig", "Privileged", 1, "Kernel", "$unread",
				 "EACCES", "more", "x", "Mounts", "y");
	json_t *entry = index_entry(body);
	ck_assert_str_eq(
		json_string_value(json_object_get(json_object_get(entry, "State"), "$unread")),
		"why");
	ck_assert(
		json_is_true(json_object_get(json_object_get(entry, "HostConfig"), "Privileged")));
	ck_assert_ptr_null(json_object_get(entry, "Mounts"));
	json_decref(entry);
	json_decref(body);
}
END_TEST

START_TEST(needs_of_selected_rules)
{
	static struct profile *profiles[] = { &scenario_profile };
	unsigned needs, kinds;
	struct judge *j;
	scenario_run(&(struct scenario){ .records = START END,
					 .rules = BIT(LOW) | BIT(HIGH) | BIT(ENGINE) },
		     &j);
	scenario_profile.rules[1].selected = false;
	judge_needs(profiles, 1, &needs, &kinds);
	ck_assert_uint_eq(needs, SW_NEEDS_KERNEL);
	ck_assert_uint_eq(kinds, 1u << SW_CONTAINER | 1u << SW_ENGINE);
	judge_free(j);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("findings", &suite);
	tcase_add_test(tc, findings_are_sorted);
	tcase_add_test(tc, names_are_capped);
	tcase_add_test(tc, report_has_a_head);
	tcase_add_test(tc, evidence_has_its_source);
	tcase_add_test(tc, unread_evidence_has_no_value);
	tcase_add_loop_test(tc, sources_of_facts, 0, ARRAY_SIZE(sources));
	tcase_add_test(tc, labels_are_capped);
	tcase_add_test(tc, names_are_shortened);
	tcase_add_test(tc, index_keeps_what_is_unread);
	tcase_add_test(tc, needs_of_selected_rules);
	return harness_run(suite);
}
