/* SPDX-License-Identifier: Apache-2.0 */
/* auditstarts.c: see auditstarts.h. */
#include "auditstarts.h"

#include "auditcover.h"
#include "facts.h"

/* ENTRIES_MAX: of rules, over all programs; each is about half a kilobyte. */
enum { PROGRAMS_MAX = 500, ENTRIES_MAX = 20000, SET_UID = 04000, SET_GID = 02010 };

struct starts {
	json_t *world, *programs;
	size_t n_entries;
	bool is_cut;
};

static const char *text_of(const json_t *object, const char *member)
{
	const char *s = json_string_value(json_object_get(object, member));
	return s ? s : "";
}

/* May the rule decide about the start of a program? Of the other lists any may. */
static bool is_of_starts(const json_t *rule)
{
	const char *kinds = json_string_value(json_object_get(rule, "some"));
	return !streq(text_of(rule, "list"), "exit") ||
	       strchr(kinds ? kinds : text_of(rule, "full"), 'x');
}

static json_t *of_starts(struct starts *s, json_t *cover)
{
	json_t *kept = json_array(), *entry;
	bool is_cut = json_is_true(json_object_get(cover, "cut"));
	size_t i;
	if (fact_is_unread(cover)) {
		json_decref(kept);
		return json_incref(cover);
	}
	json_array_foreach(json_object_get(cover, "rules"), i, entry)
	{
		if (!is_of_starts(json_object_get(entry, "rule")))
			continue;
		if (s->n_entries >= ENTRIES_MAX) {
			json_array_clear(kept); /* one that takes events away may come yet */
			is_cut = true;
			break;
		}
		json_array_append(kept, entry);
		s->n_entries++;
	}
	return json_pack("{so sb}", "rules", kept, "cut", is_cut);
}

static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);
	while (*list) {
		size_t k = strcspn(list, ",");
		if (k == n && strncmp(list, word, n) == 0)
			return true;
		list += k + (list[k] == ',');
	}
	return false;
}

/* The option of its mount by which a program there has no rights of its own, or NULL. */
static const char *disarmed_by(json_t *world, const char *path)
{
	struct fact mounts = facts_find(world, "host/mounts");
	const char *options = "";
	json_t *mount;
	size_t i, longest = 0;
	if (mounts.state != FACT_KNOWN)
		return NULL;
	json_array_foreach(mounts.value, i, mount)
	{
		const char *point = text_of(mount, "point");
		if (!*point || !sw_is_below(path, point) || strlen(point) < longest)
			continue;
		longest = strlen(point);
		options = text_of(mount, "options");
	}
	return has_word(options, "noexec")   ? "noexec"
	       : has_word(options, "nosuid") ? "nosuid"
					     : NULL;
}

static void add_program(struct starts *s, const char *path, json_t *file, bool is_capable)
{
	static const char *const sets[] = { "loaded", "rules.d", "audit.rules" };
	static const char *const own[] = { "mode", "uid", "gid" };
	json_t *program = json_object_get(s->programs, path);
	if (!program && json_object_size(s->programs) >= PROGRAMS_MAX) {
		s->is_cut = true;
		return;
	}
	if (!program) {
		json_t *cover = auditcover_of(s->world, path);
		program = json_pack("{sb ss*}", "capable", 0, "mount", disarmed_by(s->world, path));
		for (size_t i = 0; i < ARRAY_SIZE(sets); i++)
			json_object_set_new(program, sets[i],
					    of_starts(s, json_object_get(cover, sets[i])));
		json_decref(cover);
		json_object_set_new(s->programs, path, program);
	}
	for (size_t i = 0; i < ARRAY_SIZE(own) && !is_capable; i++)
		json_object_set(program, own[i], json_object_get(file, own[i]));
	if (is_capable)
		json_object_set_new(program, "capable", json_true());
}

/* Without the bit to execute, set-gid once meant a mandatory lock, and set-uid means nothing. */
static bool gives_rights(const json_t *file)
{
	unsigned long mode = strtoul(text_of(file, "mode"), NULL, 8);
	return ((mode & SET_UID) && (mode & 0111)) || (mode & SET_GID) == SET_GID;
}

static void add_all(struct starts *s, json_t *hits, bool is_capable)
{
	json_t *files = json_object_get(hits, "files"), *file;
	const char *path;
	json_object_foreach(files, path, file)
	{
		if (is_capable || gives_rights(file))
			add_program(s, path, file, is_capable);
	}
	s->is_cut |= json_integer_value(json_object_get(hits, "count")) >
		     (json_int_t)json_object_size(files);
}

void auditstarts_derive(json_t *world)
{
	json_t *host = json_object_get(world, "host"), *auditd = json_object_get(host, "auditd");
	json_t *walk = json_object_get(host, "walk");
	if (!json_is_object(auditd) || fact_is_unread(auditd))
		return;
	/* Never what a snapshot says of it. */
	json_object_del(auditd, "starting");
	if (!walk)
		return;
	if (fact_is_unread(walk)) {
		json_object_set(auditd, "starting", walk);
		return;
	}
	struct starts s = { .world = world, .programs = json_object() };
	add_all(&s, json_object_get(walk, "set_id"), false);
	add_all(&s, json_object_get(walk, "capabilities"), true);
	json_object_set_new(auditd, "starting",
			    json_pack("{so sb}", "programs", s.programs, "cut", s.is_cut));
}
