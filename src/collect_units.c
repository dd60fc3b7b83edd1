/* SPDX-License-Identifier: Apache-2.0 */
/* collect_units.c: the unit files of the engine, merged as systemd does it. */
#include "collector.h"
#include "record.h"
#include "redact.h"
#include "units.h"

/* A folder that was asked for; its owner waits until all of its have come. */
struct listing {
	struct unit_search *search;
	json_t *missing; /* the collector's no_units */
	size_t i, *n_open;
};

/* Most of the folders are nowhere, and every unit asks for them. */
static bool is_missing(const json_t *missing, const char *dir)
{
	AUTO_FREE char *parent = xstrndup(dir, (size_t)(strrchr(dir, '/') - dir));
	return json_object_get(missing, dir) || json_object_get(missing, parent);
}

static void take_listing(struct answer *answer, void *context)
{
	struct listing *l = context;
	AUTO_FREE char *why = answer_trouble(answer);
	bool is_nowhere = why && starts_with(why, "ENOENT");
	if (is_nowhere)
		json_object_set_new(l->missing, unit_search_dir(l->search, l->i), json_true());
	unit_search_listed(l->search, l->i, answer->data, why ? 0 : answer->len,
			   is_nowhere ? UNIT_NOT_THERE : why);
	--*l->n_open;
	free(l);
}

/* All at once: an answer at a time would cost more than the looking. */
static void list_dirs(struct collector *c, struct unit_search *s)
{
	const char *dir;
	size_t n_open = 0;
	if (!c->no_units)
		c->no_units = json_object();
	for (size_t i = 0; (dir = unit_search_dir(s, i)); i++) {
		if (is_missing(c->no_units, dir)) {
			unit_search_listed(s, i, "", 0, UNIT_NOT_THERE);
			continue;
		}
		struct listing *l = xalloc(sizeof(*l));
		*l = (struct listing){ s, c->no_units, i, &n_open };
		n_open++;
		ask(c->asker, FETCH_LIST, FETCH_BASE_ROOT, dir, take_listing, l);
	}
	while (n_open > 0)
		asker_turn(c->asker);
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
	list_dirs(c, s);
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
