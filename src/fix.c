/* SPDX-License-Identifier: Apache-2.0 */
/* fix.c: see fix.h; goes through the failures of a report. */
#include "json_memory.h"
#include "fix.h"

#include <fnmatch.h>

#include "text.h"

/* As in linux/limits.h. */
enum { PATH_LENGTH_MAX = 4096 };

/* --- what the makers ask -------------------------------------------------------------------- */

static const char *evidence_of(const struct finding *f, const char *path)
{
	for (size_t i = 0; i < f->n_evidence; i++)
		if (streq(f->evidence[i].path, path))
			return f->evidence[i].value;
	return NULL;
}

const char *fix_evidence(const struct fix_job *job, const char *path)
{
	return evidence_of(job->finding, path);
}

const char *fix_engine_evidence(const struct fixes *f, const char *path)
{
	const struct report *r = f->report;
	for (size_t i = 0; i < r->n_results; i++) {
		enum sw_kind kind = r->results[i].rule->check->kind;
		for (size_t k = 0; kind == SW_ENGINE && k < r->results[i].n_findings; k++) {
			const char *value = evidence_of(&r->results[i].findings[k], path);
			if (value)
				return value;
		}
	}
	return NULL;
}

const char *fix_text(const struct fixes *f, const char *json)
{
	json_t *value = json ? json_loads(json, JSON_DECODE_ANY, NULL) : NULL;
	const char *s = json_string_value(value);
	const char *kept = s ? arena_intern(f->arena, s) : NULL;
	json_decref(value);
	return kept;
}

const char *fix_step(const struct fixes *f, const char *step, size_t n)
{
	struct text t AUTO_TEXT = { 0 };
	for (size_t i = 0; i < n; i++) {
		bool is_escape = step[i] == '~' && i + 1 < n && strchr("01", step[i + 1]);
		if (is_escape)
			text_add_char(&t, step[++i] == '0' ? '~' : '/');
		else
			text_add_char(&t, step[i]);
	}
	return arena_intern(f->arena, text_str(&t));
}

static bool has_parent_step(const char *path)
{
	for (const char *s = path; (s = strstr(s, "/..")); s += 3)
		if (s[3] == '/' || s[3] == '\0')
			return true;
	return false;
}

const char *fix_path_fault(const char *path)
{
	AUTO_FREE char *shown = clean(path);
	if (*path != '/')
		return "it is no absolute path";
	if (strlen(path) >= PATH_LENGTH_MAX)
		return "it is too long for a path";
	if (!streq(shown, path))
		return "it has characters that do not show, or a backslash";
	return has_parent_step(path) ? "it has .. in it" : NULL;
}

/* --- collecting ----------------------------------------------------------------------------- */

static void name_rule(struct text *rules, const struct rule *rule)
{
	AUTO_FREE char *name =
		xasprintf("%s %s (%s)", rule->profile->id, rule->ref, rule->check->id);
	if (rules->len > 0 && strstr(text_str(rules), name))
		return;
	text_printf(rules, "%s%s", rules->len > 0 ? ", " : "", name);
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && streq(a, b));
}

static bool is_same(const struct fix *a, const struct fix *b)
{
	if (a->row->run &&
	    (a->row != b->row || !streq(a->finding->subject->id, b->finding->subject->id)))
		return false;
	return same_text(a->row->key.name, b->row->key.name) && same_text(a->path, b->path) &&
	       same_text(a->mode, b->mode) && same_text(a->owner, b->owner) &&
	       a->drops_acl == b->drops_acl && a->row->place == b->row->place &&
	       same_text(a->line, b->line);
}

void fix_add(struct fix_job *job, struct fix fix)
{
	struct fixes *f = job->fixes;
	job->n++;
	fix.row = job->row;
	fix.result = job->result;
	fix.finding = job->finding;
	for (size_t i = 0; i < f->n; i++)
		if (is_same(&f->all[i], &fix)) {
			name_rule(f->all[i].rules, job->result->rule);
			return;
		}
	fix.rules = xalloc(sizeof(*fix.rules));
	name_rule(fix.rules, job->result->rule);
	f->all = xrealloc(f->all, (f->n + 1) * sizeof(*f->all));
	f->all[f->n++] = fix;
}

static void add_by_hand(struct fixes *f, const struct result *result, const char *why)
{
	for (size_t i = 0; i < f->n_by_hand; i++) {
		struct fix_by_hand *known = &f->by_hand[i];
		if (!streq(known->result->rule->check->id, result->rule->check->id))
			continue;
		name_rule(known->rules, result->rule);
		known->why = known->why ? known->why : why;
		return;
	}
	struct text *rules = xalloc(sizeof(*rules));
	name_rule(rules, result->rule);
	f->by_hand = xrealloc(f->by_hand, (f->n_by_hand + 1) * sizeof(*f->by_hand));
	f->by_hand[f->n_by_hand++] = (struct fix_by_hand){ result, rules, why };
}

static void mend(struct fixes *f, const struct result *result, const struct finding *finding)
{
	struct fix_job job = { .fixes = f, .result = result, .finding = finding };
	const char *id = result->rule->check->id;
	/* A check that this program does not have may mean anything by that name. */
	bool is_ours = registry_find(f->registry, id) != NULL;
	for (const struct fix_row *row = fix_rows; is_ours && row->check; row++) {
		if (fnmatch(row->check, id, 0) != 0 ||
		    (row->when && !strstr(finding->reason, row->when)))
			continue;
		job.row = row;
		if (row->make)
			row->make(&job);
		if (!row->when)
			break;
	}
	if (job.n == 0 || job.why)
		add_by_hand(f, result, job.why);
}

void fixes_make(struct fixes *f, const struct report *r, json_t *given)
{
	*f = (struct fixes){
		.arena = arena_new(), .report = r, .registry = registry_new(), .given = given
	};
	for (size_t i = 0; i < r->n_results; i++)
		for (size_t k = 0; k < r->results[i].n_findings; k++) {
			const struct finding *finding = &r->results[i].findings[k];
			if (finding->verdict == SW_FAIL && !finding->waiver)
				mend(f, &r->results[i], finding);
		}
}

static void free_text(struct text *t)
{
	text_done(t);
	free(t);
}

void fixes_done(struct fixes *f)
{
	for (size_t i = 0; i < f->n; i++)
		free_text(f->all[i].rules);
	for (size_t i = 0; i < f->n_by_hand; i++)
		free_text(f->by_hand[i].rules);
	free(f->all);
	free(f->by_hand);
	registry_free(f->registry);
	arena_free(f->arena);
	*f = (struct fixes){ 0 };
}
