/* SPDX-License-Identifier: Apache-2.0 */
/* util.h: the ground floor: allocation that cannot fail, cleanup attributes, small string tests. */
#ifndef SW_UTIL_H
#define SW_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "seaworthy/check.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define CLEANUP(f)    __attribute__((cleanup(f)))

/* Out of memory ends the program with status 2. */
void *xalloc(size_t size); /* zeroed */
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *format, ...) SW_PRINTF(1, 2);

static inline void free_p(void *p)
{
	free(*(void **)p);
}
static inline void close_p(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
static inline void fclose_p(FILE **f)
{
	if (*f)
		fclose(*f);
}
#define AUTO_FREE  CLEANUP(free_p)
#define AUTO_CLOSE CLEANUP(close_p)
#define AUTO_FILE  CLEANUP(fclose_p)

/* Hands a pointer out of an AUTO_ variable: return TAKE(p); */
#define TAKE(p)                                                                                    \
	({                                                                                         \
		__typeof__(p) _t = (p);                                                            \
		(p) = NULL;                                                                        \
		_t;                                                                                \
	})
static inline int take_fd(int *fd)
{
	int t = *fd;
	*fd = -1;
	return t;
}

static inline bool streq(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}
static inline bool starts_with(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}
bool ends_with(const char *s, const char *suffix);

/* Whole string as a decimal integer: true and *ret, or false (empty, rest, range). */
bool parse_int(const char *s, int64_t *ret);

/* read(2) and write(2) until done; 0, or negative errno (-EPIPE for an early end of file). */
int read_full(int fd, void *buf, size_t n);
int write_full(int fd, const void *buf, size_t n);

/* All of fd, at most cap bytes: malloc'ed, NUL-terminated. -EFBIG when there is more. */
int read_all(int fd, size_t cap, char **ret, size_t *ret_len);

/* Of the n names the one nearest to what was typed, or NULL when none is near. */
const char *nearest(const char *typed, const char *const *names, size_t n);

/* "EACCES", or "errno 200" for one without a name here. */
const char *errno_name(int code);

/* 64-bit FNV-1a, for stable fingerprints; start with FNV_START. */
#define FNV_START UINT64_C(0xcbf29ce484222325)
uint64_t fnv1a(uint64_t h, const void *data, size_t n);
/* For tables in memory only: differs between machines. */
uint64_t quick_hash(const void *data, size_t n);

#endif
