/* SPDX-License-Identifier: Apache-2.0 */
/* collect_mask.c: is a file a link to /dev/null, also in a tree that has no devices? */
#include <errno.h>

#include "collector.h"

enum { LINKS_MAX = 8 };

/* The path that a link's text means in a folder, without "." and ".."; malloc'ed. */
static char *path_of(const char *folder, const char *text)
{
	AUTO_FREE char *whole = xasprintf("%s/%s", *text == '/' ? "" : folder, text);
	char *path = xalloc(strlen(whole) + 2), *rest = whole, *name, *end = path;
	while ((name = strsep(&rest, "/"))) {
		if (!*name || streq(name, "."))
			continue;
		if (streq(name, "..")) {
			while (end > path && *--end != '/')
				;
			*end = '\0';
			continue;
		}
		*end++ = '/';
		end = stpcpy(end, name);
	}
	return path;
}

/* Where the link at path leads to, one step; malloc'ed. NULL: it is no link that can be read. */
static char *next_of(struct collector *c, const char *path)
{
	struct answer answer;
	char *next = NULL;
	ask_now(c->asker, FETCH_LINK, 0, path, &answer);
	size_t n = answer.error ? 0 : strnlen(answer.data, answer.len);
	if (!answer.error && n < answer.len)
		next = path_of(answer.data, answer.data + n + 1);
	answer_done(&answer);
	return next;
}

bool is_dangling_mask(struct collector *c, const char *path)
{
	AUTO_FREE char *at = xstrdup(path);
	for (size_t i = 0; i < LINKS_MAX; i++) {
		char *next = next_of(c, at);
		if (!next)
			return false;
		free(at);
		at = next;
		if (streq(at, "/dev/null"))
			return true;
	}
	return false;
}

bool is_mask(struct collector *c, const char *path)
{
	json_t *st = stat_path(c, FETCH_BASE_ROOT, path);
	const char *type = json_string_value(json_object_get(st, "type"));
	const char *resolved = json_string_value(json_object_get(st, "path"));
	bool is_unread = fact_is_unread(st);
	/* Any other device hides what should be there, and is not read. */
	bool is_null = type && streq(type, "char") && resolved && streq(resolved, "/dev/null");
	json_decref(st);
	return is_null || (!type && !is_unread && is_dangling_mask(c, path));
}
