/* SPDX-License-Identifier: Apache-2.0 */
/* nftconf.h: the language of nft(8), as far as it tells which filters a file makes. */
#ifndef SW_NFTCONF_H
#define SW_NFTCONF_H

#include "confdir.h"

/*
 * The context of nft_conf_line(); begins with {0}. Files that are included go on where the line
 * that includes them stands. Settings are:
 *
 *   input, forward, …   of each filter at that hook its policy, "" when none is said; with the
 *                       members "family" (inet, ip, …) and "rules": true when it has any
 *   flush               "ruleset"
 *   loose-rules         "add rule …" outside of chains
 */
struct nft_conf {
	json_t *chain; /* what was noted of the filter that is being read */
	char *text;    /* of the statement so far */
	size_t len;
	unsigned braces;    /* open within the statement */
	unsigned blocks;    /* open around it */
	const char *family; /* of the table that is being read, or of the chain outside of one */
	bool is_in_chain, is_quoted;
};

conf_line_fn nft_conf_line;
void nft_conf_done(struct nft_conf *n);

#endif
