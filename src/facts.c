/* SPDX-License-Identifier: Apache-2.0 */
/* facts.c: see facts.h. */
#include "facts.h"

#include <stdarg.h>

enum { EVIDENCE_MAX = 400 }; /* bytes of a value shown as evidence */

static const char unread_key[] = "$unread";

const char *fact_reason(const json_t *value)
{
	if (!json_is_object(value) || json_object_size(value) != 1)
		return NULL;
	return json_string_value(json_object_get(value, unread_key));
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

/* The step of a path up to the next slash, unescaped into buf when it has an escape. */
static size_t take_step(const char **path, char *buf, size_t size)
{
	size_t n = 0;
	const char *p = *path;
	for (; *p && *p != '/'; p++) {
		char c = *p;
		if (c == '~' && (p[1] == '0' || p[1] == '1'))
			c = *++p == '0' ? '~' : '/';
		if (n + 1 < size)
			buf[n] = c;
		n++;
	}
	*path = *p ? p + 1 : p;
	if (n + 1 > size)
		return 0;
	buf[n] = '\0';
	return n;
}

static json_t *member(json_t *node, const char *step)
{
	if (json_is_object(node))
		return json_object_get(node, step);
	int64_t i;
	if (!parse_int(step, &i) || i < 0)
		return NULL;
	return json_array_get(node, (size_t)i);
}

struct fact facts_find(json_t *root, const char *path)
{
	char step[1024];
	json_t *node = root;
	const char *p = path;

	if (!node)
		return (struct fact){ .state = FACT_UNREAD, .reason = "was not collected" };
	for (;;) {
		const char *reason = fact_reason(node);
		if (reason)
			return (struct fact){ .state = FACT_UNREAD, .reason = reason };
		if (!*p)
			break;
		if (!json_is_object(node) && !json_is_array(node))
			return (struct fact){ .state = FACT_UNREAD,
				              .reason = json_is_null(node) ?
					                        "the object that would hold it is not there" :
					                        "the value that would hold it is no object" };
		if (take_step(&p, step, sizeof(step)) == 0 && !json_is_object(node))
			return (struct fact){ .state = FACT_UNREAD, .reason = "not a usable path" };
		node = member(node, step);
		if (!node && !*p)
			return (struct fact){ .state = FACT_ABSENT };
		if (!node)
			return (struct fact){ .state = FACT_UNREAD,
				              .reason = "the object that would hold it is not there" };
	}
	if (json_is_null(node))
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

struct dump {
	char text[EVIDENCE_MAX];
	size_t len;
};

static int dump_some(const char *buffer, size_t size, void *data)
{
	struct dump *d = data;
	if (d->len + size > sizeof(d->text))
		return -1;
	memcpy(d->text + d->len, buffer, size);
	d->len += size;
	return 0;
}

/* A long string is shown by its beginning, cut between characters. */
static const char *cut_string(struct arena *a, const char *s)
{
	size_t n = EVIDENCE_MAX / 2;
	while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	AUTO_FREE char *head = xasprintf("%.*s…", (int)n, s);
	json_t *cut = json_string(head);
	char *text = cut ? json_dumps(cut, JSON_ENCODE_ANY) : NULL;
	json_decref(cut);
	const char *kept = arena_intern(a, text ? text : "\"(unprintable)\"");
	free(text);
	return kept;
}

const char *facts_text(struct arena *a, const json_t *value)
{
	struct dump d = { .len = 0 };
	if (!value)
		return "null";
	if (json_is_true(value))
		return "true";
	if (json_is_false(value))
		return "false";
	if (json_is_string(value) && json_string_length(value) > EVIDENCE_MAX / 2)
		return cut_string(a, json_string_value(value));
	if (json_dump_callback(value, dump_some, &d, JSON_ENCODE_ANY | JSON_COMPACT) == 0)
		return arena_intern_n(a, d.text, d.len);
	const char *what = json_is_array(value) ? "elements" : "members";
	size_t n = json_is_array(value) ? json_array_size(value) : json_object_size(value);
	AUTO_FREE char *text = xasprintf("\"(%zu %s)\"", n, what);
	return arena_intern(a, text);
}
