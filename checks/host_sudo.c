/* SPDX-License-Identifier: Apache-2.0 */
/* host_sudo.c: what sudo asks for, what it writes down, and whom it makes root. */
#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "host_accounts.h"
#include "host_pam.h"

#define SUDO "@host/sudo"

/* Is there a sudo to be judged? Says skip when there is not. */
static bool has_sudo(struct sw_eval *e)
{
	size_t n = sw_count(e, SUDO "/files");

	if (n == 0 && sw_said(e) != SW_UNKNOWN)
		sw_skip(e, "sudo is not set up here: there is no /etc/sudoers");
	return n > 0;
}

static enum sw_verdict is_installed(struct sw_eval *e)
{
	const char *programs = SUDO "/programs";
	size_t n = sw_count(e, programs);

	for (size_t i = 0; i < n; i++) {
		const char *path = sw_key(e, programs, i);
		const char *at = sw_at(e, "%s/%s", programs, sw_esc(e, path));
		if (!sw_bool(e, sw_at(e, "%s/exists", at), false))
			continue;
		bool is_run0 = strstr(path, "run0") != NULL;
		if (is_run0 || (sw_mode(e, sw_at(e, "%s/mode", at), 0) & 04000 &&
				account_number(e, at, "uid") == 0))
			return sw_pass(e, "%s", path);
		sw_fail(e, "%s is not set-uid root", path);
	}
	if (sw_said(e) == SW_PASS)
		return sw_fail(e, "there is no sudo, doas or run0");
	return sw_said(e);
}

/* The setting of Defaults in force, or NULL. */
static const char *in_force(struct sw_eval *e, const char *name, const char **ret_from)
{
	return setting_of(e, SUDO, sw_at(e, "default/%s", name), ret_from);
}

/* Fails each scoped setting that begins with this value. */
static void fail_scoped(struct sw_eval *e, const char *name, const char *value)
{
	const char *list = sw_at(e, SUDO "/settings/%s", sw_esc(e, sw_at(e, "scoped/%s", name)));

	for (size_t i = 0, n = sw_count(e, list); i < n; i++) {
		const char *at = sw_at(e, "%s/%zu", list, i);
		const char *text = account_text(e, at, "value");
		size_t len = strlen(value);
		if (strncmp(text, value, len) == 0 && text[len] == ' ')
			sw_fail(e, "%s:%" PRId64 ": %s is %s for %s", account_text(e, at, "file"),
				account_number(e, at, "line"), name, value, text + len + 1);
	}
}

static enum sw_verdict uses_a_pty(struct sw_eval *e)
{
	const char *from = "", *value;

	if (!has_sudo(e))
		return sw_said(e);
	value = in_force(e, "use_pty", &from);
	fail_scoped(e, "use_pty", "false");
	if (value && strcmp(value, "false") == 0)
		return sw_fail(e, "%s: !use_pty", from);
	if (value)
		return sw_said(e) == SW_PASS ? sw_pass(e, "%s: use_pty is configured", from)
					     : sw_said(e);
	return sw_warn(e, "use_pty is not set: it is on from sudo 1.9.14; see sudo --version");
}

static enum sw_verdict keeps_a_log(struct sw_eval *e)
{
	const char *from = "", *value, *facility;

	if (!has_sudo(e))
		return sw_said(e);
	value = in_force(e, "log_allowed", &from);
	if (value && strcmp(value, "false") == 0)
		return sw_fail(e, "%s: !log_allowed: what sudo lets through is not logged", from);
	value = in_force(e, "logfile", &from);
	facility = in_force(e, "syslog", NULL);
	if (value && strcmp(value, "false") != 0 && *value)
		return sw_pass(e, "%s: logfile is configured as %s", from, value);
	if (facility && strcmp(facility, "false") == 0)
		return sw_fail(e, "neither logfile nor syslog is set: nothing is logged");
	return sw_warn(e, "logfile is not set: see that the system's log, which sudo writes to, is "
			  "kept");
}

static bool is_declared(struct sw_eval *e, const char *user)
{
	return strcmp(user, "root") == 0 || strcmp(user, "#0") == 0 ||
	       sw_param_lists(e, "sudo_admins", user);
}

/* The first user of a rule who is not declared, or NULL. */
static const char *undeclared(struct sw_eval *e, const char *rule)
{
	const char *users = sw_at(e, "%s/users", rule);

	for (size_t i = 0, n = sw_count(e, users); i < n; i++) {
		const char *user = sw_str(e, sw_at(e, "%s/%zu", users, i), "");
		if (*user != '!' && !is_declared(e, user))
			return user;
	}
	return NULL;
}

static const char *place_of(struct sw_eval *e, const char *rule)
{
	return sw_at(e, "%s:%" PRId64, account_text(e, rule, "file"),
		     account_number(e, rule, "line"));
}

/* "ALL, !bob" does not match all. */
static bool leaves_some_out(struct sw_eval *e, const char *users)
{
	for (size_t i = 0, n = sw_count(e, users); i < n; i++) {
		if (*sw_str(e, sw_at(e, "%s/%zu", users, i), "") == '!')
			return true;
	}
	return false;
}

/* Of rules the last that matches counts: does a later one ask this user for whatever it is? */
static bool is_asked_later(struct sw_eval *e, size_t i, const char *user)
{
	size_t n = sw_count(e, SUDO "/rules");

	while (++i < n) {
		const char *users = sw_at(e, SUDO "/rules/%zu/users", i);
		if (sw_bool(e, sw_at(e, SUDO "/rules/%zu/asks-for-all", i), false) &&
		    !leaves_some_out(e, users) &&
		    (sw_contains(e, users, user) || sw_contains(e, users, "ALL")))
			return true;
	}
	return false;
}

/* The first of its users whom no later rule asks; NULL: all are asked. */
static const char *who_is_not_asked(struct sw_eval *e, size_t i)
{
	const char *users = sw_at(e, SUDO "/rules/%zu/users", i);
	size_t n = sw_count(e, users);

	if (n == 0)
		return "";
	for (size_t k = 0; k < n; k++) {
		const char *user = sw_str(e, sw_at(e, "%s/%zu", users, k), "");
		if (!is_asked_later(e, i, user))
			return user;
	}
	return NULL;
}

static void must_ask(struct sw_eval *e, size_t index)
{
	const char *rule = sw_at(e, SUDO "/rules/%zu", index);
	const char *commands = sw_at(e, "%s/commands", rule);
	const char *user = sw_str(e, sw_at(e, "%s/users/0", rule), "");

	if (strcmp(user, "root") == 0 && sw_count(e, sw_at(e, "%s/users", rule)) == 1)
		return; /* who is root needs no password to be root */
	for (size_t i = 0, n = sw_count(e, commands); i < n; i++) {
		const char *at = sw_at(e, "%s/%zu", commands, i);
		if (!sw_bool(e, sw_at(e, "%s/nopasswd", at), false))
			continue;
		user = who_is_not_asked(e, index);
		if (!user)
			return;
		sw_fail(e, "%s: %s needs no password for %s", place_of(e, rule), user,
			account_text(e, at, "command"));
		return;
	}
}

static enum sw_verdict passwords_are_asked(struct sw_eval *e)
{
	if (!has_sudo(e))
		return sw_said(e);
	for (size_t i = 0, n = sw_count(e, SUDO "/rules"); i < n; i++)
		must_ask(e, i);
	return sw_said(e);
}

/* Modules that let some through and ask them nothing. */
static bool asks_nothing(struct sw_eval *e, const char *entry)
{
	static const char *const modules[] = { "pam_permit.so", "pam_succeed_if.so",
					       "pam_listfile.so", "pam_localuser.so",
					       "pam_access.so" };
	const char *module = account_text(e, entry, "module");

	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		if (strcmp(module, modules[i]) == 0)
			return true;
	return strcmp(module, "pam_wheel.so") == 0 && pam_argument(e, entry, "trust");
}

/* Does its success end the stack, or skip the password? */
static bool goes_round_password(struct sw_eval *e, const char *stack, size_t i)
{
	const char *action = account_text(e, sw_at(e, "%s/%zu", stack, i), "on_success");
	int64_t jump = 0;
	size_t n = sw_count(e, stack);

	if (!text_number(action, &jump))
		return strcmp(action, "done") == 0;
	for (size_t k = i + 1; k < n && (int64_t)(k - i) <= jump; k++) {
		const char *module = sw_at(e, "%s/%zu/module", stack, k);
		if (sw_has(e, module) && strcmp(sw_str(e, module, ""), "pam_unix.so") == 0)
			return true;
	}
	return false;
}

/* sudo leaves it to PAM what to ask for. */
static void judge_stack(struct sw_eval *e)
{
	static const char stack[] = PAM "services/sudo/auth";

	if (!sw_has(e, PAM "services/sudo"))
		return;
	for (size_t i = 0, n = sw_count(e, stack); i < n; i++) {
		const char *entry = sw_at(e, "%s/%zu", stack, i);
		if (sw_has(e, sw_at(e, "%s/module", entry)) &&
		    sw_bool(e, sw_at(e, "%s/reached", entry), false) && asks_nothing(e, entry) &&
		    goes_round_password(e, stack, i))
			sw_fail(e, "%s: whom %s lets through is asked for no password",
				pam_place(e, entry), account_text(e, entry, "module"));
	}
}

static enum sw_verdict authenticates(struct sw_eval *e)
{
	const char *from = "", *value;

	if (!has_sudo(e))
		return sw_said(e);
	value = in_force(e, "authenticate", &from);
	if (value && strcmp(value, "false") == 0)
		sw_fail(e, "%s: !authenticate", from);
	fail_scoped(e, "authenticate", "false");
	value = in_force(e, "exempt_group", &from);
	if (value && *value && strcmp(value, "false") != 0)
		sw_fail(e, "%s: the group %s is asked for no password (exempt_group)", from, value);
	judge_stack(e);
	return sw_said(e);
}

static void judge_timeout(struct sw_eval *e, const char *from, const char *text, const char *whose)
{
	char *end;
	double minutes = strtod(text, &end);

	if (strcmp(text, "false") == 0)
		return; /* !timestamp_timeout asks each time */
	if (end == text || *end) {
		sw_unknown(e, "%s: timestamp_timeout is \"%s\"", from, text);
		return;
	}
	if (!(minutes >= 0) || minutes > (double)sw_param_int(e, "sudo_timeout"))
		sw_fail(e, "%s: timestamp_timeout is %s%s", from, text, whose);
}

static enum sw_verdict asks_again(struct sw_eval *e)
{
	const char *list = SUDO "/settings/scoped~1timestamp_timeout", *from = "", *value;

	if (!has_sudo(e))
		return sw_said(e);
	value = in_force(e, "timestamp_timeout", &from);
	if (value)
		judge_timeout(e, from, value, "");
	for (size_t i = 0, n = sw_count(e, list); i < n; i++) {
		const char *at = sw_at(e, "%s/%zu", list, i);
		const char *text = account_text(e, at, "value");
		size_t len = strcspn(text, " ");
		judge_timeout(e, place_of(e, at), sw_at(e, "%.*s", (int)len, text),
			      sw_at(e, " for%s", text + len));
	}
	if (!value && sw_said(e) == SW_PASS)
		return sw_pass(e, "not set: 15 minutes or less by default");
	return sw_said(e);
}

/* --- as good as root through an engine -----------------------------------------------------------
 */

/* A folder, or a pattern: does it stand for a program of this name where such are? */
static bool is_among(struct sw_eval *e, const char *program, const char *name)
{
	static const char *const folders[] = { "/usr/bin", "/bin",           "/usr/sbin",
					       "/sbin",    "/usr/local/bin", "/usr/local/sbin",
					       "/snap/bin" };
	bool is_folder = *program && program[strlen(program) - 1] == '/';

	if (!is_folder && !strpbrk(program, "*?["))
		return false;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		const char *path = sw_at(e, "%s/%s", folders[i], name);
		if (is_folder ? strcmp(program, sw_at(e, "%s/", folders[i])) == 0
			      : fnmatch(program, path, FNM_PATHNAME) == 0)
			return true;
	}
	return false;
}

static bool runs_containers(struct sw_eval *e, const char *program)
{
	static const char *const names[] = { "docker", "podman", "nerdctl",        "ctr",    "runc",
					     "crun",   "crictl", "docker-compose", "buildah" };
	const char *slash = strrchr(program, '/');

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if ((slash && strcmp(slash + 1, names[i]) == 0) ||
		    (*program == '^' && strstr(program, names[i])) || /* a regular expression */
		    is_among(e, program, names[i]))
			return true;
	}
	return false;
}

/* Without arguments in the rule all are free; so are those that a pattern stands for. */
static bool has_free_arguments(const char *arguments)
{
	return *arguments == '\0' || strpbrk(arguments, "*?[^") != NULL;
}

static void must_not_run_containers(struct sw_eval *e, const char *rule)
{
	const char *commands = sw_at(e, "%s/commands", rule), *user = undeclared(e, rule);

	for (size_t i = 0, n = sw_count(e, commands); user && i < n; i++) {
		const char *command = sw_str(e, sw_at(e, "%s/%zu/command", commands, i), "");
		size_t len = strcspn(command, " \t");
		const char *arguments = command + len + strspn(command + len, " \t");
		if (*command == '!' || !runs_containers(e, sw_at(e, "%.*s", (int)len, command)))
			continue;
		if (has_free_arguments(arguments))
			sw_fail(e, "%s: %s may run %s with any arguments, and so is root",
				place_of(e, rule), user, command);
	}
}

static enum sw_verdict engines_are_not_given(struct sw_eval *e)
{
	if (!has_sudo(e))
		return sw_said(e);
	for (size_t i = 0, n = sw_count(e, SUDO "/rules"); i < n; i++)
		must_not_run_containers(e, sw_at(e, SUDO "/rules/%zu", i));
	return sw_said(e);
}

static const struct sw_param timeout_params[] = {
	{ "sudo_timeout", SW_INT, "15", "the most minutes until sudo asks again" },
	{ 0 },
};
static const struct sw_param admin_params[] = {
	{ "sudo_admins", SW_LIST, "%sudo,%wheel,%admin",
	  "users and %groups that may run engines of containers through sudo" },
	{ 0 },
};

#define ROW(name, level, what, because, want, how, function, parameters)                           \
	{                                                                                          \
		.id = "host.sudo." name, .kind = SW_HOST, .severity = level, .title = what,        \
		.why = because, .wanted = want, .remedy = how, .fn = function,                     \
		.params = parameters, .needs = SW_NEEDS_ACCOUNTS,                                  \
	}

const struct sw_check sw_host_sudo_checks[] = {
	ROW("installed", SW_LOW, "There is a program to become root by that names who did",
	    "With su alone all who administer share one password, and the log names none of them.",
	    "sudo or doas, set-uid root, or run0", "apt-get install sudo, or: dnf install sudo",
	    is_installed, NULL),
	ROW("use_pty", SW_LOW, "sudo runs commands on a terminal of their own",
	    "A program that goes on in the background could otherwise type into the terminal of "
	    "whoever started it.",
	    "use_pty, for all", "visudo: Defaults use_pty", uses_a_pty, NULL),
	ROW("logfile", SW_LOW, "sudo keeps a log of its own",
	    "In a file of its own who became root when is found at once. (The system's log has it "
	    "too.)",
	    "logfile set, no !log_allowed", "visudo: Defaults logfile=\"/var/log/sudo.log\"",
	    keeps_a_log, NULL),
	ROW("nopasswd", SW_MEDIUM, "sudo asks for a password",
	    "Whoever takes such an account (a stolen key, a browser) is root with one word.",
	    "no NOPASSWD",
	    "visudo -f FILE, and take NOPASSWD: out. Images of clouds have it in "
	    "/etc/sudoers.d/90-cloud-init-users",
	    passwords_are_asked, NULL),
	ROW("authenticate", SW_MEDIUM, "sudo is not told to ask for no password",
	    "!authenticate is NOPASSWD for all rules at once, exempt_group for its members.",
	    "neither !authenticate nor exempt_group, and no module of PAM that lets some through "
	    "without a password",
	    "visudo -f FILE, and take !authenticate or exempt_group out; take the line out of "
	    "/etc/pam.d/sudo",
	    authenticates, NULL),
	ROW("timeout", SW_LOW, "sudo asks again before long",
	    "Until then whoever is at the terminal, or runs as the user, is root without a "
	    "password.",
	    "0 to 15 minutes", "visudo: Defaults timestamp_timeout=15", asks_again, timeout_params),
	ROW("docker_sudo", SW_MEDIUM, "sudo gives engines of containers to administrators only",
	    "docker run -v /:/host is root: such a rule is one for ALL that does not look like it.",
	    "no such command with free arguments, but for those declared in sudo_admins",
	    "visudo -f FILE: write the arguments out, or declare it: --set sudo_admins=NAME",
	    engines_are_not_given, admin_params),
	{ 0 },
};
