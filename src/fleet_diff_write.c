/* SPDX-License-Identifier: Apache-2.0 */
/* fleet_diff_write.c: what became of the findings of many hosts, as text, JSON and Markdown. */
#include <errno.h>

#include "diff.h"
#include "fleet_diff.h"
#include "json_writer.h"
#include "report_common.h"
#include "report_load.h"
#include "report_text.h"

/* A host, and what its two reports say; diff.now is NULL of one that is gone. */
struct entry {
	const struct host_pair *pair;
	const char *label;
	const char *word; /* "new", "gone" or "both" */
	struct diff diff;
};

struct writer {
	FILE *out;
	struct page page;
	struct json_writer json;
};

static const struct fleet_host *host_of(const struct entry *e)
{
	return e->pair->now ? e->pair->now : e->pair->then;
}

/* --- text ----------------------------------------------------------------------------------- */

static void begin_text(struct writer *w, const struct fleet_diff *d)
{
	(void)w, (void)d;
}

static bool has_news(const struct diff *d)
{
	for (int c = 0; c < DIFF_SAME; c++)
		if (d->count[c] > 0)
			return true;
	return false;
}

/* Hosts of which nothing is to be told are only counted. */
static void entry_text(struct writer *w, const struct entry *e)
{
	AUTO_TEXT struct text t = { 0 };
	if (streq(e->word, "both") && !has_news(&e->diff) && e->diff.now->complete)
		return;
	text_add(&t, "\n");
	page_say(&w->page, &t, e->label);
	text_add(&t, streq(e->word, "new")    ? "  (has no older report)"
		     : streq(e->word, "gone") ? "  (has no newer report: nobody knows how it is)"
					      : "");
	if (e->diff.now && !e->diff.now->complete)
		text_add(&t, "  THE RECORD IS NOT COMPLETE");
	page_tinted(&w->page, BOLD, text_str(&t));
	putc('\n', w->out);
	if (e->diff.now)
		diff_write_sections(&w->page, &e->diff);
}

static void refused_text(struct writer *w, const struct fleet *f, const char *side)
{
	for (size_t i = 0; i < f->n_refused; i++) {
		AUTO_TEXT struct text t = { 0 };
		text_printf(&t, "\ncould not be read (%s): ", side);
		page_say(&w->page, &t, f->refused[i].file);
		text_add(&t, ": ");
		page_say(&w->page, &t, f->refused[i].reason);
		page_wrapped(&w->page, text_str(&t), 0, 3);
	}
}

static void end_text(struct writer *w, const struct fleet_diff *d, const size_t *count)
{
	refused_text(w, d->then, "old");
	refused_text(w, d->now, "new");
	fprintf(w->out,
		"\nhosts: %zu in both, %zu new, %zu gone; findings: %zu new, %zu newly unknown, "
		"%zu "
		"no longer judged, %zu still failing, %zu no longer failing, %zu changed otherwise "
		"(exit %d)\n",
		d->n_pairs - d->n_new - d->n_gone, d->n_new, d->n_gone, count[DIFF_NEW],
		count[DIFF_UNKNOWN], count[DIFF_LOST], count[DIFF_STILL], count[DIFF_FIXED],
		count[DIFF_CHANGED], d->exit_status);
}

/* --- JSON ----------------------------------------------------------------------------------- */

static void begin_json(struct writer *w, const struct fleet_diff *d)
{
	(void)d;
	w->json.out = w->out;
	json_open(&w->json, NULL, '{');
	json_put_int(&w->json, "seaworthy_fleet_diff", 1);
	json_open(&w->json, "hosts", '[');
}

static void entry_json(struct writer *w, const struct entry *e)
{
	struct json_writer *json = &w->json;
	json_open(json, NULL, '{');
	json_put_string(json, "host", e->label);
	json_put_string(json, "is", e->word);
	json_put_string(json, "old", e->pair->then ? e->pair->then->file : NULL);
	json_put_string(json, "new", e->pair->now ? e->pair->now->file : NULL);
	if (e->diff.now) {
		json_put_bool(json, "complete", e->diff.now->complete);
		diff_put_members(json, &e->diff);
	}
	json_close(json, '}');
}

static void refused_json(struct json_writer *json, const char *key, const struct fleet *f)
{
	json_open(json, key, '[');
	for (size_t i = 0; i < f->n_refused; i++) {
		json_open_inline(json, NULL, '{');
		json_put_string(json, "file", f->refused[i].file);
		json_put_string(json, "reason", f->refused[i].reason);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void end_json(struct writer *w, const struct fleet_diff *d, const size_t *count)
{
	struct json_writer *json = &w->json;
	json_close(json, ']');
	json_open_inline(json, "summary", '{');
	for (int c = 0; c < DIFF_CLASSES; c++)
		json_put_size(json, diff_class_name((enum diff_class)c), count[c]);
	json_close(json, '}');
	refused_json(json, "old_not_read", d->then);
	refused_json(json, "new_not_read", d->now);
	json_put_int(json, "exit", d->exit_status);
	json_close(json, '}');
	json_writer_flush(json);
	json_writer_done(json);
	putc('\n', w->out);
}

/* --- Markdown ------------------------------------------------------------------------------- */

static void begin_markdown(struct writer *w, const struct fleet_diff *d)
{
	fprintf(w->out, "# seaworthy: hosts: %zu, new: %zu, gone: %zu\n",
		d->n_pairs - d->n_new - d->n_gone, d->n_new, d->n_gone);
}

static void entry_markdown(struct writer *w, const struct entry *e)
{
	if (streq(e->word, "both") && !has_news(&e->diff) && e->diff.now->complete)
		return;
	fputs("\n## ", w->out);
	markdown_text(w->out, e->label);
	if (!streq(e->word, "both"))
		fprintf(w->out, " (%s)", e->word);
	putc('\n', w->out);
	if (e->diff.now)
		diff_write_tables(&e->diff, "###", w->out);
	if (e->diff.now && !e->diff.now->complete)
		fputs("\nThe new record is not complete.\n", w->out);
}

static void end_markdown(struct writer *w, const struct fleet_diff *d, const size_t *count)
{
	const struct fleet *sides[] = { d->then, d->now };
	(void)count;
	for (size_t side = 0; side < ARRAY_SIZE(sides); side++) {
		for (size_t i = 0; i < sides[side]->n_refused; i++) {
			fputs("\nCould not be read: ", w->out);
			markdown_text(w->out, sides[side]->refused[i].file);
			fputs(": ", w->out);
			markdown_text(w->out, sides[side]->refused[i].reason);
			putc('\n', w->out);
		}
	}
}

/* --- all hosts ------------------------------------------------------------------------------ */

static const struct format {
	const char *name;
	void (*begin)(struct writer *w, const struct fleet_diff *d);
	void (*entry)(struct writer *w, const struct entry *e);
	void (*end)(struct writer *w, const struct fleet_diff *d, const size_t *count);
} formats[] = {
	{ "text", begin_text, entry_text, end_text },
	{ "json", begin_json, entry_json, end_json },
	{ "markdown", begin_markdown, entry_markdown, end_markdown },
};

static int load(const struct inputs *in, const struct fleet_host *h, struct report **ret,
		struct err *err)
{
	if (!h)
		return 0;
	if (lseek(in->all[h->input].fd, 0, SEEK_SET) < 0)
		return err_set(err, -errno, "%s: %s", h->file, strerror(errno));
	return report_load_fd(h->file, in->all[h->input].fd, ret, err);
}

/* The worst of two statuses: 1 before 3 before 0. */
static int worse(int a, int b)
{
	return a == 1 || b == 1 ? 1 : a > b ? a : b;
}

static int write_entry(struct fleet_diff *d, const struct format *f, struct writer *w,
		       const struct host_pair *pair, size_t *count, struct err *err)
{
	static const struct report nothing = { .complete = true };
	CLEANUP(report_unload_p) struct report *then = NULL, *now = NULL;
	struct entry e = { .pair = pair,
			   .word = !pair->then  ? "new"
				   : !pair->now ? "gone"
						: "both" };
	const struct fleet_host *host = host_of(&e);
	e.label = host->label;
	int code = load(d->then_inputs, pair->then, &then, err);
	if (code == 0)
		code = load(d->now_inputs, pair->now, &now, err);
	if (code < 0)
		return code;
	if (now) {
		e.diff = (struct diff){ .then = then ? then : &nothing,
					.now = now,
					.fail_on = d->fail_on };
		diff_make(&e.diff);
	}
	w->page.report = now ? now : then;
	f->entry(w, &e);
	for (int c = 0; c < DIFF_CLASSES; c++)
		count[c] += e.diff.count[c];
	d->exit_status = worse(d->exit_status, now ? e.diff.exit_status : 3);
	if (now)
		diff_done(&e.diff);
	return 0;
}

int fleet_diff_write(struct fleet_diff *d, const char *format, const struct report_options *o,
		     FILE *out, struct err *err)
{
	struct writer w = { .out = out, .page = { .out = out, .options = o, .width = o->width } };
	size_t count[DIFF_CLASSES] = { 0 };
	const struct format *f = &formats[0];
	int code = 0;
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (streq(formats[i].name, format))
			f = &formats[i];
	errno = 0;
	f->begin(&w, d);
	d->exit_status = d->then->n_refused + d->now->n_refused > 0 ? 3 : 0;
	for (size_t i = 0; i < d->n_pairs && code == 0; i++)
		code = write_entry(d, f, &w, &d->pairs[i], count, err);
	if (d->fail_on && streq(d->fail_on, "never"))
		d->exit_status = 0;
	if (code == 0)
		f->end(&w, d, count);
	else
		json_writer_done(&w.json);
	if (code == 0 && (fflush(out) != 0 || ferror(out)))
		return err_set(err, errno ? -errno : -EIO, "%s", strerror(errno ? errno : EIO));
	return code;
}
