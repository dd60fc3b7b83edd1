/* SPDX-License-Identifier: Apache-2.0 */
/* report_text_frame.h: what stands around the entries of the text report. */
#ifndef SW_REPORT_TEXT_FRAME_H
#define SW_REPORT_TEXT_FRAME_H

#include "report_text.h"

struct tally {
	size_t count[TAGS];
};

void frame_head(const struct page *p);
/* Only where a report has several profiles. */
void frame_profile(const struct page *p, const struct profile *profile);
void frame_group(const struct page *p, const struct group *group, const struct tally *t);

void frame_table_head(const struct page *p, const struct group *groups, size_t n);
void frame_table_row(const struct page *p, const struct group *groups, size_t n,
		     const struct group *row, const struct tally *t);
void frame_table_total(const struct page *p, const struct group *groups, size_t n,
		       const struct tally *t, bool is_whole);
/* What could not be read; the verdict. */
void frame_foot(const struct page *p);

#endif
