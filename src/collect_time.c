/* SPDX-License-Identifier: Apache-2.0 */
/* collect_time.c: host/time: where the clock is set from by configuration, and how right it is. */
#include <ctype.h>
#include <sys/timex.h>

#include "collector.h"
#include "confdir.h"

static const char *const timesyncd_files[] = { "/etc/systemd/timesyncd.conf",
					       "/run/systemd/timesyncd.conf",
					       "/usr/local/lib/systemd/timesyncd.conf",
					       "/usr/lib/systemd/timesyncd.conf", NULL };
static const char *const timesyncd_dirs[] = { "/etc/systemd/timesyncd.conf.d",
					      "/run/systemd/timesyncd.conf.d",
					      "/usr/local/lib/systemd/timesyncd.conf.d",
					      "/usr/lib/systemd/timesyncd.conf.d", NULL };
static const char *const chrony_files[] = { "/etc/chrony/chrony.conf", "/etc/chrony.conf", NULL };
static const char *const ntp_files[] = { "/etc/ntpsec/ntp.conf", "/etc/ntp.conf", NULL };
static const char *const openntpd_files[] = { "/etc/openntpd/ntpd.conf", "/etc/ntpd.conf", NULL };

static void include_all(struct conf *c, char *dirs, const char *suffix)
{
	char *dir;
	while ((dir = strsep(&dirs, " \t"))) {
		AUTO_FREE char *pattern = xasprintf("%s/*%s", dir, suffix);
		if (*dir == '/')
			conf_include(c, pattern);
	}
}

/* Only what is judged is kept: others name keys and who may ask. */
static void clock_line(struct conf *c, char *line)
{
	static const char *const kept[] = { "server",   "servers", "pool",     "peer",
					    "refclock", "user",    "restrict", "sensor" };
	size_t n = strcspn(line, " \t");
	char *value = line + n;
	if (*value)
		*value++ = '\0';
	value = conf_cut_blanks(value);
	value[strcspn(value, "#")] = '\0';
	value = conf_cut_blanks(value);
	for (char *p = line; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	if (streq(line, "include") || streq(line, "includefile"))
		conf_include(c, value);
	else if (streq(line, "confdir"))
		include_all(c, value, ".conf");
	else if (streq(line, "sourcedir"))
		include_all(c, value, ".sources");
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		if (streq(line, kept[i]))
			conf_set(c, line, value);
}

static const struct {
	const char *name;
	struct conf_spec spec;
} sources[] = {
	{ "timesyncd",
	  { .first = timesyncd_files,
	    .dirs = timesyncd_dirs,
	    .suffix = ".conf",
	    .comments = "#;",
	    .merge = CONF_RESET,
	    .line = conf_line_ini } },
	{ "chrony",
	  { .first = chrony_files, .comments = "#%;!", .merge = CONF_ALL, .line = clock_line } },
	{ "ntp", { .first = ntp_files, .comments = "#", .merge = CONF_ALL, .line = clock_line } },
	{ "openntpd",
	  { .first = openntpd_files, .comments = "#", .merge = CONF_ALL, .line = clock_line } },
};

/* Whom chronyd is built to become, from its own bytes: null when it does not tell. */
static json_t *chrony_user(struct collector *c)
{
	static const char *const programs[] = { "/usr/sbin/chronyd", "/usr/bin/chronyd" };
	static const char *const users[] = { "_chrony", "chrony" };
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		AUTO_FREE char *why = NULL;
		size_t n;
		AUTO_FREE char *text = read_file(c, FETCH_BASE_ROOT, programs[i], &n, &why);
		if (!text && *why)
			return fact_unread("%s: %s", programs[i], why);
		for (size_t k = 0; text && k < ARRAY_SIZE(users); k++) {
			char word[16];
			int len = snprintf(word, sizeof(word), "%c%s", '\0', users[k]);
			if (memmem(text, n, word, (size_t)len + 1))
				return json_string(users[k]);
		}
		if (text)
			break;
	}
	return json_null();
}

/* adjtimex(2) */
static json_t *clock_fact(struct collector *c)
{
	int state, status;
	long error;
	struct answer answer;
	if (!c->o->live)
		return fact_unread(NEEDS_RUNNING);
	ask_now(c->asker, FETCH_CLOCK, 0, "", &answer);
	AUTO_FREE char *why = answer_trouble(&answer);
	bool is_told = !why && sscanf(answer.data, "%d %d %ld", &state, &status, &error) == 3;
	answer_done(&answer);
	if (!is_told)
		return fact_unread("adjtimex: %s", why ? why : "cannot be understood");
	return json_pack("{sb sI}", "synchronised", state != TIME_ERROR && !(status & STA_UNSYNC),
			 "max-error-us", (json_int_t)error);
}

void collect_time(struct collector *c)
{
	struct conf_source source = collector_source(c);
	json_t *all = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
		json_object_set_new(all, sources[i].name, conf_read(&sources[i].spec, &source));
	json_object_set_new(all, "chrony-user", chrony_user(c));
	json_object_set_new(all, "clock", clock_fact(c));
	collect_host_section(c, "time", all);
}
