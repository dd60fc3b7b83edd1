/* SPDX-License-Identifier: Apache-2.0 */
/* host_updates.c: is the distribution's release still looked after. */
#include <stdint.h>
#include <string.h>

#include "dates.h"
#include "host_common.h"
#include "tables.h"

#define OS "@host/os/"

/*
 * The last day of free security updates. Debian (with LTS) and Ubuntu: debian.csv and ubuntu.csv of
 * the package distro-info-data 0.58+deb12u6, which the two distributions keep. The others:
 * github.com/endoflife-date/endoflife.date, products/, which follows the pages of each; RHEL 10,
 * Rocky 10 and Amazon Linux 2 (aws.amazon.com/amazon-linux-2) are newer than its stored state.
 * Of CentOS 8 the date is that of CentOS Linux; Stream 8 lasted until 2024-05-31. What is not here,
 * such as Alpine 3.24, is not known.
 */
#define TABLE_AS_OF "2026-11-22"

static const struct release {
	const char *id, *version; /* VERSION_ID, or what it begins with before a dot */
	const char *end;
} releases[] = {
	{ "debian", "8", "2020-06-30" },
	{ "debian", "9", "2022-06-30" },
	{ "debian", "10", "2024-06-30" },
	{ "debian", "11", "2026-08-31" },
	{ "debian", "12", "2028-06-30" },
	{ "debian", "13", "2030-06-30" },
	{ "ubuntu", "16.04", "2021-04-30" },
	{ "ubuntu", "18.04", "2023-05-31" },
	{ "ubuntu", "20.04", "2025-05-29" },
	{ "ubuntu", "22.04", "2027-06-01" },
	{ "ubuntu", "23.10", "2024-07-11" },
	{ "ubuntu", "24.04", "2029-05-31" },
	{ "ubuntu", "24.10", "2025-07-10" },
	{ "ubuntu", "25.04", "2026-01-15" },
	{ "ubuntu", "25.10", "2026-07-09" },
	{ "ubuntu", "26.04", "2031-05-29" },
	{ "rhel", "7", "2024-06-30" },
	{ "rhel", "8", "2029-05-31" },
	{ "rhel", "9", "2032-05-31" },
	{ "rhel", "10", "2035-05-31" },
	{ "centos", "7", "2024-06-30" },
	{ "centos", "8", "2021-12-31" },
	{ "centos", "9", "2027-05-31" },
	{ "almalinux", "8", "2029-03-01" },
	{ "almalinux", "9", "2032-05-31" },
	{ "almalinux", "10", "2035-05-31" },
	{ "rocky", "8", "2029-05-31" },
	{ "rocky", "9", "2032-05-31" },
	{ "rocky", "10", "2035-05-31" },
	{ "alpine", "3.16", "2024-05-23" },
	{ "alpine", "3.17", "2024-11-22" },
	{ "alpine", "3.18", "2025-05-09" },
	{ "alpine", "3.19", "2025-11-01" },
	{ "alpine", "3.20", "2026-04-01" },
	{ "alpine", "3.21", "2026-11-01" },
	{ "alpine", "3.22", "2027-05-01" },
	{ "alpine", "3.23", "2027-11-01" },
	{ "amzn", "2", "2026-06-30" },
	{ "opensuse-leap", "15.4", "2023-12-07" },
	{ "opensuse-leap", "15.5", "2024-12-31" },
	{ "opensuse-leap", "15.6", "2026-04-30" },
	{ "opensuse-leap", "16.0", "2027-10-31" },
};

/* "9" is the release of "9.4", "3.2" is not that of "3.20". */
static bool is_release(const char *version, const char *of)
{
	size_t n = strlen(of);

	return strncmp(version, of, n) == 0 && (version[n] == '\0' || version[n] == '.');
}

static const char *end_of(const char *id, const char *version)
{
	for (size_t i = 0; i < sizeof(releases) / sizeof(releases[0]); i++) {
		if (strcmp(releases[i].id, id) == 0 && is_release(version, releases[i].version))
			return releases[i].end;
	}
	return NULL;
}

static enum sw_verdict release_is_in_support(struct sw_eval *e)
{
	const char *now = sw_str(e, "@run/now", ""), *end, *from = "its own SUPPORT_END";
	const char *id = sw_str(e, OS "ID", ""), *version = sw_str(e, OS "VERSION_ID", "");
	const char *name = sw_str(e, OS "PRETTY_NAME", id);

	if (*id == '\0')
		return sw_unknown(e, "/etc/os-release does not say which distribution it is");
	end = sw_str(e, OS "SUPPORT_END", NULL);
	if (end == NULL) {
		from = "the table of " TABLE_AS_OF;
		end = end_of(id, version);
	}
	if (end == NULL && *version == '\0')
		return sw_warn(e, "%s has no release, so no day on which it ends: is it updated?",
			       name);
	if (end == NULL)
		return sw_unknown(e, "until when %s is looked after is not known here", name);
	if (date_days(end) == INT32_MIN || date_days(now) == INT32_MIN)
		return sw_unknown(e, "'%.40s' is no date", date_days(now) == INT32_MIN ? now : end);
	if (date_days(now) > date_days(end))
		return sw_fail(e, "%s had its last free security updates on %.10s, by %s", name,
			       end, from);
	return sw_pass(e, "%s gets security updates until %.10s, by %s", name, end, from);
}

const struct sw_check sw_host_update_checks[] = {
	{
		.id = "host.update.eol",
		.kind = SW_HOST,
		.severity = SW_HIGH,
		.title = "The distribution's release still gets security updates",
		.why = "Flaws that become known after its end stay open for ever, those of the "
		       "kernel that all containers share among them. Support that is paid for may "
		       "last longer, which nothing on the host tells.",
		.wanted = "a release whose end has not come",
		.remedy =
			"Move to a release that is looked after, or waive this rule until the day "
			"that a contract names",
		.fn = release_is_in_support,
	},
	{ 0 },
};
