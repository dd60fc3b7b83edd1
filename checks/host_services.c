/* SPDX-License-Identifier: Apache-2.0 */
/* host_services.c: see host_services.h. */
#include "host_services.h"

#include <inttypes.h>
#include <string.h>

static const char *const endings[] = { ".service", ".socket", ".path", "@.service" };

static const char *unit_name(struct sw_eval *e, const char *name, size_t i)
{
	if (strchr(name, '.'))
		return i == 0 ? name : NULL;
	return sw_at(e, "%s%s", name, endings[i]);
}

static const char *unit_enabled(struct sw_eval *e, const char *unit)
{
	const char *at = sw_at(e, SERVICES "units/%s", sw_esc(e, unit));

	if (!sw_has(e, at) || sw_bool(e, sw_at(e, "%s/masked", at), false))
		return NULL;
	if (sw_count(e, sw_at(e, "%s/links", at)) > 0)
		return sw_at(e, "%s by %s", unit, sw_str(e, sw_at(e, "%s/links/0", at), "a link"));
	if (sw_has(e, sw_at(e, "%s/by", at)))
		return sw_at(e, "%s by %s", unit, sw_str(e, sw_at(e, "%s/by", at), ""));
	if (sw_bool(e, sw_at(e, "%s/preset", at), false))
		return sw_at(e, "%s by the presets of the first boot", unit);
	return NULL;
}

/* A script of OpenRC or of System V is named as it is. */
static const char *script_enabled(struct sw_eval *e, const char *name)
{
	static const char *const kinds[] = { "openrc", "sysv" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *at = sw_at(e, SERVICES "%s/%s", kinds[i], sw_esc(e, name));
		if (sw_count(e, at) > 0)
			return sw_at(e, "%s in %s", name, sw_str(e, sw_at(e, "%s/0", at), ""));
	}
	return NULL;
}

const char *service_enabled(struct sw_eval *e, const struct service *s)
{
	for (const char *const *name = s->names; *name; name++) {
		const char *how = script_enabled(e, *name);
		for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]) && !how; i++) {
			const char *unit = unit_name(e, *name, i);
			how = unit ? unit_enabled(e, unit) : NULL;
		}
		if (how)
			return how;
	}
	return NULL;
}

static const char *unit_running(struct sw_eval *e, const struct service *s)
{
	for (const char *const *name = s->names; *name; name++) {
		for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
			const char *unit = unit_name(e, *name, i);
			if (unit && sw_has(e, sw_at(e, PROCESSES "units/%s", sw_esc(e, unit))))
				return unit;
		}
	}
	return NULL;
}

static bool is_own_unit(const struct service *s, const char *unit)
{
	for (const char *const *name = s->names; *name; name++) {
		if (strncmp(unit, *name, strlen(*name)) == 0)
			return true;
	}
	return *unit == '\0';
}

static const char *program_running(struct sw_eval *e, const struct service *s)
{
	for (const char *const *name = s->programs; name && *name; name++) {
		const char *list = sw_at(e, PROCESSES "programs/%s", sw_esc(e, *name));
		for (size_t i = 0, n = sw_count(e, list); i < n; i++) {
			const char *unit = sw_str(e, sw_at(e, "%s/%zu/unit", list, i), "");
			const char *path = sw_str(e, sw_at(e, "%s/%zu/path", list, i), "");
			if (!s->other_units || is_own_unit(s, unit))
				return *unit ? sw_at(e, "%s of %s", path, unit) : path;
		}
	}
	return NULL;
}

const char *socket_text(struct sw_eval *e, const char *at)
{
	const char *program = sw_at(e, "%s/program", at), *unit = sw_at(e, "%s/unit", at);
	const char *who = sw_is_known(e, program) ? sw_str(e, program, "") : "one not known";

	if (sw_is_known(e, unit))
		who = sw_at(e, "%s (%s)", who, sw_str(e, unit, ""));
	return sw_at(e, "%s port %" PRId64 " on %s by %s",
		     sw_str(e, sw_at(e, "%s/protocol", at), ""),
		     sw_int(e, sw_at(e, "%s/port", at), 0),
		     sw_str(e, sw_at(e, "%s/address", at), ""), who);
}

const char *service_port_unowned(struct sw_eval *e, const struct service *s)
{
	if (!s->port || !host_is_running(e))
		return NULL;
	for (size_t i = 0, n = sw_count(e, LISTENING); i < n; i++) {
		const char *at = sw_at(e, LISTENING "/%zu", i);
		if (sw_int(e, sw_at(e, "%s/port", at), 0) == s->port &&
		    !sw_is_known(e, sw_at(e, "%s/program", at)))
			return socket_text(e, at);
	}
	return NULL;
}

bool socket_is_containers(struct sw_eval *e, const char *at)
{
	const char *program = sw_at(e, "%s/program", at), *name;

	if (!sw_is_known(e, program))
		return false;
	if (sw_has(e, sw_at(e, "%s/container", at)))
		return true;
	name = strrchr(sw_str(e, program, ""), '/');
	return name && (strcmp(name, "/docker-proxy") == 0 || strcmp(name, "/rootlessport") == 0);
}

const char *service_running(struct sw_eval *e, const struct service *s)
{
	const char *unit;

	if (!host_is_running(e))
		return NULL;
	unit = unit_running(e, s);
	return unit ? unit : program_running(e, s);
}

const char *service_installed(struct sw_eval *e, const struct service *s)
{
	for (const char *const *name = s->programs; name && *name; name++) {
		const char *list = sw_at(e, SERVICES "programs/%s", sw_esc(e, *name));
		if (!sw_has(e, list))
			sw_unknown(e, "whether there is a program %s was not looked for", *name);
		if (sw_count(e, list) > 0)
			return sw_str(e, sw_at(e, "%s/0/path", list), *name);
	}
	return NULL;
}
