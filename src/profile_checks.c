/* SPDX-License-Identifier: Apache-2.0 */
/* profile_checks.c: checks that a profile declares: a row like any other, judged by an expression.
 */
#include <errno.h>

#include "eval.h"
#include "profile_private.h"
#include "yaml_schema.h"

enum { CHECKS_MAX = 1000 };

/* --- judging -------------------------------------------------------------------------------- */

static enum sw_verdict meets_its_expression(struct sw_eval *e)
{
	const struct declared *d = sw_arg(e);
	const char *note = NULL;
	enum expr_answer applies = d->when ? expr_eval(d->when, e, &note) : EXPR_YES;
	if (applies == EXPR_NO)
		return sw_skip(e, "%s", note ? note : "does not apply here");
	if (applies == EXPR_OPEN)
		return sw_unknown(e, "%s", note ? note : "it cannot be told whether this applies");

	switch (expr_eval(d->require, e, &note)) {
	case EXPR_YES: return SW_PASS;
	case EXPR_NO: return sw_fail(e, "%s", note ? note : "the requirement is not met");
	case EXPR_OPEN: break;
	}
	return sw_unknown(e, "%s",
			  note ? note : "it cannot be told whether the requirement is met");
}

/* --- reading -------------------------------------------------------------------------------- */

static int read_kind(struct layer *l, const json_t *object, struct sw_check *row, struct err *err)
{
	const char *names[SW_SERVICE], *name = json_string_value(json_object_get(object, "kind"));
	if (name && kind_of(name, &row->kind))
		return 0;
	for (int k = SW_HOST; k <= SW_SERVICE; k++)
		names[k - SW_HOST] = kind_name((enum sw_kind)k);
	AUTO_FREE char *hint = did_you_mean(name ? nearest(name, names, ARRAY_SIZE(names)) : NULL);
	return doc_error(err, l->yaml, object, "kind", "there is no kind '%s'%s", name ? name : "",
			 hint);
}

int read_severity(const struct yaml *y, const json_t *object, enum sw_severity *ret,
		  struct err *err)
{
	const char *names[SW_CRITICAL],
		*name = json_string_value(json_object_get(object, "severity"));
	if (name && severity_of(name, ret))
		return 0;
	for (int s = SW_LOW; s <= SW_CRITICAL; s++)
		names[s - SW_LOW] = severity_name((enum sw_severity)s);
	AUTO_FREE char *hint = did_you_mean(name ? nearest(name, names, ARRAY_SIZE(names)) : NULL);
	return doc_error(err, y, object, "severity", "there is no severity '%s'%s",
			 name ? name : "", hint);
}

static int read_expressions(struct layer *l, struct declared *d, struct arena *a, struct err *err)
{
	const json_t *when = json_object_get(d->object, "when");
	int r = expr_compile(l->yaml, json_object_get(d->object, "require"), a, &d->require, err);
	if (r == 0 && when)
		r = expr_compile(l->yaml, when, a, &d->when, err);
	if (r < 0)
		return r;
	expr_needs(d->require, &d->row.needs, &d->row.flags);
	if (d->when)
		expr_needs(d->when, &d->row.needs, &d->row.flags);
	return 0;
}

static int read_running(struct layer *l, struct declared *d, struct err *err)
{
	if (!json_is_true(json_object_get(d->object, "running")))
		return 0;
	if (d->row.kind != SW_CONTAINER)
		return doc_error(err, l->yaml, d->object, "running", "only containers run");
	d->row.flags |= SW_RUNNING;
	return 0;
}

static int read_check(struct layer *l, struct declared *d, struct arena *a, struct err *err)
{
	static const struct yaml_key keys[] = {
		{ "id", YAML_TEXT, true },       { "kind", YAML_TEXT, true },
		{ "severity", YAML_TEXT, true }, { "title", YAML_TEXT, true },
		{ "why", YAML_TEXT, true },      { "wanted", YAML_TEXT, true },
		{ "remedy", YAML_TEXT, true },   { "require", YAML_OBJECT, true },
		{ "when", YAML_OBJECT, false },  { "running", YAML_BOOLEAN, false },
	};
	int r = doc_check(l->yaml, d->object, "a check", keys, ARRAY_SIZE(keys), err);
	if (r < 0)
		return r;
	d->row = (struct sw_check){
		.id = member_text(a, d->object, "id"),
		.title = member_text(a, d->object, "title"),
		.why = member_text(a, d->object, "why"),
		.wanted = member_text(a, d->object, "wanted"),
		.remedy = member_text(a, d->object, "remedy"),
		.fn = meets_its_expression,
		.arg = d,
	};
	r = read_kind(l, d->object, &d->row, err);
	if (r == 0)
		r = read_severity(l->yaml, d->object, &d->row.severity, err);
	if (r == 0)
		r = read_running(l, d, err);
	if (r == 0)
		r = read_expressions(l, d, a, err);
	return r;
}

int layer_read_checks(struct layer *l, const json_t *list, struct arena *a, struct err *err)
{
	size_t n = json_array_size(list);
	if (n > CHECKS_MAX)
		return doc_error(err, l->yaml, list, NULL, "more than %d checks", CHECKS_MAX);
	l->checks = arena_alloc(a, n * sizeof(*l->checks));
	l->n_checks = n;
	for (size_t i = 0; i < n; i++) {
		l->checks[i].layer = l;
		l->checks[i].object = json_array_get(list, i);
		int r = read_check(l, &l->checks[i], a, err);
		if (r < 0)
			return r;
	}
	return 0;
}
