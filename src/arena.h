/* SPDX-License-Identifier: Apache-2.0 */
/* arena.h: memory that is freed all at once, and strings kept only once in it. */
#ifndef SW_ARENA_H
#define SW_ARENA_H

#include <stdarg.h>

#include "util.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);
static inline void arena_free_p(struct arena **a)
{
	arena_free(*a);
}

void *arena_alloc(struct arena *a, size_t size); /* zeroed, aligned for any type */
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_strdup(struct arena *a, const char *s);
char *arena_printf(struct arena *a, const char *format, ...) SW_PRINTF(2, 3);
char *arena_vprintf(struct arena *a, const char *format, va_list ap) SW_PRINTF(2, 0);

/* The one copy of s in this arena: equal strings give equal pointers. NULL gives NULL. */
const char *arena_intern(struct arena *a, const char *s);
const char *arena_intern_n(struct arena *a, const char *s, size_t n);

/* Bytes taken from the system so far. */
size_t arena_size(const struct arena *a);

#endif
