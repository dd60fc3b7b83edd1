/* SPDX-License-Identifier: Apache-2.0 */
/* report_text_frame.c: the text report's head, headings and last line. */
#include "report_text_frame.h"

#include "report_verdict.h"

enum {
	UNREAD_SHOWN = 6, /* sections, without -v */
	LEFT_OUT_SHOWN = 4,
};

/* --- the head ------------------------------------------------------------------------------ */

/* Parts of a line, three spaces apart; one that does not fit begins the next line. */
struct parts {
	const struct page *page;
	size_t at;
};

static void print_part(struct parts *line, const char *said)
{
	size_t width = text_width(said);
	if (width == 0)
		return;
	size_t most = line->page->width;
	AUTO_TEXT struct text t = { 0 };
	if (line->at > 0 && line->at + 3 + width > most) {
		/* A full line makes text_wrap() begin the next one, with its care for what begins
		 * it. */
		text_wrap(&t, said, most, 2, most);
		line->at = 2 + width;
	} else {
		text_add(&t, line->at > 0 ? "   " : "");
		line->at += t.len;
		text_wrap(&t, said, line->at, 2, most);
		line->at += width;
	}
	fputs(text_str(&t), line->page->out);
}

static void end_parts(struct parts *line)
{
	if (line->at > 0)
		putc('\n', line->page->out);
	line->at = 0;
}

/* Adds " · what", or nothing when there is nothing. */
static void add_dotted(const struct page *p, struct text *t, const char *before, const char *what)
{
	if (!what || !*what)
		return;
	if (t->len > 0)
		text_printf(t, " %s ", page_dot(p));
	text_add(t, before);
	page_say(p, t, what);
}

static void print_host(struct parts *line, const struct target *target)
{
	AUTO_TEXT struct text t = { 0 };
	const struct page *p = line->page;
	bool has_number = target->os_version && *target->os_version;
	bool is_named = target->os_name && *target->os_name;

	add_dotted(p, &t, "", target->hostname);
	if (is_named || has_number)
		add_dotted(p, &t, "", is_named ? target->os_name : target->os_id);
	add_dotted(p, &t, "Linux ", target->kernel);
	print_part(line, text_str(&t));
}

static void print_engine(struct parts *line, const struct target *target)
{
	AUTO_TEXT struct text t = { 0 };
	const struct page *p = line->page;

	if (!target->has_engine) {
		text_add(&t, "no engine");
		if (target->no_engine && *target->no_engine) {
			text_add(&t, ": ");
			page_say(p, &t, target->no_engine);
		}
		print_part(line, text_str(&t));
		return;
	}
	page_say(p, &t, target->engine_name ? target->engine_name : "engine");
	text_add(&t, target->engine_version ? " " : "");
	page_say(p, &t, target->engine_version);
	add_dotted(p, &t, "API ", target->engine_api);
	add_dotted(p, &t, "", target->endpoint);
	add_dotted(p, &t, "", target->rootless == 1 ? "rootless" : NULL);
	add_dotted(p, &t, "", target->local == 0 ? "on another host" : NULL);
	print_part(line, text_str(&t));
}

static char *profile_said(const struct page *p, const struct profile *profile)
{
	size_t rules = profile_count_refs(profile, true);
	struct text t = { 0 };
	page_say(p, &t, profile->id);
	if (rules == profile->n_defined)
		text_printf(&t, " (%zu rules)", rules);
	else
		text_printf(&t, " (%zu of %zu rules)", rules, profile->n_defined);
	return text_take(&t);
}

static void print_population(struct parts *line, const struct target *target)
{
	if (!target->has_engine)
		return;
	AUTO_FREE char *said = xasprintf("%zu container%s, %zu image%s", target->containers,
					 target->containers == 1 ? "" : "s", target->images,
					 target->images == 1 ? "" : "s");
	print_part(line, said);
}

static void print_times(struct parts *line, const struct report *r)
{
	AUTO_FREE char *started = page_said(line->page, r->started);
	AUTO_FREE char *now = page_said(line->page, r->now);
	char *t = strchr(started, 'T');

	if (t)
		*t = ' ';
	print_part(line, started);
	if (*now && !starts_with(started, now)) {
		AUTO_FREE char *said = xasprintf("judged as of %s", now);
		print_part(line, said);
	}
	if (r->took >= 0) {
		AUTO_FREE char *said = xasprintf("took %.2f s", r->took);
		print_part(line, said);
	}
}

static void add_patterns(const struct page *p, struct text *t, const char *what,
			 const char *const *patterns)
{
	for (size_t i = 0; patterns && patterns[i]; i++) {
		text_printf(t, "%s%s ", t->len > 0 ? ", " : "", what);
		page_say(p, t, patterns[i]);
	}
}

/* Rules and subjects left out are in no count, so that has to be said. */
static void print_selection(struct parts *line, const struct report *r)
{
	AUTO_TEXT struct text t = { 0 };
	const struct selection *s = r->selection;

	if (s) {
		add_patterns(line->page, &t, "only", s->only);
		add_patterns(line->page, &t, "skip", s->skip);
		if (s->level > 0)
			text_printf(&t, "%slevel %d", t.len > 0 ? ", " : "", s->level);
	}
	add_patterns(line->page, &t, "subject", r->subject_patterns);
	if (t.len == 0)
		return;
	AUTO_FREE char *said = xasprintf("selected: %s", text_str(&t));
	print_part(line, said);
}

/* "cis-docker-1.8.0 without 5.9: the proxy needs its ports; 5.10: …" */
static void print_left_out(struct parts *line, const struct profile *p)
{
	const struct page *page = line->page;
	size_t shown = page->options->verbose ? p->n_left_out : LEFT_OUT_SHOWN;
	AUTO_TEXT struct text t = { 0 };
	if (p->n_left_out == 0)
		return;
	page_say(page, &t, p->id);
	text_add(&t, " without ");
	for (size_t i = 0; i < p->n_left_out && i < shown; i++) {
		text_add(&t, i > 0 ? "; " : "");
		page_say(page, &t, p->left_out[i].ref);
		text_add(&t, ": ");
		page_say(page, &t, p->left_out[i].why);
	}
	if (p->n_left_out > shown)
		text_printf(&t, "; and %zu more (-v or JSON lists all)", p->n_left_out - shown);
	print_part(line, text_str(&t));
	end_parts(line);
}

/* Nor do rules that a file of the site changed look as the benchmark has them. */
static void print_tailoring(struct parts *line, const struct report *r)
{
	AUTO_TEXT struct text t = { 0 };
	for (size_t i = 0; r->tailoring && r->tailoring[i]; i++) {
		text_add(&t, i == 0 ? "tailored by " : ", ");
		page_say(line->page, &t, r->tailoring[i]);
	}
	print_part(line, text_str(&t));
	end_parts(line);
	for (size_t i = 0; i < r->n_profiles; i++)
		print_left_out(line, r->profiles[i]);
}

static void print_baseline(struct parts *line, const struct report *r)
{
	AUTO_TEXT struct text t = { 0 };
	if (!r->baseline)
		return;
	text_add(&t, "what is not new since ");
	page_say(line->page, &t, r->baseline);
	text_add(&t, " (");
	page_say(line->page, &t, r->baseline_started ? r->baseline_started : "no date");
	text_add(&t, ") does not count");
	print_part(line, text_str(&t));
	end_parts(line);
}

void frame_head(const struct page *p)
{
	const struct report *r = p->report;
	struct parts line = { .page = p };
	AUTO_FREE char *version = page_said(p, report_tool_version(r));
	AUTO_FREE char *tool = xasprintf("seaworthy %s", version);

	print_part(&line, tool);
	print_host(&line, &r->target);
	print_engine(&line, &r->target);
	end_parts(&line);
	for (size_t i = 0; i < r->n_profiles; i++) {
		AUTO_FREE char *said = profile_said(p, r->profiles[i]);
		print_part(&line, said);
	}
	print_population(&line, &r->target);
	print_times(&line, r);
	print_part(&line, r->sandbox ? "" : "without sandbox");
	end_parts(&line);
	print_selection(&line, r);
	end_parts(&line);
	print_tailoring(&line, r);
	print_baseline(&line, r);
	end_parts(&line);
	if (!r->complete)
		print_part(&line, "THE RECORD IS NOT COMPLETE: rules whose subjects are not all "
				  "there are unknown");
	end_parts(&line);
}

/* --- headings ------------------------------------------------------------------------------ */

void frame_profile(const struct page *p, const struct profile *profile)
{
	AUTO_FREE char *said = profile_said(p, profile);
	AUTO_FREE char *title = page_said(p, profile->title);
	AUTO_FREE char *line = xasprintf("%s   %s", said, title);
	putc('\n', p->out);
	page_tinted(p, BOLD, "== ");
	page_wrapped(p, line, 3, 3);
}

static char *counts_said(const struct tally *t)
{
	static const enum tag order[] = {
		TAG_PASS, TAG_FAIL, TAG_UNKN, TAG_WARN, TAG_SKIP, TAG_WAIV
	};
	struct text text = { 0 };
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		bool is_always = order[i] == TAG_PASS || order[i] == TAG_FAIL;
		if (t->count[order[i]] > 0 || is_always)
			text_printf(&text, "%s%zu %s", text.len > 0 ? "   " : "",
				    t->count[order[i]], tag_noun(order[i]));
	}
	return text_take(&text);
}

void frame_group(const struct page *p, const struct group *group, const struct tally *t)
{
	AUTO_FREE char *id = page_said(p, group->id);
	AUTO_FREE char *upper = xstrdup(group->title);
	AUTO_FREE char *counts = counts_said(t);
	for (char *c = upper; *c; c++)
		*c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
	AUTO_FREE char *title = page_said(p, upper);
	AUTO_FREE char *whole = xasprintf("%-2s %s", id, title);
	AUTO_TEXT struct text name = { 0 };
	size_t used = text_width(whole) + text_width(counts);

	text_wrap(&name, whole, 0, 3, p->width);
	putc('\n', p->out);
	page_tinted(p, BOLD, text_str(&name));
	if (used + 3 > p->width) {
		putc('\n', p->out);
		used = text_width(counts);
	}
	fprintf(p->out, "%*s%s\n", used < p->width ? (int)(p->width - used) : 1, "", counts);
}

/* --- the foot ------------------------------------------------------------------------------ */

static bool is_named_before(const struct report *r, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (streq(r->unread[i].reason, r->unread[at].reason))
			return true;
	return false;
}

/* "not read   engine/process, engine/certs: EACCES: …": sections of one reason together. */
static void print_unread(const struct page *p)
{
	const struct report *r = p->report;
	size_t shown = 0, left_out = 0;

	for (size_t i = 0; i < r->n_unread; i++) {
		AUTO_TEXT struct text t = { 0 };
		if (is_named_before(r, i))
			continue;
		if (shown == UNREAD_SHOWN && !p->options->verbose) {
			left_out++;
			continue;
		}
		for (size_t k = i; k < r->n_unread; k++) {
			if (!streq(r->unread[k].reason, r->unread[i].reason))
				continue;
			text_add(&t, k > i ? ", " : "");
			page_say(p, &t, r->unread[k].section);
		}
		text_add(&t, ": ");
		page_say(p, &t, r->unread[i].reason);
		page_tinted(p, DIM, shown++ == 0 ? "not read  " : "          ");
		page_wrapped(p, text_str(&t), 10, 10);
	}
	if (left_out > 0)
		fprintf(p->out, "          and %zu more; -v or JSON lists all\n", left_out);
}

/* What the one who ordered the report should mend in the order. */
static void print_warnings(const struct page *p)
{
	const struct report *r = p->report;
	for (size_t i = 0; i < r->warnings.n; i++) {
		AUTO_TEXT struct text t = { 0 };
		page_say(p, &t, r->warnings.v[i].place);
		text_add(&t, t.len > 0 ? ": " : "");
		page_say(p, &t, r->warnings.v[i].text);
		page_tinted(p, YELLOW, "warning   ");
		page_wrapped(p, text_str(&t), 10, 10);
	}
}

void frame_foot(const struct page *p)
{
	static const enum tint tints[] = { GREEN_BOLD, RED_BOLD, RED_BOLD, MAGENTA };
	const struct report *r = p->report;
	AUTO_TEXT struct text t = { 0 };
	bool is_status = r->exit_status >= 0 && (size_t)r->exit_status < ARRAY_SIZE(tints);
	const char *word = report_verdict_word(r);
	enum tint tint = streq(word, "DONE") ? BOLD : tints[is_status ? r->exit_status : 2];

	putc('\n', p->out);
	if (!p->options->quiet) {
		print_warnings(p);
		print_unread(p);
		const char *const lines[] = { r->missing_privilege, r->sandbox_missing };
		for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
			AUTO_FREE char *said = lines[i] ? page_said(p, lines[i]) : NULL;
			if (said)
				page_wrapped(p, said, 0, 10);
		}
	}
	report_verdict_add(&t, r);
	AUTO_FREE char *said = page_said(p, text_str(&t));
	page_tinted(p, tint, word);
	fputs("  ", p->out);
	page_wrapped(p, said, strlen(word) + 2, strlen(word) + 2);
}
