/* SPDX-License-Identifier: Apache-2.0 */
/* processes.h: one process of the host, from what /proc says of it. Pure. */
#ifndef SW_PROCESSES_H
#define SW_PROCESSES_H

#include <jansson.h>

#include "util.h"

struct process {
	char *exe;       /* "" when it cannot be read */
	int exe_error;   /* ENOENT: a thread of the kernel, or it ended */
	char *unit;      /* of systemd, NULL: none */
	char *container; /* what it is in: an id, or "another pid namespace"; NULL: the host */
	char *net_ns;    /* or NULL */
	char *bounding;  /* set of capabilities, hexadecimal, or NULL */
	int64_t uid;     /* effective; -1: not told */
	int64_t tracer;  /* 0: none */
	int64_t no_new_privs;
};

/* From a FETCH_PROC answer with PROC_HOST; host_pid_ns (or NULL) is the host's. False: it told
 * nothing. */
bool process_parse(struct process *ret, const char *answer, size_t n, const char *host_pid_ns);
void process_done(struct process *p);

/* The unit of a control group's path, "/system.slice/cron.service/x" → "cron.service": malloc'ed or
 * NULL. */
char *process_unit(const char *cgroup);
/* The id of the container that a control group's path names: malloc'ed or NULL. */
char *process_container(const char *cgroup);

/* Where in the text of /proc/<pid>/status the value of a line begins, "R (running)\n…" of "State",
 * or NULL. */
const char *process_status_field(const char *status, const char *name);

/* What is mapped to run from files that are not there any more, by their former paths: a list. The
 * text of /proc/<pid>/maps is changed. */
json_t *process_deleted_files(char *maps);

#endif
