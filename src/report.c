/* SPDX-License-Identifier: Apache-2.0 */
/* report.c: the table of sinks, and what all of them share. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "report.h"

#include <inttypes.h>

#include "eval.h"
#include "report_sinks.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unreleased"
#endif

const char *report_tool_version(const struct report *r)
{
	return r->tool_version ? r->tool_version : PACKAGE_VERSION;
}

void warnings_add(struct warnings *w, struct arena *a, const char *place, const char *text)
{
	w->v = xrealloc(w->v, (w->n + 1) * sizeof(*w->v));
	w->v[w->n++] = (struct warning){ arena_intern(a, place), arena_intern(a, text) };
}

const char *change_name(enum change_since c)
{
	static const char *const names[] = {
		[CHANGE_NEW] = "new",
		[CHANGE_WORSE] = "worse",
		[CHANGE_KNOWN] = "known",
		[CHANGE_FIXED] = "fixed",
	};
	return c < ARRAY_SIZE(names) ? names[c] : NULL;
}

const char *result_word(const struct result *r)
{
	return r->waived ? "waived" : verdict_name(r->verdict);
}

/* With its NUL, so that "a" + "bc" and "ab" + "c" differ. */
static uint64_t add_name(uint64_t h, const char *name)
{
	return name ? fnv1a(h, name, strlen(name) + 1) : fnv1a(h, "", 1);
}

const char *finding_fingerprint(const struct finding *f, const struct rule *r, char *buf)
{
	uint64_t h = add_name(FNV_START, r->check->id);
	h = add_name(h, kind_name(f->subject->kind));
	h = add_name(h, f->subject->name);
	h = add_name(h, f->subject->image);
	for (size_t i = 0; i < 16; i++)
		buf[i] = "0123456789abcdef"[h >> (60 - 4 * i) & 15];
	buf[16] = '\0';
	return buf;
}

const struct sink *sink_find(const char *name)
{
	for (size_t i = 0; sinks[i]; i++)
		if (streq(sinks[i]->name, name))
			return sinks[i];
	return NULL;
}

const struct sink *const sinks[] = {
	&sink_text,      &sink_json,
#ifdef HAVE_LIBXML2
	&sink_junit,     &sink_junit_ant, &sink_xccdf,      &sink_arf,
#endif
	&sink_markdown,  &sink_html,      &sink_csv,        &sink_ndjson, &sink_sarif,
	&sink_sarif_all, &sink_tap,       &sink_prometheus, &sink_hdf,    &sink_gitlab,
	&sink_github,    &sink_nagios,    &sink_bench,      NULL,
};
