/* SPDX-License-Identifier: Apache-2.0 */
/* report_xml.h: an XML document written as it comes, for the formats that are XML. */
#ifndef SW_REPORT_XML_H
#define SW_REPORT_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "err.h"

/* Characters that XML 1.0 forbids, even as references, are among those that clean() takes out. */
struct xml;

/* The library: before the sandbox shuts. */
int xml_load(struct err *err);
/* 0, and a document without an element as *ret; or a negative errno. */
int xml_begin(FILE *out, struct xml **ret);
/* Closes what is open, and frees. 0, or the error of out. */
int xml_finish(struct xml *x, FILE *out);

void xml_open(struct xml *x, const char *name);
void xml_close(struct xml *x);
/* Of the element that was opened last, before its content. The value is raw; NULL is "". */
void xml_attribute(struct xml *x, const char *name, const char *raw);
void xml_attribute_size(struct xml *x, const char *name, size_t n);
/* Content: raw; raw with lines that stay lines; and what was cleaned already. */
void xml_said(struct xml *x, const char *raw);
void xml_said_lines(struct xml *x, const char *raw);
void xml_text(struct xml *x, const char *clean);
/* An element that holds no other. */
void xml_element(struct xml *x, const char *name, const char *raw);

#endif
