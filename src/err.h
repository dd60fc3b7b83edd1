/* SPDX-License-Identifier: Apache-2.0 */
/* err.h: why something of seaworthy's own failed, as one line for a person to read. */
#ifndef SW_ERR_H
#define SW_ERR_H

#include "util.h"

/* Zero-initialised means "no error". Owned by the caller; err_done() frees the text. */
struct err {
	int code;   /* negative errno */
	char *text; /* "profile 'x': rule 5.5: no check 'y'" */
};

/* Sets err (NULL is fine) and returns code: return err_set(err, -EINVAL, "no check '%s'", id); */
int err_set(struct err *err, int code, const char *format, ...) SW_PRINTF(3, 4);
/* Puts "what: " in front of the text and returns err's code. */
int err_wrap(struct err *err, const char *format, ...) SW_PRINTF(2, 3);
void err_done(struct err *err);

/*
 * On standard error the one line "WHO: TEXT", harmless to a terminal whatever names and bytes of
 * files are in it.
 */
void err_print(const char *who, const char *text);
/* The same of err, said by seaworthy; frees its text and returns 2, the status that goes with it.
 */
int err_complain(struct err *err);

/* What was printed is written, now and before, or err says why not: the reason of an earlier
 * failure is not known any more. */
int err_flush_stdout(struct err *err);

#endif
