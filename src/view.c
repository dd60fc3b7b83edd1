/* SPDX-License-Identifier: Apache-2.0 */
/* view.c: gathers what is known of one engine's configuration: version, command line, daemon.json.
 */
#include "effective.h"
#include "facts.h"

/* A fact's reason, or what a fact of the wrong type or an absent one is called. */
static char *reason_of(struct fact f, const char *what)
{
	return f.state == FACT_UNREAD ? xasprintf("%s: %s", what, f.reason)
				      : xasprintf("%s was not read", what);
}

static json_t *find_object(json_t *world, const char *path)
{
	struct fact f = facts_find(world, path);
	return f.state == FACT_KNOWN && json_is_object(f.value) ? f.value : NULL;
}

static const char *find_text(json_t *world, const char *path)
{
	struct fact f = facts_find(world, path);
	return f.state == FACT_KNOWN ? json_string_value(f.value) : NULL;
}

static void read_version(struct view *v)
{
	static const char *const paths[] = { "engine/info/ServerVersion",
					     "engine/version/Version" };
	for (size_t i = 0; i < ARRAY_SIZE(paths) && !v->version; i++) {
		const char *text = find_text(v->world, paths[i]);
		size_t n = text ? strspn(text, "0123456789") : 0;
		if (n == 0 || n > 4 || text[n] != '.')
			continue;
		v->version = xstrdup(text);
		v->major = (unsigned)strtoul(text, NULL, 10);
	}
}

static bool is_podman(json_t *world)
{
	struct fact f = facts_find(world, "engine/version/Components");
	const char *exe = find_text(world, "engine/process/Exe");
	size_t i;
	json_t *component;
	const char *server = find_text(world, "engine/ping/Server");
	if ((exe && ends_with(exe, "/podman")) || (server && starts_with(server, "Libpod/")))
		return true;
	json_array_foreach(f.value, i, component)
	{
		const char *name = json_string_value(json_object_get(component, "Name"));
		if (name && starts_with(name, "Podman"))
			return true;
	}
	return false;
}

static void read_locality(struct view *v)
{
	struct fact f = facts_find(v->world, "engine/endpoint/local");
	v->is_podman = is_podman(v->world);
	if (f.state == FACT_KNOWN && json_is_false(f.value))
		v->unproven = xstrdup("the engine is on another host");
	else if (f.state != FACT_KNOWN || !json_is_true(f.value))
		v->unproven = reason_of(f, "whether the engine is on this host");
	if (v->is_podman)
		v->elsewhere = xstrdup("the engine is Podman, which has no dockerd");
	else if (v->unproven)
		v->elsewhere = xstrdup(v->unproven);
}

static void read_flags(struct view *v)
{
	json_t *process = find_object(v->world, "engine/process");
	struct fact args = facts_find(v->world, "engine/process/Args");
	v->flags_origin = xstrdup("command line of dockerd");
	if (v->elsewhere) {
		v->flags_unread = xstrdup(v->elsewhere);
		return;
	}
	if (args.state != FACT_KNOWN || !json_is_array(args.value) ||
	    json_array_size(args.value) == 0) {
		v->flags_unread = reason_of(args, "the command line of dockerd");
		return;
	}
	flags_parse(args.value, &v->flags);
	if (json_is_integer(json_object_get(process, "Pid"))) {
		free(v->flags_origin);
		v->flags_origin =
			xasprintf("command line of dockerd (pid %lld)",
				  (long long)json_integer_value(json_object_get(process, "Pid")));
	}
}

const char *view_environ(const struct view *v, const char *name)
{
	json_t *env = v->elsewhere ? NULL : find_object(v->world, "engine/process/Environ");
	if (!env || fact_is_unread(env))
		return NULL;
	json_t *value = json_object_get(env, name);
	return value ? json_string_value(value) : "";
}

char *view_config_dir(const struct view *v)
{
	if (v->rootless < 0)
		return NULL;
	if (v->rootless == 0)
		return xstrdup("/etc/docker");
	const char *config = view_environ(v, "XDG_CONFIG_HOME"), *home = view_environ(v, "HOME");
	if (config && *config == '/')
		return xasprintf("%s/docker", config);
	if (config && !*config && home && *home == '/')
		return xasprintf("%s/.config/docker", home);
	return NULL;
}

/* --- daemon.json -------------------------------------------------------------------------------
 */

/* Is the file that was read the one that the command line names? */
static char *other_file(const struct view *v)
{
	const char *named =
		v->flags_unread
			? NULL
			: json_string_value(json_object_get(v->flags.values, "config-file"));
	if (!named || streq(named, v->file_path))
		return NULL;
	return xasprintf("dockerd reads %s, but %s was looked at", named, v->file_path);
}

static char *why_not_parsed(const struct view *v, json_t *section)
{
	json_t *error = json_object_get(section, "error");
	json_t *content = json_object_get(section, "content");
	json_t *size = json_object_get(section, "size");
	if (json_is_string(error))
		return xasprintf("%s: %s", v->file_path, json_string_value(error));
	if (error && !json_is_null(error))
		return xasprintf("%s: its state is not known", v->file_path);
	if (fact_is_unread(content))
		return xasprintf("%s: %s", v->file_path, fact_reason(content));
	if (!content && json_is_integer(size) && json_integer_value(size) == 0 && v->major >= 23)
		return NULL;
	if (!json_is_object(content))
		return xasprintf("%s holds no JSON object", v->file_path);
	return NULL;
}

/* The file as read: v->file and errors, or v->file_unread. */
static void read_file(struct view *v)
{
	struct fact f = facts_find(v->world, "engine/daemon-json");
	json_t *section = f.state == FACT_KNOWN && json_is_object(f.value) ? f.value : NULL;
	const char *path = json_string_value(json_object_get(section, "path"));
	json_t *exists = json_object_get(section, "exists");

	v->file_path = xstrdup(path ? path : "daemon.json");
	v->ignored = json_array();
	if (v->elsewhere)
		v->file_unread = xstrdup(v->elsewhere);
	else if (!section || !json_is_boolean(exists))
		v->file_unread =
			reason_of(section ? facts_find(section, "exists") : f, "daemon.json");
	else
		v->file_unread = other_file(v);
	if (v->file_unread)
		return;
	v->errors = json_array();
	if (json_is_false(exists)) {
		v->file = json_object();
		return;
	}
	v->file_unread = why_not_parsed(v, section);
	if (v->file_unread && !json_is_string(json_object_get(section, "error")) &&
	    !json_is_array(json_object_get(section, "content"))) {
		json_decref(v->errors);
		v->errors = NULL;
		return;
	}
	if (v->file_unread) {
		json_array_append_new(v->errors, json_string(v->file_unread));
		return;
	}
	v->file = config_flatten(json_object_get(section, "content"), v->file_path, v->major,
				 v->errors, v->ignored);
	config_check(v, v->errors);
}

/* Of a tree that is not running: what its unit file would start. */
static bool is_configured(const struct view *v)
{
	return json_is_true(facts_find(v->world, "engine/process/Configured").value);
}

/* A time in its finer form, beside the one in seconds, when it was recorded so. */
static bool milliseconds(const struct view *v, const char *path, const char *finer, int64_t *ret)
{
	AUTO_FREE char *fine = xasprintf("%s%s", path, finer);
	struct fact seconds = facts_find(v->world, path), exact = facts_find(v->world, fine);
	if (!json_is_integer(seconds.value))
		return false;
	*ret = json_integer_value(json_is_integer(exact.value) ? exact.value : seconds.value);
	*ret *= json_is_integer(exact.value) ? 1 : 1000;
	return true;
}

/*
 * A file that is not there may have been there at the start; then its folder was changed since. In
 * the first minute an engine may write there itself (its key.json, before 23.0).
 */
static char *why_absence_is_doubtful(const struct view *v)
{
	enum { FIRST_MINUTE_MS = 60000 };
	AUTO_FREE char *dir = view_config_dir(v);
	int64_t start;
	if (!v->flags_unread && json_object_get(v->flags.values, "config-file"))
		return xasprintf("%s, which dockerd was told to read, is not there any more",
				 v->file_path);
	json_t *files = find_object(v->world, "engine/files");
	json_t *changed = json_object_get(dir ? json_object_get(files, dir) : NULL, "mtime_ms");
	if (!json_is_integer(changed) ||
	    !milliseconds(v, "engine/process/StartTime", "Ms", &start) ||
	    json_integer_value(changed) - FIRST_MINUTE_MS <= start)
		return NULL;
	return xasprintf("%s is not there, but its folder was changed after the engine was "
			 "started: it may have been removed",
			 v->file_path);
}

/* When the file last came to be what and where it is; moved there, it keeps its old mtime. */
static bool last_change(const struct view *v, int64_t *ret)
{
	struct fact moved = facts_find(v->world, "engine/daemon-json/ctime_ms");
	if (!milliseconds(v, "engine/daemon-json/mtime", "_ms", ret))
		return false;
	if (json_is_integer(moved.value) && json_integer_value(moved.value) > *ret)
		*ret = json_integer_value(moved.value);
	return true;
}

/*
 * Was the file the same when the engine started? The start is counted in hundredths of a second
 * from boot; a file that was written just before the engine was started must not look changed.
 */
static char *why_doubtful(const struct view *v)
{
	enum { CLOCK_ERROR_MS = 30 };
	int64_t start, changed;
	if (!v->file || is_configured(v))
		return NULL;
	if (json_array_size(v->errors) > 0)
		return xasprintf(
			"dockerd would refuse %s as it is now, so it was not started with it",
			v->file_path);
	if (json_is_false(json_object_get(find_object(v->world, "engine/daemon-json"), "exists")))
		return why_absence_is_doubtful(v);
	if (!milliseconds(v, "engine/process/StartTime", "Ms", &start) || !last_change(v, &changed))
		return xasprintf(
			"it cannot be told whether %s was changed after the engine was started",
			v->file_path);
	if (changed - CLOCK_ERROR_MS > start)
		return xasprintf("%s was changed after the engine was started", v->file_path);
	return NULL;
}

void view_init(struct view *v, json_t *world)
{
	*v = (struct view){ .world = world };
	read_version(v);
	read_locality(v);
	v->rootless = is_configured(v) ? 0 : live_security_option(world, "rootless");
	read_flags(v);
	read_file(v);
	v->file_doubt = why_doubtful(v);
}

void view_done(struct view *v)
{
	flags_done(&v->flags);
	json_decref(v->file);
	json_decref(v->ignored);
	json_decref(v->errors);
	free(v->version);
	free(v->elsewhere);
	free(v->unproven);
	free(v->flags_unread);
	free(v->flags_origin);
	free(v->file_path);
	free(v->file_unread);
	free(v->file_doubt);
	*v = (struct view){ 0 };
}

/* dockerd takes "", 0 and empty lists in the file for not set; false is a value. */
static bool is_empty(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING: return !*json_string_value(value);
	case JSON_INTEGER: return json_integer_value(value) == 0;
	case JSON_ARRAY: return json_array_size(value) == 0;
	case JSON_OBJECT: return json_object_size(value) == 0;
	default: return json_is_null(value);
	}
}

struct said view_said(const struct view *v, const struct setting *s)
{
	const char *key = s->key ? s->key : s->flag;
	struct said said = { .state = SAID_UNKNOWN };
	json_t *flag = json_object_get(v->flags.values, key);
	json_t *file = s->key ? json_object_get(v->file, key) : NULL;

	if (file && is_empty(file))
		file = NULL;
	if (flag && !v->flags_unread)
		return (struct said){ .state = SAID_SET, .value = flag, .where = v->flags_origin };
	if (file) {
		said.value = file;
		said.where = v->file_path;
	}
	if (v->flags_unread) {
		said.reason = v->flags_unread;
	} else if (v->flags.is_unclear) {
		said.reason = "the command line of dockerd is not understood";
	} else if (!s->key) {
		said.state = SAID_NOTHING;
	} else if (v->file_unread) {
		said.reason = v->file_unread;
	} else if (v->file_doubt) {
		said.reason = v->file_doubt;
	} else {
		said.state = file ? SAID_SET : SAID_NOTHING;
	}
	return said;
}
