/* SPDX-License-Identifier: Apache-2.0 */
/* replyshape.c: see replyshape.h. */
#include "replyshape.h"

#include "facts.h"
#include "util.h"

enum shape { LIST, TEXTS, OBJECTS, OBJECT };

static const char *const shape_names[] = {
	[LIST] = "a list",
	[TEXTS] = "a list of texts",
	[OBJECTS] = "a list of objects",
	[OBJECT] = "an object",
};

/* A member, or with "*" each. What is below a member has a table of its own. */
struct member {
	const char *name;
	enum shape shape;
	const struct member *below;
};

/* Types of Docker's API, version 1.24 to 1.54: api/types/{container,image,network,system}. */
static const struct member healthcheck[] = { { "Test", TEXTS, NULL }, { .name = NULL } };

static const struct member config[] = {
	{ "Cmd", TEXTS, NULL },
	{ "Entrypoint", TEXTS, NULL },
	{ "Env", TEXTS, NULL },
	{ "ExposedPorts", OBJECT, NULL },
	{ "Healthcheck", OBJECT, healthcheck },
	{ "Labels", OBJECT, NULL },
	{ "OnBuild", TEXTS, NULL },
	{ "Shell", TEXTS, NULL },
	{ "Volumes", OBJECT, NULL },
	{ .name = NULL },
};

static const struct member ports[] = { { "*", OBJECTS, NULL }, { .name = NULL } };
static const struct member log_config[] = { { "Config", OBJECT, NULL }, { .name = NULL } };

static const struct member host_config[] = {
	{ "Binds", TEXTS, NULL },
	{ "CapAdd", TEXTS, NULL },
	{ "CapDrop", TEXTS, NULL },
	{ "DeviceCgroupRules", TEXTS, NULL },
	{ "DeviceRequests", OBJECTS, NULL },
	{ "Devices", OBJECTS, NULL },
	{ "Dns", TEXTS, NULL },
	{ "ExtraHosts", TEXTS, NULL },
	{ "GroupAdd", TEXTS, NULL },
	{ "Links", TEXTS, NULL },
	{ "LogConfig", OBJECT, log_config },
	{ "MaskedPaths", TEXTS, NULL },
	{ "Mounts", OBJECTS, NULL },
	{ "PortBindings", OBJECT, ports },
	{ "ReadonlyPaths", TEXTS, NULL },
	{ "RestartPolicy", OBJECT, NULL },
	{ "SecurityOpt", TEXTS, NULL },
	{ "StorageOpt", OBJECT, NULL },
	{ "Sysctls", OBJECT, NULL },
	{ "Tmpfs", OBJECT, NULL },
	{ "Ulimits", OBJECTS, NULL },
	{ "VolumesFrom", TEXTS, NULL },
	{ .name = NULL },
};

static const struct member each_object[] = { { "*", OBJECT, NULL }, { .name = NULL } };

static const struct member network_settings[] = {
	{ "Networks", OBJECT, each_object },
	{ "Ports", OBJECT, ports },
	{ .name = NULL },
};

/* What serviceshape.c adds. */
static const struct member service[] = {
	{ "Configs", TEXTS, NULL },
	{ "Labels", OBJECT, NULL },
	{ "Secrets", TEXTS, NULL },
	{ .name = NULL },
};

static const struct member container[] = {
	{ "Config", OBJECT, config },
	{ "ExecIDs", TEXTS, NULL },
	{ "HostConfig", OBJECT, host_config },
	{ "Mounts", OBJECTS, NULL },
	{ "NetworkSettings", OBJECT, network_settings },
	{ "Service", OBJECT, service },
	{ "State", OBJECT, NULL },
	{ .name = NULL },
};

static const struct member image_inspect[] = {
	{ "Config", OBJECT, config },   { "ContainerConfig", OBJECT, config },
	{ "RepoDigests", TEXTS, NULL }, { "RepoTags", TEXTS, NULL },
	{ "RootFS", OBJECT, NULL },     { .name = NULL },
};

static const struct member image[] = {
	{ "History", OBJECTS, NULL },
	{ "Inspect", OBJECT, image_inspect },
	{ .name = NULL },
};

static const struct member index_config[] = { { "Mirrors", TEXTS, NULL }, { .name = NULL } };
static const struct member index_configs[] = { { "*", OBJECT, index_config }, { .name = NULL } };

static const struct member registry_config[] = {
	{ "IndexConfigs", OBJECT, index_configs },
	{ "InsecureRegistryCIDRs", TEXTS, NULL },
	{ "Mirrors", TEXTS, NULL },
	{ .name = NULL },
};

static const struct member plugins[] = { { "*", TEXTS, NULL }, { .name = NULL } };

static const struct member info[] = {
	{ "DefaultAddressPools", OBJECTS, NULL },
	{ "DriverStatus", LIST, NULL },
	{ "Labels", TEXTS, NULL },
	{ "Plugins", OBJECT, plugins },
	{ "RegistryConfig", OBJECT, registry_config },
	{ "Runtimes", OBJECT, each_object },
	{ "SecurityOptions", TEXTS, NULL },
	{ "Swarm", OBJECT, NULL },
	{ "Warnings", TEXTS, NULL },
	{ .name = NULL },
};

/* What a collector keeps of lists, by name or id. */
static const struct member network[] = {
	{ "Containers", OBJECT, NULL },
	{ "IPAM", OBJECT, NULL },
	{ "Options", OBJECT, NULL },
	{ .name = NULL },
};
static const struct member networks[] = { { "*", OBJECT, network }, { .name = NULL } };
static const struct member images[] = { { "list", OBJECT, each_object }, { .name = NULL } };

/* Records, and what is a reply in them; with "*" any id. */
static const struct {
	const char *kind, *id;
	const struct member *members;
} records[] = {
	{ "container", "*", container }, { "service", "*", container },
	{ "image", "*", image },         { "engine", "images", images },
	{ "engine", "info", info },      { "engine", "networks", networks },
};

static bool holds_only(json_t *list, bool (*is_type)(const json_t *))
{
	size_t i;
	json_t *item;

	json_array_foreach(list, i, item)
	{
		if (!is_type(item))
			return false;
	}
	return true;
}

static bool is_text(const json_t *v)
{
	return json_is_string(v) || fact_is_unread(v);
}

static bool is_object(const json_t *v)
{
	return json_is_object(v);
}

static bool has_shape(json_t *v, enum shape shape)
{
	switch (shape) {
	case OBJECT: return json_is_object(v);
	case LIST: return json_is_array(v);
	case TEXTS: return json_is_array(v) && holds_only(v, is_text);
	case OBJECTS: return json_is_array(v) && holds_only(v, is_object);
	}
	return false;
}

static void check_members(json_t *parent, const struct member *members);

static void check_member(json_t *parent, const char *name, const struct member *m)
{
	json_t *v = json_object_get(parent, name);

	if (!v || json_is_null(v) || fact_is_unread(v))
		return;
	if (!has_shape(v, m->shape))
		json_object_set_new(
			parent, name,
			fact_unread("is not %s, as the API has it", shape_names[m->shape]));
	else if (m->below)
		check_members(v, m->below);
}

static void check_members(json_t *parent, const struct member *members)
{
	const char *name;
	json_t *value;

	for (const struct member *m = members; m->name; m++) {
		if (!streq(m->name, "*")) {
			check_member(parent, m->name, m);
			continue;
		}
		/* A member that is replaced stays where it was: jansson allows it here. */
		json_object_foreach(parent, name, value) check_member(parent, name, m);
	}
}

void reply_shape(const char *kind, const char *id, json_t *body)
{
	for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
		if (streq(records[i].kind, kind) &&
		    (streq(records[i].id, "*") || streq(records[i].id, id)) &&
		    !fact_is_unread(body))
			check_members(body, records[i].members);
	}
}
