/* SPDX-License-Identifier: Apache-2.0 */
/* redact_forms.c: secrets that are known by their form, whatever they are called. */
#include "redact_private.h"

/*
 * Forms are as their issuers describe them: a fixed prefix, then so many characters of an alphabet.
 * Lengths are lower bounds, for issuers lengthen their tokens.
 */
enum alphabet {
	ALNUM,
	UPPER_DIGIT,
	WORD /* and _ */,
	URL_SAFE /* and _ - */,
	BASE64 /* and + / = - */
};

struct form {
	const char *prefix; /* ends with the character that tells */
	const char *kind;
	enum alphabet alphabet;
	size_t least;
	bool exact;
};

/* By their telling character. */
static const struct form underscore_forms[] = {
	{ "ghp_", "github token", ALNUM, 20, false },
	{ "gho_", "github token", ALNUM, 20, false },
	{ "ghs_", "github token", ALNUM, 20, false },
	{ "ghu_", "github token", ALNUM, 20, false },
	{ "ghr_", "github token", ALNUM, 20, false },
	{ "github_pat_", "github token", WORD, 20, false },
	{ "sk_live_", "stripe key", ALNUM, 10, false },
	{ "rk_live_", "stripe key", ALNUM, 10, false },
	{ "npm_", "npm token", ALNUM, 30, false },
	{ 0 },
};
static const struct form dash_forms[] = {
	{ "glpat-", "gitlab token", URL_SAFE, 16, false },
	{ "gldt-", "gitlab token", URL_SAFE, 16, false },
	{ "glrt-", "gitlab token", URL_SAFE, 16, false },
	{ "xoxa-", "slack token", URL_SAFE, 10, false },
	{ "xoxb-", "slack token", URL_SAFE, 10, false },
	{ "xoxp-", "slack token", URL_SAFE, 10, false },
	{ "xoxr-", "slack token", URL_SAFE, 10, false },
	{ "xoxs-", "slack token", URL_SAFE, 10, false },
	{ "SWMTKN-", "swarm token", BASE64, 16, false },
	{ "SWMKEY-", "swarm key", BASE64, 16, false },
	/* Real ones are far longer; "pypi-" alone begins many a name. */
	{ "pypi-", "pypi token", URL_SAFE, 32, false },
	{ 0 },
};
/* Their prefix begins with the telling character. */
static const struct form capital_forms[] = {
	{ "AKIA", "aws key", UPPER_DIGIT, 16, true },
	{ "ASIA", "aws key", UPPER_DIGIT, 16, true },
	{ "AIza", "google api key", URL_SAFE, 35, false },
	{ 0 },
};

static bool in_alphabet(char c, enum alphabet a)
{
	switch (a) {
	case ALNUM: return is_alnum(c);
	case UPPER_DIGIT: return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
	case WORD: return is_alnum(c) || c == '_';
	case URL_SAFE: return is_alnum(c) || c == '_' || c == '-';
	case BASE64: return is_alnum(c) || c == '+' || c == '/' || c == '=' || c == '-' || c == '_';
	}
	return false;
}

static size_t run_of(const char *s, size_t n, size_t at, enum alphabet a)
{
	size_t end = at;
	while (end < n && in_alphabet(s[end], a))
		end++;
	return end - at;
}

/* The prefix of the form stands at start: is enough behind it? */
static bool has_body(const struct form *f, const char *s, size_t n, size_t start,
		     struct secret *ret)
{
	size_t body = start + strlen(f->prefix);
	size_t len = run_of(s, n, body, f->alphabet);
	if (len < f->least || (f->exact && (len != f->least || run_of(s, n, body + len, ALNUM))))
		return false;
	*ret = (struct secret){ start, body + len, f->kind };
	return true;
}

static bool stands_alone(const char *s, size_t from, size_t start)
{
	return start == from || !is_alnum(s[start - 1]);
}

/* Forms whose prefix ends at i (inclusive). */
static bool find_behind(const struct form *forms, const char *s, size_t n, size_t from, size_t i,
			struct secret *ret)
{
	for (const struct form *f = forms; f->prefix; f++) {
		size_t len = strlen(f->prefix);
		if (i + 1 < from + len)
			continue;
		size_t start = i + 1 - len;
		if (memcmp(s + start, f->prefix, len) == 0 && stands_alone(s, from, start) &&
		    has_body(f, s, n, start, ret))
			return true;
	}
	return false;
}

static bool find_ahead(const struct form *forms, const char *s, size_t n, size_t from, size_t i,
		       struct secret *ret)
{
	for (const struct form *f = forms; f->prefix; f++) {
		size_t len = strlen(f->prefix);
		if (n - i >= len && memcmp(s + i, f->prefix, len) == 0 &&
		    stands_alone(s, from, i) && has_body(f, s, n, i, ret))
			return true;
	}
	return false;
}

/* Three parts of base64url; the first is a JSON object, whose {" is always eyJ. */
static bool find_jwt(const char *s, size_t n, size_t from, size_t i, struct secret *ret)
{
	if (i < from + 2 || memcmp(s + i - 2, "eyJ", 3) != 0)
		return false;
	size_t at = i - 2;
	/* Not inside another run, or a text full of beginnings would be read once for each of them.
	 */
	if (at > from && in_alphabet(s[at - 1], URL_SAFE))
		return false;
	size_t head = run_of(s, n, at, URL_SAFE);
	if (head < 10 || at + head >= n || s[at + head] != '.')
		return false;
	at += head + 1;
	size_t body = run_of(s, n, at, URL_SAFE);
	if (body < 4 || at + body >= n || s[at + body] != '.')
		return false;
	at += body + 1;
	*ret = (struct secret){ i - 2, at + run_of(s, n, at, URL_SAFE), "jwt" };
	return true;
}

static const char *find_text(const char *s, size_t n, const char *wanted)
{
	return memmem(s, n, wanted, strlen(wanted));
}

/* PEM, RFC 7468. A block cut short is replaced to the end of the text. */
static bool find_private_key(const char *s, size_t n, size_t i, struct secret *ret)
{
	static const char begin[] = "-----BEGIN ", end[] = "-----END ";
	size_t len = sizeof(begin) - 1;
	if (n - i < len || memcmp(s + i, begin, len) != 0)
		return false;
	size_t label = n - i - len < 48 ? n - i - len : 48;
	if (!find_text(s + i + len, label, "PRIVATE KEY"))
		return false;
	*ret = (struct secret){ i, n, "private key" };
	const char *last = find_text(s + i, n - i, end);
	const char *dashes = last ? find_text(last + sizeof(end) - 1,
					      (size_t)(s + n - last) - (sizeof(end) - 1), "-----")
				  : NULL;
	if (dashes)
		ret->end = (size_t)(dashes - s) + 5;
	return true;
}

/* scheme://user:password@host: the password only. */
static bool find_url_password(const char *s, size_t n, size_t i, struct secret *ret)
{
	if (n - i < 3 || s[i + 1] != '/' || s[i + 2] != '/')
		return false;
	size_t at = 0, colon = 0;
	for (size_t j = i + 3; j < n && s[j] && !is_blank(s[j]) && !strchr("/?#\"'<>", s[j]); j++) {
		if (s[j] == ':' && !colon)
			colon = j;
		else if (s[j] == '@')
			at = j;
	}
	if (!colon || at <= colon + 1)
		return false;
	*ret = (struct secret){ colon + 1, at, "url credentials" };
	return true;
}

bool secret_form_at(const char *s, size_t n, size_t from, size_t i, struct secret *ret)
{
	switch (s[i]) {
	case '_': return find_behind(underscore_forms, s, n, from, i, ret);
	case '-':
		return find_behind(dash_forms, s, n, from, i, ret) ||
		       find_private_key(s, n, i, ret);
	case 'A': return find_ahead(capital_forms, s, n, from, i, ret);
	case 'J': return find_jwt(s, n, from, i, ret);
	case ':': return find_url_password(s, n, i, ret);
	default: return false;
	}
}

const char *secret_form_in(const char *s, size_t n)
{
	struct secret found;
	for (size_t i = 0; i < n; i++)
		if (secret_form_at(s, n, 0, i, &found))
			return found.kind;
	return NULL;
}
