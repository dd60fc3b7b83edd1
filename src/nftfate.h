/* SPDX-License-Identifier: Apache-2.0 */
/* nftfate.h: what becomes of packets by the rules of nf_tables. */
#ifndef SW_NFTFATE_H
#define SW_NFTFATE_H

#include <jansson.h>

#include "nftrules.h"

/*
 * Of all filters at a hook (NF_INET_…) for one family (AF_INET, AF_INET6):
 *
 *   { "chains": ["inet filter input"],
 *     "default": "deny",           what becomes of that which no rule is about: "deny" (a drop in
 *                                  one chain is enough), "accept", "untold"
 *     "by": "inet filter input, its policy",
 *     "accepting": ["inet filter input, rule 3 …"],
 *                                  rules before it that accept much, or something that is not
 *                                  understood, of the chain that denies with the fewest; unread
 *                                  when there are too many
 *     "loopback": true, "loopback-guarded": false, "established": true, "state-sets": false,
 *     "ports": [{"protocol": 6, "from": 22, "to": 22, "does": "accept"}],   or drop, jump;
 *                                  of accepts and jumps those that let others in to some ports
 *     "port-sets": 0 }             rules whose ports were not read
 */
json_t *nft_hook_fact(const struct nft_rules *r, unsigned hook, int family);

/*
 * { "user-chain": true, "user-rules": 0, "published": 2 }, of the chains that Docker makes: is
 * there DOCKER-USER, how many of its rules keep something out of what is passed on (none of a chain
 * that no packet gets to, none behind a rule for all), how many rules pass ports on that were not
 * published on a loopback address.
 */
json_t *nft_docker_fact(const struct nft_rules *r, int family);

#endif
