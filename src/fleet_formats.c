/* SPDX-License-Identifier: Apache-2.0 */
/* fleet_formats.c: the report on many hosts as JSON, Markdown and CSV. */
#include "fleet.h"

#include "eval.h"
#include "json_writer.h"
#include "report_common.h"

/* In the order in which they are told. */
static const enum outcome told[] = { OUTCOME_FAIL,   OUTCOME_UNKNOWN, OUTCOME_REVIEW,
				     OUTCOME_WAIVED, OUTCOME_PASS,    OUTCOME_SKIP };

static const char *word_of(enum outcome o)
{
	return words_of(o)->verdict;
}

static size_t not_judged(const struct fleet *f, const struct fleet_rule *rule)
{
	size_t n = f->n_counted;
	for (int o = 0; o < OUTCOMES; o++)
		n -= rule->count[o];
	return n;
}

/* --- JSON ----------------------------------------------------------------------------------- */

static void put_counts(struct json_writer *w, const char *key, const size_t *count)
{
	json_open_inline(w, key, '{');
	for (size_t i = 0; i < ARRAY_SIZE(told); i++)
		json_put_size(w, word_of(told[i]), count[told[i]]);
	json_close(w, '}');
}

static void put_host(struct json_writer *w, const struct fleet_host *h)
{
	json_open(w, NULL, '{');
	json_put_string(w, "host", h->label);
	json_put_string(w, "file", h->file);
	json_put_string(w, "hostname", h->hostname);
	json_put_string(w, "machine", h->machine);
	json_put_string(w, "kind", h->kind);
	json_put_string(w, "os", h->os);
	json_put_string(w, "engine", h->engine);
	json_put_string(w, "started", h->started);
	json_put_string(w, "tool", h->tool);
	json_put_string(w, "profiles", h->profiles);
	json_put_bool(w, "complete", h->complete);
	json_put_int(w, "exit", h->exit_status);
	json_put_size(w, "unread", h->n_unread);
	put_counts(w, "summary", h->count);
	json_open_inline(w, "fails", '{');
	for (int s = SW_CRITICAL; s >= SW_LOW; s--)
		json_put_size(w, severity_name((enum sw_severity)s), h->fails[s]);
	json_close(w, '}');
	json_close(w, '}');
}

/* The hosts on which the rule came to this. */
static void put_hosts_of(struct json_writer *w, const struct fleet *f, size_t rule, enum outcome o)
{
	json_open_inline(w, word_of(o), '[');
	for (size_t i = 0; i < f->n_counted; i++) {
		enum outcome is;
		if (fleet_outcome(&f->hosts[i], rule, &is) && is == o)
			json_put_string(w, NULL, f->hosts[i].label);
	}
	json_close(w, ']');
}

static void put_rule(struct json_writer *w, const struct fleet *f, size_t at)
{
	const struct fleet_rule *rule = &f->rules[at];
	json_open(w, NULL, '{');
	json_put_string(w, "profile", rule->profile);
	json_put_string(w, "ref", rule->ref);
	json_put_string(w, "check", rule->check);
	json_put_string(w, "title", rule->title);
	json_put_string(w, "severity", severity_name(rule->severity));
	put_counts(w, "counts", rule->count);
	json_put_size(w, "not_judged", not_judged(f, rule));
	json_open(w, "hosts", '{');
	for (size_t i = 0; i < ARRAY_SIZE(told) && told[i] < OUTCOME_PASS; i++)
		put_hosts_of(w, f, at, told[i]);
	json_close(w, '}');
	json_close(w, '}');
}

static void put_others(struct json_writer *w, const struct fleet *f)
{
	json_open(w, "not_read", '[');
	for (size_t i = 0; i < f->n_refused; i++) {
		json_open_inline(w, NULL, '{');
		json_put_string(w, "file", f->refused[i].file);
		json_put_string(w, "reason", f->refused[i].reason);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_open(w, "older", '[');
	for (size_t i = f->n_counted; i < f->n_hosts; i++) {
		json_open_inline(w, NULL, '{');
		json_put_string(w, "file", f->hosts[i].file);
		json_put_string(w, "hostname", f->hosts[i].hostname);
		json_put_string(w, "newer", f->hosts[i].newer->file);
		json_close(w, '}');
	}
	json_close(w, ']');
}

void fleet_write_json(const struct fleet *f, FILE *out)
{
	CLEANUP(json_writer_done) struct json_writer w = { .out = out };
	json_open(&w, NULL, '{');
	json_put_int(&w, "seaworthy_fleet", 1);
	json_put_int(&w, "exit", fleet_status(f));
	json_put_size(&w, "left_out", f->n_left_out);
	json_open(&w, "hosts", '[');
	for (size_t i = 0; i < f->n_counted; i++)
		put_host(&w, &f->hosts[i]);
	json_close(&w, ']');
	json_open(&w, "rules", '[');
	for (size_t i = 0; i < f->n_order; i++)
		put_rule(&w, f, f->order[i]);
	json_close(&w, ']');
	put_others(&w, f);
	json_close(&w, '}');
	json_writer_flush(&w);
	putc('\n', out);
}

/* --- CSV: a rule a line, a host a column ---------------------------------------------------- */

static void put_cell(FILE *out, bool is_first, const char *s)
{
	fputs(is_first ? "" : ",", out);
	csv_cell(out, s);
}

/* What could not be read has a column too, of unknown: nobody takes it for a host without faults.
 */
void fleet_write_csv(const struct fleet *f, FILE *out)
{
	static const char *const heads[] = { "profile", "ref", "check", "title", "severity" };
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		put_cell(out, i == 0, heads[i]);
	for (size_t i = 0; i < f->n_counted; i++)
		put_cell(out, false, f->hosts[i].label);
	for (size_t i = 0; i < f->n_refused; i++)
		put_cell(out, false, f->refused[i].file);
	fputs("\r\n", out);
	for (size_t i = 0; i < f->n_order; i++) {
		const struct fleet_rule *rule = &f->rules[f->order[i]];
		put_cell(out, true, rule->profile);
		put_cell(out, false, rule->ref);
		put_cell(out, false, rule->check);
		put_cell(out, false, rule->title);
		put_cell(out, false, severity_name(rule->severity));
		for (size_t k = 0; k < f->n_counted; k++) {
			enum outcome o;
			bool is_judged = fleet_outcome(&f->hosts[k], f->order[i], &o);
			put_cell(out, false, is_judged ? word_of(o) : "not judged");
		}
		for (size_t k = 0; k < f->n_refused; k++)
			put_cell(out, false, word_of(OUTCOME_UNKNOWN));
		fputs("\r\n", out);
	}
}

/* --- Markdown ------------------------------------------------------------------------------- */

enum { HOSTS_MAX = 100, RULES_MAX = 50, MATRIX_MAX = 12 };

static void cell(FILE *out, const char *s)
{
	fputs("| ", out);
	markdown_text(out, s);
	putc(' ', out);
}

static void number(FILE *out, size_t n)
{
	fprintf(out, "| %zu ", n);
}

static void rest(FILE *out, size_t n, size_t most, const char *what)
{
	if (n > most)
		fprintf(out, "\n%zu more %s: the JSON and CSV formats have all.\n", n - most, what);
}

static void write_hosts(const struct fleet *f, FILE *out)
{
	size_t n = f->n_counted < HOSTS_MAX ? f->n_counted : HOSTS_MAX;
	fputs("\n## Hosts\n\n| Host ", out);
	for (int s = SW_CRITICAL; s >= SW_LOW; s--)
		cell(out, severity_name((enum sw_severity)s));
	for (size_t i = 1; i < ARRAY_SIZE(told); i++)
		cell(out, word_of(told[i]));
	fputs("| Record |\n", out);
	for (size_t i = 0; i < 1 + SEVERITIES + ARRAY_SIZE(told); i++)
		fputs("| --- ", out);
	fputs("|\n", out);
	for (size_t i = 0; i < n; i++) {
		const struct fleet_host *h = &f->hosts[i];
		cell(out, h->label);
		for (int s = SW_CRITICAL; s >= SW_LOW; s--)
			number(out, h->fails[s]);
		for (size_t k = 1; k < ARRAY_SIZE(told); k++)
			number(out, h->count[told[k]]);
		cell(out, !h->complete ? "not complete" : h->started ? h->started : "");
		fputs("|\n", out);
	}
	rest(out, f->n_counted, HOSTS_MAX, "hosts");
}

static void write_rules(const struct fleet *f, FILE *out)
{
	bool has_columns = f->n_counted <= MATRIX_MAX;
	size_t n = f->n_order < RULES_MAX ? f->n_order : RULES_MAX;
	fputs("\n## Rules\n\n| Rule | Severity | fail | unknown | pass ", out);
	for (size_t i = 0; has_columns && i < f->n_counted; i++)
		cell(out, f->hosts[i].label);
	fputs("|\n", out);
	for (size_t i = 0; i < 5 + (has_columns ? f->n_counted : 0); i++)
		fputs("| --- ", out);
	fputs("|\n", out);
	for (size_t i = 0; i < n; i++) {
		const struct fleet_rule *rule = &f->rules[f->order[i]];
		AUTO_FREE char *name = xasprintf("%s %s %s", rule->profile, rule->ref, rule->title);
		cell(out, name);
		cell(out, severity_name(rule->severity));
		number(out, rule->count[OUTCOME_FAIL]);
		number(out, rule->count[OUTCOME_UNKNOWN]);
		number(out, rule->count[OUTCOME_PASS]);
		for (size_t k = 0; has_columns && k < f->n_counted; k++) {
			enum outcome o;
			bool is_judged = fleet_outcome(&f->hosts[k], f->order[i], &o);
			cell(out, is_judged ? word_of(o) : "not judged");
		}
		fputs("|\n", out);
	}
	rest(out, f->n_order, RULES_MAX, "rules");
}

void fleet_write_markdown(const struct fleet *f, FILE *out)
{
	fprintf(out, "# seaworthy: hosts: %zu\n", f->n_counted);
	write_hosts(f, out);
	write_rules(f, out);
	if (f->n_refused > 0)
		fputs("\n## Could not be read\n\n", out);
	for (size_t i = 0; i < f->n_refused && i < HOSTS_MAX; i++) {
		fputs("* ", out);
		markdown_text(out, f->refused[i].file);
		fputs(": ", out);
		markdown_text(out, f->refused[i].reason);
		putc('\n', out);
	}
	rest(out, f->n_refused, HOSTS_MAX, "reports");
	if (f->n_hosts > f->n_counted)
		fprintf(out, "\n%zu older reports of the same hosts do not count.\n",
			f->n_hosts - f->n_counted);
}
