/* SPDX-License-Identifier: Apache-2.0 */
/* collect_configured.c: how a unit file would start a program that does not run, such as the engine
 * of a tree. */
#include "collector.h"
#include "record.h"

/* NAME=value lines, as systemd.exec(5) reads an EnvironmentFile=: comments, and quotes around the
 * value. */
static void add_variables(json_t *variables, char *text)
{
	char *line;
	while ((line = strsep(&text, "\n"))) {
		line += strspn(line, " \t");
		char *value = strchr(line, '=');
		if (strchr("#;", *line) || !value)
			continue;
		*value++ = '\0';
		size_t n = strlen(value);
		if (n >= 2 && strchr("\"'", *value) && value[n - 1] == *value) {
			value[n - 1] = '\0';
			value++;
		}
		json_t *v = json_string(value);
		if (v)
			json_object_set_new(variables, line, v);
	}
}

/* How long the first word is: quotes, which may begin within it, keep blanks together. */
static size_t word_length(const char *text)
{
	char quote = '\0';
	size_t n = 0;
	for (; text[n] && (quote || !strchr(" \t", text[n])); n++) {
		if (quote ? text[n] == quote : strchr("\"'", text[n]) != NULL)
			quote = quote ? '\0' : text[n];
	}
	return n;
}

/* Environment=: assignments with blanks between them; "NAME=a b" and NAME="a b" are the same. */
static void add_assignments(json_t *variables, const char *text)
{
	while (*(text += strspn(text, " \t"))) {
		size_t n = word_length(text);
		bool is_quoted = n > 1 && strchr("\"'", *text) && text[n - 1] == *text;
		AUTO_FREE char *one = xstrndup(text + is_quoted, n - 2 * is_quoted);
		add_variables(variables, one);
		text += n;
	}
}

/* What Environment= and EnvironmentFile= of the unit say; NULL when a file that counts cannot be
 * read. */
static json_t *unit_variables(struct collector *c, const json_t *service)
{
	json_t *variables = json_object(), *list, *v;
	size_t i;
	list = json_object_get(service, "Environment");
	json_array_foreach(list, i, v)
		add_assignments(variables, json_string_value(v) ? json_string_value(v) : "");
	list = json_object_get(service, "EnvironmentFile");
	json_array_foreach(list, i, v)
	{
		const char *path = json_string_value(v) ? json_string_value(v) : "";
		bool is_optional = *path == '-';
		AUTO_FREE char *why = NULL;
		AUTO_FREE char *text =
			read_file(c, FETCH_BASE_ROOT, path + is_optional, NULL, &why);
		if (text) {
			utf8_mend(text, strlen(text));
			add_variables(variables, text);
		} else if (*why || !is_optional || strpbrk(path, "*?[%")) {
			json_decref(variables);
			return NULL;
		}
	}
	return variables;
}

static void add_words(json_t *words, const char *text)
{
	while (*text) {
		text += strspn(text, " \t");
		size_t n = strcspn(text, " \t");
		if (n > 0)
			json_array_append_new(words, json_stringn(text, n));
		text += n;
	}
}

/* $NAME alone is split into words, as systemd does it; one that is not set is nothing. False: not
 * understood. */
static bool add_word(json_t *words, const char *word, json_t *variables)
{
	size_t n = strlen(word);
	if (!strpbrk(word, "$\\\"'%"))
		return json_array_append_new(words, json_string(word)) == 0;
	bool is_braced = n > 3 && starts_with(word, "${") && word[n - 1] == '}';
	AUTO_FREE char *name =
		is_braced ? xstrndup(word + 2, n - 3) : xstrdup(word + (*word == '$'));
	if (*word != '$' || !*name || strpbrk(name, "$\\\"'%{}"))
		return false;
	const char *value = json_string_value(json_object_get(variables, name));
	if (value && strpbrk(value, "\\\"'"))
		return false;
	if (is_braced)
		json_array_append_new(words, json_string(value ? value : ""));
	else
		add_words(words, value ? value : "");
	return true;
}

json_t *collect_words(struct collector *c, const json_t *service, const char *line)
{
	json_t *raw = json_array(), *words = json_array(), *word;
	json_t *variables = unit_variables(c, service);
	bool is_understood = variables != NULL;
	size_t i;
	add_words(raw, line + strspn(line, "@-:+!|"));
	json_array_foreach(raw, i, word) is_understood =
		is_understood && add_word(words, json_string_value(word), variables);
	json_decref(raw);
	json_decref(variables);
	if (is_understood)
		return words;
	json_decref(words);
	return NULL;
}

const char *collect_exec_start(const json_t *service)
{
	json_t *lines = json_object_get(service, "ExecStart");
	size_t n = json_array_size(lines);
	return n ? json_string_value(json_array_get(lines, n - 1)) : NULL;
}

/* The program, when no unit file says how it is started. */
static const char *find_program(struct collector *c)
{
	static const char *const paths[] = { "/usr/bin/dockerd", "/usr/sbin/dockerd",
					     "/usr/local/bin/dockerd" };
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		json_t *st = stat_path(c, FETCH_BASE_ROOT, paths[i]);
		bool is_there = json_is_true(json_object_get(st, "exists"));
		json_decref(st);
		if (is_there)
			return paths[i];
	}
	return NULL;
}

json_t *collect_configured(struct collector *c)
{
	struct fact f = facts_find(c->world, "host/units/docker.service/settings/Service");
	const json_t *service = f.state == FACT_KNOWN ? f.value : NULL;
	const char *line = collect_exec_start(service);
	const char *program = line ? NULL : find_program(c);
	if (!line && !program)
		return fact_unread("there is no engine in this tree");
	json_t *words = collect_words(c, service, line ? line : program);
	json_t *exe = words ? json_incref(json_array_get(words, 0)) : NULL;
	return json_pack(
		"{so so sb s{} s[iiii] so sb}", "Args",
		words ? words
		      : fact_unread("docker.service starts it with '%s': " NEEDS_RUNNING, line),
		"Exe", exe ? exe : json_null(), "Configured", 1, "Environ", "Uid", 0, 0, 0, 0,
		"Listens", fact_unread(NEEDS_RUNNING), "OwnRoot", 0);
}
