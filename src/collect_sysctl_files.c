/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_sysctl_files.c: what files and the command line set in /proc/sys, and who applies them.
 *
 *   host/sysctl-files: {"init":"systemd","told-by":"/run/systemd/system is there",
 *     "applier":"systemd-sysctl","service":{"file","masked","wanted-by","started"},
 *     "files":[…],"settings":{KEY:[…]} as of conf_read(), "patterns":[…],
 *     "touched":{"ipv4/rp_filter":["eth0"]}, "boot":{KEY:{"value","parameter"}},
 *     "conf":{"exists","linked-by","settings"}, "ufw":{"enabled","file","settings"},
 *     "tuned": see collect_tuned.c,
 *     "modes":{PATH:stat}}
 */
#include "collect_sysctl.h"
#include "sysctlfile.h"
#include "tunedprofile.h"

enum { TOUCHED_MAX = 1000, MODES_MAX = 500 };

static const char conf_path[] = "/etc/sysctl.conf";

static const char *const dirs[] = {
	"/etc/sysctl.d",     "/run/sysctl.d", "/usr/local/lib/sysctl.d",
	"/usr/lib/sysctl.d", "/lib/sysctl.d", NULL,
};

/* --- the files ------------------------------------------------------------------------------- */

static json_t *read_with(struct collector *c, const char *const *first, const char *const *folders,
			 const char *const *last)
{
	size_t n_patterns = 0;
	struct conf_spec spec = { .first = first,
				  .dirs = folders,
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
	json_t *conf = read_with(c, NULL, NULL, last);
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
		AUTO_FREE char *real = path_target(c, path);
		if (real && streq(real, conf_path))
			linked_by = json_string(path);
	}
	return json_pack("{sb so so}", "exists", path_exists(c, conf_path, NULL), "linked-by",
			 linked_by, "settings", settings_of(c, conf_path));
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

/* --- tuned, and the kernel's own ------------------------------------------------------------- */

/* Takes settings; gives them with what tuned sets after them. */
static json_t *with_tuned(json_t *settings, const json_t *tuned, const json_t *conf)
{
	const json_t *own = json_object_get(conf, "settings");
	if (fact_is_unread(settings) || json_is_null(tuned))
		return settings;
	const char *why = fact_is_unread(tuned) ? fact_reason(tuned)
			  : fact_is_unread(own) ? fact_reason(own)
						: NULL;
	if (why) {
		json_decref(settings);
		return fact_unread("%s", why);
	}
	tuned_merge(settings, json_object_get(tuned, "settings"), own,
		    json_is_true(json_object_get(tuned, "reapply")));
	return settings;
}

struct kernels_own {
	char *newest;
};

static void take_newest(char type, const char *name, void *context)
{
	static const char prefix[] = "sysctl.conf-";
	struct kernels_own *k = context;
	if (type == 'd' || !starts_with(name, prefix) ||
	    (k->newest && strverscmp(name, k->newest) < 0))
		return;
	free(k->newest);
	k->newest = xstrdup(name);
}

/* SUSE's kernels have a file each, which comes before all others; malloc'ed, NULL: none. Of a tree
 * it is that of the newest, which boot loaders start by default. */
static char *file_of_the_kernel(struct collector *c)
{
	struct fact release = facts_find(c->world, "host/kernel/release");
	struct kernels_own k = { NULL };
	AUTO_FREE char *why = NULL;
	if (c->o->live)
		return json_is_string(release.value)
			       ? xasprintf("/boot/sysctl.conf-%s", json_string_value(release.value))
			       : NULL;
	list_folder(c, FETCH_BASE_ROOT, "/boot", take_newest, &k, &why);
	AUTO_FREE char *name = k.newest;
	return name ? xasprintf("/boot/%s", name) : NULL;
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
	struct init init = sysctl_init(c);
	const char *applier = sysctl_applier(c, &init);
	bool is_systemd = streq(applier, "systemd-sysctl");
	AUTO_FREE char *own = file_of_the_kernel(c);
	const char *const first[] = { own, NULL };
	json_t *conf = read_with(c, first, dirs, is_systemd ? NULL : etc_last);
	json_t *files = json_object_get(conf, "files");
	json_t *settings = json_incref(json_object_get(conf, "settings"));
	json_t *patterns = sysctl_take_patterns(settings), *ufw = ufw_fact(c);
	json_t *main_file = conf_fact(c, files), *tuned = collect_tuned(c);
	settings = with_tuned(with_ufw(settings, ufw), tuned, main_file);
	json_t *touched = touched_by(settings);
	if (!streq(applier, "busybox")) /* its sysctl knows none */
		apply_patterns(settings, patterns);
	json_t *section = json_pack("{ss? ss ss so sO so so so so so so so so}", "init", init.name,
				    "told-by", init.told_by, "applier", applier, "service",
				    sysctl_service(c, &init), "files", files, "settings", settings,
				    "patterns", patterns ? patterns : json_array(), "touched",
				    touched, "boot", boot_fact(c), "conf", main_file, "tuned",
				    tuned, "ufw", ufw, "modes", modes_of(c, files));
	free(init.told_by);
	json_decref(conf);
	return section;
}
