/* SPDX-License-Identifier: Apache-2.0 */
/* util.c: see util.h. */
#include "util.h"

#include <errno.h>
#include <stdarg.h>

static void out_of_memory(void)
{
	static const char text[] = "seaworthy: out of memory\n";
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(2);
	_exit(2);
}

void *xalloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);
	if (!p)
		out_of_memory();
	return p;
}

void *xrealloc(void *p, size_t size)
{
	p = realloc(p, size ? size : 1);
	if (!p)
		out_of_memory();
	return p;
}

char *xstrndup(const char *s, size_t n)
{
	n = strnlen(s, n);
	char *copy = xalloc(n + 1);
	memcpy(copy, s, n);
	return copy;
}

char *xstrdup(const char *s)
{
	return xstrndup(s, strlen(s));
}

char *xasprintf(const char *format, ...)
{
	char *s = NULL;
	va_list ap;
	va_start(ap, format);
	int n = vasprintf(&s, format, ap);
	va_end(ap);
	if (n < 0)
		out_of_memory();
	return s;
}

bool ends_with(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);
	return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

bool parse_int(const char *s, int64_t *ret)
{
	char *end;
	if (!((*s >= '0' && *s <= '9') || *s == '-' || *s == '+'))
		return false;
	errno = 0;
	long long v = strtoll(s, &end, 10);
	if (errno || end == s || *end)
		return false;
	*ret = v;
	return true;
}

int read_full(int fd, void *buf, size_t n)
{
	char *p = buf;
	while (n > 0) {
		ssize_t got = read(fd, p, n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			return -EPIPE;
		p += got;
		n -= (size_t)got;
	}
	return 0;
}

int write_full(int fd, const void *buf, size_t n)
{
	const char *p = buf;
	while (n > 0) {
		ssize_t put = write(fd, p, n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		p += put;
		n -= (size_t)put;
	}
	return 0;
}

int read_all(int fd, size_t cap, char **ret, size_t *ret_len)
{
	size_t size = 4096, len = 0;
	AUTO_FREE char *buf = xrealloc(NULL, size + 1); /* not zeroed */
	for (;;) {
		ssize_t got = read(fd, buf + len, size - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		len += (size_t)got;
		if (len > cap)
			return -EFBIG;
		if (len == size) {
			size *= 2;
			buf = xrealloc(buf, size + 1);
		}
	}
	buf[len] = '\0';
	*ret = TAKE(buf);
	*ret_len = len;
	return 0;
}

/* Optimal string alignment: two letters that changed places are one error. Names are short. */
static size_t edit_distance(const char *a, const char *b)
{
	enum { MOST = 64 };
	size_t row[MOST + 1], above[MOST + 1] = { 0 };
	size_t n = strlen(a), m = strlen(b);
	if (n > MOST || m > MOST)
		return MOST;
	for (size_t j = 0; j <= m; j++)
		row[j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t corner = row[0], crossed = 0;
		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t best = corner + (a[i - 1] != b[j - 1]);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    crossed + 1 < best)
				best = crossed + 1;
			crossed = above[j - 1];
			above[j - 1] = corner;
			corner = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[m];
}

const char *nearest(const char *typed, const char *const *names, size_t n)
{
	const char *best = NULL;
	size_t best_distance = strlen(typed) / 3 + 2;
	for (size_t i = 0; i < n; i++) {
		size_t d = edit_distance(typed, names[i]);
		size_t longer = strlen(typed) > strlen(names[i]) ? strlen(typed) : strlen(names[i]);
		/* What shares no more than half is another word: "foo" is not meant to be "fix". */
		if (d < best_distance && (d == 1 || 2 * d < longer)) {
			best_distance = d;
			best = names[i];
		}
	}
	return best;
}

const char *errno_name(int code)
{
#define NAME(e)                                                                                    \
	{                                                                                          \
		e, #e                                                                              \
	}
	static const struct {
		int code;
		const char *name;
	} names[] = {
		NAME(EACCES),     NAME(EBADF),        NAME(EBADMSG),     NAME(ECONNREFUSED),
		NAME(ECONNRESET), NAME(EEXIST),       NAME(EFBIG),       NAME(EHOSTUNREACH),
		NAME(EINVAL),     NAME(EIO),          NAME(EISDIR),      NAME(ELOOP),
		NAME(EMFILE),     NAME(ENAMETOOLONG), NAME(ENETUNREACH), NAME(ENOENT),
		NAME(ENOMEM),     NAME(ENOSPC),       NAME(ENOSYS),      NAME(ENOTDIR),
		NAME(ENOTSOCK),   NAME(ENXIO),        NAME(EOPNOTSUPP),  NAME(EPERM),
		NAME(EPIPE),      NAME(EPROTO),       NAME(EROFS),       NAME(ESRCH),
		NAME(ESTALE),     NAME(ETIMEDOUT),    NAME(EXDEV),
	};
#undef NAME
	static char other[24];
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].code == code)
			return names[i].name;
	snprintf(other, sizeof(other), "errno %d", code);
	return other;
}

uint64_t fnv1a(uint64_t h, const void *data, size_t n)
{
	const unsigned char *p = data;
	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	return h;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 32;
}

uint64_t quick_hash(const void *data, size_t n)
{
	const unsigned char *p = data;
	uint64_t h = n, v;
	for (; n >= sizeof(v); p += sizeof(v), n -= sizeof(v)) {
		memcpy(&v, p, sizeof(v));
		h = mix(h, v);
	}
	v = 0;
	memcpy(&v, p, n);
	return mix(h, v);
}
