/* SPDX-License-Identifier: Apache-2.0 */
/* conflines.c: ready-made functions of confdir.h for the common forms of a line. */
#include "confdir.h"

char *conf_cut_blanks(char *s)
{
	s += strspn(s, " \t\r\f\v");
	size_t n = strlen(s);
	while (n > 0 && strchr(" \t\r\f\v\n", s[n - 1]))
		s[--n] = '\0';
	return s;
}

void conf_line_equals(struct conf *c, char *line)
{
	char *equals = strchr(line, '=');
	if (!equals)
		return;
	*equals = '\0';
	conf_set(c, conf_cut_blanks(line), conf_cut_blanks(equals + 1));
}

void conf_line_ini(struct conf *c, char *line)
{
	size_t n = strlen(line);
	char *equals = strchr(line, '=');
	if (*line == '[' && line[n - 1] == ']') {
		line[n - 1] = '\0';
		conf_set_section(c, line + 1);
		return;
	}
	if (!equals)
		return;
	*equals = '\0';
	AUTO_FREE char *key = xasprintf("%s/%s", conf_section(c), conf_cut_blanks(line));
	conf_set(c, key, conf_cut_blanks(equals + 1));
}

void conf_line_words(struct conf *c, char *line)
{
	size_t n = strcspn(line, " \t");
	char *value = line + n;
	if (*value)
		*value++ = '\0';
	conf_set(c, line, conf_cut_blanks(value));
}
