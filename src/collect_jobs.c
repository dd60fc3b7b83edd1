/* SPDX-License-Identifier: Apache-2.0 */
/* collect_jobs.c: is there something for cron to do and is cron started; graphical logins. */
#include "collect_logins.h"

static bool is_there(struct collector *c, const char *path, const char **ret_type, json_t *unread)
{
	static const char *const types[] = { "file", "dir", "char", "link" };
	json_t *st = stat_path(c, FETCH_BASE_ROOT, path);
	const char *type = json_string_value(json_object_get(st, "type")) ?: "";
	bool exists = json_is_true(json_object_get(st, "exists"));
	if (fact_is_unread(st))
		json_array_append_new(unread, json_sprintf("%s: %s", path, fact_reason(st)));
	*ret_type = "";
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (streq(type, types[i]))
			*ret_type = types[i];
	}
	json_decref(st);
	return exists;
}

/* --- what there is to do ------------------------------------------------------------------------
 */

static void count_job(char type, const char *name, void *context)
{
	json_int_t *n = context;
	*n += type != 'd' && *name != '.';
}

/* A line with a time, but for those that start what is in the folders. */
static bool is_own_job(const char *line)
{
	line += strspn(line, " \t");
	return *line && strchr("0123456789*@-", *line) && !strstr(line, "run-parts") &&
	       !strstr(line, "run-crons");
}

static bool has_own_jobs(struct collector *c, const char *path, json_t *unread)
{
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_text(c, FETCH_BASE_ROOT, path, &why);
	if (!text && *why)
		json_array_append_new(unread, json_sprintf("%s: %s", path, why));
	for (char *rest = text, *line; (line = strsep(&rest, "\n"));)
		if (is_own_job(line))
			return true;
	return false;
}

static json_t *count_jobs(struct collector *c, json_t *unread)
{
	static const char *const folders[] = { "/etc/cron.d",
					       "/etc/cron.hourly",
					       "/etc/cron.daily",
					       "/etc/cron.weekly",
					       "/etc/cron.monthly",
					       "/var/spool/cron",
					       "/var/spool/cron/crontabs",
					       "/var/spool/cron/tabs",
					       "/etc/crontabs" };
	json_int_t n = has_own_jobs(c, "/etc/crontab", unread);
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		AUTO_FREE char *why = NULL;
		if (!list_folder(c, FETCH_BASE_ROOT, folders[i], count_job, &n, &why) && *why)
			json_array_append_new(unread, json_sprintf("%s: %s", folders[i], why));
	}
	return json_integer(n);
}

/* --- what starts it -----------------------------------------------------------------------------
 */

struct daemons {
	json_t *started, *masked, *unread;
};

/* By the strongest folder that has the unit. */
static bool is_unit_masked(struct collector *c, struct daemons *d, const char *unit)
{
	static const char *const folders[] = { "/etc/systemd/system", "/run/systemd/system" };
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		const char *type;
		AUTO_FREE char *path = xasprintf("%s/%s", folders[i], unit);
		if (is_mask(c, path))
			return true;
		if (is_there(c, path, &type, d->unread))
			return false;
	}
	return false;
}

static void look_for_unit(struct collector *c, struct daemons *d, const char *name)
{
	static const char *const targets[] = { "multi-user", "default", "basic" };
	const char *type;
	AUTO_FREE char *unit = xasprintf("%s.service", name);
	if (is_unit_masked(c, d, unit))
		json_array_append_new(d->masked, json_string(unit));
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
		AUTO_FREE char *link = xasprintf("/etc/systemd/system/%s.target.wants/%s.service",
						 targets[i], name);
		/* Whether the unit that the link leads to is there: else nothing is started. */
		if (is_there(c, link, &type, d->unread) && streq(type, "file"))
			json_array_append_new(d->started, json_string(link));
	}
}

static void look_for_script(struct collector *c, struct daemons *d, const char *name)
{
	const char *type;
	AUTO_FREE char *link = xasprintf("/etc/runlevels/default/%s", name);
	if (is_there(c, link, &type, d->unread))
		json_array_append_new(d->started, json_string(link));
}

static json_t *cron_fact(struct collector *c)
{
	static const char *const names[] = { "cron", "crond", "cronie", "dcron", "fcron", "bcron" };
	struct daemons d = { json_array(), json_array(), json_array() };
	json_t *jobs = count_jobs(c, d.unread);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		look_for_unit(c, &d, names[i]);
		look_for_script(c, &d, names[i]);
	}
	if (json_array_size(d.unread) == 0)
		return json_pack("{so so so so}", "jobs", jobs, "started", d.started, "masked",
				 d.masked, "unread", d.unread);
	json_t *fact = fact_unread("%s", json_string_value(json_array_get(d.unread, 0)));
	json_decref(jobs);
	json_decref(d.started);
	json_decref(d.masked);
	json_decref(d.unread);
	return fact;
}

static json_t *display_managers(struct collector *c)
{
	static const char *const paths[] = {
		"/etc/systemd/system/display-manager.service",
		"/usr/sbin/gdm3",
		"/usr/sbin/gdm",
		"/usr/bin/gdm",
		"/usr/sbin/lightdm",
		"/usr/bin/sddm",
		"/usr/sbin/lxdm",
		"/usr/bin/xdm",
	};
	json_t *found = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		json_object_set_new(found, paths[i], stat_path(c, FETCH_BASE_ROOT, paths[i]));
	return found;
}

void collect_jobs(struct collector *c, json_t *accounts)
{
	json_object_set_new(accounts, "cron", cron_fact(c));
	json_object_set_new(accounts, "display-managers", display_managers(c));
}
