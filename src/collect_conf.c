/* SPDX-License-Identifier: Apache-2.0 */
/* collect_conf.c: the audited root as the source of layered configuration. */
#include "collector.h"
#include "confdir.h"

static char *read_root(void *context, const char *path, size_t *ret_len, char **ret_why)
{
	char *text = read_file(context, FETCH_BASE_ROOT, path, ret_len, ret_why);
	if (text || !(**ret_why ? is_mask(context, path) : is_dangling_mask(context, path)))
		return text;
	free(*ret_why);
	*ret_why = xstrdup(CONF_NULL);
	return NULL;
}

static bool list_root(void *context, const char *path, entry_fn *entry, void *entry_context,
		      char **ret_why)
{
	return list_folder(context, FETCH_BASE_ROOT, path, entry, entry_context, ret_why);
}

static char *resolve_root(void *context, const char *path)
{
	json_t *st = stat_path(context, FETCH_BASE_ROOT, path);
	const char *resolved = json_string_value(json_object_get(st, "path"));
	char *copy = resolved ? xstrdup(resolved) : NULL;
	json_decref(st);
	return copy;
}

static void expect_root(void *context, const char *path, bool is_folder)
{
	struct collector *c = context;
	ask_expected(c->asker, is_folder ? FETCH_LIST : FETCH_READ, path);
	if (is_folder)
		ask_expected(c->asker, FETCH_STAT, path);
}

struct conf_source collector_source(struct collector *c)
{
	return (struct conf_source){ read_root, list_root, resolve_root, c, expect_root };
}
