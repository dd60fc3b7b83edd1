/* SPDX-License-Identifier: Apache-2.0 */
/* nftattr.h: attributes of netlink, read one after the other and never past their end. */
#ifndef SW_NFTATTR_H
#define SW_NFTATTR_H

#include <arpa/inet.h>
#include <linux/netlink.h>

#include "util.h"

struct attrs {
	const unsigned char *p;
	size_t n;
	bool is_bad; /* it ended within an attribute */
};

struct attr {
	unsigned type;
	const unsigned char *p;
	size_t n;
};

static inline bool attr_next(struct attrs *s, struct attr *ret)
{
	struct nlattr h;
	if (s->n == 0 || s->is_bad)
		return false;
	if (s->n < sizeof(h)) {
		s->is_bad = true;
		return false;
	}
	memcpy(&h, s->p, sizeof(h));
	if (h.nla_len < NLA_HDRLEN || h.nla_len > s->n) {
		s->is_bad = true;
		return false;
	}
	size_t whole = NLA_ALIGN((size_t)h.nla_len);
	*ret = (struct attr){ h.nla_type & NLA_TYPE_MASK, s->p + NLA_HDRLEN,
			      h.nla_len - (size_t)NLA_HDRLEN };
	s->p += whole < s->n ? whole : s->n;
	s->n -= whole < s->n ? whole : s->n;
	return true;
}

static inline struct attrs attr_nested(const struct attr *a)
{
	return (struct attrs){ a->p, a->n, false };
}

/* In network order, as all of nf_tables; UINT32_MAX when it is none. */
static inline uint32_t attr_u32(const struct attr *a)
{
	uint32_t v;
	if (a->n != sizeof(v))
		return UINT32_MAX;
	memcpy(&v, a->p, sizeof(v));
	return ntohl(v);
}

/* Malloc'ed; NULL when it is no text of 1 to 255 bytes. */
static inline char *attr_text(const struct attr *a)
{
	size_t n = a->n > 0 ? strnlen((const char *)a->p, a->n) : 0;
	return n > 0 && n < 256 ? xstrndup((const char *)a->p, n) : NULL;
}

#endif
