/* SPDX-License-Identifier: Apache-2.0 */
/* text.h: growing strings, and the one place where hostile text is made harmless. */
#ifndef SW_TEXT_H
#define SW_TEXT_H

#include "util.h"

/* A growing, always NUL-terminated string. Zero-initialised is empty; s is NULL until first use. */
struct text {
	char *s;
	size_t len, cap;
};

void text_done(struct text *t);
#define AUTO_TEXT CLEANUP(text_done)
void text_add(struct text *t, const char *s);
void text_add_n(struct text *t, const char *s, size_t n);
/*
 * Appends s if it has at most most bytes, else its beginning and its end with "…" between them: a
 * name of a megabyte must not keep what is said behind it from being read.
 */
void text_add_short(struct text *t, const char *s, size_t most);
void text_add_char(struct text *t, char c);
void text_printf(struct text *t, const char *format, ...) SW_PRINTF(2, 3);
void text_clear(struct text *t);
/* The string, "" when empty. */
const char *text_str(const struct text *t);
/* malloc'ed; t is empty afterwards. */
char *text_take(struct text *t);

/*
 * What a container, an image, a label or a file is called is the attacker's text. Appends s with
 * every C0 and C1 control, DEL, bidirectional override (U+202A-202E, U+2066-2069), line separator
 * (U+2028, U+2029), zero-width and other invisible format characters, U+FFFE/FFFF, surrogates and
 * bytes that are no valid UTF-8 written as \n, \t, \xHH or \u{HHHH}. A backslash becomes \\ only
 * where that is needed to tell it from these. The result is one line of valid, printable UTF-8, fit
 * for every sink.
 */
void text_clean(struct text *t, const char *s, size_t n);
/* The same, malloc'ed. */
char *clean(const char *s);
/*
 * Runners that read commands out of a build's log find "##[…", "##vso[…" and their like anywhere in
 * a line; the other form, "::" at the start of one, is text_wrap()'s. Does s begin with one?
 */
bool text_is_command(const char *s);
/* As clean(), and without such commands: for lines that may come into such a log. */
char *clean_for_log(const char *s);
/* The way back, in place: the bytes that text_clean() was given, and how many. */
size_t text_unclean(char *s);

/*
 * One character of the n bytes at s: its length and *ret, or 0 when they do not begin with valid
 * UTF-8 (overlong forms, surrogates and values above U+10FFFF are not valid; nor is n == 0).
 */
size_t utf8_decode(const char *s, size_t n, uint32_t *ret);

struct range {
	uint32_t first, last;
};
/* Is c in one of the n sorted ranges? */
bool range_has(const struct range *ranges, size_t n, uint32_t c);

/* Columns of a clean UTF-8 string on a terminal (wide characters are two). */
size_t text_width(const char *s);
size_t text_width_n(const char *s, size_t n);
/*
 * Appends s, which is clean and begins in column, wrapped to width columns; lines after the first
 * begin with indent spaces. Such a line never begins with "::": a build runner that copies our
 * output into its log would obey it.
 */
void text_wrap(struct text *t, const char *s, size_t column, size_t indent, size_t width);

#endif
