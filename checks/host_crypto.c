/* SPDX-License-Identifier: Apache-2.0 */
/* host_crypto.c: what the system-wide policy of cryptography lets programs use. */
#define _GNU_SOURCE /* strcasestr */
#include <string.h>
#include <strings.h>

#include "host_accounts.h"

#define POLICY "@host/crypto-backends"

/* Does this system have such a policy? Says skip when it has not. */
static bool has_policy(struct sw_eval *e)
{
	if (sw_bool(e, POLICY "/exists", false))
		return true;
	if (sw_said(e) != SW_UNKNOWN)
		sw_skip(e, "this system has no crypto-policies");
	return false;
}

static enum sw_verdict is_not_legacy(struct sw_eval *e)
{
	if (!has_policy(e))
		return sw_said(e);
	const char *current = sw_str(e, POLICY "/current", "");
	const char *config = sw_str(e, POLICY "/config", "");
	const char *in_force = *current ? current : config;

	if (*in_force == '\0')
		return sw_unknown(e, "no file says which policy it is");
	if (strncmp(in_force, "LEGACY", 6) == 0)
		sw_fail(e, "the policy is %s", in_force);
	if (strncmp(config, "LEGACY", 6) == 0 && strcmp(config, in_force) != 0)
		sw_fail(e, "the configured policy is %s", config);
	if (*current && *config && strcmp(current, config) != 0)
		sw_warn(e,
			"the policy is %s and %s is configured: update-crypto-policies was not "
			"run",
			current, config);
	return sw_said(e);
}

/* --- words that must not be listed
 * ---------------------------------------------------------------- */

typedef bool word_fn(const char *word);

struct listing {
	const char *section;
	const char *const *keys; /* ends with NULL */
	word_fn *is_weak;
	const char *doubt; /* NULL: it is a fail; else a person must decide, and why */
};

static bool ends_in(const char *word, const char *end)
{
	size_t n = strlen(word), k = strlen(end);

	return n >= k && strcasecmp(word + n - k, end) == 0;
}

static bool is_sha1(const char *word)
{
	return strcasecmp(word, "SHA1") == 0 || ends_in(word, "-SHA1");
}

static bool is_short_mac(const char *word)
{
	return strstr(word, "-64") || strstr(word, "-96") || strcasestr(word, "md5");
}

static bool is_cbc(const char *word)
{
	return strcasestr(word, "cbc") != NULL;
}

static bool is_chacha(const char *word)
{
	return strcasestr(word, "chacha20") != NULL;
}

static bool is_etm(const char *word)
{
	return strcasestr(word, "-etm") != NULL;
}

static void judge_words(struct sw_eval *e, const struct listing *l, const char *section,
			const char *key)
{
	const char *from = "", *text = setting_of(e, section, key, &from);
	size_t n;

	/* OpenSSH's own default holds then. */
	if (!text && strcmp(l->section, "ssh") == 0)
		sw_unknown(e, "%s is not in the policy's file for ssh", key);

	for (const char *s = text ? text : ""; *s; s += n + strspn(s + n, " ,")) {
		n = strcspn(s, " ,");
		const char *word = sw_at(e, "%.*s", (int)n, s);
		if (!l->is_weak(word))
			continue;
		if (l->doubt)
			sw_warn(e, "%s: %s lists %s; %s", from, key, word, l->doubt);
		else
			sw_fail(e, "%s: %s lists %s", from, key, word);
	}
}

/* The folder is there and the file is not: what is in force cannot be told. */
static bool is_told(struct sw_eval *e, const char *section)
{
	if (sw_count(e, sw_at(e, "%s/files", section)) > 0)
		return true;
	if (sw_said(e) != SW_UNKNOWN)
		sw_unknown(e, "the file that says what is in force is not there");
	return false;
}

static enum sw_verdict lists_nothing_weak(struct sw_eval *e)
{
	static const char *const both[] = { "openssh", "opensshserver", NULL };
	static const char *const policy[] = { "policy", NULL };
	const struct listing *l = sw_arg(e);

	if (!has_policy(e))
		return sw_said(e);
	for (const char *const *s = strcmp(l->section, "ssh") == 0 ? both : policy; *s; s++) {
		const char *section = sw_at(e, POLICY "/%s", *s);
		if (!is_told(e, section))
			continue;
		for (const char *const *key = l->keys; *key; key++)
			judge_words(e, l, section, *key);
	}
	return sw_said(e);
}

static const char *const hashes[] = { "hash", "sign", NULL };
static const char *const macs[] = { "mac", "mac@SSH", "mac@ssh", NULL };
static const char *const ssh_ciphers[] = { "Ciphers", NULL };
static const char *const ssh_macs[] = { "MACs", NULL };
#define STRICT                                                                                     \
	"safe where both ends know strict key exchange (OpenSSH 9.6 and what was mended since)"
static const struct listing sha1 = { "policy", hashes, is_sha1, NULL };
static const struct listing short_macs = { "policy", macs, is_short_mac, NULL };
static const struct listing cbc = { "ssh", ssh_ciphers, is_cbc, NULL };
static const struct listing chacha = { "ssh", ssh_ciphers, is_chacha, STRICT };
static const struct listing etm = { "ssh", ssh_macs, is_etm, STRICT };

#define ROW(name, what, because, want, how, function, data)                                        \
	{                                                                                          \
		.id = "host.crypto." name, .kind = SW_HOST, .severity = SW_LOW, .title = what,     \
		.why = because, .wanted = want, .remedy = how, .fn = function, .arg = data,        \
		.needs = SW_NEEDS_SSHD,                                                            \
	}
#define MODULE(module) "update-crypto-policies --set DEFAULT:" module

const struct sw_check sw_host_crypto_checks[] = {
	ROW("legacy", "The system's policy of cryptography is not LEGACY",
	    "LEGACY lets every program take what was broken years ago.", "DEFAULT, FUTURE or FIPS",
	    "update-crypto-policies --set DEFAULT", is_not_legacy, NULL),
	ROW("sha1", "The policy takes no SHA-1",
	    "Two texts with the same SHA-1 can be made for money: a signature over it proves "
	    "little.",
	    "no SHA1 in hash and sign", MODULE("NO-SHA1"), lists_nothing_weak, &sha1),
	ROW("macs", "The policy takes no short checksums",
	    "A checksum of 64 bits can be guessed within what one connection carries.",
	    "no MAC of 64 or 96 bits",
	    "/etc/crypto-policies/policies/modules/NO-WEAKMAC.pmod: mac = -*-64, then: " MODULE(
		    "NO-WEAKMAC"),
	    lists_nothing_weak, &short_macs),
	ROW("ssh_cbc", "ssh takes no CBC",
	    "How ssh uses CBC lets an onlooker win back text from the errors that he causes.",
	    "no cipher with cbc",
	    "/etc/crypto-policies/policies/modules/NO-SSHCBC.pmod: cipher@SSH = -*-CBC, "
	    "then: " MODULE("NO-SSHCBC"),
	    lists_nothing_weak, &cbc),
	ROW("ssh_chacha", "ssh takes chacha20-poly1305 only where it is safe",
	    "Terrapin (CVE-2023-48795): with it messages at the start of a connection can be cut "
	    "off unseen, unless both ends know strict key exchange.",
	    "not listed, or all peers patched",
	    "Update OpenSSH at both ends; or cipher@SSH = -CHACHA20-POLY1305 in a module",
	    lists_nothing_weak, &chacha),
	ROW("ssh_etm", "ssh takes encrypt-then-mac only where it is safe",
	    "Terrapin (CVE-2023-48795) works with CBC and encrypt-then-mac too, unless both ends "
	    "know strict key exchange.",
	    "not listed, or all peers patched",
	    "Update OpenSSH at both ends; or etm@SSH = DISABLE_ETM in a module", lists_nothing_weak,
	    &etm),
	{ 0 },
};
