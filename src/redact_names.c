/* SPDX-License-Identifier: Apache-2.0 */
/* redact_names.c: secrets that are known by the name of what holds them. */
#include "redact_private.h"

#include <ctype.h>
#include <strings.h>

enum { NAME_MAX_LEN = 128 };

/*
 * Most names are ruled out by the letters they lack: this runs for every member of every record.
 * Each word below names the set of letters it cannot do without.
 */
enum letters { PASS, PW, PWD, SECRET, TOKEN, KEY, CRED, AUTH };
#define L(c) (1u << ((c)&31))
static const uint32_t letter_sets[] = {
	[PASS] = L('p') | L('a') | L('s'),
	[PW] = L('p') | L('w'),
	[PWD] = L('p') | L('w') | L('d'),
	[SECRET] = L('s') | L('e') | L('c') | L('r') | L('t'),
	[TOKEN] = L('t') | L('o') | L('k') | L('e') | L('n'),
	[KEY] = L('k') | L('e') | L('y'),
	[CRED] = L('c') | L('r') | L('e') | L('d'),
	[AUTH] = L('a') | L('u') | L('t') | L('h'),
};

struct word {
	const char *word;
	enum letters letters;
	const char *kind;
};

/* Anywhere in the name, once its separators and capitals are gone. */
static const struct word telling[] = {
	{ "awssecret", SECRET, "aws key" }, { "secretaccesskey", SECRET, "aws key" },
	{ "password", PASS, "password" },   { "passwd", PASS, "password" },
	{ "passphrase", PASS, "password" }, { "secret", SECRET, "secret" },
	{ "token", TOKEN, "token" },        { "credential", CRED, "credential" },
	{ "apikey", KEY, "api key" },       { "privatekey", KEY, "private key" },
	{ "accesskey", KEY, "key" },        { "encryptionkey", KEY, "key" },
	{ "signingkey", KEY, "key" },       { "masterkey", KEY, "key" },
	{ "authkey", KEY, "key" },          { "sharedkey", KEY, "key" },
	{ "accountkey", KEY, "key" },       { "deploykey", KEY, "key" },
	{ "sshkey", KEY, "key" },           { "masterauth", AUTH, "password" },
	{ "passcode", PASS, "password" },   { "licensekey", KEY, "key" },
};

/* Only as a whole word: "compass", "passive" and "author" are no secrets. */
static const struct word whole[] = {
	{ "pass", PASS, "password" },    { "pwd", PWD, "password" },
	{ "pw", PW, "password" },        { "passin", PASS, "password" },
	{ "auth", AUTH, "credential" },  { "authorization", AUTH, "credential" },
	{ "creds", CRED, "credential" },
};

/* A last word that says the value is about the secret, not the secret. */
static const char *const about[] = {
	"file",   "path", "dir",    "directory", "ttl",       "timeout", "enabled", "disabled",
	"length", "type", "method", "mode",      "algorithm", "expiry",  "sock",    "socket",
};

struct squeezed {
	char text[NAME_MAX_LEN + 1]; /* lower case, without separators */
	size_t len, last;            /* last: where its last word begins */
	uint64_t starts[3];          /* bit: a word begins here */
};

static bool begins_word(const char *name, size_t i)
{
	if (i == 0 || !is_alnum(name[i - 1]))
		return true;
	return isupper((unsigned char)name[i]) && !isupper((unsigned char)name[i - 1]);
}

static bool starts_at(const struct squeezed *q, size_t i)
{
	return i >= q->len || (q->starts[i / 64] >> (i % 64) & 1);
}

/* The last NAME_MAX_LEN bytes tell enough: a name says what it is at its end. */
static void squeeze(const char *name, size_t n, struct squeezed *q)
{
	q->len = q->last = 0;
	memset(q->starts, 0, sizeof(q->starts));
	size_t i = n > NAME_MAX_LEN ? n - NAME_MAX_LEN : 0;
	for (; i < n; i++) {
		if (!is_alnum(name[i]))
			continue;
		if (begins_word(name, i)) {
			q->last = q->len;
			q->starts[q->len / 64] |= UINT64_C(1) << (q->len % 64);
		}
		q->text[q->len++] = (char)tolower((unsigned char)name[i]);
	}
	q->text[q->len] = '\0';
}

static bool has_whole(const struct squeezed *q, const char *word)
{
	size_t n = strlen(word);
	for (const char *at = q->text; (at = strstr(at, word)); at++) {
		size_t i = (size_t)(at - q->text);
		if (starts_at(q, i) && starts_at(q, i + n))
			return true;
	}
	return false;
}

/* Bit i: all letters of letter_sets[i] are in the name. */
static unsigned sets_in(const char *name, size_t n)
{
	uint32_t seen = 0;
	unsigned sets = 0;
	for (size_t i = 0; i < n; i++)
		seen |= L((unsigned char)name[i]);
	for (size_t i = 0; i < ARRAY_SIZE(letter_sets); i++)
		sets |= (unsigned)((seen & letter_sets[i]) == letter_sets[i]) << i;
	return sets;
}

/* "requirepass", "DBPASS": the last word ends so, and is none of the language's own. */
static bool ends_with_pass(const struct squeezed *q)
{
	static const char *const others[] = { "bypass",  "compass",  "encompass", "overpass",
					      "surpass", "trespass", "underpass" };
	const char *word = q->text + q->last;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (streq(word, others[i]))
			return false;
	return ends_with(word, "pass");
}

static const char *kind_of_words(const struct squeezed *q, unsigned sets)
{
	for (size_t i = 0; i < ARRAY_SIZE(telling); i++)
		if ((sets >> telling[i].letters & 1) && strstr(q->text, telling[i].word))
			return telling[i].kind;
	for (size_t i = 0; i < ARRAY_SIZE(whole); i++)
		if ((sets >> whole[i].letters & 1) && has_whole(q, whole[i].word))
			return whole[i].kind;
	return sets >> PASS & 1 && ends_with_pass(q) ? "password" : NULL;
}

const char *secret_name(const char *name, size_t n)
{
	struct squeezed q;
	unsigned sets = n < 3 ? 0 : sets_in(name, n);
	if (!sets)
		return NULL;
	squeeze(name, n, &q);
	const char *kind = kind_of_words(&q, sets);
	for (size_t i = 0; i < ARRAY_SIZE(about) && kind; i++)
		if (streq(q.text + q.last, about[i]))
			return NULL;
	return kind;
}

/* --- values --------------------------------------------------------------------------------- */

/*
 * Looks like the path of a file. Base64, too, may begin with a slash: a long one in which capitals,
 * small letters and digits are mixed is taken for that.
 */
static bool is_path(const char *s, size_t n)
{
	size_t skip = 0;
	bool capital = false, small = false, digit = false;
	if (n > 1 && (s[0] == '.' || s[0] == '~'))
		skip = s[1] == '.' ? 2 : 1;
	if (n <= skip + 1 || s[skip] != '/')
		return false;
	for (size_t i = skip; i < n; i++) {
		char c = s[i];
		if (!is_alnum(c) && !(c && strchr("/._-@:+", c)))
			return false;
		capital = capital || (c >= 'A' && c <= 'Z');
		small = small || (c >= 'a' && c <= 'z');
		digit = digit || (c >= '0' && c <= '9');
	}
	return !(n >= 20 && capital && small && digit);
}

static bool is_plain_word(const char *s, size_t n)
{
	static const char *const words[] = { "true", "false", "yes",  "no", "on",
					     "off",  "null",  "none", "nil" };
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strlen(words[i]) == n && strncasecmp(s, words[i], n) == 0)
			return true;
	return false;
}

static bool is_small_number(const char *s, size_t n)
{
	size_t digits = 0;
	while (digits < n && s[digits] >= '0' && s[digits] <= '9')
		digits++;
	return digits == n && n < 4;
}

/* An image may be called anything; what its name points to is its digest. */
static bool is_digest(const char *s, size_t n)
{
	static const char prefix[] = "sha256:";
	size_t len = sizeof(prefix) - 1;
	if (n != len + 64 || memcmp(s, prefix, len) != 0)
		return false;
	while (len < n && ((s[len] >= '0' && s[len] <= '9') || (s[len] >= 'a' && s[len] <= 'f')))
		len++;
	return len == n;
}

bool may_be_secret(const char *value, size_t n)
{
	return n > 0 && !is_small_number(value, n) && !is_plain_word(value, n) &&
	       !is_path(value, n) && !is_digest(value, n);
}
