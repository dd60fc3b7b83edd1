/* SPDX-License-Identifier: Apache-2.0 */
/* collect_paths.c: what stands where root's search paths lead, and the texts shown before login. */
#include <ctype.h>
#include <strings.h>

#include "collect_logins.h"
#include "record.h"
#include "text.h"

enum { FOLDERS_MAX = 200, BANNER_FILES_MAX = 100 };

/* --- search paths ----------------------------------------------------------------------------- */

/* A value may be written as PATH=…, in login.defs. */
static const char *without_name(const char *value)
{
	return starts_with(value, "PATH=") ? value + strlen("PATH=") : value;
}

/* Of one that is not there, also the folders above it, up to one that is. */
static void look_up(struct collector *c, json_t *folders, const char *folder)
{
	AUTO_FREE char *path = xstrdup(folder);
	while (!json_object_get(folders, path)) {
		json_t *st = stat_path(c, FETCH_BASE_ROOT, path);
		bool is_missing = json_is_false(json_object_get(st, "exists"));
		json_object_set_new(folders, path, st);
		char *slash = strrchr(path, '/');
		if (!is_missing || !slash[1])
			return;
		slash[slash == path] = '\0';
	}
}

static void look_up_folders(struct collector *c, json_t *folders, const char *value)
{
	AUTO_FREE char *copy = xstrdup(value);
	char *rest = copy, *folder;
	while ((folder = strsep(&rest, ":"))) {
		folder += strspn(folder, "\"'");
		folder[strcspn(folder, "\"'")] = '\0';
		if (*folder == '/' && json_object_size(folders) < FOLDERS_MAX)
			look_up(c, folders, folder);
	}
}

void collect_paths(struct collector *c, json_t *accounts)
{
	static const struct {
		const char *part, *key;
	} places[] = {
		{ "login-defs", "ENV_SUPATH" },
		{ "environment", "PATH" },
		{ "shell", "PATH" },
		{ "shell", "if/PATH" },
		{ "root-shell", "PATH" },
		{ "root-shell", "if/PATH" },
	};
	json_t *folders = json_object(), *one;
	size_t k;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		json_t *part = json_object_get(accounts, places[i].part);
		json_t *list = json_object_get(json_object_get(part, "settings"), places[i].key);
		json_array_foreach(list, k, one)
		{
			const char *value = json_string_value(json_object_get(one, "value"));
			look_up_folders(c, folders, without_name(value));
		}
	}
	json_object_set_new(accounts, "paths", folders);
}

/* --- banners ---------------------------------------------------------------------------------- */

/* Names that tell which system it is, as far as this root says. */
static void add_names(json_t *os, json_t *names)
{
	static const char *const members[] = { "ID", "NAME" };
	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		const char *value = json_string_value(json_object_get(os, members[i]));
		AUTO_FREE char *word = value ? xstrndup(value, strcspn(value, " /")) : NULL;
		const char *first = json_string_value(json_array_get(names, 0));
		if (word && strlen(word) > 2 && (!first || strcasecmp(first, word) != 0))
			json_array_append_new(names, json_string(word));
	}
}

static bool has_word(const char *text, const char *word)
{
	size_t n = strlen(word);
	for (const char *s = text; (s = strcasestr(s, word)); s++) {
		bool begins = s == text || !isalnum((unsigned char)s[-1]);
		if (begins && !isalnum((unsigned char)s[n]))
			return true;
	}
	return false;
}

/* What a text gives away: the escapes of agetty(8), \\S is a name of os-release, and names of the
 * system; never the text. */
static json_t *understand_banner(const char *text, const json_t *names)
{
	json_t *tells = json_array(), *name;
	size_t i;
	for (const char *s = text; (s = strchr(s, '\\')) && s[1]; s += 2) {
		const char escape[] = { '\\', s[1], '\0' };
		if (strchr("mrsvS", s[1]) && json_array_size(tells) < 8)
			json_array_append_new(tells, json_string(escape));
	}
	json_array_foreach(names, i, name)
	{
		if (has_word(text, json_string_value(name)))
			json_array_append(tells, name);
	}
	return json_pack("{sb sb so}", "exists", 1, "empty", text[strspn(text, " \t\r\n")] == '\0',
			 "tells", tells);
}

struct banners {
	struct collector *c;
	const json_t *names;
	const char *dir;
	json_t *files;
};

static void add_banner(struct banners *b, const char *path)
{
	AUTO_FREE char *why = NULL, *shown = xstrdup(path);
	size_t n;
	utf8_mend(shown, strlen(shown));
	AUTO_FREE char *text = read_file(b->c, FETCH_BASE_ROOT, path, &n, &why);
	if (text)
		json_object_set_new(b->files, shown, understand_banner(text, b->names));
	else if (*why)
		json_object_set_new(b->files, shown, fact_unread("%s: %s", shown, why));
}

static void add_fragment(char type, const char *name, void *context)
{
	struct banners *b = context;
	AUTO_FREE char *path = xasprintf("%s/%s", b->dir, name);
	if (type == 'd' || *name == '.')
		return;
	if (json_object_size(b->files) < BANNER_FILES_MAX)
		add_banner(b, path);
	else
		json_object_set_new(
			b->files, b->dir,
			fact_unread("%s: more than %d files", b->dir, BANNER_FILES_MAX));
}

static json_t *banner_files(struct banners *b, const char *const *files, const char *const *dirs)
{
	b->files = json_object();
	for (; *files; files++)
		add_banner(b, *files);
	for (; dirs && *dirs; dirs++) {
		AUTO_FREE char *why = NULL;
		b->dir = *dirs;
		if (!list_folder(b->c, FETCH_BASE_ROOT, *dirs, add_fragment, b, &why) && *why)
			json_object_set_new(b->files, *dirs, fact_unread("%s: %s", *dirs, why));
	}
	return b->files;
}

static void note_script(char type, const char *name, void *context)
{
	AUTO_FREE char *shown = xstrdup(name);
	utf8_mend(shown, strlen(shown));
	if (type != 'd' && *name != '.')
		json_array_append_new(context, json_string(shown));
}

void collect_banners(struct collector *c, json_t *accounts)
{
	static const char *const motd[] = { "/etc/motd", "/run/motd", "/usr/lib/motd", NULL };
	static const char *const motd_d[] = { "/etc/motd.d", "/run/motd.d", "/usr/lib/motd.d",
					      NULL };
	static const char *const issue[] = { "/etc/issue", "/run/issue", "/usr/lib/issue", NULL };
	static const char *const issue_d[] = { "/etc/issue.d", "/run/issue.d", "/usr/lib/issue.d",
					       NULL };
	static const char *const issue_net[] = { "/etc/issue.net", NULL };
	AUTO_FREE char *why = NULL;
	json_t *names = json_array(), *scripts = json_array();
	struct banners b = { .c = c, .names = names };
	add_names(json_object_get(json_object_get(c->world, "host"), "os"), names);
	if (!list_folder(c, FETCH_BASE_ROOT, "/etc/update-motd.d", note_script, scripts, &why) &&
	    *why) {
		json_decref(scripts);
		scripts = fact_unread("/etc/update-motd.d: %s", why);
	}
	json_object_set_new(accounts, "banners",
			    json_pack("{so so so so}", "motd", banner_files(&b, motd, motd_d),
				      "issue", banner_files(&b, issue, issue_d), "issue-net",
				      banner_files(&b, issue_net, NULL), "scripts", scripts));
	json_decref(names);
}
