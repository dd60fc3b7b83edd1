/* SPDX-License-Identifier: Apache-2.0 */
/* derive_paths.c: see derive_paths.h. */
#include "derive_paths.h"

#include "enginegroup.h"
#include "enginepaths.h"
#include "facts.h"
#include "podmanpaths.h"

json_t *path_clean(const char *path)
{
	if (*path != '/')
		return fact_unread("'%.200s' is not an absolute path", path);
	return json_string(path);
}

/* The string that is in force for a setting, or NULL; *ret_unread then is why, as a new reference.
 */
const char *path_setting(const struct derivation *d, const char *key, json_t **ret_unread)
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
		return path_clean(exe);
	/* Upgraded while it ran: the file that will be started next is the one to look at. */
	AUTO_FREE char *path = xstrndup(exe, strlen(exe) - strlen(deleted));
	return path_clean(path);
}

static json_t *data_root(const struct derivation *d)
{
	json_t *unread = NULL;
	const char *text = path_setting(d, "data-root", &unread);
	return text ? path_clean(text) : unread;
}

static json_t *exec_root(const struct derivation *d)
{
	json_t *unread = NULL;
	const char *text = path_setting(d, "exec-root", &unread);
	return text ? path_clean(text) : unread;
}

static json_t *config_dir(const struct derivation *d)
{
	AUTO_FREE char *dir = view_config_dir(d->v);
	return dir ? path_clean(dir)
		   : fact_unread("the configuration folder of the engine is not known");
}

static json_t *config_file(const struct derivation *d)
{
	struct said said = view_said(d->v, setting_by_flag("config-file", strlen("config-file")));
	if (said.state == SAID_UNKNOWN)
		return fact_unread("%s", said.reason);
	if (said.state == SAID_SET)
		return path_clean(json_string_value(said.value));
	AUTO_FREE char *dir = view_config_dir(d->v);
	AUTO_FREE char *path = dir ? xasprintf("%s/daemon.json", dir) : NULL;
	return path ? path_clean(path)
		    : fact_unread("the configuration folder of the engine is not known");
}

static json_t *certs_dir(const struct derivation *d)
{
	AUTO_FREE char *dir = view_config_dir(d->v);
	AUTO_FREE char *path = dir ? xasprintf("%s/certs.d", dir) : NULL;
	return path ? path_clean(path)
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
	const char *text = path_setting(d, key, &unread);
	if (!text)
		return unread;
	return *text ? path_clean(text) : json_null();
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

/* The package of the snap store has units of its own, which snapd writes. */
static bool is_snap(const struct derivation *d)
{
	const char *exe = json_string_value(facts_find(d->v->world, "engine/process/Exe").value);
	return exe && starts_with(exe, "/snap/docker/");
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
		return path_clean(json_string_value(path.value));
	if (unit_fact.state == FACT_KNOWN && path.state == FACT_ABSENT &&
	    json_is_null(json_object_get(unit_fact.value, "path")))
		return json_null();
	return fact_unread("%s: %s", unit,
			   path.state == FACT_UNREAD ? path.reason : "was not read");
}

static json_t *docker_service(const struct derivation *d)
{
	return unit_file(d, is_snap(d) ? "snap.docker.dockerd.service" : "docker.service");
}

static json_t *docker_socket(const struct derivation *d)
{
	return is_snap(d) ? json_null() : unit_file(d, "docker.socket");
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

static json_t *run_containerd(const struct derivation *d)
{
	(void)d;
	return json_string("/run/containerd");
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
	const char *text = path_setting(d, "seccomp-profile", &unread);
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

static bool has_socket(json_t *list, const char *path)
{
	size_t i;
	json_t *element;
	json_array_foreach(list, i, element)
	{
		if (same_socket(json_string_value(element), path))
			return true;
	}
	return false;
}

static void add_socket(json_t *list, const char *path)
{
	if (*path == '/' && !has_socket(list, path))
		json_array_append_new(list, json_string(path));
}

/* Is it one that dockerd has for its own use? -1: the settings that would tell are not known. */
static int is_private(const struct derivation *d, const char *path)
{
	static const struct {
		const char *key, *usual;
	} roots[] = { { "exec-root", "/run/docker" }, { "data-root", "/var/lib/docker" } };
	bool is_known = true;
	for (size_t i = 0; i < ARRAY_SIZE(roots); i++) {
		json_t *member = json_object_get(d->effective, roots[i].key);
		const char *root = json_string_value(json_object_get(member, "value"));
		is_known &= root != NULL;
		root = root ? root : roots[i].usual;
		root += starts_with(root, "/var/run/") ? 4 : 0;
		if (sw_is_below(path + (starts_with(path, "/var/run/") ? 4 : 0), root))
			return 1;
	}
	return is_known ? 0 : -1;
}

/* Another socket unit than docker.socket may pass in more than any setting names. The first of
 * which it cannot be told whether it is one of them, or NULL. */
static const char *add_passed_in(const struct derivation *d, json_t *list)
{
	struct fact sockets = facts_find(d->v->world, "engine/process/Listens/unix");
	json_t *element;
	size_t i;
	json_array_foreach(sockets.state == FACT_KNOWN ? sockets.value : NULL, i, element)
	{
		const char *path = json_string_value(element);
		int private = path && *path == '/' ? is_private(d, path) : 1;
		if (private < 0 && !has_socket(list, path))
			return path;
		if (private == 0)
			add_socket(list, path);
	}
	return NULL;
}

static json_t *api_sockets(const struct derivation *d)
{
	json_t *hosts = json_object_get(d->effective, "hosts"), *list, *l;
	json_t *listeners = json_object_get(hosts, "listeners");
	struct fact url = facts_find(d->v->world, "engine/endpoint/url");
	const char *asked = url.state == FACT_KNOWN ? json_string_value(url.value) : NULL;
	size_t i;

	if (url.state == FACT_UNREAD)
		return fact_unread("%s", url.reason);
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
	const char *whose = add_passed_in(d, list);
	if (!whose)
		return list;
	json_decref(list);
	return fact_unread("whether dockerd serves its API at %s is not known, as exec-root or "
			   "data-root is not",
			   whose);
}

static json_t *socket_group(const struct derivation *d)
{
	return enginegroup_name(d->v, d->effective);
}

static json_t *socket_gid(const struct derivation *d)
{
	json_t *name = enginegroup_name(d->v, d->effective);
	if (!json_is_string(name))
		return name;
	json_t *gid = enginegroup_id(d->v, json_string_value(name));
	json_decref(name);
	return gid;
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
	{ "containerd-socket", path_containerd_socket },
	{ "containerd-sockets", path_containerd_sockets },
	{ "run-containerd", run_containerd },
	{ "containerd-config", path_containerd_config },
	{ "containerd-configs", path_containerd_configs },
	{ "containerd", containerd },
	{ "containerd-shim", shim },
	{ "containerd-shim-runc-v1", shim_runc_v1 },
	{ "containerd-shim-runc-v2", shim_runc_v2 },
	{ "runtimes", runtimes },
	{ "cdi-spec-dirs", cdi_spec_dirs },
	{ "seccomp-profile", seccomp_profile },
	{ "api-sockets", api_sockets },
	{ "socket-group", socket_group },
	{ "socket-gid", socket_gid },
};

static json_t *find_path(const struct derivation *d, size_t i)
{
	if (d->v->is_podman)
		return podman_path(d->v, paths[i].name);
	return d->v->elsewhere ? fact_unread("%s", d->v->elsewhere) : paths[i].find(d);
}

json_t *derive_paths(const struct view *v, json_t *effective)
{
	const struct derivation d = { .v = v, .effective = effective };
	json_t *object = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		json_object_set_new(object, paths[i].name, find_path(&d, i));
	return object;
}
