/* SPDX-License-Identifier: Apache-2.0 */
/* archive_library.h: libarchive's functions by pointers, for layers.c alone: see library.h. */
#ifndef SW_ARCHIVE_LIBRARY_H
#define SW_ARCHIVE_LIBRARY_H

#include <archive.h>
#include <archive_entry.h>

#include "library.h"

#ifdef HAVE_DLOPEN

#define ARCHIVE_FUNCTIONS(X)                                                                       \
	X(archive_entry_filetype)                                                                  \
	X(archive_entry_gid)                                                                       \
	X(archive_entry_hardlink)                                                                  \
	X(archive_entry_hardlink_utf8)                                                             \
	X(archive_entry_mode)                                                                      \
	X(archive_entry_pathname)                                                                  \
	X(archive_entry_pathname_utf8)                                                             \
	X(archive_entry_symlink)                                                                   \
	X(archive_entry_uid)                                                                       \
	X(archive_error_string)                                                                    \
	X(archive_filter_bytes)                                                                    \
	X(archive_read_data_block)                                                                 \
	X(archive_read_free)                                                                       \
	X(archive_read_new)                                                                        \
	X(archive_read_next_header)                                                                \
	X(archive_read_open)                                                                       \
	X(archive_read_support_filter_gzip)                                                        \
	X(archive_read_support_filter_zstd)                                                        \
	X(archive_read_support_format_empty)                                                       \
	X(archive_read_support_format_tar)

static struct library_table {
	ARCHIVE_FUNCTIONS(LIBRARY_MEMBER)
} archive_table;

static int archive_load(struct err *err)
{
	static const struct library_function functions[] = { ARCHIVE_FUNCTIONS(LIBRARY_ENTRY){
		NULL, 0 } };
	return library_load(ARCHIVE_SONAME, functions, &archive_table, err);
}

#define archive_entry_filetype            archive_table.p_archive_entry_filetype
#define archive_entry_gid                 archive_table.p_archive_entry_gid
#define archive_entry_hardlink            archive_table.p_archive_entry_hardlink
#define archive_entry_hardlink_utf8       archive_table.p_archive_entry_hardlink_utf8
#define archive_entry_mode                archive_table.p_archive_entry_mode
#define archive_entry_pathname            archive_table.p_archive_entry_pathname
#define archive_entry_pathname_utf8       archive_table.p_archive_entry_pathname_utf8
#define archive_entry_symlink             archive_table.p_archive_entry_symlink
#define archive_entry_uid                 archive_table.p_archive_entry_uid
#define archive_error_string              archive_table.p_archive_error_string
#define archive_filter_bytes              archive_table.p_archive_filter_bytes
#define archive_read_data_block           archive_table.p_archive_read_data_block
#define archive_read_free                 archive_table.p_archive_read_free
#define archive_read_new                  archive_table.p_archive_read_new
#define archive_read_next_header          archive_table.p_archive_read_next_header
#define archive_read_open                 archive_table.p_archive_read_open
#define archive_read_support_filter_gzip  archive_table.p_archive_read_support_filter_gzip
#define archive_read_support_filter_zstd  archive_table.p_archive_read_support_filter_zstd
#define archive_read_support_format_empty archive_table.p_archive_read_support_format_empty
#define archive_read_support_format_tar   archive_table.p_archive_read_support_format_tar

#else

static int archive_load(struct err *err)
{
	(void)err;
	return 0;
}

#endif

#endif
