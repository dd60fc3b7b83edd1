/* SPDX-License-Identifier: Apache-2.0 */
/* unitlinks.c: see unitlinks.h. */
#include "unitlinks.h"

#include <fnmatch.h>

const char *const unit_dirs[] = {
	"/etc/systemd/system.control", "/run/systemd/system.control",
	"/run/systemd/transient",      "/run/systemd/generator.early",
	"/etc/systemd/system",         "/etc/systemd/system.attached",
	"/run/systemd/system",         "/run/systemd/system.attached",
	"/run/systemd/generator",      "/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system",     "/lib/systemd/system",
	"/run/systemd/generator.late", NULL,
};

static const char *const kinds[] = { ".service", ".socket", ".target",    ".timer",
				     ".path",    ".mount",  ".automount", ".swap",
				     ".slice",   ".scope",  ".device" };
static const char *const pulling[] = { ".wants", ".requires", ".upholds" };

struct unit_links *unit_links_new(void)
{
	struct unit_links *u = xalloc(sizeof(*u));
	*u = (struct unit_links){ json_object(), json_object(), json_object(),
				  json_object(), json_object(), json_object() };
	return u;
}

void unit_links_free(struct unit_links *u)
{
	if (!u)
		return;
	json_decref(u->files);
	json_decref(u->pulls);
	json_decref(u->links);
	json_decref(u->drop_ins);
	json_decref(u->reached);
	json_decref(u->other_names);
	free(u);
}

bool unit_links_are_cut(const struct unit_links *u)
{
	const json_t *const all[] = { u->files, u->pulls, u->links, u->drop_ins, u->other_names };
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (json_object_size(all[i]) >= UNITS_MAX)
			return true;
	return false;
}

static const char *ending(const char *name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ends_with(name, list[i]) && strlen(name) > strlen(list[i]))
			return list[i];
	return NULL;
}

bool unit_is_name(const char *name)
{
	return ending(name, kinds, ARRAY_SIZE(kinds)) != NULL;
}

static json_t *member_of(json_t *object, const char *name, json_t *(*make)(void))
{
	json_t *member = json_object_get(object, name);
	if (!member && json_object_size(object) < UNITS_MAX) {
		member = make();
		json_object_set_new(object, name, member);
	}
	return member;
}

/* What the administrator (or a generator) put there, not the distribution. */
static bool is_admin(const char *dir)
{
	return starts_with(dir, "/etc/") || starts_with(dir, "/run/");
}

bool unit_links_entry(struct unit_links *u, const char *dir, char type, const char *name)
{
	AUTO_FREE char *path = xasprintf("%s/%s", dir, name);
	if (ends_with(name, ".d") && type != 'f') {
		AUTO_FREE char *unit = xstrndup(name, strlen(name) - 2);
		json_array_append_new(member_of(u->drop_ins, unit, json_array), json_string(path));
		return false;
	}
	if (ending(name, pulling, ARRAY_SIZE(pulling)))
		return type != 'f';
	if (!unit_is_name(name) || (type != 'f' && type != 'l'))
		return false;
	json_t *known = json_object_get(u->files, name);
	if (!known && json_object_size(u->files) < UNITS_MAX)
		json_object_set_new(
			u->files, name,
			json_pack("{ss sb ss}", "path", path, "link", type == 'l', "dir", dir));
	else if (!json_object_get(known, "vendor"))
		json_object_set_new(known, "vendor", json_string(path));
	return false;
}

void unit_links_pulled(struct unit_links *u, const char *dir, const char *folder, const char *name)
{
	const char *tail = ending(folder, pulling, ARRAY_SIZE(pulling));
	if (!tail || !unit_is_name(name))
		return;
	AUTO_FREE char *path = xasprintf("%s/%s/%s", dir, folder, name);
	AUTO_FREE char *who = xstrndup(folder, strlen(folder) - strlen(tail));
	json_t *pulled = member_of(u->pulls, who, json_object);
	if (!json_object_get(pulled, name))
		json_object_set_new(pulled, name, json_string(path));
	if (is_admin(dir))
		json_array_append_new(member_of(u->links, name, json_array), json_string(path));
}

void unit_links_resolved(struct unit_links *u, const char *name, const char *target, bool is_null)
{
	json_t *file = json_object_get(u->files, name);
	if (is_null) {
		json_object_set_new(file, "masked", json_true());
		return;
	}
	if (!target) {
		json_object_del(u->files, name);
		return;
	}
	const char *base = strrchr(target, '/') ? strrchr(target, '/') + 1 : target;
	const char *dir = json_string_value(json_object_get(file, "dir"));
	json_object_set_new(file, "resolved", json_string(target));
	if (streq(base, name) || !unit_is_name(base))
		return;
	json_object_set_new(file, "alias", json_string(base));
	json_object_set_new(member_of(u->other_names, base, json_object), name, json_true());
	if (is_admin(dir))
		json_array_append(member_of(u->links, base, json_array),
				  json_object_get(file, "path"));
}

const char *unit_links_canonical(const struct unit_links *u, const char *name)
{
	json_t *file = json_object_get(u->files, name);
	const char *alias = json_string_value(json_object_get(file, "alias"));
	return alias ? alias : name;
}

char *unit_template(const char *name)
{
	const char *at = strchr(name, '@'), *dot = strrchr(name, '.');
	if (!at || !dot || at > dot || at + 1 == dot)
		return NULL;
	return xasprintf("%.*s%s", (int)(at - name + 1), name, dot);
}

static void pull_words(struct unit_links *u, const char *name, const char *path, const char *words)
{
	AUTO_FREE char *copy = xstrdup(words);
	char *rest = copy, *word;
	while ((word = strsep(&rest, " \t"))) {
		json_t *pulled = member_of(u->pulls, name, json_object);
		if (unit_is_name(word) && !json_object_get(pulled, word))
			json_object_set_new(pulled, word, json_string(path));
	}
}

/* A socket, timer or path starts the service of its own name unless it says another. */
static void pull_activated(struct unit_links *u, const char *name, const char *path,
			   const json_t *settings)
{
	static const struct {
		const char *kind, *section, *key;
	} activators[] = {
		{ ".socket", "Socket", "Service" },
		{ ".timer", "Timer", "Unit" },
		{ ".path", "Path", "Unit" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(activators); i++) {
		if (!ends_with(name, activators[i].kind))
			continue;
		json_t *list = json_object_get(json_object_get(settings, activators[i].section),
					       activators[i].key);
		size_t n = json_array_size(list);
		AUTO_FREE char *same = xasprintf(
			"%.*s.service", (int)(strlen(name) - strlen(activators[i].kind)), name);
		pull_words(u, name, path,
			   n > 0 ? json_string_value(json_array_get(list, n - 1)) : same);
	}
}

void unit_links_says(struct unit_links *u, const char *name, const char *path,
		     const json_t *settings)
{
	static const char *const keys[] = { "Wants", "Requires", "BindsTo", "Upholds" };
	json_t *unit = json_object_get(settings, "Unit"), *one;
	size_t k;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		json_array_foreach(json_object_get(unit, keys[i]), k, one)
			pull_words(u, name, path, json_string_value(one));
	}
	pull_activated(u, name, path, settings);
}

bool preset_enables(const json_t *rules, const char *name)
{
	json_t *rule;
	size_t i;
	json_array_foreach(rules, i, rule)
	{
		const char *pattern = json_string_value(json_object_get(rule, "value"));
		const char *verb = json_string_value(json_object_get(rule, "verb"));
		if (pattern && verb && fnmatch(pattern, name, FNM_NOESCAPE) == 0)
			return streq(verb, "enable");
	}
	return true;
}
