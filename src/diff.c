/* SPDX-License-Identifier: Apache-2.0 */
/* diff.c: see diff.h; pairs findings of two reports and says what became of them. */
#include "diff.h"

#include "collector.h"
#include "eval.h"

/* --- pairs ---------------------------------------------------------------------------------- */

/* A finding of then, looked up by a hash of what it is about. */
struct known {
	uint64_t key;
	size_t order;
	const struct result *result;
	const struct finding *finding;
	bool is_used;
};

static bool is_single(const struct subject *s)
{
	return s->kind == SW_HOST || s->kind == SW_ENGINE;
}

/* What names a subject in both reports. */
static const char *subject_key(const struct subject *s)
{
	return is_single(s) ? "" : *s->name ? s->name : s->id;
}

static uint64_t add(uint64_t h, const char *s)
{
	return fnv1a(h, s, strlen(s) + 1);
}

static uint64_t key_of(const struct result *r, const struct finding *f)
{
	const struct subject *s = f->subject;
	uint64_t h = add(FNV_START, r->rule->check->id);
	h = add(h, kind_name(s->kind));
	h = add(h, subject_key(s));
	return add(h, is_single(s) ? "" : s->image);
}

/* Names are anybody's, and the hash is no secret: equal keys prove nothing. */
static bool is_same_subject(const struct subject *a, const struct subject *b)
{
	return a->kind == b->kind && streq(subject_key(a), subject_key(b)) &&
	       (is_single(a) || streq(a->image, b->image));
}

static bool is_like(const struct known *k, const struct result *r, const struct finding *f)
{
	return !k->is_used && streq(k->result->rule->check->id, r->rule->check->id) &&
	       is_same_subject(k->finding->subject, f->subject);
}

static bool is_same_rule(const struct rule *a, const struct rule *b)
{
	return streq(a->profile->id, b->profile->id) && streq(a->ref, b->ref);
}

static int by_key(const void *a, const void *b)
{
	const struct known *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static size_t count_findings(const struct report *r)
{
	size_t n = 0;
	for (size_t i = 0; i < r->n_results; i++)
		n += r->results[i].n_findings;
	return n;
}

static struct known *index_report(const struct report *r, size_t n)
{
	struct known *all = xalloc((n + 1) * sizeof(*all));
	size_t at = 0;
	for (size_t i = 0; i < r->n_results; i++) {
		for (size_t k = 0; k < r->results[i].n_findings; k++, at++) {
			const struct finding *f = &r->results[i].findings[k];
			all[at] = (struct known){ .key = key_of(&r->results[i], f),
						  .order = at,
						  .result = &r->results[i],
						  .finding = f };
		}
	}
	qsort(all, n, sizeof(*all), by_key);
	return all;
}

static size_t first_of(const struct known *all, size_t n, uint64_t key)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (all[mid].key < key)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* How alike two findings must be; those that are most alike find each other first. */
enum likeness { SAME_ID, SAME_RULE, SAME_SUBJECT, LIKENESSES };

/* Of another number the best one that is left: then what is worse now is not taken for known. */
static struct known *find(struct known *all, size_t n, const struct result *r,
			  const struct finding *f, enum likeness likeness)
{
	uint64_t key = key_of(r, f);
	struct known *best = NULL;
	for (size_t i = first_of(all, n, key); i < n && all[i].key == key; i++) {
		struct known *k = &all[i];
		if (!is_like(k, r, f))
			continue;
		if (is_same_rule(k->result->rule, r->rule) &&
		    (likeness != SAME_ID || streq(k->finding->subject->id, f->subject->id)))
			return k;
		if (likeness == SAME_SUBJECT &&
		    (!best || k->finding->verdict > best->finding->verdict))
			best = k;
	}
	return best;
}

static void match(struct pairs *p, size_t n, struct known *all, size_t n_all,
		  enum likeness likeness)
{
	for (size_t i = 0; i < n; i++) {
		struct pair *pair = &p->v[i];
		struct known *k =
			pair->then ? NULL : find(all, n_all, pair->now_result, pair->now, likeness);
		if (!k)
			continue;
		k->is_used = true;
		pair->then = k->finding;
		pair->then_result = k->result;
	}
}

static int by_order(const void *a, const void *b)
{
	const struct known *x = a, *y = b;
	return x->order < y->order ? -1 : x->order > y->order;
}

void pairs_make(const struct report *then, const struct report *now, struct pairs *ret)
{
	size_t n_then = count_findings(then), n_now = count_findings(now);
	AUTO_FREE struct known *all = index_report(then, n_then);
	*ret = (struct pairs){ .v = xalloc((n_then + n_now + 1) * sizeof(*ret->v)) };
	for (size_t i = 0; i < now->n_results; i++)
		for (size_t k = 0; k < now->results[i].n_findings; k++)
			ret->v[ret->n++] = (struct pair){ .now_result = &now->results[i],
							  .now = &now->results[i].findings[k] };
	for (enum likeness l = SAME_ID; l < LIKENESSES; l++)
		match(ret, n_now, all, n_then, l);
	qsort(all, n_then, sizeof(*all), by_order);
	for (size_t i = 0; i < n_then; i++)
		if (!all[i].is_used)
			ret->v[ret->n++] = (struct pair){ .then_result = all[i].result,
							  .then = all[i].finding };
}

void pairs_done(struct pairs *p)
{
	free(p->v);
	*p = (struct pairs){ 0 };
}

/* --- what became of them -------------------------------------------------------------------- */

static bool is_same_value(const struct evidence *a, const struct evidence *b)
{
	if (!streq(a->path, b->path) || !a->value != !b->value)
		return false;
	return !a->value || streq(a->value, b->value);
}

/* Sources name pids and ids, which change by themselves. */
bool pair_is_changed(const struct pair *p)
{
	if (!p->then || !p->now)
		return true;
	if (p->then->verdict != p->now->verdict || !streq(p->then->reason, p->now->reason) ||
	    p->then->n_evidence != p->now->n_evidence)
		return true;
	for (size_t i = 0; i < p->now->n_evidence; i++)
		if (!is_same_value(&p->then->evidence[i], &p->now->evidence[i]))
			return true;
	return false;
}

/* Is it no better accepted than it is now? */
static bool is_worse(const struct pair *p)
{
	return !p->then || p->now->verdict < p->then->verdict ||
	       (p->then->waiver && !p->now->waiver) ||
	       (p->now->verdict == SW_FAIL &&
		p->now_result->rule->check->severity > p->then_result->rule->check->severity);
}

static const struct rule *rule_of(const struct pair *p)
{
	return (p->now ? p->now_result : p->then_result)->rule;
}

/* Was there an engine to look at, and is there none now? */
static bool lost_engine(const struct diff *d)
{
	return d->then->target.has_engine && !d->now->target.has_engine;
}

/* Was it not for this node to judge them? */
static bool leaves_services(const struct result *r)
{
	for (size_t i = 0; i < r->n_findings; i++)
		if (streq(r->findings[i].reason, NOT_A_MANAGER))
			return true;
	return false;
}

/* Is the check judged now, so that a subject which is not there is gone? */
static bool is_gone(const struct diff *d, const struct pair *p)
{
	if (!d->now->complete || d->now->subject_patterns || lost_engine(d))
		return false;
	for (size_t i = 0; i < d->now->n_results; i++) {
		const struct result *r = &d->now->results[i];
		if (streq(r->rule->check->id, rule_of(p)->check->id))
			return r->verdict != SW_UNKNOWN &&
			       (p->then->subject->kind != SW_SERVICE || !leaves_services(r));
	}
	return false;
}

/* A rule that is skipped for want of something to look at has mended nothing. */
static bool is_passed_over(const struct diff *d, const struct pair *p)
{
	return p->now->verdict == SW_SKIP &&
	       (ends_with(p->now->reason, NEEDS_RUNNING) ||
		(lost_engine(d) && rule_of(p)->check->kind != SW_HOST));
}

static enum diff_class class_of(const struct diff *d, const struct pair *p)
{
	bool has_failed = p->then && p->then->verdict == SW_FAIL;
	if (!p->now)
		return !has_failed ? DIFF_SAME : is_gone(d, p) ? DIFF_FIXED : DIFF_LOST;
	if (p->now->verdict == SW_FAIL)
		return is_worse(p) ? DIFF_NEW : DIFF_STILL;
	if (p->now->verdict == SW_UNKNOWN &&
	    (!p->then || p->then->verdict != SW_UNKNOWN || is_worse(p)))
		return DIFF_UNKNOWN;
	if (has_failed)
		return is_passed_over(d, p) ? DIFF_LOST : DIFF_FIXED;
	return p->then && pair_is_changed(p) ? DIFF_CHANGED : DIFF_SAME;
}

const char *diff_class_name(enum diff_class c)
{
	static const char *const names[DIFF_CLASSES] = {
		[DIFF_NEW] = "new",     [DIFF_UNKNOWN] = "unknown", [DIFF_LOST] = "lost",
		[DIFF_STILL] = "still", [DIFF_FIXED] = "fixed",     [DIFF_CHANGED] = "changed",
		[DIFF_SAME] = "same",
	};
	return names[c];
}

/* Does the pair make exit status 1? */
static bool counts(const struct diff *d, size_t i)
{
	const struct pair *p = &d->pairs.v[i];
	const char *fail_on = d->fail_on ? d->fail_on : "low";
	enum sw_severity least = SW_LOW;
	severity_of(fail_on, &least);
	if (!p->now || p->now->waiver)
		return false;
	if (d->classes[i] == DIFF_NEW)
		return p->now_result->rule->check->severity >= least;
	return p->now->verdict == SW_WARN && streq(fail_on, "warn") && is_worse(p);
}

static int exit_status(const struct diff *d)
{
	size_t n_unknown = d->count[DIFF_UNKNOWN] - d->n_waived[DIFF_UNKNOWN] + d->count[DIFF_LOST];
	bool is_cut = !d->now->complete && d->then->complete;
	if (d->fail_on && streq(d->fail_on, "never"))
		return 0;
	for (size_t i = 0; i < d->pairs.n; i++)
		if (counts(d, i))
			return 1;
	return n_unknown > 0 || is_cut ? 3 : 0;
}

void diff_make(struct diff *d)
{
	pairs_make(d->then, d->now, &d->pairs);
	d->classes = xalloc((d->pairs.n + 1) * sizeof(*d->classes));
	for (size_t i = 0; i < d->pairs.n; i++) {
		const struct pair *p = &d->pairs.v[i];
		enum diff_class c = d->classes[i] = class_of(d, p);
		d->count[c]++;
		d->n_waived[c] += p->now && p->now->waiver;
	}
	d->exit_status = exit_status(d);
}

void diff_done(struct diff *d)
{
	pairs_done(&d->pairs);
	free(d->classes);
}

/* --- a baseline ----------------------------------------------------------------------------- */

static bool is_same_text(const char *a, const char *b)
{
	return a && b ? streq(a, b) : a == b;
}

/* Of one name, perhaps; reports of before there was such a hash tell nothing. */
static bool is_other_machine(const struct target *a, const struct target *b)
{
	return a->machine && b->machine && !streq(a->machine, b->machine);
}

void baseline_mark(const struct report *baseline, struct report *now)
{
	struct pairs pairs;
	pairs_make(baseline, now, &pairs);
	for (size_t i = 0; i < pairs.n; i++) {
		const struct pair *p = &pairs.v[i];
		struct finding *f = (struct finding *)(uintptr_t)p->now;
		if (f && f->verdict == SW_PASS && p->then && p->then->verdict <= SW_WARN)
			f->change = CHANGE_FIXED;
		if (!f || f->verdict > SW_WARN)
			continue;
		f->change = !p->then || p->then->verdict > SW_WARN ? CHANGE_NEW
			    : is_worse(p)                          ? CHANGE_WORSE
								   : CHANGE_KNOWN;
	}
	pairs_done(&pairs);
	if (!is_same_text(baseline->target.hostname, now->target.hostname) ||
	    is_other_machine(&baseline->target, &now->target))
		warnings_add(&now->warnings, now->arena, now->baseline,
			     "the baseline is of another host");
	if (!baseline->complete)
		warnings_add(&now->warnings, now->arena, now->baseline,
			     "the baseline is not complete: what it has not seen counts as new");
}
