/* SPDX-License-Identifier: Apache-2.0 */
/* collect_engine.c: what the engine says of itself: ping, info, version, networks, volumes,
 * plugins, images. */
#include <strings.h>

#include "collector.h"
#include "record.h"
#include "redact.h"

/* The newest API this program was tried with; a newer engine is asked in this version. */
#define API_KNOWN "1.51"

struct reply {
	struct collector *c;
	const char *section;
	enum fetch_endpoint endpoint;
	json_t *(*shape)(json_t *reply); /* takes and gives a reference; NULL: as it is */
	unsigned needs;                  /* asked only then; 0: always */
	bool is_early;                   /* takes long: asked before the version is settled … */
	bool is_outdated;                /* … which was then another than the engine's own */
	bool is_asked, is_done;
	json_t *body;
};

static char *name_and_id(const char *name, const json_t *v)
{
	const char *id = json_string_value(json_object_get(v, "Id"));
	return xasprintf("%s (%s)", name, id ? id : "no id");
}

/*
 * A list becomes an object by the names of its elements. Of equal names, which networks may have,
 * the first keeps it and the others are called by name and id. One element without a name makes all
 * of it unread: it could be the one that is looked for.
 */
static json_t *by_name(json_t *list, const char *what)
{
	json_t *all, *v;
	size_t i;
	if (!json_is_array(list) && !json_is_null(list))
		return fact_unread("no list of %s came", what);
	all = json_object();
	json_array_foreach(list, i, v)
	{
		const char *name = json_string_value(json_object_get(v, "Name"));
		if (!name) {
			json_decref(all);
			return fact_unread("the list of %s has an element without a name", what);
		}
		AUTO_FREE char *another = json_object_get(all, name) ? name_and_id(name, v) : NULL;
		json_object_set(all, another ? another : name, v);
	}
	return all;
}

static json_t *shape_networks(json_t *reply)
{
	json_t *all = by_name(reply, "networks");
	json_decref(reply);
	return all;
}

static json_t *shape_plugins(json_t *reply)
{
	json_t *all = by_name(reply, "plugins");
	json_decref(reply);
	return all;
}

static json_t *shape_volumes(json_t *reply)
{
	json_t *all = by_name(json_object_get(reply, "Volumes"), "volumes");
	json_decref(reply);
	return all;
}

static void add_refs(json_t *refs, const json_t *names, json_t *id)
{
	for (size_t i = 0; i < json_array_size(names); i++) {
		const char *name = json_string_value(json_array_get(names, i));
		if (name && !starts_with(name, "<none>"))
			json_object_set(refs, name, id);
	}
}

/* The list by image id, and which reference names which id. */
static json_t *shape_images(json_t *reply)
{
	static const char *const kept[] = { "RepoTags", "RepoDigests", "Created", "Size" };
	json_t *list = json_object(), *refs = json_object(), *image;
	size_t i;
	bool is_whole = json_is_array(reply) || json_is_null(reply);
	json_array_foreach(reply, i, image)
	{
		json_t *id = json_object_get(image, "Id"), *entry = json_object();
		if (!json_is_string(id)) {
			is_whole = false;
			json_decref(entry);
			break;
		}
		for (size_t j = 0; j < ARRAY_SIZE(kept); j++)
			json_object_set(entry, kept[j], json_object_get(image, kept[j]));
		json_object_set_new(list, json_string_value(id), entry);
		add_refs(refs, json_object_get(image, "RepoTags"), id);
		add_refs(refs, json_object_get(image, "RepoDigests"), id);
	}
	json_decref(reply);
	json_t *images = json_pack("{so so}", "list", list, "refs", refs);
	if (is_whole)
		return images;
	json_decref(images);
	return fact_unread("no list of images came");
}

static void take_reply(struct answer *answer, void *context)
{
	struct reply *r = context;
	struct err err = { 0 };
	if (r->is_outdated) {
		r->is_outdated = false;
		ask(r->c->asker, FETCH_GET, r->endpoint, "", take_reply, r);
		return;
	}
	AUTO_FREE char *why = answer_trouble(answer);
	r->is_done = true;
	if (why) {
		r->body = fact_unread("%s", why);
		return;
	}
	json_t *v = json_parse_hostile(answer->data, answer->len, &err);
	if (!v)
		r->body = fact_unread("%s", err.text);
	else if (r->shape)
		r->body = r->shape(v);
	else if (json_is_object(v))
		r->body = json_incref(v);
	else
		r->body = fact_unread("no object came");
	if (v && !r->shape)
		json_decref(v);
	redact_json(r->body);
	err_done(&err);
}

/* The value of a header in the block before the body, malloc'ed. */
static char *header_of(const char *headers, const char *name)
{
	size_t n = strlen(name);
	for (const char *line = headers; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncasecmp(line, name, n) != 0 || line[n] != ':')
			continue;
		const char *value = line + n + 1 + strspn(line + n + 1, " \t");
		return xstrndup(value, strcspn(value, "\r\n"));
	}
	return NULL;
}

static json_t *understand_ping(const char *headers, char **ret_api)
{
	static const struct {
		const char *header, *member;
	} wanted[] = { { "Api-Version", "ApiVersion" },
		       { "Ostype", "OSType" },
		       { "Server", "Server" } };
	json_t *ping = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		AUTO_FREE char *value = header_of(headers, wanted[i].header);
		json_t *v = value ? json_string(value) : NULL;
		json_object_set_new(ping, wanted[i].member, v ? v : json_null());
		if (i == 0 && v)
			*ret_api = xstrdup(value);
	}
	return ping;
}

/* Asks which version the engine speaks and settles on it. NULL and why when it does not answer. */
static json_t *negotiate(struct collector *c, char **why)
{
	struct answer answer;
	AUTO_FREE char *api = NULL;
	ask_now(c->asker, FETCH_GET, GET_PING, "", &answer);
	*why = answer_trouble(&answer);
	json_t *ping = *why ? NULL : understand_ping(answer.data, &api);
	answer_done(&answer);
	if (ping && !api) {
		*why = xstrdup(
			"what answers there is no Docker engine: its ping names no API version");
		json_decref(ping);
		return NULL;
	}
	if (!ping)
		return NULL;
	const char *use = sw_version_compare(api, API_KNOWN) < 0 ? api : API_KNOWN;
	ask_now(c->asker, FETCH_API, 0, use, &answer);
	bool is_settled = answer.error == 0;
	answer_done(&answer);
	if (!is_settled) {
		*why = xstrdup("what answers there is no Docker engine: its ping names an API "
			       "version that is none");
		json_decref(ping);
		return NULL;
	}
	json_object_set_new(ping, "ApiUsed", json_string(use));
	return ping;
}

static void ask_reply(struct reply *r)
{
	r->is_asked = true;
	ask(r->c->asker, FETCH_GET, r->endpoint, "", take_reply, r);
}

/*
 * Without a version in its path a question is of the engine's own: for all but the newest engines
 * that is the one that will be settled on.
 */
static void ask_early(struct reply *replies, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (replies[i].is_early)
			ask_reply(&replies[i]);
}

static void ask_again(struct reply *r)
{
	if (!r->is_done) {
		r->is_outdated = true;
		return;
	}
	json_decref(r->body);
	r->body = NULL;
	r->is_done = false;
	ask_reply(r);
}

static void ask_rest(struct collector *c, struct reply *replies, size_t n, const json_t *ping)
{
	bool is_own =
		json_equal(json_object_get(ping, "ApiVersion"), json_object_get(ping, "ApiUsed"));
	for (size_t i = 0; i < n; i++) {
		struct reply *r = &replies[i];
		if (r->is_early && !is_own)
			ask_again(r);
		else if (!r->is_early && (!r->needs || (r->needs & c->o->needs)))
			ask_reply(r);
	}
}

/* Those that were asked of what turned out to be no engine. */
static void drop_replies(struct collector *c, struct reply *replies, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		while (replies[i].is_asked && !replies[i].is_done)
			asker_turn(c->asker);
		json_decref(replies[i].body);
	}
}

static void record_replies(struct collector *c, struct reply *replies, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!replies[i].is_asked)
			continue;
		collect_wait(c, &replies[i].is_done);
		collect_engine_section(c, replies[i].section, replies[i].body);
	}
}

static void record_endpoint(struct collector *c, const json_t *process)
{
	const struct endpoint *e = c->o->endpoint;
	const char *reason = process ? fact_reason(process) : "no engine answered";
	json_t *local = json_true();
	if (reason && starts_with(reason, "the engine is on another host"))
		local = json_false();
	else if (reason)
		local = fact_unread("%s", reason);
	collect_engine_section(c, "endpoint",
			       json_pack("{ss? ss? sb so}", "url", e->url, "why", e->why, "named",
					 e->named, "local", local));
}

/* Names mean what the /etc/group in the engine's own root folder says. */
static json_t *own_groups(struct collector *c)
{
	static const char path[] = "/etc/group";
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_text(c, FETCH_BASE_ENGINE, path, &why);
	if (!text && !*why)
		return json_object();
	if (!text)
		return fact_unread("%s of the engine's own root: %s", path, why);
	return understand_groups(text);
}

/* Everything that hangs on which process the engine is. */
static void record_local(struct collector *c, json_t *info)
{
	json_t *process = collect_process(c, info);
	record_endpoint(c, process);
	collect_engine_section(c, "process", process);
	if (c->own_root)
		collect_engine_section(c, "groups", own_groups(c));
	if (c->o->needs & SW_NEEDS_SOURCES)
		collect_engine_mounts(c, process);
	collect_files(c);
	if (c->o->needs & SW_NEEDS_AUDIT)
		collect_host_files(c);
}

static void ask_others_ahead(struct collector *c)
{
	collect_host_ahead(c);
	collect_process_ahead(c);
	if (c->o->needs & SW_NEEDS_AUDIT)
		collect_audit_ahead(c);
	collect_environment_ahead(c);
}

static void record_silence(struct collector *c, const char *why)
{
	static const char *const sections[] = { "ping",    "info",    "version", "networks",
						"volumes", "plugins", "images" };
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		collect_engine_section(c, sections[i], fact_unread("%s", why));
	json_t *process =
		c->o->live ? fact_unread("no engine answered: %s", why) : collect_configured(c);
	record_endpoint(c, process);
	collect_engine_section(c, "process", process);
	if (c->o->live || fact_is_unread(process))
		collect_presence(c);
	collect_files(c);
}

void collect_engine(struct collector *c)
{
	struct reply replies[] = {
		{ .section = "info", .endpoint = GET_INFO, .is_early = true },
		{ .section = "version", .endpoint = GET_VERSION, .is_early = true },
		{ .section = "networks", .endpoint = GET_NETWORKS, .shape = shape_networks },
		{ .section = "volumes",
		  .endpoint = GET_VOLUMES,
		  .shape = shape_volumes,
		  .needs = SW_NEEDS_VOLUMES },
		{ .section = "plugins",
		  .endpoint = GET_PLUGINS,
		  .shape = shape_plugins,
		  .needs = SW_NEEDS_PLUGINS },
		{ .section = "images",
		  .endpoint = GET_IMAGES,
		  .shape = shape_images,
		  .needs = SW_NEEDS_IMAGES },
	};
	AUTO_FREE char *why = NULL;
	json_t *ping = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(replies); i++)
		replies[i].c = c;
	if (!c->o->live) {
		why = xstrdup(NEEDS_RUNNING);
	} else if (!c->o->endpoint->url) {
		why = xstrdup(c->o->endpoint->why ? c->o->endpoint->why : "no engine was found");
	} else {
		ask_ahead(c->asker, FETCH_GET, GET_PING, "");
		ask_early(replies, ARRAY_SIZE(replies));
		ask_others_ahead(c);
		ping = negotiate(c, &why);
	}
	if (!ping) {
		drop_replies(c, replies, ARRAY_SIZE(replies));
		collect_host(c);
		collect_host_parts(c);
		record_silence(c, why);
		return;
	}
	ask_rest(c, replies, ARRAY_SIZE(replies), ping);
	if (c->o->kinds & 1u << SW_CONTAINER)
		collect_containers_ask(c);
	collect_host(c);
	collect_process_begin(c);
	collect_host_parts(c);
	collect_engine_section(c, "ping", ping);
	record_replies(c, replies, ARRAY_SIZE(replies));
	c->engine_answers = json_is_object(replies[0].body) && !fact_is_unread(replies[0].body);
	if (c->o->kinds & 1u << SW_IMAGE && c->engine_answers)
		collect_images_ahead(c);
	record_local(c, replies[0].body);
}
