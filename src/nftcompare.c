/* SPDX-License-Identifier: Apache-2.0 */
/* nftcompare.c: what is not understood makes a condition "untold", never none; see nftcompare.h. */
#include "nftcompare.h"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <netinet/in.h>

void nft_narrow(struct nft_rule *rule, enum nft_narrow how)
{
	if (how > rule->narrow)
		rule->narrow = how;
	rule->n_conditions++;
}

static bool is_zero(const unsigned char *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v[i])
			return false;
	return true;
}

/* name: without its NUL a prefix is meant; NULL: not known. */
static void ask_interface(struct nft_rule *rule, const char *name, bool is_lo, bool is_equal)
{
	rule->is_lo |= is_lo && is_equal;
	rule->not_lo |= is_lo && !is_equal;
	if (name && is_equal)
		memcpy(rule->in, name, strlen(name) + 1);
	nft_narrow(rule, is_lo && is_equal ? NFT_SOME : NFT_BROAD);
}

static void compare_name(struct nft_rule *rule, const unsigned char *value, size_t n, bool is_equal)
{
	const char *name = memchr(value, '\0', n) && *value ? (const char *)value : NULL;
	ask_interface(rule, name, name && streq(name, "lo"), is_equal);
}

static void ask_protocol(struct nft_rule *rule, unsigned protocol, bool is_equal)
{
	bool is_carrier = protocol == IPPROTO_TCP || protocol == IPPROTO_UDP ||
			  protocol == IPPROTO_DCCP || protocol == IPPROTO_SCTP ||
			  protocol == IPPROTO_UDPLITE; /* what services are reached by */
	if (is_equal)
		rule->protocol = (int)protocol;
	nft_narrow(rule, is_carrier || !is_equal ? NFT_BROAD : NFT_SOME);
}

static void ask_family(struct nft_rule *rule, struct nft_regs *r, unsigned family, bool is_equal)
{
	if (family != NFPROTO_IPV4 && family != NFPROTO_IPV6) {
		nft_narrow(rule, NFT_UNTOLD);
		return;
	}
	rule->family = (family == NFPROTO_IPV4) == is_equal ? AF_INET : AF_INET6;
	r->family = rule->family;
}

/*
 * Bits of a state, as in <linux/netfilter/nf_conntrack_common.h>: 1 invalid, 2 established, 4
 * related, 8 new, 64 untracked.
 */
static void ask_state(struct nft_rule *rule, uint32_t states, bool is_any_of)
{
	bool is_known = is_any_of && (states & 6) && !(states & ~UINT32_C(6));
	rule->is_known |= is_known;
	rule->is_established |= is_known && (states & 2);
	nft_narrow(rule, is_known ? NFT_SOME : NFT_BROAD);
}

static void compare_state(struct nft_rule *rule, const struct nft_held *h,
			  const unsigned char *value, size_t n, bool is_equal)
{
	uint32_t mask;
	memcpy(&mask, h->mask, sizeof(mask)); /* in host order */
	if (h->is_masked && n == sizeof(mask) && is_zero(value, n))
		ask_state(rule, mask, !is_equal);
	else
		nft_narrow(rule, NFT_UNTOLD);
}

/* Who was sent elsewhere by a rule of nat, IPS_DST_NAT, was let in by that rule. */
static void compare_status(struct nft_rule *rule, const struct nft_held *h,
			   const unsigned char *value, size_t n, bool is_equal)
{
	const uint32_t translated = 1u << 5;
	bool is_it = h->is_masked && n == sizeof(translated) && is_zero(value, n) && !is_equal &&
		     memcmp(h->mask, &translated, sizeof(translated)) == 0;
	nft_narrow(rule, is_it ? NFT_SOME : NFT_UNTOLD);
}

static unsigned bits_of(const struct nft_held *h)
{
	unsigned n = 0;
	if (!h->is_masked)
		return h->len * 8;
	for (size_t i = 0; i < NFT_VALUE_MAX; i++)
		n += (unsigned)__builtin_popcount(h->mask[i]);
	return n;
}

static bool is_v4(const struct nft_held *h)
{
	return h->what == NFT_W_SOURCE4 || h->what == NFT_W_TARGET4;
}

static bool is_source(const struct nft_held *h)
{
	return h->what == NFT_W_SOURCE4 || h->what == NFT_W_SOURCE6;
}

/* bits: of the address that are asked for. */
static void ask_address(struct nft_rule *rule, const struct nft_held *h, const unsigned char *value,
			unsigned bits, bool is_equal)
{
	static const unsigned char one[NFT_VALUE_MAX] = { [NFT_VALUE_MAX - 1] = 1 };
	bool is_group = is_v4(h) ? value[0] >> 4 == 14 : value[0] == 0xff;
	bool is_own = is_v4(h) ? value[0] == 127 && bits >= 8
			       : bits == 128 && memcmp(value, one, sizeof(one)) == 0;
	if (is_source(h) && is_equal)
		rule->from_loopback |= is_own && (!is_v4(h) || bits == 8);
	rule->to_loopback |= !is_source(h) && is_equal && is_own;
	/* A packet that is for this host has its address: that is no narrow condition. */
	nft_narrow(rule,
		   is_equal && bits >= 4 && (is_source(h) || is_group) ? NFT_SOME : NFT_BROAD);
}

static void ask_ports(struct nft_rule *rule, unsigned from, unsigned to)
{
	if (!rule->has_port) {
		rule->from = 0;
		rule->to = UINT16_MAX;
	}
	rule->has_port = true;
	if (from > rule->from)
		rule->from = (uint16_t)from;
	if (to < rule->to)
		rule->to = (uint16_t)to;
}

static unsigned port_of(const unsigned char *value)
{
	return (unsigned)value[0] << 8 | value[1];
}

static void compare_port(struct nft_rule *rule, uint32_t op, unsigned port)
{
	switch (op) {
	case NFT_CMP_EQ: ask_ports(rule, port, port); break;
	case NFT_CMP_GTE: ask_ports(rule, port, UINT16_MAX); break;
	case NFT_CMP_LTE: ask_ports(rule, 0, port); break;
	case NFT_CMP_NEQ: nft_narrow(rule, NFT_BROAD); break;
	default: nft_narrow(rule, NFT_UNTOLD); break;
	}
}

/* A type of ICMP; of TCP and UDP it is the first byte of the sender's port. */
static bool is_icmp(const struct nft_rule *rule)
{
	return rule->protocol == IPPROTO_ICMP || rule->protocol == IPPROTO_ICMPV6;
}

static void compare_whole(struct nft_rule *rule, struct nft_regs *r, const struct nft_held *h,
			  const unsigned char *value, size_t n, bool is_equal)
{
	uint32_t index;
	switch (h->what) {
	case NFT_W_INDEX:
		memcpy(&index, value, sizeof(index)); /* in host order; lo is the first */
		ask_interface(rule, NULL, n == sizeof(index) && index == 1, is_equal);
		break;
	case NFT_W_INTERFACE: compare_name(rule, value, n, is_equal); break;
	case NFT_W_PROTOCOL: ask_protocol(rule, value[0], is_equal); break;
	case NFT_W_FAMILY: ask_family(rule, r, value[0], is_equal); break;
	case NFT_W_ICMP: nft_narrow(rule, is_equal && is_icmp(rule) ? NFT_SOME : NFT_BROAD); break;
	default: nft_narrow(rule, NFT_UNTOLD); break;
	}
}

static void compare_masked(struct nft_rule *rule, const struct nft_held *h)
{
	bool is_broad = h->what == NFT_W_INDEX || h->what == NFT_W_INTERFACE;
	nft_narrow(rule, is_broad ? NFT_BROAD : NFT_UNTOLD);
}

void nft_compare(struct nft_rule *rule, struct nft_regs *r, const struct nft_args *all)
{
	unsigned char value[NFT_VALUE_MAX];
	const struct nft_held *h = nft_held_in(r, nft_number(all, NFTA_CMP_SREG));
	uint32_t op = nft_number(all, NFTA_CMP_OP);
	size_t n = nft_value(all, NFTA_CMP_DATA, value);
	bool is_equal = op == NFT_CMP_EQ, is_plain = is_equal || op == NFT_CMP_NEQ;
	if (h->what == NFT_W_BROAD)
		nft_narrow(rule, NFT_BROAD);
	else if (n == 0 || (h->what != NFT_W_PORT && !is_plain))
		nft_narrow(rule, NFT_UNTOLD);
	else if (h->what == NFT_W_PORT && (n != 2 || h->is_masked))
		nft_narrow(rule, NFT_UNTOLD);
	else if (h->what == NFT_W_PORT)
		compare_port(rule, op, port_of(value));
	else if (h->what == NFT_W_STATE)
		compare_state(rule, h, value, n, is_equal);
	else if (h->what == NFT_W_STATUS)
		compare_status(rule, h, value, n, is_equal);
	else if (is_v4(h) || is_source(h) || h->what == NFT_W_TARGET6)
		ask_address(rule, h, value, bits_of(h), is_equal);
	else if (h->is_masked)
		compare_masked(rule, h);
	else
		compare_whole(rule, r, h, value, n, is_equal);
}

static bool bit_of(const unsigned char *v, unsigned i)
{
	return v[i / 8] & 0x80 >> i % 8;
}

/* As many bits as are the same at the start of all from from to to; one more when these are not
 * all that begin so. */
static unsigned same_bits(const unsigned char *from, const unsigned char *to, size_t n)
{
	unsigned same = 0, rest;
	while (same < n * 8 && bit_of(from, same) == bit_of(to, same))
		same++;
	for (rest = same; rest < n * 8 && !bit_of(from, rest) && bit_of(to, rest);)
		rest++;
	return same >= 8 && rest < n * 8 ? same + 1 : same;
}

static void compare_element(struct nft_rule *rule, const struct nft_held *h,
			    const unsigned char *value, size_t n)
{
	struct nft_regs none = { 0 };
	uint32_t states;
	switch (h->what) {
	case NFT_W_STATE:
		memcpy(&states, value, sizeof(states)); /* in host order */
		ask_state(rule, states, true);
		break;
	case NFT_W_FAMILY: nft_narrow(rule, NFT_UNTOLD); break;
	default: compare_whole(rule, &none, h, value, n, true); break;
	}
}

void nft_compare_between(struct nft_rule *rule, const struct nft_held *h, const unsigned char *from,
			 const unsigned char *to, size_t n)
{
	if (h->what == NFT_W_BROAD)
		nft_narrow(rule, NFT_BROAD);
	else if (n != h->len || h->is_masked)
		nft_narrow(rule, NFT_UNTOLD);
	else if (h->what == NFT_W_PORT)
		ask_ports(rule, port_of(from), port_of(to));
	else if (is_v4(h) || is_source(h) || h->what == NFT_W_TARGET6)
		ask_address(rule, h, from, same_bits(from, to, n), true);
	else if (memcmp(from, to, n) == 0)
		compare_element(rule, h, from, n);
	else
		nft_narrow(rule, NFT_UNTOLD);
}

void nft_compare_range(struct nft_rule *rule, struct nft_regs *r, const struct nft_args *all)
{
	unsigned char from[NFT_VALUE_MAX], to[NFT_VALUE_MAX];
	const struct nft_held *h = nft_held_in(r, nft_number(all, NFTA_RANGE_SREG));
	size_t n = nft_value(all, NFTA_RANGE_FROM_DATA, from);
	bool is_sound = n > 0 && nft_value(all, NFTA_RANGE_TO_DATA, to) == n &&
			nft_number(all, NFTA_RANGE_OP) == NFT_RANGE_EQ;
	if (is_sound)
		nft_compare_between(rule, h, from, to, n);
	else
		nft_narrow(rule, h->what == NFT_W_BROAD ? NFT_BROAD : NFT_UNTOLD);
}
