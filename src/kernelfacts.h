/* SPDX-License-Identifier: Apache-2.0 */
/* kernelfacts.h: what the kernel says of a container's process, as its record's "Kernel". */
#ifndef SW_KERNELFACTS_H
#define SW_KERNELFACTS_H

#include <jansson.h>

#include "util.h"

#define NO_CGROUPS "the engine keeps no control groups (cgroup driver none)"

/*
 * From a FETCH_PROC answer. NULL when the process's control group does not name the container: the
 * pid is someone else's by now. *ret_cgroup (malloc'ed) is the group's path.
 * host_ns and engine_ns hold ids in the order of namespace_names, NULL for one that is not known.
 */
json_t *kernel_facts(const char *answer, size_t n, const char *id, int64_t pid,
		     char *const *host_ns, char *const *engine_ns, char **ret_cgroup);

/*
 * For an engine without control groups (cgroup driver "none"): the same without looking for one,
 * once kernel_is_shim_of() has proven whose the process is.
 */
json_t *kernel_facts_ungrouped(const char *answer, size_t n, int64_t pid, char *const *host_ns,
			       char *const *engine_ns);

/*
 * Is shim, a PROC_ENGINE answer about the parent of the process that child is about, the containerd
 * shim of the container id? It runs in the engine's mount and user namespaces, where no container
 * is, says the id on its command line, and was there before its child.
 */
bool kernel_is_shim_of(const char *shim, size_t shim_len, const char *child, size_t child_len,
		       const char *id, char *const *engine_ns);

/* Appends what a FETCH_PROC_EXES answer says to list: {"Pid","Comm","Exe"} each. */
void kernel_add_processes(json_t *list, const char *data, size_t n);

/*
 * The next of the lines of FETCH_CGROUP_PIDS as an argument of FETCH_PROC_EXES (malloc'ed), and
 * *lines behind them; NULL when there are no more.
 */
char *kernel_next_pids(const char **lines);

#endif
