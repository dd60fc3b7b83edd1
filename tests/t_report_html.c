/* SPDX-License-Identifier: Apache-2.0 */
/* t_report_html.c: the HTML report's bounds, foldings and links; tests/formats.sh reads it back. */
#include "harness.h"
#include "report_html.h"
#include "report_sample.h"
#include "report_sinks.h"

static char *page(const struct report *r, bool is_verbose)
{
	const struct report_options o = { .verbose = is_verbose };
	char *out = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&out, &n);

	ck_assert_int_eq(sink_html.write(r, &o, f), 0);
	fclose(f);
	return out;
}

static size_t count(const char *s, const char *what)
{
	size_t n = 0;
	for (; (s = strstr(s, what)) != NULL; s += strlen(what))
		n++;
	return n;
}

static struct result *result_of(struct report *r, const char *ref)
{
	for (size_t i = 0; i < r->n_results; i++)
		if (streq(r->results[i].rule->ref, ref))
			return &r->results[i];
	ck_abort_msg("no %s", ref);
}

/* One rule, and so many findings of it; each with a subject and a reason of its own if wanted. */
static void make_many(struct report *r, const char *ref, size_t n, bool is_each_its_own)
{
	struct result *res = result_of(r, ref);
	struct subject *subjects = arena_alloc(r->arena, n * sizeof(*subjects));
	struct finding first = res->findings[0];

	res->findings = xrealloc(res->findings, n * sizeof(*res->findings));
	for (size_t i = 0; i < n; i++) {
		subjects[i] = *first.subject;
		subjects[i].name = arena_printf(r->arena, "many-%04zu", i);
		res->findings[i] = first;
		res->findings[i].subject = &subjects[i];
		if (is_each_its_own)
			res->findings[i].reason = arena_printf(r->arena, "reason %zu", i);
	}
	res->n_findings = n;
	res->counts[SW_FAIL] = n;
}

static const struct {
	bool is_each_its_own;
	const char *said; /* without -v */
	size_t shown;     /* names, the one in the facts not counted */
} crowds[] = {
	{ false, "<li class=\"rest\">and 50 more; -v or JSON lists all</li>", 250 },
	{ true, "<li class=\"rest\">and 260 more; -v or JSON lists all</li>", 40 },
};

START_TEST(many_are_bounded)
{
	enum { MANY = 300 };
	struct report *r = sample_new();
	make_many(r, "5.10", MANY, crowds[_i].is_each_its_own);
	AUTO_FREE char *some = page(r, false), *all = page(r, true);

	ck_assert_uint_eq(count(some, crowds[_i].said), 1);
	ck_assert_uint_eq(count(some, "<code>many-"), crowds[_i].shown);
	ck_assert_uint_eq(count(all, "JSON lists all"), 0);
	ck_assert_uint_eq(count(all, "<code>many-"), MANY);
	sample_free(r);
}
END_TEST

START_TEST(unknowns_of_one_reason_are_one)
{
	struct report *r = sample_new();
	AUTO_FREE char *before = page(r, false);
	ck_assert_uint_eq(count(before, "<details class=\"cause"), 0);

	/* The fact is named with @host in the reason and without in the evidence. */
	static const char *const refs[] = { "1.1.3", "1.1.4", "1.1.5" };
	for (size_t i = 0; i < ARRAY_SIZE(refs); i++) {
		struct finding *f = &result_of(r, refs[i])->findings[0];
		struct evidence *e = arena_alloc(r->arena, sizeof(*e));
		*e = (struct evidence){ "audit", arena_printf(r->arena, "audit/%zu", i), NULL };
		f->evidence = e;
		f->n_evidence = 1;
		f->reason = arena_printf(r->arena, "@host/audit/%zu: EPERM: no", i);
	}
	AUTO_FREE char *out = page(r, false);
	ck_assert_uint_eq(count(out, "<b>3 rules</b>: <bdi>EPERM: no</bdi>"), 1);
	ck_assert_uint_eq(count(out, "<details class=\"rule"), r->n_results);
	sample_free(r);
}
END_TEST

/* A profile may have one check twice under a number. */
START_TEST(each_entry_has_its_id)
{
	struct report *r = sample_new();
	struct rule twin = *r->results[6].rule;

	ck_assert_ptr_eq(twin.check, r->results[5].rule->check);
	twin.ref = r->results[5].rule->ref;
	r->results[6].rule = &twin;
	AUTO_FREE char *out = page(r, false);
	ck_assert_uint_eq(count(out, " id=\"cis-docker-1.8.0/2.2/engine.icc\""), 1);
	ck_assert_uint_eq(count(out, " id=\"cis-docker-1.8.0/2.2/engine.icc/2\""), 1);
	sample_free(r);
}
END_TEST

/* Few that are not in order are open; of more the heads are a list. */
START_TEST(few_are_open)
{
	struct report *r = sample_new();
	AUTO_FREE char *all = page(r, false);
	r->n_results = 8;
	AUTO_FREE char *few = page(r, false);
	ck_assert_uint_eq(count(all, " open>"), 0);
	ck_assert_uint_eq(count(few, " open>"), 8);
	sample_free(r);
}
END_TEST

/* Of a rule that is waived with something left that is unknown neither is lost. */
START_TEST(tells_of_the_waived_and_the_rest)
{
	struct report *r = sample_new();
	AUTO_FREE char *out = page(r, false);
	ck_assert_uint_eq(count(out, "<span class=\"mark\">waived in part</span>"), 1);
	ck_assert_ptr_nonnull(strstr(out, "waived by <bdi>ops</bdi> until <bdi>2027-01-31</bdi>"));
	ck_assert_ptr_nonnull(strstr(out, "<section class=\"part\" id=\"waived\""));
	sample_free(r);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("report_html", &suite);

	tcase_add_loop_test(tc, many_are_bounded, 0, ARRAY_SIZE(crowds));
	tcase_add_test(tc, unknowns_of_one_reason_are_one);
	tcase_add_test(tc, each_entry_has_its_id);
	tcase_add_test(tc, few_are_open);
	tcase_add_test(tc, tells_of_the_waived_and_the_rest);
	return harness_run(suite);
}
