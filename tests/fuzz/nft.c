/* SPDX-License-Identifier: Apache-2.0 */
/* nft.c: fuzzes packet filters: netlink messages of the kernel, and files of nft(8). */
#include <arpa/inet.h>
#include <linux/netfilter.h>

#include "fuzz.h"
#include "nftconf.h"
#include "nftfate.h"
#include "nftrules.h"
#include "tree.h"

static void of_kernel(const uint8_t *data, size_t n)
{
	static const unsigned hooks[] = { NF_INET_LOCAL_IN, NF_INET_FORWARD };
	static const int families[] = { AF_INET, AF_INET6 };
	AUTO_FREE char *copy = fuzz_text(data, n);
	struct nft_rules r;
	const char *why = NULL;
	int bad = nft_rules_parse(&r, copy, n, &why);

	FUZZ_CHECK(bad == 0 || why, "an error without a reason");
	for (size_t i = 0; i < ARRAY_SIZE(families) && !bad; i++) {
		for (size_t k = 0; k < ARRAY_SIZE(hooks); k++)
			fuzz_fact(nft_hook_fact(&r, hooks[k], families[i]));
		fuzz_fact(nft_docker_fact(&r, families[i]));
	}
	FUZZ_CHECK(r.n_rules <= NFT_RULES_MAX && r.n_chains <= NFT_CHAINS_MAX, "too many");
	nft_rules_done(&r);
}

static void of_files(const uint8_t *data, size_t n)
{
	static const char *const first[] = { "/etc/nftables.conf", NULL };
	struct nft_conf state = { 0 };
	const struct conf_spec spec = { .first = first,
					.comments = "#",
					.flags = CONF_CONTINUES,
					.merge = CONF_ALL,
					.line = nft_conf_line,
					.context = &state };
	struct tree t;

	tree_init(&t, first[0], data, n);
	struct conf_source source = tree_source(&t);
	fuzz_fact(conf_read(&spec, &source));
	nft_conf_done(&state);
	tree_done(&t);
}

FUZZ(nft)
{
	unsigned which = fuzz_pick(&data, &n, 2);

	if (which == 0)
		of_kernel(data, n);
	else
		of_files(data, n);
	return 0;
}
