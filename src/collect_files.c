/* SPDX-License-Identifier: Apache-2.0 */
/* collect_files.c: the files that are in force for this engine: daemon.json's content, and what
 * each of them is. */
#include <errno.h>

#include "collector.h"
#include "derive.h"
#include "record.h"
#include "redact.h"

enum { CERTS_MAX = 1000, CERTS_DEPTH = 4 };

static unsigned engine_base(const struct collector *c)
{
	return c->own_root ? FETCH_BASE_ENGINE : FETCH_BASE_ROOT;
}

static json_t *paths_of(struct collector *c)
{
	derive_world(c->world);
	return json_object_get(json_object_get(c->world, "engine"), "paths");
}

/* As Go reads it: the last of equal keys counts. */
static json_t *understand_daemon_json(char *text, size_t n, json_t *stat)
{
	json_error_t e = { .line = 0 };
	json_t *error = json_null();
	utf8_mend(text, n);
	json_t *content = n ? json_loadb(text, n, 0, &e) : json_object();
	if (!content)
		error = json_sprintf("line %d, column %d: %s", e.line, e.column, e.text);
	else if (!json_is_object(content))
		error = json_string("holds no object");
	redact_json(content);
	return json_pack("{sb sO? sO? sO? sI so so}", "exists", 1, "mtime",
			 json_object_get(stat, "mtime"), "mtime_ms",
			 json_object_get(stat, "mtime_ms"), "ctime_ms",
			 json_object_get(stat, "ctime_ms"), "size", (json_int_t)n, "content",
			 content ? content : fact_unread("is no usable JSON"), "error", error);
}

static json_t *daemon_json(struct collector *c, const char *path)
{
	size_t n;
	AUTO_FREE char *why = NULL;
	ask_ahead(c->asker, FETCH_READ, engine_base(c), path);
	json_t *stat = stat_path(c, engine_base(c), path);
	AUTO_FREE char *text = read_file(c, engine_base(c), path, &n, &why);
	json_t *section;
	if (text)
		section = understand_daemon_json(text, n, stat);
	else if (!*why)
		section = json_pack("{sb s{} sn}", "exists", 0, "content", "error");
	else
		section = fact_unread("%s: %s", path, why);
	json_decref(stat);
	if (!fact_is_unread(section))
		json_object_set_new(section, "path", json_string(path));
	return section;
}

/* null is an engine that has no such file, and no dockerd. */
static json_t *no_daemon_json(const json_t *paths)
{
	const json_t *path = json_object_get(paths, "config-file");
	const char *reason = fact_reason(path);
	if (json_is_null(path))
		return fact_unread("this engine reads no daemon.json");
	return fact_unread("its path is not known%s%s", reason ? ": " : "", reason ? reason : "");
}

/* A file that was asked for; its owner waits until all of its have come. */
struct looking {
	json_t *files;
	char *path;
	size_t *n_open;
};

static void take_stat(struct answer *answer, void *context)
{
	struct looking *l = context;
	json_object_set_new(l->files, l->path, stat_fact(answer));
	--*l->n_open;
	free(l->path);
	free(l);
}

/* Unit files are always the host's own, whatever root the engine sees. */
static void ask_file(struct collector *c, json_t *files, const char *role, const json_t *path,
		     size_t *n_open)
{
	bool is_unit = streq(role, "docker.service") || streq(role, "docker.socket");
	const char *p = json_string_value(path);
	if (!p || *p != '/' || json_object_get(files, p))
		return;
	json_object_set_new(files, p, fact_unread("was not answered"));
	struct looking *l = xalloc(sizeof(*l));
	*l = (struct looking){ files, xstrdup(p), n_open };
	++*n_open;
	ask(c->asker, FETCH_STAT, is_unit ? FETCH_BASE_ROOT : engine_base(c), p, take_stat, l);
}

static json_t *stat_all(struct collector *c, json_t *paths)
{
	json_t *files = json_object(), *value, *element;
	const char *role;
	size_t i, n_open = 0;
	json_object_foreach(paths, role, value)
	{
		ask_file(c, files, role, value, &n_open);
		json_array_foreach(value, i, element) ask_file(c, files, role, element, &n_open);
	}
	while (n_open > 0)
		asker_turn(c->asker);
	return files;
}

struct certs {
	struct collector *c;
	json_t *found; /* path → facts */
	const char *folder;
	size_t depth;
	char *why; /* what could not be read */
};

static void walk_certs(struct certs *w);

static void add_cert(char type, const char *name, void *context)
{
	struct certs *w = context;
	AUTO_FREE char *path = xasprintf("%s/%s", w->folder, name);
	if (json_object_size(w->found) >= CERTS_MAX || w->why)
		return;
	if (type == 'd') {
		struct certs below = *w;
		below.folder = path;
		below.depth++;
		walk_certs(&below);
		w->why = below.why;
		return;
	}
	json_t *fact = stat_path(w->c, engine_base(w->c), path);
	const char *kind = json_string_value(json_object_get(fact, "type"));
	if ((kind && streq(kind, "file")) || fact_is_unread(fact))
		json_object_set_new(w->found, path, fact);
	else
		json_decref(fact);
}

static void walk_certs(struct certs *w)
{
	AUTO_FREE char *why = NULL;
	if (w->depth > CERTS_DEPTH)
		w->why = xasprintf("%s: folders are nested too deep", w->folder);
	else if (!list_folder(w->c, engine_base(w->c), w->folder, add_cert, w, &why) && *why)
		w->why = xasprintf("%s: %s", w->folder, why);
	if (!w->why && json_object_size(w->found) >= CERTS_MAX)
		w->why = xasprintf("%s: more than %d files", w->folder, CERTS_MAX);
}

/* Of one folder, or of the several that Podman has. */
static json_t *certs(struct collector *c, const json_t *folders)
{
	struct certs w = { .c = c, .found = json_object() };
	size_t n = json_is_array(folders) ? json_array_size(folders) : 1;
	for (size_t i = 0; i < n && !w.why; i++) {
		w.folder = json_string_value(json_is_array(folders) ? json_array_get(folders, i)
								    : folders);
		if (w.folder)
			walk_certs(&w);
		else
			w.why = xstrdup(fact_reason(folders) ? fact_reason(folders)
							     : "its path is not known");
	}
	if (!w.why)
		return w.found;
	json_decref(w.found);
	json_t *unread = fact_unread("%s", w.why);
	free(w.why);
	return unread;
}

void collect_files(struct collector *c)
{
	static const char *const sections[] = { "daemon-json", "programs", "files", "certs" };
	json_t *engine = json_object_get(c->world, "engine");
	const char *reason = fact_reason(json_object_get(engine, "process"));
	if (reason) {
		for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
			collect_engine_section(c, sections[i], fact_unread("%s", reason));
		return;
	}
	json_t *paths = paths_of(c);
	const char *config = json_string_value(json_object_get(paths, "config-file"));
	collect_engine_section(c, "daemon-json",
			       config ? daemon_json(c, config) : no_daemon_json(paths));
	/* The file may say where other files are. */
	paths_of(c);
	collect_programs(c);
	paths = paths_of(c);
	collect_engine_section(c, "files", stat_all(c, paths));
	collect_engine_section(c, "certs", certs(c, json_object_get(paths, "certs-dir")));
}
