/* SPDX-License-Identifier: Apache-2.0 */
/*
 * derive_aliases.c: see derive_aliases.h.
 *
 * A file is a device and a way from the top of its file system. Each mount shows a part of one, so
 * whatever mount of the same device shows that way, or something below it, gives another path.
 */
#include "derive_aliases.h"

#include "derive.h"
#include "facts.h"
#include "util.h"

enum { MOUNTS_MAX = 20000, ALIASES_MAX = 1000, DEPTH_MAX = 1000 };

struct mount {
	json_int_t id, parent;
	const char *dev, *root, *point;
};

struct table {
	struct mount *mounts;
	size_t n, n_aliases;
};

/* Where engines listen by default, this one or not. */
static const char *const well_known[] = {
	"/run/docker.sock",        "/run/containerd/containerd.sock",
	"/run/podman/podman.sock", "/run/cri-dockerd.sock",
	"/run/crio/crio.sock",
};

/* Those of container.sensitive-mounts. */
static const char *const folders[] = {
	"/boot", "/dev", "/etc",  "/lib",  "/lib64", "/proc",           "/sys",
	"/usr",  "/bin", "/sbin", "/root", "/run",   "/var/lib/docker", "/var/lib/containerd",
};

static const char *text_of(const json_t *object, const char *member)
{
	const char *s = json_string_value(json_object_get(object, member));
	return s ? s : "";
}

/* The table of the engine's mount namespace, or why there is none as a new reference. */
static json_t *engine_mounts(json_t *world, json_t **ret_unread)
{
	struct fact own = facts_find(world, "engine/mounts"), f = own;
	if (own.state == FACT_ABSENT) {
		struct fact space = facts_find(world, "engine/process/Namespaces/mnt"),
			    init = facts_find(world, "host/namespaces/mnt/init"),
			    root = facts_find(world, "engine/process/OwnRoot");
		if (space.state != FACT_KNOWN || init.state != FACT_KNOWN ||
		    !json_equal(space.value, init.value) || !json_is_false(root.value)) {
			*ret_unread = fact_unread("what is mounted for the engine was not read");
			return NULL;
		}
		f = facts_find(world, "host/mounts");
	}
	if (f.state == FACT_KNOWN && json_is_array(f.value) &&
	    json_array_size(f.value) <= MOUNTS_MAX)
		return f.value;
	*ret_unread = fact_unread("%s", f.state == FACT_UNREAD   ? f.reason
					: json_is_array(f.value) ? "too much is mounted"
								 : "mounts were not read");
	return NULL;
}

static void fill_table(struct table *t, json_t *list)
{
	json_t *m;
	size_t i;
	t->mounts = xalloc((json_array_size(list) + 1) * sizeof(*t->mounts));
	json_array_foreach(list, i, m)
	{
		struct mount *to = &t->mounts[t->n];
		*to = (struct mount){ json_integer_value(json_object_get(m, "id")),
				      json_integer_value(json_object_get(m, "parent")),
				      text_of(m, "dev"), text_of(m, "root"), text_of(m, "point") };
		/* namespaces are mounted as "net:[...]" */
		t->n += *to->root == '/' && *to->point == '/';
	}
}

static bool has_id(const struct table *t, json_int_t id)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->mounts[i].id == id)
			return true;
	return false;
}

/* The first mount of all: the rest hang on it. */
static const struct mount *first_mount(const struct table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct mount *m = &t->mounts[i];
		if (streq(m->point, "/") && (m->parent == m->id || !has_id(t, m->parent)))
			return m;
	}
	return NULL;
}

/*
 * What is mounted on m on the way to path. Of those on the same mount the first on the way hides
 * what is behind it: what was mounted there later hangs on it instead.
 */
static const struct mount *next_mount(const struct table *t, const struct mount *m,
				      const char *path)
{
	const struct mount *found = NULL;
	for (size_t i = 0; i < t->n; i++) {
		const struct mount *c = &t->mounts[i];
		if (c->parent == m->id && c != m && sw_is_below(path, c->point) &&
		    (!found || strlen(c->point) <= strlen(found->point)))
			found = c;
	}
	return found;
}

/* The mount that path, without links, is seen in; NULL when the table is not whole. */
static const struct mount *mount_of(const struct table *t, const char *path)
{
	const struct mount *m = first_mount(t), *next;
	for (size_t i = 0; m && (next = next_mount(t, m, path)); i++) {
		if (i == DEPTH_MAX)
			return NULL;
		m = next;
	}
	return m;
}

/* The rest of path below dir, "" or with a slash in front. */
static const char *rest_below(const char *path, const char *dir)
{
	const char *rest = path + (streq(dir, "/") ? 0 : strlen(dir));
	return streq(rest, "/") ? "" : rest;
}

static char *joined(const char *dir, const char *rest)
{
	if (streq(dir, "/"))
		return xstrdup(*rest ? rest : "/");
	return xasprintf("%s%s", dir, rest);
}

/* A part of a folder is an alias as well, one of a socket is not to be had. */
static void find_aliases(struct table *t, const struct mount *home, const char *path,
			 bool is_folder, json_t *list)
{
	AUTO_FREE char *way = joined(home->root, rest_below(path, home->point));
	for (size_t i = 0; i < t->n; i++) {
		const struct mount *m = &t->mounts[i];
		AUTO_FREE char *alias = NULL;
		if (m == home || !streq(m->dev, home->dev))
			continue;
		if (sw_is_below(way, m->root))
			alias = joined(m->point, rest_below(way, m->root));
		else if (is_folder && sw_is_below(m->root, way))
			alias = xstrdup(m->point);
		if (!alias || sw_is_below(alias, path) || mount_of(t, alias) != m)
			continue;
		json_array_append_new(list, json_string(alias));
		t->n_aliases++;
	}
}

static void add_aliases(struct table *t, const char *path, bool is_folder, json_t *into)
{
	const struct mount *home = *path == '/' ? mount_of(t, path) : NULL;
	if (!home || json_object_get(into, path) || t->n_aliases > ALIASES_MAX)
		return;
	json_t *list = json_array();
	find_aliases(t, home, path, is_folder, list);
	if (json_array_size(list) > 0)
		json_object_set(into, path, list);
	json_decref(list);
}

/* A path as configured, after links when it was looked at. */
static const char *real_path(json_t *world, const char *path)
{
	json_t *files = json_object_get(json_object_get(world, "engine"), "files");
	const char *real = text_of(json_object_get(files, path), "path");
	return *real ? real : path;
}

static json_t *aliases(struct table *t, json_t *world, const json_t *paths)
{
	json_t *sockets = json_object(), *dirs = json_object(), *socket;
	size_t i;
	json_array_foreach(json_object_get(paths, "api-sockets"), i, socket)
	{
		if (json_is_string(socket))
			add_aliases(t, real_path(world, json_string_value(socket)), false, sockets);
	}
	add_aliases(t, real_path(world, text_of(paths, "containerd-socket")), false, sockets);
	for (i = 0; i < ARRAY_SIZE(well_known); i++)
		add_aliases(t, well_known[i], false, sockets);
	for (i = 0; i < ARRAY_SIZE(folders); i++)
		add_aliases(t, folders[i], true, dirs);
	add_aliases(t, real_path(world, text_of(paths, "data-root")), true, dirs);
	return json_pack("{so so}", "sockets", sockets, "folders", dirs);
}

static json_t *nothing_known(json_t *unread)
{
	return json_pack("{sO so}", "sockets", unread, "folders", unread);
}

json_t *derive_aliases(json_t *world, const json_t *paths)
{
	json_t *unread = NULL, *mounts = engine_mounts(world, &unread);
	struct table t = { 0 };
	if (!mounts)
		return nothing_known(unread);
	fill_table(&t, mounts);
	json_t *found =
		first_mount(&t)
			? aliases(&t, world, paths)
			: nothing_known(fact_unread("the mount table of the engine has no /"));
	if (t.n_aliases > ALIASES_MAX) {
		json_decref(found);
		found = nothing_known(fact_unread("too much is mounted more than once"));
	}
	free(t.mounts);
	return found;
}
