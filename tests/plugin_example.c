/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plugin_example.c: two checks of your own, to be copied.
 *
 * Compile it against the one installed header and put it where only root can write:
 *
 *   cc -std=c11 -O2 -fPIC -shared -fvisibility=hidden -o house.so plugin_example.c
 *   install -o root -g root -m 0644 house.so /usr/lib/seaworthy/checks/
 *
 * or name it: seaworthy audit --plugin ./house.so. Then a profile lists the checks by their ids:
 *
 *   rules:
 *     - {ref: "h.1", check: example.labelled-owner}
 *     - {ref: "h.2", check: example.newest-engine, params: {least: "24.0"}}
 */
#include <seaworthy/check.h>

/*
 * A check on a container: its subject is what GET /containers/{id}/json says. It is called once for
 * each container. Read in the order that decides; what cannot be read ends as "unknown" by itself.
 */
static enum sw_verdict labelled_owner(struct sw_eval *e)
{
	/* Absent is an answer here: no such label. So the default is the empty text. */
	const char *owner = sw_str(e, "Config/Labels/org.example.owner", "");
	if (!*owner)
		return sw_fail(e, "has no label org.example.owner");
	if (!sw_param_lists(e, "owners", owner))
		return sw_warn(e, "is owned by %s, who is not in the list of owners", owner);
	return SW_PASS;
}

/* A check on the engine: its subject is what is known of the engine; "version" is GET /version. */
static enum sw_verdict newest_engine(struct sw_eval *e)
{
	const char *version = sw_str(e, "version/Version", "");
	const char *least = sw_param_str(e, "least");
	/* Never pass on what was not seen: an engine that does not say its version is no new one.
	 */
	if (!*version)
		return sw_unknown(e, "the engine does not say its version");
	if (sw_version_compare(version, least) < 0)
		return sw_fail(e, "is %s, older than %s", version, least);
	return SW_PASS;
}

/* Values the operator may set, in the profile or by --set. A list ends with {0}. */
static const struct sw_param owner_params[] = {
	{ .name = "owners",
	  .type = SW_LIST,
	  .fallback = "*",
	  .help = "teams that may own a container" },
	{ 0 },
};
static const struct sw_param engine_params[] = {
	{ .name = "least",
	  .type = SW_STRING,
	  .fallback = "20.10",
	  .help = "oldest version allowed" },
	{ 0 },
};

/* The rows. Every text is shown to somebody; none may be missing. The table ends with {0}. */
static const struct sw_check checks[] = {
	{
		.id = "example.labelled-owner",
		.kind = SW_CONTAINER,
		.severity = SW_LOW,
		.title = "Containers say who owns them",
		.why = "Nobody mends a container that nobody owns.",
		.wanted = "a label org.example.owner",
		.remedy = "docker run --label org.example.owner=TEAM …",
		.fn = labelled_owner,
		.params = owner_params,
	},
	{
		.id = "example.newest-engine",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "The engine is new enough",
		.why = "Old engines have known holes.",
		.wanted = "at least the version in the parameter \"least\"",
		.remedy = "Upgrade the engine from your distribution's packages.",
		.fn = newest_engine,
		.params = engine_params,
	},
	{ 0 },
};

/* The one symbol that seaworthy looks for. */
__attribute__((visibility("default"))) const struct sw_plugin seaworthy_plugin = {
	.abi = SW_ABI,
	.row_size = sizeof(struct sw_check),
	.name = "example",
	.checks = checks,
};
