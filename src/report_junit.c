/* SPDX-License-Identifier: Apache-2.0 */
/* report_junit.c: JUnit XML in the two dialects that cannot both be met: Jenkins' and Ant's. */
#include "eval.h"
#include "report_common.h"
#include "report_sinks.h"
#include "report_xml.h"

/* What becomes of a result. */
enum shape { PASSED, FAILURE, ERROR, SKIPPED, SHAPES };

struct junit {
	struct xml *xml;
	const struct report *report;
	bool is_ant; /* has no <skipped>, wants every attribute, and its times bear no zone */
};

/* One testsuite: the results of one group of one profile. */
struct suite {
	const struct profile *profile;
	const char *group;
	size_t first; /* result where it was met first */
	size_t count[SHAPES];
};

static enum shape shape_of(const struct report *r, const struct result *res)
{
	static const enum shape shapes[OUTCOMES] = {
		[OUTCOME_FAIL] = FAILURE,         [OUTCOME_UNKNOWN] = ERROR,
		[OUTCOME_REVIEW_FAILS] = FAILURE, [OUTCOME_REVIEW] = SKIPPED,
		[OUTCOME_WAIVED] = SKIPPED,       [OUTCOME_PASS] = PASSED,
		[OUTCOME_SKIP] = SKIPPED,
	};
	return shapes[result_outcome(r, res)];
}

static const char *skip_word(const struct result *res)
{
	if (res->waived)
		return "waived";
	return res->verdict == SW_WARN ? "review" : "not applicable";
}

static void add_labelled(struct text *t, const char *label, const char *s)
{
	text_printf(t, "%s: ", label);
	text_clean(t, s, strlen(s));
	text_add_char(t, '\n');
}

static void add_finding(struct text *t, const struct finding *f)
{
	const char *name = *f->subject->name ? f->subject->name : f->subject->id;
	text_printf(t, "- %s%s: %s ", f->waiver ? "waived" : verdict_name(f->verdict),
		    finding_since(f), kind_name(f->subject->kind));
	text_clean(t, name, strlen(name));
	text_add(t, ": ");
	text_clean(t, f->reason, strlen(f->reason));
	text_add_char(t, '\n');
}

/* What it takes to act: every finding that is not in order, what was wanted, how to mend it. */
static void write_body(struct junit *j, const struct result *res)
{
	AUTO_TEXT struct text body = { 0 };
	const struct sw_check *check = res->rule->check;

	text_add_char(&body, '\n');
	for (size_t i = 0; i < res->n_findings; i++)
		if (res->findings[i].verdict <= SW_WARN)
			add_finding(&body, &res->findings[i]);
	add_labelled(&body, "wanted", check->wanted);
	for (const char *s = result_remedy(res); *s; s += strspn(s, "\n")) {
		size_t n = strcspn(s, "\n");
		text_add(&body, "fix: ");
		text_clean(&body, s, n);
		text_add_char(&body, '\n');
		s += n;
	}
	xml_text(j->xml, text_str(&body));
}

static void write_trouble(struct junit *j, const struct result *res, enum shape shape)
{
	xml_open(j->xml, shape == ERROR ? "error" : "failure");
	xml_attribute(j->xml, "message", res->reason);
	xml_attribute(j->xml, "type",
		      shape == ERROR ? "unknown" : severity_name(res->rule->check->severity));
	write_body(j, res);
	xml_close(j->xml);
}

static void write_skipped(struct junit *j, const struct result *res)
{
	AUTO_FREE char *message = xasprintf("%s: %s", skip_word(res), res->reason);
	xml_open(j->xml, "skipped");
	xml_attribute(j->xml, "message", message);
	xml_close(j->xml);
}

/* Readers cut a class name at its dots into packages, so the dots of a version must go. */
static char *class_name(const struct rule *rule)
{
	char *name = xasprintf("seaworthy.%s.%s", rule->profile->id, rule->group);
	for (char *p = name + strlen("seaworthy."); *p; p++)
		if (*p == '.' && p != name + strlen("seaworthy.") + strlen(rule->profile->id))
			*p = '_';
	return name;
}

static void write_case(struct junit *j, const struct result *res)
{
	enum shape shape = shape_of(j->report, res);
	if (shape == SKIPPED && j->is_ant)
		return;
	AUTO_FREE char *class = class_name(res->rule);
	AUTO_FREE char *name = xasprintf("%s %s", res->rule->ref, res->rule->title);

	xml_open(j->xml, "testcase");
	xml_attribute(j->xml, "classname", class);
	xml_attribute(j->xml, "name", name);
	xml_attribute(j->xml, "time", "0");
	if (shape == SKIPPED)
		write_skipped(j, res);
	else if (shape != PASSED)
		write_trouble(j, res, shape);
	xml_close(j->xml);
}

static bool is_in(const struct suite *s, const struct result *res)
{
	return res->rule->profile == s->profile && streq(res->rule->group, s->group);
}

/*
 * Ant's dialect has no word for what was not decided, and a test case without one reads as passed:
 * these rules are told of outside the test cases.
 */
static void write_undecided(struct junit *j, const struct suite *s)
{
	AUTO_TEXT struct text body = { 0 };
	const struct report *r = j->report;

	for (size_t i = s->first; i < r->n_results; i++) {
		const struct result *res = &r->results[i];
		if (!is_in(s, res) || shape_of(r, res) != SKIPPED)
			continue;
		AUTO_FREE char *line = xasprintf("%s %s: %s: %s", res->rule->ref, res->rule->title,
						 skip_word(res), res->reason);
		text_add(&body, body.len > 0 ? "- " : "\n- ");
		text_clean(&body, line, strlen(line));
		text_add_char(&body, '\n');
	}
	xml_open(j->xml, "system-out");
	xml_text(j->xml, text_str(&body));
	xml_close(j->xml);
	xml_open(j->xml, "system-err");
	xml_close(j->xml);
}

static void write_property(struct junit *j, const char *name, const char *value)
{
	xml_open(j->xml, "property");
	xml_attribute(j->xml, "name", name);
	xml_attribute(j->xml, "value", value ? value : "");
	xml_close(j->xml);
}

/* Of the report, so in one suite: a list of them is a property more than once. */
static void write_notes(struct junit *j)
{
	CLEANUP(notes_done) struct notes notes = report_notes(j->report);
	for (size_t i = 0; i < notes.n; i++)
		write_property(j, note_name(notes.v[i].kind), notes.v[i].text);
}

static void write_properties(struct junit *j, const struct suite *s, bool is_first)
{
	const struct report *r = j->report;

	xml_open(j->xml, "properties");
	write_property(j, "seaworthy", report_tool_version(r));
	write_property(j, "profile", s->profile->id);
	write_property(j, "group", s->group);
	write_property(j, "target", r->target.kind);
	write_property(j, "engine", r->target.has_engine ? r->target.engine_version : "none");
	write_property(j, "complete", r->complete ? "true" : "false");
	write_property(j, "fail-on", r->fail_on);
	if (is_first)
		write_notes(j);
	xml_close(j->xml);
}

static void write_timestamp(struct junit *j)
{
	const char *started = j->report->started ? j->report->started : "";
	AUTO_FREE char *stamp =
		xstrndup(started, j->is_ant ? strcspn(started, "Z+.") : strlen(started));
	xml_attribute(j->xml, "timestamp", stamp);
}

static const char *group_title(const struct suite *s)
{
	for (size_t i = 0; i < s->profile->n_groups; i++)
		if (streq(s->profile->groups[i].id, s->group))
			return s->profile->groups[i].title;
	return "";
}

static void write_suite_attributes(struct junit *j, const struct suite *s, size_t number)
{
	const char *host = j->report->target.hostname;
	AUTO_FREE char *name = xasprintf("%s %s %s", s->profile->id, s->group, group_title(s));
	size_t skipped = j->is_ant ? 0 : s->count[SKIPPED];

	xml_attribute(j->xml, "name", name);
	xml_attribute_size(j->xml, "tests",
			   s->count[PASSED] + s->count[FAILURE] + s->count[ERROR] + skipped);
	xml_attribute_size(j->xml, "failures", s->count[FAILURE]);
	xml_attribute_size(j->xml, "errors", s->count[ERROR]);
	if (j->is_ant) {
		xml_attribute_size(j->xml, "id", number);
		xml_attribute(j->xml, "package", "seaworthy");
	} else {
		xml_attribute_size(j->xml, "skipped", skipped);
	}
	xml_attribute(j->xml, "time", "0");
	write_timestamp(j);
	xml_attribute(j->xml, "hostname", host && *host ? host : "localhost");
}

static void write_suite(struct junit *j, const struct suite *s, size_t number)
{
	const struct report *r = j->report;

	xml_open(j->xml, "testsuite");
	write_suite_attributes(j, s, number);
	write_properties(j, s, number == 0);
	for (size_t i = s->first; i < r->n_results; i++)
		if (is_in(s, &r->results[i]))
			write_case(j, &r->results[i]);
	if (j->is_ant)
		write_undecided(j, s);
	xml_close(j->xml);
}

static size_t find_suite(const struct suite *suites, size_t n, const struct result *res)
{
	size_t i = 0;
	while (i < n && !is_in(&suites[i], res))
		i++;
	return i;
}

/* Suites in the order in which the results name them. */
static struct suite *make_suites(const struct report *r, size_t *ret_n)
{
	struct suite *suites = xalloc((r->n_results + 1) * sizeof(*suites));
	size_t n = 0;
	for (size_t i = 0; i < r->n_results; i++) {
		const struct result *res = &r->results[i];
		size_t at = find_suite(suites, n, res);
		if (at == n)
			suites[n++] =
				(struct suite){ res->rule->profile, res->rule->group, i, { 0 } };
		suites[at].count[shape_of(r, res)]++;
	}
	*ret_n = n;
	return suites;
}

/* Nobody but the test cases is asked: that something is missing must be one. */
static void write_gap(struct junit *j, const char *gap, size_t number)
{
	static const struct profile run = { .id = "seaworthy", .title = "The run itself" };
	struct suite suite = { &run, "run", j->report->n_results, { [ERROR] = 1 } };

	xml_open(j->xml, "testsuite");
	write_suite_attributes(j, &suite, number);
	write_properties(j, &suite, number == 0);
	xml_open(j->xml, "testcase");
	xml_attribute(j->xml, "classname", "seaworthy.run");
	xml_attribute(j->xml, "name", "the report is whole");
	xml_attribute(j->xml, "time", "0");
	xml_open(j->xml, "error");
	xml_attribute(j->xml, "message", gap);
	xml_attribute(j->xml, "type", "unknown");
	xml_close(j->xml);
	xml_close(j->xml);
	if (j->is_ant)
		write_undecided(j, &suite);
	xml_close(j->xml);
}

static int write_dialect(const struct report *r, FILE *out, bool is_ant)
{
	struct junit j = { .report = r, .is_ant = is_ant };
	size_t n = 0;
	int code = xml_begin(out, &j.xml);
	if (code < 0)
		return code;
	AUTO_FREE struct suite *suites = make_suites(r, &n);

	xml_open(j.xml, "testsuites");
	for (size_t i = 0; i < n; i++)
		write_suite(&j, &suites[i], i);
	if (report_gap(r))
		write_gap(&j, report_gap(r), n);
	return xml_finish(j.xml, out);
}

static int write_junit(const struct report *r, const struct report_options *options, FILE *out)
{
	(void)options;
	return write_dialect(r, out, false);
}

static int write_junit_ant(const struct report *r, const struct report_options *options, FILE *out)
{
	(void)options;
	return write_dialect(r, out, true);
}

const struct sink sink_junit = {
	.name = "junit",
	.help = "JUnit XML for Jenkins, GitLab and most build servers",
	.write = write_junit,
	.load = xml_load,
};

const struct sink sink_junit_ant = {
	.name = "junit:ant",
	.help = "JUnit XML after Ant's schema, which knows no skipped tests",
	.write = write_junit_ant,
	.load = xml_load,
};
