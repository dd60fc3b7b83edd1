/* SPDX-License-Identifier: Apache-2.0 */
/* report_xccdf_rules.c: the Benchmark of a report in XCCDF: its profiles, groups and rules. */
#include "eval.h"
#include "report_xccdf.h"

/*
 * One part of an identifier: an NCName has few characters, so every other byte is _HH. Two _ part
 * the parts, and are in none: whatever a profile calls its rules, no two have one identifier.
 */
static void add_part(struct text *t, const char *raw)
{
	text_add(t, t->len > 0 ? "__" : "");
	for (const char *c = raw; *c; c++) {
		bool is_plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
				(*c >= '0' && *c <= '9') || *c == '.' || *c == '-';
		if (is_plain)
			text_add_char(t, *c);
		else
			text_printf(t, "_%02X", (unsigned)(unsigned char)*c);
	}
}

static char *id_of(const char *what, const struct text *parts)
{
	return xasprintf("xccdf_local.seaworthy_%s_%s", what, text_str(parts));
}

char *xccdf_rule_id(const struct rule *rule)
{
	AUTO_TEXT struct text parts = { 0 };
	add_part(&parts, rule->profile->id);
	add_part(&parts, rule->ref);
	add_part(&parts, rule->check->id);
	return id_of("rule", &parts);
}

static char *group_id(const struct profile *p, const struct section *s)
{
	AUTO_TEXT struct text parts = { 0 };
	add_part(&parts, p->id);
	if (s)
		add_part(&parts, s->group);
	return id_of("group", &parts);
}

char *xccdf_report_id(const struct report *r, const char *what)
{
	AUTO_TEXT struct text parts = { 0 };
	for (size_t i = 0; i < r->n_profiles; i++)
		add_part(&parts, r->profiles[i]->id);
	if (parts.len == 0)
		text_add(&parts, "none");
	return id_of(what, &parts);
}

/* It has no word for critical. */
const char *xccdf_severity(const struct rule *rule)
{
	enum sw_severity severity = rule->check->severity;
	return severity_name(severity > SW_HIGH ? SW_HIGH : severity);
}

/* DefectDojo looks up both names without a default. */
void xccdf_write_check(struct xml *x, const struct sw_check *check)
{
	const char *id = check ? check->id : "run";
	AUTO_TEXT struct text href = { 0 };
	text_add(&href, "seaworthy:///check/");
	uri_encode(&href, id);

	xml_open(x, "check");
	xml_attribute(x, "system", "seaworthy:///check");
	xml_open(x, "check-content-ref");
	xml_attribute(x, "href", text_str(&href));
	xml_attribute(x, "name", id);
	xml_close(x);
	xml_close(x);
}

static void write_title(struct xml *x, const char *title)
{
	xml_open(x, "title");
	xml_attribute(x, "xml:lang", "en");
	xml_said(x, title);
	xml_close(x);
}

static void write_description(struct xml *x, const struct rule *rule)
{
	AUTO_TEXT struct text t = { 0 };
	text_printf(&t, "Wanted: %s.", rule->check->wanted);
	if (rule->level > 0)
		text_printf(&t, " Level %d.", rule->level);
	if (rule->assessment)
		text_printf(&t, " Assessment: %s.", rule->assessment);
	if (rule->why)
		text_printf(&t, " This profile: %s", rule->why);
	xml_element(x, "description", text_str(&t));
}

/* Lines that are to be typed stay lines where this is shown as HTML. */
static void write_remedy(struct xml *x, const char *remedy)
{
	xml_open(x, "fixtext");
	xml_open(x, "html:pre");
	xml_said_lines(x, remedy);
	xml_close(x);
	xml_close(x);
}

static void write_rule(struct xml *x, const struct result *res)
{
	const struct rule *rule = res->rule;
	AUTO_FREE char *id = xccdf_rule_id(rule);
	AUTO_FREE char *heading = rule_heading(rule);

	xml_open(x, "Rule");
	xml_attribute(x, "id", id);
	xml_attribute(x, "selected", "true");
	xml_attribute(x, "severity", xccdf_severity(rule));
	write_title(x, heading);
	write_description(x, rule);
	xml_open(x, "rationale");
	xml_said_lines(x, rule->check->why);
	xml_close(x);
	write_remedy(x, result_remedy(res));
	xccdf_write_check(x, rule->check);
	xml_close(x);
}

static void open_group(struct xml *x, const struct profile *p, const struct section *s,
		       const char *title)
{
	AUTO_FREE char *id = group_id(p, s);
	xml_open(x, "Group");
	xml_attribute(x, "id", id);
	write_title(x, title);
}

static void write_profile(struct xml *x, const struct report *r, const struct profile *p,
			  const struct section *sections, size_t n)
{
	open_group(x, p, NULL, p->title);
	for (size_t i = 0; i < n; i++) {
		const struct section *s = &sections[i];
		if (s->profile != p)
			continue;
		AUTO_FREE char *title =
			xasprintf("%s%s%s", s->group, *s->title ? " " : "", s->title);
		open_group(x, p, s, title);
		for (size_t k = s->first; k < r->n_results; k++)
			if (section_has(s, &r->results[k]))
				write_rule(x, &r->results[k]);
		xml_close(x);
	}
	xml_close(x);
}

/* Of the first, which is the benchmark where there is one. */
static void write_head(struct xml *x, const struct report *r)
{
	AUTO_TEXT struct text titles = { 0 };
	for (size_t i = 0; i < r->n_profiles; i++)
		text_printf(&titles, "%s%s", i > 0 ? ", " : "", r->profiles[i]->title);

	xml_element(x, "status", "accepted");
	write_title(x, text_str(&titles));
	xml_element(x, "description", "The rules of these profiles that were judged.");
	/* In the old binding, of which OpenSCAP 1.3's schematron warns: a document of which it has
	 * nothing to say is invalid to it. */
	xml_open(x, "platform");
	xml_attribute(x, "idref", "cpe:/o:linux:linux_kernel");
	xml_close(x);
	xml_element(x, "version", r->n_profiles > 0 ? r->profiles[0]->version : "0");
	xml_open(x, "metadata");
	xml_element(x, "dc:creator", "seaworthy");
	xml_element(x, "dc:publisher", "seaworthy");
	xml_element(x, "dc:contributor", "seaworthy");
	for (size_t i = 0; i < r->n_profiles; i++)
		xml_element(x, "dc:source", r->profiles[i]->source);
	if (r->n_profiles == 0)
		xml_element(x, "dc:source", "none");
	xml_close(x);
}

static void write_run_rule(struct xml *x)
{
	xml_open(x, "Rule");
	xml_attribute(x, "id", XCCDF_RUN_ID);
	xml_attribute(x, "selected", "true");
	xml_attribute(x, "severity", "high");
	write_title(x, "The report is whole");
	xccdf_write_check(x, NULL);
	xml_close(x);
}

void xccdf_open_benchmark(struct xml *x, const struct report *r)
{
	size_t n = 0;
	AUTO_FREE struct section *sections = report_sections(r, &n);
	AUTO_FREE char *id = xccdf_report_id(r, "benchmark");

	xml_open(x, "Benchmark");
	xml_attribute(x, "xmlns", XCCDF_NAMESPACE);
	xml_attribute(x, "xmlns:dc", "http://purl.org/dc/elements/1.1/");
	xml_attribute(x, "xmlns:html", "http://www.w3.org/1999/xhtml");
	xml_attribute(x, "id", id);
	xml_attribute(x, "resolved", "true");
	xml_attribute(x, "xml:lang", "en");
	write_head(x, r);
	for (size_t i = 0; i < r->n_profiles; i++)
		write_profile(x, r, r->profiles[i], sections, n);
	if (report_gap(r))
		write_run_rule(x);
}
