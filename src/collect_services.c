/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_services.c: host/services: which units, run levels and scripts start something, by what
 * is on disk alone; and which of the programs that rules ask for are there.
 */
#include "collect_software.h"
#include "confdir.h"
#include "record.h"
#include "redact.h"
#include "unitlinks.h"
#include "units.h"

enum { REACHED_MAX = 5000, PRESETS_READ_MAX = 3000 };

struct services {
	struct collector *c;
	struct unit_links *u;
	const char *dir, *folder; /* that is being listed */
	json_t *folders;          /* of it to list */
	char *why;                /* what could not be read */
};

static void note_trouble(struct services *s, const char *path, const char *why)
{
	if (!s->why)
		s->why = xasprintf("%s: %s", path, why);
}

/* --- folders -----------------------------------------------------------------------------------
 */

static void add_entry(char type, const char *name, void *context)
{
	struct services *s = context;
	AUTO_FREE char *copy = xstrdup(name);
	utf8_mend(copy, strlen(copy));
	if (unit_links_entry(s->u, s->dir, type, copy))
		json_array_append_new(s->folders, json_string(copy));
}

static void add_pulled(char type, const char *name, void *context)
{
	struct services *s = context;
	AUTO_FREE char *copy = xstrdup(name);
	utf8_mend(copy, strlen(copy));
	(void)type;
	unit_links_pulled(s->u, s->dir, s->folder, copy);
}

static void list_dir(struct services *s, const char *dir)
{
	AUTO_FREE char *why = NULL;
	json_t *one;
	size_t i;
	s->dir = dir;
	s->folders = json_array();
	if (!list_folder(s->c, FETCH_BASE_ROOT, dir, add_entry, s, &why) && *why)
		note_trouble(s, dir, why);
	json_array_foreach(s->folders, i, one)
	{
		AUTO_FREE char *no = NULL;
		s->folder = json_string_value(one);
		AUTO_FREE char *path = xasprintf("%s/%s", dir, s->folder);
		if (!list_folder(s->c, FETCH_BASE_ROOT, path, add_pulled, s, &no) && *no)
			note_trouble(s, path, no);
	}
	json_decref(s->folders);
}

/* /lib is often /usr/lib: a folder counts once. */
static void list_dirs(struct services *s)
{
	json_t *seen = json_object();
	for (size_t i = 0; unit_dirs[i]; i++) {
		json_t *st = stat_path(s->c, FETCH_BASE_ROOT, unit_dirs[i]);
		const char *path = json_string_value(json_object_get(st, "path"));
		if (fact_is_unread(st))
			note_trouble(s, unit_dirs[i], fact_reason(st));
		else if (path && !json_object_get(seen, path)) {
			json_object_set_new(seen, path, json_true());
			list_dir(s, unit_dirs[i]);
		}
		json_decref(st);
	}
	json_decref(seen);
}

static void resolve_links(struct services *s)
{
	json_t *files = json_copy(s->u->files), *file;
	const char *name;
	json_object_foreach(files, name, file)
	{
		const char *path = json_string_value(json_object_get(file, "path"));
		if (!json_is_true(json_object_get(file, "link")))
			continue;
		json_t *st = stat_path(s->c, FETCH_BASE_ROOT, path);
		const char *type = json_string_value(json_object_get(st, "type"));
		if (fact_is_unread(st))
			note_trouble(s, path, fact_reason(st));
		else
			unit_links_resolved(s->u, name,
					    json_string_value(json_object_get(st, "path")),
					    type && streq(type, "char"));
		json_decref(st);
	}
	json_decref(files);
}

/* --- files -------------------------------------------------------------------------------------
 */

/* Merges a file's text into settings; 0 bytes tell a mask. */
static bool merge_file(struct services *s, json_t *settings, const char *path, bool *ret_empty)
{
	size_t n;
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_file(s->c, FETCH_BASE_ROOT, path, &n, &why);
	if (!text) {
		if (*why)
			note_trouble(s, path, why);
		return false;
	}
	utf8_mend(text, n);
	if (ret_empty)
		*ret_empty = n == 0;
	unit_merge(settings, text, n);
	return true;
}

struct fragments {
	json_t *paths;
	const char *dir;
};

static void add_fragment(char type, const char *name, void *context)
{
	struct fragments *f = context;
	AUTO_FREE char *path = xasprintf("%s/%s", f->dir, name);
	if ((type == 'f' || type == 'l') && ends_with(name, ".conf") &&
	    json_array_size(f->paths) < UNIT_FILES_MAX)
		json_array_append_new(f->paths, json_string(path));
}

/* A unit's drop-ins, of all its names. Their order decides nothing here. */
static json_t *drop_ins_of(struct services *s, const char *name)
{
	struct fragments f = { .paths = json_array() };
	json_t *dir;
	size_t i;
	AUTO_FREE char *template = unit_template(name);
	const char *const names[] = { name, template };
	for (size_t k = 0; k < ARRAY_SIZE(names) && names[k]; k++) {
		json_array_foreach(json_object_get(s->u->drop_ins, names[k]), i, dir)
		{
			AUTO_FREE char *why = NULL;
			f.dir = json_string_value(dir);
			if (!list_folder(s->c, FETCH_BASE_ROOT, f.dir, add_fragment, &f, &why) &&
			    *why)
				note_trouble(s, f.dir, why);
		}
	}
	return f.paths;
}

/* The entry of the unit's file, that of its template for an instance. */
static json_t *file_of(struct services *s, const char *name)
{
	json_t *file = json_object_get(s->u->files, name);
	AUTO_FREE char *template = file ? NULL : unit_template(name);
	return template ? json_object_get(s->u->files, template) : file;
}

/* What it says is remembered; false: it is masked or not there. */
static bool read_unit(struct services *s, const char *name)
{
	json_t *file = file_of(s, name), *drop_ins, *one;
	const char *path = json_string_value(json_object_get(file, "path"));
	bool is_empty = false;
	size_t i;
	if (!file || json_is_true(json_object_get(file, "masked")))
		return false;
	json_t *settings = json_object();
	merge_file(s, settings, path, &is_empty);
	if (is_empty)
		json_object_set_new(file, "masked", json_true());
	unit_links_says(s->u, name, path, settings);
	json_decref(settings);
	drop_ins = is_empty ? json_array() : drop_ins_of(s, name);
	json_array_foreach(drop_ins, i, one)
	{
		settings = json_object();
		if (merge_file(s, settings, json_string_value(one), NULL))
			unit_links_says(s->u, name, json_string_value(one), settings);
		json_decref(settings);
	}
	json_decref(drop_ins);
	return !is_empty;
}

static void reach(struct services *s, const char *name, const char *from)
{
	if (!json_object_get(s->u->reached, name) && json_object_size(s->u->reached) < REACHED_MAX)
		json_object_set_new(s->u->reached, name, json_string(from));
}

/* All that is started at boot, and what devices start that may be plugged in. An object grows at
 * its end: what was reached is looked at in that order. */
static void reach_all(struct services *s)
{
	static const char *const roots[] = {
		"default.target",    "sysinit.target",   "basic.target",    "sockets.target",
		"timers.target",     "paths.target",     "local-fs.target", "swap.target",
		"printer.target",    "bluetooth.target", "sound.target",    "smartcard.target",
		"usb-gadget.target",
	};
	for (size_t i = 0; i < ARRAY_SIZE(roots); i++)
		reach(s, roots[i], "the system's start");
	json_t *queue = json_array(), *one, *path;
	const char *name;
	json_object_foreach(s->u->reached, name, one)
		json_array_append_new(queue, json_string(name));
	for (size_t i = 0; i < json_array_size(queue); i++) {
		const char *said = json_string_value(json_array_get(queue, i));
		AUTO_FREE char *unit = xstrdup(unit_links_canonical(s->u, said));
		if (!streq(unit, said) && !json_object_get(s->u->reached, unit)) {
			reach(s, unit, said);
			json_array_append_new(queue, json_string(unit));
		}
		if (!read_unit(s, said))
			continue;
		json_object_foreach(json_object_get(s->u->pulls, said), name, path)
		{
			if (json_object_get(s->u->reached, name))
				continue;
			reach(s, name, json_string_value(path));
			json_array_append_new(queue, json_string(name));
		}
	}
	json_decref(queue);
	if (json_object_size(s->u->reached) >= REACHED_MAX)
		note_trouble(s, "units", "there are too many");
}

/* --- presets -----------------------------------------------------------------------------------
 */

static void preset_line(struct conf *c, char *line)
{
	size_t n = strcspn(line, " \t");
	AUTO_FREE char *verb = xstrndup(line, n);
	char *rest = conf_cut_blanks(line + n);
	AUTO_FREE char *pattern = xstrndup(rest, strcspn(rest, " \t"));
	if (streq(verb, "enable") || streq(verb, "disable") || streq(verb, "ignore")) {
		json_t *entry = conf_set(c, "rules", pattern);
		if (entry)
			json_object_set_new(entry, "verb", json_string(verb));
	}
}

static json_t *read_presets(struct collector *c)
{
	static const char *const dirs[] = { "/etc/systemd/system-preset",
					    "/run/systemd/system-preset",
					    "/usr/local/lib/systemd/system-preset",
					    "/usr/lib/systemd/system-preset", NULL };
	static const struct conf_spec spec = { .dirs = dirs,
					       .suffix = ".preset",
					       .comments = "#;",
					       .merge = CONF_ALL,
					       .line = preset_line };
	struct conf_source source = collector_source(c);
	return conf_read(&spec, &source);
}

/* "first boot": systemd enables what the presets say when there is no machine-id yet. */
static bool is_before_first_boot(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *id = read_file(c, FETCH_BASE_ROOT, "/etc/machine-id", NULL, &why);
	return !c->o->live && ((!id && !*why) || (id && starts_with(id, "uninitialized")));
}

/* --- the record --------------------------------------------------------------------------------
 */

static bool is_of_interest(const char *name)
{
	return ends_with(name, ".service") || ends_with(name, ".socket") ||
	       ends_with(name, ".path") || ends_with(name, ".timer") ||
	       streq(name, "ctrl-alt-del.target");
}

/* Instances count as their template; a null one is never reached. */
static json_t *unit_entry(struct services *s, json_t *units, const char *name)
{
	AUTO_FREE char *template = unit_template(name);
	const char *as = template ? template : name;
	json_t *entry = json_object_get(units, as), *file = json_object_get(s->u->files, as);
	if (entry || !is_of_interest(as) || !file)
		return entry;
	entry = json_pack("{sO sb s[]}", "file", json_object_get(file, "path"), "masked",
			  json_is_true(json_object_get(file, "masked")), "links");
	if (json_object_get(file, "alias"))
		json_object_set(entry, "alias", json_object_get(file, "alias"));
	json_object_set_new(units, as, entry);
	return entry;
}

static json_t *units_fact(struct services *s)
{
	json_t *units = json_object(), *value;
	const char *name;
	json_object_foreach(s->u->files, name, value) unit_entry(s, units, name);
	json_object_foreach(s->u->links, name, value)
	{
		json_t *entry = unit_entry(s, units, name);
		if (entry)
			json_array_extend(json_object_get(entry, "links"), value);
	}
	json_object_foreach(s->u->reached, name, value)
	{
		json_t *entry = unit_entry(s, units, name);
		if (entry && !json_object_get(entry, "by"))
			json_object_set(entry, "by", value);
	}
	return units;
}

/* A unit with [Install] whose preset is not "disable" is enabled then. */
static void add_presets(struct services *s, json_t *units)
{
	json_t *presets = read_presets(s->c), *unit;
	json_t *rules = json_object_get(json_object_get(presets, "settings"), "rules");
	const char *name;
	size_t n = 0;
	if (fact_is_unread(json_object_get(presets, "settings")))
		note_trouble(s, "presets", fact_reason(json_object_get(presets, "settings")));
	json_object_foreach(units, name, unit)
	{
		json_t *settings = json_object();
		const char *path = json_string_value(json_object_get(unit, "file"));
		if (n++ < PRESETS_READ_MAX && !json_is_true(json_object_get(unit, "masked")) &&
		    !json_object_get(unit, "alias") && merge_file(s, settings, path, NULL) &&
		    json_object_get(settings, "Install") && preset_enables(rules, name))
			json_object_set_new(unit, "preset", json_true());
		json_decref(settings);
	}
	json_decref(presets);
}

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
		note_trouble(l->s, dir, why);
}

static json_t *sysv_fact(struct services *s, const json_t *managers)
{
	static const char *const dirs[] = { "/etc/rc2.d", "/etc/rc3.d",      "/etc/rc4.d",
					    "/etc/rc5.d", "/etc/rc.d/rc3.d", "/etc/rc.d/rc5.d" };
	struct levels l = { .s = s,
			    .found = json_object(),
			    .is_sysv = true,
			    .has_systemd = json_object_get(managers, "systemd") != NULL };
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		list_level(&l, dirs[i]);
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

/* Of the levels that only end things nothing counts. */
static json_t *openrc_fact(struct services *s)
{
	struct runlevels r = { .l = { .s = s, .found = json_object() }, .names = json_array() };
	AUTO_FREE char *why = NULL;
	json_t *one;
	size_t i;
	if (!list_folder(s->c, FETCH_BASE_ROOT, "/etc/runlevels", add_runlevel, &r, &why) && *why)
		note_trouble(s, "/etc/runlevels", why);
	json_array_foreach(r.names, i, one)
	{
		const char *dir = json_string_value(one);
		if (dir && !ends_with(dir, "/shutdown"))
			list_level(&r.l, dir);
	}
	json_decref(r.names);
	return r.l.found;
}

static json_t *managers_fact(struct services *s)
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
			note_trouble(s, known[i].path, fact_reason(st));
		if (json_is_true(json_object_get(st, "exists")))
			json_object_set_new(all, known[i].name, json_true());
		json_decref(st);
	}
	return all;
}

static json_t *or_trouble(struct services *s, json_t *fact)
{
	if (!s->why)
		return fact;
	json_decref(fact);
	return fact_unread("%s", s->why);
}

void collect_services(struct collector *c)
{
	struct services s = { .c = c, .u = unit_links_new() };
	json_t *all = json_object();
	list_dirs(&s);
	resolve_links(&s);
	reach_all(&s);
	json_t *units = units_fact(&s);
	bool is_first_boot = is_before_first_boot(c);
	if (is_first_boot)
		add_presets(&s, units);
	json_object_set_new(all, "first-boot", json_boolean(is_first_boot));
	json_t *managers = managers_fact(&s), *sysv = sysv_fact(&s, managers),
	       *openrc = openrc_fact(&s);
	json_object_set_new(all, "units", or_trouble(&s, units));
	json_object_set_new(all, "sysv", or_trouble(&s, sysv));
	json_object_set_new(all, "openrc", or_trouble(&s, openrc));
	json_object_set_new(all, "managers", or_trouble(&s, managers));
	json_object_set_new(all, "programs", collect_programs_called(c, software_daemons));
	json_object_set_new(all, "overrides", collect_overrides(c));
	json_object_set_new(all, "mail", collect_mail(c));
	collect_host_section(c, "services", all);
	unit_links_free(s.u);
	free(s.why);
}
