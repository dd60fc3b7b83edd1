/* SPDX-License-Identifier: Apache-2.0 */
/* lsm.h: which security modules run, asked of the kernel itself: the fetcher's answer to FETCH_LSM.
 */
#ifndef SW_LSM_H
#define SW_LSM_H

#include "util.h"

/*
 * Text (malloc'ed) of lines: "module N" per module in its order (lsm_list_modules(2), Linux 6.8;
 * the ids of linux/lsm.h), or "modules-error E" with the errno; "landlock N", the version of
 * Landlock, or "landlock-error E".
 */
char *lsm_text(void);
/* The name of a module by its id, or NULL. */
const char *lsm_name(int64_t id);

#endif
