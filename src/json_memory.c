/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_memory.c: jansson's memory. It makes and forgets small blocks by the hundred thousand, so
 * those of a size are kept in a list; and what a hostile text may take is counted.
 */
#include "json_memory.h"

#include <jansson.h>

#include "util.h"

enum {
	STEP = 16,
	CLASSES = 33, /* blocks of up to 32 steps, with their head */
	CHUNK = 64 << 10,
};

static void (*release)(void *p) = free;
static size_t budget = SIZE_MAX;
static bool is_spent;

void json_budget(size_t bytes)
{
	budget = bytes;
	if (bytes != SIZE_MAX)
		is_spent = false;
}

bool json_budget_is_spent(void)
{
	return is_spent;
}

static bool take_budget(size_t n)
{
	if (budget == SIZE_MAX)
		return true;
	if (n > budget) {
		is_spent = true;
		return false;
	}
	budget -= n;
	return true;
}

/* Sanitizers see a wrong access to a block only if it is their own. */
#if defined __SANITIZE_ADDRESS__
#define IS_POOLED false
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define IS_POOLED false
#endif
#endif
#ifndef IS_POOLED
#define IS_POOLED true
#endif

/* In front of every block, which is aligned for pointers and doubles: jansson has nothing wider. */
struct head {
	uint64_t class; /* in steps, head and all; 0: of malloc */
};

/* A block that is not in use begins with this. */
struct link {
	struct link *next;
};

static struct link *unused[CLASSES];
static char *chunk;
static size_t chunk_left;

static struct head *new_block(size_t class)
{
	size_t size = class * STEP;
	if (chunk_left < size) {
		chunk = xrealloc(NULL, CHUNK);
		chunk_left = CHUNK;
	}
	struct head *h = (struct head *)(void *)chunk;
	chunk += size;
	chunk_left -= size;
	return h;
}

/* Not zeroed, as xalloc()'s memory is: jansson writes all that it reads. */
static void *json_alloc(size_t n)
{
	if (!take_budget(n))
		return NULL;
	if (!IS_POOLED)
		return xrealloc(NULL, n);
	size_t class = (n + sizeof(struct head) + STEP - 1) / STEP;
	if (class < CLASSES && unused[class]) {
		struct link *block = unused[class];
		unused[class] = block->next;
		return block;
	}
	bool is_small = class > 1 && class < CLASSES;
	struct head *h = is_small ? new_block(class) : xrealloc(NULL, n + sizeof(*h) + 1);
	h->class = is_small ? class : 0;
	return h + 1;
}

static void json_release(void *p)
{
	if (!p || !IS_POOLED) {
		free(p);
		return;
	}
	struct head *h = (struct head *)p - 1;
	if (h->class == 0) {
		free(h);
		return;
	}
	struct link *block = p;
	block->next = unused[h->class];
	unused[h->class] = block;
}

char *json_dumped(const json_t *value, size_t flags)
{
	char *own = json_dumps(value, flags);
	char *copy = own ? xstrdup(own) : NULL;
	release(own);
	return copy;
}

void json_use_own_memory(void)
{
	release = json_release;
	json_set_alloc_funcs(json_alloc, json_release);
	json_object_seed(0);
}
