/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_packages.c: host/packages: which package manager there is, the packages that rules ask
 * for, and the programs by which they are told where its list cannot be read.
 */
#include "collect_software.h"
#include "confdir.h"
#include "packages.h"
#include "record.h"

static const char *const asked[] = {
	"nis",
	"ypbind",
	"ypbind-mt",
	"yp-tools",
	"rsh-client",
	"rsh-redone-client",
	"rsh",
	"netkit-rsh",
	"talk",
	"netkit-ntalk",
	"inetutils-talk",
	"telnet",
	"inetutils-telnet",
	"telnet-ssl",
	"netkit-telnet",
	"ldap-utils",
	"openldap-clients",
	"openldap2-client",
	"ftp",
	"tnftp",
	"inetutils-ftp",
	"ftp-ssl",
	"tftp",
	"tftp-hpa",
	"atftp",
	"prelink",
	"apport",
};

static json_t *unread_at(const char *path, const char *why)
{
	return fact_unread("%s: %s", path, why);
}

/* {name: version} of all, unread, or NULL when that file is not there. */
static json_t *from_file(struct collector *c, const char *path, bool (*parse)(char *, json_t *))
{
	size_t n;
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_file(c, FETCH_BASE_ROOT, path, &n, &why);
	if (!text)
		return *why ? unread_at(path, why) : NULL;
	if (memchr(text, '\0', n))
		return unread_at(path, "holds a NUL byte");
	utf8_mend(text, n);
	json_t *all = json_object();
	if (parse(text, all) && json_object_size(all) < PACKAGES_MAX)
		return all;
	json_decref(all);
	return unread_at(path, "cannot be understood");
}

struct parts {
	struct collector *c;
	json_t *all;
	char *why;
};

/* Images without a shell have a file for each package. */
static void add_status_d(char type, const char *name, void *context)
{
	struct parts *p = context;
	AUTO_FREE char *path = xasprintf("/var/lib/dpkg/status.d/%s", name);
	(void)type;
	if (ends_with(name, ".md5sums") || p->why)
		return;
	size_t n;
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_file(p->c, FETCH_BASE_ROOT, path, &n, &why);
	const char *key = "\nPackage:";
	char *at = text ? strstr(text, key + (starts_with(text, "Package:") ? 1 : 0)) : NULL;
	if (!text) {
		p->why = xasprintf("%s: %s", path, why);
	} else if (at) {
		at += strcspn(at, ":") + 1;
		at += strspn(at, " ");
		utf8_mend(at, strlen(at));
		at[strcspn(at, "\n")] = '\0';
		json_object_set_new(p->all, at, json_string(""));
	}
}

static void add_pacman(char type, const char *name, void *context)
{
	struct parts *p = context;
	AUTO_FREE char *copy = xstrdup(name);
	utf8_mend(copy, strlen(copy));
	if (type == 'd')
		packages_pacman(copy, p->all);
}

/* A folder with an entry for each package; NULL when it is not there. */
static json_t *from_folder(struct collector *c, const char *path, entry_fn *add)
{
	struct parts p = { c, json_object(), NULL };
	AUTO_FREE char *why = NULL;
	bool is_there = list_folder(c, FETCH_BASE_ROOT, path, add, &p, &why);
	AUTO_FREE char *trouble = is_there || !*why ? TAKE(p.why) : xasprintf("%s: %s", path, why);
	free(p.why);
	if (is_there && !trouble)
		return p.all;
	json_decref(p.all);
	return trouble ? fact_unread("%s", trouble) : NULL;
}

static bool is_there(struct collector *c, const char *path)
{
	json_t *st = stat_path(c, FETCH_BASE_ROOT, path);
	bool is_it = json_is_true(json_object_get(st, "exists"));
	json_decref(st);
	return is_it;
}

static json_t *rpm_packages(struct collector *c)
{
	static const char *const databases[] = {
		"/var/lib/rpm/rpmdb.sqlite",         "/usr/lib/sysimage/rpm/rpmdb.sqlite",
		"/usr/share/rpm/rpmdb.sqlite",       "/var/lib/rpm/Packages.db",
		"/usr/lib/sysimage/rpm/Packages.db", "/var/lib/rpm/Packages",
		"/usr/share/rpm/Packages",
	};
	for (size_t i = 0; i < ARRAY_SIZE(databases); i++)
		if (is_there(c, databases[i]))
			return fact_unread("%s: a database of rpm is not read", databases[i]);
	return NULL;
}

static json_t *all_packages(struct collector *c, const char **ret_manager)
{
	json_t *all;
	*ret_manager = "dpkg";
	if ((all = from_file(c, "/var/lib/dpkg/status", packages_dpkg)) &&
	    (fact_is_unread(all) || json_object_size(all) > 0))
		return all;
	json_decref(all);
	if ((all = from_folder(c, "/var/lib/dpkg/status.d", add_status_d)))
		return all;
	*ret_manager = "apk";
	if ((all = from_file(c, "/lib/apk/db/installed", packages_apk)) ||
	    (all = from_file(c, "/usr/lib/apk/db/installed", packages_apk)))
		return all;
	*ret_manager = "rpm";
	if ((all = rpm_packages(c)))
		return all;
	*ret_manager = "pacman";
	if ((all = from_folder(c, "/var/lib/pacman/local", add_pacman)))
		return all;
	*ret_manager = "none";
	return fact_unread("no list of packages was found");
}

/* The version of each that was asked for, null of those that are not installed. */
static json_t *asked_fact(const json_t *all)
{
	if (fact_is_unread(all))
		return fact_unread("%s", fact_reason(all));
	json_t *found = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		json_t *version = json_object_get(all, asked[i]);
		json_object_set_new(
			found, asked[i],
			json_pack("{sb sO?}", "installed", version != NULL, "version", version));
	}
	return found;
}

void collect_packages(struct collector *c)
{
	static const char *const apport[] = { "/etc/default/apport", NULL };
	static const struct conf_spec spec = { .first = apport,
					       .comments = "#",
					       .line = conf_line_equals };
	struct conf_source source = collector_source(c);
	const char *manager;
	json_t *all = all_packages(c, &manager);
	json_t *body = json_pack(
		"{ss so so so so}", "manager", manager, "count",
		fact_is_unread(all) ? json_incref(all)
				    : json_integer((json_int_t)json_object_size(all)),
		"asked", asked_fact(all), "programs", collect_programs_called(c, software_clients),
		"apport", conf_read(&spec, &source));
	json_t *pattern = NULL;
	if (c->o->live) {
		AUTO_FREE char *why = NULL;
		AUTO_FREE char *text =
			read_file(c, FETCH_BASE_PROC, "proc/sys/kernel/core_pattern", NULL, &why);
		if (text)
			text[strcspn(text, "\n")] = '\0';
		pattern = text ? json_string(text) : NULL;
		if (!pattern)
			pattern = fact_unread("/proc/sys/kernel/core_pattern: %s",
					      why && *why ? why : "is not there");
	} else {
		pattern = fact_unread(NEEDS_RUNNING);
	}
	json_object_set_new(body, "core-pattern", pattern);
	json_decref(all);
	collect_host_section(c, "packages", body);
}
