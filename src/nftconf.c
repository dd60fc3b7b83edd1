/* SPDX-License-Identifier: Apache-2.0 */
/* nftconf.c: see nftconf.h. */
#include "nftconf.h"

enum { STATEMENT_MAX = 64 << 10 };

void nft_conf_done(struct nft_conf *n)
{
	json_decref(n->chain);
	free(n->text);
	*n = (struct nft_conf){ 0 };
}

/* What follows the words in text, "" when nothing does; NULL when it does not begin with them. */
static char *after(char *text, const char *word)
{
	size_t n = strlen(word);
	if (strncmp(text, word, n) != 0 || !strchr(" \t\"", text[n]))
		return NULL;
	return text + n + strspn(text + n, " \t");
}

/* nft looks for names that are not absolute in /etc. */
static void include(struct conf *c, char *rest)
{
	rest += strspn(rest, " \t\"'");
	rest[strcspn(rest, "\"'")] = '\0';
	AUTO_FREE char *path = *rest == '/' ? xstrdup(rest) : xasprintf("/etc/%s", rest);
	conf_include(c, path);
}

/* "type filter hook input priority 0" */
static void take_type(struct conf *c, struct nft_conf *n, char *rest)
{
	char *filter = after(rest, "filter"), *hook = filter ? after(filter, "hook") : NULL;
	if (!hook)
		return;
	hook[strcspn(hook, " \t")] = '\0';
	json_decref(n->chain);
	n->chain = json_incref(conf_set(c, hook, ""));
	json_object_set_new(n->chain, "family", json_string(n->family ? n->family : "ip"));
}

static void take_in_chain(struct conf *c, struct nft_conf *n, char *text)
{
	char *rest;
	if ((rest = after(text, "type")))
		take_type(c, n, rest);
	else if (!n->chain || after(text, "comment") || after(text, "flags") ||
		 after(text, "devices"))
		return;
	else if ((rest = after(text, "policy")))
		json_object_set_new(n->chain, "value", json_string(rest));
	else
		json_object_set_new(n->chain, "rules", json_true());
}

/* What follows "table" or "add table"; NULL when it is nothing of the kind. */
static char *after_verb(char *text, const char *what)
{
	static const char *const verbs[] = { "add", "create", "insert" };
	char *rest = text;
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (after(text, verbs[i]))
			rest = after(text, verbs[i]);
	return after(rest, what);
}

/* The one that the text begins with, or nft's default. */
static const char *family_of(char *text)
{
	static const char *const families[] = { "inet", "ip", "ip6", "arp", "bridge", "netdev" };
	for (size_t i = 0; i < ARRAY_SIZE(families); i++)
		if (after(text, families[i]))
			return families[i];
	return "ip";
}

static void take_at_top(struct conf *c, char *text)
{
	char *rest;
	if ((rest = after(text, "flush")) && streq(rest, "ruleset"))
		conf_set(c, "flush", "ruleset");
	else if (after_verb(text, "rule"))
		conf_set(c, "loose-rules", "");
}

/* The statement as it is now; malloc'ed. It begins anew. */
static char *statement(struct nft_conf *n)
{
	AUTO_FREE char *whole = xstrndup(n->text ? n->text : "", n->len);
	n->len = 0;
	n->braces = 0;
	return xstrdup(conf_cut_blanks(whole));
}

static void end_statement(struct conf *c, struct nft_conf *n)
{
	AUTO_FREE char *text = statement(n);
	char *rest = after(text, "include");
	if (*text == '\0')
		return;
	if (rest)
		include(c, rest);
	else if (n->is_in_chain)
		take_in_chain(c, n, text);
	else
		take_at_top(c, text);
}

static void open_block(struct conf *c, struct nft_conf *n)
{
	AUTO_FREE char *text = statement(n);
	char *table = after_verb(text, "table"), *chain = after_verb(text, "chain");
	n->is_in_chain = chain;
	if (n->blocks++ == 0 && (table || chain))
		n->family = family_of(table ? table : chain);
	if (after_verb(text, "rule")) /* up to a set */
		take_at_top(c, text);
}

static void close_block(struct conf *c, struct nft_conf *n)
{
	end_statement(c, n);
	json_decref(n->chain);
	n->chain = NULL;
	n->is_in_chain = false;
	n->blocks -= n->blocks > 0;
}

static void append(struct conf *c, struct nft_conf *n, char ch)
{
	if (n->len == STATEMENT_MAX) {
		conf_refuse(c, "a statement is too long");
		return;
	}
	if ((n->len & (n->len - 1)) == 0)
		n->text = xrealloc(n->text, n->len ? n->len * 2 : 1);
	n->text[n->len++] = ch;
}

/* False: the rest of the line is a comment. */
static bool take(struct conf *c, struct nft_conf *n, char ch)
{
	if (ch == '"')
		n->is_quoted = !n->is_quoted;
	if (ch == '"' || n->is_quoted)
		append(c, n, ch);
	else if (ch == '#')
		return false;
	else if (ch == ';' && n->braces == 0)
		end_statement(c, n);
	else if (ch == '{' && !n->is_in_chain)
		open_block(c, n);
	else if (ch == '}' && n->braces == 0)
		close_block(c, n);
	else {
		/* Within a chain braces are sets. */
		n->braces += ch == '{';
		n->braces -= ch == '}';
		append(c, n, ch);
	}
	return true;
}

void nft_conf_line(struct conf *c, char *line)
{
	struct nft_conf *n = conf_context(c);
	for (; *line && take(c, n, *line); line++)
		;
	n->is_quoted = false;
	if (n->braces > 0)
		append(c, n, ' ');
	else
		end_statement(c, n);
}
