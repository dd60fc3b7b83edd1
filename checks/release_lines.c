/* SPDX-License-Identifier: Apache-2.0 */
/* release_lines.c: which release lines of the engine, containerd and runc still get fixes. */
#include "release_lines.h"

#include <string.h>

#include <seaworthy/check.h>

#include "dates.h"

enum { STALE_DAYS = 90 };

enum support {
	ENDED,   /* the project says so */
	ENDS_ON, /* it has named a day, and may still move it */
	ONGOING, /* until a later line ends it */
};

struct line {
	const char *component, *series;
	enum support support;
	const char *end;
};

/*
 * Of each component from old to new. What is older than the first has ended, too. Engine:
 * moby/moby project/BRANCHES-AND-TAGS.md; containerd: RELEASES.md; runc: the notes of each minor
 * release (RELEASES.md tells the policy).
 */
static const struct line lines[] = {
	{ "Engine", "23.0", ENDED, "2025-05-19" },
	{ "Engine", "24.0", ENDED, NULL },
	{ "Engine", "25.0", ENDS_ON, "2026-12-04" },
	{ "Engine", "26.0", ENDED, NULL },
	{ "Engine", "26.1", ENDED, NULL },
	{ "Engine", "27", ENDED, NULL },
	{ "Engine", "28", ENDED, NULL },
	{ "Engine", "29", ONGOING, NULL },
	{ "containerd", "1.6", ENDED, "2025-08-23" },
	{ "containerd", "1.7", ENDS_ON, "2026-09-30" },
	{ "containerd", "2.0", ENDS_ON, "2027-03-31" },
	{ "containerd", "2.1", ENDED, "2026-07-03" },
	{ "containerd", "2.2", ENDS_ON, "2026-11-06" },
	{ "containerd", "2.3", ENDS_ON, "2028-04-30" },
	{ "containerd", "2.4", ENDS_ON, "2027-04-26" },
	{ "runc", "1.2", ENDED, "2026-06-19" },
	{ "runc", "1.3", ENDS_ON, "2026-10-31" },
	{ "runc", "1.4", ONGOING, NULL },
	{ "runc", "1.5", ONGOING, NULL },
};

bool release_is_of(const char *version, const char *series)
{
	size_t n = strlen(series);
	return strncmp(version, series, n) == 0 && (version[n] == '.' || version[n] == '\0');
}

/* NULL for a version that no line knows; *ret_oldest is the first line of the component. */
static const struct line *line_of(const char *component, const char *version,
				  const struct line **ret_oldest)
{
	*ret_oldest = NULL;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		if (strcmp(lines[i].component, component) != 0)
			continue;
		if (!*ret_oldest)
			*ret_oldest = &lines[i];
		if (release_is_of(version, lines[i].series))
			return &lines[i];
	}
	return NULL;
}

/* The engine's own line decides; what comes with it may be exchanged, and is for a person. */
static void say_ended(struct sw_eval *e, const char *component, const char *version,
		      const struct line *line)
{
	const char *text =
		sw_at(e, "%s %s: its release line gets no fixes any more%s%s", component, version,
		      line && line->end ? " since " : "", line && line->end ? line->end : "");

	if (strcmp(component, "Engine") == 0)
		sw_fail(e, "%s", text);
	else
		sw_warn(e, "%s", text);
}

void release_line_is_maintained(struct sw_eval *e, const char *component, const char *version)
{
	const struct line *oldest, *line = line_of(component, version, &oldest);
	const char *now = sw_str(e, "@run/now", "");

	if (!line && oldest && sw_version_compare(version, oldest->series) < 0)
		say_ended(e, component, version, NULL);
	else if (!line)
		sw_warn(e, "%s %s: the table of " RELEASES_AS_OF " does not know its release line",
			component, version);
	else if (line->support == ENDED)
		say_ended(e, component, version, line);
	else if (line->support == ENDS_ON && date_days(now) > date_days(line->end))
		sw_warn(e, "%s %s: fixes for its release line were to end on %s", component,
			version, line->end);
}

void release_tables_are_fresh(struct sw_eval *e)
{
	int64_t age = date_days(sw_str(e, "@run/now", "")) - date_days(RELEASES_AS_OF);

	if (age > STALE_DAYS)
		sw_warn(e,
			"the table of fixes is of " RELEASES_AS_OF
			", %lld days old: look up newer ones",
			(long long)age);
}
