/* SPDX-License-Identifier: Apache-2.0 */
/* report_github.c: workflow commands that GitHub's runner shows as annotations. */
#include "eval.h"
#include "report_common.h"
#include "report_sinks.h"

/* As the runner undoes it: in a property a colon and a comma end it. */
static void write_escaped(FILE *out, const char *clean_lines, bool is_property)
{
	for (const char *c = clean_lines; *c; c++) {
		if (*c == '%' || *c == '\n' || *c == '\r' || (is_property && strchr(":,", *c)))
			fprintf(out, "%%%02X", (unsigned)(unsigned char)*c);
		else
			putc(*c, out);
	}
}

static void write_command(FILE *out, const char *command, const char *title,
			  const struct text *said)
{
	AUTO_FREE char *cleaned = clean(title);
	fprintf(out, "::%s title=", command);
	write_escaped(out, cleaned, true);
	fputs("::", out);
	write_escaped(out, text_str(said), false);
	putc('\n', out);
}

static void write_result(const struct report *r, const struct result *res, FILE *out)
{
	const struct words *w = words_of(result_outcome(r, res));
	const struct sw_check *check = res->rule->check;
	AUTO_TEXT struct text said = { 0 };

	if (!w->github)
		return;
	AUTO_FREE char *title =
		xasprintf("%s: %s %s (%s, %s)", w->verdict, res->rule->ref, res->rule->title,
			  severity_name(check->severity), res->rule->profile->id);
	AUTO_FREE char *since = result_since(r, res);
	text_said(&said, res->reason);
	text_add(&said, *since ? "\n" : "");
	text_add(&said, since);
	text_add(&said, "\nwanted: ");
	text_said(&said, check->wanted);
	text_add(&said, "\nfix: ");
	text_clean_lines(&said, result_remedy(res));
	write_command(out, w->github, title, &said);
}

static void write_summary(const struct report *r, FILE *out)
{
	CLEANUP(notes_done) struct notes notes = report_notes(r);
	const struct summary *s = &r->summary;
	AUTO_TEXT struct text said = { 0 };
	text_printf(&said,
		    "%zu fail, %zu unknown, %zu warn, %zu waived, %zu pass, %zu skip; exit %d",
		    s->count[SW_FAIL], s->count[SW_UNKNOWN], s->count[SW_WARN], s->waived,
		    s->count[SW_PASS], s->count[SW_SKIP], r->exit_status);
	for (size_t i = 0; i < notes.n; i++) {
		enum note_kind kind = notes.v[i].kind;
		if (kind == NOTE_COUNTS || kind == NOTE_WARNING)
			continue;
		text_printf(&said, "\n%s: ", note_name(kind));
		text_said(&said, notes.v[i].text);
	}
	write_command(out, "notice", "seaworthy", &said);
}

static void write_warnings(const struct report *r, FILE *out)
{
	for (size_t i = 0; i < r->warnings.n; i++) {
		AUTO_TEXT struct text said = { 0 };
		text_said(&said, r->warnings.v[i].place);
		text_add(&said, said.len > 0 ? ": " : "");
		text_said(&said, r->warnings.v[i].text);
		write_command(out, "warning", "seaworthy", &said);
	}
}

/* Ten of a kind are shown for a step, so the worst come first. */
static int write_github(const struct report *r, const struct report_options *options, FILE *out)
{
	(void)options;
	AUTO_FREE const struct result **sorted = results_worst_first(r);
	AUTO_TEXT struct text gap = { 0 };

	if (report_gap(r)) {
		text_said(&gap, report_gap(r));
		write_command(out, "error", "seaworthy", &gap);
	}
	for (size_t i = 0; i < r->n_results; i++)
		write_result(r, sorted[i], out);
	write_warnings(r, out);
	write_summary(r, out);
	return sink_end(out);
}

const struct sink sink_github = {
	.name = "github",
	.help = "annotations of a GitHub workflow",
	.write = write_github,
};
