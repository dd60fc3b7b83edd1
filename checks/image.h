/* SPDX-License-Identifier: Apache-2.0 */
/* image.h: what the checks of images share: which images they are about, lines of history, base
 * images. */
#ifndef SW_CHECKS_IMAGE_H
#define SW_CHECKS_IMAGE_H

#include "engine.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Which images a rule is about. What no tag names and no container uses is left over from builds.
 */
enum image_scope { IMAGE_IN_USE, IMAGE_IN_USE_OR_TAGGED };

/* Is this one of them? False: the verdict was said. */
bool image_is_meant(struct sw_eval *e, enum image_scope scope);

/* "a" or "list, a", up to a handful, for a reason that names many. */
struct names {
	const char *text;
	size_t n;
};
void names_add(struct sw_eval *e, struct names *list, const char *name);
/* "3: a, b, c", or of many "12: a, b, c, d, e and 7 more" */
const char *names_text(struct sw_eval *e, const struct names *list);

/* --- history --------------------------------------------------------------------------------- */

enum instruction { LINE_RUN, LINE_ADD, LINE_COPY, LINE_OTHER, LINE_EMPTY };

struct line {
	enum instruction what;
	const char *text; /* what follows the instruction's name; of a RUN its build arguments and
			     shell, too */
};

/* Whose line of the history it is. */
enum owner {
	OWN,
	LIKELY_BASE, /* it looks as if its base image brought it, but the engine does not have that
		      */
	BASE,        /* its base image brought it, and is judged itself */
};

/* The history as the engine tells it, newest first. */
struct history {
	size_t n;
	size_t base;           /* lines from here on are of the base image */
	size_t likely_base;    /* … or look like it */
	size_t oldest;         /* the line of the lowest layer */
	const char *base_name; /* "" when it is not known */
};

/* False: the verdict was said. */
bool history_read(struct sw_eval *e, struct history *ret);
struct line history_line(struct sw_eval *e, size_t i);
enum owner history_owner(const struct history *h, size_t i);
/* Fails for an own line, warns for one that may be its base image's. */
void history_say(struct sw_eval *e, const struct history *h, size_t i, const char *what);
/* How a line without an offence ends: "" or "; lines of debian:12 are judged there". */
const char *history_note(struct sw_eval *e, const struct history *h);

/* --- the commands of a RUN ------------------------------------------------------------------- */

enum { WORD_MAX = 256 };

/* What ends the command before a word. */
enum separator { SAME_COMMAND, NEW_COMMAND, PIPE, SUBSTITUTION, END_OF_COMMANDS };

/* Begin with { .at = text }. */
struct words {
	const char *at;
	char word[WORD_MAX]; /* without quotes; cut */
	bool is_command; /* the word is what is run, no argument, option or assignment before it */
	bool has_command, has_shell; /* seen in the command so far */
};

/* Steps to the next word of a shell command. */
enum separator words_next(struct words *w);
/* The word without its folder: "apt-get" of "/usr/bin/apt-get". */
const char *words_name(const struct words *w);
/* Does a program of this name run what it is given or fed: a shell, python? */
bool is_interpreter(const char *name);
bool is_one_of(const char *const *names, const char *name); /* the list ends with NULL */

#endif
