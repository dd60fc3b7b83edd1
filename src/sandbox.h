/* SPDX-License-Identifier: Apache-2.0 */
/* sandbox.h: shuts the reader in: no file, no network, no other process, whatever it is fed. */
#ifndef SW_SANDBOX_H
#define SW_SANDBOX_H

#include "util.h"

struct sandbox_state {
	bool landlock;
	int landlock_abi; /* what the kernel offers; 0 for none */
	bool seccomp;
	bool no_new_privs;
	char why[256]; /* what is missing and why, "" when nothing is */
};

/*
 * Seals this process for good; what it has open stays usable. Everything that is loaded lazily must
 * be loaded before. Never fails the run: 0 when all is shut, else -ENOTSUP and why is filled in.
 */
int sandbox_seal(struct sandbox_state *ret);

#endif
