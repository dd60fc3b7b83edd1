/* SPDX-License-Identifier: Apache-2.0 */
/* facts.c: see facts.h. */
#include "json_memory.h"
#include "facts.h"

#include <stdarg.h>

#include "json_text.h"

enum {
	EVIDENCE_MAX = 400, /* bytes of a value shown as evidence */
	STEP_MAX = 8192,    /* a name may be a path of 4096 bytes */
};

static const char unread_key[] = "$unread";

const char *fact_reason(const json_t *value)
{
	if (!json_is_object(value) || json_object_size(value) != 1)
		return NULL;
	json_t *reason = json_object_get(value, unread_key);
	/* Whoever wrote that did not mean an object with a member of this name. */
	if (reason && !json_is_string(reason))
		return "no reason was given";
	return json_string_value(reason);
}

bool fact_is_unread(const json_t *value)
{
	return fact_reason(value) != NULL;
}

json_t *fact_unread(const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	char *text = NULL;
	int n = vasprintf(&text, format, ap);
	va_end(ap);
	json_t *reason = n < 0 ? NULL : json_string(text);
	if (!reason)
		reason = json_string("could not be read");
	free(text);
	return json_pack("{so}", unread_key, reason);
}

/* The step of a path up to the next slash, unescaped; *ret_more when a slash follows. False: it is
 * too long. */
static bool take_step(const char **path, char *buf, size_t size, bool *ret_more)
{
	size_t n = 0;
	const char *p = *path;
	for (; *p && *p != '/'; p++) {
		char c = *p;
		if (c == '~' && (p[1] == '0' || p[1] == '1'))
			c = *++p == '0' ? '~' : '/';
		if (n + 1 == size)
			return false;
		buf[n++] = c;
	}
	buf[n] = '\0';
	*ret_more = *p == '/';
	*path = p + *ret_more;
	return true;
}

static bool is_index(const char *step)
{
	int64_t i;
	return parse_int(step, &i) && i >= 0;
}

static json_t *member(json_t *node, const char *step)
{
	int64_t i = 0;
	if (json_is_object(node))
		return json_object_get(node, step);
	parse_int(step, &i);
	return json_array_get(node, (size_t)i);
}

static struct fact unread(const char *reason)
{
	return (struct fact){ .state = FACT_UNREAD, .reason = reason };
}

struct fact facts_find(json_t *root, const char *path)
{
	char step[STEP_MAX];
	json_t *node = root;
	bool has_more = *path != '\0';

	if (!node)
		return unread("was not collected");
	while (has_more && !fact_is_unread(node)) {
		if (!node || json_is_null(node))
			return unread("the object that would hold it is not there");
		if (!json_is_object(node) && !json_is_array(node))
			return unread("the value that would hold it is no object");
		if (!take_step(&path, step, sizeof(step), &has_more))
			return unread("a name in its path is too long");
		/* A list where an object should be: the member is not absent, it was never looked
		 * for. */
		if (json_is_array(node) && !is_index(step))
			return unread("the value that would hold it is a list");
		node = member(node, step);
	}
	if (fact_is_unread(node))
		return unread(fact_reason(node));
	if (!node || json_is_null(node))
		return (struct fact){ .state = FACT_ABSENT };
	return (struct fact){ .state = FACT_KNOWN, .value = node };
}

const char *facts_escape(struct arena *a, const char *name)
{
	if (!strpbrk(name, "~/"))
		return arena_intern(a, name);
	size_t n = strlen(name);
	AUTO_FREE char *out = xalloc(2 * n + 1);
	char *p = out;
	for (; *name; name++) {
		if (*name == '~' || *name == '/') {
			*p++ = '~';
			*p++ = *name == '~' ? '0' : '1';
		} else {
			*p++ = *name;
		}
	}
	return arena_intern_n(a, out, (size_t)(p - out));
}

/* A long string is shown by its beginning, cut between characters. */
static const char *cut_string(struct arena *a, const char *s)
{
	size_t n = EVIDENCE_MAX / 2;
	while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	AUTO_FREE char *head = xasprintf("%.*s…", (int)n, s);
	json_t *cut = json_string(head);
	char *text = cut ? json_dumped(cut, JSON_ENCODE_ANY) : NULL;
	json_decref(cut);
	const char *kept = arena_intern(a, text ? text : "\"(unprintable)\"");
	free(text);
	return kept;
}

const char *facts_path_text(struct arena *a, const char *path)
{
	size_t length = strlen(path), n = EVIDENCE_MAX;
	if (length <= EVIDENCE_MAX)
		return path;
	/* not within a character */
	while (n > 0 && ((unsigned char)path[n] & 0xc0) == 0x80)
		n--;
	return arena_intern(a, arena_printf(a, "%.*s... (%zu bytes)", (int)n, path, length));
}

const char *facts_text(struct arena *a, const json_t *value)
{
	char shown[EVIDENCE_MAX];
	if (!value)
		return "null";
	if (json_is_true(value))
		return "true";
	if (json_is_false(value))
		return "false";
	if (json_is_string(value) && json_string_length(value) > EVIDENCE_MAX / 2)
		return cut_string(a, json_string_value(value));
	size_t len = json_text(shown, sizeof(shown), value);
	if (len > 0)
		return arena_intern_n(a, shown, len);
	const char *what = json_is_array(value) ? "elements" : "members";
	size_t n = json_is_array(value) ? json_array_size(value) : json_object_size(value);
	AUTO_FREE char *text = xasprintf("\"(%zu %s)\"", n, what);
	return arena_intern(a, text);
}
