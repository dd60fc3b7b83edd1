/* SPDX-License-Identifier: Apache-2.0 */
/* host_jobs.c: cron where it is used, and no graphical login. */
#include <inttypes.h>

#include "host_accounts.h"

static enum sw_verdict jobs_are_run(struct sw_eval *e)
{
	const char *cron = ACCOUNTS "cron";
	int64_t jobs = sw_int(e, sw_at(e, "%s/jobs", cron), -1);
	size_t started = sw_count(e, sw_at(e, "%s/started", cron));
	size_t masked = sw_count(e, sw_at(e, "%s/masked", cron));

	if (jobs == 0)
		return sw_skip(e, "there is nothing for cron to do");
	if (masked > 0)
		return sw_fail(e, "%s is masked, and there are %" PRId64 " files of jobs",
			       sw_str(e, sw_at(e, "%s/masked/0", cron), ""), jobs);
	if (started == 0)
		return sw_fail(e, "nothing starts cron, and there are %" PRId64 " files of jobs",
			       jobs);
	return sw_pass(e, "configured to start: %s", sw_str(e, sw_at(e, "%s/started/0", cron), ""));
}

static enum sw_verdict no_graphical_login(struct sw_eval *e)
{
	const char *all = ACCOUNTS "display-managers";
	size_t n = sw_count(e, all);

	for (size_t i = 0; i < n; i++) {
		const char *path = sw_key(e, all, i);
		if (sw_bool(e, sw_at(e, "%s/%s/exists", all, sw_esc(e, path)), false))
			sw_fail(e, "%s is there", path);
	}
	return sw_said(e);
}

const struct sw_check sw_host_job_checks[] = {
	{
		.id = "host.cron.daemon",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "cron is started where it has jobs",
		.why = "Rotation of logs, checks of integrity and updates that are left to cron "
		       "are not done without it, and nobody is told.",
		.wanted = "cron or crond enabled, where there are jobs",
		.remedy = "systemctl enable --now cron, or: systemctl enable --now crond",
		.fn = jobs_are_run,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.gdm.absent",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "There is no graphical login",
		.why = "A server needs none; it brings much code along that runs as root.",
		.wanted = "no display manager",
		.remedy = "apt-get purge gdm3, or: dnf remove gdm",
		.fn = no_graphical_login,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{ 0 },
};
