/* SPDX-License-Identifier: Apache-2.0 */
/* t_auditreach.c: what fstab(5) mounts at boot. What follows for a rule is in tests/cases/audit.*.
 */
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

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("auditreach", &suite);

	tcase_add_loop_test(tc, mounted_at_boot, 0, ARRAY_SIZE(lines));
	return harness_run(suite);
}
