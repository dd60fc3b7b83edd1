/* SPDX-License-Identifier: Apache-2.0 */
/* nftxt.c: matches and targets of iptables within rules of nf_tables (iptables-nft). */
#include "nftcompare.h"
#include "nftexpr.h"

/* struct xt_conntrack_mtinfo2 and 3 of <linux/netfilter/xt_conntrack.h>. */
enum { FLAGS_AT = 146, INVERTED_AT = 148, STATES_AT = 150, BY_STATE = 1 };

static uint16_t u16_at(const struct attr *a, size_t at)
{
	uint16_t v = 0;
	if (at + sizeof(v) <= a->n)
		memcpy(&v, a->p + at, sizeof(v));
	return v;
}

static void conntrack(struct nft_rule *rule, uint32_t revision, const struct attr *info)
{
	uint16_t states = u16_at(info, STATES_AT);
	bool is_told = (revision == 2 || revision == 3) && info->n >= STATES_AT + 2 &&
		       u16_at(info, FLAGS_AT) == BY_STATE && u16_at(info, INVERTED_AT) == 0;
	bool is_known = is_told && (states & 6) && !(states & ~6);
	rule->is_known |= is_known;
	rule->is_established |= is_known && (states & 2);
	nft_narrow(rule, is_known ? NFT_SOME : is_told ? NFT_BROAD : NFT_UNTOLD);
}

/* struct xt_tcp and xt_udp: source ports, destination ports, both from and to; then flags. */
static void ports(struct nft_rule *rule, const struct attr *info, size_t inverted_at)
{
	uint16_t from = u16_at(info, 4), to = u16_at(info, 6);
	if (info->n <= inverted_at) {
		nft_narrow(rule, NFT_UNTOLD);
		return;
	}
	/* All ports, or all but some. */
	if (info->p[inverted_at] || (from == 0 && to == UINT16_MAX)) {
		nft_narrow(rule, NFT_BROAD);
		return;
	}
	rule->has_port = true;
	rule->from = from;
	rule->to = to;
}

void nft_xt_match(struct nft_rule *rule, const struct attr *name, uint32_t revision,
		  const struct attr *info)
{
	static const char *const broad[] = { "addrtype", "limit", "hashlimit", "owner", "physdev" };
	AUTO_FREE char *text = attr_text(name);
	const char *is = text ? text : "";
	if (streq(is, "comment"))
		return;
	if (streq(is, "conntrack")) {
		conntrack(rule, revision, info);
		return;
	}
	if (streq(is, "tcp") || streq(is, "udp")) {
		ports(rule, info, streq(is, "tcp") ? 11 : 8);
		return;
	}
	rule->port_is_untold |= streq(is, "multiport");
	rule->state_is_untold |= streq(is, "state");
	for (size_t i = 0; i < ARRAY_SIZE(broad); i++) {
		if (streq(is, broad[i])) {
			nft_narrow(rule, NFT_BROAD);
			return;
		}
	}
	/* The type of ICMP. */
	nft_narrow(rule, streq(is, "icmp") || streq(is, "icmp6") ? NFT_SOME : NFT_UNTOLD);
}

void nft_xt_target(struct nft_rule *rule, const struct attr *name)
{
	/* Of iptables-extensions(8), those after which the next rule is asked. */
	static const char *const notes[] = { "AUDIT",       "CHECKSUM", "CLASSIFY", "CONNMARK",
					     "CONNSECMARK", "CT",       "DSCP",     "HL",
					     "IDLETIMER",   "LED",      "LOG",      "MARK",
					     "NFLOG",       "NOTRACK",  "RATEEST",  "SECMARK",
					     "SET",         "TCPMSS",   "TEE",      "TOS",
					     "TRACE",       "TTL",      "ULOG" };
	AUTO_FREE char *text = attr_text(name);
	const char *is = text ? text : "";
	for (size_t i = 0; i < ARRAY_SIZE(notes); i++)
		if (streq(is, notes[i]))
			return;
	rule->translates |= streq(is, "DNAT");
	if (rule->does == NFT_NOTHING)
		rule->does = streq(is, "REJECT") ? NFT_DROPS : NFT_OTHER;
}
