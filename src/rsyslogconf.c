/* SPDX-License-Identifier: Apache-2.0 */
/* rsyslogconf.c: see rsyslogconf.h. */
#include "rsyslogconf.h"

#include <ctype.h>
#include <strings.h>

#include "facts.h"

enum { STATEMENT_MAX = 64 << 10 };

/* What holds at the place that is being read: settings of the old syntax are of what follows. */
struct rsyslog {
	char mode[16], module_mode[16];
	char address[2][64]; /* of $UDPServerAddress and $InputTCPServerAddress… */
	char *statement;     /* the part of a statement in RainerScript that was read */
	bool in_comment;
};

static void keep(char *to, size_t n, const char *value)
{
	snprintf(to, n, "%s", value);
}

/* --- what is noted -----------------------------------------------------------------------------
 */

static void note(struct conf *c, const char *key, const char *value, const char *member,
		 const char *text)
{
	json_t *one = conf_set(c, key, value);
	if (one && member)
		json_object_set_new(one, member, json_string(text));
}

static void note_output(struct conf *c, const char *path, const char *selector, const char *mode)
{
	json_t *one = conf_set(c, "output", path);
	if (!one)
		return;
	json_object_set_new(one, "selector", json_string(selector));
	json_object_set_new(one, "mode", json_string(mode));
}

/* --- RainerScript -------------------------------------------------------------------------------
 */

/* The value of name="value" within the parentheses (malloc'ed), or NULL. */
static char *parameter(const char *text, const char *name)
{
	size_t n = strlen(name);
	for (const char *p = text; (p = strcasestr(p, name)); p += n) {
		const char *rest = p + n + strspn(p + n, " \t");
		if ((p > text && (isalnum((unsigned char)p[-1]) || p[-1] == '.')) || *rest != '=')
			continue;
		rest += 1 + strspn(rest + 1, " \t");
		if (*rest != '"' && *rest != '\'')
			continue;
		const char *end = strchr(rest + 1, *rest);
		return end ? xstrndup(rest + 1, (size_t)(end - rest - 1)) : NULL;
	}
	return NULL;
}

static void take_include(struct conf *c, const char *text)
{
	AUTO_FREE char *file = parameter(text, "file");
	if (file)
		conf_include(c, file);
	else
		conf_refuse(c, "includes something that is not a file");
}

static void take_module(struct conf *c, const char *text)
{
	struct rsyslog *r = conf_context(c);
	AUTO_FREE char *name = parameter(text, "load"), *mode = parameter(text, "FileCreateMode");
	if (!name)
		return;
	if (mode && ends_with(name, "omfile"))
		keep(r->module_mode, sizeof(r->module_mode), mode);
	conf_set(c, "module", name);
}

static void take_input(struct conf *c, const char *text)
{
	AUTO_FREE char *type = parameter(text, "type"), *address = parameter(text, "address");
	note(c, "input", type ? type : "", "address", address ? address : "");
}

static void take_action(struct conf *c, const char *text, const char *selector)
{
	struct rsyslog *r = conf_context(c);
	AUTO_FREE char *type = parameter(text, "type"), *file = parameter(text, "file");
	AUTO_FREE char *mode = parameter(text, "FileCreateMode"),
		       *target = parameter(text, "target");
	AUTO_FREE char *dynamic = parameter(text, "DynaFile");
	const char *usual = *r->module_mode ? r->module_mode : r->mode;
	if (!type)
		return;
	if (ends_with(type, "omfile"))
		note_output(c, file ? file : dynamic ? dynamic : "", selector, mode ? mode : usual);
	else if (strcasecmp(type, "omfwd") == 0 || strcasecmp(type, "omrelp") == 0)
		note(c, "remote", target ? target : "", "selector", selector);
}

static void take_global(struct conf *c, const char *text)
{
	AUTO_FREE char *mask = parameter(text, "umask");
	if (mask)
		conf_set(c, "umask", mask);
}

/* Each of the objects in a statement; several may be within a ruleset's braces. */
static void take_statement(struct conf *c, const char *text, const char *selector)
{
	static const char *const words[] = { "include", "module", "input", "action", "global" };
	for (const char *p = text; (p = strchr(p, '(')); p++) {
		const char *end = p;
		const char *close = strchr(p, ')');
		while (end > text && isspace((unsigned char)end[-1]))
			end--;
		AUTO_FREE char *inner = close ? xstrndup(p, (size_t)(close - p)) : xstrdup(p);
		for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
			size_t n = strlen(words[i]);
			if ((size_t)(end - text) < n || strncasecmp(end - n, words[i], n) != 0 ||
			    (end - n > text && isalnum((unsigned char)(end - n)[-1])))
				continue;
			if (i == 0)
				take_include(c, inner);
			else if (i == 1)
				take_module(c, inner);
			else if (i == 2)
				take_input(c, inner);
			else if (i == 4)
				take_global(c, inner);
			else
				take_action(c, inner, selector);
		}
	}
}

/* --- the old syntax ------------------------------------------------------------------------------
 */

static void take_directive(struct conf *c, char *line)
{
	static const struct {
		const char *name, *type;
		int address; /* which of those that were set counts; -1: it takes none */
	} inputs[] = {
		{ "$UDPServerRun", "imudp", 0 },          { "$InputTCPServerRun", "imtcp", -1 },
		{ "$InputPTCPServerRun", "imptcp", 1 },   { "$InputRELPServerRun", "imrelp", -1 },
		{ "$InputGSSServerRun", "imgssapi", -1 }, { "$Input3195ListenPort", "im3195", -1 },
	};
	struct rsyslog *r = conf_context(c);
	size_t n = strcspn(line, " \t");
	char *value = line + n;
	if (*value)
		*value++ = '\0';
	value = conf_cut_blanks(value);
	if (strcasecmp(line, "$IncludeConfig") == 0)
		conf_include(c, value);
	else if (strcasecmp(line, "$FileCreateMode") == 0)
		keep(r->mode, sizeof(r->mode), value);
	else if (strcasecmp(line, "$Umask") == 0)
		conf_set(c, "umask", value);
	else if (strcasecmp(line, "$ModLoad") == 0)
		conf_set(c, "module", value);
	else if (strcasecmp(line, "$UDPServerAddress") == 0)
		keep(r->address[0], sizeof(r->address[0]), value);
	else if (strcasecmp(line, "$InputPTCPServerListenIP") == 0)
		keep(r->address[1], sizeof(r->address[1]), value);
	for (size_t i = 0; i < ARRAY_SIZE(inputs); i++)
		if (strcasecmp(line, inputs[i].name) == 0)
			note(c, "input", inputs[i].type, "address",
			     inputs[i].address < 0 ? "" : r->address[inputs[i].address]);
}

/* What stands behind a selector: -/path, @host, @@host, :omusrmsg:*, :omfile:$channel, ?Template,
 * a script. */
static void take_target(struct conf *c, const char *selector, char *target)
{
	struct rsyslog *r = conf_context(c);
	static const char channel[] = ":omfile:";
	if (*target == '-')
		target++;
	if (starts_with(target, channel))
		target += strlen(channel);
	if (*target == '/' || *target == '?' || *target == '$') {
		target[strcspn(target, "; \t")] = '\0';
		note_output(c, target, selector, r->mode);
	} else if (*target == '@') {
		note(c, "remote", target + strspn(target, "@"), "selector", selector);
	}
}

/* The next word of a script, malloc'ed: a brace is one, and a text in quotes is "". NULL at the
 * end.
 */
static char *next_script_word(const char **rest)
{
	const char *s = *rest + strspn(*rest, " \t");
	size_t n = strchr("{}", *s) ? 1 : strcspn(s, " \t{}\"'");
	if (*s == '\0')
		return NULL;
	if (n == 0) {
		const char *end = strchrnul(s + 1, *s);
		*rest = end + (*end != '\0');
		return xstrdup("");
	}
	*rest = s + n;
	return xstrndup(s, n);
}

/* Targets as they stand behind "then", "else" and braces: if … then /path. */
static void take_script(struct conf *c, const char *line)
{
	static const char *const before[] = { "then", "else", "{", "}" };
	char *word;
	for (bool may_be_target = true; (word = next_script_word(&line)); free(word)) {
		if (may_be_target && *word && strchr("/-?@", *word))
			take_target(c, "", word);
		may_be_target = false;
		for (size_t i = 0; i < ARRAY_SIZE(before); i++)
			may_be_target |= strcasecmp(word, before[i]) == 0;
	}
}

/* Does it begin as a part of a script: a condition, a brace, or a target of its own? */
static bool is_script(const char *line)
{
	static const char *const words[] = { "if", "then", "else" };
	size_t n = strcspn(line, " \t({");
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strlen(words[i]) == n && strncasecmp(line, words[i], n) == 0)
			return true;
	return *line && strchr("/-?@{}", *line);
}

static bool is_selector(const char *line)
{
	size_t n = strcspn(line, " \t");
	return line[n] && (memchr(line, '.', n) || *line == ':');
}

static void take_rule(struct conf *c, char *line)
{
	struct rsyslog *r = conf_context(c);
	bool is_property = *line == ':';
	char *target = line;
	if (*line == '&') {
		take_target(c, "", conf_cut_blanks(line + 1));
		return;
	}
	(void)r;
	if (is_property) {
		char *quote = strrchr(line, '"');
		target = quote ? quote + 1 : line + strlen(line);
	} else {
		target = line + strcspn(line, " \t");
	}
	if (*target)
		*target++ = '\0';
	take_target(c, is_property ? "" : line, conf_cut_blanks(target));
}

/* --- lines --------------------------------------------------------------------------------------
 */

/* Cuts a comment, but not within quotes. */
static void cut_comment(char *line)
{
	char quote = '\0';
	for (char *p = line; *p; p++) {
		if (quote)
			quote = *p == quote ? '\0' : quote;
		else if (*p == '"' || *p == '\'')
			quote = *p;
		else if (*p == '#') {
			*p = '\0';
			return;
		}
	}
}

/* Parentheses that are still open, quotes left out. */
static int open_parentheses(const char *text)
{
	char quote = '\0';
	int open = 0;
	for (const char *p = text; *p; p++) {
		if (quote)
			quote = *p == quote ? '\0' : quote;
		else if (*p == '"')
			quote = *p;
		else
			open += (*p == '(') - (*p == ')');
	}
	return open;
}

/* True when the line, or the statement that it ends, is whole: then *line is all of it. */
static bool is_whole(struct conf *c, char **line)
{
	struct rsyslog *r = conf_context(c);
	if (!r->statement && open_parentheses(*line) <= 0)
		return true;
	char *both = xasprintf("%s %s", r->statement ? r->statement : "", *line);
	free(r->statement);
	r->statement = both;
	if (strlen(both) > STATEMENT_MAX)
		conf_refuse(c, "a statement is longer than %d bytes", STATEMENT_MAX);
	*line = both;
	return open_parentheses(both) <= 0;
}

static void understand(struct conf *c, char *line)
{
	char *open = strchr(line, '(');
	line = conf_cut_blanks(line);
	bool is_of_script = is_script(line);
	if (is_of_script)
		take_script(c, line);
	if (*line == '$') {
		take_directive(c, line);
	} else if (is_of_script && !open) {
		return;
	} else if (is_selector(line) && !open) {
		take_rule(c, line);
	} else if (*line == '&') {
		take_rule(c, line);
	} else if (open) {
		size_t n = strcspn(line, " \t(");
		AUTO_FREE char *selector =
			is_selector(line) && line[n] != '(' ? xstrndup(line, n) : xstrdup("");
		take_statement(c, line, selector);
	}
}

static void rsyslog_line(struct conf *c, char *line)
{
	struct rsyslog *r = conf_context(c);
	if (r->in_comment || starts_with(line, "/*")) {
		r->in_comment = strstr(line, "*/") == NULL;
		return;
	}
	cut_comment(line);
	if (!is_whole(c, &line))
		return;
	AUTO_FREE char *whole = xstrdup(line);
	free(r->statement);
	r->statement = NULL;
	understand(c, whole);
}

json_t *rsyslogconf_read(const struct conf_source *source)
{
	static const char *const first[] = { "/etc/rsyslog.conf", "/usr/etc/rsyslog.conf", NULL };
	struct rsyslog r = { .mode = "0644" };
	const struct conf_spec spec = { .first = first,
					.comments = "#",
					.flags = CONF_CONTINUES | CONF_COMMENTS_END,
					.merge = CONF_ALL,
					.line = rsyslog_line,
					.context = &r };
	json_t *conf = conf_read(&spec, source);
	if (r.statement || r.in_comment) {
		json_object_set_new(conf, "settings",
				    fact_unread("rsyslog.conf: a statement has no end"));
		free(r.statement);
	}
	return conf;
}
