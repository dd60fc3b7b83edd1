/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_services.c: host/services: which units, run levels and scripts start something, by what
 * is on disk alone; and which of the programs that rules ask for are there.
 */
#include "collect_services.h"
#include "collect_software.h"
#include "confdir.h"
#include "record.h"
#include "redact.h"
#include "units.h"

enum { PRESETS_READ_MAX = 3000 };

void services_trouble(struct services *s, const char *path, const char *why)
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
		services_trouble(s, dir, why);
	json_array_foreach(s->folders, i, one)
	{
		AUTO_FREE char *path = xasprintf("%s/%s", dir, json_string_value(one));
		ask_expected(s->c->asker, FETCH_LIST, path);
	}
	json_array_foreach(s->folders, i, one)
	{
		AUTO_FREE char *no = NULL;
		s->folder = json_string_value(one);
		AUTO_FREE char *path = xasprintf("%s/%s", dir, s->folder);
		if (!list_folder(s->c, FETCH_BASE_ROOT, path, add_pulled, s, &no) && *no)
			services_trouble(s, path, no);
	}
	json_decref(s->folders);
}

/* /lib is often /usr/lib: a folder counts once. */
static void list_dirs(struct services *s)
{
	json_t *seen = json_object();
	for (size_t i = 0; unit_dirs[i]; i++)
		ask_expected(s->c->asker, FETCH_STAT, unit_dirs[i]);
	for (size_t i = 0; unit_dirs[i]; i++) {
		json_t *st = stat_path(s->c, FETCH_BASE_ROOT, unit_dirs[i]);
		const char *path = json_string_value(json_object_get(st, "path"));
		if (fact_is_unread(st))
			services_trouble(s, unit_dirs[i], fact_reason(st));
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
		if (json_is_true(json_object_get(file, "link")))
			ask_expected(s->c->asker, FETCH_STAT,
				     json_string_value(json_object_get(file, "path")));
	}
	json_object_foreach(files, name, file)
	{
		const char *path = json_string_value(json_object_get(file, "path"));
		if (!json_is_true(json_object_get(file, "link")))
			continue;
		json_t *st = stat_path(s->c, FETCH_BASE_ROOT, path);
		const char *type = json_string_value(json_object_get(st, "type"));
		if (fact_is_unread(st))
			services_trouble(s, path, fact_reason(st));
		else
			unit_links_resolved(s->u, name,
					    json_string_value(json_object_get(st, "path")),
					    type && streq(type, "char"));
		json_decref(st);
	}
	json_decref(files);
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
		services_trouble(s, "presets", fact_reason(json_object_get(presets, "settings")));
	json_object_foreach(units, name, unit)
	{
		json_t *settings = json_object();
		const char *path = json_string_value(json_object_get(unit, "file"));
		if (n++ < PRESETS_READ_MAX && !json_is_true(json_object_get(unit, "masked")) &&
		    !json_object_get(unit, "alias") && services_merge(s, settings, path, NULL) &&
		    json_object_get(settings, "Install") && preset_enables(rules, name))
			json_object_set_new(unit, "preset", json_true());
		json_decref(settings);
	}
	json_decref(presets);
}

static json_t *or_trouble(struct services *s, json_t *fact)
{
	if (!s->why)
		return fact;
	json_decref(fact);
	return fact_unread("%s", s->why);
}

json_t *inittab_lines(struct collector *c, const char *part)
{
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_text(c, FETCH_BASE_ROOT, "/etc/inittab", &why);
	if (!text)
		return *why ? fact_unread("/etc/inittab: %s", why) : json_null();
	json_t *lines = json_array();
	for (char *rest = text, *line; (line = strsep(&rest, "\n"));) {
		line = conf_cut_blanks(line);
		if (*line != '#' && strstr(line, part))
			json_array_append_new(lines, json_string(line));
	}
	return lines;
}

void collect_services(struct collector *c)
{
	struct services s = { .c = c, .u = unit_links_new() };
	json_t *all = json_object();
	list_dirs(&s);
	resolve_links(&s);
	services_reach(&s);
	if (unit_links_are_cut(s.u))
		services_trouble(&s, "units", "there are too many");
	json_t *units = units_fact(&s);
	bool is_first_boot = is_before_first_boot(c);
	if (is_first_boot)
		add_presets(&s, units);
	json_object_set_new(all, "first-boot", json_boolean(is_first_boot));
	json_t *managers = services_managers(&s), *sysv = services_sysv(&s, managers),
	       *openrc = services_openrc(&s);
	json_object_set_new(all, "units", or_trouble(&s, units));
	json_object_set_new(all, "sysv", or_trouble(&s, sysv));
	json_object_set_new(all, "openrc", or_trouble(&s, openrc));
	json_object_set_new(all, "managers", or_trouble(&s, managers));
	json_object_set_new(all, "programs", collect_programs_called(c, software_daemons));
	json_object_set_new(all, "ctrl-alt-del", inittab_lines(c, ":ctrlaltdel:"));
	json_object_set_new(all, "overrides", collect_overrides(c));
	json_object_set_new(all, "mail", collect_mail(c));
	collect_host_section(c, "services", all);
	unit_links_free(s.u);
	free(s.why);
}
