/* SPDX-License-Identifier: Apache-2.0 */
/* swarm_services.c: whether services keep credentials as secrets of the swarm. */
#include "container.h"
#include "tables.h"

/* What stands in a record where a secret was. */
static const char redacted[] = "\u00abredacted: ";

static const char *name_of(struct sw_eval *e, const char *variable)
{
	return sw_at(e, "%.*s", (int)strcspn(variable, "="), variable);
}

static void judge_text(struct sw_eval *e, const char *text, const char *where, const char *name)
{
	const char *mark = strstr(text, redacted);

	if (mark)
		sw_fail(e, "%s %s holds a credential (%.*s)", where, name,
			(int)strcspn(mark + sizeof(redacted) - 1, "\u00bb"),
			mark + sizeof(redacted) - 1);
}

static size_t judge_list(struct sw_eval *e, const char *list, const char *where, bool is_named)
{
	size_t n = engine_count(e, list);

	for (size_t i = 0; i < n; i++) {
		const char *text = sw_str(e, sw_at(e, "%s/%zu", list, i), "");

		judge_text(e, text, where, is_named ? name_of(e, text) : sw_at(e, "%zu", i + 1));
	}
	return n;
}

static void judge_labels(struct sw_eval *e, const char *labels)
{
	size_t n = engine_count(e, labels);

	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, labels, i);

		judge_text(e, name, "the name of a label", "");
		judge_text(e, sw_str(e, sw_at(e, "%s/%s", labels, sw_esc(e, name)), ""), "label",
			   name);
	}
}

/* That nothing looks like a credential proves little: secrets in use, or nothing given at all, do
 * more. */
static enum sw_verdict credentials_are_secrets(struct sw_eval *e)
{
	size_t variables = judge_list(e, "Config/Env", "variable", true);

	judge_list(e, "Config/Cmd", "argument", false);
	judge_list(e, "Config/Entrypoint", "argument", false);
	judge_labels(e, "Config/Labels");
	judge_labels(e, "Service/Labels");
	if (sw_said(e) != SW_PASS)
		return sw_said(e);
	if (sw_count(e, "Service/Secrets") > 0)
		return sw_pass(e, "uses secrets, and nothing else of it looks like a credential");
	if (variables == 0 ||
	    sw_param_lists(e, "services_without_secrets", sw_str(e, "Service/Name", "")))
		return sw_pass(e, "uses no secret, and nothing of it looks like a credential");
	return sw_warn(e,
		       "uses no secret: see that none of its %zu variables is a credential, and "
		       "declare it in services_without_secrets",
		       variables);
}

static const struct sw_param secret_params[] = {
	{ "services_without_secrets", SW_LIST, NULL,
	  "services (patterns) that were seen to need no credential" },
	{ 0 },
};

const struct sw_check sw_swarm_services_checks[] = {
	{
		.id = "swarm.secrets",
		.kind = SW_SERVICE,
		.severity = SW_HIGH,
		.title = "Services get their credentials as secrets",
		.why = "A password in a variable, an argument or a label is shown to everybody who "
		       "may inspect the service, and in its processes.",
		.wanted = "no credential in variables, arguments and labels",
		.remedy = "docker secret create NAME -   and   docker service update --secret-add "
			  "NAME --env-rm VARIABLE SERVICE\n"
			  "compose: secrets: [NAME]",
		.fn = credentials_are_secrets,
		.params = secret_params,
	},
	{ 0 },
};
