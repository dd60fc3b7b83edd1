/* SPDX-License-Identifier: Apache-2.0 */
/* host_homes.c: homes of those who can log in, their dot files and the keys that let them in. */
#include <inttypes.h>

#include "host_accounts.h"

#define HOMES ACCOUNTS "homes"

enum { WRITABLE = 022, OPEN_HOME = 027 };

/* One account that can log in. */
struct owner {
	const char *name;
	const char *home; /* the path of its facts */
	int64_t uid;
};

typedef void owner_fn(struct sw_eval *e, const struct owner *owner);

/* The first line of each name, as the collector took it. */
static bool is_first(struct sw_eval *e, size_t i, const char *name)
{
	if (!sw_has(e, sw_at(e, ACCOUNTS "passwd/shared-names/%s", sw_esc(e, name))))
		return true;
	for (size_t k = 0; k < i; k++) {
		if (strcmp(account_text(e, account_at(e, "passwd", k), "name"), name) == 0)
			return false;
	}
	return true;
}

/* Those that were not told come last: what is known of others is said before. */
static enum sw_verdict each_owner(struct sw_eval *e, owner_fn *judge)
{
	size_t n = accounts_of(e, "passwd"), owners = 0;

	for (size_t k = 0; k < 2 * n; k++) {
		/* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): k is below 2 * n */
		size_t i = k % n;
		const char *at = account_at(e, "passwd", i), *name = account_text(e, at, "name");
		const char *home = sw_at(e, HOMES "/%s", sw_esc(e, name));
		if (sw_is_known(e, home) != (k < n) || !sw_has(e, home) || !is_first(e, i, name))
			continue;
		const struct owner owner = { name, home, account_number(e, at, "uid") };
		judge(e, &owner);
		owners++;
	}
	if (owners == 0 && sw_said(e) == SW_PASS)
		return sw_skip(e, "no account can log in");
	return sw_said(e);
}

static void judge_home(struct sw_eval *e, const struct owner *o)
{
	const char *path = sw_str(e, sw_at(e, "%s/home", o->home), "");

	if (!sw_bool(e, sw_at(e, "%s/exists", o->home), false)) {
		sw_fail(e, "the home of %s is not there: %s", o->name, path);
		return;
	}
	if (strcmp(account_text(e, o->home, "type"), "dir") != 0) {
		sw_fail(e, "the home of %s is no folder: %s", o->name, path);
		return;
	}
	int64_t uid = account_number(e, o->home, "uid");
	unsigned mode = sw_mode(e, sw_at(e, "%s/mode", o->home), 07777);
	if (uid != o->uid)
		sw_fail(e, "%s, home of %s, belongs to uid %" PRId64, path, o->name, uid);
	if (mode & OPEN_HOME)
		sw_fail(e, "%s, home of %s, has mode %04o", path, o->name, mode);
}

static enum sw_verdict homes_are_private(struct sw_eval *e)
{
	return each_owner(e, judge_home);
}

/* --- dot files ---------------------------------------------------------------------------------
 */

static void judge_dot_file(struct sw_eval *e, const struct owner *o, const char *name,
			   const char *at)
{
	if (!sw_bool(e, sw_at(e, "%s/exists", at), false))
		return; /* a link to nothing */
	if (strcmp(name, ".rhosts") == 0 || strcmp(name, ".shosts") == 0 ||
	    strcmp(name, ".forward") == 0) {
		sw_fail(e, "%s has a %s", o->name, name);
		return;
	}
	const char *type = account_text(e, at, "type");
	bool is_link = sw_bool(e, sw_at(e, "%s/link", at), false);
	if (strcmp(type, "file") != 0 && (strcmp(type, "dir") != 0 || is_link))
		return; /* the modes of sockets and the like are not of interest */
	unsigned mode = sw_mode(e, sw_at(e, "%s/mode", at), 07777);
	int64_t uid = account_number(e, at, "uid");
	if (uid != o->uid && uid != 0)
		sw_fail(e, "%s of %s belongs to uid %" PRId64, name, o->name, uid);
	if (mode & WRITABLE)
		sw_fail(e, "%s of %s has mode %04o", name, o->name, mode);
	if ((strcmp(name, ".netrc") == 0 || strcmp(name, ".bash_history") == 0) && mode & 077)
		sw_fail(e, "%s of %s has mode %04o, not 0600", name, o->name, mode);
}

static void judge_dot_files(struct sw_eval *e, const struct owner *o)
{
	const char *files = sw_at(e, "%s/dot-files", o->home);

	if (!sw_bool(e, sw_at(e, "%s/exists", o->home), false) ||
	    strcmp(account_text(e, o->home, "type"), "dir") != 0)
		return;
	if (!sw_has(e, files)) {
		sw_unknown(e, "the dot files of %s were not told", o->name);
		return;
	}
	size_t n = sw_count(e, files);
	for (size_t k = 0; k < 2 * n; k++) {
		/* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): k is below 2 * n */
		const char *name = sw_key(e, files, k % n);
		const char *at = sw_at(e, "%s/%s", files, sw_esc(e, name));
		if (sw_is_known(e, at) == (k < n))
			judge_dot_file(e, o, name, at);
	}
}

static enum sw_verdict dot_files_are_safe(struct sw_eval *e)
{
	return each_owner(e, judge_dot_files);
}

/* --- keys --------------------------------------------------------------------------------------
 */

static void judge_place(struct sw_eval *e, const struct owner *o, const char *path, const char *at)
{
	unsigned mode = sw_mode(e, sw_at(e, "%s/mode", at), 07777);
	int64_t uid = account_number(e, at, "uid");

	if (uid != o->uid && uid != 0)
		sw_fail(e, "%s belongs to uid %" PRId64 ", not %s", path, uid, o->name);
	if (mode & WRITABLE)
		sw_fail(e, "%s, where keys of %s are, has mode %04o", path, o->name, mode);
}

static void judge_key(struct sw_eval *e, const struct owner *o, const char *path, const char *at)
{
	const char *type = account_text(e, at, "type");
	int64_t line = account_number(e, at, "line");
	int64_t least = sw_param_int(e, "rsa_bits");

	if (strcmp(type, "ssh-dss") == 0)
		sw_fail(e, "%s:%" PRId64 " is a DSA key", path, line);
	else if (strcmp(type, "other") == 0)
		sw_warn(e, "%s:%" PRId64 " is a key of a type that is not known here", path, line);
	if (strcmp(type, "ssh-rsa") != 0)
		return;
	int64_t bits = sw_int(e, sw_at(e, "%s/bits", at), 0);
	if (bits < least)
		sw_fail(e, "%s:%" PRId64 ", a key of %s, is RSA with %" PRId64 " bits", path, line,
			o->name, bits);
}

static void judge_keys_file(struct sw_eval *e, const struct owner *o, const char *path,
			    const char *at)
{
	if (!sw_bool(e, sw_at(e, "%s/exists", at), false))
		return;
	judge_place(e, o, path, at);
	const char *folders = sw_at(e, "%s/folders", at), *keys = sw_at(e, "%s/keys", at);
	if (!sw_has(e, folders) || !sw_has(e, keys)) {
		sw_unknown(e, "%s was not told whole", path);
		return;
	}
	for (size_t i = 0, n = sw_count(e, folders); i < n; i++) {
		const char *folder = sw_key(e, folders, i);
		judge_place(e, o, folder, sw_at(e, "%s/%s", folders, sw_esc(e, folder)));
	}
	for (size_t i = 0, n = sw_count(e, keys); i < n; i++)
		judge_key(e, o, path, sw_at(e, "%s/%zu", keys, i));
}

static void judge_keys(struct sw_eval *e, const struct owner *o)
{
	const char *files = sw_at(e, "%s/authorized-keys", o->home);

	if (!sw_has(e, files)) {
		sw_unknown(e, "the keys of %s were not told", o->name);
		return;
	}
	for (size_t i = 0, n = sw_count(e, files); i < n; i++) {
		const char *path = sw_key(e, files, i);
		judge_keys_file(e, o, path, sw_at(e, "%s/%s", files, sw_esc(e, path)));
	}
}

static enum sw_verdict keys_are_safe(struct sw_eval *e)
{
	const char *sshd = ACCOUNTS "authorized-keys-files", *from;
	const char *command = setting_of(e, sshd, "command", &from);

	each_owner(e, judge_keys);
	if (command && strcmp(command, "none") != 0)
		sw_warn(e, "%s: keys also come from the program %s", from, command);
	if (setting_of(e, sshd, "matched", &from))
		sw_warn(e, "%s: within a Match block, keys are taken from elsewhere", from);
	return sw_said(e);
}

static const struct sw_param key_params[] = {
	{ "rsa_bits", SW_INT, "2048", "the fewest bits of an RSA key" },
	{ 0 },
};

const struct sw_check sw_host_home_checks[] = {
	{
		.id = "host.account.homes",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "Homes are their owner's and private",
		.why = "Whoever may write into a home can put commands into its start-up files, "
		       "and is its owner at the next login.",
		.wanted = "there, owned by the user, mode 0750 or less",
		.remedy = "chown NAME HOME; chmod g-w,o-rwx HOME",
		.fn = homes_are_private,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.dotfiles",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "Dot files are not writable by others",
		.why = "Start-up files are run by their owner's shell; .rhosts and .forward let "
		       "others in or send mail out; .netrc holds passwords.",
		.wanted = "owner's, not writable by group or others, .netrc 0600, no .rhosts, "
			  ".shosts, .forward",
		.remedy = "chmod go-w FILE; rm ~/.rhosts ~/.shosts ~/.forward; chmod 600 ~/.netrc "
			  "~/.bash_history",
		.fn = dot_files_are_safe,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.account.authorized_keys",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "Only its owner can add keys to an account, and keys are strong",
		.why = "A line in authorized_keys is a login that no change of password ends.",
		.wanted = "file and folders of the owner or root, not writable by others; no DSA, "
			  "RSA of 2048 bits or more",
		.remedy = "chmod go-w ~ ~/.ssh ~/.ssh/authorized_keys; replace weak keys by "
			  "ssh-keygen -t ed25519",
		.fn = keys_are_safe,
		.params = key_params,
		.needs = SW_NEEDS_ACCOUNTS,
	},
	{ 0 },
};
