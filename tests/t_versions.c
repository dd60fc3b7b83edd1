/* SPDX-License-Identifier: Apache-2.0 */
/* t_versions.c: each built-in benchmark has every recommendation of its version, at its level and
 * assessment, and no other. */
#include "harness.h"
#include "profile.h"

static const char *const versions[] = { "1.6.0", "1.7.0", "1.8.0" };

/* tests/benchmark/cis-docker-VERSION.tsv: ref, level, assessment; made from the benchmark's own
 * lists. */
static char *expected_of(const char *version)
{
	const char *dir = getenv("srcdir");
	AUTO_FREE char *path =
		xasprintf("%s/tests/benchmark/cis-docker-%s.tsv", dir ? dir : ".", version);
	AUTO_FILE FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t n;
	ck_assert_msg(f != NULL, "%s is missing", path);
	ck_assert_int_eq(read_all(fileno(f), 1 << 20, &text, &n), 0);
	return text;
}

static struct profile *load(const char *version, struct registry *r)
{
	AUTO_FREE char *name = xasprintf("cis-docker-%s", version);
	struct profile *p = NULL;
	struct err err = { 0 };
	ck_assert_msg(profile_load(name, &p, &err) == 0 && profile_resolve(p, r, &err) == 0, "%s",
		      err.text);
	return p;
}

static const struct rule *rule_of(const struct profile *p, const char *ref)
{
	for (size_t i = 0; i < p->n_rules; i++)
		if (streq(p->rules[i].ref, ref))
			return &p->rules[i];
	return NULL;
}

START_TEST(every_recommendation_has_its_rule)
{
	struct registry *r = registry_new();
	struct profile *p = load(versions[_i], r);
	AUTO_FREE char *text = expected_of(versions[_i]);
	char *next = text, *line;
	size_t n = 0;
	while ((line = strsep(&next, "\n"))) {
		if (!*line || *line == '#')
			continue;
		const char *ref = strsep(&line, "\t"), *level = strsep(&line, "\t"),
			   *assessment = line;
		const struct rule *rule = rule_of(p, ref);
		ck_assert_msg(rule != NULL, "%s has no rule", ref);
		ck_assert_msg(rule->level == *level - '0', "%s: level %d, not %s", ref, rule->level,
			      level);
		ck_assert_msg(streq(rule->assessment, assessment), "%s: %s, not %s", ref,
			      rule->assessment, assessment);
		n++;
	}
	ck_assert_uint_eq(p->n_rules, n);
	ck_assert_uint_eq(p->n_defined, n);
	profile_free(p);
	registry_free(r);
}
END_TEST

START_TEST(every_rule_is_in_the_group_of_its_section)
{
	struct registry *r = registry_new();
	struct profile *p = load(versions[_i], r);
	for (size_t i = 0; i < p->n_rules; i++)
		ck_assert_msg(p->rules[i].ref[0] == p->rules[i].group[0], "%s is in group %s",
			      p->rules[i].ref, p->rules[i].group);
	profile_free(p);
	registry_free(r);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("versions", &suite);
	tcase_add_loop_test(tc, every_recommendation_has_its_rule, 0, ARRAY_SIZE(versions));
	tcase_add_loop_test(tc, every_rule_is_in_the_group_of_its_section, 0, ARRAY_SIZE(versions));
	return harness_run(suite);
}
