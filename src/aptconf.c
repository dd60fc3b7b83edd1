/* SPDX-License-Identifier: Apache-2.0 */
/* aptconf.c: see aptconf.h. */
#include "aptconf.h"

#include <ctype.h>

#include "facts.h"

enum { DEPTH_MAX = 20, TEXT_MAX = 64 << 10 };

static const struct {
	const char *name;
	bool is_list; /* its elements count */
} kept[] = {
	{ "apt::get::allowunauthenticated", false },
	{ "apt::get::force-yes", false },
	{ "dir", false },
	{ "dir::etc", false },
	{ "dir::etc::sourcelist", false },
	{ "dir::etc::sourceparts", false },
	{ "acquire::allowinsecurerepositories", false },
	{ "acquire::allowweakrepositories", false },
	{ "acquire::allowdowngradetoinsecurerepositories", false },
	{ "apt::periodic::enable", false },
	{ "apt::periodic::update-package-lists", false },
	{ "apt::periodic::unattended-upgrade", false },
	{ "unattended-upgrade::allowed-origins", true },
	{ "unattended-upgrade::origins-pattern", true },
	{ "unattended-upgrade::package-blacklist", true },
};

/* Of one file. */
struct apt {
	char *text; /* of the statement so far */
	size_t len;
	char *scopes[DEPTH_MAX]; /* whole names */
	size_t depth;
	bool is_quoted, is_comment;
};

static void apt_done(struct apt *a)
{
	for (size_t i = 0; i < a->depth; i++)
		free(a->scopes[i]);
	free(a->text);
	*a = (struct apt){ 0 };
}

/* --- what a statement says ------------------------------------------------------------------- */

/* Of lines that end as DOS's do the "\r" is one, as to apt. */
static const char blanks[] = " \t\r\f\v";

/* The next word, without its quotes, cut out of *at; NULL: there is none. */
static char *next_word(char **at)
{
	char *s = *at + strspn(*at, blanks), *to = s, *from = s;
	bool is_quoted = false;
	if (*s == '\0')
		return NULL;
	for (; *from && (is_quoted || !strchr(blanks, *from)); from++) {
		if (*from == '"')
			is_quoted = !is_quoted;
		else
			*to++ = *from;
	}
	*at = *from ? from + 1 : from;
	*to = '\0';
	return s;
}

/* In lower case; malloc'ed. */
static char *whole_name(const struct apt *a, const char *name)
{
	const char *scope = a->depth > 0 ? a->scopes[a->depth - 1] : "";
	char *whole = xasprintf("%s%s%s", scope, *scope ? "::" : "", name);
	for (char *p = whole; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return whole;
}

static bool is_below(const char *name, const char *of)
{
	size_t n = strlen(of);
	return strncmp(name, of, n) == 0 && starts_with(name + n, "::");
}

static void set(struct conf *c, const char *name, const char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		if (kept[i].is_list ? is_below(name, kept[i].name) : streq(name, kept[i].name))
			conf_set(c, kept[i].name, value);
}

static void clear(struct conf *c, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		if (streq(kept[i].name, name) || is_below(kept[i].name, name) ||
		    (kept[i].is_list && is_below(name, kept[i].name)))
			conf_set(c, kept[i].name, NULL);
}

/* The statement as it is now, which begins anew; malloc'ed. */
static char *statement(struct apt *a)
{
	char *text = xstrndup(a->text ? a->text : "", a->len);
	a->len = 0;
	return text;
}

static void include(struct conf *c, size_t depth, char *rest)
{
	char *path = next_word(&rest);
	if (!path || *path != '/') {
		conf_refuse(c, "what is to be included is no absolute path");
	} else if (depth > 0) {
		conf_refuse(c, "a file is included within a block");
	} else if (!ends_with(path, "/")) {
		conf_include(c, path);
	} else {
		path[strlen(path) - 1] = '\0';
		conf_include_dir(c, path, CONF_APT_NAMES);
	}
}

/* apt does nothing at all then. */
static bool has_junk(struct conf *c, const char *rest)
{
	bool is_junk = rest[strspn(rest, blanks)] != '\0';
	if (is_junk)
		conf_refuse(c, "something stands behind the value of a setting");
	return is_junk;
}

static void end_statement(struct conf *c, struct apt *a)
{
	AUTO_FREE char *text = statement(a);
	char *rest = text;
	const char *tag = next_word(&rest), *value = tag ? next_word(&rest) : NULL;
	if (!tag || has_junk(c, rest))
		return;
	if (streq(tag, "#include")) {
		AUTO_FREE char *path = value ? xstrdup(value) : xstrdup("");
		include(c, a->depth, path);
		return;
	}
	if (streq(tag, "#clear")) {
		AUTO_FREE char *name = whole_name(a, value ? value : "");
		if (!value || a->depth > 0)
			conf_refuse(c, "#clear is within a block, or names nothing");
		else
			clear(c, name);
		return;
	}
	/* A word alone is an element of the list around it. */
	AUTO_FREE char *name = whole_name(a, value ? tag : "");
	set(c, name, value ? value : tag);
}

static void open_scope(struct conf *c, struct apt *a)
{
	AUTO_FREE char *text = statement(a);
	char *rest = text;
	const char *tag = next_word(&rest), *value = tag ? next_word(&rest) : NULL;
	if (a->depth == DEPTH_MAX) {
		conf_refuse(c, "blocks are nested deeper than %d", DEPTH_MAX);
		return;
	}
	if (!tag) {
		conf_refuse(c, "a block has no name");
		return;
	}
	if (has_junk(c, rest))
		return;
	char *name = whole_name(a, tag);
	if (value)
		set(c, name, value);
	a->scopes[a->depth++] = name;
}

static void close_scope(struct conf *c, struct apt *a)
{
	end_statement(c, a);
	if (a->depth > 0)
		free(a->scopes[--a->depth]);
}

/* --- characters ------------------------------------------------------------------------------ */

static void append(struct conf *c, struct apt *a, char ch)
{
	if (a->len == TEXT_MAX) {
		conf_refuse(c, "a statement is too long");
		return;
	}
	if ((a->len & (a->len - 1)) == 0)
		a->text = xrealloc(a->text, a->len ? a->len * 2 : 1);
	a->text[a->len++] = ch;
}

static bool starts_comment(const char *s)
{
	if (starts_with(s, "//"))
		return true;
	return *s == '#' && !starts_with(s, "#clear") && !starts_with(s, "#include");
}

static void take(struct conf *c, struct apt *a, char ch)
{
	if (ch == '"')
		a->is_quoted = !a->is_quoted;
	if (a->is_quoted || !strchr("{};", ch))
		append(c, a, ch);
	else if (ch == '{')
		open_scope(c, a);
	else if (ch == ';')
		end_statement(c, a);
	else
		close_scope(c, a);
}

static void apt_line(struct conf *c, char *line)
{
	struct apt *a = conf_context(c);
	for (char *s = line; *s; s++) {
		if (a->is_comment) {
			a->is_comment = !starts_with(s, "*/");
			s += !a->is_comment;
		} else if (!a->is_quoted && starts_with(s, "/*")) {
			a->is_comment = true;
			s++;
		} else if (!a->is_quoted && starts_comment(s)) {
			break;
		} else {
			take(c, a, *s);
		}
	}
	append(c, a, ' ');
}

/* apt minds neither blocks nor comments that are still open. */
static void apt_end(struct conf *c)
{
	struct apt *a = conf_context(c);
	AUTO_FREE char *text = statement(a);
	if (a->is_quoted || text[strspn(text, blanks)])
		conf_refuse(c, "the file ends within a statement");
	apt_done(a);
}

json_t *aptconf_read(const struct conf_source *source)
{
	static const char *const dirs[] = { "/etc/apt/apt.conf.d", NULL };
	static const char *const last[] = { "/etc/apt/apt.conf", NULL };
	struct apt state = { 0 };
	const struct conf_spec spec = {
		.dirs = dirs,
		.last = last,
		.flags = CONF_NO_MASK | CONF_RAW_LINES | CONF_APT_NAMES,
		.merge = CONF_ALL,
		.line = apt_line,
		.end = apt_end,
		.context = &state,
	};
	json_t *conf = conf_read(&spec, source);
	apt_done(&state);
	return conf;
}
