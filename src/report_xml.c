/* SPDX-License-Identifier: Apache-2.0 */
/* report_xml.c: see report_xml.h; all that libxml2 is for. */
#include "report_xml.h"

#include <errno.h>

#include "report_common.h"
#include "xml_library.h"

struct xml {
	xmlTextWriter *writer;
};

/* What went wrong with the file is said once, by who opened it. */
static void say_nothing(void *context, const char *format, ...)
{
	(void)context;
	(void)format;
}

int xml_load(struct err *err)
{
	return xml_library_load(err);
}

int xml_begin(FILE *out, struct xml **ret)
{
	CLEANUP(err_done) struct err err = { 0 };
	if (xml_load(&err) < 0)
		return -ELIBACC;
	xmlSetGenericErrorFunc(NULL, say_nothing);
	xmlOutputBuffer *buffer = xmlOutputBufferCreateFile(out, NULL);
	if (!buffer)
		return -ENOMEM;
	xmlTextWriter *writer = xmlNewTextWriter(buffer);
	if (!writer) {
		xmlOutputBufferClose(buffer);
		return -ENOMEM;
	}
	xmlTextWriterSetIndent(writer, 1);
	xmlTextWriterSetIndentString(writer, BAD_CAST "  ");
	xmlTextWriterStartDocument(writer, "1.0", "UTF-8", NULL);
	*ret = xalloc(sizeof(**ret));
	(*ret)->writer = writer;
	return 0;
}

int xml_finish(struct xml *x, FILE *out)
{
	xmlTextWriterEndDocument(x->writer);
	int flushed = xmlTextWriterFlush(x->writer);
	xmlFreeTextWriter(x->writer);
	free(x);
	return flushed < 0 || ferror(out) ? (errno ? -errno : -EIO) : 0;
}

void xml_open(struct xml *x, const char *name)
{
	xmlTextWriterStartElement(x->writer, BAD_CAST name);
}

void xml_close(struct xml *x)
{
	xmlTextWriterEndElement(x->writer);
}

void xml_attribute(struct xml *x, const char *name, const char *raw)
{
	AUTO_FREE char *cleaned = clean(raw ? raw : "");
	xmlTextWriterWriteAttribute(x->writer, BAD_CAST name, BAD_CAST cleaned);
}

void xml_attribute_size(struct xml *x, const char *name, size_t n)
{
	xmlTextWriterWriteFormatAttribute(x->writer, BAD_CAST name, "%zu", n);
}

void xml_said(struct xml *x, const char *raw)
{
	AUTO_FREE char *cleaned = clean(raw ? raw : "");
	xml_text(x, cleaned);
}

void xml_said_lines(struct xml *x, const char *raw)
{
	AUTO_TEXT struct text t = { 0 };
	text_clean_lines(&t, raw);
	xml_text(x, text_str(&t));
}

void xml_text(struct xml *x, const char *clean)
{
	xmlTextWriterWriteString(x->writer, BAD_CAST clean);
}

void xml_element(struct xml *x, const char *name, const char *raw)
{
	xml_open(x, name);
	xml_said(x, raw);
	xml_close(x);
}
