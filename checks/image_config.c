/* SPDX-License-Identifier: Apache-2.0 */
/* image_config.c: what the configuration of an image says: health check and secrets. */
#include "image.h"
#include "tables.h"

#include <string.h>

/* As the engine takes it: anything but CMD or CMD-SHELL with something to run runs nothing. */
static enum sw_verdict has_health_check(struct sw_eval *e)
{
	static const char test[] = "Inspect/Config/Healthcheck/Test";

	if (!image_is_meant(e, IMAGE_IN_USE))
		return sw_said(e);
	if (!sw_has(e, "Inspect/Config") || !sw_has(e, "Inspect/Config/Healthcheck") ||
	    !sw_has(e, test))
		return sw_fail(e, "no HEALTHCHECK");
	const char *how = sw_str(e, sw_at(e, "%s/0", test), "");
	if (strcmp(how, "NONE") == 0)
		return sw_fail(e, "HEALTHCHECK NONE");
	if (strcmp(how, "CMD") != 0 && strcmp(how, "CMD-SHELL") != 0)
		return sw_fail(e, "its HEALTHCHECK runs nothing: it begins with '%s'", how);
	if (sw_count(e, test) < 2 || *sw_str(e, sw_at(e, "%s/1", test), "") == '\0')
		return sw_fail(e, "its HEALTHCHECK runs nothing");
	return SW_PASS;
}

/* --- secrets --------------------------------------------------------------------------------- */

static const char marker[] = "«redacted: ", marker_end[] = "»";

struct found {
	struct names names;
};

/* Where a secret was replaced when the record was made; what it was is nowhere kept. */
static void look_at(struct sw_eval *e, struct found *f, const char *where, const char *text)
{
	const char *at = strstr(text, marker);

	if (!at)
		return;
	const char *kind = at + strlen(marker), *end = strstr(kind, marker_end);
	size_t n = end ? (size_t)(end - kind) : strlen(kind);

	names_add(e, &f->names, sw_at(e, "%s (%.*s)", where, (int)(n < 40 ? n : 40), kind));
}

/* "ENV NAME" of "NAME=«redacted: …»" */
static const char *variable(struct sw_eval *e, const char *what, const char *text)
{
	size_t n = strcspn(text, "=");

	if (strstr(text, marker) && (size_t)(strstr(text, marker) - text) < n)
		n = 0;
	return sw_at(e, "%s %.*s", what, (int)(n < 60 ? n : 60), text);
}

static void look_at_list(struct sw_eval *e, struct found *f, const char *path, const char *what,
			 bool is_named)
{
	size_t n = sw_has(e, path) ? engine_count(e, path) : 0;

	for (size_t i = 0; i < n; i++) {
		const char *text = sw_str(e, sw_at(e, "%s/%zu", path, i), "");

		look_at(e, f, is_named ? variable(e, what, text) : what, text);
	}
}

static void look_at_labels(struct sw_eval *e, struct found *f, const char *path)
{
	size_t n = sw_has(e, path) ? engine_count(e, path) : 0;

	for (size_t i = 0; i < n; i++) {
		const char *key = sw_key(e, path, i);
		const char *value = sw_str(e, sw_at(e, "%s/%s", path, sw_esc(e, key)), "");

		look_at(e, f, "the name of a label", key);
		look_at(e, f, sw_at(e, "LABEL %.60s", key), value);
	}
}

static void look_at_config(struct sw_eval *e, struct found *f, const char *config)
{
	static const struct {
		const char *member, *what;
		bool is_named;
	} lists[] = {
		{ "Env", "ENV", true },
		{ "Cmd", "CMD", false },
		{ "Entrypoint", "ENTRYPOINT", false },
		{ "OnBuild", "ONBUILD", false },
		{ "Healthcheck/Test", "HEALTHCHECK", false },
	};

	if (!sw_has(e, config))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		if (i == ARRAY_SIZE(lists) - 1 && !sw_has(e, sw_at(e, "%s/Healthcheck", config)))
			continue;
		look_at_list(e, f, sw_at(e, "%s/%s", config, lists[i].member), lists[i].what,
			     lists[i].is_named);
	}
	look_at_labels(e, f, sw_at(e, "%s/Labels", config));
}

static void look_at_history(struct sw_eval *e, struct found *f)
{
	size_t n = engine_count(e, "History");

	for (size_t i = 0; i < n; i++) {
		const char *where = sw_at(e, "line %zu of its history", n - i);

		look_at(e, f, where, sw_str(e, sw_at(e, "History/%zu/CreatedBy", i), ""));
		look_at(e, f, where, sw_str(e, sw_at(e, "History/%zu/Comment", i), ""));
	}
}

static enum sw_verdict no_secrets(struct sw_eval *e)
{
	struct found f = { { "", 0 } };

	if (!image_is_meant(e, IMAGE_IN_USE_OR_TAGGED))
		return sw_said(e);
	look_at_config(e, &f, "Inspect/Config");
	/* The older builder leaves here what the last instruction was run with. */
	look_at_config(e, &f, "Inspect/ContainerConfig");
	look_at_history(e, &f);
	if (f.names.n > 0)
		return sw_fail(e, "holds what looks like a secret in %s", names_text(e, &f.names));
	return sw_said(e);
}

const struct sw_check sw_image_config_checks[] = {
	{
		.id = "image.healthcheck",
		.kind = SW_IMAGE,
		.severity = SW_LOW,
		.title = "Images declare a health check",
		.why = "Without one the engine takes a service that hangs for one that works.",
		.wanted = "HEALTHCHECK with a command",
		.remedy = "In the Dockerfile: HEALTHCHECK CMD COMMAND",
		.fn = has_health_check,
		.needs = SW_NEEDS_IMAGES,
	},
	{
		.id = "image.no-secrets",
		.kind = SW_IMAGE,
		.severity = SW_HIGH,
		.title = "No secrets are left in images by their build",
		.why = "Variables, build arguments, labels and commands are kept in the image: "
		       "whoever can "
		       "pull it can read them.",
		.wanted = "no secret in ENV, ARG, LABEL, CMD or RUN",
		.remedy = "Replace the secret, which is known by now; hand it over with RUN "
			  "--mount=type=secret when building and as a file when running",
		.fn = no_secrets,
		.needs = SW_NEEDS_IMAGES,
	},
	{ 0 },
};
