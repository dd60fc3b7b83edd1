/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_leftovers.c: host/leftovers: what the build of an image leaves in a tree that was not
 * booted: names only, never what is in them.
 */
#include <errno.h>

#include "collector.h"
#include "confdir.h"
#include "record.h"

enum { LIST_MAX = 100, LOG_FILES_MAX = 2000, LOG_DEPTH_MAX = 4 };

/* Paths, with patterns of glob(7); those that end with a slash are folders with something in them.
 */
static const struct {
	const char *group, *pattern;
} wanted[] = {
	{ "host-keys", "/etc/ssh/ssh_host_*key" },
	{ "host-keys", "/etc/dropbear/dropbear_*_host_key" },
	{ "host-keys", "/var/lib/ssh/ssh_host_*key" },
	{ "docker", "/var/lib/docker/engine-id" },
	{ "docker", "/etc/docker/key.json" },
	{ "docker", "/var/lib/docker/swarm/" },
	{ "docker", "/var/lib/docker/containers/" },
	{ "docker", "/var/lib/docker/tls/" },
	{ "docker", "/root/.docker/config.json" },
	{ "docker", "/home/*/.docker/config.json" },
	{ "docker", "/root/.config/containers/auth.json" },
	{ "docker", "/home/*/.config/containers/auth.json" },
	{ "docker-images", "/var/lib/docker/image/*/imagedb/content/sha256/" },
	{ "seeds", "/var/lib/systemd/random-seed" },
	{ "seeds", "/boot/loader/random-seed" },
	{ "seeds", "/efi/loader/random-seed" },
	{ "seeds", "/boot/efi/loader/random-seed" },
	{ "seeds", "/var/lib/urandom/random-seed" },
	{ "seeds", "/var/lib/random-seed" },
	{ "seeds", "/var/lib/misc/random-seed" },
	{ "seeds", "/var/lib/seedrng/seed*" },
	{ "cloud", "/var/lib/cloud/instance" },
	{ "cloud", "/var/lib/cloud/instances/" },
	{ "cloud", "/var/lib/cloud/data/" },
	{ "cloud", "/var/lib/cloud/sem/" },
	{ "cloud", "/var/lib/cloud/seed/*/user-data" },
	{ "cloud", "/run/cloud-init/instance-data*.json" },
	{ "cloud", "/var/lib/ignition/" },
	{ "history", "/root/.*_history" },
	{ "history", "/home/*/.*_history" },
	{ "history", "/root/.history" },
	{ "history", "/root/.lesshst" },
	{ "history", "/root/.viminfo" },
	{ "history", "/root/.netrc" },
	{ "history", "/home/*/.netrc" },
	{ "history", "/root/.aws/" },
	{ "history", "/home/*/.aws/" },
	{ "history", "/root/.git-credentials" },
	{ "history", "/home/*/.git-credentials" },
	{ "history", "/root/.npmrc" },
	{ "history", "/root/.pypirc" },
	{ "history", "/root/.kube/config" },
	{ "history", "/home/*/.kube/config" },
	{ "history", "/root/.cache/" },
	{ "history", "/root/*.pem" },
	{ "history", "/root/.ssh/id_*" },
	{ "history", "/home/*/.ssh/id_*" },
	{ "history", "/root/anaconda-ks.cfg" },
	{ "history", "/root/original-ks.cfg" },
	{ "history", "/root/preseed.cfg" },
};

struct leftovers {
	struct collector *c;
	struct conf_source source;
	json_t *groups;
};

/* What is at the path: its type letter, 0 when it is not there; its size. *ret_why: unread. */
static char look(struct collector *c, const char *path, uint64_t *ret_size, char **ret_why)
{
	struct answer answer;
	struct fetch_stat st;
	char type = 0;
	ask_now(c->asker, FETCH_STAT, FETCH_BASE_ROOT, path, &answer);
	*ret_why = answer_trouble(&answer);
	if (!*ret_why && answer.len >= sizeof(st)) {
		memcpy(&st, answer.data, sizeof(st));
		type = (st.mode & 0170000) == 0040000 ? 'd' : 'f';
		*ret_size = st.size;
	} else if (*ret_why &&
		   (starts_with(*ret_why, "ENOENT") || starts_with(*ret_why, "ENOTDIR"))) {
		free(*ret_why);
		*ret_why = NULL;
	}
	answer_done(&answer);
	return type;
}

static void count_entry(char type, const char *name, void *context)
{
	size_t *n = context;
	(void)type;
	(void)name;
	++*n;
}

static void spoil(struct leftovers *l, const char *group, const char *path, const char *why)
{
	if (!fact_is_unread(json_object_get(l->groups, group)))
		json_object_set_new(l->groups, group, fact_unread("%s: %s", path, why));
}

static void take(struct leftovers *l, const char *group, const char *path)
{
	json_t *list = json_object_get(l->groups, group);
	AUTO_FREE char *copy = xstrdup(path);
	utf8_mend(copy, strlen(copy));
	if (!fact_is_unread(list) && json_array_size(list) < LIST_MAX)
		json_array_append_new(list, json_string(copy));
}

/* An empty file, or a folder without entries, leaves nothing. */
static void look_at(struct leftovers *l, const char *group, const char *path)
{
	uint64_t size = 0;
	size_t n = 0;
	AUTO_FREE char *why = NULL, *no = NULL;
	char type = look(l->c, path, &size, &why);
	if (why)
		spoil(l, group, path, why);
	if (type == 'd' && !list_folder(l->c, FETCH_BASE_ROOT, path, count_entry, &n, &no) && *no)
		spoil(l, group, path, no);
	if ((type == 'f' && size > 0) || (type == 'd' && n > 0))
		take(l, group, path);
}

static void look_for(struct leftovers *l, const char *group, const char *pattern)
{
	struct conf_paths paths = { 0 };
	AUTO_FREE char *trouble = NULL;
	AUTO_FREE char *clean = xstrdup(pattern);
	if (ends_with(clean, "/"))
		clean[strlen(clean) - 1] = '\0';
	if (!conf_glob(&l->source, clean, &paths, &trouble) && trouble)
		spoil(l, group, clean, trouble);
	for (size_t i = 0; i < paths.n; i++)
		look_at(l, group, paths.list[i]);
	conf_paths_done(&paths);
}

/* --- logs --------------------------------------------------------------------------------------
 */

struct log_folder {
	struct leftovers *l;
	const char *dir;
	size_t depth, *n;
};

static void list_logs(struct leftovers *l, const char *dir, size_t depth, size_t *n);

static void add_log(char type, const char *name, void *context)
{
	struct log_folder *f = context;
	AUTO_FREE char *path = xasprintf("%s/%s", f->dir, name);
	if (++*f->n > LOG_FILES_MAX)
		spoil(f->l, "logs", "/var/log", "there are too many files");
	else if (type == 'd')
		list_logs(f->l, path, f->depth + 1, f->n);
	else if (type == 'f')
		look_at(f->l, "logs", path);
}

static void list_logs(struct leftovers *l, const char *dir, size_t depth, size_t *n)
{
	struct log_folder f = { l, dir, depth, n };
	AUTO_FREE char *why = NULL;
	if (depth > LOG_DEPTH_MAX)
		spoil(l, "logs", dir, "lies too deep");
	else if (!list_folder(l->c, FETCH_BASE_ROOT, dir, add_log, &f, &why) && *why)
		spoil(l, "logs", dir, why);
}

/* --- identity ----------------------------------------------------------------------------------
 */

/* "absent", "empty", "uninitialized" or "set": the id itself is nobody's business. */
static json_t *id_fact(struct collector *c, const char *path)
{
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_file(c, FETCH_BASE_ROOT, path, NULL, &why);
	if (!text)
		return *why ? fact_unread("%s: %s", path, why) : json_string("absent");
	if (text[strspn(text, " \t\n")] == '\0')
		return json_string("empty");
	return json_string(starts_with(text, "uninitialized") ? "uninitialized" : "set");
}

static json_t *hostname_fact(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_file(c, FETCH_BASE_ROOT, "/etc/hostname", NULL, &why);
	if (!text)
		return *why ? fact_unread("/etc/hostname: %s", why) : json_string("");
	text[strcspn(text, " \t\n")] = '\0';
	utf8_mend(text, strlen(text));
	return json_string(text);
}

/* What an image must carry along, or what tells whether it does. */
static json_t *files_fact(struct collector *c)
{
	static const char *const paths[] = { "/usr/bin/newuidmap", "/usr/bin/newgidmap",
					     "/etc/selinux/config", "/.autorelabel" };
	json_t *files = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		json_object_set_new(files, paths[i], stat_path(c, FETCH_BASE_ROOT, paths[i]));
	return files;
}

/* Of files that any policy gives types of their own: the label, null without one. */
static json_t *labels_fact(struct collector *c)
{
	static const char *const paths[] = { "/etc/shadow", "/usr/lib/systemd/systemd" };
	json_t *labels = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct answer answer;
		ask_now(c->asker, FETCH_LABEL, 0, paths[i], &answer);
		AUTO_FREE char *why = answer_trouble(&answer);
		json_t *label = why ? NULL : json_string(answer.data);
		bool is_there = answer.error != ENOENT, has_none = answer.error == ENODATA;
		answer_done(&answer);
		if (!is_there)
			continue;
		if (!label)
			label = has_none
					? json_null()
					: fact_unread("%s: %s", paths[i], why ? why : "is no text");
		json_object_set_new(labels, paths[i], label);
	}
	return labels;
}

void collect_leftovers(struct collector *c)
{
	struct leftovers l = { c, collector_source(c), json_object() };
	size_t n = 0;
	if (c->o->live) {
		json_decref(l.groups);
		collect_host_section(c, "leftovers", fact_unread("the host runs"));
		return;
	}
	json_object_set_new(l.groups, "logs", json_array());
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		if (!json_object_get(l.groups, wanted[i].group))
			json_object_set_new(l.groups, wanted[i].group, json_array());
		look_for(&l, wanted[i].group, wanted[i].pattern);
	}
	list_logs(&l, "/var/log", 0, &n);
	json_t *dbus = stat_path(c, FETCH_BASE_ROOT, "/var/lib/dbus/machine-id");
	const char *where = json_string_value(json_object_get(dbus, "path"));
	bool is_link = where && streq(where, "/etc/machine-id");
	collect_host_section(
		c, "leftovers",
		json_pack("{so so so so so so}", "found", l.groups, "files", files_fact(c),
			  "labels", labels_fact(c), "machine-id", id_fact(c, "/etc/machine-id"),
			  "dbus-machine-id",
			  is_link ? json_string("absent") : id_fact(c, "/var/lib/dbus/machine-id"),
			  "hostname", hostname_fact(c)));
	json_decref(dbus);
}
