/* SPDX-License-Identifier: Apache-2.0 */
/* fleet_members.h: members of a report that is read as it comes, by tables; for fleet_read.c. */
#ifndef SW_FLEET_MEMBERS_H
#define SW_FLEET_MEMBERS_H

#include <stddef.h>

#include "json_pull.h"

/*
 * One report that is being read. The first complaint stays, and from then on nothing is taken: what
 * comes afterwards follows from it. Errors of json_pull stop the reading, too, and are not repeated
 * here.
 */
struct members {
	struct json_pull *p; /* the caller's */
	void *into;          /* the caller's struct, in which the rows' values are */
	char *bad;           /* malloc'ed, the caller frees it; NULL: all is well */
};

/* What the value must be; and what it is in the struct. */
enum member_type {
	TAKE_TEXT,         /* struct text: raw again, at most JSON_PULL_TEXT_MAX bytes */
	TAKE_TEXT_OR_NULL, /* the same, empty of null */
	TAKE_NUMBER,       /* int64_t, not negative */
	TAKE_TRUTH,        /* bool */
	TAKE_VERDICT,      /* enum sw_verdict */
	TAKE_SEVERITY,     /* enum sw_severity */
	TAKE_COUNT,        /* size_t: how many elements the list has */
	TAKE_BY,           /* a function, which takes or skips the whole value */
};

/* A row of a table, which has at most MEMBERS of them. */
enum { MEMBERS = 64 };
struct member {
	const char *key;
	enum member_type type;
	bool is_optional; /* else it is refused that the member is missing */
	size_t at;        /* offsetof() the value in what into is */
	void (*take)(struct members *m);
};

void members_refuse(struct members *m, const char *format, ...) SW_PRINTF(2, 3);
bool members_are_well(const struct members *m);

/*
 * The members of an object that json_pull_value() has opened. What no row names is skipped; what is
 * there twice is refused, as it could be read this way or that. A value that was not there is left
 * as it was, and one that was refused may be anything.
 */
void members_take(struct members *m, const struct member *rows, size_t n);
/* The same of the next value, which must be an object; what is what the complaint calls it. */
void members_take_object(struct members *m, const char *what, const struct member *rows, size_t n);
/* Opens the next value, which must be a list; for each of its elements, which is to be taken. */
void members_open_list(struct members *m, const char *what);
bool members_next_element(struct members *m);

#endif
