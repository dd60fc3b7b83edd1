/* SPDX-License-Identifier: Apache-2.0 */
/* swarm.c: whether an engine takes part in a swarm that nobody asked for. */
#include "engine.h"
#include "tables.h"

#include <string.h>

/* pending, error and locked are states of an engine that has joined. */
static enum sw_verdict swarm_is_off(struct sw_eval *e)
{
	const char *state = sw_str(e, "info/Swarm/LocalNodeState", "inactive");

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
