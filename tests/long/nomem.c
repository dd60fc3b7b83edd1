/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nomem.c: to be preloaded: the allocation of the number in $NOMEM_AT fails, in each process that
 * comes to it, and with $NOMEM_ON all after it.
 *
 * A process that is forked goes on counting where its parent was. With $NOMEM_COUNT each says at
 * its end how often it asked.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* glibc's own names of what is replaced here. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);

static long at = -1, count;
static bool is_on;

__attribute__((constructor)) static void begin(void)
{
	const char *number = getenv("NOMEM_AT");
	is_on = getenv("NOMEM_ON") != NULL;
	at = number ? strtol(number, NULL, 10) : -1;
	count = 0;
}

static bool fails(void)
{
	count++;
	if (at < 0 || (is_on ? count < at : count != at))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	return fails() ? NULL : __libc_realloc(p, size);
}

static void say_count(void)
{
	if (getenv("NOMEM_COUNT"))
		dprintf(2, "nomem: %ld\n", count);
}

__attribute__((destructor)) static void end(void)
{
	say_count();
}

/* How children end. */
void _exit(int status)
{
	say_count();
	syscall(SYS_exit_group, status);
	__builtin_unreachable();
}
