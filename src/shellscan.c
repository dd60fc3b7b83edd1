/* SPDX-License-Identifier: Apache-2.0 */
/* shellscan.c: see shellscan.h. */
#include "shellscan.h"

#include "text.h"

struct scan {
	unsigned depth;   /* of conditions, loops and functions */
	unsigned parens;  /* of subshells; a lone ")" is that of a case */
	bool after_maybe; /* this command comes after && or || */
	char *here;       /* the word that ends a here-document */
	char quote;       /* that a line left open: what closes it */
};

static const char *const names[] = { "umask", "TMOUT", "PATH" };

static bool is_one_of(const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (streq(word, list[i]))
			return true;
	}
	return false;
}

static bool is_watched(const char *name)
{
	return is_one_of(name, names, ARRAY_SIZE(names));
}

/* --- words ----------------------------------------------------------------------------------- */

/* A word as it is read. */
struct word {
	struct text text;
	char quote;      /* what closes the one that is open */
	char inner;      /* the same, of one within $( ) */
	unsigned parens; /* that are open within $( ) */
};

static bool is_quote(char ch)
{
	return ch == '"' || ch == '\'';
}

/* A command in place of which the shell puts what it prints is written as "$". */
static void in_plain(struct word *w, const char *s)
{
	bool is_command = !w->quote && (*s == '`' || (s[0] == '$' && s[1] == '('));
	text_add_char(&w->text, is_command ? '$' : *s);
	if (is_command)
		w->quote = *s == '`' ? '`' : ')';
}

static void in_substitution(struct word *w, char ch)
{
	if (w->inner)
		w->inner = ch == w->inner ? '\0' : w->inner;
	else if (is_quote(ch) || ch == '`')
		w->inner = ch;
	else if (ch == '(')
		w->parens++;
	else if (ch == ')' && --w->parens == 0)
		w->quote = '\0';
	if (w->quote)
		text_add_char(&w->text, ch);
}

/* Does a backslash stand here that takes the next character its meaning? */
static bool is_escape(const char *s, char quote)
{
	return *s == '\\' && s[1] && quote != '\'';
}

/* The lines after one that ends within $( are a subshell. */
static void leave_open(struct scan *scan, const struct word *w)
{
	scan->parens += w->parens;
	scan->quote = w->quote == ')' ? w->inner : w->quote;
}

/* The next word of a command, without its quotes, malloc'ed; NULL at the end of the command. */
static char *next_word(struct conf *c, const char **s)
{
	struct word w = { 0 };
	*s += strspn(*s, " \t");
	if (**s == '\0' || **s == '#' || strchr(";&|()", **s))
		return NULL;
	for (; **s && (w.quote || !strchr(" \t;&|()", **s)); (*s)++) {
		if (is_escape(*s, w.quote == ')' ? w.inner : w.quote))
			text_add_char(&w.text, *++*s);
		else if (w.quote == ')')
			in_substitution(&w, **s);
		else if (w.quote ? **s == w.quote : is_quote(**s))
			w.quote = w.quote ? '\0' : **s;
		else
			in_plain(&w, *s);
	}
	if (w.quote)
		leave_open(conf_context(c), &w);
	return text_take(&w.text);
}

static void skip_arguments(struct conf *c, const char **rest)
{
	char *word;
	while ((word = next_word(c, rest)))
		free(word);
}

/* What stands behind the quote that a line before left open, which is of an argument; NULL: it
 * stays open. */
static const char *behind_quote(struct conf *c, const char *s)
{
	struct scan *scan = conf_context(c);
	for (; *s && *s != scan->quote; s++)
		s += is_escape(s, scan->quote);
	if (!*s++)
		return NULL;
	scan->quote = '\0';
	skip_arguments(c, &s);
	return s;
}

/* u=rwx,g=rx,o= as digits; false when it is no such text (+ and - change what nobody here knows).
 */
static bool symbolic_umask(const char *text, unsigned *ret)
{
	unsigned allowed = 0, seen = 0;
	for (const char *s = text; *s;) {
		unsigned who = 0, what = 0;
		for (; *s && strchr("ugoa", *s); s++)
			who |= *s == 'u' ? 0700 : *s == 'g' ? 070 : *s == 'o' ? 07 : 0777;
		if (*s++ != '=' || who == 0)
			return false;
		for (; *s && strchr("rwx", *s); s++)
			what |= *s == 'r' ? 0444 : *s == 'w' ? 0222 : 0111;
		if (*s && *s++ != ',')
			return false;
		allowed = (allowed & ~who) | (what & who);
		seen |= who;
	}
	*ret = ~allowed & 0777;
	return seen == 0777;
}

/* --- commands -------------------------------------------------------------------------------- */

static void note(struct conf *c, const char *name, const char *value)
{
	const struct scan *scan = conf_context(c);
	bool is_sure = scan->depth == 0 && scan->parens == 0 && !scan->after_maybe;
	AUTO_FREE char *key = xasprintf("%s%s", is_sure ? "" : "if/", name);
	conf_set(c, key, value);
}

static void note_umask(struct conf *c, const char **rest)
{
	AUTO_FREE char *word = next_word(c, rest);
	unsigned mask;
	while (word && *word == '-' && (free(word), word = next_word(c, rest)))
		;
	if (!word)
		return; /* it prints the mask */
	if (word[strspn(word, "01234567")] && symbolic_umask(word, &mask)) {
		free(word);
		word = xasprintf("%03o", mask);
	}
	note(c, "umask", word);
}

/* NAME=value, and for NAME of readonly and export. */
static bool note_assignment(struct conf *c, const char *word)
{
	const char *equals = strchr(word, '=');
	if (!equals)
		return false;
	AUTO_FREE char *name = xstrndup(word, (size_t)(equals - word));
	if (is_watched(name) && !streq(name, "umask"))
		note(c, name, equals + 1);
	return true;
}

static void note_flag(struct conf *c, const char *flag, const char *word)
{
	AUTO_FREE char *name = xstrndup(word, strcspn(word, "="));
	if (!is_watched(name))
		return;
	AUTO_FREE char *key = xasprintf("%s/%s", flag, name);
	conf_set(c, key, "");
}

/* The words after export, readonly, declare, typeset. */
static void note_declaration(struct conf *c, const char *command, const char **rest)
{
	bool is_export = streq(command, "export"), is_readonly = streq(command, "readonly");
	char *word;
	for (; (word = next_word(c, rest)); free(word)) {
		if (*word == '-') {
			is_export |= strchr(word, 'x') != NULL;
			is_readonly |= strchr(word, 'r') != NULL;
			continue;
		}
		note_assignment(c, word);
		if (is_export)
			note_flag(c, "export", word);
		if (is_readonly)
			note_flag(c, "readonly", word);
	}
}

static void one_command(struct conf *c, const char **rest)
{
	static const char *const openers[] = { "if", "for", "while", "until", "case", "select" };
	static const char *const closers[] = { "fi", "done", "esac", "}" };
	static const char *const fillers[] = { "then", "else", "do", "elif", "!", "time" };
	static const char *const declaring[] = { "export", "readonly", "declare", "typeset",
						 "local" };
	struct scan *scan = conf_context(c);
	char *word;
	for (; (word = next_word(c, rest)); free(word)) {
		if (is_one_of(word, openers, ARRAY_SIZE(openers)) || streq(word, "{"))
			scan->depth++;
		else if (streq(word, "function"))
			free(next_word(c, rest));
		else if (is_one_of(word, closers, ARRAY_SIZE(closers)))
			scan->depth -= scan->depth > 0;
		else if (streq(word, "umask"))
			note_umask(c, rest);
		else if (is_one_of(word, declaring, ARRAY_SIZE(declaring)))
			note_declaration(c, word, rest);
		else if (!is_one_of(word, fillers, ARRAY_SIZE(fillers)) &&
			 !note_assignment(c, word))
			break; /* a command of another kind; its arguments are none of ours */
	}
	free(word);
	skip_arguments(c, rest);
}

static void note_here_document(struct scan *scan, const char *line)
{
	const char *s = strstr(line, "<<");
	if (!s || s[2] == '<')
		return;
	s += 2 + strspn(s + 2, "- \t'\"\\");
	size_t n = strcspn(s, " \t'\";|&<>");
	if (n)
		scan->here = xstrndup(s, n);
}

static void shell_line(struct conf *c, char *line)
{
	struct scan *scan = conf_context(c);
	const char *rest = line;
	if (scan->here) {
		if (streq(line, scan->here)) {
			free(scan->here);
			scan->here = NULL;
		}
		return;
	}
	if (scan->quote && !(rest = behind_quote(c, rest)))
		return;
	note_here_document(scan, rest);
	bool ends_open = false;
	while (*rest && *rest != '#') {
		one_command(c, &rest);
		const char *sign = rest;
		if (starts_with(rest, "&&") || starts_with(rest, "||")) {
			scan->after_maybe = true;
			rest++;
		} else if (*rest == ';') {
			scan->after_maybe = false;
		} else if (*rest == '(') {
			scan->parens++;
		} else if (*rest == ')') {
			scan->parens -= scan->parens > 0;
		}
		rest += *rest && strchr(";&|()", *rest);
		rest += strspn(rest, " \t");
		ends_open = starts_with(sign, "&&") || starts_with(sign, "||");
	}
	scan->after_maybe = ends_open && scan->after_maybe;
}

static void begin_file(struct conf *c)
{
	struct scan *scan = conf_context(c);
	free(scan->here);
	*scan = (struct scan){ 0 };
}

/* What stands behind either was not understood. */
static void end_file(struct conf *c)
{
	const struct scan *scan = conf_context(c);
	if (scan->quote)
		conf_refuse(c, "a quote (%c) has no end", scan->quote);
	if (scan->here)
		conf_refuse(c, "a here-document has no end (%s)", scan->here);
}

json_t *shell_scan(const struct conf_source *source, const char *const *first,
		   const char *const *dirs)
{
	struct scan scan = { 0 };
	const struct conf_spec spec = {
		.first = first,
		.dirs = dirs,
		.suffix = ".sh",
		.comments = "#",
		.flags = CONF_CONTINUES | CONF_COMMENTS_END,
		.merge = CONF_ALL,
		.line = shell_line,
		.begin = begin_file,
		.end = end_file,
		.context = &scan,
	};
	json_t *found = conf_read(&spec, source);
	free(scan.here);
	return found;
}
