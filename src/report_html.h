/* SPDX-License-Identifier: Apache-2.0 */
/* report_html.h: what the files of the HTML reports share; no other file includes it. */
#ifndef SW_REPORT_HTML_H
#define SW_REPORT_HTML_H

#include "report_common.h"

struct html {
	FILE *out;
	const struct report *report;
	const struct report_options *options;
	struct section *sections; /* malloc'ed */
	size_t n_sections;
	const struct result **results; /* malloc'ed; the worst first */
	size_t outcomes[OUTCOMES];     /* results of each */
};

/* The outcomes as columns, the worst first. */
enum { HTML_COLUMNS = 6 };
extern const enum outcome html_columns[HTML_COLUMNS];

/* --- report_html_text.c: saying things ------------------------------------------------------ */

/* Outside text goes through one of these and nothing else: cleaned, then escaped. */
void html_text(const struct html *h, const char *raw);
/* The same, kept from reordering what stands beside it. */
void html_name(const struct html *h, const char *raw);
void html_code(const struct html *h, const char *raw);
/* Lines of our own texts stay lines. */
void html_block(const struct html *h, const char *raw);
/* Markup and words of our own. */
void html_printf(const struct html *h, const char *format, ...) SW_PRINTF(2, 3);

/* "<dt>LABEL</dt><dd>" and its end; label is ours. */
void html_item(const struct html *h, const char *label);
void html_item_end(const struct html *h);

/* What an outcome is called, in a frame of its own look. */
void html_tag(const struct html *h, enum outcome o);
/* "fail", "warn": classes, and the ids of the parts of the results. */
const char *html_part(enum outcome o);

/* The id of a result's entry, fit for an attribute and for an address. */
void html_anchor(const struct html *h, const struct result *res);
/* "#5.5 Containers are not privileged", as a link to it. */
void html_link(const struct html *h, const struct result *res);
/* Where it stands in sections. */
size_t html_section(const struct html *h, const struct result *res);

/* --- report_html_alike.c: findings that say the same ------------------------------------------ */

struct member {
	const struct finding *finding;
	enum outcome outcome;
};

struct alike {
	const struct member *members; /* in the order of the report */
	size_t n;
};

struct alikes {
	struct member *members;
	struct alike *list; /* the worst first, then the largest */
	size_t n;
	size_t n_bad; /* of them not in order: these come first */
};

struct alikes alikes_of(const struct report *r, const struct result *res);
void alikes_done(struct alikes *a);

/* --- the parts of the page ------------------------------------------------------------------ */

/* report_html_head.c: from the first byte to what could not be read. */
void html_head(const struct html *h);
/* report_html_table.c: the counts of each group of each profile. */
void html_tables(const struct html *h);
/* report_html_filter.c: what the script shows. */
void html_filter(const struct html *h);
/* report_html_entry.c: one rule. What is quiet stays folded on paper. */
struct html_entry {
	bool is_open, is_quiet;
};
void html_entry(const struct html *h, const struct result *res, struct html_entry how);
/* report_html_unknown.c: the entries of what could not be told, those of one reason together. */
void html_unknowns(const struct html *h, const struct result *const *results, size_t n,
		   bool is_open);
enum change_since html_change(const struct result *res);
/* report_html_found.c: what was found, and in which subjects. */
void html_found(const struct html *h, const struct result *res);
void html_subject(const struct html *h, const struct result *res, const struct finding *f);
/* report_html_facts.c: where that is from. */
void html_facts(const struct html *h, const struct result *res);
/* report_html_about.c: waivers, the host, the order and how it was carried out. */
void html_waivers(const struct html *h);
void html_about(const struct html *h);

/* --- report_html_style.c, report_html_script.c ---------------------------------------------- */

/*
 * The page allows these two and nothing else, by the base64 of their SHA-256. Whoever changes one
 * changes its sum: tests/formats.sh tells what it should be.
 */
extern const char html_style[], html_style_sum[];
extern const char html_script[], html_script_sum[];

#endif
