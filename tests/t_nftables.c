/* SPDX-License-Identifier: Apache-2.0 */
/*
 * t_nftables.c: what the kernel told of real rule sets (tests/data/nft, see tests/live/record-nft)
 * is understood as people understand them, and broken bytes never as a filter that denies.
 */
#include <fcntl.h>
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include "facts.h"
#include "harness.h"
#include "nftdump.h"
#include "nftfate.h"
#include "nftregs.h"
#include "rootfs.h"

struct bytes {
	char *data;
	size_t n;
};

static struct bytes load(const char *name)
{
	const char *srcdir = getenv("srcdir");
	AUTO_FREE char *path = xasprintf("%s/tests/data/nft/%s.hex", srcdir ? srcdir : ".", name);
	struct bytes b = { xalloc(1 << 20), 0 };
	FILE *f = fopen(path, "re");
	unsigned byte;
	while (f && b.n < 1 << 20 && fscanf(f, "%2x", &byte) == 1)
		b.data[b.n++] = (char)byte;
	if (f)
		fclose(f);
	return b;
}

/* {"input": {"ip": …, "ip6": …}, "forward": …, "docker": …}, or NULL: not understood. */
static json_t *understand(const char *data, size_t n)
{
	struct nft_rules r;
	const char *why;
	json_t *all = NULL;
	if (nft_rules_parse(&r, data, n, &why) == 0)
		all = json_pack("{s{so so} s{so so} s{so so} sI}", "input", "ip",
				nft_hook_fact(&r, NF_INET_LOCAL_IN, AF_INET), "ip6",
				nft_hook_fact(&r, NF_INET_LOCAL_IN, AF_INET6), "forward", "ip",
				nft_hook_fact(&r, NF_INET_FORWARD, AF_INET), "ip6",
				nft_hook_fact(&r, NF_INET_FORWARD, AF_INET6), "docker", "ip",
				nft_docker_fact(&r, AF_INET), "ip6", nft_docker_fact(&r, AF_INET6),
				"rules", (json_int_t)r.n_rules);
	nft_rules_done(&r);
	return all;
}

#define PORT(protocol, from, to, does)                                                             \
	"{\"protocol\":" #protocol ",\"from\":" #from ",\"to\":" #to ",\"does\":\"" #does "\"}"
#define BY(place, rule, how) "\"" place ", rule " #rule " accepts " how "\""
#define LITTLE               "by a condition that leaves out little"
#define UNTOLD               "by a condition that was not understood"

/* File, path, wanted. */
static const char *const cases[][3] = {
	{ "plain", "rules", "13" },
	{ "plain", "input/ip/chains", "[\"inet filter input\"]" },
	{ "plain", "input/ip/default", "\"deny\"" },
	{ "plain", "input/ip6/default", "\"deny\"" },
	{ "plain", "input/ip/by", "\"inet filter input, its policy\"" },
	{ "plain", "input/ip/accepting", "[]" },
	{ "plain", "input/ip6/accepting", "[]" },
	{ "plain", "input/ip/loopback", "true" },
	{ "plain", "input/ip/loopback-guarded", "true" },
	{ "plain", "input/ip6/loopback-guarded", "true" },
	{ "plain", "input/ip/established", "true" },
	{ "plain", "input/ip/ports",
	  "[" PORT(6, 22, 22, accept) "," PORT(6, 8000, 8010, accept) "," PORT(
		  17, 53, 53, accept) "," PORT(6, 80, 80, accept) "," PORT(6, 443, 443,
									   accept) "]" },
	{ "plain", "input/ip/port-sets", "0" },
	/* The sets with addresses of IPv4 are not for IPv6. */
	{ "plain", "input/ip6/ports",
	  "[" PORT(6, 22, 22, accept) "," PORT(6, 8000, 8010, accept) "," PORT(17, 53, 53,
									       accept) "]" },
	{ "plain", "forward/ip/default", "\"deny\"" },
	{ "plain", "forward/ip/by", "\"inet filter forward, its rules\"" },
	{ "plain", "forward/ip/accepting",
	  "[" BY("inet filter zone", 1, "what comes in by eth9") "]" },

	{ "sets", "rules", "11" },
	{ "sets", "input/ip/default", "\"deny\"" },
	{ "sets", "input/ip/loopback", "true" },
	{ "sets", "input/ip/loopback-guarded", "true" },
	{ "sets", "input/ip6/loopback-guarded", "true" },
	{ "sets", "input/ip/established", "true" },
	{ "sets", "input/ip/accepting",
	  "[" BY("inet filter input", 7, UNTOLD) "," BY("inet filter input", 8, UNTOLD) "]" },
	{ "sets", "input/ip/ports",
	  "[" PORT(6, 22, 22, accept) "," PORT(6, 23, 23, drop) "," PORT(6, 80, 89, jump) "," PORT(
		  17, 53, 53, accept) "," PORT(17, 60000, 61000, accept) "]" },
	{ "sets", "input/ip/port-sets", "2" },

	{ "open", "input/ip/default", "\"deny\"" },
	{ "open", "input/ip/by", "\"inet filter input, its rules\"" },
	{ "open", "input/ip/accepting/0", BY("inet filter input", 1, "what comes in by eth1") },
	{ "open", "input/ip/accepting/1", BY("inet filter input", 2, LITTLE) },
	{ "open", "input/ip/accepting/2", BY("inet filter input", 3, LITTLE) },
	{ "open", "input/ip/accepting/3", BY("inet filter input", 4, LITTLE) },
	{ "open", "input/ip/accepting/4", BY("inet filter input", 5, LITTLE) },
	{ "open", "input/ip/accepting/5", BY("inet filter input", 6, LITTLE) },
	{ "open", "input/ip/accepting/6", BY("inet filter input", 7, UNTOLD) },
	{ "open", "input/ip/accepting/7", BY("inet filter input", 8, UNTOLD) },
	{ "open", "input/ip/accepting/8", BY("inet filter input", 9, LITTLE) },
	{ "open", "input/ip/accepting/9", BY("inet filter input", 10, LITTLE) },
	{ "open", "input/ip/accepting/10", BY("inet filter input", 11, LITTLE) },
	{ "open", "input/ip/accepting/11", BY("inet filter input", 12, UNTOLD) },
	{ "open", "input/ip/accepting/12", BY("inet filter input", 13, LITTLE) },
	{ "open", "input/ip/accepting/13", BY("inet filter input", 14, LITTLE) },
	{ "open", "input/ip/accepting/14", BY("inet filter input", 15, LITTLE) },
	{ "open", "input/ip/accepting/15", BY("inet filter input", 16, LITTLE) },
	{ "open", "input/ip/accepting/16", NULL },
	{ "open", "input/ip/established", "false" },
	{ "open", "input/ip/ports", "[]" },
	{ "open", "forward/ip/default", "\"accept\"" },
	{ "open", "forward/ip/by", "\"inet filter forward, its rules\"" },

	{ "returns", "input/ip/default", "\"deny\"" },
	{ "returns", "input/ip/accepting",
	  "[\"ip one input: its policy accepts what returns before the last rule\"]" },
	{ "returns", "forward/ip/default", "\"deny\"" },
	{ "returns", "forward/ip/accepting", "[" BY("ip one forward", 2, LITTLE) "]" },
	{ "returns", "input/ip6/accepting",
	  "[\"ip6 two input: its policy accepts what returns before the last rule\"]" },
	{ "returns", "forward/ip6/default", "\"deny\"" },
	{ "returns", "forward/ip6/accepting", "[]" },

	{ "many", "input/ip/chains", "[\"inet loose input\",\"ip strict input\"]" },
	{ "many", "input/ip/default", "\"deny\"" },
	{ "many", "input/ip/by", "\"ip strict input, its policy\"" },
	{ "many", "input/ip6/chains", "[\"inet loose input\"]" },
	{ "many", "input/ip6/default", "\"accept\"" },
	{ "many", "forward/ip/accepting", "[" BY("ip maps forward", 1, UNTOLD) "]" },
	{ "many", "forward/ip6/default", "\"accept\"" },

	{ "zones", "input/ip/default", "\"deny\"" },
	{ "zones", "input/ip/accepting", "[]" },
	{ "zones", "input/ip6/accepting", "[]" },
	{ "zones", "input/ip/established", "true" },
	{ "zones", "input/ip/loopback", "true" },
	{ "zones", "forward/ip/default", "\"deny\"" },
	{ "zones", "forward/ip/accepting", "[]" },

	{ "docker", "input/ip/default", "\"deny\"" },
	{ "docker", "input/ip/by", "\"ip filter INPUT, its rules\"" },
	{ "docker", "input/ip/loopback", "true" },
	{ "docker", "input/ip/loopback-guarded", "true" },
	{ "docker", "input/ip/established", "true" },
	{ "docker", "input/ip/accepting",
	  "[" BY("ip filter INPUT", 7, UNTOLD) "," BY("ip filter INPUT", 9, LITTLE) "," BY(
		  "ip filter INPUT", 10, LITTLE) "]" },
	{ "docker", "input/ip/ports",
	  "[" PORT(6, 22, 22, accept) "," PORT(17, 60000, 61000, accept) "]" },
	{ "docker", "input/ip/port-sets", "1" },
	{ "docker", "input/ip6/chains", "[]" },
	{ "docker", "input/ip6/default", "\"accept\"" },
	{ "docker", "forward/ip/accepting",
	  "[" BY("ip filter FORWARD", 5, "what comes in by docker0") "," BY(
		  "ip filter FORWARD", 6,
		  "what comes in by docker0") "," BY("ip filter FORWARD", 7,
						     "what comes in by eth7") "]" },
	/* The one on 127.0.0.1 is for this host alone. */
	{ "docker", "docker/ip/published", "1" },
	{ "docker", "docker/ip/user-chain", "true" },
	{ "docker", "docker/ip/user-rules", "0" },
	{ "docker", "docker/ip6/published", "0" },

	/* Counters and helpers of connections are no conditions, a limit is one. */
	{ "ports", "input/ip/default", "\"deny\"" },
	{ "ports", "input/ip/loopback", "true" },
	{ "ports", "forward/ip/default", "\"accept\"" },
	/* With related alone no reply comes in. */
	{ "ports", "input/ip/established", "false" },
	/* What is for replies, for this host, or for a quarter of all ports is not about them. */
	{ "ports", "input/ip/ports",
	  "[" PORT(6, 21, 21, accept) "," PORT(6, 23, 23, accept) "," PORT(6, 1, 65535, drop) "]" },
	{ "ports", "input/ip/port-sets", "1" },

	/* A port of a swarm service; rules behind a return, and of a chain without a way to it. */
	{ "guards", "docker/ip/published", "1" },
	{ "guards", "docker/ip/user-chain", "true" },
	{ "guards", "docker/ip/user-rules", "0" },
	{ "guards", "docker/ip6/user-rules", "0" },
	/* A jump guards if there is a drop where it leads to. */
	{ "jumps", "docker/ip/user-rules", "2" },
	{ "jumps", "docker/ip6/user-chain", "true" },
	{ "jumps", "docker/ip6/user-rules", "0" },

	/* None of these guards all loopback addresses; a chain of nat filters nothing. */
	{ "near", "input/ip/chains", "[\"ip a input\"]" },
	{ "near", "input/ip/loopback-guarded", "false" },
	{ "near", "input/ip/established", "false" },
	{ "near", "input/ip/accepting",
	  "[" BY("ip a input", 6, UNTOLD) "," BY("ip a input", 7, LITTLE) "," BY(
		  "ip a input", 8, LITTLE) "," BY("ip a input", 10, UNTOLD) "]" },
	{ "near", "input/ip/ports",
	  "[" PORT(6, 80, 80, drop) "," PORT(6, 22, 22, accept) "," PORT(6, 60000, 65535,
									 accept) "]" },
	{ "near", "input/ip/port-sets", "1" },
	{ "near", "forward/ip/accepting", "[" BY("ip a forward", 1, LITTLE) "]" },
	{ "near", "input/ip6/default", "\"deny\"" },
	{ "near", "input/ip6/accepting",
	  "[\"ip6 a input: its policy accepts what returns before the last rule\"]" },
	{ "near", "forward/ip6/accepting",
	  "[\"ip6 a forward: its policy accepts what returns before the last rule\"]" },
	/* Of two that deny the one that accepts less. */
	{ "untold", "input/ip6/accepting", "[]" },
	{ "untold", "input/ip6/by", "\"ip6 b input, its policy\"" },
	{ "rest", "input/ip/default", "\"deny\"" },
	{ "rest", "input/ip/loopback", "true" },
	{ "rest", "input/ip6/accepting", "[" BY("inet a input", 1, UNTOLD) "]" },
	{ "states", "input/ip/default", "\"untold\"" },
	{ "states", "forward/ip/established", "false" },
	{ "states", "forward/ip/accepting",
	  "[" BY("ip filter FORWARD", 1, UNTOLD) "," BY("ip filter FORWARD", 2, UNTOLD) "]" },
};

START_TEST(real_rules)
{
	struct bytes b = load(cases[_i][0]);
	json_t *all = understand(b.data, b.n);
	ck_assert_msg(all != NULL, "%s", cases[_i][0]);
	struct fact f = facts_find(all, cases[_i][1]);
	AUTO_FREE char *got = f.state == FACT_KNOWN
				      ? json_dumps(f.value, JSON_ENCODE_ANY | JSON_COMPACT)
				      : xstrdup("nothing");
	ck_assert_str_eq(got, cases[_i][2] ? cases[_i][2] : "nothing");
	json_decref(all);
	free(b.data);
}
END_TEST

static const char *const files[] = {
	"plain", "sets",   "open",  "returns", "many",   "zones", "docker",
	"ports", "guards", "jumps", "near",    "untold", "rest",  "states",
};

static bool denies(json_t *all, const char *hook, const char *family)
{
	AUTO_FREE char *path = xasprintf("%s/%s/default", hook, family);
	struct fact f = facts_find(all, path);
	return f.state == FACT_KNOWN && streq(json_string_value(f.value), "deny");
}

/* Other releases of nft and iptables say the same in other words. */
START_TEST(same_in_other_words)
{
	static const char *const pairs[][2] = {
		{ "sets", "sets-trixie" },
		{ "docker", "docker-bullseye" },
		{ "docker", "docker-trixie" },
	};
	json_t *all[2];
	for (size_t i = 0; i < 2; i++) {
		struct bytes b = load(pairs[_i][i]);
		all[i] = understand(b.data, b.n);
		ck_assert_msg(all[i] != NULL, "%s", pairs[_i][i]);
		free(b.data);
	}
	AUTO_FREE char *one = json_dumps(all[0], JSON_SORT_KEYS | JSON_COMPACT);
	AUTO_FREE char *other = json_dumps(all[1], JSON_SORT_KEYS | JSON_COMPACT);
	ck_assert_str_eq(one, other);
	json_decref(all[0]);
	json_decref(all[1]);
}
END_TEST

/* What ends within a message is refused. */
START_TEST(cut_short)
{
	struct bytes b = load(files[_i]);
	size_t at = 0;
	while (at < b.n) {
		uint32_t len;
		memcpy(&len, b.data + at, sizeof(len));
		for (size_t n = 1; n < NLMSG_ALIGN(len); n++) {
			/* Of its own length, so that a look beyond its end is seen. */
			AUTO_FREE char *part = xalloc(at + n);
			memcpy(part, b.data, at + n);
			json_t *all = understand(part, at + n);
			ck_assert_msg(all == NULL, "%s: %zu bytes of %zu", files[_i], at + n, b.n);
		}
		at += NLMSG_ALIGN(len);
	}
	free(b.data);
}
END_TEST

/* Any two bytes are a length in some place: 0, 1, too long; never is there a filter that was not.
 */
START_TEST(wrong_lengths)
{
	static const uint16_t lengths[] = { 0, 5, 0xffff };
	struct bytes b = load(files[_i]);
	json_t *sound = understand(b.data, b.n);
	for (size_t at = 0; at + 2 <= b.n; at += 2) {
		for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
			AUTO_FREE char *bad = xalloc(b.n);
			memcpy(bad, b.data, b.n);
			memcpy(bad + at, &lengths[i], 2);
			json_t *all = understand(bad, b.n);
			if (all && lengths[i] == 0xffff && !denies(sound, "forward", "ip6"))
				ck_assert_msg(!denies(all, "forward", "ip6"), "%s: at %zu",
					      files[_i], at);
			json_decref(all);
		}
	}
	json_decref(sound);
	free(b.data);
}
END_TEST

/* Puts another text of the same length wherever one stands. */
static size_t replace(struct bytes *b, const char *what, const char *by)
{
	size_t n = strlen(what) + 1, count = 0;
	for (size_t at = 0; at + n <= b->n; at++) {
		if (memcmp(b->data + at, what, n) != 0)
			continue;
		memcpy(b->data + at, by, n);
		count++;
	}
	return count;
}

/* Whatever an expression is that was never heard of: it neither denies nor hides what accepts. */
START_TEST(unknown_expressions)
{
	static const struct {
		const char *file, *what, *by, *path, *wanted;
	} unknown[] = {
		{ "plain", "cmp", "cmq", "input/ip/loopback", "false" },
		{ "plain", "cmp", "cmq", "input/ip/established", "false" },
		{ "plain", "cmp", "cmq", "input/ip/ports/0", PORT(0, 80, 80, accept) },
		{ "plain", "cmp", "cmq", "input/ip/accepting/0",
		  BY("inet filter input", 1, UNTOLD) },
		{ "plain", "reject", "rejekt", "forward/ip/default", "\"untold\"" },
		{ "plain", "immediate", "immediata", "input/ip/loopback", "false" },
		{ "plain", "immediate", "immediata", "input/ip/accepting/0",
		  "\"inet filter input, rule 5 does what was not understood by a condition that "
		  "leaves out little\"" },
		{ "zones", "reject", "rejekt", "input/ip/default", "\"untold\"" },
		{ "untold", "reject", "rejekt", "input/ip/default", "\"untold\"" },
		{ "untold", "reject", "rejekt", "forward/ip/default", "\"untold\"" },
		{ "untold", "reject", "rejekt", "forward/ip6/default", "\"untold\"" },
		{ "zones", "lookup", "lookap", "input/ip/accepting/0",
		  BY("inet manager input", 1, UNTOLD) },
		{ "docker", "target", "targat", "input/ip/default", "\"untold\"" },
		{ "docker", "match", "matsh", "input/ip/accepting/0",
		  BY("ip filter INPUT", 3, UNTOLD) },
	};
	struct bytes b = load(unknown[_i].file);
	ck_assert(replace(&b, unknown[_i].what, unknown[_i].by) > 0);
	json_t *all = understand(b.data, b.n);
	ck_assert(all != NULL);
	struct fact f = facts_find(all, unknown[_i].path);
	AUTO_FREE char *got = f.state == FACT_KNOWN
				      ? json_dumps(f.value, JSON_ENCODE_ANY | JSON_COMPACT)
				      : xstrdup("nothing");
	ck_assert_str_eq(got, unknown[_i].wanted);
	json_decref(all);
	free(b.data);
}
END_TEST

/* Rules as the parser makes them: one more than are listed. */
START_TEST(too_many_rules)
{
	enum { ACCEPTING = 301 };
	struct nft_rule rules[ACCEPTING] = { 0 };
	struct nft_chain chain = { .family = NFPROTO_IPV4,
				   .table = (char[]){ "t" },
				   .name = (char[]){ "c" },
				   .is_base = true,
				   .is_filter = true,
				   .drops = true,
				   .hook = NF_INET_LOCAL_IN,
				   .rules = rules,
				   .n_rules = (size_t)ACCEPTING - (size_t)_i };
	const struct nft_rules all = { .chains = &chain, .n_chains = 1 };
	for (unsigned i = 0; i < ACCEPTING; i++)
		rules[i] = (struct nft_rule){ .number = i + 1,
					      .does = NFT_ACCEPTS,
					      .narrow = NFT_BROAD,
					      .has_port = true,
					      .n_conditions = 1 };
	json_t *hook = nft_hook_fact(&all, NF_INET_LOCAL_IN, AF_INET);
	json_t *accepting = json_object_get(hook, "accepting");
	ck_assert(fact_is_unread(accepting) == (_i == 0));
	ck_assert(_i == 0 || json_array_size(accepting) == ACCEPTING - 1);
	json_decref(hook);
}
END_TEST

/* An expression's attribute with one number, in network order. */
static void set_number(struct nft_args *all, unsigned type, uint32_t *number)
{
	all->a[type] = (struct attr){ type, (const unsigned char *)number, sizeof(*number) };
}

START_TEST(registers)
{
	struct nft_regs r = { 0 };
	/* A value of 16 bytes hides what was in the quarters behind. */
	nft_load(&r, 9, NFT_W_PORT, 2);
	nft_load(&r, 12, NFT_W_PROTOCOL, 1);
	nft_load(&r, 1, NFT_W_SOURCE6, 16);
	ck_assert_int_eq(nft_held_in(&r, 8)->what, NFT_W_SOURCE6);
	ck_assert_int_eq(nft_held_in(&r, 9)->what, NFT_W_UNKNOWN);
	ck_assert_int_eq(nft_held_in(&r, 12)->what, NFT_W_PROTOCOL);
	ck_assert_int_eq(nft_held_in(&r, 77)->what, NFT_W_UNKNOWN);
}
END_TEST

/* A mask once is understood; twice, or with bits that are turned over, it is not. */
START_TEST(masks)
{
	struct {
		struct nlattr h;
		uint32_t value;
	} mask = { { 8, NFTA_DATA_VALUE }, htonl(6) }, flip = { { 8, NFTA_DATA_VALUE }, 0 };
	uint32_t one = htonl(1);
	struct nft_regs r = { 0 };
	struct nft_args all = { 0 };
	set_number(&all, NFTA_BITWISE_SREG, &one);
	set_number(&all, NFTA_BITWISE_DREG, &one);
	all.a[NFTA_BITWISE_MASK] =
		(struct attr){ NFTA_BITWISE_MASK, (const unsigned char *)&mask, sizeof(mask) };
	all.a[NFTA_BITWISE_XOR] =
		(struct attr){ NFTA_BITWISE_XOR, (const unsigned char *)&flip, sizeof(flip) };
	nft_load(&r, 1, NFT_W_STATE, 4);
	nft_load_masked(&r, &all);
	ck_assert_int_eq(nft_held_in(&r, 1)->what, NFT_W_STATE);
	ck_assert(nft_held_in(&r, 1)->is_masked);
	nft_load_masked(&r, &all);
	ck_assert_int_eq(nft_held_in(&r, 1)->what, NFT_W_UNKNOWN);
	nft_load(&r, 1, NFT_W_STATE, 4);
	flip.value = 1;
	nft_load_masked(&r, &all);
	ck_assert_int_eq(nft_held_in(&r, 1)->what, NFT_W_UNKNOWN);
}
END_TEST

/* For who wrote a new rule set: all that is understood of it. */
static int show(const char *name)
{
	struct bytes b = load(name);
	json_t *all = understand(b.data, b.n);
	if (!all)
		return EXIT_FAILURE;
	json_dumpf(all, stdout, JSON_INDENT(1));
	putchar('\n');
	return 0;
}

static int record(void)
{
	struct rootfs root;
	struct nft_dump d;
	rootfs_init(&root, AT_FDCWD, ROOTFS_LIVE);
	nft_dump_read(&d, &root);
	for (size_t i = 0; i < d.len; i++)
		printf("%02x%s", (unsigned char)d.data[i],
		       i % 32 == 31 || i + 1 == d.len ? "\n" : "");
	fprintf(stderr, "%zu bytes, %d %s\n", d.len, d.error, d.why ? d.why : "");
	return d.error ? EXIT_FAILURE : 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && streq(argv[1], "--record"))
		return record();
	if (argc == 2)
		return show(argv[1]);
	Suite *suite;
	TCase *tc = harness_group("nftables", &suite);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, real_rules, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tc, same_in_other_words, 0, 3);
	tcase_add_loop_test(tc, cut_short, 0, ARRAY_SIZE(files));
	tcase_add_loop_test(tc, wrong_lengths, 0, ARRAY_SIZE(files));
	tcase_add_loop_test(tc, too_many_rules, 0, 2);
	tcase_add_test(tc, registers);
	tcase_add_test(tc, masks);
	tcase_add_loop_test(tc, unknown_expressions, 0, 14);
	return harness_run(suite);
}
