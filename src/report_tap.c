/* SPDX-License-Identifier: Apache-2.0 */
/* report_tap.c: Test Anything Protocol 13: a test for each rule, and one for the run itself. */
#include "eval.h"
#include "report_common.h"
#include "report_sinks.h"

/* prove's reader of YAML takes no more than 65534 characters in quotes for a text. */
enum { SCALAR_BYTES = 24 << 10 };

/* In a description only a bare # begins a directive. */
static void write_description(FILE *out, const char *raw)
{
	AUTO_FREE char *s = clean(raw);
	for (const char *c = s; *c; c++) {
		if (*c == '#' || *c == '\\')
			putc('\\', out);
		putc(*c, out);
	}
}

/* A YAML scalar in double quotes; "##" is how build runners begin a command, anywhere in a line. */
static void write_scalar(FILE *out, const char *raw)
{
	AUTO_FREE char *whole = clean(raw);
	AUTO_TEXT struct text t = { 0 };
	text_add_short(&t, whole, SCALAR_BYTES);
	const char *s = text_str(&t);
	putc('"', out);
	for (const char *c = s; *c; c++) {
		if (c[0] == '#' && c[1] == '#') {
			fputs("\\x23", out);
			continue;
		}
		if (*c == '"' || *c == '\\')
			putc('\\', out);
		putc(*c, out);
	}
	putc('"', out);
}

static void write_item(FILE *out, const char *key, const char *raw)
{
	fprintf(out, "  %s: ", key);
	write_scalar(out, raw);
	putc('\n', out);
}

/* Short mappings only: a reader of prove's cuts a text in a list at its first colon. */
static void write_findings(const struct report *r, const struct result *res, FILE *out)
{
	fputs("  findings:\n", out);
	for (size_t i = 0; i < res->n_findings; i++) {
		const struct finding *f = &res->findings[i];
		enum outcome o = finding_outcome(r, f);
		if (o >= OUTCOME_PASS)
			continue;
		fprintf(out,
			"    - verdict: %s\n      kind: %s\n      name: ", words_of(o)->verdict,
			kind_name(f->subject->kind));
		write_scalar(out, subject_name(f->subject));
		fputs("\n      reason: ", out);
		write_scalar(out, f->reason);
		putc('\n', out);
		if (f->change)
			fprintf(out, "      change: %s\n", change_name(f->change));
	}
}

static void write_diagnostics(const struct report *r, const struct result *res, FILE *out)
{
	const struct sw_check *check = res->rule->check;
	fputs("  ---\n", out);
	write_item(out, "message", res->reason);
	write_item(out, "severity", severity_name(check->severity));
	write_item(out, "check", check->id);
	write_item(out, "wanted", check->wanted);
	write_item(out, "remedy", result_remedy(res));
	write_findings(r, res, out);
	fputs("  ...\n", out);
}

static void write_result(const struct report *r, const struct result *res, size_t number, FILE *out)
{
	enum outcome o = result_outcome(r, res);
	const struct words *w = words_of(o);
	AUTO_FREE char *name =
		xasprintf("%s %s %s", res->rule->profile->id, res->rule->ref, res->rule->title);

	fprintf(out, "%s %zu - ", w->tap_ok ? "ok" : "not ok", number);
	write_description(out, name);
	if (w->tap_directive) {
		fprintf(out, " # %s %s: ", w->tap_directive, w->verdict);
		write_description(out, res->reason);
	}
	putc('\n', out);
	if (o < OUTCOME_PASS)
		write_diagnostics(r, res, out);
}

/* Comments: a # in what they say begins no command of a build runner. */
static void write_notes(const struct report *r, FILE *out)
{
	CLEANUP(notes_done) struct notes notes = report_notes(r);
	for (size_t i = 0; i < notes.n; i++) {
		fprintf(out, "# %s: ", note_name(notes.v[i].kind));
		write_description(out, notes.v[i].text);
		putc('\n', out);
	}
}

/*
 * A plan of no tests is a success to those who read it, and so is a run whose rules were all
 * skipped: the last test is the run itself.
 */
static int write_tap(const struct report *r, const struct report_options *options, FILE *out)
{
	(void)options;
	const char *gap = report_gap(r);

	fprintf(out, "TAP version 13\n1..%zu\n", r->n_results + 1);
	write_notes(r, out);
	for (size_t i = 0; i < r->n_results; i++)
		write_result(r, &r->results[i], i + 1, out);
	fprintf(out, "%s %zu - the report is whole\n", gap ? "not ok" : "ok", r->n_results + 1);
	if (gap) {
		fputs("  ---\n", out);
		write_item(out, "message", gap);
		fputs("  ...\n", out);
	}
	return sink_end(out);
}

const struct sink sink_tap = {
	.name = "tap",
	.help = "Test Anything Protocol 13, for prove and its like",
	.write = write_tap,
};
