/* SPDX-License-Identifier: Apache-2.0 */
/* report_common.c: see report_common.h. */
#include "report_common.h"

#include <errno.h>
#include <inttypes.h>
#include <time.h>

#include "eval.h"
#include "timestamp.h"

bool result_has(const struct report *r, const struct result *res, enum outcome o)
{
	for (size_t i = 0; i < res->n_findings; i++)
		if (finding_outcome(r, &res->findings[i]) == o)
			return true;
	return false;
}

/* What a waiver covers was told of, and accepted; what a baseline has does not count. */
static bool counts_as_unknown(const struct report *r, const struct finding *f)
{
	return finding_outcome(r, f) == OUTCOME_UNKNOWN && f->change != CHANGE_KNOWN;
}

static bool is_any_unknown(const struct report *r)
{
	for (size_t i = 0; i < r->n_results; i++)
		for (size_t k = 0; k < r->results[i].n_findings; k++)
			if (counts_as_unknown(r, &r->results[i].findings[k]))
				return true;
	return false;
}

size_t waived_in_part(const struct report *r, const struct profile *p)
{
	size_t n = 0;
	for (size_t i = 0; i < r->n_results; i++) {
		const struct result *res = &r->results[i];
		n += res->waived && (!p || res->rule->profile == p) &&
		     result_outcome(r, res) == OUTCOME_UNKNOWN;
	}
	return n;
}

const char *report_gap(const struct report *r)
{
	if (!r->complete)
		return "the record is not complete: what was not read was not judged";
	if (r->n_results == 0)
		return "no rule was judged";
	if (r->exit_status == 3 && !is_any_unknown(r))
		return "of a profile that was asked for no rule was decided";
	if (r->exit_status == 2)
		return "the run ended in trouble";
	return NULL;
}

/*
 * A reason begins with the path that could not be read; two rules seldom read the same one. In it
 * "@host/" may be in front, which evidence has in its source.
 */
static const char *without_path(const struct finding *f)
{
	const char *said = f->reason, *slash = *said == '@' ? strchr(said, '/') : NULL;

	for (size_t i = 0; i < f->n_evidence; i++) {
		const struct evidence *e = &f->evidence[i];
		if (e->value || !e->path || !*e->path)
			continue;
		if (slash && *e->path != '@')
			said = slash + 1;
		if (!starts_with(said, e->path))
			continue;
		const char *rest = said + strlen(e->path);
		if (starts_with(rest, ": "))
			return rest + 2;
	}
	return f->reason;
}

const char *unknown_reason(const struct result *res)
{
	const char *reason = NULL;
	for (size_t i = 0; i < res->n_findings; i++) {
		const struct finding *f = &res->findings[i];
		if (f->verdict == SW_PASS || f->verdict == SW_SKIP)
			continue;
		if (f->verdict != SW_UNKNOWN)
			return NULL;
		const char *this = without_path(f);
		if (reason && !streq(reason, this))
			return NULL;
		reason = this;
	}
	return reason;
}

const char *subject_name(const struct subject *s)
{
	return *s->name ? s->name : s->id;
}

char *rule_heading(const struct rule *rule)
{
	return xasprintf("%s %s", rule->ref, rule->title);
}

char *rule_key(const struct rule *rule)
{
	return xasprintf("%s/%s/%s", rule->profile->id, rule->ref, rule->check->id);
}

struct ranked {
	const struct result *result;
	enum outcome outcome;
};

static int by_rank(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	enum sw_severity sx = x->result->rule->check->severity,
			 sy = y->result->rule->check->severity;
	if (x->outcome != y->outcome)
		return x->outcome < y->outcome ? -1 : 1;
	if (sx != sy)
		return sx > sy ? -1 : 1;
	return x->result < y->result ? -1 : x->result > y->result;
}

const struct result **results_worst_first(const struct report *r)
{
	AUTO_FREE struct ranked *ranked = xalloc((r->n_results + 1) * sizeof(*ranked));
	const struct result **sorted = xalloc((r->n_results + 1) * sizeof(*sorted));
	for (size_t i = 0; i < r->n_results; i++)
		ranked[i] = (struct ranked){ &r->results[i], result_outcome(r, &r->results[i]) };
	qsort(ranked, r->n_results, sizeof(*ranked), by_rank);
	for (size_t i = 0; i < r->n_results; i++)
		sorted[i] = ranked[i].result;
	return sorted;
}

bool section_has(const struct section *s, const struct result *res)
{
	return res->rule->profile == s->profile && streq(res->rule->group, s->group);
}

static const char *title_of(const struct rule *rule)
{
	const struct profile *p = rule->profile;
	for (size_t i = 0; i < p->n_groups; i++)
		if (streq(p->groups[i].id, rule->group))
			return p->groups[i].title;
	return "";
}

struct section *report_sections(const struct report *r, size_t *ret_n)
{
	struct section *all = xalloc((r->n_results + 1) * sizeof(*all));
	size_t n = 0;
	for (size_t i = 0; i < r->n_results; i++) {
		const struct rule *rule = r->results[i].rule;
		size_t at = 0;
		while (at < n && !section_has(&all[at], &r->results[i]))
			at++;
		if (at == n)
			all[n++] =
				(struct section){ rule->profile, rule->group, title_of(rule), i };
	}
	*ret_n = n;
	return all;
}

static uint64_t add_string(uint64_t h, const char *s)
{
	return fnv1a(h, s, strlen(s) + 1);
}

/* Of networks two may have one name. Findings are sorted, so these are neighbours. */
static size_t ordinal(const struct result *res, size_t finding)
{
	const struct subject *s = res->findings[finding].subject;
	size_t n = 0;
	while (n < finding && *s->name) {
		const struct subject *other = res->findings[finding - n - 1].subject;
		if (other->kind != s->kind || !streq(other->name, s->name))
			break;
		n++;
	}
	return n;
}

const char *finding_key(const struct result *res, size_t finding, char *buf)
{
	const struct finding *f = &res->findings[finding];
	char fingerprint[17];
	size_t n = ordinal(res, finding);
	uint64_t h = add_string(FNV_START, res->rule->profile->id);
	h = add_string(h, res->rule->ref);
	h = add_string(h, finding_fingerprint(f, res->rule, fingerprint));
	if (!*f->subject->name)
		h = add_string(h, f->subject->id);
	h = fnv1a(h, &n, sizeof(n));
	snprintf(buf, 17, "%016" PRIx64, h);
	return buf;
}

/* RFC 3986, 2.3: all but the unreserved characters is encoded, of a file's path not the slash. */
static void add_encoded(struct text *t, const char *raw, bool is_path)
{
	AUTO_FREE char *s = clean(raw);
	for (const char *c = s; *c; c++) {
		bool is_plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
				(*c >= '0' && *c <= '9') || (*c && strchr("-._~", *c)) ||
				(is_path && *c == '/');
		if (is_plain)
			text_add_char(t, *c);
		else
			text_printf(t, "%%%02X", (unsigned)(unsigned char)*c);
	}
}

void uri_encode(struct text *t, const char *raw)
{
	add_encoded(t, raw, false);
}

char *report_moment(const struct report *r, const char *said)
{
	const char *day = r->now && date_is_valid(r->now) ? r->now : "1970-01-01";
	int64_t when = 0;
	struct tm tm;
	char text[32];
	bool is_year_of_four =
		said && timestamp_parse(said, &when) && when >= -62135596800 && when < 253402300800;
	time_t t = (time_t)when;
	if (!is_year_of_four || !gmtime_r(&t, &tm) ||
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return xasprintf("%sT00:00:00Z", day);
	return xstrdup(text);
}

/* A file of the host: no process' file, and no word of ours about where a fact is from. */
static bool is_file(const char *source)
{
	return source[0] == '/' && source[1] && source[1] != '/' &&
	       !starts_with(source, "/proc/") && !starts_with(source, "/sys/") &&
	       !strchr(source, ' ') && !strstr(source, "/.");
}

bool finding_uri(struct text *t, const struct finding *f)
{
	for (size_t i = 0; i < f->n_evidence; i++) {
		if (!is_file(f->evidence[i].source))
			continue;
		add_encoded(t, f->evidence[i].source + 1, true);
		return true;
	}
	const char *name = subject_name(f->subject);
	text_printf(t, "%s", kind_name(f->subject->kind));
	if (f->subject->kind > SW_ENGINE && *name) {
		text_add_char(t, '/');
		/* Not a step of a path, whatever a thing is called. */
		if (streq(name, ".") || streq(name, ".."))
			text_add(t, "%2E");
		add_encoded(t, name, false);
	}
	return false;
}

void text_said(struct text *t, const char *raw)
{
	if (raw)
		text_clean(t, raw, strlen(raw));
}

void text_clean_lines(struct text *t, const char *raw)
{
	while (raw && *raw) {
		size_t n = strcspn(raw, "\n");
		text_clean(t, raw, n);
		raw += n;
		if (*raw)
			text_add_char(t, *raw++);
	}
}

int sink_end(FILE *out)
{
	return ferror(out) ? (errno ? -errno : -EIO) : 0;
}
