/* SPDX-License-Identifier: Apache-2.0 */
/* conftree.c: see conftree.h. */
#include "conftree.h"

#include <check.h>

#include "facts.h"

/* --- a tree in memory ------------------------------------------------------------------------ */

static const struct conf_file *find(const struct conf_tree *t, const char *path)
{
	for (const struct conf_file *f = t->files; f->path; f++)
		if (streq(f->path, path))
			return f;
	return NULL;
}

static bool is_link(const struct conf_file *f)
{
	return f->text && f->text != CONF_DEVICE && f->text != CONF_DENIED &&
	       starts_with(f->text, CONF_LINK);
}

static const struct conf_file *follow(const struct conf_tree *t, const char *path)
{
	const struct conf_file *f = find(t, path);
	for (size_t i = 0; f && is_link(f); i++)
		f = i < 40 ? find(t, f->text + strlen(CONF_LINK)) : NULL;
	return f;
}

/* What is in the folder, by its path: the rest of the file's, or NULL. */
static const char *below(const struct conf_file *f, const char *folder)
{
	size_t n = streq(folder, "/") ? 0 : strlen(folder);
	bool is_below = strncmp(f->path, folder, n) == 0 && f->path[n] == '/' && f->path[n + 1];
	return is_below ? f->path + n + 1 : NULL;
}

static bool has_any(const struct conf_tree *t, const char *folder)
{
	for (const struct conf_file *f = t->files; f->path; f++)
		if (below(f, folder))
			return true;
	return false;
}

static char *tree_read(void *context, const char *path, size_t *ret_len, char **ret_why)
{
	struct conf_tree *t = context;
	const struct conf_file *f = follow(t, path);
	const char *why = !f                       ? ""
			  : !f->text               ? "EISDIR: Is a directory"
			  : f->text == CONF_DEVICE ? CONF_NULL
			  : f->text == CONF_DENIED ? "EACCES: Permission denied"
						   : NULL;
	t->n_reads++;
	*ret_why = why ? xstrdup(why) : NULL;
	if (why)
		return NULL;
	*ret_len = strlen(f->text);
	return xstrdup(f->text);
}

static bool tree_list(void *context, const char *path,
		      void (*entry)(char type, const char *name, void *context),
		      void *entry_context, char **ret_why)
{
	const struct conf_tree *t = context;
	const struct conf_file *dir = follow(t, path);
	const char *folder = dir ? dir->path : path, *name;
	bool is_denied = dir && dir->text == CONF_DENIED;
	*ret_why = NULL;
	if (is_denied || (!dir && !has_any(t, folder))) {
		*ret_why = xstrdup(is_denied ? "EACCES: Permission denied" : "");
		return false;
	}
	for (const struct conf_file *f = t->files; f->path; f++)
		if ((name = below(f, folder)) && !strchr(name, '/'))
			entry(!f->text ? 'd' : is_link(f) ? 'l' : 'f', name, entry_context);
	return true;
}

static char *tree_resolve(void *context, const char *path)
{
	const struct conf_file *f = follow(context, path);
	return f || has_any(context, path) ? xstrdup(f ? f->path : path) : NULL;
}

struct conf_source conftree_source(struct conf_tree *t)
{
	return (struct conf_source){ tree_read, tree_list, tree_resolve, t, NULL };
}

/* --- what came of it ------------------------------------------------------------------------- */

void conftree_settings_are(json_t *conf, const char *key, const char *wanted)
{
	json_t *settings = json_object_get(conf, "settings"), *one;
	AUTO_FREE char *text = xstrdup("");
	size_t i;
	ck_assert_msg(!fact_is_unread(settings), "%s",
		      fact_is_unread(settings) ? fact_reason(settings) : "");
	json_array_foreach(json_object_get(settings, key), i, one)
	{
		const char *value = json_string_value(json_object_get(one, "value"));
		char *more =
			xasprintf("%s%s%s@%s:%lld", text, *text ? " " : "", value ? value : "null",
				  json_string_value(json_object_get(one, "file")),
				  (long long)json_integer_value(json_object_get(one, "line")));
		free(text);
		text = more;
	}
	ck_assert_str_eq(text, wanted);
}

void conftree_files_are(json_t *conf, const char *wanted)
{
	AUTO_FREE char *text = xstrdup("");
	json_t *file;
	size_t i;
	json_array_foreach(json_object_get(conf, "files"), i, file)
	{
		const char *state = json_string_value(json_object_get(file, "state"));
		char *more = xasprintf("%s%s%s%s%s", text, *text ? " " : "",
				       json_string_value(json_object_get(file, "path")),
				       streq(state, "read") ? "" : ":",
				       streq(state, "read") ? "" : state);
		free(text);
		text = more;
	}
	ck_assert_str_eq(text, wanted);
}

void conftree_is_unread(json_t *conf, const char *why)
{
	json_t *settings = json_object_get(conf, "settings");
	ck_assert_msg(fact_is_unread(settings), "it is known, but should not be for: %s", why);
	ck_assert_msg(strstr(fact_reason(settings), why) != NULL, "%s", fact_reason(settings));
}
