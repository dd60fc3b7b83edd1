/* SPDX-License-Identifier: Apache-2.0 */
/* serviceshape.c: see serviceshape.h. Docker's engine does the same in
 * daemon/cluster/executor/container. */
#include "serviceshape.h"

#include "base64.h"
#include "facts.h"

struct shaper {
	json_t *service, *spec, *task, *container; /* borrowed */
	json_t *networks;
	const char *odd; /* what is of another type than the API says */
};

/* A member that is there and not null. */
static json_t *get(const json_t *object, const char *name)
{
	json_t *v = json_object_get(object, name);
	return json_is_null(v) ? NULL : v;
}

static json_t *part(struct shaper *s, const json_t *object, const char *name, json_type type)
{
	json_t *v = get(object, name);
	if (!v || json_typeof(v) == type)
		return v;
	s->odd = name;
	return NULL;
}

static const char *text_of(struct shaper *s, const json_t *object, const char *name)
{
	const char *text = json_string_value(part(s, object, name, JSON_STRING));
	return text ? text : "";
}

static bool truth_of(struct shaper *s, const json_t *object, const char *name)
{
	json_t *v = get(object, name);
	if (v && !json_is_boolean(v))
		s->odd = name;
	return json_is_true(v);
}

/* Each element of a list, which has to be an object. */
#define EACH(s, list, i, v)                                                                        \
	for ((i) = 0; (i) < json_array_size(list) && ((v) = json_array_get(list, i)); (i)++)       \
		if (!json_is_object(v))                                                            \
			(s)->odd = "a list";                                                       \
		else

/* Members that only have another name; their types are left to those who read them. */
struct same {
	const char *from, *to;
};

static void copy(json_t *to, const json_t *from, const struct same *table, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (get(from, table[i].from))
			json_object_set(to, table[i].to, get(from, table[i].from));
}

static void add_format(json_t *list, const char *format, ...) SW_PRINTF(2, 3);
static void add_format(json_t *list, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	json_t *v = json_vsprintf(format, ap);
	va_end(ap);
	json_array_append_new(list, v ? v : json_string("?"));
}

/* --- mounts --------------------------------------------------------------------------------- */

static bool has_word(const char *list, const char *word)
{
	for (size_t n; *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		if (n == strlen(word) && strncmp(list, word, n) == 0)
			return true;
	}
	return false;
}

/* A volume is made by the task with the options of the service, when there is none of that name. */
static void shape_volume(struct shaper *s, json_t *mount, json_t *shape)
{
	json_t *driver =
		part(s, part(s, mount, "VolumeOptions", JSON_OBJECT), "DriverConfig", JSON_OBJECT);
	json_t *options = part(s, driver, "Options", JSON_OBJECT);
	const char *name = text_of(s, driver, "Name"), *o = text_of(s, options, "o");
	const char *device = text_of(s, options, "device");
	bool is_local = !*name || streq(name, "local");
	if (is_local && (has_word(o, "bind") || has_word(o, "rbind"))) {
		json_object_set_new(shape, "Type", json_string("bind"));
		json_object_set_new(shape, "Source", json_string(device));
		return;
	}
	json_object_set_new(shape, "Name", json_string(text_of(s, mount, "Source")));
	json_t *local = json_object_size(options) > 0
				? json_sprintf("local (%s)", text_of(s, options, "type"))
				: json_string("local");
	json_object_set_new(shape, "Driver", is_local ? local : json_string(name));
	if (!is_local)
		json_decref(local);
}

static json_t *shape_mounts(struct shaper *s)
{
	static const struct same same[] = { { "Type", "Type" }, { "Target", "Destination" } };
	json_t *mounts = json_array(), *list = part(s, s->container, "Mounts", JSON_ARRAY), *mount;
	size_t i;
	EACH(s, list, i, mount)
	{
		json_t *shape = json_pack("{sb}", "RW", !truth_of(s, mount, "ReadOnly"));
		const char *type = text_of(s, mount, "Type");
		copy(shape, mount, same, ARRAY_SIZE(same));
		const char *mode =
			text_of(s, part(s, mount, "BindOptions", JSON_OBJECT), "Propagation");
		if (streq(type, "bind"))
			json_object_set_new(shape, "Source",
					    json_string(text_of(s, mount, "Source")));
		else if (streq(type, "volume"))
			shape_volume(s, mount, shape);
		json_object_set_new(shape, "Propagation", json_string(mode));
		json_array_append_new(mounts, shape);
	}
	return mounts;
}

/* --- networks and ports --------------------------------------------------------------------- */

static json_t *network_list(const json_t *service)
{
	json_t *spec = get(service, "Spec"), *list = get(get(spec, "TaskTemplate"), "Networks");
	return list ? list : get(spec, "Networks"); /* before API 1.25 */
}

void service_networks(json_t *service, void (*each)(const char *id, void *context), void *context)
{
	json_t *list = network_list(service);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *id =
			json_string_value(json_object_get(json_array_get(list, i), "Target"));
		if (id)
			each(id, context);
	}
}

/* The ports that swarm gave it, and those that it asks for. */
static json_t *port_list(struct shaper *s, size_t i)
{
	if (i == 0)
		return part(s, part(s, s->service, "Endpoint", JSON_OBJECT), "Ports", JSON_ARRAY);
	return part(s, part(s, s->spec, "EndpointSpec", JSON_OBJECT), "Ports", JSON_ARRAY);
}

static void add_binding(json_t *bindings, const char *port, json_t *binding)
{
	json_t *list = json_object_get(bindings, port), *other;
	size_t i;
	if (!list) {
		list = json_array();
		json_object_set_new(bindings, port, list);
	}
	json_array_foreach(list, i, other) if (json_equal(other, binding))
	{
		json_decref(binding);
		return;
	}
	json_array_append_new(list, binding);
}

/* In mode host the node's bridge says on which address; the ingress network listens on all of them.
 */
static bool shape_ports(struct shaper *s, json_t *bindings, json_t *exposed)
{
	bool is_ingress = false;
	for (size_t k = 0; k < 2; k++) {
		json_t *list = port_list(s, k), *p;
		size_t i;
		EACH(s, list, i, p)
		{
			const char *protocol = text_of(s, p, "Protocol");
			json_int_t target =
				json_integer_value(part(s, p, "TargetPort", JSON_INTEGER));
			json_int_t published =
				json_integer_value(part(s, p, "PublishedPort", JSON_INTEGER));
			bool is_host = streq(text_of(s, p, "PublishMode"), "host");
			AUTO_FREE char *port = xasprintf("%lld/%s", (long long)target,
							 *protocol ? protocol : "tcp");
			is_ingress |= !is_host;
			/* One that swarm chose is among those that it gave. */
			if (k == 1 && !published && json_object_get(bindings, port))
				continue;
			json_object_set_new(exposed, port, json_object());
			add_binding(bindings, port,
				    json_pack("{ss so}", "HostIp", is_host ? "" : "0.0.0.0",
					      "HostPort",
					      published ? json_sprintf("%lld", (long long)published)
							: json_string("")));
		}
	}
	return is_ingress;
}

static json_t *shape_networks(struct shaper *s, bool is_ingress, json_t **ret_mode)
{
	json_t *shape = json_object(), *list = network_list(s->service), *network;
	size_t i;
	*ret_mode = NULL;
	if (list && !json_is_array(list))
		s->odd = "Networks";
	EACH(s, list, i, network)
	{
		const char *id = text_of(s, network, "Target");
		const char *name = json_string_value(json_object_get(s->networks, id));
		if (!name) {
			json_decref(*ret_mode);
			json_decref(shape);
			*ret_mode = fact_unread("which network '%.80s' is could not be told", id);
			return json_incref(*ret_mode);
		}
		if (!*ret_mode)
			*ret_mode = json_string(name);
		json_object_set_new(shape, name, json_pack("{ss}", "NetworkID", id));
	}
	/* Seen: with ports on ingress it is on that network alone, else on the default bridge. */
	if (!*ret_mode && is_ingress)
		json_object_set_new(shape, "ingress", json_object());
	if (!*ret_mode)
		*ret_mode = json_string("default");
	return shape;
}

/* --- limits and rights ---------------------------------------------------------------------- */

/* Nothing said is "any" without end (api/types/swarm). */
static json_t *shape_restart(struct shaper *s)
{
	json_t *policy = part(s, s->task, "RestartPolicy", JSON_OBJECT),
	       *attempts = get(policy, "MaxAttempts");
	json_t *window = get(policy, "Window");
	const char *condition = text_of(s, policy, "Condition");
	json_t *shape = json_pack("{ss sO?}", "Name",
				  streq(condition, "none") ? "no"
				  : *condition             ? condition
							   : "any",
				  "Window", window);
	json_object_set_new(shape, "MaximumRetryCount",
			    attempts ? json_incref(attempts) : json_integer(0));
	return shape;
}

static void add_seccomp(struct shaper *s, json_t *options, json_t *privileges)
{
	json_t *seccomp = part(s, privileges, "Seccomp", JSON_OBJECT);
	const char *mode = text_of(s, seccomp, "Mode"), *profile = text_of(s, seccomp, "Profile");
	if (!*mode || streq(mode, "default"))
		return;
	size_t n = 0;
	AUTO_FREE char *decoded =
		streq(mode, "custom") ? base64_decode(profile, strlen(profile), &n) : xstrdup(mode);
	/* An empty value is judged as unknown. */
	json_t *text = decoded && (!n || strlen(decoded) == n) ? json_string(decoded) : NULL;
	add_format(options, "seccomp=%s", text ? json_string_value(text) : "");
	json_decref(text);
}

static json_t *shape_security(struct shaper *s)
{
	json_t *options = json_array(),
	       *privileges = part(s, s->container, "Privileges", JSON_OBJECT);
	json_t *selinux = part(s, privileges, "SELinuxContext", JSON_OBJECT);
	const char *apparmor = text_of(s, part(s, privileges, "AppArmor", JSON_OBJECT), "Mode");
	add_seccomp(s, options, privileges);
	if (*apparmor && !streq(apparmor, "default"))
		add_format(options, "apparmor=%s",
			   streq(apparmor, "disabled") ? "unconfined" : apparmor);
	if (truth_of(s, selinux, "Disable"))
		add_format(options, "label=disable");
	if (*text_of(s, selinux, "Type"))
		add_format(options, "label=type:%s", text_of(s, selinux, "Type"));
	if (truth_of(s, privileges, "NoNewPrivileges"))
		add_format(options, "no-new-privileges=true");
	return options;
}

static json_t *shape_host_config(struct shaper *s, json_t *mode, json_t *bindings)
{
	static const struct same of_container[] = {
		{ "CapabilityAdd", "CapAdd" },    { "CapabilityDrop", "CapDrop" },
		{ "ReadOnly", "ReadonlyRootfs" }, { "Ulimits", "Ulimits" },
		{ "Sysctls", "Sysctls" },         { "Init", "Init" },
		{ "Isolation", "Isolation" },     { "Groups", "GroupAdd" },
		{ "OomScoreAdj", "OomScoreAdj" },
	};
	static const struct same of_limits[] = {
		{ "MemoryBytes", "Memory" },
		{ "NanoCPUs", "NanoCpus" },
		{ "Pids", "PidsLimit" },
	};
	json_t *shape =
		json_pack("{so so so so}", "NetworkMode", mode, "PortBindings", bindings,
			  "RestartPolicy", shape_restart(s), "SecurityOpt", shape_security(s));
	copy(shape, s->container, of_container, ARRAY_SIZE(of_container));
	copy(shape, part(s, part(s, s->task, "Resources", JSON_OBJECT), "Limits", JSON_OBJECT),
	     of_limits, ARRAY_SIZE(of_limits));
	return shape;
}

/* --- the rest ------------------------------------------------------------------------------- */

static json_t *shape_config(struct shaper *s, json_t *exposed)
{
	static const struct same same[] = {
		{ "Image", "Image" },
		{ "User", "User" },
		{ "Env", "Env" },
		{ "Labels", "Labels" },
		{ "Args", "Cmd" },
		{ "Command", "Entrypoint" },
		{ "Hostname", "Hostname" },
		{ "Dir", "WorkingDir" },
		{ "TTY", "Tty" },
		{ "Healthcheck", "Healthcheck" },
		{ "StopSignal", "StopSignal" },
	};
	json_t *shape = json_pack("{so}", "ExposedPorts", exposed);
	copy(shape, s->container, same, ARRAY_SIZE(same));
	return shape;
}

static json_t *names_of(struct shaper *s, const char *list_name, const char *member)
{
	json_t *names = json_array(), *list = part(s, s->container, list_name, JSON_ARRAY), *v;
	size_t i;
	EACH(s, list, i, v)
	json_array_append_new(names, json_string(text_of(s, v, member)));
	return names;
}

static json_t *shape_service(struct shaper *s)
{
	json_t *labels = get(s->spec, "Labels"), *mode = part(s, s->spec, "Mode", JSON_OBJECT);
	const char *word = json_object_iter_key(json_object_iter(mode));
	return json_pack("{ss ss ss so so sO?}", "ID", text_of(s, s->service, "ID"), "Name",
			 text_of(s, s->spec, "Name"), "Mode", word ? word : "", "Secrets",
			 names_of(s, "Secrets", "SecretName"), "Configs",
			 names_of(s, "Configs", "ConfigName"), "Labels", labels);
}

static json_t *nothing_known(const char *id, const char *name, const char *why)
{
	static const char *const members[] = { "State",  "Config",          "HostConfig",
					       "Mounts", "NetworkSettings", "Service" };
	json_t *shape = json_pack("{ss ss}", "Id", id, "Name", name);
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		json_object_set_new(shape, members[i], fact_unread("%s", why));
	return shape;
}

json_t *service_shape(json_t *service, json_t *networks)
{
	struct shaper s = { .service = service, .networks = networks };
	s.spec = part(&s, service, "Spec", JSON_OBJECT);
	s.task = part(&s, s.spec, "TaskTemplate", JSON_OBJECT);
	s.container = part(&s, s.task, "ContainerSpec", JSON_OBJECT);
	const char *id = text_of(&s, service, "ID"), *name = text_of(&s, s.spec, "Name");
	if (!s.container)
		return nothing_known(
			id, name,
			"what its tasks run are no containers, or it cannot be understood");

	json_t *bindings = json_object(), *exposed = json_object(), *mode;
	bool is_ingress = shape_ports(&s, bindings, exposed);
	json_t *all = shape_networks(&s, is_ingress, &mode);
	json_t *shape = json_pack("{ss ss sO? s{sb} so so so s{so} so}", "Id", id, "Name", name,
				  "Created", get(service, "CreatedAt"), "State", "Running", 0,
				  "Config", shape_config(&s, exposed), "HostConfig",
				  shape_host_config(&s, mode, bindings), "Mounts", shape_mounts(&s),
				  "NetworkSettings", "Networks", all, "Service", shape_service(&s));
	if (!s.odd)
		return shape;
	json_decref(shape);
	AUTO_FREE char *why = xasprintf("%s of the service is not understood", s.odd);
	return nothing_known(id, name, why);
}

static void add_port(json_t *ports, json_t *port)
{
	for (size_t i = 0; i < json_array_size(ports); i++)
		if (json_equal(json_array_get(ports, i), port))
			return;
	json_array_append(ports, port);
}

json_t *service_summary(json_t *service)
{
	struct shaper s = { .service = service };
	s.spec = part(&s, service, "Spec", JSON_OBJECT);
	json_t *ports = json_array(), *list, *p;
	for (size_t k = 0; k < 2; k++) {
		size_t i;
		list = port_list(&s, k);
		EACH(&s, list, i, p)
		add_port(ports, p);
	}
	return json_pack("{ss so}", "Name", text_of(&s, s.spec, "Name"), "Ports",
			 s.odd ? (json_decref(ports), fact_unread("%s is not understood", s.odd))
			       : ports);
}
