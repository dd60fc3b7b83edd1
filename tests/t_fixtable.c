/* SPDX-License-Identifier: Apache-2.0 */
/* t_fixtable.c: the table of fixes against checks, settings and remedies, whose words it takes. */
#include <fnmatch.h>

#include "eval.h"
#include "fix_sample.h"
#include "harness.h"
#include "settings.h"

static size_t matching(struct registry *registry, const struct fix_row *row,
		       const struct sw_check **ret)
{
	size_t n = 0;
	for (size_t i = 0; i < registry_count(registry); i++)
		if (fnmatch(row->check, registry_at(registry, i)->id, 0) == 0 && n++ == 0)
			*ret = registry_at(registry, i);
	return n;
}

START_TEST(rows_are_sound)
{
	struct registry *registry = registry_new();
	for (const struct fix_row *row = fix_rows; row->check; row++) {
		const struct sw_check *check = NULL;
		ck_assert_msg(matching(registry, row, &check) > 0, "%s: no such check", row->check);
		ck_assert_msg(!row->make || row->breaks, "%s: what may it break?", row->check);
		if (row->run)
			ck_assert_msg(check->kind == SW_CONTAINER, "%s", row->check);
		if (row->make != fix_daemon_key)
			continue;
		const struct setting *setting = setting_by_key(row->key.name);
		ck_assert_msg(setting != NULL, "%s: no key %s", row->check, row->key.name);
		json_t *value = row->key.value ? json_loads(row->key.value, JSON_DECODE_ANY, NULL)
					       : json_null();
		ck_assert_msg(value && setting_type_fits(setting, value), "%s: %s", row->check,
			      row->key.value);
		ck_assert_msg(!row->key.value || !strchr(row->key.value, '\''), "%s", row->check);
		json_decref(value);
	}
	registry_free(registry);
}
END_TEST

/* A mode that a check's row does not tell would take nothing away. */
START_TEST(modes_are_told)
{
	struct registry *registry = registry_new();
	size_t n = 0;
	for (size_t i = 0; i < registry_count(registry); i++) {
		const struct sw_check *c = registry_at(registry, i);
		if (fnmatch("file.*.mode", c->id, 0) != 0 &&
		    fnmatch("host.file.cron_*ly", c->id, 0) != 0)
			continue;
		struct fix_sample s = { .name = c->id,
					.check = c->id,
					.kind = kind_name(c->kind),
					.reason = "/x has mode 7777, more",
					.evidence = { { "files/~1x/mode", "\"7777\"" } } };
		AUTO_FREE char *out = fix_printed(&s, "sh", NULL);
		ck_assert_msg(strstr(out, "\nchmod u-") != NULL, "%s:\n%s", c->id, out);
		n++;
	}
	ck_assert_int_ge(n, 14);
	registry_free(registry);
}
END_TEST

/* Remedies that a change is taken from; less of them means that their words have changed. */
START_TEST(remedies_are_understood)
{
	static const struct {
		const char *pattern, *wants;
		size_t least;
	} kinds[] = {
		{ "host.sysctl.*", "\nput /etc/sysctl.d", 37 },
		{ "host.audit.rule.*", "\nput_rule /etc/audit", 15 },
		{ "host.log.*", "\nput /etc/systemd/journald", 3 },
	};
	struct registry *registry = registry_new();
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		size_t n = 0;
		for (size_t i = 0; i < registry_count(registry); i++) {
			const struct sw_check *c = registry_at(registry, i);
			if (fnmatch(kinds[k].pattern, c->id, 0) != 0)
				continue;
			struct fix_sample s = {
				.name = c->id, .check = c->id, .kind = "host", .reason = "x"
			};
			AUTO_FREE char *out = fix_printed(&s, "sh", NULL);
			n += strstr(out, kinds[k].wants) != NULL;
		}
		ck_assert_msg(n >= kinds[k].least, "%s: %zu", kinds[k].pattern, n);
	}
	registry_free(registry);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *group = harness_group("fixtable", &suite);

	tcase_set_timeout(group, 60);
	tcase_add_test(group, rows_are_sound);
	tcase_add_test(group, modes_are_told);
	tcase_add_test(group, remedies_are_understood);
	return harness_run(suite);
}
