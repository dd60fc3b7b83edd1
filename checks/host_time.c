/* SPDX-License-Identifier: Apache-2.0 */
/* host_time.c: one daemon sets the clock, from servers that are named, and it is right. */
#include <inttypes.h>
#include <string.h>

#include "host_services.h"
#include "tables.h"

#define TIME "@host/time/"

static const char *const chrony_units[] = { "chrony", "chronyd", NULL };
static const char *const chrony_programs[] = { "chronyd", NULL };
static const char *const timesyncd_units[] = { "systemd-timesyncd", NULL };
static const char *const timesyncd_programs[] = { "systemd-timesyncd", NULL };
static const char *const ntpd_units[] = { "ntp", "ntpd", "ntpsec", NULL };
static const char *const ntpd_programs[] = { "ntpd", NULL };
static const char *const openntpd_units[] = { "openntpd", NULL };
static const char *const openntpd_programs[] = { "openntpd", NULL };

enum { CHRONY, TIMESYNCD, NTPD, OPENNTPD, DAEMONS };

static const struct service daemons[DAEMONS] = {
	[CHRONY] = { .names = chrony_units, .programs = chrony_programs, .title = "chronyd" },
	[TIMESYNCD] = { .names = timesyncd_units,
			.programs = timesyncd_programs,
			.title = "systemd-timesyncd" },
	[NTPD] = { .names = ntpd_units,
		   .programs = ntpd_programs,
		   .title = "ntpd",
		   .other_units = true },
	[OPENNTPD] = { .names = openntpd_units,
		       .programs = openntpd_programs,
		       .title = "openntpd" },
};

/* Debian and Alpine have OpenNTPD's program as ntpd, too. */
static const struct service openntpd_as_ntpd = { .names = openntpd_units,
						 .programs = ntpd_programs,
						 .other_units = true };

/* One that is in no unit belongs to the one of both that is started. */
static const char *running(struct sw_eval *e, const struct service *s)
{
	const char *how = service_running(e, s);

	if (s == &daemons[OPENNTPD] && !how && service_enabled(e, s))
		return service_running(e, &openntpd_as_ntpd);
	if (s == &daemons[NTPD] && how && *how == '/' && !strstr(how, " of ") &&
	    service_enabled(e, &daemons[OPENNTPD]) && !service_enabled(e, s))
		return NULL;
	return how;
}

/* How many of them are started or run, and which. */
static size_t count(struct sw_eval *e,
		    const char *(*used)(struct sw_eval *e, const struct service *s),
		    const char **ret_names)
{
	size_t n = 0;

	*ret_names = "";
	for (size_t i = 0; i < DAEMONS; i++) {
		if (!used(e, &daemons[i]))
			continue;
		*ret_names = sw_at(e, "%s%s%s", *ret_names, n ? ", " : "", daemons[i].title);
		n++;
	}
	return n;
}

static enum sw_verdict one_daemon_sets_the_clock(struct sw_eval *e)
{
	const char *enabled, *names_running;
	size_t n_enabled = count(e, service_enabled, &enabled);
	size_t n_running = count(e, running, &names_running);

	if (n_enabled > 1)
		sw_fail(e, "%sseveral are started: %s", host_configured(e), enabled);
	if (n_running > 1)
		sw_fail(e, "several run: %s", names_running);
	if (n_enabled == 0)
		sw_fail(e, "%snothing is started that sets the clock%s%s", host_configured(e),
			n_running ? ", though there runs " : "", names_running);
	else if (host_is_running(e) && n_running == 0)
		sw_fail(e, "%s is to be started, but does not run", enabled);
	if (sw_said(e) == SW_PASS)
		sw_pass(e, "%s%s", host_configured(e), enabled);
	return sw_said(e);
}

/* Is that daemon the one that is used here? Else says that it is not. */
static bool is_used(struct sw_eval *e, const struct service *s)
{
	if (service_enabled(e, s) || running(e, s))
		return true;
	sw_skip(e, "%s is not used", s->title);
	return false;
}

static size_t number_of(struct sw_eval *e, const char *file, const char *key)
{
	return sw_count(e, sw_at(e, TIME "%s/settings/%s", file, sw_esc(e, key)));
}

static const char *first_of(struct sw_eval *e, const char *file, const char *key)
{
	return sw_str(e, sw_at(e, TIME "%s/settings/%s/0/value", file, sw_esc(e, key)), "");
}

static enum sw_verdict timesyncd_has_servers(struct sw_eval *e)
{
	if (!is_used(e, &daemons[TIMESYNCD]))
		return SW_SKIP;
	if (number_of(e, "timesyncd", "Time/NTP") > 0)
		return sw_pass(e, "configured: NTP=%s", first_of(e, "timesyncd", "Time/NTP"));
	if (number_of(e, "timesyncd", "Time/FallbackNTP") > 0)
		return sw_pass(e, "configured: FallbackNTP=%s",
			       first_of(e, "timesyncd", "Time/FallbackNTP"));
	return sw_warn(e, "no server is configured: it takes those that DHCP or its builder named. "
			  "See: timedatectl show-timesync");
}

/* Directives that name where time comes from. */
static size_t sources_of(struct sw_eval *e, const char *file)
{
	static const char *const keys[] = { "server", "pool", "peer", "refclock" };
	size_t n = 0;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		n += number_of(e, file, keys[i]);
	return n;
}

static enum sw_verdict chrony_has_servers(struct sw_eval *e)
{
	size_t n;

	if (!is_used(e, &daemons[CHRONY]))
		return SW_SKIP;
	n = sources_of(e, "chrony");
	if (n == 0)
		return sw_fail(e, "its configuration names no server, pool, peer or refclock");
	return sw_pass(e, "configured: sources: %zu", n);
}

/* Does one of the processes of that program have an own uid? -1: none runs. */
static int runs_as_user(struct sw_eval *e, const char *program)
{
	const char *list = sw_at(e, PROCESSES "programs/%s", program);
	size_t n = sw_count(e, list);

	for (size_t i = 0; i < n; i++) {
		if (sw_int(e, sw_at(e, "%s/%zu/uid", list, i), 0) > 0)
			return 1;
	}
	return n > 0 ? 0 : -1;
}

static enum sw_verdict chrony_is_not_root(struct sw_eval *e)
{
	int runs;
	const char *user;

	if (!is_used(e, &daemons[CHRONY]))
		return SW_SKIP;
	runs = host_is_running(e) ? runs_as_user(e, "chronyd") : -1;
	if (runs >= 0)
		return runs ? sw_pass(e, "chronyd runs with a uid of its own")
			    : sw_fail(e, "chronyd runs as root");
	size_t n = number_of(e, "chrony", "user");
	if (n > 0) /* the last counts */
		user = sw_str(e, sw_at(e, TIME "chrony/settings/user/%zu/value", n - 1), "");
	else
		user = sw_str(e, TIME "chrony-user", "");
	if (*user == '\0')
		return sw_unknown(e, "whom chronyd becomes is neither configured nor built in");
	if (strcmp(user, "root") == 0)
		return sw_fail(e, "configured: chronyd stays root");
	return sw_pass(e, "configured: chronyd becomes %s", user);
}

/* The nth word of value, from 0 on; "" when there are fewer. */
static const char *word_of(struct sw_eval *e, const char *value, size_t nth)
{
	static const char blanks[] = " \t";

	value += strspn(value, blanks);
	for (; nth > 0 && *value; nth--) {
		value += strcspn(value, blanks);
		value += strspn(value, blanks);
	}
	return sw_at(e, "%.*s", (int)strcspn(value, blanks), value);
}

static bool has_word(struct sw_eval *e, const char *value, const char *word)
{
	const char *one;

	for (size_t i = 0; *(one = word_of(e, value, i)); i++)
		if (strcmp(one, word) == 0)
			return true;
	return false;
}

/* Does it keep others from changing and asking? */
static bool is_restriction(struct sw_eval *e, const char *value)
{
	static const char *const words[] = { "nomodify", "nopeer", "noquery" };

	if (has_word(e, value, "ignore"))
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!has_word(e, value, words[i]))
			return false;
	return true;
}

/* Is it about all addresses? "-4" or "-6" before them is about that protocol alone (ntp.conf(5));
 * so is the address of none. */
static void judge_restriction(struct sw_eval *e, const char *value, bool *is_v4, bool *is_v6)
{
	const char *first = word_of(e, value, 0);
	bool only_v4 = strcmp(first, "-4") == 0, only_v6 = strcmp(first, "-6") == 0;
	size_t at = only_v4 || only_v6;
	const char *address = word_of(e, value, at);

	const char *mask =
		strcmp(word_of(e, value, at + 1), "mask") == 0 ? word_of(e, value, at + 2) : "";

	if (strcmp(address, "0.0.0.0") == 0 && strcmp(mask, address) == 0)
		only_v4 = true;
	else if (strcmp(address, "::") == 0 && strcmp(mask, address) == 0)
		only_v6 = true;
	else if (strcmp(address, "default") != 0)
		return;
	if (!is_restriction(e, value))
		return;
	*is_v4 |= !only_v6;
	*is_v6 |= !only_v4;
}

/* 127.127.1.x is the host's own clock, which nothing keeps right. */
static size_t own_clocks(struct sw_eval *e)
{
	size_t n = number_of(e, "ntp", "server"), own = 0;

	for (size_t i = 0; i < n; i++)
		own += strncmp(sw_str(e, sw_at(e, TIME "ntp/settings/server/%zu/value", i), ""),
			       "127.127.1.", 10) == 0;
	return own;
}

static enum sw_verdict ntpd_is_configured(struct sw_eval *e)
{
	bool is_v4 = false, is_v6 = false;
	size_t n;

	if (!is_used(e, &daemons[NTPD]))
		return SW_SKIP;
	n = number_of(e, "ntp", "restrict");
	for (size_t i = 0; i < n; i++) {
		const char *value =
			sw_str(e, sw_at(e, TIME "ntp/settings/restrict/%zu/value", i), "");
		judge_restriction(e, value, &is_v4, &is_v6);
	}
	if (!is_v4 && !is_v6)
		sw_fail(e, "no 'restrict default' with nomodify, nopeer and noquery");
	else if (!is_v4 || !is_v6)
		sw_fail(e, "'restrict default' with nomodify, nopeer and noquery is of IPv%c only",
			is_v4 ? '4' : '6');
	if (sources_of(e, "ntp") == own_clocks(e))
		sw_fail(e, "no server is configured");
	if (host_is_running(e) && runs_as_user(e, "ntpd") == 0)
		sw_fail(e, "ntpd runs as root");
	if (sw_said(e) == SW_PASS)
		sw_pass(e, "configured: restricted, with servers");
	return sw_said(e);
}

static enum sw_verdict clock_is_synchronised(struct sw_eval *e)
{
	if (!sw_has(e, TIME "clock/synchronised"))
		return sw_unknown(e, "the kernel did not tell");
	if (!sw_bool(e, TIME "clock/synchronised", false))
		return sw_fail(e, "the kernel says that nothing keeps its clock right");
	return sw_pass(e, "at most %" PRId64 " ms wrong",
		       sw_int(e, TIME "clock/max-error-us", 0) / 1000);
}

#define WHY_TIME                                                                                   \
	"Logs of several hosts can be put in one order, and certificates and tickets are taken "   \
	"or refused as they should be, only if clocks agree. Containers have the host's clock."

const struct sw_check sw_host_time_checks[] = {
	{
		.id = "host.time.single",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "One daemon sets the clock",
		.why = WHY_TIME " Two daemons pull it to and fro.",
		.wanted = "one of chronyd, systemd-timesyncd, ntpd and openntpd",
		.remedy = "apt-get install chrony (dnf install chrony); systemctl mask --now the "
			  "others",
		.fn = one_daemon_sets_the_clock,
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.time.timesyncd",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "systemd-timesyncd has servers",
		.why = WHY_TIME,
		.wanted = "NTP= or FallbackNTP= with the site's servers",
		.remedy = "/etc/systemd/timesyncd.conf.d/site.conf: [Time] NTP=SERVER; systemctl "
			  "restart systemd-timesyncd",
		.fn = timesyncd_has_servers,
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.time.chrony",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "chronyd has servers",
		.why = WHY_TIME,
		.wanted = "a server, pool, peer or refclock",
		.remedy = "chrony.conf: pool POOL iburst; systemctl restart chronyd",
		.fn = chrony_has_servers,
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.time.chrony_user",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "chronyd does not run as root",
		.why = "It parses packets from the network. With an account of its own a flaw in "
		       "that is not at once one of root.",
		.wanted = "an account such as _chrony or chrony",
		.remedy = "chrony.conf: user _chrony (chrony); systemctl restart chronyd",
		.fn = chrony_is_not_root,
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.time.ntpd",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "ntpd has servers and answers nobody else",
		.why = WHY_TIME " ntpd answers queries of the whole network unless it is told not "
				"to.",
		.wanted = "restrict default kod nomodify notrap nopeer noquery, and a server",
		.remedy = "ntp.conf: restrict default kod nomodify notrap nopeer noquery",
		.fn = ntpd_is_configured,
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.time.synced",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "The clock is right",
		.why = WHY_TIME,
		.wanted = "the kernel says that its clock is synchronised",
		.remedy = "timedatectl timesync-status, or chronyc tracking: which server is not "
			  "reached?",
		.fn = clock_is_synchronised,
		.needs = SW_NEEDS_SERVICES,
	},
	{ 0 },
};
