/* SPDX-License-Identifier: Apache-2.0 */
/* fstab.c: see fstab.h. */
#include "fstab.h"

#include "facts.h"
#include "procparse.h"
#include "text.h"

enum { NODEV = 1, NOSUID = 2, NOEXEC = 4, USER = 8 };

/* What an option sets and clears; the last word on each counts. */
static const struct {
	const char *name;
	unsigned sets, clears;
} meanings[] = {
	{ "nodev", NODEV, 0 },
	{ "dev", 0, NODEV },
	{ "nosuid", NOSUID, 0 },
	{ "suid", 0, NOSUID },
	{ "noexec", NOEXEC, 0 },
	{ "exec", 0, NOEXEC },
	{ "user", USER | NODEV | NOSUID | NOEXEC, 0 },
	{ "users", USER | NODEV | NOSUID | NOEXEC, 0 },
	{ "owner", USER | NODEV | NOSUID, 0 },
	{ "group", USER | NODEV | NOSUID, 0 },
	{ "nouser", 0, USER },
	{ "nousers", 0, USER },
	{ "noowner", 0, USER },
	{ "nogroup", 0, USER },
};

static unsigned flags_of(const char *options)
{
	unsigned flags = 0;
	while (*options) {
		size_t n = strcspn(options, ",");
		/* Whole words: "user=NAME" is how cifs logs in. */
		for (size_t i = 0; i < ARRAY_SIZE(meanings); i++) {
			if (strlen(meanings[i].name) != n ||
			    strncmp(options, meanings[i].name, n) != 0)
				continue;
			flags = (flags & ~meanings[i].clears) | meanings[i].sets;
		}
		options += n + (options[n] == ',');
	}
	return flags;
}

void fstab_understand_options(json_t *entry)
{
	const char *options = json_string_value(json_object_get(entry, "options"));
	unsigned flags = flags_of(options ? options : "");
	json_object_set_new(entry, "nodev", json_boolean(flags & NODEV));
	json_object_set_new(entry, "nosuid", json_boolean(flags & NOSUID));
	json_object_set_new(entry, "noexec", json_boolean(flags & NOEXEC));
	json_object_set_new(entry, "user", json_boolean(flags & USER));
}

/* Values of options that log in to a server; malloc'ed. */
static char *without_passwords(const char *options)
{
	static const char *const secrets[] = { "pass", "password", "password2", "secret" };
	AUTO_TEXT struct text clean = { 0 };
	while (*options) {
		size_t n = strcspn(options, ","), name = strcspn(options, ",=");
		bool is_secret = false;
		for (size_t i = 0; i < ARRAY_SIZE(secrets); i++)
			is_secret |= name < n && strlen(secrets[i]) == name &&
				     strncmp(options, secrets[i], name) == 0;
		text_add_n(&clean, options, is_secret ? name + 1 : n);
		if (is_secret)
			text_add(&clean, "«redacted: password»");
		options += n;
		if (*options == ',')
			text_add_char(&clean, *options++);
	}
	return xstrdup(text_str(&clean));
}

/* A path without slashes at its end, as the kernel's table has it. */
static void cut_slashes(char *point)
{
	size_t n = strlen(point);
	while (n > 1 && point[n - 1] == '/')
		point[--n] = '\0';
}

/* The next word, or NULL. */
static char *next_word(char **rest)
{
	char *word;
	do
		word = strsep(rest, " \t\r");
	while (word && !*word);
	return word;
}

static json_t *entry_of(char *line, size_t number)
{
	enum { SOURCE, POINT, TYPE, OPTIONS, FIELDS };
	char *f[FIELDS] = { NULL };
	for (size_t i = 0; i < FIELDS; i++)
		f[i] = next_word(&line);
	if (!f[TYPE])
		return NULL;
	for (size_t i = 0; i < OPTIONS; i++)
		unescape_octal(f[i]);
	cut_slashes(f[POINT]);
	AUTO_FREE char *options = without_passwords(f[OPTIONS] ? f[OPTIONS] : "defaults");
	json_t *entry = json_pack("{ss ss ss ss sI}", "source", f[SOURCE], "point", f[POINT],
				  "type", f[TYPE], "options", options, "line", (json_int_t)number);
	if (entry)
		fstab_understand_options(entry);
	return entry;
}

json_t *fstab_parse(char *text)
{
	json_t *list = json_array();
	char *line;
	for (size_t number = 1; (line = strsep(&text, "\n")); number++) {
		line += strspn(line, " \t\r");
		if (*line == '\0' || *line == '#')
			continue;
		json_t *entry = entry_of(line, number);
		if (entry && json_array_size(list) < FSTAB_MAX) {
			json_array_append_new(list, entry);
			continue;
		}
		json_decref(entry);
		json_decref(list);
		if (!entry)
			return fact_unread("/etc/fstab: line %zu was not understood", number);
		return fact_unread("/etc/fstab: there are more than %d entries", FSTAB_MAX);
	}
	return list;
}
