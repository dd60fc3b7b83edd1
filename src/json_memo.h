/* SPDX-License-Identifier: Apache-2.0 */
/* json_memo.h: what a writer writes many times is kept as text. */
#ifndef SW_JSON_MEMO_H
#define SW_JSON_MEMO_H

#include "text.h"

struct json_writer;

/* Text by the address of what it tells of, and how many of these. Zero-initialised. */
struct json_memo {
	struct memo_entry *slots; /* open addressing; a key of NULL is free */
	size_t n_slots, n;
	struct text texts; /* one behind the other */
	unsigned long long start;
};

void json_memo_done(struct json_memo *m);

/*
 * True: the member that was written when json_remember() was last called for these n is written
 * again; the second time at the earliest. False: the caller writes it, and then calls
 * json_remember(). Only for what is the same wherever it stands, and outlives the writer; not
 * nested.
 */
bool json_again(struct json_writer *w, const void *key, size_t n);
void json_remember(struct json_writer *w, const void *key, size_t n);

#endif
