/* SPDX-License-Identifier: Apache-2.0 */
/* host_sysctl_interfaces.c: routes, redirects and filters of network interfaces. */
#include <string.h>

#include "host_interfaces.h"
#include "tables.h"

static enum sw_verdict interfaces_are_right(struct sw_eval *e)
{
	return interfaces_judge(e, sw_arg(e));
}

/* Strictly (1) by the benchmark; where packets come back by another bridge it must be loosely. */
static enum sw_verdict sources_are_checked(struct sw_eval *e)
{
	struct interface_rule rule = *(const struct interface_rule *)sw_arg(e);
	if (host_role(e) == HOST_ROLE_NONE)
		rule.high = 1;
	return interfaces_judge(e, &rule);
}

static const struct interface_rule accept_redirects = {
	.protocol = "ipv4",
	.name = "accept_redirects",
	.combination = REDIRECT,
	.initial_all = 1,
	.initial_default = 1,
};

/* Where no redirect is accepted it does not matter whose would be. */
static enum sw_verdict gateways_redirect_nothing(struct sw_eval *e)
{
	struct offenders found = { 0 };
	struct sysctl_set set = { NULL, NULL };
	if (host_role(e) == HOST_ROLE_UNTOLD)
		return SW_UNKNOWN;
	bool is_moot = !host_is_running(e) || (sw_has(e, interfaces_path(e, &accept_redirects)) &&
					       interfaces_find(e, &accept_redirects, &found) &&
					       found.n + found.n_container == 0);
	enum sysctl_next next =
		is_moot ? interfaces_next(e, &accept_redirects, &set) : NEXT_LEFT_BAD;
	if (next == NEXT_GOOD || next == NEXT_LEFT_GOOD)
		return sw_pass(e, "%sno redirects are accepted at all, whoever sends them",
			       host_configured(e));
	return interfaces_are_right(e);
}

/* --- advertisements of IPv6 routers ------------------------------------------------------------
 */

static void judge_advertisements(struct sw_eval *e, const char *path, bool has_engine,
				 struct offenders *found)
{
	const char *name = sw_str(e, sw_at(e, "%s/name", path), "");
	if (strcmp(name, "lo") == 0 || interfaces_value(e, path, "disable_ipv6") == 1)
		return;
	int64_t accepts = interfaces_value(e, path, "accept_ra");
	bool forwards = interfaces_value(e, path, "forwarding") != 0;
	bool has_route = sw_contains(e, "@host/sysctl/ra-routes", name);
	if (accepts == 1 && forwards && has_route)
		sw_fail(e,
			"%s forwards, so that accept_ra 1 ignores advertisements: the default "
			"route it has from one will expire; it needs 2",
			name);
	else if (accepts == 0 || (accepts == 1 && forwards))
		return;
	else if (has_route && !(has_engine && accepts == 2))
		sw_warn(e,
			"%s has its default route from an advertisement: see that this is "
			"meant, or give it a static one",
			name);
	else if (!has_route)
		offenders_add(e, found, name);
}

static enum sw_verdict advertisements_are_meant(struct sw_eval *e)
{
	struct interface_rule rule = *(const struct interface_rule *)sw_arg(e);
	struct offenders found = { 0 };
	bool has_engine = host_has_root_engine(e);
	rule.also = has_engine ? 2 : 0;
	if (host_role(e) == HOST_ROLE_UNTOLD)
		return SW_UNKNOWN;
	if (!host_is_running(e))
		return interfaces_configured(e, &rule);
	const char *path = interfaces_path(e, &rule);
	if (!sw_has(e, path))
		return sw_skip(e, "the kernel has no IPv6");
	size_t n = sw_count(e, sw_at(e, "%s/each", path));
	if (n > INTERFACES_MAX)
		return sw_unknown(e, "there are more than %d interfaces", INTERFACES_MAX);
	for (size_t i = 0; i < n; i++)
		judge_advertisements(e, sw_at(e, "%s/each/%zu", path, i), has_engine, &found);
	if (found.n > 0)
		sw_fail(e, "accept_ra is on for %s, which has no route from an advertisement%s",
			offenders_text(e, &found), interfaces_drift(e, &rule));
	if (sw_said(e) != SW_PASS)
		return sw_said(e);
	return interfaces_after_start(e, &rule);
}

#define RULE(...) .arg = &(const struct interface_rule)__VA_ARGS__
#define ROW(id_)                                                                                   \
	.id = "host.sysctl.net." id_, .kind = SW_HOST, .needs = SW_NEEDS_SYSCTL,                   \
	.params = interface_params
#define REMEDY(version, line)                                                                      \
	SYSCTL_REMEDY("net." version ".conf.all." line ", net." version ".conf.default." line)     \
	"\nInterfaces that are there already: sysctl net." version ".conf.NAME." line

const struct sw_check sw_host_sysctl_interface_checks[] = {
	{
		ROW("ipv4.send_redirects"),
		.severity = SW_MEDIUM,
		.title = "The host tells nobody to take another route",
		.why = "A host that forwards sends redirects, which a neighbour can use to lead "
		       "traffic through itself. An interface sends them where its own setting or "
		       "that of all is on.",
		.wanted = "0 for all, default and each interface",
		.remedy = REMEDY("ipv4", "send_redirects = 0"),
		.fn = interfaces_are_right,
		RULE({ .protocol = "ipv4",
		       .name = "send_redirects",
		       .combination = EITHER,
		       .initial_all = 1,
		       .initial_default = 1 }),
	},
	{
		ROW("ipv4.accept_redirects"),
		.severity = SW_MEDIUM,
		.title = "Nobody tells the host to take another route",
		.why = "Whoever is in the same network can send its traffic through a machine of "
		       "theirs. Which of all and the interface's own counts depends on "
		       "forwarding, so both should be off.",
		.wanted = "0 for all and default",
		.remedy = REMEDY("ipv4", "accept_redirects = 0"),
		.fn = interfaces_are_right,
		.arg = &accept_redirects,
	},
	{
		ROW("ipv4.secure_redirects"),
		.severity = SW_LOW,
		.title = "Gateways neither tell the host to take another route",
		.why = "A gateway that was taken over would lead the traffic away.",
		.wanted = "0 for all and default, or no redirects accepted at all",
		.remedy = REMEDY("ipv4", "secure_redirects = 0"),
		.fn = gateways_redirect_nothing,
		RULE({ .protocol = "ipv4",
		       .name = "secure_redirects",
		       .combination = EITHER,
		       .initial_all = 1,
		       .initial_default = 1 }),
	},
	{
		ROW("ipv4.accept_source_route"),
		.severity = SW_MEDIUM,
		.title = "Packets that bring their own route are dropped",
		.why = "Their sender reaches networks that routing keeps away from it, through "
		       "this host. All and the interface's own must both be on, so 0 for all is "
		       "enough.",
		.wanted = "0 for all",
		.remedy = REMEDY("ipv4", "accept_source_route = 0"),
		.fn = interfaces_are_right,
		RULE({ .protocol = "ipv4",
		       .name = "accept_source_route",
		       .combination = BOTH,
		       .initial_all = 0,
		       .initial_default = 1 }),
	},
	{
		ROW("ipv4.rp_filter"),
		.severity = SW_MEDIUM,
		.title = "Packets whose sender cannot be behind their interface are dropped",
		.why = "Forged senders pass rules that trust addresses. Strictly (1) breaks hosts "
		       "with several networks, such as Docker's; 2 checks loosely. The higher of "
		       "all and the interface's own counts.",
		.wanted = "1 or 2; 1 for role none",
		.remedy = REMEDY("ipv4", "rp_filter = 1"),
		.fn = sources_are_checked,
		RULE({ .protocol = "ipv4",
		       .name = "rp_filter",
		       .combination = HIGHER,
		       .low = 1,
		       .high = 2 }),
	},
	{
		ROW("ipv4.log_martians"),
		.severity = SW_LOW,
		.title = "Packets with impossible senders are logged",
		.why = "They are a sign of forging or of a wrong route. On a host with many "
		       "containers the log may be noisy.",
		.wanted = "1 for all",
		.remedy = REMEDY("ipv4", "log_martians = 1"),
		.fn = interfaces_are_right,
		RULE({ .protocol = "ipv4",
		       .name = "log_martians",
		       .combination = EITHER,
		       .low = 1,
		       .high = 1 }),
	},
	{
		ROW("ipv4.route_localnet"),
		.severity = SW_MEDIUM,
		.title = "Services on the loopback address cannot be reached from the network",
		.why = "With it neighbours reach services that listen on 127.0.0.1 only. An "
		       "engine without userland-proxy needs it on its bridges, nowhere else.",
		.wanted = "0 but on bridges of the engine",
		.remedy = REMEDY("ipv4", "route_localnet = 0"),
		.fn = interfaces_are_right,
		RULE({ .protocol = "ipv4",
		       .name = "route_localnet",
		       .combination = EITHER,
		       .is_moot_on_container_side = true }),
	},
	{
		ROW("ipv4.proxy_arp"),
		.severity = SW_LOW,
		.title = "The host does not answer for addresses of others",
		.why = "It joins networks that were meant to be apart, and draws traffic to "
		       "itself. Some container networks set it on their own interfaces.",
		.wanted = "0 but on interfaces of containers",
		.remedy = REMEDY("ipv4", "proxy_arp = 0"),
		.fn = interfaces_are_right,
		RULE({ .protocol = "ipv4",
		       .name = "proxy_arp",
		       .combination = EITHER,
		       .is_moot_on_container_side = true }),
	},
	{
		ROW("ipv6.accept_redirects"),
		.severity = SW_MEDIUM,
		.title = "Nobody tells the host to take another IPv6 route",
		.why = "Whoever is in the same network can send its traffic through a machine of "
		       "theirs. Each interface's own setting counts; that of all changes none "
		       "that is there.",
		.wanted = "0 for default and each interface",
		.remedy = REMEDY("ipv6", "accept_redirects = 0"),
		.fn = interfaces_are_right,
		RULE({ .protocol = "ipv6",
		       .name = "accept_redirects",
		       .combination = OWN,
		       .initial_all = 1,
		       .initial_default = 1 }),
	},
	{
		ROW("ipv6.accept_source_route"),
		.severity = SW_MEDIUM,
		.title = "IPv6 packets that bring their own route are dropped",
		.why = "Their sender reaches networks that routing keeps away from it, through "
		       "this host. -1 drops all, 0 all but those of mobile hosts.",
		.wanted = "0 or less",
		.remedy = REMEDY("ipv6", "accept_source_route = 0"),
		.fn = interfaces_are_right,
		RULE({ .protocol = "ipv6",
		       .name = "accept_source_route",
		       .combination = LOWER,
		       .low = INT64_MIN }),
	},
	{
		ROW("ipv6.accept_ra"),
		.severity = SW_MEDIUM,
		.title = "Advertisements of IPv6 routers are accepted where they are meant only",
		.why = "Anyone in the network can play router and draw the traffic. And where "
		       "the host forwards, 1 means ignore: an uplink that lives by them loses its "
		       "route and needs 2.",
		.wanted = "0; 2 on an uplink of a Docker host that needs them",
		.remedy = REMEDY("ipv6", "accept_ra = 0") "\nAn uplink that needs them: "
							  "net.ipv6.conf.NAME.accept_ra = 2",
		.fn = advertisements_are_meant,
		RULE({ .protocol = "ipv6",
		       .name = "accept_ra",
		       .combination = OWN,
		       .initial_all = 1,
		       .initial_default = 1 }),
	},
	{ 0 },
};
