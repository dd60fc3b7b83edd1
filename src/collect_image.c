/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_image.c: one record per image: its inspect, its history, which image it was built from,
 * and on demand what is in its layers and what scanners said of it.
 *
 * Which image is built from which is learned first. Of the replies as many are kept until then as a
 * limit allows, as text; the images of the others are asked for again.
 */
#include <time.h>

#include "collector.h"
#include "imagebase.h"
#include "record.h"
#include "redact.h"
#include "timestamp.h"

enum { UNDER_WAY = 8, DAY = 86400, KEPT_MAX = 1 << 20 };

struct images {
	struct collector *c;
	json_t *list;
	struct imagebases *bases;
	struct image *ready; /* has come, and waits for what takes longer */
	json_t *kept; /* replies of the first round: {id: {"Inspect": text, "History": text}} */
	size_t kept_bytes;
	size_t delivered, gone, under_way;
	bool is_first_round;
};

struct image {
	struct images *all;
	struct image *next;
	const char *id; /* borrowed from the world */
	json_t *body;
	size_t pending;
	bool is_gone;
};

/* --- which are in use --------------------------------------------------------------------------
 */

static int take_element(json_t *element, void *context)
{
	collect_used_image(context, element);
	return 0;
}

static void take_containers(struct answer *answer, void *context)
{
	struct collector *c = context;
	struct err err = { 0 };
	c->used_is_known = true;
	c->used_why = answer_trouble(answer);
	if (!c->used_why &&
	    json_parse_elements(answer->data, answer->len, take_element, c, &err) < 0) {
		free(c->used_why);
		c->used_why = xstrdup(err.text);
	}
	err_done(&err);
}

void collect_used_image(struct collector *c, json_t *container)
{
	const char *id = json_string_value(json_object_get(container, "ImageID"));
	if (id && *id)
		json_object_set_new(c->used_images, id, json_true());
	else if (!c->used_why)
		c->used_why = xstrdup("the list of containers names one without its image");
}

/* When containers are not asked for, or later. */
static void learn_use(struct collector *c)
{
	if (c->used_is_known)
		return;
	ask(c->asker, FETCH_GET, GET_CONTAINERS, "", take_containers, c);
	collect_wait(c, &c->used_is_known);
}

static json_t *use_of(const struct collector *c, const char *id)
{
	if (json_object_get(c->used_images, id))
		return json_true();
	return c->used_why ? fact_unread("whether a container uses it: %s", c->used_why)
			   : json_false();
}

/* Tagged, or made a container of: others are left over from builds, and no rule is about them. */
static bool is_of_interest(const struct collector *c, const char *id, const json_t *inspect)
{
	return json_array_size(json_object_get(inspect, "RepoTags")) > 0 ||
	       json_object_get(c->used_images, id) || c->used_why;
}

/* --- records -----------------------------------------------------------------------------------
 */

static json_t *age_of(const json_t *inspect)
{
	const char *created = json_string_value(json_object_get(inspect, "Created"));
	int64_t then, now = time(NULL);
	static const int64_t docker_began = 1363737600; /* 2013-03-20 */
	if (!created || !timestamp_parse(created, &then))
		return fact_unread("the image does not say when it was made");
	if (then < docker_began || then > now + DAY)
		return fact_unread("the image says it was made %s, which was set by its maker",
				   created);
	return json_integer(then > now ? 0 : (now - then) / DAY);
}

/* What no engine leaves out is not absent because a reply has it not. */
static void clean_parts(json_t *body)
{
	static const char *const always[] = { "Config", "RootFS" };
	json_t *inspect = json_object_get(body, "Inspect"),
	       *history = json_object_get(body, "History");
	if (!json_is_object(inspect))
		json_object_set_new(body, "Inspect", fact_unread("no object came"));
	if (!json_is_array(history) && !fact_is_unread(history))
		json_object_set_new(body, "History", fact_unread("no list came"));
	inspect = json_object_get(body, "Inspect");
	for (size_t i = 0; i < ARRAY_SIZE(always) && !fact_is_unread(inspect); i++)
		if (!json_object_get(inspect, always[i]))
			json_object_set_new(inspect, always[i],
					    fact_unread("is missing in the engine's reply"));
}

static json_t *base_of(struct image *k)
{
	json_t *base = imagebases_find(k->all->bases, k->id, json_object_get(k->body, "Inspect"),
				       json_object_get(k->body, "History"));
	json_t *entry =
		json_object_get(k->all->list, json_string_value(json_object_get(base, "Id")));
	json_t *name = json_array_get(json_object_get(entry, "RepoTags"), 0);
	json_t *digests = json_object_get(entry, "RepoDigests");
	if (!base)
		return NULL;
	const char *tag = json_string_value(name);
	json_object_set(base, "Name",
			tag && !starts_with(tag, "<none>") ? name : json_object_get(base, "Id"));
	json_object_set_new(base, "RepoDigests", digests ? json_incref(digests) : json_null());
	return base;
}

static void record_image(struct image *k)
{
	struct collector *c = k->all->c;
	json_t *inspect = json_object_get(k->body, "Inspect");
	json_t *base = base_of(k);
	if (base)
		json_object_set_new(k->body, "Base", base);
	json_object_set_new(k->body, "InUse", use_of(c, k->id));
	json_object_set_new(k->body, "AgeDays", age_of(inspect));
	if (c->scans)
		json_object_set_new(k->body, "Scans", collect_scans(c, k->id, inspect));
	if ((c->o->needs & SW_NEEDS_LAYERS) && is_of_interest(c, k->id, inspect))
		json_object_set_new(k->body, "Layers", collect_layers(c, k->id, inspect));
	redact_json(k->body);
	c->o->record("image", k->id, k->body, c->o->context);
	k->all->delivered++;
}

static void image_free(struct image *k)
{
	json_decref(k->body);
	free(k);
}

static void release(struct image *k)
{
	struct images *all = k->all;
	if (--k->pending > 0)
		return;
	all->under_way--;
	clean_parts(k->body);
	if (all->is_first_round) {
		json_t *inspect = json_object_get(k->body, "Inspect");
		if (!k->is_gone && is_of_interest(all->c, k->id, inspect))
			imagebases_add(all->bases, k->id, inspect,
				       json_object_get(k->body, "History"));
		image_free(k);
	} else if (k->is_gone) {
		all->gone++;
		image_free(k);
	} else {
		k->next = all->ready;
		all->ready = k;
	}
}

/* What is no text is not kept. */
static void keep(struct images *all, const char *id, const char *name, const struct answer *answer)
{
	json_t *parts = json_object_get(all->kept, id);
	if (answer->len > KEPT_MAX - all->kept_bytes)
		return;
	if (!parts) {
		parts = json_object();
		json_object_set_new(all->kept, id, parts);
	}
	if (json_object_set_new(parts, name, json_stringn(answer->data, answer->len)) == 0)
		all->kept_bytes += answer->len;
}

static void understand(struct image *k, const char *name, char *data, size_t len)
{
	struct err err = { 0 };
	json_t *v = json_parse_hostile(data, len, &err);
	json_object_set_new(k->body, name, v ? v : fact_unread("%s", err.text));
	err_done(&err);
}

static void take_part(struct image *k, const char *name, struct answer *answer)
{
	AUTO_FREE char *why = answer_trouble(answer);
	k->is_gone |= answer->http == 404 && !answer->error;
	if (why)
		json_object_set_new(k->body, name, fact_unread("%s", why));
	else
		understand(k, name, answer->data, answer->len);
	if (!why && k->all->is_first_round)
		keep(k->all, k->id, name, answer);
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

/* Was it asked for already, and is all of it kept? */
static bool take_kept(struct image *k)
{
	static const char *const names[] = { "Inspect", "History" };
	json_t *parts = json_object_get(k->all->kept, k->id);
	if (k->all->is_first_round || json_object_size(parts) < ARRAY_SIZE(names))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		json_t *text = json_object_get(parts, names[i]);
		size_t len = json_string_length(text);
		/* It may hold a NUL byte, and is changed. */
		AUTO_FREE char *copy = xalloc(len + 1);
		memcpy(copy, json_string_value(text), len + 1);
		understand(k, names[i], copy, len);
	}
	json_object_del(k->all->kept, k->id);
	k->pending = 1;
	release(k);
	return true;
}

static void start(struct images *all, const char *id)
{
	struct image *k = xalloc(sizeof(*k));
	*k = (struct image){ .all = all, .id = id, .body = json_object(), .pending = 2 };
	all->under_way++;
	if (take_kept(k))
		return;
	ask(all->c->asker, FETCH_GET, GET_IMAGE, id, take_inspect, k);
	ask(all->c->asker, FETCH_GET, GET_HISTORY, id, take_history, k);
}

static void record_ready(struct images *all)
{
	while (all->ready) {
		struct image *k = all->ready;
		all->ready = k->next;
		record_image(k);
		image_free(k);
	}
}

static void go_round(struct images *all)
{
	const char *id;
	json_t *image;
	json_object_foreach(all->list, id, image)
	{
		while (all->under_way >= UNDER_WAY)
			asker_turn(all->c->asker);
		record_ready(all);
		start(all, id);
	}
	while (all->under_way > 0)
		asker_turn(all->c->asker);
	record_ready(all);
}

/* Those that are asked for first, so that the engine is not idle while we look at the host. */
void collect_images_ahead(struct collector *c)
{
	json_t *section = json_object_get(json_object_get(c->world, "engine"), "images");
	json_t *list = json_object_get(section, "list"), *image;
	const char *id;
	size_t n = 0;
	json_object_foreach(list, id, image)
	{
		if (n++ == UNDER_WAY)
			break;
		ask_ahead(c->asker, FETCH_GET, GET_IMAGE, id);
		ask_ahead(c->asker, FETCH_GET, GET_HISTORY, id);
	}
}

void collect_images(struct collector *c)
{
	json_t *section = json_object_get(json_object_get(c->world, "engine"), "images");
	struct images all = { .c = c,
			      .list = json_object_get(section, "list"),
			      .bases = imagebases_new(),
			      .kept = json_object() };
	const char *reason = fact_reason(section);

	if (!json_is_object(all.list)) {
		collect_population(c, "image", 0, 0, 0,
				   reason ? reason : "the engine did not list them");
	} else {
		if (json_object_size(all.list) > 0)
			learn_use(c);
		all.is_first_round = true;
		if (json_object_size(all.list) > 1)
			go_round(&all);
		all.is_first_round = false;
		go_round(&all);
		collect_population(c, "image", json_object_size(all.list), all.delivered, all.gone,
				   NULL);
	}
	imagebases_free(all.bases);
	json_decref(all.kept);
}
