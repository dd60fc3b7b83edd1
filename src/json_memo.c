/* SPDX-License-Identifier: Apache-2.0 */
/* json_memo.c: see json_memo.h. */
#include "json_writer.h"

enum { TEXTS_MAX = 128 << 10 }; /* then it is begun anew */

struct memo_entry {
	const void *key;
	size_t n_key;
	uint32_t at, len;
	bool is_kept;  /* else it was written once, which is no reason to keep it */
	bool is_first; /* written as the first member of what it is in, without a comma */
};

void json_memo_done(struct json_memo *m)
{
	free(m->slots);
	text_done(&m->texts);
	*m = (struct json_memo){ 0 };
}

static struct memo_entry *slot_of(const struct json_memo *m, const void *key, size_t n)
{
	size_t i = (size_t)((uintptr_t)key * UINT64_C(0x9e3779b97f4a7c15) >> 40);
	for (;; i++) {
		struct memo_entry *e = &m->slots[i & (m->n_slots - 1)];
		if (!e->key || (e->key == key && e->n_key == n))
			return e;
	}
}

static void grow(struct json_memo *m)
{
	struct memo_entry *old = m->slots;
	size_t n_old = m->n_slots;
	m->n_slots = n_old ? 2 * n_old : 256;
	m->slots = xalloc(m->n_slots * sizeof(*m->slots));
	for (size_t i = 0; i < n_old; i++)
		if (old[i].key)
			*slot_of(m, old[i].key, old[i].n_key) = old[i];
	free(old);
}

bool json_again(struct json_writer *w, const void *key, size_t n)
{
	struct json_memo *m = &w->memo;
	m->start = w->given + w->n;
	if (m->n == 0)
		return false;
	const struct memo_entry *e = slot_of(m, key, n);
	if (!e->key || !e->is_kept || e->is_first == w->has_member)
		return false;
	json_put_raw(w, m->texts.s + e->at, e->len);
	return true;
}

void json_remember(struct json_writer *w, const void *key, size_t n)
{
	struct json_memo *m = &w->memo;
	/* What does not lie in the buffer any more is not worth the trouble. */
	if (m->start < w->given)
		return;
	const char *text = w->buf + (m->start - w->given);
	size_t len = w->n - (size_t)(m->start - w->given);
	if (m->texts.len + len > TEXTS_MAX)
		json_memo_done(m);
	if (2 * m->n >= m->n_slots)
		grow(m);
	struct memo_entry *e = slot_of(m, key, n);
	if (!e->key) {
		*e = (struct memo_entry){ .key = key, .n_key = n };
		m->n++;
		return;
	}
	*e = (struct memo_entry){ .key = key,
				  .n_key = n,
				  .at = (uint32_t)m->texts.len,
				  .len = (uint32_t)len,
				  .is_kept = true,
				  .is_first = *text != ',' };
	text_add_n(&m->texts, text, len);
}
