/* SPDX-License-Identifier: Apache-2.0 */
/* nftexpr.h: what one rule of nf_tables asks for and does. */
#ifndef SW_NFTEXPR_H
#define SW_NFTEXPR_H

#include "nftattr.h"
#include "nftrules.h"
#include "nftsets.h"

enum {
	NFT_LOOKUPS_MAX = 4,    /* in one rule, of which the elements are looked at */
	NFT_READINGS_MAX = 512, /* of one rule */
};

/*
 * A rule with elements in braces is as many rules: each reading takes another element of each set.
 * Begins with {0}.
 */
struct nft_reading {
	const struct nft_sets *sets;
	int family; /* of the table, NFPROTO_… */
	const char *table;
	size_t at[NFT_LOOKUPS_MAX], n[NFT_LOOKUPS_MAX];
	size_t n_lookups; /* by the reading before */
};

/* expressions: of NFTA_RULE_EXPRESSIONS. False: broken. */
bool nft_rule_parse(struct nft_rule *rule, struct nft_reading *r, struct attrs expressions);
/* False: there are no more elements. */
bool nft_reading_next(struct nft_reading *r);

/* nftxt.c: what iptables' own matches ask for, and its targets do. */
void nft_xt_match(struct nft_rule *rule, const struct attr *name, uint32_t revision,
		  const struct attr *info);
void nft_xt_target(struct nft_rule *rule, const struct attr *name);

#endif
