/* SPDX-License-Identifier: Apache-2.0 */
/* err.c: see err.h. */
#include "err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "text.h"

SW_PRINTF(1, 0)
static char *format_va(const char *format, va_list ap)
{
	char *s = NULL;
	if (vasprintf(&s, format, ap) < 0)
		return xstrdup("out of memory");
	return s;
}

int err_set(struct err *err, int code, const char *format, ...)
{
	if (!err)
		return code;
	va_list ap;
	va_start(ap, format);
	char *text = format_va(format, ap);
	va_end(ap);
	free(err->text);
	err->text = text;
	err->code = code;
	return code;
}

int err_wrap(struct err *err, const char *format, ...)
{
	if (!err)
		return -1;
	va_list ap;
	va_start(ap, format);
	AUTO_FREE char *what = format_va(format, ap);
	va_end(ap);
	char *text = xasprintf("%s: %s", what, err->text ? err->text : "failed");
	free(err->text);
	err->text = text;
	return err->code;
}

void err_done(struct err *err)
{
	if (!err)
		return;
	free(err->text);
	*err = (struct err){ 0 };
}

void err_print(const char *who, const char *text)
{
	AUTO_FREE char *line = clean_for_log(text);
	fprintf(stderr, "%s: %s\n", who, line);
}

int err_complain(struct err *err)
{
	err_print("seaworthy", err->text);
	err_done(err);
	return 2;
}

int err_flush_stdout(struct err *err)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	return err_set(err, -EIO, "standard output: %s",
		       errno ? strerror(errno) : "not all of it could be written");
}
