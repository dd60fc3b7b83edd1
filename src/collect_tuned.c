/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_tuned.c: what tuned sets in /proc/sys when it starts, by its profiles.
 *
 *   {"enabled":true,"profiles":["throughput-performance"],"files":[PATH,…],"reapply":true,
 *    "settings":{KEY:[…]}}; null: it has no profile; unread: what it would set is not known
 */
#include "collector.h"
#include "confdir.h"
#include "record.h"
#include "tunedprofile.h"

enum { PROFILES_MAX = 64 };

struct tuned {
	struct collector *c;
	json_t *files, *settings; /* of all profiles, the weakest first */
	size_t n;
	char *trouble;
};

static json_t *ini_of(struct collector *c, const char *path)
{
	const char *const first[] = { path, NULL };
	const struct conf_spec spec = {
		.first = first, .comments = "#;", .merge = CONF_LAST, .line = conf_line_ini
	};
	struct conf_source source = collector_source(c);
	return conf_read(&spec, &source);
}

static bool is_in(const json_t *list, const char *text)
{
	json_t *one;
	size_t i;
	json_array_foreach(list, i, one) if (streq(json_string_value(one), text)) return true;
	return false;
}

/* The profile's file and its settings; NULL: it is nowhere. */
static json_t *find_profile(struct tuned *t, const char *name, char **ret_path)
{
	static const char *const folders[] = { "/etc/tuned/profiles", "/etc/tuned",
					       "/usr/lib/tuned/profiles", "/usr/lib/tuned" };
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		AUTO_FREE char *path = xasprintf("%s/%s/tuned.conf", folders[i], name);
		json_t *conf = ini_of(t->c, path);
		if (json_array_size(json_object_get(conf, "files")) > 0) {
			*ret_path = TAKE(path);
			return conf;
		}
		json_decref(conf);
	}
	return NULL;
}

static void add_profiles(struct tuned *t, const json_t *names);

/* What it includes is weaker than its own. */
static void add_profile(struct tuned *t, const json_t *conf)
{
	json_t *ini = json_object_get(conf, "settings");
	json_t *includes = fact_is_unread(ini) ? json_incref(ini) : tuned_includes(ini);
	if (fact_is_unread(includes))
		t->trouble = xstrdup(fact_reason(includes));
	else
		add_profiles(t, includes);
	json_decref(includes);
	if (!t->trouble)
		t->trouble = tuned_add(t->settings, ini);
}

static void add_profiles(struct tuned *t, const json_t *names)
{
	json_t *one;
	size_t i;
	json_array_foreach(names, i, one)
	{
		AUTO_FREE char *path = NULL;
		const char *name = json_string_value(one);
		if (t->trouble)
			return;
		if (!tuned_is_name(name))
			t->trouble = xstrdup("a profile of tuned has a name that cannot be");
		else if (++t->n > PROFILES_MAX)
			t->trouble = xasprintf("tuned has more than %d profiles", PROFILES_MAX);
		if (t->trouble)
			return;
		json_t *conf = find_profile(t, name, &path);
		if (!conf) {
			t->trouble = xasprintf("the profile %s of tuned was not found", name);
		} else if (!is_in(t->files, path)) {
			json_array_append_new(t->files, json_string(path));
			add_profile(t, conf);
		}
		json_decref(conf);
	}
}

static json_t *profile_names(char *text)
{
	json_t *names = json_array();
	char *name;
	while ((name = strsep(&text, " \t\r\n")))
		if (*name)
			json_array_append_new(names, json_string(name));
	return names;
}

/* By default, and as far as can be told, files of /etc win. */
static bool reapplies(struct collector *c, char **ret_why)
{
	static const char *const first[] = { "/etc/tuned/tuned-main.conf", NULL };
	const struct conf_spec spec = {
		.first = first, .comments = "#;[", .merge = CONF_LAST, .line = conf_line_equals
	};
	struct conf_source source = collector_source(c);
	json_t *conf = conf_read(&spec, &source), *settings = json_object_get(conf, "settings");
	const char *value = json_string_value(json_object_get(
		json_array_get(json_object_get(settings, "reapply_sysctl"), 0), "value"));
	bool is_on = !value || streq(value, "1") || strcasecmp(value, "true") == 0;
	if (fact_is_unread(settings))
		*ret_why = xstrdup(fact_reason(settings));
	json_decref(conf);
	return is_on;
}

static json_t *read_profiles(struct collector *c, json_t *names)
{
	struct tuned t = { .c = c, .files = json_array(), .settings = json_object() };
	bool reapply = reapplies(c, &t.trouble);
	add_profiles(&t, names);
	if (!t.trouble)
		return json_pack("{sb so so sb so}", "enabled", 1, "profiles", names, "files",
				 t.files, "reapply", reapply, "settings", t.settings);
	json_decref(names);
	json_decref(t.files);
	json_decref(t.settings);
	json_t *fact = fact_unread("%s", t.trouble);
	free(t.trouble);
	return fact;
}

/* true, false, or unread. */
static json_t *is_enabled(struct collector *c)
{
	json_t *service = collect_service(c, "tuned.service");
	json_t *path = json_object_get(service, "path"),
	       *wanted = json_object_get(service, "wanted");
	json_t *masked = json_object_get(service, "masked"), *fact;
	if (json_is_null(path) || json_is_true(masked))
		fact = json_false();
	else
		fact = json_incref(fact_is_unread(path)     ? path
				   : fact_is_unread(masked) ? masked
							    : wanted);
	json_decref(service);
	return fact;
}

json_t *collect_tuned(struct collector *c)
{
	static const char active[] = "/etc/tuned/active_profile",
			  post[] = "/etc/tuned/post_loaded_profile";
	AUTO_FREE char *why = NULL, *post_why = NULL;
	AUTO_FREE char *text = read_text(c, FETCH_BASE_ROOT, active, &why);
	if (!text)
		return *why ? fact_unread("%s: %s", active, why) : json_null();
	json_t *enabled = is_enabled(c);
	if (fact_is_unread(enabled))
		return enabled;
	bool is_on = json_is_true(enabled);
	json_decref(enabled);
	/* Laid over the others, whichever these are. */
	AUTO_FREE char *over = read_text(c, FETCH_BASE_ROOT, post, &post_why);
	if (!over && *post_why)
		return fact_unread("%s: %s", post, post_why);
	json_t *names = profile_names(text), *more = profile_names(over);
	json_array_extend(names, more);
	json_decref(more);
	if (is_on && json_array_size(names) > 0)
		return read_profiles(c, names);
	return json_pack("{sb so s[] sb s{}}", "enabled", is_on, "profiles", names, "files",
			 "reapply", 0, "settings");
}
