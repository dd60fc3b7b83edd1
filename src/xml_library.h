/* SPDX-License-Identifier: Apache-2.0 */
/* xml_library.h: libxml2's functions by pointers, for report_xml.c alone: see library.h. */
#ifndef SW_XML_LIBRARY_H
#define SW_XML_LIBRARY_H

#include <libxml/xmlwriter.h>

#include "library.h"

#ifdef HAVE_DLOPEN

#define XML_FUNCTIONS(X)                                                                           \
	X(xmlFreeTextWriter)                                                                       \
	X(xmlNewTextWriter)                                                                        \
	X(xmlOutputBufferClose)                                                                    \
	X(xmlOutputBufferCreateFile)                                                               \
	X(xmlSetGenericErrorFunc)                                                                  \
	X(xmlTextWriterEndDocument)                                                                \
	X(xmlTextWriterEndElement)                                                                 \
	X(xmlTextWriterFlush)                                                                      \
	X(xmlTextWriterSetIndent)                                                                  \
	X(xmlTextWriterSetIndentString)                                                            \
	X(xmlTextWriterStartDocument)                                                              \
	X(xmlTextWriterStartElement)                                                               \
	X(xmlTextWriterWriteAttribute)                                                             \
	X(xmlTextWriterWriteFormatAttribute)                                                       \
	X(xmlTextWriterWriteString)

static struct library_table {
	XML_FUNCTIONS(LIBRARY_MEMBER)
} xml_table;

static int xml_library_load(struct err *err)
{
	static const struct library_function functions[] = { XML_FUNCTIONS(LIBRARY_ENTRY){ NULL,
											   0 } };
	return library_load(XML_SONAME, functions, &xml_table, err);
}

#define xmlFreeTextWriter                 xml_table.p_xmlFreeTextWriter
#define xmlNewTextWriter                  xml_table.p_xmlNewTextWriter
#define xmlOutputBufferClose              xml_table.p_xmlOutputBufferClose
#define xmlOutputBufferCreateFile         xml_table.p_xmlOutputBufferCreateFile
#define xmlSetGenericErrorFunc            xml_table.p_xmlSetGenericErrorFunc
#define xmlTextWriterEndDocument          xml_table.p_xmlTextWriterEndDocument
#define xmlTextWriterEndElement           xml_table.p_xmlTextWriterEndElement
#define xmlTextWriterFlush                xml_table.p_xmlTextWriterFlush
#define xmlTextWriterSetIndent            xml_table.p_xmlTextWriterSetIndent
#define xmlTextWriterSetIndentString      xml_table.p_xmlTextWriterSetIndentString
#define xmlTextWriterStartDocument        xml_table.p_xmlTextWriterStartDocument
#define xmlTextWriterStartElement         xml_table.p_xmlTextWriterStartElement
#define xmlTextWriterWriteAttribute       xml_table.p_xmlTextWriterWriteAttribute
#define xmlTextWriterWriteFormatAttribute xml_table.p_xmlTextWriterWriteFormatAttribute
#define xmlTextWriterWriteString          xml_table.p_xmlTextWriterWriteString

#else

static int xml_library_load(struct err *err)
{
	(void)err;
	return 0;
}

#endif

#endif
