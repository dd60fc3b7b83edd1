/* SPDX-License-Identifier: Apache-2.0 */
/* t_eval.c: reads are sticky, every read knows three states, and verdicts that were said are
 * joined. */
#include "eval.h"
#include "facts.h"
#include "harness.h"

static const char subject_text[] = "{"
				   "\"true\":true,\"false\":false,\"int\":7,\"text\":\"t\","
				   "\"mode\":\"0644\",\"list\":[\"a\",\"b\"],\"mixed\":[\"a\",1],"
				   "\"object\":{\"k/"
				   "1\":1,\"k2\":2},\"null\":null,\"real\":1.5,\"badmode\":"
				   "\"0844\",\"longmode\":\"100644\",\"empty\":\"\","
				   "\"u\":{\"$unread\":\"EACCES: no\"}}";
static const char world_text[] = "{\"engine\":{\"info\":{\"Driver\":\"overlay2\"},"
				 "\"services\":null},\"host\":{}}";

static struct arena *arena;
static json_t *subject, *world;

static void set_up(void)
{
	arena = arena_new();
	subject = json_loads(subject_text, 0, NULL);
	world = json_loads(world_text, 0, NULL);
	ck_assert(subject && world);
}

static void tear_down(void)
{
	json_decref(subject);
	json_decref(world);
	arena_free(arena);
}

static struct eval_outcome run(const struct sw_check *check, json_t *params, const char *mask)
{
	struct eval_outcome o;
	struct eval_input in = { .check = check,
				 .subject = subject,
				 .world = world,
				 .params = params,
				 .arena = arena,
				 .mask = mask };
	eval_run(&in, &o);
	return o;
}

/* --- each read over each state ---------------------------------------------------------------- */

static bool reads_bool(struct sw_eval *e, const char *path)
{
	return sw_bool(e, path, true) && !sw_bool(e, path, false);
}
static bool reads_int(struct sw_eval *e, const char *path)
{
	return sw_int(e, path, -3) == -3;
}
static bool reads_str(struct sw_eval *e, const char *path)
{
	return streq(sw_str(e, path, "fallback"), "fallback");
}
static bool reads_mode(struct sw_eval *e, const char *path)
{
	return sw_mode(e, path, 0123) == 0123;
}
static bool reads_has(struct sw_eval *e, const char *path)
{
	return !sw_has(e, path);
}
static bool reads_count(struct sw_eval *e, const char *path)
{
	return sw_count(e, path) == 0;
}
static bool reads_key(struct sw_eval *e, const char *path)
{
	return streq(sw_key(e, path, 0), "");
}
static bool reads_contains(struct sw_eval *e, const char *path)
{
	return !sw_contains(e, path, "zz");
}

/* Each says whether it got the fallback. */
static const struct reader {
	bool (*got_fallback)(struct sw_eval *e, const char *path);
	const char *known; /* a path of the right type */
	const char *wrong[4];
} readers[] = {
	{ reads_bool, "true", { "int", "text", "list", "real" } },
	{ reads_int, "int", { "true", "text", "object", "real" } },
	{ reads_str, "text", { "true", "int", "list", "object" } },
	{ reads_mode, "mode", { "int", "badmode", "longmode", "empty" } },
	{ reads_has, "int", { NULL } },
	{ reads_count, "list", { "int", "text", "true", "real" } },
	{ reads_key, "object", { "int", "text", "true", "real" } },
	{ reads_contains, "list", { "int", "text", "mixed", "real" } },
};

struct read_test {
	const struct reader *reader;
	const char *path;
	bool got_fallback;
};

static enum sw_verdict reads_once(struct sw_eval *e)
{
	struct read_test *t = (struct read_test *)(uintptr_t)sw_arg(e);
	t->got_fallback = t->reader->got_fallback(e, t->path);
	return SW_PASS;
}

static enum sw_verdict outcome_of(struct read_test *t, const char **ret_reason)
{
	struct sw_check check = { .id = "x", .fn = reads_once, .arg = t };
	struct eval_outcome o = run(&check, NULL, NULL);
	*ret_reason = o.reason;
	ck_assert_uint_eq(o.n_reads, 1);
	ck_assert_str_eq(o.reads[0].path, t->path);
	return o.verdict;
}

START_TEST(every_read)
{
	const struct reader *r = &readers[_i];
	struct read_test known = { r, r->known, true }, absent = { r, "nosuch", false },
			 null = { r, "null", false };
	struct read_test unread = { r, "u", false }, below = { r, "nosuch/x", false };
	const char *reason;
	ck_assert_int_eq(outcome_of(&known, &reason), SW_PASS);
	ck_assert(!known.got_fallback || r->got_fallback == reads_contains);
	ck_assert_int_eq(outcome_of(&absent, &reason), SW_PASS);
	ck_assert(absent.got_fallback);
	ck_assert_int_eq(outcome_of(&null, &reason), SW_PASS);
	ck_assert(null.got_fallback);
	ck_assert_int_eq(outcome_of(&unread, &reason), SW_UNKNOWN);
	ck_assert(unread.got_fallback);
	ck_assert_str_eq(reason, "u: EACCES: no");
	ck_assert_int_eq(outcome_of(&below, &reason), SW_UNKNOWN);
	for (size_t i = 0; i < 4 && r->wrong[i]; i++) {
		struct read_test wrong = { r, r->wrong[i], false };
		ck_assert_msg(outcome_of(&wrong, &reason) == SW_UNKNOWN, "%s", r->wrong[i]);
		ck_assert(starts_with(reason, r->wrong[i]));
	}
}
END_TEST

static enum sw_verdict reads_values(struct sw_eval *e)
{
	ck_assert(sw_bool(e, "true", false) && !sw_bool(e, "false", true));
	ck_assert_int_eq(sw_int(e, "int", 0), 7);
	ck_assert_str_eq(sw_str(e, "text", ""), "t");
	ck_assert_uint_eq(sw_mode(e, "mode", 0), 0644);
	ck_assert_uint_eq(sw_count(e, "list"), 2);
	ck_assert_uint_eq(sw_count(e, "object"), 2);
	ck_assert_str_eq(sw_key(e, "object", 0), "k/1");
	ck_assert_str_eq(sw_key(e, "object", 1), "k2");
	ck_assert_str_eq(sw_key(e, "object", 2), "");
	ck_assert(sw_contains(e, "list", "b") && !sw_contains(e, "list", "c"));
	ck_assert(sw_contains(e, "object", "k2") && !sw_contains(e, "object", "k1"));
	ck_assert_str_eq(sw_str(e, "@engine/info/Driver", ""), "overlay2");
	ck_assert_int_eq(sw_int(e, sw_at(e, "object/%s", sw_esc(e, "k/1")), 0), 1);
	ck_assert_ptr_null(sw_str(e, "nosuch", NULL));
	return SW_PASS;
}

START_TEST(values)
{
	struct eval_outcome o =
		run(&(struct sw_check){ .id = "x", .fn = reads_values }, NULL, NULL);
	ck_assert_int_eq(o.verdict, SW_PASS);
	ck_assert_str_eq(o.reason, "");
	/* each path once, in order of first reading */
	ck_assert_uint_eq(o.n_reads, 10);
	ck_assert_str_eq(o.reads[0].path, "true");
	ck_assert_str_eq(o.reads[7].path, "@engine/info/Driver");
	ck_assert_str_eq(o.reads[9].path, "nosuch");
	ck_assert_ptr_null(o.reads[9].value);
	ck_assert(!o.reads[9].unread);
}
END_TEST

static enum sw_verdict peeks(struct sw_eval *e)
{
	ck_assert(sw_is_known(e, "int") && !sw_is_known(e, "u") && !sw_is_known(e, "nosuch") &&
		  !sw_is_known(e, "null"));
	return SW_PASS;
}

START_TEST(peeking_leaves_no_mark)
{
	struct eval_outcome o = run(&(struct sw_check){ .id = "x", .fn = peeks }, NULL, NULL);
	ck_assert_int_eq(o.verdict, SW_PASS);
	ck_assert_uint_eq(o.n_reads, 0);
}
END_TEST

/* A whole section that nobody looked for is not absent; one that is null is. */
static enum sw_verdict wants_no_section(struct sw_eval *e)
{
	const char *path = sw_arg(e);
	return sw_has(e, path) ? SW_FAIL : SW_PASS;
}

static const struct {
	const char *path;
	enum sw_verdict verdict;
} sections[] = {
	{ "@engine/info", SW_FAIL },           { "@engine/nosuch", SW_UNKNOWN },
	{ "@engine/services", SW_PASS },       { "@host/walk", SW_UNKNOWN },
	{ "@engine/info/nosuch", SW_PASS },    { "nosuch", SW_PASS },
	{ "@engineering/nosuch", SW_UNKNOWN },
};

START_TEST(sections_not_collected)
{
	struct eval_outcome o = run(
		&(struct sw_check){ .id = "x", .fn = wants_no_section, .arg = sections[_i].path },
		NULL, NULL);
	ck_assert_int_eq(o.verdict, sections[_i].verdict);
}
END_TEST

START_TEST(own_sections_not_collected)
{
	json_t *of_container = subject;
	struct sw_check check = { .id = "x", .fn = wants_no_section, .arg = "nosuch" };
	subject = json_object_get(world, "engine");
	ck_assert_int_eq(run(&check, NULL, NULL).verdict, SW_UNKNOWN);
	check.arg = "services";
	ck_assert_int_eq(run(&check, NULL, NULL).verdict, SW_PASS);
	subject = of_container;
}
END_TEST

/* --- what is said and what is returned, before and after an unread read ----------------------- */

static enum sw_verdict nothing(struct sw_eval *e)
{
	(void)e;
	return SW_PASS;
}
static enum sw_verdict fails_then_reads(struct sw_eval *e)
{
	sw_fail(e, "first");
	sw_has(e, "u");
	return SW_PASS;
}
static enum sw_verdict reads_then_fails(struct sw_eval *e)
{
	sw_has(e, "u");
	return sw_fail(e, "too late");
}
static enum sw_verdict fails_around_a_read(struct sw_eval *e)
{
	sw_fail(e, "one");
	sw_has(e, "u");
	return sw_fail(e, "two");
}
static enum sw_verdict returns_fail_after_read(struct sw_eval *e)
{
	sw_has(e, "u");
	return SW_FAIL;
}
static enum sw_verdict warns_then_reads(struct sw_eval *e)
{
	sw_warn(e, "look");
	sw_has(e, "u");
	return SW_WARN;
}
static enum sw_verdict skips_after_read(struct sw_eval *e)
{
	sw_has(e, "u");
	return sw_skip(e, "not here");
}
static enum sw_verdict said_is_worse(struct sw_eval *e)
{
	sw_warn(e, "look");
	return SW_PASS;
}
static enum sw_verdict returned_is_worse(struct sw_eval *e)
{
	sw_pass(e, "fine");
	sw_int(e, "int", 0);
	return SW_FAIL;
}
static enum sw_verdict worse_drops_better(struct sw_eval *e)
{
	sw_pass(e, "fine");
	sw_warn(e, "look");
	sw_fail(e, "bad");
	sw_unknown(e, "hm");
	sw_skip(e, "no");
	return sw_said(e);
}
static enum sw_verdict says_unknown(struct sw_eval *e)
{
	return sw_unknown(e, "cannot tell");
}
static enum sw_verdict says_many(struct sw_eval *e)
{
	for (int i = 0; i < 20; i++)
		sw_fail(e, "r%d", i);
	return sw_said(e);
}
static enum sw_verdict says_remedies(struct sw_eval *e)
{
	sw_remedy(e, "chmod %o /a", 0644u);
	sw_remedy(e, "chown root /a");
	return sw_warn(e, "bad");
}
static enum sw_verdict remedy_of_a_pass(struct sw_eval *e)
{
	sw_remedy(e, "chmod 0 /a");
	return SW_PASS;
}
static enum sw_verdict returns_rubbish(struct sw_eval *e)
{
	sw_int(e, "int", 0);
	return (enum sw_verdict)77;
}
static enum sw_verdict two_unread(struct sw_eval *e)
{
	sw_has(e, "nosuch/x");
	sw_has(e, "u");
	return SW_PASS;
}
static enum sw_verdict formats(struct sw_eval *e)
{
	return sw_fail(e, "%s", "%n%s%s");
}

static const struct {
	sw_check_fn *fn;
	enum sw_verdict verdict;
	const char *reason;
} sayings[] = {
	{ nothing, SW_PASS, "" },
	{ fails_then_reads, SW_FAIL, "first" },
	{ reads_then_fails, SW_UNKNOWN, "u: EACCES: no" },
	{ fails_around_a_read, SW_FAIL, "one; two" },
	{ returns_fail_after_read, SW_UNKNOWN, "u: EACCES: no" },
	{ warns_then_reads, SW_UNKNOWN, "u: EACCES: no" },
	{ skips_after_read, SW_UNKNOWN, "u: EACCES: no" },
	{ said_is_worse, SW_WARN, "look" },
	{ returned_is_worse, SW_FAIL, "int is 7" },
	{ worse_drops_better, SW_FAIL, "bad" },
	{ says_unknown, SW_UNKNOWN, "cannot tell" },
	{ says_many, SW_FAIL, "r0; r1; r2; r3; r4; r5; r6; r7; and 12 more" },
	{ returns_rubbish, SW_UNKNOWN, "int is 7" },
	{ two_unread, SW_UNKNOWN, "nosuch/x: the object that would hold it is not there" },
	{ formats, SW_FAIL, "%n%s%s" },
};

START_TEST(remedies)
{
	struct eval_outcome o =
		run(&(struct sw_check){ .id = "x", .fn = says_remedies }, NULL, NULL);
	ck_assert_str_eq(o.remedy, "chmod 644 /a\nchown root /a");
	o = run(&(struct sw_check){ .id = "x", .fn = remedy_of_a_pass }, NULL, NULL);
	ck_assert_ptr_null(o.remedy);
	ck_assert(sw_is_plain_path("/srv/a-b_c.d/E@1:2") && !sw_is_plain_path("/srv/a b"));
	ck_assert(!sw_is_plain_path("/x;y") && !sw_is_plain_path("-x") && !sw_is_plain_path(""));
}
END_TEST

START_TEST(sticky)
{
	struct eval_outcome o =
		run(&(struct sw_check){ .id = "x", .fn = sayings[_i].fn }, NULL, NULL);
	ck_assert_msg(o.verdict == sayings[_i].verdict, "row %d: %s: %s", _i,
		      verdict_name(o.verdict), o.reason);
	ck_assert_str_eq(o.reason, sayings[_i].reason);
}
END_TEST

static enum sw_verdict reads_two(struct sw_eval *e)
{
	sw_has(e, "object/k2");
	sw_has(e, "int");
	return SW_PASS;
}

static const struct {
	const char *mask;
	enum sw_verdict verdict;
} masks[] = {
	{ NULL, SW_PASS },           { "int", SW_UNKNOWN }, { "object", SW_UNKNOWN },
	{ "object/k2", SW_UNKNOWN }, { "in", SW_PASS },     { "text", SW_PASS },
	{ "object/k", SW_PASS },     { "intx", SW_PASS },
};

START_TEST(masked)
{
	struct eval_outcome o =
		run(&(struct sw_check){ .id = "x", .fn = reads_two }, NULL, masks[_i].mask);
	ck_assert_int_eq(o.verdict, masks[_i].verdict);
}
END_TEST

/* --- parameters --------------------------------------------------------------------------------
 */

static const struct sw_param params[] = {
	{ "strict", SW_BOOL, "Yes", "h" },
	{ "least", SW_INT, "3", "h" },
	{ "who", SW_STRING, "me", "h" },
	{ "list", SW_LIST, "a, b*", "h" },
	{ "unset", SW_STRING, NULL, "h" },
	{ "none", SW_LIST, "", "h" },
	{ 0 },
};

static enum sw_verdict uses_fallbacks(struct sw_eval *e)
{
	ck_assert(sw_param_bool(e, "strict") && sw_param_int(e, "least") == 3);
	ck_assert_str_eq(sw_param_str(e, "who"), "me");
	ck_assert(sw_param_lists(e, "list", "a") && sw_param_lists(e, "list", "bcd") &&
		  !sw_param_lists(e, "list", "c"));
	ck_assert(!sw_param_lists(e, "list", "") && !sw_param_lists(e, "none", ""));
	ck_assert(sw_param_is_set(e, "who") && !sw_param_is_set(e, "unset") &&
		  !sw_param_is_set(e, "nosuch"));
	ck_assert_ptr_null(sw_param_str(e, "unset"));
	return SW_PASS;
}
static enum sw_verdict uses_given(struct sw_eval *e)
{
	ck_assert(!sw_param_bool(e, "strict") && sw_param_int(e, "least") == -9);
	ck_assert_str_eq(sw_param_str(e, "who"), "you");
	ck_assert(sw_param_lists(e, "list", "z") && !sw_param_lists(e, "list", "a"));
	ck_assert(sw_param_is_set(e, "unset"));
	return SW_PASS;
}

START_TEST(parameters)
{
	struct sw_check check = { .id = "x", .fn = uses_fallbacks, .params = params };
	struct eval_outcome o = run(&check, NULL, NULL);
	ck_assert_int_eq(o.verdict, SW_PASS);
	ck_assert_uint_eq(o.n_reads, 0); /* no evidence */
	check.fn = uses_given;
	json_t *given = json_pack("{sb si ss s[s] ss}", "strict", 0, "least", -9, "who", "you",
				  "list", "z", "unset", "set");
	run(&check, given, NULL);
	json_decref(given);
}
END_TEST

/* --- words and small helpers --------------------------------------------------------------------
 */

START_TEST(order_of_verdicts)
{
	static const enum sw_verdict worst_first[] = { SW_FAIL, SW_UNKNOWN, SW_WARN, SW_PASS,
						       SW_SKIP };
	for (size_t i = 0; i < 5; i++)
		for (size_t k = 0; k < 5; k++)
			ck_assert_int_eq(verdict_worse(worst_first[i], worst_first[k]),
					 worst_first[i < k ? i : k]);
}
END_TEST

static const struct {
	const char *a, *b;
	int sign;
} versions[] = {
	{ "1.2.3", "1.2.3", 0 },
	{ "1.2", "1.2.0", 0 },
	{ "1.10", "1.9", 1 },
	{ "20.10.24+dfsg1", "20.10.24", 0 },
	{ "20.10.24+dfsg1", "23.0", -1 },
	{ "23.0.0-rc.1", "23.0.0", 0 },
	{ "", "", 0 },
	{ "", "1", -1 },
	{ "garbage", "0", 0 },
	{ "1.x", "1.0", 0 },
	{ "29", "28.5.2", 1 },
	{ "1.41", "1.5", 1 },
	{ "99999999999999999999", "1", 1 },
};

START_TEST(version_order)
{
	int order = sw_version_compare(versions[_i].a, versions[_i].b);
	ck_assert_msg((order > 0) - (order < 0) == versions[_i].sign, "%s %s: %d", versions[_i].a,
		      versions[_i].b, order);
	int back = sw_version_compare(versions[_i].b, versions[_i].a);
	ck_assert_int_eq((back > 0) - (back < 0), -versions[_i].sign);
}
END_TEST

static const struct {
	const char *path, *dir;
	bool is_below;
} paths[] = {
	{ "/a/b", "/a", true }, { "/a", "/a", true },    { "/a/", "/a", true },
	{ "/ab", "/a", false }, { "/a/b", "/a/", true }, { "/", "/", true },
	{ "/x", "/", true },    { "/a", "/a/b", false }, { "", "/a", false },
};

START_TEST(paths_below)
{
	ck_assert(sw_is_below(paths[_i].path, paths[_i].dir) == paths[_i].is_below);
}
END_TEST

START_TEST(capabilities)
{
	ck_assert(sw_same_capability("CAP_SYS_ADMIN", "sys_admin"));
	ck_assert(sw_same_capability("cap_Net_Raw", "NET_RAW"));
	ck_assert(sw_same_capability("ALL", "all"));
	ck_assert(!sw_same_capability("CAP_SYS_ADMIN", "SYS_ADMINS"));
	ck_assert(!sw_same_capability("", "ALL"));
}
END_TEST

static enum sw_verdict says_much(struct sw_eval *e)
{
	return sw_fail(e, "%065536d: is privileged", 0);
}

START_TEST(reasons_are_shortened)
{
	struct sw_check check = { .id = "a.b", .kind = SW_CONTAINER, .fn = says_much };
	struct eval_outcome o = run(&check, NULL, NULL);
	ck_assert_int_eq(o.verdict, SW_FAIL);
	ck_assert_uint_lt(strlen(o.reason), 2000);
	ck_assert_ptr_nonnull(strstr(o.reason, "0: is privileged"));
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("eval", &suite);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, every_read, 0, ARRAY_SIZE(readers));
	tcase_add_test(tc, values);
	tcase_add_test(tc, peeking_leaves_no_mark);
	tcase_add_loop_test(tc, sections_not_collected, 0, ARRAY_SIZE(sections));
	tcase_add_test(tc, own_sections_not_collected);
	tcase_add_test(tc, remedies);
	tcase_add_loop_test(tc, sticky, 0, ARRAY_SIZE(sayings));
	tcase_add_loop_test(tc, masked, 0, ARRAY_SIZE(masks));
	tcase_add_test(tc, parameters);
	tcase_add_test(tc, order_of_verdicts);
	tcase_add_loop_test(tc, version_order, 0, ARRAY_SIZE(versions));
	tcase_add_loop_test(tc, paths_below, 0, ARRAY_SIZE(paths));
	tcase_add_test(tc, capabilities);
	tcase_add_test(tc, reasons_are_shortened);
	return harness_run(suite);
}
