/* SPDX-License-Identifier: Apache-2.0 */
/* collect_sysctl_service.c: what applies the files that set kernel settings, and is it started. */
#include "collect_sysctl.h"

/* --- who applies them ------------------------------------------------------------------------ */

bool path_exists(struct collector *c, const char *path, const char *type)
{
	json_t *st = stat_path(c, FETCH_BASE_ROOT, path);
	const char *is = json_string_value(json_object_get(st, "type"));
	bool is_there = is && (!type || streq(is, type));
	json_decref(st);
	return is_there;
}

/* Where a path leads, malloc'ed; NULL when it is not there. */
char *path_target(struct collector *c, const char *path)
{
	json_t *st = stat_path(c, FETCH_BASE_ROOT, path);
	const char *resolved = json_string_value(json_object_get(st, "path"));
	char *copy = resolved ? xstrdup(resolved) : NULL;
	json_decref(st);
	return copy;
}

/* A running host shows it; else what would be started. */
struct init sysctl_init(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	if (c->o->live && path_exists(c, "/run/systemd/system", "dir"))
		return (struct init){ "systemd", xstrdup("/run/systemd/system is there") };
	if (c->o->live && path_exists(c, "/run/openrc/softlevel", NULL))
		return (struct init){ "openrc", xstrdup("/run/openrc/softlevel is there") };
	AUTO_FREE char *comm =
		c->o->live ? read_file(c, FETCH_BASE_PROC, "proc/1/comm", NULL, &why) : NULL;
	if (comm)
		comm[strcspn(comm, "\n")] = '\0';
	if (comm && !streq(comm, "init"))
		return (struct init){ NULL, xasprintf("process 1 is %s", comm) };
	AUTO_FREE char *init = path_target(c, "/sbin/init");
	if (!init)
		return (struct init){ NULL, xstrdup("/sbin/init is not there") };
	const char *name =
		ends_with(init, "/systemd") && !comm   ? "systemd"
		: path_exists(c, "/sbin/openrc", NULL) ? "openrc"
		: path_exists(c, "/etc/init.d/rcS", NULL) || path_exists(c, "/etc/init.d/rc", NULL)
			? "sysv"
			: NULL;
	return (struct init){ name, xasprintf("/sbin/init is %s", init) };
}

static bool sysctl_is_busybox(struct collector *c)
{
	static const char *const paths[] = { "/sbin/sysctl", "/usr/sbin/sysctl", "/bin/sysctl" };
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		AUTO_FREE char *path = path_target(c, paths[i]);
		if (path)
			return ends_with(path, "/busybox");
	}
	return false;
}

/* The rules by which the files are merged, even where nothing starts it. */
const char *sysctl_applier(struct collector *c, const struct init *init)
{
	bool has_systemd = path_exists(c, "/usr/lib/systemd/systemd-sysctl", NULL) ||
			   path_exists(c, "/lib/systemd/systemd-sysctl", NULL);
	if (init->name ? streq(init->name, "systemd") : has_systemd)
		return "systemd-sysctl";
	return sysctl_is_busybox(c) ? "busybox" : "procps";
}

/* --- is it started --------------------------------------------------------------------------- */

struct service {
	const char *init, *file_name;
	const char *const *files, *const *wants;
	const char *started_dir, *started_name; /* an entry there of a running host says so */
};

static const char *const systemd_files[] = {
	"/etc/systemd/system/systemd-sysctl.service",
	"/run/systemd/system/systemd-sysctl.service",
	"/usr/local/lib/systemd/system/systemd-sysctl.service",
	"/usr/lib/systemd/system/systemd-sysctl.service",
	"/lib/systemd/system/systemd-sysctl.service",
	NULL,
};
static const char *const systemd_wants[] = {
	"/etc/systemd/system/sysinit.target.wants",
	"/run/systemd/system/sysinit.target.wants",
	"/usr/lib/systemd/system/sysinit.target.wants",
	"/lib/systemd/system/sysinit.target.wants",
	NULL,
};
static const char *const openrc_files[] = { "/etc/init.d/sysctl", NULL };
static const char *const openrc_wants[] = { "/etc/runlevels/sysinit", "/etc/runlevels/boot",
					    "/etc/runlevels/default", NULL };
static const char *const sysv_files[] = { "/etc/init.d/procps", NULL };
static const char *const sysv_wants[] = { "/etc/rcS.d", NULL };

static const struct service services[] = {
	{ "systemd", "systemd-sysctl.service", systemd_files, systemd_wants, "/run/systemd/units",
	  "invocation:systemd-sysctl.service" },
	{ "openrc", "sysctl", openrc_files, openrc_wants, "/run/openrc/started", "sysctl" },
	{ "sysv", "procps", sysv_files, sysv_wants, NULL, NULL },
};

struct search {
	const char *name;
	bool is_found;
};

/* A link of rcS.d has its place before its name: S02procps. */
static void compare_entry(char type, const char *name, void *context)
{
	struct search *s = context;
	(void)type;
	if (*name == 'S' && strspn(name + 1, "0123456789") == 2)
		name += 3;
	s->is_found |= streq(name, s->name);
}

/* true, false, or unread. */
static json_t *is_in_dir(struct collector *c, const char *dir, const char *name)
{
	struct search s = { name, false };
	AUTO_FREE char *why = NULL;
	if (!list_folder(c, FETCH_BASE_ROOT, dir, compare_entry, &s, &why) && *why)
		return fact_unread("%s: %s", dir, why);
	return json_boolean(s.is_found);
}

static json_t *wanted_by(struct collector *c, const struct service *s)
{
	for (size_t i = 0; s->wants[i]; i++) {
		json_t *found = is_in_dir(c, s->wants[i], s->file_name);
		if (json_is_true(found))
			return json_string(s->wants[i]);
		if (fact_is_unread(found))
			return found;
		json_decref(found);
	}
	return json_null();
}

/* An empty file masks a unit as a link to /dev/null does. */
static bool is_masked(struct collector *c, const char *path)
{
	AUTO_FREE char *why = NULL;
	size_t n = 0;
	if (is_mask(c, path))
		return true;
	AUTO_FREE char *text = read_file(c, FETCH_BASE_ROOT, path, &n, &why);
	return text && n == 0;
}

json_t *sysctl_service(struct collector *c, const struct init *init)
{
	const struct service *s = NULL;
	const char *file = NULL;
	for (size_t i = 0; init->name && i < ARRAY_SIZE(services); i++)
		if (streq(services[i].init, init->name))
			s = &services[i];
	if (!s)
		return json_null();
	for (size_t i = 0; s->files[i] && !file; i++) {
		const char *name = strrchr(s->files[i], '/') + 1;
		AUTO_FREE char *dir = xstrndup(s->files[i], (size_t)(name - s->files[i]) - 1);
		json_t *found = is_in_dir(c, dir, name);
		if (fact_is_unread(found))
			return found;
		if (json_is_true(found))
			file = s->files[i];
		json_decref(found);
	}
	json_t *started = !c->o->live       ? fact_unread(NEEDS_RUNNING)
			  : !s->started_dir ? json_null()
					    : is_in_dir(c, s->started_dir, s->started_name);
	return json_pack("{ss? sb so so}", "file", file, "masked", file && is_masked(c, file),
			 "wanted-by", wanted_by(c, s), "started", started);
}
