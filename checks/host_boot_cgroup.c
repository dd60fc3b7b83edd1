/* SPDX-License-Identifier: Apache-2.0 */
/* host_boot_cgroup.c: which hierarchy of control groups there is, or will be. */
#include <string.h>

#include "host_boot.h"
#include "host_common.h"
#include "host_mount.h"
#include "tables.h"

/* What systemd takes was chosen when it was built: the releases that chose the unified one; of
 * those without numbers all of today's do. */
static const struct {
	const char *id, *since;
} unified[] = {
	{ "debian", "11" },        { "ubuntu", "21.10" }, { "fedora", "31" },
	{ "fedora-coreos", "36" }, { "rhel", "9" },       { "centos", "9" },
	{ "almalinux", "9" },      { "rocky", "9" },      { "ol", "9" },
	{ "amzn", "2023" },        { "sles", "16" },      { "opensuse-leap", "16" },
	{ "flatcar", "2969" },     { "arch", NULL },      { "opensuse-tumbleweed", NULL },
};

static bool is_unified_by_default(struct sw_eval *e)
{
	const char *id = sw_str(e, "@host/os/ID", "");
	const char *version = sw_str(e, "@host/os/VERSION_ID", "");

	for (size_t i = 0; i < sizeof(unified) / sizeof(unified[0]); i++)
		if (strcmp(unified[i].id, id) == 0)
			/* Debian's testing has no number. */
			return !unified[i].since || !*version ||
			       sw_version_compare(version, unified[i].since) >= 0;
	return false;
}

static void judge_hierarchy(struct sw_eval *e, const struct boot_place *p)
{
	const char *value = boot_value(e, p, "systemd.unified_cgroup_hierarchy");

	if (value && boot_is_one_of(value, "f|" BOOT_FALSE))
		sw_fail(e, "%s has systemd.unified_cgroup_hierarchy=%s", p->name, value);
	else if (!value && !host_is_running(e) && !is_unified_by_default(e))
		sw_unknown(e,
			   "%s: whether this release takes the unified hierarchy by itself is not "
			   "known here",
			   p->name);
}

static enum sw_verdict cgroups_are_unified(struct sw_eval *e)
{
	if (host_is_running(e)) {
		const char *mount = host_mount_at(e, "/sys/fs/cgroup");
		if (sw_said(e) == SW_UNKNOWN)
			return SW_UNKNOWN;
		const char *type = mount ? sw_str(e, sw_at(e, "%s/type", mount), "") : "";
		if (strcmp(type, "cgroup2") != 0)
			sw_fail(e, "/sys/fs/cgroup is %s, not cgroup2",
				*type ? type : "not mounted");
	}
	return boot_each(e, judge_hierarchy);
}

const struct sw_check sw_host_boot_cgroup_checks[] = {
	{ .id = "host.boot.cgroup_v2",
	  .kind = SW_HOST,
	  .severity = SW_LOW,
	  .title = "Control groups are the unified hierarchy",
	  .why = "With version 1 containers of users have no limits, and some escapes "
		 "(release_agent) exist only there.",
	  .wanted = "cgroup2 at /sys/fs/cgroup, no systemd.unified_cgroup_hierarchy=0",
	  .remedy = "boot without systemd.unified_cgroup_hierarchy=0",
	  .fn = cgroups_are_unified,
	  .needs = SW_NEEDS_BOOT },
	{ 0 },
};
