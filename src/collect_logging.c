/* SPDX-License-Identifier: Apache-2.0 */
/* collect_logging.c: the journal and rsyslog: what they are set up to, and whether boots start
 * them.
 */
#include "collector.h"
#include "confdir.h"
#include "redact.h"
#include "rsyslogconf.h"

#define LAYERS(name)                                                                               \
	{                                                                                          \
		"/etc/systemd/" name, "/run/systemd/" name, "/usr/local/lib/systemd/" name,        \
			"/usr/lib/systemd/" name, NULL                                             \
	}

static json_t *layered(struct collector *c, const char *const *files, const char *const *dirs)
{
	const struct conf_spec spec = { .first = files,
					.dirs = dirs,
					.suffix = ".conf",
					.comments = "#;",
					.line = conf_line_ini };
	struct conf_source source = collector_source(c);
	return conf_read(&spec, &source);
}

static json_t *journald_conf(struct collector *c)
{
	static const char *const files[] = LAYERS("journald.conf");
	static const char *const dirs[] = LAYERS("journald.conf.d");
	return layered(c, files, dirs);
}

static json_t *upload_conf(struct collector *c)
{
	static const char *const files[] = LAYERS("journal-upload.conf");
	static const char *const dirs[] = LAYERS("journal-upload.conf.d");
	return layered(c, files, dirs);
}

/* Of tmpfiles.d(5) the lines about the journal: type path mode. */
static void tmpfiles_line(struct conf *c, char *line)
{
	char *words[3];
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		line += strspn(line, " \t");
		words[i] = line;
		line += strcspn(line, " \t");
		if (*line)
			*line++ = '\0';
	}
	if (!starts_with(words[1], "/var/log/journal") &&
	    !starts_with(words[1], "/run/log/journal"))
		return;
	json_t *one = conf_set(c, "journal", words[1]);
	if (one)
		json_object_set_new(one, "mode", json_string(words[2]));
}

static json_t *tmpfiles(struct collector *c)
{
	static const char *const dirs[] = { "/etc/tmpfiles.d", "/run/tmpfiles.d",
					    "/usr/local/lib/tmpfiles.d", "/usr/lib/tmpfiles.d",
					    NULL };
	static const struct conf_spec spec = { .dirs = dirs,
					       .suffix = ".conf",
					       .comments = "#",
					       .merge = CONF_ALL,
					       .line = tmpfiles_line };
	struct conf_source source = collector_source(c);
	return conf_read(&spec, &source);
}

static json_t *services(struct collector *c, const char *const *units, size_t n)
{
	json_t *all = json_object();
	for (size_t i = 0; i < n; i++)
		json_object_set_new(all, units[i], collect_service(c, units[i]));
	return all;
}

static json_t *program(struct collector *c, const char *const *paths, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		json_t *st = stat_path(c, FETCH_BASE_ROOT, paths[i]);
		if (fact_is_unread(st))
			return st;
		bool is_there = json_is_true(json_object_get(st, "exists"));
		json_decref(st);
		if (is_there)
			return json_string(paths[i]);
	}
	return json_null();
}

static void collect_journald(struct collector *c)
{
	static const char *const units[] = { "systemd-journald.service",
					     "systemd-journal-upload.service",
					     "systemd-journal-remote.service",
					     "systemd-journal-remote.socket" };
	static const char *const programs[] = { "/usr/lib/systemd/systemd-journald",
						"/lib/systemd/systemd-journald" };
	json_t *conf = journald_conf(c), *upload = upload_conf(c);
	redact_json(conf);
	redact_json(upload); /* addresses */
	collect_host_section(c, "journald",
			     json_pack("{so so so so so so}", "program",
				       program(c, programs, ARRAY_SIZE(programs)), "conf", conf,
				       "upload", upload, "tmpfiles", tmpfiles(c), "folder",
				       stat_path(c, FETCH_BASE_ROOT, "/var/log/journal"),
				       "services", services(c, units, ARRAY_SIZE(units))));
}

/* UMask= of its unit, of which the last counts; null: it has none. */
static json_t *umask_of(struct collector *c, const char *name)
{
	json_t *unit = collect_unit(c, name), *settings = json_object_get(unit, "settings");
	json_t *mask = json_object_get(json_object_get(settings, "Service"), "UMask");
	if (json_is_array(mask))
		mask = json_array_get(mask, json_array_size(mask) - 1);
	json_t *fact = fact_is_unread(unit)       ? json_incref(unit)
		       : fact_is_unread(settings) ? json_incref(settings)
		       : mask                     ? json_incref(mask)
						  : json_null();
	json_decref(unit);
	return fact;
}

static bool is_started_by_systemd(struct collector *c)
{
	static const char *const signs[] = { "/run/systemd/system", "/usr/lib/systemd/systemd",
					     "/lib/systemd/systemd" };
	bool is_there = false;

	/* A running host shows it, a tree what would start it. */
	for (size_t i = c->o->live ? 0 : 1; i < (c->o->live ? 1 : ARRAY_SIZE(signs)); i++) {
		json_t *st = stat_path(c, FETCH_BASE_ROOT, signs[i]);
		is_there |= json_is_true(json_object_get(st, "exists"));
		json_decref(st);
	}
	return is_there;
}

/* The first job that does something: such scripts leave it to the timer where systemd runs. */
static json_t *rotating_job(struct collector *c)
{
	static const char *const jobs[] = { "/etc/cron.daily/logrotate",
					    "/etc/periodic/daily/logrotate",
					    "/etc/cron.d/logrotate" };
	bool has_systemd = is_started_by_systemd(c);

	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++) {
		AUTO_FREE char *why = NULL;
		AUTO_FREE char *text = read_text(c, FETCH_BASE_ROOT, jobs[i], &why);
		if (!text && *why)
			return fact_unread("%s: %s", jobs[i], why);
		if (text && !(has_systemd && strstr(text, "/run/systemd/system")))
			return json_string(jobs[i]);
	}
	return json_null();
}

static void collect_rsyslog(struct collector *c)
{
	static const char *const units[] = { "rsyslog.service", "logrotate.timer" };
	static const char *const programs[] = { "/usr/sbin/rsyslogd", "/usr/bin/rsyslogd" };
	static const char *const rotate[] = { "/etc/logrotate.conf", "/usr/etc/logrotate.conf" };
	struct conf_source source = collector_source(c);
	collect_host_section(c, "rsyslog",
			     json_pack("{so so so so so so}", "program",
				       program(c, programs, ARRAY_SIZE(programs)), "conf",
				       rsyslogconf_read(&source), "umask",
				       umask_of(c, "rsyslog.service"), "services",
				       services(c, units, ARRAY_SIZE(units)), "logrotate",
				       program(c, rotate, ARRAY_SIZE(rotate)), "logrotate-cron",
				       rotating_job(c)));
}

void collect_logging(struct collector *c)
{
	collect_journald(c);
	collect_rsyslog(c);
}
