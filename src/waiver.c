/* SPDX-License-Identifier: Apache-2.0 */
/* waiver.c: see waiver.h. */
#include "waiver.h"

#include <errno.h>
#include <fnmatch.h>

#include "eval.h"
#include "profile_private.h"
#include "timestamp.h"
#include "yaml_schema.h"

enum { WAIVERS_MAX = 10000, PATTERN_MAX = 512 };

/* --- reading -------------------------------------------------------------------------------- */

/* What is being read: one entry of the list. */
struct entry {
	const struct yaml *y;
	const json_t *object;
	struct arena *a;
	struct err *err;
};

/* A member that must say something, where it is there. */
static int read_text(const struct entry *e, const json_t *object, const char *key, const char **ret)
{
	const char *s = member_text(e->a, object, key);
	if (s && s[strspn(s, " \t\r\n")] == '\0')
		return doc_error(e->err, e->y, object, key, "a waiver: '%s' is empty", key);
	if (s && strlen(s) > PATTERN_MAX)
		return doc_error(e->err, e->y, object, key,
				 "a waiver: '%s' is longer than %d characters", key, PATTERN_MAX);
	*ret = s;
	return 0;
}

static int read_kind(const struct entry *e, const json_t *object, struct exception *x)
{
	const char *names[SW_SERVICE], *name = NULL;
	int r = read_text(e, object, "kind", &name);
	if (r < 0 || !name || kind_of(name, &x->kind))
		return r;
	for (int k = SW_HOST; k <= SW_SERVICE; k++)
		names[k - SW_HOST] = kind_name((enum sw_kind)k);
	AUTO_FREE char *hint = did_you_mean(nearest(name, names, ARRAY_SIZE(names)));
	return doc_error(e->err, e->y, object, "kind", "there is no kind '%s'%s", name, hint);
}

/* "com.example.team=web-*", or the key alone. */
static int read_label(const struct entry *e, const json_t *object, struct exception *x)
{
	int r = read_text(e, object, "label", &x->label);
	const char *equals = r == 0 && x->label ? strchr(x->label, '=') : NULL;
	if (!equals)
		return r;
	if (equals == x->label)
		return doc_error(e->err, e->y, object, "label",
				 "a label is KEY or KEY=PATTERN, not '%s'", x->label);
	x->label_value = equals + 1;
	x->label = arena_strndup(e->a, x->label, (size_t)(equals - x->label));
	return 0;
}

static int read_subject(const struct entry *e, struct exception *x)
{
	static const struct yaml_key keys[] = {
		{ "name", YAML_TEXT, false },
		{ "image", YAML_TEXT, false },
		{ "label", YAML_TEXT, false },
		{ "kind", YAML_TEXT, false },
	};
	const json_t *subject = json_object_get(e->object, "subject");
	if (json_is_string(subject) || json_is_integer(subject))
		return read_text(e, e->object, "subject", &x->name);
	if (!json_is_object(subject))
		return doc_error(e->err, e->y, e->object, "subject",
				 "a waiver: 'subject' must be a pattern of names, or an object");
	int r = doc_check(e->y, subject, "a waiver's subject", keys, ARRAY_SIZE(keys), e->err);
	if (r == 0 && json_object_size(subject) == 0)
		r = doc_error(e->err, e->y, e->object, "subject",
			      "a waiver's subject says nothing; \"*\" is every one");
	if (r == 0)
		r = read_text(e, subject, "name", &x->name);
	if (r == 0)
		r = read_text(e, subject, "image", &x->image);
	if (r == 0)
		r = read_label(e, subject, x);
	return r == 0 ? read_kind(e, subject, x) : r;
}

/* Failures, unless it says otherwise. A pass or a skip needs no waiver. */
static int read_verdicts(const struct entry *e, struct exception *x)
{
	static const char *const names[] = { "fail", "unknown", "warn" };
	const json_t *list = json_object_get(e->object, "verdicts"), *one;
	size_t i;
	x->covers = list ? 0 : 1u << SW_FAIL;
	json_array_foreach(list, i, one)
	{
		const char *name = json_string_value(one);
		enum sw_verdict v = SW_PASS;
		if (name && verdict_of(name, &v) && v <= SW_WARN) {
			x->covers |= 1u << v;
			continue;
		}
		AUTO_FREE char *hint =
			did_you_mean(name ? nearest(name, names, ARRAY_SIZE(names)) : NULL);
		return doc_error(e->err, e->y, e->object, "verdicts",
				 "a waiver covers fail, unknown and warn, not '%s'%s",
				 name ? name : "", hint);
	}
	if (x->covers == 0)
		return doc_error(e->err, e->y, e->object, "verdicts",
				 "a waiver: 'verdicts' is empty");
	return 0;
}

static int read_rule(const struct entry *e, struct exception *x)
{
	int r = read_text(e, e->object, "rule", &x->rule);
	if (r == 0 && x->rule && x->rule[strspn(x->rule, "*?")] == '\0')
		return doc_error(e->err, e->y, e->object, "rule",
				 "a waiver names its rules; '%s' is all there are", x->rule);
	return r;
}

static int read_until(const struct entry *e, struct exception *x)
{
	int r = read_text(e, e->object, "until", &x->shown.until);
	if (r == 0 && !date_is_valid(x->shown.until))
		return doc_error(e->err, e->y, e->object, "until",
				 "'%s' is no day; YYYY-MM-DD is wanted", x->shown.until);
	return r;
}

static int read_one(const struct entry *e, struct exception *x)
{
	static const struct yaml_key keys[] = {
		{ "rule", YAML_TEXT, true },       { "subject", YAML_ANY, true },
		{ "reason", YAML_TEXT, true },     { "owner", YAML_TEXT, true },
		{ "until", YAML_TEXT, true },      { "profile", YAML_TEXT, false },
		{ "verdicts", YAML_ARRAY, false },
	};
	int r = doc_check(e->y, e->object, "a waiver", keys, ARRAY_SIZE(keys), e->err);
	const char *profile = NULL;
	if (r == 0)
		r = read_rule(e, x);
	if (r == 0)
		r = read_text(e, e->object, "profile", &profile);
	if (r == 0)
		r = read_subject(e, x);
	if (r == 0)
		r = read_text(e, e->object, "owner", &x->shown.owner);
	if (r == 0)
		r = read_text(e, e->object, "reason", &x->shown.reason);
	if (r == 0)
		r = read_until(e, x);
	if (r == 0)
		r = read_verdicts(e, x);
	x->profile = profile ? profile : x->profile;
	return r;
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? streq(a, b) : a == b;
}

static bool is_duplicate(const struct exception *a, const struct exception *b)
{
	return is_same(a->rule, b->rule) && is_same(a->profile, b->profile) &&
	       is_same(a->name, b->name) && is_same(a->image, b->image) &&
	       is_same(a->label, b->label) && is_same(a->label_value, b->label_value) &&
	       a->kind == b->kind && a->covers == b->covers;
}

/* Within one file: another one may renew what expired. */
static int refuse_duplicate(const struct entry *e, const struct exception *first,
			    const struct exception *x)
{
	for (; first < x; first++)
		if (is_duplicate(first, x))
			return doc_error(e->err, e->y, e->object, "rule",
					 "the same is waived at %s", first->place);
	return 0;
}

int waivers_read(struct waivers *w, const struct yaml *y, const json_t *list, const char *profile,
		 bool is_installed, struct arena *a, struct err *err)
{
	size_t n = json_array_size(list), before = w->n;
	if (n > WAIVERS_MAX)
		return doc_error(err, y, list, NULL, "more than %d waivers", WAIVERS_MAX);
	w->all = xrealloc(w->all, (before + n + 1) * sizeof(*w->all));
	for (size_t i = 0; i < n; i++) {
		const struct entry e = { y, json_array_get(list, i), a, err };
		struct exception *x = &w->all[before + i];
		*x = (struct exception){ .profile = profile, .is_installed = is_installed };
		int r = read_one(&e, x);
		if (r == 0)
			r = refuse_duplicate(&e, &w->all[before], x);
		if (r < 0)
			return r;
		x->place = arena_strdup(a, doc_where(y, e.object, "rule"));
		w->n++;
	}
	return 0;
}

void waivers_done(struct waivers *w)
{
	free(w->all);
	*w = (struct waivers){ 0 };
}

/* --- marking -------------------------------------------------------------------------------- */

bool waiver_is_expired(const struct exception *x, const char *now)
{
	return strcmp(x->shown.until, now) < 0;
}

static bool fits(const char *pattern, const char *s)
{
	return !pattern || fnmatch(pattern, s, 0) == 0;
}

bool waiver_is_about(const struct exception *x, const struct rule *rule)
{
	return fits(x->profile, rule->profile->id) && rule_matches(rule, x->rule);
}

static bool fits_label(const struct exception *x, const struct subject *s)
{
	const char *value =
		x->label ? json_string_value(json_object_get(s->labels, x->label)) : NULL;
	return !x->label || (value && fits(x->label_value, value));
}

static bool names_subject(const struct exception *x, const struct subject *s)
{
	return (!x->kind || x->kind == s->kind) && fits(x->name, s->name) &&
	       fits(x->image, s->image) && fits_label(x, s);
}

static void mark(struct exception *x, struct result *r, const char *now)
{
	bool is_expired = waiver_is_expired(x, now);
	x->n_results++;
	for (size_t i = 0; i < r->n_findings; i++) {
		struct finding *f = &r->findings[i];
		if (!names_subject(x, f->subject))
			continue;
		x->n_named++;
		if (!(x->covers & 1u << f->verdict))
			continue;
		x->n_covered++;
		if (!is_expired && !f->waiver)
			f->waiver = &x->shown;
	}
}

void waivers_mark(struct waivers *w, struct result *r, const char *now)
{
	for (size_t i = 0; i < w->n; i++)
		if (waiver_is_about(&w->all[i], r->rule))
			mark(&w->all[i], r, now);
}

/* --- what is to be said of them --------------------------------------------------------------- */

static bool is_of_profile(const struct exception *x, const struct report *r)
{
	for (size_t i = 0; i < r->n_profiles; i++)
		if (fits(x->profile, r->profiles[i]->id))
			return true;
	return false;
}

/* Is it about a rule that was not selected? */
static bool is_of_rule(const struct exception *x, const struct report *r)
{
	for (size_t i = 0; i < r->n_profiles; i++)
		for (size_t k = 0; k < r->profiles[i]->n_rules; k++)
			if (waiver_is_about(x, &r->profiles[i]->rules[k]))
				return true;
	return false;
}

/* Why it covers nothing; NULL where it cannot be blamed for that. */
static const char *why_idle(const struct exception *x, const struct report *r)
{
	if (!is_of_profile(x, r))
		return x->is_installed ? NULL
				       : arena_printf(r->arena, "no profile of this run is '%s'",
						      x->profile);
	if (x->n_results == 0 && !is_of_rule(x, r)) {
		AUTO_FREE char *hint = rules_hint(r->profiles, r->n_profiles, x->rule);
		if (x->profile)
			return arena_printf(r->arena, "no rule of '%s' is '%s'%s", x->profile,
					    x->rule, hint);
		return arena_printf(r->arena, "no rule is '%s'%s", x->rule, hint);
	}
	if (x->n_results == 0 || r->subject_patterns)
		return NULL;
	if (x->n_named == 0)
		return "its rules have no such subject";
	return "none of what it names needs it any more";
}

void waivers_warn(const struct waivers *w, struct report *r)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct exception *x = &w->all[i];
		const char *until = x->shown.until, *text = NULL;
		if (waiver_is_expired(x, r->now))
			text = arena_printf(r->arena,
					    "the waiver of %s (%s) expired: it held until %s; "
					    "%zu finding%s would be covered",
					    x->rule, x->shown.owner, until, x->n_covered,
					    x->n_covered == 1 ? "" : "s");
		else if (x->n_covered == 0 && why_idle(x, r))
			text = arena_printf(r->arena, "the waiver of %s (%s) covers nothing: %s",
					    x->rule, x->shown.owner, why_idle(x, r));
		if (text)
			warnings_add(&r->warnings, r->arena, x->place, text);
	}
}

void waivers_lint(const struct waivers *w, struct report *r)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct exception *x = &w->all[i];
		const char *text = NULL;
		if (waiver_is_expired(x, r->now))
			text = arena_printf(r->arena, "the waiver of %s (%s) expired on %s",
					    x->rule, x->shown.owner, x->shown.until);
		else if (!is_of_profile(x, r) || !is_of_rule(x, r))
			text = arena_printf(r->arena, "the waiver of %s (%s) covers nothing: %s",
					    x->rule, x->shown.owner, why_idle(x, r));
		if (text)
			warnings_add(&r->warnings, r->arena, x->place, text);
	}
}
