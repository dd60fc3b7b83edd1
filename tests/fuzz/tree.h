/* SPDX-License-Identifier: Apache-2.0 */
/* tree.h: a tree of files out of one input, for parsers of files that include each other. */
#ifndef SW_FUZZ_TREE_H
#define SW_FUZZ_TREE_H

#include "confdir.h"

enum { TREE_ENTRIES = 64 };

/*
 * Each file begins with a line "@@TYPE PATH", its content follows up to the next such line. TYPE is
 * "f" a file, "d" a folder, "l" a link whose content is its target, "n" a link to /dev/null, "x"
 * what may not be read, "q" an answer to a question of fetch.h that is about no file (PATH: "OP SUB
 * ARGUMENT"). What comes before the first such line is the file at first.
 */
struct tree_entry {
	char type;
	char *path, *data; /* data is NUL-terminated */
	size_t n;
};

struct tree {
	struct tree_entry entries[TREE_ENTRIES];
	size_t n;
};

void tree_init(struct tree *t, const char *first, const uint8_t *data, size_t n);
void tree_done(struct tree *t);

/* The entry of that path, links followed; or NULL. Folders above a file need no entry. */
const struct tree_entry *tree_find(const struct tree *t, const char *path, bool follow);
const struct tree_entry *tree_question(const struct tree *t, const char *question);
bool tree_is_dir(const struct tree *t, const char *path);
/* Calls for each name in a folder, sorted, once. */
void tree_each(const struct tree *t, const char *path,
	       void (*entry)(char type, const char *name, void *context), void *context);

struct conf_source tree_source(struct tree *t);

#endif
