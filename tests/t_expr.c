/* SPDX-License-Identifier: Apache-2.0 */
/* t_expr.c: expressions of declared checks: what compiles, what they answer, and never a false
 * pass. */
#include "eval.h"
#include "harness.h"
#include "profile_builtin.h"
#include "profile_private.h"

const struct sw_check *const sw_builtin_checks[] = { NULL };
const struct builtin_profile builtin_profiles[] = { { NULL, NULL, 0 } };

/* A profile with one declared check on containers; tail holds require: and perhaps when:. */
static int read_check(const char *tail, struct layer *l, struct arena *a, struct err *err)
{
	AUTO_FREE char *text =
		xasprintf("id: p\ntitle: P\nchecks:\n"
			  "- {id: x.y, kind: container, severity: low, title: t, why: w,"
			  " wanted: w, remedy: r, %s}\n",
			  tail);
	*l = (struct layer){
		.source = { .file = xstrdup("p.yaml"), .data = text, .len = strlen(text) }
	};
	return layer_read(l, a, err);
}

static void layer_done(struct layer *l)
{
	doc_free(l->yaml);
	source_done(&l->source);
}

/* --- answers ---------------------------------------------------------------------------------- */

static const char subject_text[] =
	"{'Name':'web','Memory':5,'Zero':0,'Priv':false,'Mode':'0640','Version':'20.10.24+dfsg1','"
	"Bad':'unknown',"
	"'Null':null,'Caps':['A','B'],'None':[],'Labels':{'owner':'bob','a/"
	"b':'c','':'e'},'One':{'':{'v':1}},'Alone':['x'],"
	"'Nulls':[null,'x'],'OneNull':[null],'Annotations':{'a':'1','b/~':'2'},"
	"'Gone':{'$unread':'EACCES: x'},"
	"'Mounts':[{'Src':'/a','RW':true},{'Src':'/b','RW':false}],"
	"'Nested':[{'L':['x','y']},{'L':['x']}]}";

static const struct {
	const char *tail;
	enum sw_verdict verdict;
	const char *reason;
} answers[] = {
	{ "require: {fact: Name, equals: web}", SW_PASS, "" },
	{ "require: {fact: Name, equals: db}", SW_FAIL, "Name is web (wanted: equals db)" },
	{ "require: {fact: Name, op: not-equals, value: db}", SW_PASS, "" },
	{ "require: {fact: Name, not-equals: web}", SW_FAIL, "not equals web" },
	{ "require: {fact: Memory, equals: 5}", SW_PASS, "" },
	{ "require: {fact: Memory, equals: '5'}", SW_UNKNOWN, "Memory" },
	{ "require: {fact: Priv, equals: false}", SW_PASS, "" },
	{ "require: {fact: Priv, equals: true}", SW_FAIL, "Priv is false" },
	{ "require: {fact: Name, in: [db, web]}", SW_PASS, "" },
	{ "require: {fact: Name, in: [db]}", SW_FAIL, "in db" },
	{ "require: {fact: Name, not-in: [db, web]}", SW_FAIL, "" },
	{ "require: {fact: Name, not-in: [db]}", SW_PASS, "" },
	{ "require: {fact: Memory, in: [4, 5]}", SW_PASS, "" },
	{ "require: {fact: Caps, contains: A}", SW_PASS, "" },
	{ "require: {fact: Caps, contains: C}", SW_FAIL, "Caps does not hold C" },
	{ "require: {not: {fact: Caps, contains: A}}", SW_FAIL, "Caps holds A" },
	{ "require: {not: {fact: Caps, contains: C}}", SW_PASS, "" },
	{ "require: {fact: Labels, contains: owner}", SW_PASS, "" },
	{ "require: {fact: Name, contains: w}", SW_UNKNOWN, "" },
	{ "require: {fact: Name, starts-with: we}", SW_PASS, "" },
	{ "require: {fact: Name, starts-with: eb}", SW_FAIL, "" },
	{ "require: {fact: Name, ends-with: eb}", SW_PASS, "" },
	{ "require: {fact: Name, ends-with: we}", SW_FAIL, "" },
	{ "require: {fact: Name, matches: 'w?b*'}", SW_PASS, "" },
	{ "require: {fact: Name, matches: 'w?'}", SW_FAIL, "" },
	{ "require: {fact: Memory, <: 5}", SW_FAIL, "" },
	{ "require: {fact: Memory, <: 6}", SW_PASS, "" },
	{ "require: {fact: Memory, <=: 5}", SW_PASS, "" },
	{ "require: {fact: Memory, <=: 4}", SW_FAIL, "" },
	{ "require: {fact: Memory, '>': 5}", SW_FAIL, "" },
	{ "require: {fact: Memory, '>': 4}", SW_PASS, "" },
	{ "require: {fact: Memory, '>=': 5}", SW_PASS, "" },
	{ "require: {fact: Memory, '>=': 6}", SW_FAIL, "Memory is 5 (wanted: >= 6)" },
	{ "require: {fact: Version, version-at-least: 20.9}", SW_PASS, "" },
	{ "require: {fact: Version, version-at-least: 23}", SW_FAIL, "" },
	{ "require: {fact: Bad, version-at-least: 0}", SW_UNKNOWN, "no version" },
	{ "require: {not: {fact: Bad, version-at-least: 23}}", SW_UNKNOWN, "no version" },
	{ "require: {fact: Mode, mode-at-most: 0640}", SW_PASS, "" },
	{ "require: {fact: Mode, mode-at-most: 644}", SW_PASS, "" },
	{ "require: {fact: Mode, mode-at-most: '0604'}", SW_FAIL, "Mode is 0640" },
	{ "require: {fact: Mode, mode-at-most: '0704'}", SW_FAIL, "Mode is 0640" },
	{ "require: {fact: Name, mode-at-most: '0777'}", SW_UNKNOWN, "" },
	{ "require: {fact: Labels/a~1b, equals: c}", SW_PASS, "" },
	{ "require: {fact: '@engine/info/Driver', equals: overlay2}", SW_PASS, "" },

	/* absent */
	{ "require: {fact: Labels/tier, exists: true}", SW_FAIL, "Labels/tier is not there" },
	{ "require: {fact: Labels/tier, exists: false}", SW_PASS, "" },
	{ "require: {fact: Name, exists: false}", SW_FAIL, "Name is there" },
	{ "require: {not: {fact: Name, exists: true}}", SW_FAIL, "Name is there" },
	{ "require: {fact: Null, exists: true}", SW_FAIL, "" },
	{ "require: {fact: Labels/tier, equals: x}", SW_FAIL, "Labels/tier is not there" },
	{ "require: {fact: Labels/tier, not-equals: x}", SW_UNKNOWN,
	  "does not say what that means" },
	{ "require: {fact: Labels/tier, not-in: [x]}", SW_UNKNOWN, "" },
	{ "require: {not: {fact: Labels/tier, matches: x}}", SW_UNKNOWN, "" },
	{ "require: {not: {any: [{fact: Typo, equals: true}, {fact: Typo2, equals: true}]}}",
	  SW_UNKNOWN, "" },
	{ "require: {not: {fact: Null, contains: A}}", SW_UNKNOWN, "" },
	{ "require: {fact: Null, contains: A}", SW_FAIL, "" },
	{ "require: {fact: Labels/tier, not-equals: x, default: ''}", SW_PASS, "" },
	{ "require: {fact: Labels/tier, equals: x, default: x}", SW_PASS, "" },
	{ "require: {fact: Null, <=: 3, default: 4}", SW_FAIL, "is absent, so 4" },
	{ "require: {fact: Null, version-at-least: 3, default: 4}", SW_PASS, "" },
	{ "require: {fact: Null, mode-at-most: 644, default: 600}", SW_PASS, "" },
	{ "require: {fact: Nowhere/x, equals: x, default: x}", SW_UNKNOWN, "Nowhere" },

	/* unread is sticky, wherever it is reached */
	{ "require: {fact: Gone, exists: false}", SW_UNKNOWN, "EACCES" },
	{ "require: {fact: Gone, equals: x, default: x}", SW_UNKNOWN, "EACCES" },
	{ "require: {not: {fact: Gone, equals: x}}", SW_UNKNOWN, "EACCES" },
	{ "require: {any: [{fact: Gone, equals: x}, {fact: Name, equals: web}]}", SW_UNKNOWN,
	  "EACCES" },
	{ "require: {any: [{fact: Name, equals: web}, {fact: Gone, equals: x}]}", SW_PASS, "" },
	{ "require: {any: [{fact: Name, equals: db}, {fact: Gone, equals: x}]}", SW_UNKNOWN, "" },
	{ "require: {all: [{fact: Gone, equals: x}, {fact: Name, equals: db}]}", SW_UNKNOWN, "" },
	{ "require: {all: [{fact: Name, equals: db}, {fact: Gone, equals: x}]}", SW_FAIL, "" },
	{ "require: {each: {of: Gone, require: {fact: x, exists: true}}}", SW_UNKNOWN, "" },
	{ "when: {fact: Gone, equals: x}, require: {fact: Name, equals: web}", SW_UNKNOWN,
	  "EACCES" },
	{ "when: {not: {fact: Gone, equals: x}}, require: {fact: Name, equals: db}", SW_UNKNOWN,
	  "" },

	/* combinators */
	{ "require: {all: [{fact: Name, equals: web}, {fact: Memory, equals: 5}]}", SW_PASS, "" },
	{ "require: {all: [{fact: Name, equals: web}, {fact: Memory, equals: 6}]}", SW_FAIL,
	  "Memory" },
	{ "require: {any: [{fact: Name, equals: db}, {fact: Memory, equals: 6}]}", SW_FAIL,
	  "; Memory is 5" },
	{ "require: {any: [{fact: Name, equals: db}, {fact: Memory, equals: 5}]}", SW_PASS, "" },
	{ "require: {not: {all: [{fact: Name, equals: web}, {fact: Memory, equals: 5}]}}", SW_FAIL,
	  "" },
	{ "require: {not: {all: [{fact: Name, equals: web}, {fact: Memory, equals: 6}]}}", SW_PASS,
	  "" },
	{ "require: {not: {not: {fact: Name, equals: web}}}", SW_PASS, "" },
	{ "require: {any: [{fact: Typo, not-equals: x}, {fact: Name, equals: web}]}", SW_PASS, "" },
	{ "require: {any: [{fact: Typo, not-equals: x}, {fact: Name, equals: db}]}", SW_UNKNOWN,
	  "" },
	{ "require: {all: [{fact: Typo, not-equals: x}, {fact: Name, equals: db}]}", SW_FAIL, "" },

	/* each */
	{ "require: {each: {of: Mounts, require: {fact: Src, starts-with: /}}}", SW_PASS, "" },
	{ "require: {each: {of: Mounts, require: {fact: RW, equals: true}}}", SW_FAIL,
	  "Mounts/1/RW is false" },
	{ "require: {not: {each: {of: Mounts, require: {fact: RW, equals: true}}}}", SW_PASS, "" },
	{ "require: {not: {each: {of: Mounts, require: {fact: Src, starts-with: /}}}}", SW_FAIL,
	  "" },
	{ "require: {each: {of: Caps, require: {fact: '', in: [A, B]}}}", SW_PASS, "" },
	{ "require: {each: {of: Caps, require: {fact: '', in: [A]}}}", SW_FAIL, "Caps/1 is B" },
	{ "require: {each: {of: Labels, require: {fact: '', matches: '?'}}}", SW_FAIL,
	  "Labels/owner is bob" },
	{ "require: {each: {of: Annotations, require: {fact: '', matches: '?'}}}", SW_PASS, "" },
	/* No path leads to a member without a name. */
	{ "require: {each: {of: Labels, require: {fact: '', matches: '*'}}}", SW_UNKNOWN,
	  "without a name" },
	{ "require: {each: {of: One, require: {fact: v, equals: 1}}}", SW_UNKNOWN,
	  "without a name" },
	{ "require: {each: {of: Alone, require: {fact: '', equals: x}}}", SW_PASS, "" },
	{ "require: {each: {of: Alone, require: {fact: '', equals: y}}}", SW_FAIL, "Alone/0 is x" },
	{ "require: {each: {of: Nulls, require: {fact: '', exists: true}}}", SW_FAIL, "Nulls/0" },
	{ "require: {each: {of: OneNull, require: {fact: '', exists: false}}}", SW_UNKNOWN, "" },
	{ "require: {each: {of: None, require: {fact: x, exists: true}}}", SW_PASS, "" },
	{ "require: {not: {each: {of: None, require: {fact: x, exists: true}}}}", SW_FAIL, "" },
	{ "require: {each: {of: Typo, require: {fact: x, exists: true}}}", SW_UNKNOWN,
	  "Typo is not there" },
	{ "require: {each: {of: 'Null', default: [], require: {fact: x, exists: true}}}", SW_PASS,
	  "" },
	{ "require: {each: {of: Name, require: {fact: x, exists: true}}}", SW_UNKNOWN, "" },
	{ "require: {each: {of: Nested, require: {each: {of: L, require: {fact: '', equals: x}}}}}",
	  SW_FAIL, "Nested/0/L/1 is y" },
	{ "require: {each: {of: Mounts, require: {fact: '@engine/info/Driver', equals: overlay2}}}",
	  SW_PASS, "" },

	/* when */
	{ "when: {fact: Name, equals: db}, require: {fact: Memory, equals: 6}", SW_SKIP,
	  "Name is web" },
	{ "when: {fact: Name, equals: web}, require: {fact: Memory, equals: 6}", SW_FAIL, "" },
	{ "when: {fact: Typo, not-equals: x}, require: {fact: Memory, equals: 5}", SW_UNKNOWN, "" },
};

static json_t *json_of(const char *text)
{
	AUTO_FREE char *copy = xstrdup(text);
	for (char *s = copy; *s; s++)
		if (*s == '\'')
			*s = '"';
	json_t *v = json_loads(copy, 0, NULL);
	ck_assert_ptr_nonnull(v);
	return v;
}

static void run(const struct layer *l, const char *mask, json_t *subject, struct arena *a,
		struct eval_outcome *ret)
{
	json_t *world = json_of("{'host':{},'engine':{'info':{'Driver':'overlay2'}}}");
	const struct eval_input in = {
		.check = &l->checks[0].row,
		.subject = subject,
		.world = world,
		.arena = a,
		.mask = mask,
	};
	eval_run(&in, ret);
	json_decref(world);
}

START_TEST(answer_is_right)
{
	struct arena *a = arena_new();
	struct layer l;
	struct err err = { 0 };
	struct eval_outcome o, masked;
	json_t *subject = json_of(subject_text);

	ck_assert_msg(read_check(answers[_i].tail, &l, a, &err) == 0, "%s", err.text);
	run(&l, NULL, subject, a, &o);
	ck_assert_msg(o.verdict == answers[_i].verdict, "%s: %s %s", answers[_i].tail,
		      verdict_name(o.verdict), o.reason);
	ck_assert_msg(strstr(o.reason, answers[_i].reason), "%s: %s", answers[_i].tail, o.reason);
	/* With any of its reads unread it never passes, and never says "does not apply". */
	for (size_t i = 0; (o.verdict == SW_PASS || o.verdict == SW_SKIP) && i < o.n_reads; i++) {
		run(&l, o.reads[i].path, subject, a, &masked);
		ck_assert_msg(masked.verdict == SW_UNKNOWN || masked.verdict == SW_FAIL,
			      "%s without %s: %s", answers[_i].tail, o.reads[i].path,
			      verdict_name(masked.verdict));
	}
	json_decref(subject);
	layer_done(&l);
	arena_free(a);
}
END_TEST

/* --- what does not compile ----------------------------------------------------------------------
 */

static const struct {
	const char *tail, *says;
} bad[] = {
	{ "severity: low", "appears twice" },
	{ "when: {fact: A, exists: true}", "lacks 'require'" },
	{ "require: x", "must be an object" },
	{ "require: {}", "one of all, any, not, each, fact" },
	{ "require: {al: []}", "no expression begins with 'al' (did you mean 'all'?)" },
	{ "require: {all: [], any: []}", "must stand alone" },
	{ "require: {all: []}", "list of 1 to" },
	{ "require: {any: {}}", "list of 1 to" },
	{ "require: {not: [x]}", "one of all, any" },
	{ "require: {all: [x]}", "one of all, any" },
	{ "require: {fact: A}", "no operator" },
	{ "require: {fact: A, equal: b}",
	  "p.yaml:4:104: there is no operator 'equal' (did you mean 'equals'?)" },
	{ "require: {fact: A, op: '=<', value: 1}", "there is no operator '=<'" },
	{ "require: {fact: A, op: '<'}", "op lacks 'value'" },
	{ "require: {fact: A, value: 1}", "value lacks 'op'" },
	{ "require: {fact: A, op: [x], value: 1}", "op takes an operator" },
	{ "require: {fact: A, equals: 1, in: [1]}", "takes one operator" },
	{ "require: {fact: A, op: equals, value: 1, exists: true}", "takes one operator" },
	{ "require: {fact: A, exists: maybe}", "true or false" },
	{ "require: {fact: A, exists: true, default: 1}", "no default" },
	{ "require: {fact: A, equals: null}", "equals takes one value" },
	{ "require: {fact: A, equals: [1]}", "equals takes one value" },
	{ "require: {fact: A, in: x}", "takes a list" },
	{ "require: {fact: A, in: []}", "takes a list" },
	{ "require: {fact: A, in: [1, b]}", "values of one type" },
	{ "require: {fact: A, <: many}", "< takes an integer" },
	{ "require: {fact: A, matches: true}", "matches takes text" },
	{ "require: {fact: A, version-at-least: new}", "a version such as" },
	{ "require: {fact: A, mode-at-most: 0888}", "an octal mode" },
	{ "require: {fact: A, mode-at-most: '17777'}", "an octal mode" },
	{ "require: {fact: A, <: 1, default: x}", "the default of < must be an integer" },
	{ "require: {fact: A, equals: x, default: 1}", "not of the type" },
	{ "require: {fact: A, contains: x, default: x}", "takes no default" },
	{ "require: {fact: [A], equals: x}", "fact takes a path" },
	{ "require: {fact: '', equals: x}", "is empty" },
	{ "require: {fact: /A, equals: x}", "p.yaml:4:95: the path '/A' has an empty step" },
	{ "require: {fact: A/, equals: x}", "empty step" },
	{ "require: {fact: A//B, equals: x}", "empty step" },
	{ "require: {fact: A~2, equals: x}", "~ that is not" },
	{ "require: {fact: A~, equals: x}", "~ that is not" },
	{ "require: {fact: \"A\\tB\", equals: x}", "control character" },
	{ "require: {fact: '@wold/x', equals: x}", "begins with @" },
	{ "require: {each: {of: A}}", "each lacks 'require'" },
	{ "require: {each: {of: A, require: {fact: b, exists: true}, default: [1]}}", "is []" },
	{ "require: {each: {of: /A, require: {fact: b, exists: true}}}", "empty step" },
	{ "require: {each: {on: A, require: {fact: b, exists: true}}}", "(did you mean 'of'?)" },
	{ "require: {fact: A, exists: true}, running: maybe", "must be true or false" },
};

START_TEST(bad_expression_is_refused)
{
	struct arena *a = arena_new();
	struct layer l;
	struct err err = { 0 };
	ck_assert_msg(read_check(bad[_i].tail, &l, a, &err) < 0, "%s", bad[_i].tail);
	ck_assert_msg(strstr(err.text, bad[_i].says), "%s", err.text);
	ck_assert_msg(starts_with(err.text, "p.yaml:"), "%s", err.text);
	err_done(&err);
	layer_done(&l);
	arena_free(a);
}
END_TEST

static const struct {
	const char *tail;
	unsigned needs, flags;
} dear[] = {
	{ "require: {fact: Name, exists: true}", 0, 0 },
	{ "require: {fact: Kernel/Status/Seccomp, equals: 2}", SW_NEEDS_KERNEL, 0 },
	{ "require: {fact: Kernels, equals: 2}", 0, 0 },
	{ "require: {each: {of: Kernel/Processes, require: {fact: Comm, not-equals: sshd}}}",
	  SW_NEEDS_KERNEL | SW_NEEDS_PROCESSES, 0 },
	{ "require: {not: {fact: Sources/x, exists: true}}, when: {fact: Execs, exists: true}",
	  SW_NEEDS_SOURCES | SW_NEEDS_EXECS, 0 },
	{ "require: {any: [{fact: '@engine/images/list', exists: true}, {fact: '@index/container', "
	  "exists: true}]}",
	  SW_NEEDS_IMAGES, SW_WHOLE | SW_INDEX_KERNEL },
	{ "require: {fact: '@engine/volumes', exists: true}, running: true", SW_NEEDS_VOLUMES,
	  SW_RUNNING },
	{ "require: {each: {of: '@engine/services', require: {fact: Name, exists: true}}}",
	  SW_NEEDS_SWARM, 0 },
	{ "require: {fact: '@host/integrity/aide', exists: true}", SW_NEEDS_LOGGING, 0 },
	{ "require: {fact: sysctl/values, exists: true}", SW_NEEDS_SYSCTL, 0 },
	{ "require: {fact: plugins, exists: true}", SW_NEEDS_PLUGINS, 0 },
};

START_TEST(dear_facts_are_asked_for)
{
	struct arena *a = arena_new();
	struct layer l;
	struct err err = { 0 };
	ck_assert_msg(read_check(dear[_i].tail, &l, a, &err) == 0, "%s", err.text);
	ck_assert_uint_eq(l.checks[0].row.needs, dear[_i].needs);
	ck_assert_uint_eq(l.checks[0].row.flags, dear[_i].flags);
	layer_done(&l);
	arena_free(a);
}
END_TEST

/* Fifty thousand elements, each looked at against each: unknown in the end, and soon. */
START_TEST(hostile_record_ends)
{
	struct arena *a = arena_new();
	struct layer l;
	struct eval_outcome o;
	json_t *subject = json_object(), *list = json_array();
	for (int i = 0; i < 50000; i++)
		json_array_append_new(list, json_pack("{s:[s,s]}", "L", "x", "x"));
	json_object_set_new(subject, "Many", list);
	ck_assert_int_eq(read_check("require: {each: {of: Many, require: {each: {of: L, require: "
				    "{fact: '', equals: x}}}}}",
				    &l, a, NULL),
			 0);
	run(&l, NULL, subject, a, &o);
	ck_assert_int_eq(o.verdict, SW_UNKNOWN);
	ck_assert_ptr_nonnull(strstr(o.reason, "too many"));
	json_decref(subject);
	layer_done(&l);
	arena_free(a);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *t = harness_group("expr", &suite);
	tcase_set_timeout(t, 30);
	tcase_add_loop_test(t, answer_is_right, 0, ARRAY_SIZE(answers));
	tcase_add_loop_test(t, bad_expression_is_refused, 0, ARRAY_SIZE(bad));
	tcase_add_loop_test(t, dear_facts_are_asked_for, 0, ARRAY_SIZE(dear));
	tcase_add_test(t, hostile_record_ends);
	return harness_run(suite);
}
