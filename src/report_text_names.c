/* SPDX-License-Identifier: Apache-2.0 */
/* report_text_names.c: many offenders of one rule as few words: by reason, then by Compose project.
 */
#include "report_text.h"

enum {
	GROUPS_SHOWN = 4, /* without -v */
	NAMES_SHOWN = 10, /* of one group, without -v */
	CHOSEN_NOT = -1,
};

struct member {
	const struct finding *finding;
	const char *project, *service; /* NULL: stands alone */
	size_t of_project;             /* findings of this rule in its project */
	ssize_t group;                 /* its reason's, or CHOSEN_NOT */
};

struct group_of_reason {
	size_t at, count; /* its members */
	const struct finding *first;
};

struct crowd {
	struct member
		*members; /* of one group together; in it projects, then loners; unchosen last */
	size_t n_members;
	struct group_of_reason *groups;
	size_t n_groups;
};

static const char *label(const struct subject *s, const char *name)
{
	const char *value = json_string_value(json_object_get(s->labels, name));
	return value && *value ? value : NULL;
}

static void find_project(struct member *m)
{
	static const struct {
		const char *project, *service;
	} labels[] = {
		{ "com.docker.compose.project", "com.docker.compose.service" },
		{ "com.docker.stack.namespace", "com.docker.swarm.service.name" },
	};
	const struct subject *s = m->finding->subject;
	for (size_t i = 0; i < ARRAY_SIZE(labels) && !m->project; i++) {
		m->project = label(s, labels[i].project);
		m->service = label(s, labels[i].service);
	}
	if (!m->project)
		return;
	if (!m->service)
		m->service = s->name;
	/* A stack's services bear its name in front of their own. */
	size_t n = strlen(m->project);
	if (strncmp(m->service, m->project, n) == 0 && m->service[n] == '_' && m->service[n + 1])
		m->service += n + 1;
}

/* Findings are one array in the order of the report, so their addresses order them. */
static int by_address(const struct finding *a, const struct finding *b)
{
	return a < b ? -1 : a > b;
}

static int by_reason(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int order = (x->group == CHOSEN_NOT) - (y->group == CHOSEN_NOT);
	if (order == 0)
		order = strcmp(x->finding->reason, y->finding->reason);
	return order ? order : by_address(x->finding, y->finding);
}

static int by_project(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int order = !x->project - !y->project;
	if (order == 0 && x->project)
		order = strcmp(x->project, y->project);
	if (order == 0 && x->project)
		order = strcmp(x->service, y->service);
	return order ? order : by_address(x->finding, y->finding);
}

static int by_group(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int order = (x->group == CHOSEN_NOT) - (y->group == CHOSEN_NOT);
	if (order == 0)
		order = (x->group > y->group) - (x->group < y->group);
	return order ? order : by_project(a, b);
}

static int by_count(const void *a, const void *b)
{
	const struct group_of_reason *x = a, *y = b;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return by_address(x->first, y->first);
}

/* Members at m that share its project. */
static size_t project_length(const struct member *m, size_t n)
{
	size_t i = 1;
	while (i < n && m->project && m[i].project && streq(m[i].project, m->project))
		i++;
	return i;
}

static void count_projects(struct crowd *c)
{
	qsort(c->members, c->n_members, sizeof(*c->members), by_project);
	for (size_t i = 0, n; i < c->n_members; i += n) {
		n = project_length(&c->members[i], c->n_members - i);
		for (size_t k = 0; k < n; k++)
			c->members[i + k].of_project = n;
	}
}

static void make_groups(struct crowd *c)
{
	struct group_of_reason *g = NULL;

	qsort(c->members, c->n_members, sizeof(*c->members), by_reason);
	c->groups = xalloc((c->n_members + 1) * sizeof(*c->groups));
	for (size_t i = 0; i < c->n_members && c->members[i].group != CHOSEN_NOT; i++) {
		struct member *m = &c->members[i];
		if (!g || !streq(m->finding->reason, g->first->reason)) {
			g = &c->groups[c->n_groups++];
			*g = (struct group_of_reason){ .at = i, .first = m->finding };
		}
		g->count++;
		m->group = (ssize_t)c->n_groups - 1;
	}
	/* Groups stay where they are; only the order within each changes. */
	qsort(c->members, c->n_members, sizeof(*c->members), by_group);
	qsort(c->groups, c->n_groups, sizeof(*c->groups), by_count);
}

struct crowd *crowd_new(const struct result *res, enum sw_verdict verdict, bool is_waived)
{
	struct crowd *c = xalloc(sizeof(*c));
	c->n_members = res->n_findings;
	c->members = xalloc((res->n_findings + 1) * sizeof(*c->members));
	for (size_t i = 0; i < res->n_findings; i++) {
		const struct finding *f = &res->findings[i];
		bool is_chosen = f->verdict == verdict && (f->waiver != NULL) == is_waived;
		c->members[i] =
			(struct member){ .finding = f, .group = is_chosen ? 0 : CHOSEN_NOT };
		find_project(&c->members[i]);
	}
	count_projects(c);
	make_groups(c);
	return c;
}

void crowd_free(struct crowd *c)
{
	if (!c)
		return;
	free(c->members);
	free(c->groups);
	free(c);
}

size_t crowd_groups(const struct crowd *c)
{
	return c->n_groups;
}

const struct finding *crowd_first(const struct crowd *c, size_t i)
{
	return c->groups[i].first;
}

size_t crowd_shown(const struct page *p, const struct crowd *c)
{
	bool is_cut = !p->options->verbose && c->n_groups > GROUPS_SHOWN;
	return is_cut ? GROUPS_SHOWN : c->n_groups;
}

/* One list of names being written. */
struct list {
	const struct page *page;
	struct text text;
	size_t room; /* names that may still be written */
	size_t left_out;
	bool has_projects;
};

static bool has_room(struct list *l, size_t names)
{
	if (l->room == 0) {
		l->left_out += names;
		return false;
	}
	l->room--;
	return true;
}

static void add_name(struct list *l, const struct subject *s, const char *separator)
{
	enum { SHORT_ID = 19 }; /* "sha256:" and 12 digits, as docker shortens them */
	if (!has_room(l, 1))
		return;
	text_add(&l->text, l->text.len > 0 ? separator : "");
	AUTO_FREE char *id = xstrndup(s->id ? s->id : "", SHORT_ID);
	page_say(l->page, &l->text, s->name && *s->name ? s->name : id);
	if (s->running == 0)
		text_add(&l->text, " (stopped)");
}

/* n members of one service. */
static void add_service(struct list *l, const struct member *m, size_t n, const char *before)
{
	if (!has_room(l, n))
		return;
	text_add(&l->text, before);
	page_say(l->page, &l->text, m->service);
	if (n > 1)
		text_printf(&l->text, " %s%zu", page_times(l->page), n);
}

/* "shop: web, db, cache (3 of 3)" of the n members at m. */
static void add_project(struct list *l, const struct member *m, size_t n)
{
	if (l->room == 0) {
		l->left_out += n;
		return;
	}
	text_add(&l->text, l->text.len > 0 ? "; " : "");
	page_say(l->page, &l->text, m->project);
	text_add(&l->text, ": ");
	l->has_projects = true;
	for (size_t i = 0, same; i < n; i += same) {
		for (same = 1; i + same < n && streq(m[i].service, m[i + same].service); same++)
			;
		add_service(l, &m[i], same, i > 0 ? ", " : "");
	}
	text_printf(&l->text, " (%zu of %zu)", n, m->of_project);
}

/* Whole projects first, then those that stand alone. */
static void add_members(struct list *l, const struct member *m, size_t count)
{
	for (size_t i = 0, n; i < count; i += n) {
		n = project_length(&m[i], count - i);
		if (n > 1)
			add_project(l, &m[i], n);
	}
	bool is_after_project = l->has_projects;
	for (size_t i = 0, n; i < count; i += n) {
		n = project_length(&m[i], count - i);
		if (n > 1)
			continue;
		add_name(l, m[i].finding->subject, is_after_project ? "; " : ", ");
		is_after_project = false;
	}
}

static void print_group(const struct page *p, const struct crowd *c,
			const struct group_of_reason *g, const char *item_label)
{
	enum sw_kind kind = g->first->subject->kind;
	AUTO_FREE char *reason = page_said(p, g->first->reason);
	struct list l = { .page = p, .room = p->options->verbose ? SIZE_MAX : NAMES_SHOWN };

	if (kind == SW_HOST || kind == SW_ENGINE) {
		page_item(p, item_label, reason);
		return;
	}
	add_members(&l, &c->members[g->at], g->count);
	if (l.left_out > 0)
		text_printf(&l.text, " and %zu more (-v or JSON lists all)", l.left_out);
	/* Names of projects have colons of their own. */
	if (*reason && !l.has_projects)
		text_printf(&l.text, ": %s", reason);
	page_item(p, item_label, text_str(&l.text));
	if (*reason && l.has_projects)
		page_item(p, "", reason);
	text_done(&l.text);
}

void crowd_print(const struct page *p, const struct crowd *c, const char *item_label)
{
	size_t shown = crowd_shown(p, c), rest = 0;
	for (size_t i = 0; i < shown; i++)
		print_group(p, c, &c->groups[i], i == 0 ? item_label : "");
	for (size_t i = shown; i < c->n_groups; i++)
		rest += c->groups[i].count;
	if (rest == 0)
		return;
	AUTO_FREE char *more = xasprintf("and %zu more; -v or JSON lists all", rest);
	page_item(p, "", more);
}
