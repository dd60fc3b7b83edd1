/* SPDX-License-Identifier: Apache-2.0 */
/* derive.c: answers once what every check would otherwise ask again: settings in force, and paths.
 */
#include "derive.h"

#include "auditcover.h"
#include "effective.h"
#include "enginepaths.h"
#include "facts.h"
#include "podmanpaths.h"

struct derivation {
	const struct view *v;
	json_t *effective;
};

static json_t *clean_path(const char *path)
{
	if (*path != '/')
		return fact_unread("'%.200s' is not an absolute path", path);
	return json_string(path);
}

/* The string that is in force for a setting, or NULL; *ret_unread then is why, as a new reference.
 */
static const char *setting_text(const struct derivation *d, const char *key, json_t **ret_unread)
{
	json_t *member = json_object_get(d->effective, key);
	const char *text = json_string_value(json_object_get(member, "value"));
	if (!text && fact_is_unread(member))
		*ret_unread = json_incref(member);
	else if (!text)
		*ret_unread = fact_unread("%s is not known", key);
	return text;
}

/* --- one function per path: a string, null or an unread value ------------------------------------
 */

static json_t *dockerd(const struct derivation *d)
{
	struct fact f = facts_find(d->v->world, "engine/process/Exe");
	static const char deleted[] = " (deleted)";
	if (f.state != FACT_KNOWN || !json_is_string(f.value))
		return fact_unread("%s", f.state == FACT_UNREAD ? f.reason
								: "dockerd's file is not known");
	const char *exe = json_string_value(f.value);
	if (!ends_with(exe, deleted))
		return clean_path(exe);
	/* Upgraded while it ran: the file that will be started next is the one to look at. */
	AUTO_FREE char *path = xstrndup(exe, strlen(exe) - strlen(deleted));
	return clean_path(path);
}

static json_t *data_root(const struct derivation *d)
{
	json_t *unread = NULL;
	const char *text = setting_text(d, "data-root", &unread);
	return text ? clean_path(text) : unread;
}

static json_t *exec_root(const struct derivation *d)
{
	json_t *unread = NULL;
	const char *text = setting_text(d, "exec-root", &unread);
	return text ? clean_path(text) : unread;
}

static json_t *config_dir(const struct derivation *d)
{
	AUTO_FREE char *dir = view_config_dir(d->v);
	return dir ? clean_path(dir)
		   : fact_unread("the configuration folder of the engine is not known");
}

static json_t *config_file(const struct derivation *d)
{
	struct said said = view_said(d->v, setting_by_flag("config-file", strlen("config-file")));
	if (said.state == SAID_UNKNOWN)
		return fact_unread("%s", said.reason);
	if (said.state == SAID_SET)
		return clean_path(json_string_value(said.value));
	AUTO_FREE char *dir = view_config_dir(d->v);
	AUTO_FREE char *path = dir ? xasprintf("%s/daemon.json", dir) : NULL;
	return path ? clean_path(path)
		    : fact_unread("the configuration folder of the engine is not known");
}

static json_t *certs_dir(const struct derivation *d)
{
	AUTO_FREE char *dir = view_config_dir(d->v);
	AUTO_FREE char *path = dir ? xasprintf("%s/certs.d", dir) : NULL;
	return path ? clean_path(path)
		    : fact_unread("the configuration folder of the engine is not known");
}

/* null where TLS is off or the engine uses no such file. */
static json_t *tls_file(const struct derivation *d, const char *key)
{
	json_t *unread = NULL, *tls = json_object_get(d->effective, "tls");
	json_t *value = json_object_get(tls, "value");
	if (json_is_false(value))
		return json_null();
	if (!json_is_true(value))
		return fact_is_unread(tls) ? json_incref(tls) : fact_unread("tls is not known");
	const char *text = setting_text(d, key, &unread);
	if (!text)
		return unread;
	return *text ? clean_path(text) : json_null();
}

static json_t *tlscacert(const struct derivation *d)
{
	return tls_file(d, "tlscacert");
}

static json_t *tlscert(const struct derivation *d)
{
	return tls_file(d, "tlscert");
}

static json_t *tlskey(const struct derivation *d)
{
	return tls_file(d, "tlskey");
}

/* The file of a unit of the system's manager; a rootless engine is run by its user's. */
static json_t *unit_file(const struct derivation *d, const char *unit)
{
	AUTO_FREE char *at = xasprintf("host/units/%s", unit);
	AUTO_FREE char *at_path = xasprintf("%s/path", at);
	if (d->v->elsewhere)
		return fact_unread("%s", d->v->elsewhere);
	if (d->v->rootless == 1)
		return fact_unread("the unit of a rootless engine belongs to its user's systemd");
	struct fact unit_fact = facts_find(d->v->world, at),
		    path = facts_find(d->v->world, at_path);
	if (unit_fact.state == FACT_KNOWN && path.state == FACT_KNOWN && json_is_string(path.value))
		return clean_path(json_string_value(path.value));
	if (unit_fact.state == FACT_KNOWN && path.state == FACT_ABSENT &&
	    json_is_null(json_object_get(unit_fact.value, "path")))
		return json_null();
	return fact_unread("%s: %s", unit,
			   path.state == FACT_UNREAD ? path.reason : "was not read");
}

static json_t *docker_service(const struct derivation *d)
{
	return unit_file(d, "docker.service");
}

static json_t *docker_socket(const struct derivation *d)
{
	return unit_file(d, "docker.socket");
}

static json_t *defaults(const struct derivation *d)
{
	(void)d;
	return json_string("/etc/default/docker");
}

static json_t *sysconfig(const struct derivation *d)
{
	(void)d;
	return json_string("/etc/sysconfig/docker");
}

/* --- containerd ----------------------------------------------------------------------------------
 */

static const char system_containerd[] = "/run/containerd/containerd.sock";

/* Where dockerd has containerd listen that it starts itself. */
static json_t *managed_containerd(const struct derivation *d)
{
	json_t *unread = NULL;
	const char *root = setting_text(d, "exec-root", &unread);
	if (!root)
		return unread;
	AUTO_FREE char *path = xasprintf("%s/containerd/containerd.sock", root);
	return clean_path(path);
}

/* 1, 0, or -1 when that was not read. */
static int is_there(const struct derivation *d, const char *path)
{
	struct fact files = facts_find(d->v->world, "engine/files");
	json_t *file = files.state == FACT_KNOWN ? json_object_get(files.value, path) : NULL;
	json_t *exists = json_object_get(file, "exists");
	if (files.state == FACT_UNREAD || fact_is_unread(file) || fact_is_unread(exists))
		return -1;
	return json_is_true(exists);
}

/* dockerd uses a system containerd if it finds one when it starts, else it starts its own. */
static json_t *found_containerd(const struct derivation *d)
{
	struct fact unit = facts_find(d->v->world, "host/units/containerd.service/path");
	json_t *managed = managed_containerd(d);
	const char *path = json_string_value(managed);
	int has_managed = path ? is_there(d, path) : 0, has_system = is_there(d, system_containerd);
	if (has_managed > 0 || d->v->rootless == 1)
		return managed;
	if (has_managed == 0 && has_system == 0 && unit.state != FACT_KNOWN)
		return managed;
	json_decref(managed);
	/* A rootless engine never uses the system's. */
	if (d->v->rootless < 0)
		return fact_unread("it is not known whether the engine is rootless");
	if (has_managed < 0)
		return fact_unread(
			"it was not read whether the engine has a containerd of its own");
	return json_string(system_containerd);
}

static json_t *containerd_socket(const struct derivation *d)
{
	json_t *unread = NULL;
	struct fact f = facts_find(d->v->world, "engine/info/Containerd/Address");
	if (f.state == FACT_KNOWN && json_is_string(f.value) && *json_string_value(f.value) == '/')
		return json_incref(f.value);
	const char *text = setting_text(d, "containerd", &unread);
	if (!text)
		return unread;
	if (starts_with(text, "unix://"))
		text += strlen("unix://");
	return *text ? clean_path(text) : found_containerd(d);
}

static json_t *containerd_candidates(const struct derivation *d)
{
	json_t *list = json_pack("[s]", system_containerd);
	json_t *managed = managed_containerd(d);
	if (json_is_string(managed))
		json_array_append(list, managed);
	json_decref(managed);
	return list;
}

static json_t *run_containerd(const struct derivation *d)
{
	(void)d;
	return json_string("/run/containerd");
}

static json_t *containerd_config(const struct derivation *d)
{
	json_t *unread = NULL, *socket = containerd_socket(d);
	const char *root = setting_text(d, "exec-root", &unread);
	if (!root || !json_is_string(socket)) {
		json_t *reason = root ? json_incref(socket) : json_incref(unread);
		json_decref(socket);
		json_decref(unread);
		return reason;
	}
	json_t *config = enginepath_containerd_config(d->v, json_string_value(socket), root);
	json_decref(socket);
	return config;
}

/* All that the one above may turn out to be, as with the sockets. */
static json_t *containerd_configs(const struct derivation *d)
{
	json_t *unread = NULL, *sockets = containerd_candidates(d), *socket, *list = json_array();
	const char *root = setting_text(d, "exec-root", &unread);
	size_t i;
	json_array_foreach(sockets, i, socket)
	{
		json_t *config = enginepath_containerd_config(d->v, json_string_value(socket),
							      root ? root : "");
		if (root && json_is_string(config))
			json_array_append(list, config);
		json_decref(config);
	}
	json_decref(sockets);
	json_decref(unread);
	return list;
}

static json_t *containerd(const struct derivation *d)
{
	return enginepath_program(d->v, "containerd");
}

static json_t *shim(const struct derivation *d)
{
	return enginepath_program(d->v, "containerd-shim");
}

static json_t *shim_runc_v1(const struct derivation *d)
{
	return enginepath_program(d->v, "containerd-shim-runc-v1");
}

static json_t *shim_runc_v2(const struct derivation *d)
{
	return enginepath_program(d->v, "containerd-shim-runc-v2");
}

static json_t *runtimes(const struct derivation *d)
{
	return enginepath_runtimes(d->v);
}

/* --- the rest ------------------------------------------------------------------------------------
 */

static json_t *seccomp_profile(const struct derivation *d)
{
	json_t *unread = NULL;
	const char *text = setting_text(d, "seccomp-profile", &unread);
	if (!text)
		return unread;
	return *text == '/' ? json_string(text) : json_null();
}

/* Where the engine looks for device specifications; it has none before Docker 25. */
static json_t *cdi_spec_dirs(const struct derivation *d)
{
	json_t *setting = json_object_get(d->effective, "cdi-spec-dirs"), *dir;
	json_t *dirs = json_object_get(setting, "value"), *list = json_array();
	size_t i;
	if (fact_is_unread(setting)) {
		json_decref(list);
		return json_incref(setting);
	}
	json_array_foreach(dirs, i, dir)
	{
		const char *path = json_string_value(dir);
		if (path && *path == '/')
			json_array_append(list, dir);
	}
	return list;
}

/* /var/run is a link to /run everywhere that systemd is. */
static bool same_socket(const char *a, const char *b)
{
	a += starts_with(a, "/var/run/") ? 4 : 0;
	b += starts_with(b, "/var/run/") ? 4 : 0;
	return streq(a, b);
}

static void add_socket(json_t *list, const char *path)
{
	size_t i;
	json_t *element;
	json_array_foreach(list, i, element)
	{
		if (same_socket(json_string_value(element), path))
			return;
	}
	if (*path == '/')
		json_array_append_new(list, json_string(path));
}

static json_t *api_sockets(const struct derivation *d)
{
	json_t *hosts = json_object_get(d->effective, "hosts"), *list, *l;
	json_t *listeners = json_object_get(hosts, "listeners");
	struct fact url = facts_find(d->v->world, "engine/endpoint/url");
	const char *asked = url.state == FACT_KNOWN ? json_string_value(url.value) : NULL;
	size_t i;

	if (!json_is_array(listeners)) {
		const char *reason = fact_reason(listeners ? listeners : hosts);
		return fact_unread("%s", reason ? reason : "the sockets of dockerd are not known");
	}
	list = json_array();
	json_array_foreach(listeners, i, l)
	{
		const char *path = json_string_value(json_object_get(l, "path"));
		if (path)
			add_socket(list, path);
	}
	if (asked && starts_with(asked, "unix://"))
		add_socket(list, asked + strlen("unix://"));
	return list;
}

static bool is_activated(const json_t *hosts)
{
	size_t i;
	json_t *element;
	json_array_foreach(hosts, i, element)
	{
		const char *url = json_string_value(element);
		if (url && starts_with(url, "fd://"))
			return true;
	}
	return false;
}

/* With fd:// systemd made the socket, and its group is the unit's; else dockerd did. */
static json_t *socket_group(const struct derivation *d)
{
	json_t *unread = NULL, *hosts = json_object_get(d->effective, "hosts");
	if (fact_is_unread(hosts))
		return json_incref(hosts);
	if (is_activated(json_object_get(hosts, "value"))) {
		struct fact section =
			facts_find(d->v->world, "host/units/docker.socket/settings/Socket");
		struct fact f = facts_find(d->v->world,
					   "host/units/docker.socket/settings/Socket/SocketGroup");
		size_t n = json_array_size(f.value);
		if (d->v->rootless != 0 || section.state != FACT_KNOWN || f.state == FACT_UNREAD)
			return fact_unread("docker.socket: %s",
					   f.state == FACT_UNREAD ? f.reason : "was not read");
		json_t *last = n ? json_array_get(f.value, n - 1) : NULL;
		return json_is_string(last) ? json_incref(last) : json_string("root");
	}
	const char *text = setting_text(d, "group", &unread);
	if (!text)
		return unread;
	return json_string(*text ? text : "root");
}

static const struct {
	const char *name;
	json_t *(*find)(const struct derivation *d);
} paths[] = {
	{ "dockerd", dockerd },
	{ "data-root", data_root },
	{ "exec-root", exec_root },
	{ "config-dir", config_dir },
	{ "config-file", config_file },
	{ "certs-dir", certs_dir },
	{ "tlscacert", tlscacert },
	{ "tlscert", tlscert },
	{ "tlskey", tlskey },
	{ "docker.service", docker_service },
	{ "docker.socket", docker_socket },
	{ "defaults", defaults },
	{ "sysconfig", sysconfig },
	{ "containerd-socket", containerd_socket },
	{ "containerd-sockets", containerd_candidates },
	{ "run-containerd", run_containerd },
	{ "containerd-config", containerd_config },
	{ "containerd-configs", containerd_configs },
	{ "containerd", containerd },
	{ "containerd-shim", shim },
	{ "containerd-shim-runc-v1", shim_runc_v1 },
	{ "containerd-shim-runc-v2", shim_runc_v2 },
	{ "runtimes", runtimes },
	{ "cdi-spec-dirs", cdi_spec_dirs },
	{ "seccomp-profile", seccomp_profile },
	{ "api-sockets", api_sockets },
	{ "socket-group", socket_group },
};

static json_t *find_path(const struct derivation *d, size_t i)
{
	if (d->v->is_podman)
		return podman_path(d->v, paths[i].name);
	return d->v->elsewhere ? fact_unread("%s", d->v->elsewhere) : paths[i].find(d);
}

static json_t *all_paths(const struct derivation *d)
{
	json_t *object = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		json_object_set_new(object, paths[i].name, find_path(d, i));
	return object;
}

/* Absent where the engine does not tell. */
static void add_product(const struct view *v, json_t *engine)
{
	if (v->is_podman)
		json_object_set_new(engine, "product", json_string("Podman"));
	else
		json_object_del(engine, "product");
}

void derive_world(json_t *world)
{
	json_t *engine = json_object_get(world, "engine");
	struct view v;

	if (!json_is_object(engine) || fact_is_unread(engine))
		return;

	view_init(&v, world);
	json_t *effective = effective_settings(&v);
	struct derivation d = { .v = &v, .effective = effective };
	add_product(&v, engine);
	json_object_set_new(engine, "paths", all_paths(&d));
	json_object_set_new(engine, "effective", effective);
	json_object_set_new(engine, "config-errors",
			    v.errors ? json_incref(v.errors) : fact_unread("%s", v.file_unread));
	json_object_set_new(engine, "config-ignored",
			    v.errors ? json_incref(v.ignored) : fact_unread("%s", v.file_unread));
	auditcover_derive(world);
	view_done(&v);
}
