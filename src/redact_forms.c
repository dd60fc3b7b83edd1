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

enum { PASSWORD_MAX = 256 }; /* how far is looked for what stands behind one */

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
	{ "dckr_pat_", "docker hub token", URL_SAFE, 20, false },
	{ "dckr_oat_", "docker hub token", URL_SAFE, 20, false },
	{ "whsec_", "stripe key", BASE64, 20, false },
	{ "shpat_", "shopify token", ALNUM, 20, false },
	{ "dop_v1_", "digitalocean token", ALNUM, 32, false },
	{ "hf_", "hugging face token", ALNUM, 30, false },
	{ 0 },
};
static const struct form dash_forms[] = {
	{ "glpat-", "gitlab token", URL_SAFE, 16, false },
	{ "gldt-", "gitlab token", URL_SAFE, 16, false },
	{ "glrt-", "gitlab token", URL_SAFE, 16, false },
	{ "glptt-", "gitlab token", URL_SAFE, 16, false },
	{ "glcbt-", "gitlab token", URL_SAFE, 16, false },
	{ "glagent-", "gitlab token", URL_SAFE, 16, false },
	{ "xoxa-", "slack token", URL_SAFE, 10, false },
	{ "xoxb-", "slack token", URL_SAFE, 10, false },
	{ "xoxp-", "slack token", URL_SAFE, 10, false },
	{ "xoxr-", "slack token", URL_SAFE, 10, false },
	{ "xoxs-", "slack token", URL_SAFE, 10, false },
	{ "xapp-", "slack token", URL_SAFE, 10, false },
	{ "sk-ant-", "api key", URL_SAFE, 20, false },
	{ "sk-proj-", "api key", URL_SAFE, 20, false },
	{ "tskey-", "tailscale key", URL_SAFE, 20, false },
	{ "AGE-SECRET-KEY-", "private key", ALNUM, 40, false },
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

/* What "-----BEGIN … PRIVATE KEY" is in base64. */
static const struct form encoded_forms[] = {
	{ "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS", "private key", BASE64, 4, false },
	{ "LS0tLS1CRUdJTiBSU0EgUFJJVkFURS", "private key", BASE64, 4, false },
	{ "LS0tLS1CRUdJTiBFQyBQUklWQVRFIE", "private key", BASE64, 4, false },
	{ "LS0tLS1CRUdJTiBEU0EgUFJJVkFURS", "private key", BASE64, 4, false },
	{ "LS0tLS1CRUdJTiBPUEVOU1NIIFBSSV", "private key", BASE64, 4, false },
	{ "LS0tLS1CRUdJTiBFTkNSWVBURUQgUF", "private key", BASE64, 4, false },
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

static bool is_of_url(char c, const char *stops)
{
	return c && !is_blank(c) && !strchr("\"'<>", c) && !strchr(stops, c);
}

static bool is_digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return true;
}

/* A long user name of letters and digits, without a password: it is one itself. */
static bool is_token(const char *s, size_t n)
{
	size_t digits = 0;
	for (size_t i = 0; i < n; i++)
		digits += s[i] >= '0' && s[i] <= '9';
	return n >= 20 && run_of(s, n, 0, URL_SAFE) == n && digits > 0 && digits < n;
}

/* The last @ of the word behind the colon at i, or 0. */
static size_t last_at(const char *s, size_t n, size_t i)
{
	size_t end = n - i < PASSWORD_MAX ? n : i + PASSWORD_MAX, at = 0;
	if (!memchr(s + i, '@', end - i)) /* most have none, and this is the fast way to see it */
		return 0;
	for (size_t j = i; j < end && is_of_url(s[j], ""); j++)
		at = s[j] == '@' ? j : at;
	return at;
}

/* scheme://user:password@host: the password only. */
static bool find_url_password(const char *s, size_t n, size_t i, struct secret *ret)
{
	size_t start = i + 3, at = 0, colon = 0, j;
	if (n - i < 3 || s[i + 1] != '/' || s[i + 2] != '/')
		return false;
	for (j = start; j < n && is_of_url(s[j], "/?#"); j++) {
		if (s[j] == ':' && !colon)
			colon = j;
		else if (s[j] == '@')
			at = j;
	}
	/* What is no port is a password with a slash in it. */
	if (colon && !at && s[start] != '[' && j > colon + 1 &&
	    !is_digits(s + colon + 1, j - colon - 1))
		at = last_at(s, n, colon);
	*ret = (struct secret){ colon + 1, at, "url credentials" };
	if (!colon && at && is_token(s + start, at - start))
		ret->start = start;
	else if (!colon || at <= colon + 1)
		return false;
	return true;
}

/* Addresses that let anybody write who knows them. */
static bool find_webhook(const char *s, size_t n, size_t i, struct secret *ret)
{
	static const char *const hosts[] = { "://hooks.slack.com/services/",
					     "://discord.com/api/webhooks/",
					     "://discordapp.com/api/webhooks/" };
	for (size_t k = 0; k < ARRAY_SIZE(hosts); k++) {
		size_t len = strlen(hosts[k]), end = i + len;
		if (n - i < len || memcmp(s + i, hosts[k], len) != 0)
			continue;
		while (end < n && (in_alphabet(s[end], URL_SAFE) || s[end] == '/'))
			end++;
		*ret = (struct secret){ i + len, end, "webhook" };
		return end - ret->start >= 20;
	}
	return false;
}

/* Does a host and its port begin at i? A digest, sha256:0123…, is none. */
static bool is_host_and_port(const char *s, size_t n, size_t i)
{
	size_t host = i, port;
	if (i < n && s[i] == '[')
		for (host++; host < n && (is_alnum(s[host]) || s[host] == ':');)
			host++;
	while (host < n && (is_alnum(s[host]) || (s[host] && strchr(".-_]", s[host]))))
		host++;
	for (port = host + 1; port < n && s[port] >= '0' && s[port] <= '9';)
		port++;
	return host > i && host < n && s[host] == ':' && port > host + 1 && port <= host + 6 &&
	       (port == n || !is_alnum(s[port]));
}

/* user:password@tcp(host:3306)/name, as programs in Go have it, and user:password@proxy:3128, which
 * is a proxy to them. */
static bool find_address_password(const char *s, size_t n, size_t from, size_t i,
				  struct secret *ret)
{
	static const char *const behind[] = { "@tcp(", "@unix(" };
	if (i <= from || !is_alnum(s[i - 1]))
		return false;
	size_t at = last_at(s, n, i);
	if (at <= i + 1)
		return false;
	*ret = (struct secret){ i + 1, at, "url credentials" };
	for (size_t k = 0; k < ARRAY_SIZE(behind); k++) {
		size_t len = strlen(behind[k]);
		if (n - at >= len && memcmp(s + at, behind[k], len) == 0)
			return true;
	}
	return is_host_and_port(s, n, at + 1);
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
	case 'L': return find_ahead(encoded_forms, s, n, from, i, ret);
	case ':':
		return find_webhook(s, n, i, ret) || find_url_password(s, n, i, ret) ||
		       find_address_password(s, n, from, i, ret);
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
