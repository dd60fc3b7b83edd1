/* SPDX-License-Identifier: Apache-2.0 */
/* collect_units.c: the unit files of the engine, merged as systemd does it. */
#include "collector.h"
#include "record.h"
#include "redact.h"
#include "units.h"

/* A folder that was asked for; its owner waits until all of its have come. */
struct listing {
	struct unit_search *search;
	json_t *folders; /* the collector's unit_folders */
	size_t i, *n_open;
	bool is_kept;
};

/* What of the list is asked for again: which names there are. One that is no text names no unit. */
static json_t *names_in(const struct answer *answer)
{
	json_t *names = json_object();
	const char *p = answer->data, *end = p + answer->len;
	for (; end - p > 1; p += strlen(p) + 1) {
		char type[] = { *p, '\0' };
		if (*p)
			json_object_set_new(names, p + 1, json_string(type));
	}
	return names;
}

static void take_listing(struct answer *answer, void *context)
{
	struct listing *l = context;
	AUTO_FREE char *why = answer_trouble(answer);
	bool is_nowhere = why && starts_with(why, "ENOENT");
	const char *dir = unit_search_dir(l->search, l->i);
	if (is_nowhere)
		json_object_set_new(l->folders, dir, json_object());
	else if (!why && l->is_kept)
		json_object_set_new(l->folders, dir, names_in(answer));
	unit_search_listed(l->search, l->i, answer->data, why ? 0 : answer->len,
			   is_nowhere ? UNIT_NOT_THERE : why);
	--*l->n_open;
	free(l);
}

static void ask_listing(struct collector *c, struct unit_search *s, size_t i, bool is_kept,
			size_t *n_open)
{
	struct listing *l = xalloc(sizeof(*l));
	*l = (struct listing){ s, c->unit_folders, i, n_open, is_kept };
	++*n_open;
	ask(c->asker, FETCH_LIST, FETCH_BASE_ROOT, unit_search_dir(s, i), take_listing, l);
}

static void wait_for(struct collector *c, const size_t *n_open)
{
	while (*n_open > 0)
		asker_turn(c->asker);
}

/*
 * Folders of units: each is listed for the first unit, and its names are kept for the others. The
 * names that are kept are texts, so a unit that is called otherwise has them listed anew.
 */
static void list_folders(struct collector *c, struct unit_search *s, const char *unit)
{
	size_t n_open = 0;
	json_t *text = json_string(unit);
	for (size_t i = 0; unit_search_is_folder(s, i); i++) {
		json_t *names =
			text ? json_object_get(c->unit_folders, unit_search_dir(s, i)) : NULL;
		const char *type = json_string_value(json_object_get(names, unit));
		if (!names) {
			ask_listing(c, s, i, true, &n_open);
			continue;
		}
		AUTO_FREE char *only = type ? xasprintf("%s%s", type, unit) : NULL;
		unit_search_listed(s, i, only ? only : "", only ? strlen(only) + 1 : 0,
				   only ? NULL : UNIT_NOT_THERE);
	}
	json_decref(text);
	wait_for(c, &n_open);
}

/* Is it known not to be there? Of most folders the one that they are in tells. */
static bool is_missing(const json_t *folders, const char *dir)
{
	const char *name = strrchr(dir, '/');
	AUTO_FREE char *parent = xstrndup(dir, (size_t)(name - dir));
	json_t *names = json_object_get(folders, parent);
	return json_object_get(folders, dir) || (names && !json_object_get(names, name + 1));
}

/* All at once: an answer at a time would cost more than the looking. */
static void list_drop_ins(struct collector *c, struct unit_search *s)
{
	const char *dir;
	size_t n_open = 0;
	for (size_t i = 0; (dir = unit_search_dir(s, i)); i++) {
		if (unit_search_is_folder(s, i))
			continue;
		if (is_missing(c->unit_folders, dir))
			unit_search_listed(s, i, "", 0, UNIT_NOT_THERE);
		else
			ask_listing(c, s, i, false, &n_open);
	}
	wait_for(c, &n_open);
}

static void read_unit(struct collector *c, struct unit_search *s, size_t i, const char *path)
{
	size_t n;
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_file(c, FETCH_BASE_ROOT, path, &n, &why);
	if (text) {
		utf8_mend(text, n);
		unit_search_read(s, i, text, n, NULL);
	} else if (is_mask(c, path)) {
		unit_search_masked(s, i);
	} else {
		unit_search_read(s, i, "", 0, *why ? why : UNIT_NOT_THERE);
	}
}

json_t *collect_unit(struct collector *c, const char *unit)
{
	struct unit_search *s CLEANUP(unit_search_free_p) = unit_search_new(unit);
	const char *path;
	if (!c->unit_folders)
		c->unit_folders = json_object();
	list_folders(c, s, unit);
	list_drop_ins(c, s);
	for (size_t i = 0; (path = unit_search_file(s, i)); i++)
		read_unit(c, s, i, path);
	return unit_search_record(s);
}

void collect_units(struct collector *c)
{
	static const char *const units[] = { "docker.service", "docker.socket",
					     "containerd.service", "snap.docker.dockerd.service" };
	json_t *all = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		json_object_set_new(all, units[i], collect_unit(c, units[i]));
	redact_json(all);
	collect_host_section(c, "units", all);
}
