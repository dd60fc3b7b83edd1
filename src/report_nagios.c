/* SPDX-License-Identifier: Apache-2.0 */
/* report_nagios.c: what a monitoring plugin prints: a state, performance data, and the rules. */
#include "eval.h"
#include "report_common.h"
#include "report_sinks.h"

/* The monitor keeps 8 KiB (MAX_PLUGIN_OUTPUT_LENGTH of Nagios Core), and cuts without a word. */
enum { BYTES_MAX = 6 << 10, ORDERS_MAX = 1 << 10 };

/* A bar begins performance data, in any line. */
static void say(struct text *t, const char *raw)
{
	AUTO_FREE char *s = clean_for_log(raw);
	for (const char *c = s; *c; c++) {
		if (*c == '|')
			text_add(t, "\xc2\xa6");
		else
			text_add_char(t, *c);
	}
}

/* Below --fail-on a failure is told, but is no state; nor is what the baseline has. */
static bool counts(const struct report *r, const struct result *res, enum outcome o)
{
	enum sw_severity least = SW_LOW;
	if (r->fail_on)
		severity_of(r->fail_on, &least);
	return !res->known && (o != OUTCOME_FAIL || res->rule->check->severity >= least);
}

/* One that fails for one subject may not be known for another. */
static bool has_new_unknown(const struct report *r, const struct result *res)
{
	for (size_t i = 0; i < res->n_findings; i++)
		if (finding_outcome(r, &res->findings[i]) == OUTCOME_UNKNOWN &&
		    res->findings[i].change != CHANGE_KNOWN)
			return true;
	return false;
}

static enum nagios_state state_of(const struct report *r)
{
	enum nagios_state worst = report_gap(r) ? NAGIOS_UNKNOWN : NAGIOS_OK;
	for (size_t i = 0; i < r->n_results; i++) {
		const struct result *res = &r->results[i];
		enum outcome o = result_outcome(r, res);
		enum nagios_state state = words_nagios(o, res->rule->check->severity);
		if (counts(r, res, o) && state > worst)
			worst = state;
		if (worst < NAGIOS_UNKNOWN && has_new_unknown(r, res))
			worst = NAGIOS_UNKNOWN;
	}
	return worst;
}

static void write_first_line(const struct report *r, FILE *out)
{
	static const char *const names[] = {
		[NAGIOS_OK] = "OK",
		[NAGIOS_UNKNOWN] = "UNKNOWN",
		[NAGIOS_WARNING] = "WARNING",
		[NAGIOS_CRITICAL] = "CRITICAL",
	};
	const struct changes changes = report_changes(r, NULL);
	const struct summary *s = &r->summary;
	const char *gap = report_gap(r);
	const size_t n[] = { s->count[SW_FAIL], s->count[SW_UNKNOWN], s->count[SW_WARN],
			     s->waived,         s->count[SW_PASS],    s->count[SW_SKIP] };
	static const char *const labels[] = { "fail", "unknown", "warn", "waived", "pass", "skip" };

	fprintf(out, "SEAWORTHY %s - ", names[state_of(r)]);
	for (size_t i = 0; i < ARRAY_SIZE(n); i++)
		fprintf(out, "%s%zu %s", i > 0 ? ", " : "", n[i], labels[i]);
	if (r->baseline)
		fprintf(out, "; %zu known from the baseline", r->n_known);
	fprintf(out, "%s%s |", gap ? "; " : "", gap ? gap : "");
	for (size_t i = 0; i < ARRAY_SIZE(n); i++)
		fprintf(out, " %s=%zu;;;0", labels[i], n[i]);
	for (enum change_since c = CHANGE_NEW; r->baseline && c < CHANGE_STATES; c++)
		fprintf(out, " %s=%zu;;;0", change_name(c), changes.count[c]);
	putc('\n', out);
}

/* What narrowed, tailored or compared it, and warnings. */
static void write_orders(const struct report *r, FILE *out)
{
	CLEANUP(notes_done) struct notes notes = report_notes(r);
	size_t written = 0;
	for (size_t i = 0; i < notes.n; i++) {
		enum note_kind kind = notes.v[i].kind;
		AUTO_TEXT struct text line = { 0 };
		if (kind < NOTE_SELECTION || kind > NOTE_WARNING)
			continue;
		text_printf(&line, "%s: ", note_name(kind));
		say(&line, notes.v[i].text);
		if (written + line.len > ORDERS_MAX)
			continue;
		written += line.len + 1;
		fprintf(out, "%s\n", text_str(&line));
	}
}

static int write_nagios(const struct report *r, const struct report_options *options, FILE *out)
{
	(void)options;
	AUTO_FREE const struct result **sorted = results_worst_first(r);
	size_t written = 0, left = 0;

	write_first_line(r, out);
	for (size_t i = 0; i < r->n_results; i++) {
		const struct result *res = sorted[i];
		enum outcome o = result_outcome(r, res);
		AUTO_TEXT struct text line = { 0 };
		if (o >= OUTCOME_PASS)
			continue;
		text_printf(&line, "%s %s ", words_of(o)->verdict,
			    severity_name(res->rule->check->severity));
		AUTO_FREE char *heading = rule_heading(res->rule);
		say(&line, heading);
		text_add(&line, ": ");
		say(&line, res->reason);
		AUTO_FREE char *since = result_since(r, res);
		text_printf(&line, "%s%s", *since ? "; " : "", since);
		if (left > 0 || written + line.len > BYTES_MAX) {
			left++;
			continue;
		}
		written += line.len + 1;
		fprintf(out, "%s\n", text_str(&line));
	}
	if (left > 0)
		fprintf(out, "and %zu rules more\n", left);
	write_orders(r, out);
	return sink_end(out);
}

const struct sink sink_nagios = {
	.name = "nagios",
	.help = "a state and performance data, for Nagios, Icinga and Checkmk",
	.write = write_nagios,
};
