/* SPDX-License-Identifier: Apache-2.0 */
/* sudoers.c: see sudoers.h. */
#include "sudoers.h"

#include <ctype.h>

#include "facts.h"

enum { ALIAS_DEPTH_MAX = 16, NAMES_MAX = 20000 };

/* --- text ------------------------------------------------------------------------------------- */

static char *cut(char *s)
{
	s += strspn(s, " \t");
	size_t n = strlen(s);
	while (n > 0 && strchr(" \t\r", s[n - 1]))
		s[--n] = '\0';
	return s;
}

/* The first of these characters outside of quotes, parentheses and escapes, or the end. */
static char *find_outside(char *s, const char *any)
{
	bool is_quoted = false;
	unsigned parens = 0;
	for (; *s; s++) {
		if (*s == '\\' && s[1])
			s++;
		else if (*s == '"')
			is_quoted = !is_quoted;
		else if (!is_quoted && parens == 0 && strchr(any, *s))
			break;
		else if (!is_quoted && *s == '(')
			parens++;
		else if (!is_quoted && *s == ')' && parens > 0)
			parens--;
	}
	return s;
}

/* The next piece up to one of these characters, without blanks around it; NULL at the end. */
static char *next_piece(char **rest, const char *any)
{
	if (!*rest)
		return NULL;
	char *piece = *rest, *end = find_outside(piece, any);
	*rest = *end ? end + 1 : NULL;
	*end = '\0';
	return cut(piece);
}

/* A comment begins with "#" that no number follows (#1000 is a uid) and no backslash is before. */
static void cut_comment(char *line)
{
	char *s = line;
	while (*(s = find_outside(s, "#")) && isdigit((unsigned char)s[1]))
		s++;
	*s = '\0';
}

/* --- lines ------------------------------------------------------------------------------------ */

static bool starts_with_word(const char *line, const char *word)
{
	size_t n = strlen(word);
	return strncmp(line, word, n) == 0 && (line[n] == ' ' || line[n] == '\t');
}

/* A path in quotes, or up to a blank that no backslash is before: a comment may follow. */
static char *cut_path(char *s)
{
	char *end = *s == '"' ? strchr(s + 1, '"') : NULL, *to = s;
	if (end) {
		*end = '\0';
		return s + 1;
	}
	for (const char *from = s; *from && *from != ' ' && *from != '\t'; from++) {
		from += *from == '\\' && from[1];
		*to++ = *from;
	}
	*to = '\0';
	return s;
}

/* A relative path begins where the file is that names it. */
static bool take_include(struct conf *c, char *line)
{
	bool is_dir = starts_with_word(line + 1, "includedir");
	if ((*line != '@' && *line != '#') || (!is_dir && !starts_with_word(line + 1, "include")))
		return false;
	char *path = cut_path(cut(line + strcspn(line, " \t")));
	const char *from = conf_file(c);
	AUTO_FREE char *full =
		*path == '/'
			? xstrdup(path)
			: xasprintf("%.*s%s", (int)(strrchr(from, '/') + 1 - from), from, path);
	if (strchr(full, '%'))
		conf_refuse(c, "includes \"%s\", which depends on the name of the host", path);
	else if (is_dir)
		conf_include_dir(c, full, CONF_NO_DOTS);
	else
		conf_include(c, full);
	return true;
}

/* NAME, !NAME, NAME=value, NAME+=value, NAME-=value */
static void take_default(struct conf *c, char *setting, const char *scope)
{
	char *equals = strchr(setting, '='), *name = setting + strspn(setting, "! \t");
	const char *value = name == setting ? "true" : "false";
	if (equals) {
		value = cut(equals + 1);
		while (equals > name && strchr(" \t+-=", *equals))
			*equals-- = '\0';
	}
	AUTO_FREE char *key = xasprintf("%s/%s", scope ? "scoped" : "default", cut(name));
	AUTO_FREE char *text = scope ? xasprintf("%s %s", value, scope) : xstrdup(value);
	conf_set(c, key, text);
}

/* Ends a list of names, which may have blanks beside its commas; what follows it. */
static char *end_of_names(char *s)
{
	while (*(s = find_outside(s, " \t"))) {
		char *after = s + strspn(s, " \t");
		if (s[-1] != ',' && *after != ',') {
			*s = '\0';
			return after;
		}
		s = after + (*after == ',');
	}
	return s;
}

static bool take_defaults(struct conf *c, char *line)
{
	static const char word[] = "Defaults";
	size_t n = strlen(word);
	if (strncmp(line, word, n) != 0 || !strchr(" \t@:!>", line[n]) || line[n] == '\0')
		return false;
	char *rest = line + n, *scope = NULL, *setting;
	if (*rest != ' ' && *rest != '\t') {
		scope = rest;
		rest = end_of_names(rest);
	}
	while ((setting = next_piece(&rest, ",")))
		if (*setting)
			take_default(c, setting, scope);
	return true;
}

/* Cmnd_Alias A = x, y : B = z */
static bool take_alias(struct conf *c, char *line)
{
	static const char *const kinds[] = { "User_Alias", "Runas_Alias", "Host_Alias",
					     "Cmnd_Alias", "Cmd_Alias" };
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!starts_with_word(line, kinds[i]))
			continue;
		char *rest = line + strlen(kinds[i]), *definition;
		while ((definition = next_piece(&rest, ":"))) {
			char *equals = strchr(definition, '=');
			if (!equals)
				continue;
			*equals = '\0';
			AUTO_FREE char *key =
				xasprintf("%s/%s", kinds[i][0] == 'C' ? "Cmnd_Alias" : kinds[i],
					  cut(definition));
			conf_set(c, key, cut(equals + 1));
		}
		return true;
	}
	return false;
}

static void sudoers_line(struct conf *c, char *line)
{
	if (take_include(c, line))
		return;
	cut_comment(line);
	line = cut(line);
	if (*line && !take_defaults(c, line) && !take_alias(c, line))
		conf_set(c, "rule", line);
}

/* --- rules ------------------------------------------------------------------------------------ */

struct reading {
	const json_t *settings;
	size_t n_names; /* of users, commands and aliases that were met, also in aliases */
};

/* Aliases within aliases grow with each level. */
static bool is_too_long(struct reading *r)
{
	return r->n_names++ >= NAMES_MAX;
}

static const char *alias_of(const struct reading *r, const char *kind, const char *name)
{
	AUTO_FREE char *key = xasprintf("%s/%s", kind, name);
	json_t *list = json_object_get(r->settings, key);
	return json_string_value(json_object_get(json_array_get(list, 0), "value"));
}

static void add_users(struct reading *r, json_t *users, const char *text, unsigned depth)
{
	AUTO_FREE char *copy = xstrdup(text);
	char *rest = copy, *user;
	while ((user = next_piece(&rest, ",")) && !is_too_long(r)) {
		const char *alias =
			depth < ALIAS_DEPTH_MAX ? alias_of(r, "User_Alias", user) : NULL;
		if (alias)
			add_users(r, users, alias, depth + 1);
		else if (*user)
			json_array_append_new(users, json_string(user));
	}
}

static void add_command(struct reading *r, json_t *commands, const char *command, bool nopasswd,
			unsigned depth)
{
	if (is_too_long(r))
		return;
	const char *alias = depth < ALIAS_DEPTH_MAX ? alias_of(r, "Cmnd_Alias", command) : NULL;
	if (!alias) {
		if (*command)
			json_array_append_new(commands, json_pack("{ss sb}", "command", command,
								  "nopasswd", nopasswd));
		return;
	}
	AUTO_FREE char *copy = xstrdup(alias);
	char *rest = copy, *one;
	while (r->n_names < NAMES_MAX && (one = next_piece(&rest, ",")))
		add_command(r, commands, one, nopasswd, depth + 1);
}

/* "ALL:ALL": any user and any group. */
static bool is_any(const char *runas, const char *end)
{
	AUTO_FREE char *text = xstrndup(runas, (size_t)(end - runas));
	char *group = strchr(text, ':');
	if (!group)
		return false;
	*group++ = '\0';
	return streq(cut(text), "ALL") && streq(cut(group), "ALL");
}

/* Behind NAME=value, of which the "=" is at n, or behind a digest, "sha256:…": a command holds in
 * fewer cases by them. NULL: neither stands here. */
static char *behind_limit(char *command, size_t n)
{
	bool is_digest = starts_with(command, "sha2") || starts_with(command, "sha3") ||
			 starts_with(command, "sha5");
	char *value = is_digest                    ? command + strcspn(command, " \t:")
		      : n > 0 && command[n] == '=' ? command + n
						   : NULL;
	return value ? find_outside(value + strspn(value, " \t:="), " \t") : NULL;
}

/* Takes (runas), options and tags off the front of a command; tags hold for those that follow. */
static char *take_tags(char *command, bool *nopasswd, bool *as_all)
{
	for (;;) {
		size_t n = strspn(command, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
		size_t blanks = strspn(command + n, " \t");
		char *end;
		if (*command == '(') {
			end = strchr(command, ')');
			*as_all = end && is_any(command + 1, end);
			command = cut(end ? end + 1 : command + strlen(command));
		} else if (n > 0 && command[n + blanks] == ':') {
			if (n == 8 && strncmp(command, "NOPASSWD", n) == 0)
				*nopasswd = true;
			else if (n == 6 && strncmp(command, "PASSWD", n) == 0)
				*nopasswd = false;
			command = cut(command + n + blanks + 1);
		} else if ((end = behind_limit(command, n + blanks))) {
			*as_all = false;
			command = cut(end);
		} else {
			return command;
		}
	}
}

/* A colon that ends no tag begins the list of another host. */
static char *next_host_list(char **rest)
{
	static const char *const tags[] = {
		"PASSWD", "EXEC", "SETENV", "INPUT", "OUTPUT", "MAIL", "FOLLOW", "INTERCEPT",
	};
	char *start = *rest, *s = start;
	if (!s)
		return NULL;
	for (;; s++) {
		bool is_tag = false;
		s = find_outside(s, ":");
		if (*s == '\0') {
			*rest = NULL;
			return start;
		}
		char *end = s;
		while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
			end--;
		for (size_t i = 0; i < ARRAY_SIZE(tags); i++) {
			size_t n = strlen(tags[i]);
			is_tag |= (size_t)(end - start) >= n && memcmp(end - n, tags[i], n) == 0;
		}
		/* the digest of a command: sha256:… */
		is_tag |= end - start >= 6 && memcmp(end - 6, "sha", 3) == 0;
		if (is_tag)
			continue;
		*s = '\0';
		*rest = s + 1;
		return start;
	}
}

static json_t *understand_rule(struct reading *r, const json_t *setting)
{
	AUTO_FREE char *line = xstrdup(json_string_value(json_object_get(setting, "value")));
	json_t *commands = json_array(), *users = json_array();
	char *equals = find_outside(line, "="), *rest = *equals ? equals + 1 : NULL, *list;
	bool is_first = true, undoes = false, of_all_hosts;
	*equals = '\0';
	/* users, then hosts: the last blank that no comma is beside parts them */
	char *blank = NULL;
	for (char *s = cut(line); *(s = find_outside(s, " \t"));) {
		char *at = s;
		s += strspn(s, " \t");
		if (*s && *s != ',' && at > line && at[-1] != ',' && !blank)
			blank = at;
	}
	if (blank)
		*blank = '\0';
	of_all_hosts = blank && streq(cut(blank + 1), "ALL");
	add_users(r, users, cut(line), 0);
	while ((list = next_host_list(&rest))) {
		char *command, *body = list;
		bool nopasswd = false, as_all = false;
		if (!is_first) {
			body = find_outside(list, "=");
			body += *body == '=';
		}
		of_all_hosts &= is_first;
		is_first = false;
		while ((command = next_piece(&body, ","))) {
			command = take_tags(command, &nopasswd, &as_all);
			undoes |= of_all_hosts && as_all && !nopasswd && streq(command, "ALL");
			add_command(r, commands, command, nopasswd, 0);
		}
	}
	return json_pack("{so so sb sO sO}", "users", users, "commands", commands, "asks-for-all",
			 undoes, "file", json_object_get(setting, "file"), "line",
			 json_object_get(setting, "line"));
}

json_t *sudoers_read(const struct conf_source *source)
{
	static const char *const first[] = { "/etc/sudoers", "/usr/etc/sudoers", NULL };
	static const struct conf_spec spec = { .first = first,
					       .flags = CONF_CONTINUES | CONF_COMMENTS_END,
					       .merge = CONF_LAST,
					       .line = sudoers_line };
	json_t *read = conf_read(&spec, source), *settings = json_object_get(read, "settings");
	struct reading r = { .settings = settings };
	json_t *rules = json_array(), *list = json_object_get(settings, "rule");
	for (size_t i = json_array_size(list); i-- > 0;)
		json_array_append_new(rules, understand_rule(&r, json_array_get(list, i)));
	if (!fact_is_unread(settings) && r.n_names >= NAMES_MAX) {
		json_decref(rules);
		rules = fact_unread("there are more than %d users and commands", NAMES_MAX);
	} else if (fact_is_unread(settings)) {
		json_decref(rules);
		rules = json_incref(settings);
	}
	if (!fact_is_unread(settings))
		json_object_del(settings, "rule");
	json_object_set_new(read, "rules", rules);
	return read;
}
