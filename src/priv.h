/* SPDX-License-Identifier: Apache-2.0 */
/* priv.h: gives away every privilege that the fetcher and the reader have no use for. */
#ifndef SW_PRIV_H
#define SW_PRIV_H

#include "fetch.h"

enum { PRIV_NOBODY = 65534 };

/*
 * The fetcher's: stays uid 0, because sysctls of mode 0600 test the uid and not capabilities, with
 * the few capabilities that the options call for. Without root only no_new_privs is set.
 */
int priv_fetcher(const struct fetch_options *o, struct err *err);

/* The reader's: another uid, no group, no capability, no way back. Verified by reading back. */
int priv_reader(struct err *err);

/* What this process may: "uid N\ncaps HEX\nlocks WORD…\n" of its effective set. malloc'ed. */
char *priv_describe(void);

#endif
