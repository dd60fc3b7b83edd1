/* SPDX-License-Identifier: Apache-2.0 */
/* nftsets.h: elements of the sets that rules of nf_tables have in braces. */
#ifndef SW_NFTSETS_H
#define SW_NFTSETS_H

#include "nftregs.h"
#include "nftrules.h"

enum {
	NFT_SETS_MAX = 2000,
	NFT_ELEMENTS_MAX = 256, /* of one set; more are not kept */
};

/* From from to to, both of n bytes; or all that is in no other element. */
struct nft_element {
	unsigned char from[NFT_VALUE_MAX], to[NFT_VALUE_MAX];
	size_t n;
	bool is_end; /* until the set is closed: begins what is not in it */
	bool is_all;
	enum nft_does does; /* of maps to verdicts */
	char *target;
};

struct nft_set {
	int family;
	char *table, *name;
	bool is_told;     /* each element is here, and nothing changes them */
	bool is_verdicts; /* a map to verdicts */
	bool is_interval;
	struct nft_element *elements;
	size_t n;
};

struct nft_sets {
	struct nft_set *list;
	size_t n;
};

/* 0, -EBADMSG or -EFBIG. Of NEWSET, and of NEWSETELEM messages. */
int nft_sets_add(struct nft_sets *sets, int family, struct attrs s);
int nft_sets_add_elements(struct nft_sets *sets, int family, struct attrs s);
/* When all elements are there. */
void nft_sets_close(struct nft_sets *sets);
/* NULL: it was not read, or changes. */
const struct nft_set *nft_sets_find(const struct nft_sets *sets, int family, const char *table,
				    const char *name);
void nft_sets_done(struct nft_sets *sets);

/* Of a verdict's attributes; *ret_target malloc'ed of jumps, else NULL. False: broken. */
bool nft_verdict(struct attrs s, enum nft_does *ret, char **ret_target);

#endif
