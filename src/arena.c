/* SPDX-License-Identifier: Apache-2.0 */
/* arena.c: see arena.h. */
#include "arena.h"

#include <stdalign.h>

enum { BLOCK = 32 * 1024 };

struct block {
	struct block *next;
	size_t used, size;
	alignas(max_align_t) char data[];
};

struct arena {
	struct block *blocks;
	size_t size;
	const char **slots; /* open addressing; NULL is free */
	size_t n_slots, n_interned;
};

struct arena *arena_new(void)
{
	return xalloc(sizeof(struct arena));
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	while (a->blocks) {
		struct block *next = a->blocks->next;
		free(a->blocks);
		a->blocks = next;
	}
	free(a->slots);
	free(a);
}

static void *take(struct arena *a, size_t size, size_t align)
{
	struct block *b = a->blocks;
	size_t at = b ? (b->used + align - 1) & ~(align - 1) : 0;
	if (!b || at + size > b->size) {
		size_t want = size > BLOCK / 4 ? size : BLOCK;
		b = xalloc(sizeof(*b) + want);
		b->size = want;
		a->size += sizeof(*b) + want;
		/* A block made for one large object goes behind the one being filled. */
		if (want != BLOCK && a->blocks) {
			b->next = a->blocks->next;
			a->blocks->next = b;
		} else {
			b->next = a->blocks;
			a->blocks = b;
		}
		at = 0;
	}
	b->used = at + size;
	return b->data + at;
}

void *arena_alloc(struct arena *a, size_t size)
{
	return take(a, size, alignof(max_align_t));
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	n = strnlen(s, n);
	char *copy = take(a, n + 1, 1);
	memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_vprintf(struct arena *a, const char *format, va_list ap)
{
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, format, ap);
	char *s = take(a, (size_t)(n < 0 ? 0 : n) + 1, 1);
	if (n >= 0)
		vsnprintf(s, (size_t)n + 1, format, again);
	va_end(again);
	return s;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	char *s = arena_vprintf(a, format, ap);
	va_end(ap);
	return s;
}

static size_t slot_of(const struct arena *a, const char *s, size_t n)
{
	size_t i = (size_t)quick_hash(s, n) & (a->n_slots - 1);
	while (a->slots[i] && (strncmp(a->slots[i], s, n) != 0 || a->slots[i][n] != '\0'))
		i = (i + 1) & (a->n_slots - 1);
	return i;
}

static void grow_slots(struct arena *a)
{
	const char **old = a->slots;
	size_t n_old = a->n_slots;
	a->n_slots = n_old ? n_old * 2 : 256;
	a->slots = xalloc(a->n_slots * sizeof(*a->slots));
	for (size_t i = 0; i < n_old; i++)
		if (old[i])
			a->slots[slot_of(a, old[i], strlen(old[i]))] = old[i];
	free(old);
}

const char *arena_intern_n(struct arena *a, const char *s, size_t n)
{
	if (!s)
		return NULL;
	n = strnlen(s, n);
	if (a->n_interned * 2 >= a->n_slots)
		grow_slots(a);
	size_t i = slot_of(a, s, n);
	if (!a->slots[i]) {
		a->slots[i] = arena_strndup(a, s, n);
		a->n_interned++;
	}
	return a->slots[i];
}

const char *arena_intern(struct arena *a, const char *s)
{
	return s ? arena_intern_n(a, s, strlen(s)) : NULL;
}

size_t arena_size(const struct arena *a)
{
	return a->size + a->n_slots * sizeof(*a->slots);
}
