/* SPDX-License-Identifier: Apache-2.0 */
/*
 * t_auditreach.c: what fstab(5) mounts at boot, and which of very many rules are kept. What follows
 * for a path is in tests/cases/audit.*.
 */
#include "auditcover.h"
#include "auditreach.h"
#include "harness.h"
#include "util.h"

static const struct {
	const char *text;
	bool is_at_boot;
} lines[] = {
	{ "/dev/sda3 /var/lib/docker ext4 defaults 0 2", true },
	{ "# comment\n\nUUID=1\t/var/lib/docker\txfs\tnofail,x-systemd.device-timeout=9 0 2\n",
	  true },
	{ "  /dev/sda3   /var/lib/docker   ext4   rw", true },
	{ "/dev/sda3 /var/lib/docker", true },
	{ "/dev/sda3 /var/lib/dock\\145r ext4 rw 0 0", true },
	{ "/dev/sda3 /var/lib/docker ext4 noauto 0 2", false },
	{ "/dev/sda3 /var/lib/docker ext4 rw,noauto,user 0 2", false },
	{ "/dev/sda3 /var/lib/docker ext4 x-systemd.automount 0 2", false },
	{ "#/dev/sda3 /var/lib/docker ext4 defaults 0 2", false },
	{ "/dev/sda3 /var/lib/docker2 ext4 defaults 0 2", false },
	{ "/var/lib/docker /srv none bind 0 0", false },
	{ "/dev/sda3", false },
	{ "", false },
};

START_TEST(mounted_at_boot)
{
	json_t *mounts = json_pack("[{ss}]", "point", "/var/lib/docker");
	AUTO_FREE char *text = xstrdup(lines[_i].text);
	auditreach_fstab(mounts, text);
	ck_assert_msg(json_is_true(json_object_get(json_array_get(mounts, 0), "fstab")) ==
			      lines[_i].is_at_boot,
		      "%s", lines[_i].text);
	json_decref(mounts);
}
END_TEST

/* Rules of other lists take events away wherever they stand, so none of them is cut off. */
static const struct {
	int exits, others;
	size_t kept;
	bool is_cut;
} many[] = {
	{ 499, 1, 500, false }, { 500, 1, 501, true },   { 700, 30, 530, true },
	{ 0, 500, 500, false }, { 0, 1000, 1000, true }, { 0, 1001, 0, true },
	{ 500, 501, 0, true },
};

START_TEST(rules_are_kept)
{
	json_t *rules = json_array();
	for (int i = 0; i < many[_i].exits; i++)
		json_array_append_new(rules, json_pack("{ss ss ss}", "list", "exit", "action",
						       "always", "full", "wa"));
	for (int i = 0; i < many[_i].others; i++)
		json_array_append_new(rules,
				      json_pack("{ss ss}", "list", "task", "action", "never"));
	json_t *world = json_pack("{s{s{so}}}", "host", "audit", "rules", rules);
	json_t *all = auditcover_of(world, "/etc/x"), *loaded = json_object_get(all, "loaded");
	ck_assert_uint_eq(json_array_size(json_object_get(loaded, "rules")), many[_i].kept);
	ck_assert(json_is_true(json_object_get(loaded, "cut")) == many[_i].is_cut);
	json_decref(all);
	json_decref(world);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("auditreach", &suite);

	tcase_add_loop_test(tc, mounted_at_boot, 0, ARRAY_SIZE(lines));
	tcase_add_loop_test(tc, rules_are_kept, 0, ARRAY_SIZE(many));
	return harness_run(suite);
}
