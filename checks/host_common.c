/* SPDX-License-Identifier: Apache-2.0 */
/* host_common.c: see host_common.h. */
#include "host_common.h"

#include <string.h>

const struct sw_param host_role_params[] = { HOST_ROLE_PARAM, { 0 } };

enum host_role host_role(struct sw_eval *e)
{
	static const struct {
		const char *name;
		enum host_role role;
	} roles[] = {
		{ "none", HOST_ROLE_NONE },
		{ "docker", HOST_ROLE_DOCKER },
		{ "docker-rootless", HOST_ROLE_ROOTLESS },
		{ "swarm", HOST_ROLE_SWARM },
	};
	const char *name = sw_param_str(e, "role");

	for (size_t i = 0; name && i < sizeof(roles) / sizeof(roles[0]); i++)
		if (strcmp(roles[i].name, name) == 0)
			return roles[i].role;
	sw_unknown(e, "role is '%s', not docker, docker-rootless, swarm or none", name ? name : "");
	return HOST_ROLE_UNTOLD;
}

bool host_has_engine(struct sw_eval *e)
{
	enum host_role role = host_role(e);
	return role != HOST_ROLE_NONE && role != HOST_ROLE_UNTOLD;
}

bool host_has_root_engine(struct sw_eval *e)
{
	enum host_role role = host_role(e);
	return role == HOST_ROLE_DOCKER || role == HOST_ROLE_SWARM;
}

bool host_is_running(struct sw_eval *e)
{
	return sw_bool(e, "@host/kernel/running", true);
}

const char *host_configured(struct sw_eval *e)
{
	return host_is_running(e) ? "" : "configured: ";
}

size_t host_count(struct sw_eval *e, const char *path, size_t most)
{
	size_t n = sw_count(e, path);

	if (n > most)
		sw_unknown(e, "%s has %zu entries; only %zu were looked at", path, n, most);
	return n < most ? n : most;
}
