/* SPDX-License-Identifier: Apache-2.0 */
/* report_text.h: what the files of the text report share; no other file includes it. */
#ifndef SW_REPORT_TEXT_H
#define SW_REPORT_TEXT_H

#include "report.h"
#include "text.h"

/* --- report_text_page.c: saying and laying out --------------------------------------------- */

enum tint { PLAIN, BOLD, DIM, RED_BOLD, MAGENTA, YELLOW, CYAN, GREEN_BOLD };

struct page {
	FILE *out;
	const struct report *report;
	const struct report_options *options;
	size_t width;
};

/* Outside text goes through this and nothing else: cleaned, and harmless to a build runner's log.
 */
void page_say(const struct page *p, struct text *t, const char *raw);
/* The same, malloc'ed. */
char *page_said(const struct page *p, const char *raw);
/* Text of our own that is not ASCII. */
const char *page_dot(const struct page *p);
const char *page_times(const struct page *p);

void page_tinted(const struct page *p, enum tint tint, const char *said);
/* "               found   …", wrapped; said is clean. Very long text is cut, and says so. */
void page_item(const struct page *p, const char *label, const char *said);
/* One wrapped paragraph whose first column columns are already printed. */
void page_wrapped(const struct page *p, const char *said, size_t column, size_t indent);

/* --- report_text_names.c: many offenders as few words -------------------------------------- */

struct crowd;

/* The findings of res with this verdict (and waived or not), those of one reason together. */
struct crowd *crowd_new(const struct result *res, enum sw_verdict verdict, bool is_waived);
void crowd_free(struct crowd *c);
static inline void crowd_free_p(struct crowd **c)
{
	crowd_free(*c);
}
size_t crowd_groups(const struct crowd *c); /* the largest first */
/* The first finding of group i. */
const struct finding *crowd_first(const struct crowd *c, size_t i);
/* One item a group, or as many as fit without -v. */
void crowd_print(const struct page *p, const struct crowd *c, const char *label);
size_t crowd_shown(const struct page *p, const struct crowd *c);

/* --- report_text_entry.c: one rule --------------------------------------------------------- */

/* In the order in which they are listed. */
enum tag { TAG_FAIL, TAG_UNKN, TAG_WARN, TAG_WAIV, TAG_PASS, TAG_SKIP, TAGS };

enum tag tag_of(const struct result *res);
const char *tag_noun(enum tag tag); /* "fail", "unknown": heads of columns */
bool tag_is_shown(const struct page *p, enum tag tag);
/* " FAIL " and its colour. */
void tag_print(const struct page *p, enum tag tag);
void entry_print(const struct page *p, const struct result *res);

/* --- report_text_unknown.c: many unknowns of one reason ------------------------------------- */

struct unknowns;

/* Of n results. */
struct unknowns *unknowns_new(const struct page *p, const struct result *const *results, size_t n);
void unknowns_free(struct unknowns *u);
static inline void unknowns_free_p(struct unknowns **u)
{
	unknowns_free(*u);
}
/* Is result i told of in a shared entry? */
bool unknowns_has(const struct unknowns *u, size_t i);
void unknowns_print(const struct page *p, const struct unknowns *u);

#endif
