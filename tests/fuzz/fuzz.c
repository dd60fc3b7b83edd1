/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz.c: see fuzz.h. */
#include "fuzz.h"

#include <fcntl.h>
#include <stdarg.h>
#include <sys/mman.h>

void fuzz_fail(const char *file, int line, const char *condition, const char *format, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: %s: ", file, line, condition);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}

char *fuzz_text(const void *p, size_t n)
{
	char *text = xalloc(n + 1);

	if (n > 0)
		memcpy(text, p, n);
	return text;
}

unsigned fuzz_pick(const uint8_t **data, size_t *n, unsigned count)
{
	if (*n == 0)
		return 0;
	unsigned which = (unsigned)(**data - 'a') % count;

	++*data;
	--*n;
	return which;
}

char *fuzz_part(const uint8_t **data, size_t *n)
{
	const uint8_t *end = *n > 0 ? memmem(*data, *n, "\n\n", 2) : NULL;
	size_t len = end ? (size_t)(end - *data) + 1 : *n;
	size_t skip = end ? len + 1 : len;
	char *text = fuzz_text(*data, len);

	*data += skip;
	*n -= skip;
	return text;
}

int fuzz_file(const void *p, size_t n)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write_full(fd, p, n) < 0 || lseek(fd, 0, SEEK_SET) != 0) {
		perror("a file in memory");
		exit(EXIT_FAILURE);
	}
	return fd;
}

char *fuzz_file_path(int fd)
{
	return xasprintf("/proc/self/fd/%d", fd);
}

void fuzz_fact(json_t *fact)
{
	FUZZ_CHECK(fact, "a parser gave no fact");
	char *text = json_dumps(fact, JSON_COMPACT | JSON_ENCODE_ANY);
	FUZZ_CHECK(text, "a fact has no text");
	json_t *again = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

	FUZZ_CHECK(again && json_equal(fact, again), "is read back as something else: %s", text);
	json_decref(again);
	free(text);
	json_decref(fact);
}

char *fuzz_test_file(const char *path, size_t *ret_len)
{
	const char *srcdir = getenv("srcdir"); /* automake tells tests where the sources are */
	AUTO_FREE char *full = xasprintf("%s/tests/%s", srcdir ? srcdir : ".", path);
	AUTO_CLOSE int fd = open(full, O_RDONLY | O_CLOEXEC);
	char *data;

	if (fd < 0 || read_all(fd, 16 << 20, &data, ret_len) < 0) {
		fprintf(stderr, "%s cannot be read; is srcdir set?\n", full);
		exit(EXIT_FAILURE);
	}
	return data;
}
