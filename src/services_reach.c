/* SPDX-License-Identifier: Apache-2.0 */
/* services_reach.c: what boots start: units by what their files and drop-ins pull in. */
#include "collect_services.h"
#include "record.h"
#include "redact.h"
#include "units.h"

enum { REACHED_MAX = 5000 };

bool services_merge(struct services *s, json_t *settings, const char *path, bool *ret_empty)
{
	size_t n;
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_file(s->c, FETCH_BASE_ROOT, path, &n, &why);
	if (!text) {
		if (*why)
			services_trouble(s, path, why);
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
	bool is_more;
};

static void add_fragment(char type, const char *name, void *context)
{
	struct fragments *f = context;
	AUTO_FREE char *path = xasprintf("%s/%s", f->dir, name);
	if ((type != 'f' && type != 'l') || !ends_with(name, ".conf"))
		return;
	f->is_more |= json_array_size(f->paths) == UNIT_FILES_MAX;
	if (!f->is_more)
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
				services_trouble(s, f.dir, why);
			else if (f.is_more)
				services_trouble(s, f.dir, "holds too many drop-ins");
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
	services_merge(s, settings, path, &is_empty);
	if (is_empty)
		json_object_set_new(file, "masked", json_true());
	unit_links_says(s->u, name, path, settings);
	json_decref(settings);
	drop_ins = is_empty ? json_array() : drop_ins_of(s, name);
	json_array_foreach(drop_ins, i, one)
	{
		settings = json_object();
		if (services_merge(s, settings, json_string_value(one), NULL))
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

/* It will be read when its turn comes. */
static void expect_unit(struct services *s, const char *name)
{
	const char *path = json_string_value(json_object_get(file_of(s, name), "path"));
	if (path)
		ask_expected(s->c->asker, FETCH_READ, path);
}

/* An object grows at its end: what was reached is looked at in that order. */
void services_reach(struct services *s)
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
			expect_unit(s, name);
		}
	}
	json_decref(queue);
	if (json_object_size(s->u->reached) >= REACHED_MAX)
		services_trouble(s, "units", "there are too many");
}
