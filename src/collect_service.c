/* SPDX-License-Identifier: Apache-2.0 */
/* collect_service.c: is a service installed, started at boot, running? */
#include <errno.h>

#include "collector.h"
#include "record.h"

static const char *const unit_dirs[] = { "/etc/systemd/system", "/run/systemd/system",
					 "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
					 "/lib/systemd/system" };
static const char *const runlevels[] = { "/etc/runlevels/sysinit", "/etc/runlevels/boot",
					 "/etc/runlevels/default" };

/* --- what boots start --------------------------------------------------------------------------
 */

struct links {
	struct collector *c;
	json_t *found; /* path of the first link, by unit */
	const char *dir;
	char *trouble;
};

static void add_link(char type, const char *name, void *context)
{
	struct links *l = context;
	AUTO_FREE char *path = xasprintf("%s/%s", l->dir, name);
	AUTO_FREE char *key = xstrdup(name);
	(void)type;
	utf8_mend(key, strlen(key));
	utf8_mend(path, strlen(path));
	if (!json_object_get(l->found, key))
		json_object_set_new(l->found, key, json_string(path));
}

static void list_links(struct links *l, const char *dir)
{
	AUTO_FREE char *why = NULL;
	struct links inner = *l;
	inner.dir = dir;
	if (!list_folder(l->c, FETCH_BASE_ROOT, dir, add_link, &inner, &why) && *why && !l->trouble)
		l->trouble = xasprintf("%s: %s", dir, why);
}

static void add_folder(char type, const char *name, void *context)
{
	struct links *l = context;
	if (type != 'd' || (!ends_with(name, ".wants") && !ends_with(name, ".requires")))
		return;
	AUTO_FREE char *dir = xasprintf("%s/%s", l->dir, name);
	list_links(l, dir);
}

static bool is_there(struct collector *c, const char *path)
{
	json_t *st = stat_path(c, FETCH_BASE_ROOT, path);
	bool is_it = json_is_true(json_object_get(st, "exists"));
	json_decref(st);
	return is_it;
}

static bool has_systemd(struct collector *c)
{
	return is_there(c, "/usr/lib/systemd/systemd") || is_there(c, "/lib/systemd/systemd");
}

static void list_systemd(struct links *l)
{
	for (size_t i = 0; i < ARRAY_SIZE(unit_dirs); i++) {
		AUTO_FREE char *why = NULL;
		l->dir = unit_dirs[i];
		if (!list_folder(l->c, FETCH_BASE_ROOT, unit_dirs[i], add_folder, l, &why) &&
		    *why && !l->trouble)
			l->trouble = xasprintf("%s: %s", unit_dirs[i], why);
	}
}

/* {"auditd.service": "/etc/systemd/system/multi-user.target.wants/auditd.service"}, or unread. */
static json_t *what_boots_start(struct collector *c)
{
	struct links l = { .c = c, .found = json_object() };
	if (has_systemd(c)) {
		list_systemd(&l);
	} else if (is_there(c, "/etc/runlevels")) {
		for (size_t i = 0; i < ARRAY_SIZE(runlevels); i++)
			list_links(&l, runlevels[i]);
	} else {
		l.trouble = xstrdup("what starts services on this host is neither systemd nor "
				    "OpenRC");
	}
	if (l.trouble) {
		json_decref(l.found);
		l.found = fact_unread("%s", l.trouble);
		free(l.trouble);
	}
	return l.found;
}

/* --- one service ---------------------------------------------------------------------------------
 */

static char *openrc_name(const char *unit)
{
	return xstrndup(unit, ends_with(unit, ".service") ? strlen(unit) - strlen(".service")
							  : strlen(unit));
}

/* Aliases are links in these folders too: syslog.service of rsyslog. A link to /dev/null takes
 * that of a weaker folder away (systemd.unit(5)). */
static json_t *is_wanted(struct collector *c, const char *unit)
{
	AUTO_FREE char *name = openrc_name(unit);
	if (!c->wanted)
		c->wanted = what_boots_start(c);
	if (fact_is_unread(c->wanted))
		return json_incref(c->wanted);
	json_t *link = json_object_get(c->wanted, unit);
	const char *path = json_string_value(link ? link : json_object_get(c->wanted, name));
	return json_boolean(path && !is_mask(c, path));
}

/* Has its control group processes? */
static json_t *is_active(struct collector *c, const char *unit)
{
	AUTO_FREE char *group = xasprintf("/system.slice/%s", unit);
	AUTO_FREE char *why = NULL;
	struct answer answer;
	size_t n;
	if (!c->o->live)
		return fact_unread(NEEDS_RUNNING);
	AUTO_FREE char *first = read_file(c, FETCH_BASE_PROC, "proc/1/comm", &n, &why);
	if (!first || !starts_with(first, "systemd"))
		return fact_unread("%s: whether it runs is told by systemd, which is not process 1",
				   unit);
	ask_now(c->asker, FETCH_CGROUP_PIDS, 0, group, &answer);
	AUTO_FREE char *trouble = answer_trouble(&answer);
	bool is_missing = answer.error == ENOENT, has_any = answer.len > 0;
	answer_done(&answer);
	return trouble && !is_missing ? fact_unread("%s: %s", group, trouble)
				      : json_boolean(!trouble && has_any);
}

static json_t *unit_file(struct collector *c, const char *unit, json_t **ret_masked)
{
	json_t *merged = collect_unit(c, unit);
	json_t *path = json_object_get(merged, "path");
	if (fact_is_unread(merged)) {
		*ret_masked = json_incref(merged);
		return merged;
	}
	*ret_masked = json_incref(json_object_get(merged, "masked"));
	path = path ? json_incref(path) : json_null();
	json_decref(merged);
	return path;
}

/* Without systemd a script of OpenRC stands for the unit. */
static json_t *script(struct collector *c, const char *unit, json_t *path)
{
	AUTO_FREE char *name = openrc_name(unit);
	AUTO_FREE char *file = xasprintf("/etc/init.d/%s", name);
	if (!json_is_null(path) || has_systemd(c) || !is_there(c, file))
		return path;
	json_decref(path);
	return json_string(file);
}

json_t *collect_service(struct collector *c, const char *unit)
{
	json_t *masked = NULL, *path = script(c, unit, unit_file(c, unit, &masked));
	return json_pack("{so so? so so}", "path", path, "masked", masked, "wanted",
			 is_wanted(c, unit), "active", is_active(c, unit));
}

json_t *collect_is_linked(struct collector *c, const char *const *folders, const char *unit)
{
	for (size_t k = 0; folders[k]; k++) {
		for (size_t i = 0; i < ARRAY_SIZE(unit_dirs); i++) {
			AUTO_FREE char *path =
				xasprintf("%s/%s/%s", unit_dirs[i], folders[k], unit);
			const char *paths[] = { path };
			json_t *first = collect_first_of(c, paths, 1);
			if (fact_is_unread(first))
				return first;
			bool is_it = json_is_string(first);
			json_decref(first);
			if (is_it)
				return json_true();
		}
	}
	return json_false();
}

json_t *collect_first_of(struct collector *c, const char *const *paths, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		json_t *st = stat_path(c, FETCH_BASE_ROOT, paths[i]);
		bool is_there = json_is_true(json_object_get(st, "exists"));
		if (fact_is_unread(st))
			return st;
		json_decref(st);
		if (is_there)
			return json_string(paths[i]);
	}
	return json_null();
}
