/* SPDX-License-Identifier: Apache-2.0 */
/* tunedprofile.c: see tunedprofile.h. */
#include "tunedprofile.h"

#include "confdir.h"
#include "facts.h"
#include "sysctlfile.h"

bool tuned_is_name(const char *name)
{
	return *name && !streq(name, ".") && !streq(name, "..") &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
				 ".-")] == '\0';
}

/* The value in force of "Section/name", without a comment behind it; malloc'ed, or NULL. */
static char *value_of(const json_t *ini, const char *section, const char *name)
{
	AUTO_FREE char *key = xasprintf("%s/%s", section, name);
	const json_t *one = json_array_get(json_object_get(ini, key), 0);
	const char *text = json_string_value(json_object_get(one, "value"));
	if (!text)
		return NULL;
	char *value = xstrdup(text), *comment = value;
	while ((comment = strchr(comment, '#')))
		if (comment == value || comment[-1] == ' ' || comment[-1] == '\t')
			*comment = '\0';
		else
			comment++;
	conf_cut_blanks(value);
	return value;
}

json_t *tuned_includes(const json_t *ini)
{
	AUTO_FREE char *include = value_of(ini, "main", "include");
	json_t *names = json_array();
	char *rest = include, *name;
	if (include && strstr(include, "${")) {
		json_decref(names);
		return fact_unread("a profile of tuned includes %s", include);
	}
	while ((name = strsep(&rest, ",;"))) {
		name = conf_cut_blanks(name);
		if (*name)
			json_array_append_new(names, json_string(name));
	}
	return names;
}

static bool is_true(const char *value)
{
	return value && (streq(value, "1") || strcasecmp(value, "true") == 0 ||
			 strcasecmp(value, "yes") == 0 || strcasecmp(value, "on") == 0);
}

/* Does the section set kernel settings: by its name, or by its type? */
static bool is_for_sysctl(const json_t *ini, const char *section)
{
	AUTO_FREE char *type = value_of(ini, section, "type");
	return streq(type ? type : section, "sysctl");
}

static json_t *value_fact(const char *text)
{
	size_t n = strlen(text);
	if (*text == '>' || *text == '<' || strstr(text, "${"))
		return fact_unread("tuned decides it when it starts: %s", text);
	if (n >= 2 && (*text == '"' || *text == '\'') && text[n - 1] == *text)
		return json_stringn(text + 1, n - 2);
	return json_string(text);
}

static void put_first(json_t *settings, const char *path, const json_t *entry, json_t *value)
{
	json_t *list = json_array(), *one = json_copy((json_t *)(uintptr_t)entry);
	json_object_set_new(one, "value", value);
	json_array_append_new(list, one);
	json_array_extend(list, json_object_get(settings, path));
	json_object_set_new(settings, path, list);
}

/* What a section says of itself, not of the kernel. */
static bool is_of_the_section(const char *name)
{
	static const char *const names[] = {
		"type", "enabled", "replace", "devices", "devices_udev_regex", "drop", "priority"
	};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (streq(name, names[i]))
			return true;
	return false;
}

static void drop_named(json_t *settings, char *names)
{
	char *name;
	while ((name = strsep(&names, ",;"))) {
		AUTO_FREE char *path = sysctl_path(conf_cut_blanks(name));
		json_object_del(settings, path);
	}
}

static char *begin_section(json_t *settings, const json_t *ini, const char *section)
{
	static const char *const conditions[] = { "uname_regex", "cpuinfo_regex" };
	AUTO_FREE char *replace = value_of(ini, section, "replace");
	AUTO_FREE char *drop = value_of(ini, section, "drop");
	for (size_t i = 0; i < ARRAY_SIZE(conditions); i++) {
		AUTO_FREE char *condition = value_of(ini, section, conditions[i]);
		if (condition)
			return xasprintf("[%s] of a profile of tuned hangs on %s", section,
					 conditions[i]);
	}
	if (is_true(replace))
		json_object_clear(settings);
	if (drop)
		drop_named(settings, drop);
	return NULL;
}

char *tuned_add(json_t *settings, const json_t *ini)
{
	json_t *begun = json_object(), *list;
	const char *key;
	char *why = NULL;
	json_object_foreach((json_t *)(uintptr_t)ini, key, list)
	{
		const char *slash = strchr(key, '/');
		AUTO_FREE char *section = slash ? xstrndup(key, (size_t)(slash - key)) : NULL;
		AUTO_FREE char *enabled = section ? value_of(ini, section, "enabled") : NULL;
		if (!section || !is_for_sysctl(ini, section) || (enabled && !is_true(enabled)))
			continue;
		if (!json_object_get(begun, section)) {
			json_object_set_new(begun, section, json_true());
			why = begin_section(settings, ini, section);
			if (why)
				break;
		}
		if (is_of_the_section(slash + 1))
			continue;
		AUTO_FREE char *path = sysctl_path(slash + 1);
		AUTO_FREE char *value = value_of(ini, section, slash + 1);
		if (*path && value)
			put_first(settings, path, json_array_get(list, 0),
				  sysctl_is_secret(path) ? json_string("«redacted: key»")
							 : value_fact(value));
	}
	json_decref(begun);
	return why;
}

/* Does tuned apply this file again, after its own settings? */
static bool is_applied_again(const json_t *one)
{
	const char *file = json_string_value(json_object_get(one, "file"));
	return file && (starts_with(file, "/etc/sysctl.d/") ||
			starts_with(file, "/run/sysctl.d/") || streq(file, "/etc/sysctl.conf"));
}

static json_t *merged(const json_t *files, const json_t *own, const json_t *conf, bool reapply)
{
	json_t *list = json_array(), *one;
	size_t i;
	bool has_conf = false;
	json_array_foreach(files, i, one)
	{
		const char *file = json_string_value(json_object_get(one, "file"));
		has_conf |= file && streq(file, "/etc/sysctl.conf");
	}
	if (reapply && conf && !has_conf)
		json_array_extend(list, (json_t *)(uintptr_t)conf);
	json_array_foreach(files, i, one) if (reapply && is_applied_again(one))
		json_array_append(list, one);
	if (own)
		json_array_extend(list, (json_t *)(uintptr_t)own);
	json_array_foreach(files, i, one) if (!reapply || !is_applied_again(one))
		json_array_append(list, one);
	return list;
}

/* All keys: what tuned does not set is applied again too. */
static json_t *keys_of(const json_t *settings, const json_t *tuned, const json_t *conf,
		       bool reapply)
{
	json_t *keys = json_copy((json_t *)(uintptr_t)tuned);
	if (!reapply)
		return keys;
	json_object_update_missing(keys, (json_t *)(uintptr_t)settings);
	if (conf)
		json_object_update_missing(keys, (json_t *)(uintptr_t)conf);
	return keys;
}

void tuned_merge(json_t *settings, const json_t *tuned, const json_t *conf, bool reapply)
{
	if (json_object_size(tuned) == 0)
		return;
	json_t *keys = keys_of(settings, tuned, conf, reapply), *value;
	const char *path;
	json_object_foreach(keys, path, value)
	{
		json_object_set_new(settings, path,
				    merged(json_object_get(settings, path),
					   json_object_get(tuned, path),
					   json_object_get(conf, path), reapply));
	}
	json_decref(keys);
}
