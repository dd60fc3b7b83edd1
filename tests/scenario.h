/* SPDX-License-Identifier: Apache-2.0 */
/* scenario.h: a run over records written as JSON, with rules whose checks say what they are told.
 */
#ifndef SW_TESTS_SCENARIO_H
#define SW_TESTS_SCENARIO_H

#include "engine_private.h"

/*
 * Checks, each of which is a rule of a scenario if its bit is set. WHOLE fails where there are two
 * containers; PEER and PEER_KERNEL pass on what the container "a" has at Kernel/Namespaces, which
 * only the latter asks to be kept; the others say the verdict that "Say" of their subject tells (of
 * the engine info/Say, of the host kernel/Say, of an image Inspect/Say), and fail if that is no
 * verdict.
 */
enum {
	LOW,
	MEDIUM,
	HIGH,
	CRITICAL,
	RUNNING,
	WHOLE,
	PEER,
	PEER_KERNEL,
	ENGINE,
	HOST,
	IMAGE,
	CHECKS
};
#define BIT(check) (1u << (check))

/*
 * Records as the elements of a list, each [kind, id, body]. START or TREE is the first, of a live
 * host or a tree; END, if they are whole, the last. POP says how many containers were listed,
 * delivered and gone; PRESENT what there is of an engine that does not answer.
 */
#define START                                                                                      \
	"[\"snapshot\",\"\",{\"started\":\"2026-01-02T03:04:05Z\",\"privileged\":true,\"live\":"   \
	"true}]"
#define TREE                                                                                       \
	"[\"snapshot\",\"\",{\"started\":\"2026-01-02T03:04:05Z\",\"root\":true,\"live\":false}]"
#define END ",[\"end\",\"\",{\"finished\":\"2026-01-02T03:04:06Z\"}]"
#define SAY(id, word)                                                                              \
	",[\"container\",\"" id "\",{\"Name\":\"/n-" id                                            \
	"\",\"State\":{\"Running\":true},\"Say\":\"" word "\"}]"
#define STOPPED(id, word)                                                                          \
	",[\"container\",\"" id "\",{\"Name\":\"/n-" id                                            \
	"\",\"State\":{\"Running\":false},\"Say\":\"" word "\"}]"
#define UNCLEAR(id, word)                                                                          \
	",[\"container\",\"" id "\",{\"State\":{\"$unread\":\"x\"},\"Say\":\"" word "\"}]"
#define POP(l, d, g)                                                                               \
	",[\"population\",\"container\",{\"listed\":" l ",\"delivered\":" d ",\"gone\":" g         \
	",\"error\":null}]"
#define POP_ERROR(why)                                                                             \
	",[\"population\",\"container\",{\"listed\":0,\"delivered\":0,\"gone\":0,\"error\":\"" why \
	"\"}]"
#define POP_RAW(body) ",[\"population\",\"container\"," body "]"
#define INFO(body)    ",[\"engine\",\"info\"," body "]"
#define NONE          "{\"socket\":null,\"binary\":null,\"unit\":null,\"process\":null}"
#define PRESENT(body, named)                                                                       \
	",[\"engine\",\"info\",{\"$unread\":\"ENOENT: no socket\"}],[\"engine\",\"present\"," body \
	"],[\"engine\",\"endpoint\",{\"url\":\"unix:///x\",\"named\":" named                       \
	",\"local\":true}]" POP_ERROR("ENOENT: no socket")

struct scenario {
	const char *records;
	unsigned rules;      /* 1 << check */
	const char *fail_on; /* NULL: low */
	bool is_named;
	const char *subjects[3];
	/* wanted */
	int exit;
	const char *verdict; /* of the first result */
	const char *reason;  /* part of it */
	size_t findings;     /* of the first result; 0: any number */
	bool incomplete;
	const char *idle; /* the pattern of --subject that selects nothing */
};

/* The profile of the rules, made anew by each run. */
extern struct profile scenario_profile;

/* The report is the judge's, which judge_free() frees. */
struct report *scenario_run(const struct scenario *s, struct judge **ret);

#endif
