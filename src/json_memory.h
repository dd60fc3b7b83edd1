/* SPDX-License-Identifier: Apache-2.0 */
/* json_memory.h: the memory that jansson works in. */
#ifndef SW_JSON_MEMORY_H
#define SW_JSON_MEMORY_H

#include <jansson.h>
#include <stdbool.h>

/* Before jansson's first use, in a process with one thread: what was taken before is not freed. */
void json_use_own_memory(void);
/* How many bytes it may take from now on; SIZE_MAX: any. */
void json_budget(size_t bytes);
/* json_dumps(), for free(3). */
char *json_dumped(const json_t *value, size_t flags);
/* Was more asked for than that, since it was set? */
bool json_budget_is_spent(void);

#endif
