/* SPDX-License-Identifier: Apache-2.0 */
/* audithost.c: see audithost.h. */
#include "audithost.h"

#include "auditcover.h"
#include "facts.h"

enum { RULES_KEPT = 500 };

static const char *text_of(const json_t *object, const char *member)
{
	const char *s = json_string_value(json_object_get(object, member));
	return s ? s : "";
}

/* Rules that watch a path record no call as such; those that take events away count all the same.
 */
static bool is_of_calls(const json_t *rule)
{
	return streq(text_of(rule, "list"), "exit") &&
	       (!json_object_get(rule, "path") || streq(text_of(rule, "action"), "never"));
}

/* Of the other lists those that take events away, whatever they are of. */
static void add_other_lists(json_t *kept, json_t *any)
{
	json_t *entry;
	size_t i;
	json_array_foreach(json_object_get(any, "rules"), i, entry)
	{
		json_t *rule = json_object_get(entry, "rule");
		if (!streq(text_of(rule, "list"), "exit"))
			json_array_append(kept, rule);
	}
}

static json_t *calls_of(json_t *any, struct fact rules)
{
	json_t *kept, *rule;
	bool is_cut = json_is_true(json_object_get(any, "cut"));
	size_t i;
	if (fact_is_unread(any))
		return json_incref(any);
	kept = json_array();
	add_other_lists(kept, any);
	json_array_foreach(rules.value, i, rule)
	{
		if (!is_of_calls(rule))
			continue;
		is_cut |= json_array_size(kept) >= RULES_KEPT;
		if (!is_cut)
			json_array_append(kept, rule);
	}
	return json_pack("{so sb}", "rules", kept, "cut", is_cut);
}

static json_t *calls(json_t *world)
{
	static const struct {
		const char *member, *at;
	} sets[] = {
		{ "loaded", "host/audit/rules" },
		{ "rules.d", "host/audit-files/rules.d/rules" },
		{ "audit.rules", "host/audit-files/audit.rules/rules" },
	};
	json_t *all = json_object(), *any = auditcover_of(world, "/");
	for (size_t i = 0; i < ARRAY_SIZE(sets); i++)
		json_object_set_new(all, sets[i].member,
				    calls_of(json_object_get(any, sets[i].member),
					     facts_find(world, sets[i].at)));
	json_decref(any);
	return all;
}

static json_t *watching(json_t *world, json_t *files)
{
	json_t *all = json_object(), *file;
	const char *path;
	json_object_foreach(files, path, file)
	{
		const char *entry = json_string_value(json_object_get(file, "entry"));
		if (json_is_true(json_object_get(file, "exists")))
			json_object_set_new(all, path, auditcover_of(world, entry ? entry : path));
	}
	return all;
}

void audithost_derive(json_t *world)
{
	json_t *host = json_object_get(world, "host"), *auditd = json_object_get(host, "auditd");
	json_t *files = json_object_get(auditd, "files");
	if (!json_is_object(files) || fact_is_unread(files) || !json_object_get(host, "audit"))
		return;
	json_object_set_new(auditd, "watching", watching(world, files));
	json_object_set_new(auditd, "calls", calls(world));
}
