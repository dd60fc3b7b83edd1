/* SPDX-License-Identifier: Apache-2.0 */
/* shellscan.h: what shell files set as literal text; a program of a shell is not run. */
#ifndef SW_SHELLSCAN_H
#define SW_SHELLSCAN_H

#include "confdir.h"

/*
 * Gives what conf_read() gives (all assignments, in file order) of umask, TMOUT and PATH. Keys:
 *   "umask", "TMOUT", "PATH"   set whatever happens, value as written, quotes taken off
 *   "if/umask", …              the same within a condition, a loop, a function or after && and ||
 *   "readonly/TMOUT", "export/TMOUT"   value "": the variable is made so
 * A umask in letters (u=rwx,g=rx,o=) is turned into digits.
 */
json_t *shell_scan(const struct conf_source *source, const char *const *first,
		   const char *const *dirs);

#endif
