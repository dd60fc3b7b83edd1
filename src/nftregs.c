/* SPDX-License-Identifier: Apache-2.0 */
/* nftregs.c: expressions of nf_tables that load registers; see nftregs.h. */
#include "nftregs.h"

#include <linux/netfilter/nf_tables.h>
#include <sys/socket.h>

struct nft_args nft_args_of(struct attrs s)
{
	struct nft_args all = { 0 };
	struct attr a;
	while (attr_next(&s, &a))
		if (a.type < NFT_ARGS)
			all.a[a.type] = a;
	all.is_bad = s.is_bad;
	return all;
}

uint32_t nft_number(const struct nft_args *all, unsigned type)
{
	return attr_u32(&all->a[type]);
}

size_t nft_value(const struct nft_args *all, unsigned type, unsigned char *ret)
{
	struct attrs s = attr_nested(&all->a[type]);
	struct attr a;
	memset(ret, 0, NFT_VALUE_MAX);
	while (attr_next(&s, &a)) {
		if (a.type != NFTA_DATA_VALUE || a.n > NFT_VALUE_MAX)
			continue;
		memcpy(ret, a.p, a.n);
		return a.n;
	}
	return 0;
}

/* Registers 1 to 4 are those of 16 bytes, 8 to 23 their quarters. */
static size_t place_of(uint32_t number)
{
	if (number >= 1 && number <= 4)
		return 8 + (number - 1) * 4;
	return number < NFT_REGS ? number : 0;
}

struct nft_held *nft_held_in(struct nft_regs *r, uint32_t number)
{
	return &r->held[place_of(number)];
}

/* What was there before is gone, as far as it reached; what no register is holds nothing. */
static void put(struct nft_regs *r, uint32_t number, const struct nft_held *h)
{
	size_t at = place_of(number), n = h->len == 0 || h->len > 16 ? 4 : (h->len + 3) / 4;
	if (at == 0)
		return;
	for (size_t i = at; i < at + n && i < NFT_REGS; i++)
		r->held[i] = (struct nft_held){ .what = NFT_W_UNKNOWN };
	r->held[at] = *h;
}

void nft_load(struct nft_regs *r, uint32_t number, enum nft_what what, unsigned len)
{
	put(r, number, &(struct nft_held){ .what = what, .len = len });
}

static const struct {
	enum nft_what what;
	unsigned len;
} meta_keys[] = {
	[NFT_META_IIF] = { NFT_W_INDEX, 4 },        [NFT_META_IIFNAME] = { NFT_W_INTERFACE, 16 },
	[NFT_META_L4PROTO] = { NFT_W_PROTOCOL, 1 }, [NFT_META_NFPROTO] = { NFT_W_FAMILY, 1 },
	[NFT_META_OIF] = { NFT_W_BROAD, 4 },        [NFT_META_OIFNAME] = { NFT_W_BROAD, 16 },
	[NFT_META_PKTTYPE] = { NFT_W_BROAD, 1 },
};

void nft_load_meta(struct nft_regs *r, const struct nft_args *all)
{
	uint32_t key = nft_number(all, NFTA_META_KEY);
	bool is_listed = key < ARRAY_SIZE(meta_keys);
	if (all->a[NFTA_META_DREG].n > 0)
		nft_load(r, nft_number(all, NFTA_META_DREG),
			 is_listed ? meta_keys[key].what : NFT_W_UNKNOWN,
			 is_listed ? meta_keys[key].len : 0);
}

void nft_load_ct(struct nft_regs *r, const struct nft_args *all)
{
	uint32_t key = nft_number(all, NFTA_CT_KEY);
	enum nft_what what = key == NFT_CT_STATE    ? NFT_W_STATE
			     : key == NFT_CT_STATUS ? NFT_W_STATUS
						    : NFT_W_UNKNOWN;
	if (all->a[NFTA_CT_DREG].n > 0)
		nft_load(r, nft_number(all, NFTA_CT_DREG), what, what == NFT_W_UNKNOWN ? 0 : 4);
}

/* Of headers: IPv4 of RFC 791, IPv6 of RFC 8200, TCP of RFC 9293. */
static const struct {
	int family; /* 0: any */
	unsigned base, offset, min, max;
	enum nft_what what;
} places[] = {
	{ AF_INET, NFT_PAYLOAD_NETWORK_HEADER, 9, 1, 1, NFT_W_PROTOCOL },
	{ AF_INET6, NFT_PAYLOAD_NETWORK_HEADER, 6, 1, 1, NFT_W_PROTOCOL },
	{ AF_INET, NFT_PAYLOAD_NETWORK_HEADER, 12, 1, 4, NFT_W_SOURCE4 },
	{ AF_INET, NFT_PAYLOAD_NETWORK_HEADER, 16, 1, 4, NFT_W_TARGET4 },
	{ AF_INET6, NFT_PAYLOAD_NETWORK_HEADER, 8, 1, 16, NFT_W_SOURCE6 },
	{ AF_INET6, NFT_PAYLOAD_NETWORK_HEADER, 24, 1, 16, NFT_W_TARGET6 },
	{ 0, NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, 2, NFT_W_PORT },
	{ 0, NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1, 1, NFT_W_ICMP },
	{ 0, NFT_PAYLOAD_TRANSPORT_HEADER, 0, 2, 2, NFT_W_BROAD },
	{ 0, NFT_PAYLOAD_TRANSPORT_HEADER, 13, 1, 1, NFT_W_BROAD }, /* the flags of TCP */
};

void nft_load_payload(struct nft_regs *r, const struct nft_args *all)
{
	uint32_t base = nft_number(all, NFTA_PAYLOAD_BASE),
		 offset = nft_number(all, NFTA_PAYLOAD_OFFSET),
		 len = nft_number(all, NFTA_PAYLOAD_LEN);
	enum nft_what what = NFT_W_UNKNOWN;
	if (all->a[NFTA_PAYLOAD_DREG].n == 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(places) && what == NFT_W_UNKNOWN; i++)
		if (places[i].base == base && places[i].offset == offset && places[i].min <= len &&
		    len <= places[i].max &&
		    (places[i].family == 0 || places[i].family == r->family))
			what = places[i].what;
	nft_load(r, nft_number(all, NFTA_PAYLOAD_DREG), what, len);
}

/* 6 is NFTA_BITWISE_OP, which older headers lack; 0 is "mask and xor". */
enum { BITWISE_OP = 6 };

void nft_load_masked(struct nft_regs *r, const struct nft_args *all)
{
	unsigned char flip[NFT_VALUE_MAX], none[NFT_VALUE_MAX] = { 0 };
	struct nft_held h = *nft_held_in(r, nft_number(all, NFTA_BITWISE_SREG));
	size_t n = nft_value(all, NFTA_BITWISE_MASK, h.mask);
	nft_value(all, NFTA_BITWISE_XOR, flip);
	if (n == 0 || h.is_masked || memcmp(flip, none, sizeof(none)) != 0 ||
	    (all->a[BITWISE_OP].n > 0 && nft_number(all, BITWISE_OP) != 0))
		h.what = NFT_W_UNKNOWN;
	h.is_masked = true;
	put(r, nft_number(all, NFTA_BITWISE_DREG), &h);
}
