/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_coredump.c: what is kept of processes that crash, and which kernels are installed.
 *
 *   host/coredump: {"systemd":{"installed",…as of conf_read()}, "manager":{…}, "limits":{…, by
 *     "DOMAIN TYPE"}, "init-limit":{"soft","hard"}, "handler":{"path","file":stat}}
 *   host/kernels: {"installed":[releases], "reboot-required":false, "livepatch":[names]}
 */
#include <ctype.h>

#include "collector.h"
#include "confdir.h"
#include "procparse.h"

enum { KERNELS_MAX = 200 };

static bool exists(struct collector *c, const char *path)
{
	json_t *st = stat_path(c, FETCH_BASE_ROOT, path);
	bool is_there = json_is_true(json_object_get(st, "exists"));
	json_decref(st);
	return is_there;
}

/* --- systemd --------------------------------------------------------------------------------- */

#define SYSTEMD_CONF(name)                                                                         \
	{                                                                                          \
		"/etc/systemd/" name, "/run/systemd/" name, "/usr/local/lib/systemd/" name,        \
			"/usr/lib/systemd/" name, NULL                                             \
	}

static json_t *systemd_conf(struct collector *c, const char *const *first, const char *const *dirs)
{
	struct conf_spec spec = { .first = first,
				  .dirs = dirs,
				  .suffix = ".conf",
				  .comments = "#;",
				  .flags = CONF_CONTINUES,
				  .merge = CONF_LAST,
				  .line = conf_line_ini };
	struct conf_source source = collector_source(c);
	return conf_read(&spec, &source);
}

static json_t *coredump_fact(struct collector *c)
{
	static const char *const first[] = SYSTEMD_CONF("coredump.conf");
	static const char *const dirs[] = SYSTEMD_CONF("coredump.conf.d");
	json_t *fact = systemd_conf(c, first, dirs);
	json_object_set_new(fact, "installed",
			    json_boolean(exists(c, "/usr/lib/systemd/systemd-coredump") ||
					 exists(c, "/lib/systemd/systemd-coredump")));
	return fact;
}

static json_t *manager_fact(struct collector *c)
{
	static const char *const first[] = SYSTEMD_CONF("system.conf");
	static const char *const dirs[] = SYSTEMD_CONF("system.conf.d");
	return systemd_conf(c, first, dirs);
}

/* --- limits.conf(5) -------------------------------------------------------------------------- */

static char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t");
	size_t n = strcspn(word, " \t");
	*rest = word + n;
	if (word[n])
		*(*rest)++ = '\0';
	return word;
}

/* DOMAIN TYPE ITEM VALUE; "-" is both types. All but the domain in either case, as pam_limits(8).
 */
static void limits_line(struct conf *c, char *line)
{
	line[strcspn(line, "#")] = '\0';
	char *domain = next_word(&line), *type = next_word(&line), *item = next_word(&line),
	     *value = next_word(&line);
	if (!*value || strcasecmp(item, "core") != 0)
		return;
	for (char *p = type; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	AUTO_FREE char *key = xasprintf("%s %s", domain, streq(type, "-") ? "hard" : type);
	conf_set(c, key, value);
	if (!streq(type, "-"))
		return;
	AUTO_FREE char *soft = xasprintf("%s soft", domain);
	conf_set(c, soft, value);
}

static json_t *limits_fact(struct collector *c)
{
	static const char *const first[] = { "/etc/security/limits.conf",
					     "/usr/etc/security/limits.conf",
					     "/usr/lib/pam/security/limits.conf", NULL };
	static const char *const dirs[] = { "/etc/security/limits.d", "/usr/etc/security/limits.d",
					    NULL };
	static const struct conf_spec spec = { .first = first,
					       .dirs = dirs,
					       .suffix = ".conf",
					       .comments = "#",
					       .merge = CONF_LAST,
					       .line = limits_line };
	struct conf_source source = collector_source(c);
	return conf_read(&spec, &source);
}

static json_t *init_limit(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	if (!c->o->live)
		return fact_unread(NEEDS_RUNNING);
	AUTO_FREE char *text = read_file(c, FETCH_BASE_PROC, "proc/1/limits", NULL, &why);
	if (!text)
		return fact_unread("/proc/1/limits: %s", *why ? why : "is not there");
	const char *line = strstr(text, "Max core file size");
	char soft[32], hard[32];
	if (!line || sscanf(line, "Max core file size %31s %31s", soft, hard) != 2)
		return fact_unread("/proc/1/limits: has no core file size");
	return json_pack("{ss ss}", "soft", soft, "hard", hard);
}

/* The program that kernel.core_pattern names, and what that is; null when it names none. */
static json_t *handler_fact(struct collector *c)
{
	struct fact now = facts_find(c->world, "host/sysctl/values/kernel~1core_pattern");
	struct fact set =
		facts_find(c->world, "host/sysctl-files/settings/kernel~1core_pattern/0/value");
	const char *pattern = json_string_value(c->o->live ? now.value : set.value);
	if (!pattern || *pattern != '|')
		return json_null();
	AUTO_FREE char *path = xstrndup(pattern + 1, strcspn(pattern + 1, " \t"));
	json_t *file = *path == '/' ? stat_path(c, FETCH_BASE_ROOT, path)
				    : fact_unread("'%s' is no absolute path", path);
	return json_pack("{ss so}", "path", path, "file", file);
}

void collect_coredump(struct collector *c)
{
	collect_host_section(c, "coredump",
			     json_pack("{so so so so so}", "handler", handler_fact(c), "systemd",
				       coredump_fact(c), "manager", manager_fact(c), "limits",
				       limits_fact(c), "init-limit", init_limit(c)));
}

/* --- kernels --------------------------------------------------------------------------------- */

static void add_name(char type, const char *name, void *context)
{
	json_t *list = context;
	if ((type == 'd' || type == 'l') && json_array_size(list) <= KERNELS_MAX)
		json_array_append_new(list, json_string(name));
}

/* A folder without modules.builtin is what the removal of a package left. */
static json_t *installed_kernels(struct collector *c)
{
	static const char dir[] = "/lib/modules";
	AUTO_FREE char *why = NULL;
	json_t *all = json_array(), *installed, *name;
	size_t i;
	if (!list_folder(c, FETCH_BASE_ROOT, dir, add_name, all, &why) && *why) {
		json_decref(all);
		return fact_unread("%s: %s", dir, why);
	}
	installed = json_array();
	json_array_foreach(all, i, name)
	{
		AUTO_FREE char *path =
			xasprintf("%s/%s/modules.builtin", dir, json_string_value(name));
		if (json_is_string(name) && exists(c, path))
			json_array_append(installed, name);
	}
	json_decref(all);
	if (json_array_size(installed) <= KERNELS_MAX)
		return installed;
	json_decref(installed);
	return fact_unread("%s: holds more than %d kernels", dir, KERNELS_MAX);
}

static json_t *live_patches(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	json_t *list = json_array();
	if (!c->o->live) {
		json_decref(list);
		return fact_unread(NEEDS_RUNNING);
	}
	if (!list_folder(c, FETCH_BASE_PROC, "sys/kernel/livepatch", add_name, list, &why) &&
	    *why) {
		json_decref(list);
		return fact_unread("/sys/kernel/livepatch: %s", why);
	}
	return list;
}

void collect_kernels(struct collector *c)
{
	bool must_reboot =
		exists(c, "/run/reboot-required") || exists(c, "/var/run/reboot-required");
	collect_host_section(
		c, "kernels",
		json_pack("{so so so}", "installed", installed_kernels(c), "reboot-required",
			  c->o->live ? json_boolean(must_reboot) : fact_unread(NEEDS_RUNNING),
			  "livepatch", live_patches(c)));
}
