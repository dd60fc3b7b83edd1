/* SPDX-License-Identifier: Apache-2.0 */
/* host_sysctl_forward.c: forwarding, bridges and connection tables: what an engine needs of them.
 */
#include <inttypes.h>
#include <string.h>

#include "host_interfaces.h"
#include "tables.h"

#define SIZE(a) (sizeof(a) / sizeof((a)[0]))

enum { NETWORKS_MAX = 1000, TOUCHED_MAX = 1000 };

/* The interfaces of which files set it. */
static const char touched[] = "@host/sysctl-files/touched/ipv4~1forwarding";

/* A setting that is one and the same under two names. */
struct switch_rule {
	const char *keys[2];
	const char *read; /* what the running kernel is asked */
	bool is_by_interface;
};

static const struct switch_rule ipv4_forwarding = { { "net/ipv4/ip_forward",
						      "net/ipv4/conf/all/forwarding" },
						    "@host/sysctl/values/net~1ipv4~1ip_forward",
						    true };
static const struct switch_rule ipv6_forwarding = { { "net/ipv6/conf/all/forwarding", NULL },
						    "@host/sysctl/interfaces/ipv6/all/forwarding",
						    false };

/* Of files that set both names, and differently, no one can tell which comes last. */
static enum sysctl_next forwarding_next(struct sw_eval *e, const struct switch_rule *rule,
					bool is_wanted, struct sysctl_set *ret)
{
	enum sysctl_next next = is_wanted ? NEXT_LEFT_BAD : NEXT_LEFT_GOOD;
	*ret = (struct sysctl_set){ NULL, NULL };
	for (size_t i = 0; i < SIZE(rule->keys) && rule->keys[i]; i++) {
		struct sysctl_set set = sysctl_set(e, rule->keys[i]);
		int64_t value;
		if (!set.value)
			continue;
		if (!sysctl_number(e, rule->keys[i], set.value, set.where, &value))
			return NEXT_UNTOLD;
		if (next == NEXT_BAD)
			continue;
		next = (value != 0) == is_wanted ? NEXT_GOOD : NEXT_BAD;
		*ret = set;
	}
	return next;
}

/* Docker 29 with nftables refuses to turn forwarding on by itself. */
static bool engine_leaves_forwarding(struct sw_eval *e)
{
	static const char path[] = "@engine/info/FirewallBackend/Driver";
	return sw_is_known(e, path) && strncmp(sw_str(e, path, ""), "nftables", 8) == 0;
}

static enum sw_verdict engine_forwards(struct sw_eval *e, const struct switch_rule *rule)
{
	const char *name = sysctl_name(e, rule->keys[0]);
	struct sysctl_set set;
	const char *now = host_is_running(e) ? sw_str(e, rule->read, NULL) : NULL;
	if (host_is_running(e) && !now)
		return sw_unknown(e, "the kernel shows no %s", name);
	if (now && strcmp(now, "0") == 0)
		return sw_fail(e, "%s is 0: containers have no network (role docker)", name);
	enum sysctl_next next = forwarding_next(e, rule, true, &set);
	if (next == NEXT_BAD)
		return sw_fail(e, "%s%s sets it to %s, against the engine, which needs 1",
			       host_configured(e), set.where, set.value);
	if (next == NEXT_UNTOLD)
		return SW_UNKNOWN;
	if (next == NEXT_GOOD)
		return sw_pass(e, "%s%s is 1, as %s sets it, and the engine needs it (role docker)",
			       host_configured(e), name, set.where);
	if (engine_leaves_forwarding(e))
		return sw_fail(e,
			       "no file sets %s, and an engine with nftables does not do it "
			       "itself",
			       name);
	return sw_pass(e, "%sno file sets %s: the engine does, as it needs it (role docker)",
		       host_configured(e), name);
}

/* A packet of IPv4 is forwarded where the interface it comes by forwards, whatever the others do.
 */
static void judge_running_interfaces(struct sw_eval *e)
{
	static const char each[] = "@host/sysctl/interfaces/ipv4/each";
	size_t n = host_is_running(e) ? host_count(e, each, INTERFACES_MAX) : 0;
	for (size_t i = 0; i < n; i++) {
		const char *at = sw_at(e, "%s/%zu", each, i);
		const char *name = sw_str(e, sw_at(e, "%s/name", at), "");
		if (strcmp(name, "lo") != 0 && interfaces_value(e, at, "forwarding") != 0)
			sw_fail(e,
				"net.ipv4.conf.%s.forwarding is on: what comes in there is routed",
				name);
	}
}

static void judge_interface_to_be(struct sw_eval *e, const char *interface)
{
	const char *key = sw_at(e, "net/ipv4/conf/%s/forwarding", interface);
	struct sysctl_set set = sysctl_set(e, key);
	int64_t value;
	if (set.value && sysctl_number(e, key, set.value, set.where, &value) && value != 0)
		sw_fail(e, "%s%s sets %s to %s", host_configured(e), set.where, sysctl_name(e, key),
			set.value);
}

static void judge_interfaces(struct sw_eval *e)
{
	judge_running_interfaces(e);
	size_t n = sw_has(e, touched) ? host_count(e, touched, TOUCHED_MAX) : 0;
	judge_interface_to_be(e, "default");
	for (size_t i = 0; i < n; i++)
		judge_interface_to_be(e, sw_str(e, sw_at(e, "%s/%zu", touched, i), ""));
}

static enum sw_verdict host_forwards_nothing(struct sw_eval *e, const struct switch_rule *rule)
{
	const char *name = sysctl_name(e, rule->keys[0]);
	bool is_running = host_is_running(e);
	const char *now = is_running ? sw_str(e, rule->read, NULL) : NULL;
	struct sysctl_set set;
	if (is_running && !now)
		return sw_unknown(e, "the kernel shows no %s", name);
	if (now && strcmp(now, "0") != 0)
		return sw_fail(e, "%s is %s: the host routes between its networks", name, now);
	if (rule->is_by_interface)
		judge_interfaces(e);
	if (sw_said(e) == SW_FAIL)
		return SW_FAIL;
	enum sysctl_next next = forwarding_next(e, rule, false, &set);
	return now ? sysctl_after_start(e, name, now, next, set, "0")
		   : sysctl_configured(e, name, next, set, "0");
}

static enum sw_verdict ipv4_suits_the_role(struct sw_eval *e)
{
	if (host_role(e) == HOST_ROLE_UNTOLD)
		return SW_UNKNOWN;
	return host_has_root_engine(e) ? engine_forwards(e, &ipv4_forwarding)
				       : host_forwards_nothing(e, &ipv4_forwarding);
}

/* --- IPv6 ------------------------------------------------------------------------------------- */

static bool engine_has_ipv6(struct sw_eval *e)
{
	bool has_ipv6 = false;
	size_t n = host_count(e, "@engine/networks", NETWORKS_MAX);
	for (size_t i = 0; i < n; i++) {
		const char *name = sw_esc(e, sw_key(e, "@engine/networks", i));
		has_ipv6 |= sw_bool(e, sw_at(e, "@engine/networks/%s/EnableIPv6", name), false);
	}
	return has_ipv6;
}

static enum sw_verdict ipv6_suits_the_role(struct sw_eval *e)
{
	if (host_role(e) == HOST_ROLE_UNTOLD)
		return SW_UNKNOWN;
	if (host_is_running(e) && !sw_has(e, "@host/sysctl/interfaces/ipv6"))
		return sw_skip(e, "the kernel has no IPv6");
	return host_has_root_engine(e) && engine_has_ipv6(e)
		       ? engine_forwards(e, &ipv6_forwarding)
		       : host_forwards_nothing(e, &ipv6_forwarding);
}

/* --- conflicts ---------------------------------------------------------------------------------
 */

/* Every assignment counts here, also one that a later one outdoes: an order changes soon. */
static void judge_assignments(struct sw_eval *e, const char *key)
{
	const char *path = sw_at(e, "@host/sysctl-files/settings/%s", sw_esc(e, key));
	size_t n = host_count(e, path, TOUCHED_MAX);
	for (size_t i = 0; i < n; i++) {
		const char *value = sw_str(e, sw_at(e, "%s/%zu/value", path, i), NULL);
		int64_t number;
		if (!value || !sysctl_parse(value, &number) || number != 0)
			continue;
		const char *place =
			sw_at(e, "%s:%" PRId64, sw_str(e, sw_at(e, "%s/%zu/file", path, i), ""),
			      sw_int(e, sw_at(e, "%s/%zu/line", path, i), 0));
		const char *name = sysctl_name(e, key);
		if (i == 0)
			sw_fail(e, "%s%s sets %s to 0", host_configured(e), place, name);
		else
			sw_warn(e, "%s%s sets %s to 0; a later line outdoes it", host_configured(e),
				place, name);
	}
}

static enum sw_verdict no_file_stops_forwarding(struct sw_eval *e)
{
	static const char *const keys[] = { "net/ipv4/ip_forward", "net/ipv4/conf/all/forwarding",
					    "net/ipv4/conf/default/forwarding" };
	if (host_role(e) == HOST_ROLE_UNTOLD)
		return SW_UNKNOWN;
	if (!host_has_root_engine(e))
		return sw_skip(e, "no engine with the rights of root runs here, by the role");
	for (size_t i = 0; i < SIZE(keys); i++)
		judge_assignments(e, keys[i]);
	size_t n = sw_has(e, touched) ? host_count(e, touched, TOUCHED_MAX) : 0;
	for (size_t i = 0; i < n; i++)
		judge_assignments(e, sw_at(e, "net/ipv4/conf/%s/forwarding",
					   sw_str(e, sw_at(e, "%s/%zu", touched, i), "")));
	return sw_said(e) == SW_PASS
		       ? sw_pass(e, "%sno file turns forwarding off", host_configured(e))
		       : sw_said(e);
}

/* --- bridges -----------------------------------------------------------------------------------
 */

/* Does something rely on packets between containers of one bridge being filtered? NULL: no. */
static const char *relies_on_bridge_filter(struct sw_eval *e)
{
	static const char icc[] = "@engine/effective/icc/value";
	static const char proxy[] = "@engine/effective/userland-proxy/value";
	static const char icc_option[] = "com.docker.network.bridge.enable_icc";
	if (sw_is_known(e, icc) && !sw_bool(e, icc, true))
		return "icc is false";
	if (sw_is_known(e, proxy) && !sw_bool(e, proxy, true))
		return "userland-proxy is false";
	bool is_told = sw_is_known(e, "@engine/networks");
	size_t n = is_told ? host_count(e, "@engine/networks", NETWORKS_MAX) : 0;
	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, "@engine/networks", i);
		const char *options = sw_at(e, "@engine/networks/%s/Options", sw_esc(e, name));
		if (sw_has(e, options) &&
		    strcmp(sw_str(e, sw_at(e, "%s/%s", options, icc_option), ""), "false") == 0)
			return sw_at(e, "enable_icc of the network %s is false", name);
	}
	return NULL;
}

static enum sw_verdict bridges_are_filtered(struct sw_eval *e)
{
	static const char *const keys[] = { "net/bridge/bridge-nf-call-iptables",
					    "net/bridge/bridge-nf-call-ip6tables" };
	if (host_role(e) == HOST_ROLE_UNTOLD)
		return SW_UNKNOWN;
	if (!host_has_root_engine(e))
		return sw_skip(e, "no engine with the rights of root runs here, by the role");
	for (size_t i = 0; i < SIZE(keys); i++) {
		const char *now = sysctl_value(e, keys[i]), *name = sysctl_name(e, keys[i]);
		const char *why = relies_on_bridge_filter(e);
		if (why && (!now || strcmp(now, "1") != 0))
			sw_fail(e, "%s, which does nothing as %s is %s", why, name,
				now ? now : "not there: br_netfilter is not loaded");
		if (why)
			continue;
		/* Needs all three to be told: engine_settings are unread where no engine answers.
		 */
		bool icc = sw_bool(e, "@engine/effective/icc/value", true);
		bool proxy = sw_bool(e, "@engine/effective/userland-proxy/value", true);
		if (icc && proxy && sw_has(e, "@engine/networks"))
			sw_pass(e, "%s is %s, and nothing relies on it", name,
				now ? now : "not there");
	}
	return sw_said(e);
}

/* --- connections ---------------------------------------------------------------------------------
 */

static enum sw_verdict table_has_room(struct sw_eval *e)
{
	const char *max_text = sysctl_value(e, "net/netfilter/nf_conntrack_max");
	const char *count_text = sysctl_value(e, "net/netfilter/nf_conntrack_count");
	int64_t max, count;
	if (!max_text && !count_text)
		return sw_skip(e, "connections are not tracked: nf_conntrack is not loaded");
	if (!max_text || !count_text)
		return sw_unknown(e, "the kernel shows only one of nf_conntrack_max and "
				     "nf_conntrack_count");
	if (!sysctl_number(e, "net/netfilter/nf_conntrack_max", max_text, "the kernel", &max) ||
	    !sysctl_number(e, "net/netfilter/nf_conntrack_count", count_text, "the kernel", &count))
		return SW_UNKNOWN;
	if (max <= 0 || count >= max / 10 * 8)
		return sw_fail(e,
			       "%" PRId64 " of %" PRId64 " connections are tracked: new ones are "
			       "dropped when it is full",
			       count, max);
	return sw_pass(e, "%" PRId64 " of %" PRId64 " connections are tracked", count, max);
}

#define ROW(id_)      .id = "host." id_, .kind = SW_HOST, .needs = SW_NEEDS_SYSCTL
#define ROLE_ROW(id_) ROW(id_), .params = host_role_params

const struct sw_check sw_host_sysctl_forward_checks[] = {
	{
		ROLE_ROW("sysctl.net.ipv4.ip_forward"),
		.severity = SW_HIGH,
		.title = "IPv4 is forwarded if the host is for containers, and only then",
		.why = "A host that forwards joins networks that were meant to be apart; an engine "
		       "cannot do without. A file that says 0 cuts containers off whenever it is "
		       "applied after the engine has started.",
		.wanted = "1 for an engine with the rights of root, else 0",
		.remedy = "Docker host: " SYSCTL_REMEDY(
			"net.ipv4.ip_forward = 1") ", and take away lines that set it to "
						   "0\nOthers: the same with 0",
		.fn = ipv4_suits_the_role,
	},
	{
		ROLE_ROW("sysctl.net.ipv6.conf.all.forwarding"),
		.severity = SW_MEDIUM,
		.title = "IPv6 is forwarded if a network of containers has it, and only then",
		.why = "A host that forwards joins networks that were meant to be apart; and with "
		       "it accept_ra 1 means ignore, which may cost the default route.",
		.wanted = "1 if a network of the engine has IPv6, else 0",
		.remedy = SYSCTL_REMEDY(
			"net.ipv6.conf.all.forwarding = 0") "\nWith IPv6 for containers 1, and "
							    "net.ipv6.conf.UPLINK.accept_ra = 2",
		.fn = ipv6_suits_the_role,
	},
	{
		ROLE_ROW("docker.sysctl.forward_conflict"),
		.severity = SW_HIGH,
		.title = "No file turns forwarding off on a Docker host",
		.why = "Files are applied again: at the next start, by packages, and for each new "
		       "interface. Then containers lose their network, though nothing of theirs "
		       "changed.",
		.wanted = "no assignment of 0 to ip_forward or forwarding",
		.remedy = "Take the line away, or for one interface only: "
			  "net.ipv4.conf.NAME.forwarding = 0",
		.fn = no_file_stops_forwarding,
	},
	{
		ROLE_ROW("sysctl.net.bridge.nf_call"),
		.severity = SW_MEDIUM,
		.title = "Packets between containers are filtered where that is relied on",
		.why = "icc=false and an engine without userland-proxy work by rules that see "
		       "bridged packets only with these settings; without, containers reach each "
		       "other although they should not.",
		.wanted = "1, if icc or userland-proxy is false",
		.remedy = "/etc/modules-load.d/br_netfilter.conf: br_netfilter\n" SYSCTL_REMEDY(
			"net.bridge.bridge-nf-call-iptables = 1 and "
			"net.bridge.bridge-nf-call-ip6tables = 1"),
		.fn = bridges_are_filtered,
	},
	{
		ROW("sysctl.net.netfilter.nf_conntrack_max"),
		.severity = SW_LOW,
		.title = "The table of connections has room",
		.why = "When it is full packets of new connections are dropped, of containers "
		       "too, and nothing but the kernel's log says so.",
		.wanted = "less than 80 % in use",
		.remedy = SYSCTL_REMEDY("net.netfilter.nf_conntrack_max = 524288"),
		.fn = table_has_room,
	},
	{ 0 },
};
