/* SPDX-License-Identifier: Apache-2.0 */
/* redact_text.c: finds the secrets in one text: known forms, and values of telling names. */
#include "redact_private.h"

#include <strings.h>

enum { NAME_LONGEST = 128 };

/* Characters that can tell of a secret; all others are passed over. */
static const unsigned char tells[256] = {
	['='] = 1, [':'] = 1, ['-'] = 1, ['_'] = 1, ['A'] = 1, ['J'] = 1, ['L'] = 1,
};

/* --- where a value ends --------------------------------------------------------------------- */

/* Lines of an image's history: an instruction's value goes to the end of it, blanks and all. */
static bool is_instruction(const char *s, size_t n)
{
	static const char *const words[] = { "ENV ", "ARG ", "LABEL " };
	static const char nop[] = "#(nop)";
	const char *at = s;
	const char *found = memmem(s, n < 40 ? n : 40, nop, sizeof(nop) - 1);
	if (found)
		at = found + sizeof(nop) - 1;
	while (at < s + n && *at == ' ')
		at++;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if ((size_t)(s + n - at) > strlen(words[i]) &&
		    memcmp(at, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

/* "|2 A=b C=d e /bin/sh -c …": build arguments, which may hold blanks, then the command. */
static bool is_build_args(const char *s, size_t n)
{
	return n > 2 && s[0] == '|' && s[1] >= '0' && s[1] <= '9';
}

static size_t end_at_any(const char *s, size_t n, size_t from, const char *stops)
{
	size_t i = from;
	while (i < n && !(s[i] && strchr(stops, s[i])))
		i += s[i] == '\\' && i + 1 < n ? 2 : 1;
	return i < n ? i : n;
}

static size_t end_of_args(const char *s, size_t n, size_t from)
{
	const char *command = memmem(s + from, n - from, " /", 2);
	return command ? (size_t)(command - s) : n;
}

/* A value that opens with a quote, perhaps an escaped one as in JSON in JSON. */
static bool quoted(const char *s, size_t n, size_t *start, size_t *end)
{
	size_t i = *start;
	bool escaped = i + 1 < n && s[i] == '\\';
	i += escaped;
	if (i >= n || (s[i] != '"' && s[i] != '\''))
		return false;
	char quote = s[i];
	size_t stop = *start = i + 1;
	while (stop < n && !(s[stop] == quote && (s[stop - 1] == '\\') == escaped))
		stop++;
	*end = stop - (escaped && stop < n);
	if (*end < *start)
		*end = *start;
	return true;
}

void secret_value_end(const char *s, size_t n, struct secret *value)
{
	if (!quoted(s, n, &value->start, &value->end))
		value->end = end_at_any(s, n, value->start, " \t\r\n\"'");
}

struct named {
	size_t start, end; /* of the name */
	char before;       /* '\0' at the beginning of the text */
	char sign;         /* '=' or ':' */
};

static size_t end_of_value(const char *s, size_t n, const struct named *name, size_t from)
{
	static const char blanks[] = " \t\r\n";
	if (name->before == '\0')
		return n;
	if (name->before == '&' || name->before == '?')
		return end_at_any(s, n, from, "& \t\r\n\"'");
	if (name->before == ';' || name->before == ',')
		return end_at_any(s, n, from, name->before == ';' ? ";\n" : ",\n");
	if (name->sign == ':' && is_blank(name->before) && from == name->end + 1)
		return end_at_any(s, n, from, " \t\r\n\"'");
	if (name->sign == ':')
		return end_at_any(s, n, from, "\n\"'");
	if (is_instruction(s, n))
		return n;
	return is_build_args(s, n) ? end_of_args(s, n, from) : end_at_any(s, n, from, blanks);
}

/* --- names ---------------------------------------------------------------------------------- */

static bool in_name(char c)
{
	return is_alnum(c) || c == '_' || c == '-' || c == '.';
}

/* Of HTTP, whose value may follow without a blank; "secret:1.2" is an image. */
static bool is_header(const char *name, size_t n)
{
	static const char *const names[] = { "authorization", "proxy-authorization",
					     "private-token", "job-token", "api-key" };
	if (n > 2 && strncasecmp(name, "x-", 2) == 0)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strlen(names[i]) == n && strncasecmp(name, names[i], n) == 0)
			return true;
	return false;
}

/* The name whose value the sign at i announces: NAME=, "NAME":, NAME: (with a blank or quote
 * after). */
static bool name_before(const char *s, size_t n, size_t from, size_t i, struct named *ret)
{
	size_t end = i;
	while (end > from && is_blank(s[end - 1]) && i - end < 8)
		end--;
	bool is_quoted = end > from && (s[end - 1] == '"' || s[end - 1] == '\'');
	end -= is_quoted;
	end -= is_quoted && end > from && s[end - 1] == '\\';
	bool is_close =
		s[i] == ':' && !is_quoted && i + 1 < n && !is_blank(s[i + 1]) && s[i + 1] != '"';
	size_t start = end;
	while (start > from && in_name(s[start - 1]) && end - start < NAME_LONGEST)
		start--;
	while (start < end && s[start] == '-')
		start++;
	*ret = (struct named){ .start = start, .end = end, .sign = s[i] };
	for (size_t j = start; j > 0 && !ret->before; j--)
		if (s[j - 1] != '-')
			ret->before = s[j - 1];
	return end > start && (!is_close || is_header(s + start, end - start));
}

/* "$NAME", "${NAME}" and "$$NAME" of a command, in the capitals of the environment. */
static bool is_variable(const char *s, size_t n)
{
	size_t i = 0, start;
	while (i < n && i < 2 && s[i] == '$')
		i++;
	if (i == 0)
		return false;
	bool has_brace = i < n && s[i] == '{' && s[n - 1] == '}';
	i += has_brace;
	n -= has_brace;
	for (start = i; i < n && ((s[i] >= 'A' && s[i] <= 'Z') || s[i] == '_' ||
				  (i > start && s[i] >= '0' && s[i] <= '9'));)
		i++;
	return i == n && i > start;
}

static bool take(const char *s, size_t n, size_t start, size_t end, const char *kind,
		 struct secret *ret)
{
	if (end <= start || redacted_len(s + start, n - start) ||
	    !may_be_secret(s + start, end - start))
		return false;
	const char *form = secret_form_in(s + start, end - start);
	*ret = (struct secret){ start, end, form ? form : kind };
	return true;
}

/* "?…&sig=…" is what lets anybody in who has the address. */
static const char *signature_of(const char *s, const struct named *name)
{
	static const char *const ends[] = { "sig", "signature" };
	size_t n = name->end - name->start;
	if (name->before != '&' && name->before != '?')
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		size_t len = strlen(ends[i]);
		if (n >= len && strncasecmp(s + name->end - len, ends[i], len) == 0 &&
		    (n == len || s[name->end - len - 1] == '-'))
			return "signature";
	}
	return NULL;
}

static bool find_named(const char *s, size_t n, size_t from, size_t i, struct secret *ret)
{
	struct named name;
	if (!name_before(s, n, from, i, &name))
		return false;
	const char *kind = secret_name(s + name.start, name.end - name.start);
	if (!kind)
		kind = signature_of(s, &name);
	if (!kind)
		return false;
	size_t start = i + 1, end;
	/* "NAME= other" in a command is an empty value; "NAME = value" of a file is not. */
	if (s[i] == ':' || name.end != i)
		while (start < n && is_blank(s[start]))
			start++;
	if (name.before == '\0' || !quoted(s, n, &start, &end))
		end = end_of_value(s, n, &name, start);
	if (name.before != '\0' && is_variable(s + start, end - start))
		return false;
	return take(s, n, start, end, kind, ret);
}

/* "… --password value …" in a command line that is one text. */
static bool find_flag(const char *s, size_t n, size_t from, size_t i, struct secret *ret)
{
	if (i > from && !is_blank(s[i - 1]) && s[i - 1] != '"' && s[i - 1] != '\'')
		return false;
	size_t start = i, end;
	while (start < n && s[start] == '-')
		start++;
	for (end = start; end < n && in_name(s[end]) && end - start < NAME_LONGEST;)
		end++;
	if (end >= n || !is_blank(s[end]))
		return false;
	const char *kind = secret_name(s + start, end - start);
	if (!kind)
		return false;
	for (start = end; start < n && is_blank(s[start]);)
		start++;
	if (start < n && s[start] == '-')
		return false;
	*ret = (struct secret){ .start = start };
	secret_value_end(s, n, ret);
	return !is_variable(s + ret->start, ret->end - ret->start) &&
	       take(s, n, ret->start, ret->end, kind, ret);
}

static bool find_option(const char *s, size_t n, size_t i, struct secret *ret)
{
	return secret_option_at(s, n, i, ret) && ret->end > ret->start &&
	       !is_variable(s + ret->start, ret->end - ret->start) &&
	       take(s, n, ret->start, ret->end, ret->kind, ret);
}

/* --- public --------------------------------------------------------------------------------- */

size_t redacted_len(const char *s, size_t n)
{
	static const size_t mark = sizeof(REDACTED) - 1, close = sizeof(REDACTED_END) - 1;
	if (n < mark || memcmp(s, REDACTED, mark) != 0)
		return 0;
	const char *end = memmem(s, n < 64 ? n : 64, REDACTED_END, close);
	return end ? (size_t)(end - s) + close : 0;
}

bool secret_next(const char *s, size_t n, size_t from, struct secret *ret)
{
	for (size_t i = from; i < n; i++) {
		if (!tells[(unsigned char)s[i]])
			continue;
		if (secret_form_at(s, n, from, i, ret))
			return true;
		if ((s[i] == '=' || s[i] == ':') && find_named(s, n, from, i, ret))
			return true;
		if (s[i] == '-' && (find_flag(s, n, from, i, ret) || find_option(s, n, i, ret)))
			return true;
	}
	return false;
}
