/* SPDX-License-Identifier: Apache-2.0 */
/* aideconf.c: see aideconf.h. */
#include "aideconf.h"

#include <ctype.h>

#include "text.h"

/* SUM_SOME: which one depends on the version. */
enum { SUM_256 = 1, SUM_512 = 2, SUM_SOME = 4, NAMES_MAX = 5000, LINE_MAX_BYTES = 8192 };

/* --- what is compared of a file -----------------------------------------------------------------
 */

static const struct {
	const char *name;
	unsigned sums;
} known[] = {
	{ "sha512", SUM_512 },     { "sha3_512", SUM_512 },   { "whirlpool", SUM_512 },
	{ "stribog512", SUM_512 }, { "sha256", SUM_256 },     { "sha3_256", SUM_256 },
	{ "sha512_256", SUM_256 }, { "stribog256", SUM_256 }, { "H", SUM_512 | SUM_256 },
	{ "R", SUM_SOME },
};

static unsigned sums_of(const struct aide_reading *r, const char *name)
{
	json_t *group = json_object_get(r->groups, name);
	if (group)
		return (unsigned)json_integer_value(group);
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (streq(name, known[i].name))
			return known[i].sums;
	return 0;
}

/* "p+u+sha512-md5" */
static unsigned expression(const struct aide_reading *r, const char *text)
{
	unsigned sums = 0;
	bool takes = false;
	while (*text) {
		size_t n = strcspn(text, "+-");
		AUTO_FREE char *copy = xstrndup(text, n);
		unsigned these = sums_of(r, conf_cut_blanks(copy));
		sums = takes ? sums & ~these : sums | these;
		takes = text[n] == '-';
		text += n + (text[n] != '\0');
	}
	return sums;
}

/* --- rules --------------------------------------------------------------------------------------
 */

/* Does it offer a choice that is not in brackets? */
static bool has_choice(const char *pattern)
{
	for (int depth = 0; *pattern; pattern++) {
		depth += (*pattern == '(') - (*pattern == ')');
		if (*pattern == '\\' && pattern[1])
			pattern++;
		else if (*pattern == '|' && depth <= 0)
			return true;
	}
	return false;
}

/* How much of a pattern stands for itself. */
static size_t literal_length(const char *pattern)
{
	size_t n = strcspn(pattern, ".[](){}*+?^|\\$");
	/* The character before one of these may be missing. */
	if (n > 0 && pattern[n] && strchr("*?{", pattern[n]))
		n--;
	return has_choice(pattern) ? 0 : n;
}

/* Does path end as the pattern says it does, so far as it says so in plain letters? */
static bool may_end_so(const char *path, const char *pattern)
{
	size_t n = strlen(pattern), length = strlen(path);
	if (n == 0 || pattern[n - 1] != '$' || has_choice(pattern))
		return true;
	for (n--; n > 0 && length > 0 && isalnum((unsigned char)pattern[n - 1]); n--, length--) {
		/* One after a backslash may mean a class. */
		if (n > 1 && pattern[n - 2] == '\\')
			return true;
		if (pattern[n - 1] != path[length - 1])
			return false;
	}
	return true;
}

static bool may_match(const char *const *paths, const char *pattern, size_t n)
{
	for (; *paths; paths++)
		if (strncmp(*paths, pattern, n) == 0 && may_end_so(*paths, pattern))
			return true;
	return false;
}

/* Of types of files as in "f,d"; 0 is for all. */
static bool is_of_files(const char *types)
{
	return strchr(types, 'f') || strchr(types, '0');
}

static const char *name_of(unsigned sums)
{
	return sums & SUM_512    ? "sha512"
	       : sums & SUM_256  ? "sha256"
	       : sums & SUM_SOME ? "some"
				 : "";
}

static void take_rule(struct conf *c, struct aide_reading *r, char *line)
{
	char *pattern = line + (*line != '/'), *rest = pattern;
	const char *kind = *line == '!' ? "leave-out" : *line == '=' ? "equal" : "select";
	while (*rest && !strchr(" \t", *rest))
		rest += 1 + (rest[0] == '\\' && rest[1]);
	if (*rest)
		*rest++ = '\0';
	rest = conf_cut_blanks(rest);
	/* The types are a word of their own, before what is compared; of "!" they are all. */
	size_t first = strcspn(rest, " \t");
	bool is_out = *line == '!', has_types = is_out ? *rest != '\0' : rest[first] != '\0';
	bool is_restriction = has_types && strspn(rest, "fdplcbsDo0,|") == first;
	AUTO_FREE char *types = xstrndup(rest, is_restriction ? first : 0);
	size_t n = literal_length(pattern);
	bool ends = pattern[n] == '$' && !pattern[n + 1];
	if ((*types && !is_of_files(types)) || !may_match(r->paths, pattern, n))
		return;
	unsigned sums = expression(r, is_restriction ? rest + first : rest);
	AUTO_FREE char *literal = xstrndup(pattern, n);
	json_t *rule = conf_set(c, "rule", pattern);
	if (!rule)
		return;
	json_object_set_new(rule, "kind", json_string(kind));
	json_object_set_new(rule, "literal", json_string(literal));
	json_object_set_new(rule, "whole", json_boolean(!pattern[n] || ends));
	json_object_set_new(rule, "ends", json_boolean(ends || *line == '='));
	json_object_set_new(rule, "sum", json_string(name_of(sums)));
}

/* --- settings -----------------------------------------------------------------------------------
 */

static void take_setting(struct conf *c, struct aide_reading *r, char *line)
{
	char *value = strchr(line, '=');
	if (!value)
		return;
	*value++ = '\0';
	const char *name = conf_cut_blanks(line);
	value = conf_cut_blanks(value);
	if (streq(name, "database_in") || streq(name, "database")) {
		if (!starts_with(value, "file:"))
			value[strcspn(value, ":")] = '\0';
		conf_set(c, "database_in", value);
	} else if (json_object_size(r->groups) < NAMES_MAX) {
		unsigned sums = expression(r, value);
		json_object_set_new(r->groups, name, json_integer((json_int_t)sums));
	} else {
		conf_refuse(c, "there are more than %d groups", NAMES_MAX);
	}
}

/* --- directives ---------------------------------------------------------------------------------
 */

/* The next word, cut off; "" at the end. */
static char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t");
	*rest = word + strcspn(word, " \t");
	if (**rest)
		*(*rest)++ = '\0';
	return word;
}

/* A program among them ends with its file, not with the one that includes it. */
static void include(struct conf *c, struct aide_reading *r, char *rest)
{
	const char *path = next_word(&rest), *pattern = next_word(&rest);
	bool in_program = r->in_program;
	if (*next_word(&rest))
		conf_refuse(c, "includes %s with a prefix for its rules", path);
	else if (*path != '/')
		conf_refuse(c, "includes '%s'", path);
	else if (!*pattern)
		conf_include(c, path);
	else if (streq(pattern, ".*"))
		conf_include_dir(c, path, 0);
	else if (streq(pattern, "^[a-zA-Z0-9_-]+$"))
		conf_include_dir(c, path, CONF_NO_DOTS);
	else if (streq(pattern, "\\.conf$") || streq(pattern, ".*\\.conf$")) {
		AUTO_FREE char *glob = xasprintf("%s/*.conf", path);
		conf_include(c, glob);
	} else
		conf_refuse(c, "includes files of %s that match '%s'", path, pattern);
	r->in_program = in_program;
	r->at_start = false;
}

/* ifdef NAME, ifndef NAME, if defined NAME, if not defined NAME; what else there is is not known.
 */
static void begin_if(struct conf *c, struct aide_reading *r, const char *word, char *rest)
{
	bool wants = !streq(word, "ifndef");
	const char *name = next_word(&rest);
	r->depth++;
	if (r->off)
		return;
	if (streq(word, "if")) {
		wants = !streq(name, "not");
		name = wants ? name : next_word(&rest);
		name = streq(name, "defined") ? next_word(&rest) : "";
	}
	if (!*name || *next_word(&rest) || streq(word, "ifhost") || streq(word, "ifnhost"))
		conf_refuse(c, "has @@%s, which is not understood", word);
	else if ((json_object_get(r->defines, name) != NULL) != wants)
		r->off = r->depth;
}

static void take_directive(struct conf *c, struct aide_reading *r, char *line)
{
	char *rest = line;
	const char *word = next_word(&rest);
	if (starts_with(word, "if")) {
		begin_if(c, r, word, rest);
	} else if (streq(word, "else")) {
		if (!r->off || r->off == r->depth)
			r->off = r->off ? 0 : r->depth;
	} else if (streq(word, "endif")) {
		r->off = r->off == r->depth ? 0 : r->off;
		r->depth -= r->depth > 0;
	} else if (r->off) {
		return;
	} else if (streq(word, "define")) {
		const char *name = next_word(&rest);
		if (json_object_size(r->defines) < NAMES_MAX)
			json_object_set_new(r->defines, name, json_string(conf_cut_blanks(rest)));
	} else if (streq(word, "undef")) {
		json_object_del(r->defines, next_word(&rest));
	} else if (streq(word, "include") || streq(word, "x_include")) {
		include(c, r, rest);
	} else if (!streq(word, "x_include_setenv")) {
		conf_refuse(c, "has @@%s, which is not understood", word);
	}
}

/* --- lines --------------------------------------------------------------------------------------
 */

/* With @@{NAME} replaced; one that is not known may be anything. */
static char *expand(const struct aide_reading *r, const char *line)
{
	AUTO_TEXT struct text out = { 0 };
	const char *at;
	while ((at = strstr(line, "@@{")) && strchr(at, '}') && out.len < LINE_MAX_BYTES) {
		AUTO_FREE char *name = xstrndup(at + 3, strcspn(at + 3, "}"));
		const char *value = json_string_value(json_object_get(r->defines, name));
		text_add_n(&out, line, (size_t)(at - line));
		text_add(&out, value ? value : ".*");
		line = strchr(at, '}') + 1;
	}
	text_add(&out, line);
	return text_take(&out);
}

static void begin_file(struct conf *c)
{
	struct aide_reading *r = conf_context(c);
	r->at_start = true;
	r->in_program = false;
}

static void take_line(struct conf *c, char *line)
{
	struct aide_reading *r = conf_context(c);
	if (r->at_start && starts_with(line, "#!")) {
		r->in_program = true;
		r->n_programs++;
	}
	r->at_start = false;
	if (r->in_program || *line == '#' || !*line)
		return;
	AUTO_FREE char *text = expand(r, line);
	if (strlen(text) > LINE_MAX_BYTES)
		conf_refuse(c, "has a line that is too long");
	else if (starts_with(text, "@@"))
		take_directive(c, r, text + 2);
	else if (r->off)
		return;
	else if (strchr("/!=", *text))
		take_rule(c, r, text);
	else
		take_setting(c, r, text);
}

json_t *aide_read(struct aide_reading *r, const char *const *first)
{
	const struct conf_spec spec = { .first = first,
					.merge = CONF_ALL,
					.line = take_line,
					.begin = begin_file,
					.context = r };
	r->defines = json_object();
	r->groups = json_object();
	return conf_read(&spec, r->source);
}

void aide_reading_done(struct aide_reading *r)
{
	json_decref(r->defines);
	json_decref(r->groups);
}
