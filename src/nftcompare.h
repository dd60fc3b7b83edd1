/* SPDX-License-Identifier: Apache-2.0 */
/* nftcompare.h: expressions of nf_tables that are conditions of a rule. */
#ifndef SW_NFTCOMPARE_H
#define SW_NFTCOMPARE_H

#include "nftregs.h"
#include "nftrules.h"

/* A condition more, that leaves out so much. */
void nft_narrow(struct nft_rule *rule, enum nft_narrow how);

void nft_compare(struct nft_rule *rule, struct nft_regs *r, const struct nft_args *all);
void nft_compare_range(struct nft_rule *rule, struct nft_regs *r, const struct nft_args *all);
/* That what is held is one of from to to, both n bytes. */
void nft_compare_between(struct nft_rule *rule, const struct nft_held *h, const unsigned char *from,
			 const unsigned char *to, size_t n);

#endif
