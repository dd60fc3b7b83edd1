/* SPDX-License-Identifier: Apache-2.0 */
/* fleet_write.c: the report on many hosts as text, and the list of its formats. */
#include "fleet.h"

#include <errno.h>

#include "eval.h"
#include "report_text.h"

enum {
	SHORT_HOSTS = 20,
	SHORT_RULES = 20,
	SHORT_NAMES = 4,
	LABEL_MOST = 40, /* columns of a host's name */
};

static const struct {
	const char *name;
	int width;
	enum outcome outcome;
} columns[] = {
	{ "unknown", 9, OUTCOME_UNKNOWN }, { "warn", 6, OUTCOME_REVIEW },
	{ "waived", 8, OUTCOME_WAIVED },   { "pass", 6, OUTCOME_PASS },
	{ "skip", 6, OUTCOME_SKIP },
};

static const int severity_widths[SEVERITIES] = {
	[SW_CRITICAL] = 10,
	[SW_HIGH] = 6,
	[SW_MEDIUM] = 8,
	[SW_LOW] = 5,
};

static bool fails(const struct fleet_host *h)
{
	return h->count[OUTCOME_FAIL] > 0;
}

static void heading(const struct page *page, const char *title)
{
	putc('\n', page->out);
	page_tinted(page, BOLD, title);
	putc('\n', page->out);
}

static void tell_rest(const struct page *page, size_t n, size_t shown, const char *what)
{
	if (n > shown)
		fprintf(page->out, " %zu more %s (-v, JSON and CSV have all)\n", n - shown, what);
}

/* The name, cut to its column, and blanks. */
static void print_label(const struct page *page, const char *label, size_t width)
{
	AUTO_FREE char *said = page_said(page, label);
	size_t n = strlen(said);
	while (text_width_n(said, n) > width)
		/* A whole character: its trailing bytes are 10xxxxxx. */
		do
			n--;
		while (n > 0 && ((unsigned char)said[n] & 0xc0) == 0x80);
	fprintf(page->out, " %.*s%*s", (int)n, said, (int)(width - text_width_n(said, n)), "");
}

static size_t label_width(const struct page *page, const struct fleet *f, size_t n)
{
	size_t most = 4;
	for (size_t i = 0; i < n && most < LABEL_MOST; i++) {
		AUTO_FREE char *said = page_said(page, f->hosts[i].label);
		size_t width = text_width(said);
		most = width > most ? width : most;
	}
	return most < LABEL_MOST ? most : LABEL_MOST;
}

static void print_host(const struct page *page, const struct fleet_host *h, size_t width)
{
	print_label(page, h->label, width);
	for (int s = SW_CRITICAL; s >= SW_LOW; s--)
		fprintf(page->out, "%*zu", severity_widths[s], h->fails[s]);
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		fprintf(page->out, "%*zu", columns[i].width, h->count[columns[i].outcome]);
	fputs(h->complete ? "\n" : "  THE RECORD IS NOT COMPLETE\n", page->out);
}

static void print_hosts(const struct page *page, const struct fleet *f)
{
	const struct report_options *o = page->options;
	size_t n = f->n_counted;
	for (size_t i = 0; o->quiet && i < n; i++)
		if (!fails(&f->hosts[i]))
			n = i;
	size_t shown = o->verbose || n < SHORT_HOSTS ? n : SHORT_HOSTS;
	size_t width = label_width(page, f, shown);
	if (n == 0)
		return;
	heading(page, "Hosts, the worst first");
	print_label(page, "", width);
	for (int s = SW_CRITICAL; s >= SW_LOW; s--)
		fprintf(page->out, "%*s", severity_widths[s], severity_name((enum sw_severity)s));
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		fprintf(page->out, "%*s", columns[i].width, columns[i].name);
	putc('\n', page->out);
	for (size_t i = 0; i < shown; i++)
		print_host(page, &f->hosts[i], width);
	tell_rest(page, n, shown, "hosts");
}

static const char *one_or(size_t n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

/* "fails on 3 of 14 hosts: web1, web2 and 1 more" */
static void add_hosts(const struct page *page, struct text *t, const struct fleet *f, size_t rule,
		      enum outcome o, const char *what)
{
	size_t n = f->rules[rule].count[o], named = 0;
	size_t most = page->options->verbose || n <= SHORT_NAMES + 1 ? n : SHORT_NAMES;
	if (n == 0)
		return;
	text_printf(t, "%s%s %zu of %zu %s", t->len ? "; " : "", what, n, f->n_counted,
		    one_or(f->n_counted, "host", "hosts"));
	for (size_t i = 0; i < f->n_counted && named < most; i++) {
		enum outcome is;
		if (!fleet_outcome(&f->hosts[i], rule, &is) || is != o)
			continue;
		text_add(t, named++ ? ", " : ": ");
		page_say(page, t, f->hosts[i].label);
	}
	if (n > most)
		text_printf(t, " and %zu more", n - most);
}

static void print_rule(const struct page *page, const struct fleet *f, size_t at)
{
	const struct fleet_rule *rule = &f->rules[at];
	AUTO_TEXT struct text head = { 0 }, hosts = { 0 };
	text_printf(&head, " %-8s  ", severity_name(rule->severity));
	page_say(page, &head, rule->profile);
	text_add_char(&head, ' ');
	page_say(page, &head, rule->ref);
	text_add_char(&head, ' ');
	page_say(page, &head, rule->title);
	page_wrapped(page, text_str(&head), 0, 11);
	add_hosts(page, &hosts, f, at, OUTCOME_FAIL, "fails on");
	add_hosts(page, &hosts, f, at, OUTCOME_UNKNOWN, "unknown on");
	fprintf(page->out, "%*s", 11, "");
	page_wrapped(page, text_str(&hosts), 11, 11);
}

static void print_rules(const struct page *page, const struct fleet *f)
{
	const struct report_options *o = page->options;
	size_t n = 0, shown = 0;
	for (; n < f->n_order; n++) {
		const struct fleet_rule *rule = &f->rules[f->order[n]];
		size_t bad =
			rule->count[OUTCOME_FAIL] + (o->quiet ? 0 : rule->count[OUTCOME_UNKNOWN]);
		if (bad == 0)
			break;
		if (n == 0)
			heading(page, "Rules, the worst first");
		if (!o->verbose && n >= SHORT_RULES)
			continue;
		print_rule(page, f, f->order[n]);
		shown++;
	}
	tell_rest(page, n, shown, "rules");
}

static void print_line(const struct page *page, const char *name, const char *what)
{
	AUTO_TEXT struct text t = { 0 };
	text_add_char(&t, ' ');
	page_say(page, &t, name);
	text_add(&t, ": ");
	page_say(page, &t, what);
	page_wrapped(page, text_str(&t), 0, 3);
}

static void print_refused(const struct page *page, const struct fleet *f)
{
	size_t shown =
		page->options->verbose || f->n_refused < SHORT_HOSTS ? f->n_refused : SHORT_HOSTS;
	if (f->n_refused > 0)
		heading(page, "Could not be read");
	for (size_t i = 0; i < shown; i++)
		print_line(page, f->refused[i].file, f->refused[i].reason);
	tell_rest(page, f->n_refused, shown, "reports");
}

static void print_older(const struct page *page, const struct fleet *f)
{
	size_t n = f->n_hosts - f->n_counted;
	size_t shown = page->options->verbose || n < SHORT_NAMES ? n : SHORT_NAMES;
	if (n > 0)
		heading(page, "Do not count: the same host has a report that is no older");
	for (size_t i = 0; i < shown; i++) {
		const struct fleet_host *h = &f->hosts[f->n_counted + i];
		AUTO_FREE char *what =
			xasprintf("%s, of %s: see %s", h->hostname, h->started, h->newer->file);
		print_line(page, h->file, what);
	}
	tell_rest(page, n, shown, "reports");
}

static void print_end(const struct page *page, const struct fleet *f)
{
	size_t n_fail = 0, n_unknown = 0;
	for (size_t i = 0; i < f->n_counted; i++) {
		n_fail += fails(&f->hosts[i]);
		n_unknown += fleet_is_unknown(&f->hosts[i]);
	}
	if (f->n_left_out > 0)
		fprintf(page->out,
			"\n%zu %s neither *.json nor *.ndjson, or no regular file: left out\n",
			f->n_left_out,
			one_or(f->n_left_out, "entry of a folder is", "entries of folders are"));
	fprintf(page->out, "\n%zu %s: %zu with failures, %zu that could not be told, %zu in order",
		f->n_counted, one_or(f->n_counted, "host", "hosts"), n_fail, n_unknown,
		f->n_counted - n_fail - n_unknown);
	if (f->n_refused > 0)
		fprintf(page->out, "; %zu %s could not be read", f->n_refused,
			one_or(f->n_refused, "report", "reports"));
	if (f->n_hosts > f->n_counted)
		fprintf(page->out, "; %zu older %s not count", f->n_hosts - f->n_counted,
			one_or(f->n_hosts - f->n_counted, "report does", "reports do"));
	fprintf(page->out, " (exit %d)\n", fleet_status(f));
}

static void write_text(const struct fleet *f, const struct report_options *o, FILE *out)
{
	static const struct report none;
	const struct page page = { .out = out, .report = &none, .options = o, .width = o->width };
	print_hosts(&page, f);
	print_rules(&page, f);
	print_refused(&page, f);
	if (!o->quiet)
		print_older(&page, f);
	print_end(&page, f);
}

/* --- formats -------------------------------------------------------------------------------- */

static const char *const formats[] = { "text", "json", "html", "markdown", "csv" };

bool fleet_has_format(const char *format)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (streq(formats[i], format))
			return true;
	return false;
}

int fleet_write(const struct fleet *f, const char *format, const struct report_options *o,
		FILE *out)
{
	errno = 0;
	if (streq(format, "json"))
		fleet_write_json(f, out);
	else if (streq(format, "html"))
		fleet_write_html(f, o, out);
	else if (streq(format, "markdown"))
		fleet_write_markdown(f, out);
	else if (streq(format, "csv"))
		fleet_write_csv(f, out);
	else
		write_text(f, o, out);
	return fflush(out) != 0 || ferror(out) ? (errno ? -errno : -EIO) : 0;
}
