/* SPDX-License-Identifier: Apache-2.0 */
/* host_pam.c: which modules a login passes on its way, and what they are told. */
#include "host_pam.h"

#include <string.h>

#include "host_accounts.h"

/* --- the module is there -----------------------------------------------------------------------
 */

struct wanted_module {
	const char *type;
	const char *module, *instead; /* or NULL */
	const char *before;           /* the module that it must come before, or NULL */
};

/* The index of the first of two modules in a stack; -1. */
static int64_t index_of(struct sw_eval *e, const char *stack, const char *module,
			const char *instead)
{
	size_t i = 0, k = 0;
	const char *found = pam_next(e, stack, module, &i);
	const char *other = instead ? pam_next(e, stack, instead, &k) : NULL;

	if (found)
		return (int64_t)i - 1;
	return other ? (int64_t)k - 1 : -1;
}

/* A failure of the module must count, else it only talks: what skips some of those that follow, or
 * forgets those before, refuses nobody. */
static void must_count(struct sw_eval *e, const char *module, const char *entry)
{
	const char *action = account_text(e, entry, "on_failure");

	if (strcmp(action, "bad") != 0 && strcmp(action, "die") != 0)
		sw_fail(e, "%s: a failure of %s is not counted", pam_place(e, entry), module);
}

static void wants_module(struct sw_eval *e, const char *stack, const struct wanted_module *w)
{
	int64_t at = index_of(e, stack, w->module, w->instead), limit;

	if (at < 0) {
		sw_fail(e, "%s has no %s in %s", pam_service(e, stack), w->module, w->type);
		return;
	}
	if (!w->before)
		return;
	must_count(e, w->module, sw_at(e, "%s/%d", stack, (int)at));
	limit = index_of(e, stack, w->before, NULL);
	if (limit >= 0 && limit < at)
		sw_fail(e, "%s has %s after %s", pam_service(e, stack), w->module, w->before);
}

static enum sw_verdict has_module(struct sw_eval *e)
{
	const struct wanted_module *w = sw_arg(e);
	const char *stacks[PAM_STACKS];

	for (; w->type; w++) {
		size_t n = pam_stacks(e, w->type, stacks);
		for (size_t i = 0; i < n; i++)
			wants_module(e, stacks[i], w);
	}
	return sw_said(e);
}

static const struct wanted_module unix_everywhere[] = {
	{ "auth", "pam_unix.so", NULL, NULL },
	{ "account", "pam_unix.so", NULL, NULL },
	{ "password", "pam_unix.so", NULL, NULL },
	{ "session", "pam_unix.so", NULL, NULL },
	{ 0 },
};
static const struct wanted_module quality[] = {
	{ "password", "pam_pwquality.so", "pam_passwdqc.so", "pam_unix.so" },
	{ 0 },
};
static const struct wanted_module history[] = {
	{ "password", "pam_pwhistory.so", NULL, "pam_unix.so" },
	{ 0 },
};

/* --- lockout ------------------------------------------------------------------------------------
 */

/* preauth before pam_unix, authfail (or what counts as both) after it. */
static void wants_lockout(struct sw_eval *e, const char *stack)
{
	int64_t password = index_of(e, stack, "pam_unix.so", NULL);
	bool is_before = false, is_after = false;
	const char *entry;

	for (size_t i = 0; (entry = pam_next(e, stack, "pam_faillock.so", &i));) {
		if (pam_argument(e, entry, "preauth") && (int64_t)i - 1 < password) {
			is_before = true;
			must_count(e, "pam_faillock.so", entry);
		}
		if (pam_argument(e, entry, "authfail") && (int64_t)i - 1 > password)
			is_after = true;
	}
	if (password < 0)
		sw_warn(e, "%s asks pam_unix.so for no password", pam_service(e, stack));
	else if (!is_before && !is_after)
		sw_fail(e, "%s has no pam_faillock.so", pam_service(e, stack));
	else if (!is_before)
		sw_fail(e,
			"%s has no pam_faillock.so preauth before pam_unix.so: who is locked "
			"still gets in",
			pam_service(e, stack));
	else if (!is_after)
		sw_fail(e,
			"%s has no pam_faillock.so authfail after pam_unix.so: no failure is "
			"counted",
			pam_service(e, stack));
}

static enum sw_verdict accounts_are_locked_out(struct sw_eval *e)
{
	const char *stacks[PAM_STACKS];
	size_t n = pam_stacks(e, "auth", stacks);

	for (size_t i = 0; i < n; i++)
		wants_lockout(e, stacks[i]);
	n = n ? pam_stacks(e, "account", stacks) : 0;
	for (size_t i = 0; i < n; i++) {
		if (!pam_find(e, stacks[i], "pam_faillock.so"))
			sw_fail(e, "%s has no pam_faillock.so in account: nothing resets the count",
				pam_service(e, stacks[i]));
	}
	return sw_said(e);
}

/* --- pam_unix -----------------------------------------------------------------------------------
 */

/* Calls judge for each pam_unix that is reached in the stacks of a type. */
static void each_unix(struct sw_eval *e, const char *type,
		      void (*judge)(struct sw_eval *e, const char *entry))
{
	const char *stacks[PAM_STACKS], *entry;
	size_t n = pam_stacks(e, type, stacks);

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; (entry = pam_next(e, stacks[i], "pam_unix.so", &k));) {
			if (!pam_is_seen(e, stacks, i, "pam_unix.so", entry))
				judge(e, entry);
		}
	}
}

static void must_not_take_empty(struct sw_eval *e, const char *entry)
{
	static const char *const names[] = { "nullok", "nullok_secure" };

	for (size_t i = 0; i < 2; i++) {
		if (pam_argument(e, entry, names[i]))
			sw_fail(e, "%s: pam_unix.so is told %s", pam_place(e, entry), names[i]);
	}
}

static enum sw_verdict empty_passwords_are_refused(struct sw_eval *e)
{
	each_unix(e, "auth", must_not_take_empty);
	if (sw_said(e) != SW_SKIP)
		each_unix(e, "password", must_not_take_empty);
	return sw_said(e);
}

static void must_hash_well(struct sw_eval *e, const char *entry)
{
	static const char *const weak[] = { "md5", "bigcrypt", "sha256", "blowfish" };
	const char *place = pam_place(e, entry), *from = "";
	const char *method;

	if (pam_argument(e, entry, "remember"))
		sw_fail(e,
			"%s: remember keeps old hashes of a weak kind; pam_pwhistory.so is for "
			"that",
			place);
	for (size_t i = 0; i < sizeof(weak) / sizeof(weak[0]) - 1; i++) {
		if (pam_argument(e, entry, weak[i]))
			sw_fail(e, "%s: hashes by %s", place, weak[i]);
	}
	if (pam_argument(e, entry, "yescrypt") || pam_argument(e, entry, "sha512") ||
	    pam_argument(e, entry, "gost_yescrypt") || pam_argument(e, entry, "blowfish"))
		return;
	method = setting_of(e, ACCOUNTS "login-defs", "ENCRYPT_METHOD", &from);
	if (!method)
		sw_fail(e, "%s: names no hash, nor does login.defs", place);
	else if (strcmp(method, "YESCRYPT") != 0 && strcmp(method, "SHA512") != 0 &&
		 strcmp(method, "BCRYPT") != 0)
		sw_fail(e, "%s: names no hash, and %s says %s", place, from, method);
}

/* The first module of a stack asks for the new password itself. */
static void must_take_what_was_judged(struct sw_eval *e, const char *entry)
{
	if (!pam_argument(e, entry, "use_authtok"))
		sw_fail(e,
			"%s: pam_unix.so is not told use_authtok: it asks for a password that "
			"no other module judged",
			pam_place(e, entry));
}

static enum sw_verdict unix_is_told_well(struct sw_eval *e)
{
	each_unix(e, "password", must_hash_well);
	if (sw_said(e) != SW_SKIP)
		each_unix(e, "password", must_take_what_was_judged);
	return sw_said(e);
}

/* --- su ------------------------------------------------------------------------------------------
 */

/* Whose primary group it is, is a member too. */
static void first_groups_differ(struct sw_eval *e, const char *group, int64_t gid)
{
	for (size_t i = 0, n = accounts_of(e, "passwd"); i < n; i++) {
		const char *at = account_at(e, "passwd", i), *name = account_text(e, at, "name");
		if (account_number(e, at, "gid") == gid && strcmp(name, "root") != 0 &&
		    !sw_param_lists(e, "su_users", name))
			sw_fail(e, "%s may use su: its primary group is %s", name, group);
	}
}

static void group_is_empty(struct sw_eval *e, const char *group)
{
	size_t n = accounts_of(e, "group");

	for (size_t i = 0; i < n; i++) {
		const char *at = account_at(e, "group", i);
		if (strcmp(account_text(e, at, "name"), group) != 0)
			continue;
		first_groups_differ(e, group, account_number(e, at, "gid"));
		const char *members = sw_at(e, "%s/members", at);
		for (size_t k = 0, all = sw_count(e, members); k < all; k++) {
			const char *member = sw_str(e, sw_at(e, "%s/%zu", members, k), "");
			if (!sw_param_lists(e, "su_users", member))
				sw_fail(e, "%s may use su: it is in the group %s", member, group);
		}
		return;
	}
	if (sw_said(e) != SW_UNKNOWN)
		sw_fail(e, "the group %s, whose members may use su, does not exist", group);
}

/* Modules before it whose success is the end, or jumps over it; that of root alone may. */
static void nothing_goes_round(struct sw_eval *e, const char *stack, size_t wheel)
{
	for (size_t i = 0; i < wheel; i++) {
		const char *at = sw_at(e, "%s/%zu", stack, i);
		if (!sw_has(e, sw_at(e, "%s/module", at)))
			continue; /* where a substack begins */
		const char *module = account_text(e, at, "module");
		const char *action = account_text(e, at, "on_success");
		int64_t jump = 0;
		if (strcmp(module, "pam_rootok.so") == 0 ||
		    !sw_bool(e, sw_at(e, "%s/reached", at), false))
			continue;
		if ((text_number(action, &jump) && jump >= (int64_t)(wheel - i)) ||
		    (strcmp(action, "done") == 0 &&
		     account_number(e, at, "level") <=
			     account_number(e, sw_at(e, "%s/%zu", stack, wheel), "level")))
			sw_fail(e, "%s: who passes %s does not come to pam_wheel.so",
				pam_place(e, at), module);
	}
}

static void su_service_is_limited(struct sw_eval *e, const char *service)
{
	const char *stack = sw_at(e, PAM "services/%s/auth", service);
	size_t after = 0;
	const char *entry = pam_next(e, stack, "pam_wheel.so", &after);

	if (!entry) {
		sw_fail(e, "%s has no pam_wheel.so: whoever knows a password may use it", service);
		return;
	}
	const char *action = account_text(e, entry, "on_failure"), *place = pam_place(e, entry);
	if (strcmp(action, "bad") != 0 && strcmp(action, "die") != 0) {
		sw_fail(e, "%s: a failure of pam_wheel.so is not counted", place);
		return;
	}
	if (pam_argument(e, entry, "trust") || pam_argument(e, entry, "deny")) {
		sw_fail(e, "%s: pam_wheel.so is told trust or deny", place);
		return;
	}
	if (!pam_argument(e, entry, "use_uid"))
		sw_fail(e, "%s: pam_wheel.so is not told use_uid", place);
	nothing_goes_round(e, stack, after - 1);
	const char *group = pam_argument(e, entry, "group");
	if (!group || *group == '\0')
		sw_fail(e, "%s: pam_wheel.so names no group", place);
	else
		group_is_empty(e, group);
}

/* "su -" asks a service of its own, where there is one (util-linux). */
static enum sw_verdict su_is_limited(struct sw_eval *e)
{
	if (!sw_has(e, PAM "services/su"))
		return sw_skip(e, "PAM is not set up for su");
	su_service_is_limited(e, "su");
	if (sw_has(e, PAM "services/su-l"))
		su_service_is_limited(e, "su-l");
	return sw_said(e);
}

static const struct sw_param su_params[] = {
	{ "su_users", SW_LIST, NULL, "who may be in the group that may use su" },
	{ 0 },
};

const struct sw_check sw_host_pam_checks[] = {
	{
		.id = "host.pam.unix",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "Logins pass pam_unix",
		.why = "It is what looks at local passwords, locks and dates of expiry; without it "
		       "in a stack these are not looked at.",
		.wanted = "pam_unix.so in auth, account, password and session",
		.remedy = "pam-auth-update --enable unix, or: authselect select local",
		.fn = has_module,
		.arg = unix_everywhere,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.pam.faillock",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "Accounts are locked after failed logins",
		.why = "Without it a password may be guessed at for as long as it takes.",
		.wanted = "pam_faillock.so preauth before pam_unix.so, authfail after it, and in "
			  "account",
		.remedy = "authselect enable-feature with-faillock; on Debian a profile for "
			  "pam-auth-update in /usr/share/pam-configs: see pam_faillock(8)",
		.fn = accounts_are_locked_out,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.pam.pwquality",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "New passwords are judged",
		.why = "Users take the shortest password that is taken.",
		.wanted = "pam_pwquality.so or pam_passwdqc.so before pam_unix.so, required or "
			  "requisite",
		.remedy = "apt-get install libpam-pwquality; elsewhere /etc/pam.d/system-auth: "
			  "password requisite pam_pwquality.so, before pam_unix.so",
		.fn = has_module,
		.arg = quality,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.pam.pwhistory",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Old passwords are not taken again",
		.why = "A password that leaked once is back as soon as it is taken again.",
		.wanted = "pam_pwhistory.so before pam_unix.so, required or requisite",
		.remedy = "authselect enable-feature with-pwhistory; on Debian a profile for "
			  "pam-auth-update: password requisite pam_pwhistory.so remember=24 "
			  "enforce_for_root use_authtok",
		.fn = has_module,
		.arg = history,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.pam.unix.nullok",
		.kind = SW_HOST,
		.severity = SW_HIGH,
		.title = "Empty passwords are refused",
		.why = "With nullok an account with an empty password needs none.",
		.wanted = "pam_unix.so without nullok",
		.remedy = "Take nullok out of the file that is named; on Debian out of "
			  "/usr/share/pam-configs/unix, then: pam-auth-update",
		.fn = empty_passwords_are_refused,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.pam.unix.args",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "pam_unix hashes well and takes the password that was judged",
		.why = "An argument wins over login.defs, so a weak hash there is the one in use; "
		       "without use_authtok the quality of another password was judged.",
		.wanted = "yescrypt or sha512, use_authtok, no remember",
		.remedy = "/etc/pam.d/common-password or system-auth: password … pam_unix.so "
			  "use_authtok yescrypt",
		.fn = unix_is_told_well,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.pam.wheel",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "su is for a group of nobody",
		.why = "su gives root to whoever knows the password and names nobody in the log; "
		       "sudo does.",
		.wanted = "auth required pam_wheel.so use_uid group=GROUP, of a group without "
			  "members",
		.remedy = "groupadd sugroup; /etc/pam.d/su: auth required pam_wheel.so use_uid "
			  "group=sugroup",
		.fn = su_is_limited,
		.params = su_params,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{ 0 },
};
