/* SPDX-License-Identifier: Apache-2.0 */
/* fleet_members.c: see fleet_members.h. */
#include "fleet_members.h"

#include "eval.h"
#include "report_words.h"

void members_refuse(struct members *m, const char *format, ...)
{
	va_list ap;
	if (m->bad)
		return;
	va_start(ap, format);
	if (vasprintf(&m->bad, format, ap) < 0)
		m->bad = xstrdup("is no report");
	va_end(ap);
}

bool members_are_well(const struct members *m)
{
	return !m->bad && !json_pull_error(m->p);
}

/* --- a value, of which kind was read already: whether it is of the wanted type ------------ */

static bool take_text(struct members *m, void *at, enum json_kind kind)
{
	struct text *t = at;
	text_clear(t);
	if (kind == JSON_PULL_TEXT) {
		text_add(t, json_pull_text(m->p));
		if (t->s)
			t->len = text_unclean(t->s);
	}
	return kind == JSON_PULL_TEXT;
}

static bool take_text_or_null(struct members *m, void *at, enum json_kind kind)
{
	return take_text(m, at, kind) || kind == JSON_PULL_NULL;
}

static bool take_number(struct members *m, void *at, enum json_kind kind)
{
	int64_t *n = at;
	return kind == JSON_PULL_NUMBER && parse_int(json_pull_text(m->p), n) && *n >= 0;
}

static bool take_truth(struct members *m, void *at, enum json_kind kind)
{
	(void)m;
	*(bool *)at = kind == JSON_PULL_TRUE;
	return kind == JSON_PULL_TRUE || kind == JSON_PULL_FALSE;
}

static bool take_verdict(struct members *m, void *at, enum json_kind kind)
{
	return kind == JSON_PULL_TEXT && verdict_of(json_pull_text(m->p), at);
}

static bool take_severity(struct members *m, void *at, enum json_kind kind)
{
	return kind == JSON_PULL_TEXT && severity_of(json_pull_text(m->p), at);
}

static bool take_count(struct members *m, void *at, enum json_kind kind)
{
	size_t *n = at;
	for (*n = 0; kind == JSON_PULL_LIST && json_pull_element(m->p); ++*n)
		json_pull_skip(m->p);
	return kind == JSON_PULL_LIST;
}

static bool (*const takers[])(struct members *m, void *at, enum json_kind kind) = {
	[TAKE_TEXT] = take_text,       [TAKE_TEXT_OR_NULL] = take_text_or_null,
	[TAKE_NUMBER] = take_number,   [TAKE_TRUTH] = take_truth,
	[TAKE_VERDICT] = take_verdict, [TAKE_SEVERITY] = take_severity,
	[TAKE_COUNT] = take_count,
};

static void take_member(struct members *m, const struct member *row)
{
	if (row->type == TAKE_BY) {
		row->take(m);
		return;
	}
	enum json_kind kind = json_pull_value(m->p);
	if (!takers[row->type](m, (char *)m->into + row->at, kind) && members_are_well(m))
		members_refuse(m, "'%s' is of a wrong type or value", row->key);
}

/* --- all of an object --------------------------------------------------------------------- */

static const struct member *find_member(const struct member *rows, size_t n, const char *key)
{
	for (size_t i = 0; i < n; i++)
		if (streq(rows[i].key, key))
			return &rows[i];
	return NULL;
}

void members_take(struct members *m, const struct member *rows, size_t n)
{
	uint64_t seen = 0;
	while (members_are_well(m) && json_pull_member(m->p)) {
		const struct member *row = find_member(rows, n, json_pull_key(m->p));
		if (!row) {
			json_pull_skip(m->p);
			continue;
		}
		uint64_t bit = UINT64_C(1) << (row - rows);
		if (seen & bit)
			members_refuse(m, "'%s' is there twice", row->key);
		seen |= bit;
		take_member(m, row);
	}
	for (size_t i = 0; i < n && members_are_well(m); i++)
		if (!(seen & UINT64_C(1) << i) && !rows[i].is_optional)
			members_refuse(m, "'%s' is missing", rows[i].key);
}

void members_take_object(struct members *m, const char *what, const struct member *rows, size_t n)
{
	enum json_kind kind = json_pull_value(m->p);
	if (kind == JSON_PULL_OBJECT)
		members_take(m, rows, n);
	else if (kind != JSON_PULL_BAD)
		members_refuse(m, "'%s' is no object", what);
}

void members_open_list(struct members *m, const char *what)
{
	enum json_kind kind = json_pull_value(m->p);
	if (kind != JSON_PULL_LIST && kind != JSON_PULL_BAD)
		members_refuse(m, "'%s' is no list", what);
}

bool members_next_element(struct members *m)
{
	return members_are_well(m) && json_pull_element(m->p);
}
