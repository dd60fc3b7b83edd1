/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_sysctl_files.c: what files and the command line set in /proc/sys, and who applies them.
 *
 *   host/sysctl-files: {"init":"systemd","told-by":"/run/systemd/system is there",
 *     "applier":"systemd-sysctl","service":{"file","masked","wanted-by","started"},
 *     "files":[…],"settings":{KEY:[…]} as of conf_read(), "patterns":[…],
 *     "touched":{"ipv4/rp_filter":["eth0"]}, "boot":{KEY:{"value","parameter"}},
 *     "conf":{"exists","linked-by","settings"}, "ufw":{"enabled","file","settings"},
 *     "modes":{PATH:stat}}
 */
#include "collector.h"
#include "sysctlfile.h"

enum { TOUCHED_MAX = 1000, MODES_MAX = 500 };

static const char conf_path[] = "/etc/sysctl.conf";

static const char *const dirs[] = {
	"/etc/sysctl.d",     "/run/sysctl.d", "/usr/local/lib/sysctl.d",
	"/usr/lib/sysctl.d", "/lib/sysctl.d", NULL,
};

/* --- who applies them ------------------------------------------------------------------------ */

static bool exists(struct collector *c, const char *path, const char *type)
{
	json_t *st = stat_path(c, FETCH_BASE_ROOT, path);
	const char *is = json_string_value(json_object_get(st, "type"));
	bool is_there = is && (!type || streq(is, type));
	json_decref(st);
	return is_there;
}

/* Where a path leads, malloc'ed; NULL when it is not there. */
static char *target(struct collector *c, const char *path)
{
	json_t *st = stat_path(c, FETCH_BASE_ROOT, path);
	const char *resolved = json_string_value(json_object_get(st, "path"));
	char *copy = resolved ? xstrdup(resolved) : NULL;
	json_decref(st);
	return copy;
}

struct init {
	const char *name; /* NULL: none that is known */
	char *told_by;
};

/* A running host shows it; else what would be started. */
static struct init find_init(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	if (c->o->live && exists(c, "/run/systemd/system", "dir"))
		return (struct init){ "systemd", xstrdup("/run/systemd/system is there") };
	if (c->o->live && exists(c, "/run/openrc/softlevel", NULL))
		return (struct init){ "openrc", xstrdup("/run/openrc/softlevel is there") };
	AUTO_FREE char *comm =
		c->o->live ? read_file(c, FETCH_BASE_PROC, "proc/1/comm", NULL, &why) : NULL;
	if (comm)
		comm[strcspn(comm, "\n")] = '\0';
	if (comm && !streq(comm, "init"))
		return (struct init){ NULL, xasprintf("process 1 is %s", comm) };
	AUTO_FREE char *init = target(c, "/sbin/init");
	if (!init)
		return (struct init){ NULL, xstrdup("/sbin/init is not there") };
	const char *name = ends_with(init, "/systemd") && !comm ? "systemd"
			   : exists(c, "/sbin/openrc", NULL)    ? "openrc"
			   : exists(c, "/etc/init.d/rcS", NULL) || exists(c, "/etc/init.d/rc", NULL)
				   ? "sysv"
				   : NULL;
	return (struct init){ name, xasprintf("/sbin/init is %s", init) };
}

static bool sysctl_is_busybox(struct collector *c)
{
	static const char *const paths[] = { "/sbin/sysctl", "/usr/sbin/sysctl", "/bin/sysctl" };
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		AUTO_FREE char *path = target(c, paths[i]);
		if (path)
			return ends_with(path, "/busybox");
	}
	return false;
}

/* The rules by which the files are merged, even where nothing starts it. */
static const char *applier_of(struct collector *c, const struct init *init)
{
	bool has_systemd = exists(c, "/usr/lib/systemd/systemd-sysctl", NULL) ||
			   exists(c, "/lib/systemd/systemd-sysctl", NULL);
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

static json_t *service_fact(struct collector *c, const struct init *init)
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

/* --- the files ------------------------------------------------------------------------------- */

static json_t *read_with(struct collector *c, const char *const *folders, const char *const *last)
{
	size_t n_patterns = 0;
	struct conf_spec spec = { .dirs = folders,
				  .suffix = ".conf",
				  .last = last,
				  .comments = "#;",
				  .merge = CONF_LAST,
				  .line = sysctl_line,
				  .context = &n_patterns };
	struct conf_source source = collector_source(c);
	return conf_read(&spec, &source);
}

/* The settings of one file, without patterns. */
static json_t *settings_of(struct collector *c, const char *path)
{
	const char *const last[] = { path, NULL };
	json_t *conf = read_with(c, NULL, last);
	json_t *settings = json_incref(json_object_get(conf, "settings"));
	json_decref(sysctl_take_patterns(settings));
	json_decref(conf);
	return settings;
}

static json_t *conf_fact(struct collector *c, json_t *files)
{
	json_t *file, *linked_by = json_null();
	size_t i;
	json_array_foreach(files, i, file)
	{
		const char *path = json_string_value(json_object_get(file, "path"));
		const char *state = json_string_value(json_object_get(file, "state"));
		if (!streq(state, "read") || streq(path, conf_path) || json_is_string(linked_by))
			continue;
		AUTO_FREE char *real = target(c, path);
		if (real && streq(real, conf_path))
			linked_by = json_string(path);
	}
	return json_pack("{sb so so}", "exists", exists(c, conf_path, NULL), "linked-by", linked_by,
			 "settings", settings_of(c, conf_path));
}

/* --- ufw ------------------------------------------------------------------------------------- */

static json_t *shell_settings(struct collector *c, const char *path)
{
	const char *const last[] = { path, NULL };
	const struct conf_spec spec = {
		.last = last, .comments = "#", .line = conf_line_equals, .merge = CONF_LAST
	};
	struct conf_source source = collector_source(c);
	json_t *conf = conf_read(&spec, &source);
	json_t *settings = json_incref(json_object_get(conf, "settings"));
	json_decref(conf);
	return settings;
}

/* The value in force without quotes, malloc'ed; NULL when it is not set. */
static char *shell_value(const json_t *settings, const char *key)
{
	const char *value = json_string_value(
		json_object_get(json_array_get(json_object_get(settings, key), 0), "value"));
	size_t n = value ? strlen(value) : 0;
	if (n >= 2 && (*value == '"' || *value == '\'') && value[n - 1] == *value)
		return xstrndup(value + 1, n - 2);
	return value ? xstrdup(value) : NULL;
}

/* Its file is applied when it is enabled, after all others. */
static json_t *ufw_fact(struct collector *c)
{
	json_t *conf = shell_settings(c, "/etc/ufw/ufw.conf");
	json_t *defaults = shell_settings(c, "/etc/default/ufw");
	AUTO_FREE char *enabled = shell_value(conf, "ENABLED");
	AUTO_FREE char *file = shell_value(defaults, "IPT_SYSCTL");
	bool is_path = file && *file == '/';
	json_t *fact;
	if (fact_is_unread(conf) || fact_is_unread(defaults)) {
		fact = fact_unread("%s", fact_is_unread(conf) ? fact_reason(conf)
							      : fact_reason(defaults));
	} else {
		bool is_on = enabled && (streq(enabled, "yes") || streq(enabled, "YES"));
		fact = json_pack("{sb ss? so}", "enabled", is_on, "file", is_path ? file : NULL,
				 "settings", is_path ? settings_of(c, file) : json_object());
	}
	json_decref(conf);
	json_decref(defaults);
	return fact;
}

/* What ufw sets comes last: it is put before all others. */
static json_t *with_ufw(json_t *settings, const json_t *ufw)
{
	json_t *own = json_object_get(ufw, "settings"), *list;
	const char *key;
	if (fact_is_unread(settings) ||
	    (!fact_is_unread(ufw) && !json_is_true(json_object_get(ufw, "enabled"))))
		return settings;
	const char *why = fact_is_unread(ufw)   ? fact_reason(ufw)
			  : fact_is_unread(own) ? fact_reason(own)
						: NULL;
	if (why) {
		json_decref(settings);
		return fact_unread("%s", why);
	}
	json_object_foreach(own, key, list)
	{
		json_t *all = json_copy(list);
		json_array_extend(all, json_object_get(settings, key));
		json_object_set_new(settings, key, all);
	}
	return settings;
}

/* --- what was touched, and modes ---------------------------------------------------------------
 */

/* Of net/ipv4/conf/eth0/rp_filter: which interfaces have own assignments, by "ipv4/rp_filter". */
static void touch(json_t *touched, const char *key)
{
	static const char prefix[] = "net/";
	const char *protocol = key + strlen(prefix);
	const char *last = strrchr(key, '/');
	if (!starts_with(key, "net/ipv4/conf/") && !starts_with(key, "net/ipv6/conf/"))
		return;
	const char *name = key + strlen("net/ipv4/conf/");
	if (last <= name)
		return;
	AUTO_FREE char *interface = xstrndup(name, (size_t)(last - name));
	if (streq(interface, "all") || streq(interface, "default"))
		return;
	AUTO_FREE char *by = xasprintf("%.4s/%s", protocol, last + 1);
	json_t *list = json_object_get(touched, by);
	if (!list) {
		list = json_array();
		json_object_set_new(touched, by, list);
	}
	json_array_append_new(list, json_string(interface));
}

static json_t *touched_by(json_t *settings)
{
	json_t *touched = json_object(), *list;
	const char *key;
	if (fact_is_unread(settings))
		return touched;
	json_object_foreach(settings, key, list) touch(touched, key);
	json_object_foreach(touched, key, list)
	{
		if (json_array_size(list) > TOUCHED_MAX) {
			json_decref(touched);
			return fact_unread("%s is set of more than %d interfaces", key,
					   TOUCHED_MAX);
		}
	}
	return touched;
}

static void apply_patterns(json_t *settings, const json_t *patterns)
{
	static const struct {
		const char *protocol;
		const char *const *keys;
	} kinds[] = { { "ipv4", sysctl_ipv4_keys }, { "ipv6", sysctl_ipv6_keys } };
	static const char *const names[] = { "all", "default" };
	for (size_t i = 0; sysctl_keys[i]; i++)
		sysctl_apply_patterns(settings, patterns, sysctl_keys[i]);
	for (size_t i = 0; i < 2 * ARRAY_SIZE(kinds); i++)
		for (size_t k = 0; kinds[i / 2].keys[k]; k++) {
			AUTO_FREE char *key = xasprintf("net/%s/conf/%s/%s", kinds[i / 2].protocol,
							names[i % 2], kinds[i / 2].keys[k]);
			sysctl_apply_patterns(settings, patterns, key);
		}
}

static void add_mode(struct collector *c, json_t *modes, const char *path)
{
	if (json_object_size(modes) <= MODES_MAX && !json_object_get(modes, path))
		json_object_set_new(modes, path, stat_path(c, FETCH_BASE_ROOT, path));
}

/* Of the folders, the files, and the folders that hold what links lead to. */
static json_t *modes_of(struct collector *c, json_t *files)
{
	json_t *modes = json_object(), *file;
	size_t i;
	for (i = 0; dirs[i]; i++)
		add_mode(c, modes, dirs[i]);
	json_array_foreach(files, i, file)
	{
		const char *path = json_string_value(json_object_get(file, "path"));
		if (!path)
			continue;
		add_mode(c, modes, path);
		const char *real =
			json_string_value(json_object_get(json_object_get(modes, path), "path"));
		AUTO_FREE char *dir =
			real ? xstrndup(real, (size_t)(strrchr(real, '/') - real)) : NULL;
		if (dir && *dir && !streq(real, "/dev/null"))
			add_mode(c, modes, dir);
	}
	return json_object_size(modes) <= MODES_MAX
		       ? modes
		       : (json_decref(modes),
			  fact_unread("there are more than %d files", MODES_MAX));
}

static json_t *boot_fact(struct collector *c)
{
	struct fact line = facts_find(c->world, "host/kernel/cmdline");
	if (line.state != FACT_KNOWN || !json_is_string(line.value))
		return fact_unread("%s", line.state == FACT_UNREAD ? line.reason : "is not told");
	return sysctl_boot(json_string_value(line.value));
}

json_t *collect_sysctl_files(struct collector *c)
{
	static const char *const etc_last[] = { conf_path, NULL };
	struct init init = find_init(c);
	const char *applier = applier_of(c, &init);
	bool is_systemd = streq(applier, "systemd-sysctl");
	json_t *conf = read_with(c, dirs, is_systemd ? NULL : etc_last);
	json_t *files = json_object_get(conf, "files");
	json_t *settings = json_incref(json_object_get(conf, "settings"));
	json_t *patterns = sysctl_take_patterns(settings), *ufw = ufw_fact(c);
	settings = with_ufw(settings, ufw);
	json_t *touched = touched_by(settings);
	if (!streq(applier, "busybox")) /* its sysctl knows none */
		apply_patterns(settings, patterns);
	json_t *section = json_pack("{ss? ss ss so sO so so so so so so so}", "init", init.name,
				    "told-by", init.told_by, "applier", applier, "service",
				    service_fact(c, &init), "files", files, "settings", settings,
				    "patterns", patterns ? patterns : json_array(), "touched",
				    touched, "boot", boot_fact(c), "conf", conf_fact(c, files),
				    "ufw", ufw, "modes", modes_of(c, files));
	free(init.told_by);
	json_decref(conf);
	return section;
}
