/* SPDX-License-Identifier: Apache-2.0 */
/* filewalk.h: walks the files of a host and tells those whose mode or owner matters. */
#ifndef SW_FILEWALK_H
#define SW_FILEWALK_H

#include "frame.h"
#include "rootfs.h"

enum {
	WALK_DEPTH_MAX = 200,
	WALK_PENDING_MAX = 1000000, /* folders that wait for their turn */
	WALK_HITS_MAX = 2000,       /* told of each kind; more are counted */
	WALK_SECONDS = 1800,
	WALK_THREADS_MAX = 8,
	WALK_PRUNED_MAX = 1000,
	WALK_STALL = 30, /* seconds in which nothing moves: the file system hangs */
};
#define WALK_ENTRIES_MAX UINT64_C(200000000)

/* Folders that are not walked, by what they are. */
struct walk_pruned {
	struct {
		uint64_t dev, ino;
	} list[WALK_PRUNED_MAX];
	size_t n;
};

/* False: there are too many. */
bool walk_prune(struct walk_pruned *p, uint64_t dev, uint64_t ino);

/*
 * Walks all below the root and into local file systems mounted there, by several threads, without
 * following a link. Answers texts, each with its NUL, in no order:
 *
 *   n ENTRIES                       so many were seen so far
 *   w MODE UID GID PATH             a file that all may write, or such a folder that is not sticky
 *   s MODE UID GID PATH             a set-id file
 *   c HEX UID GID PATH              a file with capabilities: their extended attribute
 *   u UID COUNT PATH                files and folders of an owner, and the path of one
 *   g GID COUNT PATH                the same of a group
 *   m TYPE PATH                     a mount that was left out, by its number in hexadecimal
 *   p PATH                          a folder that was pruned
 *   e ERRNO PATH                    what could not be read
 *   x KIND COUNT                    how many hits of a kind there were in all
 *   t WHY                           not all was walked
 *
 * MODE is octal, all other numbers but HEX and TYPE are decimal.
 */
int walk_files(const struct rootfs *root, const struct walk_pruned *pruned, struct reply *reply);

#endif
