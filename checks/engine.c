/* SPDX-License-Identifier: Apache-2.0 */
/* engine.c: what several checks of an engine ask alike: security options, settings in force, drift.
 */
#include "engine.h"

size_t engine_count(struct sw_eval *e, const char *path)
{
	size_t n = sw_count(e, path);

	if (n <= ENGINE_LIST_MAX)
		return n;
	sw_unknown(e, "%s has %zu entries; only %d were looked at", path, n, ENGINE_LIST_MAX);
	return ENGINE_LIST_MAX;
}

static const char *rest_of_option(const char *entry, const char *name)
{
	size_t n = strlen(name);

	if (begins_with(entry, "name="))
		entry += strlen("name=");
	if (strncmp(entry, name, n) != 0)
		return NULL;
	if (entry[n] == '\0')
		return entry + n;
	return entry[n] == ',' ? entry + n + 1 : NULL;
}

const char *engine_option(struct sw_eval *e, const char *name)
{
	size_t n = engine_count(e, "info/SecurityOptions");

	for (size_t i = 0; i < n; i++) {
		const char *entry = sw_str(e, sw_at(e, "info/SecurityOptions/%zu", i), "");
		const char *rest = rest_of_option(entry, name);
		if (rest)
			return rest;
	}
	return NULL;
}

bool engine_is_podman(struct sw_eval *e)
{
	return sw_is_known(e, "@engine/product") &&
	       strcmp(sw_str(e, "@engine/product", ""), "Podman") == 0;
}

bool engine_lacks(struct sw_eval *e, const char *reason)
{
	if (!engine_is_podman(e))
		return false;
	sw_skip(e, "%s", reason);
	return true;
}

int engine_says(struct sw_eval *e, const char *path)
{
	if (sw_has(e, path))
		return sw_bool(e, path, false);
	sw_unknown(e, "the engine does not tell %s", path);
	return UNTOLD;
}

const char *engine_text(struct sw_eval *e, const char *path)
{
	const char *s = sw_str(e, path, "");

	if (*s == '\0')
		sw_unknown(e, "the engine does not tell %s", path);
	return s;
}

const char *engine_setting(struct sw_eval *e, const char *key)
{
	const char *of = sw_esc(e, key);

	if (*sw_str(e, sw_at(e, "effective/%s/origin", of), "") == '\0')
		sw_unknown(e, "what is in force for %s was not told", key);
	return sw_at(e, "effective/%s/value", of);
}

int engine_setting_bool(struct sw_eval *e, const char *key)
{
	const char *path = engine_setting(e, key);

	if (sw_has(e, path))
		return sw_bool(e, path, false);
	sw_unknown(e, "what is in force for %s was not told", key);
	return UNTOLD;
}

const char *engine_setting_origin(struct sw_eval *e, const char *key)
{
	return sw_str(e, sw_at(e, "effective/%s/origin", sw_esc(e, key)), "");
}

const char *engine_setting_drift(struct sw_eval *e, const char *key)
{
	const char *member = sw_at(e, "effective/%s", sw_esc(e, key));

	if (!sw_is_known(e, member))
		return "";
	const char *drift = sw_str(e, sw_at(e, "%s/drift", member), "");
	return *drift ? sw_at(e, "; %s", drift) : "";
}

void engine_note_flag(struct sw_eval *e, const char *key)
{
	const char *path = sw_at(e, "effective/%s/on_command_line", sw_esc(e, key));

	if (sw_is_known(e, path))
		sw_bool(e, path, false);
}
