/* SPDX-License-Identifier: Apache-2.0 */
/* t_engine.c: from records to findings, results and the exit status, with rules made by hand. */
#include "collector.h"
#include "engine_private.h"
#include "harness.h"
#include "index.h"

/* --- checks that say what their subject tells them to ----------------------------------------- */

static enum sw_verdict obeys(struct sw_eval *e)
{
	static const struct {
		const char *word;
		enum sw_verdict (*say)(struct sw_eval *e, const char *format, ...) SW_PRINTF(2, 3);
	} words[] = {
		{ "fail", sw_fail }, { "unknown", sw_unknown }, { "warn", sw_warn },
		{ "pass", sw_pass }, { "skip", sw_skip },
	};
	const char *word = sw_str(e, sw_arg(e), "absent");
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (streq(words[i].word, word))
			return words[i].say(e, "told to %s", word);
	return sw_fail(e, "told nothing");
}

/* Fails when another container has the same partner. */
static enum sw_verdict is_alone(struct sw_eval *e)
{
	return sw_count(e, "@index/container") > 1 ? sw_fail(e, "is not alone") : SW_PASS;
}

#define CHECK(slug, k, s, a, ...)                                                                  \
	{                                                                                          \
		.id = (slug), .kind = (k), .severity = (s), .title = "t", .why = "w",              \
		.wanted = "w", .remedy = "r", .fn = obeys, .arg = (a), __VA_ARGS__                 \
	}

enum { LOW, MEDIUM, HIGH, CRITICAL, RUNNING, WHOLE, ENGINE, HOST, IMAGE, CHECKS };
static const struct sw_check checks[CHECKS] = {
	[LOW] = CHECK("c.low", SW_CONTAINER, SW_LOW, "Say", .needs = SW_NEEDS_KERNEL),
	[MEDIUM] = CHECK("c.medium", SW_CONTAINER, SW_MEDIUM, "Say", .needs = 0),
	[HIGH] = CHECK("c.high", SW_CONTAINER, SW_HIGH, "Say", .needs = SW_NEEDS_EXECS),
	[CRITICAL] = CHECK("c.critical", SW_CONTAINER, SW_CRITICAL, "Say", .needs = 0),
	[RUNNING] = CHECK("c.running", SW_CONTAINER, SW_LOW, "Say", .flags = SW_RUNNING),
	[WHOLE] = { .id = "c.whole",
		    .kind = SW_CONTAINER,
		    .severity = SW_LOW,
		    .fn = is_alone,
		    .flags = SW_WHOLE },
	[ENGINE] = CHECK("e.one", SW_ENGINE, SW_LOW, "info/Say", .needs = 0),
	[HOST] = CHECK("h.one", SW_HOST, SW_LOW, "kernel/Say", .needs = 0),
	[IMAGE] = CHECK("i.one", SW_IMAGE, SW_LOW, "Inspect/Say", .needs = 0),
};

/* --- a run over records written as JSON: [[kind, id, body], …] ---------------------------------
 */

#define START                                                                                      \
	"[\"snapshot\",\"\",{\"started\":\"2026-01-02T03:04:05Z\",\"privileged\":true,\"live\":"   \
	"true}]"
#define TREE                                                                                       \
	"[\"snapshot\",\"\",{\"started\":\"2026-01-02T03:04:05Z\",\"root\":true,\"live\":false}]"
#define END ",[\"end\",\"\",{\"finished\":\"2026-01-02T03:04:06Z\"}]"
#define SAY(id, word)                                                                              \
	",[\"container\",\"" id "\",{\"Name\":\"/n-" id                                            \
	"\",\"State\":{\"Running\":true},\"Say\":\"" word "\"}]"
#define STOPPED(id, word)                                                                          \
	",[\"container\",\"" id "\",{\"Name\":\"/n-" id                                            \
	"\",\"State\":{\"Running\":false},\"Say\":\"" word "\"}]"
#define UNCLEAR(id, word)                                                                          \
	",[\"container\",\"" id "\",{\"State\":{\"$unread\":\"x\"},\"Say\":\"" word "\"}]"
#define POP(l, d, g)                                                                               \
	",[\"population\",\"container\",{\"listed\":" l ",\"delivered\":" d ",\"gone\":" g         \
	",\"error\":null}]"
#define POP_ERROR(why)                                                                             \
	",[\"population\",\"container\",{\"listed\":0,\"delivered\":0,\"gone\":0,\"error\":\"" why \
	"\"}]"
#define POP_RAW(body) ",[\"population\",\"container\"," body "]"
#define INFO(body)    ",[\"engine\",\"info\"," body "]"
#define NONE          "{\"socket\":null,\"binary\":null,\"unit\":null,\"process\":null}"
#define PRESENT(body, named)                                                                       \
	",[\"engine\",\"info\",{\"$unread\":\"ENOENT: no socket\"}],[\"engine\",\"present\"," body \
	"],[\"engine\",\"endpoint\",{\"url\":\"unix:///x\",\"named\":" named                       \
	",\"local\":true}]" POP_ERROR("ENOENT: no socket")

struct scenario {
	const char *records;
	unsigned rules;      /* 1 << check */
	const char *fail_on; /* NULL: low */
	bool is_named;
	const char *subjects[3];
	/* wanted */
	int exit;
	const char *verdict; /* of the first result */
	const char *reason;  /* part of it */
	size_t findings;     /* of the first result; 0: any number */
	bool incomplete;
	const char *idle; /* the pattern of --subject that selects nothing */
};

static struct rule rules[CHECKS];
static struct profile profile = {
	.id = "hand", .title = "By hand", .version = "1", .rules = rules
};

static struct report *run(const struct scenario *s, struct judge **ret)
{
	static const struct selection all;
	static struct profile *profiles[] = { &profile };
	json_error_t e;
	size_t i;
	json_t *record;
	profile.n_rules = 0;
	for (i = 0; i < CHECKS; i++)
		if (s->rules & 1u << i)
			rules[profile.n_rules++] = (struct rule){ .profile = &profile,
								  .ref = "1",
								  .group = "1",
								  .title = "t",
								  .check = &checks[i],
								  .selected = true };
	AUTO_FREE char *text = xasprintf("[%s]", s->records);
	json_t *records = json_loads(text, 0, &e);
	ck_assert_msg(records, "%s: %s", e.text, text);
	*ret = judge_new(
		&(struct judge_options){ .profiles = profiles,
					 .n_profiles = 1,
					 .profiles_named = s->is_named,
					 .selection = &all,
					 .fail_on = s->fail_on ? s->fail_on : "low",
					 .subject_patterns = s->subjects[0] ? s->subjects : NULL,
					 .now = "2026-01-02" });
	json_array_foreach(records, i, record) judge_record(
		*ret, json_string_value(json_array_get(record, 0)),
		json_string_value(json_array_get(record, 1)), json_array_get(record, 2));
	json_decref(records);
	return judge_finish(*ret, 1.5);
}

#define BIT(c) (1u << (c))
static const struct scenario scenarios[] = {
	/* the order of verdicts, worst first */
	{ .records = START SAY("a", "pass") SAY("b", "pass") POP("2", "2", "0") END,
	  .rules = BIT(LOW),
	  .exit = 0,
	  .verdict = "pass",
	  .reason = "2 of 2 containers",
	  .findings = 2 },
	{ .records = START SAY("a", "pass") SAY("b", "skip") POP("2", "2", "0") END,
	  .rules = BIT(LOW),
	  .exit = 0,
	  .verdict = "pass",
	  .reason = "1 of 2 containers" },
	{ .records = START SAY("a", "pass") SAY("b", "warn") POP("2", "2", "0") END,
	  .rules = BIT(LOW),
	  .exit = 0,
	  .verdict = "warn",
	  .reason = "1 of 2 containers: told to warn (n-b)" },
	{ .records = START SAY("a", "warn") SAY("b", "unknown") POP("2", "2", "0") END,
	  .rules = BIT(LOW),
	  .exit = 3,
	  .verdict = "unknown",
	  .reason = "told to unknown (n-b)" },
	{ .records = START SAY("a", "unknown") SAY("b", "fail") POP("2", "2", "0") END,
	  .rules = BIT(LOW),
	  .exit = 1,
	  .verdict = "fail",
	  .reason = "told to fail (n-b)" },
	{ .records = START SAY("a", "skip") POP("1", "1", "0") END,
	  .rules = BIT(LOW),
	  .exit = 0,
	  .verdict = "skip" },
	/* what makes exit 1 */
	{ .records = START SAY("a", "fail") POP("1", "1", "0") END,
	  .rules = BIT(LOW),
	  .fail_on = "medium",
	  .exit = 0,
	  .verdict = "fail" },
	{ .records = START SAY("a", "fail") POP("1", "1", "0") END,
	  .rules = BIT(MEDIUM),
	  .fail_on = "medium",
	  .exit = 1,
	  .verdict = "fail" },
	{ .records = START SAY("a", "fail") POP("1", "1", "0") END,
	  .rules = BIT(MEDIUM),
	  .fail_on = "high",
	  .exit = 0,
	  .verdict = "fail" },
	{ .records = START SAY("a", "fail") POP("1", "1", "0") END,
	  .rules = BIT(HIGH),
	  .fail_on = "high",
	  .exit = 1,
	  .verdict = "fail" },
	{ .records = START SAY("a", "fail") POP("1", "1", "0") END,
	  .rules = BIT(HIGH),
	  .fail_on = "critical",
	  .exit = 0,
	  .verdict = "fail" },
	{ .records = START SAY("a", "fail") POP("1", "1", "0") END,
	  .rules = BIT(CRITICAL),
	  .fail_on = "critical",
	  .exit = 1,
	  .verdict = "fail" },
	{ .records = START SAY("a", "fail") POP("1", "1", "0") END,
	  .rules = BIT(LOW) | BIT(CRITICAL),
	  .fail_on = "critical",
	  .exit = 1,
	  .verdict = "fail" },
	{ .records = START SAY("a", "fail") POP("1", "1", "0") END,
	  .rules = BIT(CRITICAL),
	  .fail_on = "never",
	  .exit = 0,
	  .verdict = "fail" },
	{ .records = START SAY("a", "unknown") POP("1", "1", "0") END,
	  .rules = BIT(LOW),
	  .fail_on = "never",
	  .exit = 0,
	  .verdict = "unknown" },
	{ .records = START SAY("a", "warn") POP("1", "1", "0") END,
	  .rules = BIT(LOW),
	  .fail_on = "warn",
	  .exit = 1,
	  .verdict = "warn" },
	{ .records = START SAY("a", "fail") POP("1", "1", "0") END,
	  .rules = BIT(LOW),
	  .fail_on = "warn",
	  .exit = 1,
	  .verdict = "fail" },
	/* a fail that does not count leaves the unknown that does */
	{ .records = START SAY("a", "fail") SAY("b", "unknown") POP("2", "2", "0") END,
	  .rules = BIT(LOW),
	  .fail_on = "high",
	  .exit = 3,
	  .verdict = "fail" },
	/* a profile that was named and decided nothing */
	{ .records = START POP("0", "0", "0") END,
	  .rules = BIT(LOW),
	  .is_named = true,
	  .exit = 3,
	  .verdict = "skip",
	  .reason = "there is no container" },
	{ .records = START POP("0", "0", "0") END,
	  .rules = BIT(LOW),
	  .exit = 0,
	  .verdict = "skip",
	  .reason = "there is no container" },
	{ .records = START SAY("a", "warn") POP("1", "1", "0") END,
	  .rules = BIT(LOW),
	  .is_named = true,
	  .exit = 0,
	  .verdict = "warn" },
	/* a population that is not whole */
	{ .records = START SAY("a", "pass") POP("2", "1", "0") END,
	  .rules = BIT(LOW),
	  .exit = 3,
	  .verdict = "unknown",
	  .reason = "not every container was seen: 2 were listed and 1 came",
	  .findings = 2,
	  .incomplete = true },
	{ .records = START SAY("a", "pass") POP("2", "2", "0") END,
	  .rules = BIT(LOW),
	  .exit = 3,
	  .verdict = "unknown",
	  .incomplete = true },
	{ .records = START SAY("a", "pass") POP("1", "2", "0") END,
	  .rules = BIT(LOW),
	  .exit = 3,
	  .verdict = "unknown",
	  .incomplete = true },
	{ .records = START SAY("a", "fail") POP("2", "1", "0") END,
	  .rules = BIT(LOW),
	  .exit = 1,
	  .verdict = "fail",
	  .findings = 2,
	  .incomplete = true },
	{ .records = START SAY("a", "pass") POP_ERROR("HTTP 500") END,
	  .rules = BIT(LOW),
	  .exit = 3,
	  .verdict = "unknown",
	  .reason = "HTTP 500",
	  .incomplete = true },
	{ .records = START SAY("a", "pass") END,
	  .rules = BIT(LOW),
	  .exit = 3,
	  .verdict = "unknown",
	  .reason = "were not collected" },
	{ .records = START END,
	  .rules = BIT(IMAGE),
	  .exit = 3,
	  .verdict = "unknown",
	  .reason = "were not collected" },
	{ .records = START POP_RAW("{}") END,
	  .rules = BIT(LOW),
	  .exit = 3,
	  .verdict = "unknown",
	  .reason = "cannot be understood",
	  .incomplete = true },
	{ .records = START POP_RAW("7") END,
	  .rules = BIT(LOW),
	  .exit = 3,
	  .verdict = "unknown",
	  .incomplete = true },
	{ .records = START POP_RAW("{\"$unread\":\"x\"}") END,
	  .rules = BIT(LOW),
	  .exit = 3,
	  .verdict = "unknown",
	  .incomplete = true },
	{ .records = START POP_RAW("{\"listed\":0,\"delivered\":0,\"gone\":0,\"error\":{}}") END,
	  .rules = BIT(LOW),
	  .exit = 3,
	  .verdict = "unknown",
	  .incomplete = true },
	/* gone is accounted for */
	{ .records = START SAY("a", "pass") POP("2", "1", "1") END,
	  .rules = BIT(LOW),
	  .exit = 0,
	  .verdict = "pass",
	  .findings = 1 },
	{ .records = START POP("2", "0", "2") END,
	  .rules = BIT(LOW),
	  .exit = 0,
	  .verdict = "skip" },
	/* no end */
	{ .records = START SAY("a", "pass") POP("1", "1", "0"),
	  .rules = BIT(LOW),
	  .exit = 3,
	  .verdict = "unknown",
	  .reason = "ended before",
	  .incomplete = true },
	{ .records = START INFO("{\"Say\":\"pass\"}"),
	  .rules = BIT(ENGINE),
	  .exit = 3,
	  .verdict = "unknown",
	  .reason = "ended before",
	  .incomplete = true },
	{ .records = START ",[\"host\",\"kernel\",{\"Say\":\"pass\"}]",
	  .rules = BIT(HOST),
	  .exit = 3,
	  .verdict = "unknown",
	  .reason = "ended before",
	  .incomplete = true },
	{ .records = START INFO("{\"Say\":\"fail\"}"),
	  .rules = BIT(ENGINE),
	  .exit = 1,
	  .verdict = "fail",
	  .incomplete = true },
	{ .records = "",
	  .rules = BIT(ENGINE) | BIT(LOW) | BIT(HOST),
	  .exit = 3,
	  .verdict = "unknown",
	  .incomplete = true },
	/* engine and host */
	{ .records = START INFO("{\"Say\":\"pass\"}") END,
	  .rules = BIT(ENGINE),
	  .exit = 0,
	  .verdict = "pass",
	  .reason = "told to pass" },
	{ .records = START INFO("{\"$unread\":\"EACCES: no\"}") END,
	  .rules = BIT(ENGINE),
	  .exit = 3,
	  .verdict = "unknown",
	  .reason = "info/Say: EACCES: no" },
	{ .records = START END, .rules = BIT(ENGINE), .exit = 3, .verdict = "unknown" },
	{ .records = START ",[\"host\",\"kernel\",{\"Say\":\"pass\"}]" END,
	  .rules = BIT(HOST),
	  .exit = 0,
	  .verdict = "pass" },
	{ .records = START END, .rules = BIT(HOST), .exit = 3, .verdict = "unknown" },
	/* running ones only, and one that may be running */
	{ .records = START STOPPED("a", "fail") SAY("b", "pass") POP("2", "2", "0") END,
	  .rules = BIT(RUNNING),
	  .exit = 0,
	  .verdict = "pass",
	  .findings = 1 },
	{ .records = START STOPPED("a", "fail") POP("1", "1", "0") END,
	  .rules = BIT(RUNNING),
	  .exit = 0,
	  .verdict = "skip",
	  .reason = "there is no running container",
	  .findings = 1 },
	{ .records = START UNCLEAR("a", "fail") POP("1", "1", "0") END,
	  .rules = BIT(RUNNING),
	  .exit = 1,
	  .verdict = "fail" },
	/* several at once */
	{ .records = START SAY("a", "pass") POP("1", "1", "0") END,
	  .rules = BIT(WHOLE),
	  .exit = 0,
	  .verdict = "pass",
	  .findings = 1 },
	{ .records = START SAY("a", "pass") STOPPED("b", "pass") POP("2", "2", "0") END,
	  .rules = BIT(WHOLE),
	  .exit = 1,
	  .verdict = "fail",
	  .reason = "2 of 2 containers: is not alone (n-a, n-b)",
	  .findings = 2 },
	{ .records = START SAY("a", "pass") POP("2", "1", "0") END,
	  .rules = BIT(WHOLE),
	  .exit = 3,
	  .verdict = "unknown",
	  .findings = 2,
	  .incomplete = true },
	/* --subject: by name, image or the beginning of an id */
	{ .records = START SAY("a1", "fail") SAY("b1", "pass") POP("2", "2", "0") END,
	  .rules = BIT(LOW),
	  .subjects = { "n-b1" },
	  .exit = 0,
	  .verdict = "pass",
	  .findings = 1 },
	{ .records = START SAY("a1", "fail") SAY("b1", "pass") POP("2", "2", "0") END,
	  .rules = BIT(LOW),
	  .subjects = { "n-*" },
	  .exit = 1,
	  .verdict = "fail",
	  .findings = 2 },
	{ .records = START SAY("a1", "fail") SAY("b1", "pass") POP("2", "2", "0") END,
	  .rules = BIT(LOW),
	  .subjects = { "x", "b" },
	  .exit = 0,
	  .verdict = "pass",
	  .findings = 1,
	  .idle = "x" },
	{ .records = START SAY("a1", "fail") POP("1", "1", "0") END,
	  .rules = BIT(LOW),
	  .subjects = { "nosuch" },
	  .exit = 0,
	  .verdict = "skip",
	  .reason = "that --subject selects",
	  .idle = "nosuch" },
	{ .records = START SAY("a1", "pass") SAY("b1", "pass") POP("2", "2", "0") END,
	  .rules = BIT(LOW),
	  .subjects = { "n-b1", "x" },
	  .exit = 0,
	  .verdict = "pass",
	  .idle = "x" },
	/* it may be one of those that were not seen */
	{ .records = START SAY("a1", "pass") POP("2", "1", "0") END,
	  .rules = BIT(LOW),
	  .subjects = { "nosuch" },
	  .exit = 3,
	  .verdict = "unknown",
	  .incomplete = true },
	{ .records = START SAY("a1", "pass") END,
	  .rules = BIT(LOW),
	  .subjects = { "nosuch" },
	  .exit = 3,
	  .verdict = "unknown" },
	{ .records = START SAY("a1", "pass") POP("1", "1", "0"),
	  .rules = BIT(LOW),
	  .subjects = { "nosuch" },
	  .exit = 3,
	  .verdict = "unknown",
	  .incomplete = true },
	{ .records = START PRESENT(NONE, "false") END,
	  .rules = BIT(LOW),
	  .subjects = { "nosuch" },
	  .exit = 0,
	  .verdict = "skip",
	  .idle = "nosuch" },
	{ .records = START SAY("a1", "pass") POP("1", "1", "0") END,
	  .rules = BIT(WHOLE),
	  .subjects = { "nosuch" },
	  .exit = 0,
	  .verdict = "skip",
	  .idle = "nosuch" },
	/* no engine: skip only if nothing of one is there and none was named */
	{ .records = START PRESENT(NONE, "false") END,
	  .rules = BIT(ENGINE) | BIT(LOW),
	  .verdict = "skip",
	  .reason = "no engine",
	  .exit = 0 },
	{ .records = START PRESENT(NONE, "true") END,
	  .rules = BIT(ENGINE),
	  .exit = 3,
	  .verdict = "unknown",
	  .reason = "ENOENT",
	  .incomplete = true },
	{ .records = START PRESENT("{\"socket\":\"/run/"
				   "docker.sock\",\"binary\":null,\"unit\":null,\"process\":null}",
				   "false") END,
	  .rules = BIT(LOW),
	  .exit = 3,
	  .verdict = "unknown",
	  .reason = "ENOENT: no socket",
	  .incomplete = true },
	{ .records = START PRESENT("{\"socket\":null,\"binary\":null,\"unit\":null,\"process\":{\"$"
				   "unread\":\"EACCES\"}}",
				   "false") END,
	  .rules = BIT(ENGINE),
	  .exit = 3,
	  .verdict = "unknown",
	  .incomplete = true },
	{ .records = START PRESENT("{\"socket\":null,\"binary\":null,\"unit\":null}", "false") END,
	  .rules = BIT(ENGINE),
	  .exit = 3,
	  .verdict = "unknown",
	  .incomplete = true },
	{ .records = START PRESENT("{\"$unread\":\"EPIPE\"}", "false") END,
	  .rules = BIT(ENGINE),
	  .exit = 3,
	  .verdict = "unknown",
	  .incomplete = true },
	/* a tree: what only a running system could say is skipped, all else is not */
	{ .records = TREE INFO("{\"$unread\":\"" NEEDS_RUNNING "\"}") POP_ERROR(NEEDS_RUNNING) END,
	  .rules = BIT(ENGINE) | BIT(LOW),
	  .exit = 0,
	  .verdict = "skip",
	  .reason = NEEDS_RUNNING },
	{ .records = TREE INFO("{\"$unread\":\"EACCES\"}") POP_ERROR(NEEDS_RUNNING) END,
	  .rules = BIT(ENGINE),
	  .exit = 3,
	  .verdict = "unknown" },
	{ .records = TREE POP_ERROR("EIO") END,
	  .rules = BIT(LOW),
	  .exit = 3,
	  .verdict = "unknown",
	  .incomplete = true },
	{ .records = START INFO("{\"$unread\":\"" NEEDS_RUNNING "\"}") END,
	  .rules = BIT(ENGINE),
	  .exit = 3,
	  .verdict = "unknown" },
	/* records of no meaning change nothing */
	{ .records = START ",[\"nosuch\",\"x\",{}],[\"population\",\"nosuch\",{}]" SAY("a", "pass")
		  POP("1", "1", "0") END,
	  .rules = BIT(LOW),
	  .exit = 0,
	  .verdict = "pass" },
	/* wrong types in what describes a subject */
	{ .records = START
	  ",[\"container\",\"a\",{\"Name\":7,\"State\":[],\"Config\":\"x\",\"Say\":\"pass\"}]" POP(
		  "1", "1", "0") END,
	  .rules = BIT(LOW) | BIT(WHOLE) | BIT(RUNNING),
	  .exit = 0,
	  .verdict = "pass" },
	{ .records = START ",[\"container\",\"a\",[1]]" POP("1", "1", "0") END,
	  .rules = BIT(LOW),
	  .exit = 3,
	  .verdict = "unknown" },
	{ .records = START ",[\"container\",\"a\",{\"$unread\":\"x\"}]" POP("1", "1", "0") END,
	  .rules = BIT(LOW),
	  .exit = 3,
	  .verdict = "unknown" },
};

START_TEST(rolls_up)
{
	const struct scenario *s = &scenarios[_i];
	struct judge *j;
	struct report *r = run(s, &j);
	const struct result *first = &r->results[0];
	ck_assert_msg(r->exit_status == s->exit, "row %d: exit %d, not %d", _i, r->exit_status,
		      s->exit);
	ck_assert_msg(streq(verdict_name(first->verdict), s->verdict), "row %d: %s (%s), not %s",
		      _i, verdict_name(first->verdict), first->reason, s->verdict);
	ck_assert_msg(!s->reason || strstr(first->reason, s->reason), "row %d: reason '%s'", _i,
		      first->reason);
	ck_assert_msg(!s->findings || first->n_findings == s->findings, "row %d: %zu findings", _i,
		      first->n_findings);
	ck_assert_msg(r->complete != s->incomplete, "row %d: complete %d", _i, r->complete);
	const char *idle = judge_idle_pattern(j);
	ck_assert_msg(streq(idle ? idle : "", s->idle ? s->idle : ""), "row %d: idle '%s'", _i,
		      idle ? idle : "");
	size_t n = r->summary.waived;
	for (size_t i = 0; i < SW_VERDICTS; i++)
		n += r->summary.count[i];
	ck_assert_uint_eq(n, r->n_results);
	judge_free(j);
}
END_TEST

/* --- single things --------------------------------------------------------------------------- */

START_TEST(findings_are_sorted)
{
	struct judge *j;
	struct report *r =
		run(&(struct scenario){ .records = START SAY("c", "pass") SAY("a", "fail")
						SAY("d", "skip") SAY("b", "warn") POP("5", "4", "0")
							END,
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
	struct report *r =
		run(&(struct scenario){ .records = START SAY("1", "fail") SAY("2", "fail")
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
	struct report *r = run(
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
	struct report *r =
		run(&(struct scenario){ .records = START INFO("{\"Say\":\"pass\"}") SAY("a", "pass")
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
	struct report *r = run(&(struct scenario){ .records = START INFO("{\"$unread\":\"x\"}") END,
						   .rules = BIT(ENGINE) },
			       &j);
	ck_assert_ptr_null(r->results[0].findings[0].evidence[0].value);
	judge_free(j);
	r = run(&(struct scenario){ .records = START INFO("{}") END, .rules = BIT(ENGINE) }, &j);
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
	static struct profile *profiles[] = { &profile };
	unsigned needs, kinds;
	struct judge *j;
	run(&(struct scenario){ .records = START END, .rules = BIT(LOW) | BIT(HIGH) | BIT(ENGINE) },
	    &j);
	rules[1].selected = false;
	judge_needs(&(struct judge_options){ .profiles = profiles, .n_profiles = 1 }, &needs,
		    &kinds);
	ck_assert_uint_eq(needs, SW_NEEDS_KERNEL);
	ck_assert_uint_eq(kinds, 1u << SW_CONTAINER | 1u << SW_ENGINE);
	judge_free(j);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("engine", &suite);
	tcase_add_loop_test(tc, rolls_up, 0, ARRAY_SIZE(scenarios));
	tcase_add_test(tc, findings_are_sorted);
	tcase_add_test(tc, names_are_capped);
	tcase_add_test(tc, report_has_a_head);
	tcase_add_test(tc, evidence_has_its_source);
	tcase_add_test(tc, unread_evidence_has_no_value);
	tcase_add_loop_test(tc, sources_of_facts, 0, ARRAY_SIZE(sources));
	tcase_add_test(tc, labels_are_capped);
	tcase_add_test(tc, index_keeps_what_is_unread);
	tcase_add_test(tc, needs_of_selected_rules);
	return harness_run(suite);
}
