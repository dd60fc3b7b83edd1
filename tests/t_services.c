/* SPDX-License-Identifier: Apache-2.0 */
/* t_services.c: which rules judge the services of a swarm, and what it means when not all were
 * seen. */
#include "engine_private.h"
#include "harness.h"

static enum sw_verdict is_good(struct sw_eval *e)
{
	return sw_bool(e, "HostConfig/Good", false) ? SW_PASS : sw_fail(e, "is not good");
}

static enum sw_verdict has_mode(struct sw_eval *e)
{
	return *sw_str(e, "HostConfig/NetworkMode", "") ? SW_PASS : sw_fail(e, "has no mode");
}

static enum sw_verdict few_containers(struct sw_eval *e)
{
	return sw_count(e, "@index/container") < 2 ? SW_PASS : sw_fail(e, "too many");
}

enum { PLAIN, BOTH, RUNNING, WHOLE, SERVICE, ENGINE, CHECKS };

static const struct sw_check checks[CHECKS] = {
	[PLAIN] = { .id = "c.plain", .kind = SW_CONTAINER, .severity = SW_LOW, .fn = is_good },
	[BOTH] = { .id = "c.both",
		   .kind = SW_CONTAINER,
		   .severity = SW_LOW,
		   .fn = is_good,
		   .flags = SW_SERVICES },
	[RUNNING] = { .id = "c.running",
		      .kind = SW_CONTAINER,
		      .severity = SW_LOW,
		      .fn = is_good,
		      .flags = SW_SERVICES | SW_RUNNING },
	[WHOLE] = { .id = "c.whole",
		    .kind = SW_CONTAINER,
		    .severity = SW_LOW,
		    .fn = has_mode,
		    .flags = SW_SERVICES | SW_WHOLE },
	[SERVICE] = { .id = "s.one", .kind = SW_SERVICE, .severity = SW_LOW, .fn = is_good },
	[ENGINE] = { .id = "e.whole",
		     .kind = SW_ENGINE,
		     .severity = SW_LOW,
		     .fn = few_containers,
		     .flags = SW_WHOLE },
};

#define START "[\"snapshot\",\"\",{\"started\":\"2026-01-02T03:04:05Z\",\"live\":true}]"
#define END   ",[\"end\",\"\",{}]"
#define STATE(state, controls)                                                                     \
	",[\"engine\",\"info\",{\"Swarm\":{\"LocalNodeState\":\"" state                            \
	"\",\"ControlAvailable\":" controls "}}]"
#define ONE(kind, id, good)                                                                        \
	",[\"" kind "\",\"" id "\",{\"Id\":\"" id "\",\"Name\":\"" id                              \
	"\",\"State\":{\"Running\":false},\"HostConfig\":"                                         \
	"{\"NetworkMode\":\"x\",\"Good\":" good "}}]"
#define ALL(kind, n)                                                                               \
	",[\"population\",\"" kind "\",{\"listed\":" n ",\"delivered\":" n                         \
	",\"gone\":0,\"error\":null}]"
#define LOST(kind)                                                                                 \
	",[\"population\",\"" kind                                                                 \
	"\",{\"listed\":0,\"delivered\":0,\"gone\":0,\"error\":\"HTTP 503\"}]"
#define OFF     START STATE("inactive", "false")
#define MANAGER START STATE("active", "true")
#define WORKER  START STATE("active", "false")
#define LOCKED  START STATE("locked", "false")

struct row {
	const char *records;
	int check;
	const char *wanted; /* "kind verdict, …" of the findings in their order */
	const char *reason; /* part of the result's */
};

static const struct row rows[] = {
	/* both are judged, by the rules that say so */
	{ MANAGER ONE("service", "s", "false") ONE("container", "c", "true") ALL("container", "1")
		  ALL("service", "1") END,
	  BOTH, "container pass, service fail, ", "1 of 2 subjects: is not good (s)" },
	{ MANAGER ONE("service", "s", "false") ONE("container", "c", "true") ALL("container", "1")
		  ALL("service", "1") END,
	  PLAIN, "container pass, ", "1 of 1 containers" },
	{ MANAGER ONE("service", "s", "true") ALL("container", "0") ALL("service", "1") END, BOTH,
	  "service pass, ", "1 of 1 services" },
	{ MANAGER ONE("service", "s", "true") ONE("container", "c", "true") ALL("container", "1")
		  ALL("service", "1") END,
	  RUNNING, "service pass, ", NULL },
	{ MANAGER ONE("service", "s", "true") ONE("container", "c", "true") ALL("container", "1")
		  ALL("service", "1") END,
	  WHOLE, "container pass, service pass, ", NULL },
	{ MANAGER ALL("container", "0") ALL("service", "0") END, BOTH, "engine skip, ",
	  "there is no container" },
	/* not all services were seen */
	{ MANAGER ONE("container", "c", "true") ALL("container", "1") LOST("service") END, BOTH,
	  "engine unknown, container pass, ", "not every service was seen: HTTP 503" },
	{ MANAGER ONE("container", "c", "false") ALL("container", "1") LOST("service") END, BOTH,
	  "engine unknown, container fail, ", "1 of 1 containers: is not good" },
	{ MANAGER ONE("container", "c", "true") ALL("container", "1") END, BOTH,
	  "engine unknown, container pass, ", "they were not collected" },
	{ MANAGER ONE("container", "c", "true") ALL("container", "1") ALL("service", "1") END, BOTH,
	  "engine unknown, container pass, ", "1 were listed and 0 came" },
	{ MANAGER ONE("container", "c", "true") ALL("container", "1") LOST("service") END, PLAIN,
	  "container pass, ", NULL },
	{ LOCKED ONE("container", "c", "true") ALL("container", "1") LOST("service") END, BOTH,
	  "engine unknown, container pass, ", NULL },
	{ LOCKED ALL("container", "0") LOST("service") END, WHOLE, "engine skip, engine unknown, ",
	  "not every service" },
	{ START ",[\"engine\",\"info\",{\"$unread\":\"x\"}]" ONE("container", "c", "true")
		  ALL("container", "1") END,
	  BOTH, "engine unknown, container pass, ", NULL },
	/* a worker cannot see them, and where there is no swarm there are none */
	{ WORKER ONE("container", "c", "true") ALL("container", "1") LOST("service") END, BOTH,
	  "engine skip, container pass, ", "1 of 1 containers" },
	{ OFF ONE("container", "c", "true") ALL("container", "1") END, BOTH, "container pass, ",
	  NULL },
	/* rules of services alone */
	{ OFF ALL("container", "0") END, SERVICE, "engine skip, ", "not in a swarm" },
	{ WORKER ALL("container", "0") LOST("service") END, SERVICE, "engine unknown, ",
	  "HTTP 503" },
	{ MANAGER ALL("container", "0") ALL("service", "0") END, SERVICE, "engine skip, ",
	  "no service" },
	{ MANAGER ONE("service", "s", "true") ALL("service", "1") END, SERVICE, "service pass, ",
	  NULL },
	{ MANAGER ONE("service", "s", "true") ALL("service", "2") END, SERVICE,
	  "engine unknown, service pass, ", NULL },
	/* a rule of the engine that looks at all containers */
	{ OFF ONE("container", "c", "true") ALL("container", "1") END, ENGINE, "engine pass, ",
	  NULL },
	{ OFF ONE("container", "c", "true") ONE("container", "d", "true") ALL("container", "2") END,
	  ENGINE, "engine fail, ", "too many" },
	{ OFF LOST("container") END, ENGINE, "engine unknown, ", "not every container was seen" },
	{ OFF END, ENGINE, "engine unknown, ", "they were not collected" },
	{ OFF ALL("container", "0"), ENGINE, "engine unknown, ", "ended before" },
};

static struct rule rule;
static struct profile profile = {
	.id = "hand", .title = "By hand", .version = "1", .rules = &rule, .n_rules = 1
};
static struct profile *profiles[] = { &profile };
static const struct selection all;

static struct judge_options options_for(int check)
{
	rule = (struct rule){ .profile = &profile,
			      .ref = "1",
			      .group = "1",
			      .title = "t",
			      .check = &checks[check],
			      .selected = true };
	return (struct judge_options){ .profiles = profiles,
				       .n_profiles = 1,
				       .selection = &all,
				       .fail_on = "low",
				       .now = "2026-01-02" };
}

START_TEST(findings)
{
	const struct row *row = &rows[_i];
	struct judge_options o = options_for(row->check);
	struct judge *j = judge_new(&o);
	AUTO_FREE char *text = xasprintf("[%s]", row->records);
	char *got = xstrdup("");
	json_t *records = json_loads(text, 0, NULL), *record;
	size_t i;

	ck_assert_ptr_nonnull(records);
	json_array_foreach(records, i, record) judge_record(
		j, json_string_value(json_array_get(record, 0)),
		json_string_value(json_array_get(record, 1)), json_array_get(record, 2));
	const struct result *r = &judge_finish(j, 1)->results[0];
	for (i = 0; i < r->n_findings; i++) {
		char *old = got;
		got = xasprintf("%s%s %s, ", old, kind_name(r->findings[i].subject->kind),
				verdict_name(r->findings[i].verdict));
		free(old);
	}
	ck_assert_msg(streq(got, row->wanted), "row %d: %s", _i, got);
	ck_assert_msg(!row->reason || strstr(r->reason, row->reason), "row %d: %s", _i, r->reason);
	free(got);
	json_decref(records);
	judge_free(j);
}
END_TEST

START_TEST(needs)
{
	static const unsigned wanted[CHECKS] = {
		[PLAIN] = 1u << SW_CONTAINER,
		[BOTH] = 1u << SW_CONTAINER | 1u << SW_SERVICE,
		[RUNNING] = 1u << SW_CONTAINER | 1u << SW_SERVICE,
		[WHOLE] = 1u << SW_CONTAINER | 1u << SW_SERVICE,
		[SERVICE] = 1u << SW_SERVICE,
		[ENGINE] = 1u << SW_ENGINE | 1u << SW_CONTAINER,
	};
	struct judge_options o = options_for(_i);
	unsigned got_needs, kinds;

	judge_needs(o.profiles, o.n_profiles, &got_needs, &kinds);
	ck_assert_uint_eq(kinds, wanted[_i]);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tcase = harness_group("services", &suite);

	tcase_add_loop_test(tcase, findings, 0, (int)ARRAY_SIZE(rows));
	tcase_add_loop_test(tcase, needs, 0, CHECKS);
	return harness_run(suite);
}
