/* SPDX-License-Identifier: Apache-2.0 */
/* fix.c: fuzzes what is printed to mend the failures of a saved report: root will run it. */
#include "fix.h"

#include "fix_print.h"
#include "fuzz.h"
#include "record.h"
#include "report_load.h"

/* Stands for whatever a hostile report holds; no text of ours has it. */
static const char word[] = "EVIL";

/* In a shell script such text is in comments and between quotes, and nowhere else. */
static void check_script(const char *s)
{
	char quote = '\0';
	bool at_start = true;

	for (; *s; s++) {
		if (!quote && at_start && *s == '#') {
			s += strcspn(s, "\n");
			if (!*s)
				return;
			continue;
		}
		FUZZ_CHECK(quote == '\'' || !starts_with(s, word), "a command: %.80s", s);
		if (*s == '\\' && quote != '\'' && s[1])
			s++;
		else if (quote == *s)
			quote = '\0';
		else if (!quote && (*s == '\'' || *s == '"'))
			quote = *s;
		at_start = *s == '\n';
	}
	FUZZ_CHECK(!quote, "ends within quotes");
}

/* In a list of rules or settings, in comments alone. */
static void check_lines(const char *s)
{
	AUTO_FREE char *copy = xstrdup(s);
	char *rest = copy;

	for (char *line; (line = strsep(&rest, "\n"));)
		FUZZ_CHECK(*line == '#' || !strstr(line, word), "a line: %s", line);
}

static char *printed(const struct fixes *f, const struct fix_format *format)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	AUTO_FILE FILE *notes = fopen("/dev/null", "we");

	format->print(f, out, notes);
	fclose(out);
	return text;
}

static void print_all(const struct report *r, json_t *given)
{
	struct fixes fixes;

	fixes_make(&fixes, r, given);
	for (const struct fix_format *format = fix_formats; format->name; format++) {
		AUTO_FREE char *text = printed(&fixes, format);

		if (format->print == fix_print_sh)
			check_script(text);
		else if (format->print == fix_print_audit_rules ||
			 format->print == fix_print_sysctl_conf)
			check_lines(text);
	}
	fixes_done(&fixes);
}

/* A report, and up to a blank line before it a daemon.json. */
FUZZ(fix)
{
	CLEANUP(err_done) struct err err = { 0 };
	CLEANUP(report_unload_p) struct report *r = NULL;
	AUTO_FREE char *config = fuzz_part(&data, &n);
	AUTO_FREE char *text = fuzz_text(data, n);
	AUTO_JSON json_t *given = json_parse_hostile(config, strlen(config), &err);

	err_done(&err);
	if (report_load("a", text, n, &r, &err) < 0)
		return 0;
	print_all(r, json_is_object(given) ? given : NULL);
	return 0;
}
