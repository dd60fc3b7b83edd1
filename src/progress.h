/* SPDX-License-Identifier: Apache-2.0 */
/* progress.h: a line on a terminal, rewritten in place, for what takes longer than half a second.
 */
#ifndef SW_PROGRESS_H
#define SW_PROGRESS_H

#include <stddef.h>

/* Is standard error a terminal? To be asked before the processes part: a reader that is shut in can
 * no longer tell. Without it, and where it is none, nothing is shown. */
void progress_open(void);
void progress_show(size_t done, size_t all, void *context);
void progress_clear(void);

#endif
