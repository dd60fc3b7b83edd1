/* SPDX-License-Identifier: Apache-2.0 */
/* cmdline.c: see cmdline.h. */
#include "cmdline.h"

#include "record.h"
#include "redact.h"
#include "text.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The next word, its quotes with it; blanks within quotes do not end it. */
static char *next_word(const char **text)
{
	const char *p = *text;
	bool is_quoted = false;
	while (is_blank(*p))
		p++;
	const char *start = p;
	for (; *p && (is_quoted || !is_blank(*p)); p++)
		is_quoted ^= *p == '"';
	*text = p;
	return p > start ? xstrndup(start, (size_t)(p - start)) : NULL;
}

/* Quotes around all of s, or as in "name=value, go away. */
static char *without_quotes(char *s)
{
	if (*s == '"')
		s++;
	size_t n = strlen(s);
	if (n > 0 && s[n - 1] == '"')
		s[n - 1] = '\0';
	return s;
}

static void add_option(json_t *options, char *word)
{
	if (*word == '"')
		word = without_quotes(word);
	char *value = strchr(word, '=');
	if (value)
		*value++ = '\0';
	for (char *p = word; *p; p++)
		if (*p == '-')
			*p = '_';
	json_t *list = json_object_get(options, word);
	if (!list) {
		list = json_array();
		json_object_set_new(options, word, list);
	}
	json_array_insert_new(list, 0, json_string(value ? without_quotes(value) : ""));
}

json_t *cmdline_options(const char *text)
{
	AUTO_FREE char *copy = xstrdup(text);
	json_t *options = json_object();
	const char *p = copy;
	utf8_mend(copy, strlen(copy));
	for (;;) {
		AUTO_FREE char *word = next_word(&p);
		if (!word || streq(word, "--"))
			break;
		add_option(options, word);
	}
	redact_settings(options);
	return options;
}
