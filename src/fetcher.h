/* SPDX-License-Identifier: Apache-2.0 */
/* fetcher.h: what the fetcher holds while it runs; for its own files only. */
#ifndef SW_FETCHER_H
#define SW_FETCHER_H

#include "docker.h"
#include "fetch.h"
#include "filewalk.h"
#include "frame.h"
#include "guardedkeys.h"
#include "nftdump.h"
#include "proc.h"
#include "rootfs.h"

struct fetcher {
	const struct fetch_options *o;
	struct answers answers;
	struct docker *docker;
	struct proc proc;
	struct rootfs root, engine, kernel;
	struct guarded_keys guarded;
	struct nft_dump nft;
	int proc_error; /* why there is no /proc to ask, negative errno */
	struct walk_pruned pruned;
	bool has_engine; /* engine was opened */
	bool ended;      /* no more questions will come */
	char *input;     /* INPUT_MAX bytes, of which those from at to n_input are not answered */
	size_t n_input, at;
	int64_t alarm_set; /* when the alarm was set; 0: it is not */
	size_t skip;       /* bytes of an argument that was refused for its length */
	char *buf;         /* FETCH_FRAME_MAX, of the reply at hand */
};

/* Answers a question whose argument is q->len bytes at arg, without NUL; what is not on the closed
 * list, or not an argument for it, gets EBADRQC. (fetchops.c) */
void fetcher_answer(struct fetcher *f, const struct fetch_question *q, const char *arg);
/* No question is at hand: the alarm that guards them is turned off. (fetchops.c) */
void fetcher_rest(struct fetcher *f);

#endif
