/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verdicts.c: changes facts of recorded snapshots and judges again: a fail or an unknown becomes a
 * pass only when a fact that its evaluation had read is another one, and neither these nor a warn
 * do because one became unread.
 *
 * Input: the snapshot, the record, then up to three changes; each is a way down by the numbers of
 * members, 0xff, and what to do there (the table of changes below).
 */
#include "derive.h"
#include "eval.h"
#include "facts.h"
#include "fuzz.h"
#include "index.h"
#include "record.h"
#include "registry.h"

enum { RECORDS_MAX = 128, SUBJECTS_MAX = 6, DEPTH_MAX = 12, CHANGES_MAX = 3 };

/* A check on a subject, as the snapshot has it: the record's place, or -1 for host and engine. */
struct evaluation {
	const struct sw_check *check;
	int subject;
	struct eval_outcome outcome;
};

struct base {
	struct arena *arena;
	struct record records[RECORDS_MAX];
	int n;
	json_t *world;
	struct evaluation *evaluations;
	size_t n_evaluations;
};

static const char *const files[] = {
	"snapshots/docker-28.5-swarm.snap", "snapshots/docker-20.10-hardened.snap",
	"snapshots/podman-4.3.snap",        "hosts/debian-12.snap",
	"cases/base/host-accounts.json",    "cases/base/host-audit.json",
	"cases/base/host-files.json",       "cases/base/host-kernel.json",
	"cases/base/host-log.json",         "cases/base/host-services.json",
	"cases/base/host-sysctl.json",      "cases/base/image-28.json",
};
static struct base bases[ARRAY_SIZE(files)];
static struct registry *registry;

/* --- worlds ---------------------------------------------------------------------------------- */

/* The record's body, or the changed one. */
static json_t *body_of(const struct base *b, int i, int at, json_t *changed)
{
	return i == at ? changed : b->records[i].body;
}

static bool is_section(const struct record *r)
{
	return streq(r->kind, "host") || streq(r->kind, "engine");
}

/* What is derived hangs on sections alone, so of a subject only the index is another. */
static json_t *world_with(const struct base *b, int at, json_t *changed)
{
	const struct record *r = &b->records[at];
	json_t *world = json_copy(b->world),
	       *index = json_deep_copy(json_object_get(world, "index"));
	json_t *of_kind = json_object_get(index, r->kind);

	if (of_kind)
		json_object_set_new(of_kind, r->id, index_entry(changed));
	json_object_set_new(world, "index", index);
	return world;
}

static json_t *world_of(const struct base *b, int at, json_t *changed)
{
	if (at >= 0 && !is_section(&b->records[at]))
		return world_with(b, at, changed);
	json_t *world = json_pack("{s{} s{} s{s{} s{}} s{ss}}", "host", "engine", "index",
				  "container", "service", "run", "now", "2026-01-01");

	for (int i = 0; i < b->n; i++) {
		const struct record *r = &b->records[i];
		json_t *body = body_of(b, i, at, changed);
		json_t *index = json_object_get(json_object_get(world, "index"), r->kind);

		if (is_section(r))
			json_object_set(json_object_get(world, r->kind), r->id, body);
		else if (index)
			json_object_set_new(index, r->id, index_entry(body));
	}
	derive_world(world);
	return world;
}

/* What the plain paths of an evaluation start from. */
static json_t *root_of(const struct base *b, const struct evaluation *e, json_t *world, int at,
		       json_t *changed)
{
	if (e->subject < 0)
		return json_object_get(world, e->check->kind == SW_HOST ? "host" : "engine");
	const struct record *r = &b->records[e->subject];
	json_t *index = json_object_get(json_object_get(world, "index"), r->kind);

	if (e->check->flags & SW_WHOLE && index)
		return json_object_get(index, r->id);
	return body_of(b, e->subject, at, changed);
}

static void evaluate(const struct evaluation *e, json_t *root, json_t *world, struct arena *a,
		     struct eval_outcome *ret)
{
	const struct eval_input in = {
		.check = e->check, .subject = root, .world = world, .arena = a
	};

	eval_run(&in, ret);
}

/* --- the snapshots, judged once -------------------------------------------------------------- */

static void load_records(struct base *b, const char *file)
{
	CLEANUP(err_done) struct err err = { 0 };
	size_t n, subjects[SW_SERVICE + 1] = { 0 };
	AUTO_FREE char *data = fuzz_test_file(file, &n);
	AUTO_CLOSE int fd = fuzz_file(data, n);
	struct record_reader *reader = record_reader_new(fd, file);
	struct record r;

	while (record_read(reader, &r, &err) > 0) {
		enum sw_kind kind;
		bool is_subject = kind_of(r.kind, &kind) && kind != SW_HOST && kind != SW_ENGINE;
		bool is_wanted = is_section(&r) || (is_subject && subjects[kind]++ < SUBJECTS_MAX);

		if (is_wanted && b->n < RECORDS_MAX)
			b->records[b->n++] = r;
		else
			record_done(&r);
	}
	record_reader_free(reader);
}

static void add_record(struct base *b, const char *kind, const char *id, json_t *body)
{
	if (b->n == RECORDS_MAX)
		return;
	struct record *r = &b->records[b->n++];

	snprintf(r->kind, sizeof(r->kind), "%s", kind);
	snprintf(r->id, sizeof(r->id), "%s", id);
	r->body = json_incref(body);
}

/* What verdict cases start from has richer sections than what was recorded. */
static void load_case(struct base *b, const char *file)
{
	static const char *const sides[] = { "host", "engine" };
	size_t n;
	AUTO_FREE char *data = fuzz_test_file(file, &n);
	AUTO_JSON json_t *all = json_loads(data, 0, NULL);
	const char *name;
	json_t *body;

	for (size_t i = 0; i < ARRAY_SIZE(sides); i++) {
		json_t *side = json_object_get(json_object_get(all, "world"), sides[i]);

		json_object_foreach(side, name, body) add_record(b, sides[i], name, body);
	}
	if (strstr(file, "/image"))
		add_record(b, "image", "sha256:0", json_object_get(all, "subject"));
}

static void add_evaluation(struct base *b, const struct sw_check *check, int subject)
{
	b->evaluations = xrealloc(b->evaluations, (b->n_evaluations + 1) * sizeof(*b->evaluations));
	struct evaluation *e = &b->evaluations[b->n_evaluations++];

	*e = (struct evaluation){ .check = check, .subject = subject };
	evaluate(e, root_of(b, e, b->world, -1, NULL), b->world, b->arena, &e->outcome);
}

static void add_evaluations(struct base *b, const struct sw_check *check)
{
	if (check->flags & SW_LAST)
		return;
	if (check->kind == SW_HOST || check->kind == SW_ENGINE) {
		add_evaluation(b, check, -1);
		return;
	}
	for (int i = 0; i < b->n; i++) {
		enum sw_kind kind;

		if (kind_of(b->records[i].kind, &kind) && kind == check->kind)
			add_evaluation(b, check, i);
	}
}

static const struct base *base_at(unsigned i)
{
	struct base *b = &bases[i];

	if (b->world)
		return b;
	if (!registry)
		registry = registry_new();
	b->arena = arena_new();
	if (ends_with(files[i], ".snap"))
		load_records(b, files[i]);
	else
		load_case(b, files[i]);
	b->world = world_of(b, -1, NULL);
	for (size_t k = 0; k < registry_count(registry); k++)
		add_evaluations(b, registry_at(registry, k));
	return b;
}

/* --- changes --------------------------------------------------------------------------------- */

struct input {
	const uint8_t *p;
	size_t n;
};

static unsigned next_byte(struct input *in)
{
	if (in->n == 0)
		return 0xff;
	in->n--;
	return *in->p++;
}

/* A value in its place: a member of an object, or an element of a list. */
struct place {
	json_t *parent; /* NULL: the whole record */
	const char *key;
	size_t i;
	json_t *value;
};

static bool step_into(struct place *at, unsigned which)
{
	json_t *v = at->value;

	/* What is unread is one value: with another reason in its place it would be an object. */
	if (fact_is_unread(v))
		return false;
	if (json_is_array(v) && json_array_size(v) > 0) {
		size_t i = which % json_array_size(v);

		*at = (struct place){ v, NULL, i, json_array_get(v, i) };
		return true;
	}
	if (!json_is_object(v) || json_object_size(v) == 0)
		return false;
	void *iter = json_object_iter(v);
	for (size_t i = which % json_object_size(v); i > 0; i--)
		iter = json_object_iter_next(v, iter);
	*at = (struct place){ v, json_object_iter_key(iter), 0, json_object_iter_value(iter) };
	return true;
}

static struct place find_place(json_t *body, struct input *in)
{
	struct place at = { .value = body };

	for (int depth = 0; depth < DEPTH_MAX; depth++) {
		unsigned which = next_byte(in);

		if (which == 0xff || !step_into(&at, which))
			break;
	}
	return at;
}

static json_t *nudged(const json_t *v)
{
	if (json_is_boolean(v))
		return json_boolean(!json_is_true(v));
	if (json_is_integer(v))
		return json_integer(json_integer_value(v) ^ 1);
	if (json_is_string(v)) {
		AUTO_FREE char *longer = xasprintf("%sx", json_string_value(v));
		return json_string(longer);
	}
	return json_pack("[O]", v);
}

/* The rest of the input up to a newline as text, or as JSON. */
static json_t *given(struct input *in, bool is_json)
{
	const uint8_t *end = in->n > 0 ? memchr(in->p, '\n', in->n) : NULL;
	size_t n = end ? (size_t)(end - in->p) : in->n;
	AUTO_FREE char *text = fuzz_text(in->p, n);

	in->p += end ? n + 1 : n;
	in->n -= end ? n + 1 : n;
	utf8_mend(text, n);
	return is_json ? json_loads(text, JSON_DECODE_ANY, NULL) : json_string(text);
}

enum { UNREAD, TEXT_GIVEN = 8, JSON_GIVEN, COPIED, NUDGED, CHANGES };

static json_t *new_value(unsigned change, json_t *body, const json_t *old, struct input *in)
{
	static const char *const constants[] = { NULL, "null", "true", "false",
						 "0",  "\"\"", "[]",   "{}" };

	switch (change) {
	case UNREAD: return fact_unread("EIO: Input/output error");
	case TEXT_GIVEN:
	case JSON_GIVEN: return given(in, change == JSON_GIVEN);
	case COPIED: return json_deep_copy(find_place(body, in).value);
	case NUDGED: return nudged(old);
	default: return json_loads(constants[change], JSON_DECODE_ANY, NULL);
	}
}

/* True: a fact became unread, and nothing else. */
static bool change_one(json_t **body, struct input *in)
{
	struct place at = find_place(*body, in);
	unsigned change = next_byte(in) % CHANGES;
	json_t *value = new_value(change, *body, at.value, in);

	if (!value)
		return false;
	if (!at.parent) {
		json_decref(*body);
		*body = value;
	} else if (at.key) {
		AUTO_FREE char *key = xstrdup(at.key);
		json_object_set_new(at.parent, key, value);
	} else {
		json_array_set_new(at.parent, at.i, value);
	}
	return change == UNREAD;
}

/* --- the property ---------------------------------------------------------------------------- */

static bool is_same_fact(struct fact a, struct fact b)
{
	return a.state == b.state && (a.state != FACT_KNOWN || json_equal(a.value, b.value));
}

struct judged {
	const struct base *b;
	int at;
	json_t *body, *world;
	bool only_unread;
};

/* The path of the first fact that the evaluation read and that is another one now, or NULL. */
static const char *changed_read(const struct judged *j, const struct evaluation *e, json_t *before,
				json_t *after)
{
	for (size_t i = 0; i < e->outcome.n_reads; i++) {
		const char *path = e->outcome.reads[i].path;
		bool is_world = *path == '@';
		struct fact was = facts_find(is_world ? j->b->world : before, path + is_world);
		struct fact is = facts_find(is_world ? j->world : after, path + is_world);

		if (!is_same_fact(was, is))
			return path;
	}
	return NULL;
}

static void judge_again(const struct judged *j, const struct evaluation *e, struct arena *a)
{
	json_t *before = root_of(j->b, e, j->b->world, -1, NULL);
	json_t *after = root_of(j->b, e, j->world, j->at, j->body);
	enum sw_verdict was = e->outcome.verdict;
	bool is_section_changed = is_section(&j->b->records[j->at]);
	struct eval_outcome now;

	if (was == SW_PASS || was == SW_SKIP || (was == SW_WARN && !j->only_unread) ||
	    (!is_section_changed && e->subject != j->at && !(e->check->flags & SW_WHOLE)))
		return;
	evaluate(e, after, j->world, a, &now);
	if (now.verdict != SW_PASS)
		return;
	const char *path = changed_read(j, e, before, after);

	FUZZ_CHECK(path, "%s: %s became a pass, and nothing that it read is another: record %s %s",
		   e->check->id, verdict_name(was), j->b->records[j->at].kind,
		   j->b->records[j->at].id);
	FUZZ_CHECK(!j->only_unread, "%s: %s became a pass when %s became unread: record %s %s",
		   e->check->id, verdict_name(was), path, j->b->records[j->at].kind,
		   j->b->records[j->at].id);
}

FUZZ(verdicts)
{
	struct input in = { data, n };
	const struct base *b = base_at(next_byte(&in) % ARRAY_SIZE(files));
	CLEANUP(arena_free_p) struct arena *a = arena_new();
	struct judged j = { .b = b, .at = (int)(next_byte(&in) % (unsigned)b->n) };

	j.only_unread = true;
	j.body = json_deep_copy(b->records[j.at].body);
	for (int i = 0; i < CHANGES_MAX && in.n > 0; i++)
		j.only_unread &= change_one(&j.body, &in);
	j.world = world_of(b, j.at, j.body);
	for (size_t i = 0; i < b->n_evaluations; i++)
		judge_again(&j, &b->evaluations[i], a);
	json_decref(j.world);
	json_decref(j.body);
	return 0;
}
