/* SPDX-License-Identifier: Apache-2.0 */
/* services_levels.c: run levels of SysV and OpenRC, and which manager of services is there. */
#include "collect_services.h"
#include "record.h"
#include "redact.h"

struct levels {
	struct services *s;
	json_t *found;
	const char *dir;
	bool is_sysv, has_systemd;
};

static void add_level_entry(char type, const char *name, void *context)
{
	struct levels *l = context;
	(void)type;
	if (l->is_sysv) {
		if (name[0] != 'S' || strlen(name) < 4)
			return;
		name += 3;
	}
	AUTO_FREE char *copy = xstrdup(name);
	utf8_mend(copy, strlen(copy));
	AUTO_FREE char *unit = xasprintf("%s.service", copy);
	if (*copy == '.' || (l->has_systemd && json_object_get(l->s->u->files, unit)))
		return; /* systemd takes its own unit rather than the script */
	json_t *list = json_object_get(l->found, copy);
	if (!list && json_object_size(l->found) < UNITS_MAX) {
		list = json_array();
		json_object_set_new(l->found, copy, list);
	}
	json_array_append_new(list, json_string(l->dir));
}

static void list_level(struct levels *l, const char *dir)
{
	AUTO_FREE char *why = NULL;
	l->dir = dir;
	if (!list_folder(l->s->c, FETCH_BASE_ROOT, dir, add_level_entry, l, &why) && *why)
		services_trouble(l->s, dir, why);
}

json_t *services_sysv(struct services *s, const json_t *managers)
{
	static const char *const dirs[] = { "/etc/rc2.d",      "/etc/rc3.d",      "/etc/rc4.d",
					    "/etc/rc5.d",      "/etc/rc.d/rc2.d", "/etc/rc.d/rc3.d",
					    "/etc/rc.d/rc4.d", "/etc/rc.d/rc5.d" };
	struct levels l = { .s = s,
			    .found = json_object(),
			    .is_sysv = true,
			    .has_systemd = json_object_get(managers, "systemd") != NULL };
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		list_level(&l, dirs[i]);
	/* systemd's generator of units for scripts leaves this one out */
	if (!l.has_systemd)
		list_level(&l, "/etc/rcS.d");
	return l.found;
}

struct runlevels {
	struct levels l;
	json_t *names;
};

static void add_runlevel(char type, const char *name, void *context)
{
	struct runlevels *r = context;
	if (type == 'd' && *name != '.' && json_array_size(r->names) < 100)
		json_array_append_new(r->names, json_sprintf("/etc/runlevels/%s", name));
}

json_t *services_openrc(struct services *s)
{
	struct runlevels r = { .l = { .s = s, .found = json_object() }, .names = json_array() };
	AUTO_FREE char *why = NULL;
	json_t *one;
	size_t i;
	if (!list_folder(s->c, FETCH_BASE_ROOT, "/etc/runlevels", add_runlevel, &r, &why) && *why)
		services_trouble(s, "/etc/runlevels", why);
	json_array_foreach(r.names, i, one)
	{
		const char *dir = json_string_value(one);
		if (dir && !ends_with(dir, "/shutdown"))
			list_level(&r.l, dir);
	}
	json_decref(r.names);
	return r.l.found;
}

json_t *services_managers(struct services *s)
{
	static const struct {
		const char *path, *name;
	} known[] = {
		{ "/usr/lib/systemd/systemd", "systemd" },
		{ "/lib/systemd/systemd", "systemd" },
		{ "/sbin/openrc", "openrc" },
		{ "/usr/bin/openrc", "openrc" },
		{ "/sbin/rc", "openrc" },
		{ "/lib/sysvinit/init", "sysvinit" },
		{ "/etc/rc.d/rc", "sysvinit" },
		{ "/etc/init.d/rc", "sysvinit" },
		{ "/sbin/runit", "runit" },
		{ "/usr/bin/runit", "runit" },
		{ "/usr/bin/s6-svscan", "s6" },
		{ "/bin/s6-svscan", "s6" },
	};
	json_t *all = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		json_t *st = stat_path(s->c, FETCH_BASE_ROOT, known[i].path);
		if (fact_is_unread(st))
			services_trouble(s, known[i].path, fact_reason(st));
		if (json_is_true(json_object_get(st, "exists")))
			json_object_set_new(all, known[i].name, json_true());
		json_decref(st);
	}
	return all;
}
