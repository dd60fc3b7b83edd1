/* SPDX-License-Identifier: Apache-2.0 */
/* index.c: see index.h. */
#include "index.h"

#include "facts.h"
#include "text.h"

enum { LABELS_MAX = 2048, NAME_BYTES = 512 };

/* Copies the fact at a two-step path, be it known, absent or unread. */
static void copy_fact(json_t *into, json_t *from, const char *object, const char *member)
{
	json_t *source = json_object_get(from, object);
	if (!source || fact_is_unread(source) || !json_is_object(source)) {
		if (source)
			json_object_set(into, object, source);
		return;
	}
	json_t *target = json_object_get(into, object);
	if (!target) {
		target = json_object();
		json_object_set_new(into, object, target);
	}
	json_t *value = json_object_get(source, member);
	if (value)
		json_object_set(target, member, value);
}

json_t *index_entry(json_t *container)
{
	static const char *const plain[] = { "Id", "Name", "Created", "Image" };
	static const char *const nested[][2] = {
		{ "State", "Status" },           { "State", "FinishedAt" },
		{ "State", "Running" },          { "Config", "Image" },
		{ "HostConfig", "NetworkMode" }, { "HostConfig", "PidMode" },
		{ "HostConfig", "IpcMode" },     { "HostConfig", "UTSMode" },
		{ "HostConfig", "UsernsMode" },  { "HostConfig", "CgroupnsMode" },
		{ "HostConfig", "Privileged" },  { "Kernel", "Namespaces" },
	};
	json_t *entry = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(plain); i++)
		if (json_object_get(container, plain[i]))
			json_object_set(entry, plain[i], json_object_get(container, plain[i]));
	for (size_t i = 0; i < ARRAY_SIZE(nested); i++)
		copy_fact(entry, container, nested[i][0], nested[i][1]);
	return entry;
}

void index_share(json_t *entry, json_t *earlier)
{
	const char *name;
	json_t *own;
	json_object_foreach(entry, name, own)
	{
		json_t *other = json_object_get(earlier, name);
		if (!json_is_object(own) && !json_is_string(own))
			continue;
		if (json_equal(own, other))
			json_object_set(entry, name, other);
		else if (json_is_object(own) && json_is_object(other))
			index_share(own, other);
	}
}

static const char *text_at(struct arena *a, json_t *body, const char *path)
{
	struct fact f = facts_find(body, path);
	const char *s = f.state == FACT_KNOWN ? json_string_value(f.value) : NULL;
	return arena_intern(a, s ? s : "");
}

/* What a subject is called is in every finding of it: one of megabytes would hide all others. */
static const char *name_at(struct arena *a, json_t *body, const char *path)
{
	AUTO_TEXT struct text t = { 0 };
	text_add_short(&t, text_at(a, body, path), NAME_BYTES);
	return arena_intern(a, text_str(&t));
}

/* The labels that tell which project a container belongs to come first; of the others as many as
 * fit. */
static json_t *keep_labels(json_t *all, bool *ret_cut)
{
	static const char *const first[] = { "com.docker.compose.project",
					     "com.docker.compose.service",
					     "com.docker.stack.namespace",
					     "com.docker.swarm.service.id",
					     "com.docker.swarm.service.name" };
	json_t *kept = json_object(), *value;
	const char *name;
	size_t used = 0;
	for (size_t i = 0; i < ARRAY_SIZE(first); i++) {
		value = json_object_get(all, first[i]);
		if (json_is_string(value) && json_string_length(value) <= LABELS_MAX / 8)
			json_object_set(kept, first[i], value);
	}
	json_object_foreach(all, name, value)
	{
		size_t n = strlen(name) + json_string_length(value);
		if (!json_is_string(value) || json_object_get(kept, name))
			continue;
		if (used + n > LABELS_MAX) {
			*ret_cut = true;
			continue;
		}
		json_object_set(kept, name, value);
		used += n;
	}
	return kept;
}

static void describe_container(struct subject *s, struct arena *a, json_t *body)
{
	struct fact running = facts_find(body, "State/Running");
	const char *name = name_at(a, body, "Name");
	s->name = arena_intern(a, *name == '/' ? name + 1 : name);
	s->image = name_at(a, body, "Config/Image");
	s->image_id = name_at(a, body, "Image");
	s->running = running.state == FACT_KNOWN ? json_is_true(running.value) : -1;
	struct fact labels = facts_find(body, "Config/Labels");
	if (labels.state == FACT_KNOWN && json_object_size(labels.value) > 0)
		s->labels = keep_labels(labels.value, &s->labels_cut);
}

static void describe_image(struct subject *s, struct arena *a, json_t *body)
{
	s->name = name_at(a, body, "Inspect/RepoTags/0");
	s->image = s->name;
	s->image_id = s->id;
	struct fact labels = facts_find(body, "Inspect/Config/Labels");
	if (labels.state == FACT_KNOWN && json_object_size(labels.value) > 0)
		s->labels = keep_labels(labels.value, &s->labels_cut);
}

struct subject *index_subject(struct arena *a, enum sw_kind kind, const char *id, json_t *body)
{
	struct subject *s = arena_alloc(a, sizeof(*s));
	*s = (struct subject){ .kind = kind,
			       .id = arena_intern(a, id),
			       .name = "",
			       .image = "",
			       .image_id = "",
			       .running = -1 };
	if (kind == SW_CONTAINER || kind == SW_SERVICE)
		describe_container(s, a, body);
	if (kind == SW_SERVICE)
		s->running = -1;
	else if (kind == SW_IMAGE)
		describe_image(s, a, body);
	return s;
}

void index_subject_done(struct subject *s)
{
	json_decref(s->labels);
	s->labels = NULL;
}
