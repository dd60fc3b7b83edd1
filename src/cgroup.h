/* SPDX-License-Identifier: Apache-2.0 */
/* cgroup.h: which processes a cgroup and those below it hold. */
#ifndef SW_CGROUP_H
#define SW_CGROUP_H

#include "frame.h"
#include "rootfs.h"

enum { CGROUP_DEPTH_MAX = 8, CGROUP_PIDS_MAX = 4096 };

/*
 * Lines of pids below the path that /proc/<pid>/cgroup shows, looked for in the one hierarchy of
 * version 2, then in those of version 1. -EXDEV when the path leads out of our cgroup namespace,
 * -EBADRQC when it is no clean absolute path, -EFBIG beyond the bounds. kernel is of ROOTFS_KERNEL.
 */
int cgroup_pids(const struct rootfs *kernel, const char *path, struct reply *r);

#endif
