/* SPDX-License-Identifier: Apache-2.0 */
/* report_prometheus.c: metrics as the textfile collector of node_exporter reads them. */
#include "eval.h"
#include "report_common.h"
#include "report_sinks.h"
#include "timestamp.h"

static void family(FILE *out, const char *name, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* The first label begins the list, and the value ends it. */
static void label(FILE *out, char before, const char *name, const char *raw)
{
	AUTO_FREE char *s = clean(raw);
	fprintf(out, "%c%s=\"", before, name);
	for (const char *c = s; *c; c++) {
		if (*c == '"' || *c == '\\')
			putc('\\', out);
		putc(*c, out);
	}
	putc('"', out);
}

static void number(FILE *out, const char *name, const char *help, long long n)
{
	family(out, name, help);
	fprintf(out, "%s %lld\n", name, n);
}

static void write_target(const struct report *r, FILE *out)
{
	const struct target *t = &r->target;
	const struct {
		const char *name, *value;
	} labels[] = {
		{ "source", t->kind },
		{ "os", t->os_id },
		{ "os_version", t->os_version },
		{ "kernel", t->kernel },
		{ "engine", t->engine_name },
		{ "engine_version", t->engine_version },
		{ "version", report_tool_version(r) },
	};

	family(out, "seaworthy_target_info", "What was judged, and by which seaworthy.");
	fputs("seaworthy_target_info", out);
	for (size_t i = 0; i < ARRAY_SIZE(labels); i++)
		label(out, i == 0 ? '{' : ',', labels[i].name, labels[i].value);
	fputs("} 1\n", out);
}

static void write_run(const struct report *r, FILE *out)
{
	int64_t when = 0;

	write_target(r, out);
	number(out, "seaworthy_report_complete",
	       "1 when all that the rules need was read, or was told of as unknown.",
	       report_gap(r) == NULL);
	number(out, "seaworthy_exit_status", "The exit status of the run.", r->exit_status);
	number(out, "seaworthy_unread_sections", "Sections of facts that could not be read.",
	       (long long)r->n_unread);
	number(out, "seaworthy_warnings", "Warnings about tailoring, waivers and the baseline.",
	       (long long)r->warnings.n);
	if (r->finished && timestamp_parse(r->finished, &when))
		number(out, "seaworthy_last_run_timestamp_seconds", "When the run ended.", when);
	if (r->took >= 0) {
		family(out, "seaworthy_run_duration_seconds", "How long the run took.");
		fprintf(out, "seaworthy_run_duration_seconds %.3f\n", r->took);
	}
}

/* Every word, also with 0: a series that vanishes is no zero to who asks for it. */
static void write_counts(const struct report *r, const struct section *s, FILE *out)
{
	static const enum outcome order[] = { OUTCOME_FAIL,   OUTCOME_UNKNOWN, OUTCOME_REVIEW,
					      OUTCOME_WAIVED, OUTCOME_PASS,    OUTCOME_SKIP };
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		const char *word = words_of(order[i])->verdict;
		size_t n = 0;
		for (size_t k = s->first; k < r->n_results; k++)
			n += section_has(s, &r->results[k]) &&
			     streq(result_word(&r->results[k]), word);
		fputs("seaworthy_rules", out);
		label(out, '{', "profile", s->profile->id);
		label(out, ',', "group", s->group);
		label(out, ',', "verdict", word);
		fprintf(out, "} %zu\n", n);
	}
}

static void write_rules(const struct report *r, FILE *out)
{
	size_t n = 0;
	AUTO_FREE struct section *sections = report_sections(r, &n);

	family(out, "seaworthy_rules", "Rules of a group of a profile, by what became of them.");
	for (size_t i = 0; i < n; i++)
		write_counts(r, &sections[i], out);
}

static void write_rule_labels(const struct rule *rule, FILE *out)
{
	label(out, '{', "profile", rule->profile->id);
	label(out, ',', "ref", rule->ref);
	label(out, ',', "check", rule->check->id);
	label(out, ',', "severity", severity_name(rule->check->severity));
}

static void write_verdicts(const struct report *r, FILE *out)
{
	family(out, "seaworthy_rule_verdict", "1, with what became of the rule.");
	for (size_t i = 0; i < r->n_results; i++) {
		fputs("seaworthy_rule_verdict", out);
		write_rule_labels(r->results[i].rule, out);
		label(out, ',', "verdict", result_word(&r->results[i]));
		fputs("} 1\n", out);
	}
}

/* A rule that is waived, or fails, may hide findings of which nothing could be told. */
static void write_findings(const struct report *r, FILE *out)
{
	family(out, "seaworthy_findings", "Findings of a rule, by their verdict.");
	for (size_t i = 0; i < r->n_results; i++) {
		const struct result *res = &r->results[i];
		size_t count[OUTCOMES] = { 0 };
		for (size_t k = 0; k < res->n_findings; k++)
			count[finding_outcome(r, &res->findings[k])]++;
		for (enum outcome o = 0; o < OUTCOMES; o++) {
			if (count[o] == 0)
				continue;
			fputs("seaworthy_findings", out);
			write_rule_labels(res->rule, out);
			label(out, ',', "verdict", words_of(o)->verdict);
			fprintf(out, "} %zu\n", count[o]);
		}
	}
}

static void write_left_out(const struct report *r, FILE *out)
{
	family(out, "seaworthy_rules_left_out", "Rules that tailoring took out of a profile.");
	for (size_t i = 0; i < r->n_profiles; i++) {
		fputs("seaworthy_rules_left_out", out);
		label(out, '{', "profile", r->profiles[i]->id);
		fprintf(out, "} %zu\n", r->profiles[i]->n_left_out);
	}
}

/* Every word, also with 0, but only where there is something to compare with. */
static void write_changes(const struct report *r, FILE *out)
{
	struct changes changes = report_changes(r, NULL);
	if (!r->baseline)
		return;
	family(out, "seaworthy_baseline_findings",
	       "Findings by what became of them since the baseline.");
	for (enum change_since c = CHANGE_NEW; c < CHANGE_STATES; c++) {
		fputs("seaworthy_baseline_findings", out);
		label(out, '{', "change", change_name(c));
		fprintf(out, "} %zu\n", changes.count[c]);
	}
	number(out, "seaworthy_baseline_known_rules", "Rules that do not count for the baseline.",
	       (long long)r->n_known);
}

/* The first end of a waiver of the rule: the day after its last. False: it has none. */
static bool first_end(const struct result *res, int64_t *ret)
{
	bool is_any = false;
	for (size_t i = 0; i < res->n_findings; i++) {
		const struct waiver *w = res->findings[i].waiver;
		int64_t when = 0;
		AUTO_FREE char *last = w ? xasprintf("%sT00:00:00Z", w->until) : NULL;
		if (!w || !date_is_valid(w->until) || !timestamp_parse(last, &when))
			continue;
		when += 86400;
		*ret = is_any && *ret < when ? *ret : when;
		is_any = true;
	}
	return is_any;
}

static void write_waivers(const struct report *r, FILE *out)
{
	bool is_begun = false;
	for (size_t i = 0; i < r->n_results; i++) {
		int64_t when = 0;
		if (!first_end(&r->results[i], &when))
			continue;
		if (!is_begun)
			family(out, "seaworthy_waiver_end_timestamp_seconds",
			       "When the first waiver of a rule ends.");
		is_begun = true;
		fputs("seaworthy_waiver_end_timestamp_seconds", out);
		write_rule_labels(r->results[i].rule, out);
		fprintf(out, "} %lld\n", (long long)when);
	}
}

static int write_prometheus(const struct report *r, const struct report_options *options, FILE *out)
{
	(void)options;
	write_run(r, out);
	write_rules(r, out);
	write_verdicts(r, out);
	write_findings(r, out);
	write_left_out(r, out);
	write_changes(r, out);
	write_waivers(r, out);
	return sink_end(out);
}

const struct sink sink_prometheus = {
	.name = "prometheus",
	.help = "metrics for node_exporter's textfile collector",
	.write = write_prometheus,
};
