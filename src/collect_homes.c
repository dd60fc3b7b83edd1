/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_homes.c: the homes of those who can log in: who owns them and their dot files, and the
 * keys that sshd takes for them. A home is its owner's to fill: nothing but names and stats leaves
 * it.
 */
#include <strings.h>

#include "collect_logins.h"
#include "confdir.h"
#include "record.h"
#include "sshkeys.h"
#include "text.h"

enum { HOMES_MAX = 1000, DOT_FILES_MAX = 500, FOLDERS_MAX = 32, PATTERNS_MAX = 10 };

/* --- who ------------------------------------------------------------------------------------- */

static bool is_interactive(const char *shell)
{
	static const char *const others[] = { "nologin", "false", "sync", "halt", "shutdown" };
	const char *slash = strrchr(shell, '/');
	const char *name = slash ? slash + 1 : shell;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		if (streq(name, others[i]))
			return false;
	}
	return true;
}

/* The type of the file system that the path is on, as far as the mounts tell; NULL. */
static const char *mounted_type(struct collector *c, const char *path)
{
	json_t *mounts = json_object_get(json_object_get(c->world, "host"), "mounts"), *mount;
	const char *type = NULL;
	size_t i, longest = 0;
	json_array_foreach(mounts, i, mount)
	{
		const char *point = json_string_value(json_object_get(mount, "point"));
		if (!point || !sw_is_below(path, point) || strlen(point) < longest)
			continue;
		longest = strlen(point);
		type = json_string_value(json_object_get(mount, "type"));
	}
	return type;
}

/* Looking into such a home would mount it, or wait for a server. */
static bool is_far_away(const char *type)
{
	static const char *const far[] = { "autofs", "nfs",  "cifs", "smb",
					   "afs",    "fuse", "ceph", "9p" };
	for (size_t i = 0; type && i < ARRAY_SIZE(far); i++) {
		if (starts_with(type, far[i]))
			return true;
	}
	return false;
}

/* --- dot files ------------------------------------------------------------------------------- */

struct dots {
	struct collector *c;
	const char *home;
	json_t *entries;
	bool too_many;
};

static void add_dot_file(char type, const char *name, void *context)
{
	struct dots *d = context;
	if (*name != '.' || streq(name, ".") || streq(name, ".."))
		return;
	if (json_object_size(d->entries) >= DOT_FILES_MAX) {
		d->too_many = true;
		return;
	}
	AUTO_FREE char *path = xasprintf("%s/%s", streq(d->home, "/") ? "" : d->home, name);
	AUTO_FREE char *shown = xstrdup(name);
	json_t *fact = stat_path(d->c, FETCH_BASE_ROOT, path);
	utf8_mend(shown, strlen(shown));
	if (!fact_is_unread(fact))
		json_object_set_new(fact, "link", json_boolean(type == 'l'));
	json_object_set_new(d->entries, shown, fact);
}

static json_t *dot_files(struct collector *c, const char *home)
{
	AUTO_FREE char *why = NULL;
	struct dots d = { c, home, json_object(), false };
	bool is_listed = list_folder(c, FETCH_BASE_ROOT, home, add_dot_file, &d, &why);
	if (is_listed && !d.too_many)
		return d.entries;
	json_decref(d.entries);
	return is_listed ? fact_unread("%s: there are more than %d", home, DOT_FILES_MAX)
			 : fact_unread("%s: %s", home, *why ? why : "is not there");
}

/* --- keys ------------------------------------------------------------------------------------ */

static void sshd_line(struct conf *c, char *line)
{
	size_t n = strcspn(line, " \t=");
	char *value = line + n + strspn(line + n, " \t=");
	bool in_match = streq(conf_section(c), "match");
	line[n] = '\0';
	if (strcasecmp(line, "Match") == 0)
		conf_set_section(c, "match");
	else if (strcasecmp(line, "AuthorizedKeysFile") == 0)
		conf_set(c, in_match ? "matched" : "files", value);
	else if (strcasecmp(line, "AuthorizedKeysCommand") == 0)
		conf_set(c, in_match ? "matched" : "command", value);
	else if (strcasecmp(line, "Include") == 0 && in_match)
		conf_set(c, "matched", value);
	else if (strcasecmp(line, "Include") == 0) {
		char *pattern;
		while ((pattern = strsep(&value, " \t"))) {
			AUTO_FREE char *path =
				xasprintf("%s%s", *pattern == '/' ? "" : "/etc/ssh/", pattern);
			if (*pattern)
				conf_include(c, path);
		}
	}
}

static json_t *sshd_keys_files(struct collector *c)
{
	static const char *const first[] = { "/etc/ssh/sshd_config", "/usr/etc/ssh/sshd_config",
					     NULL };
	static const struct conf_spec spec = {
		.first = first, .comments = "#", .merge = CONF_FIRST, .line = sshd_line
	};
	struct conf_source source = collector_source(c);
	return conf_read(&spec, &source);
}

/* A pattern of AuthorizedKeysFile as a path; NULL when it has a token that is not known here. */
static char *expand(const char *pattern, const char *name, const char *home, json_int_t uid)
{
	struct text path CLEANUP(text_done) = { 0 };
	for (const char *s = pattern; *s; s++) {
		if (*s == '"')
			continue;
		if (*s != '%') {
			text_add_char(&path, *s);
			continue;
		}
		switch (*++s) {
		case 'h': text_add(&path, home); break;
		case 'u': text_add(&path, name); break;
		case 'U': text_printf(&path, "%lld", (long long)uid); break;
		case '%': text_add_char(&path, '%'); break;
		default: return NULL;
		}
	}
	return *text_str(&path) == '/' ? text_take(&path)
				       : xasprintf("%s/%s", home, text_str(&path));
}

/* The folders above a file, up to the home it is in or to the root. */
static json_t *folders_above(struct collector *c, const char *path, const char *home)
{
	json_t *folders = json_object();
	AUTO_FREE char *folder = xstrdup(path);
	char *slash;
	while ((slash = strrchr(folder, '/')) && json_object_size(folders) < FOLDERS_MAX) {
		*slash = '\0';
		const char *name = *folder ? folder : "/";
		json_object_set_new(folders, name, stat_path(c, FETCH_BASE_ROOT, name));
		if (streq(name, home))
			break;
	}
	return folders;
}

static json_t *keys_file(struct collector *c, const char *path, const char *home)
{
	AUTO_FREE char *why = NULL;
	json_t *fact = stat_path(c, FETCH_BASE_ROOT, path);
	if (!json_is_true(json_object_get(fact, "exists")))
		return fact;
	AUTO_FREE char *text = read_text(c, FETCH_BASE_ROOT, path, &why);
	json_object_set_new(fact, "keys",
			    text ? sshkeys_parse(text)
				 : fact_unread("%s: %s", path, *why ? why : "is gone"));
	json_object_set_new(fact, "folders", folders_above(c, path, home));
	return fact;
}

static json_t *keys_of(struct collector *c, const json_t *user, const char *home,
		       const char *patterns)
{
	json_t *files = json_object();
	const char *name = json_string_value(json_object_get(user, "name"));
	json_int_t uid = json_integer_value(json_object_get(user, "uid"));
	AUTO_FREE char *copy = xstrdup(patterns);
	char *rest = copy, *pattern;
	while ((pattern = strsep(&rest, " \t"))) {
		if (*pattern == '\0' || strcasecmp(pattern, "none") == 0)
			continue;
		if (json_object_size(files) >= PATTERNS_MAX) {
			json_decref(files);
			return fact_unread("there are more than %d places of keys", PATTERNS_MAX);
		}
		AUTO_FREE char *path = expand(pattern, name, home, uid);
		if (path)
			json_object_set_new(files, path, keys_file(c, path, home));
		else
			json_object_set_new(
				files, pattern,
				fact_unread("%s: has a token that is not known", pattern));
	}
	return files;
}

/* --- all ------------------------------------------------------------------------------------- */

static const char *patterns_of(json_t *sshd)
{
	json_t *settings = json_object_get(sshd, "settings");
	json_t *files = json_array_get(json_object_get(settings, "files"), 0);
	const char *value = json_string_value(json_object_get(files, "value"));
	return value ? value : ".ssh/authorized_keys .ssh/authorized_keys2";
}

static json_t *one_home(struct collector *c, const json_t *user, json_t *sshd)
{
	const char *home = json_string_value(json_object_get(user, "home"));
	json_t *settings = json_object_get(sshd, "settings");
	if (*home != '/')
		return json_pack("{ss sb}", "path", home, "exists", 0);
	const char *type = mounted_type(c, home);
	if (is_far_away(type))
		return fact_unread("%s: is on %s, which is not looked into", home, type);
	json_t *fact = stat_path(c, FETCH_BASE_ROOT, home);
	if (fact_is_unread(fact))
		return fact;
	json_object_set_new(fact, "home", json_string(home));
	if (streq(json_string_value(json_object_get(fact, "type")) ?: "", "dir"))
		json_object_set_new(fact, "dot-files", dot_files(c, home));
	json_object_set_new(fact, "authorized-keys",
			    fact_is_unread(settings) ? json_incref(settings)
						     : keys_of(c, user, home, patterns_of(sshd)));
	return fact;
}

void collect_homes(struct collector *c, json_t *accounts)
{
	json_t *passwd = json_object_get(accounts, "passwd"), *user;
	json_t *homes = json_object(), *sshd = sshd_keys_files(c);
	size_t i;
	json_array_foreach(json_object_get(passwd, "entries"), i, user)
	{
		const char *name = json_string_value(json_object_get(user, "name"));
		if (!is_interactive(json_string_value(json_object_get(user, "shell"))) ||
		    json_object_get(homes, name))
			continue;
		if (json_object_size(homes) >= HOMES_MAX) {
			json_decref(homes);
			homes = fact_unread("there are more than %d", HOMES_MAX);
			break;
		}
		json_object_set_new(homes, name, one_home(c, user, sshd));
	}
	if (fact_is_unread(passwd)) {
		json_decref(homes);
		homes = json_incref(passwd);
	}
	json_object_set_new(accounts, "homes", homes);
	json_object_set_new(accounts, "authorized-keys-files", sshd);
}
