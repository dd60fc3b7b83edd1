/* SPDX-License-Identifier: Apache-2.0 */
/* redact_commands.c: options of well-known commands that take a password and do not say so. */
#include "redact_private.h"

/* How far back the name of the command is looked for. */
enum { COMMAND_MAX = 200 };

/* By the beginning of the command's name: "mysql" is mysqladmin and mysqldump, too. */
static const struct secret_option {
	const char *command, *option;
	bool is_attached, is_next; /* where its value stands */
	bool has_user;             /* user:password */
} options[] = {
	{ "mysql", "-p", true, false, false },      { "mariadb", "-p", true, false, false },
	{ "curl", "-u", true, true, true },         { "curl", "-U", true, true, true },
	{ "curl", "--user", false, true, true },    { "curl", "--proxy-user", false, true, true },
	{ "etcdctl", "--user", false, true, true }, { "redis-cli", "-a", false, true, false },
	{ "sshpass", "-p", true, true, false },     { "mongo", "-p", true, true, false },
	{ "cqlsh", "-p", false, true, false },      { "sqlcmd", "-P", true, true, false },
	{ "login", "-p", false, true, false },      { "rabbitmqadmin", "-p", false, true, false },
	{ "ldap", "-w", false, true, false },
};

/* Is the last part of a path the name of that command? */
static bool is_command(const char *word, size_t n, const char *command)
{
	const char *slash = memrchr(word, '/', n);
	size_t len = strlen(command), start = slash ? (size_t)(slash - word) + 1 : 0;
	return n - start >= len && memcmp(word + start, command, len) == 0;
}

bool secret_command(const char *word, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(options) && n >= 4; i++)
		if (is_command(word, n, options[i].command))
			return true;
	return false;
}

bool secret_option(const char *command, size_t n_command, const char *s, size_t n,
		   struct secret_value *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		const struct secret_option *o = &options[i];
		size_t len = strlen(o->option);
		if (n < len || memcmp(s, o->option, len) != 0 ||
		    !is_command(command, n_command, o->command))
			continue;
		if (n > len ? !o->is_attached : !o->is_next)
			continue;
		*ret = (struct secret_value){ .at = n > len ? len : 0, .has_user = o->has_user };
		return true;
	}
	return false;
}

size_t secret_behind_user(const char *s, size_t n)
{
	const char *colon = memchr(s, ':', n);
	return colon ? (size_t)(colon - s) + 1 : n;
}

static bool ends_word(char c)
{
	return is_blank(c) || strchr("\"';|&()`", c);
}

/* The nearest command before i that is in the table; false: none. */
static bool find_command(const char *s, size_t i, const char **ret, size_t *ret_n)
{
	size_t least = i > COMMAND_MAX ? i - COMMAND_MAX : 0, end = i;
	while (end > least) {
		size_t start = end;
		while (start > least && !ends_word(s[start - 1]))
			start--;
		if (start < end && secret_command(s + start, end - start)) {
			*ret = s + start;
			*ret_n = end - start;
			return true;
		}
		end = start > least ? start - 1 : least;
	}
	return false;
}

bool secret_option_at(const char *s, size_t n, size_t i, struct secret *ret)
{
	const char *command;
	size_t n_command, end = i;
	struct secret_value v;
	if ((i > 0 && !is_blank(s[i - 1]) && !strchr("\"'", s[i - 1])) || i + 1 >= n ||
	    !strchr("puUaPw-", s[i + 1]) ||
	    (s[i + 1] == '-' && (i + 2 >= n || !strchr("up", s[i + 2]))))
		return false;
	while (end < n && !ends_word(s[end]))
		end++;
	if (!find_command(s, i, &command, &n_command))
		return false;
	/* -p"a b": what is attached begins with the quote. */
	bool is_quoted = end < n && end == i + 2 && (s[end] == '"' || s[end] == '\'');
	if (!secret_option(command, n_command, s + i, end - i + is_quoted, &v))
		return false;
	ret->start = i + v.at;
	if (v.at == 0)
		for (ret->start = end; ret->start < n && is_blank(s[ret->start]);)
			ret->start++;
	secret_value_end(s, n, ret);
	if (v.has_user)
		ret->start += secret_behind_user(s + ret->start, ret->end - ret->start);
	ret->kind = "password";
	return true;
}
