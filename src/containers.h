/* SPDX-License-Identifier: Apache-2.0 */
/* containers.h: containers whose records are being gathered; for their collectors only. */
#ifndef SW_CONTAINERS_H
#define SW_CONTAINERS_H

#include "collector.h"

enum { ID_LENGTH = 64 };

struct population {
	struct collector *c;
	size_t listed, delivered, gone, under_way, n_ids, cap_ids, next;
	char (*ids)[ID_LENGTH + 1];
	char *error; /* why the list is not whole */
	bool is_listed;
	bool is_starting;            /* start_some() is at work */
	bool is_open;                /* all is there that a record needs of the engine */
	struct container *held;      /* inspected before that */
	char *before_id, *behind_id; /* the last control group's path, without its container's id */
};

/*
 * What is asked together with a container's process: who is in its control group, as it is likely
 * to have a path like the last one's, and what the process runs, as it is likely to be alone there.
 * The answers come in the order of the questions, so that each is known to be of use when it comes,
 * or is not used. Otherwise all that are under way would take each step in /proc together, while
 * the engine has nothing to do.
 */
struct guess {
	char *cgroup;   /* who is asked for; NULL: nobody */
	json_t *kernel; /* where the answer goes: it is the control group of the process */
	bool is_alone;  /* the process is */
	bool is_over;   /* nothing more comes */
};

struct container {
	struct population *all;
	struct container *next_held;
	char id[ID_LENGTH + 1];
	json_t *body;
	size_t pending;
	int64_t pid;
	unsigned asked;   /* how often inspect was asked */
	bool is_nameless; /* which did not say anything of use */
	char *cgroup;
	struct guess guess;
	char *process; /* what was read of it while its parent is asked for */
	size_t process_len;
};

/* Something that was asked for a container, and where in its record the answer goes. */
struct errand {
	struct container *container;
	json_t *into; /* part of the container's record, which may be thrown away meanwhile */
	char *name;
};

/* One more answer that the container waits for; it goes into into (may be NULL) under name. Ends
 * with container_errand_done(), after which the container may be gone. */
struct errand *container_send(struct container *k, json_t *into, const char *name);
void container_errand_done(struct errand *e);

/* Asks the engine for the container, again when its process turned out to be another's. */
void container_inspect(struct container *k);
/* Asks for its process and the processes of its control group. (container_kernel.c) */
void container_kernel(struct container *k);

#endif
