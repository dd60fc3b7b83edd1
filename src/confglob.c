/* SPDX-License-Identifier: Apache-2.0 */
/* confglob.c: glob(7) over a source of confdir.h. */
#include <fnmatch.h>

#include "confdir.h"

struct globbing {
	const struct conf_source *source;
	struct conf_paths *found;
	const char *dir, *step, *rest; /* of the folder that is being listed */
	size_t n_dirs;                 /* looked at so far */
	size_t depth;
	char *trouble;
};

static void glob_below(struct globbing *g, const char *dir, const char *pattern);

static void add_path(struct globbing *g, char *path)
{
	struct conf_paths *f = g->found;
	if (f->n >= CONF_FILES_MAX) {
		if (!g->trouble)
			g->trouble = xasprintf("it names more than %d files", CONF_FILES_MAX);
		free(path);
		return;
	}
	f->list = xrealloc(f->list, (f->n + 1) * sizeof(*f->list));
	f->list[f->n++] = path;
}

static char *below(const char *dir, const char *name)
{
	return xasprintf("%s/%s", streq(dir, "/") ? "" : dir, name);
}

static void glob_entry(char type, const char *name, void *context)
{
	struct globbing *g = context;
	if (g->trouble || fnmatch(g->step, name, FNM_PERIOD) != 0)
		return;
	char *path = below(g->dir, name);
	if (!*g->rest) {
		add_path(g, path);
		return;
	}
	if (type == 'd' || type == 'l') {
		struct globbing outer = *g;
		glob_below(g, path, g->rest);
		g->dir = outer.dir;
		g->step = outer.step;
		g->rest = outer.rest;
	}
	free(path);
}

static void list_matching(struct globbing *g, const char *dir, const char *step, const char *rest)
{
	AUTO_FREE char *why = NULL;
	g->dir = dir;
	g->step = step;
	g->rest = rest;
	if (++g->n_dirs > CONF_FILES_MAX)
		g->trouble = xasprintf("it looks into more than %d folders", CONF_FILES_MAX);
	else if (!g->source->list(g->source->context, dir, glob_entry, g, &why) && *why &&
		 !g->trouble)
		g->trouble = xasprintf("%s: %s", dir, why);
}

/* pattern: what is still to be matched below dir, without a leading slash. */
static void glob_below(struct globbing *g, const char *dir, const char *pattern)
{
	const char *slash = strchrnul(pattern, '/');
	AUTO_FREE char *step = xstrndup(pattern, (size_t)(slash - pattern));
	const char *rest = slash + strspn(slash, "/");
	if (g->trouble)
		return;
	if (++g->depth > CONF_DEPTH_MAX) {
		g->trouble = xasprintf("it has more than %d steps", CONF_DEPTH_MAX);
		return;
	}
	if (strpbrk(step, "*?[\\")) {
		list_matching(g, dir, step, rest);
	} else {
		AUTO_FREE char *path = below(dir, step);
		if (*rest)
			glob_below(g, path, rest);
		else
			add_path(g, TAKE(path));
	}
	g->depth--;
}

bool conf_glob(const struct conf_source *source, const char *pattern, struct conf_paths *ret,
	       char **ret_trouble)
{
	struct globbing g = { .source = source, .found = ret };
	glob_below(&g, "/", pattern + strspn(pattern, "/"));
	*ret_trouble = g.trouble;
	return !g.trouble;
}

void conf_paths_done(struct conf_paths *paths)
{
	for (size_t i = 0; i < paths->n; i++)
		free(paths->list[i]);
	free(paths->list);
	*paths = (struct conf_paths){ 0 };
}
