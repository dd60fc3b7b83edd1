/* SPDX-License-Identifier: Apache-2.0 */
/* container_exec.c: commands brought into a running container with docker exec that still run. */
#include "container.h"
#include "tables.h"

#include <string.h>

typedef void exec_fn(struct sw_eval *e, const char *config, const char *id);

/* Calls fn for every exec that runs; one that was made and never started does not. */
static void each_exec(struct sw_eval *e, exec_fn *fn)
{
	size_t n = sw_count(e, "ExecIDs") > 0 ? engine_count(e, "Execs") : 0;

	if (sw_count(e, "ExecIDs") > 0 && !sw_has(e, "Execs"))
		sw_unknown(e, "its execs were not asked for");
	for (size_t i = 0; i < n; i++) {
		const char *exec = sw_at(e, "Execs/%zu", i);

		if (!sw_has(e, sw_at(e, "%s/Running", exec)))
			sw_unknown(e, "the engine does not say whether an exec runs");
		if (sw_bool(e, sw_at(e, "%s/Running", exec), false))
			fn(e, sw_at(e, "%s/ProcessConfig", exec),
			   short_id(e, sw_str(e, sw_at(e, "%s/ID", exec), "?")));
	}
}

/* What runs now proves nothing about before: only an operator who says so makes that a pass. */
static enum sw_verdict as_of_now(struct sw_eval *e, const char *what)
{
	if (sw_said(e) != SW_PASS)
		return sw_said(e);
	if (sw_param_bool(e, "now_is_enough"))
		return sw_pass(e, "no exec %s runs now", what);
	return sw_warn(e, "no exec %s runs now; earlier ones are in the audit log only", what);
}

static void judge_privileged(struct sw_eval *e, const char *config, const char *id)
{
	if (sw_bool(e, sw_at(e, "%s/privileged", config), false))
		sw_fail(e, "exec %s runs with --privileged", id);
}

static enum sw_verdict no_privileged_exec(struct sw_eval *e)
{
	if (!container_is_running(e))
		return sw_skip(e, "it does not run");
	each_exec(e, judge_privileged);
	return as_of_now(e, "with --privileged");
}

static void judge_root(struct sw_eval *e, const char *config, const char *id)
{
	const char *user = sw_str(e, sw_at(e, "%s/user", config), "");
	const char *own = sw_str(e, "Config/User", "");

	if (strcmp(user, own) == 0 || user_is(own) == USER_ROOT)
		return;
	if (user_is(user) == USER_ROOT)
		sw_fail(e, "exec %s runs as root, the container as '%s'", id, own);
	else if (user_is(user) == USER_NAMED)
		sw_unknown(e, "exec %s runs as '%s': whether that is root is told by the image", id,
			   user);
}

static enum sw_verdict no_root_exec(struct sw_eval *e)
{
	if (!container_is_running(e))
		return sw_skip(e, "it does not run");
	each_exec(e, judge_root);
	return as_of_now(e, "as root");
}

static const struct sw_param exec_params[] = {
	{ "now_is_enough", SW_BOOL, "false", "pass when no such exec runs at this moment" },
	{ 0 },
};

const struct sw_check sw_container_exec_checks[] = {
	{
		.id = "container.no-exec-privileged",
		.kind = SW_CONTAINER,
		.severity = SW_HIGH,
		.title = "No privileged command is brought into a container",
		.why = "docker exec --privileged gives one command every capability, past all that "
		       "the "
		       "container was started with.",
		.wanted = "no exec with --privileged, now or in the audit log",
		.remedy = "End it and run docker exec without --privileged; then look at\n"
			  "ausearch -k docker | grep exec",
		.fn = no_privileged_exec,
		.params = exec_params,
		.flags = SW_RUNNING,
		.needs = SW_NEEDS_EXECS,
	},
	{
		.id = "container.no-exec-root",
		.kind = SW_CONTAINER,
		.severity = SW_MEDIUM,
		.title = "No command is brought into a container as root",
		.why = "In a container made to run as an ordinary user a root command undoes that, "
		       "and "
		       "leaves files and processes that belong to root.",
		.wanted = "no exec as root, now or in the audit log",
		.remedy = "End it and run docker exec without --user root; then look at\n"
			  "ausearch -k docker | grep exec",
		.fn = no_root_exec,
		.params = exec_params,
		.flags = SW_RUNNING,
		.needs = SW_NEEDS_EXECS,
	},
	{ 0 },
};
