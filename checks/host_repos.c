/* SPDX-License-Identifier: Apache-2.0 */
/* host_repos.c: where do packages come from, and must they be signed? */
#include "host_repos.h"

#include <fnmatch.h>
#include <string.h>
#include <strings.h>

#include "tables.h"

/* --- what the checks share ------------------------------------------------------------------- */

const char *updates_setting(struct sw_eval *e, const char *file, const char *name)
{
	const char *list = sw_at(e, UPDATES "configured/%s/settings/%s", file, name);

	return sw_has(e, list) ? sw_str(e, sw_at(e, "%s/0/value", list), "") : NULL;
}

/* All assignments are listed: the last counts, and is null after "#clear". */
const char *updates_apt(struct sw_eval *e, const char *name)
{
	const char *list = sw_at(e, UPDATES "configured/apt/settings/%s", name);
	size_t n = sw_has(e, list) ? sw_count(e, list) : 0;

	return n > 0 ? sw_str(e, sw_at(e, "%s/%zu/value", list, n - 1), NULL) : NULL;
}

static bool is_one_of(const char *value, const char *const *words)
{
	for (; value && *words; words++)
		if (strcasecmp(*words, value) == 0)
			return true;
	return false;
}

bool updates_is_yes(const char *value)
{
	static const char *const words[] = { "1", "yes", "true", "on", "enable", "with", NULL };

	return is_one_of(value, words);
}

bool updates_is_no(const char *value)
{
	static const char *const words[] = {
		"0", "no", "false", "off", "disable", "without", NULL
	};

	return is_one_of(value, words);
}

size_t updates_repos(struct sw_eval *e, const char *list)
{
	const char *path = sw_at(e, UPDATES "repos/%s/settings/repos", list);
	size_t n = sw_has(e, path) ? sw_count(e, path) : 0;

	if (n > UPDATES_LISTED_MAX)
		sw_unknown(e, "there are more than %d sources of packages", UPDATES_LISTED_MAX);
	return n < UPDATES_LISTED_MAX ? n : UPDATES_LISTED_MAX;
}

const char *updates_repo(struct sw_eval *e, const char *list, size_t i, const char *member)
{
	return sw_at(e, UPDATES "repos/%s/settings/repos/%zu/%s", list, i, member);
}

#define OVERRIDES "dnf-overrides"

/* How many sections dnf5 lays over those of repositories; none where it was not looked. */
static size_t overrides(struct sw_eval *e)
{
	return sw_has(e, UPDATES "repos/" OVERRIDES) ? updates_repos(e, OVERRIDES) : 0;
}

/* Their ids are patterns; the last that says so counts. */
static const char *overridden(struct sw_eval *e, const char *id, const char *member)
{
	const char *found = NULL;

	for (size_t i = 0, n = overrides(e); i < n; i++) {
		const char *pattern = sw_str(e, updates_repo(e, OVERRIDES, i, "value"), "");
		const char *value = sw_str(e, updates_repo(e, OVERRIDES, i, member), NULL);
		if (value && fnmatch(pattern, id, 0) == 0)
			found = value;
	}
	return found;
}

bool updates_repo_is_on(struct sw_eval *e, const char *list, size_t i)
{
	const char *enabled = updates_repo(e, list, i, "enabled"), *over = NULL;

	if (strcmp(list, "dnf") == 0)
		over = overridden(e, sw_str(e, updates_repo(e, list, i, "value"), ""), "enabled");
	if (strcmp(list, "dnf") == 0 || strcmp(list, "zypp") == 0)
		return !updates_is_no(over ? over : sw_str(e, enabled, "1"));
	return sw_bool(e, enabled, true);
}

static bool is_here(struct sw_eval *e, const char *manager)
{
	return sw_bool(e, sw_at(e, UPDATES "managers/%s", manager), false);
}

/* --- signatures ------------------------------------------------------------------------------ */

static void judge_apt_source(struct sw_eval *e, const char *list, size_t i)
{
	const char *address = sw_str(e, updates_repo(e, list, i, "value"), "");
	const char *file = sw_str(e, updates_repo(e, list, i, "file"), "");
	int line = (int)sw_int(e, updates_repo(e, list, i, "line"), 0);

	if (!updates_repo_is_on(e, list, i))
		return;
	if (sw_bool(e, updates_repo(e, list, i, "trusted"), false))
		sw_fail(e, "%s%s is trusted whoever signed it (%s:%d)", host_configured(e), address,
			file, line);
	if (sw_bool(e, updates_repo(e, list, i, "insecure"), false))
		sw_fail(e, "%s%s is taken without a good signature (%s:%d)", host_configured(e),
			address, file, line);
	if (strstr(address, "://download.docker.com") &&
	    !sw_has(e, updates_repo(e, list, i, "signed-by")))
		sw_warn(e,
			"%s%s has no Signed-By: any key that apt trusts may sign it, not Docker's "
			"alone (%s:%d)",
			host_configured(e), address, file, line);
}

/* Sources that are elsewhere are not read. */
static void judge_apt_places(struct sw_eval *e)
{
	static const struct {
		const char *name, *shown, *usual;
	} places[] = {
		{ "dir", "Dir", "/" },
		{ "dir::etc", "Dir::Etc", "etc/apt" },
		{ "dir::etc::sourcelist", "Dir::Etc::sourcelist", "sources.list" },
		{ "dir::etc::sourceparts", "Dir::Etc::sourceparts", "sources.list.d" },
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const char *value = updates_apt(e, places[i].name);
		if (value && strcmp(value, places[i].usual) != 0)
			sw_unknown(e, "%s is %s, and sources elsewhere are not read",
				   places[i].shown, value);
	}
}

static void judge_apt(struct sw_eval *e)
{
	static const char *const settings[][2] = {
		{ "apt::get::allowunauthenticated", "APT::Get::AllowUnauthenticated" },
		{ "apt::get::force-yes", "APT::Get::Force-Yes" },
		{ "acquire::allowinsecurerepositories", "Acquire::AllowInsecureRepositories" },
		{ "acquire::allowweakrepositories", "Acquire::AllowWeakRepositories" },
		{ "acquire::allowdowngradetoinsecurerepositories",
		  "Acquire::AllowDowngradeToInsecureRepositories" },
	};
	static const char *const lists[] = { "apt", "deb822" };

	judge_apt_places(e);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		const char *value = updates_apt(e, settings[i][0]);
		if (value && !updates_is_no(value))
			sw_fail(e, "%s%s is %s", host_configured(e), settings[i][1], value);
	}
	for (size_t k = 0; k < 2; k++) {
		size_t n = updates_repos(e, lists[k]);
		for (size_t i = 0; i < n; i++)
			judge_apt_source(e, lists[k], i);
	}
}

/* dnf5 calls it pkg_gpgcheck, too: dnf knows the one, dnf5 takes what it read last. */
static const char *const rpm_checks[] = { "gpgcheck", "pkg_gpgcheck" };

/* Says of a section what switches the check off; true when it is told at all. */
static bool judge_section(struct sw_eval *e, const char *list, size_t i, const char *what)
{
	const char *id = sw_str(e, updates_repo(e, list, i, "value"), "");
	bool is_told = false;

	for (size_t k = 0; k < 2; k++) {
		const char *value = sw_str(e, updates_repo(e, list, i, rpm_checks[k]), NULL);
		is_told |= value != NULL;
		if (value && !updates_is_yes(value))
			sw_fail(e, "%s%s is %s for %s %s", host_configured(e), rpm_checks[k], value,
				what, id);
	}
	return is_told;
}

static void judge_dnf(struct sw_eval *e)
{
	size_t n = updates_repos(e, "dnf");
	bool is_told = false;

	for (size_t k = 0; k < 2; k++) {
		const char *all = updates_setting(e, "dnf", rpm_checks[k]);
		is_told |= all != NULL;
		if (all && !updates_is_yes(all))
			sw_fail(e, "%s%s is %s for all repositories", host_configured(e),
				rpm_checks[k], all);
	}
	if (updates_setting(e, "dnf", "reposdir"))
		sw_unknown(e, "reposdir is set, and repositories elsewhere are not read");
	for (size_t i = 0; i < n; i++) {
		if (!updates_repo_is_on(e, "dnf", i))
			continue;
		if (!judge_section(e, "dnf", i, "the repository") && !is_told)
			sw_warn(e,
				"%sgpgcheck is set neither for the repository %s nor for all: it "
				"depends on dnf's release",
				host_configured(e),
				sw_str(e, updates_repo(e, "dnf", i, "value"), ""));
	}
	for (size_t i = 0; i < overrides(e); i++)
		if (!updates_is_no(sw_str(e, updates_repo(e, OVERRIDES, i, "enabled"), "1")))
			judge_section(e, OVERRIDES, i, "what repos.override.d calls");
}

/* What is not set is on. */
static void judge_zypp(struct sw_eval *e)
{
	static const char *const names[] = { "gpgcheck", "pkg_gpgcheck" };
	size_t n = updates_repos(e, "zypp");

	if (updates_setting(e, "zypp", "reposdir"))
		sw_unknown(e, "reposdir is set, and repositories elsewhere are not read");
	for (size_t k = 0; k < 2; k++) {
		const char *all = updates_setting(e, "zypp", names[k]);
		if (updates_is_no(all))
			sw_fail(e, "%s%s is %s in zypp.conf", host_configured(e), names[k], all);
		for (size_t i = 0; i < n; i++) {
			const char *value = sw_str(e, updates_repo(e, "zypp", i, names[k]), NULL);
			if (updates_repo_is_on(e, "zypp", i) && updates_is_no(value))
				sw_fail(e, "%s%s is %s for the repository %s", host_configured(e),
					names[k], value,
					sw_str(e, updates_repo(e, "zypp", i, "value"), ""));
		}
	}
}

static void judge_apk(struct sw_eval *e)
{
	if (updates_setting(e, "apk", "allow-untrusted"))
		sw_fail(e, "%sallow-untrusted is in /etc/apk/config", host_configured(e));
	/* So that what could not be read is not passed over. */
	updates_repos(e, "apk");
}

static void judge_pacman(struct sw_eval *e)
{
	sw_unknown(e, "what pacman checks is not read: see SigLevel in /etc/pacman.conf");
}

static const struct {
	const char *name;
	void (*judge)(struct sw_eval *e);
	const char *lists[2];
} managers[] = {
	{ "apt", judge_apt, { "apt", "deb822" } }, { "dnf", judge_dnf, { "dnf" } },
	{ "zypp", judge_zypp, { "zypp" } },        { "apk", judge_apk, { "apk" } },
	{ "pacman", judge_pacman, { NULL } },
};

enum { N_MANAGERS = sizeof(managers) / sizeof(managers[0]) };

static enum sw_verdict packages_must_be_signed(struct sw_eval *e)
{
	const char *here = "";

	for (size_t i = 0; i < N_MANAGERS; i++) {
		if (!is_here(e, managers[i].name))
			continue;
		here = sw_at(e, "%s%s%s", here, *here ? ", " : "", managers[i].name);
		managers[i].judge(e);
	}
	if (*here == '\0')
		return sw_skip(e, "no package manager that is known here");
	return sw_said(e) == SW_PASS ? sw_pass(e, "%s%s", host_configured(e), here) : sw_said(e);
}

/* --- sources --------------------------------------------------------------------------------- */

static const char *address_of(struct sw_eval *e, const char *list, size_t i)
{
	static const char *const members[] = { "baseurl", "metalink", "mirrorlist" };
	const char *all = "";

	if (strcmp(list, "apt") == 0 || strcmp(list, "deb822") == 0 || strcmp(list, "apk") == 0)
		return sw_str(e, updates_repo(e, list, i, "value"), "");
	for (size_t k = 0; k < 3; k++) {
		const char *address = sw_str(e, updates_repo(e, list, i, members[k]), "");
		all = sw_at(e, "%s%s%s", all, *all && *address ? " " : "", address);
	}
	return all;
}

/* "http", or what goes on to it: "mirror+http" of apt. */
static bool is_clear_scheme(const char *scheme, size_t n)
{
	static const char *const clear[] = { "http", "ftp" };

	for (size_t i = 0; i < 2; i++) {
		size_t len = strlen(clear[i]);
		if (n >= len && strncasecmp(scheme + n - len, clear[i], len) == 0 &&
		    (n == len || scheme[n - len - 1] == '+'))
			return true;
	}
	return false;
}

/* A baseurl of dnf may hold several, with blanks or commas between them. */
static bool is_in_the_clear(const char *address)
{
	for (const char *at = address; (at += strspn(at, " ,\t\n"), *at);
	     at += strcspn(at, " ,\t\n")) {
		const char *colon = strstr(at, "://");
		if (colon && is_clear_scheme(at, strcspn(at, ":")))
			return true;
	}
	return false;
}

/* How many are on. */
static size_t judge_list(struct sw_eval *e, const char *list)
{
	size_t n = updates_repos(e, list), on = 0;
	const char *last = "";

	for (size_t i = 0; i < n; i++) {
		const char *address = address_of(e, list, i);
		if (!updates_repo_is_on(e, list, i))
			continue;
		on++;
		if (strcmp(address, last) == 0) /* another suite of the same */
			continue;
		last = address;
		if (is_in_the_clear(address))
			sw_warn(e,
				"%s%s is asked in the clear: who is on the way sees what is "
				"installed, and can keep updates back",
				host_configured(e), address);
	}
	return on;
}

static enum sw_verdict sources_are_known(struct sw_eval *e)
{
	size_t on = 0, here = 0;

	for (size_t i = 0; i < N_MANAGERS; i++) {
		if (!managers[i].lists[0] || !is_here(e, managers[i].name))
			continue;
		here++;
		for (size_t k = 0; k < 2 && managers[i].lists[k]; k++)
			on += judge_list(e, managers[i].lists[k]);
		if (strcmp(managers[i].name, "dnf") == 0 && overrides(e) > 0)
			judge_list(e, OVERRIDES);
	}
	if (here == 0)
		return sw_skip(e, "no package manager whose sources are read");
	if (on == 0)
		return sw_warn(e, "%sno source of packages is on: nothing can be updated",
			       host_configured(e));
	return sw_said(e) == SW_PASS ? sw_pass(e, "%ssources: %zu", host_configured(e), on)
				     : sw_said(e);
}

/* clang-format off */
const struct sw_check sw_host_repos_checks[] = {
	{ .id = "host.update.gpgcheck", .kind = SW_HOST, .severity = SW_MEDIUM,
	  .title = "Packages must be signed",
	  .why = "Whoever answers in the place of a mirror installs programs as root on a host "
		 "that does not check who made them.",
	  .wanted = "no source that is trusted unsigned; gpgcheck=1 for all repositories",
	  .remedy = "apt: take trusted=yes, Allow-Insecure and AllowUnauthenticated away, and "
		    "name the key: [signed-by=/etc/apt/keyrings/docker.asc]. dnf: gpgcheck=1 in "
		    "[main] of /etc/dnf/dnf.conf, and no gpgcheck=0 in /etc/yum.repos.d.",
	  .fn = packages_must_be_signed, .needs = SW_NEEDS_PACKAGES },
	{ .id = "host.update.repos", .kind = SW_HOST, .severity = SW_LOW,
	  .title = "Sources of packages are few, known, and asked by https",
	  .why = "Each source may replace any program of the host; one that is asked in the "
		 "clear can be kept from telling of updates.",
	  .wanted = "sources that somebody decided on, by https",
	  .remedy = "Write https:// in the source's line, and take away or switch off "
		    "(Enabled: no, enabled=0) what nobody needs.",
	  .fn = sources_are_known, .needs = SW_NEEDS_PACKAGES },
	{ 0 },
};
