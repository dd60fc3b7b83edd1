/* SPDX-License-Identifier: Apache-2.0 */
/* report_markdown.c: GitHub's Markdown, for a comment or a page of a build. */
#include "eval.h"
#include "report_common.h"
#include "report_sinks.h"

enum { FINDINGS_MAX = 10 }; /* of one rule, without -v: a comment holds 64 KiB */

/* The dot of a number begins no address. */
static bool is_mark(const char *s, const char *c)
{
	bool is_number =
		*c == '.' && c > s && c[-1] >= '0' && c[-1] <= '9' && c[1] >= '0' && c[1] <= '9';
	return strchr("!#$&*.:<>@[\\]^_`{|}~", *c) && !is_number;
}

/*
 * Text that is to look like text: every mark is escaped, and what names a user or an issue is
 * parted by a comment, for these are looked for after all escapes are undone.
 */
void markdown_text(FILE *out, const char *raw)
{
	AUTO_FREE char *s = clean(raw);
	for (const char *c = s; *c; c++) {
		if (is_mark(s, c))
			putc('\\', out);
		putc(*c, out);
		if (*c == '@' || *c == '#')
			fputs("<!-- -->", out);
	}
}

static size_t longest_run(const char *s)
{
	size_t longest = 0;
	for (; *s; s++) {
		size_t n = strspn(s, "`");
		longest = n > longest ? n : longest;
		s += n > 0 ? n - 1 : 0;
	}
	return longest;
}

static void write_ticks(FILE *out, size_t n)
{
	while (n-- > 0)
		putc('`', out);
}

/* Within a span of code nothing has a meaning but a run of as many ticks as began it. */
static void write_code(FILE *out, const char *raw)
{
	AUTO_FREE char *s = clean_for_log(raw);
	size_t n = longest_run(s) + 1;
	write_ticks(out, n);
	fprintf(out, " %s ", s);
	write_ticks(out, n);
}

static void write_block(FILE *out, const char *raw)
{
	AUTO_FREE char *copy = xstrdup(raw ? raw : "");
	size_t n = longest_run(copy) + 1;
	char *next = *copy ? copy : NULL;
	n = n < 3 ? 3 : n;
	fputs("  ", out);
	write_ticks(out, n);
	fputs("text\n", out);
	for (const char *line; (line = strsep(&next, "\n")) != NULL;) {
		AUTO_FREE char *s = clean_for_log(line);
		if (*s || next)
			fprintf(out, "  %s\n", s);
	}
	fputs("  ", out);
	write_ticks(out, n);
	putc('\n', out);
}

/* What narrowed, tailored or compared the report, without which its counts mean something else. */
static void write_orders(const struct report *r, FILE *out)
{
	CLEANUP(notes_done) struct notes notes = report_notes(r);
	for (size_t i = 0; i < notes.n; i++) {
		enum note_kind kind = notes.v[i].kind;
		if (kind != NOTE_SELECTION && kind != NOTE_TAILORING && kind != NOTE_BASELINE)
			continue;
		fprintf(out, "- %s ", note_name(kind));
		write_code(out, notes.v[i].text);
		putc('\n', out);
	}
}

static void write_head(const struct report *r, FILE *out)
{
	const struct target *t = &r->target;
	fputs("# seaworthy: ", out);
	markdown_text(out, t->hostname ? t->hostname : "unnamed host");
	fputs("\n\n", out);
	for (size_t i = 0; i < r->n_profiles; i++) {
		fputs("- profile ", out);
		write_code(out, r->profiles[i]->id);
		putc('\n', out);
	}
	fputs("- engine ", out);
	write_code(out, t->has_engine ? t->engine_name : "none");
	if (t->has_engine && t->engine_version) {
		putc(' ', out);
		write_code(out, t->engine_version);
	}
	fputs("\n- judged ", out);
	write_code(out, r->finished ? r->finished : r->now);
	fputs(", by seaworthy ", out);
	write_code(out, report_tool_version(r));
	putc('\n', out);
	write_orders(r, out);
}

static const enum outcome order[] = { OUTCOME_FAIL,   OUTCOME_UNKNOWN, OUTCOME_REVIEW,
				      OUTCOME_WAIVED, OUTCOME_PASS,    OUTCOME_SKIP };

static void write_row(const struct report *r, const struct section *s, FILE *out)
{
	fputs("| ", out);
	markdown_text(out, s->group);
	fputs(*s->title ? " " : "", out);
	markdown_text(out, s->title);
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		size_t n = 0;
		for (size_t k = s->first; k < r->n_results; k++)
			n += section_has(s, &r->results[k]) &&
			     streq(result_word(&r->results[k]), words_of(order[i])->verdict);
		fprintf(out, " | %zu", n);
	}
	fputs(" |\n", out);
}

static void write_table(const struct report *r, FILE *out)
{
	size_t n = 0;
	AUTO_FREE struct section *sections = report_sections(r, &n);

	fputs("\n| group |", out);
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		fprintf(out, " %s |", words_of(order[i])->verdict);
	fputs("\n|:---|", out);
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		fputs("---:|", out);
	putc('\n', out);
	for (size_t i = 0; i < n; i++)
		write_row(r, &sections[i], out);
}

static void write_findings(const struct report *r, const struct report_options *o,
			   const struct result *res, FILE *out)
{
	size_t shown = 0, left = 0;
	for (size_t i = 0; i < res->n_findings; i++) {
		const struct finding *f = &res->findings[i];
		enum outcome outcome = finding_outcome(r, f);
		if (outcome >= OUTCOME_PASS)
			continue;
		if (shown == FINDINGS_MAX && !o->verbose) {
			left++;
			continue;
		}
		shown++;
		fprintf(out, "  - %s%s: %s ", words_of(outcome)->verdict, finding_since(f),
			kind_name(f->subject->kind));
		write_code(out, subject_name(f->subject));
		fputs(": ", out);
		write_code(out, f->reason);
		putc('\n', out);
	}
	if (left > 0)
		fprintf(out, "  - and %zu more\n", left);
}

static void write_result(const struct report *r, const struct report_options *o,
			 const struct result *res, FILE *out)
{
	const struct sw_check *check = res->rule->check;

	fprintf(out, "- **%s** ", severity_name(check->severity));
	markdown_text(out, res->rule->ref);
	putc(' ', out);
	markdown_text(out, res->rule->title);
	fputs(" (", out);
	write_code(out, check->id);
	fputs(")\n", out);
	write_findings(r, o, res, out);
	fputs("  - wanted: ", out);
	write_code(out, check->wanted);
	fputs("\n\n", out);
	write_block(out, result_remedy(res));
}

/* Results come sorted: those of one outcome are neighbours. */
static void write_results(const struct report *r, const struct report_options *o, FILE *out)
{
	static const char *const heads[OUTCOMES] = {
		[OUTCOME_FAIL] = "Fails",
		[OUTCOME_UNKNOWN] = "Could not be told",
		[OUTCOME_REVIEW_FAILS] = "To be reviewed, and failing until then",
		[OUTCOME_REVIEW] = "To be reviewed",
		[OUTCOME_WAIVED] = "Waived",
	};
	AUTO_FREE const struct result **sorted = results_worst_first(r);
	const char *head = NULL;

	for (size_t i = 0; i < r->n_results; i++) {
		const char *next = heads[result_outcome(r, sorted[i])];
		if (!next)
			continue;
		if (next != head)
			fprintf(out, "\n## %s\n\n", next);
		head = next;
		write_result(r, o, sorted[i], out);
	}
}

static void write_note(FILE *out, const char *of, const char *text)
{
	fputs("- ", out);
	if (*of) {
		write_code(out, of);
		fputs(": ", out);
	}
	write_code(out, text);
	putc('\n', out);
}

static void write_notes(const struct report *r, FILE *out)
{
	if (r->warnings.n > 0)
		fputs("\n## Warnings\n\n", out);
	for (size_t i = 0; i < r->warnings.n; i++)
		write_note(out, r->warnings.v[i].place, r->warnings.v[i].text);
	if (r->n_unread > 0)
		fputs("\n## Not read\n\n", out);
	for (size_t i = 0; i < r->n_unread; i++)
		write_note(out, r->unread[i].section, r->unread[i].reason);
}

static int write_markdown(const struct report *r, const struct report_options *options, FILE *out)
{
	const char *gap = report_gap(r);

	write_head(r, out);
	if (gap)
		fprintf(out, "\n**Not complete: %s.**\n", gap);
	write_table(r, out);
	write_results(r, options, out);
	write_notes(r, out);
	fprintf(out, "\nExit status %d.\n", r->exit_status);
	return sink_end(out);
}

const struct sink sink_markdown = {
	.name = "markdown",
	.help = "GitHub's Markdown, for a comment or a build's page",
	.write = write_markdown,
};
