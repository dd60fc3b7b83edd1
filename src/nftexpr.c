/* SPDX-License-Identifier: Apache-2.0 */
/* nftexpr.c: one rule of nf_tables, expression by expression; see nftexpr.h. */
#include "nftexpr.h"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <sys/socket.h>

#include "nftcompare.h"

struct parsing {
	struct nft_rule *rule;
	struct nft_regs registers;
	struct nft_reading *reading;
	size_t readings;            /* that are needed for the sets so far */
	bool is_broken, is_strange; /* strange: it has an expression that was never heard of */
};

static void does(struct nft_rule *rule, enum nft_does what)
{
	if (rule->does == NFT_NOTHING)
		rule->does = what;
}

/* --- sets ------------------------------------------------------------------------------------ */

/* The element that is its turn; NULL: the set was not read, or too many would be needed. */
static const struct nft_element *element_of(struct parsing *p, const struct nft_args *all)
{
	struct nft_reading *r = p->reading;
	AUTO_FREE char *name = attr_text(&all->a[NFTA_LOOKUP_SET]);
	bool is_negated = all->a[NFTA_LOOKUP_FLAGS].n > 0 && nft_number(all, NFTA_LOOKUP_FLAGS);
	const struct nft_set *set =
		name && !is_negated ? nft_sets_find(r->sets, r->family, r->table, name) : NULL;
	bool is_map = all->a[NFTA_LOOKUP_DREG].n > 0;
	if (!set || set->is_verdicts != is_map || r->n_lookups == NFT_LOOKUPS_MAX ||
	    set->n > NFT_READINGS_MAX / p->readings)
		return NULL;
	p->readings *= set->n;
	r->n[r->n_lookups] = set->n;
	return &set->elements[r->at[r->n_lookups++]];
}

/* Is one of the fields a port? Those of a set of several stand one behind the other. */
static bool has_port(const struct parsing *p, const struct nft_held *h)
{
	const struct nft_held *end = p->registers.held + NFT_REGS;
	for (; h < end && h->len > 0 && h->len <= NFT_VALUE_MAX; h += (h->len + 3) / 4)
		if (h->what == NFT_W_PORT)
			return true;
	return false;
}

/* Of a set that was not read. */
static void look_up_blindly(struct parsing *p, const struct nft_held *h, const struct nft_args *all)
{
	bool is_map = all->a[NFTA_LOOKUP_DREG].n > 0;
	uint32_t to = nft_number(all, NFTA_LOOKUP_DREG);
	p->rule->port_is_untold |= has_port(p, h);
	p->rule->state_is_untold |= h->what == NFT_W_STATE;
	nft_narrow(p->rule, NFT_UNTOLD);
	if (is_map && to == NFT_REG_VERDICT)
		does(p->rule, NFT_OTHER);
	else if (is_map)
		nft_load(&p->registers, to, NFT_W_UNKNOWN, 0);
}

static void look_up(struct parsing *p, const struct nft_args *all)
{
	const struct nft_held *h = nft_held_in(&p->registers, nft_number(all, NFTA_LOOKUP_SREG));
	const struct nft_element *e = element_of(p, all);
	if (!e) {
		look_up_blindly(p, h, all);
		return;
	}
	p->rule->port_is_untold |= e->n > h->len && has_port(p, h);
	if (!e->is_all)
		nft_compare_between(p->rule, h, e->from, e->to, e->n);
	if (e->does != NFT_NOTHING) {
		p->rule->target = e->target ? xstrdup(e->target) : NULL;
		does(p->rule, e->does);
	}
}

bool nft_reading_next(struct nft_reading *r)
{
	for (size_t i = 0; i < r->n_lookups; i++) {
		if (++r->at[i] < r->n[i])
			return true;
		r->at[i] = 0;
	}
	return false;
}

/* --- what it does ---------------------------------------------------------------------------- */

static void immediate(struct parsing *p, const struct nft_args *all)
{
	struct attrs s = attr_nested(&all->a[NFTA_IMMEDIATE_DATA]);
	struct attr a;
	bool is_told = false;
	uint32_t to = nft_number(all, NFTA_IMMEDIATE_DREG);
	if (to != NFT_REG_VERDICT) {
		p->is_broken |= to >= NFT_REGS;
		nft_load(&p->registers, to, NFT_W_UNKNOWN, 0);
		return;
	}
	while (!is_told && attr_next(&s, &a))
		if (a.type == NFTA_DATA_VERDICT)
			is_told = nft_verdict(attr_nested(&a), &p->rule->does, &p->rule->target);
	p->is_broken |= !is_told;
}

static void rejects(struct parsing *p, const struct nft_args *all)
{
	(void)all;
	does(p->rule, NFT_DROPS);
}

static void does_other(struct parsing *p, const struct nft_args *all)
{
	(void)all;
	does(p->rule, NFT_OTHER);
}

static void translate(struct parsing *p, const struct nft_args *all)
{
	p->rule->translates |= nft_number(all, NFTA_NAT_TYPE) == NFT_NAT_DNAT;
	does(p->rule, NFT_OTHER);
}

static void only_notes(struct parsing *p, const struct nft_args *all)
{
	(void)p;
	(void)all;
}

static void limits(struct parsing *p, const struct nft_args *all)
{
	(void)all;
	nft_narrow(p->rule, NFT_BROAD);
}

/* An object with a name: some are no condition (the eval of net/netfilter/nft_*.c). */
static void object(struct parsing *p, const struct nft_args *all)
{
	switch (nft_number(all, NFTA_OBJREF_IMM_TYPE)) {
	case NFT_OBJECT_COUNTER:
	case NFT_OBJECT_CT_HELPER: break;
	case NFT_OBJECT_LIMIT: nft_narrow(p->rule, NFT_BROAD); break;
	default: nft_narrow(p->rule, NFT_UNTOLD); break;
	}
}

/* A condition that is not understood, or nothing of interest; it may load registers. */
static void other(struct parsing *p, const struct nft_args *all)
{
	(void)all;
	memset(p->registers.held, 0, sizeof(p->registers.held));
	nft_narrow(p->rule, NFT_UNTOLD);
}

static void match(struct parsing *p, const struct nft_args *all)
{
	nft_xt_match(p->rule, &all->a[NFTA_MATCH_NAME], nft_number(all, NFTA_MATCH_REV),
		     &all->a[NFTA_MATCH_INFO]);
}

static void target(struct parsing *p, const struct nft_args *all)
{
	nft_xt_target(p->rule, &all->a[NFTA_TARGET_NAME]);
}

static void compare(struct parsing *p, const struct nft_args *all)
{
	nft_compare(p->rule, &p->registers, all);
}

static void range(struct parsing *p, const struct nft_args *all)
{
	nft_compare_range(p->rule, &p->registers, all);
}

static void meta(struct parsing *p, const struct nft_args *all)
{
	nft_load_meta(&p->registers, all);
}

static void ct(struct parsing *p, const struct nft_args *all)
{
	nft_load_ct(&p->registers, all);
}

static void payload(struct parsing *p, const struct nft_args *all)
{
	nft_load_payload(&p->registers, all);
}

static void bitwise(struct parsing *p, const struct nft_args *all)
{
	nft_load_masked(&p->registers, all);
}

static const struct {
	const char *name;
	void (*take)(struct parsing *p, const struct nft_args *all);
} expressions[] = {
	{ "bitwise", bitwise },     { "byteorder", other },     { "cmp", compare },
	{ "connlimit", other },     { "counter", only_notes },  { "ct", ct },
	{ "dup", only_notes },      { "dynset", other },        { "exthdr", other },
	{ "fib", other },           { "flow_offload", other },  { "hash", other },
	{ "immediate", immediate }, { "inner", other },         { "last", only_notes },
	{ "limit", limits },        { "log", only_notes },      { "lookup", look_up },
	{ "masq", does_other },     { "match", match },         { "meta", meta },
	{ "nat", translate },       { "notrack", only_notes },  { "numgen", other },
	{ "objref", object },       { "osf", other },           { "payload", payload },
	{ "queue", does_other },    { "quota", other },         { "range", range },
	{ "redir", does_other },    { "reject", rejects },      { "rt", other },
	{ "socket", other },        { "synproxy", does_other }, { "target", target },
	{ "tproxy", other },        { "tunnel", other },        { "xfrm", other },
};

static void take_expression(struct parsing *p, struct attrs s)
{
	struct attr a;
	struct nft_args all = { 0 };
	AUTO_FREE char *name = NULL;
	while (attr_next(&s, &a)) {
		if (a.type == NFTA_EXPR_NAME && !name)
			name = attr_text(&a);
		else if (a.type == NFTA_EXPR_DATA)
			all = nft_args_of(attr_nested(&a));
	}
	p->is_broken |= s.is_bad || all.is_bad || !name;
	for (size_t i = 0; !p->is_broken && i < ARRAY_SIZE(expressions); i++) {
		if (streq(expressions[i].name, name)) {
			expressions[i].take(p, &all);
			return;
		}
	}
	p->is_strange = true;
	memset(p->registers.held, 0, sizeof(p->registers.held));
}

bool nft_rule_parse(struct nft_rule *rule, struct nft_reading *r, struct attrs list)
{
	struct parsing p = { .rule = rule, .reading = r, .readings = 1 };
	struct attr a;
	p.registers.family = r->family == NFPROTO_IPV4   ? AF_INET
			     : r->family == NFPROTO_IPV6 ? AF_INET6
							 : 0;
	r->n_lookups = 0;
	/* What comes after a verdict is never asked. */
	while (attr_next(&list, &a)) {
		p.is_broken |= a.type != NFTA_LIST_ELEM;
		if (rule->does == NFT_NOTHING)
			take_expression(&p, attr_nested(&a));
	}
	/* What was never heard of is a condition, or decides if nothing else does. */
	if (p.is_strange && rule->does != NFT_NOTHING)
		nft_narrow(rule, NFT_UNTOLD);
	else if (p.is_strange)
		does(rule, NFT_OTHER);
	if (rule->has_port)
		nft_narrow(rule, nft_has_many_ports(rule) ? NFT_BROAD : NFT_SOME);
	return !list.is_bad && !p.is_broken;
}
