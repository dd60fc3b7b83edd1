/* SPDX-License-Identifier: Apache-2.0 */
/* report_text.c: the report that a person reads: groups of one profile after another. */
#include <errno.h>

#include "report_common.h"
#include "report_sinks.h"
#include "report_text.h"
#include "report_text_frame.h"

/* The results of one group, or all of a profile. */
struct span {
	const struct result *const *results; /* in the order of the profile */
	size_t n;
};

struct row {
	const struct result *result;
	size_t at; /* in the profile's results */
	enum tag tag;
};

static int by_tag(const struct row *x, const struct row *y)
{
	return (x->tag > y->tag) - (x->tag < y->tag);
}

static int by_gravity(const struct row *x, const struct row *y)
{
	enum sw_severity sx = x->result->rule->check->severity,
			 sy = y->result->rule->check->severity;
	return (sx < sy) - (sx > sy);
}

/* The number, then as the profile has them. */
static int by_number(const struct row *x, const struct row *y)
{
	int order = strverscmp(x->result->rule->ref, y->result->rule->ref);
	return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* Worst first. */
static int by_verdict_first(const void *a, const void *b)
{
	int order = by_tag(a, b);
	order = order ? order : by_gravity(a, b);
	return order ? order : by_number(a, b);
}

static int by_severity_first(const void *a, const void *b)
{
	int order = by_gravity(a, b);
	order = order ? order : by_tag(a, b);
	return order ? order : by_number(a, b);
}

static int by_ref(const void *a, const void *b)
{
	return by_number(a, b);
}

/* The first subject that has the rule's verdict: not one whose failure is waived if others are not.
 */
static const struct subject *culprit(const struct result *res)
{
	for (size_t i = 0; i < res->n_findings; i++) {
		const struct finding *f = &res->findings[i];
		if (f->verdict == res->verdict && (res->waived || !f->waiver))
			return f->subject;
	}
	return res->findings[0].subject;
}

/* The rules of one subject side by side. */
static int by_subject_first(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	const struct subject *sx = culprit(x->result), *sy = culprit(y->result);
	int order = (sx->kind > sy->kind) - (sx->kind < sy->kind);
	order = order ? order : strverscmp(subject_name(sx), subject_name(sy));
	order = order ? order : strcmp(sx->id, sy->id);
	return order ? order : by_verdict_first(a, b);
}

typedef int (*order_fn)(const void *a, const void *b);

static order_fn order_of(const struct page *p)
{
	const char *sort = p->options->sort ? p->options->sort : "verdict";
	return streq(sort, "severity")  ? by_severity_first
	       : streq(sort, "subject") ? by_subject_first
	       : streq(sort, "ref")     ? by_ref
					: by_verdict_first;
}

/* "pass 11 rules (--show pass lists them)" for what is not listed. */
static void print_unlisted(const struct page *p, const struct tally *all,
			   const struct tally *shared)
{
	for (enum tag tag = 0; tag < TAGS; tag++) {
		size_t n = all->count[tag];
		if (n > 0 && !tag_is_shown(p, tag) && !p->options->quiet) {
			tag_print(p, tag);
			fprintf(p->out, "%zu rule%s (--show %s lists %s)\n", n, n == 1 ? "" : "s",
				tag == TAG_WAIV ? "fail" : tag_noun(tag), n == 1 ? "it" : "them");
		} else if (shared->count[tag] > 0 && tag_is_shown(p, tag)) {
			n = shared->count[tag];
			tag_print(p, tag);
			fprintf(p->out, "%zu rule%s told of together, below\n", n,
				n == 1 ? "" : "s");
		}
	}
}

static void print_rows(const struct page *p, const struct row *rows, size_t n,
		       const struct unknowns *u, struct tally *shared)
{
	for (size_t i = 0; i < n; i++) {
		if (unknowns_has(u, rows[i].at))
			shared->count[rows[i].tag]++;
		else if (tag_is_shown(p, rows[i].tag))
			entry_print(p, rows[i].result);
	}
}

static void print_group(const struct page *p, const struct span *all, const struct unknowns *u,
			const struct group *group)
{
	AUTO_FREE struct row *rows = xalloc((all->n + 1) * sizeof(*rows));
	struct tally tally = { 0 }, shared = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct result *res = all->results[i];
		if (!streq(res->rule->group, group->id))
			continue;
		rows[n++] = (struct row){ res, i, tag_of(res) };
		tally.count[tag_of(res)]++;
	}
	if (n == 0 || (p->options->quiet && tally.count[TAG_FAIL] == 0))
		return;
	qsort(rows, n, sizeof(*rows), order_of(p));
	frame_group(p, group, &tally);
	print_rows(p, rows, n, u, &shared);
	print_unlisted(p, &tally, &shared);
}

static bool has_group(const struct group *groups, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (streq(groups[i].id, id))
			return true;
	return false;
}

/* The profile's groups, and those that only its rules name. */
static struct group *find_groups(const struct profile *profile, const struct span *all,
				 size_t *ret_n)
{
	size_t n = profile->n_groups;
	struct group *groups = xalloc((n + all->n + 1) * sizeof(*groups));
	for (size_t i = 0; i < n; i++)
		groups[i] = profile->groups[i];
	for (size_t i = 0; i < all->n; i++) {
		const char *id = all->results[i]->rule->group;
		if (!has_group(groups, n, id))
			groups[n++] = (struct group){ id, "" };
	}
	*ret_n = n;
	return groups;
}

static struct tally tally_group(const struct span *all, const char *id)
{
	struct tally t = { 0 };
	for (size_t i = 0; i < all->n; i++)
		if (!id || streq(all->results[i]->rule->group, id))
			t.count[tag_of(all->results[i])]++;
	return t;
}

/* Of a group none of whose rules was selected. */
static bool is_empty(const struct tally *t)
{
	for (enum tag tag = 0; tag < TAGS; tag++)
		if (t->count[tag] > 0)
			return false;
	return true;
}

static void print_table(const struct page *p, const struct profile *profile, const struct span *all,
			const struct group *groups, size_t n)
{
	bool is_whole = p->report->complete && waived_in_part(p->report, profile) == 0;
	struct tally total = tally_group(all, NULL);

	frame_table_head(p, groups, n);
	for (size_t i = 0; i < n; i++) {
		struct tally t = tally_group(all, groups[i].id);
		if (is_empty(&t))
			continue;
		frame_table_row(p, groups, n, &groups[i], &t);
	}
	frame_table_total(p, groups, n, &total, is_whole);
}

/* Rules that this profile has otherwise than the one it extends, each with its reason. */
static void print_deviations(const struct page *p, const struct span *all)
{
	size_t n = 0;
	for (size_t i = 0; i < all->n; i++)
		n += all->results[i]->rule->why != NULL;
	if (n == 0)
		return;
	AUTO_FREE char *head = xasprintf("%zu rule%s deviate%s, with reason", n, n == 1 ? "" : "s",
					 n == 1 ? "s" : "");
	putc('\n', p->out);
	page_wrapped(p, head, 0, 0);
	for (size_t i = 0; i < all->n; i++) {
		const struct result *res = all->results[i];
		if (!res->rule->why)
			continue;
		AUTO_FREE char *why = page_said(p, res->rule->why);
		AUTO_FREE char *ref = page_said(p, res->rule->ref);
		AUTO_FREE char *line = xasprintf("%s (%s): %s", ref, tag_noun(tag_of(res)), why);
		fputs("  ", p->out);
		page_wrapped(p, line, 2, 4);
	}
}

static void print_profile(const struct page *p, const struct profile *profile,
			  const struct span *all)
{
	size_t n_groups = 0;
	AUTO_FREE struct group *groups = find_groups(profile, all, &n_groups);
	CLEANUP(unknowns_free_p) struct unknowns *u = unknowns_new(p, all->results, all->n);

	if (p->report->n_profiles > 1)
		frame_profile(p, profile);
	for (size_t i = 0; i < n_groups; i++)
		print_group(p, all, u, &groups[i]);
	if (p->options->quiet)
		return;
	if (tag_is_shown(p, TAG_UNKN))
		unknowns_print(p, u);
	print_deviations(p, all);
	print_table(p, profile, all, groups, n_groups);
}

static void print_results(const struct page *p)
{
	const struct report *r = p->report;
	AUTO_FREE const struct result **results = xalloc((r->n_results + 1) * sizeof(*results));

	for (size_t i = 0; i < r->n_profiles; i++) {
		struct span all = { .results = results };
		for (size_t k = 0; k < r->n_results; k++)
			if (r->results[k].rule->profile == r->profiles[i])
				results[all.n++] = &r->results[k];
		print_profile(p, r->profiles[i], &all);
	}
}

static int write_text(const struct report *r, const struct report_options *options, FILE *out)
{
	enum { LEAST = 60, USUAL = 100, MOST = 140 };
	struct page p = { .out = out, .report = r, .options = options };

	p.width = options->width ? options->width : USUAL;
	p.width = p.width < LEAST ? LEAST : p.width > MOST ? MOST : p.width;
	if (!options->quiet)
		frame_head(&p);
	print_results(&p);
	frame_foot(&p);
	return ferror(out) ? (errno ? -errno : -EIO) : 0;
}

const struct sink sink_text = {
	.name = "text",
	.help = "for people: failures in full, worst first",
	.write = write_text,
};
