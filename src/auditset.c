/* SPDX-License-Identifier: Apache-2.0 */
/* auditset.c: reads files of audit rules as auditctl -R does (auditctl(8), audit.rules(7),
 * augenrules(8)). */
#include "auditset.h"

#include <ctype.h>

#include "auditline.h"
#include "text.h"

/* --- a set ---------------------------------------------------------------------------------------
 */

void auditset_init(struct auditset *s, const struct auditarch *machine, bool is_merged)
{
	*s = (struct auditset){ .machine = machine,
				.is_merged = is_merged,
				.rules = json_array(),
				.errors = json_array(),
				.settings = json_object() };
}

void auditset_done(struct auditset *s)
{
	json_decref(s->rules);
	json_decref(s->errors);
	json_decref(s->settings);
	*s = (struct auditset){ 0 };
}

static void add_error(struct auditset *s, const char *file, unsigned line, const char *why)
{
	AUTO_TEXT struct text t = { 0 };
	if (json_array_size(s->errors) >= AUDITSET_ERRORS)
		return;
	text_clean(&t, why, strnlen(why, 200));
	json_array_append_new(s->errors, json_pack("{ss si ss}", "file", file, "line", (int)line,
						   "error", text_str(&t)));
}

/* The same rule, wherever it stands. */
static bool is_same(json_t *a, json_t *b)
{
	static const char *const place[] = { "file", "line" };
	json_t *x = json_copy(a), *y = json_copy(b);
	for (size_t i = 0; i < ARRAY_SIZE(place); i++) {
		json_object_del(x, place[i]);
		json_object_del(y, place[i]);
	}
	bool same = json_equal(x, y);
	json_decref(x);
	json_decref(y);
	return same;
}

static void remove_rules(struct auditset *s, bool (*is_meant)(json_t *rule, json_t *pattern),
			 json_t *pattern)
{
	s->is_cut |= ++s->removals > AUDITSET_REMOVALS;
	for (size_t i = s->is_cut ? 0 : json_array_size(s->rules); i-- > 0;)
		if (is_meant(json_array_get(s->rules, i), pattern))
			json_array_remove(s->rules, i);
}

/* auditctl -D -k KEY. */
static bool has_key(json_t *rule, json_t *pattern)
{
	const char *key = json_string_value(json_object_get(rule, "key"));
	const char *wanted = json_string_value(pattern);
	return key && wanted && streq(key, wanted);
}

static void clear(struct auditset *s, const char *key)
{
	if (!key) {
		if (!s->is_merged)
			json_array_clear(s->rules);
		return;
	}
	json_t *pattern = json_string(key);
	remove_rules(s, has_key, pattern);
	json_decref(pattern);
}

static void carry_out(struct auditset *s, struct auditline *l, const char *file, unsigned number)
{
	json_t *rule = l->what == LINE_ADD || l->what == LINE_DELETE
			       ? auditrule_json(&l->rule, s->machine)
			       : NULL;
	if (l->what == LINE_CLEAR)
		clear(s, l->rule.key);
	else if (l->what == LINE_DELETE)
		remove_rules(s, is_same, rule);
	json_object_update(s->settings, l->settings);
	s->is_locked |=
		!s->is_merged && json_integer_value(json_object_get(l->settings, "enabled")) == 2;
	if (l->what == LINE_ADD && json_array_size(s->rules) >= AUDITSET_RULES) {
		s->is_cut = true;
	} else if (l->what == LINE_ADD) {
		json_object_set_new(rule, "file", json_string(file));
		json_object_set_new(rule, "line", json_integer(number));
		if (l->rule.is_first)
			json_array_insert(s->rules, 0, rule);
		else
			json_array_append(s->rules, rule);
	}
	json_decref(rule);
}

static void read_line(struct auditset *s, const char *file, unsigned number, char *text)
{
	struct auditline l CLEANUP(auditline_done) = { .machine = s->machine };
	text += strspn(text, " \t");
	if (!*text || *text == '#')
		return;
	if (s->is_locked)
		l.why = xstrdup("comes after -e 2, which locks the rules");
	else if (strlen(text) > AUDITSET_LINE)
		l.why = xstrdup("the line is too long");
	else
		auditline_parse(&l, text);
	if (l.why)
		add_error(s, file, number, l.why);
	else
		carry_out(s, &l, file, number);
}

void auditset_read(struct auditset *s, const char *file, char *text, size_t n)
{
	char *end = text + n, *line = text;
	for (unsigned number = 1; line < end && !s->is_cut; number++) {
		char *stop = memchr(line, '\n', (size_t)(end - line));
		if (stop)
			*stop = '\0';
		/* A NUL ends the line, as it does for auditctl. */
		read_line(s, file, number, line);
		if (!stop)
			break;
		line = stop + 1;
	}
}

/* --- the order of files --------------------------------------------------------------------------
 */

/* As sort -V orders characters: a tilde before the end, the end before letters, letters before all
 * else. */
static int weight(char c)
{
	unsigned char u = (unsigned char)c;
	if (c == '\0' || isdigit(u))
		return 0;
	if (c == '~')
		return -1;
	return isalpha(u) ? u : u + 256;
}

static int compare_numbers(const char **a, const char **b)
{
	*a += strspn(*a, "0");
	*b += strspn(*b, "0");
	size_t n = strspn(*a, "0123456789"), m = strspn(*b, "0123456789");
	int order = n != m ? (n < m ? -1 : 1) : strncmp(*a, *b, n);
	*a += n;
	*b += m;
	return order;
}

static int compare_parts(const char *a, const char *b)
{
	while (*a || *b) {
		while ((*a && !isdigit((unsigned char)*a)) || (*b && !isdigit((unsigned char)*b))) {
			int order = weight(*a) - weight(*b);
			if (order)
				return order;
			a += *a != '\0';
			b += *b != '\0';
		}
		int order = compare_numbers(&a, &b);
		if (order)
			return order;
	}
	return 0;
}

/* Without its suffix: what follows from the first of the dots behind which only letters and digits
 * come. */
static char *stem_of(const char *name)
{
	size_t n = strlen(name), cut = n;
	for (size_t i = n; i-- > 1;) {
		unsigned char c = (unsigned char)name[i], next = (unsigned char)name[i + 1];
		if (c == '.' && (isalpha(next) || next == '~'))
			cut = i;
		else if (!isalnum(c) && c != '~')
			break;
	}
	return xstrndup(name, cut);
}

int auditfile_compare(const char *a, const char *b)
{
	AUTO_FREE char *x = stem_of(a), *y = stem_of(b);
	int order = compare_parts(x, y);
	if (!order)
		order = compare_parts(a, b);
	return order ? order : strcmp(a, b);
}
