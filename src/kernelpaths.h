/* SPDX-License-Identifier: Apache-2.0 */
/* kernelpaths.h: the closed list of what FETCH_BASE_PROC shows of the running kernel. */
#ifndef SW_KERNELPATHS_H
#define SW_KERNELPATHS_H

#include "util.h"

/*
 * Paths begin at the root folder, with or without a slash. Listed are
 *   proc (its list of pids), proc/{cmdline,stat,uptime,modules,filesystems,version},
 *   proc/{1,self}/{mountinfo,cgroup,comm,status}, proc/1/{limits,net/ipv6_route},
 *   proc/{1,self}/ns/NAME (a link, read as its text),
 *   and everything below proc/sys/ and sys/.
 * ".." is refused.
 */
bool kernelpath_is_listed(const char *path);
/* Is it one of proc/{1,self}/ns/NAME? */
bool kernelpath_is_link(const char *path);
/* The text of that link, "net:[4026531840]", malloc'ed; or negative errno. */
int kernelpath_link(const char *path, char **ret, size_t *ret_len);

#endif
