/* SPDX-License-Identifier: Apache-2.0 */
/* report_text_unknown.c: many rules that could not be told for one reason are one entry. */
#include "report_common.h"
#include "report_text.h"

enum {
	SHARED_FROM = 3, /* fewer rules than this have entries of their own */
	REASONS_SHOWN = 4,
	NOT_SHARED = -1,
};

struct cause {
	const char *reason; /* malloc'ed; without the path that was read */
	size_t rules;
	bool is_privilege; /* all of these are told of together */
};

struct unknowns {
	const struct result *const *results;
	ssize_t *cause_of; /* of each result */
	size_t n;
	struct cause *causes;
	size_t n_causes;
	size_t privileged; /* rules whose cause is a privilege */
};

static bool is_privilege(const char *reason)
{
	return strstr(reason, "EACCES") || strstr(reason, "EPERM");
}

static size_t find_cause(struct unknowns *u, const struct page *p, const char *reason)
{
	for (size_t i = 0; i < u->n_causes; i++)
		if (streq(u->causes[i].reason, reason))
			return i;
	u->causes[u->n_causes] = (struct cause){
		.reason = xstrdup(reason),
		.is_privilege = !p->report->as_root && is_privilege(reason),
	};
	return u->n_causes++;
}

struct unknowns *unknowns_new(const struct page *p, const struct result *const *results, size_t n)
{
	struct unknowns *u = xalloc(sizeof(*u));
	u->results = results;
	u->n = n;
	u->cause_of = xalloc((n + 1) * sizeof(*u->cause_of));
	u->causes = xalloc((n + 1) * sizeof(*u->causes));
	for (size_t i = 0; i < n; i++) {
		bool is_unknown = tag_of(results[i]) == TAG_UNKN && !p->options->verbose;
		const char *reason = is_unknown ? unknown_reason(results[i]) : NULL;
		u->cause_of[i] = NOT_SHARED;
		if (!reason)
			continue;
		size_t cause = find_cause(u, p, reason);
		u->cause_of[i] = (ssize_t)cause;
		u->causes[cause].rules++;
		u->privileged += u->causes[cause].is_privilege;
	}
	return u;
}

void unknowns_free(struct unknowns *u)
{
	if (!u)
		return;
	for (size_t i = 0; i < u->n_causes; i++)
		free((char *)(uintptr_t)u->causes[i].reason);
	free(u->causes);
	free(u->cause_of);
	free(u);
}

static bool is_shared(const struct unknowns *u, const struct cause *c)
{
	return (c->is_privilege ? u->privileged : c->rules) >= SHARED_FROM;
}

bool unknowns_has(const struct unknowns *u, size_t i)
{
	return u->cause_of[i] != NOT_SHARED && is_shared(u, &u->causes[u->cause_of[i]]);
}

/* Is result i of this cause, or of any privilege when cause is NULL? */
static bool is_of(const struct unknowns *u, size_t i, const struct cause *cause)
{
	if (u->cause_of[i] == NOT_SHARED)
		return false;
	const struct cause *c = &u->causes[u->cause_of[i]];
	return cause ? c == cause : c->is_privilege;
}

/* "1.1.3-1.1.18, 2.1": rules that follow each other are a span. */
static void print_refs(const struct page *p, const struct unknowns *u, const struct cause *cause)
{
	AUTO_TEXT struct text t = { 0 };
	for (size_t i = 0, n; i < u->n; i += n) {
		for (n = 0; i + n < u->n && is_of(u, i + n, cause); n++)
			;
		if (n > 0) {
			text_add(&t, t.len > 0 ? ", " : "");
			page_say(p, &t, u->results[i]->rule->ref);
		}
		if (n > 1) {
			text_add(&t, n > 2 ? " to " : ", ");
			page_say(p, &t, u->results[i + n - 1]->rule->ref);
		}
		n = n > 0 ? n : 1;
	}
	page_item(p, "rules", text_str(&t));
}

static void print_head(const struct page *p, size_t rules, const char *end)
{
	AUTO_FREE char *head = xasprintf("%zu rules could not be told%s", rules, end);
	tag_print(p, TAG_UNKN);
	page_wrapped(p, head, 6, 6);
}

static void print_privilege(const struct page *p, const struct unknowns *u)
{
	size_t shown = 0, left_out = 0;

	print_head(p, u->privileged, "; as root they would be");
	for (size_t i = 0; i < u->n_causes; i++) {
		if (!u->causes[i].is_privilege)
			continue;
		if (shown == REASONS_SHOWN) {
			left_out++;
			continue;
		}
		AUTO_FREE char *said = page_said(p, u->causes[i].reason);
		page_item(p, shown++ == 0 ? "reason" : "", said);
	}
	if (left_out > 0) {
		AUTO_FREE char *more = xasprintf("and %zu more; -v or JSON lists all", left_out);
		page_item(p, "", more);
	}
	print_refs(p, u, NULL);
}

static bool has_any(const struct unknowns *u)
{
	for (size_t i = 0; i < u->n_causes; i++)
		if (is_shared(u, &u->causes[i]))
			return true;
	return false;
}

void unknowns_print(const struct page *p, const struct unknowns *u)
{
	if (!has_any(u))
		return;
	putc('\n', p->out);
	page_tinted(p, BOLD, "NOT TOLD");
	putc('\n', p->out);
	if (u->privileged >= SHARED_FROM)
		print_privilege(p, u);
	for (size_t i = 0; i < u->n_causes; i++) {
		const struct cause *c = &u->causes[i];
		if (c->is_privilege || !is_shared(u, c))
			continue;
		AUTO_FREE char *said = page_said(p, c->reason);
		print_head(p, c->rules, "");
		page_item(p, "reason", said);
		print_refs(p, u, c);
	}
}
