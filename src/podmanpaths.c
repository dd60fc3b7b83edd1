/* SPDX-License-Identifier: Apache-2.0 */
/* podmanpaths.c: see podmanpaths.h. */
#include "podmanpaths.h"

#include "enginegroup.h"
#include "enginepaths.h"
#include "facts.h"

static json_t *absolute(const char *path, const char *what)
{
	if (!path || *path != '/')
		return fact_unread("Podman does not tell %s", what);
	return json_string(path);
}

static json_t *data_root(const struct view *v)
{
	struct fact f = facts_find(v->world, "engine/info/DockerRootDir");
	if (f.state == FACT_UNREAD)
		return fact_unread("%s", f.reason);
	return absolute(json_string_value(f.value), "where its data are");
}

/*
 * What containers are run by. /info lists all that Podman knows by name, there or not; the default
 * may be a path that is in no list.
 */
static json_t *runtimes(const struct view *v)
{
	json_t *list = enginepath_runtimes(v);
	const char *path =
		json_string_value(facts_find(v->world, "engine/info/DefaultRuntime").value);
	if (!json_is_array(list) || !path || *path != '/')
		return list;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *known = json_string_value(json_array_get(list, i));
		if (known && streq(known, path))
			return list;
	}
	json_array_append_new(list, json_string(path));
	return list;
}

/* The same folders are read for every user; a user's own one too (containers-certs.d(5)). */
static json_t *certs_dirs(const struct view *v)
{
	if (v->rootless != 0)
		return fact_unread("where a rootless Podman has its registry certificates is not "
				   "known");
	return json_pack("[s, s]", "/etc/containers/certs.d", "/etc/docker/certs.d");
}

/* The socket that was asked, and all that the process listens on. */
static json_t *api_sockets(const struct view *v)
{
	static const char scheme[] = "unix://";
	struct fact sockets = facts_find(v->world, "engine/process/Listens/unix");
	const char *url = json_string_value(facts_find(v->world, "engine/endpoint/url").value);
	json_t *list = json_array(), *element;
	size_t i;

	if (sockets.state != FACT_KNOWN || !json_is_array(sockets.value)) {
		json_decref(list);
		return fact_unread("the sockets of Podman: %s",
				   sockets.state == FACT_UNREAD ? sockets.reason : "not read");
	}
	json_array_foreach(sockets.value, i, element) json_array_append(list, element);
	if (url && starts_with(url, scheme) && json_array_size(list) == 0)
		json_array_append_new(list, json_string(url + strlen(scheme)));
	return list;
}

/* Root's alone unless a drop-in of its unit gives it to a group, which had better be this one. */
static json_t *socket_group(const struct view *v)
{
	(void)v;
	return json_string("docker");
}

static json_t *socket_gid(const struct view *v)
{
	return enginegroup_id(v, "docker");
}

static json_t *certificate_of(const struct view *v, const char *flag)
{
	struct fact args = facts_find(v->world, "engine/process/Args");
	size_t n = strlen(flag), i;
	json_t *element;
	if (args.state != FACT_KNOWN || !json_is_array(args.value))
		return fact_unread("the command line of Podman was not read");
	json_array_foreach(args.value, i, element)
	{
		const char *word = json_string_value(element);
		if (!word || strncmp(word, flag, n) != 0)
			continue;
		if (word[n] == '=')
			return absolute(word + n + 1, flag);
		if (word[n] == '\0')
			return absolute(json_string_value(json_array_get(args.value, i + 1)), flag);
	}
	return json_null();
}

static json_t *tlscacert(const struct view *v)
{
	return certificate_of(v, "--tls-client-ca");
}

static json_t *tlscert(const struct view *v)
{
	return certificate_of(v, "--tls-cert");
}

static json_t *tlskey(const struct view *v)
{
	return certificate_of(v, "--tls-key");
}

/* All others are of dockerd or of containerd. */
static const struct {
	const char *name;
	json_t *(*find)(const struct view *v);
} paths[] = {
	{ "data-root", data_root },
	{ "certs-dir", certs_dirs },
	{ "api-sockets", api_sockets },
	{ "runtimes", runtimes },
	{ "socket-group", socket_group },
	{ "socket-gid", socket_gid },
	{ "tlscacert", tlscacert },
	{ "tlscert", tlscert },
	{ "tlskey", tlskey },
};

json_t *podman_path(const struct view *v, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (streq(paths[i].name, name))
			return v->unproven ? fact_unread("%s", v->unproven) : paths[i].find(v);
	return json_null();
}
