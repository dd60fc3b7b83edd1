/* SPDX-License-Identifier: Apache-2.0 */
/* judge_evidence.c: what an evaluation read, as the evidence of its finding; equal lists are kept
 * once. */
#include "engine_private.h"
#include "facts.h"

/* The place of a list of evidence among those seen; equal lists have equal interned pointers. */
static size_t list_slot(const struct judge *j, const struct evidence *list, size_t n)
{
	size_t i = (size_t)quick_hash(list, n * sizeof(*list)) & (j->n_slots - 1);
	while (j->lists[i] &&
	       (j->list_lengths[i] != n || memcmp(j->lists[i], list, n * sizeof(*list)) != 0))
		i = (i + 1) & (j->n_slots - 1);
	return i;
}

static void grow_lists(struct judge *j)
{
	const struct evidence **old = j->lists;
	size_t *old_lengths = j->list_lengths, n_old = j->n_slots;
	j->n_slots = n_old ? 2 * n_old : 1024;
	j->lists = xalloc(j->n_slots * sizeof(*j->lists));
	j->list_lengths = xalloc(j->n_slots * sizeof(*j->list_lengths));
	for (size_t i = 0; i < n_old; i++) {
		if (!old[i])
			continue;
		size_t slot = list_slot(j, old[i], old_lengths[i]);
		j->lists[slot] = old[i];
		j->list_lengths[slot] = old_lengths[i];
	}
	free(old);
	free(old_lengths);
}

static const struct evidence *keep_evidence(struct judge *j, const struct evidence *list, size_t n)
{
	if (n == 0)
		return NULL;
	if (2 * j->n_lists >= j->n_slots)
		grow_lists(j);
	size_t slot = list_slot(j, list, n);
	if (!j->lists[slot]) {
		struct evidence *kept = arena_alloc(j->report.arena, n * sizeof(*kept));
		memcpy(kept, list, n * sizeof(*kept));
		j->lists[slot] = kept;
		j->list_lengths[slot] = n;
		j->n_lists++;
	}
	return j->lists[slot];
}

/* "@host/os" of a rule about the host is its own "os", as those of other kinds are written. */
static const char *own_path(enum sw_kind kind, const char *path)
{
	if (kind == SW_HOST && starts_with(path, "@host/"))
		return path + strlen("@host/");
	if (kind == SW_ENGINE && starts_with(path, "@engine/"))
		return path + strlen("@engine/");
	return path;
}

static struct evidence evidence_from(struct judge *j, enum sw_kind kind, const struct read *read)
{
	struct arena *a = j->report.arena;
	return (struct evidence){
		.source = fact_source(a, j->world, kind, read->path),
		.path = facts_path_text(a, own_path(kind, read->path)),
		.value = read->unread  ? NULL
			 : read->value ? read->value
				       : "null",
	};
}

const struct evidence *evidence_of(struct judge *j, enum sw_kind kind, const struct eval_outcome *o,
				   size_t *ret_n)
{
	struct evidence list[EVIDENCE_KEPT];
	size_t n = o->n_reads < EVIDENCE_KEPT ? o->n_reads : EVIDENCE_KEPT;
	for (size_t i = 0; i < n; i++)
		list[i] = evidence_from(j, kind, &o->reads[i]);
	*ret_n = n;
	return keep_evidence(j, list, n);
}
