/* SPDX-License-Identifier: Apache-2.0 */
/* sshdconf.c: see sshdconf.h. */
#include "sshdconf.h"

#include <ctype.h>

#include "facts.h"
#include "text.h"

static const char folder[] = "/etc/ssh/"; /* where relative names of Include begin */

/* Other names of a keyword (servconf.c of OpenSSH). */
static const struct {
	const char *name, *now;
} aliases[] = {
	{ "challengeresponseauthentication", "kbdinteractiveauthentication" },
	{ "skeyauthentication", "kbdinteractiveauthentication" },
	{ "keepalive", "tcpkeepalive" },
	{ "dsaauthentication", "pubkeyauthentication" },
};

struct state {
	char *outer; /* criteria of the Match in which the file at hand was included; "" none */
};

/* The next word, quotes taken off, up to a comment; NULL at the end. Writes over the line. */
static char *next_word(char **line)
{
	char *p = *line + strspn(*line, " \t");
	if (*p == '\0' || *p == '#')
		return NULL;
	char quote = *p == '"' || *p == '\'' ? *p : '\0';
	char *word = quote ? ++p : p;
	p += quote ? strcspn(p, quote == '"' ? "\"" : "'") : strcspn(p, " \t");
	if (*p)
		*p++ = '\0';
	*line = p;
	return word;
}

static const char *present_name(char *keyword)
{
	for (char *p = keyword; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	for (size_t i = 0; i < ARRAY_SIZE(aliases); i++)
		if (streq(keyword, aliases[i].name))
			return aliases[i].now;
	return keyword;
}

/* Cuts off the keyword, which ends at a blank or at one "=". */
static char *take_keyword(char **line)
{
	bool is_quoted = **line == '"';
	char *keyword = *line + is_quoted;
	char *end = keyword + strcspn(keyword, is_quoted ? "\"" : " \t="), *p = end;
	p += is_quoted && *p;
	p += strspn(p, " \t");
	if (*p == '=')
		p++;
	*end = '\0';
	*line = p;
	return keyword;
}

static char *joined_words(char *line)
{
	AUTO_TEXT struct text t = { 0 };
	char *word;
	while ((word = next_word(&line))) {
		if (t.len > 0)
			text_add_char(&t, ' ');
		text_add(&t, word);
	}
	return xstrdup(text_str(&t));
}

static void begin_match(struct conf *c, char *line)
{
	struct state *s = conf_context(c);
	AUTO_FREE char *criteria = joined_words(line);
	AUTO_FREE char *both =
		*s->outer ? xasprintf("%s, and %s", s->outer, criteria) : xstrdup(criteria);
	if (!*criteria)
		conf_refuse(c, "Match has no criteria");
	conf_set_section(c, both);
}

/* Names in an included file hold under the Match that includes it, and end with the file. */
static void include(struct conf *c, char *line)
{
	struct state *s = conf_context(c);
	char *outer = s->outer, *word;
	while ((word = next_word(&line))) {
		AUTO_FREE char *path =
			*word == '/' ? xstrdup(word) : xasprintf("%s%s", folder, word);
		AUTO_FREE char *section = xstrdup(conf_section(c));
		s->outer = section;
		conf_include(c, path);
		s->outer = outer;
	}
}

static void begin_file(struct conf *c)
{
	const struct state *s = conf_context(c);
	conf_set_section(c, s->outer);
}

static void take_line(struct conf *c, char *line)
{
	const char *keyword = present_name(take_keyword(&line));
	if (streq(keyword, "match")) {
		begin_match(c, line);
		return;
	}
	if (streq(keyword, "include")) {
		include(c, line);
		return;
	}
	AUTO_FREE char *value = joined_words(line);
	AUTO_FREE char *key = xasprintf("%s\n%s", conf_section(c), keyword);
	conf_set(c, key, value);
}

/* --- the record ------------------------------------------------------------------------------ */

static json_t *match_of(json_t *matches, const char *criteria)
{
	json_t *match;
	size_t i;
	json_array_foreach(matches, i, match)
	{
		if (streq(json_string_value(json_object_get(match, "criteria")), criteria))
			return json_object_get(match, "settings");
	}
	match = json_pack("{ss s{}}", "criteria", criteria, "settings");
	json_array_append_new(matches, match);
	return json_object_get(match, "settings");
}

static bool is_all(const char *criteria)
{
	return strcasecmp(criteria, "all") == 0;
}

/* What a Match sets overrides what stands outside of any, wherever that is, and the command line.
 */
static void put_before(json_t *settings, const char *key, json_t *list)
{
	json_t *before = json_copy(list), *after = json_object_get(settings, key), *one;
	size_t i;
	json_array_foreach(before, i, one) json_object_set_new(one, "match", json_string("all"));
	if (after)
		json_array_extend(before, after);
	json_object_set_new(settings, key, before);
}

static void sort_out(json_t *all, json_t *settings, json_t *matches)
{
	const char *key;
	json_t *list;
	json_object_foreach(all, key, list)
	{
		const char *newline = strrchr(key, '\n');
		AUTO_FREE char *criteria = xstrndup(key, (size_t)(newline - key));
		if (!*criteria)
			json_object_set(settings, newline + 1, list);
		else if (!is_all(criteria))
			json_object_set(match_of(matches, criteria), newline + 1, list);
	}
	json_object_foreach(all, key, list)
	{
		const char *newline = strrchr(key, '\n');
		AUTO_FREE char *criteria = xstrndup(key, (size_t)(newline - key));
		if (is_all(criteria))
			put_before(settings, newline + 1, list);
	}
}

json_t *sshdconf_read(const char *const *files, const struct conf_source *source)
{
	char none[] = "";
	struct state state = { none };
	const struct conf_spec spec = {
		.first = files,
		.comments = "#",
		.merge = CONF_FIRST,
		.line = take_line,
		.begin = begin_file,
		.context = &state,
	};
	json_t *record = conf_read(&spec, source);
	json_t *all = json_object_get(record, "settings");
	if (fact_is_unread(all)) {
		json_object_set(record, "matches", all);
		return record;
	}
	json_t *settings = json_object(), *matches = json_array();
	sort_out(all, settings, matches);
	json_object_set_new(record, "settings", settings);
	json_object_set_new(record, "matches", matches);
	return record;
}

/* --- the program ----------------------------------------------------------------------------- */

char *sshdconf_version(const char *program, size_t n)
{
	static const char name[] = "OpenSSH_";
	const char *p = program, *end = program + n;
	/* "OpenSSH_9.2p1": patterns of bugs in others' have no "p" after a whole version. */
	while ((p = memmem(p, (size_t)(end - p), name, sizeof(name) - 1))) {
		p += sizeof(name) - 1;
		size_t left = (size_t)(end - p), i = 0;
		while (i < left && i < 16 && (isdigit((unsigned char)p[i]) || p[i] == '.'))
			i++;
		if (i > 2 && i + 1 < left && p[i] == 'p' && isdigit((unsigned char)p[i + 1]))
			return xstrndup(p, i + 2);
	}
	return NULL;
}

/* --- the running one ------------------------------------------------------------------------- */

static void set_option(json_t *settings, const char *text)
{
	AUTO_FREE char *copy = xstrdup(text);
	char *line = copy;
	const char *keyword = present_name(take_keyword(&line));
	AUTO_FREE char *value = joined_words(line);
	json_t *fact = json_pack("{ss ss sI}", "value", value, "file", "command line", "line",
				 (json_int_t)0);
	if (fact && !json_object_get(settings, keyword))
		json_object_set_new(settings, keyword, json_pack("[o]", fact));
	else
		json_decref(fact);
}

/* Options that take a value, of which -o, -f and -p say something here. */
static const char with_value[] = "CEbcfghkopu";

/* The option at the end of "-Do" that takes a value, or NULL. */
static const char *valued_option(const char *word)
{
	for (const char *s = word + 1; *word == '-' && *s; s++)
		if (strchr(with_value, *s))
			return s;
	return NULL;
}

static void take_words(json_t *settings, char **words, size_t n, char **ret_file)
{
	for (size_t i = 1; i < n; i++) {
		const char *option = valued_option(words[i]);
		if (!option)
			continue;
		const char *value = option[1] ? option + 1 : i + 1 < n ? words[++i] : "";
		if (*option == 'o')
			set_option(settings, value);
		if (*option == 'f') {
			free(*ret_file);
			*ret_file = xstrdup(value);
		}
	}
}

json_t *sshdconf_arguments(const char *cmdline, size_t n, char **ret_file)
{
	static const char title[] = "sshd: ";
	enum { WORDS_MAX = 256 };
	AUTO_FREE char *copy = xalloc(n + 1);
	memcpy(copy, cmdline, n);
	char *words[WORDS_MAX], *end = NULL;
	size_t count = 0;
	*ret_file = NULL;
	bool is_titled = starts_with(copy, title);
	if (is_titled && !(end = strstr(copy, " [listener]")))
		return NULL;
	if (is_titled) {
		*end = '\0';
		char *rest = copy + sizeof(title) - 1, *word;
		while (count < WORDS_MAX && (word = strsep(&rest, " ")))
			words[count++] = word;
	} else {
		for (size_t at = 0; at < n && count < WORDS_MAX; at += strlen(copy + at) + 1)
			words[count++] = copy + at;
	}
	json_t *settings = json_object();
	take_words(settings, words, count, ret_file);
	return settings;
}
