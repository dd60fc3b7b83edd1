/* SPDX-License-Identifier: Apache-2.0 */
/* nftdump.h: the kernel's packet filter (nf_tables) as netlink tells it, not understood. */
#ifndef SW_NFTDUMP_H
#define SW_NFTDUMP_H

#include "rootfs.h"

enum {
	NFT_DUMP_MAX = 16 << 20,
	NFT_SECONDS = 10, /* for all of it */
	NFT_DUMP_SETS_MAX = 2000,
};

/*
 * Whole netlink messages, one after the other: tables, chains, sets, elements of those without a
 * name, and rules, of all families. Asking takes CAP_NET_ADMIN, which is too much to keep for it:
 * so it is asked for before privileges go.
 */
struct nft_dump {
	char *data;
	size_t len;
	int error;       /* 0 or negative errno; -ENOENT: nf_tables is not in use */
	const char *why; /* or NULL */
};

/* Of the network namespace of this process. root: where the kernel's list of what is built in is.
 */
void nft_dump_read(struct nft_dump *d, struct rootfs *root);
void nft_dump_done(struct nft_dump *d);

#endif
