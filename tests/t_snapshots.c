/* SPDX-License-Identifier: Apache-2.0 */
/*
 * t_snapshots.c: judges what was recorded of real engines: each verdict is the one that was
 * reviewed, and none of them gets better when a part of the snapshot is missing.
 */
#include "facts.h"
#include "eval.h"
#include "harness.h"
#include "snapshot_set.h"
#include "text.h"

static struct snapshot_set set;
static struct snapshot_rules rules;

/* --- golden verdicts ----------------------------------------------------------------------- */

/* Those who got it by name, so that a change is seen to be one of somebody. */
static void add_names(struct text *t, const struct result *r, enum sw_verdict v)
{
	text_printf(t, "\t%s:", verdict_name(v));
	for (size_t i = 0; i < r->n_findings; i++) {
		const struct finding *f = &r->findings[i];

		if (f->verdict != v)
			continue;
		AUTO_FREE char *name = clean(f->subject->name);
		text_printf(t, " %s", name);
	}
	text_add_char(t, '\n');
}

/* The rest of a table is the verdict that most have. */
static enum sw_verdict usual_verdict(const struct result *r)
{
	enum sw_verdict most = SW_FAIL;

	for (enum sw_verdict v = SW_FAIL; v < SW_VERDICTS; v++) {
		if (r->counts[v] >= r->counts[most])
			most = v;
	}
	return most;
}

static void add_result(struct text *t, const struct result *r)
{
	enum sw_verdict usual = usual_verdict(r);

	text_printf(t, "%s %s\n", r->rule->ref, verdict_name(r->verdict));
	if (r->rule->check->kind == SW_HOST || r->rule->check->kind == SW_ENGINE)
		return;
	for (enum sw_verdict v = SW_FAIL; v < SW_VERDICTS; v++) {
		if (v == usual)
			text_printf(t, "\t%s: %zu\n", verdict_name(v), r->counts[v]);
		else if (r->counts[v] > 0)
			add_names(t, r, v);
	}
}

/* One line per rule; below it, of rules about containers, who got which verdict. */
static char *verdicts_of(const struct snapshot *s, const struct report *report)
{
	struct text t = { 0 };

	text_printf(&t,
		    "# complete: %s, exit status: %d, containers:", report->complete ? "yes" : "no",
		    report->exit_status);
	for (size_t i = 0; i < s->n; i++) {
		if (!streq(s->records[i].kind, "container"))
			continue;
		json_t *name = json_object_get(s->records[i].body, "Name");
		text_printf(&t, " %s", json_is_string(name) ? json_string_value(name) + 1 : "?");
	}
	text_add_char(&t, '\n');
	for (size_t i = 0; i < report->n_results; i++)
		add_result(&t, &report->results[i]);
	return text_take(&t);
}

static char *read_golden(const char *path)
{
	AUTO_FILE FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t n;

	if (f)
		ck_assert_int_eq(read_all(fileno(f), 1 << 20, &text, &n), 0);
	return text;
}

static void write_golden(const char *path, const char *text)
{
	AUTO_FILE FILE *f = fopen(path, "we");

	ck_assert_msg(f && fputs(text, f) >= 0, "%s cannot be written", path);
}

/* The first line that differs says more than two whole files. */
static void compare_lines(const char *path, const char *wanted, const char *got)
{
	size_t line = 1;

	for (; *wanted && *wanted == *got; wanted++, got++)
		line += *wanted == '\n';
	ck_assert_msg(*wanted == *got, "%s: line %zu: wanted '…%.*s', got '…%.*s'", path, line,
		      (int)strcspn(wanted, "\n"), wanted, (int)strcspn(got, "\n"), got);
}

START_TEST(verdicts_are_those_reviewed)
{
	const struct snapshot *s = &set.all[_i];
	AUTO_FREE char *path = snapshot_test_path("golden/%s.verdicts", s->name);
	struct report *report;
	struct judge *j = snapshot_judge(&rules, s, s->n, 0, NULL, &report);
	AUTO_FREE char *got = verdicts_of(s, report);

	if (getenv("UPDATE_GOLDEN"))
		write_golden(path, got);
	AUTO_FREE char *wanted = read_golden(path);
	ck_assert_msg(wanted, "%s cannot be read", path);
	compare_lines(path, wanted, got);
	judge_free(j);
}
END_TEST

/* --- less of a snapshot -------------------------------------------------------------------- */

static struct text trouble;

/* The worst that a result says of a subject; SW_VERDICTS when it says nothing of it. */
static enum sw_verdict verdict_on(const struct result *r, const struct subject *s)
{
	enum sw_verdict worst = SW_VERDICTS;

	for (size_t i = 0; i < r->n_findings; i++) {
		const struct finding *f = &r->findings[i];

		if (f->subject->kind != s->kind || !streq(f->subject->id, s->id))
			continue;
		worst = worst == SW_VERDICTS ? f->verdict : verdict_worse(worst, f->verdict);
	}
	return worst;
}

/* Passing, or not applying, is no answer where the whole snapshot gave another one. */
static bool is_better(enum sw_verdict whole, enum sw_verdict less)
{
	return (less == SW_PASS && whole != SW_PASS) ||
	       (less == SW_SKIP && whole != SW_SKIP && whole != SW_PASS);
}

static void compare_findings(const struct report *whole, const struct report *less,
			     const char *without)
{
	for (size_t i = 0; i < whole->n_results; i++) {
		const struct result *r = &whole->results[i];

		for (size_t k = 0; k < r->n_findings; k++) {
			const struct subject *s = r->findings[k].subject;
			enum sw_verdict before = verdict_on(r, s);
			enum sw_verdict after = verdict_on(&less->results[i], s);

			if (after != SW_VERDICTS && is_better(before, after))
				text_printf(&trouble, "\n%s of %s: %s became %s without %s",
					    r->rule->ref, s->name, verdict_name(before),
					    verdict_name(after), without);
		}
	}
}

static void compare_cut(const struct report *whole, const struct report *cut, size_t n)
{
	static const unsigned one_fact = 1u << SW_SWARM | 1u << SW_SERVICE;
	AUTO_FREE char *without = xasprintf("the records from %zu on", n);

	if (cut->complete)
		text_printf(&trouble, "\n%zu records are called complete", n);
	if (cut->exit_status != 1 && cut->exit_status != 3)
		text_printf(&trouble, "\n%zu records: exit status %d", n, cut->exit_status);
	for (size_t i = 0; i < cut->n_results; i++) {
		enum sw_verdict v = cut->results[i].verdict;

		/* One fact tells that there is no swarm, whatever else is not there. */
		if (v == SW_SKIP && one_fact & 1u << cut->results[i].rule->check->kind)
			continue;
		if (v != SW_UNKNOWN && (v != SW_FAIL || whole->results[i].verdict != SW_FAIL))
			text_printf(&trouble, "\n%s is %s (whole: %s) without %s",
				    cut->results[i].rule->ref, verdict_name(v),
				    verdict_name(whole->results[i].verdict), without);
	}
	compare_findings(whole, cut, without);
}

START_TEST(a_snapshot_cut_between_records_decides_nothing_good)
{
	const struct snapshot *s = &set.all[_i];
	struct report *whole, *cut;
	struct judge *all = snapshot_judge(&rules, s, s->n, 0, NULL, &whole);

	text_clear(&trouble);
	for (size_t n = 1; n < s->n; n++) {
		struct judge *j = snapshot_judge(&rules, s, n, 0, NULL, &cut);

		compare_cut(whole, cut, n);
		judge_free(j);
	}
	judge_free(all);
	ck_assert_msg(trouble.len == 0, "%s: %.3000s", s->name, text_str(&trouble));
}
END_TEST

START_TEST(a_snapshot_cut_within_a_record_is_an_error)
{
	const struct snapshot *s = &set.all[_i];

	ck_assert_int_eq(snapshot_count(s->data, s->len), (int)s->n);
	for (size_t i = 0; i < s->n; i++) {
		size_t begin = i ? s->ends[i - 1] : 0, end = s->ends[i];
		const size_t cuts[] = { begin + 1, begin + 20, (begin + end) / 2, end - 2,
					end - 1 };

		for (size_t k = 0; k < ARRAY_SIZE(cuts); k++)
			ck_assert_msg(snapshot_count(s->data, cuts[k]) < 0,
				      "%s: %zu bytes are read as whole", s->name, cuts[k]);
	}
}
END_TEST

/* --- each fact unread, one at a time ------------------------------------------------------- */

struct masking {
	const struct snapshot *s;
	const struct report *whole;
	size_t at;    /* the record */
	json_t *body; /* a copy of its body */
	size_t n;     /* facts masked so far */
};

static void mask_below(struct masking *m, json_t *node, const char *path);

static void judge_masked(struct masking *m, const char *path)
{
	struct report *less;
	struct judge *j = snapshot_judge(&rules, m->s, m->s->n, m->at, m->body, &less);

	compare_findings(m->whole, less, path);
	judge_free(j);
	m->n++;
}

static void mask_member(struct masking *m, json_t *parent, const char *key, const char *path)
{
	json_t *value = json_incref(json_object_get(parent, key));
	AUTO_FREE char *below = xasprintf("%s/%s", path, key);

	json_object_set_new(parent, key, fact_unread("EIO: masked"));
	judge_masked(m, below);
	json_object_set(parent, key, value);
	mask_below(m, value, below);
	json_decref(value);
}

static void mask_element(struct masking *m, json_t *parent, size_t i, const char *path)
{
	json_t *value = json_incref(json_array_get(parent, i));
	AUTO_FREE char *below = xasprintf("%s/%zu", path, i);

	json_array_set_new(parent, i, fact_unread("EIO: masked"));
	judge_masked(m, below);
	json_array_set(parent, i, value);
	mask_below(m, value, below);
	json_decref(value);
}

/* Of long lists and of accounts some are as good as all. */
static size_t enough(const char *path)
{
	static const char *const long_ones[] = {
		"host/users",
		"host/groups",
		"host/mounts",
		"engine/info/Plugins/Log",
		"engine/info/DriverStatus",
	};

	for (size_t i = 0; i < ARRAY_SIZE(long_ones); i++) {
		if (streq(path, long_ones[i]))
			return 2;
	}
	return 64;
}

static void mask_below(struct masking *m, json_t *node, const char *path)
{
	size_t i = 0;

	if (fact_is_unread(node))
		return;
	if (json_is_array(node)) {
		for (; i < json_array_size(node) && i < enough(path); i++)
			mask_element(m, node, i, path);
		return;
	}
	for (void *iter = json_object_iter(node); iter && i < enough(path); i++) {
		AUTO_FREE char *key = xstrdup(json_object_iter_key(iter));

		mask_member(m, node, key, path);
		iter = json_object_iter_next(node, json_object_iter_at(node, key));
	}
}

static void mask_record(struct masking *m, size_t at)
{
	const struct record *r = &m->s->records[at];
	AUTO_FREE char *path = xasprintf("%s/%s", r->kind, r->id);

	m->at = at;
	m->body = fact_unread("EIO: masked");
	judge_masked(m, path);
	json_decref(m->body);
	m->body = json_deep_copy(r->body);
	mask_below(m, m->body, path);
	json_decref(m->body);
}

/*
 * Judging all containers once for each fact would take minutes: each snapshot brings other ones,
 * and all of them are made alike.
 */
enum { CONTAINER_STEP = 9 };

static struct snapshot with_few_containers(const struct snapshot *all, size_t first)
{
	struct snapshot few = { .name = all->name,
				.records = xalloc(all->n * sizeof(*few.records)) };
	size_t seen = first;

	for (size_t i = 0; i < all->n; i++) {
		if (!streq(all->records[i].kind, "container") || seen++ % CONTAINER_STEP == 0)
			few.records[few.n++] = all->records[i];
	}
	return few;
}

START_TEST(no_verdict_gets_better_without_a_fact)
{
	struct snapshot few = with_few_containers(&set.all[_i], (size_t)_i), *s = &few;
	struct masking m = { .s = s };
	struct report *whole;
	struct judge *all = snapshot_judge(&rules, s, s->n, 0, NULL, &whole);

	m.whole = whole;
	text_clear(&trouble);
	for (size_t i = 0; i < s->n; i++) {
		if (streq(s->records[i].kind, "host") || streq(s->records[i].kind, "engine"))
			mask_record(&m, i);
	}
	judge_free(all);
	free(few.records);
	ck_assert_msg(m.n > 100, "%s: only %zu facts", s->name, m.n);
	ck_assert_msg(trouble.len == 0, "%s: %.3000s", s->name, text_str(&trouble));
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tcase = harness_group("snapshots", &suite);

	set = snapshot_set_load("snapshots");
	snapshot_rules_load(&rules);
	tcase_set_timeout(tcase, 240);
	tcase_add_loop_test(tcase, verdicts_are_those_reviewed, 0, (int)set.n);
	tcase_add_loop_test(tcase, a_snapshot_cut_between_records_decides_nothing_good, 0,
			    (int)set.n);
	tcase_add_loop_test(tcase, a_snapshot_cut_within_a_record_is_an_error, 0, (int)set.n);
	tcase_add_loop_test(tcase, no_verdict_gets_better_without_a_fact, 0, (int)set.n);
	int status = harness_run(suite);
	snapshot_rules_done(&rules);
	snapshot_set_done(&set);
	text_done(&trouble);
	return status;
}
