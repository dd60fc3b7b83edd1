/* SPDX-License-Identifier: Apache-2.0 */
/* facts.c: see facts.h. */
#include "facts.h"

#include <stdarg.h>

enum {
	EVIDENCE_MAX = 400, /* bytes of a value shown as evidence */
	STEP_MAX = 8192,    /* a name may be a path of 4096 bytes */
};

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

/* Text that JSON shows as it is. */
static bool is_plain(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] < 0x20 || s[i] >= 0x7f || s[i] == '"' || s[i] == '\\' || s[i] == '/')
			return false;
	return true;
}

/* The short form of what most facts are; NULL for the others. */
static const char *scalar_text(struct arena *a, const json_t *value)
{
	char text[EVIDENCE_MAX];
	if (json_is_integer(value))
		return arena_intern_n(a, text,
				      (size_t)snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT,
						       json_integer_value(value)));
	if (!json_is_string(value) ||
	    !is_plain(json_string_value(value), json_string_length(value)))
		return NULL;
	size_t n = json_string_length(value);
	text[0] = text[n + 1] = '"';
	memcpy(text + 1, json_string_value(value), n);
	return arena_intern_n(a, text, n + 2);
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
	const char *scalar = scalar_text(a, value);
	if (scalar)
		return scalar;
	if (json_dump_callback(value, dump_some, &d, JSON_ENCODE_ANY | JSON_COMPACT) == 0)
		return arena_intern_n(a, d.text, d.len);
	const char *what = json_is_array(value) ? "elements" : "members";
	size_t n = json_is_array(value) ? json_array_size(value) : json_object_size(value);
	AUTO_FREE char *text = xasprintf("\"(%zu %s)\"", n, what);
	return arena_intern(a, text);
}
