/* SPDX-License-Identifier: Apache-2.0 */
/* rootfs.h: opens every path of the audited host below a root descriptor, and never leaves it. */
#ifndef SW_ROOTFS_H
#define SW_ROOTFS_H

#include "fetch.h"

enum rootfs_kind {
	ROOTFS_LIVE,   /* a running host: state of the kernel may be stat'ed and listed, not read */
	ROOTFS_DIR,    /* --root DIR: what is mounted there of the kernel's state is this machine's:
			  EXDEV */
	ROOTFS_KERNEL, /* /proc and /sys of the running host: only those */
};

enum { ROOTFS_LIST_MAX = 100000 };

/* A root. The descriptor is borrowed. */
struct rootfs {
	int fd;
	enum rootfs_kind kind;
	bool walks;   /* no openat2(2) here: step by step instead; tests set it to force that */
	char *prefix; /* what the descriptor is called, without a trailing slash; NULL when not
			 known */
};

void rootfs_init(struct rootfs *r, int fd, enum rootfs_kind kind);
void rootfs_done(struct rootfs *r);

/*
 * All return a descriptor, 0, or negative errno. Links are followed below the root, magic links of
 * /proc never (ELOOP). Paths may begin with a slash or not; ".." stops at the root. Nothing blocks
 * on a FIFO or a device, because only regular files and folders are ever opened for more than a
 * look.
 */

/* An O_PATH descriptor, of anything; ret_path (may be NULL): malloc'ed, resolved, below the root.
 */
int rootfs_open(const struct rootfs *r, const char *path, char **ret_path);
/* A readable descriptor of a regular file; ENXIO or EISDIR for anything else. */
int rootfs_open_file(const struct rootfs *r, const char *path);
/* A readable descriptor of a folder. */
int rootfs_open_dir(const struct rootfs *r, const char *path);

/*
 * The text of the link at path itself, and the folder that it stands in, without links; both
 * malloc'ed. EINVAL: it is no link. EXDEV: it is one of the running kernel's.
 */
int rootfs_link(const struct rootfs *r, const char *path, char **ret_folder, char **ret_text);

/* Malloc'ed, NUL-terminated; EFBIG when there is more than cap. */
int rootfs_read(const struct rootfs *r, const char *path, size_t cap, char **ret, size_t *ret_len);

struct rootfs_stat {
	struct fetch_stat st;
	char *path; /* resolved, st.path_len bytes */
	char *acl; /* as getxattr(2) gives system.posix_acl_access, st.acl_len bytes; NULL when none
		    */
};
/* A file of which the mode is known but not the ACL is an error: the mode alone would lie. */
int rootfs_stat(const struct rootfs *r, const char *path, struct rootfs_stat *ret);
/* What SELinux calls a file, malloc'ed; -ENODATA: it has no label. */
int rootfs_label(const struct rootfs *r, const char *path, char **ret);
void rootfs_stat_done(struct rootfs_stat *s);
/* What fstat(2) says of an open descriptor; no path, no ACL. */
int rootfs_fstat(int fd, struct fetch_stat *ret);

/* Calls entry for each, with its type letter; EFBIG beyond ROOTFS_LIST_MAX. */
typedef void rootfs_entry_fn(char type, const char *name, void *context);
int rootfs_list(const struct rootfs *r, const char *path, rootfs_entry_fn *entry, void *context);

#endif
