/* SPDX-License-Identifier: Apache-2.0 */
/* image.c: which images the checks are about, and the history of how one was built. */
#include "image.h"

#include <string.h>

bool image_is_meant(struct sw_eval *e, enum image_scope scope)
{
	if (scope == IMAGE_IN_USE_OR_TAGGED && sw_count(e, "Inspect/RepoTags") > 0)
		return true;
	if (!sw_has(e, "InUse")) {
		sw_unknown(e, "whether a container uses it is not told");
		return false;
	}
	if (sw_bool(e, "InUse", false))
		return true;
	sw_skip(e, scope == IMAGE_IN_USE ? "no container uses it"
					 : "no container uses it and no tag names it");
	return false;
}

enum { NAMES_SHOWN = 5 };

void names_add(struct sw_eval *e, struct names *list, const char *name)
{
	if (list->n == 0)
		list->text = name;
	else if (list->n < NAMES_SHOWN)
		list->text = sw_at(e, "%s, %s", list->text, name);
	list->n++;
}

const char *names_text(struct sw_eval *e, const struct names *list)
{
	if (list->n > NAMES_SHOWN)
		return sw_at(e, "%zu: %s and %zu more", list->n, list->text, list->n - NAMES_SHOWN);
	return sw_at(e, "%zu: %s", list->n, list->n ? list->text : "");
}

/* --- lines ----------------------------------------------------------------------------------- */

static enum instruction instruction_of(const char *word, size_t n)
{
	static const struct {
		const char *word;
		enum instruction what;
	} known[] = {
		{ "RUN", LINE_RUN },          { "ADD", LINE_ADD },
		{ "COPY", LINE_COPY },        { "ARG", LINE_OTHER },
		{ "CMD", LINE_OTHER },        { "ENTRYPOINT", LINE_OTHER },
		{ "ENV", LINE_OTHER },        { "EXPOSE", LINE_OTHER },
		{ "FROM", LINE_OTHER },       { "HEALTHCHECK", LINE_OTHER },
		{ "LABEL", LINE_OTHER },      { "MAINTAINER", LINE_OTHER },
		{ "ONBUILD", LINE_OTHER },    { "SHELL", LINE_OTHER },
		{ "STOPSIGNAL", LINE_OTHER }, { "USER", LINE_OTHER },
		{ "VOLUME", LINE_OTHER },     { "WORKDIR", LINE_OTHER },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (strlen(known[i].word) == n && strncmp(known[i].word, word, n) == 0)
			return known[i].what;
	return LINE_EMPTY;
}

/* The word of an instruction at s, and what follows it; LINE_EMPTY when there is none. */
static struct line line_at(const char *s)
{
	size_t n = strcspn(s, " \t");

	return (struct line){ instruction_of(s, n), s + n + strspn(s + n, " \t") };
}

/* BuildKit's remark at the end would be words of the last command. */
static struct line without_remark(struct sw_eval *e, struct line line)
{
	static const char remark[] = " # buildkit";
	size_t n = strlen(line.text), length = sizeof(remark) - 1;

	if (n >= length && strcmp(line.text + n - length, remark) == 0)
		line.text = sw_at(e, "%.*s", (int)(n - length), line.text);
	return line;
}

/*
 * BuildKit begins with the instruction. The older builder writes the shell, "#(nop)" and the
 * instruction, or for a RUN only the command; the shell is whatever SHELL said, but it is no list
 * of commands.
 */
struct line history_line(struct sw_eval *e, size_t i)
{
	static const char nop[] = "#(nop)";
	const char *s = sw_str(e, sw_at(e, "History/%zu/CreatedBy", i), "");
	const char *mark = strstr(s, nop);
	struct line line = line_at(s);

	if (*s == '\0' || line.what != LINE_EMPTY)
		return without_remark(e, line);
	if (mark && strcspn(s, ";&|\n") > (size_t)(mark - s)) {
		mark += sizeof(nop) - 1;
		line = line_at(mark + strspn(mark, " \t"));
		if (line.what != LINE_EMPTY)
			return line;
	}
	return (struct line){ LINE_RUN, s };
}

static bool is_command_line(struct sw_eval *e, size_t i)
{
	const char *s = sw_str(e, sw_at(e, "History/%zu/CreatedBy", i), "");
	const char *mark = strstr(s, "#(nop)");

	if (mark)
		s = mark + strlen("#(nop)") + strspn(mark + strlen("#(nop)"), " ");
	return begins_with(s, "CMD ") || begins_with(s, "ENTRYPOINT ");
}

/*
 * Images end with what they start, so a CMD below a layer most likely ends a base image. It may
 * also be one of two in one Dockerfile: that is why such lines are never just left out.
 */
static void find_bounds(struct sw_eval *e, struct history *h)
{
	bool has_layer = false;

	h->likely_base = h->oldest = h->n;
	for (size_t i = 0; i < h->n; i++) {
		enum instruction what = history_line(e, i).what;

		if (what == LINE_OTHER && has_layer && h->likely_base == h->n &&
		    is_command_line(e, i))
			h->likely_base = i;
		if (what == LINE_OTHER)
			continue;
		has_layer = true;
		h->oldest = i;
	}
}

bool history_read(struct sw_eval *e, struct history *ret)
{
	*ret = (struct history){ .n = engine_count(e, "History"), .base_name = "" };
	if (ret->n == 0) {
		sw_unknown(e, "it has no history: how it was built is not told");
		return false;
	}
	find_bounds(e, ret);
	ret->base = ret->n;
	if (!sw_has(e, "Base"))
		return true;
	int64_t lines = sw_int(e, "Base/History", 0);
	ret->base_name = sw_str(e, "Base/Name", "its base image");
	if (lines > 0 && (uint64_t)lines < ret->n)
		ret->base = ret->likely_base = ret->n - (size_t)lines;
	return true;
}

enum owner history_owner(const struct history *h, size_t i)
{
	return i >= h->base ? BASE : i >= h->likely_base ? LIKELY_BASE : OWN;
}

void history_say(struct sw_eval *e, const struct history *h, size_t i, const char *what)
{
	if (history_owner(h, i) == OWN)
		sw_fail(e, "%s", what);
	else if (history_owner(h, i) == LIKELY_BASE)
		sw_warn(e, "%s, it seems in its base image, which this engine does not have", what);
}

const char *history_note(struct sw_eval *e, const struct history *h)
{
	return h->base < h->n ? sw_at(e, "; what it has from %s is judged there", h->base_name)
			      : "";
}

/* --- words ----------------------------------------------------------------------------------- */

static bool is_blank(const char *s)
{
	return *s == ' ' || *s == '\t' || *s == '\r' || (s[0] == '\\' && s[1] == '\n');
}

static bool is_separator(char c)
{
	return c != '\0' && strchr(";&|\n(){}`<>", c) != NULL;
}

/* Redirections end no command. */
static enum separator separate(const char **s)
{
	enum separator found = SAME_COMMAND;

	for (;; (*s)++) {
		char c = **s;

		if (is_blank(*s)) {
			*s += c == '\\';
		} else if (!is_separator(c)) {
			return found;
		} else if ((c == '(' || c == '`') && found == SAME_COMMAND) {
			found = SUBSTITUTION;
		} else if (c == '|' && found != NEW_COMMAND && (*s)[1] != '|') {
			found = PIPE;
		} else if (c != '<' && c != '>' && found != SUBSTITUTION) {
			found = found == PIPE && (c == '&' || c == '\n') ? PIPE : NEW_COMMAND;
		}
	}
}

/* Up to the next blank or separator; quotes and backslashes are dropped, what is in quotes is
 * words, too. */
static void take_word(struct words *w)
{
	size_t n = 0;

	for (; *w->at && !is_blank(w->at) && !is_separator(*w->at); w->at++) {
		if (w->at[0] == '$' && w->at[1] == '{')
			w->at += strcspn(w->at, "}") - (strchr(w->at, '}') == NULL);
		else if (!strchr("\"'\\$", *w->at) && n < WORD_MAX - 1)
			w->word[n++] = *w->at;
	}
	w->word[n] = '\0';
}

bool is_one_of(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

bool is_interpreter(const char *name)
{
	static const char *const names[] = { "sh",   "bash",   "dash",    "ash",  "zsh",
					     "ksh",  "python", "python3", "perl", "ruby",
					     "node", "php",    NULL };

	return is_one_of(names, name);
}

static bool is_before_command(const char *word)
{
	/* They run what follows them. */
	static const char *const wrappers[] = { "sudo", "env",     "exec", "time",
						"nice", "command", "eval", NULL };

	return *word == '-' || *word == '\0' || strchr(word, '=') != NULL ||
	       is_one_of(wrappers, word);
}

/* -c, -ec, -lc: what follows is a script. */
static bool is_script_option(const char *word)
{
	size_t n = strlen(word);

	return n >= 2 && n <= 8 && word[0] == '-' && word[1] != '-' && word[n - 1] == 'c';
}

enum separator words_next(struct words *w)
{
	enum separator before = separate(&w->at);

	take_word(w);
	w->is_command = false;
	if (*w->word == '\0' && *w->at == '\0')
		return END_OF_COMMANDS;
	if (before != SAME_COMMAND)
		w->has_command = w->has_shell = false;
	if (w->has_shell && is_script_option(w->word)) {
		w->has_command = w->has_shell = false;
		return before;
	}
	if (!w->has_command && !is_before_command(w->word))
		w->is_command = w->has_command = true;
	w->has_shell |= is_interpreter(words_name(w));
	return before;
}

const char *words_name(const struct words *w)
{
	const char *slash = strrchr(w->word, '/');

	return slash ? slash + 1 : w->word;
}
