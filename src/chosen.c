/* SPDX-License-Identifier: Apache-2.0 */
/* chosen.c: which subjects --subject selects, and whether each of its patterns selects one. */
#include <fnmatch.h>

#include "engine_private.h"
#include "util.h"

static bool matches(const char *pattern, const struct subject *s)
{
	return fnmatch(pattern, s->name, 0) == 0 || fnmatch(pattern, s->image, 0) == 0 ||
	       starts_with(s->id, pattern);
}

bool subject_is_chosen(const struct judge *j, const struct subject *s)
{
	const char *const *pattern = j->o.subject_patterns;
	if (!pattern)
		return true;
	for (; *pattern; pattern++)
		if (matches(*pattern, s))
			return true;
	return false;
}

static bool selects_any(const struct judge *j, const char *pattern)
{
	for (size_t i = 0; i < j->n_index; i++)
		if (matches(pattern, j->index[i]))
			return true;
	return false;
}

/* Might there be one that was not seen? Then a finding says so already. */
static bool may_have_missed(const struct judge *j, enum sw_kind kind)
{
	const struct population *p = &j->populations[kind];
	if (kind == SW_SERVICE && !p->came && has_no_services(j))
		return false;
	for (size_t i = 0; i < j->report.n_results; i++)
		if (j->report.results[i].rule->check->kind == kind && (!p->came || p->error))
			return true;
	return p->error != NULL;
}

const char *judge_idle_pattern(const struct judge *j)
{
	static const enum sw_kind kinds[] = { SW_IMAGE, SW_CONTAINER, SW_SERVICE };
	if (!j->o.subject_patterns || !j->has_end)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(kinds) && !j->has_no_engine; i++)
		if (may_have_missed(j, kinds[i]))
			return NULL;
	for (const char *const *pattern = j->o.subject_patterns; *pattern; pattern++)
		if (!selects_any(j, *pattern))
			return *pattern;
	return NULL;
}
