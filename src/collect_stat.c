/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_stat.c: owner and mode of the host's files that checks ask for: single ones by path, and
 * groups of them, of which only the odd ones are kept where there are many.
 */
#include "collector.h"
#include "record.h"
#include "unitprograms.h"

enum {
	FILES_MAX = 20000, /* of one group */
	DEPTH_MAX = 8,
	ODD_MAX = 200, /* kept of one group; more are counted */
};

static const char *const single[] = {
	"/",
	"/dev",
	"/dev/shm",
	"/home",
	"/tmp",
	"/var",
	"/var/log",
	"/var/log/audit",
	"/var/tmp",
	"/etc/passwd",
	"/etc/passwd-",
	"/etc/group",
	"/etc/group-",
	"/etc/shadow",
	"/etc/shadow-",
	"/etc/gshadow",
	"/etc/gshadow-",
	"/etc/shells",
	"/usr/etc/shells",
	"/etc/security/opasswd",
	"/etc/security/opasswd.old",
	"/etc/motd",
	"/etc/issue",
	"/etc/issue.net",
	"/etc/crontab",
	"/etc/cron.hourly",
	"/etc/cron.daily",
	"/etc/cron.weekly",
	"/etc/cron.monthly",
	"/etc/cron.d",
	"/etc/crontabs",
	"/etc/periodic",
	"/etc/cron.allow",
	"/etc/cron.deny",
	"/etc/at.allow",
	"/etc/at.deny",
	"/etc/hosts.equiv",
	"/etc/shosts.equiv",
	"/etc/ssh/shosts.equiv",
	"/etc/ld.so.preload",
	/* Programs whose absence makes a question moot. */
	"/usr/sbin/cron",
	"/usr/sbin/crond",
	"/usr/sbin/fcron",
	"/usr/sbin/anacron",
	"/usr/bin/at",
	"/usr/sbin/atd",
	"/sbin/auditctl",
	"/sbin/aureport",
	"/sbin/ausearch",
	"/sbin/autrace",
	"/sbin/auditd",
	"/sbin/augenrules",
};

/* Places that only a running kernel has. */
static const char *const running[] = { "/sys/kernel/debug", "/sys/kernel/tracing", "/sys/fs/bpf" };

static const char *const sudoers[] = { "/etc/sudoers", "/usr/etc/sudoers", "/etc/sudoers.d/",
				       "/usr/etc/sudoers.d/", NULL };
static const char *const logs[] = { "/var/log/", NULL };
static const char *const audit_conf[] = { "/etc/audit/", NULL };
static const char *const loaded[] = {
	"/etc/profile",
	"/etc/environment",
	"/etc/ld.so.conf",
	"/etc/ld.so.preload",
	"/etc/profile.d/",
	"/etc/ld.so.conf.d/",
	"/etc/udev/rules.d/",
	"/run/udev/rules.d/",
	"/usr/lib/udev/rules.d/",
	"/usr/local/lib/udev/rules.d/",
	"/etc/pam.conf",
	"/etc/pam.d/",
	"/usr/lib/pam.d/",
	"/etc/modprobe.d/",
	"/run/modprobe.d/",
	"/usr/lib/modprobe.d/",
	"/etc/modules-load.d/",
	"/usr/lib/modules-load.d/",
	NULL,
};
static const char *const units[] = {
	"/etc/systemd/system/",     "/run/systemd/system/", "/usr/local/lib/systemd/system/",
	"/usr/lib/systemd/system/", "/lib/systemd/system/", NULL,
};

static const struct group {
	const char *name;
	const char *const *paths; /* with a slash at its end: all below that folder */
	unsigned mode;   /* files with no more than this that belong to root are not kept */
	bool root_group; /* nor is one kept for its group alone */
	bool folders;    /* they count as well */
	bool programs;   /* what units start, too */
} groups[] = {
	{ .name = "sudoers", .paths = sudoers },
	{ .name = "logs", .paths = logs, .mode = 0640, .root_group = true },
	{ .name = "audit-conf", .paths = audit_conf, .mode = 0640, .root_group = true },
	{ .name = "loaded", .paths = loaded, .mode = 07755, .folders = true },
	{ .name = "units", .paths = units, .mode = 07755, .folders = true, .programs = true },
};

struct gathering {
	struct collector *c;
	const struct group *g;
	json_t *files; /* kept */
	json_t *asked; /* paths, as members */
	struct unit_programs *programs;
	size_t looked_at, n_odd, n_open;
	char *why; /* what could not be read */
};

struct looking {
	struct gathering *in;
	char *path;
};

static int64_t number(const json_t *stat, const char *member)
{
	return json_integer_value(json_object_get(stat, member));
}

static bool is_odd(const struct group *g, const json_t *stat)
{
	const char *text = json_string_value(json_object_get(stat, "mode"));
	if (!text || g->mode == 0)
		return true;
	unsigned long mode = strtoul(text, NULL, 8);
	return mode & ~(unsigned long)g->mode || number(stat, "uid") != 0 ||
	       (g->root_group && number(stat, "gid") != 0) ||
	       json_array_size(json_object_get(stat, "acl")) > 0;
}

static bool is_of_interest(const struct group *g, const json_t *stat)
{
	const char *type = json_string_value(json_object_get(stat, "type"));
	return type && (streq(type, "file") || (g->folders && streq(type, "dir")));
}

static void keep_stat(struct gathering *w, const char *path, json_t *stat)
{
	const char *reason = fact_reason(stat);
	if (reason && !w->why)
		w->why = xasprintf("%s: %s", path, reason);
	if (reason || !is_of_interest(w->g, stat))
		return;
	w->looked_at++;
	if (!is_odd(w->g, stat))
		return;
	AUTO_FREE char *name = xstrdup(path);
	utf8_mend(name, strlen(name));
	if (w->n_odd++ < ODD_MAX)
		json_object_set(w->files, name, stat);
}

static void take_stat(struct answer *answer, void *context)
{
	struct looking *l = context;
	json_t *stat = stat_fact(answer);
	keep_stat(l->in, l->path, stat);
	json_decref(stat);
	l->in->n_open--;
	free(l->path);
	free(l);
}

static void look_at(struct gathering *w, const char *path)
{
	AUTO_FREE char *name = xstrdup(path);
	utf8_mend(name, strlen(name));
	if (json_object_get(w->asked, name) && streq(name, path))
		return;
	json_object_set_new(w->asked, name, json_true());
	if (json_object_size(w->asked) > FILES_MAX) {
		if (!w->why)
			w->why = xasprintf("there are more than %d files", FILES_MAX);
		return;
	}
	struct looking *l = xalloc(sizeof(*l));
	*l = (struct looking){ w, xstrdup(path) };
	w->n_open++;
	ask(w->c->asker, FETCH_STAT, FETCH_BASE_ROOT, path, take_stat, l);
}

/* A path and all folders above it: who may rename one of them may replace what is below. */
static void look_at_all_of(struct gathering *w, const char *path)
{
	AUTO_FREE char *copy = xstrdup(path);
	look_at(w, copy);
	for (char *slash; (slash = strrchr(copy, '/')) && slash != copy;) {
		*slash = '\0';
		look_at(w, copy);
	}
}

struct folder {
	struct gathering *w;
	const char *path;
	size_t depth;
};

static void look_below(struct gathering *w, const char *path, size_t depth);

static void read_unit(struct gathering *w, const char *path)
{
	size_t n;
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_file(w->c, FETCH_BASE_ROOT, path, &n, &why);
	if (text)
		unit_programs_add(w->programs, text, n);
	/* A link to a device is a mask. */
	else if (*why && !starts_with(why, "ENXIO") && !w->why)
		w->why = xasprintf("%s: %s", path, why);
}

static bool is_program_unit(const struct gathering *w, const char *name)
{
	return w->g->programs && (ends_with(name, ".service") || ends_with(name, ".conf"));
}

/* What each_entry() will read, so that it need not be waited for one by one. */
static void expect_entry(char type, const char *name, void *context)
{
	struct folder *f = context;
	AUTO_FREE char *path = xasprintf("%s/%s", f->path, name);
	if (type == 'd')
		ask_expected(f->w->c->asker, FETCH_LIST, path);
	else if ((type == 'f' || type == 'l') && is_program_unit(f->w, name))
		ask_expected(f->w->c->asker, FETCH_READ, path);
}

static void each_entry(char type, const char *name, void *context)
{
	struct folder *f = context;
	AUTO_FREE char *path = xasprintf("%s/%s", f->path, name);
	if (type == 'd') {
		look_below(f->w, path, f->depth + 1);
		return;
	}
	if (type != 'f' && type != 'l')
		return;
	look_at(f->w, path);
	if (is_program_unit(f->w, name))
		read_unit(f->w, path);
}

static void look_below(struct gathering *w, const char *path, size_t depth)
{
	AUTO_FREE char *why = NULL;
	struct folder f = { w, path, depth };
	if (w->why)
		return;
	if (depth > DEPTH_MAX) {
		w->why = xasprintf("%s: folders are nested too deep", path);
		return;
	}
	if (w->g->folders)
		look_at(w, path);
	AUTO_FREE char *again = NULL;
	list_folder(w->c, FETCH_BASE_ROOT, path, expect_entry, &f, &again);
	if (!list_folder(w->c, FETCH_BASE_ROOT, path, each_entry, &f, &why) && *why && !w->why)
		w->why = xasprintf("%s: %s", path, why);
}

/* A folder that another path leads to as well is looked at once. */
static void look_at_folder(struct gathering *w, const char *path)
{
	json_t *stat = stat_path(w->c, FETCH_BASE_ROOT, path);
	const char *real = json_string_value(json_object_get(stat, "path"));
	AUTO_FREE char *seen = xasprintf("in %s", real ? real : path);
	if (fact_is_unread(stat) && !w->why)
		w->why = xasprintf("%s: %s", path, fact_reason(stat));
	if (json_is_true(json_object_get(stat, "exists")) && !json_object_get(w->asked, seen)) {
		json_object_set_new(w->asked, seen, json_true());
		look_below(w, path, 0);
		if (w->g->folders)
			look_at_all_of(w, real ? real : path);
	}
	json_decref(stat);
}

static void look_at_programs(struct gathering *w)
{
	const char *path;
	for (size_t i = 0; (path = unit_programs_at(w->programs, i)); i++)
		look_at_all_of(w, path);
}

static void expect_folders(struct collector *c, const char *const *paths)
{
	for (; *paths; paths++) {
		size_t n = strlen(*paths);
		AUTO_FREE char *folder = xstrndup(*paths, n - 1);
		if ((*paths)[n - 1] != '/')
			continue;
		ask_expected(c->asker, FETCH_STAT, folder);
		ask_expected(c->asker, FETCH_LIST, folder);
	}
}

static json_t *gather(struct collector *c, const struct group *g, const char *const *paths)
{
	struct gathering w = { .c = c, .g = g, .files = json_object(), .asked = json_object() };
	w.programs = unit_programs_new();
	expect_folders(c, paths);
	for (; *paths; paths++) {
		size_t n = strlen(*paths);
		AUTO_FREE char *folder = xstrndup(*paths, n - 1);
		if ((*paths)[n - 1] == '/')
			look_at_folder(&w, folder);
		else
			look_at(&w, *paths);
	}
	if (g->programs)
		look_at_programs(&w);
	while (w.n_open > 0)
		asker_turn(c->asker);
	unit_programs_free(w.programs);
	json_decref(w.asked);
	if (w.why) {
		json_decref(w.files);
		json_t *unread = fact_unread("%s", w.why);
		free(w.why);
		return unread;
	}
	return json_pack("{sI sI so}", "looked_at", (json_int_t)w.looked_at, "odd",
			 (json_int_t)w.n_odd, "files", w.files);
}

/* --- audit logs ------------------------------------------------------------------------------ */

/* "log_file = /var/log/audit/audit.log" of auditd.conf(5): the value, malloc'ed. */
static char *audit_setting(const char *text, const char *key, const char *fallback)
{
	AUTO_FREE char *copy = xstrdup(text);
	char *rest = copy, *line, *found = NULL;
	while ((line = strsep(&rest, "\n"))) {
		line += strspn(line, " \t");
		size_t n = strcspn(line, " \t=");
		char *value = line + n + strspn(line + n, " \t=");
		value[strcspn(value, " \t\r")] = '\0';
		if (n != strlen(key) || strncasecmp(line, key, n) != 0 || !*value)
			continue;
		free(found);
		found = xstrdup(value);
	}
	return found ? found : xstrdup(fallback);
}

static json_t *audit_logs(struct collector *c)
{
	static const struct group all = { .name = "audit-logs" };
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_text(c, FETCH_BASE_ROOT, "/etc/audit/auditd.conf", &why);
	if (!text && *why)
		return fact_unread("/etc/audit/auditd.conf: %s", why);
	AUTO_FREE char *file =
		audit_setting(text ? text : "", "log_file", "/var/log/audit/audit.log");
	AUTO_FREE char *group = audit_setting(text ? text : "", "log_group", "root");
	char *slash = strrchr(file, '/');
	if (*file != '/' || slash == file)
		return fact_unread("/etc/audit/auditd.conf: log_file is %s", file);
	slash[1] = '\0';
	const char *const paths[] = { file, NULL };
	json_t *files = gather(c, &all, paths);
	*slash = '\0';
	return json_pack("{sb ss ss so so}", "configured", text != NULL, "dir", file, "log_group",
			 group, "folder", stat_path(c, FETCH_BASE_ROOT, file), "logs", files);
}

/* --- ld.so.preload --------------------------------------------------------------------------- */

/* Libraries separated by blanks or colons (ld.so(8)). */
static json_t *preloaded(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	size_t n;
	AUTO_FREE char *text = read_file(c, FETCH_BASE_ROOT, "/etc/ld.so.preload", &n, &why);
	json_t *files = json_object();
	if (!text && *why) {
		json_decref(files);
		return fact_unread("/etc/ld.so.preload: %s", why);
	}
	if (text)
		utf8_mend(text, n);
	for (char *rest = text, *line; (line = strsep(&rest, "\n"));) {
		line[strcspn(line, "#")] = '\0';
		for (char *word; (word = strsep(&line, " \t:"));) {
			if (*word && json_object_size(files) < ODD_MAX)
				json_object_set_new(files, word,
						    stat_path(c, FETCH_BASE_ROOT, word));
		}
	}
	return files;
}

/* --- the section ------------------------------------------------------------------------------ */

static void look_at_single(struct collector *c, json_t *paths, const char *path)
{
	if (!json_object_get(paths, path))
		json_object_set_new(paths, path, stat_path(c, FETCH_BASE_ROOT, path));
}

static json_t *singles(struct collector *c)
{
	json_t *host = json_object_get(c->world, "host"), *paths = json_object();
	json_t *root = json_object_get(json_object_get(host, "users"), "root");
	const char *home = json_string_value(json_object_get(root, "home"));
	for (size_t i = 0; i < ARRAY_SIZE(single); i++)
		ask_expected(c->asker, FETCH_STAT, single[i]);
	for (size_t i = 0; i < ARRAY_SIZE(single); i++)
		look_at_single(c, paths, single[i]);
	look_at_single(c, paths, home && *home == '/' ? home : "/root");
	for (size_t i = 0; i < ARRAY_SIZE(running); i++) {
		if (c->o->live)
			look_at_single(c, paths, running[i]);
		else
			json_object_set_new(paths, running[i], fact_unread(NEEDS_RUNNING));
	}
	return paths;
}

void collect_stat(struct collector *c)
{
	json_t *all = json_pack("{so so so}", "paths", singles(c), "audit-logs", audit_logs(c),
				"preloaded", preloaded(c));
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++)
		json_object_set_new(all, groups[i].name, gather(c, &groups[i], groups[i].paths));
	collect_host_section(c, "stat", all);
	collect_fstab(c);
}
