/* SPDX-License-Identifier: Apache-2.0 */
/* confdir.c: see confdir.h. */
#include "confdir.h"

#include <ctype.h>
#include <stdarg.h>

#include "facts.h"
#include "record.h"
#include "text.h"

struct place {
	const char *file; /* owned by the record */
	size_t line;
	char *section;
	size_t depth;
};

struct conf {
	const struct conf_spec *spec;
	const struct conf_source *source;
	json_t *files, *settings;
	struct place at;
	char *trouble; /* the first reason why the settings are not whole */
	size_t n_settings, n_bytes;
};

/* A fragment: its folder and name, and the file that hides it. */
struct fragment {
	char *path;
	const char *name; /* within path */
	char *hidden_by;
};

struct fragments {
	struct fragment *list;
	size_t n;
};

static void fragments_done(struct fragments *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->list[i].path);
		free(f->list[i].hidden_by);
	}
	free(f->list);
}

__attribute__((format(printf, 2, 3))) static void spoil(struct conf *c, const char *format, ...)
{
	va_list ap;
	if (c->trouble)
		return;
	va_start(ap, format);
	if (vasprintf(&c->trouble, format, ap) < 0)
		abort();
	va_end(ap);
}

/* The text of a name from outside, as JSON can hold it. */
static json_t *text_fact(const char *s)
{
	AUTO_FREE char *copy = xstrdup(s);
	utf8_mend(copy, strlen(copy));
	return json_string(copy);
}

static json_t *add_file(struct conf *c, const char *path, const char *state)
{
	json_t *file = json_pack("{so ss}", "path", text_fact(path), "state", state);
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

static void note_unread(struct conf *c, const char *path, const char *why)
{
	json_object_set_new(add_file(c, path, "unread"), "why", text_fact(why));
	spoil(c, "%s: %s", path, why);
}

static bool is_within_bounds(struct conf *c, const char *path)
{
	if (json_array_size(c->files) >= CONF_FILES_MAX)
		spoil(c, "%s: there are more than %d files", path, CONF_FILES_MAX);
	else if (c->at.depth > CONF_DEPTH_MAX)
		spoil(c, "%s: includes are nested deeper than %d", path, CONF_DEPTH_MAX);
	return !c->trouble;
}

static void understand_file(struct conf *c, const char *path, char *text, size_t n)
{
	struct place outer = c->at;
	c->n_bytes += n;
	if (memchr(text, '\0', n)) {
		note_unread(c, path, "holds a NUL byte");
		return;
	}
	if (c->n_bytes > CONF_BYTES_MAX) {
		AUTO_FREE char *why =
			xasprintf("there are more than %d bytes in all", CONF_BYTES_MAX);
		note_unread(c, path, why);
		return;
	}
	json_t *file = add_file(c, path, "read");
	utf8_mend(text, n);
	c->at = (struct place){ .file = json_string_value(json_object_get(file, "path")),
				.section = xstrdup(""),
				.depth = outer.depth + 1 };
	read_lines(c, text);
	free(c->at.section);
	c->at = outer;
}

/* False when it is not there. */
static bool read_one(struct conf *c, const char *path)
{
	AUTO_FREE char *why = NULL;
	size_t n = 0;
	if (!is_within_bounds(c, path))
		return true;
	AUTO_FREE char *text = c->source->read(c->source->context, path, &n, &why);
	if (text)
		understand_file(c, path, text, n);
	else if (streq(why, CONF_NULL))
		json_object_set_new(add_file(c, path, "masked"), "by", json_string("/dev/null"));
	else if (*why)
		note_unread(c, path, why);
	else
		return false;
	return true;
}

static void expect(struct conf *c, const char *path, bool is_folder)
{
	if (c->source->expect)
		c->source->expect(c->source->context, path, is_folder);
}

static void read_first_of(struct conf *c, const char *const *paths)
{
	for (const char *const *p = paths; p && *p; p++)
		expect(c, *p, false);
	for (; paths && *paths; paths++)
		if (read_one(c, *paths))
			return;
}

/* --- folders -------------------------------------------------------------------------------- */

/* apt.conf(5), sources.list(5): anything else is left alone, such as what dpkg leaves. */
static bool is_apts(const struct conf *c, const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_-.";
	return *name != '.' && name[strspn(name, allowed)] == '\0' &&
	       (c->spec->suffix || !strchr(name, '.') || ends_with(name, ".conf"));
}

static bool is_fragment(const struct conf *c, char type, const char *name, unsigned flags)
{
	size_t n = strlen(name);
	if (type == 'd' || (*name == '.' && c->spec->suffix))
		return false;
	if (flags & CONF_APT_NAMES && !is_apts(c, name))
		return false;
	if (flags & CONF_NO_DOTS && (strchr(name, '.') || name[n - 1] == '~'))
		return false;
	return !c->spec->suffix ||
	       (n > strlen(c->spec->suffix) && ends_with(name, c->spec->suffix));
}

struct listing {
	struct conf *c;
	struct fragments *found;
	const char *dir;
	unsigned flags;
};

static void add_fragment(char type, const char *name, void *context)
{
	struct listing *l = context;
	if (!is_fragment(l->c, type, name, l->flags) || l->found->n > CONF_FILES_MAX)
		return;
	struct fragments *f = l->found;
	size_t dir_len = strlen(l->dir);
	const char *slash = dir_len > 0 && l->dir[dir_len - 1] == '/' ? "" : "/";
	f->list = xrealloc(f->list, (f->n + 1) * sizeof(*f->list));
	char *path = xasprintf("%s%s%s", l->dir, slash, name);
	f->list[f->n++] = (struct fragment){ path, path + dir_len + strlen(slash), NULL };
}

/* False when the folder is not there. */
static bool list_dir(struct conf *c, struct fragments *found, const char *dir, unsigned flags)
{
	AUTO_FREE char *why = NULL;
	struct listing l = { c, found, dir, flags };
	if (c->source->list(c->source->context, dir, add_fragment, &l, &why))
		return true;
	if (*why)
		note_unread(c, dir, why);
	return *why != '\0';
}

/* As strverscmp(3), of names that may be equal: then the order of folders stays. */
static int in_order(const struct conf *c, const struct fragment *a, const struct fragment *b)
{
	return c->spec->flags & CONF_NATURAL ? strverscmp(a->name, b->name)
					     : strcmp(a->name, b->name);
}

static void merge_sort(const struct conf *c, struct fragment *list, size_t n)
{
	if (n < 2)
		return;
	size_t half = n / 2, i = 0, j = half;
	merge_sort(c, list, half);
	merge_sort(c, list + half, n - half);
	AUTO_FREE struct fragment *merged = xalloc(n * sizeof(*merged));
	for (size_t k = 0; k < n; k++) {
		bool left = j == n || (i < half && in_order(c, &list[i], &list[j]) <= 0);
		merged[k] = left ? list[i++] : list[j++];
	}
	memcpy(list, merged, n * sizeof(*list));
}

/* Of equal names the one of the strongest folder, which is first, hides the others. */
static void hide_weaker(struct fragments *f)
{
	for (size_t i = 1, strong = 0; i < f->n; i++) {
		if (streq(f->list[i].name, f->list[strong].name))
			f->list[i].hidden_by = xstrdup(f->list[strong].path);
		else
			strong = i;
	}
}

static void read_fragments(struct conf *c, const struct fragments *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (!f->list[i].hidden_by)
			expect(c, f->list[i].path, false);
	for (size_t i = 0; i < f->n && !c->trouble; i++) {
		const struct fragment *one = &f->list[i];
		if (one->hidden_by && is_within_bounds(c, one->path))
			json_object_set_new(add_file(c, one->path, "masked"), "by",
					    text_fact(one->hidden_by));
		else if (!one->hidden_by && !read_one(c, one->path))
			add_file(c, one->path, "missing");
	}
}

/* Is it a folder that another path led to already? */
static bool is_seen(struct conf *c, json_t *seen, const char *dir)
{
	AUTO_FREE char *resolved = c->source->resolve(c->source->context, dir);
	if (!resolved)
		return false;
	if (json_object_get(seen, resolved))
		return true;
	json_object_set_new(seen, resolved, json_true());
	return false;
}

static void read_dirs(struct conf *c, const char *const *dirs, unsigned flags)
{
	struct fragments found CLEANUP(fragments_done) = { 0 };
	json_t *seen = json_object();
	for (const char *const *d = dirs; d && *d; d++)
		expect(c, *d, true);
	for (; dirs && *dirs; dirs++) {
		size_t before = found.n;
		if (is_seen(c, seen, *dirs) || !list_dir(c, &found, *dirs, flags))
			continue;
		if (flags & CONF_NO_MASK && found.n > before)
			merge_sort(c, found.list + before, found.n - before);
		if (flags & CONF_ONE_DIR)
			break;
	}
	json_decref(seen);
	if (!(flags & CONF_NO_MASK)) {
		merge_sort(c, found.list, found.n);
		hide_weaker(&found);
	}
	read_fragments(c, &found);
}

/* --- for line functions ---------------------------------------------------------------------- */

json_t *conf_set(struct conf *c, const char *key, const char *value)
{
	json_t *list = json_object_get(c->settings, key);
	if (c->n_settings++ >= CONF_SETTINGS_MAX) {
		spoil(c, "%s:%zu: there are more than %d settings", c->at.file, c->at.line,
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
	spoil(c, "%s:%zu: %s", c->at.file, c->at.line, text);
	free(text);
}

void *conf_context(const struct conf *c)
{
	return c->spec->context;
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
	if (is_within_bounds(c, dir))
		read_dirs(c, dirs, flags | CONF_NO_MASK);
}

void conf_include(struct conf *c, const char *pattern)
{
	struct conf_paths found CLEANUP(conf_paths_done) = { 0 };
	AUTO_FREE char *why = NULL;
	if (*pattern != '/') {
		conf_refuse(c, "includes \"%s\", which is no absolute path", pattern);
		return;
	}
	if (!is_within_bounds(c, pattern))
		return;
	if (!conf_glob(c->source, pattern, &found, &why))
		note_unread(c, pattern, why);
	for (size_t n = 0; n < found.n && !c->trouble; n++)
		if (!read_one(c, found.list[n]))
			add_file(c, found.list[n], "missing");
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
	read_dirs(&c, spec->dirs, spec->flags);
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
