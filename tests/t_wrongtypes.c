/* SPDX-License-Identifier: Apache-2.0 */
/*
 * t_wrongtypes.c: each value of a recorded reply is replaced by a value of each other type, and no
 * check may say anything better than it says when that value is unread.
 *
 * null is what Go makes of an absent member, and is held against its absence. With WRONG_TYPES=all
 * every recorded engine is taken, else one.
 */
#include <fnmatch.h>

#include "derive.h"
#include "eval.h"
#include "facts.h"
#include "harness.h"
#include "index.h"
#include "replyshape.h"
#include "serviceshape.h"
#include "snapshot_set.h"
#include "text.h"

static void json_decref_p(json_t **v)
{
	json_decref(*v);
}
#define AUTO_JSON  CLEANUP(json_decref_p)
#define AUTO_ARENA CLEANUP(arena_free_p)

static struct snapshot_set set;
static struct registry *registry;
static struct text trouble;

/* One of each type and of what is easily taken for another. The first is null. */
static const char *const wrong_values[] = {
	"null", "true", "7",           "1e300", "\"\"", "\"seven\"",
	"[]",   "[7]",  "[\"seven\"]", "[{}]",  "{}",   "{\"0\":\"seven\"}",
};

/* Records of the engine that are what it said. */
static const char *const replies[] = {
	"info", "version", "networks", "volumes", "plugins", "images", "services", "nodes",
};

/* --- judging ------------------------------------------------------------------------------- */

enum { CHECKS_MAX = 1024 };

struct verdicts {
	unsigned char of[CHECKS_MAX];
};

static const unsigned char none = SW_VERDICTS;

/* What the changed record is, and what all is judged with. */
struct trial {
	const struct snapshot *s;
	const struct record *r;
	json_t *body;  /* a copy of its body, to be changed */
	json_t *facts; /* for subjects: the world, which does not change */
	enum sw_kind kind;
	json_t *networks; /* for services, which are a reply until now: their names, by id */
	size_t n;
};

static void judge_subject(json_t *world, enum sw_kind kind, json_t *subject, struct verdicts *ret)
{
	AUTO_ARENA struct arena *arena = arena_new();

	for (size_t i = 0; i < registry_count(registry); i++) {
		const struct sw_check *check = registry_at(registry, i);
		bool is_whole = check->kind == SW_CONTAINER && check->flags & SW_WHOLE;

		if (check->kind != kind && (kind != SW_SERVICE || !(check->flags & SW_SERVICES)))
			continue;
		AUTO_JSON json_t *facts = is_whole ? index_entry(subject) : json_incref(subject);
		struct eval_input in = {
			.check = check, .subject = facts, .world = world, .arena = arena
		};
		struct eval_outcome outcome;

		eval_run(&in, &outcome);
		ret->of[i] = (unsigned char)outcome.verdict;
	}
}

static json_t *world_of(const struct trial *t)
{
	json_t *facts = json_pack("{s{} s{} s{s{}}}", "host", "engine", "index", "container");

	for (size_t i = 0; i < t->s->n; i++) {
		const struct record *r = &t->s->records[i];

		if (streq(r->kind, "host") || streq(r->kind, "engine"))
			json_object_set(json_object_get(facts, r->kind), r->id,
					t->r && r == t->r ? t->body : r->body);
	}
	derive_world(facts);
	return facts;
}

static void judge_all(const struct trial *whole, struct verdicts *ret)
{
	AUTO_JSON json_t *body = json_deep_copy(whole->body);
	struct trial now = *whole, *t = &now;

	memset(ret, none, sizeof(*ret));
	if (t->networks) {
		AUTO_JSON json_t *subject = service_shape(body, t->networks);
		reply_shape("service", "", subject);
		judge_subject(t->facts, SW_SERVICE, subject, ret);
		return;
	}
	t->body = body;
	reply_shape(t->r->kind, t->r->id, body);
	if (t->facts) {
		judge_subject(t->facts, t->kind, t->body, ret);
		return;
	}
	AUTO_JSON json_t *world = world_of(t);
	judge_subject(world, SW_ENGINE, json_object_get(world, "engine"), ret);
	for (size_t i = 0; i < t->s->n; i++) {
		enum sw_kind kind;
		const struct record *r = &t->s->records[i];
		if (kind_of(r->kind, &kind) && kind != SW_HOST && kind != SW_ENGINE) {
			judge_subject(world, kind, r->body, ret);
			break;
		}
	}
}

/* --- one value ----------------------------------------------------------------------------- */

static bool is_better(unsigned char before, unsigned char after)
{
	return (after == SW_PASS && before != SW_PASS) ||
	       (after == SW_SKIP && before != SW_SKIP && before != SW_PASS);
}

static void compare(const struct trial *t, const struct verdicts *bound, const char *path,
		    const char *value, const char *old)
{
	struct verdicts got;

	judge_all(t, &got);
	for (size_t i = 0; i < registry_count(registry); i++)
		if (is_better(bound->of[i], got.of[i]))
			text_printf(&trouble, "\n%s\t%s\t%s\t%s became %s\t%s (was %.60s)",
				    registry_at(registry, i)->id, t->r->kind, path,
				    verdict_name(bound->of[i]), verdict_name(got.of[i]), value,
				    old);
}

static bool is_same_type(const json_t *a, const json_t *b)
{
	return json_typeof(a) == json_typeof(b) || (json_is_boolean(a) && json_is_boolean(b)) ||
	       /* Of what it is none, a null does not tell. */
	       (json_is_null(b) && (json_is_array(a) || json_is_object(a)));
}

/* Puts value into the place; the reference is taken. NULL takes the place away. */
static void put(json_t *parent, const char *key, size_t i, json_t *value)
{
	if (json_is_array(parent))
		json_array_set_new(parent, i, value);
	else if (value)
		json_object_set_new(parent, key, value);
	else
		json_object_del(parent, key);
}

/* Where a null is no absent member, and why. */
static const struct {
	const char *path, *why;
} nulls[] = {
	{ "networks/*", "a collector made it of a list, by the names, which a null has not" },
	{ "/Config/ExposedPorts/*/*", "a port of a Go map, with or without anything behind it" },
	{ "/NetworkSettings/Networks/*", "a network of a Go map: it is its name that counts" },
};

static bool is_null_more(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(nulls); i++)
		if (fnmatch(nulls[i].path, path, FNM_PATHNAME) == 0)
			return true;
	return false;
}

/* Parts of a subject that no reply has, but that are found out elsewhere. */
static bool is_ours(const char *path)
{
	static const char *const ours[] = { "/Kernel", "/Sources", "/ImageUsers",
					    "/Base",   "/Scans",   "/Layers" };
	for (size_t i = 0; i < ARRAY_SIZE(ours); i++)
		if (streq(ours[i], path))
			return true;
	return false;
}

static void try_each(struct trial *t, json_t *parent, const char *key, size_t i, const char *path)
{
	json_t *old =
		json_is_array(parent) ? json_array_get(parent, i) : json_object_get(parent, key);
	struct verdicts unread, absent;

	json_incref(old);
	AUTO_FREE char *old_text = json_dumps(old, JSON_ENCODE_ANY | JSON_COMPACT);
	put(parent, key, i, fact_unread("EIO: masked"));
	judge_all(t, &unread);
	absent = unread;
	if (json_is_object(parent)) {
		put(parent, key, i, NULL);
		judge_all(t, &absent);
	}
	for (size_t k = is_null_more(path) ? 1 : 0; k < ARRAY_SIZE(wrong_values); k++) {
		json_t *value = json_loads(wrong_values[k], JSON_DECODE_ANY, NULL);

		if (is_same_type(value, old)) {
			json_decref(value);
			continue;
		}
		put(parent, key, i, value);
		compare(t, k == 0 ? &absent : &unread, path, wrong_values[k], old_text);
	}
	put(parent, key, i, old);
	t->n++;
}

static void try_below(struct trial *t, json_t *node, const char *path)
{
	enum { ENOUGH = 2, MEMBERS = 200 };
	size_t i = 0;

	if (fact_is_unread(node))
		return;
	for (; json_is_array(node) && i < json_array_size(node) && i < ENOUGH; i++) {
		AUTO_FREE char *below = xasprintf("%s/%zu", path, i);
		try_each(t, node, NULL, i, below);
		try_below(t, json_array_get(node, i), below);
	}
	/* Taking a member away and putting it back moves it to the end. */
	AUTO_JSON json_t *copy = json_is_object(node) ? json_copy(node) : NULL;
	const char *key;
	json_t *value;
	json_object_foreach(copy, key, value)
	{
		AUTO_FREE char *below = xasprintf("%s/%s", path, key);
		if (is_ours(below))
			continue;
		if (i++ == MEMBERS)
			break;
		try_each(t, node, key, 0, below);
		try_below(t, json_object_get(node, key), below);
	}
}

static bool is_reply(const struct record *r)
{
	for (size_t i = 0; i < ARRAY_SIZE(replies); i++)
		if (streq(r->kind, "engine") && streq(r->id, replies[i]))
			return true;
	return false;
}

static void try_record(const struct snapshot *s, const struct record *r, json_t *world, size_t *n)
{
	struct trial t = { .s = s, .r = r };

	if (kind_of(r->kind, &t.kind) && t.kind != SW_HOST && t.kind != SW_ENGINE)
		t.facts = world;
	else if (!is_reply(r))
		return;
	t.body = json_deep_copy(r->body);
	try_below(&t, t.body, t.facts ? "" : r->id);
	json_decref(t.body);
	*n += t.n;
}

START_TEST(no_value_of_a_wrong_type_is_better_than_none)
{
	const struct snapshot *s = &set.all[_i];
	struct trial plain = { .s = s };
	AUTO_JSON json_t *world = world_of(&plain);
	size_t n = 0;
	int step = 0;

	const char *only = getenv("WRONG_TYPES");
	bool is_all = only && streq(only, "all");

	if (!is_all && !streq(only ? only : "docker-28.5", s->name))
		return;
	text_clear(&trouble);
	for (size_t i = 0; i < s->n; i++) {
		if (streq(s->records[i].kind, "container") && step++ % (is_all ? 9 : 19))
			continue;
		try_record(s, &s->records[i], world, &n);
	}
	ck_assert_msg(n > 300, "%s: only %zu values", s->name, n);
	ck_assert_msg(trouble.len == 0, "%s: %.3000s", s->name, text_str(&trouble));
}
END_TEST

/* --- services, before they have the shape of a container ------------------------------------- */

static const char *const service_replies[] = { "services-20.10.24.json", "services-28.5.2.json" };

static void name_network(const char *id, void *context)
{
	json_object_set_new(context, id, json_string("net"));
}

START_TEST(no_value_of_a_service_either)
{
	AUTO_FREE char *path = snapshot_test_path("swarm/%s", service_replies[_i]);
	AUTO_JSON json_t *list = json_load_file(path, 0, NULL);
	AUTO_JSON json_t *networks = json_object();
	AUTO_JSON json_t *world =
		json_pack("{s{} s{} s{s{}}}", "host", "engine", "index", "container");
	struct record r = { .kind = "service", .id = "" };
	size_t i, n = 0;
	json_t *service;

	text_clear(&trouble);
	ck_assert_msg(json_array_size(list) > 0, "%s", path);
	json_array_foreach(list, i, service)
	{
		struct trial t = {
			.r = &r, .facts = world, .kind = SW_SERVICE, .networks = networks
		};
		service_networks(service, name_network, networks);
		t.body = json_deep_copy(service);
		try_below(&t, t.body, "");
		json_decref(t.body);
		n += t.n;
	}
	ck_assert_msg(n > 100, "%s: only %zu values", path, n);
	ck_assert_msg(trouble.len == 0, "%s: %.3000s", path, text_str(&trouble));
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tcase = harness_group("wrongtypes", &suite);

	set = snapshot_set_load("snapshots");
	registry = registry_new();
	tcase_set_timeout(tcase, 600);
	tcase_add_loop_test(tcase, no_value_of_a_wrong_type_is_better_than_none, 0, (int)set.n);
	tcase_add_loop_test(tcase, no_value_of_a_service_either, 0,
			    (int)ARRAY_SIZE(service_replies));
	int status = harness_run(suite);
	registry_free(registry);
	snapshot_set_done(&set);
	text_done(&trouble);
	return status;
}
