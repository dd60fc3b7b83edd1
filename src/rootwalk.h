/* SPDX-License-Identifier: Apache-2.0 */
/* rootwalk.h: resolves a path below a root step by step, as openat2(2) does where there is one. */
#ifndef SW_ROOTWALK_H
#define SW_ROOTWALK_H

#include "util.h"

/*
 * An O_PATH descriptor of path below root, or negative errno; ret_path (may be NULL) gets the
 * resolved path, malloc'ed. The meaning is that of RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS.
 */
int rootwalk(int root, const char *path, char **ret_path);

#endif
