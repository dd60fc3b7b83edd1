/* SPDX-License-Identifier: Apache-2.0 */
/* procparse.h: texts of /proc as facts. Pure. */
#ifndef SW_PROCPARSE_H
#define SW_PROCPARSE_H

#include <jansson.h>

#include "util.h"

/* One part of a FETCH_PROC answer. */
struct part {
	const char *name;
	int error;
	const char *data; /* len bytes, not terminated */
	size_t len;
};
/* The part called name; false when the answer has none. */
bool proc_part(const char *answer, size_t n, const char *name, struct part *ret);
/* The text of a part (malloc'ed), or NULL with its errno in *ret_error. */
char *proc_text(const char *answer, size_t n, const char *name, int *ret_error);

/* Each a new reference. */
json_t *proc_status(const char *text);            /* {"CapEff":…,"Seccomp":2,"Uid":[…]} */
json_t *proc_id_map(const char *text);            /* [[0,100000,65536]] */
json_t *proc_mountinfo(const char *text);         /* as in host/mounts */
json_t *proc_strings(const char *data, size_t n); /* NUL-separated strings as a list */

/* Start of the process in clock ticks after boot, from /proc/<pid>/stat; 0 when not to be told. */
unsigned long long proc_start_ticks(const char *stat);

/* Its parent's pid, from the same; 0 when not to be told. */
int64_t proc_parent(const char *stat);

/* Calls for each listening socket. */
typedef void unix_fn(unsigned long inode, const char *path, void *context);
void proc_unix_listeners(const char *text, unix_fn *each, void *context);
typedef void tcp_fn(unsigned long inode, const char *address, unsigned port, void *context);
void proc_tcp_listeners(const char *text, bool is_v6, tcp_fn *each, void *context);
/* The same of UDP sockets that are bound and not connected. */
void proc_udp_listeners(const char *text, bool is_v6, tcp_fn *each, void *context);

/* The cgroup path (of any hierarchy) that names id, malloc'ed; NULL when none does. With id NULL
 * the most telling one. */
char *proc_cgroup_of(const char *text, const char *id);

/* Undoes the \\040 escapes of mountinfo in place. */
void unescape_octal(char *s);

#endif
