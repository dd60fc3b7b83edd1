/* SPDX-License-Identifier: Apache-2.0 */
/* fstypes.c: see fstypes.h. */
#include "fstypes.h"

/* From linux/magic.h, and the sources of those that it lacks. */
static const struct {
	uint32_t magic;
	enum fs_class class;
	const char *name;
} types[] = {
	{ 0xef53, FS_LOCAL, "ext4" },           { 0x58465342, FS_LOCAL, "xfs" },
	{ 0x9123683e, FS_LOCAL, "btrfs" },      { 0xf2f52010, FS_LOCAL, "f2fs" },
	{ 0x01021994, FS_LOCAL, "tmpfs" },      { 0x858458f6, FS_LOCAL, "ramfs" },
	{ 0x2fc12fc1, FS_LOCAL, "zfs" },        { 0xca451a4e, FS_LOCAL, "bcachefs" },
	{ 0x52654973, FS_LOCAL, "reiserfs" },   { 0x3153464a, FS_LOCAL, "jfs" },
	{ 0x3434, FS_LOCAL, "nilfs" },          { 0x24051905, FS_LOCAL, "ubifs" },
	{ 0x4d44, FS_LOCAL, "vfat" },           { 0x2011bab0, FS_LOCAL, "exfat" },
	{ 0x7366746e, FS_LOCAL, "ntfs" },       { 0x9fa0, FS_KERNEL, "proc" },
	{ 0x62656572, FS_KERNEL, "sysfs" },     { 0x27e0eb, FS_KERNEL, "cgroup" },
	{ 0x63677270, FS_KERNEL, "cgroup2" },   { 0x73636673, FS_KERNEL, "securityfs" },
	{ 0xf97cff8c, FS_KERNEL, "selinuxfs" }, { 0x43415d53, FS_KERNEL, "smackfs" },
	{ 0x64626720, FS_KERNEL, "debugfs" },   { 0x74726163, FS_KERNEL, "tracefs" },
	{ 0xcafe4a11, FS_KERNEL, "bpf" },       { 0x6165676c, FS_KERNEL, "pstore" },
	{ 0xde5e81e4, FS_KERNEL, "efivarfs" },  { 0x42494e4d, FS_KERNEL, "binfmt_misc" },
	{ 0x62656570, FS_KERNEL, "configfs" },  { 0x1cd1, FS_KERNEL, "devpts" },
	{ 0x6e736673, FS_KERNEL, "nsfs" },      { 0x19800202, FS_KERNEL, "mqueue" },
	{ 0x958458f6, FS_KERNEL, "hugetlbfs" }, { 0x67596969, FS_KERNEL, "rpc_pipefs" },
	{ 0x6e667364, FS_KERNEL, "nfsd" },      { 0x7655821, FS_KERNEL, "resctrl" },
	{ 0xabba1974, FS_KERNEL, "xenfs" },     { 0x65735543, FS_KERNEL, "fusectl" },
	{ 0x187, FS_NETWORK, "autofs" },        { 0x6969, FS_NETWORK, "nfs" },
	{ 0xff534d42, FS_NETWORK, "cifs" },     { 0xfe534d42, FS_NETWORK, "smb3" },
	{ 0x517b, FS_NETWORK, "smb" },          { 0x01021997, FS_NETWORK, "9p" },
	{ 0x00c36400, FS_NETWORK, "ceph" },     { 0x5346414f, FS_NETWORK, "afs" },
	{ 0x6b414653, FS_NETWORK, "kafs" },     { 0x01161970, FS_NETWORK, "gfs2" },
	{ 0x7461636f, FS_NETWORK, "ocfs2" },    { 0x0bd00bd0, FS_NETWORK, "lustre" },
	{ 0x65735546, FS_FUSE, "fuse" },        { 0x73717368, FS_IMAGE, "squashfs" },
	{ 0xe0f5e1e2, FS_IMAGE, "erofs" },      { 0x9660, FS_IMAGE, "iso9660" },
	{ 0x15013346, FS_IMAGE, "udf" },        { 0x28cd3d45, FS_IMAGE, "cramfs" },
	{ 0x794c7630, FS_MERGED, "overlay" },
};

enum fs_class fs_class(uint32_t magic)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (types[i].magic == magic)
			return types[i].class;
	return FS_UNKNOWN;
}

const char *fs_name(uint32_t magic)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (types[i].magic == magic)
			return types[i].name;
	return NULL;
}
