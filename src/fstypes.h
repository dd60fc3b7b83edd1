/* SPDX-License-Identifier: Apache-2.0 */
/* fstypes.h: kinds of file systems by the number that statfs(2) gives. */
#ifndef SW_FSTYPES_H
#define SW_FSTYPES_H

#include "util.h"

enum fs_class {
	FS_UNKNOWN,
	FS_LOCAL,   /* files of this host */
	FS_KERNEL,  /* state of the kernel */
	FS_NETWORK, /* another host's files; may hang */
	FS_FUSE,    /* what a program shows; may hang */
	FS_IMAGE,   /* a read-only image that was made elsewhere */
	FS_MERGED,  /* other folders, merged */
};

enum fs_class fs_class(uint32_t magic);
/* "ext4", or NULL. */
const char *fs_name(uint32_t magic);

#endif
