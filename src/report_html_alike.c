/* SPDX-License-Identifier: Apache-2.0 */
/* report_html_alike.c: the findings of one rule in the HTML report, by what they say. */
#include "report_html.h"

static int by_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int by_waiver(const struct waiver *a, const struct waiver *b)
{
	int order = !a - !b;
	if (order != 0 || !a)
		return order;
	order = by_text(a->owner, b->owner);
	order = order ? order : by_text(a->until, b->until);
	return order ? order : by_text(a->reason, b->reason);
}

static int by_saying(const struct member *x, const struct member *y)
{
	const struct finding *a = x->finding, *b = y->finding;
	if (x->outcome != y->outcome)
		return x->outcome < y->outcome ? -1 : 1;
	if (a->verdict != b->verdict)
		return a->verdict < b->verdict ? -1 : 1;
	int order = by_waiver(a->waiver, b->waiver);
	return order ? order : by_text(a->reason, b->reason);
}

/* Findings are one array in the order of the report, so their addresses order them. */
static int by_member(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int order = by_saying(x, y);
	if (order != 0)
		return order;
	return x->finding < y->finding ? -1 : x->finding > y->finding;
}

static int by_size(const void *a, const void *b)
{
	const struct alike *x = a, *y = b;
	if (x->members->outcome != y->members->outcome)
		return x->members->outcome < y->members->outcome ? -1 : 1;
	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return x->members->finding < y->members->finding
		       ? -1
		       : x->members->finding > y->members->finding;
}

void alikes_done(struct alikes *a)
{
	free(a->members);
	free(a->list);
}

struct alikes alikes_of(const struct report *r, const struct result *res)
{
	struct alikes a = { 0 };

	a.members = xalloc((res->n_findings + 1) * sizeof(*a.members));
	a.list = xalloc((res->n_findings + 1) * sizeof(*a.list));
	for (size_t i = 0; i < res->n_findings; i++)
		a.members[i] =
			(struct member){ &res->findings[i], finding_outcome(r, &res->findings[i]) };
	qsort(a.members, res->n_findings, sizeof(*a.members), by_member);
	for (size_t i = 0; i < res->n_findings; i++) {
		if (i == 0 || by_saying(&a.members[i - 1], &a.members[i]) != 0)
			a.list[a.n++] = (struct alike){ .members = &a.members[i] };
		a.list[a.n - 1].n++;
	}
	qsort(a.list, a.n, sizeof(*a.list), by_size);
	while (a.n_bad < a.n && a.list[a.n_bad].members->outcome < OUTCOME_PASS)
		a.n_bad++;
	return a;
}
