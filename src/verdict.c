/* SPDX-License-Identifier: Apache-2.0 */
/* verdict.c: the words of verdicts, severities and kinds, the one order of verdicts, and the small
 * helpers of checks. */
#include <ctype.h>
#include <strings.h>

#include "eval.h"

static const char *const verdict_names[] = {
	[SW_FAIL] = "fail", [SW_UNKNOWN] = "unknown", [SW_WARN] = "warn",
	[SW_PASS] = "pass", [SW_SKIP] = "skip",
};
static const char *const severity_names[] = {
	[SW_LOW] = "low",
	[SW_MEDIUM] = "medium",
	[SW_HIGH] = "high",
	[SW_CRITICAL] = "critical",
};
static const char *const kind_names[] = {
	[SW_HOST] = "host",           [SW_ENGINE] = "engine",   [SW_IMAGE] = "image",
	[SW_CONTAINER] = "container", [SW_NETWORK] = "network", [SW_VOLUME] = "volume",
	[SW_SWARM] = "swarm",         [SW_SERVICE] = "service",
};

static int find_name(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (names[i] && streq(names[i], name))
			return (int)i;
	return -1;
}

#define DEFINE_NAMES(type, unit, names)                                                            \
	const char *unit##_name(type v)                                                            \
	{                                                                                          \
		bool is_known = (size_t)v < ARRAY_SIZE(names) && names[v];                         \
		return is_known ? names[v] : "?";                                                  \
	}                                                                                          \
	bool unit##_of(const char *name, type *ret)                                                \
	{                                                                                          \
		int i = find_name(names, ARRAY_SIZE(names), name);                                 \
		if (i >= 0)                                                                        \
			*ret = (type)i;                                                            \
		return i >= 0;                                                                     \
	}

DEFINE_NAMES(enum sw_verdict, verdict, verdict_names)
DEFINE_NAMES(enum sw_severity, severity, severity_names)
DEFINE_NAMES(enum sw_kind, kind, kind_names)

enum sw_verdict verdict_worse(enum sw_verdict a, enum sw_verdict b)
{
	return a < b ? a : b;
}

bool sw_same_capability(const char *a, const char *b)
{
	if (strncasecmp(a, "CAP_", 4) == 0)
		a += 4;
	if (strncasecmp(b, "CAP_", 4) == 0)
		b += 4;
	return strcasecmp(a, b) == 0;
}

bool sw_is_below(const char *path, const char *dir)
{
	size_t n = strlen(dir);
	while (n > 0 && dir[n - 1] == '/')
		n--;
	return strncmp(path, dir, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

int sw_version_compare(const char *a, const char *b)
{
	for (;;) {
		char *end_a, *end_b;
		unsigned long x = isdigit((unsigned char)*a) ? strtoul(a, &end_a, 10)
							     : (end_a = (char *)a, 0);
		unsigned long y = isdigit((unsigned char)*b) ? strtoul(b, &end_b, 10)
							     : (end_b = (char *)b, 0);
		if (x != y)
			return x < y ? -1 : 1;
		if (*end_a != '.' && *end_b != '.')
			return 0;
		a = *end_a == '.' ? end_a + 1 : "";
		b = *end_b == '.' ? end_b + 1 : "";
	}
}
