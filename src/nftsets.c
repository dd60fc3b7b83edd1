/* SPDX-License-Identifier: Apache-2.0 */
/* nftsets.c: see nftsets.h. */
#include "nftsets.h"

#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

/* In kernels since 5.11, not in all headers. */
enum { ELEMENT_IS_ALL = 2 /* NFT_SET_ELEM_CATCHALL */ };

bool nft_verdict(struct attrs s, enum nft_does *ret, char **ret_target)
{
	struct nft_args all = nft_args_of(s);
	int code = (int)nft_number(&all, NFTA_VERDICT_CODE);
	*ret = NFT_OTHER;
	*ret_target = NULL;
	/* NFT_CONTINUE is what nft_number() says of no number, too. */
	if (all.is_bad || all.a[NFTA_VERDICT_CODE].n != sizeof(uint32_t))
		return false;
	switch (code) {
	case NF_DROP: *ret = NFT_DROPS; break;
	case NF_ACCEPT: *ret = NFT_ACCEPTS; break;
	case NFT_RETURN: *ret = NFT_RETURNS; break;
	case NFT_CONTINUE: *ret = NFT_NOTHING; return all.a[NFTA_VERDICT_CHAIN].n == 0;
	case NFT_JUMP:
	case NFT_GOTO:
		*ret_target = attr_text(&all.a[NFTA_VERDICT_CHAIN]);
		*ret = code == NFT_JUMP ? NFT_JUMPS : NFT_GOES;
		return *ret_target != NULL;
	default: break;
	}
	return true;
}

/* --- sets ------------------------------------------------------------------------------------ */

static void set_done(struct nft_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		free(set->elements[i].target);
	free(set->elements);
	free(set->table);
	free(set->name);
}

int nft_sets_add(struct nft_sets *sets, int family, struct attrs s)
{
	struct nft_args all = nft_args_of(s);
	uint32_t flags = nft_number(&all, NFTA_SET_FLAGS);
	/* Without a name and never changed: what stands in braces. */
	const uint32_t fixed = NFT_SET_ANONYMOUS | NFT_SET_CONSTANT;
	const uint32_t understood = fixed | NFT_SET_INTERVAL | NFT_SET_MAP;
	bool is_map = flags & NFT_SET_MAP;
	struct nft_set set = {
		.family = family,
		.table = attr_text(&all.a[NFTA_SET_TABLE]),
		.name = attr_text(&all.a[NFTA_SET_NAME]),
		.is_verdicts = is_map && nft_number(&all, NFTA_SET_DATA_TYPE) == NFT_DATA_VERDICT,
		.is_interval = flags & NFT_SET_INTERVAL,
	};
	bool is_bad = all.is_bad || !set.table || !set.name, is_full = sets->n == NFT_SETS_MAX;
	set.is_told = all.a[NFTA_SET_FLAGS].n > 0 && (flags & fixed) == fixed &&
		      !(flags & ~understood) && is_map == set.is_verdicts;
	/* One that is not kept was not read. */
	if (is_bad || is_full || !set.is_told) {
		set_done(&set);
		return is_bad ? -EBADMSG : 0;
	}
	sets->list = xrealloc(sets->list, (sets->n + 1) * sizeof(*sets->list));
	sets->list[sets->n++] = set;
	return 0;
}

static struct nft_set *find(const struct nft_sets *sets, int family, const char *table,
			    const char *name)
{
	for (size_t i = 0; i < sets->n; i++) {
		struct nft_set *set = &sets->list[i];
		if (set->family == family && streq(set->name, name) && streq(set->table, table))
			return set;
	}
	return NULL;
}

const struct nft_set *nft_sets_find(const struct nft_sets *sets, int family, const char *table,
				    const char *name)
{
	const struct nft_set *set = find(sets, family, table, name);
	return set && set->is_told && set->n > 0 ? set : NULL;
}

/* --- elements -------------------------------------------------------------------------------- */

static bool take_verdict(struct nft_element *e, const struct attr *data)
{
	struct attrs s = attr_nested(data);
	struct attr a;
	bool is_there = false;
	while (attr_next(&s, &a))
		if (a.type == NFTA_DATA_VERDICT && !is_there)
			is_there = nft_verdict(attr_nested(&a), &e->does, &e->target);
	/* With "continue" the rest of the rule would be asked. */
	return is_there && !s.is_bad && e->does != NFT_NOTHING;
}

/* It counts only for some time, for some packets, or is of several fields. */
static bool has_conditions(const struct nft_args *all)
{
	static const unsigned types[] = { NFTA_SET_ELEM_TIMEOUT, NFTA_SET_ELEM_EXPR,
					  10 /* NFTA_SET_ELEM_KEY_END */,
					  11 /* NFTA_SET_ELEM_EXPRESSIONS */ };
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (all->a[types[i]].n > 0)
			return true;
	return false;
}

/* False: not understood. */
static bool take_element(struct nft_set *set, struct attrs s)
{
	struct nft_args all = nft_args_of(s);
	struct nft_element e = { 0 };
	bool has_flags = all.a[NFTA_SET_ELEM_FLAGS].n > 0;
	uint32_t flags = has_flags ? nft_number(&all, NFTA_SET_ELEM_FLAGS) : 0;
	if (all.is_bad || has_conditions(&all) || (flags & ~UINT32_C(3)) ||
	    set->n == NFT_ELEMENTS_MAX)
		return false;
	e.is_end = flags & NFT_SET_ELEM_INTERVAL_END;
	e.is_all = flags & ELEMENT_IS_ALL;
	e.n = nft_value(&all, NFTA_SET_ELEM_KEY, e.from);
	memcpy(e.to, e.from, sizeof(e.to));
	bool is_sound = (e.n > 0) != e.is_all && !(e.is_end && e.is_all);
	if (is_sound && set->is_verdicts && !e.is_end)
		is_sound = take_verdict(&e, &all.a[NFTA_SET_ELEM_DATA]);
	if (!is_sound) {
		free(e.target);
		return false;
	}
	if ((set->n & (set->n - 1)) == 0)
		set->elements = xrealloc(set->elements, (set->n ? set->n * 2 : 1) * sizeof(e));
	set->elements[set->n++] = e;
	return true;
}

int nft_sets_add_elements(struct nft_sets *sets, int family, struct attrs s)
{
	struct nft_args all = nft_args_of(s);
	AUTO_FREE char *table = attr_text(&all.a[NFTA_SET_ELEM_LIST_TABLE]);
	AUTO_FREE char *name = attr_text(&all.a[NFTA_SET_ELEM_LIST_SET]);
	struct attrs list = attr_nested(&all.a[NFTA_SET_ELEM_LIST_ELEMENTS]);
	struct nft_set *set = table && name ? find(sets, family, table, name) : NULL;
	struct attr a;
	while (attr_next(&list, &a))
		if (set && set->is_told)
			set->is_told =
				a.type == NFTA_LIST_ELEM && take_element(set, attr_nested(&a));
	return all.is_bad || list.is_bad || !table || !name ? -EBADMSG : 0;
}

/* Ends before what begins at the same place, and what is in no other element last. */
static int compare_elements(const void *a, const void *b)
{
	const struct nft_element *x = a, *y = b;
	int order = x->is_all - y->is_all;
	if (!order)
		order = memcmp(x->from, y->from, sizeof(x->from));
	return order ? order : y->is_end - x->is_end;
}

static void step_back(unsigned char *v, size_t n)
{
	for (size_t i = n; i > 0; i--)
		if (v[i - 1]-- != 0)
			return;
}

/* The end of an interval is an element of its own: the first that is not in it. */
static void close_intervals(struct nft_set *set)
{
	size_t kept = 0;
	if (set->n > 0)
		qsort(set->elements, set->n, sizeof(*set->elements), compare_elements);
	for (size_t i = 0; i < set->n && set->is_told; i++) {
		struct nft_element e = set->elements[i];
		const struct nft_element *next = i + 1 < set->n ? &set->elements[i + 1] : NULL;
		if (e.is_end)
			continue;
		if (!e.is_all && next && !next->is_all) {
			set->is_told = next->n == e.n && memcmp(next->from, e.from, e.n) > 0;
			memcpy(e.to, next->from, sizeof(e.to));
			step_back(e.to, e.n);
		} else if (!e.is_all) {
			memset(e.to, 0xff, e.n);
		}
		set->elements[i].target = NULL;
		set->elements[kept++] = e;
	}
	if (set->is_told)
		set->n = kept;
}

void nft_sets_close(struct nft_sets *sets)
{
	for (size_t i = 0; i < sets->n; i++) {
		struct nft_set *set = &sets->list[i];
		if (set->is_interval)
			close_intervals(set);
		else if (set->n > 0)
			qsort(set->elements, set->n, sizeof(*set->elements), compare_elements);
		for (size_t k = 0; k < set->n; k++)
			set->is_told &= !set->elements[k].is_end;
	}
}

void nft_sets_done(struct nft_sets *sets)
{
	for (size_t i = 0; i < sets->n; i++)
		set_done(&sets->list[i]);
	free(sets->list);
	*sets = (struct nft_sets){ 0 };
}
