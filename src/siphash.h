/* SPDX-License-Identifier: Apache-2.0 */
/* siphash.h: SipHash-2-4 (Aumasson and Bernstein), a hash that nobody can steer without its key. */
#ifndef SW_SIPHASH_H
#define SW_SIPHASH_H

#include "util.h"

struct siphash_key {
	uint64_t k[2];
};

/* A key of this process's own. */
void siphash_key_init(struct siphash_key *key);
uint64_t siphash(const struct siphash_key *key, const void *data, size_t n);

#endif
