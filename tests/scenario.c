/* SPDX-License-Identifier: Apache-2.0 */
/* scenario.c: see scenario.h. */
#include "scenario.h"

#include "harness.h"

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

/* For which all containers must be known. */
static enum sw_verdict is_alone(struct sw_eval *e)
{
	return sw_count(e, "@index/container") > 1 ? sw_fail(e, "is not alone") : SW_PASS;
}

static enum sw_verdict peer_says(struct sw_eval *e)
{
	return sw_pass(e, "a says %s",
		       sw_str(e, "@index/container/a/Kernel/Namespaces", "nothing"));
}

#define CHECK(slug, k, s, a, ...)                                                                  \
	{                                                                                          \
		.id = (slug), .kind = (k), .severity = (s), .title = "t", .why = "w",              \
		.wanted = "w", .remedy = "r", .fn = obeys, .arg = (a), __VA_ARGS__                 \
	}

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
	[PEER] = { .id = "c.peer",
		   .kind = SW_CONTAINER,
		   .severity = SW_LOW,
		   .fn = peer_says,
		   .flags = SW_WHOLE },
	[PEER_KERNEL] = { .id = "c.peer-kernel",
			  .kind = SW_CONTAINER,
			  .severity = SW_LOW,
			  .fn = peer_says,
			  .flags = SW_WHOLE | SW_INDEX_KERNEL },
	[ENGINE] = CHECK("e.one", SW_ENGINE, SW_LOW, "info/Say", .needs = 0),
	[HOST] = CHECK("h.one", SW_HOST, SW_LOW, "kernel/Say", .needs = 0),
	[IMAGE] = CHECK("i.one", SW_IMAGE, SW_LOW, "Inspect/Say", .needs = 0),
};

/* --- the run ---------------------------------------------------------------------------------- */

static struct rule rules[CHECKS];
struct profile scenario_profile = {
	.id = "hand", .title = "By hand", .version = "1", .rules = rules
};

struct report *scenario_run(const struct scenario *s, struct judge **ret)
{
	static const struct selection all;
	static struct profile *profiles[] = { &scenario_profile };
	json_error_t e;
	size_t i;
	json_t *record;
	scenario_profile.n_rules = 0;
	for (i = 0; i < CHECKS; i++)
		if (s->rules & 1u << i)
			rules[scenario_profile.n_rules++] =
				(struct rule){ .profile = &scenario_profile,
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
