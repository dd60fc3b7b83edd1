/* SPDX-License-Identifier: Apache-2.0 */
/* nftrules.c: tables, chains and rules in netlink messages; see nftrules.h. */
#include "nftrules.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include "nftattr.h"
#include "nftexpr.h"
#include "nftsets.h"

enum { ASLEEP_MAX = 1000 };

/* Tables that are asleep, whose chains see no packet. */
struct parsing {
	struct nft_rules *r;
	struct {
		int family;
		char *name;
	} asleep[ASLEEP_MAX];
	size_t n_asleep;
	struct nft_sets sets;
	bool is_closed; /* the sets are: rules come last */
};

static bool is_asleep(const struct parsing *p, int family, const char *table)
{
	for (size_t i = 0; i < p->n_asleep; i++)
		if (p->asleep[i].family == family && streq(p->asleep[i].name, table))
			return true;
	return false;
}

static int add_table(struct parsing *p, int family, struct attrs s)
{
	struct attr a;
	AUTO_FREE char *name = NULL;
	uint32_t flags = 0;
	while (attr_next(&s, &a)) {
		if (a.type == NFTA_TABLE_NAME && !name)
			name = attr_text(&a);
		else if (a.type == NFTA_TABLE_FLAGS)
			flags = attr_u32(&a);
	}
	if (s.is_bad || !name)
		return -EBADMSG;
	p->r->n_tables++;
	if (!(flags & NFT_TABLE_F_DORMANT))
		return 0;
	if (p->n_asleep == ASLEEP_MAX)
		return -EFBIG;
	p->r->is_dormant = true;
	p->asleep[p->n_asleep].family = family;
	p->asleep[p->n_asleep++].name = TAKE(name);
	return 0;
}

static bool take_hook(struct nft_chain *c, struct attrs s)
{
	struct attr a;
	c->hook = UINT32_MAX;
	while (attr_next(&s, &a))
		if (a.type == NFTA_HOOK_HOOKNUM)
			c->hook = attr_u32(&a);
	return !s.is_bad && c->hook != UINT32_MAX;
}

static bool is_text(const struct attr *a, const char *text)
{
	AUTO_FREE char *copy = attr_text(a);
	return copy && streq(copy, text);
}

/* False: broken. */
static bool take_chain(struct nft_chain *c, const struct attr *a)
{
	switch (a->type) {
	case NFTA_CHAIN_TABLE:
		free(c->table);
		c->table = attr_text(a);
		break;
	case NFTA_CHAIN_NAME:
		free(c->name);
		c->name = attr_text(a);
		break;
	case NFTA_CHAIN_HOOK: c->is_base = true; return take_hook(c, attr_nested(a));
	case NFTA_CHAIN_POLICY: c->drops = attr_u32(a) == NF_DROP; break;
	case NFTA_CHAIN_TYPE: c->is_filter = is_text(a, "filter"); break;
	default: break;
	}
	return true;
}

static void chain_done(struct nft_chain *c)
{
	for (size_t i = 0; i < c->n_rules; i++)
		free(c->rules[i].target);
	free(c->rules);
	free(c->table);
	free(c->name);
}

static int add_chain(struct parsing *p, int family, struct attrs s)
{
	struct nft_rules *r = p->r;
	struct nft_chain c = { .family = family };
	struct attr a;
	bool is_bad = false;
	while (attr_next(&s, &a))
		is_bad |= !take_chain(&c, &a);
	is_bad |= s.is_bad || !c.table || !c.name;
	bool is_full = r->n_chains == NFT_CHAINS_MAX;
	if (is_bad || is_full || is_asleep(p, family, c.table)) {
		chain_done(&c);
		return is_bad ? -EBADMSG : is_full ? -EFBIG : 0;
	}
	r->chains = xrealloc(r->chains, (r->n_chains + 1) * sizeof(*r->chains));
	r->chains[r->n_chains++] = c;
	return 0;
}

/* --- rules ----------------------------------------------------------------------------------- */

static int compare_names(int family, const char *table, const char *name, const struct nft_chain *c)
{
	int order = family - c->family;
	if (!order)
		order = strcmp(name, c->name);
	return order ? order : strcmp(table, c->table);
}

static int compare_chains(const void *a, const void *b)
{
	const struct nft_chain *x = a;
	return compare_names(x->family, x->table, x->name, b);
}

static struct nft_chain *chain_of(const struct nft_rules *r, int family, const char *table,
				  const char *name)
{
	size_t low = 0, high = r->n_chains;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = compare_names(family, table, name, &r->chains[middle]);
		if (order == 0)
			return &r->chains[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const struct nft_chain *nft_chain_find(const struct nft_rules *r, const struct nft_chain *of,
				       const char *name)
{
	return chain_of(r, of->family, of->table, name);
}

static void close_lists(struct parsing *p)
{
	if (p->is_closed)
		return;
	p->is_closed = true;
	nft_sets_close(&p->sets);
	if (p->r->n_chains > 0)
		qsort(p->r->chains, p->r->n_chains, sizeof(*p->r->chains), compare_chains);
}

static void append(struct nft_chain *c, const struct nft_rule *rule)
{
	if ((c->n_rules & (c->n_rules - 1)) == 0)
		c->rules = xrealloc(c->rules, (c->n_rules ? c->n_rules * 2 : 1) * sizeof(*rule));
	c->rules[c->n_rules++] = *rule;
}

/* As many rules as its sets have elements. */
static int add_readings(struct parsing *p, struct nft_chain *c, struct attrs expressions)
{
	struct nft_reading reading = { .sets = &p->sets, .family = c->family, .table = c->table };
	unsigned number = c->n_rules > 0 ? c->rules[c->n_rules - 1].number + 1 : 1;
	do {
		struct nft_rule rule = { .number = number };
		bool is_full = p->r->n_readings == NFT_RULES_MAX;
		if (is_full || !nft_rule_parse(&rule, &reading, expressions)) {
			free(rule.target);
			return is_full ? -EFBIG : -EBADMSG;
		}
		append(c, &rule);
		p->r->n_readings++;
	} while (nft_reading_next(&reading));
	p->r->n_rules++;
	return 0;
}

static int add_rule(struct parsing *p, int family, struct attrs s)
{
	AUTO_FREE char *table = NULL;
	AUTO_FREE char *chain = NULL;
	struct attrs expressions = { 0 };
	struct attr a;
	while (attr_next(&s, &a)) {
		if (a.type == NFTA_RULE_TABLE && !table)
			table = attr_text(&a);
		else if (a.type == NFTA_RULE_CHAIN && !chain)
			chain = attr_text(&a);
		else if (a.type == NFTA_RULE_EXPRESSIONS)
			expressions = attr_nested(&a);
	}
	/* A rule without expressions has an empty list of them. */
	if (s.is_bad || !table || !chain || !expressions.p)
		return -EBADMSG;
	close_lists(p);
	struct nft_chain *c = chain_of(p->r, family, table, chain);
	if (!c)
		return is_asleep(p, family, table) ? 0 : -EBADMSG;
	return add_readings(p, c, expressions);
}

/* --- messages -------------------------------------------------------------------------------- */

static int add_message(struct parsing *p, const struct nlmsghdr *h, const char *data)
{
	struct nfgenmsg g;
	if (h->nlmsg_type >> 8 != NFNL_SUBSYS_NFTABLES || h->nlmsg_len < NLMSG_LENGTH(sizeof(g)))
		return -EBADMSG;
	memcpy(&g, data + NLMSG_HDRLEN, sizeof(g));
	struct attrs s = { (const unsigned char *)data + NLMSG_LENGTH(sizeof(g)),
			   h->nlmsg_len - NLMSG_LENGTH(sizeof(g)), false };
	switch (h->nlmsg_type & 0xff) {
	case NFT_MSG_NEWTABLE: return add_table(p, g.nfgen_family, s);
	case NFT_MSG_NEWCHAIN: return p->is_closed ? -EBADMSG : add_chain(p, g.nfgen_family, s);
	case NFT_MSG_NEWSET: return nft_sets_add(&p->sets, g.nfgen_family, s);
	case NFT_MSG_NEWSETELEM: return nft_sets_add_elements(&p->sets, g.nfgen_family, s);
	case NFT_MSG_NEWRULE: return add_rule(p, g.nfgen_family, s);
	default: return -EBADMSG;
	}
}

int nft_rules_parse(struct nft_rules *r, const char *data, size_t n, const char **ret_why)
{
	struct parsing *p = xalloc(sizeof(*p));
	int bad = 0;
	*r = (struct nft_rules){ 0 };
	p->r = r;
	while (n > 0 && !bad) {
		struct nlmsghdr h;
		if (n < sizeof(h)) {
			bad = -EBADMSG;
			break;
		}
		memcpy(&h, data, sizeof(h));
		size_t whole = NLMSG_ALIGN((size_t)h.nlmsg_len);
		/* The constant is of 32 bits: a length near their end is rounded to nothing. */
		bad = h.nlmsg_len < sizeof(h) || h.nlmsg_len > n || whole > n
			      ? -EBADMSG
			      : add_message(p, &h, data);
		if (!bad) {
			data += whole;
			n -= whole;
		}
	}
	close_lists(p);
	for (size_t i = 0; i < p->n_asleep; i++)
		free(p->asleep[i].name);
	nft_sets_done(&p->sets);
	free(p);
	*ret_why = bad == -EFBIG ? "the packet filter has too many chains or rules"
				 : "what the kernel tells of the packet filter was not understood";
	return bad;
}

void nft_rules_done(struct nft_rules *r)
{
	for (size_t i = 0; i < r->n_chains; i++)
		chain_done(&r->chains[i]);
	free(r->chains);
	*r = (struct nft_rules){ 0 };
}
