/* SPDX-License-Identifier: Apache-2.0 */
/* fleet.c: see fleet.h; which reports are of one host, what is counted, what is worst. */
#include "json_memory.h"
#include "fleet.h"

struct fleet *fleet_new(void)
{
	struct fleet *f = xalloc(sizeof(*f));
	f->arena = arena_new();
	f->index = json_object();
	return f;
}

void fleet_free(struct fleet *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n_hosts; i++)
		free(f->hosts[i].cells);
	free(f->hosts);
	free(f->rules);
	free(f->order);
	free(f->refused);
	json_decref(f->index);
	arena_free(f->arena);
	free(f);
}

void fleet_refuse(struct fleet *f, const char *name, const char *reason)
{
	f->refused = xrealloc(f->refused, (f->n_refused + 1) * sizeof(*f->refused));
	f->refused[f->n_refused++] =
		(struct fleet_refusal){ .file = arena_intern(f->arena, name),
					.reason = arena_intern(f->arena, reason) };
}

bool fleet_outcome(const struct fleet_host *h, size_t rule, enum outcome *ret)
{
	if (rule >= h->n_cells || h->cells[rule] == 0)
		return false;
	*ret = (enum outcome)(h->cells[rule] - 1);
	return true;
}

/* --- hosts that are there twice ------------------------------------------------------------- */

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

/* Machines that nobody named are all called so. */
static bool is_named(const struct fleet_host *h)
{
	const char *name = or_empty(h->hostname);
	return *name && !streq(name, "localhost") && !starts_with(name, "localhost.") &&
	       !streq(name, "(none)");
}

static bool is_tree(const struct fleet_host *h)
{
	return h->kind && streq(h->kind, "root");
}

/* 0: the same host, judged by the same profiles. */
int fleet_compare_hosts(const struct fleet_host *a, const struct fleet_host *b)
{
	int order = strcmp(or_empty(a->hostname), or_empty(b->hostname));
	if (order == 0)
		order = (int)is_tree(a) - (int)is_tree(b);
	if (order == 0)
		order = strcmp(or_empty(a->profiles), or_empty(b->profiles));
	return order;
}

bool fleet_is_same_host(const struct fleet_host *a, const struct fleet_host *b)
{
	bool is_same_engine = !a->endpoint || !b->endpoint || streq(a->endpoint, b->endpoint);
	bool is_same_machine = !a->machine || !b->machine || streq(a->machine, b->machine);
	return is_named(a) && fleet_compare_hosts(a, b) == 0 && is_same_engine && is_same_machine;
}

static int by_host_newest_first(const void *a, const void *b)
{
	const struct fleet_host *x = *(struct fleet_host *const *)a,
				*y = *(struct fleet_host *const *)b;
	int order = fleet_compare_hosts(x, y);
	if (order == 0)
		order = strcmp(or_empty(y->started), or_empty(x->started));
	return order ? order : strcmp(x->file, y->file);
}

/* Rules that only later reports have are in no cell of an earlier one: they were not judged there.
 */
static bool has_same_cells(const struct fleet_host *a, const struct fleet_host *b)
{
	size_t most = a->n_cells > b->n_cells ? a->n_cells : b->n_cells;
	for (size_t i = 0; i < most; i++)
		if ((i < a->n_cells ? a->cells[i] : 0) != (i < b->n_cells ? b->cells[i] : 0))
			return false;
	return true;
}

/* Of what a later report left out the earlier one still tells. */
static bool is_as_wide(const struct fleet_host *h, const struct fleet_host *as)
{
	return !h->selection || streq(h->selection, or_empty(as->selection));
}

/* Of one time both count, unless they say the same: nobody knows which holds. */
static bool is_superseded(const struct fleet_host *h, const struct fleet_host *by)
{
	if (!is_as_wide(by, h))
		return false;
	if (!h->started || !by->started || strcmp(by->started, h->started) < 0)
		return false;
	if (strcmp(by->started, h->started) > 0)
		return true;
	return has_same_cells(h, by) && h->complete == by->complete && h->n_unread == by->n_unread;
}

static void find_superseded(struct fleet_host *const *sorted, size_t n)
{
	for (size_t i = 0, first = 0; i < n; i++) {
		if (fleet_compare_hosts(sorted[i], sorted[first]) != 0)
			first = i;
		for (size_t k = first; k < i && !sorted[i]->newer; k++)
			if (!sorted[k]->newer && fleet_is_same_host(sorted[i], sorted[k]) &&
			    is_superseded(sorted[i], sorted[k]))
				sorted[i]->newer = sorted[k];
	}
}

static bool is_called(const struct fleet_host *h, const struct fleet_host *other)
{
	return or_empty(h->hostname)[0] && streq(h->hostname, or_empty(other->hostname));
}

/* Sorted, those of one name are neighbours. */
static void label_hosts(struct fleet *f, struct fleet_host *const *sorted, size_t n)
{
	struct fleet_host *last = NULL;
	for (size_t i = 0; i < n; i++) {
		struct fleet_host *h = sorted[i];
		h->label = is_named(h) ? h->hostname : h->file;
		if (h->newer)
			continue;
		if (last && is_called(h, last)) {
			last->label = arena_printf(f->arena, "%s (%s)", last->hostname, last->file);
			h->label = arena_printf(f->arena, "%s (%s)", h->hostname, h->file);
		}
		last = h;
	}
}

/* --- counting and sorting ------------------------------------------------------------------- */

static void count_host(struct fleet *f, struct fleet_host *h)
{
	for (size_t rule = 0; rule < h->n_cells; rule++) {
		enum outcome o;
		if (!fleet_outcome(h, rule, &o))
			continue;
		h->count[o]++;
		f->rules[rule].count[o] += !h->newer;
		if (o == OUTCOME_FAIL)
			h->fails[f->rules[rule].severity]++;
	}
}

static int by_more(size_t a, size_t b)
{
	return a > b ? -1 : a < b;
}

static int by_badness(const void *a, const void *b)
{
	const struct fleet_host *x = a, *y = b;
	int order = (x->newer != NULL) - (y->newer != NULL);
	for (int s = SW_CRITICAL; s >= SW_LOW && order == 0; s--)
		order = by_more(x->fails[s], y->fails[s]);
	if (order == 0)
		order = (int)x->complete - (int)y->complete;
	for (int o = OUTCOME_UNKNOWN; o <= OUTCOME_REVIEW && order == 0; o++)
		order = by_more(x->count[o], y->count[o]);
	if (order == 0)
		order = strcmp(x->label, y->label);
	return order ? order : strcmp(x->file, y->file);
}

static int by_gravity(const void *a, const void *b, void *context)
{
	const struct fleet_rule *rules = context, *x = &rules[*(const size_t *)a],
				*y = &rules[*(const size_t *)b];
	bool x_fails = x->count[OUTCOME_FAIL] > 0, y_fails = y->count[OUTCOME_FAIL] > 0;
	int order = (int)y_fails - (int)x_fails;
	if (order == 0 && x_fails)
		order = (int)y->severity - (int)x->severity;
	for (int o = OUTCOME_FAIL; o < OUTCOMES && order == 0; o++)
		order = by_more(x->count[o], y->count[o]);
	if (order == 0)
		order = strcmp(x->profile, y->profile);
	if (order == 0)
		order = sw_version_compare(x->ref, y->ref);
	if (order == 0)
		order = strcmp(x->ref, y->ref);
	return order ? order : strcmp(x->check, y->check);
}

static void order_rules(struct fleet *f)
{
	f->order = xalloc((f->n_rules + 1) * sizeof(*f->order));
	for (size_t i = 0; i < f->n_rules; i++) {
		size_t judged = 0;
		for (int o = 0; o < OUTCOMES; o++)
			judged += f->rules[i].count[o];
		if (judged > 0)
			f->order[f->n_order++] = i;
	}
	qsort_r(f->order, f->n_order, sizeof(*f->order), by_gravity, f->rules);
}

/* A host that is not counted points to the one that is, wherever sorting takes that. */
static void sort_hosts(struct fleet *f)
{
	for (size_t i = 0; i < f->n_hosts; i++) {
		struct fleet_host *h = &f->hosts[i];
		f->n_counted += !h->newer;
		if (h->newer)
			h->newer = memcpy(arena_alloc(f->arena, sizeof(*h)), h->newer, sizeof(*h));
	}
	if (f->n_hosts > 0)
		qsort(f->hosts, f->n_hosts, sizeof(*f->hosts), by_badness);
}

void fleet_finish(struct fleet *f)
{
	AUTO_FREE struct fleet_host **sorted = xalloc((f->n_hosts + 1) * sizeof(*sorted));
	for (size_t i = 0; i < f->n_hosts; i++)
		sorted[i] = &f->hosts[i];
	qsort(sorted, f->n_hosts, sizeof(struct fleet_host *), by_host_newest_first);
	find_superseded(sorted, f->n_hosts);
	label_hosts(f, sorted, f->n_hosts);
	for (size_t i = 0; i < f->n_hosts; i++)
		count_host(f, &f->hosts[i]);
	sort_hosts(f);
	order_rules(f);
}

bool fleet_is_unknown(const struct fleet_host *h)
{
	size_t judged = 0;
	for (int o = 0; o < OUTCOMES; o++)
		judged += h->count[o];
	return h->count[OUTCOME_FAIL] == 0 && (!h->complete || h->count[OUTCOME_UNKNOWN] > 0 ||
					       h->exit_status >= 2 || judged == 0);
}

int fleet_status(const struct fleet *f)
{
	return f->n_refused > 0 ? 3 : 0;
}
