/* SPDX-License-Identifier: Apache-2.0 */
/* collect_auditd.c: the audit daemon: its configuration, service and process, and what to watch. */
#include <ctype.h>
#include <sys/utsname.h>

#include "collector.h"
#include "confdir.h"
#include "redact.h"

enum { LOGS_MAX = 20 };

/* What the checks of host.audit.rule want recorded, where it is there. */
static const char *const watched[] = {
	"/etc/sudoers",
	"/etc/sudoers.d",
	"/etc/localtime",
	"/etc/issue",
	"/etc/issue.net",
	"/etc/hosts",
	"/etc/networks",
	"/etc/network",
	"/etc/netplan",
	"/etc/sysconfig/network",
	"/etc/sysconfig/network-scripts",
	"/etc/NetworkManager",
	"/etc/passwd",
	"/etc/group",
	"/etc/shadow",
	"/etc/gshadow",
	"/etc/security/opasswd",
	"/etc/nsswitch.conf",
	"/etc/pam.conf",
	"/etc/pam.d",
	"/var/run/utmp",
	"/var/log/wtmp",
	"/var/log/btmp",
	"/var/log/lastlog",
	"/etc/apparmor",
	"/etc/apparmor.d",
	"/etc/selinux",
	"/etc/selinux/config",
	"/usr/share/selinux",
	"/usr/bin/chcon",
	"/usr/bin/setfacl",
	"/usr/bin/chacl",
	"/usr/sbin/usermod",
	"/usr/bin/kmod",
	"/usr/sbin/kmod",
};

/* --- configuration --------------------------------------------------------------------------- */

static void lower_key_line(struct conf *c, char *line)
{
	for (char *p = line; *p && *p != '='; p++)
		*p = (char)tolower((unsigned char)*p);
	conf_line_equals(c, line);
}

/* auditd.conf(5): one file, no fragments. */
static json_t *auditd_conf(struct collector *c)
{
	static const char *const first[] = { "/etc/audit/auditd.conf", NULL };
	static const struct conf_spec spec = { .first = first,
					       .comments = "#",
					       .line = lower_key_line };
	struct conf_source source = collector_source(c);
	json_t *conf = conf_read(&spec, &source);
	redact_json(conf); /* commands */
	return conf;
}

static void words_line(struct conf *c, char *line)
{
	static const char *const wanted[] = { "UID_MIN" };
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		if (starts_with(line, wanted[i]))
			conf_line_words(c, line);
}

/* Where the numbers of people's accounts begin, as audit rules mean it. */
static json_t *uid_min(struct collector *c)
{
	static const char *const first[] = { "/etc/login.defs", "/usr/etc/login.defs", NULL };
	static const struct conf_spec spec = { .first = first,
					       .comments = "#",
					       .line = words_line };
	struct conf_source source = collector_source(c);
	json_t *conf = conf_read(&spec, &source), *settings = json_object_get(conf, "settings");
	const char *text = json_string_value(
		json_object_get(json_array_get(json_object_get(settings, "UID_MIN"), 0), "value"));
	int64_t n;
	json_t *fact;
	if (fact_is_unread(settings))
		fact = json_incref(settings);
	else if (text)
		fact = parse_int(text, &n) ? json_integer(n)
					   : fact_unread("UID_MIN is no number: %s", text);
	else
		fact = json_integer(1000);
	json_decref(conf);
	return fact;
}

/* --- where sudo and faillock write --------------------------------------------------------------
 */

static void sudo_include(struct conf *c, char *rest, bool is_dir)
{
	char *path = conf_cut_blanks(rest);
	size_t n = strlen(path);
	if (n >= 2 && *path == '"' && path[n - 1] == '"') {
		path[n - 1] = '\0';
		path++;
	}
	if (strchr(path, '%'))
		conf_refuse(c, "includes \"%s\", by the name of the host", path);
	else if (is_dir)
		conf_include_dir(c, path, CONF_NO_DOTS);
	else
		conf_include(c, path);
}

static void note_log(struct conf *c, const char *value)
{
	bool is_quoted = *value == '"';
	size_t n = is_quoted ? strcspn(value + 1, "\"") : strcspn(value, ", \t");
	AUTO_FREE char *path = xstrndup(value + is_quoted, n);
	conf_set(c, "logfile", path);
}

/* Defaults … logfile=PATH, wherever it stands among the options. */
static void sudo_defaults(struct conf *c, char *line)
{
	for (char *p = line; (p = strstr(p, "logfile")); p += strlen("logfile")) {
		char *rest = p + strlen("logfile");
		if (!strchr(" \t,!", p[-1]))
			continue;
		rest += strspn(rest, " \t");
		if (p[-1] == '!')
			conf_set(c, "logfile", "");
		else if (*rest == '=')
			note_log(c, conf_cut_blanks(rest + 1));
	}
}

static void sudo_line(struct conf *c, char *line)
{
	static const struct {
		const char *word;
		bool is_dir;
	} includes[] = {
		{ "includedir", true },
		{ "include", false },
	};
	for (size_t i = 0; (*line == '#' || *line == '@') && i < ARRAY_SIZE(includes); i++) {
		size_t n = strlen(includes[i].word);
		if (starts_with(line + 1, includes[i].word) && strchr(" \t", line[1 + n])) {
			sudo_include(c, line + 1 + n, includes[i].is_dir);
			return;
		}
	}
	if (starts_with(line, "Defaults"))
		sudo_defaults(c, line);
}

static json_t *sudo_logs(struct collector *c)
{
	static const char *const first[] = { "/etc/sudoers", "/usr/etc/sudoers", NULL };
	static const struct conf_spec spec = { .first = first,
					       .flags = CONF_CONTINUES | CONF_COMMENTS_END,
					       .line = sudo_line };
	struct conf_source source = collector_source(c);
	json_t *conf = conf_read(&spec, &source), *logs, *one;
	json_t *settings = json_object_get(conf, "settings");
	size_t i;
	if (fact_is_unread(settings)) {
		json_incref(settings);
		json_decref(conf);
		return settings;
	}
	logs = json_array();
	/* The last first; an earlier one holds for whom the last was not meant. */
	json_array_foreach(json_object_get(settings, "logfile"), i, one)
	{
		json_t *path = json_object_get(one, "value");
		if (*json_string_value(path) == '/' && json_array_size(logs) < LOGS_MAX)
			json_array_append(logs, path);
	}
	json_decref(conf);
	return logs;
}

/* faillock.conf(5); null without pam_faillock. */
static json_t *faillock_dir(struct collector *c)
{
	static const char *const first[] = { "/etc/security/faillock.conf",
					     "/usr/etc/security/faillock.conf", NULL };
	static const struct conf_spec spec = { .first = first,
					       .comments = "#",
					       .line = conf_line_equals };
	struct conf_source source = collector_source(c);
	json_t *conf = conf_read(&spec, &source), *settings = json_object_get(conf, "settings");
	json_t *dir = json_object_get(json_array_get(json_object_get(settings, "dir"), 0), "value");
	json_t *fact = json_null();
	if (fact_is_unread(settings))
		fact = json_incref(settings);
	else if (dir)
		fact = json_incref(dir);
	else if (json_array_size(json_object_get(conf, "files")) > 0)
		fact = json_string("/var/run/faillock");
	json_decref(conf);
	return fact;
}

/* --- files to watch ------------------------------------------------------------------------------
 */

/* The folder that holds it without links; of a link what is watched is the link. */
static json_t *entry_of(struct collector *c, const char *path, const json_t *st)
{
	const char *name = strrchr(path, '/') + 1;
	if (streq(json_string_value(json_object_get(st, "type")), "dir"))
		return json_incref(json_object_get(st, "path"));
	AUTO_FREE char *dir =
		name == path + 1 ? xstrdup("/") : xstrndup(path, (size_t)(name - path - 1));
	json_t *above = stat_path(c, FETCH_BASE_ROOT, dir);
	const char *real = json_string_value(json_object_get(above, "path"));
	AUTO_FREE char *entry =
		real ? xasprintf("%s/%s", streq(real, "/") ? "" : real, name) : NULL;
	json_decref(above);
	return entry ? json_string(entry) : fact_unread("%s has no name that is text", dir);
}

static void add_file(struct collector *c, json_t *files, const char *path)
{
	if (!path || *path != '/' || json_object_get(files, path))
		return;
	json_t *st = stat_path(c, FETCH_BASE_ROOT, path);
	if (json_is_true(json_object_get(st, "exists")))
		json_object_set_new(st, "entry", entry_of(c, path, st));
	json_object_set_new(files, path, st);
}

static json_t *files_to_watch(struct collector *c, const json_t *logs, const json_t *faillock)
{
	json_t *files = json_object(), *log;
	size_t i;
	for (i = 0; i < ARRAY_SIZE(watched); i++)
		ask_ahead(c->asker, FETCH_STAT, FETCH_BASE_ROOT, watched[i]);
	for (i = 0; i < ARRAY_SIZE(watched); i++)
		add_file(c, files, watched[i]);
	json_array_foreach(logs, i, log) add_file(c, files, json_string_value(log));
	add_file(c, files, json_string_value(faillock));
	return files;
}

/* --- the daemon ---------------------------------------------------------------------------------
 */

static json_t *first_program(struct collector *c, const char *name)
{
	static const char *const dirs[] = { "/usr/sbin", "/sbin", "/usr/bin", "/usr/local/sbin" };
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		AUTO_FREE char *path = xasprintf("%s/%s", dirs[i], name);
		json_t *st = stat_path(c, FETCH_BASE_ROOT, path);
		if (fact_is_unread(st))
			return st;
		bool is_it = streq("file", json_is_true(json_object_get(st, "exists"))
						   ? json_string_value(json_object_get(st, "type"))
						   : "");
		json_decref(st);
		if (is_it)
			return json_string(path);
	}
	return json_null();
}

static bool starts_program(json_t *unit, const char *name)
{
	static const char *const keys[] = { "ExecStart", "ExecStartPre", "ExecStartPost" };
	json_t *service = json_object_get(json_object_get(unit, "settings"), "Service"), *line;
	size_t i, k;
	for (k = 0; k < ARRAY_SIZE(keys); k++) {
		json_array_foreach(json_object_get(service, keys[k]), i, line)
		{
			if (json_is_string(line) && strstr(json_string_value(line), name))
				return true;
		}
	}
	return false;
}

/* Which program loads rules at boot; without systemd the one of most scripts. */
static json_t *loader(struct collector *c)
{
	static const char *const units[] = { "audit-rules.service", "auditd.service" };
	bool has_unit = false;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		json_t *unit = collect_unit(c, units[i]);
		bool is_augenrules = starts_program(unit, "augenrules");
		bool is_auditctl = starts_program(unit, "auditctl");
		has_unit |= json_is_string(json_object_get(unit, "path"));
		json_decref(unit);
		if (is_augenrules || is_auditctl)
			return json_string(is_augenrules ? "augenrules" : "auditctl");
	}
	return has_unit ? json_string("nothing") : json_string("augenrules");
}

/* The name of the process that takes the kernel's records; null when none does. */
static json_t *listener(struct collector *c)
{
	struct fact f = facts_find(c->world, "host/audit/pid");
	struct answer answer;
	char pid[24];
	if (f.state != FACT_KNOWN || !json_is_integer(f.value))
		return fact_unread("%s", f.state == FACT_UNREAD ? f.reason
								: "audit's state was not told");
	if (json_integer_value(f.value) <= 0)
		return json_null();
	snprintf(pid, sizeof(pid), "%lld", (long long)json_integer_value(f.value));
	ask_now(c->asker, FETCH_PROC_EXES, 0, pid, &answer);
	AUTO_FREE char *why = answer_trouble(&answer);
	json_t *fact = why ? fact_unread("/proc/%s: %s", pid, why) : json_null();
	if (!why && answer.len > strlen(answer.data) + 1)
		fact = json_string(answer.data + strlen(answer.data) + 1);
	answer_done(&answer);
	return fact ? fact : fact_unread("its name is no valid text");
}

static json_t *machine(struct collector *c)
{
	struct utsname u;
	struct fact f = facts_find(c->world, "host/kernel/machine");
	if (f.state == FACT_KNOWN)
		return json_incref(f.value);
	return uname(&u) == 0 ? json_string(u.machine) : fact_unread("uname");
}

/* The active modules, as the kernel lists them: "lockdown,capability,apparmor". */
static json_t *security_modules(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	size_t n;
	if (!c->o->live)
		return fact_unread(NEEDS_RUNNING);
	AUTO_FREE char *text = read_file(c, FETCH_BASE_PROC, "sys/kernel/security/lsm", &n, &why);
	json_t *fact = text ? json_string(text) : NULL;
	return fact ? fact
		    : fact_unread("/sys/kernel/security/lsm: %s",
				  why && *why ? why : "is not there");
}

void collect_auditd(struct collector *c)
{
	json_t *logs = sudo_logs(c), *faillock = faillock_dir(c);
	json_t *files = files_to_watch(c, logs, faillock);
	json_t *programs = json_pack("{so so so}", "auditd", first_program(c, "auditd"), "auditctl",
				     first_program(c, "auditctl"), "augenrules",
				     first_program(c, "augenrules"));
	collect_host_section(c, "auditd",
			     json_pack("{so so so so so so so so so so so}", "conf", auditd_conf(c),
				       "programs", programs, "service",
				       collect_service(c, "auditd.service"), "loader", loader(c),
				       "listener", listener(c), "machine", machine(c), "modules",
				       security_modules(c), "uid-min", uid_min(c), "sudo-logs",
				       logs, "faillock-dir", faillock, "files", files));
}
