/* SPDX-License-Identifier: Apache-2.0 */
/* tailoring.c: see tailoring.h. */
#include "tailoring.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>

#include "tailoring_private.h"
#include "yaml_schema.h"

enum { FILES_MAX = 256 };

/* --- one file ------------------------------------------------------------------------------- */

/* Of which profile they shall be must not depend on what a run judges by. */
static int read_add(struct tailoring *f, const json_t *root, struct err *err)
{
	static const struct yaml_key keys[] = {
		{ "groups", YAML_ARRAY, false },
		{ "checks", YAML_ARRAY, false },
		{ "rules", YAML_ARRAY, false },
	};
	f->add = json_object_get(root, "add");
	if (f->add && !f->profile)
		return doc_error(err, f->yaml, root, "add",
				 "'add' needs 'profile': the one to add to");
	return f->add ? doc_check(f->yaml, f->add, "'add'", keys, ARRAY_SIZE(keys), err) : 0;
}

static int read_head(struct tailorings *t, struct tailoring *f, struct err *err)
{
	static const struct yaml_key keys[] = {
		{ "tailoring", YAML_TEXT, true }, { "profile", YAML_TEXT, false },
		{ "change", YAML_ARRAY, false },  { "add", YAML_OBJECT, false },
		{ "waivers", YAML_ARRAY, false },
	};
	const json_t *root = doc_root(f->yaml);
	int r = doc_check(f->yaml, root, "a tailoring", keys, ARRAY_SIZE(keys), err);
	if (r < 0)
		return r;
	f->profile = member_text(t->arena, root, "profile");
	if (f->profile && !*f->profile)
		return doc_error(err, f->yaml, root, "profile", "'profile' is empty");
	return read_add(f, root, err);
}

static int read_file(struct tailorings *t, const char *path, bool is_installed, struct err *err)
{
	struct tailoring *f = &t->files[t->n];
	*f = (struct tailoring){ .is_installed = is_installed };
	t->n++;
	int r = source_read(path, &f->source, err);
	if (r == 0)
		r = doc_parse(path, f->source.data, f->source.len, &f->yaml, err);
	if (r == 0)
		r = read_head(t, f, err);
	if (r == 0)
		r = changes_read(f, json_object_get(doc_root(f->yaml), "change"), t->arena, err);
	if (r == 0)
		r = waivers_read(&t->waivers, f->yaml,
				 json_object_get(doc_root(f->yaml), "waivers"), f->profile,
				 is_installed, t->arena, err);
	return r < 0 ? err_wrap(err, "tailoring") : 0;
}

/* --- all of them ---------------------------------------------------------------------------- */

static int is_wanted(const struct dirent *entry)
{
	return *entry->d_name != '.' && ends_with(entry->d_name, ".yaml");
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* A file given twice would be refused for its own waivers. */
static bool is_there(const struct tailorings *t, const struct source *s)
{
	for (size_t i = 0; i + 1 < t->n; i++)
		if (source_is_same(&t->files[i].source, s))
			return true;
	return false;
}

static int add_file(struct tailorings *t, const char *path, bool is_installed, struct err *err)
{
	if (t->n == FILES_MAX)
		return err_set(err, -E2BIG, "tailoring: more than %d files", FILES_MAX);
	int r = read_file(t, path, is_installed, err);
	if (r == 0 && is_there(t, &t->files[t->n - 1].source))
		r = err_set(err, -EEXIST, "tailoring: %s is given twice", path);
	t->names[t->n - 1] = arena_strdup(t->arena, path);
	return r;
}

static int add_installed(struct tailorings *t, const char *dir, struct err *err)
{
	struct dirent **entries = NULL;
	int n = scandir(dir, &entries, is_wanted, by_name);
	if (n < 0)
		return errno == ENOENT
			       ? 0
			       : err_set(err, -errno, "tailoring: %s: %s", dir, strerror(errno));
	int r = 0;
	for (int i = 0; i < n; i++) {
		AUTO_FREE char *path = xasprintf("%s/%s", dir, entries[i]->d_name);
		if (r == 0)
			r = add_file(t, path, true, err);
		free(entries[i]);
	}
	free(entries);
	return r;
}

int tailorings_open(const char *dir, const char *const *names, struct tailorings *ret,
		    struct err *err)
{
	*ret = (struct tailorings){ .arena = arena_new() };
	ret->files = arena_alloc(ret->arena, FILES_MAX * sizeof(*ret->files));
	ret->names = arena_alloc(ret->arena, (FILES_MAX + 1) * sizeof(*ret->names));
	int r = dir ? add_installed(ret, dir, err) : 0;
	for (; r == 0 && names && *names; names++)
		r = add_file(ret, *names, false, err);
	return r;
}

void tailorings_done(struct tailorings *t)
{
	for (size_t i = 0; i < t->n; i++) {
		doc_free(t->files[i].yaml);
		source_done(&t->files[i].source);
	}
	waivers_done(&t->waivers);
	free(t->warnings.v);
	if (t->arena)
		arena_free(t->arena);
	*t = (struct tailorings){ 0 };
}

bool tailoring_fits(const struct tailoring *f, const struct profile *p)
{
	return !f->profile || fnmatch(f->profile, p->id, 0) == 0;
}

int tailorings_extend(const struct tailorings *t, struct profile **p, size_t n, struct err *err)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct tailoring *f = &t->files[i];
		for (size_t k = 0; f->add && k < n; k++)
			if (tailoring_fits(f, p[k]) &&
			    profile_extend(p[k], &f->source, "add", err) < 0)
				return err_wrap(err, "tailoring");
	}
	return 0;
}

void tailorings_tell(const struct tailorings *t, struct report *r)
{
	r->tailoring = t->n ? t->names : NULL;
	for (size_t i = 0; i < t->warnings.n; i++)
		warnings_add(&r->warnings, r->arena, t->warnings.v[i].place, t->warnings.v[i].text);
}
