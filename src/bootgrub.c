/* SPDX-License-Identifier: Apache-2.0 */
/* bootgrub.c: GRUB's environment, configuration and the words of its shell. */
#include "bootgrub.h"

#include "cmdline.h"
#include "facts.h"
#include "record.h"
#include "text.h"

static const char blanks[] = " \t\r";

/* --- words and variables ---------------------------------------------------------------------- */

/* The value of a variable; NULL with *ret_why when it may be one of several. */
static const char *variable(const struct boot *b, const char *name, const char **ret_why)
{
	json_t *values = json_object_get(b->variables, name);
	const char *value = json_string_value(json_object_get(b->environment, name));
	if (value)
		return value;
	if (json_array_size(values) > 1) {
		*ret_why = "a variable has several values";
		return NULL;
	}
	/* One that is not set is empty. */
	return values ? json_string_value(json_array_get(values, 0)) : "";
}

/* Appends the value of $name or ${name} at *p, which begins with "$". */
static bool expand(const struct boot *b, struct text *t, const char **p, const char **ret_why)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
				      "0123456789";
	const char *start = *p + 1;
	bool has_brace = *start == '{';
	start += has_brace;
	size_t n = strspn(start, letters);
	if (n == 0 || (has_brace && start[n] != '}')) {
		text_add_char(t, '$');
		(*p)++;
		return true;
	}
	AUTO_FREE char *name = xstrndup(start, n);
	const char *value = variable(b, name, ret_why);
	*p = start + n + has_brace;
	if (value)
		text_add(t, value);
	return value != NULL;
}

/*
 * The next word of a line as GRUB's shell has it; NULL at the end, or with *ret_why when a variable
 * in it is not known.
 */
static char *grub_word(const struct boot *b, const char **line, const char **ret_why)
{
	struct text word AUTO_TEXT = { 0 };
	const char *p = *line + strspn(*line, blanks);
	char quote = '\0';
	if (!*p || *p == '#' || *p == ';')
		return NULL;
	for (; *p && (quote || !strchr(" \t\r;", *p)); p++) {
		if (*p == quote) {
			quote = '\0';
		} else if (!quote && (*p == '"' || *p == '\'')) {
			quote = *p;
		} else if (*p == '\\' && quote != '\'' && p[1]) {
			text_add_char(&word, *++p);
		} else if (*p == '$' && quote != '\'') {
			if (!expand(b, &word, &p, ret_why))
				return NULL;
			p--;
		} else {
			text_add_char(&word, *p);
		}
	}
	*line = p;
	text_add(&word, "");
	return word.s ? text_take(&word) : xstrdup("");
}

json_t *boot_grub_options(const struct boot *b, const char *line, const char *file, size_t at)
{
	struct text all AUTO_TEXT = { 0 };
	const char *why = NULL;
	for (;;) {
		AUTO_FREE char *word = grub_word(b, &line, &why);
		if (why)
			return fact_unread("%s:%zu: %s", file, at, why);
		if (!word)
			return cmdline_options(text_str(&all));
		text_add(&all, word);
		text_add_char(&all, ' ');
	}
}

void boot_grubenv(struct boot *b, char *text)
{
	for (char *line; (line = strsep(&text, "\n"));) {
		char *value = strchr(line, '=');
		if (*line == '#' || !value)
			continue;
		*value++ = '\0';
		AUTO_FREE char *key = xstrdup(line);
		utf8_mend(key, strlen(key));
		json_object_set_new(b->environment, key, boot_text(value));
	}
}

static bool has_text(const json_t *list, const char *s)
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

/* set NAME=VALUE; what is set to itself with something is not understood. Does it name superusers?
 */
static bool note_set(struct boot *b, const char *line)
{
	const char *why = NULL;
	AUTO_FREE char *word = grub_word(b, &line, &why);
	char *value = word ? strchr(word, '=') : NULL;
	if (!value)
		return false;
	*value++ = '\0';
	json_t *values = json_object_get(b->variables, word);
	bool is_for_superusers = streq(word, "superusers") && *value;
	b->has_superusers |= is_for_superusers;
	if (streq(word, "default") && *value && !has_text(b->defaults, value))
		json_array_append_new(b->defaults, boot_text(value));
	if (!values) {
		values = json_array();
		utf8_mend(word, strlen(word));
		json_object_set_new(b->variables, word, values);
	}
	if (!has_text(values, value))
		json_array_append_new(values, boot_text(value));
	return is_for_superusers;
}

/* --- grub.cfg --------------------------------------------------------------------------------- */

struct menu {
	struct boot *b;
	const char *file;
	char *title, *id;
	size_t line, depth; /* of braces */
	bool is_top;
	bool has_menu, has_superusers;
};

static bool is_command(const char *line, const char *command)
{
	size_t n = strlen(command);
	return strncmp(line, command, n) == 0 && (line[n] == '\0' || strchr(" \t{", line[n]));
}

/* A name from a line that begins a menu, and what follows --id or $menuentry_id_option. */
static void begin_menu(struct menu *m, const char *line)
{
	const char *why = NULL;
	free(m->title);
	free(m->id);
	m->title = grub_word(m->b, &line, &why);
	m->id = NULL;
	bool is_next = false;
	for (char *word; (word = grub_word(m->b, &line, &why));) {
		if (is_next && !m->id)
			m->id = xstrdup(word);
		/* The variable is "--id" where GRUB knows it, and is empty to us. */
		is_next = streq(word, "--id") || *word == '\0';
		free(word);
	}
	if (m->depth == 0)
		m->b->n_top++;
	m->is_top = m->depth == 0;
	m->has_menu = true;
}

/* Index in the menu, or its title: what "default" may name. Of one in a submenu the id is enough.
 */
static void add_grub_entry(struct menu *m, const char *line)
{
	const char *why = NULL, *rest = line;
	AUTO_FREE char *kernel = grub_word(m->b, &rest, &why);
	if (!kernel || strstr(kernel, "memtest") || strstr(kernel, "ipxe"))
		return;
	const struct boot_item e = { .loader = "grub",
				     .file = m->file,
				     .id = m->id ? m->id : "",
				     .title = m->title ? m->title : "",
				     .kernel = kernel,
				     .line = m->line };
	boot_add_entry(m->b, &e, boot_grub_options(m->b, rest, m->file, m->line));
	json_t *made = json_array_get(m->b->entries, json_array_size(m->b->entries) - 1);
	if (m->is_top)
		json_object_set_new(made, "index", json_integer((json_int_t)m->b->n_top - 1));
}

/*
 * How long the statement is that line begins with, with the ";" or brace that ends it; *ret_end is
 * that, or NUL at the end of the line and before a comment.
 */
static size_t statement_length(const char *line, char *ret_end)
{
	char quote = '\0';
	*ret_end = '\0';
	for (size_t i = 0; line[i]; i++) {
		if (line[i] == '\\' && quote != '\'' && line[i + 1]) {
			i++;
		} else if (line[i] == quote) {
			quote = '\0';
		} else if (!quote && (line[i] == '"' || line[i] == '\'')) {
			quote = line[i];
		} else if (!quote && line[i] == '$' && line[i + 1] == '{') {
			i += strcspn(line + i, "}");
			if (!line[i])
				return i;
		} else if (!quote && line[i] == '#' && (i == 0 || strchr(blanks, line[i - 1]))) {
			return i + strlen(line + i);
		} else if (!quote && strchr(";{}", line[i])) {
			*ret_end = line[i];
			return i + 1;
		}
	}
	return strlen(line);
}

static void look_at_password(struct boot *b, const char *line)
{
	if (is_command(line, "password_pbkdf2") && strstr(line, "grub.pbkdf2."))
		b->has_password = true;
	if (is_command(line, "password"))
		b->has_password = b->is_plain = true;
}

/* Words of the shell's own that a command follows on the same line. */
static const char *without_keywords(const char *line)
{
	static const char *const keywords[] = { "then", "else", "do", "if", "elif", "!" };
	for (size_t i = 0; i < ARRAY_SIZE(keywords);) {
		if (is_command(line, keywords[i]) && line[strlen(keywords[i])] != '{') {
			line += strlen(keywords[i]);
			line += strspn(line, blanks);
			i = 0;
		} else {
			i++;
		}
	}
	return line;
}

static void grub_statement(struct menu *m, const char *line)
{
	static const char *const kernels[] = { "linux", "linux16", "linuxefi" };
	line = without_keywords(line);
	if (is_command(line, "menuentry"))
		begin_menu(m, line + strlen("menuentry"));
	else if (is_command(line, "submenu"))
		begin_menu(m, line + strlen("submenu"));
	else if (is_command(line, "set"))
		m->has_superusers |= note_set(m->b, line + strlen("set"));
	else if (is_command(line, "blscfg"))
		m->has_menu = true;
	for (size_t i = 0; i < ARRAY_SIZE(kernels); i++)
		if (is_command(line, kernels[i]))
			add_grub_entry(m, line + strlen(kernels[i]));
	/* Under Xen the kernel is the first module. */
	if ((is_command(line, "module") || is_command(line, "module2")) && strstr(line, "vmlinu"))
		add_grub_entry(m, line + strcspn(line, blanks));
	look_at_password(m->b, line);
}

static void grub_line(struct menu *m, const char *line)
{
	for (;;) {
		char end;
		line += strspn(line, blanks);
		if (!*line || *line == '#')
			return;
		size_t n = statement_length(line, &end);
		AUTO_FREE char *one = xstrndup(line, n - (end != '\0'));
		grub_statement(m, one);
		m->depth += end == '{';
		m->depth -= end == '}' && m->depth > 0;
		line += n;
	}
}

/* custom.cfg is a part of the grub.cfg beside it. */
static void note_superusers(struct menu *m)
{
	size_t n = strlen(m->file) - strlen("custom.cfg");
	char **open = &m->b->open;
	if (!ends_with(m->file, "/custom.cfg")) {
		if (m->has_menu && !m->has_superusers && !*open)
			*open = xstrdup(m->file);
	} else if (m->has_superusers && *open && strncmp(*open, m->file, n) == 0 &&
		   !strchr(*open + n, '/')) {
		free(*open);
		*open = NULL;
	}
}

void boot_grub(struct boot *b, const char *file, char *text)
{
	struct menu m = { .b = b, .file = file };
	for (char *line; (line = strsep(&text, "\n"));) {
		size_t n = strlen(line);
		m.line++;
		/* A backslash at the end joins the next line, but for that of a comment. */
		while (line[strspn(line, blanks)] != '#' && n > 0 && line[n - 1] == '\\' && text) {
			char *more = strsep(&text, "\n");
			size_t n_more = strlen(more);
			line[n - 1] = ' ';
			memmove(line + n, more, n_more + 1);
			n += n_more;
			m.line++;
		}
		grub_line(&m, line);
	}
	note_superusers(&m);
	free(m.title);
	free(m.id);
}
