/* SPDX-License-Identifier: Apache-2.0 */
/* diff_write.c: what became of findings, as text, JSON and Markdown. */
#include <errno.h>

#include "diff.h"
#include "eval.h"
#include "json_writer.h"
#include "report_common.h"
#include "report_json.h"
#include "report_text.h"

static const struct {
	const char *title; /* of a section; NULL: not told */
	bool is_short;     /* text lists it with -v only */
} sections[DIFF_CLASSES] = {
	[DIFF_NEW] = { "New failures", false },
	[DIFF_UNKNOWN] = { "Newly unknown", false },
	[DIFF_LOST] = { "No longer judged", false },
	[DIFF_STILL] = { "Still failing", false },
	[DIFF_FIXED] = { "No longer failing", false },
	[DIFF_CHANGED] = { "Changed otherwise", true },
};

static const struct result *result_of(const struct pair *p)
{
	return p->now ? p->now_result : p->then_result;
}

static const struct subject *subject_of(const struct pair *p)
{
	return p->now ? p->now->subject : p->then->subject;
}

static const char *name_of(const struct subject *s)
{
	return *s->name ? s->name : *s->id ? s->id : kind_name(s->kind);
}

/* "fail", "waived", or what stands for no finding. */
static const char *word_of(const struct finding *f, const char *none)
{
	return !f ? none : f->waiver ? "waived" : verdict_name(f->verdict);
}

/* What to tell of it: why it is so now; of what is gone, why it was. */
static const char *reason_of(const struct pair *p)
{
	return p->now ? p->now->reason : p->then->reason;
}

static const char *none_now(const struct diff *d, size_t i)
{
	return d->classes[i] == DIFF_LOST ? "not judged" : "gone";
}

/* --- text ----------------------------------------------------------------------------------- */

static void add_change(const struct diff *d, struct text *t, size_t i)
{
	const struct pair *p = &d->pairs.v[i];
	const char *then = word_of(p->then, "not there"), *now = word_of(p->now, none_now(d, i));
	if (!streq(then, now))
		text_printf(t, " (was %s, is %s)", then, now);
	else if (d->classes[i] == DIFF_STILL && pair_is_changed(p))
		text_printf(t, " (%s; with other evidence)", now);
	else if (streq(now, "waived"))
		text_add(t, " (waived)");
}

static const struct evidence *find_evidence(const struct finding *f, const char *path)
{
	for (size_t i = 0; i < f->n_evidence; i++)
		if (streq(f->evidence[i].path, path))
			return &f->evidence[i];
	return NULL;
}

static const char *value_of(const struct evidence *e)
{
	return !e ? "not looked at" : e->value ? e->value : "unread";
}

static void print_value(const struct page *page, const char *path, const struct evidence *then,
			const struct evidence *now)
{
	AUTO_TEXT struct text t = { 0 };
	text_printf(&t, "%*s", 11, "");
	page_say(page, &t, path);
	text_add(&t, ": was ");
	page_say(page, &t, value_of(then));
	text_add(&t, ", is ");
	page_say(page, &t, value_of(now));
	page_wrapped(page, text_str(&t), 0, 13);
}

/* What was read then and now, where that differs. */
static void print_evidence(const struct page *page, const struct pair *p)
{
	if (!p->then || !p->now)
		return;
	for (size_t i = 0; i < p->now->n_evidence; i++) {
		const struct evidence *now = &p->now->evidence[i];
		const struct evidence *then = find_evidence(p->then, now->path);
		if (!then || !streq(value_of(then), value_of(now)))
			print_value(page, now->path, then, now);
	}
	for (size_t i = 0; i < p->then->n_evidence; i++)
		if (!find_evidence(p->now, p->then->evidence[i].path))
			print_value(page, p->then->evidence[i].path, &p->then->evidence[i], NULL);
}

static void print_pair(const struct page *page, const struct diff *d, size_t i)
{
	const struct pair *p = &d->pairs.v[i];
	const struct rule *rule = result_of(p)->rule;
	AUTO_TEXT struct text t = { 0 };
	text_printf(&t, "  %-8s ", severity_name(rule->check->severity));
	if (d->now->n_profiles > 1) {
		page_say(page, &t, rule->profile->id);
		text_add_char(&t, ' ');
	}
	page_say(page, &t, rule->ref);
	text_add_char(&t, ' ');
	page_say(page, &t, rule->check->id);
	text_add(&t, ", ");
	page_say(page, &t, name_of(subject_of(p)));
	add_change(d, &t, i);
	if (*reason_of(p)) {
		text_add(&t, ": ");
		page_say(page, &t, reason_of(p));
	}
	page_wrapped(page, text_str(&t), 0, 11);
	if (page->options->verbose)
		print_evidence(page, p);
}

static void print_section(const struct page *page, const struct diff *d, enum diff_class c)
{
	if (!sections[c].title || d->count[c] == 0)
		return;
	AUTO_FREE char *title = xasprintf("%s  %zu", sections[c].title, d->count[c]);
	putc('\n', page->out);
	page_tinted(page, BOLD, title);
	if (sections[c].is_short && !page->options->verbose) {
		fputs("  (-v or JSON lists them)\n", page->out);
		return;
	}
	putc('\n', page->out);
	for (size_t i = 0; i < d->pairs.n; i++)
		if (d->classes[i] == c)
			print_pair(page, d, i);
}

void diff_write_sections(const struct page *page, const struct diff *d)
{
	for (int c = 0; c < DIFF_CLASSES; c++)
		print_section(page, d, (enum diff_class)c);
}

static void print_report(const struct page *page, const char *label, const char *file,
			 const struct report *r)
{
	AUTO_TEXT struct text t = { 0 };
	text_printf(&t, "%s  ", label);
	page_say(page, &t, file);
	text_add(&t, "  ");
	page_say(page, &t, r->target.hostname ? r->target.hostname : "a host without name");
	text_add(&t, "  ");
	page_say(page, &t, r->started ? r->started : "at an unknown time");
	text_add(&t, r->complete ? "" : "  THE RECORD IS NOT COMPLETE");
	page_wrapped(page, text_str(&t), 0, 5);
}

static int write_text(const struct diff *d, const struct report_options *o, FILE *out)
{
	const struct page page = { .out = out, .report = d->now, .options = o, .width = o->width };
	print_report(&page, "old", d->then_name, d->then);
	print_report(&page, "new", d->now_name, d->now);
	diff_write_sections(&page, d);
	fprintf(out,
		"\n%zu new (%zu waived), %zu newly unknown, %zu no longer judged, %zu still "
		"failing, %zu no longer failing, %zu changed otherwise (exit %d)\n",
		d->count[DIFF_NEW], d->n_waived[DIFF_NEW], d->count[DIFF_UNKNOWN],
		d->count[DIFF_LOST], d->count[DIFF_STILL], d->count[DIFF_FIXED],
		d->count[DIFF_CHANGED], d->exit_status);
	return 0;
}

/* --- JSON ----------------------------------------------------------------------------------- */

static void put_side(struct json_writer *w, const char *key, const char *file,
		     const struct report *r)
{
	json_open_inline(w, key, '{');
	json_put_string(w, "file", file);
	json_put_string(w, "hostname", r->target.hostname);
	json_put_string(w, "started", r->started);
	json_put_bool(w, "complete", r->complete);
	json_close(w, '}');
}

static void put_finding(struct json_writer *w, const char *key, const struct finding *f)
{
	if (!f) {
		json_put_null(w, key);
		return;
	}
	json_open(w, key, '{');
	json_put_string(w, "id", f->subject->id);
	json_put_string(w, "verdict", verdict_name(f->verdict));
	json_put_bool(w, "waived", f->waiver != NULL);
	json_put_string(w, "reason", f->reason);
	json_open(w, "evidence", '[');
	for (size_t i = 0; i < f->n_evidence; i++)
		report_json_evidence(w, &f->evidence[i]);
	json_close(w, ']');
	json_close(w, '}');
}

static void put_pair(struct json_writer *w, const struct diff *d, size_t i)
{
	const struct pair *p = &d->pairs.v[i];
	const struct subject *s = subject_of(p);
	const struct rule *rule = result_of(p)->rule;
	char fingerprint[17];
	json_open(w, NULL, '{');
	json_put_string(w, "class", diff_class_name(d->classes[i]));
	json_put_bool(w, "changed", pair_is_changed(p));
	json_put_string(w, "profile", rule->profile->id);
	json_put_string(w, "ref", rule->ref);
	json_put_string(w, "check", rule->check->id);
	json_put_string(w, "title", rule->title);
	json_put_string(w, "severity", severity_name(rule->check->severity));
	json_put_string(w, "kind", kind_name(s->kind));
	json_put_string(w, "name", s->name);
	json_put_string(w, "image", s->image);
	json_put_string(w, "fingerprint",
			finding_fingerprint(p->now ? p->now : p->then, rule, fingerprint));
	put_finding(w, "old", p->then);
	put_finding(w, "new", p->now);
	json_close(w, '}');
}

void diff_put_members(struct json_writer *w, const struct diff *d)
{
	json_put_int(w, "exit", d->exit_status);
	json_open_inline(w, "summary", '{');
	for (int c = 0; c < DIFF_CLASSES; c++)
		json_put_size(w, diff_class_name((enum diff_class)c), d->count[c]);
	json_close(w, '}');
	json_open(w, "findings", '[');
	for (int c = 0; c < DIFF_SAME; c++)
		for (size_t i = 0; i < d->pairs.n; i++)
			if (d->classes[i] == (enum diff_class)c)
				put_pair(w, d, i);
	json_close(w, ']');
}

static int write_json(const struct diff *d, const struct report_options *o, FILE *out)
{
	(void)o;
	CLEANUP(json_writer_done) struct json_writer w = { .out = out };
	json_open(&w, NULL, '{');
	json_put_int(&w, "seaworthy_diff", 1);
	put_side(&w, "old", d->then_name, d->then);
	put_side(&w, "new", d->now_name, d->now);
	diff_put_members(&w, d);
	json_close(&w, '}');
	json_writer_flush(&w);
	putc('\n', out);
	return 0;
}

/* --- Markdown ------------------------------------------------------------------------------- */

static void cell(FILE *out, const char *s)
{
	fputs("| ", out);
	markdown_text(out, s);
	putc(' ', out);
}

void diff_write_tables(const struct diff *d, const char *marks, FILE *out)
{
	for (int c = 0; c < DIFF_CLASSES; c++) {
		if (!sections[c].title || d->count[c] == 0)
			continue;
		fprintf(out, "\n%s %s: %zu\n\n", marks, sections[c].title, d->count[c]);
		fputs("| Rule | Severity | Subject | Was | Is | Reason |\n"
		      "| --- | --- | --- | --- | --- | --- |\n",
		      out);
		for (size_t i = 0; i < d->pairs.n; i++) {
			const struct pair *p = &d->pairs.v[i];
			const struct rule *rule = result_of(p)->rule;
			if (d->classes[i] != (enum diff_class)c)
				continue;
			AUTO_FREE char *number = xasprintf("%s %s", rule->ref, rule->check->id);
			cell(out, number);
			cell(out, severity_name(rule->check->severity));
			cell(out, name_of(subject_of(p)));
			cell(out, word_of(p->then, "not there"));
			cell(out, word_of(p->now, none_now(d, i)));
			cell(out, reason_of(p));
			fputs("|\n", out);
		}
	}
}

static int write_markdown(const struct diff *d, const struct report_options *o, FILE *out)
{
	(void)o;
	fputs("# seaworthy: ", out);
	markdown_text(out, d->then_name);
	fputs(" and ", out);
	markdown_text(out, d->now_name);
	putc('\n', out);
	diff_write_tables(d, "##", out);
	if (!d->now->complete)
		fputs("\nThe new record is not complete.\n", out);
	return 0;
}

/* --- formats -------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	int (*write)(const struct diff *d, const struct report_options *o, FILE *out);
} formats[] = {
	{ "text", write_text },
	{ "json", write_json },
	{ "markdown", write_markdown },
};

bool diff_has_format(const char *format)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (streq(formats[i].name, format))
			return true;
	return false;
}

int diff_write(const struct diff *d, const char *format, const struct report_options *o, FILE *out)
{
	errno = 0;
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (streq(formats[i].name, format))
			formats[i].write(d, o, out);
	return fflush(out) != 0 || ferror(out) ? (errno ? -errno : -EIO) : 0;
}
