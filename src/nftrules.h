/* SPDX-License-Identifier: Apache-2.0 */
/* nftrules.h: what the kernel tells of nf_tables (nftdump.h), understood as far as is needed. */
#ifndef SW_NFTRULES_H
#define SW_NFTRULES_H

#include "util.h"

enum {
	NFT_CHAINS_MAX = 5000,
	NFT_RULES_MAX = 50000, /* with what sets in braces make of them */
};

enum nft_does { NFT_NOTHING, NFT_ACCEPTS, NFT_DROPS, NFT_JUMPS, NFT_GOES, NFT_RETURNS, NFT_OTHER };

/* How much a condition leaves out, the least first. */
enum nft_narrow {
	NFT_ALL,    /* nothing */
	NFT_BROAD,  /* less than half: all that is new, all of TCP, all of an interface */
	NFT_UNTOLD, /* it was not understood */
	NFT_SOME,
};

struct nft_rule {
	unsigned number; /* in its chain, from 1; those of one set's elements have the same */
	enum nft_does does;
	enum nft_narrow narrow;
	char *target;          /* of jumps, else NULL */
	bool is_lo, not_lo;    /* comes in by lo, or by another */
	char in[16];           /* the interface it comes in by, "" when that is not asked for */
	bool from_loopback;    /* source in 127.0.0.0/8 or ::1 */
	bool to_loopback;      /* destination there */
	bool is_known;         /* a state of established or related is asked for, and not new */
	bool is_established;   /* established is among these */
	bool state_is_untold;  /* a state, by a set that was not read */
	bool translates;       /* destinations: a published port */
	unsigned n_conditions; /* but for the family */
	int family;            /* AF_INET, AF_INET6; 0: both */
	int protocol;          /* 6, 17, …; 0: any */
	bool has_port;         /* of the destination, from to to */
	bool port_is_untold;   /* by a set that was not read */
	uint16_t from, to;
};

struct nft_chain {
	int family; /* NFPROTO_… */
	char *table, *name;
	bool is_base, drops; /* its policy */
	bool is_filter;      /* its type */
	unsigned hook;       /* NF_INET_… */
	struct nft_rule *rules;
	size_t n_rules;
};

struct nft_rules {
	struct nft_chain *chains; /* sorted by family, name, table */
	size_t n_chains, n_tables, n_rules;
	size_t n_readings; /* rules, with elements of sets in braces counted one by one */
	bool is_dormant;   /* a table is asleep: its chains are left out */
};

/* 0; or -EBADMSG, -EFBIG with *ret_why. Always nft_rules_done(). */
int nft_rules_parse(struct nft_rules *r, const char *data, size_t n, const char **ret_why);
void nft_rules_done(struct nft_rules *r);
const struct nft_chain *nft_chain_find(const struct nft_rules *r, const struct nft_chain *of,
				       const char *name);

/* More than a quarter of all is no narrow range. */
static inline bool nft_has_many_ports(const struct nft_rule *rule)
{
	return rule->has_port && rule->to - rule->from > UINT16_MAX / 4;
}

#endif
