/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_programs.c: which programs the engine runs: containerd, its shims, every runtime.
 *
 * engine/programs: {"containerd": PATH, "containerd-shim": PATH, "containerd-shim-runc-v1": PATH,
 *   "containerd-shim-runc-v2": PATH, "runtimes": {"runc": PATH, …}}; null: it is not there.
 */
#include "collector.h"

enum { DIRS_MAX = 64, RUNTIMES_MAX = 100, PIDS_A_QUESTION = 128 };

/* What systemd gives a service that sets no PATH (systemd.exec(5)), and what Go looks in then. */
static const char default_path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

static unsigned base_of(const struct collector *c)
{
	return c->own_root ? FETCH_BASE_ENGINE : FETCH_BASE_ROOT;
}

/* The path itself if a file is there, NULL if none is, an unread value if that cannot be told. */
static json_t *file_at(struct collector *c, const char *path)
{
	json_t *st = stat_path(c, base_of(c), path);
	const char *type = json_string_value(json_object_get(st, "type"));
	json_t *found = type && streq(type, "file") ? json_string(path) : NULL;
	if (fact_is_unread(st))
		return st;
	json_decref(st);
	return found;
}

/* The PATH of the engine's process; NULL with an unread value. */
static const char *search_path(struct collector *c, json_t **ret_unread)
{
	struct fact env = facts_find(c->world, "engine/process/Environ");
	struct fact path = facts_find(c->world, "engine/process/Environ/PATH");
	if (env.state != FACT_KNOWN || path.state == FACT_UNREAD) {
		*ret_unread = fact_unread("the engine's PATH is not known: %s",
					  path.reason ? path.reason : "was not read");
		return NULL;
	}
	return json_is_string(path.value) ? json_string_value(path.value) : default_path;
}

static json_t *on_path(struct collector *c, const char *name)
{
	json_t *found = NULL;
	const char *dirs = search_path(c, &found);
	for (size_t i = 0; dirs && *dirs && !found && i < DIRS_MAX; i++) {
		size_t n = strcspn(dirs, ":");
		AUTO_FREE char *path = xasprintf("%.*s/%s", (int)n, dirs, name);
		if (*dirs == '/')
			found = file_at(c, path);
		dirs += n + (dirs[n] == ':');
	}
	return found;
}

/* An absolute path, or a name to be looked for. */
static json_t *program(struct collector *c, const char *name)
{
	if (*name == '/')
		return file_at(c, name);
	return !*name || strchr(name, '/') ? NULL : on_path(c, name);
}

static json_t *or_null(json_t *value)
{
	return value ? value : json_null();
}

/* --- containerd ----------------------------------------------------------------------------------
 */

/* The exe of the first process in this answer that is called containerd. */
static json_t *exe_of_containerd(const char *data, size_t n)
{
	static const char deleted[] = " (deleted)";
	const char *p = data, *end = data + n;
	while (p < end) {
		const char *comm = p + strlen(p) + 1;
		const char *exe = comm < end ? comm + strlen(comm) + 1 : end;
		if (exe >= end)
			break;
		size_t len = strlen(exe);
		p = exe + len + 1;
		if (!streq(comm, "containerd") || *exe != '/')
			continue;
		/* Upgraded while it ran: the file that will be started next is the one to look at.
		 */
		return json_stringn(exe, ends_with(exe, deleted) ? len - strlen(deleted) : len);
	}
	return NULL;
}

static json_t *running_in(struct collector *c, const char *group)
{
	struct answer pids, exes;
	ask_now(c->asker, FETCH_CGROUP_PIDS, 0, group, &pids);
	if (pids.error || pids.len == 0) {
		answer_done(&pids);
		return NULL;
	}
	size_t n = 0, lines = 0;
	for (; n < pids.len && lines < PIDS_A_QUESTION; n++) {
		lines += pids.data[n] == '\n';
		if (pids.data[n] == '\n')
			pids.data[n] = ' ';
	}
	pids.data[n < FETCH_ARG_MAX ? n : FETCH_ARG_MAX] = '\0';
	ask_now(c->asker, FETCH_PROC_EXES, 0, pids.data, &exes);
	json_t *exe = exes.error ? NULL : exe_of_containerd(exes.data, exes.len);
	answer_done(&exes);
	answer_done(&pids);
	return exe;
}

static json_t *running(struct collector *c)
{
	static const char *const groups[] = { "/system.slice/containerd.service",
					      "/system.slice/docker.service",
					      "/system.slice/snap.docker.dockerd.service" };
	json_t *exe = NULL;
	/* Links of /proc name files of our root, not of the engine's. */
	for (size_t i = 0; i < ARRAY_SIZE(groups) && !exe && c->o->live && !c->own_root; i++)
		exe = running_in(c, groups[i]);
	return exe;
}

static json_t *started_by_unit(struct collector *c)
{
	struct fact f =
		facts_find(c->world, "host/units/containerd.service/settings/Service/ExecStart");
	size_t n = f.state == FACT_KNOWN ? json_array_size(f.value) : 0;
	const char *line = n ? json_string_value(json_array_get(f.value, n - 1)) : NULL;
	if (!line || c->own_root)
		return NULL;
	line += strspn(line, "@-:+!|");
	AUTO_FREE char *path = xstrndup(line, strcspn(line, " \t"));
	return *path == '/' ? file_at(c, path) : NULL;
}

static json_t *containerd(struct collector *c)
{
	json_t *found = running(c);
	if (!found)
		found = started_by_unit(c);
	return found ? found : program(c, "containerd");
}

/* containerd looks on its PATH, then beside itself. */
static json_t *shim(struct collector *c, const char *name, const json_t *daemon)
{
	const char *beside = json_string_value(daemon);
	json_t *found = program(c, name);
	if (found || !beside)
		return found;
	AUTO_FREE char *path =
		xasprintf("%.*s%s", (int)(strrchr(beside, '/') + 1 - beside), beside, name);
	return file_at(c, path);
}

/* --- runtimes ------------------------------------------------------------------------------------
 */

/* io.containerd.kata.v2 is run by containerd-shim-kata-v2; anything else is the name of a program.
 */
static char *program_of_type(const char *type)
{
	const char *version = strrchr(type, '.'), *name = NULL;
	for (const char *p = type; version && p < version; p++)
		if (*p == '.')
			name = p + 1;
	if (!name || *type == '/')
		return xstrdup(type);
	return xasprintf("containerd-shim-%.*s-%s", (int)(version - name), name, version + 1);
}

static json_t *runtime(struct collector *c, const char *name, json_t *entry, const json_t *daemon)
{
	const char *path = json_string_value(json_object_get(entry, "path"));
	const char *type = json_string_value(json_object_get(entry, "runtimeType"));
	if (fact_is_unread(entry))
		return json_incref(entry);
	if (path && *path)
		return program(c, path);
	AUTO_FREE char *shim_name = program_of_type(type && *type ? type : name);
	return *shim_name == '/' ? file_at(c, shim_name) : shim(c, shim_name, daemon);
}

/* What /info lists; of an engine that does not answer, what is configured and the built-in one. */
static json_t *configured_runtimes(struct collector *c)
{
	struct fact info = facts_find(c->world, "engine/info/Runtimes");
	struct fact said = facts_find(c->world, "engine/effective/runtimes/value");
	if (info.state == FACT_KNOWN && json_is_object(info.value))
		return json_incref(info.value);
	if (said.state == FACT_UNREAD || (said.state == FACT_KNOWN && !json_is_object(said.value)))
		return fact_unread("%s", said.reason ? said.reason : "the runtimes are not known");
	json_t *all = said.value ? json_copy(said.value) : json_object();
	json_object_set_new(all, "runc", json_pack("{ss}", "path", "runc"));
	return all;
}

static json_t *runtimes(struct collector *c, const json_t *daemon)
{
	json_t *all = configured_runtimes(c), *found = json_object(), *entry;
	const char *name;
	if (fact_is_unread(all) || json_object_size(all) > RUNTIMES_MAX) {
		json_decref(found);
		found = fact_is_unread(all) ? json_incref(all)
					    : fact_unread("more than %d runtimes", RUNTIMES_MAX);
	} else {
		json_object_foreach(all, name, entry)
			json_object_set_new(found, name, or_null(runtime(c, name, entry, daemon)));
	}
	json_decref(all);
	return found;
}

static const char *const shims[] = { "containerd-shim", "containerd-shim-runc-v1",
				     "containerd-shim-runc-v2" };

/* All places at once: a stat is cheaper than waiting for it. */
static void ask_places(struct collector *c, const char *name)
{
	json_t *unread = NULL;
	const char *dirs = search_path(c, &unread);
	for (size_t i = 0; dirs && *dirs && i < DIRS_MAX; i++) {
		size_t n = strcspn(dirs, ":");
		AUTO_FREE char *path = xasprintf("%.*s/%s", (int)n, dirs, name);
		if (*dirs == '/')
			ask_ahead(c->asker, FETCH_STAT, base_of(c), path);
		dirs += n + (dirs[n] == ':');
	}
	json_decref(unread);
}

static void ask_programs(struct collector *c)
{
	ask_places(c, "containerd");
	for (size_t i = 0; i < ARRAY_SIZE(shims); i++)
		ask_places(c, shims[i]);
}

void collect_programs(struct collector *c)
{
	ask_programs(c);
	json_t *daemon = or_null(containerd(c));
	json_t *programs = json_pack("{sO}", "containerd", daemon);
	for (size_t i = 0; i < ARRAY_SIZE(shims); i++)
		json_object_set_new(programs, shims[i], or_null(shim(c, shims[i], daemon)));
	json_object_set_new(programs, "runtimes", runtimes(c, daemon));
	json_decref(daemon);
	collect_engine_section(c, "programs", programs);
}
