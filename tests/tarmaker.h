/* SPDX-License-Identifier: Apache-2.0 */
/* tarmaker.h: makes tar archives for tests, sound ones and such as no program would write. */
#ifndef SW_TEST_TARMAKER_H
#define SW_TEST_TARMAKER_H

#include "text.h"

enum { TAR_BLOCK = 512 };

/* A header; size is what it claims. */
void tar_header(struct text *t, char type, const char *name, const char *link, unsigned mode,
		size_t size);
/* A member with its content. */
void tar_data(struct text *t, char type, const char *name, unsigned mode, const char *data,
	      size_t n);
void tar_file(struct text *t, const char *name, unsigned mode, const char *content);
void tar_link(struct text *t, char type, const char *name, const char *target);
void tar_end(struct text *t);

/* data as a gzip file of stored blocks. */
void gzip(struct text *t, const char *data, size_t n);

#endif
