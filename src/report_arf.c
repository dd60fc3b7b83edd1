/* SPDX-License-Identifier: Apache-2.0 */
/* report_arf.c: the Asset Reporting Format 1.1: what was asked, of which host, and the XCCDF
 * results. */
#include "report_sinks.h"
#include "report_xccdf.h"

#define SCHEMA(what) "http://scap.nist.gov/schema/" what

static void write_relationship(struct xml *x, const char *type, const char *object)
{
	xml_open(x, "core:relationship");
	xml_attribute(x, "type", type);
	xml_attribute(x, "subject", "report");
	xml_element(x, "core:ref", object);
	xml_close(x);
}

static void write_relationships(struct xml *x)
{
	xml_open(x, "core:relationships");
	xml_attribute(x, "xmlns:arfvocab",
		      "http://scap.nist.gov/specifications/arf/vocabulary/relationships/1.0#");
	write_relationship(x, "arfvocab:createdFor", "request");
	write_relationship(x, "arfvocab:isAbout", "host");
	xml_close(x);
}

/* As the schema has it: words of letters, digits, _ and -, parted by dots. */
static bool is_hostname(const char *s)
{
	size_t n = 0;
	for (; *s; s++) {
		bool is_letter = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') ||
				 (*s >= '0' && *s <= '9') || *s == '_' || *s == '-';
		if (!is_letter && (*s != '.' || n == 0))
			return false;
		n = is_letter ? n + 1 : 0;
	}
	return n > 0;
}

static void write_asset(struct xml *x, const struct report *r)
{
	const char *name =
		r->target.hostname && *r->target.hostname ? r->target.hostname : "unnamed host";
	xml_open(x, "assets");
	xml_open(x, "asset");
	xml_attribute(x, "id", "host");
	xml_open(x, "ai:computing-device");
	xml_open(x, "ai:synthetic-id");
	xml_attribute(x, "resource", "seaworthy:///host");
	xml_attribute(x, "id", name);
	xml_close(x);
	if (is_hostname(name))
		xml_element(x, "ai:hostname", name);
	xml_close(x);
	xml_close(x);
	xml_close(x);
}

static void open_content(struct xml *x, const char *list, const char *item, const char *id)
{
	xml_open(x, list);
	xml_open(x, item);
	xml_attribute(x, "id", id);
	xml_open(x, "content");
}

static void close_content(struct xml *x)
{
	for (int i = 0; i < 3; i++)
		xml_close(x);
}

static int write_arf(const struct report *r, const struct report_options *options, FILE *out)
{
	(void)options;
	struct xml *x = NULL;
	int code = xml_begin(out, &x);
	if (code < 0)
		return code;
	xml_open(x, "asset-report-collection");
	xml_attribute(x, "xmlns", SCHEMA("asset-reporting-format/1.1"));
	xml_attribute(x, "xmlns:core", SCHEMA("reporting-core/1.1"));
	xml_attribute(x, "xmlns:ai", SCHEMA("asset-identification/1.1"));
	write_relationships(x);
	open_content(x, "report-requests", "report-request", "request");
	xccdf_open_benchmark(x, r);
	xml_close(x);
	close_content(x);
	write_asset(x, r);
	open_content(x, "reports", "report", "report");
	xccdf_write_result(x, r, true);
	close_content(x);
	xml_close(x);
	return xml_finish(x, out);
}

const struct sink sink_arf = {
	.name = "arf",
	.help = "the Asset Reporting Format 1.1, for stores of SCAP results",
	.write = write_arf,
	.load = xml_load,
};
