/* SPDX-License-Identifier: Apache-2.0 */
/* tree.c: see tree.h. */
#include "tree.h"

#include "fuzz.h"

static const char mark[] = "@@";

/* Where the next line that begins an entry is, or the end. */
static const char *next_entry(const char *p, const char *end)
{
	while (p < end && strncmp(p, mark, 2) != 0) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));

		p = newline ? newline + 1 : end;
	}
	return p;
}

static void add(struct tree *t, char type, char *path, const char *data, size_t n)
{
	if (t->n == TREE_ENTRIES) {
		free(path);
		return;
	}
	if (type == 'l' && n > 0 && data[n - 1] == '\n')
		n--;
	t->entries[t->n++] = (struct tree_entry){ type, path, fuzz_text(data, n), n };
}

void tree_init(struct tree *t, const char *first, const uint8_t *data, size_t n)
{
	AUTO_FREE char *text = fuzz_text(data, n);
	const char *end = text + n, *p = next_entry(text, end);

	*t = (struct tree){ .n = 0 };
	if (first && p > text)
		add(t, 'f', xstrdup(first), text, (size_t)(p - text));
	while (end - p > 4) {
		const char *line = p + strlen(mark);
		const char *line_end = memchr(line, '\n', (size_t)(end - line));
		const char *content = line_end ? line_end + 1 : end;
		size_t n_path = (size_t)((line_end ? line_end : end) - line);

		p = next_entry(content, end);
		if (n_path > 2)
			add(t, *line, xstrndup(line + 2, n_path - 2), content,
			    (size_t)(p - content));
	}
}

void tree_done(struct tree *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->entries[i].path);
		free(t->entries[i].data);
	}
	t->n = 0;
}

static bool is_file(const struct tree_entry *e)
{
	return e->type != 'q' && *e->path == '/';
}

const struct tree_entry *tree_question(const struct tree *t, const char *question)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->entries[i].type == 'q' && streq(t->entries[i].path, question))
			return &t->entries[i];
	return NULL;
}

static const struct tree_entry *find_one(const struct tree *t, const char *path)
{
	for (size_t i = 0; i < t->n; i++)
		if (is_file(&t->entries[i]) && streq(t->entries[i].path, path))
			return &t->entries[i];
	return NULL;
}

const struct tree_entry *tree_find(const struct tree *t, const char *path, bool follow)
{
	const struct tree_entry *e = find_one(t, path);

	for (size_t i = 0; e && e->type == 'l' && follow; i++)
		e = i < 8 ? find_one(t, e->data) : NULL;
	return e;
}

/* What of the entry's path is below the folder, or NULL. */
static const char *below(const struct tree_entry *e, const char *dir)
{
	size_t n = strlen(dir);

	while (n > 0 && dir[n - 1] == '/')
		n--;
	if (!is_file(e) || strncmp(e->path, dir, n) != 0 || e->path[n] != '/' || !e->path[n + 1])
		return NULL;
	return e->path + n + 1;
}

bool tree_is_dir(const struct tree *t, const char *path)
{
	const struct tree_entry *e = tree_find(t, path, true);

	if (e)
		return e->type == 'd';
	for (size_t i = 0; i < t->n; i++)
		if (below(&t->entries[i], path))
			return true;
	return false;
}

struct name {
	char type;
	char *text;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->text, ((const struct name *)b)->text);
}

static char type_letter(const struct tree_entry *e, const char *name)
{
	if (strchr(name, '/') || e->type == 'd')
		return 'd';
	return e->type == 'l' || e->type == 'n' ? 'l' : 'f';
}

void tree_each(const struct tree *t, const char *path,
	       void (*entry)(char type, const char *name, void *context), void *context)
{
	struct name names[TREE_ENTRIES];
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		const char *name = below(&t->entries[i], path);

		if (name)
			names[n++] = (struct name){ type_letter(&t->entries[i], name),
						    xstrndup(name, strcspn(name, "/")) };
	}
	qsort(names, n, sizeof(*names), by_text);
	for (size_t i = 0; i < n; i++)
		if (*names[i].text && (i == 0 || !streq(names[i].text, names[i - 1].text)))
			entry(names[i].type, names[i].text, context);
	for (size_t i = 0; i < n; i++)
		free(names[i].text);
}

/* --- as a source of configuration ------------------------------------------------------------ */

static char *source_read(void *context, const char *path, size_t *ret_len, char **ret_why)
{
	const struct tree *t = context;
	const struct tree_entry *e = tree_find(t, path, true);

	*ret_why = NULL;
	if (e && e->type == 'f') {
		*ret_len = e->n;
		return fuzz_text(e->data, e->n);
	}
	*ret_why = xstrdup(e && e->type == 'x'    ? "EACCES: Permission denied"
			   : e && e->type == 'n'  ? CONF_NULL
			   : tree_is_dir(t, path) ? "EISDIR: Is a directory"
						  : "");
	return NULL;
}

static bool source_list(void *context, const char *path,
			void (*entry)(char type, const char *name, void *context),
			void *entry_context, char **ret_why)
{
	const struct tree *t = context;

	*ret_why = NULL;
	if (!tree_is_dir(t, path)) {
		*ret_why = xstrdup("");
		return false;
	}
	tree_each(t, path, entry, entry_context);
	return true;
}

static char *source_resolve(void *context, const char *path)
{
	const struct tree_entry *e = tree_find(context, path, true);

	return e ? xstrdup(e->path) : NULL;
}

struct conf_source tree_source(struct tree *t)
{
	return (struct conf_source){ source_read, source_list, source_resolve, t, NULL };
}
