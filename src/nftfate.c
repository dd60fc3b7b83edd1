/* SPDX-License-Identifier: Apache-2.0 */
/* nftfate.c: see nftfate.h. */
#include "nftfate.h"

#include <linux/netfilter.h>
#include <sys/socket.h>

#include "facts.h"
#include "record.h"

enum { DEPTH_MAX = 16 /* of jumps, as in the kernel */, STEPS_MAX = 500000, LISTED_MAX = 300 };

enum fate { GOES_ON, DENIED, ACCEPTED, UNTOLD };

/*
 * What becomes of packets in a chain, or by one rule. Some may leave the chain before the rule that
 * decides of the rest: by "return", or by "goto" to a chain that does not decide.
 */
struct outcome {
	enum fate fate; /* of those that no narrow condition is about */
	bool leaks;     /* many go back to the chain before, undecided */
	bool ends;      /* of a rule: none gets to the next one */
};

struct walk {
	const struct nft_rules *r;
	int family;
	size_t steps;
	json_t *accepting, *ports;
	bool is_lo, is_guarded, is_known, has_state_sets;
	json_int_t port_sets;
	bool has_more; /* that accept than are listed */
};

static const char *family_name(int family)
{
	switch (family) {
	case NFPROTO_INET: return "inet";
	case NFPROTO_IPV4: return "ip";
	case NFPROTO_IPV6: return "ip6";
	default: return "other";
	}
}

/* "inet filter input". */
static char *chain_name(const struct nft_chain *c)
{
	char *text = xasprintf("%s %s %s", family_name(c->family), c->table, c->name);
	utf8_mend(text, strlen(text));
	return text;
}

static json_t *text_of(char *text)
{
	json_t *value = json_string(text);
	free(text);
	return value;
}

/* False: the list is full. What stands there last is not said again: a rule with elements of a set
 * is several. */
static bool append(json_t *list, json_t *value)
{
	size_t n = json_array_size(list);
	bool is_last = n > 0 && json_equal(json_array_get(list, n - 1), value);
	if (is_last || n == LISTED_MAX)
		json_decref(value);
	else
		json_array_append_new(list, value);
	return is_last || n < LISTED_MAX;
}

static void note_accepting(struct walk *w, const struct nft_chain *c, char *what)
{
	AUTO_FREE char *name = chain_name(c);
	AUTO_FREE char *text = xasprintf("%s%s", name, what);
	free(what);
	utf8_mend(text, strlen(text));
	if (!append(w->accepting, json_string(text)))
		w->has_more = true;
}

/*
 * Says nothing of who may ask a service: what accepts very many ports is about none of them, and
 * neither is what is for replies or for this host alone.
 */
static bool is_beside(const struct nft_rule *rule)
{
	return nft_has_many_ports(rule) || rule->narrow != NFT_SOME || rule->is_known ||
	       rule->is_lo || rule->from_loopback;
}

static void note_port(struct walk *w, const struct nft_rule *rule)
{
	static const char *const does[] = { [NFT_ACCEPTS] = "accept",
					    [NFT_DROPS] = "drop",
					    [NFT_JUMPS] = "jump",
					    [NFT_GOES] = "jump",
					    [NFT_OTHER] = NULL };
	const char *what = does[rule->does];
	if (rule->port_is_untold && rule->does != NFT_NOTHING)
		w->port_sets++;
	if (!rule->has_port || !what || (rule->does != NFT_DROPS && is_beside(rule)))
		return;
	if (!append(w->ports, json_pack("{si si si ss}", "protocol", rule->protocol, "from",
					rule->from, "to", rule->to, "does", what)))
		w->port_sets++;
}

static void note(struct walk *w, const struct nft_rule *rule, enum nft_narrow around)
{
	note_port(w, rule);
	if (around != NFT_ALL)
		return;
	if (rule->does == NFT_ACCEPTS) {
		w->is_lo |= rule->is_lo && rule->n_conditions == 1;
		w->is_known |= rule->is_established && rule->n_conditions == 1;
		w->has_state_sets |= rule->state_is_untold;
	}
	if (rule->state_is_untold && rule->does == NFT_OTHER)
		w->has_state_sets = true;
	if (rule->does == NFT_DROPS && rule->from_loopback)
		w->is_guarded |= rule->n_conditions == 1u + rule->not_lo;
}

/* "accepts" or the like, and by which condition; malloc'ed. */
static char *how_much(const struct nft_rule *rule, enum nft_narrow how, const char *does)
{
	if (how == NFT_UNTOLD)
		return xasprintf(", rule %u %s by a condition that was not understood",
				 rule->number, does);
	if (how == NFT_BROAD && *rule->in)
		return xasprintf(", rule %u %s what comes in by %s", rule->number, does, rule->in);
	return xasprintf(", rule %u %s by a condition that leaves out little", rule->number, does);
}

static bool is_wide(enum nft_narrow how)
{
	return how != NFT_SOME;
}

static struct outcome walk_chain(struct walk *w, const struct nft_chain *c, enum nft_narrow around,
				 unsigned depth);

static struct outcome walk_target(struct walk *w, const struct nft_chain *c,
				  const struct nft_rule *rule, enum nft_narrow how, unsigned depth)
{
	const struct nft_chain *to = nft_chain_find(w->r, c, rule->target);
	bool is_certain = rule->narrow == NFT_ALL, goes = rule->does == NFT_GOES;
	struct outcome o =
		to ? walk_chain(w, to, how, depth + 1) : (struct outcome){ .fate = UNTOLD };
	bool is_open = o.fate == GOES_ON || o.leaks;
	if (!is_certain) {
		o.leaks = goes && is_open && is_wide(how);
		o.fate = o.fate == UNTOLD && is_wide(how) ? UNTOLD : GOES_ON;
		return o;
	}
	o.ends = goes || !is_open;
	o.leaks = goes && is_open;
	return o;
}

static struct outcome walk_rule(struct walk *w, const struct nft_chain *c,
				const struct nft_rule *rule, enum nft_narrow around, unsigned depth)
{
	enum nft_narrow how = rule->narrow > around ? rule->narrow : around;
	bool is_certain = rule->narrow == NFT_ALL, is_much = how != NFT_SOME && how != NFT_ALL;
	struct outcome o = { .ends = is_certain };
	note(w, rule, around);
	switch (rule->does) {
	case NFT_ACCEPTS:
		if (is_much)
			note_accepting(w, c, how_much(rule, how, "accepts"));
		o.fate = ACCEPTED;
		break;
	case NFT_DROPS: o.fate = DENIED; break;
	case NFT_OTHER:
		if (is_much)
			note_accepting(w, c, how_much(rule, how, "does what was not understood"));
		o.fate = UNTOLD;
		break;
	case NFT_RETURNS: o.leaks = is_wide(how); break;
	case NFT_JUMPS:
	case NFT_GOES: return walk_target(w, c, rule, how, depth);
	default: o.ends = false; break;
	}
	if (!is_certain)
		o.fate = GOES_ON;
	return o;
}

static struct outcome walk_chain(struct walk *w, const struct nft_chain *c, enum nft_narrow around,
				 unsigned depth)
{
	const struct outcome untold = { .fate = UNTOLD };
	struct outcome all = { .fate = GOES_ON };
	for (size_t i = 0; i < c->n_rules; i++) {
		const struct nft_rule *rule = &c->rules[i];
		if (rule->family && rule->family != w->family)
			continue;
		if (depth > DEPTH_MAX || ++w->steps > STEPS_MAX)
			return untold;
		struct outcome o = walk_rule(w, c, rule, around, depth);
		if (o.fate == UNTOLD && all.fate != ACCEPTED)
			return untold;
		all.leaks |= o.leaks;
		if (all.fate == GOES_ON)
			all.fate = o.fate;
		if (o.ends)
			return all;
		/* The rest of the rules is for those alone that came back from a chain. */
		if (all.fate != GOES_ON && around == NFT_ALL)
			around = NFT_BROAD;
	}
	all.leaks |= all.fate != GOES_ON;
	return all;
}

static bool is_seen_by(const struct nft_chain *c, int family)
{
	return c->family == NFPROTO_INET ||
	       c->family == (family == AF_INET ? NFPROTO_IPV4 : NFPROTO_IPV6);
}

static const char *const words[] = {
	[GOES_ON] = "accept", [DENIED] = "deny", [ACCEPTED] = "accept", [UNTOLD] = "untold"
};

/* Of a chain of its own: what becomes of that which no rule decides is its policy. */
static enum fate fate_of(struct walk *w, const struct nft_chain *c, const char **ret_by)
{
	struct outcome o = walk_chain(w, c, NFT_ALL, 0);
	*ret_by = o.fate == GOES_ON ? "its policy" : "its rules";
	if (o.fate == GOES_ON)
		return c->drops ? DENIED : ACCEPTED;
	if (o.fate == DENIED && o.leaks && !c->drops)
		note_accepting(w, c,
			       xstrdup(": its policy accepts what returns before the last rule"));
	return o.fate;
}

/* A drop in one chain is a drop; what one accepts the others still see. */
static void add_chain(struct walk *w, const struct nft_chain *c, json_t *all, enum fate *worst)
{
	AUTO_FREE char *name = chain_name(c);
	json_t *outer = w->accepting, *chains = json_object_get(all, "chains");
	bool had_more = w->has_more, is_first = json_array_size(chains) == 0;
	const char *by;
	w->accepting = json_array();
	w->has_more = false;
	enum fate fate = fate_of(w, c, &by);
	json_array_append_new(chains, json_string(name));
	bool is_better = fate == DENIED && (*worst != DENIED ||
					    json_array_size(w->accepting) < json_array_size(outer));
	if (is_first || is_better || (fate == UNTOLD && *worst == ACCEPTED)) {
		*worst = fate;
		json_object_set_new(all, "by", text_of(xasprintf("%s, %s", name, by)));
		json_decref(outer);
		return;
	}
	json_decref(w->accepting);
	w->accepting = outer;
	w->has_more = had_more;
}

static json_t *accepting_fact(struct walk *w)
{
	if (!w->has_more)
		return w->accepting;
	json_decref(w->accepting);
	return fact_unread("more than %d rules accept much", LISTED_MAX);
}

static bool is_filter_at(const struct nft_chain *c, unsigned hook)
{
	return c->is_base && c->is_filter && c->hook == hook;
}

json_t *nft_hook_fact(const struct nft_rules *r, unsigned hook, int family)
{
	struct walk w = {
		.r = r, .family = family, .accepting = json_array(), .ports = json_array()
	};
	json_t *all = json_pack("{s[] sn}", "chains", "by");
	enum fate fate = ACCEPTED;
	for (size_t i = 0; i < r->n_chains; i++) {
		const struct nft_chain *c = &r->chains[i];
		if (is_filter_at(c, hook) && is_seen_by(c, family))
			add_chain(&w, c, all, &fate);
	}
	json_object_set_new(all, "default", json_string(words[fate]));
	json_object_set_new(all, "accepting", accepting_fact(&w));
	json_object_set_new(all, "loopback", json_boolean(w.is_lo));
	json_object_set_new(all, "loopback-guarded", json_boolean(w.is_guarded));
	json_object_set_new(all, "established", json_boolean(w.is_known));
	json_object_set_new(all, "state-sets", json_boolean(w.has_state_sets));
	json_object_set_new(all, "ports", w.ports);
	json_object_set_new(all, "port-sets", json_integer(w.port_sets));
	return all;
}

/* --- Docker's chains ------------------------------------------------------------------------- */

struct guarding {
	const struct nft_rules *r;
	int family;
	size_t steps;
	json_int_t n;
};

/*
 * Counts the rules of DOCKER-USER that keep something out, on the way of packets that come to c.
 * What follows a rule that decides of all is never asked. True: none goes on behind c.
 */
static bool count_guards(struct guarding *g, const struct nft_chain *c, bool is_user,
			 unsigned depth)
{
	for (size_t i = 0; i < c->n_rules && depth <= DEPTH_MAX; i++) {
		const struct nft_rule *rule = &c->rules[i];
		bool is_certain = rule->narrow == NFT_ALL, is_end = false;
		json_int_t before = g->n;
		if (rule->family && rule->family != g->family)
			continue;
		if (++g->steps > STEPS_MAX)
			return true;
		if (rule->does == NFT_JUMPS || rule->does == NFT_GOES) {
			const struct nft_chain *to = nft_chain_find(g->r, c, rule->target);
			bool is_there = is_user || streq(rule->target, "DOCKER-USER");
			is_end = to && count_guards(g, to, is_there, depth + 1);
			if (is_user && g->n > before) /* one rule of this chain */
				g->n = before + 1;
		}
		g->n += is_user && rule->does == NFT_DROPS;
		if (is_certain && (is_end || rule->does == NFT_ACCEPTS || rule->does == NFT_DROPS ||
				   rule->does == NFT_OTHER))
			return true;
		if (is_certain && (rule->does == NFT_RETURNS || rule->does == NFT_GOES))
			return false;
	}
	return depth > DEPTH_MAX;
}

/* Where Docker sends on what comes for a published port; the last is of swarm services. */
static bool is_of_docker(const struct nft_chain *c)
{
	return streq(c->name, "DOCKER") || streq(c->name, "DOCKER-INGRESS") ||
	       starts_with(c->table, "docker-");
}

json_t *nft_docker_fact(const struct nft_rules *r, int family)
{
	struct guarding g = { .r = r, .family = family };
	json_int_t published = 0;
	bool has_user = false;
	for (size_t i = 0; i < r->n_chains; i++) {
		const struct nft_chain *c = &r->chains[i];
		if (!is_seen_by(c, family))
			continue;
		has_user |= streq(c->name, "DOCKER-USER");
		if (is_filter_at(c, NF_INET_FORWARD))
			count_guards(&g, c, false, 0);
		for (size_t k = 0; k < c->n_rules; k++) {
			const struct nft_rule *rule = &c->rules[k];
			published += is_of_docker(c) && rule->translates && !rule->to_loopback;
		}
	}
	return json_pack("{sb sI sI}", "user-chain", has_user, "user-rules", g.n, "published",
			 published);
}
