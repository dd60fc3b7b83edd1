/* SPDX-License-Identifier: Apache-2.0 */
/* host_autoupdate.c: does somebody install security updates, and what of the engine then? */
#include <string.h>

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
	const char *enable;

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

/* Flatcar's, told in /etc/flatcar/update.conf to ask nobody. */
static bool is_told_not_to(struct sw_eval *e, const char *unit)
{
	const char *server;

	if (strcmp(unit, "update-engine.service") != 0)
		return false;
	server = updates_setting(e, "update-engine", "SERVER");
	return server && strcmp(server, "disabled") == 0;
}

static enum sw_verdict updates_install_themselves(struct sw_eval *e)
{
	static const char *const units[] = { "transactional-update.timer", "os-update.timer",
					     "zincati.service", "update-engine.service" };
	const char *who = apt_installs(e)      ? "unattended-upgrades"
			  : dnf_installs(e)    ? "dnf-automatic"
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

/* Does an element of the list speak of Docker, or, if all may, of everything? */
static bool list_names_docker(struct sw_eval *e, const char *name, bool may_all)
{
	const char *list = sw_at(e, UPDATES "configured/apt/settings/%s", name);
	size_t n, first = first_of(e, list, &n);

	for (size_t i = first; i < n; i++) {
		const char *text = sw_str(e, sw_at(e, "%s/%zu/value", list, i), "");
		if (names_docker(text) || (may_all && strchr(text, '*')))
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
	if (list_names_docker(e, "unattended-upgrade::package-blacklist", false))
		return NULL;
	if (list_names_docker(e, "unattended-upgrade::allowed-origins", true) ||
	    list_names_docker(e, "unattended-upgrade::origins-pattern", true))
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
		if (value && names_docker(value))
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
