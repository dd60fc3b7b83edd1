/* SPDX-License-Identifier: Apache-2.0 */
/* pamstack.c: see pamstack.h; the grammar is that of pam.conf(5), the order that of libpam. */
#include "pamstack.h"

#include <strings.h>

#include "facts.h"
#include "record.h"
#include "text.h"

struct stack {
	const struct conf_source *source;
	const char *type;
	json_t *entries;
	char *trouble;
};

/* The folders in the order in which libpam looks into them. */
static const char *const folders[] = { "/etc/pam.d", "/usr/lib/pam.d", "/usr/etc/pam.d" };

SW_PRINTF(2, 3)
static void spoil(struct stack *s, const char *format, ...)
{
	va_list ap;
	if (s->trouble)
		return;
	va_start(ap, format);
	if (vasprintf(&s->trouble, format, ap) < 0)
		abort();
	va_end(ap);
}

/* --- files ------------------------------------------------------------------------------------ */

/* The text of the first that is there, its path in *ret_path; NULL: none, or trouble. */
static char *read_service(const struct conf_source *source, const char *name, char **ret_path,
			  char **ret_trouble)
{
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		AUTO_FREE char *why = NULL;
		AUTO_FREE char *path =
			*name == '/' ? xstrdup(name) : xasprintf("%s/%s", folders[i], name);
		size_t n = 0;
		char *text = source->read(source->context, path, &n, &why);
		if (text && memchr(text, '\0', n)) {
			free(text);
			*ret_trouble = xasprintf("%s: holds a NUL byte", path);
			return NULL;
		}
		if (text) {
			utf8_mend(text, n);
			*ret_path = TAKE(path);
			/* cppcheck-suppress returnDanglingLifetime ; it is the reader's */
			return text;
		}
		if (*why) {
			*ret_trouble = xasprintf("%s: %s", path, why);
			return NULL;
		}
	}
	return NULL;
}

/* Is the line continued? A comment is not, whatever its end. */
static bool is_continued(const char *line, size_t n)
{
	return n > 0 && line[n - 1] == '\\' && !strchr(line, '#');
}

/* Of a line that goes on, the next part: comments and empty lines between do not end it. */
static char *next_part(char **rest, size_t *number)
{
	static char none[] = "";
	char *line;

	while ((line = strsep(rest, "\n"))) {
		(*number)++;
		size_t blanks = strspn(line, " \t\r");
		if (line[blanks] && line[blanks] != '#')
			return line;
	}
	return none;
}

/* The next line with those it is continued on, without what follows "#"; counts them. */
static char *next_line(char **rest, size_t *number)
{
	char *line = strsep(rest, "\n");
	if (!line)
		return NULL;
	(*number)++;
	size_t n = strlen(line);
	while (is_continued(line, n) && *rest) {
		const char *more = next_part(rest, number);
		line[n - 1] = ' ';
		memmove(line + n, more, strlen(more) + 1);
		n = strlen(line);
	}
	line[strcspn(line, "#")] = '\0';
	return line + strspn(line, " \t\r");
}

/* The next word; one in brackets is whole. NULL at the end. */
static char *next_word(char **s)
{
	*s += strspn(*s, " \t\r");
	if (**s == '\0')
		return NULL;
	char *word = *s;
	size_t n = *word == '[' ? strcspn(word, "]") + 1 : strcspn(word, " \t\r");
	if (n > strlen(word))
		n = strlen(word);
	*s = word + n;
	if (**s)
		*(*s)++ = '\0';
	return word;
}

/* --- controls --------------------------------------------------------------------------------- */

static const struct {
	const char *name, *success, *failure;
} controls[] = {
	/* pam.conf(5) */
	{ "required", "ok", "bad" },        { "requisite", "ok", "die" },
	{ "sufficient", "done", "ignore" }, { "optional", "ok", "ignore" },
	{ "binding", "done", "bad" },
};

/* What a value of [value=action …] is given; NULL. malloc'ed. */
static char *action_of(const char *control, const char *value)
{
	size_t n = strlen(value);
	for (const char *s = control + 1; *s && *s != ']';) {
		s += strspn(s, " \t");
		if (strncmp(s, value, n) == 0 && s[n] == '=')
			return xstrndup(s + n + 1, strcspn(s + n + 1, " \t]"));
		s += strcspn(s, " \t]");
	}
	return NULL;
}

/* What libpam does with success (or failure) of a module under this control. */
static char *on_result(const char *control, bool success)
{
	if (*control == '[') {
		char *action = action_of(control, success ? "success" : "auth_err");
		if (!action)
			action = action_of(control, "default");
		return action ? action : xstrdup("bad");
	}
	for (size_t i = 0; i < ARRAY_SIZE(controls); i++) {
		if (strcasecmp(control, controls[i].name) == 0)
			return xstrdup(success ? controls[i].success : controls[i].failure);
	}
	return xstrdup("bad");
}

/* --- lines ------------------------------------------------------------------------------------ */

static void add_service(struct stack *s, const char *name, int level, unsigned depth, bool whole);

static json_t *arguments(char *rest)
{
	json_t *args = json_array();
	char *word;
	while ((word = next_word(&rest))) {
		if (*word == '[') {
			word++;
			word[strcspn(word, "]")] = '\0';
		}
		json_array_append_new(args, json_string(word));
	}
	return args;
}

static json_t *entry_at(struct stack *s, const char *control, const char *file, size_t line,
			int level)
{
	json_t *entry = json_pack("{ss ss sI sI}", "control", control, "file", file, "line",
				  (json_int_t)line, "level", (json_int_t)level);
	if (json_array_size(s->entries) >= PAM_ENTRIES_MAX)
		spoil(s, "%s:%zu: there are more than %d modules", file, line, PAM_ENTRIES_MAX);
	json_array_append_new(s->entries, entry);
	return entry;
}

static void add_module(struct stack *s, const char *control, char *rest, const char *file,
		       size_t line, int level, bool is_optional)
{
	char *module = next_word(&rest);
	if (!module) {
		spoil(s, "%s:%zu: names no module", file, line);
		return;
	}
	AUTO_FREE char *failure = on_result(control, false);
	AUTO_FREE char *success = on_result(control, true);
	const char *slash = strrchr(module, '/');
	json_t *entry = entry_at(s, control, file, line, level);
	json_object_set_new(entry, "module", json_string(slash ? slash + 1 : module));
	json_object_set_new(entry, "args", arguments(rest));
	json_object_set_new(entry, "optional", json_boolean(is_optional));
	json_object_set_new(entry, "on_failure", json_string(failure));
	json_object_set_new(entry, "on_success", json_string(success));
}

static void one_line(struct stack *s, char *line, const char *file, size_t number, int level,
		     unsigned depth)
{
	char *rest = line, *type = next_word(&rest);
	bool is_optional = type && *type == '-';
	if (!type)
		return;
	if (strcasecmp(type, "@include") == 0) {
		char *name = next_word(&rest);
		if (name)
			add_service(s, name, level, depth + 1, true);
		return;
	}
	if (strcasecmp(type + is_optional, s->type) != 0)
		return;
	char *control = next_word(&rest);
	if (!control) {
		spoil(s, "%s:%zu: has no control", file, number);
		return;
	}
	bool is_include = strcasecmp(control, "include") == 0;
	if (!is_include && strcasecmp(control, "substack") != 0) {
		add_module(s, control, rest, file, number, level, is_optional);
		return;
	}
	char *name = next_word(&rest);
	if (!name) {
		spoil(s, "%s:%zu: includes nothing", file, number);
		return;
	}
	if (!is_include)
		json_object_set_new(entry_at(s, "substack", file, number, level), "substack",
				    json_string(name));
	add_service(s, name, level + !is_include, depth + 1, true);
}

static void add_service(struct stack *s, const char *name, int level, unsigned depth, bool whole)
{
	AUTO_FREE char *path = NULL;
	AUTO_FREE char *trouble = NULL;
	size_t number = 0;
	char *line;
	if (s->trouble)
		return;
	if (depth > PAM_DEPTH_MAX) {
		spoil(s, "%s: includes are nested deeper than %d", name, PAM_DEPTH_MAX);
		return;
	}
	AUTO_FREE char *text = read_service(s->source, name, &path, &trouble);
	if (trouble)
		spoil(s, "%s", trouble);
	else if (!text && whole)
		spoil(s, "%s: is included and not there", name);
	char *rest = text;
	while (!s->trouble && (line = next_line(&rest, &number)))
		one_line(s, line, path, number, level, depth);
}

/* --- what is reached ---------------------------------------------------------------------------
 */

static int64_t level_of(const json_t *entries, size_t i)
{
	return json_integer_value(json_object_get(json_array_get(entries, i), "level"));
}

/* The first after i that is not deeper than level: where a substack goes on when it is done. */
static size_t after_substack(const json_t *entries, size_t i, int64_t level)
{
	size_t n = json_array_size(entries);
	for (i++; i < n && level_of(entries, i) >= level;)
		i++;
	return level == 0 ? n : i;
}

/* As libpam skips: a substack counts as one. */
static size_t after_jump(const json_t *entries, size_t i, int64_t count)
{
	size_t n = json_array_size(entries), at = i;
	int64_t level = level_of(entries, i);
	while (count-- > 0 && at + 1 < n && level_of(entries, at + 1) >= level) {
		do
			at++;
		while (at + 1 < n && level_of(entries, at + 1) > level);
	}
	return at + 1;
}

static size_t next_after(const json_t *entries, size_t i, const char *action)
{
	int64_t count;
	if (streq(action, "done") || streq(action, "die"))
		return after_substack(entries, i, level_of(entries, i));
	if (parse_int(action, &count))
		return after_jump(entries, i, count);
	return i + 1;
}

static void reach(bool *reached, size_t n, size_t i)
{
	if (i < n)
		reached[i] = true;
}

/* Modules of which the result is sure take one way only; all others may take both. */
static void note_reached(json_t *entries)
{
	size_t n = json_array_size(entries);
	AUTO_FREE bool *reached = xalloc((n + 1) * sizeof(*reached));
	reach(reached, n, 0);
	for (size_t i = 0; i < n; i++) {
		json_t *entry = json_array_get(entries, i);
		const char *module = json_string_value(json_object_get(entry, "module"));
		json_object_set_new(entry, "reached", json_boolean(reached[i]));
		if (!reached[i])
			continue;
		if (!module) {
			reach(reached, n, i + 1);
			continue;
		}
		if (!streq(module, "pam_deny.so"))
			reach(reached, n,
			      next_after(entries, i,
					 json_string_value(json_object_get(entry, "on_success"))));
		if (!streq(module, "pam_permit.so"))
			reach(reached, n,
			      next_after(entries, i,
					 json_string_value(json_object_get(entry, "on_failure"))));
		/* Other values of [value=action …] go on at most one further. */
		const char *control = json_string_value(json_object_get(entry, "control"));
		if (*control == '[' && strstr(control, "=ignore") &&
		    !streq(module, "pam_deny.so") && !streq(module, "pam_permit.so"))
			reach(reached, n, i + 1);
	}
}

json_t *pam_stack(const struct conf_source *source, const char *service, const char *type)
{
	struct stack s = { .source = source, .type = type, .entries = json_array() };
	add_service(&s, service, 0, 0, false);
	if (!s.trouble && json_array_size(s.entries) == 0)
		add_service(&s, "other", 0, 0, false);
	if (s.trouble) {
		json_decref(s.entries);
		s.entries = fact_unread("%s", s.trouble);
		free(s.trouble);
		return s.entries;
	}
	note_reached(s.entries);
	return s.entries;
}

json_t *pam_has_service(const struct conf_source *source, const char *service)
{
	AUTO_FREE char *path = NULL, *trouble = NULL;
	AUTO_FREE char *text = read_service(source, service, &path, &trouble);
	return trouble ? fact_unread("%s", trouble) : json_boolean(text != NULL);
}
