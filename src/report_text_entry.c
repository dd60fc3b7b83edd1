/* SPDX-License-Identifier: Apache-2.0 */
/* report_text_entry.c: one rule in the text report: found, wanted, from, fix. */
#include "eval.h"
#include "report_text.h"

enum {
	SEVERITY_WIDTH = 9,
	REF_WIDTH = 7,
	SOURCES_SHOWN = 4,
	PATHS_SHOWN = 4, /* of one source */
	WAIVERS_SHOWN = 4,
	CHANGES_SHOWN = 8,
};

static const struct {
	const char *word, *noun;
	enum tint tint;
	enum sw_verdict verdict; /* whose --show bit counts */
} tags[TAGS] = {
	[TAG_FAIL] = { "FAIL", "fail", RED_BOLD, SW_FAIL },
	[TAG_UNKN] = { "UNKN", "unknown", MAGENTA, SW_UNKNOWN },
	[TAG_WARN] = { "WARN", "warn", YELLOW, SW_WARN },
	[TAG_WAIV] = { "WAIV", "waived", CYAN, SW_FAIL },
	[TAG_PASS] = { "pass", "pass", DIM, SW_PASS },
	[TAG_SKIP] = { "skip", "skip", DIM, SW_SKIP },
};

enum tag tag_of(const struct result *res)
{
	static const enum tag of_verdict[SW_VERDICTS] = {
		[SW_FAIL] = TAG_FAIL, [SW_UNKNOWN] = TAG_UNKN, [SW_WARN] = TAG_WARN,
		[SW_PASS] = TAG_PASS, [SW_SKIP] = TAG_SKIP,
	};
	return res->waived ? TAG_WAIV : of_verdict[res->verdict];
}

const char *tag_noun(enum tag tag)
{
	return tags[tag].noun;
}

bool tag_is_shown(const struct page *p, enum tag tag)
{
	unsigned show = p->options->show;
	if (p->options->quiet)
		return tag == TAG_FAIL;
	if (p->options->verbose)
		return true;
	if (show == 0)
		show = 1u << SW_FAIL | 1u << SW_UNKNOWN | 1u << SW_WARN;
	return show & (1u << tags[tag].verdict);
}

void tag_print(const struct page *p, enum tag tag)
{
	putc(' ', p->out);
	page_tinted(p, tags[tag].tint, tags[tag].word);
	putc(' ', p->out);
}

static const char *many_of(const struct result *res)
{
	enum sw_kind kind = res->rule->check->kind;
	if (res->n_findings < 2 || kind == SW_HOST || kind == SW_ENGINE)
		return NULL;
	/* Sorted by kind: services come last. */
	return res->findings[res->n_findings - 1].subject->kind == kind ? kind_name(kind)
									: "subject";
}

static size_t count_waived(const struct result *res, enum sw_verdict verdict)
{
	size_t n = 0;
	for (size_t i = 0; i < res->n_findings; i++)
		n += res->findings[i].waiver != NULL && res->findings[i].verdict == verdict;
	return n;
}

/* "2 of 14 containers fail" */
static void add_count(struct text *t, const struct result *res, enum tag tag)
{
	static const char *const said[TAGS] = {
		[TAG_FAIL] = "fail",
		[TAG_UNKN] = "could not be told",
		[TAG_WARN] = "to review",
		[TAG_WAIV] = "waived",
	};
	const char *kind = many_of(res);
	if (!kind || !said[tag])
		return;
	size_t waived = count_waived(res, res->verdict);
	size_t n = tag == TAG_WAIV ? waived : res->counts[tags[tag].verdict];
	if (tag != TAG_WAIV && waived <= n)
		n -= waived;
	text_printf(t, " (%zu of %zu %ss %s)", n, res->n_findings, kind, said[tag]);
}

static void print_heading(const struct page *p, const struct result *res, enum tag tag)
{
	AUTO_TEXT struct text title = { 0 };
	AUTO_FREE char *ref = page_said(p, res->rule->ref);
	size_t ref_width = text_width(ref);

	tag_print(p, tag);
	fprintf(p->out, "%-*s%s", SEVERITY_WIDTH, severity_name(res->rule->check->severity), ref);
	ref_width += (size_t)fprintf(p->out, "%*s",
				     ref_width < REF_WIDTH ? (int)(REF_WIDTH - ref_width) : 1, "");
	page_say(p, &title, res->rule->title);
	add_count(&title, res, tag);
	size_t at = 6 + SEVERITY_WIDTH + ref_width;
	page_wrapped(p, text_str(&title), at, 6 + SEVERITY_WIDTH + REF_WIDTH + 1);
}

/* Evidence of one entry, put together by source. */
struct source {
	const char *said; /* malloc'ed */
	struct text paths;
	size_t n_paths, left_out;
};

struct sources {
	struct source list[SOURCES_SHOWN];
	size_t n, left_out;
};

static void sources_done(struct sources *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free((char *)(uintptr_t)s->list[i].said);
		text_done(&s->list[i].paths);
	}
}

static size_t hex_run(const char *s)
{
	return strspn(s, "0123456789abcdef");
}

/* Of several subjects the source is told once: without the one's id. */
static char *source_said(const struct page *p, const char *source)
{
	enum { ID = 64 };
	AUTO_TEXT struct text t = { 0 };
	while (*source) {
		size_t n = hex_run(source);
		if (n == ID)
			text_add(&t, "…");
		else
			text_add_n(&t, source, n = n > 0 ? n : 1);
		source += n;
	}
	return page_said(p, text_str(&t));
}

static struct source *find_source(const struct page *p, struct sources *s, const char *raw)
{
	AUTO_FREE char *said = source_said(p, raw);
	for (size_t i = 0; i < s->n; i++)
		if (streq(s->list[i].said, said))
			return &s->list[i];
	if (s->n == SOURCES_SHOWN) {
		s->left_out++;
		return NULL;
	}
	struct source *found = &s->list[s->n++];
	*found = (struct source){ .said = TAKE(said) };
	return found;
}

/* Is path one of the ", "-joined paths? */
static bool has_path(const char *paths, const char *path)
{
	size_t n = strlen(path);
	for (const char *s = strstr(paths, path); s; s = strstr(s + 1, path))
		if ((s == paths || s[-1] == ' ') && (s[n] == ',' || s[n] == '\0'))
			return true;
	return false;
}

/* A fact's path as people write it: files/~1etc~1docker/uid is files/[/etc/docker]/uid. */
static char *path_said(const struct page *p, const char *path)
{
	AUTO_TEXT struct text t = { 0 };
	while (*path) {
		size_t n = strcspn(path, "/");
		bool is_path = memmem(path, n, "~1", 2);
		text_add(&t, is_path ? "[" : "");
		for (const char *end = path + n; path < end; path++) {
			bool is_escape = *path == '~' && (path[1] == '0' || path[1] == '1');
			path += is_escape;
			text_add_n(&t, !is_escape ? path : *path == '1' ? "/" : "~", 1);
		}
		text_add(&t, is_path ? "]" : "");
		if (*path)
			text_add_n(&t, path++, 1);
	}
	return page_said(p, text_str(&t));
}

static void add_source(const struct page *p, struct sources *s, const struct evidence *e)
{
	struct source *source = find_source(p, s, e->source ? e->source : "");
	if (!source || !e->path || !*e->path)
		return;
	AUTO_FREE char *path = path_said(p, e->path);
	if (has_path(text_str(&source->paths), path))
		return;
	if (source->n_paths == PATHS_SHOWN) {
		source->left_out++;
		return;
	}
	source->n_paths++;
	text_printf(&source->paths, "%s%s%s", source->paths.len > 0 ? ", " : "", path,
		    e->value ? "" : " (unread)");
}

static void print_sources(const struct page *p, const struct sources *s)
{
	AUTO_TEXT struct text t = { 0 };
	for (size_t i = 0; i < s->n; i++) {
		const struct source *source = &s->list[i];
		text_add(&t, i > 0 ? "; " : "");
		text_add(&t, source->said);
		if (source->paths.len > 0)
			text_printf(&t, "%s%s", *source->said ? ": " : "",
				    text_str(&source->paths));
		if (source->left_out > 0)
			text_printf(&t, " and %zu more", source->left_out);
	}
	if (s->left_out > 0)
		text_printf(&t, "; and %zu more", s->left_out);
	if (t.len > 0)
		page_item(p, "from", text_str(&t));
}

/* With -v: what each read gave. */
static void print_reads(const struct page *p, const struct finding *f, const char *label)
{
	for (size_t i = 0; i < f->n_evidence; i++) {
		const struct evidence *e = &f->evidence[i];
		AUTO_TEXT struct text t = { 0 };
		page_say(p, &t, e->source ? e->source : "");
		text_add(&t, t.len > 0 ? ": " : "");
		page_say(p, &t, e->path ? e->path : "");
		text_add(&t, e->value ? " = " : " (unread)");
		page_say(p, &t, e->value ? e->value : "");
		page_item(p, i == 0 ? label : "", text_str(&t));
	}
}

static void print_from(const struct page *p, const struct crowd *c)
{
	CLEANUP(sources_done) struct sources s = { 0 };
	size_t n = crowd_shown(p, c);
	for (size_t i = 0; i < n; i++) {
		const struct finding *f = crowd_first(c, i);
		if (p->options->verbose)
			print_reads(p, f, i == 0 ? "from" : "");
		for (size_t k = 0; k < f->n_evidence && !p->options->verbose; k++)
			add_source(p, &s, &f->evidence[k]);
	}
	print_sources(p, &s);
}

static void print_lines(const struct page *p, const char *label, const char *lines)
{
	for (const char *s = lines; s && *s; s += strspn(s, "\n")) {
		size_t n = strcspn(s, "\n");
		AUTO_FREE char *line = xstrndup(s, n);
		AUTO_FREE char *said = page_said(p, line);
		page_item(p, s == lines ? label : "", said);
		s += n;
	}
}

/* What is said of the findings of one verdict within an entry, by the entry's tag. */
struct part {
	enum sw_verdict verdict;
	bool is_waived, has_from;
	const char *label;
};

static const struct part parts[TAGS][8] = {
	[TAG_FAIL] = { { SW_FAIL, false, true, "found" },
		       { SW_FAIL, true, false, "waived" },
		       { SW_UNKNOWN, false, false, "unread" },
		       { SW_UNKNOWN, true, false, "waived" },
		       { SW_WARN, false, false, "review" },
		       { SW_WARN, true, false, "waived" } },
	[TAG_UNKN] = { { SW_UNKNOWN, false, true, "reason" },
		       { SW_UNKNOWN, true, false, "waived" },
		       { SW_FAIL, true, false, "waived" },
		       { SW_WARN, false, false, "review" },
		       { SW_WARN, true, false, "waived" } },
	[TAG_WARN] = { { SW_WARN, false, true, "found" }, { SW_WARN, true, false, "waived" } },
	[TAG_WAIV] = { { SW_FAIL, true, false, "found" },
		       { SW_UNKNOWN, true, false, "found" },
		       { SW_WARN, true, false, "found" },
		       { SW_UNKNOWN, false, false, "unread" },
		       { SW_WARN, false, false, "review" } },
	[TAG_SKIP] = { { SW_SKIP, false, false, "reason" } },
};

static void print_part(const struct page *p, const struct result *res, const struct part *part)
{
	CLEANUP(crowd_free_p) struct crowd *c = crowd_new(res, part->verdict, part->is_waived);
	if (crowd_groups(c) == 0)
		return;
	crowd_print(p, c, part->label);
	if (part->has_from)
		print_from(p, c);
}

static bool is_same_waiver(const struct waiver *a, const struct waiver *b)
{
	return streq(a->owner, b->owner) && streq(a->until, b->until) &&
	       streq(a->reason, b->reason);
}

/* Does an earlier finding have the same one? */
static bool is_said(const struct result *res, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (res->findings[i].waiver &&
		    is_same_waiver(res->findings[i].waiver, res->findings[at].waiver))
			return true;
	return false;
}

/* Who answers for what is waived, and how long. */
static void print_waivers(const struct page *p, const struct result *res)
{
	size_t n = 0, left_out = 0;
	for (size_t i = 0; i < res->n_findings; i++) {
		const struct waiver *w = res->findings[i].waiver;
		AUTO_TEXT struct text t = { 0 };
		if (!w || is_said(res, i))
			continue;
		if (n == WAIVERS_SHOWN && !p->options->verbose) {
			left_out++;
			continue;
		}
		page_say(p, &t, w->owner);
		text_add(&t, ", until ");
		page_say(p, &t, w->until);
		text_add(&t, ": ");
		page_say(p, &t, w->reason);
		page_item(p, n++ == 0 ? "by" : "", text_str(&t));
	}
	if (left_out > 0) {
		AUTO_FREE char *more =
			xasprintf("and %zu more waivers; -v or JSON lists all", left_out);
		page_item(p, "", more);
	}
}

/* What makes the exit status, where a baseline has the rest. */
static void print_changes(const struct page *p, const struct result *res)
{
	AUTO_TEXT struct text t = { 0 };
	size_t n = 0;
	for (size_t i = 0; i < res->n_findings; i++) {
		const struct finding *f = &res->findings[i];
		if (f->change != CHANGE_NEW && f->change != CHANGE_WORSE)
			continue;
		if (n++ >= CHANGES_SHOWN && !p->options->verbose)
			continue;
		text_add(&t, t.len > 0 ? ", " : "");
		page_say(p, &t, *f->subject->name ? f->subject->name : f->subject->id);
		text_printf(&t, " (%s)", change_name(f->change));
	}
	if (n > CHANGES_SHOWN && !p->options->verbose)
		text_printf(&t, " and %zu more", n - CHANGES_SHOWN);
	if (n > 0)
		page_item(p, "since", text_str(&t));
}

void entry_print(const struct page *p, const struct result *res)
{
	enum tag tag = tag_of(res);
	const struct sw_check *check = res->rule->check;

	print_heading(p, res, tag);
	for (size_t i = 0; i < ARRAY_SIZE(parts[tag]) && parts[tag][i].label; i++)
		print_part(p, res, &parts[tag][i]);
	print_waivers(p, res);
	print_changes(p, res);
	if (tag <= TAG_WARN)
		print_lines(p, "wanted", check->wanted);
	if (tag == TAG_FAIL || tag == TAG_WARN)
		print_lines(p, "fix", result_remedy(res));
	if (p->options->verbose && tag <= TAG_WARN)
		print_lines(p, "why", check->why);
}
