/* SPDX-License-Identifier: Apache-2.0 */
/* conffolders.c: folders of fragments: which names count, in which order, and which of them hide
 * others. */
#include "confdir_private.h"

/* A fragment: its folder and name, and the file that hides it. */
struct fragment {
	char *path;
	const char *name; /* within path */
	char *hidden_by;
};

struct fragments {
	struct fragment *list;
	size_t n;
};

static void fragments_done(struct fragments *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->list[i].path);
		free(f->list[i].hidden_by);
	}
	free(f->list);
}

/* apt.conf(5), sources.list(5): anything else is left alone, such as what dpkg leaves. */
static bool is_apts(const struct conf *c, const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_-.";
	return *name != '.' && name[strspn(name, allowed)] == '\0' &&
	       (c->spec->suffix || !strchr(name, '.') || ends_with(name, ".conf"));
}

static bool is_fragment(const struct conf *c, char type, const char *name, unsigned flags)
{
	size_t n = strlen(name);
	if (type == 'd' || (*name == '.' && c->spec->suffix))
		return false;
	if (flags & CONF_APT_NAMES && !is_apts(c, name))
		return false;
	if (flags & CONF_NO_DOTS && (strchr(name, '.') || name[n - 1] == '~'))
		return false;
	return !c->spec->suffix ||
	       (n > strlen(c->spec->suffix) && ends_with(name, c->spec->suffix));
}

struct listing {
	struct conf *c;
	struct fragments *found;
	const char *dir;
	unsigned flags;
};

static void add_fragment(char type, const char *name, void *context)
{
	struct listing *l = context;
	if (!is_fragment(l->c, type, name, l->flags) || l->found->n > CONF_FILES_MAX)
		return;
	struct fragments *f = l->found;
	size_t dir_len = strlen(l->dir);
	const char *slash = dir_len > 0 && l->dir[dir_len - 1] == '/' ? "" : "/";
	f->list = xrealloc(f->list, (f->n + 1) * sizeof(*f->list));
	char *path = xasprintf("%s%s%s", l->dir, slash, name);
	f->list[f->n++] = (struct fragment){ path, path + dir_len + strlen(slash), NULL };
}

/* False when the folder is not there. */
static bool list_dir(struct conf *c, struct fragments *found, const char *dir, unsigned flags)
{
	AUTO_FREE char *why = NULL;
	struct listing l = { c, found, dir, flags };
	if (c->source->list(c->source->context, dir, add_fragment, &l, &why))
		return true;
	if (*why)
		conf_note_unread(c, dir, why);
	return *why != '\0';
}

/* As strverscmp(3), of names that may be equal: then the order of folders stays. */
static int in_order(const struct conf *c, const struct fragment *a, const struct fragment *b)
{
	return c->spec->flags & CONF_NATURAL ? strverscmp(a->name, b->name)
					     : strcmp(a->name, b->name);
}

static void merge_sort(const struct conf *c, struct fragment *list, size_t n)
{
	if (n < 2)
		return;
	size_t half = n / 2, i = 0, j = half;
	merge_sort(c, list, half);
	merge_sort(c, list + half, n - half);
	AUTO_FREE struct fragment *merged = xalloc(n * sizeof(*merged));
	for (size_t k = 0; k < n; k++) {
		bool left = j == n || (i < half && in_order(c, &list[i], &list[j]) <= 0);
		merged[k] = left ? list[i++] : list[j++];
	}
	memcpy(list, merged, n * sizeof(*list));
}

/* Of equal names the one of the strongest folder, which is first, hides the others. */
static void hide_weaker(struct fragments *f)
{
	for (size_t i = 1, strong = 0; i < f->n; i++) {
		if (streq(f->list[i].name, f->list[strong].name))
			f->list[i].hidden_by = xstrdup(f->list[strong].path);
		else
			strong = i;
	}
}

static void read_fragments(struct conf *c, const struct fragments *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (!f->list[i].hidden_by)
			conf_expect(c, f->list[i].path, false);
	for (size_t i = 0; i < f->n && !c->trouble; i++) {
		const struct fragment *one = &f->list[i];
		if (one->hidden_by && conf_is_within_bounds(c, one->path))
			json_object_set_new(conf_add_file(c, one->path, "masked"), "by",
					    conf_text(one->hidden_by));
		else if (!one->hidden_by && !conf_read_one(c, one->path))
			conf_add_file(c, one->path, "missing");
	}
}

/* Is it a folder that another path led to already? */
static bool is_seen(struct conf *c, json_t *seen, const char *dir)
{
	AUTO_FREE char *resolved = c->source->resolve(c->source->context, dir);
	if (!resolved)
		return false;
	if (json_object_get(seen, resolved))
		return true;
	json_object_set_new(seen, resolved, json_true());
	return false;
}

void conf_read_dirs(struct conf *c, const char *const *dirs, unsigned flags)
{
	struct fragments found CLEANUP(fragments_done) = { 0 };
	json_t *seen = json_object();
	for (const char *const *d = dirs; d && *d; d++)
		conf_expect(c, *d, true);
	for (; dirs && *dirs; dirs++) {
		size_t before = found.n;
		if (is_seen(c, seen, *dirs) || !list_dir(c, &found, *dirs, flags))
			continue;
		if (flags & CONF_NO_MASK && found.n > before)
			merge_sort(c, found.list + before, found.n - before);
		if (flags & CONF_ONE_DIR)
			break;
	}
	json_decref(seen);
	if (!(flags & CONF_NO_MASK)) {
		merge_sort(c, found.list, found.n);
		hide_weaker(&found);
	}
	read_fragments(c, &found);
}
