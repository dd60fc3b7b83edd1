/* SPDX-License-Identifier: Apache-2.0 */
/* registry.c: see registry.h. */
#include "registry.h"

#include <ctype.h>
#include <errno.h>

#include "param.h"

enum { ID_MAX = 96, ROWS_MAX = 10000, PARAMS_MAX = 64 };

#define ALL_FLAGS (SW_WHOLE | SW_RUNNING | SW_SERVICES | SW_LAST | SW_INDEX_KERNEL)
#define ALL_NEEDS                                                                                  \
	(SW_NEEDS_KERNEL | SW_NEEDS_PROCESSES | SW_NEEDS_EXECS | SW_NEEDS_IMAGES |                 \
	 SW_NEEDS_VOLUMES | SW_NEEDS_WALK | SW_NEEDS_LAYERS | SW_NEEDS_SOURCES | SW_NEEDS_AUDIT |  \
	 SW_NEEDS_PLUGINS | SW_NEEDS_SWARM | SW_NEEDS_MOUNTS | SW_NEEDS_CLIENTS |                  \
	 SW_NEEDS_SYSCTL | SW_NEEDS_BOOT | SW_NEEDS_MODULES | SW_NEEDS_HOST_FILES |                \
	 SW_NEEDS_ACCOUNTS | SW_NEEDS_SSHD | SW_NEEDS_SERVICES | SW_NEEDS_LOGGING |                \
	 SW_NEEDS_FIREWALL | SW_NEEDS_PACKAGES | SW_NEEDS_LEFTOVERS)

struct entry {
	const struct sw_check *row;
	char *origin;
};

struct registry {
	struct entry *entries; /* sorted by id */
	size_t n, cap;
	struct err problem; /* of a built-in row */
};

/* --- validating a row ----------------------------------------------------------------------- */

/* Lower-case words of letters and digits, the first beginning with a letter, joined by these. */
static bool is_name(const char *s, const char *joints)
{
	if (!(*s >= 'a' && *s <= 'z') || strnlen(s, ID_MAX + 1) > ID_MAX)
		return false;
	for (; *s; s++) {
		if ((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9'))
			continue;
		if (!strchr(joints, *s) || !s[1] || strchr(joints, s[1]))
			return false;
	}
	return true;
}

static bool is_line(const char *s)
{
	for (; *s; s++)
		if (iscntrl((unsigned char)*s))
			return false;
	return true;
}

static int check_texts(const struct sw_check *row, struct err *err)
{
	const struct {
		const char *name, *text;
		bool one_line;
	} texts[] = {
		{ "title", row->title, true },
		{ "why", row->why, false },
		{ "wanted", row->wanted, true },
		{ "remedy", row->remedy, false },
	};
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (!texts[i].text || !*texts[i].text)
			return err_set(err, -EINVAL, "has no %s", texts[i].name);
		if (texts[i].one_line && !is_line(texts[i].text))
			return err_set(err, -EINVAL, "has a %s of more than one line",
				       texts[i].name);
	}
	return 0;
}

static int check_param(const struct sw_check *row, const struct sw_param *p, struct err *err)
{
	if (!is_name(p->name, "_"))
		return err_set(err, -EINVAL, "has a parameter with a bad name");
	if (p->type < SW_BOOL || p->type > SW_LIST)
		return err_set(err, -EINVAL, "parameter '%s' has no known type", p->name);
	if (!p->help || !*p->help || !is_line(p->help))
		return err_set(err, -EINVAL, "parameter '%s' has no line of help", p->name);
	if (param_find(row, p->name) != p)
		return err_set(err, -EINVAL, "has the parameter '%s' twice", p->name);
	if (!p->fallback)
		return 0;
	json_t *v;
	int r = param_from_text(p, p->fallback, &v, err);
	if (r == 0)
		json_decref(v);
	return r < 0 ? err_wrap(err, "fallback") : 0;
}

static int check_params(const struct sw_check *row, struct err *err)
{
	size_t n = 0;
	for (const struct sw_param *p = row->params; p && p->name; p++) {
		if (++n > PARAMS_MAX)
			return err_set(err, -EINVAL, "has more than %d parameters", PARAMS_MAX);
		int r = check_param(row, p, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int check_row(const struct sw_check *row, struct err *err)
{
	if (!is_name(row->id, "._-"))
		return err_set(err, -EINVAL,
			       "its id is not made of lower-case words joined by . _ and -");
	if (row->kind < SW_HOST || row->kind > SW_SERVICE)
		return err_set(err, -EINVAL, "has no known kind");
	if (row->severity < SW_LOW || row->severity > SW_CRITICAL)
		return err_set(err, -EINVAL, "has no known severity");
	if (!row->fn)
		return err_set(err, -EINVAL, "has no function");
	if (row->flags & ~ALL_FLAGS)
		return err_set(err, -EINVAL, "has unknown flags 0x%x", row->flags & ~ALL_FLAGS);
	if (row->needs & ~ALL_NEEDS)
		return err_set(err, -EINVAL, "has unknown needs 0x%x", row->needs & ~ALL_NEEDS);
	int r = check_texts(row, err);
	return r < 0 ? r : check_params(row, err);
}

/* --- the sorted rows ------------------------------------------------------------------------ */

/* Where id is, or where it would be put. */
static size_t place_of(const struct registry *r, const char *id)
{
	size_t low = 0, high = r->n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (strcmp(r->entries[mid].row->id, id) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static const struct entry *entry_of(const struct registry *r, const char *id)
{
	size_t i = place_of(r, id);
	return i < r->n && streq(r->entries[i].row->id, id) ? &r->entries[i] : NULL;
}

int registry_add(struct registry *r, const struct sw_check *row, const char *origin,
		 struct err *err)
{
	if (!row->id)
		return err_set(err, -EINVAL, "%s: a check without id", origin);
	int code = check_row(row, err);
	if (code < 0) {
		err_wrap(err, "%s: check '%.*s'", origin, ID_MAX, row->id);
		return code;
	}
	const struct entry *same = entry_of(r, row->id);
	if (same)
		return err_set(err, -EEXIST, "%s: check '%s' is there already (%s)", origin,
			       row->id, same->origin);
	if (r->n >= ROWS_MAX)
		return err_set(err, -E2BIG, "%s: more than %d checks", origin, ROWS_MAX);
	if (r->n == r->cap) {
		r->cap = r->cap ? r->cap * 2 : 256;
		r->entries = xrealloc(r->entries, r->cap * sizeof(*r->entries));
	}
	size_t at = place_of(r, row->id);
	memmove(&r->entries[at + 1], &r->entries[at], (r->n - at) * sizeof(*r->entries));
	r->entries[at] = (struct entry){ .row = row, .origin = xstrdup(origin) };
	r->n++;
	return 0;
}

/* --- public --------------------------------------------------------------------------------- */

struct registry *registry_new(void)
{
	struct registry *r = xalloc(sizeof(*r));
	for (const struct sw_check *const *table = sw_builtin_checks; *table; table++)
		for (const struct sw_check *row = *table; row->id; row++)
			if (!r->problem.text)
				registry_add(r, row, "built-in", &r->problem);
	return r;
}

void registry_free(struct registry *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n; i++)
		free(r->entries[i].origin);
	free(r->entries);
	err_done(&r->problem);
	free(r);
}

const char *registry_problem(const struct registry *r)
{
	return r->problem.text;
}

const struct sw_check *registry_find(const struct registry *r, const char *id)
{
	const struct entry *e = entry_of(r, id);
	return e ? e->row : NULL;
}

size_t registry_count(const struct registry *r)
{
	return r->n;
}

const struct sw_check *registry_at(const struct registry *r, size_t i)
{
	return i < r->n ? r->entries[i].row : NULL;
}

const char *registry_origin(const struct registry *r, const char *id)
{
	const struct entry *e = entry_of(r, id);
	return e ? e->origin : NULL;
}

const char *registry_nearest(const struct registry *r, const char *id)
{
	AUTO_FREE const char **ids = xalloc(r->n * sizeof(*ids));
	for (size_t i = 0; i < r->n; i++)
		ids[i] = r->entries[i].row->id;
	return nearest(id, ids, r->n);
}
