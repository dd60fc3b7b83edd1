/* SPDX-License-Identifier: Apache-2.0 */
/* effective.c: what is in force for each setting of dockerd, where that comes from, and its drift.
 */
#include "json_memory.h"
#include "effective.h"
#include "facts.h"
#include "listeners.h"

enum { SHOWN_MAX = 200, OLDEST_KNOWN = 20 };

json_t *effective_member(json_t *value, const char *origin)
{
	json_t *member = json_object();
	json_object_set_new(member, "value", value);
	json_object_set_new(member, "origin", json_string(origin));
	return member;
}

void effective_add_said(json_t *member, const struct said *said)
{
	if (!said->value)
		return;
	json_object_set(member, "configured", said->value);
	json_object_set_new(member, "configured_in", json_string(said->where));
}

/* A value as it is written in daemon.json, cut to a length that fits a sentence. */
static char *shown(const json_t *value)
{
	AUTO_FREE char *text =
		json_dumped(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
	if (!text)
		return xstrdup("?");
	return strlen(text) > SHOWN_MAX ? xasprintf("%.*s…", SHOWN_MAX, text) : xstrdup(text);
}

/* --- built-in defaults -------------------------------------------------------------------------
 */

/* Below /var/run of the host, or below the runtime folder of a rootless engine's user. */
static json_t *run_path(const struct view *v, const char *name)
{
	if (v->rootless < 0)
		return fact_unread("it is not known whether the engine is rootless");
	if (v->rootless == 0) {
		AUTO_FREE char *path = xasprintf("/var/run/%s", name);
		return json_string(path);
	}
	const char *dir = view_environ(v, "XDG_RUNTIME_DIR");
	if (!dir || *dir != '/')
		return fact_unread("the runtime folder of the rootless engine is not known");
	AUTO_FREE char *path = xasprintf("%s/%s", dir, name);
	return json_string(path);
}

static json_t *exec_root(const struct view *v)
{
	return run_path(v, "docker");
}

static json_t *pidfile(const struct view *v)
{
	return run_path(v, "docker.pid");
}

/* On by default from 27.0. */
static json_t *ip6tables(const struct view *v)
{
	return json_boolean(v->major >= 27);
}

static json_t *cdi_spec_dirs(const struct view *v)
{
	(void)v;
	return json_pack("[s, s]", "/etc/cdi", "/var/run/cdi");
}

static const struct {
	const char *key;
	json_t *(*make)(const struct view *v);
} made_defaults[] = {
	{ "cdi-spec-dirs", cdi_spec_dirs },
	{ "exec-root", exec_root },
	{ "ip6tables", ip6tables },
	{ "pidfile", pidfile },
};

static json_t *builtin_default(const struct view *v, const struct setting *s)
{
	if (v->elsewhere)
		return fact_unread("%s", v->elsewhere);
	if (!v->major)
		return fact_unread(
			"it is left at its default, and the version of the engine is not known");
	if (v->major < OLDEST_KNOWN)
		return fact_unread("it is left at its default, which is not known for Docker %s",
				   v->version);
	if (s->fallback)
		return json_loads(s->fallback, JSON_DECODE_ANY, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(made_defaults); i++) {
		if (streq(made_defaults[i].key, s->key))
			return made_defaults[i].make(v);
	}
	return fact_unread("it is left at its default, which depends on the host");
}

static json_t *from_default(const struct view *v, const struct setting *s)
{
	json_t *value = builtin_default(v, s);
	if (!value || fact_is_unread(value))
		return value ? value : fact_unread("its default is not known");
	AUTO_FREE char *origin = xasprintf("default of Docker %s", v->version);
	return effective_member(value, origin);
}

/* --- drift -------------------------------------------------------------------------------------
 */

static void add_drift(json_t *member, char *text)
{
	json_object_set_new(member, "drift", json_string(text));
	free(text);
}

/* What the API shows against what is configured. */
static void compare(const struct view *v, const struct setting *s, json_t *member,
		    const struct said *said)
{
	const json_t *live = json_object_get(member, "value");
	AUTO_FREE char *is = shown(live);
	if (said->value) {
		AUTO_FREE char *wanted = shown(said->value);
		if (json_typeof(said->value) == json_typeof(live) ||
		    (json_is_boolean(said->value) && json_is_boolean(live))) {
			if (!live_agrees(s->key, live, said->value))
				add_drift(member, xasprintf("%s says %s, but %s is in force",
							    said->where, wanted, is));
		}
		return;
	}
	if (said->state != SAID_NOTHING || !s->fallback || json_is_array(live) ||
	    streq(s->fallback, "\"\""))
		return;
	json_t *fallback = json_loads(s->fallback, JSON_DECODE_ANY, NULL);
	if (v->major >= OLDEST_KNOWN && !json_equal(fallback, live))
		add_drift(member,
			  xasprintf("%s is in force, but nothing configures it any more", is));
	json_decref(fallback);
}

/* --- one setting -------------------------------------------------------------------------------
 */

/* --add-runtime and the key may be given both, and then add up. */
static json_t *both_runtimes(const struct view *v, const struct setting *s, const struct said *said)
{
	json_t *file = v->file_unread ? NULL : json_object_get(v->file, s->key);
	if (s->type != SETTING_RUNTIMES)
		return json_incref(said->value);
	if (v->file_unread || v->file_doubt)
		return fact_unread("%s", v->file_unread ? v->file_unread : v->file_doubt);
	json_t *sum = json_copy(said->value);
	json_object_update(sum, file);
	return sum;
}

static json_t *from_configuration(const struct view *v, const struct setting *s,
				  const struct said *said)
{
	json_t *value, *member;
	switch (said->state) {
	case SAID_SET:
		value = both_runtimes(v, s, said);
		if (fact_is_unread(value))
			return value;
		member = effective_member(value, said->where);
		effective_add_said(member, said);
		if (said->where == v->flags_origin && s->type != SETTING_RUNTIMES &&
		    json_object_get(v->file, s->key))
			add_drift(member,
				  xasprintf("%s gives it too, and dockerd would not start again",
					    v->file_path));
		return member;
	case SAID_NOTHING: return from_default(v, s);
	default: return fact_unread("%s", said->reason);
	}
}

static json_t *not_in_this_version(const struct view *v)
{
	AUTO_FREE char *origin = xasprintf("Docker %s has no such setting", v->version);
	return effective_member(json_null(), origin);
}

static json_t *effective_setting(const struct view *v, const struct setting *s)
{
	const char *origin = NULL;
	struct said said = view_said(v, s);
	json_t *live = live_value(v, s->key, &origin);
	if (live && fact_is_unread(live))
		return live;
	if (live) {
		json_t *member = effective_member(live, origin);
		effective_add_said(member, &said);
		compare(v, s, member, &said);
		return member;
	}
	if (said.state == SAID_NOTHING && !setting_exists(s, v->major))
		return not_in_this_version(v);
	return from_configuration(v, s, &said);
}

/* dockerd does not start with a key that is on its command line and in its file. */
static json_t *is_on_command_line(const struct view *v, const struct setting *s)
{
	if (v->flags_unread)
		return fact_unread("%s", v->flags_unread);
	if (v->flags.is_unclear)
		return fact_unread("the command line of dockerd is not understood");
	return json_boolean(json_object_get(v->flags.values, s->key));
}

json_t *effective_settings(const struct view *v)
{
	json_t *effective = json_object();
	for (const struct setting *s = settings; s->key || s->flag; s++) {
		if (!s->key)
			continue;
		json_t *member = effective_setting(v, s);
		if (!fact_is_unread(member))
			json_object_set_new(member, "on_command_line", is_on_command_line(v, s));
		json_object_set_new(effective, s->key, member);
	}
	tls_add(v, effective);
	hosts_add(v, effective);
	return effective;
}
