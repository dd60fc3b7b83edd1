/* SPDX-License-Identifier: Apache-2.0 */
/* auditcover.c: see auditcover.h. */
#include "auditcover.h"

#include "auditreach.h"
#include "facts.h"

enum { RULES_KEPT = 500, OTHERS_KEPT = 2 * RULES_KEPT /* with those of other lists */ };

/* The paths that may be watched; links in unit files' names lead through the host's own root. */
static const struct {
	const char *name;
	bool is_host_file;
} roles[] = {
	{ "dockerd", false },
	{ "run-containerd", false },
	{ "data-root", false },
	{ "config-dir", false },
	{ "docker.service", true },
	{ "containerd-socket", false },
	{ "api-sockets", false },
	{ "defaults", false },
	{ "config-file", false },
	{ "containerd-config", false },
	{ "sysconfig", false },
	{ "containerd", false },
	{ "containerd-shim", false },
	{ "containerd-shim-runc-v1", false },
	{ "containerd-shim-runc-v2", false },
	{ "runtimes", false },
};

static const char *text_of(json_t *object, const char *member)
{
	const char *s = json_string_value(json_object_get(object, member));
	return s ? s : "";
}

/* --- one rule ------------------------------------------------------------------------------------
 */

/* SYSCALL and PATH: without either of these records an access leaves no trace (linux/audit.h). */
static const int64_t records[] = { 1300, 1302 };

static bool holds(int64_t left, const char *op, int64_t right)
{
	if (streq(op, "="))
		return left == right;
	if (streq(op, "!="))
		return left != right;
	if (streq(op, ">"))
		return left > right;
	if (streq(op, ">="))
		return left >= right;
	if (streq(op, "<"))
		return left < right;
	return !streq(op, "<=") || left <= right;
}

static bool type_matches(const char *op, const char *value, size_t i)
{
	static const char *const names[] = { "SYSCALL", "PATH" };
	int64_t number;
	if (parse_int(value, &number))
		return holds(records[i], op, number);
	return streq(op, "!=") ? !streq(value, names[i]) : streq(value, names[i]);
}

/* Does a rule of the exclude list drop one of the records? Its other fields narrow it. */
static bool drops_records(json_t *rule, bool *ret_narrowed)
{
	json_t *fields = json_object_get(rule, "fields"), *field;
	bool is_any = false;
	size_t i, j;
	*ret_narrowed = false;
	for (i = 0; i < ARRAY_SIZE(records); i++) {
		bool is_all = true;
		json_array_foreach(fields, j, field)
		{
			bool is_type = streq(text_of(field, "field"), "msgtype");
			*ret_narrowed |= !is_type;
			is_all &= !is_type ||
				  type_matches(text_of(field, "op"), text_of(field, "value"), i);
		}
		is_any |= is_all;
	}
	return is_any;
}

/* Where a rule's path lies, seen from the target; NULL: elsewhere. */
static const char *place_of(json_t *rule, const char *target, const char **ret_rest)
{
	const char *real = json_string_value(json_object_get(rule, "real"));
	const char *path = real ? real : text_of(rule, "path");
	if (streq(path, target))
		return "same";
	if (!json_is_false(json_object_get(rule, "recursive")) && sw_is_below(target, path))
		return "above";
	if (!sw_is_below(path, target) || !streq(text_of(rule, "action"), "never"))
		return NULL;
	*ret_rest = path + strlen(target) + !streq(target, "/");
	return "below";
}

/* How a rule of the exit list has to do with target. */
static const char *exit_place(json_t *rule, const char *target, const char **ret_rest,
			      bool *ret_narrowed)
{
	json_t *some = json_object_get(rule, "some");
	*ret_narrowed = json_array_size(json_object_get(rule, "fields")) > 0;
	if (streq(json_string_value(some) ? json_string_value(some) : text_of(rule, "full"), ""))
		return NULL;
	return json_object_get(rule, "path") ? place_of(rule, target, ret_rest) : "any";
}

/* debugfs and tracefs, whose names fill records and where none of the engine's files are. */
static bool is_of_tracing(json_t *rule)
{
	static const char *const types[] = { "debugfs", "tracefs", "1684170528", "1953653091" };
	json_t *fields = json_object_get(rule, "fields"), *field;
	size_t i, j;
	json_array_foreach(fields, i, field)
	{
		if (!streq(text_of(field, "field"), "fstype") || !streq(text_of(field, "op"), "="))
			continue;
		for (j = 0; j < ARRAY_SIZE(types); j++)
			if (streq(text_of(field, "value"), types[j]))
				return true;
	}
	return false;
}

static const char *place_in_list(json_t *rule, const char *target, const char **ret_rest,
				 bool *ret_narrowed)
{
	static const char *const without_say[] = { "user", "entry", "watch", "io_uring" };
	const char *list = text_of(rule, "list");
	bool is_never = streq(text_of(rule, "action"), "never");
	for (size_t i = 0; i < ARRAY_SIZE(without_say); i++)
		if (streq(list, without_say[i]))
			return NULL;
	if (streq(list, "exit"))
		return exit_place(rule, target, ret_rest, ret_narrowed);
	if (streq(list, "exclude"))
		return drops_records(rule, ret_narrowed) ? "any" : NULL;
	if (streq(list, "filesystem") && is_of_tracing(rule))
		return NULL;
	*ret_narrowed = json_array_size(json_object_get(rule, "fields")) > 0;
	return is_never || (!streq(list, "task") && !streq(list, "filesystem")) ? "any" : NULL;
}

/* --- one path ------------------------------------------------------------------------------------
 */

static bool is_record_of_path(json_t *rule)
{
	return streq(text_of(rule, "list"), "exit") && streq(text_of(rule, "action"), "always") &&
	       json_object_get(rule, "path");
}

/* mounts: of rules that are loaded; what a file would load is loaded anew. */
static json_t *touching(json_t *rules, const char *target, const struct fact *mounts)
{
	json_t *kept = json_array(), *rule;
	bool is_cut = false;
	size_t i;
	json_array_foreach(rules, i, rule)
	{
		const char *rest = NULL;
		bool is_narrowed = false;
		const char *at = place_in_list(rule, target, &rest, &is_narrowed);
		if (!at)
			continue;
		is_cut |= json_array_size(kept) >= RULES_KEPT;
		/* The first that fits decides, but those of other lists count whatever the order.
		 */
		if (is_cut && streq(text_of(rule, "list"), "exit"))
			continue;
		if (json_array_size(kept) >= OTHERS_KEPT) {
			json_array_clear(kept);
			break;
		}
		json_t *entry = json_pack("{ss ss* sb sO}", "at", at, "rest", rest, "narrowed",
					  is_narrowed, "rule", rule);
		if (mounts && is_record_of_path(rule))
			auditreach_tell(entry, rule, target, *mounts);
		json_array_append_new(kept, entry);
	}
	return json_pack("{so sb}", "rules", kept, "cut", is_cut);
}

static json_t *touching_at(json_t *world, const char *at, const char *target)
{
	struct fact f = facts_find(world, at), mounts = facts_find(world, "host/mounts");
	if (f.state == FACT_KNOWN && json_is_array(f.value))
		return touching(f.value, target, starts_with(at, "host/audit/") ? &mounts : NULL);
	return fact_unread("%s", f.state == FACT_UNREAD ? f.reason : "the rules were not read");
}

/*
 * What the rules call a path of the engine: with its links resolved, in the audited root. An engine
 * with a root of its own may see another file by the same name. New reference: text or unread.
 */
static json_t *name_for_rules(json_t *world, const char *path, bool is_host_file)
{
	json_t *engine = json_object_get(world, "engine");
	json_t *file = json_object_get(json_object_get(engine, "files"), path);
	json_t *process = json_object_get(engine, "process");
	if (!is_host_file && json_is_true(json_object_get(process, "OwnRoot"))) {
		json_t *here = json_object_get(json_object_get(engine, "host-files"), path);
		bool is_same =
			json_is_integer(json_object_get(here, "ino")) &&
			json_equal(json_object_get(here, "ino"), json_object_get(file, "ino")) &&
			json_equal(json_object_get(here, "dev"), json_object_get(file, "dev"));
		if (!is_same)
			return fact_unread("the engine has a root folder of its own, and its %s is "
					   "not this host's",
					   path);
		file = here;
	}
	json_t *real = json_object_get(file, "path");
	if (json_is_string(real) || fact_is_unread(real))
		return json_incref(real);
	return json_string(path);
}

json_t *auditcover_of(json_t *world, const char *target)
{
	static const struct {
		const char *member, *at;
	} sets[] = {
		{ "loaded", "host/audit/rules" },
		{ "rules.d", "host/audit-files/rules.d/rules" },
		{ "audit.rules", "host/audit-files/audit.rules/rules" },
	};
	json_t *all = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(sets); i++)
		json_object_set_new(all, sets[i].member, touching_at(world, sets[i].at, target));
	return all;
}

static json_t *watching_of(json_t *world, const char *path, bool is_host_file)
{
	static const char *const sets[] = { "loaded", "rules.d", "audit.rules" };
	json_t *name = name_for_rules(world, path, is_host_file), *all;
	const char *target = json_string_value(name);
	all = target ? auditcover_of(world, target) : json_object();
	for (size_t i = 0; !target && i < ARRAY_SIZE(sets); i++)
		json_object_set(all, sets[i], name);
	json_decref(name);
	return all;
}

static void add_path(json_t *world, json_t *watching, const json_t *path, bool is_host_file)
{
	const char *p = json_string_value(path);
	if (p && *p == '/' && !json_object_get(watching, p))
		json_object_set_new(watching, p, watching_of(world, p, is_host_file));
}

void auditcover_derive(json_t *world)
{
	json_t *engine = json_object_get(world, "engine"),
	       *paths = json_object_get(engine, "paths"), *element;
	json_t *watching;
	size_t i, j;
	if (!json_object_get(json_object_get(world, "host"), "audit"))
		return;
	watching = json_object();
	for (i = 0; i < ARRAY_SIZE(roles); i++) {
		json_t *value = json_object_get(paths, roles[i].name);
		add_path(world, watching, value, roles[i].is_host_file);
		json_array_foreach(value, j, element)
			add_path(world, watching, element, roles[i].is_host_file);
	}
	json_object_set_new(engine, "watching", watching);
}
