/* SPDX-License-Identifier: Apache-2.0 */
/* derive_containerd.c: which containerd an engine uses: its socket and its configuration. */
#include "derive_paths.h"

#include "enginepaths.h"
#include "facts.h"

static const char system_containerd[] = "/run/containerd/containerd.sock";

/* Where dockerd has containerd listen that it starts itself. */
static json_t *managed_containerd(const struct derivation *d)
{
	json_t *unread = NULL;
	const char *root = path_setting(d, "exec-root", &unread);
	if (!root)
		return unread;
	AUTO_FREE char *path = xasprintf("%s/containerd/containerd.sock", root);
	return path_clean(path);
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

json_t *path_containerd_socket(const struct derivation *d)
{
	json_t *unread = NULL;
	struct fact f = facts_find(d->v->world, "engine/info/Containerd/Address");
	if (f.state == FACT_KNOWN && json_is_string(f.value) && *json_string_value(f.value) == '/')
		return json_incref(f.value);
	const char *text = path_setting(d, "containerd", &unread);
	if (!text)
		return unread;
	if (starts_with(text, "unix://"))
		text += strlen("unix://");
	return *text ? path_clean(text) : found_containerd(d);
}

json_t *path_containerd_sockets(const struct derivation *d)
{
	json_t *list = json_pack("[s]", system_containerd);
	json_t *managed = managed_containerd(d);
	if (json_is_string(managed))
		json_array_append(list, managed);
	json_decref(managed);
	return list;
}

json_t *path_containerd_config(const struct derivation *d)
{
	json_t *unread = NULL, *socket = path_containerd_socket(d);
	const char *root = path_setting(d, "exec-root", &unread);
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
json_t *path_containerd_configs(const struct derivation *d)
{
	json_t *unread = NULL, *sockets = path_containerd_sockets(d), *socket, *list = json_array();
	const char *root = path_setting(d, "exec-root", &unread);
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
