/* SPDX-License-Identifier: Apache-2.0 */
/* lsmfacts.c: see lsmfacts.h. */
#include "lsmfacts.h"

#include "confdir.h"
#include "facts.h"
#include "lsm.h"
#include "record.h"

json_t *lsm_list_fact(char *text)
{
	json_t *list = json_array();
	utf8_mend(text, strlen(text));
	for (char *word; (word = strsep(&text, ",\n"));) {
		word = conf_cut_blanks(word);
		if (*word)
			json_array_append_new(list, json_string(word));
	}
	return list;
}

static bool take_number(const char *line, const char *word, int64_t *ret)
{
	size_t n = strlen(word);
	return strncmp(line, word, n) == 0 && line[n] == ' ' && parse_int(line + n + 1, ret);
}

json_t *lsm_told_fact(char *text, int64_t *ret_landlock)
{
	json_t *list = json_array();
	int64_t n;
	*ret_landlock = 0;
	for (char *line; (line = strsep(&text, "\n"));) {
		if (take_number(line, "module", &n)) {
			const char *name = lsm_name(n);
			AUTO_FREE char *number = xasprintf("module %lld", (long long)n);
			json_array_append_new(list, json_string(name ? name : number));
		} else if (take_number(line, "landlock", &n)) {
			*ret_landlock = n;
		} else if (take_number(line, "modules-error", &n)) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

json_t *lsm_bracketed_fact(char *text)
{
	char *open = strchr(text, '['), *close = open ? strchr(open, ']') : NULL;
	utf8_mend(text, strlen(text));
	return close ? json_stringn(open + 1, (size_t)(close - open - 1)) : json_string("");
}

json_t *apparmor_profiles_fact(char *text)
{
	json_t *list = json_array();
	utf8_mend(text, strlen(text));
	for (char *line; (line = strsep(&text, "\n"));) {
		size_t n = strlen(line);
		char *mode = strrchr(line, '(');
		if (n == 0)
			continue;
		if (!mode || mode < line + 2 || line[n - 1] != ')') {
			json_decref(list);
			return fact_unread("a line of the list of profiles was not understood");
		}
		line[n - 1] = '\0';
		mode[-1] = '\0';
		json_array_append_new(list, json_pack("{ss ss}", "name", line, "mode", mode + 1));
	}
	return list;
}

/*
 * Is word one of the flags of a profile? They stand in parentheses before its brace, with or
 * without "flags=" before them (apparmor.d(5)); so does nothing else.
 */
static bool has_flag(const char *text, const char *word)
{
	static const char between[] = ", \t\r\n";
	size_t n = strlen(word);
	for (const char *p = text; (p = strchr(p, '(')); p++) {
		const char *line = p, *close = p + strcspn(p, ")");
		while (line > text && line[-1] != '\n')
			line--;
		if (!*close || close[1 + strspn(close + 1, " \t\r\n")] != '{' ||
		    memchr(line, '#', (size_t)(p - line)))
			continue;
		for (const char *at = p + 1; at < close;) {
			at += strspn(at, between);
			size_t k = strcspn(at, ", \t\r\n)");
			if (k == n && strncmp(at, word, n) == 0)
				return true;
			at += k ? k : 1;
		}
	}
	return false;
}

const char *apparmor_file_mode(const char *text)
{
	static const char *const modes[] = { "complain", "unconfined", "kill" };
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		if (has_flag(text, modes[i]))
			return modes[i];
	return "enforce";
}
