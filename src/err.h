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

#endif
