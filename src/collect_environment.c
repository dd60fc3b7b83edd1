/* SPDX-License-Identifier: Apache-2.0 */
/* collect_environment.c: variables that logins on this host get, of which rules ask. */
#include "collector.h"
#include "record.h"

static const char variable[] = "DOCKER_CONTENT_TRUST";
static const char *const login_files[] = { "/etc/environment", "/etc/profile", "/etc/bash.bashrc",
					   "/etc/bashrc" };
static const char login_dir[] = "/etc/profile.d";

struct environment {
	struct collector *c;
	json_t *found; /* a list, or unread */
};

/* "export NAME='value' # why": NAME=value of shells, of pam_env(8) and of csh alike. */
static void take_line(struct environment *v, const char *path, char *line)
{
	line += strspn(line, " \t");
	if (starts_with(line, "export ") || starts_with(line, "readonly "))
		line += strcspn(line, " ");
	line += strspn(line, " \t");
	size_t n = sizeof(variable) - 1;
	if (!starts_with(line, variable) || line[n] != '=')
		return;
	char *value = line + n + 1;
	value += strspn(value, "\"'");
	value[strcspn(value, " \t\r\"';#")] = '\0';
	json_t *name = json_string(path), *text = json_string(value);
	json_array_append_new(v->found, json_pack("{so so}", "File", name ? name : json_null(),
						  "Value", text ? text : json_null()));
}

static void take_file(struct environment *v, const char *path)
{
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_text(v->c, FETCH_BASE_ROOT, path, &why);
	char *rest = text, *line;
	if (!json_is_array(v->found) || (!text && !*why))
		return;
	if (!text) {
		json_decref(v->found);
		v->found = fact_unread("%s: %s", path, why);
		return;
	}
	while ((line = strsep(&rest, "\n")))
		take_line(v, path, line);
}

static void take_entry(char type, const char *name, void *context)
{
	AUTO_FREE char *path = xasprintf("%s/%s", login_dir, name);
	if ((type == 'f' || type == 'l') && ends_with(name, ".sh"))
		take_file(context, path);
}

void collect_environment_ahead(struct collector *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(login_files); i++)
		ask_ahead(c->asker, FETCH_READ, FETCH_BASE_ROOT, login_files[i]);
	ask_ahead(c->asker, FETCH_LIST, FETCH_BASE_ROOT, login_dir);
}

void collect_environment(struct collector *c)
{
	struct environment v = { c, json_array() };
	AUTO_FREE char *why = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(login_files); i++)
		take_file(&v, login_files[i]);
	if (!list_folder(c, FETCH_BASE_ROOT, login_dir, take_entry, &v, &why) && *why) {
		json_decref(v.found);
		v.found = fact_unread("%s: %s", login_dir, why);
	}
	collect_host_section(c, "environment", json_pack("{so}", variable, v.found));
}
