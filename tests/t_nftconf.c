/* SPDX-License-Identifier: Apache-2.0 */
/* t_nftconf.c: which filters a file of nft(8) makes, however it is written. */
#include "conftree.h"
#include "facts.h"
#include "harness.h"
#include "nftconf.h"

#define INPUT "type filter hook input priority 0;"
#define TABLE "table inet filter {\nchain input {\n"

static const struct {
	const char *text, *path, *wanted; /* NULL: is not there */
} cases[] = {
	{ TABLE INPUT "\n}\n}\n", "input/0/value", "\"\"" },
	{ TABLE INPUT "\n}\n}\n", "input/0/rules", NULL },
	{ TABLE INPUT " policy drop;\n}\n}\n", "input/0/value", "\"drop\"" },
	{ TABLE INPUT "\npolicy drop;\n}\n}\n", "input/0/value", "\"drop\"" },
	{ TABLE INPUT " policy drop;\n}\n}\n", "input/0/rules", NULL },
	{ TABLE INPUT "\ntcp dport { 22, 80 } accept\n}\n}\n", "input/0/rules", "true" },
	{ TABLE INPUT "\ntcp dport {\n22,\n80 } accept\n}\n}\n", "input/0/rules", "true" },
	{ "table inet f { chain i { " INPUT " policy accept; drop; }; }\n", "input/0/rules",
	  "true" },
	{ "table inet f { chain i { " INPUT " policy accept; }; }\n", "input/0/rules", NULL },
	{ "add chain inet f i { " INPUT " policy drop; }\n", "input/0/value", "\"drop\"" },
	{ TABLE INPUT "\n}\n}\n", "input/0/family", "\"inet\"" },
	{ "table f {\nchain ip6 { " INPUT " }\n}\n", "input/0/family", "\"ip\"" },
	{ "table ip6 f { set s { type ipv6_addr; }\nchain i { " INPUT " } }\n", "input/0/family",
	  "\"ip6\"" },
	{ "table ip6 f { }\n add table arp g { chain i { " INPUT " } }\n", "input/0/family",
	  "\"arp\"" },
	{ "table ip6 f { }\n add chain g i { " INPUT " }\n", "input/0/family", "\"ip\"" },
	{ "create chain ip6 f i { " INPUT " policy drop; }\n", "input/0/family", "\"ip6\"" },
	{ TABLE INPUT " # drop\n# drop\n}\n}\n", "input/0/rules", NULL },
	{ TABLE INPUT "\ncomment \"drop\"\n}\n}\n", "input/0/rules", NULL },
	{ TABLE "# " INPUT " policy drop;\n}\n}\n", "input/0/value", NULL },
	{ TABLE "tcp dport 22 accept # " INPUT "\n}\n}\n", "input/0/value", NULL },
	{ TABLE "type nat hook input priority 0;\ndrop\n}\n}\n", "input/0/value", NULL },
	{ TABLE "type filter hook forward priority 0;\ndrop\n}\n}\n", "input/0/value", NULL },
	{ TABLE INPUT "\n}\nchain other {\ndrop\n}\n}\n", "input/0/rules", NULL },
	{ TABLE INPUT "\n}\nset s {\ntype ipv4_addr;\nelements = { 192.0.2.1 }\n}\n}\n",
	  "input/0/rules", NULL },
	{ TABLE INPUT "\nflags offload;\n}\n}\n", "input/0/rules", NULL },
	{ TABLE INPUT "\ncomment \"a; drop } # \"; policy drop\n}\n}\n", "input/0/value",
	  "\"drop\"" },
	{ "flush ruleset\n", "flush/0/value", "\"ruleset\"" },
	{ "flush ruleset; " TABLE INPUT "\n}\n}\n", "flush/0/value", "\"ruleset\"" },
	{ "flush table inet f\n", "flush/0/value", NULL },
	{ "add rule inet f i tcp dport { 22 } accept\n", "loose-rules/0/value", "\"\"" },
	{ "insert rule inet f i drop\n", "loose-rules/0/value", "\"\"" },
	{ "define rule = 22\n", "loose-rules/0/value", NULL },
	{ "include \"rest.nft\"\n", "input/0/value", "\"\"" },
	{ TABLE INPUT "\ninclude \"/etc/nftables.d/*.nft\"\n}\n}\n", "input/0/rules", "true" },
	{ TABLE INPUT "\ninclude \"/etc/none.d/*.nft\"\n}\n}\n", "input/0/rules", NULL },
	{ "}}}}{{{{;;;;\"\"\"{\n", "input/0/value", NULL },
};

START_TEST(files)
{
	static const char *const first[] = { "/etc/nftables.conf", NULL };
	const struct conf_file texts[] = {
		{ first[0], cases[_i].text },
		{ "/etc/nftables.d/a.nft", "tcp dport 22 accept\n" },
		{ "/etc/rest.nft", "table ip x { chain y { " INPUT " } }\n" },
		{ 0 },
	};
	struct conf_tree tree = { .files = texts };
	struct conf_source source = conftree_source(&tree);
	struct nft_conf state = { 0 };
	const struct conf_spec spec = { .first = first,
					.comments = "#",
					.flags = CONF_CONTINUES,
					.merge = CONF_ALL,
					.line = nft_conf_line,
					.context = &state };
	json_t *conf = conf_read(&spec, &source);
	AUTO_FREE char *path = xasprintf("settings/%s", cases[_i].path);
	struct fact f = facts_find(conf, path);
	AUTO_FREE char *got =
		f.state == FACT_KNOWN ? json_dumps(f.value, JSON_ENCODE_ANY) : xstrdup("nothing");
	ck_assert_msg(streq(got, cases[_i].wanted ? cases[_i].wanted : "nothing"), "%s: %s",
		      cases[_i].text, got);
	json_decref(conf);
	nft_conf_done(&state);
}
END_TEST

/* What is too long to be understood makes the whole unread. */
START_TEST(long_statement)
{
	static const char *const first[] = { "/etc/nftables.conf", NULL };
	AUTO_FREE char *word = xalloc((64 << 10) + 2);
	memset(word, 'a', (size_t)(64 << 10) + (size_t)_i);
	AUTO_FREE char *text = xasprintf("table inet f { chain i { " INPUT "\n%s\n}}\n", word);
	const struct conf_file texts[] = { { first[0], text }, { 0 } };
	struct conf_tree tree = { .files = texts };
	struct conf_source source = conftree_source(&tree);
	struct nft_conf state = { 0 };
	const struct conf_spec spec = { .first = first,
					.flags = CONF_CONTINUES,
					.merge = CONF_ALL,
					.line = nft_conf_line,
					.context = &state };
	json_t *conf = conf_read(&spec, &source);
	ck_assert(fact_is_unread(json_object_get(conf, "settings")) == (_i == 1));
	json_decref(conf);
	nft_conf_done(&state);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("nftconf", &suite);
	tcase_add_loop_test(tc, files, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tc, long_statement, 0, 2);
	return harness_run(suite);
}
