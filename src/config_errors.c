/* SPDX-License-Identifier: Apache-2.0 */
/* config_errors.c: daemon.json as dockerd takes it, and what in it dockerd would refuse or ignore.
 */
#include <strings.h>

#include "effective.h"

/* The newest engine whose keys the table was compared with: a later one may know more. */
enum { NEWEST_KNOWN = 29 };

/* Objects that are one value. dockerd takes the members of every other object for keys of their
 * own. */
static bool is_one_value(const char *key)
{
	static const char *const keys[] = { "cluster-store-opts",
					    "default-network-opts",
					    "log-opts",
					    "runtimes",
					    "default-ulimits",
					    "features",
					    "builder",
					    "nri-opts" };
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (streq(key, keys[i]))
			return true;
	}
	return false;
}

static void say(json_t *texts, char *text)
{
	json_array_append_new(texts, json_string(text));
	free(text);
}

struct flattening {
	const char *path;
	unsigned major;
	json_t *flat, *errors, *ignored;
};

static const struct setting *named_by_flag_only(const char *key)
{
	const struct setting *s = setting_by_flag(key, strlen(key));
	return s && (!s->key || s->has_key_without_effect) ? s : NULL;
}

static void say_unknown(struct flattening *f, const char *key)
{
	const char *likely = NULL;
	if (f->major > NEWEST_KNOWN)
		return;
	for (const struct setting *s = settings; s->key || s->flag; s++) {
		if (s->key && strcasecmp(s->key, key) == 0 && !streq(s->key, key))
			likely = s->key;
	}
	if (likely)
		say(f->errors,
		    xasprintf("%s: dockerd refuses '%s': it is spelt '%s'", f->path, key, likely));
	else
		say(f->errors,
		    xasprintf("%s: dockerd refuses '%s': there is no such key", f->path, key));
}

static void add_key(struct flattening *f, const char *key, json_t *value)
{
	const struct setting *s = setting_by_key(key);
	const struct setting *twin = named_by_flag_only(key);

	if (s && setting_exists(s, f->major)) {
		if (!setting_type_fits(s, value))
			say(f->errors,
			    xasprintf("%s: '%s' is not %s", f->path, key, setting_type_name(s)));
		else if (!json_is_null(value))
			json_object_set(f->flat, key, value);
	} else if (twin && twin->key) {
		say(f->ignored,
		    xasprintf("%s: '%s' has no effect: the key is '%s'", f->path, key, twin->key));
	} else if (twin || streq(key, "deprecated-key-path")) {
		say(f->ignored, xasprintf("%s: '%s' has no effect in the file", f->path, key));
	} else {
		say_unknown(f, key);
	}
}

/*
 * Only the members of "proxies" are decoded where they stand. Of others true and false get through,
 * by way of the flags' defaults, but not those of TLS, which are asked for by other means.
 */
static void add_nested(struct flattening *f, const char *outer, const char *key, json_t *value)
{
	const struct setting *s = setting_by_key(key);
	if (streq(outer, "proxies") || !s || (s->type == SETTING_BOOL && !starts_with(key, "tls")))
		add_key(f, key, value);
	else
		say(f->ignored,
		    xasprintf("%s: '%s' inside '%s' has no effect", f->path, key, outer));
}

json_t *config_flatten(const json_t *content, const char *path, unsigned major, json_t *errors,
		       json_t *ignored)
{
	struct flattening f = { path, major, json_object(), errors, ignored };
	json_t *source = (json_t *)(uintptr_t)content, *value, *inner;
	const char *key, *inner_key;
	json_object_foreach(source, key, value)
	{
		if (!json_is_object(value) || is_one_value(key)) {
			add_key(&f, key, value);
			continue;
		}
		const struct setting *s = setting_by_key(key);
		if (s && s->type != SETTING_OBJECT)
			say(errors,
			    xasprintf("%s: '%s' is not %s", path, key, setting_type_name(s)));
		json_object_foreach(value, inner_key, inner) add_nested(&f, key, inner_key, inner);
	}
	return f.flat;
}

static void check_twice(const struct view *v, json_t *errors)
{
	const char *key;
	json_t *value;
	/* A relative of dockerd's own check, which looks at the flags that were given. */
	json_object_foreach(v->flags.values, key, value)
	{
		if (json_object_get(v->file, key) && !streq(key, "runtimes"))
			say(errors, xasprintf("%s: '%s' is given on the command line too",
					      v->file_path, key));
	}
}

static const struct {
	const char *key, *words;
} choices[] = {
	{ "log-level", " panic fatal error warn info debug trace " },
	{ "log-format", " text json " },
	{ "default-ipc-mode", " private shareable " },
	{ "default-cgroupns-mode", " private host " },
};

static void check_choices(const struct view *v, json_t *errors)
{
	for (size_t i = 0; i < ARRAY_SIZE(choices); i++) {
		const char *value = json_string_value(json_object_get(v->file, choices[i].key));
		if (!value || !*value)
			continue;
		AUTO_FREE char *word = xasprintf(" %s ", value);
		/* logrus takes "warning" and any case for a level. */
		if (!strcasestr(choices[i].words, word) && strcasecmp(value, "warning") != 0)
			say(errors, xasprintf("%s: '%s' cannot be '%s'", v->file_path,
					      choices[i].key, value));
	}
}

static bool is_off(const struct view *v, const char *key)
{
	return json_is_false(json_object_get(v->file, key)) ||
	       json_is_false(json_object_get(v->flags.values, key));
}

void config_check(const struct view *v, json_t *errors)
{
	check_twice(v, errors);
	check_choices(v, errors);
	if (is_off(v, "icc") && is_off(v, "iptables"))
		say(errors,
		    xasprintf("%s: 'icc' cannot be false while 'iptables' is false", v->file_path));
}
