/* SPDX-License-Identifier: Apache-2.0 */
/* proc.h: what /proc says of one process. */
#ifndef SW_PROC_H
#define SW_PROC_H

#include "frame.h"
#include "rootfs.h"

/* The running host's /proc. */
struct proc {
	int fd;
};

/* 0, or negative errno when there is no procfs at /proc. */
int proc_init(struct proc *p);
void proc_done(struct proc *p);

/*
 * Each opens /proc/<pid> once and reads below that descriptor only, so that an answer is of one
 * process: ESRCH when it ended meanwhile. 0 or negative errno, and then the reply is to be thrown
 * away. Arguments are those of the questions in fetch.h; a malformed one is -EBADRQC.
 */
int proc_parts(const struct proc *p, const char *pid, enum fetch_proc which, struct reply *r);
int proc_fds(const struct proc *p, const char *pid, struct reply *r);
int proc_exes(const struct proc *p, const char *pids, struct reply *r);
int proc_net(const struct proc *p, const char *arg, struct reply *r);

/* An O_PATH descriptor of /proc/<pid>/root. */
int proc_root(const struct proc *p, const char *pid);

#endif
