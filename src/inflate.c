/* SPDX-License-Identifier: Apache-2.0 */
/* inflate.c: see inflate.h. */
#include "inflate.h"

enum { CODE_BITS = 15, LITERALS = 288, DISTANCES = 30, WINDOW = 32768 };

struct stream {
	const unsigned char *in;
	size_t n, at;
	uint32_t bits;
	unsigned n_bits;
	char *out;
	size_t len, size, cap;
	bool is_bad; /* sticky: ended early, or is not what it should be */
};

/* A canonical Huffman code: how many codes there are of each length, and their symbols in order. */
struct code {
	uint16_t count[CODE_BITS + 1];
	uint16_t symbol[LITERALS];
};

static unsigned take_bits(struct stream *s, unsigned n)
{
	while (s->n_bits < n) {
		if (s->at >= s->n) {
			s->is_bad = true;
			return 0;
		}
		s->bits |= (uint32_t)s->in[s->at++] << s->n_bits;
		s->n_bits += 8;
	}
	unsigned value = s->bits & ((UINT32_C(1) << n) - 1);
	s->bits >>= n;
	s->n_bits -= n;
	return value;
}

static void put_byte(struct stream *s, char byte)
{
	if (s->len >= s->cap) {
		s->is_bad = true;
		return;
	}
	if (s->len + 1 >= s->size) {
		s->size = s->size ? s->size * 2 : 64 << 10;
		s->out = xrealloc(s->out, s->size);
	}
	s->out[s->len++] = byte;
}

/* --- codes ---------------------------------------------------------------------------------- */

/* False when the lengths make more codes than there can be, or too few of more than one. */
static bool build_code(struct code *c, const uint8_t *lengths, size_t n)
{
	uint16_t start[CODE_BITS + 1];
	int left = 1;
	memset(c, 0, sizeof(*c));
	for (size_t i = 0; i < n; i++)
		c->count[lengths[i]]++;
	size_t n_codes = n - c->count[0];
	c->count[0] = 0;
	for (size_t i = 1; i <= CODE_BITS; i++) {
		left = left * 2 - c->count[i];
		if (left < 0)
			return false;
	}
	start[1] = 0;
	for (size_t i = 1; i < CODE_BITS; i++)
		start[i + 1] = (uint16_t)(start[i] + c->count[i]);
	for (size_t i = 0; i < n; i++)
		if (lengths[i])
			c->symbol[start[lengths[i]]++] = (uint16_t)i;
	return left == 0 || n_codes <= 1;
}

static unsigned take_symbol(struct stream *s, const struct code *c)
{
	unsigned code = 0, first = 0, index = 0;
	for (size_t length = 1; length <= CODE_BITS && !s->is_bad; length++) {
		code |= take_bits(s, 1);
		unsigned count = c->count[length];
		if (code < first + count)
			return c->symbol[index + (code - first)];
		index += count;
		first = (first + count) << 1;
		code <<= 1;
	}
	s->is_bad = true;
	return 0;
}

/* --- blocks --------------------------------------------------------------------------------- */

static void copy_back(struct stream *s, size_t distance, size_t length)
{
	if (distance > s->len || distance > WINDOW) {
		s->is_bad = true;
		return;
	}
	for (size_t i = 0; i < length && !s->is_bad; i++)
		put_byte(s, s->out[s->len - distance]);
}

static void take_pair(struct stream *s, unsigned symbol, const struct code *distances)
{
	/* RFC 1951, 3.2.5. */
	static const struct {
		uint16_t base;
		uint8_t extra;
	} lengths[] = { { 3, 0 },   { 4, 0 },   { 5, 0 },   { 6, 0 },   { 7, 0 },  { 8, 0 },
			{ 9, 0 },   { 10, 0 },  { 11, 1 },  { 13, 1 },  { 15, 1 }, { 17, 1 },
			{ 19, 2 },  { 23, 2 },  { 27, 2 },  { 31, 2 },  { 35, 3 }, { 43, 3 },
			{ 51, 3 },  { 59, 3 },  { 67, 4 },  { 83, 4 },  { 99, 4 }, { 115, 4 },
			{ 131, 5 }, { 163, 5 }, { 195, 5 }, { 227, 5 }, { 258, 0 } },
	  far[] = { { 1, 0 },     { 2, 0 },     { 3, 0 },      { 4, 0 },      { 5, 1 },
		    { 7, 1 },     { 9, 2 },     { 13, 2 },     { 17, 3 },     { 25, 3 },
		    { 33, 4 },    { 49, 4 },    { 65, 5 },     { 97, 5 },     { 129, 6 },
		    { 193, 6 },   { 257, 7 },   { 385, 7 },    { 513, 8 },    { 769, 8 },
		    { 1025, 9 },  { 1537, 9 },  { 2049, 10 },  { 3073, 10 },  { 4097, 11 },
		    { 6145, 11 }, { 8193, 12 }, { 12289, 12 }, { 16385, 13 }, { 24577, 13 } };
	symbol -= 257;
	if (symbol >= ARRAY_SIZE(lengths)) {
		s->is_bad = true;
		return;
	}
	size_t length = lengths[symbol].base + take_bits(s, lengths[symbol].extra);
	unsigned d = take_symbol(s, distances);
	if (s->is_bad || d >= ARRAY_SIZE(far)) {
		s->is_bad = true;
		return;
	}
	copy_back(s, far[d].base + take_bits(s, far[d].extra), length);
}

static void take_coded(struct stream *s, const struct code *literals, const struct code *distances)
{
	while (!s->is_bad) {
		unsigned symbol = take_symbol(s, literals);
		if (s->is_bad || symbol == 256)
			return;
		if (symbol < 256)
			put_byte(s, (char)symbol);
		else
			take_pair(s, symbol, distances);
	}
}

static void take_stored(struct stream *s)
{
	s->bits = 0;
	s->n_bits = 0;
	if (s->n - s->at < 4) {
		s->is_bad = true;
		return;
	}
	const unsigned char *p = s->in + s->at;
	size_t length = p[0] | (size_t)p[1] << 8, check = p[2] | (size_t)p[3] << 8;
	s->at += 4;
	if ((length ^ 0xffff) != check || s->n - s->at < length) {
		s->is_bad = true;
		return;
	}
	for (size_t i = 0; i < length; i++)
		put_byte(s, (char)s->in[s->at++]);
}

static void take_fixed(struct stream *s)
{
	uint8_t lengths[LITERALS];
	struct code literals, distances;
	for (size_t i = 0; i < LITERALS; i++)
		lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
	build_code(&literals, lengths, LITERALS);
	memset(lengths, 5, DISTANCES);
	/* Two of the 32 codes are never used, so this one is not complete. */
	build_code(&distances, lengths, DISTANCES);
	take_coded(s, &literals, &distances);
}

/* The lengths of both codes, themselves coded. */
static bool take_lengths(struct stream *s, const struct code *c, uint8_t *lengths, size_t n)
{
	size_t i = 0;
	while (i < n && !s->is_bad) {
		unsigned symbol = take_symbol(s, c);
		uint8_t value = 0;
		size_t times = 1;
		if (symbol < 16) {
			value = (uint8_t)symbol;
		} else if (symbol == 16) {
			if (i == 0)
				return false;
			value = lengths[i - 1];
			times = 3 + take_bits(s, 2);
		} else {
			times = symbol == 17 ? 3 + take_bits(s, 3) : 11 + take_bits(s, 7);
		}
		if (times > n - i)
			return false;
		memset(lengths + i, value, times);
		i += times;
	}
	return !s->is_bad;
}

static void take_dynamic(struct stream *s)
{
	static const uint8_t order[] = { 16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
					 11, 4,  12, 3, 13, 2, 14, 1, 15 };
	uint8_t lengths[LITERALS + DISTANCES + 2] = { 0 };
	struct code literals, distances;
	size_t n_literals = take_bits(s, 5) + 257, n_distances = take_bits(s, 5) + 1;
	size_t n_lengths = take_bits(s, 4) + 4;
	for (size_t i = 0; i < n_lengths; i++)
		lengths[order[i]] = (uint8_t)take_bits(s, 3);
	bool is_good = !s->is_bad && n_literals <= 286 && n_distances <= DISTANCES &&
		       build_code(&literals, lengths, ARRAY_SIZE(order));
	is_good = is_good && take_lengths(s, &literals, lengths, n_literals + n_distances) &&
		  lengths[256] && build_code(&literals, lengths, n_literals) &&
		  build_code(&distances, lengths + n_literals, n_distances);
	if (is_good)
		take_coded(s, &literals, &distances);
	else
		s->is_bad = true;
}

static void take_blocks(struct stream *s)
{
	bool is_last = false;
	while (!is_last && !s->is_bad) {
		is_last = take_bits(s, 1);
		unsigned type = take_bits(s, 2);
		if (type == 0)
			take_stored(s);
		else if (type == 1)
			take_fixed(s);
		else if (type == 2)
			take_dynamic(s);
		else
			s->is_bad = true;
	}
}

/* --- the member of RFC 1952 ------------------------------------------------------------------ */

static uint32_t crc32_of(const char *data, size_t n)
{
	uint32_t crc = ~UINT32_C(0);
	for (size_t i = 0; i < n; i++) {
		crc ^= (unsigned char)data[i];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (UINT32_C(0xedb88320) & -(crc & 1));
	}
	return ~crc;
}

static uint32_t little_endian(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* How long the header is; 0 when it is none. */
static size_t header_length(const unsigned char *p, size_t n)
{
	enum { CRC = 2, EXTRA = 4, NAME = 8, COMMENT = 16, UNKNOWN = 0xe0 };
	size_t at = 10;
	if (n < at || p[0] != 0x1f || p[1] != 0x8b || p[2] != 8 || p[3] & UNKNOWN)
		return 0;
	if (p[3] & EXTRA) {
		if (n - at < 2)
			return 0;
		at += 2 + (p[at] | (size_t)p[at + 1] << 8);
	}
	for (unsigned flag = NAME; flag <= COMMENT; flag *= 2) {
		if (!(p[3] & flag))
			continue;
		while (at < n && p[at])
			at++;
		at++;
	}
	at += p[3] & CRC ? 2 : 0;
	return at < n ? at : 0;
}

char *inflate_gzip(const unsigned char *data, size_t n, size_t cap, size_t *ret_len)
{
	size_t header = header_length(data, n);
	if (header == 0)
		return NULL;
	struct stream s = { .in = data, .n = n, .at = header, .cap = cap };
	take_blocks(&s);
	if (s.is_bad || s.n - s.at < 8 || little_endian(data + s.at) != crc32_of(s.out, s.len) ||
	    little_endian(data + s.at + 4) != (uint32_t)s.len) {
		free(s.out);
		return NULL;
	}
	s.out = xrealloc(s.out, s.len + 1);
	s.out[s.len] = '\0';
	*ret_len = s.len;
	return s.out;
}
