/* SPDX-License-Identifier: Apache-2.0 */
/* host_ssh_algorithms.c: by which ciphers, sums and key exchanges sshd speaks. */
#include <fnmatch.h>
#include <string.h>

#include "host_ssh.h"

static const struct ssh_scope everybody = { NULL, NULL };

struct algorithms {
	const char *keyword, *name;
	const char *const *weak; /* patterns; ends with NULL */
	/* What is on by default from which version on, newest first; ends with {0}. */
	const struct {
		const char *since, *list;
	} defaults[4];
};

/* One of the names in "a,b,c", cut out. */
static const char *next_name(struct sw_eval *e, const char **list)
{
	size_t n = strcspn(*list, ",");
	const char *name = sw_at(e, "%.*s", (int)n, *list);

	*list += n + ((*list)[n] == ',');
	return name;
}

static bool matches_one(struct sw_eval *e, const char *patterns, const char *name)
{
	while (*patterns)
		if (fnmatch(next_name(e, &patterns), name, 0) == 0)
			return true;
	return false;
}

static bool is_weak(const struct algorithms *a, const char *name)
{
	for (const char *const *w = a->weak; *w; w++)
		if (fnmatch(*w, name, 0) == 0)
			return true;
	return false;
}

/* Fails for the weak ones of a list, but for those that removed takes out. */
static void judge_list(struct sw_eval *e, const struct algorithms *a, const char *list,
		       const char *removed, const char *where)
{
	while (*list) {
		const char *name = next_name(e, &list);
		if (is_weak(a, name) && !matches_one(e, removed, name))
			sw_fail(e, "%s%s has %s (%s)", ssh_prefix(e), a->name, name, where);
	}
}

static void judge_default(struct sw_eval *e, const struct algorithms *a, const char *removed)
{
	const char *version = ssh_version(e);

	for (size_t i = 0; a->defaults[i].since && *version; i++) {
		if (sw_version_compare(version, a->defaults[i].since) < 0)
			continue;
		judge_list(e, a, a->defaults[i].list, removed,
			   sw_at(e, "the default of OpenSSH %s", version));
		return;
	}
	sw_unknown(e, "%sthe default %s of OpenSSH %s are not known", ssh_prefix(e), a->name,
		   *version ? version : "?");
}

/* A list begins with "+", "-" or "^" when it changes the default. */
static enum sw_verdict algorithms_are_strong(struct sw_eval *e)
{
	const struct algorithms *a = sw_arg(e);
	const char *where = "";

	if (!ssh_is_there(e))
		return sw_said(e);
	const char *value = ssh_value(e, &everybody, a->keyword, "", &where);
	if (*value == '-')
		judge_default(e, a, value + 1);
	else if (*value == '\0' || *value == '+' || *value == '^')
		judge_default(e, a, "");
	if (*value && *value != '-')
		judge_list(e, a, value + (*value == '+' || *value == '^'), "", where);
	if (sw_said(e) == SW_PASS && *value)
		return sw_pass(e, "%s%s", ssh_prefix(e), where);
	return sw_said(e);
}

static const char *const weak_ciphers[] = { "3des*",     "*-cbc",    "*cbc@*", "arcfour*",
					    "blowfish*", "cast128*", "des*",   "rijndael*",
					    "none",      NULL };
static const char *const weak_macs[] = { "*md5*",    "*-96*", "umac-64*", "*sha1*",
					 "*ripemd*", "none",  NULL };
static const char *const weak_kex[] = { "*-sha1", "*-sha1-*", "*group1-*", "gss-*sha1*", NULL };

static const struct algorithms ciphers = {
	.keyword = "ciphers",
	.name = "Ciphers",
	.weak = weak_ciphers,
	.defaults = { { "6.7", "chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,"
			       "aes128-gcm@openssh.com,aes256-gcm@openssh.com" } },
};
static const struct algorithms macs = {
	.keyword = "macs",
	.name = "MACs",
	.weak = weak_macs,
	.defaults = { { "6.7", "umac-64-etm@openssh.com,umac-128-etm@openssh.com,"
			       "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,"
			       "hmac-sha1-etm@openssh.com,umac-64@openssh.com,umac-128@openssh.com,"
			       "hmac-sha2-256,hmac-sha2-512,hmac-sha1" } },
};
/* Of the defaults only what tells weak from strong; 8.2 took the last one with SHA-1 away. */
static const struct algorithms kex = {
	.keyword = "kexalgorithms",
	.name = "KexAlgorithms",
	.weak = weak_kex,
	.defaults = { { "8.2", "curve25519-sha256,ecdh-sha2-nistp256,"
			       "diffie-hellman-group14-sha256" },
		      { "6.7", "curve25519-sha256@libssh.org,ecdh-sha2-nistp256,"
			       "diffie-hellman-group14-sha1" } },
};

const struct sw_check sw_host_ssh_algorithms_checks[] = {
	SSH_ROW("host.ssh.ciphers", SW_MEDIUM, "sshd has strong ciphers only",
		"Of CBC modes parts can be read back, RC4 and 3DES can be broken",
		"no 3des, CBC, arcfour, blowfish or cast128", "Ciphers -3des-cbc,*-cbc",
		algorithms_are_strong, &ciphers),
	SSH_ROW("host.ssh.kex", SW_MEDIUM, "sshd has strong key exchange only",
		"SHA-1 and 1024-bit groups are within reach of those who record traffic",
		"no SHA-1, no group1", "KexAlgorithms -*-sha1", algorithms_are_strong, &kex),
	SSH_ROW("host.ssh.macs", SW_MEDIUM, "sshd has strong MACs only",
		"Short or broken sums let traffic be changed underway",
		"no md5, sha1, 96 or 64 bits", "MACs -*md5*,*-96*,umac-64*,*sha1*",
		algorithms_are_strong, &macs),
	{ 0 },
};
