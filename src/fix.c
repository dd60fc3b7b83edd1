/* SPDX-License-Identifier: Apache-2.0 */
/* fix.c: see fix.h; goes through the failures of a report. */
#include "json_memory.h"
#include "fix.h"

#include <fnmatch.h>

#include "text.h"

/* As in linux/limits.h. */
enum { PATH_LENGTH_MAX = 4096 };

/* A check looks at some thousand files at most, and at less than ten facts of each. */
enum { EVIDENCE_MAX = 20000, RULES_MAX = 4096, ROWS_MAX = 8 };

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
	if (rules->len > RULES_MAX || strstr(text_str(rules), name))
		return;
	text_printf(rules, "%s%s", rules->len > 0 ? ", " : "", name);
	if (rules->len > RULES_MAX)
		text_add(rules, " and more");
}

/* The place of key in its list, or n, where it is from now on. */
static size_t place_of(struct fixes *f, const struct text *key, size_t n)
{
	json_t *place = json_object_get(f->known, text_str(key));
	if (place)
		return (size_t)json_integer_value(place);
	json_object_set_new_nocheck(f->known, text_str(key), json_integer((json_int_t)n));
	return n;
}

static void add_part(struct text *key, const char *part)
{
	text_printf(key, "%zu %s\n", part ? strlen(part) + 1 : 0, part ? part : "");
}

/* Two that change the same in the same way are one. */
static void describe(struct text *key, const struct fix *fix)
{
	const struct subject *s = fix->finding->subject;
	bool is_option = fix->row->run != NULL;
	add_part(key, is_option ? fix->row->check : NULL);
	add_part(key, is_option ? s->id : NULL);
	add_part(key, is_option ? s->name : NULL);
	add_part(key, fix->row->key.name);
	add_part(key, fix->path);
	add_part(key, fix->mode);
	add_part(key, fix->owner);
	add_part(key, fix->drops_acl ? "acl" : NULL);
	add_part(key, fix->line ? fix_files[fix->row->place].path : NULL);
	add_part(key, fix->line);
}

void fix_add(struct fix_job *job, struct fix fix)
{
	struct fixes *f = job->fixes;
	struct text key AUTO_TEXT = { 0 };
	job->n++;
	fix.row = job->row;
	fix.result = job->result;
	fix.finding = job->finding;
	describe(&key, &fix);
	size_t at = place_of(f, &key, f->n);
	if (at == f->n) {
		fix.rules = xalloc(sizeof(*fix.rules));
		if (f->n == f->cap) {
			f->cap = f->cap ? 2 * f->cap : 64;
			f->all = xrealloc(f->all, f->cap * sizeof(*f->all));
		}
		f->all[f->n++] = fix;
	}
	name_rule(f->all[at].rules, job->result->rule);
}

static void add_by_hand(struct fixes *f, const struct result *result, const char *why)
{
	struct text key AUTO_TEXT = { 0 };
	text_printf(&key, "by hand %s", result->rule->check->id);
	size_t at = place_of(f, &key, f->n_by_hand);
	if (at == f->n_by_hand) {
		struct text *rules = xalloc(sizeof(*rules));
		if (f->n_by_hand == f->cap_by_hand) {
			f->cap_by_hand = f->cap_by_hand ? 2 * f->cap_by_hand : 64;
			f->by_hand = xrealloc(f->by_hand, f->cap_by_hand * sizeof(*f->by_hand));
		}
		f->by_hand[f->n_by_hand++] = (struct fix_by_hand){ result, rules, NULL };
	}
	name_rule(f->by_hand[at].rules, result->rule);
	if (!f->by_hand[at].why)
		f->by_hand[at].why = why;
}

/* "…; and 5 more": a finding names so many of what it found, and says how many it does not name. */
static bool names_all(const struct finding *f)
{
	static const char end[] = " more", before[] = "; and ";
	size_t n = strlen(f->reason);
	if (!ends_with(f->reason, end))
		return true;
	for (n -= strlen(end); n > 0 && f->reason[n - 1] >= '0' && f->reason[n - 1] <= '9'; n--)
		;
	return n < strlen(before) || !starts_with(f->reason + n - strlen(before), before);
}

/* What was mended may be a part: of files the rest is in no evidence either. */
static bool is_cut(const struct fix_job *job)
{
	bool has_more = job->n > 1 && job->finding->n_evidence >= EVIDENCE_KEPT;
	return job->n > 0 && (has_more || !names_all(job->finding));
}

static void mend(struct fixes *f, const struct result *result, const struct finding *finding,
		 const struct fix_row *const *rows)
{
	struct fix_job job = { .fixes = f, .result = result, .finding = finding };
	bool is_known = finding->n_evidence <= EVIDENCE_MAX;
	for (; is_known && *rows; rows++) {
		if ((*rows)->when && !strstr(finding->reason, (*rows)->when))
			continue;
		job.row = *rows;
		if (job.row->make)
			job.row->make(&job);
	}
	if (!job.why && is_cut(&job))
		job.why = "the report may not name all that is to be mended: audit again after "
			  "this";
	if (!is_known)
		job.why = "it has more evidence than is looked at";
	if (job.n == 0 || job.why)
		add_by_hand(f, result, job.why);
}

/* The rows of a check: all with a "when", and the first without. */
static void find_rows(const struct fixes *f, const char *id, const struct fix_row **rows)
{
	size_t n = 0;
	/* A check that this program does not have may mean anything by that name. */
	bool is_ours = registry_find(f->registry, id) != NULL;
	for (const struct fix_row *row = fix_rows; is_ours && row->check && n < ROWS_MAX; row++) {
		if (fnmatch(row->check, id, 0) != 0)
			continue;
		rows[n++] = row;
		if (!row->when)
			break;
	}
	rows[n] = NULL;
}

static void mend_all(struct fixes *f, const struct result *result)
{
	const struct fix_row *rows[ROWS_MAX + 1];
	find_rows(f, result->rule->check->id, rows);
	for (size_t i = 0; i < result->n_findings; i++)
		if (result->findings[i].verdict == SW_FAIL && !result->findings[i].waiver)
			mend(f, result, &result->findings[i], rows);
}

/* What a key of daemon.json may hang on is in the evidence of another rule. */
static void look_around(struct fixes *f, const struct result *result)
{
	bool is_engine = result->rule->check->kind == SW_ENGINE;
	for (size_t i = 0; is_engine && i < result->n_findings; i++) {
		const struct finding *finding = &result->findings[i];
		if (!f->iptables)
			f->iptables = evidence_of(finding, "effective/iptables/value");
		if (!f->config_file)
			f->config_file = evidence_of(finding, "paths/config-file");
	}
}

void fixes_make(struct fixes *f, const struct report *r, json_t *given)
{
	*f = (struct fixes){ .arena = arena_new(),
			     .report = r,
			     .registry = registry_new(),
			     .given = given,
			     .known = json_object() };
	for (size_t i = 0; i < r->n_results; i++)
		look_around(f, &r->results[i]);
	for (size_t i = 0; i < r->n_results; i++)
		mend_all(f, &r->results[i]);
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
	json_decref(f->known);
	free(f->all);
	free(f->by_hand);
	registry_free(f->registry);
	arena_free(f->arena);
	*f = (struct fixes){ 0 };
}
