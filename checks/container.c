/* SPDX-License-Identifier: Apache-2.0 */
/* container.c: what the checks of containers share: reading options, engine features and bind
 * sources. */
#include "container.h"

#include <string.h>

bool container_is_running(struct sw_eval *e)
{
	if (!sw_has(e, "State/Running"))
		sw_unknown(e, "the engine does not say whether it runs");
	return sw_bool(e, "State/Running", false);
}

bool container_is_swarm_task(struct sw_eval *e)
{
	return sw_contains(e, "Config/Labels", "com.docker.swarm.service.id");
}

bool container_is_service(struct sw_eval *e)
{
	return sw_is_known(e, "Service/ID");
}

const char *container_judged_service(struct sw_eval *e)
{
	static const char label[] = "Config/Labels/com.docker.swarm.service.id";
	const char *id = sw_has(e, label) ? sw_str(e, label, "") : "";
	const char *service = sw_at(e, "@engine/services/%s", sw_esc(e, id));

	if (!*id)
		return NULL;
	if (!sw_has(e, service)) {
		sw_unknown(e, "its service %s is not there", id);
		return NULL;
	}
	return sw_str(e, sw_at(e, "%s/Name", service), id);
}

/* As the engine splits an entry: at the first "=", or at the first ":" when there is no "=". */
static const char *option_value(const char *entry, const char *key)
{
	size_t n = strlen(key);
	const char *sep = strchr(entry, '=');

	if (!sep)
		sep = strchr(entry, ':');
	if (!sep)
		return strcmp(entry, key) == 0 ? "" : NULL;
	if ((size_t)(sep - entry) != n || strncmp(entry, key, n) != 0)
		return NULL;
	return sep + 1;
}

const char *container_option(struct sw_eval *e, const char *key)
{
	size_t n = engine_count(e, "HostConfig/SecurityOpt");
	const char *last = NULL;

	for (size_t i = 0; i < n; i++) {
		const char *entry = sw_str(e, sw_at(e, "HostConfig/SecurityOpt/%zu", i), "");
		const char *value = option_value(entry, key);

		if (value)
			last = value;
	}
	return last;
}

bool container_has_option(struct sw_eval *e, const char *key, const char *value)
{
	size_t n = engine_count(e, "HostConfig/SecurityOpt");

	for (size_t i = 0; i < n; i++) {
		const char *entry = sw_str(e, sw_at(e, "HostConfig/SecurityOpt/%zu", i), "");
		const char *found = option_value(entry, key);

		if (found && strcmp(found, value) == 0)
			return true;
	}
	return false;
}

const char *engine_feature(struct sw_eval *e, const char *feature)
{
	const char *name = sw_at(e, "name=%s", feature);
	size_t n = engine_count(e, "@engine/info/SecurityOptions");

	for (size_t i = 0; i < n; i++) {
		const char *path = sw_at(e, "@engine/info/SecurityOptions/%zu", i);
		const char *entry = sw_str(e, path, "");
		size_t length = strlen(name);

		if (strncmp(entry, name, length) == 0 &&
		    (entry[length] == '\0' || entry[length] == ','))
			return entry + length;
	}
	return NULL;
}

enum user_is user_is(const char *user)
{
	size_t n = strcspn(user, ":");
	size_t sign = *user == '+' || *user == '-';

	if (n == 0 || (n == 4 && strncmp(user, "root", 4) == 0))
		return USER_ROOT;
	if (n == sign || strspn(user + sign, "0123456789") != n - sign)
		return USER_NAMED;
	return strspn(user + sign, "0") == n - sign ? USER_ROOT : USER_OTHER;
}

const char *listed(struct sw_eval *e, const char *list, const char *name)
{
	return *list ? sw_at(e, "%s, %s", list, name) : name;
}

const char *short_id(struct sw_eval *e, const char *id)
{
	if (strncmp(id, "sha256:", 7) == 0)
		id += 7;
	return sw_at(e, "%.12s", id);
}

/* "bind" or "rbind" among the comma separated mount options of a volume */
static bool is_bind(const char *options)
{
	while (*options) {
		size_t n = strcspn(options, ",");

		if ((n == 4 && strncmp(options, "bind", n) == 0) ||
		    (n == 5 && strncmp(options, "rbind", n) == 0))
			return true;
		options += n + (options[n] == ',');
	}
	return false;
}

static enum source_kind path_source(struct sw_eval *e, const char *path, struct source *ret)
{
	if (path[0] != '/') {
		sw_unknown(e, "the source of %s is not a path from the root: '%s'", ret->inside,
			   path);
		return SOURCE_UNKNOWN;
	}
	ret->path = path;
	return SOURCE_PATH;
}

/* These bring in what is kept elsewhere or in memory, no file of this host. */
static bool is_remote_type(const char *type)
{
	static const char *const types[] = { "nfs", "nfs4", "cifs", "smb3", "tmpfs" };

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (strcmp(type, types[i]) == 0)
			return true;
	}
	return false;
}

/* The local driver mounts whatever its options say; Mounts shows only the volume's own folder. */
static enum source_kind local_volume(struct sw_eval *e, const char *name, struct source *ret)
{
	const char *options = sw_at(e, "@engine/volumes/%s/Options", sw_esc(e, name));
	const char *device, *type;

	if (!sw_has(e, options))
		return SOURCE_NONE;
	device = sw_str(e, sw_at(e, "%s/device", options), "");
	if (is_bind(sw_str(e, sw_at(e, "%s/o", options), "")))
		return path_source(e, device, ret);
	type = sw_str(e, sw_at(e, "%s/type", options), "");
	if (is_remote_type(type) || (!*type && !*device))
		return SOURCE_NONE;
	ret->what = sw_at(e, "volume '%s' mounts '%s' (%s)", name, device, type);
	return SOURCE_FOREIGN;
}

static enum source_kind volume_source(struct sw_eval *e, size_t i, struct source *ret)
{
	const char *name = sw_str(e, sw_at(e, "Mounts/%zu/Name", i), "");
	const char *driver = sw_str(e, sw_at(e, "Mounts/%zu/Driver", i), "");

	/* made anew for each task */
	if (!*name && container_is_service(e) && strcmp(driver, "local") == 0)
		return SOURCE_NONE;
	if (!*name) {
		sw_unknown(e, "the volume at %s has no name", ret->inside);
		return SOURCE_UNKNOWN;
	}
	if (strcmp(driver, "local") == 0)
		return local_volume(e, name, ret);
	ret->what = sw_at(e, "volume '%s' is filled by the driver '%s'", name, driver);
	return SOURCE_FOREIGN;
}

enum source_kind source_of(struct sw_eval *e, size_t i, struct source *ret)
{
	const char *type = sw_str(e, sw_at(e, "Mounts/%zu/Type", i), "");

	*ret = (struct source){
		.inside = sw_str(e, sw_at(e, "Mounts/%zu/Destination", i), "?"),
		.is_writable = sw_bool(e, sw_at(e, "Mounts/%zu/RW", i), true),
	};
	if (strcmp(type, "bind") == 0)
		return path_source(e, sw_str(e, sw_at(e, "Mounts/%zu/Source", i), ""), ret);
	if (strcmp(type, "volume") == 0)
		return volume_source(e, i, ret);
	if (strcmp(type, "tmpfs") == 0 || strcmp(type, "image") == 0)
		return SOURCE_NONE;
	if (strcmp(type, "cluster") == 0) {
		ret->what = sw_at(e, "%s is a cluster volume", ret->inside);
		return SOURCE_FOREIGN;
	}
	sw_unknown(e, "mount %s is of the unknown type '%s'", ret->inside, type);
	return SOURCE_UNKNOWN;
}

const char *source_resolved(struct sw_eval *e, const struct source *s)
{
	const char *base = sw_at(e, "Sources/%s", sw_esc(e, s->path));
	const char *path;

	if (!sw_bool(e, sw_at(e, "%s/exists", base), false)) {
		sw_unknown(e, "%s is not there now: where it leads cannot be told", s->path);
		return NULL;
	}
	path = sw_str(e, sw_at(e, "%s/path", base), "");
	if (path[0] == '/')
		return path;
	sw_unknown(e, "where %s leads is not known", s->path);
	return NULL;
}

const char *source_alias_of(struct sw_eval *e, const char *kind, const char *path,
			    touch_fn *touches)
{
	const char *all = sw_at(e, "@engine/aliases/%s", kind);
	size_t n = engine_count(e, all);

	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, all, i);
		const char *list = sw_at(e, "%s/%s", all, sw_esc(e, name));
		size_t n_aliases = engine_count(e, list);

		for (size_t k = 0; k < n_aliases; k++) {
			if (touches(sw_str(e, sw_at(e, "%s/%zu", list, k), ""), path))
				return name;
		}
	}
	return NULL;
}

bool made_user_namespace(struct sw_eval *e)
{
	return !engine_feature(e, "userns") && sw_has(e, "Kernel/Namespaces/user/engine") &&
	       !sw_bool(e, "Kernel/Namespaces/user/engine", true);
}

int64_t remapped_root(struct sw_eval *e)
{
	const char *root = sw_str(e, "@engine/info/DockerRootDir", "");
	const char *last = strrchr(root, '/');
	size_t digits = last ? strspn(last + 1, "0123456789") : 0;
	int64_t uid = 0;

	if (digits == 0 || digits > 10 || last[1 + digits] != '.')
		return -1;
	for (size_t i = 1; i <= digits; i++)
		uid = uid * 10 + (last[i] - '0');
	return uid;
}
