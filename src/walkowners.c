/* SPDX-License-Identifier: Apache-2.0 */
/* walkowners.c: see walkowners.h. */
#include "walkowners.h"

enum { SLOTS = 2 * WALK_OWNERS_MAX };

struct owner {
	char kind; /* '\0': free */
	uint32_t id;
	uint64_t count;
	char *path;
};

struct walk_owners {
	struct owner slots[SLOTS];
	struct owner *last_u, *last_g; /* most files have the owner of the one before */
	size_t n;
	bool overflowed;
};

struct walk_owners *walk_owners_new(void)
{
	return xalloc(sizeof(struct walk_owners));
}

void walk_owners_free(struct walk_owners *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		free(o->slots[i].path);
	free(o);
}

/* Its slot, or the free one where it belongs. */
static struct owner *slot_of(struct walk_owners *o, char kind, uint32_t id)
{
	size_t at = (id * UINT32_C(2654435761) + (unsigned char)kind) % SLOTS;
	while (o->slots[at].kind && (o->slots[at].kind != kind || o->slots[at].id != id))
		at = (at + 1) % SLOTS;
	return &o->slots[at];
}

bool walk_owners_add(struct walk_owners *o, char kind, uint32_t id)
{
	struct owner **last = kind == 'u' ? &o->last_u : &o->last_g;
	if (*last && (*last)->id == id) {
		(*last)->count++;
		return false;
	}
	struct owner *s = slot_of(o, kind, id);
	bool is_new = !s->kind;
	if (is_new && o->n == WALK_OWNERS_MAX) {
		o->overflowed = true;
		return false;
	}
	if (is_new) {
		*s = (struct owner){ .kind = kind, .id = id };
		o->n++;
	}
	s->count++;
	*last = s;
	return is_new;
}

static void name_one(struct walk_owners *o, char kind, uint32_t id, const char *path)
{
	struct owner *s = slot_of(o, kind, id);
	if (s->kind && !s->path)
		s->path = xstrdup(path);
}

void walk_owners_name(struct walk_owners *o, uint32_t uid, uint32_t gid, const char *path)
{
	name_one(o, 'u', uid, path);
	name_one(o, 'g', gid, path);
}

bool walk_owners_overflowed(const struct walk_owners *o)
{
	return o->overflowed;
}

void walk_owners_each(const struct walk_owners *o, walk_owner_fn *each, void *context)
{
	for (size_t i = 0; i < SLOTS; i++) {
		const struct owner *s = &o->slots[i];
		if (s->kind)
			each(s->kind, s->id, s->count, s->path ? s->path : "/", context);
	}
}
