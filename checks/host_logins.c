/* SPDX-License-Identifier: Apache-2.0 */
/* host_logins.c: what a login gets: shell, search path, file mode mask, time until it ends. */
#include <inttypes.h>
#include <stdlib.h>

#include "host_accounts.h"
#include "host_pam.h"

#define SHELL      ACCOUNTS "shell"
#define ROOT_SHELL ACCOUNTS "root-shell"
#define LOGIN_DEFS ACCOUNTS "login-defs"

/* --- shells ------------------------------------------------------------------------------------
 */

enum { NOBODY = 65534 };

/* Accounts whose shell is a program that does what they are called, and no more. */
static bool does_one_thing(const char *name, const char *shell)
{
	static const char *const names[] = { "halt", "sync", "shutdown" };
	const char *slash = strrchr(shell, '/');

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i]) == 0)
			return slash && strcmp(slash + 1, name) == 0;
	}
	return false;
}

static enum sw_verdict system_accounts_have_no_shell(struct sw_eval *e)
{
	int64_t first = first_uid(e);
	size_t n = accounts_of(e, "passwd");

	for (size_t i = 0; i < n; i++) {
		const char *at = account_at(e, "passwd", i);
		const char *name = account_text(e, at, "name"), *shell;
		int64_t uid = account_number(e, at, "uid");
		if ((uid >= first && uid != NOBODY) || strcmp(name, "root") == 0)
			continue;
		shell = account_text(e, at, "shell");
		if (!shell_refuses(shell) && !does_one_thing(name, shell))
			sw_fail(e, "%s has the shell %s", name, *shell ? shell : "/bin/sh");
	}
	return sw_said(e);
}

static bool is_valid_shell(struct sw_eval *e, const char *shell)
{
	if (*shell == '\0')
		shell = "/bin/sh";
	return !shell_refuses(shell) &&
	       sw_has(e, sw_at(e, ACCOUNTS "shells/settings/%s", sw_esc(e, shell)));
}

/* The password field of a name in the shadow file; NULL when it has no line. */
static const char *shadow_password(struct sw_eval *e, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		const char *at = account_at(e, "shadow", i);
		if (strcmp(account_text(e, at, "name"), name) == 0)
			return sw_at(e, "%s/password", at);
	}
	return NULL;
}

static enum sw_verdict accounts_without_shell_are_locked(struct sw_eval *e)
{
	size_t n = accounts_of(e, "passwd"), n_shadow = accounts_of(e, "shadow");

	for (size_t i = 0; i < n; i++) {
		const char *at = account_at(e, "passwd", i);
		const char *name = account_text(e, at, "name"), *shell, *password;
		if (strcmp(name, "root") == 0)
			continue;
		shell = account_text(e, at, "shell");
		if (is_valid_shell(e, shell))
			continue;
		password = shadow_password(e, n_shadow, name);
		if (!password)
			password = sw_at(e, "%s/password", at);
		const char *kind = account_text(e, password, "kind");
		bool is_locked = sw_bool(e, sw_at(e, "%s/locked", password), false);
		if (!is_locked && strcmp(kind, "none") != 0 && strcmp(kind, "shadow") != 0)
			sw_fail(e, "%s, whose shell is %s, has a password that is not locked", name,
				shell);
	}
	return sw_said(e);
}

static enum sw_verdict nologin_is_no_shell(struct sw_eval *e)
{
	const char *shells = ACCOUNTS "shells/settings";
	size_t n = sw_count(e, shells);

	for (size_t i = 0; i < n; i++) {
		const char *shell = sw_key(e, shells, i);
		if (strcmp(shell_refuses(shell) ? strrchr(shell, '/') ?: shell : "", "/nologin") ==
		    0)
			sw_fail(e, "/etc/shells lists %s", shell);
	}
	return sw_said(e);
}

/* --- root's search path -------------------------------------------------------------------------
 */

/* Whoever may write to the folder that is nearest above one that is not there can make it. */
static void judge_above(struct sw_eval *e, const char *from, const char *folder)
{
	const char *above = folder, *at;

	do {
		size_t n = (size_t)(strrchr(above, '/') - above);
		above = sw_at(e, "%.*s", n ? (int)n : 1, above);
		at = sw_at(e, ACCOUNTS "paths/%s", sw_esc(e, above));
		if (!sw_has(e, at)) {
			sw_unknown(e, "%s: it was not told what %s is, where %s could be made",
				   from, above, folder);
			return;
		}
	} while (!sw_bool(e, sw_at(e, "%s/exists", at), false) && strcmp(above, "/") != 0);
	if (account_number(e, at, "uid") != 0 || sw_mode(e, sw_at(e, "%s/mode", at), 07777) & 022)
		sw_fail(e,
			"%s: %s in the PATH is not there, and others than root may make it in %s",
			from, folder, above);
}

static void judge_folder(struct sw_eval *e, const char *from, const char *folder)
{
	const char *at = sw_at(e, ACCOUNTS "paths/%s", sw_esc(e, folder));

	if (*folder == '\0' || *folder == '.') {
		sw_fail(e, "%s: the PATH has %s in it", from,
			*folder ? folder : "an empty element, the current folder,");
		return;
	}
	if (*folder == '$') {
		if (strcmp(folder, "$PATH") != 0 && strcmp(folder, "${PATH}") != 0)
			sw_warn(e, "%s: the PATH has %s in it, which is known to the shell alone",
				from, folder);
		return;
	}
	if (*folder != '/') {
		if (strchr(folder, '$') || *folder == '~')
			sw_warn(e, "%s: the PATH has %s in it, which is known to the shell alone",
				from, folder);
		else
			sw_fail(e, "%s: the PATH has %s in it, which is relative", from, folder);
		return;
	}
	if (!sw_has(e, at)) {
		sw_unknown(e, "%s: it was not told what %s is", from, folder);
		return;
	}
	if (!sw_bool(e, sw_at(e, "%s/exists", at), false)) {
		judge_above(e, from, folder);
		return;
	}
	if (strcmp(account_text(e, at, "type"), "dir") != 0)
		sw_fail(e, "%s: %s in the PATH is no folder", from, folder);
	if (account_number(e, at, "uid") != 0)
		sw_fail(e, "%s: %s in the PATH belongs to uid %" PRId64, from, folder,
			account_number(e, at, "uid"));
	if (sw_mode(e, sw_at(e, "%s/mode", at), 07777) & 022)
		sw_fail(e, "%s: %s in the PATH is writable by others than root", from, folder);
}

static void judge_path(struct sw_eval *e, const char *at)
{
	const char *from =
		sw_at(e, "%s:%" PRId64, account_text(e, at, "file"), account_number(e, at, "line"));
	const char *value = account_text(e, at, "value");

	if (strncmp(value, "PATH=", 5) == 0)
		value += 5;
	for (const char *s = value;; s++) {
		size_t n = strcspn(s, ":");
		const char *folder = sw_at(e, "%.*s", (int)n, s);
		size_t quotes = strspn(folder, "\"'");
		judge_folder(
			e, from,
			sw_at(e, "%.*s", (int)strcspn(folder + quotes, "\"'"), folder + quotes));
		s += n;
		if (*s == '\0')
			break;
	}
}

static void judge_paths(struct sw_eval *e, const char *section, const char *key)
{
	const char *list = sw_at(e, "%s/settings/%s", section, sw_esc(e, key));

	for (size_t i = 0, n = sw_count(e, list); i < n; i++)
		judge_path(e, sw_at(e, "%s/%zu", list, i));
}

static enum sw_verdict root_path_is_safe(struct sw_eval *e)
{
	judge_paths(e, LOGIN_DEFS, "ENV_SUPATH");
	judge_paths(e, ACCOUNTS "environment", "PATH");
	judge_paths(e, SHELL, "PATH");
	judge_paths(e, SHELL, "if/PATH");
	judge_paths(e, ROOT_SHELL, "PATH");
	judge_paths(e, ROOT_SHELL, "if/PATH");
	return sw_said(e);
}

/* --- umask -------------------------------------------------------------------------------------
 */

enum { MASK_WANTED = 027, NO_MASK = -1, COMPUTED = -2 };

/* The mask written as text; COMPUTED when only a shell can tell. */
static int64_t mask_of(const char *text)
{
	if (*text == '\0' || strlen(text) > 4 || text[strspn(text, "01234567")])
		return COMPUTED;
	return strtol(text, NULL, 8);
}

static bool is_strict(int64_t mask)
{
	return (mask & MASK_WANTED) == MASK_WANTED;
}

/* Judges what the files of a shell set; the last that is always set, COMPUTED,
 * or NO_MASK. */
static int64_t shell_mask(struct sw_eval *e, const char *section)
{
	const char *sure = sw_at(e, "%s/settings/umask", section);
	const char *maybe = sw_at(e, "%s/settings/if~1umask", section);
	int64_t last = NO_MASK;

	for (size_t i = 0, n = sw_count(e, sure); i < n; i++) {
		const char *at = sw_at(e, "%s/%zu", sure, i);
		last = mask_of(account_text(e, at, "value"));
		const char *from = sw_at(e, "%s:%" PRId64, account_text(e, at, "file"),
					 account_number(e, at, "line"));
		if (last == COMPUTED)
			sw_warn(e, "%s: the umask is %s, which only the shell can tell", from,
				account_text(e, at, "value"));
		else if (!is_strict(last))
			sw_fail(e, "%s: the umask is %03" PRIo64, from, (uint64_t)last);
	}
	for (size_t i = 0, n = sw_count(e, maybe); i < n; i++) {
		const char *at = sw_at(e, "%s/%zu", maybe, i);
		int64_t mask = mask_of(account_text(e, at, "value"));
		if (mask == COMPUTED || !is_strict(mask))
			sw_warn(e, "%s:%" PRId64 ": in some cases the umask is %s",
				account_text(e, at, "file"), account_number(e, at, "line"),
				account_text(e, at, "value"));
	}
	return last;
}

/* What pam_umask sets: its argument, or UMASK of login.defs. */
static enum sw_verdict judge_pam_umask(struct sw_eval *e, const char *entry)
{
	const char *from = "pam_umask", *text = pam_argument(e, entry, "umask");

	if (!text)
		text = setting_of(e, LOGIN_DEFS, "UMASK", &from);
	if (!text)
		return sw_fail(e, "no umask is set: it is 022");
	int64_t mask = mask_of(text);
	if (mask == COMPUTED)
		return sw_unknown(e, "%s: the umask is %s", from, text);
	if (!is_strict(mask))
		return sw_fail(e, "%s: the umask is %s", from, text);
	return sw_pass(e, "the umask is configured as %s, by %s", text, from);
}

static enum sw_verdict judge_default_umask(struct sw_eval *e)
{
	int64_t mask = shell_mask(e, SHELL);

	if (mask != NO_MASK)
		return sw_said(e) == SW_PASS ? sw_pass(e, "shells are configured to set it")
					     : sw_said(e);
	const char *entry = pam_find_any(e, "session", "pam_umask.so");
	if (entry)
		return judge_pam_umask(e, entry);
	return sw_fail(e, "neither shells nor pam_umask set a umask: it is 022");
}

static enum sw_verdict default_umask_is_strict(struct sw_eval *e)
{
	judge_default_umask(e);
	return sw_said(e);
}

static enum sw_verdict root_umask_is_strict(struct sw_eval *e)
{
	int64_t mask = shell_mask(e, ROOT_SHELL);

	if (mask != NO_MASK)
		return sw_said(e) == SW_PASS
			       ? sw_pass(e, "configured as %03" PRIo64, (uint64_t)mask)
			       : sw_said(e);
	judge_default_umask(e);
	return sw_said(e);
}

/* --- idle shells -------------------------------------------------------------------------------
 */

static void judge_timeout(struct sw_eval *e, const char *at, bool is_sure, bool *is_set)
{
	const char *text = account_text(e, at, "value");
	const char *from =
		sw_at(e, "%s:%" PRId64, account_text(e, at, "file"), account_number(e, at, "line"));
	int64_t n;

	if (!text_number(text, &n))
		sw_warn(e, "%s: TMOUT is %s, which only the shell can tell", from, text);
	else if (n < 1 || n > sw_param_int(e, "shell_timeout"))
		sw_fail(e, "%s: TMOUT is %s", from, text);
	else if (is_sure)
		*is_set = true;
	else
		sw_warn(e, "%s: TMOUT is set in some cases only", from);
}

static enum sw_verdict idle_shells_end(struct sw_eval *e)
{
	const char *sure = SHELL "/settings/TMOUT", *maybe = SHELL "/settings/if~1TMOUT";
	bool is_set = false;
	size_t n = sw_count(e, sure), n_maybe = sw_count(e, maybe);

	for (size_t i = 0; i < n; i++)
		judge_timeout(e, sw_at(e, "%s/%zu", sure, i), true, &is_set);
	for (size_t i = 0; i < n_maybe && !is_set; i++)
		judge_timeout(e, sw_at(e, "%s/%zu", maybe, i), false, &is_set);
	if (n + n_maybe == 0)
		return sw_fail(e, "TMOUT is not set");
	if (is_set && !sw_has(e, SHELL "/settings/readonly~1TMOUT"))
		sw_fail(e, "TMOUT is not readonly: whoever likes to unsets it");
	if (is_set && !sw_has(e, SHELL "/settings/export~1TMOUT"))
		sw_fail(e, "TMOUT is not exported: shells started from a shell do not end");
	if (is_set && sw_said(e) == SW_PASS)
		sw_pass(e, "TMOUT is configured");
	return sw_said(e);
}

static const struct sw_param timeout_params[] = {
	{ "shell_timeout", SW_INT, "900", "the most seconds until an idle shell ends" },
	{ 0 },
};

const struct sw_check sw_host_login_checks[] = {
	{
		.id = "host.account.root_path",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "root finds programs only where root alone may put them",
		.why = "Whoever may write to a folder of root's PATH, or to the folder root is in, "
		       "puts a program there that root takes for another.",
		.wanted = "absolute folders of root, not writable by others",
		.remedy = "Take the element out of the file that is named, or: chown root FOLDER; "
			  "chmod go-w FOLDER",
		.fn = root_path_is_safe,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.root_umask",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Files made by root are not readable by all",
		.why = "What root makes by hand (keys, dumps, configuration) is readable by every "
		       "account unless the mask says otherwise.",
		.wanted = "027 or stricter",
		.remedy = "/root/.bash_profile and /root/.bashrc: umask 027",
		.fn = root_umask_is_strict,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.system_shells",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "System accounts have no login shell",
		.why = "An account that a service runs as needs no shell; whoever takes the "
		       "service gets one with it.",
		.wanted = "nologin or false below UID_MIN, but for root, halt, sync and shutdown",
		.remedy = "usermod -s $(command -v nologin) NAME",
		.fn = system_accounts_have_no_shell,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.nologin_locked",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "Accounts without a login shell are locked",
		.why = "A shell that refuses stops shells only: such a password still opens what "
		       "asks for no shell, such as mail, FTP or tunnels of ssh.",
		.wanted = "a hash that begins with ! or *",
		.remedy = "usermod -L NAME",
		.fn = accounts_without_shell_are_locked,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.shells_nologin",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "nologin is not listed as a shell",
		.why = "Programs such as FTP servers take an account for one of a person if its "
		       "shell is in /etc/shells.",
		.wanted = "no nologin in /etc/shells",
		.remedy = "Delete the line from /etc/shells",
		.fn = nologin_is_no_shell,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.tmout",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Idle shells end by themselves",
		.why = "A shell that was left open is there for whoever comes by. "
		       "(StopIdleSessionSec= of logind ends sessions of any kind.)",
		.wanted = "TMOUT of 1 to 900 seconds, readonly and exported",
		.remedy = "/etc/profile.d/tmout.sh: readonly TMOUT=900; export TMOUT",
		.fn = idle_shells_end,
		.params = timeout_params,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.umask",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "New files are not readable by all",
		.why = "What users make is readable by every account unless the mask says "
		       "otherwise. The engine's own mask is that of its unit.",
		.wanted = "027 or stricter",
		.remedy = "/etc/login.defs: UMASK 027, with session optional pam_umask.so; or "
			  "/etc/profile.d/umask.sh: umask 027",
		.fn = default_umask_is_strict,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{ 0 },
};
