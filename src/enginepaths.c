/* SPDX-License-Identifier: Apache-2.0 */
/* enginepaths.c: see enginepaths.h. */
#include "enginepaths.h"

#include "facts.h"

static json_t *usable(json_t *value)
{
	const char *path = json_string_value(value);
	if (path && *path != '/')
		return fact_unread("'%.200s' is not an absolute path", path);
	return json_incref(value);
}

json_t *enginepath_program(const struct view *v, const char *name)
{
	AUTO_FREE char *at = xasprintf("engine/programs/%s", name);
	struct fact f = facts_find(v->world, at);
	if (f.state == FACT_KNOWN && json_is_string(f.value))
		return usable(f.value);
	if (f.state == FACT_ABSENT)
		return json_null();
	return fact_unread("%s: %s", name, f.state == FACT_UNREAD ? f.reason : "is no path");
}

static bool is_listed(const json_t *list, const json_t *value)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (json_equal(json_array_get(list, i), value))
			return true;
	return false;
}

json_t *enginepath_runtimes(const struct view *v)
{
	struct fact f = facts_find(v->world, "engine/programs/runtimes");
	json_t *list, *value;
	const char *name;
	if (f.state != FACT_KNOWN || !json_is_object(f.value))
		return fact_unread("the runtimes: %s",
				   f.state == FACT_UNREAD ? f.reason : "were not read");
	list = json_array();
	json_object_foreach(f.value, name, value)
	{
		if (json_is_null(value) || is_listed(list, value))
			continue;
		json_array_append_new(list, json_is_string(value) || fact_is_unread(value)
						    ? usable(value)
						    : fact_unread("%s is no path", name));
	}
	return list;
}

/* What follows -c or --config among the words of a command; malloc'ed, NULL when neither is there.
 */
static char *config_option(const char *command)
{
	static const char *const names[] = { "--config", "-config", "--c", "-c" };
	for (const char *p = command; *p;) {
		p += strspn(p, " \t");
		size_t n = strcspn(p, " \t");
		for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
			size_t len = strlen(names[i]);
			if (n < len || strncmp(p, names[i], len) != 0)
				continue;
			if (n > len && p[len] == '=')
				return xstrndup(p + len + 1, n - len - 1);
			const char *next = p + n + strspn(p + n, " \t");
			if (n == len)
				return xstrndup(next, strcspn(next, " \t"));
		}
		p += n;
	}
	return NULL;
}

json_t *enginepath_containerd_config(const struct view *v, const char *socket,
				     const char *exec_root)
{
	AUTO_FREE char *own = xasprintf("%s/containerd/", exec_root);
	if (starts_with(socket, own)) /* dockerd starts it, with a file that it writes itself */
		return json_sprintf("%scontainerd.toml", own);
	struct fact f =
		facts_find(v->world, "host/units/containerd.service/settings/Service/ExecStart");
	if (f.state == FACT_KNOWN && json_array_size(f.value) > 0) {
		const char *line =
			json_string_value(json_array_get(f.value, json_array_size(f.value) - 1));
		AUTO_FREE char *path = line ? config_option(line) : NULL;
		if (!line || (path && (*path != '/' || strpbrk(path, "$%\"'\\"))))
			return fact_unread(
				"containerd.service: its configuration file is not understood");
		if (path)
			return json_string(path);
	}
	return json_string("/etc/containerd/config.toml");
}
