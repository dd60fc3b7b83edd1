/* SPDX-License-Identifier: Apache-2.0 */
/* sshkeys.c: see sshkeys.h; the format is that of AUTHORIZED_KEYS in sshd(8). */
#include "sshkeys.h"

#include <strings.h>

#include "base64.h"
#include "facts.h"

static const char *const types[] = {
	"ssh-rsa",
	"ssh-dss",
	"ssh-ed25519",
	"ecdsa-sha2-nistp256",
	"ecdsa-sha2-nistp384",
	"ecdsa-sha2-nistp521",
	"sk-ssh-ed25519@openssh.com",
	"sk-ecdsa-sha2-nistp256@openssh.com",
};

static const char *const options[] = {
	"agent-forwarding",
	"cert-authority",
	"command",
	"environment",
	"expiry-time",
	"from",
	"no-agent-forwarding",
	"no-port-forwarding",
	"no-pty",
	"no-user-rc",
	"no-X11-forwarding",
	"permitlisten",
	"permitopen",
	"port-forwarding",
	"principals",
	"pty",
	"no-touch-required",
	"verify-required",
	"restrict",
	"tunnel",
	"user-rc",
	"X11-forwarding",
};

static const char *known(const char *const *list, size_t n, const char *word, size_t len)
{
	for (size_t i = 0; i < n; i++) {
		if (strlen(list[i]) == len && strncasecmp(list[i], word, len) == 0)
			return list[i];
	}
	return NULL;
}

/* The end of a word, of which "…" may hold blanks. */
static char *end_of_word(char *s)
{
	bool is_quoted = false;
	for (; *s && (is_quoted || (*s != ' ' && *s != '\t')); s++) {
		if (*s == '\\' && s[1] == '"')
			s++;
		else if (*s == '"')
			is_quoted = !is_quoted;
	}
	return s;
}

static json_t *options_of(const char *s, const char *end)
{
	json_t *list = json_array();
	while (s < end) {
		size_t n = 0, name = strcspn(s, "=,");
		bool is_quoted = false;
		for (; s + n < end && (is_quoted || s[n] != ','); n++) {
			if (s[n] == '"' && (n == 0 || s[n - 1] != '\\'))
				is_quoted = !is_quoted;
		}
		const char *option = known(options, ARRAY_SIZE(options), s, name < n ? name : n);
		json_array_append_new(list, json_string(option ? option : "other"));
		s += n + 1;
	}
	return list;
}

/* The next length-prefixed piece of a key (RFC 4253, section 6.6). */
static const unsigned char *piece(const unsigned char **p, size_t *left, size_t *ret_len)
{
	if (*left < 4)
		return NULL;
	size_t n = (size_t)(*p)[0] << 24 | (size_t)(*p)[1] << 16 | (size_t)(*p)[2] << 8 | (*p)[3];
	if (n > *left - 4)
		return NULL;
	const unsigned char *start = *p + 4;
	*p += 4 + n;
	*left -= 4 + n;
	*ret_len = n;
	return start;
}

/* Of the modulus, the third piece; 0: it is no RSA key. */
static size_t rsa_bits(const char *blob)
{
	size_t left, n = 0;
	AUTO_FREE char *bytes = base64_decode(blob, strcspn(blob, " \t"), &left);
	const unsigned char *p = (const unsigned char *)bytes, *number = NULL;
	for (int i = 0; bytes && i < 3; i++) {
		if (!(number = piece(&p, &left, &n)))
			return 0;
	}
	while (number && n > 0 && *number == 0) {
		number++;
		n--;
	}
	if (!number || n == 0)
		return 0;
	size_t bits = n * 8;
	for (unsigned char top = *number; !(top & 0x80); top = (unsigned char)(top << 1))
		bits--;
	return bits;
}

static json_t *one_key(char *line)
{
	char *end = end_of_word(line), *type = line;
	json_t *given = json_array();
	const char *name = known(types, ARRAY_SIZE(types), line, (size_t)(end - line));
	if (!name) {
		type = end + strspn(end, " \t");
		size_t n = strcspn(type, " \t");
		name = known(types, ARRAY_SIZE(types), type, n);
		json_decref(given);
		given = options_of(line, end);
	}
	const char *blob = type + strcspn(type, " \t");
	blob += strspn(blob, " \t");
	json_t *key = json_pack("{ss so}", "type", *blob ? name ? name : "other" : "none",
				"options", given);
	if (name && *blob && streq(name, "ssh-rsa"))
		json_object_set_new(key, "bits", json_integer((json_int_t)rsa_bits(blob)));
	return key;
}

json_t *sshkeys_parse(char *text)
{
	json_t *keys = json_array();
	json_int_t number = 0;
	char *line;
	while ((line = strsep(&text, "\n"))) {
		number++;
		line += strspn(line, " \t\r");
		if (*line == '\0' || *line == '#')
			continue;
		if (json_array_size(keys) >= SSHKEYS_MAX) {
			json_decref(keys);
			return fact_unread("there are more than %d keys", SSHKEYS_MAX);
		}
		json_t *key = one_key(line);
		json_object_set_new(key, "line", json_integer(number));
		json_array_append_new(keys, key);
	}
	return keys;
}
