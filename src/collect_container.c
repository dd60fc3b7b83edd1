/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_container.c: one record per container: what inspect says and what the kernel says of it.
 *
 * Many containers are under way at once; each counts what it still waits for, and is recorded and
 * forgotten when that is nothing.
 */
#include "containers.h"
#include "record.h"
#include "redact.h"

enum { UNDER_WAY = 12 };

static void start_some(struct population *all);

static void finish(struct container *k)
{
	struct population *all = k->all;
	/* The engine looks for the next while this one is judged. */
	all->under_way--;
	start_some(all);
	if (k->body) {
		const char *image = json_string_value(json_object_get(k->body, "Image"));
		if (image)
			json_object_set_new(all->c->used_images, image, json_true());
		json_t *users = image ? json_object_get(all->c->image_users, image) : NULL;
		if (users)
			json_object_set(k->body, "ImageUsers", users);
		redact_json(k->body);
		all->c->o->record("container", k->id, k->body, all->c->o->context);
		all->delivered++;
	}
	json_decref(k->body);
	free(k->cgroup);
	free(k->guess.cgroup);
	free(k->process);
	free(k);
	if (all->c->o->progress)
		all->c->o->progress(all->delivered + all->gone, all->listed, all->c->o->context);
}

static void release(struct container *k)
{
	if (--k->pending == 0)
		finish(k);
}

struct errand *container_send(struct container *k, json_t *into, const char *name)
{
	struct errand *e = xalloc(sizeof(*e));
	*e = (struct errand){ k, json_incref(into), name ? xstrdup(name) : NULL };
	k->pending++;
	return e;
}

void container_errand_done(struct errand *e)
{
	struct container *k = e->container;
	json_decref(e->into);
	free(e->name);
	free(e);
	release(k);
}

static void take_source(struct answer *answer, void *context)
{
	struct errand *e = context;
	json_object_set_new(e->into, e->name, stat_fact(answer));
	container_errand_done(e);
}

/* The device behind a local volume that is a bind mount in disguise, or NULL. */
static const char *volume_device(struct collector *c, const char *name)
{
	json_t *volumes = json_object_get(json_object_get(c->world, "engine"), "volumes");
	json_t *options = json_object_get(json_object_get(volumes, name), "Options");
	const char *device = json_string_value(json_object_get(options, "device"));
	return device && *device == '/' ? device : NULL;
}

static void ask_sources(struct container *k)
{
	struct collector *c = k->all->c;
	json_t *mount, *sources = json_object();
	size_t i;
	const char *reason =
		fact_reason(json_object_get(json_object_get(c->world, "engine"), "process"));
	json_object_set_new(k->body, "Sources", reason ? fact_unread("%s", reason) : sources);
	if (reason) {
		json_decref(sources);
		return;
	}
	json_array_foreach(json_object_get(k->body, "Mounts"), i, mount)
	{
		const char *type = json_string_value(json_object_get(mount, "Type"));
		const char *source = json_string_value(json_object_get(mount, "Source"));
		const char *name = json_string_value(json_object_get(mount, "Name"));
		if (type && streq(type, "volume"))
			source = name ? volume_device(c, name) : NULL;
		if (!source || *source != '/' || json_object_get(sources, source))
			continue;
		json_object_set_new(sources, source, fact_unread("was not answered"));
		ask(c->asker, FETCH_STAT, c->own_root ? FETCH_BASE_ENGINE : FETCH_BASE_ROOT, source,
		    take_source, container_send(k, sources, source));
	}
}

static void take_exec(struct answer *answer, void *context)
{
	struct errand *e = context;
	AUTO_FREE char *why = answer_trouble(answer);
	json_t *exec = why ? NULL : json_parse_hostile(answer->data, answer->len, NULL);
	if (why && answer->http == 404) /* it has ended meanwhile */
		exec = NULL;
	else if (!json_is_object(exec)) {
		json_decref(exec);
		exec = fact_unread("%s", why ? why : "no object came");
	}
	if (exec)
		json_array_append_new(e->into, exec);
	container_errand_done(e);
}

static void ask_execs(struct container *k)
{
	json_t *ids = json_object_get(k->body, "ExecIDs"), *execs = json_array(), *id;
	size_t i;
	json_object_set_new(k->body, "Execs", execs);
	json_array_foreach(ids, i, id)
	{
		if (json_is_string(id))
			ask(k->all->c->asker, FETCH_GET, GET_EXEC, json_string_value(id), take_exec,
			    container_send(k, execs, NULL));
	}
}

/* A container that cannot be described is a subject all the same. */
static json_t *nameless(const char *id, const char *why)
{
	static const char *const members[] = { "Name",       "State",           "Config",
					       "HostConfig", "Mounts",          "NetworkSettings",
					       "Image",      "AppArmorProfile", "ProcessLabel",
					       "ExecIDs",    "Kernel",          "Execs",
					       "Sources" };
	json_t *body = json_pack("{ss}", "Id", id);
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		json_object_set_new(body, members[i], fact_unread("%s", why));
	return body;
}

/* Is it what was asked for? A reply of another container would be judged under this one's name. */
static const char *not_of(json_t *body, const char *id)
{
	json_t *said = json_object_get(body, "Id");
	if (!json_is_object(body))
		return "no object came";
	if (!said)
		return "Id is missing in the engine's reply";
	return json_is_string(said) && streq(json_string_value(said), id)
		       ? NULL
		       : "the engine's reply is of another container";
}

/* What is ours is never taken from a reply; and what no engine leaves out is not absent because a
 * reply has it not. */
static void clean_inspect(json_t *body)
{
	static const char *const ours[] = { "Kernel", "Execs", "Sources", "ImageUsers", "Service" };
	static const char *const always[] = { "State", "Config", "HostConfig", "Mounts",
					      "NetworkSettings" };
	for (size_t i = 0; i < ARRAY_SIZE(ours); i++)
		json_object_del(body, ours[i]);
	for (size_t i = 0; i < ARRAY_SIZE(always); i++)
		if (!json_object_get(body, always[i]))
			json_object_set_new(body, always[i],
					    fact_unread("is missing in the engine's reply"));
}

/* What inspect does not say. Of an engine that does not say what it is nothing is recorded. */
static void ask_more(struct container *k)
{
	unsigned needs = k->is_nameless ? 0 : k->all->c->o->needs;
	if (!k->all->c->engine_answers) {
		json_decref(k->body);
		k->body = NULL;
		return;
	}
	if (needs & SW_NEEDS_SOURCES)
		ask_sources(k);
	if (needs & SW_NEEDS_EXECS)
		ask_execs(k);
	if (needs & (SW_NEEDS_KERNEL | SW_NEEDS_PROCESSES))
		container_kernel(k);
}

static void take_inspect(struct answer *answer, void *context)
{
	struct errand *e = context;
	struct container *k = e->container;
	struct err err = { 0 };
	AUTO_FREE char *why = answer_trouble(answer);
	if (answer->http == 404 && !answer->error) {
		k->all->gone++;
		container_errand_done(e);
		return;
	}
	k->body = why ? NULL : json_parse_hostile(answer->data, answer->len, &err);
	const char *trouble = why ? why : err.text ? err.text : not_of(k->body, k->id);
	k->is_nameless = trouble != NULL;
	if (k->is_nameless) {
		json_decref(k->body);
		k->body = nameless(k->id, trouble);
	}
	err_done(&err);
	if (!k->is_nameless)
		clean_inspect(k->body);
	if (k->all->is_open) {
		ask_more(k);
	} else {
		k->pending++;
		k->next_held = k->all->held;
		k->all->held = k;
	}
	container_errand_done(e);
}

void container_inspect(struct container *k)
{
	k->asked++;
	ask(k->all->c->asker, FETCH_GET, GET_CONTAINER, k->id, take_inspect,
	    container_send(k, NULL, NULL));
}

static void start(struct population *all, const char *id)
{
	struct container *k = xalloc(sizeof(*k));
	k->all = all;
	snprintf(k->id, sizeof(k->id), "%s", id);
	all->under_way++;
	container_inspect(k);
}

/* As many as may be under way; those that are held are so, too. */
static void start_some(struct population *all)
{
	/* Without a fetcher each ends at once, and is not to start the next from there. */
	if (all->is_starting)
		return;
	all->is_starting = true;
	while (all->next < all->n_ids && all->under_way < UNDER_WAY)
		start(all, all->ids[all->next++]);
	all->is_starting = false;
}

static int take_element(json_t *element, void *context)
{
	struct population *all = context;
	const char *id = json_string_value(json_object_get(element, "Id"));
	all->listed++;
	collect_used_image(all->c, element);
	if (!id || strlen(id) != ID_LENGTH) {
		if (!all->error)
			all->error = xstrdup("the list names a container without a usable id");
		return 0;
	}
	if (all->n_ids == all->cap_ids) {
		all->cap_ids = all->cap_ids ? 2 * all->cap_ids : 64;
		all->ids = xrealloc(all->ids, all->cap_ids * sizeof(*all->ids));
	}
	memcpy(all->ids[all->n_ids++], id, ID_LENGTH + 1);
	return 0;
}

static void take_list(struct answer *answer, void *context)
{
	struct population *all = context;
	struct err err = { 0 };
	all->is_listed = true;
	all->error = answer_trouble(answer);
	if (!all->error &&
	    json_parse_elements(answer->data, answer->len, take_element, all, &err) < 0) {
		free(all->error);
		all->error = xstrdup(err.text);
	}
	all->c->used_is_known = true;
	if (all->error && !all->c->used_why)
		all->c->used_why = xstrdup(all->error);
	err_done(&err);
	/* Layers take long, and would make them old. */
	if (!(all->c->o->needs & SW_NEEDS_LAYERS))
		start_some(all);
}

void collect_containers_ask(struct collector *c)
{
	c->containers = xalloc(sizeof(*c->containers));
	c->containers->c = c;
	ask(c->asker, FETCH_GET, GET_CONTAINERS, "", take_list, c->containers);
}

static void population_free(struct population *all)
{
	free(all->ids);
	free(all->error);
	free(all->before_id);
	free(all->behind_id);
	free(all);
}

/* Those that came early go on now, or are thrown away. */
static void release_held(struct population *all)
{
	all->is_open = true;
	while (all->held) {
		struct container *k = all->held;
		all->held = k->next_held;
		ask_more(k);
		release(k);
	}
}

void collect_containers(struct collector *c)
{
	struct population *all = TAKE(c->containers);
	const char *why = fact_reason(json_object_get(json_object_get(c->world, "engine"), "info"));

	if (!all) {
		collect_population(c, "container", 0, 0, 0,
				   why ? why : "the engine did not answer");
		return;
	}
	collect_wait(c, &all->is_listed);
	if (!c->engine_answers)
		all->next = all->n_ids;
	release_held(all);
	while (all->next < all->n_ids || all->under_way > 0) {
		start_some(all);
		asker_turn(c->asker);
	}
	if (c->engine_answers)
		collect_population(c, "container", all->listed, all->delivered, all->gone,
				   all->error);
	else
		collect_population(c, "container", 0, 0, 0,
				   why ? why : "the engine did not answer");
	population_free(all);
}
