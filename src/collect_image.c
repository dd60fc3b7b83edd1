/* SPDX-License-Identifier: Apache-2.0 */
/* collect_image.c: one record per image: its inspect and its history. */
#include "collector.h"
#include "record.h"
#include "redact.h"

enum { UNDER_WAY = 8 };

struct images {
	struct collector *c;
	size_t delivered, gone, under_way;
};

struct image {
	struct images *all;
	const char *id; /* borrowed from the world */
	json_t *body;
	size_t pending;
	bool is_gone;
};

static void release(struct image *k)
{
	struct images *all = k->all;
	if (--k->pending > 0)
		return;
	if (k->is_gone) {
		all->gone++;
	} else {
		bool is_used = json_object_get(all->c->used_images, k->id) != NULL;
		json_object_set_new(k->body, "InUse", json_boolean(is_used));
		redact_json(k->body);
		all->c->o->record("image", k->id, k->body, all->c->o->context);
		all->delivered++;
	}
	json_decref(k->body);
	free(k);
	all->under_way--;
}

static void take_part(struct image *k, const char *name, struct answer *answer)
{
	struct err err = { 0 };
	AUTO_FREE char *why = answer_trouble(answer);
	json_t *v = why ? NULL : json_parse_hostile(answer->data, answer->len, &err);
	k->is_gone |= answer->http == 404 && !answer->error;
	json_object_set_new(k->body, name, v ? v : fact_unread("%s", why ? why : err.text));
	err_done(&err);
	release(k);
}

static void take_inspect(struct answer *answer, void *context)
{
	take_part(context, "Inspect", answer);
}

static void take_history(struct answer *answer, void *context)
{
	take_part(context, "History", answer);
}

static void start(struct images *all, const char *id)
{
	struct image *k = xalloc(sizeof(*k));
	*k = (struct image){ .all = all, .id = id, .body = json_object(), .pending = 2 };
	all->under_way++;
	ask(all->c->asker, FETCH_GET, GET_IMAGE, id, take_inspect, k);
	ask(all->c->asker, FETCH_GET, GET_HISTORY, id, take_history, k);
}

void collect_images(struct collector *c)
{
	struct images all = { .c = c };
	json_t *section = json_object_get(json_object_get(c->world, "engine"), "images");
	json_t *list = json_object_get(section, "list"), *image;
	const char *reason = fact_reason(section), *id;

	if (!json_is_object(list)) {
		collect_population(c, "image", 0, 0, 0, reason ? reason : "the engine did not list them");
		return;
	}
	json_object_foreach(list, id, image) {
		while (all.under_way >= UNDER_WAY)
			asker_turn(c->asker);
		start(&all, id);
	}
	while (all.under_way > 0)
		asker_turn(c->asker);
	collect_population(c, "image", json_object_size(list), all.delivered, all.gone, NULL);
}
