/* SPDX-License-Identifier: Apache-2.0 */
/* swarm.c: which part an engine plays in a swarm, and whether anybody asked for that. */
#include "swarm.h"
#include "tables.h"

#include <string.h>

enum swarm_part swarm_part(struct sw_eval *e)
{
	const char *state = sw_str(e, "info/Swarm/LocalNodeState", "");
	int controls;

	if (strcmp(state, "inactive") == 0) {
		sw_skip(e, "this engine is not in a swarm");
		return SWARM_NONE;
	}
	if (strcmp(state, "locked") == 0)
		return SWARM_LOCKED;
	if (strcmp(state, "active") != 0) {
		sw_unknown(
			e,
			"what part this engine plays in a swarm is not known (its state is '%s')",
			state);
		return SWARM_UNSURE;
	}
	controls = engine_says(e, "info/Swarm/ControlAvailable");
	if (controls == UNTOLD)
		return SWARM_UNSURE;
	return controls ? SWARM_MANAGER : SWARM_WORKER;
}

bool swarm_is_manager(struct sw_eval *e, const char *what)
{
	enum swarm_part part = swarm_part(e);

	if (part == SWARM_WORKER)
		sw_unknown(e, "this node is a worker: %s is told by a manager only", what);
	else if (part == SWARM_LOCKED)
		sw_unknown(e, "this manager is locked: it does not tell %s", what);
	return part == SWARM_MANAGER;
}

/* pending, error and locked are states of an engine that has joined. */
static enum sw_verdict swarm_is_off(struct sw_eval *e)
{
	const char *state = sw_str(e, "info/Swarm/LocalNodeState", "");

	if (!*state)
		return sw_unknown(e, "the engine does not say whether it is in a swarm");
	if (strcmp(state, "inactive") == 0)
		return SW_PASS;
	if (sw_param_bool(e, "swarm_needed"))
		return sw_pass(e, "in a swarm (%s), declared as needed", state);
	return sw_fail(e, "in a swarm (%s)", state);
}

static const struct sw_param swarm_params[] = {
	{ "swarm_needed", SW_BOOL, "false", "this engine is meant to be in a swarm" },
	{ 0 },
};

const struct sw_check sw_swarm_checks[] = {
	{
		.id = "engine.swarm-off",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Swarm is off unless it is needed",
		.why = "Swarm opens ports on the network and lets managers start containers on "
		       "this host.",
		.wanted = "inactive, or swarm_needed declared",
		.remedy = "docker swarm leave   (on the last manager: docker swarm leave --force)\n"
			  "or declare swarm_needed",
		.fn = swarm_is_off,
		.params = swarm_params,
	},
	{ 0 },
};
