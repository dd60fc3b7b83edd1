/* SPDX-License-Identifier: Apache-2.0 */
/* nftregs.h: what the registers of nf_tables hold while a rule is read. */
#ifndef SW_NFTREGS_H
#define SW_NFTREGS_H

#include "nftattr.h"

enum nft_what {
	NFT_W_UNKNOWN,
	NFT_W_INDEX,
	NFT_W_INTERFACE,
	NFT_W_PROTOCOL,
	NFT_W_FAMILY,
	NFT_W_STATE,
	NFT_W_STATUS,
	NFT_W_SOURCE4,
	NFT_W_SOURCE6,
	NFT_W_TARGET4,
	NFT_W_TARGET6,
	NFT_W_PORT,
	NFT_W_ICMP,  /* a type of ICMP, or what else starts there */
	NFT_W_BROAD, /* whoever sends chooses it */
};

enum { NFT_VALUE_MAX = 16, NFT_REGS = 32 };

struct nft_held {
	enum nft_what what;
	unsigned len;
	bool is_masked;
	unsigned char mask[NFT_VALUE_MAX];
};

struct nft_regs {
	int family; /* AF_INET, AF_INET6 when the packet is known to be of it, else 0 */
	struct nft_held held[NFT_REGS];
};

/* The attributes of an expression, by type. */
enum { NFT_ARGS = 16 };
struct nft_args {
	struct attr a[NFT_ARGS];
	bool is_bad; /* broken */
};

/* Borrows the bytes; of a type that is there twice the last counts. */
struct nft_args nft_args_of(struct attrs s);
/* UINT32_MAX when it is not there or no number. */
uint32_t nft_number(const struct nft_args *all, unsigned type);
/* The bytes of a value or mask, the rest 0; how many, 0 when there is none of 1 to 16. */
size_t nft_value(const struct nft_args *all, unsigned type, unsigned char *ret);

/* The register of that number (NFT_REG_… of linux/netfilter/nf_tables.h). No such: it is unknown.
 */
struct nft_held *nft_held_in(struct nft_regs *r, uint32_t number);
/* From now on the register holds len bytes of what; len 0: not known how many. */
void nft_load(struct nft_regs *r, uint32_t number, enum nft_what what, unsigned len);
/*
 * What the expressions meta, ct, payload and bitwise put into their register; what is not listed
 * here is NFT_W_UNKNOWN.
 */
void nft_load_meta(struct nft_regs *r, const struct nft_args *all);
void nft_load_ct(struct nft_regs *r, const struct nft_args *all);
void nft_load_payload(struct nft_regs *r, const struct nft_args *all);
void nft_load_masked(struct nft_regs *r, const struct nft_args *all);

#endif
