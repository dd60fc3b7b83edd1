/* SPDX-License-Identifier: Apache-2.0 */
/* host_common.h: what checks of a host ask alike; private to checks/. */
#ifndef SW_CHECKS_HOST_COMMON_H
#define SW_CHECKS_HOST_COMMON_H

#include <seaworthy/check.h>

/* The parameter "role" alone, and as a row for a table with others. */
extern const struct sw_param host_role_params[];
#define HOST_ROLE_PARAM                                                                            \
	{                                                                                          \
		"role", SW_STRING, "docker",                                                       \
			"what the host is for: docker, docker-rootless, swarm, or none (no "       \
			"containers: the plain benchmark)"                                         \
	}

enum host_role {
	HOST_ROLE_NONE,
	HOST_ROLE_DOCKER,
	HOST_ROLE_ROOTLESS, /* only users run engines */
	HOST_ROLE_SWARM,
	HOST_ROLE_UNTOLD, /* the parameter has no such value: was said as unknown */
};

enum host_role host_role(struct sw_eval *e);
/* Does an engine run here, or one of the users? False of HOST_ROLE_UNTOLD. */
bool host_has_engine(struct sw_eval *e);
/* Does an engine with the rights of root run here: it makes bridges, forwards and filters. */
bool host_has_root_engine(struct sw_eval *e);

/*
 * Is it a running host (true), or a tree that is not booted (false), of which only what is
 * configured can be judged? Marks when that was not recorded.
 */
bool host_is_running(struct sw_eval *e);
/*
 * How many elements the list or object at path has, most at the most; of more, which nobody looks
 * at then, is said as unknown.
 */
size_t host_count(struct sw_eval *e, const char *path, size_t most);
/* "", or "configured: " of a tree that is not booted: to begin a reason with. */
const char *host_configured(struct sw_eval *e);

#endif
