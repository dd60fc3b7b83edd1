/* SPDX-License-Identifier: Apache-2.0 */
/* units.c: fuzzes unit files: found, merged, linked, and the programs that they start. */
#include "units.h"

#include "fuzz.h"
#include "record.h"
#include "tree.h"
#include "unitlinks.h"
#include "unitprograms.h"

static void add_name(char type, const char *name, void *context)
{
	FILE *f = context;

	fprintf(f, "%c%s%c", type, name, 0);
}

static void list_dir(struct unit_search *s, size_t i, const struct tree *t, const char *dir)
{
	char *names = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&names, &n);

	tree_each(t, dir, add_name, f);
	fclose(f);
	unit_search_listed(s, i, names, n, tree_is_dir(t, dir) ? NULL : UNIT_NOT_THERE);
	free(names);
}

static void read_file(struct unit_search *s, size_t i, const struct tree *t, const char *path)
{
	const struct tree_entry *e = tree_find(t, path, true);

	if (e && e->type == 'n')
		unit_search_masked(s, i);
	else if (e && e->type == 'x')
		unit_search_read(s, i, NULL, 0, "EACCES: Permission denied");
	else
		unit_search_read(s, i, e ? e->data : NULL, e ? e->n : 0, e ? NULL : UNIT_NOT_THERE);
}

static void search(const struct tree *t)
{
	struct unit_search *s = unit_search_new("docker.service");
	const char *path;

	for (size_t i = 0; (path = unit_search_dir(s, i)); i++)
		list_dir(s, i, t, path);
	for (size_t i = 0; (path = unit_search_file(s, i)); i++)
		read_file(s, i, t, path);
	fuzz_fact(unit_search_record(s));
	unit_search_free(s);
}

/* --- links ----------------------------------------------------------------------------------- */

struct scan {
	struct unit_links *links;
	const struct tree *tree;
	const char *dir, *folder;
};

static void add_pulled(char type, const char *name, void *context)
{
	struct scan *scan = context;

	(void)type;
	unit_links_pulled(scan->links, scan->dir, scan->folder, name);
}

static void add_entry(char type, const char *name, void *context)
{
	struct scan *scan = context;
	AUTO_FREE char *path = xasprintf("%s/%s", scan->dir, name);
	const struct tree_entry *e = tree_find(scan->tree, path, false);

	if (unit_links_entry(scan->links, scan->dir, type, name)) {
		scan->folder = name;
		tree_each(scan->tree, path, add_pulled, scan);
	} else if (e && e->type == 'f') {
		json_t *settings = json_object();

		unit_merge(settings, e->data, e->n);
		unit_links_says(scan->links, name, path, settings);
		fuzz_fact(settings);
	}
}

static void resolve(struct unit_links *links, const struct tree *t)
{
	AUTO_JSON json_t *entries = json_copy(links->files);
	const char *name;
	json_t *file;

	json_object_foreach(entries, name, file)
	{
		const char *path = json_string_value(json_object_get(file, "path"));
		const struct tree_entry *e = tree_find(t, path, true);

		if (json_is_true(json_object_get(file, "link")))
			unit_links_resolved(links, name, e ? e->path : NULL, e && e->type == 'n');
	}
}

static void link_all(const struct tree *t)
{
	struct unit_links *links = unit_links_new();

	for (size_t i = 0; unit_dirs[i]; i++) {
		struct scan scan = { links, t, unit_dirs[i], NULL };

		tree_each(t, unit_dirs[i], add_entry, &scan);
	}
	resolve(links, t);
	for (size_t i = 0; i < t->n; i++) {
		AUTO_FREE char *name = fuzz_text(t->entries[i].path, strlen(t->entries[i].path));
		AUTO_FREE char *template = unit_template(name);
		(void)template;

		utf8_mend(name, strlen(name));
		unit_links_canonical(links, name);
	}
	fuzz_fact(json_incref(links->reached));
	fuzz_fact(json_incref(links->pulls));
	unit_links_free(links);
}

static void programs(const struct tree *t)
{
	struct unit_programs *p = unit_programs_new();
	const char *path;

	for (size_t i = 0; i < t->n; i++)
		unit_programs_add(p, t->entries[i].data, t->entries[i].n);
	for (size_t i = 0; (path = unit_programs_at(p, i)); i++)
		FUZZ_CHECK(*path == '/', "%s", path);
	unit_programs_free(p);
}

FUZZ(units)
{
	struct tree t;

	tree_init(&t, "/etc/systemd/system/docker.service", data, n);
	for (size_t i = 0; i < t.n; i++)
		if (t.entries[i].type == 'f')
			utf8_mend(t.entries[i].data, t.entries[i].n);
	search(&t);
	link_all(&t);
	programs(&t);
	tree_done(&t);
	return 0;
}
