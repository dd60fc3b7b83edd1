/* SPDX-License-Identifier: Apache-2.0 */
/* units.c: systemd unit files and drop-ins, found and merged as systemd does it. */
#include "units.h"

#include "facts.h"
#include "text.h"

/* systemd.unit(5), the system manager's table, and the generator folders of systemd.generator(7).
 */
static const char *const unit_folders[] = {
	"/etc/systemd/system.control", "/run/systemd/system.control",
	"/run/systemd/transient",      "/run/systemd/generator.early",
	"/etc/systemd/system",         "/etc/systemd/system.attached",
	"/run/systemd/system",         "/run/systemd/system.attached",
	"/run/systemd/generator",      "/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system",     "/lib/systemd/system",
	"/run/systemd/generator.late",
};

/* Per unit folder: itself, the unit's drop-ins, the drop-ins of all units of its type. */
enum { N_FOLDERS = ARRAY_SIZE(unit_folders), N_DIRS = 3 * N_FOLDERS };

struct unit_file {
	char *path;
	char *data; /* NULL: masked or not read */
	size_t len;
	bool is_read;
};

struct unit_search {
	char *unit;
	char *dirs[N_DIRS]; /* fragments' folders, then the unit's drop-ins, then the type's */
	bool has_fragment[N_FOLDERS];
	bool is_unlisted[N_FOLDERS];    /* a fragment may be there that was not seen */
	char *trouble;                  /* the first reason why the answer is not whole */
	char *drop_ins[UNIT_FILES_MAX]; /* paths, the strongest of each name */
	size_t n_drop_ins;
	struct unit_file files[UNIT_FILES_MAX + 1]; /* made when the first is asked for */
	size_t n_files;
	bool is_planned, has_fragment_file;
};

const char UNIT_NOT_THERE[] = "not there";

/* --- text
 * ------------------------------------------------------------------------------------------ */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void trim(const char **s, size_t *n)
{
	while (*n > 0 && is_blank(**s)) {
		(*s)++;
		(*n)--;
	}
	while (*n > 0 && is_blank((*s)[*n - 1]))
		(*n)--;
}

static json_t *child(json_t *object, const char *name, size_t n, json_t *fresh)
{
	json_t *there = json_object_getn(object, name, n);
	if (there) {
		json_decref(fresh);
		return there;
	}
	/* A name that is no UTF-8 is refused by jansson, and no setting of systemd's has one. */
	return json_object_setn_new(object, name, n, fresh) == 0 ? fresh : NULL;
}

static void assign(json_t *section, const char *line, size_t n)
{
	const char *equals = memchr(line, '=', n);
	if (!equals)
		return;
	const char *key = line, *value = equals + 1;
	size_t n_key = (size_t)(equals - line), n_value = n - n_key - 1;
	trim(&key, &n_key);
	trim(&value, &n_value);
	json_t *list = n_key ? child(section, key, n_key, json_array()) : NULL;
	if (!list)
		return;
	if (n_value == 0) {
		json_array_clear(list);
		return;
	}
	json_t *text = json_stringn(value, n_value);
	json_array_append_new(list, text ? text : fact_unread("it is not valid UTF-8"));
}

/* One logical line. *section is the section it stands in, NULL before the first. */
static void take_line(json_t *settings, json_t **section, const char *line, size_t n)
{
	trim(&line, &n);
	if (n == 0)
		return;
	if (*line != '[') {
		if (*section)
			assign(*section, line, n);
		return;
	}
	*section = n > 2 && line[n - 1] == ']' ? child(settings, line + 1, n - 2, json_object())
					       : NULL;
}

/* Does the line end with a backslash that is not itself escaped? */
static bool is_continued(const char *line, size_t n)
{
	size_t slashes = 0;
	while (slashes < n && line[n - 1 - slashes] == '\\')
		slashes++;
	return slashes % 2 == 1;
}

static bool is_comment(const char *line, size_t n)
{
	trim(&line, &n);
	return n > 0 && (*line == '#' || *line == ';');
}

/*
 * The length of the first line, and in *ret_end that with what ends it: newline, carriage return or
 * NUL, or several of these of which none comes twice and nothing follows a NUL (read_line() of
 * systemd's src/basic/fileio.c).
 */
static size_t line_length(const char *data, size_t n, size_t *ret_end)
{
	static const char markers[] = { '\n', '\r', '\0' };
	size_t len = 0;
	unsigned seen = 0;
	while (len < n && !memchr(markers, data[len], sizeof(markers)))
		len++;
	for (*ret_end = len; *ret_end < n && !(seen & 1u << 2); ++*ret_end) {
		const char *marker = memchr(markers, data[*ret_end], sizeof(markers));
		if (!marker || seen & 1u << (marker - markers))
			break;
		seen |= 1u << (marker - markers);
	}
	return len;
}

void unit_merge(json_t *settings, const char *data, size_t n)
{
	AUTO_TEXT struct text whole = { 0 };
	json_t *section = NULL;
	if (n >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
		data += 3;
		n -= 3;
	}
	while (n > 0) {
		size_t end, len = line_length(data, n, &end);
		bool more = is_continued(data, len);
		/* A comment between two parts of a line is dropped and does not end it. */
		if (!is_comment(data, len)) {
			text_add_n(&whole, data, more ? len - 1 : len);
			if (more)
				text_add_char(&whole, ' ');
			if (!more) {
				take_line(settings, &section, text_str(&whole), whole.len);
				text_clear(&whole);
			}
		}
		data += end;
		n -= end;
	}
	take_line(settings, &section, text_str(&whole), whole.len);
}

/* --- finding
 * --------------------------------------------------------------------------------------- */

struct unit_search *unit_search_new(const char *unit)
{
	struct unit_search *s = xalloc(sizeof(*s));
	const char *dot = strrchr(unit, '.');
	s->unit = xstrdup(unit);
	for (size_t i = 0; i < N_FOLDERS; i++) {
		s->dirs[i] = xstrdup(unit_folders[i]);
		s->dirs[N_FOLDERS + i] = xasprintf("%s/%s.d", unit_folders[i], unit);
		s->dirs[2 * N_FOLDERS + i] =
			xasprintf("%s/%s.d", unit_folders[i], dot ? dot + 1 : unit);
	}
	return s;
}

void unit_search_free(struct unit_search *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < N_DIRS; i++)
		free(s->dirs[i]);
	for (size_t i = 0; i < s->n_drop_ins; i++)
		free(s->drop_ins[i]);
	for (size_t i = 0; i < s->n_files; i++) {
		free(s->files[i].path);
		free(s->files[i].data);
	}
	free(s->trouble);
	free(s->unit);
	free(s);
}

const char *unit_search_dir(const struct unit_search *s, size_t i)
{
	return i < N_DIRS ? s->dirs[i] : NULL;
}

bool unit_search_is_folder(const struct unit_search *s, size_t i)
{
	(void)s;
	return i < N_FOLDERS;
}

static void note_trouble(struct unit_search *s, const char *path, const char *reason)
{
	if (!s->trouble)
		s->trouble = xasprintf("%s: %s", path, reason);
}

static const char *base_name(const char *path)
{
	return strrchr(path, '/') + 1;
}

/* The folders are listed strongest first, so the first of a name stays. */
static void add_drop_in(struct unit_search *s, const char *dir, const char *name)
{
	if (!ends_with(name, ".conf"))
		return;
	for (size_t i = 0; i < s->n_drop_ins; i++) {
		if (streq(base_name(s->drop_ins[i]), name))
			return;
	}
	if (s->n_drop_ins == UNIT_FILES_MAX) {
		note_trouble(s, dir, "there are too many drop-ins");
		return;
	}
	s->drop_ins[s->n_drop_ins++] = xasprintf("%s/%s", dir, name);
}

void unit_search_listed(struct unit_search *s, size_t i, const char *data, size_t n,
			const char *reason)
{
	if (i >= N_DIRS || s->is_planned)
		return;
	if (reason) {
		if (streq(reason, UNIT_NOT_THERE))
			return;
		note_trouble(s, s->dirs[i], reason);
		if (i < N_FOLDERS)
			s->is_unlisted[i] = true;
		return;
	}
	while (n > 1) {
		size_t len = strnlen(data, n);
		if (len == n)
			break;
		if (i >= N_FOLDERS && len > 1 && !strchr(data + 1, '/'))
			/* cppcheck-suppress arrayIndexOutOfBoundsCond ; i < N_DIRS */
			add_drop_in(s, s->dirs[i], data + 1);
		else if (i < N_FOLDERS && len > 0 && streq(data + 1, s->unit))
			s->has_fragment[i] = true;
		data += len + 1;
		n -= len + 1;
	}
}

static int by_base_name(const void *a, const void *b)
{
	return strcmp(base_name(*(char *const *)a), base_name(*(char *const *)b));
}

/* The strongest folder that has the fragment, unless a stronger one could not be listed. */
static void plan_fragment(struct unit_search *s)
{
	for (size_t i = 0; i < N_FOLDERS && !s->is_unlisted[i]; i++) {
		if (!s->has_fragment[i])
			continue;
		s->files[s->n_files++].path = xasprintf("%s/%s", s->dirs[i], s->unit);
		s->has_fragment_file = true;
		return;
	}
}

static void plan(struct unit_search *s)
{
	s->is_planned = true;
	plan_fragment(s);
	qsort(s->drop_ins, s->n_drop_ins, sizeof(s->drop_ins[0]), by_base_name);
	for (size_t i = 0; i < s->n_drop_ins; i++)
		s->files[s->n_files++].path = xstrdup(s->drop_ins[i]);
}

const char *unit_search_file(struct unit_search *s, size_t i)
{
	if (!s->is_planned)
		plan(s);
	return i < s->n_files ? s->files[i].path : NULL;
}

void unit_search_read(struct unit_search *s, size_t i, const char *data, size_t n,
		      const char *reason)
{
	if (!unit_search_file(s, i) || s->files[i].is_read)
		return;
	s->files[i].is_read = true;
	if (reason) {
		note_trouble(s, s->files[i].path, reason);
		return;
	}
	if (n == 0)
		return;
	s->files[i].data = xalloc(n);
	memcpy(s->files[i].data, data, n);
	s->files[i].len = n;
}

void unit_search_masked(struct unit_search *s, size_t i)
{
	unit_search_read(s, i, "", 0, NULL);
}

/* In order, so that "Key=" in a drop-in reaches what the files before it gave. */
static json_t *merge_all(struct unit_search *s, json_t *drop_ins)
{
	json_t *settings = json_object();
	for (size_t i = 0; i < s->n_files; i++) {
		struct unit_file *f = &s->files[i];
		if (!f->is_read)
			note_trouble(s, f->path, "was not read");
		if (!f->data)
			continue;
		unit_merge(settings, f->data, f->len);
		if (i > 0 || !s->has_fragment_file)
			json_array_append_new(drop_ins, json_string(f->path));
	}
	return settings;
}

/* Takes drop_ins and settings. */
static json_t *record_of(const struct unit_search *s, json_t *drop_ins, json_t *settings)
{
	const struct unit_file *fragment = s->has_fragment_file ? &s->files[0] : NULL;
	bool is_masked = fragment && fragment->is_read && !fragment->data && !s->trouble;
	json_t *record = json_object();
	json_object_set_new(record, "path", fragment ? json_string(fragment->path) : json_null());
	json_object_set_new(record, "drop_ins", drop_ins);
	json_object_set_new(record, "masked", json_boolean(is_masked));
	if (s->trouble)
		json_object_set_new(record, "settings", fact_unread("%s", s->trouble));
	else if (fragment && !is_masked)
		json_object_set(record, "settings", settings);
	json_decref(settings);
	return record;
}

json_t *unit_search_record(struct unit_search *s)
{
	unit_search_file(s, 0);
	json_t *drop_ins = json_array(), *settings = merge_all(s, drop_ins);
	if (!s->trouble || s->has_fragment_file)
		return record_of(s, drop_ins, settings);
	json_decref(drop_ins);
	json_decref(settings);
	return fact_unread("%s", s->trouble);
}
