/* SPDX-License-Identifier: Apache-2.0 */
/* host_autoupdate.c: does somebody install security updates, and what of the engine then? */
#include <fnmatch.h>
#include <string.h>
#include <strings.h>

#include "host_repos.h"
#include "tables.h"

#define DOCKER_SITE "://download.docker.com"

/* --- who installs updates -------------------------------------------------------------------- */

static bool is_started(struct sw_eval *e, const char *unit)
{
	const char *at = sw_at(e, UPDATES "updaters/%s", unit);

	return sw_has(e, sw_at(e, "%s/path", at)) &&
	       !sw_bool(e, sw_at(e, "%s/masked", at), false) &&
	       sw_bool(e, sw_at(e, "%s/wanted", at), false);
}

/* Elements of a list of apt since it was cleared; the first of them, or *ret_n 0. */
static size_t first_of(struct sw_eval *e, const char *list, size_t *ret_n)
{
	size_t n = sw_has(e, list) ? sw_count(e, list) : 0, first = 0;

	if (n > UPDATES_LISTED_MAX)
		sw_unknown(e, "%s has more than %d elements", list, UPDATES_LISTED_MAX);
	n = n < UPDATES_LISTED_MAX ? n : UPDATES_LISTED_MAX;
	for (size_t i = 0; i < n; i++)
		if (!sw_has(e, sw_at(e, "%s/%zu/value", list, i)))
			first = i + 1;
	*ret_n = n;
	return first;
}

static bool has_elements(struct sw_eval *e, const char *name)
{
	size_t n;

	return first_of(e, sw_at(e, UPDATES "configured/apt/settings/%s", name), &n) < n;
}

static bool is_off(const char *value)
{
	return !value || strcmp(value, "0") == 0 || *value == '\0';
}

static bool apt_installs(struct sw_eval *e)
{
	static const char unit[] = "apt-daily-upgrade.timer";
	static const char lists[] = UPDATES "updaters/apt-daily.timer";
	const char *enable;

	/* Without it nobody asks for new lists. */
	if (sw_has(e, lists) && !is_started(e, "apt-daily.timer"))
		return false;
	if (!is_started(e, unit) ||
	    !sw_bool(e, UPDATES "updaters/apt-daily-upgrade.timer/program", false))
		return false;
	enable = updates_apt(e, "apt::periodic::enable");
	return (!enable || !is_off(enable)) &&
	       !is_off(updates_apt(e, "apt::periodic::unattended-upgrade")) &&
	       !is_off(updates_apt(e, "apt::periodic::update-package-lists")) &&
	       (has_elements(e, "unattended-upgrade::allowed-origins") ||
		has_elements(e, "unattended-upgrade::origins-pattern"));
}

/* Whether these install or only download is in their configuration. */
static bool dnf_installs(struct sw_eval *e)
{
	static const char *const units[] = { "dnf-automatic.timer", "dnf5-automatic.timer",
					     "yum-cron.service" };

	if (is_started(e, "dnf-automatic-install.timer"))
		return true;
	for (size_t i = 0; i < 3; i++)
		if (is_started(e, units[i]))
			return updates_is_yes(updates_setting(e, "dnf-automatic", "apply_updates"));
	return false;
}

static bool ostree_installs(struct sw_eval *e)
{
	const char *policy;

	if (!is_started(e, "rpm-ostreed-automatic.timer"))
		return false;
	policy = updates_setting(e, "rpm-ostree", "AutomaticUpdatePolicy");
	return policy && (strcmp(policy, "stage") == 0 || strcmp(policy, "apply") == 0);
}

/* Flatcar's, told in /etc/flatcar/update.conf to ask nobody; CoreOS's, by its own settings. */
static bool is_told_not_to(struct sw_eval *e, const char *unit)
{
	static const char *const told[][4] = {
		{ "update-engine.service", "update-engine", "SERVER", "disabled" },
		{ "zincati.service", "zincati", "updates.enabled", "false" },
	};

	for (size_t i = 0; i < 2; i++) {
		if (strcmp(unit, told[i][0]) != 0 ||
		    !sw_has(e, sw_at(e, UPDATES "configured/%s", told[i][1])))
			continue;
		const char *value = updates_setting(e, told[i][1], told[i][2]);
		return value && strcmp(value, told[i][3]) == 0;
	}
	return false;
}

static bool holds(const char *text, const char *word)
{
	for (; *text; text++)
		if (strncasecmp(text, word, strlen(word)) == 0)
			return true;
	return false;
}

/* May security updates be among what this element takes? An origin alone, or "*", takes all. */
static bool may_be_security(const char *element)
{
	static const char *const limits[] = { "a=", "archive=", "suite=", "n=",        "codename=",
					      "l=", "label=",   "c=",     "component=" };
	bool is_limited = strchr(element, '=') == NULL;

	if (holds(element, "security") || strchr(element, '*'))
		return true;
	for (const char *p = element; *p; p += strcspn(p, ","), p += *p == ',') {
		p += strspn(p, " \t");
		for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
			is_limited |= strncasecmp(p, limits[i], strlen(limits[i])) == 0;
	}
	return !is_limited;
}

static enum sw_verdict apt_takes_security(struct sw_eval *e)
{
	static const char *const names[] = { "allowed-origins", "origins-pattern" };
	const char *taken = "";

	for (size_t k = 0; k < 2; k++) {
		const char *list = sw_at(
			e, UPDATES "configured/apt/settings/unattended-upgrade::%s", names[k]);
		size_t n;
		for (size_t i = first_of(e, list, &n); i < n; i++) {
			taken = sw_str(e, sw_at(e, "%s/%zu/value", list, i), "");
			if (may_be_security(taken))
				return sw_pass(e, "%sunattended-upgrades", host_configured(e));
		}
	}
	return sw_warn(e, "%sunattended-upgrades takes nothing that is called security, but %s",
		       host_configured(e), taken);
}

static enum sw_verdict updates_install_themselves(struct sw_eval *e)
{
	static const char *const units[] = { "transactional-update.timer", "os-update.timer",
					     "zincati.service", "update-engine.service" };
	if (apt_installs(e))
		return apt_takes_security(e);
	const char *who = dnf_installs(e)      ? "dnf-automatic"
			  : ostree_installs(e) ? "rpm-ostreed-automatic.timer"
					       : NULL;

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]) && !who; i++)
		if (is_started(e, units[i]) && !is_told_not_to(e, units[i]))
			who = units[i];
	if (who)
		return sw_pass(e, "%s%s", host_configured(e), who);
	return sw_warn(e, "%snothing installs updates by itself: who does, and how soon?",
		       host_configured(e));
}

/* --- and the engine's packages --------------------------------------------------------------- */

static bool names_docker(const char *text)
{
	return strstr(text, "docker") || strstr(text, "Docker") || strstr(text, "containerd");
}

/* The packages whose upgrade restarts the engine. */
static const char *const engines[] = { "docker-ce", "docker.io", "moby-engine" };
enum { N_ENGINES = sizeof(engines) / sizeof(engines[0]) };

/* Is that a regular expression, matched from its start, that one of them matches? Simple ones are
 * understood: "docker", "^docker-ce$", "docker\.io", "docker-.*". */
static bool leaves_engine_out(const char *text)
{
	for (size_t i = 0; i < N_ENGINES; i++) {
		const char *p = text + (*text == '^'), *name = engines[i];
		bool is_empty = true;
		for (; *p; p++) {
			const char *c = *p == '\\' && p[1] == '.' ? ++p : p;
			if (*c != *name || *name == '\0')
				break;
			name++;
			is_empty = false;
		}
		bool is_end = *p == '\0' || strcmp(p, ".*") == 0 || strcmp(p, "*") == 0 ||
			      strcmp(p, ".*$") == 0 || (strcmp(p, "$") == 0 && *name == '\0');
		if (is_end && (!is_empty || *p == '.'))
			return true;
	}
	return false;
}

static bool blacklist_has_engine(struct sw_eval *e)
{
	static const char list[] =
		UPDATES "configured/apt/settings/unattended-upgrade::package-blacklist";
	size_t n, first = first_of(e, list, &n);

	for (size_t i = first; i < n; i++)
		if (leaves_engine_out(sw_str(e, sw_at(e, "%s/%zu/value", list, i), "")))
			return true;
	return false;
}

/* Patterns of file names, with blanks or commas between them. */
static bool excludes_engine(struct sw_eval *e, const char *value)
{
	static const char between[] = " ,\t";

	for (const char *p = value; (p += strspn(p, between), *p); p += strcspn(p, between)) {
		const char *one = sw_at(e, "%.*s", (int)strcspn(p, between), p);
		for (size_t i = 0; i < N_ENGINES; i++)
			if (fnmatch(one, engines[i], 0) == 0)
				return true;
	}
	return false;
}

/* Does an element of the list speak of Docker, or of everything? */
static bool list_names_docker(struct sw_eval *e, const char *name)
{
	const char *list = sw_at(e, UPDATES "configured/apt/settings/%s", name);
	size_t n, first = first_of(e, list, &n);

	for (size_t i = first; i < n; i++) {
		const char *text = sw_str(e, sw_at(e, "%s/%zu/value", list, i), "");
		if (names_docker(text) || strchr(text, '*'))
			return true;
	}
	return false;
}

static bool has_docker_source(struct sw_eval *e)
{
	static const char *const lists[] = { "apt", "deb822" };

	for (size_t k = 0; k < 2; k++) {
		size_t n = updates_repos(e, lists[k]);
		for (size_t i = 0; i < n; i++)
			if (updates_repo_is_on(e, lists[k], i) &&
			    strstr(sw_str(e, updates_repo(e, lists[k], i, "value"), ""),
				   DOCKER_SITE))
				return true;
	}
	return false;
}

/* What is wrong; NULL: nothing, and *ret_why says so. */
static const char *trouble_of_apt(struct sw_eval *e, const char **ret_why)
{
	*ret_why = "the engine's packages are left out";
	if (blacklist_has_engine(e))
		return NULL;
	if (list_names_docker(e, "unattended-upgrade::allowed-origins") ||
	    list_names_docker(e, "unattended-upgrade::origins-pattern"))
		return "unattended-upgrades takes what Docker publishes";
	*ret_why = "only other sources are upgraded";
	return has_docker_source(e) ? NULL
				    : "an engine of the distribution is upgraded with all else";
}

static const char *trouble_of_dnf(struct sw_eval *e, const char **ret_why)
{
	static const char *const names[] = { "exclude", "excludepkgs" };

	*ret_why = "the engine's packages are left out";
	for (size_t i = 0; i < 2; i++) {
		const char *value = updates_setting(e, "dnf", names[i]);
		if (value && excludes_engine(e, value))
			return NULL;
	}
	return "dnf upgrades the engine with all else";
}

static enum sw_verdict engine_is_not_upgraded_unasked(struct sw_eval *e)
{
	static const char restore[] = "@engine/info/LiveRestoreEnabled";
	const char *trouble, *why;
	bool by_apt, by_dnf;

	if (!host_has_root_engine(e))
		return sw_said(e) == SW_UNKNOWN ? SW_UNKNOWN
						: sw_skip(e, "no engine with the rights of root");
	by_apt = apt_installs(e);
	by_dnf = dnf_installs(e);
	if (!by_apt && !by_dnf)
		return sw_skip(e, "nothing installs updates by itself");
	trouble = by_apt ? trouble_of_apt(e, &why) : trouble_of_dnf(e, &why);
	if (!trouble)
		return sw_pass(e, "%s%s", host_configured(e), why);
	if (sw_is_known(e, restore) && sw_bool(e, restore, false))
		return sw_pass(e, "containers go on while the engine is restarted (live-restore)");
	return sw_warn(e, "%s%s: it is restarted at any time, and containers with it",
		       host_configured(e), trouble);
}

/* clang-format off */
const struct sw_check sw_host_autoupdate_checks[] = {
	{ .id = "host.update.autoupdate", .kind = SW_HOST, .severity = SW_LOW,
	  .title = "Security updates are installed without being asked for",
	  .why = "Between the day on which a flaw is known and the day on which somebody finds "
		 "time stands an open host.",
	  .wanted = "unattended-upgrades, dnf-automatic or the like is on and installs",
	  .remedy = "apt-get install unattended-upgrades, and APT::Periodic::Unattended-Upgrade "
		    "\"1\"; in /etc/apt/apt.conf.d/20auto-upgrades. Or dnf install dnf-automatic; "
		    "systemctl enable --now dnf-automatic-install.timer. Hosts that are replaced "
		    "by newer images instead: waive it with that as the reason.",
	  .fn = updates_install_themselves, .needs = SW_NEEDS_PACKAGES },
	{ .id = "host.update.docker_blacklist", .kind = SW_HOST, .severity = SW_LOW,
	  .title = "The engine is not upgraded when nobody expects it",
	  .why = "An upgrade restarts the engine, and without live-restore all containers are "
		 "stopped with it.",
	  .wanted = "live-restore, or the engine's packages left out of automatic upgrades",
	  .remedy = "\"live-restore\": true in /etc/docker/daemon.json; or "
		    "Unattended-Upgrade::Package-Blacklist { \"docker\"; \"containerd\"; }; and "
		    "upgrade them by hand, soon after each release.",
	  .fn = engine_is_not_upgraded_unasked, .params = host_role_params,
	  .needs = SW_NEEDS_PACKAGES },
	{ 0 },
};
