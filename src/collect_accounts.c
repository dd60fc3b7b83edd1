/* SPDX-License-Identifier: Apache-2.0 */
/* collect_accounts.c: the account files, what they default to, and what logins are given. */
#include <time.h>

#include "accounts.h"
#include "collect_logins.h"
#include "collector.h"
#include "confdir.h"
#include "record.h"
#include "redact.h"
#include "shellscan.h"

/* {"exists": false}, or the file's lines with its path; unread with the reason. */
static json_t *account_file(struct collector *c, const char *path, json_t *(*understand)(char *))
{
	AUTO_FREE char *why = NULL;
	size_t n;
	AUTO_FREE char *text = read_file(c, FETCH_BASE_ROOT, path, &n, &why);
	if (!text)
		return *why ? fact_unread("%s: %s", path, why) : json_pack("{sb}", "exists", 0);
	if (memchr(text, '\0', n))
		return fact_unread("%s: holds a NUL byte", path);
	utf8_mend(text, n);
	json_t *file = understand(text);
	const char *reason = fact_reason(file);
	if (reason) {
		json_t *named = fact_unread("%s: %s", path, reason);
		json_decref(file);
		return named;
	}
	json_object_set_new(file, "exists", json_true());
	json_object_set_new(file, "path", json_string(path));
	return file;
}

static void add_shared(json_t *file, const char *as, const char *member)
{
	json_t *entries = json_object_get(file, "entries");
	if (entries)
		json_object_set_new(file, as, accounts_shared(entries, member));
}

/* Where nss-altfiles has the groups of an image: Fedora's, or Flatcar's ("usrfiles"). */
static const char *altfiles_group(struct collector *c)
{
	static const char flatcars[] = "/usr/share/baselayout/group";
	json_t *st = stat_path(c, FETCH_BASE_ROOT, flatcars);
	bool is_there = json_is_true(json_object_get(st, "exists"));
	json_decref(st);
	return is_there ? flatcars : "/usr/lib/group";
}

static void add_files(struct collector *c, json_t *all)
{
	static const struct {
		const char *name, *path;
		json_t *(*understand)(char *text);
		const char *id; /* the number that should be of one entry only */
	} files[] = {
		{ "passwd", "/etc/passwd", accounts_passwd, "uid" },
		{ "shadow", "/etc/shadow", accounts_shadow, NULL },
		{ "group", "/etc/group", accounts_group, "gid" },
		{ "gshadow", "/etc/gshadow", accounts_gshadow, NULL },
		{ "altfiles-group", NULL, accounts_group, NULL },
		{ "subuid", "/etc/subuid", accounts_subid, NULL },
		{ "subgid", "/etc/subgid", accounts_subid, NULL },
	};
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		const char *path = files[i].path ? files[i].path : altfiles_group(c);
		json_t *file = account_file(c, path, files[i].understand);
		if (files[i].id) {
			add_shared(file, "shared-ids", files[i].id);
			add_shared(file, "shared-names", "name");
		}
		json_object_set_new(all, files[i].name, file);
	}
}

/* --- settings -------------------------------------------------------------------------------- */

/* openSUSE's shadow reads fragments through libeconf; others do not. */
static bool is_suse(struct collector *c)
{
	json_t *os = json_object_get(json_object_get(c->world, "host"), "os");
	const char *id = json_string_value(json_object_get(os, "ID"));
	const char *like = json_string_value(json_object_get(os, "ID_LIKE"));
	return (id && (strstr(id, "suse") || starts_with(id, "sl"))) ||
	       (like && strstr(like, "suse"));
}

/* "passwd: files systemd" */
static void nsswitch_line(struct conf *c, char *line)
{
	char *colon = strchr(line, ':');
	line[strcspn(line, "#")] = '\0';
	if (!colon)
		return;
	*colon = '\0';
	conf_set(c, line, colon + 1 + strspn(colon + 1, " \t"));
}

/* getdef.c of shadow: a value may be in quotes. */
static void login_defs_line(struct conf *c, char *line)
{
	size_t n = strcspn(line, " \t");
	char *value = line + n + strspn(line + n, " \t\"");
	value[strcspn(value, "\"")] = '\0';
	line[n] = '\0';
	conf_set(c, line, conf_cut_blanks(value));
}

/* pam_env(8): "export NAME=value", and comments behind it. */
static void environment_line(struct conf *c, char *line)
{
	static const char word[] = "export ";
	line[strcspn(line, "#")] = '\0';
	conf_line_equals(c, starts_with(line, word) ? line + strlen(word) : line);
}

static const char *const no_dirs[] = { NULL };
static const char *const econf_dirs[] = { "/etc/login.defs.d", "/run/login.defs.d",
					  "/usr/etc/login.defs.d", NULL };
static const char *const login_defs[] = { "/etc/login.defs", "/usr/etc/login.defs", NULL };
static const char *const useradd[] = { "/etc/default/useradd", "/usr/etc/default/useradd", NULL };
static const char *const environment[] = { "/etc/environment", NULL };
static const char *const libuser[] = { "/etc/libuser.conf", NULL };
static const char *const nsswitch[] = { "/etc/nsswitch.conf", "/usr/etc/nsswitch.conf", NULL };
static const char *const shells[] = { "/etc/shells", "/usr/etc/shells", NULL };

static void shells_line(struct conf *c, char *line)
{
	line[strcspn(line, " \t#")] = '\0';
	conf_set(c, line, "");
}

static void add_settings(struct collector *c, json_t *all)
{
	struct conf_source source = collector_source(c);
	const struct {
		const char *name;
		struct conf_spec spec;
	} specs[] = {
		{ "login-defs",
		  { .first = login_defs,
		    .dirs = is_suse(c) ? econf_dirs : no_dirs,
		    .suffix = ".defs",
		    .comments = "#",
		    .line = login_defs_line } },
		{ "useradd", { .first = useradd, .comments = "#", .line = conf_line_equals } },
		{ "environment",
		  { .first = environment, .comments = "#", .line = environment_line } },
		{ "libuser", { .first = libuser, .comments = "#;", .line = conf_line_ini } },
		{ "nsswitch", { .first = nsswitch, .comments = "#", .line = nsswitch_line } },
		{ "shells", { .first = shells, .comments = "#", .line = shells_line } },
	};
	for (size_t i = 0; i < ARRAY_SIZE(specs); i++)
		json_object_set_new(all, specs[i].name, conf_read(&specs[i].spec, &source));
	redact_settings(json_object_get(json_object_get(all, "environment"), "settings"));
}

/* --- shell files ----------------------------------------------------------------------------- */

/* Puts what a later file says after what earlier ones did. */
static void append_scan(json_t *whole, json_t *more)
{
	json_t *settings = json_object_get(whole, "settings"), *list;
	json_t *added = json_object_get(more, "settings");
	const char *key;
	json_array_extend(json_object_get(whole, "files"), json_object_get(more, "files"));
	if (fact_is_unread(added))
		json_object_set(whole, "settings", added);
	else if (!fact_is_unread(settings)) {
		json_object_foreach(added, key, list)
		{
			if (json_object_get(settings, key))
				json_array_extend(json_object_get(settings, key), list);
			else
				json_object_set(settings, key, list);
		}
	}
	json_decref(more);
}

static json_t *scan_all(struct collector *c, const char *const *files, const char *dir)
{
	struct conf_source source = collector_source(c);
	json_t *whole = json_pack("{s[] s{}}", "files", "settings");
	const char *const dirs[] = { dir, NULL };
	for (; *files; files++) {
		const char *const first[] = { *files, NULL };
		append_scan(whole, shell_scan(&source, first, NULL));
		if (dir)
			append_scan(whole, shell_scan(&source, NULL, dirs));
		dir = NULL;
	}
	return whole;
}

static void add_shell_files(struct collector *c, json_t *all)
{
	/* In the order in which login shells read them: /etc/profile reads the folder. */
	static const char *const everyone[] = { "/etc/profile", "/etc/profile.local", "/etc/bashrc",
						"/etc/bash.bashrc", NULL };
	static const char *const of_root[] = { "/root/.bash_profile", "/root/.bash_login",
					       "/root/.profile", "/root/.bashrc", NULL };
	json_object_set_new(all, "shell", scan_all(c, everyone, "/etc/profile.d"));
	json_object_set_new(all, "root-shell", scan_all(c, of_root, NULL));
}

/* --- users of systemd ---------------------------------------------------------------------------
 */

enum { USERDB_MAX = 1000 };

struct userdb {
	struct collector *c;
	const char *folder;
	json_t *users;
};

static void add_user_record(char type, const char *name, void *context)
{
	struct userdb *db = context;
	struct err err = { 0 };
	size_t n = 0;
	AUTO_FREE char *why = NULL, *path = xasprintf("%s/%s", db->folder, name);
	if (type == 'd' || !ends_with(name, ".user") || json_array_size(db->users) > USERDB_MAX)
		return;
	if (json_array_size(db->users) == USERDB_MAX) {
		json_array_append_new(
			db->users, fact_unread("%s: more than %d users", db->folder, USERDB_MAX));
		return;
	}
	AUTO_FREE char *text = read_file(db->c, FETCH_BASE_ROOT, path, &n, &why);
	json_t *user = text ? json_parse_hostile(text, n, &err) : NULL;
	utf8_mend(path, strlen(path));
	if (json_is_string(json_object_get(user, "userName")))
		json_array_append_new(db->users, json_pack("{ss sO sO*}", "file", path, "name",
							   json_object_get(user, "userName"), "uid",
							   json_object_get(user, "uid")));
	else
		json_array_append_new(
			db->users,
			fact_unread("%s: %s", path, text ? "is no record of a user" : why));
	json_decref(user);
	err_done(&err);
}

static void add_userdb(struct collector *c, json_t *all)
{
	static const char *const folders[] = { "/etc/userdb", "/run/userdb", "/run/host/userdb",
					       "/usr/lib/userdb" };
	struct userdb db = { .c = c, .users = json_array() };
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		AUTO_FREE char *why = NULL;
		db.folder = folders[i];
		if (!list_folder(c, FETCH_BASE_ROOT, db.folder, add_user_record, &db, &why) && *why)
			json_array_append_new(db.users, fact_unread("%s: %s", db.folder, why));
	}
	json_object_set_new(all, "userdb", db.users);
}

/* The day by which dates of the shadow file are judged, in days since 1970. A tree that is not
 * running may be old: then it is the day on which the file was written. */
static void add_day(struct collector *c, json_t *all)
{
	enum { SECONDS_OF_DAY = 86400 };
	json_t *st = stat_path(c, FETCH_BASE_ROOT, "/etc/shadow");
	json_t *mtime = json_object_get(st, "mtime");
	json_int_t seconds = c->o->live ? (json_int_t)time(NULL) : json_integer_value(mtime);
	if (c->o->live || mtime)
		json_object_set_new(all, "day", json_integer(seconds / SECONDS_OF_DAY));
	json_decref(st);
}

void collect_accounts(struct collector *c)
{
	json_t *all = json_object();
	add_day(c, all);
	add_userdb(c, all);
	add_files(c, all);
	add_settings(c, all);
	add_shell_files(c, all);
	collect_homes(c, all);
	collect_paths(c, all);
	collect_banners(c, all);
	collect_jobs(c, all);
	collect_host_section(c, "accounts", all);
}
