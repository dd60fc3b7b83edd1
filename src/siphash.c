/* SPDX-License-Identifier: Apache-2.0 */
/* siphash.c: see siphash.h. */
#include "siphash.h"

#include <errno.h>
#include <sys/random.h>

void siphash_key_init(struct siphash_key *key)
{
	char *p = (char *)key;
	size_t have = 0;
	while (have < sizeof(*key)) {
		ssize_t n = getrandom(p + have, sizeof(*key) - have, 0);
		if (n < 0 && errno != EINTR)
			abort(); /* no kernel that can run this is without it */
		have += n > 0 ? (size_t)n : 0;
	}
}

static uint64_t rotate(uint64_t v, unsigned by)
{
	return v << by | v >> (64 - by);
}

static void rounds(uint64_t v[4], unsigned n)
{
	while (n-- > 0) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = rotate(v[1], 13) ^ v[0];
		v[3] = rotate(v[3], 16) ^ v[2];
		v[0] = rotate(v[0], 32) + v[3];
		v[2] += v[1];
		v[1] = rotate(v[1], 17) ^ v[2];
		v[3] = rotate(v[3], 21) ^ v[0];
		v[2] = rotate(v[2], 32);
	}
}

static uint64_t little_endian(const unsigned char *p, size_t n)
{
	uint64_t word = 0;
	for (size_t i = 0; i < n; i++)
		word |= (uint64_t)p[i] << (8 * i);
	return word;
}

static void absorb(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	rounds(v, 2);
	v[0] ^= word;
}

uint64_t siphash(const struct siphash_key *key, const void *data, size_t n)
{
	const unsigned char *p = data;
	/* "somepseudorandomlygeneratedbytes", the constants of the paper */
	uint64_t v[4] = {
		key->k[0] ^ UINT64_C(0x736f6d6570736575),
		key->k[1] ^ UINT64_C(0x646f72616e646f6d),
		key->k[0] ^ UINT64_C(0x6c7967656e657261),
		key->k[1] ^ UINT64_C(0x7465646279746573),
	};
	size_t whole = n - n % 8;
	for (size_t i = 0; i < whole; i += 8)
		absorb(v, little_endian(p + i, 8));
	absorb(v, (uint64_t)n << 56 | little_endian(p + whole, n - whole));
	v[2] ^= 0xff;
	rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
