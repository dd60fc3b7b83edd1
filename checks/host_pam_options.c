/* SPDX-License-Identifier: Apache-2.0 */
/* host_pam_options.c: how strict the modules that lock out and judge passwords are set up to be. */
#include <inttypes.h>
#include <string.h>

#include "host_accounts.h"
#include "host_pam.h"

/* An option of a module: its argument wins over its file, which wins over the default. */
struct option {
	const char *type, *module, *section;
};

static const struct option faillock = { "auth", "pam_faillock.so", PAM "faillock" };
static const struct option pwquality = { "password", "pam_pwquality.so", PAM "pwquality" };
static const struct option pwhistory = { "password", "pam_pwhistory.so", PAM "pwhistory" };

/* Every place of the module that is reached is judged by its own arguments. */
typedef void option_fn(struct sw_eval *e, const struct option *o, const char *entry);

static enum sw_verdict each_place(struct sw_eval *e, const struct option *o, option_fn *judge)
{
	const char *stacks[PAM_STACKS], *entry;
	size_t n = pam_stacks(e, o->type, stacks), found = 0;

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; (entry = pam_next(e, stacks[i], o->module, &k)); found++) {
			if (pam_is_seen(e, stacks, i, o->module, entry))
				continue;
			if (pam_argument(e, entry, "conf"))
				sw_unknown(e, "%s: conf= names a file that is not read",
					   pam_place(e, entry));
			else
				judge(e, o, entry);
		}
	}
	if (n > 0 && found == 0 && sw_said(e) != SW_UNKNOWN)
		return sw_fail(e, "no login comes to %s", o->module);
	return sw_said(e);
}

/* The text of an option and where it is from; NULL: not set. */
static const char *option_text(struct sw_eval *e, const struct option *o, const char *entry,
			       const char *name, const char **ret_from)
{
	const char *argument = pam_argument(e, entry, name);

	*ret_from = pam_place(e, entry);
	return argument ? argument : setting_of(e, o->section, name, ret_from);
}

/* The number of an option; false, said as unknown, when it is none. */
static bool option_number(struct sw_eval *e, const struct option *o, const char *entry,
			  const char *name, int64_t unset, int64_t *ret, const char **ret_from)
{
	const char *text = option_text(e, o, entry, name, ret_from);

	*ret = unset;
	if (!text) {
		*ret_from = "the default";
		return true;
	}
	if (strstr(name, "unlock_time") && strcmp(text, "never") == 0) {
		*ret = 0;
		return true;
	}
	if (text_number(text, ret))
		return true;
	sw_unknown(e, "%s: %s is \"%s\"", *ret_from, name, text);
	return false;
}

static bool option_is_set(struct sw_eval *e, const struct option *o, const char *entry,
			  const char *name)
{
	const char *from;

	return option_text(e, o, entry, name, &from) != NULL;
}

/* --- lockout: defaults of faillock.conf(5) ------------------------------------------------------
 */

static void judge_deny(struct sw_eval *e, const struct option *o, const char *entry)
{
	const char *from;
	int64_t n;

	if (option_number(e, o, entry, "deny", 3, &n, &from) &&
	    (n < 1 || n > sw_param_int(e, "deny")))
		sw_fail(e, "%s: deny is %" PRId64, from, n);
}

static enum sw_verdict locks_after_few(struct sw_eval *e)
{
	return each_place(e, &faillock, judge_deny);
}

static void judge_unlock(struct sw_eval *e, const struct option *o, const char *entry)
{
	const char *from;
	int64_t n;

	if (option_number(e, o, entry, "unlock_time", 600, &n, &from) && n != 0 &&
	    n < sw_param_int(e, "unlock_time"))
		sw_fail(e, "%s: unlock_time is %" PRId64, from, n);
}

static enum sw_verdict locks_for_long(struct sw_eval *e)
{
	return each_place(e, &faillock, judge_unlock);
}

static void judge_root(struct sw_eval *e, const struct option *o, const char *entry)
{
	const char *from;
	int64_t n;

	if (!option_number(e, o, entry, "root_unlock_time", -1, &n, &from))
		return;
	if (n < 0 && !option_is_set(e, o, entry, "even_deny_root"))
		sw_fail(e, "root is not locked out (%s)", pam_place(e, entry));
	else if (n > 0 && n < sw_param_int(e, "root_unlock_time"))
		sw_fail(e, "%s: root_unlock_time is %" PRId64, from, n);
}

static enum sw_verdict locks_root(struct sw_eval *e)
{
	return each_place(e, &faillock, judge_root);
}

/* --- quality: defaults of pwquality.conf(5) ------------------------------------------------------
 */

static void judge_minlen(struct sw_eval *e, const struct option *o, const char *entry)
{
	static const char *const credits[] = { "dcredit", "ucredit", "lcredit", "ocredit" };
	const char *from, *where;
	int64_t n, credit, given = 0;

	if (!option_number(e, o, entry, "minlen", 8, &n, &from))
		return;
	for (size_t i = 0; i < 4; i++) {
		if (option_number(e, o, entry, credits[i], 0, &credit, &where) && credit > 0)
			given += credit;
	}
	if (n < sw_param_int(e, "minlen"))
		sw_fail(e, "%s: minlen is %" PRId64, from, n);
	else if (n - given < sw_param_int(e, "minlen"))
		sw_fail(e, "%s: minlen is %" PRId64 ", and credits make it %" PRId64, from, n,
			n - given);
}

static enum sw_verdict passwords_are_long(struct sw_eval *e)
{
	return each_place(e, &pwquality, judge_minlen);
}

static void judge_complexity(struct sw_eval *e, const struct option *o, const char *entry)
{
	static const char *const credits[] = { "dcredit", "ucredit", "lcredit", "ocredit" };
	const char *from;
	int64_t classes, credit, demanded = 0;

	if (!option_number(e, o, entry, "minclass", 0, &classes, &from))
		return;
	for (size_t i = 0; i < 4; i++) {
		const char *where;
		if (!option_number(e, o, entry, credits[i], 0, &credit, &where))
			return;
		demanded += credit < 0;
	}
	if (classes < sw_param_int(e, "minclass") && demanded < sw_param_int(e, "minclass"))
		sw_fail(e,
			"minclass is %" PRId64 " (%s), and %" PRId64 " kinds of characters are "
			"demanded",
			classes, from, demanded);
}

static enum sw_verdict passwords_are_mixed(struct sw_eval *e)
{
	return each_place(e, &pwquality, judge_complexity);
}

static void judge_details(struct sw_eval *e, const struct option *o, const char *entry)
{
	static const struct {
		const char *name;
		int64_t unset, least, most;
	} details[] = {
		{ "difok", 1, 2, INT32_MAX },
		{ "maxrepeat", 0, 1, 3 },
		{ "maxsequence", 0, 1, 3 },
		{ "dictcheck", 1, 1, INT32_MAX },
	};
	const char *from;
	int64_t n;

	for (size_t i = 0; i < sizeof(details) / sizeof(details[0]); i++) {
		if (option_number(e, o, entry, details[i].name, details[i].unset, &n, &from) &&
		    (n < details[i].least || n > details[i].most))
			sw_fail(e, "%s is %" PRId64 " (%s)", details[i].name, n, from);
	}
}

static enum sw_verdict passwords_are_no_patterns(struct sw_eval *e)
{
	return each_place(e, &pwquality, judge_details);
}

static void judge_enforcing(struct sw_eval *e, const struct option *o, const char *entry)
{
	const char *from;
	int64_t n;

	if (option_number(e, o, entry, "enforcing", 1, &n, &from) && n == 0)
		sw_fail(e, "%s: enforcing is 0: bad passwords are taken with a warning", from);
	if (!option_is_set(e, o, entry, "enforce_for_root"))
		sw_fail(e, "enforce_for_root is not set: root may set bad passwords");
}

static enum sw_verdict quality_is_enforced(struct sw_eval *e)
{
	return each_place(e, &pwquality, judge_enforcing);
}

/* --- history: defaults of pam_pwhistory(8)
 * -------------------------------------------------------- */

static void judge_history(struct sw_eval *e, const struct option *o, const char *entry)
{
	const char *from;
	int64_t n;

	if (option_number(e, o, entry, "remember", 10, &n, &from) &&
	    n < sw_param_int(e, "remember"))
		sw_fail(e, "remember is %" PRId64 " (%s)", n, from);
	if (!option_is_set(e, o, entry, "enforce_for_root"))
		sw_fail(e, "enforce_for_root is not set: root may take old passwords");
	if (!pam_argument(e, entry, "use_authtok"))
		sw_fail(e, "%s: pam_pwhistory.so is not told use_authtok", pam_place(e, entry));
}

static enum sw_verdict history_is_long(struct sw_eval *e)
{
	return each_place(e, &pwhistory, judge_history);
}

#define PARAM(ident, text, help)                                                                   \
	static const struct sw_param ident##_params[] = { { #ident, SW_INT, text, help }, { 0 } }
PARAM(deny, "5", "the most failed logins until an account is locked");
PARAM(unlock_time, "900", "the fewest seconds that it stays locked; 0 in force is for ever");
PARAM(root_unlock_time, "60", "the fewest seconds that root stays locked");
PARAM(minlen, "14", "the fewest characters of a password");
PARAM(minclass, "3", "of how many kinds the characters of a password must be");
PARAM(remember, "24", "how many old passwords are remembered");

#define ROW(name, level, what, because, want, how, function, parameters)                           \
	{                                                                                          \
		.id = "host.pam." name, .kind = SW_HOST, .severity = level, .title = what,         \
		.why = because, .wanted = want, .remedy = how, .fn = function,                     \
		.params = parameters, .needs = SW_NEEDS_ACCOUNTS,                                  \
	}

const struct sw_check sw_host_pam_option_checks[] = {
	ROW("faillock.deny", SW_MEDIUM, "Few failed logins lock an account",
	    "Each try more is a guess more.", "deny of 1 to 5",
	    "/etc/security/faillock.conf: deny = 5, and no deny= among the module's arguments",
	    locks_after_few, deny_params),
	ROW("faillock.unlock_time", SW_LOW, "A locked account stays locked for a while",
	    "Who guesses comes back as soon as the lock is gone.",
	    "unlock_time of 900 seconds or more, or 0 (until somebody unlocks it)",
	    "/etc/security/faillock.conf: unlock_time = 900", locks_for_long, unlock_time_params),
	ROW("faillock.root", SW_LOW, "root is locked out too",
	    "root is the one name that everybody knows. (Where no other way in is left, guessing "
	    "locks the owner out.)",
	    "even_deny_root, or root_unlock_time of 60 seconds or more",
	    "/etc/security/faillock.conf: even_deny_root and root_unlock_time = 60", locks_root,
	    root_unlock_time_params),
	ROW("pwq.minlen", SW_MEDIUM, "Passwords are long",
	    "Length is what guessing costs most by; credits for kinds of characters make a "
	    "password count for longer than it is.",
	    "minlen of 14 or more, after credits", "/etc/security/pwquality.conf: minlen = 14",
	    passwords_are_long, minlen_params),
	ROW("pwq.complexity", SW_LOW, "Passwords are of several kinds of characters",
	    "Words of small letters are the first that are tried.",
	    "minclass of 3, or three of dcredit, ucredit, lcredit, ocredit below 0",
	    "/etc/security/pwquality.conf: minclass = 3", passwords_are_mixed, minclass_params),
	ROW("pwq.misc", SW_LOW, "Passwords are no patterns, and new ones are new",
	    "Repeated and rising characters, words and old passwords with one letter changed are "
	    "guessed early.",
	    "difok 2 or more, maxrepeat and maxsequence 1 to 3, dictcheck on",
	    "/etc/security/pwquality.conf: difok = 2, maxrepeat = 3, maxsequence = 3, "
	    "dictcheck = 1",
	    passwords_are_no_patterns, NULL),
	ROW("pwq.enforcing", SW_LOW, "Bad passwords are refused, of root too",
	    "What only warns is clicked away.", "enforcing not 0, enforce_for_root",
	    "/etc/security/pwquality.conf: enforcing = 1 and enforce_for_root", quality_is_enforced,
	    NULL),
	ROW("pwhist.opts", SW_LOW, "Many old passwords are remembered, of root too",
	    "A short history is gone through in minutes.",
	    "remember of 24 or more, enforce_for_root, use_authtok",
	    "password requisite pam_pwhistory.so remember=24 enforce_for_root use_authtok",
	    history_is_long, remember_params),
	{ 0 },
};
