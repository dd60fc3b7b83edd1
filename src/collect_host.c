/* SPDX-License-Identifier: Apache-2.0 */
/* collect_host.c: the host's cheap sections: release, kernel, mounts, accounts, namespaces, unit
 * files. */
#include <inttypes.h>
#include <sys/utsname.h>

#include "auditreach.h"
#include "collector.h"
#include "procparse.h"
#include "record.h"
#include "redact.h"
#include "siphash.h"

static const char cmdline_file[] = "proc/cmdline", mounts_file[] = "proc/1/mountinfo",
		  fstab_file[] = "/etc/fstab", users_file[] = "/etc/passwd",
		  groups_file[] = "/etc/group";

/* A text file of the host turned into a section, or the reason why not. */
static void section_from(struct collector *c, const char *section, unsigned base, const char *path,
			 json_t *(*understand)(char *text))
{
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_text(c, base, path, &why);
	if (text)
		collect_host_section(c, section, understand(text));
	else
		collect_host_section(c, section,
				     fact_unread("%s: %s", path, *why ? why : "is not there"));
}

/* KEY=value or KEY="value", as os-release(5) has it. */
static json_t *understand_os(char *text)
{
	json_t *os = json_object();
	char *line;
	while ((line = strsep(&text, "\n"))) {
		char *value = strchr(line, '=');
		if (*line == '#' || !value)
			continue;
		*value++ = '\0';
		size_t n = strlen(value);
		if (n >= 2 && (*value == '"' || *value == '\'') && value[n - 1] == *value) {
			value[n - 1] = '\0';
			value++;
		}
		json_t *v = json_string(value);
		if (v)
			json_object_set_new(os, line, v);
	}
	return os;
}

static const char *const release_files[] = { "/etc/os-release", "/usr/lib/os-release" };

static void collect_os(struct collector *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(release_files); i++) {
		const char *path = release_files[i];
		AUTO_FREE char *why = NULL;
		AUTO_FREE char *text = read_file(c, FETCH_BASE_ROOT, path, NULL, &why);
		if (!text && !*why)
			continue;
		collect_host_section(c, "os",
				     text ? understand_os(text) : fact_unread("%s: %s", path, why));
		return;
	}
	collect_host_section(c, "os", fact_unread("/etc/os-release: is not there"));
}

enum { MACHINE_ID_DIGITS = 32 }; /* machine-id(5) */

/* Tells machines of one name from each other. The id itself is not for others: machine-id(5) asks
 * for a keyed hash of it. The key is ours and the same everywhere. */
static json_t *machine_hash(struct collector *c)
{
	static const struct siphash_key ours = { { 0x73656177, 0x6f72746879 } };
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *id = read_file(c, FETCH_BASE_ROOT, "/etc/machine-id", NULL, &why);
	if (!id)
		return *why ? fact_unread("/etc/machine-id: %s", why) : json_null();
	id[strcspn(id, "\n")] = '\0';
	if (strlen(id) != MACHINE_ID_DIGITS || strspn(id, "0123456789abcdef") != MACHINE_ID_DIGITS)
		return json_null();
	AUTO_FREE char *hash = xasprintf("%016" PRIx64, siphash(&ours, id, MACHINE_ID_DIGITS));
	return json_string(hash);
}

static void collect_kernel(struct collector *c)
{
	struct utsname u;
	AUTO_FREE char *why = NULL, *hostname_why = NULL;
	json_t *hash = machine_hash(c);
	if (!c->o->live) {
		AUTO_FREE char *name =
			read_file(c, FETCH_BASE_ROOT, "/etc/hostname", NULL, &hostname_why);
		json_t *kernel = json_pack("{sb}", "running", 0);
		static const char *const members[] = { "sysname", "release", "version", "machine",
						       "cmdline" };
		for (size_t i = 0; i < ARRAY_SIZE(members); i++)
			json_object_set_new(kernel, members[i], fact_unread(NEEDS_RUNNING));
		if (name)
			name[strcspn(name, " \t\n")] = '\0';
		json_t *hostname = name ? json_string(name) : NULL;
		json_object_set_new(kernel, "hostname", hostname ? hostname : json_null());
		json_object_set_new(kernel, "machine-hash", hash);
		collect_host_section(c, "kernel", kernel);
		return;
	}
	uname(&u);
	AUTO_FREE char *line = read_file(c, FETCH_BASE_PROC, cmdline_file, NULL, &why);
	if (line)
		line[strcspn(line, "\n")] = '\0';
	AUTO_FREE char *clean = line ? redact_text(line) : NULL;
	json_t *cmdline = clean ? json_string(clean)
				: fact_unread("/proc/cmdline: %s", *why ? why : "is not there");
	collect_host_section(c, "kernel",
			     json_pack("{sb ss ss ss ss ss so* so}", "running", 1, "sysname",
				       u.sysname, "release", u.release, "version", u.version,
				       "machine", u.machine, "hostname", u.nodename, "cmdline",
				       cmdline, "machine-hash", hash));
}

/* Without an fstab nothing is known to have been mounted at boot. */
static void collect_mounts(struct collector *c)
{
	AUTO_FREE char *why = NULL, *no_fstab = NULL;
	AUTO_FREE char *text = read_file(c, FETCH_BASE_PROC, mounts_file, NULL, &why);
	AUTO_FREE char *fstab = read_file(c, FETCH_BASE_ROOT, fstab_file, NULL, &no_fstab);
	json_t *mounts = text ? proc_mountinfo(text)
			      : fact_unread("proc/1/mountinfo: %s", *why ? why : "is not there");
	if (text && fstab)
		auditreach_fstab(mounts, fstab);
	collect_host_section(c, "mounts", mounts);
}

/* Splits a line of passwd(5) or group(5); false when it has too few fields. */
static bool split_fields(char *line, char **fields, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!(fields[i] = strsep(&line, ":")))
			return false;
	return true;
}

static json_t *understand_users(char *text)
{
	enum { NAME, PASSWORD, UID, GID, GECOS, HOME, SHELL, FIELDS };
	json_t *users = json_object();
	char *line, *f[FIELDS];
	int64_t uid, gid;
	while ((line = strsep(&text, "\n"))) {
		if (!split_fields(line, f, FIELDS) || !parse_int(f[UID], &uid) ||
		    !parse_int(f[GID], &gid) ||
		    json_object_get(users, f[NAME])) /* the first of equal names counts */
			continue;
		json_t *user = json_pack("{sI sI ss ss}", "uid", (json_int_t)uid, "gid",
					 (json_int_t)gid, "home", f[HOME], "shell", f[SHELL]);
		if (user)
			json_object_set_new(users, f[NAME], user);
	}
	return users;
}

json_t *understand_groups(char *text)
{
	enum { NAME, PASSWORD, GID, MEMBERS, FIELDS };
	json_t *groups = json_object();
	char *line, *f[FIELDS], *member;
	int64_t gid;
	while ((line = strsep(&text, "\n"))) {
		if (!split_fields(line, f, FIELDS) || !parse_int(f[GID], &gid) ||
		    json_object_get(groups, f[NAME]))
			continue;
		json_t *members = json_array();
		while ((member = strsep(&f[MEMBERS], ",")))
			if (*member)
				json_array_append_new(members, json_string(member));
		json_object_set_new(
			groups, f[NAME],
			json_pack("{sI so}", "gid", (json_int_t)gid, "members", members));
	}
	return groups;
}

static char *namespace_path(const char *who, const char *name)
{
	return xasprintf("proc/%s/ns/%s", who, name);
}

/* The id of a namespace link, or why it is not to be had. */
static json_t *namespace_fact(struct collector *c, const char *who, const char *name, char **keep)
{
	AUTO_FREE char *path = namespace_path(who, name);
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *id = read_file(c, FETCH_BASE_PROC, path, NULL, &why);
	if (!id)
		return fact_unread("/%s: %s", path, *why ? why : "is not there");
	if (keep)
		*keep = xstrdup(id);
	return json_string(id);
}

/* All that the sections of a running host are made of but its units, which ask for much at once. */
void collect_host_ahead(struct collector *c)
{
	ask_ahead(c->asker, FETCH_READ, FETCH_BASE_ROOT, release_files[0]);
	ask_ahead(c->asker, FETCH_READ, FETCH_BASE_PROC, cmdline_file);
	ask_ahead(c->asker, FETCH_READ, FETCH_BASE_PROC, mounts_file);
	ask_ahead(c->asker, FETCH_READ, FETCH_BASE_ROOT, fstab_file);
	for (size_t i = 0; i < N_NAMESPACES; i++) {
		AUTO_FREE char *self = namespace_path("self", namespace_names[i]);
		AUTO_FREE char *init = namespace_path("1", namespace_names[i]);
		ask_ahead(c->asker, FETCH_READ, FETCH_BASE_PROC, self);
		ask_ahead(c->asker, FETCH_READ, FETCH_BASE_PROC, init);
	}
	ask_ahead(c->asker, FETCH_READ, FETCH_BASE_ROOT, users_file);
	ask_ahead(c->asker, FETCH_READ, FETCH_BASE_ROOT, groups_file);
}

static void collect_namespaces(struct collector *c)
{
	json_t *all = json_object();
	for (size_t i = 0; i < N_NAMESPACES; i++) {
		json_t *self = namespace_fact(c, "self", namespace_names[i], NULL);
		json_t *init = namespace_fact(c, "1", namespace_names[i], &c->host_ns[i]);
		json_object_set_new(all, namespace_names[i],
				    json_pack("{so so}", "self", self, "init", init));
	}
	collect_host_section(c, "namespaces", all);
}

void collect_host(struct collector *c)
{
	collect_os(c);
	collect_kernel(c);
	if (c->o->live) {
		collect_mounts(c);
		collect_namespaces(c);
	} else {
		collect_host_section(c, "mounts", fact_unread(NEEDS_RUNNING));
		collect_host_section(c, "namespaces", fact_unread(NEEDS_RUNNING));
	}
	section_from(c, "users", FETCH_BASE_ROOT, users_file, understand_users);
	section_from(c, "groups", FETCH_BASE_ROOT, groups_file, understand_groups);
	collect_units(c);
}
