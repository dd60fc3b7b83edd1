/* SPDX-License-Identifier: Apache-2.0 */
/* cpuinfo.c: see cpuinfo.h. */
#include "cpuinfo.h"

#include "confdir.h"
#include "record.h"

static bool lists(const json_t *list, const char *s)
{
	size_t i;
	json_t *one;
	json_array_foreach(list, i, one)
	{
		if (streq(json_string_value(one), s))
			return true;
	}
	return false;
}

static json_t *words_of(char *text)
{
	json_t *words = json_array();
	for (char *word; (word = strsep(&text, " \t"));)
		if (*word)
			json_array_append_new(words, json_string(word));
	return words;
}

/* Those of *both that are in more, too; takes more. */
static void keep_common(json_t **both, json_t *more)
{
	if (!*both) {
		*both = more;
		return;
	}
	for (size_t i = json_array_size(*both); i-- > 0;)
		if (!lists(more, json_string_value(json_array_get(*both, i))))
			json_array_remove(*both, i);
	json_decref(more);
}

json_t *cpuinfo_fact(char *text, size_t n)
{
	json_t *flags = NULL, *vendor = NULL, *microcode = json_array();
	json_int_t count = 0;
	AUTO_FREE char *last = NULL; /* flags of many processors are the same line */
	utf8_mend(text, n);
	for (char *line; (line = strsep(&text, "\n"));) {
		char *value = strchr(line, ':');
		if (!value)
			continue;
		*value++ = '\0';
		char *key = conf_cut_blanks(line);
		value = conf_cut_blanks(value);
		if (streq(key, "processor")) {
			count++;
		} else if (streq(key, "vendor_id") && !vendor) {
			vendor = json_string(value);
		} else if (streq(key, "microcode") && !lists(microcode, value)) {
			json_array_append_new(microcode, json_string(value));
		} else if (streq(key, "flags") && !(last && streq(last, value))) {
			free(last);
			last = xstrdup(value);
			keep_common(&flags, words_of(value));
		}
	}
	return json_pack("{sI so so so}", "count", count, "vendor", vendor ? vendor : json_null(),
			 "flags", flags ? flags : json_null(), "microcode", microcode);
}
