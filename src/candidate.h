/* SPDX-License-Identifier: Apache-2.0 */
/* candidate.h: a process that may be the engine: what is learnt of it to tell. */
#ifndef SW_CANDIDATE_H
#define SW_CANDIDATE_H

#include "collector.h"

enum { SOCKETS = 256 };

struct listener {
	unsigned long inode;
	char *address; /* path, or "address:port" */
};

struct candidate {
	int64_t pid;
	struct listener unix_sockets[SOCKETS], tcp_sockets[SOCKETS];
	size_t n_unix, n_tcp;
	char *tcp_why; /* why the TCP sockets could not be read */
	bool tcp_is_read;
	json_t *fds;    /* link targets */
	bool may_speak; /* TCP: one of its sockets does, or may for all that the kernel says */
	char *parts;    /* of its /proc */
	size_t n_parts;
	char *root;    /* what /proc/<pid>/root is called from here */
	bool own_root; /* another root folder or mount namespace than the audited one */
};

void candidate_done(struct candidate *k);

/* Asks for text about a process; NULL with the reason. */
char *ask_pid(struct collector *c, enum fetch_op op, unsigned sub, size_t *ret_len, char **why,
	      const char *format, ...) SW_PRINTF(6, 7);

/* Sockets and files of the process k->pid; its root is the engine's from then on. False: why not.
 */
bool candidate_learn(struct collector *c, struct candidate *k, char **why);
/* Its root alone, once more. */
bool candidate_learn_root(struct collector *c, struct candidate *k);
/* Where it listens for TCP, if that was not learnt yet. */
void candidate_learn_tcp(struct collector *c, struct candidate *k);
/* Is one of its listening sockets this file? Asked while its root is the engine's. */
bool candidate_listens_at(struct collector *c, const struct candidate *k, uint64_t dev,
			  uint64_t ino);
/* Does it serve the API itself, with these data? */
bool candidate_is_engine(const struct collector *c, const struct candidate *k,
			 const char *data_root);
/* engine/process: a new reference. Its namespaces are the engine's from then on. */
json_t *candidate_describe(struct collector *c, const struct candidate *k);

#endif
