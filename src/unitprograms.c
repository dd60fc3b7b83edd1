/* SPDX-License-Identifier: Apache-2.0 */
/* unitprograms.c: see unitprograms.h. */
#include "unitprograms.h"

#include <jansson.h>

struct unit_programs {
	json_t *seen; /* paths, as members */
	char **paths;
	size_t n;
};

struct unit_programs *unit_programs_new(void)
{
	struct unit_programs *p = xalloc(sizeof(*p));
	p->seen = json_object();
	return p;
}

void unit_programs_free(struct unit_programs *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n; i++)
		free(p->paths[i]);
	free(p->paths);
	json_decref(p->seen);
	free(p);
}

static void add(struct unit_programs *p, const char *path, size_t n)
{
	AUTO_FREE char *copy = xstrndup(path, n);
	json_t *name = json_string(copy);
	/* A name that is no text is told apart by nothing, so it is just taken. */
	if (p->n >= UNIT_PROGRAMS_MAX || (name && json_object_get(p->seen, copy))) {
		json_decref(name);
		return;
	}
	if (name)
		json_object_set_new(p->seen, copy, name);
	p->paths = xrealloc(p->paths, (p->n + 1) * sizeof(*p->paths));
	p->paths[p->n++] = TAKE(copy);
}

/* Prefixes of systemd.service(5), then perhaps a quote. */
static void add_command(struct unit_programs *p, const char *value, size_t n)
{
	static const char prefixes[] = "@-:+!| \t";
	while (n > 0 && strchr(prefixes, *value) && *value)
		value++, n--;
	const char *ends = " \t;";
	if (n > 0 && (*value == '"' || *value == '\'')) {
		ends = *value == '"' ? "\"" : "'";
		value++, n--;
	}
	size_t len = 0;
	while (len < n && value[len] && !strchr(ends, value[len]))
		len++;
	if (len > 1 && *value == '/' && !memchr(value, '%', len) && !memchr(value, '$', len))
		add(p, value, len);
}

static void add_line(struct unit_programs *p, const char *line, size_t n)
{
	static const char *const keys[] = { "ExecStart",     "ExecStartPre", "ExecStartPost",
					    "ExecCondition", "ExecReload",   "ExecStop",
					    "ExecStopPost",  "ExecStopPre",  "ExecReloadPost" };
	while (n > 0 && (*line == ' ' || *line == '\t'))
		line++, n--;
	const char *equals = memchr(line, '=', n);
	size_t len = equals ? (size_t)(equals - line) : 0;
	while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t'))
		len--;
	for (size_t i = 0; i < ARRAY_SIZE(keys) && equals; i++)
		if (len == strlen(keys[i]) && strncmp(line, keys[i], len) == 0)
			add_command(p, equals + 1, n - (size_t)(equals + 1 - line));
}

void unit_programs_add(struct unit_programs *p, const char *text, size_t n)
{
	while (n > 0) {
		const char *end = memchr(text, '\n', n);
		size_t len = end ? (size_t)(end - text) : n;
		add_line(p, text, len);
		len += end != NULL;
		text += len;
		n -= len;
	}
}

const char *unit_programs_at(const struct unit_programs *p, size_t i)
{
	return i < p->n ? p->paths[i] : NULL;
}
