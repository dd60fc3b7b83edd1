/* SPDX-License-Identifier: Apache-2.0 */
/* report_csv.c: a finding a line as RFC 4180 has it, harmless in a spreadsheet. */
#include "eval.h"
#include "report_common.h"
#include "report_sinks.h"

struct row {
	const struct report *report;
	const struct result *result;
	const struct finding *finding;
	struct text cell; /* of the column at hand, raw */
};

static void put(struct row *row, const char *s)
{
	text_add(&row->cell, s ? s : "");
}

static void put_profile(struct row *row)
{
	put(row, row->result->rule->profile->id);
}

static void put_ref(struct row *row)
{
	put(row, row->result->rule->ref);
}

static void put_check(struct row *row)
{
	put(row, row->result->rule->check->id);
}

static void put_title(struct row *row)
{
	put(row, row->result->rule->title);
}

static void put_level(struct row *row)
{
	if (row->result->rule->level > 0)
		text_printf(&row->cell, "%d", row->result->rule->level);
}

static void put_assessment(struct row *row)
{
	put(row, row->result->rule->assessment);
}

static void put_severity(struct row *row)
{
	put(row, severity_name(row->result->rule->check->severity));
}

static void put_result(struct row *row)
{
	put(row, result_word(row->result));
}

static void put_verdict(struct row *row)
{
	put(row, words_of(finding_outcome(row->report, row->finding))->verdict);
}

static void put_hostname(struct row *row)
{
	put(row, row->report->target.hostname);
}

static void put_kind(struct row *row)
{
	put(row, kind_name(row->finding->subject->kind));
}

static void put_name(struct row *row)
{
	put(row, row->finding->subject->name);
}

static void put_id(struct row *row)
{
	put(row, row->finding->subject->id);
}

static void put_image(struct row *row)
{
	put(row, row->finding->subject->image);
}

static void put_reason(struct row *row)
{
	put(row, row->finding->reason);
}

static void put_wanted(struct row *row)
{
	put(row, row->result->rule->check->wanted);
}

static void put_remedy(struct row *row)
{
	put(row, result_remedy(row->result));
}

static void put_evidence(struct row *row)
{
	for (size_t i = 0; i < row->finding->n_evidence; i++) {
		const struct evidence *e = &row->finding->evidence[i];
		text_printf(&row->cell, "%s%s%s%s = %s", i ? "; " : "", e->source,
			    *e->source ? ": " : "", e->path, e->value ? e->value : "(unread)");
	}
}

static void put_waiver_reason(struct row *row)
{
	put(row, row->finding->waiver ? row->finding->waiver->reason : "");
}

static void put_waiver_until(struct row *row)
{
	put(row, row->finding->waiver ? row->finding->waiver->until : "");
}

static void put_waiver_owner(struct row *row)
{
	put(row, row->finding->waiver ? row->finding->waiver->owner : "");
}

static void put_change(struct row *row)
{
	put(row, change_name(row->finding->change));
}

static void put_fingerprint(struct row *row)
{
	char buf[17];
	put(row, finding_fingerprint(row->finding, row->result->rule, buf));
}

static const struct {
	const char *name;
	void (*put)(struct row *row);
} columns[] = {
	{ "profile", put_profile },
	{ "ref", put_ref },
	{ "check", put_check },
	{ "title", put_title },
	{ "level", put_level },
	{ "assessment", put_assessment },
	{ "severity", put_severity },
	{ "result", put_result },
	{ "verdict", put_verdict },
	{ "hostname", put_hostname },
	{ "kind", put_kind },
	{ "name", put_name },
	{ "id", put_id },
	{ "image", put_image },
	{ "reason", put_reason },
	{ "wanted", put_wanted },
	{ "remedy", put_remedy },
	{ "evidence", put_evidence },
	{ "waiver_reason", put_waiver_reason },
	{ "waiver_until", put_waiver_until },
	{ "fingerprint", put_fingerprint },
	{ "waiver_owner", put_waiver_owner },
	{ "change", put_change },
};

/*
 * Would a spreadsheet take the cell for a formula? They drop blanks in front, and some take the
 * wide forms of East Asian text for the same signs. A tab or carriage return is never left here.
 */
static bool is_formula(const char *s)
{
	static const char *const signs[] = {
		"=", "+", "-", "@", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"
	};
	while (*s == ' ' || starts_with(s, "\xe3\x80\x80") || starts_with(s, "\xc2\xa0"))
		s += *s == ' ' ? 1 : *s == '\xe3' ? 3 : 2;
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		if (starts_with(s, signs[i]))
			return true;
	return false;
}

/* Always quoted: where lists are separated by semicolons, a reader cuts at these. */
static void write_cell(FILE *out, const char *raw)
{
	AUTO_FREE char *s = clean(raw);
	putc('"', out);
	if (is_formula(s))
		putc('\'', out);
	for (const char *c = s; *c; c++) {
		if (*c == '"')
			putc('"', out);
		putc(*c, out);
	}
	putc('"', out);
}

void csv_cell(FILE *out, const char *raw)
{
	write_cell(out, raw);
}

static void write_row(FILE *out, struct row *row)
{
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		if (i > 0)
			putc(',', out);
		text_clear(&row->cell);
		columns[i].put(row);
		write_cell(out, text_str(&row->cell));
	}
	fputs("\r\n", out);
}

/* A table without lines looks like a host without faults. */
static void write_gap(const struct report *r, FILE *out)
{
	const char *gap = report_gap(r);
	for (size_t i = 0; gap && i < ARRAY_SIZE(columns); i++) {
		const char *name = columns[i].name;
		bool is_verdict = streq(name, "verdict") || streq(name, "result");
		fputs(i > 0 ? "," : "", out);
		write_cell(out, is_verdict                ? words_of(OUTCOME_UNKNOWN)->verdict
				: streq(name, "reason")   ? gap
				: streq(name, "hostname") ? r->target.hostname
							  : "");
	}
	fputs(gap ? "\r\n" : "", out);
}

static int write_csv(const struct report *r, const struct report_options *options, FILE *out)
{
	(void)options;
	struct row row = { .report = r };

	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		fprintf(out, "%s\"%s\"", i > 0 ? "," : "", columns[i].name);
	fputs("\r\n", out);
	write_gap(r, out);
	for (size_t i = 0; i < r->n_results; i++) {
		row.result = &r->results[i];
		for (size_t k = 0; k < row.result->n_findings; k++) {
			row.finding = &row.result->findings[k];
			write_row(out, &row);
		}
	}
	text_done(&row.cell);
	return sink_end(out);
}

const struct sink sink_csv = {
	.name = "csv",
	.help = "a finding a line, for spreadsheets",
	.write = write_csv,
};
