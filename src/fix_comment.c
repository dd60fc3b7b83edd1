/* SPDX-License-Identifier: Apache-2.0 */
/* fix_comment.c: the words around fixes, as comments; counts of fixes. */
#include "json_memory.h"
#include "fix_print.h"

#include "eval.h"
#include "report_common.h"

enum { WIDTH = 100, LABEL = 13 };

static void comment_line(FILE *out, const char *prefix, const char *label, const char *raw)
{
	AUTO_FREE char *shown = clean(raw);
	AUTO_FREE char *all = xasprintf("%s%s", label, shown);
	struct text wrapped AUTO_TEXT = { 0 };
	text_wrap(&wrapped, all, 0, *label == ' ' ? 4 : 0, WIDTH - strlen(prefix));
	AUTO_FREE char *copy = text_take(&wrapped);
	char *rest = copy, *line;
	while ((line = strsep(&rest, "\n")))
		fprintf(out, "%s%s%s\n", prefix, *line ? " " : "", line);
}

/* Lines of our own texts stay lines; a label stands before the first. */
static void comment_lines(FILE *out, const char *prefix, const char *label, const char *raw)
{
	AUTO_FREE char *copy = xstrdup(raw);
	char *rest = copy, *line;
	while ((line = strsep(&rest, "\n"))) {
		if (*line)
			comment_line(out, prefix, label, line);
		label = "    ";
	}
}

void fix_comment(FILE *out, const char *prefix, const char *raw)
{
	comment_line(out, prefix, "", raw);
}

/* --- counts --------------------------------------------------------------------------------- */

size_t fix_count_keys(const struct fixes *f)
{
	size_t n = 0;
	for (size_t i = 0; i < f->n; i++)
		n += f->all[i].row->key.name != NULL;
	return n;
}

size_t fix_count_files(const struct fixes *f)
{
	size_t n = 0;
	for (size_t i = 0; i < f->n; i++)
		n += f->all[i].path != NULL;
	return n;
}

size_t fix_count_lines(const struct fixes *f, enum fix_place place)
{
	size_t n = 0;
	for (size_t i = 0; i < f->n; i++)
		n += f->all[i].line && f->all[i].row->place == place;
	return n;
}

static size_t count_options(const struct fixes *f)
{
	size_t n = 0;
	for (size_t i = 0; i < f->n; i++)
		n += f->all[i].row->run != NULL;
	return n;
}

bool fix_keys_reload(const struct fixes *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->all[i].row->key.name && !f->all[i].row->key.reloads)
			return false;
	return true;
}

/* dockerd --validate came with Docker 23.0. */
bool fix_can_validate(const struct fixes *f)
{
	const char *version = f->report->target.engine_version;
	return version && sw_version_compare(version, "23") >= 0;
}

/* --- the words ------------------------------------------------------------------------------ */

void fix_comment_head(FILE *out, const char *prefix, const struct fixes *f, const char *use)
{
	const struct report *r = f->report;
	const struct target *t = &r->target;
	const char *engine = t->has_engine && t->engine_name ? t->engine_name : "no engine";
	const char *version = t->has_engine && t->engine_version ? t->engine_version : "";
	AUTO_FREE char *about =
		xasprintf("What mends failures that seaworthy %s found on %s (%s%s%s) at %s.",
			  report_tool_version(r), t->hostname ? t->hostname : "this host", engine,
			  *version ? " " : "", version, r->started ? r->started : r->now);
	fix_comment(out, prefix, about);
	fix_comment(out, prefix, use);
}

void fix_comment_sum(FILE *out, const char *prefix, const struct fixes *f)
{
	const struct report *r = f->report;
	AUTO_FREE char *sum = xasprintf("Changes: %zu. At the end, options for containers: %zu; "
					"rules for a person: %zu. Audit again after it.",
					f->n - count_options(f), count_options(f), f->n_by_hand);
	fix_comment(out, prefix, sum);
	if (!r->complete)
		fix_comment(out, prefix, "The report is not complete: there may be more to mend.");
	if (r->target.kind && streq(r->target.kind, "root"))
		fix_comment(out, prefix,
			    "A tree was audited that is not running: paths are those within it.");
	fprintf(out, "%s\n", prefix);
}

static void comment_subject(FILE *out, const char *prefix, const struct finding *finding)
{
	const struct subject *s = finding->subject;
	AUTO_FREE char *text =
		xasprintf("%s%s%s: %s", kind_name(s->kind), *subject_name(s) ? " " : "",
			  subject_name(s), finding->reason);
	comment_line(out, prefix, "  ", text);
}

void fix_comment_about(FILE *out, const char *prefix, const struct fix *fix)
{
	AUTO_FREE char *rule = xasprintf("%s: %s", text_str(fix->rules), fix->result->rule->title);
	fix_comment(out, prefix, rule);
	comment_subject(out, prefix, fix->finding);
	if (fix->row->breaks)
		comment_line(out, prefix, "  May break: ", fix->row->breaks);
	if (fix->note)
		comment_line(out, prefix, "  Note: ", fix->note);
}

/* An option, and which container it is of, in the order in which they are met. */
struct option_of {
	const struct fix *fix;
	size_t container;
};

static int by_container(const void *a, const void *b)
{
	const struct option_of *x = a, *y = b;
	if (x->container != y->container)
		return x->container < y->container ? -1 : 1;
	return x->fix < y->fix ? -1 : x->fix > y->fix;
}

static size_t number_of(json_t *known, const struct subject *s)
{
	AUTO_FREE char *key = xasprintf("%s %s", s->id, s->name);
	json_t *number = json_object_get(known, key);
	size_t n = json_object_size(known);
	if (number)
		return (size_t)json_integer_value(number);
	json_object_set_new_nocheck(known, key, json_integer((json_int_t)n));
	return n;
}

static void comment_option(FILE *out, const char *prefix, const struct fix *fix)
{
	AUTO_FREE char *rule = xasprintf("%s: %s", text_str(fix->rules), fix->finding->reason);
	comment_line(out, prefix, "  ", rule);
	comment_line(out, prefix, "    docker run: ", fix->row->run);
	if (fix->row->compose)
		comment_line(out, prefix, "    Compose: ", fix->row->compose);
	comment_line(out, prefix, "    May break: ", fix->row->breaks);
}

static void comment_containers(FILE *out, const char *prefix, const struct fixes *f)
{
	AUTO_FREE struct option_of *all = xalloc((f->n + 1) * sizeof(*all));
	json_t *known = json_object();
	size_t n = 0;
	for (size_t i = 0; i < f->n; i++)
		if (f->all[i].row->run) {
			all[n] = (struct option_of){ &f->all[i], 0 };
			all[n++].container = number_of(known, f->all[i].finding->subject);
		}
	json_decref(known);
	qsort(all, n, sizeof(*all), by_container);
	for (size_t i = 0; i < n; i++) {
		const struct subject *s = all[i].fix->finding->subject;
		if (i == 0 || all[i].container != all[i - 1].container) {
			AUTO_FREE char *head = xasprintf("%s %s (image %s)", kind_name(s->kind),
							 subject_name(s), s->image ? s->image : "");
			fprintf(out, "%s\n", prefix);
			fix_comment(out, prefix, head);
		}
		comment_option(out, prefix, all[i].fix);
	}
}

void fix_comment_rest(FILE *out, const char *prefix, const struct fixes *f)
{
	if (count_options(f) > 0) {
		fprintf(out, "\n");
		fix_comment(
			out, prefix,
			"--- containers: options are taken when one is made, so make them anew");
	}
	comment_containers(out, prefix, f);
	if (f->n_by_hand > 0) {
		fprintf(out, "\n");
		fix_comment(out, prefix, "--- for a person");
	}
	for (size_t i = 0; i < f->n_by_hand; i++) {
		const struct fix_by_hand *b = &f->by_hand[i];
		AUTO_FREE char *rule =
			xasprintf("%s: %s", text_str(b->rules), b->result->rule->title);
		fprintf(out, "%s\n", prefix);
		fix_comment(out, prefix, rule);
		comment_line(out, prefix, "  ", b->result->reason);
		if (b->why)
			comment_line(out, prefix, "  Not done here: ", b->why);
		comment_lines(out, prefix, "  Remedy: ", result_remedy(b->result));
	}
}
