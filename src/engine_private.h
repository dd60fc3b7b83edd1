/* SPDX-License-Identifier: Apache-2.0 */
/* engine_private.h: shared by engine.c, rollup.c and source.c only. */
#ifndef SW_ENGINE_PRIVATE_H
#define SW_ENGINE_PRIVATE_H

#include "engine.h"
#include "eval.h"

struct population {
	bool came;
	int64_t listed, delivered, gone;
	int64_t seen;      /* records of this kind that came */
	const char *error; /* why it is not whole; NULL if it is */
};

/* A rule over several subjects that waits until all are known. */
struct waiting {
	struct result *result;
	const struct subject *subject;
	json_t *facts; /* its entry of the index, with all that is kept of one */
};

struct judge {
	struct judge_options o;
	struct report report;
	json_t *world;
	bool is_derived, has_end, is_root;
	bool has_whole;     /* a selected rule is over several subjects */
	bool keeps_kernel;  /* and one of these asks for "Kernel" of others */
	bool has_no_engine; /* there is none here, and none was named */
	struct subject *host, *engine;
	struct population populations[SW_SERVICE + 1];
	struct subject **index; /* every one whose record came */
	size_t n_index, cap_index;
	json_t *latest;    /* the latest entry at @index; borrowed from the world */
	json_t *no_kernel; /* stands for "Kernel" in an index that does not keep it */
	struct waiting *waiting;
	size_t n_waiting, cap_waiting;
	struct read_buffer reads; /* of the evaluation at hand */
	/* evidence lists seen so far, so that equal ones are kept once */
	const struct evidence **lists;
	size_t *list_lengths;
	size_t n_lists, n_slots;
};

/* Where the fact at path of a subject of this kind comes from. */
const char *fact_source(struct arena *a, json_t *world, enum sw_kind kind, const char *path);

/* judge_evidence.c: the evidence of an evaluation of a subject of this kind; lives as the report.
 */
const struct evidence *evidence_of(struct judge *j, enum sw_kind kind, const struct eval_outcome *o,
				   size_t *ret_n);

/*
 * hostrules.c: what became of the profiles that are about the host alone, as @run/host-rules:
 * {"profiles": [id…], "defined": N, "judged": N, "failed": [{"ref","title"}…], "unknown": […]};
 * failed are those of severity high or more that no waiver covers. Not there when there is none.
 */
void add_host_rules(struct judge *j);

/* rollup.c: who host and engine are, which waivers ask for. */
void describe_target(struct judge *j);

/* chosen.c: does --subject select it? */
bool subject_is_chosen(const struct judge *j, const struct subject *s);

/* engine.c: is the engine in no swarm, or a worker, whose services are judged on a manager? */
bool has_no_services(const struct judge *j);

/* rollup.c: from findings to the report. */
void rollup(struct judge *j);

#endif
