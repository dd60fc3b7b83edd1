/* SPDX-License-Identifier: Apache-2.0 */
/* confdir.c: see confdir.h. */
#include "confdir_private.h"

#include <ctype.h>
#include <stdarg.h>

#include "facts.h"
#include "record.h"
#include "text.h"

void conf_spoil(struct conf *c, const char *format, ...)
{
	va_list ap;
	if (c->trouble)
		return;
	va_start(ap, format);
	if (vasprintf(&c->trouble, format, ap) < 0)
		abort();
	va_end(ap);
}

json_t *conf_text(const char *s)
{
	AUTO_FREE char *copy = xstrdup(s);
	utf8_mend(copy, strlen(copy));
	return json_string(copy);
}

json_t *conf_add_file(struct conf *c, const char *path, const char *state)
{
	json_t *file = json_pack("{so ss}", "path", conf_text(path), "state", state);
	json_array_append_new(c->files, file);
	return file;
}

/* --- lines ---------------------------------------------------------------------------------- */

/* Has it a comment, at its start or behind a blank? */
static bool has_comment(const struct conf *c, const char *line)
{
	bool are_digits_none = !c->spec->comments;
	char quote = '\0';

	for (const char *s = line; *s; s++) {
		if (quote ? *s == quote : *s == '"' || *s == '\'')
			quote = quote ? '\0' : *s;
		else if (!quote && *s == '#' && (s == line || strchr(" \t", s[-1])) &&
			 !(are_digits_none && isdigit((unsigned char)s[1])))
			return true;
	}
	return false;
}

/* The next line, with those that it is continued on; counts them. NULL at the end. */
static char *next_line(struct conf *c, char **rest)
{
	char *line = strsep(rest, "\n");
	if (!line)
		return NULL;
	c->at.line++;
	if (!(c->spec->flags & CONF_CONTINUES))
		return line;
	size_t n = strlen(line), joined = 0;
	while (n > 0 && line[n - 1] == '\\' && *rest &&
	       !(c->spec->flags & CONF_COMMENTS_END && has_comment(c, line))) {
		char *more = strsep(rest, "\n");
		size_t n_more = strlen(more);
		line[n - 1] = ' ';
		memmove(line + n, more, n_more + 1);
		n += n_more;
		joined++;
	}
	c->at.line += joined;
	return line;
}

static void read_lines(struct conf *c, char *text)
{
	char *line;
	if (c->spec->begin)
		c->spec->begin(c);
	while ((line = next_line(c, &text)) && !c->trouble) {
		if (!(c->spec->flags & CONF_RAW_LINES)) {
			line = conf_cut_blanks(line);
			if (*line == '\0' ||
			    (c->spec->comments && strchr(c->spec->comments, *line)))
				continue;
		}
		c->spec->line(c, line);
	}
	if (c->spec->end && !c->trouble)
		c->spec->end(c);
}

/* --- files ---------------------------------------------------------------------------------- */

void conf_note_unread(struct conf *c, const char *path, const char *why)
{
	json_object_set_new(conf_add_file(c, path, "unread"), "why", conf_text(why));
	conf_spoil(c, "%s: %s", path, why);
}

bool conf_is_within_bounds(struct conf *c, const char *path)
{
	if (json_array_size(c->files) >= CONF_FILES_MAX)
		conf_spoil(c, "%s: there are more than %d files", path, CONF_FILES_MAX);
	else if (c->at.depth > CONF_DEPTH_MAX)
		conf_spoil(c, "%s: includes are nested deeper than %d", path, CONF_DEPTH_MAX);
	return !c->trouble;
}

static void understand_file(struct conf *c, const char *path, char *text, size_t n)
{
	struct place outer = c->at;
	c->n_bytes += n;
	if (memchr(text, '\0', n)) {
		conf_note_unread(c, path, "holds a NUL byte");
		return;
	}
	if (c->n_bytes > CONF_BYTES_MAX) {
		AUTO_FREE char *why =
			xasprintf("there are more than %d bytes in all", CONF_BYTES_MAX);
		conf_note_unread(c, path, why);
		return;
	}
	json_t *file = conf_add_file(c, path, "read");
	utf8_mend(text, n);
	c->at = (struct place){ .file = json_string_value(json_object_get(file, "path")),
				.section = xstrdup(""),
				.depth = outer.depth + 1 };
	read_lines(c, text);
	free(c->at.section);
	c->at = outer;
}

bool conf_read_one(struct conf *c, const char *path)
{
	AUTO_FREE char *why = NULL;
	size_t n = 0;
	if (!conf_is_within_bounds(c, path))
		return true;
	AUTO_FREE char *text = c->source->read(c->source->context, path, &n, &why);
	if (text)
		understand_file(c, path, text, n);
	else if (streq(why, CONF_NULL))
		json_object_set_new(conf_add_file(c, path, "masked"), "by",
				    json_string("/dev/null"));
	else if (*why)
		conf_note_unread(c, path, why);
	else
		return false;
	return true;
}

void conf_expect(struct conf *c, const char *path, bool is_folder)
{
	if (c->source->expect)
		c->source->expect(c->source->context, path, is_folder);
}

static void read_first_of(struct conf *c, const char *const *paths)
{
	for (const char *const *p = paths; p && *p; p++)
		conf_expect(c, *p, false);
	for (; paths && *paths; paths++)
		if (conf_read_one(c, *paths))
			return;
}

/* --- for line functions ---------------------------------------------------------------------- */

json_t *conf_set(struct conf *c, const char *key, const char *value)
{
	json_t *list = json_object_get(c->settings, key);
	if (c->n_settings++ >= CONF_SETTINGS_MAX) {
		conf_spoil(c, "%s:%zu: there are more than %d settings", c->at.file, c->at.line,
			   CONF_SETTINGS_MAX);
		return NULL;
	}
	if (!list) {
		list = json_array();
		json_object_set_new(c->settings, key, list);
	}
	json_t *one = json_pack("{ss? ss sI}", "value", value, "file", c->at.file, "line",
				(json_int_t)c->at.line);
	json_array_append_new(list, one);
	return one;
}

void conf_refuse(struct conf *c, const char *format, ...)
{
	va_list ap;
	char *text;
	va_start(ap, format);
	if (vasprintf(&text, format, ap) < 0)
		abort();
	va_end(ap);
	conf_spoil(c, "%s:%zu: %s", c->at.file, c->at.line, text);
	free(text);
}

void *conf_context(const struct conf *c)
{
	return c->spec->context;
}

const char *conf_file(const struct conf *c)
{
	return c->at.file;
}

const char *conf_section(const struct conf *c)
{
	return c->at.section;
}

void conf_set_section(struct conf *c, const char *section)
{
	char *copy = xstrdup(section);
	free(c->at.section);
	c->at.section = copy;
}

void conf_include_dir(struct conf *c, const char *dir, unsigned flags)
{
	const char *const dirs[] = { dir, NULL };
	if (conf_is_within_bounds(c, dir))
		conf_read_dirs(c, dirs, flags | CONF_NO_MASK);
}

void conf_include(struct conf *c, const char *pattern)
{
	struct conf_paths found CLEANUP(conf_paths_done) = { 0 };
	AUTO_FREE char *why = NULL;
	if (*pattern != '/') {
		conf_refuse(c, "includes \"%s\", which is no absolute path", pattern);
		return;
	}
	if (!conf_is_within_bounds(c, pattern))
		return;
	if (!conf_glob(c->source, pattern, &found, &why))
		conf_note_unread(c, pattern, why);
	for (size_t n = 0; n < found.n && !c->trouble; n++)
		if (!conf_read_one(c, found.list[n]))
			conf_add_file(c, found.list[n], "missing");
}

/* --- the record ------------------------------------------------------------------------------ */

static json_t *reversed(json_t *list)
{
	json_t *turned = json_array();
	for (size_t i = json_array_size(list); i-- > 0;)
		json_array_append(turned, json_array_get(list, i));
	return turned;
}

/* What is left after the last empty one. */
static json_t *since_reset(json_t *list)
{
	json_t *left = json_array(), *one;
	size_t i;
	json_array_foreach(list, i, one)
	{
		const char *value = json_string_value(json_object_get(one, "value"));
		if (!value || *value == '\0')
			json_array_clear(left);
		else
			json_array_append(left, one);
	}
	return left;
}

static void put_in_force(struct conf *c)
{
	const char *key;
	json_t *list;
	void *next;
	if (c->spec->merge != CONF_LAST && c->spec->merge != CONF_RESET)
		return;
	json_object_foreach_safe(c->settings, next, key, list)
	{
		json_object_set_new(c->settings, key,
				    c->spec->merge == CONF_LAST ? reversed(list)
								: since_reset(list));
	}
}

json_t *conf_read(const struct conf_spec *spec, const struct conf_source *source)
{
	struct conf c = { .spec = spec,
			  .source = source,
			  .files = json_array(),
			  .settings = json_object(),
			  .at = { .section = NULL } };
	read_first_of(&c, spec->first);
	conf_read_dirs(&c, spec->dirs, spec->flags);
	read_first_of(&c, spec->last);
	put_in_force(&c);
	json_t *settings = c.settings;
	if (c.trouble) {
		json_decref(settings);
		settings = fact_unread("%s", c.trouble);
		free(c.trouble);
	}
	return json_pack("{so so}", "files", c.files, "settings", settings);
}
