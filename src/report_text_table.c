/* SPDX-License-Identifier: Apache-2.0 */
/* report_text_table.c: the text report's table of groups, and the share of rules that pass. */
#include "report_text_frame.h"
#include "report_verdict.h"

enum {
	NAME_MOST = 32, /* columns of a group's name */
	COUNTS = 47,    /* columns of the counts, and the blank in front */
};

static const struct {
	enum tag tag;
	int width;
} columns[] = {
	{ TAG_PASS, 6 }, { TAG_FAIL, 7 }, { TAG_UNKN, 10 },
	{ TAG_WARN, 7 }, { TAG_SKIP, 7 }, { TAG_WAIV, 9 },
};

/* "5 Containers", cut. */
static char *name_of(const struct page *p, const struct group *group)
{
	struct text t = { 0 };
	size_t most = p->width - COUNTS < NAME_MOST ? p->width - COUNTS : NAME_MOST;
	page_say(p, &t, group->id);
	text_add(&t, " ");
	page_say(p, &t, group->title);
	while (text_width(text_str(&t)) > most) {
		/* A whole character: its trailing bytes are 10xxxxxx. */
		do
			t.len--;
		while (t.len > 0 && ((unsigned char)t.s[t.len] & 0xc0) == 0x80);
		t.s[t.len] = '\0';
	}
	return text_take(&t);
}

static size_t name_width(const struct page *p, const struct group *groups, size_t n)
{
	size_t most = 10;
	for (size_t i = 0; i < n; i++) {
		AUTO_FREE char *name = name_of(p, &groups[i]);
		size_t width = text_width(name);
		most = width > most ? width : most;
	}
	return most;
}

static size_t print_name(const struct page *p, const struct group *groups, size_t n,
			 const char *name)
{
	size_t most = name_width(p, groups, n);
	fprintf(p->out, " %s%*s", name, (int)(most - text_width(name)), "");
	return 1 + most;
}

static size_t print_counts(const struct page *p, const struct tally *t)
{
	size_t printed = 0;
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		printed +=
			(size_t)fprintf(p->out, "%*zu", columns[i].width, t->count[columns[i].tag]);
	return printed;
}

void frame_table_head(const struct page *p, const struct group *groups, size_t n)
{
	putc('\n', p->out);
	print_name(p, groups, n, "");
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		fprintf(p->out, "%*s", columns[i].width, tag_noun(columns[i].tag));
	putc('\n', p->out);
}

void frame_table_row(const struct page *p, const struct group *groups, size_t n,
		     const struct group *row, const struct tally *t)
{
	AUTO_FREE char *name = name_of(p, row);
	print_name(p, groups, n, name);
	print_counts(p, t);
	putc('\n', p->out);
}

void frame_table_total(const struct page *p, const struct group *groups, size_t n,
		       const struct tally *t, bool is_whole)
{
	size_t pass = t->count[TAG_PASS], decided = pass + t->count[TAG_FAIL];
	bool is_complete = is_whole && t->count[TAG_UNKN] == 0;
	AUTO_FREE char *score = report_score(pass, decided, is_complete);

	size_t used = print_name(p, groups, n, "all");
	used += print_counts(p, t);
	bool fits = used + 5 + strlen(score) <= p->width;
	fprintf(p->out, "%s%s\n", fits ? "     " : "\n ", score);
}
