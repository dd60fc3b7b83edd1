/* SPDX-License-Identifier: Apache-2.0 */
/* collect_pam.c: what PAM does for logins, and the files that its modules are set up by. */
#include "collector.h"
#include "confdir.h"
#include "pamstack.h"

/* NAME, NAME=value or NAME value, as faillock.conf(5) and its like have it. */
static void option_line(struct conf *c, char *line)
{
	line[strcspn(line, "#")] = '\0';
	size_t n = strcspn(line, " \t=");
	if (n == 0)
		return;
	char *value = line + n + strspn(line + n, " \t=");
	size_t len = strlen(value);
	while (len > 0 && strchr(" \t\r", value[len - 1]))
		value[--len] = '\0';
	line[n] = '\0';
	conf_set(c, line, value);
}

static json_t *read_options(struct collector *c, const char *name, bool has_folder)
{
	AUTO_FREE char *own = xasprintf("/etc/security/%s.conf", name);
	AUTO_FREE char *vendor = xasprintf("/usr/etc/security/%s.conf", name);
	AUTO_FREE char *folder = xasprintf("/etc/security/%s.conf.d", name);
	const char *const last[] = { own, vendor, NULL };
	const char *const dirs[] = { folder, NULL };
	/* pwquality.conf(5): the folder is read first, so the file wins. */
	const struct conf_spec spec = { .dirs = has_folder ? dirs : NULL,
					.suffix = ".conf",
					.last = last,
					.comments = "#",
					.line = option_line };
	struct conf_source source = collector_source(c);
	return conf_read(&spec, &source);
}

static void add_stacks(struct collector *c, json_t *services, const char *service)
{
	static const char *const types[] = { "auth", "account", "password", "session" };
	struct conf_source source = collector_source(c);
	json_t *has = pam_has_service(&source, service);
	if (json_is_false(has))
		return;
	json_t *stacks = json_is_true(has) ? json_object() : has;
	for (size_t i = 0; json_is_true(has) && i < ARRAY_SIZE(types); i++)
		json_object_set_new(stacks, types[i], pam_stack(&source, service, types[i]));
	json_object_set_new(services, service, stacks);
}

/* --- which modules are there -------------------------------------------------------------------
 */

struct modules {
	struct collector *c;
	json_t *names;
};

static void add_module(char type, const char *name, void *context)
{
	struct modules *m = context;
	if (type != 'd' && starts_with(name, "pam_") && ends_with(name, ".so"))
		json_object_set_new(m->names, name, json_true());
}

static void list_modules(struct modules *m, const char *folder)
{
	AUTO_FREE char *why = NULL;
	list_folder(m->c, FETCH_BASE_ROOT, folder, add_module, m, &why);
}

static void add_multiarch(char type, const char *name, void *context)
{
	AUTO_FREE char *folder = xasprintf("/usr/lib/%s/security", name);
	if (type == 'd' && strstr(name, "-linux-"))
		list_modules(context, folder);
}

static json_t *installed_modules(struct collector *c)
{
	static const char *const folders[] = { "/lib/security", "/lib64/security",
					       "/usr/lib/security", "/usr/lib64/security" };
	AUTO_FREE char *why = NULL;
	struct modules m = { c, json_object() };
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		list_modules(&m, folders[i]);
	list_folder(c, FETCH_BASE_ROOT, "/usr/lib", add_multiarch, &m, &why);
	return m.names;
}

/* Without a folder libpam reads one file for all, which is not understood here. */
static json_t *without_folder(struct collector *c, json_t *services)
{
	json_t *st = stat_path(c, FETCH_BASE_ROOT, "/etc/pam.conf");
	bool is_there = !json_is_false(json_object_get(st, "exists"));
	json_decref(st);
	if (!is_there)
		return services;
	json_decref(services);
	return fact_unread("/etc/pam.conf: is used, and not understood");
}

void collect_pam(struct collector *c)
{
	static const char *const names[] = { "login", "sshd", "passwd", "su",
					     "su-l",  "sudo", "other" };
	json_t *services = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		add_stacks(c, services, names[i]);
	if (json_object_size(services) == 0)
		services = without_folder(c, services);
	collect_host_section(c, "pam",
			     json_pack("{so so so so so}", "services", services, "modules",
				       installed_modules(c), "faillock",
				       read_options(c, "faillock", false), "pwquality",
				       read_options(c, "pwquality", true), "pwhistory",
				       read_options(c, "pwhistory", false)));
}
