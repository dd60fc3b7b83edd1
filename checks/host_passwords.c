/* SPDX-License-Identifier: Apache-2.0 */
/* host_passwords.c: how old passwords may get and how they are hashed. */
#include <inttypes.h>

#include "host_accounts.h"

enum { NOT_SET = INT32_MIN };

/* --- ages --------------------------------------------------------------------------------------
 */

/* A setting and a field of the shadow file that must both be within bounds. */
struct age {
	const char *section, *key;
	const char *field;  /* of an entry of the shadow file */
	const char *called; /* what the field is, in a reason */
	const char *min_param, *max_param;
	int64_t unset;       /* what the setting is when it is not there */
	int64_t unset_field; /* what an empty field is */
};

static bool is_within(struct sw_eval *e, const struct age *age, int64_t n)
{
	return n >= sw_param_int(e, age->min_param) &&
	       (!age->max_param || n <= sw_param_int(e, age->max_param));
}

static void judge_default(struct sw_eval *e, const struct age *age)
{
	const char *text, *from = "";
	int64_t n = age->unset;

	if (!setting_number(e, age->section, age->key, &n, &text, &from) && text) {
		sw_unknown(e, "%s: %s is \"%s\"", from, age->key, text);
		return;
	}
	if (is_within(e, age, n))
		return;
	if (text)
		sw_fail(e, "%s: %s is %" PRId64, from, age->key, n);
	else
		sw_fail(e, "%s is not set", age->key);
}

static enum sw_verdict age_is_within(struct sw_eval *e)
{
	const struct age *age = sw_arg(e);
	size_t n = accounts_of(e, "shadow");

	judge_default(e, age);
	for (size_t i = 0; i < n; i++) {
		const char *at = account_at(e, "shadow", i);
		if (!password_works(e, sw_at(e, "%s/password", at)))
			continue;
		int64_t value = sw_int(e, sw_at(e, "%s/%s", at, age->field), age->unset_field);
		if (is_within(e, age, value))
			continue;
		const char *name = account_text(e, at, "name");
		if (value == NOT_SET)
			sw_fail(e, "%s of %s is not set", age->called, name);
		else
			sw_fail(e, "%s of %s is %" PRId64, age->called, name, value);
	}
	return sw_said(e);
}

#define LOGIN_DEFS ACCOUNTS "login-defs"
/* Defaults of shadow's getdef(3) callers: -1, no limit; -1, none; 7 days is the kernel's nobody's.
 */
static const struct age max_age = { LOGIN_DEFS,     "PASS_MAX_DAYS", "max",   "the maximum age",
				    "pass_max_min", "pass_max_days", NOT_SET, NOT_SET };
static const struct age min_age = { LOGIN_DEFS,        "PASS_MIN_DAYS", "min",
				    "the minimum age", "pass_min_days", NULL,
				    NOT_SET,           NOT_SET };
static const struct age warn_age = { LOGIN_DEFS,      "PASS_WARN_AGE",
				     "warn",          "the time of warning",
				     "pass_warn_age", NULL,
				     NOT_SET,         NOT_SET };
static const struct age inactive_age = {
	ACCOUNTS "useradd", "INACTIVE",      "inactive", "the time until it is locked",
	"inactive_min",     "inactive_days", NOT_SET,    NOT_SET
};

static const struct sw_param max_params[] = {
	{ "pass_max_days", SW_INT, "365", "the most days that a password may be used" },
	{ "pass_max_min", SW_INT, "1", "the fewest days that count as a maximum" },
	{ 0 },
};
static const struct sw_param min_params[] = {
	{ "pass_min_days", SW_INT, "1", "days before a password may be changed again" },
	{ 0 },
};
static const struct sw_param warn_params[] = {
	{ "pass_warn_age", SW_INT, "7", "days of warning before a password expires" },
	{ 0 },
};
static const struct sw_param inactive_params[] = {
	{ "inactive_days", SW_INT, "45", "the most days from expiry until the account is locked" },
	{ "inactive_min", SW_INT, "0", "the fewest days that count as such" },
	{ 0 },
};

static enum sw_verdict change_is_in_the_past(struct sw_eval *e)
{
	size_t n = accounts_of(e, "shadow");

	if (n == 0)
		return sw_said(e);
	if (!sw_has(e, ACCOUNTS "day"))
		return sw_unknown(e, "it was not told which day it was");
	int64_t day = sw_int(e, ACCOUNTS "day", 0);
	for (size_t i = 0; i < n; i++) {
		const char *at = account_at(e, "shadow", i);
		int64_t changed = sw_int(e, sw_at(e, "%s/changed", at), 0);
		if (changed > day)
			sw_fail(e, "the password of %s was changed %" PRId64 " days from then",
				account_text(e, at, "name"), changed - day);
	}
	return sw_said(e);
}

/* --- hashes ------------------------------------------------------------------------------------
 */

static bool is_strong_method(const char *method)
{
	static const char *const strong[] = { "YESCRYPT", "SHA512", "BCRYPT" };

	for (size_t i = 0; i < sizeof(strong) / sizeof(strong[0]); i++) {
		if (strcmp(method, strong[i]) == 0)
			return true;
	}
	return false;
}

/* Programs differ in whether the first or the last line counts: all must be right. */
static enum sw_verdict default_hash_is_strong(struct sw_eval *e)
{
	const char *list = LOGIN_DEFS "/settings/ENCRYPT_METHOD", *from = "";
	const char *libuser = setting_of(e, ACCOUNTS "libuser", "defaults/crypt_style", &from);
	size_t n = sw_count(e, list);

	for (size_t i = 0; i < n; i++) {
		const char *at = sw_at(e, "%s/%zu", list, i);
		const char *method = account_text(e, at, "value");
		if (is_strong_method(method))
			sw_pass(e, "ENCRYPT_METHOD is configured as %s", method);
		else
			sw_fail(e, "%s:%" PRId64 ": ENCRYPT_METHOD is %s",
				account_text(e, at, "file"), account_number(e, at, "line"), method);
	}
	if (libuser && strcmp(libuser, "sha512") != 0 && strcmp(libuser, "yescrypt") != 0)
		sw_fail(e, "%s: crypt_style is %s", from, libuser);
	/* passwd is then another's: busybox's default differs from builder to builder. */
	if (n == 0 && sw_count(e, LOGIN_DEFS "/files") == 0)
		return sw_said(e) == SW_FAIL ? SW_FAIL
					     : sw_unknown(e, "there is no login.defs, and what "
							     "passwd then does is built in");
	if (n == 0)
		sw_fail(e, "ENCRYPT_METHOD is not set: what then counts differs, and may be DES");
	return sw_said(e);
}

enum { ROUNDS_WANTED = 5000 }; /* the default of crypt(5) for sha512 */

static void judge_hash(struct sw_eval *e, const char *file, size_t i)
{
	static const char *const strong[] = { "yescrypt", "gost-yescrypt", "scrypt", "bcrypt",
					      "sha512" };
	const char *at = account_at(e, file, i), *password = sw_at(e, "%s/password", at);
	const char *kind = account_text(e, password, "kind");
	const char *name = account_text(e, at, "name");

	if (strcmp(kind, "shadow") == 0 || strcmp(kind, "none") == 0)
		return;
	if (strcmp(kind, "empty") == 0) {
		sw_fail(e, "%s has an empty password", name);
		return;
	}
	if (strcmp(kind, "unknown") == 0) {
		sw_warn(e, "the hash of %s is of a kind that is not known here", name);
		return;
	}
	int64_t rounds = sw_int(e, sw_at(e, "%s/rounds", password), ROUNDS_WANTED);
	for (size_t k = 0; k < sizeof(strong) / sizeof(strong[0]); k++) {
		if (strcmp(kind, strong[k]) != 0)
			continue;
		if (rounds < ROUNDS_WANTED)
			sw_fail(e, "the hash of %s has %" PRId64 " rounds", name, rounds);
		return;
	}
	sw_fail(e, "the hash of %s is %s", name, kind);
}

static enum sw_verdict hashes_are_strong(struct sw_eval *e)
{
	static const char *const files[] = { "passwd", "shadow" };

	for (size_t f = 0; f < 2; f++) {
		for (size_t i = 0, n = accounts_of(e, files[f]); i < n; i++)
			judge_hash(e, files[f], i);
	}
	return sw_said(e);
}

const struct sw_check sw_host_password_checks[] = {
	{
		.id = "host.account.pass_max_days",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Passwords expire",
		.why = "A password that leaked works until it is changed. (NIST SP 800-63B advises "
		       "against expiry without a cause: where that is followed, waive this.)",
		.wanted = "1 to 365 days, in login.defs and of each password",
		.remedy = "/etc/login.defs: PASS_MAX_DAYS 365; for those that exist: chage "
			  "--maxdays 365 NAME",
		.fn = age_is_within,
		.arg = &max_age,
		.params = max_params,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.pass_min_days",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Passwords cannot be changed at once again",
		.why = "Otherwise whoever must change a password changes it until the old one is "
		       "forgotten by the history, and takes it again.",
		.wanted = "1 day or more, in login.defs and of each password",
		.remedy = "/etc/login.defs: PASS_MIN_DAYS 1; for those that exist: chage "
			  "--mindays 1 NAME",
		.fn = age_is_within,
		.arg = &min_age,
		.params = min_params,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.pass_warn",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Users are warned before a password expires",
		.why = "Who is locked out without warning takes the next password in haste.",
		.wanted = "7 days or more, in login.defs and of each password",
		.remedy = "/etc/login.defs: PASS_WARN_AGE 7; for those that exist: chage "
			  "--warndays 7 NAME",
		.fn = age_is_within,
		.arg = &warn_age,
		.params = warn_params,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.inactive",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Accounts whose password expired are locked",
		.why = "An account that nobody uses any more is one that nobody watches.",
		.wanted = "0 to 45 days, in /etc/default/useradd and of each password",
		.remedy = "useradd -D -f 45; for those that exist: chage --inactive 45 NAME",
		.fn = age_is_within,
		.arg = &inactive_age,
		.params = inactive_params,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.change_in_past",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Passwords were last changed in the past",
		.why = "A date in the future keeps a password from expiring until then.",
		.wanted = "a day that has been",
		.remedy = "chage --lastday $(date +%F) NAME",
		.fn = change_is_in_the_past,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.encrypt_method",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "New passwords are hashed strongly",
		.why = "Fast hashes are tried by the billion on one graphics card.",
		.wanted = "YESCRYPT or SHA512",
		.remedy = "/etc/login.defs: ENCRYPT_METHOD YESCRYPT (SHA512 where that is not "
			  "known)",
		.fn = default_hash_is_strong,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.hash_strength",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "Passwords in use are hashed strongly",
		.why = "A new default changes no password that exists: an old hash stays as weak "
		       "as it was.",
		.wanted = "yescrypt, scrypt, bcrypt, or SHA-512 with 5000 rounds",
		.remedy = "Let the user set the password anew: chage --lastday 0 NAME",
		.fn = hashes_are_strong,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{ 0 },
};
