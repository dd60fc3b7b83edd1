/* SPDX-License-Identifier: Apache-2.0 */
/* statx.h: statx(2), also where the C library has none: musl before 1.2.5. */
#ifndef SW_STATX_H
#define SW_STATX_H

#include <sys/stat.h>

/* Not where the library has it: from 1.2.5 on musl's header and the kernel's exclude each other. */
#ifndef HAVE_STATX
#include <linux/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int statx(int fd, const char *path, int flags, unsigned mask, struct statx *ret)
{
	return (int)syscall(SYS_statx, fd, path, flags, mask, ret);
}
#endif

#ifndef STATX_ATTR_MOUNT_ROOT
#define STATX_ATTR_MOUNT_ROOT 0x00002000 /* since Linux 5.8 */
#endif

#endif
