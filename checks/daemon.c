/* SPDX-License-Identifier: Apache-2.0 */
/* daemon.c: how the engine runs as a service: restarts, experimental features, its configuration
 * file. */
#include <string.h>

#include "engine.h"

/* Only a note of another rule: an engine that is elsewhere, or a file that cannot be read, adds
 * nothing. */
static void note_config_errors(struct sw_eval *e)
{
	for (int i = 0; i < ENGINE_LIST_MAX; i++) {
		const char *error = sw_at(e, "config-errors/%d", i);
		if (!sw_is_known(e, error))
			return;
		sw_warn(e, "on, but the engine would not start again: %s", sw_str(e, error, ""));
	}
}

static enum sw_verdict live_restore_is_on(struct sw_eval *e)
{
	if (engine_lacks(e, "Podman's containers hang on no daemon: each has a conmon of its own"))
		return SW_SKIP;
	int on = engine_says(e, "info/LiveRestoreEnabled");
	const char *drift = engine_setting_drift(e, "live-restore");

	if (on == UNTOLD)
		return SW_UNKNOWN;
	if (on) {
		note_config_errors(e);
		return *drift ? sw_pass(e, "on%s", drift) : SW_PASS;
	}
	const char *swarm = engine_text(e, "info/Swarm/LocalNodeState");
	if (*swarm == '\0')
		return SW_UNKNOWN;
	if (strcmp(swarm, "inactive") != 0)
		return sw_skip(e, "the engine is in a swarm (%s), which excludes live restore",
			       swarm);
	engine_note_flag(e, "live-restore");
	return sw_fail(e, "containers stop when the engine stops%s", drift);
}

static enum sw_verdict experimental_is_off(struct sw_eval *e)
{
	if (engine_lacks(e, "Podman has no such switch, and always answers that it is on"))
		return SW_SKIP;
	int on = engine_says(e, "info/ExperimentalBuild");
	const char *drift = engine_setting_drift(e, "experimental");

	if (on == UNTOLD)
		return SW_UNKNOWN;
	if (on) {
		engine_note_flag(e, "experimental");
		return sw_fail(e, "experimental features are on%s", drift);
	}
	return *drift ? sw_pass(e, "off%s", drift) : SW_PASS;
}

static size_t judge_texts(struct sw_eval *e, const char *list)
{
	size_t n = engine_count(e, list);

	if (!sw_has(e, list))
		sw_unknown(e, "daemon.json was not examined");
	for (size_t i = 0; i < n; i++)
		sw_fail(e, "%s", sw_str(e, sw_at(e, "%s/%zu", list, i), ""));
	return n;
}

static enum sw_verdict configuration_is_valid(struct sw_eval *e)
{
	if (engine_lacks(e, "Podman reads no daemon.json"))
		return SW_SKIP;
	int exists = engine_says(e, "daemon-json/exists");
	size_t n = judge_texts(e, "config-errors") + judge_texts(e, "config-ignored");

	if (exists == 0 && n == 0 && sw_said(e) == SW_PASS)
		return sw_skip(e, "there is no daemon.json");
	return sw_said(e);
}

const struct sw_check sw_daemon_checks[] = {
	{
		.id = "daemon.live-restore",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Containers outlive a restart of the engine",
		.why = "Otherwise every update of the engine stops all services, so updates are "
		       "put off.",
		.wanted = "true",
		.remedy = "/etc/docker/daemon.json: \"live-restore\": true, then: systemctl "
			  "reload docker",
		.fn = live_restore_is_on,
	},
	{
		.id = "daemon.experimental",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Experimental features are off",
		.why = "They are less tested, and may change or vanish with any update.",
		.wanted = "false",
		.remedy = "Remove \"experimental\": true from /etc/docker/daemon.json, then: "
			  "systemctl restart docker",
		.fn = experimental_is_off,
	},
	{
		.id = "daemon.config-valid",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "daemon.json is one that the engine accepts and obeys",
		.why = "An engine with a faulty file does not start again, and a key that it "
		       "ignores protects nothing.",
		.wanted = "no errors",
		.remedy = "Correct the named keys in /etc/docker/daemon.json, then: dockerd "
			  "--validate",
		.fn = configuration_is_valid,
	},
	{ 0 },
};
