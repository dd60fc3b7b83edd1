/* SPDX-License-Identifier: Apache-2.0 */
/* image_trust.c: Docker Content Trust, and what is left of it. */
#include "engine.h"
#include "tables.h"

/*
 * docker/cli 29.0 took content trust out of pull, run, build and push. Docker has said that
 * certificates of its official images expire from 2025-08-08 on and that the service behind it ends
 * on 2026-12-08.
 */
static const char retired[] = "29.0";
static const char outlook[] =
	"Docker ends its service on 2026-12-08: verify signatures otherwise (image.signed)";

static const char settings[] = "@host/environment/DOCKER_CONTENT_TRUST";

/* docker/cli takes what is neither empty nor false to Go's strconv.ParseBool as on. */
static bool is_off(const char *value)
{
	static const char *const words[] = { "", "0", "f", "F", "false", "False", "FALSE" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(value, words[i]) == 0)
			return true;
	return false;
}

/* Is it switched on for those who log in? 1, 0, or UNTOLD. */
static int is_on(struct sw_eval *e, const char **ret_file)
{
	int on = 0;
	size_t n;

	if (!sw_has(e, settings)) {
		sw_unknown(e, "the environment of logins was not read");
		return UNTOLD;
	}
	n = engine_count(e, settings);
	for (size_t i = 0; i < n; i++) {
		const char *value = sw_str(e, sw_at(e, "%s/%zu/Value", settings, i), "");

		on = !is_off(value);
		*ret_file = sw_str(e, sw_at(e, "%s/%zu/File", settings, i), "?");
		if (!on)
			break;
	}
	return on;
}

static enum sw_verdict content_trust_is_on(struct sw_eval *e)
{
	const char *version = engine_text(e, "info/ServerVersion"), *file = "?";

	if (*version == '\0')
		return SW_UNKNOWN;
	if (engine_is_podman(e))
		return sw_warn(e, "Podman decides by /etc/containers/policy.json: see whether that "
				  "demands signatures");
	if (sw_version_compare(version, retired) >= 0)
		return sw_skip(
			e,
			"Docker %s has no content trust any more: verify signatures otherwise "
			"(image.signed)",
			version);
	switch (is_on(e, &file)) {
	case 1: return sw_pass(e, "on by %s; %s", file, outlook);
	case 0: break;
	default: return SW_UNKNOWN;
	}
	if (sw_param_bool(e, "strict"))
		return sw_fail(e, "DOCKER_CONTENT_TRUST=1 is not set for logins; %s", outlook);
	return sw_warn(e, "DOCKER_CONTENT_TRUST=1 is not set for logins; %s", outlook);
}

static const struct sw_param trust_params[] = {
	{ "strict", SW_BOOL, "false",
	  "fail where content trust is off, although it is being retired" },
	{ 0 },
};

const struct sw_check sw_image_trust_checks[] = {
	{
		.id = "image.content-trust",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Signatures of images are demanded",
		.why = "Without that, docker pull takes whatever a registry, or who is between, "
		       "sends.",
		.wanted = "DOCKER_CONTENT_TRUST=1 before Docker 29, other signatures since",
		.remedy = "Before Docker 29: echo DOCKER_CONTENT_TRUST=1 >> /etc/environment, "
			  "which soon makes pulls "
			  "of official images fail\nBetter: verify signatures of cosign or "
			  "notation where images "
			  "are deployed",
		.fn = content_trust_is_on,
		.params = trust_params,
	},
	{ 0 },
};
