/* SPDX-License-Identifier: Apache-2.0 */
/* filewalk_private.h: what the two halves of the walk share: its threads, and their looking. */
#ifndef SW_FILEWALK_PRIVATE_H
#define SW_FILEWALK_PRIVATE_H

#include <pthread.h>

#include "filewalk.h"
#include "text.h"
#include "walkowners.h"

enum { ENTRIES_BYTES = 64 << 10 };

/* A folder. It lives, with its descriptor, until all folders in it are done. */
struct folder {
	struct folder *parent, *next;
	int fd;
	unsigned depth, refs;
	uint64_t dev;
	char name[];
};

struct kind {
	char letter;
	uint64_t n;
};

struct walker {
	const struct walk_pruned *pruned;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t more, changed;
	struct folder *first;
	size_t n_pending, n_active, n_done_threads;
	uint64_t entries;
	struct text told; /* for the reply; the main thread takes it */
	struct kind kinds[4];
	struct walk_pruned roots; /* mounts that were entered */
	char stop[64];            /* why the rest is left out */
	bool ended;
};

struct worker {
	struct walker *w;
	pthread_t thread;
	struct walk_owners *owners;
	char *buf;  /* ENTRIES_BYTES */
	char *path; /* PATH_MAX, for what is told */
	bool has_cwd;
	const struct folder *cwd;
	struct folder *found; /* folders in the one at hand */
	size_t n_found;
};

/* Takes the folder's own mode and owner, and those of what is in it; folders in it are gathered in
 * k->found. */
void walk_folder(struct worker *k, struct folder *f);
/* No more is walked. */
void walk_stop(struct walker *w, const char *why);

#endif
