/* SPDX-License-Identifier: Apache-2.0 */
/* layertree.c: see layertree.h. */
#include "layertree.h"

#include "facts.h"
#include "layerfile.h"
#include "record.h"
#include "siphash.h"

enum { SETUID_BITS = 06000, FOREIGN_LINKS_MAX = 1000, FILES_MAX = 20000 };

/* What a layer says of a path; the first byte of what is hashed. */
enum mark {
	MARK_FILE = 'f', /* something that is no folder: hides what is below it, too */
	MARK_DIR = 'd',
	MARK_GONE = 'w',   /* a whiteout */
	MARK_OPAQUE = 'o', /* what lower layers have in this folder is gone */
};

/* A file with setuid or setgid, or another name of one. */
struct special {
	char *path, *target; /* target: of a link into a lower layer */
	unsigned mode;
	uint32_t uid, gid;
};

struct layer {
	struct layertree *tree;
	char *name, *why;
	uint64_t *marks; /* open addressing; 0 is free; a power of two */
	size_t n_marks, cap_marks;
	struct special *specials;
	size_t n_specials;
	struct layerfile **files;
	size_t n_files;
};

struct alias {
	char *name, *target;
};

struct layertree {
	struct siphash_key key;
	struct layer **layers;
	size_t n_layers;
	struct alias *aliases;
	size_t n_aliases;
	size_t n_entries, n_specials, n_more, n_foreign, n_files;
};

/* --- a layer's marks ---------------------------------------------------------------------------
 */

static uint64_t hash_of(const struct layertree *t, enum mark mark, const char *path, size_t n)
{
	char text[LAYERS_PATH_MAX + 1]; /* clean_path() made it: n is less */
	text[0] = (char)mark;
	memcpy(text + 1, path, n);
	uint64_t h = siphash(&t->key, text, n + 1);
	return h ? h : 1;
}

static size_t slot_of(const uint64_t *marks, size_t cap, uint64_t h)
{
	size_t i = (size_t)h & (cap - 1);
	while (marks[i] && marks[i] != h)
		i = (i + 1) & (cap - 1);
	return i;
}

static void grow_marks(struct layer *l)
{
	size_t cap = l->cap_marks ? 2 * l->cap_marks : 64;
	uint64_t *marks = xalloc(cap * sizeof(*marks));
	for (size_t i = 0; i < l->cap_marks; i++)
		if (l->marks[i])
			marks[slot_of(marks, cap, l->marks[i])] = l->marks[i];
	free(l->marks);
	l->marks = marks;
	l->cap_marks = cap;
}

static void set_mark(struct layer *l, enum mark mark, const char *path, size_t n)
{
	uint64_t h = hash_of(l->tree, mark, path, n);
	if (4 * (l->n_marks + 1) > 3 * l->cap_marks)
		grow_marks(l);
	size_t i = slot_of(l->marks, l->cap_marks, h);
	l->n_marks += l->marks[i] == 0;
	l->marks[i] = h;
}

static bool has_mark(const struct layer *l, enum mark mark, const char *path, size_t n)
{
	uint64_t h = hash_of(l->tree, mark, path, n);
	return l->cap_marks > 0 && l->marks[slot_of(l->marks, l->cap_marks, h)] == h;
}

/* Is what a lower layer has at path gone, seen from above this layer? */
static bool hides(const struct layer *l, const char *path)
{
	size_t n = strlen(path);
	if (has_mark(l, MARK_FILE, path, n) || has_mark(l, MARK_DIR, path, n) ||
	    has_mark(l, MARK_GONE, path, n))
		return true;
	while (n > 0) {
		while (n > 0 && path[n - 1] != '/')
			n--;
		n -= n > 0;
		if (has_mark(l, MARK_OPAQUE, path, n) ||
		    (n > 0 && (has_mark(l, MARK_FILE, path, n) || has_mark(l, MARK_GONE, path, n))))
			return true;
	}
	return false;
}

/* --- names -------------------------------------------------------------------------------------
 */

/* Without leading, doubled and trailing slashes and "." steps; returns why it is no name, or NULL.
 */
static const char *clean_path(const char *path, char *ret, size_t *ret_len)
{
	size_t n = 0, depth = 0;
	while (*path) {
		size_t step = strcspn(path, "/");
		if (step == 2 && path[0] == '.' && path[1] == '.')
			return "a name in it leads out of the layer ('..')";
		if (step > 0 && !(step == 1 && *path == '.')) {
			if (n + step + 2 > LAYERS_PATH_MAX)
				return "a name in it is too long";
			if (++depth > LAYERS_DEPTH_MAX)
				return "a name in it is too deep";
			if (n > 0)
				ret[n++] = '/';
			memcpy(ret + n, path, step);
			n += step;
		}
		path += step + (path[step] == '/');
	}
	ret[n] = '\0';
	*ret_len = n;
	return NULL;
}

/* OCI image specification, "Whiteouts": .wh.NAME and .wh..wh..opq; others of .wh..wh. are of old
 * aufs. */
static bool take_whiteout(struct layer *l, const char *path, size_t n)
{
	static const char prefix[] = ".wh.", opaque[] = ".wh..wh..opq";
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	size_t folder = slash ? (size_t)(slash - path) : 0;
	if (!starts_with(base, prefix))
		return false;
	if (streq(base, opaque)) {
		set_mark(l, MARK_OPAQUE, path, folder);
	} else if (!starts_with(base, ".wh..wh.")) {
		char hidden[LAYERS_PATH_MAX]; /* as above */
		size_t start = (size_t)(base - path), skip = sizeof(prefix) - 1;
		memcpy(hidden, path, start);
		memcpy(hidden + start, base + skip, n - start - skip);
		set_mark(l, MARK_GONE, hidden, n - skip);
	}
	return true;
}

/* --- entries -----------------------------------------------------------------------------------
 */

static void add_special(struct layer *l, const char *path, const char *target,
			const struct special *of)
{
	struct layertree *t = l->tree;
	if (t->n_specials >= LAYERS_SETUID_MAX) {
		t->n_more++;
		return;
	}
	t->n_specials++;
	l->specials = xrealloc(l->specials, (l->n_specials + 1) * sizeof(*l->specials));
	l->specials[l->n_specials++] = (struct special){
		.path = xstrdup(path),
		.target = target ? xstrdup(target) : NULL,
		.mode = of->mode,
		.uid = of->uid,
		.gid = of->gid,
	};
}

static const struct special *find_special(const struct layer *l, const char *path)
{
	for (size_t i = 0; i < l->n_specials; i++)
		if (streq(l->specials[i].path, path))
			return &l->specials[i];
	return NULL;
}

static const char *take_link(struct layer *l, const char *path, const char *target_name)
{
	char target[LAYERS_PATH_MAX];
	size_t n;
	const char *why = clean_path(target_name ? target_name : "", target, &n);
	if (why)
		return why;
	const struct special *of = l->n_specials > 0 ? find_special(l, target) : NULL;
	if (of) {
		struct special copy = *of; /* the list it is in may move */
		add_special(l, path, copy.target, &copy);
	} else if (!has_mark(l, MARK_FILE, target, n)) {
		if (l->tree->n_foreign++ >= FOREIGN_LINKS_MAX)
			return "it has too many hard links to files of other layers";
		add_special(l, path, target, &(struct special){ .mode = 0 });
	}
	return NULL;
}

static const char *take_file(struct layer *l, const struct layer_entry *e, const char *path,
			     struct layerfile **ret_file)
{
	struct layerfile *f = layerfile_new(path);
	if (!f)
		return NULL;
	if (l->tree->n_files++ >= FILES_MAX) {
		layerfile_free(f);
		return "it has too many files of packages";
	}
	if (e->type != LAYER_FILE)
		layerfile_fail(f, "is no plain file");
	l->files = xrealloc(l->files, (l->n_files + 1) * sizeof(struct layerfile *));
	l->files[l->n_files++] = f;
	*ret_file = e->type == LAYER_FILE ? f : NULL;
	return NULL;
}

const char *layer_take(struct layer *l, const struct layer_entry *e, struct layerfile **ret_file)
{
	char path[LAYERS_PATH_MAX];
	size_t n;
	*ret_file = NULL;
	if (++l->tree->n_entries > LAYERS_ENTRIES_MAX)
		return "the image holds too many files";
	const char *why = clean_path(e->path, path, &n);
	if (why || n == 0 || take_whiteout(l, path, n))
		return why;
	if (e->type == LAYER_LINK)
		why = take_link(l, path, e->target);
	else if (e->type == LAYER_FILE && (e->mode & SETUID_BITS))
		add_special(l, path, NULL,
			    &(struct special){ .mode = e->mode, .uid = e->uid, .gid = e->gid });
	set_mark(l, e->type == LAYER_DIR ? MARK_DIR : MARK_FILE, path, n);
	return why || e->type == LAYER_DIR ? why : take_file(l, e, path, ret_file);
}

void layer_fail(struct layer *l, const char *why)
{
	if (!l->why)
		l->why = xstrdup(why);
}

/* --- the tree ----------------------------------------------------------------------------------
 */

struct layertree *layertree_new(void)
{
	struct layertree *t = xalloc(sizeof(*t));
	siphash_key_init(&t->key);
	return t;
}

static void layer_free(struct layer *l)
{
	for (size_t i = 0; i < l->n_specials; i++) {
		free(l->specials[i].path);
		free(l->specials[i].target);
	}
	for (size_t i = 0; i < l->n_files; i++)
		layerfile_free(l->files[i]);
	free(l->specials);
	free(l->files);
	free(l->marks);
	free(l->name);
	free(l->why);
	free(l);
}

void layertree_free(struct layertree *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n_layers; i++)
		layer_free(t->layers[i]);
	for (size_t i = 0; i < t->n_aliases; i++) {
		free(t->aliases[i].name);
		free(t->aliases[i].target);
	}
	free(t->layers);
	free(t->aliases);
	free(t);
}

struct layer *layertree_add(struct layertree *t, const char *name)
{
	if (t->n_layers >= LAYERS_MAX)
		return NULL;
	struct layer *l = xalloc(sizeof(*l));
	l->tree = t;
	l->name = xstrdup(name);
	t->layers = xrealloc(t->layers, (t->n_layers + 1) * sizeof(struct layer *));
	return t->layers[t->n_layers++] = l;
}

bool layertree_alias(struct layertree *t, const char *name, const char *target)
{
	if (t->n_aliases >= LAYERS_MAX)
		return false;
	t->aliases = xrealloc(t->aliases, (t->n_aliases + 1) * sizeof(*t->aliases));
	t->aliases[t->n_aliases++] = (struct alias){ xstrdup(name), xstrdup(target) };
	return true;
}

static struct layer *find_layer(struct layertree *t, const char *name)
{
	for (size_t i = 0; i < t->n_layers; i++)
		if (streq(t->layers[i]->name, name))
			return t->layers[i];
	for (size_t i = 0; i < t->n_aliases; i++)
		for (size_t k = 0; k < t->n_layers && streq(t->aliases[i].name, name); k++)
			if (streq(t->layers[k]->name, t->aliases[i].target))
				return t->layers[k];
	return NULL;
}

/* --- the image -----------------------------------------------------------------------------------
 */

struct image {
	struct layer **layers; /* lowest first */
	size_t n;
};

static bool is_hidden(const struct image *k, size_t layer, const char *path)
{
	for (size_t i = layer + 1; i < k->n; i++)
		if (hides(k->layers[i], path))
			return true;
	return false;
}

/* What a link into a lower layer leads to: the topmost that is seen from there; NULL for nothing
 * special. */
static const struct special *resolve(const struct image *k, size_t layer,
				     const struct special *link)
{
	for (size_t i = layer; i-- > 0;) {
		const struct special *of = find_special(k->layers[i], link->target);
		if (of && of->target)
			return resolve(k, i, of);
		if (of || hides(k->layers[i], link->target))
			return of;
	}
	return NULL;
}

static json_t *path_text(const char *path)
{
	AUTO_FREE char *copy = xasprintf("/%s", path);
	utf8_mend(copy, strlen(copy));
	return json_string(copy);
}

static json_t *setuid_list(const struct image *k)
{
	json_t *list = json_array();
	for (size_t i = 0; i < k->n; i++) {
		const struct layer *l = k->layers[i];
		for (size_t s = 0; s < l->n_specials; s++) {
			const struct special *link = &l->specials[s], *of = link;
			if (link->target)
				of = resolve(k, i, link);
			if (!of || is_hidden(k, i, link->path))
				continue;
			char mode[8];
			snprintf(mode, sizeof(mode), "%04o", of->mode & 07777);
			json_array_append_new(
				list, json_pack("{so ss sI sI sI}", "path", path_text(link->path),
						"mode", mode, "uid", (json_int_t)of->uid, "gid",
						(json_int_t)of->gid, "layer", (json_int_t)i));
		}
	}
	return list;
}

/* Adds what a file says to its part; one that cannot be read makes the part unread. */
static void add_part(json_t *parts, struct layerfile *f)
{
	const char *part = layerfile_part(f);
	json_t *said = layerfile_end(f), *before = json_object_get(parts, part);
	if (!before || fact_is_unread(said))
		json_object_set(parts, part, said);
	else if (json_is_array(before) && json_is_array(said))
		json_array_extend(before, said);
	json_decref(said);
}

static void add_files(const struct image *k, json_t *packages, json_t **users)
{
	for (size_t i = 0; i < k->n; i++) {
		const struct layer *l = k->layers[i];
		for (size_t f = 0; f < l->n_files; f++) {
			if (is_hidden(k, i, layerfile_path(l->files[f])))
				continue;
			add_part(packages, l->files[f]);
		}
	}
	json_t *found = json_object_get(packages, "users");
	*users = found ? json_incref(found) : json_null();
	json_object_del(packages, "users");
}

static json_t *describe(const struct layertree *t, const struct image *k)
{
	json_t *users, *packages = json_object();
	add_files(k, packages, &users);
	return json_pack("{sI so sI so so}", "Entries", (json_int_t)t->n_entries, "Setuid",
			 setuid_list(k), "SetuidMore", (json_int_t)t->n_more, "Users", users,
			 "Packages", packages);
}

json_t *layertree_compose(struct layertree *t, const char *const *names, size_t n)
{
	AUTO_FREE struct layer **layers = xalloc((n + 1) * sizeof(struct layer *));
	for (size_t i = 0; i < n; i++) {
		layers[i] = find_layer(t, names[i]);
		if (!layers[i])
			return fact_unread("layer %zu is missing in the engine's export", i + 1);
		if (layers[i]->why)
			return fact_unread("layer %zu: %s", i + 1, layers[i]->why);
	}
	return describe(t, &(struct image){ layers, n });
}
