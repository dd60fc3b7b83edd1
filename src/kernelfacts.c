/* SPDX-License-Identifier: Apache-2.0 */
/* kernelfacts.c: see kernelfacts.h. */
#include "kernelfacts.h"

#include <errno.h>

#include "collector.h"
#include "procparse.h"
#include "record.h"

enum { PIDS_A_QUESTION = 128 };

static json_t *text_fact(const char *answer, size_t n, const char *name,
			 json_t *(*make)(const char *text))
{
	int error;
	AUTO_FREE char *text = proc_text(answer, n, name, &error);
	if (!text)
		return fact_unread("%s: /proc/…/%s", errno_name(error), name);
	return make(text);
}

static json_t *make_line(const char *text)
{
	AUTO_FREE char *line = xstrndup(text, strcspn(text, "\n"));
	utf8_mend(line, strlen(line));
	return json_string(line);
}

/* Is this namespace the one named by known? Unread when either is not known. */
static json_t *is_same(const char *id, const char *known)
{
	if (!known)
		return fact_unread("the namespace to compare with could not be read");
	return json_boolean(streq(id, known));
}

static json_t *namespaces(const char *answer, size_t n, char *const *host_ns,
			  char *const *engine_ns)
{
	json_t *all = json_object();
	for (size_t i = 0; i < N_NAMESPACES; i++) {
		int error;
		AUTO_FREE char *part = xasprintf("ns/%s", namespace_names[i]);
		AUTO_FREE char *id = proc_text(answer, n, part, &error);
		json_t *fact =
			id ? json_pack("{ss so so}", "id", id, "host", is_same(id, host_ns[i]),
				       "engine", is_same(id, engine_ns[i]))
			   : fact_unread("%s: /proc/…/%s", errno_name(error), part);
		json_object_set_new(all, namespace_names[i], fact);
	}
	return all;
}

/* Is word one of the comma separated words of list? */
static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);
	while (list && *list) {
		size_t k = strcspn(list, ",");
		if (k == n && strncmp(list, word, n) == 0)
			return true;
		list += k + (list[k] == ',');
	}
	return false;
}

/* By where they are; of several at one place the last one, which is all that is seen. */
static json_t *mounts_by_place(const char *text)
{
	json_t *list = proc_mountinfo(text), *places = json_object(), *mount;
	size_t i;
	json_array_foreach(list, i, mount)
	{
		const char *point = json_string_value(json_object_get(mount, "point"));
		bool is_read_only =
			has_word(json_string_value(json_object_get(mount, "options")), "ro") ||
			has_word(json_string_value(json_object_get(mount, "super")), "ro");
		if (point)
			json_object_set_new(places, point,
					    json_pack("{sO sO sO sb}", "root",
						      json_object_get(mount, "root"), "dev",
						      json_object_get(mount, "dev"), "type",
						      json_object_get(mount, "type"), "writable",
						      !is_read_only));
	}
	json_decref(list);
	return places;
}

/* The label of a kernel with AppArmor; absent where the kernel has none. */
static void add_apparmor(json_t *kernel, const char *answer, size_t n)
{
	struct part part;
	if (!proc_part(answer, n, "attr/apparmor/current", &part) || part.error == ENOENT ||
	    part.error == EINVAL)
		return;
	json_object_set_new(kernel, "AppArmor",
			    text_fact(answer, n, "attr/apparmor/current", make_line));
}

/* Without any security module the file says EINVAL: no label. */
static json_t *label(const char *answer, size_t n)
{
	struct part part;
	if (proc_part(answer, n, "attr/current", &part) &&
	    (part.error == EINVAL || part.error == ENOENT))
		return json_string("");
	return text_fact(answer, n, "attr/current", make_line);
}

static json_t *describe(const char *answer, size_t n, int64_t pid, char *const *host_ns,
			char *const *engine_ns, json_t *group)
{
	json_t *kernel = json_pack("{sI so so so so so so}", "Pid", (json_int_t)pid, "Status",
				   text_fact(answer, n, "status", proc_status), "UidMap",
				   text_fact(answer, n, "uid_map", proc_id_map), "GidMap",
				   text_fact(answer, n, "gid_map", proc_id_map), "Namespaces",
				   namespaces(answer, n, host_ns, engine_ns), "Label",
				   label(answer, n), "Cgroup", group);
	if (!kernel)
		return fact_unread("/proc/%lld could not be understood", (long long)pid);
	add_apparmor(kernel, answer, n);
	struct part mounts;
	if (proc_part(answer, n, "mountinfo", &mounts)) /* it was asked for */
		json_object_set_new(kernel, "Mounts",
				    text_fact(answer, n, "mountinfo", mounts_by_place));
	return kernel;
}

json_t *kernel_facts(const char *answer, size_t n, const char *id, int64_t pid,
		     char *const *host_ns, char *const *engine_ns, char **ret_cgroup)
{
	int error;
	AUTO_FREE char *cgroups = proc_text(answer, n, "cgroup", &error);
	if (!cgroups)
		return fact_unread("%s: /proc/%lld/cgroup", errno_name(error), (long long)pid);
	AUTO_FREE char *group = proc_cgroup_of(cgroups, id);
	if (!group)
		return NULL;
	json_t *kernel = describe(answer, n, pid, host_ns, engine_ns, json_string(group));
	free(*ret_cgroup);
	*ret_cgroup = TAKE(group);
	return kernel;
}

json_t *kernel_facts_ungrouped(const char *answer, size_t n, int64_t pid, char *const *host_ns,
			       char *const *engine_ns)
{
	return describe(answer, n, pid, host_ns, engine_ns, fact_unread(NO_CGROUPS));
}

static bool is_in_namespace(const char *answer, size_t n, const char *name, const char *known)
{
	int error;
	AUTO_FREE char *id = proc_text(answer, n, name, &error);
	return id && known && streq(id, known);
}

/* Does the command line say -id and then the id? */
static bool says_id(const char *answer, size_t n, const char *id)
{
	struct part part;
	bool found = false;
	if (!proc_part(answer, n, "cmdline", &part) || part.error)
		return false;
	json_t *words = proc_strings(part.data, part.len);
	for (size_t i = 0; i + 1 < json_array_size(words); i++) {
		const char *word = json_string_value(json_array_get(words, i));
		const char *next = json_string_value(json_array_get(words, i + 1));
		found |= word && next && (streq(word, "-id") || streq(word, "--id")) &&
			 streq(next, id);
	}
	json_decref(words);
	return found;
}

static unsigned long long start_of(const char *answer, size_t n)
{
	int error;
	AUTO_FREE char *stat = proc_text(answer, n, "stat", &error);
	return stat ? proc_start_ticks(stat) : 0;
}

bool kernel_is_shim_of(const char *shim, size_t shim_len, const char *child, size_t child_len,
		       const char *id, char *const *engine_ns)
{
	enum { USER = 4, MNT = 5 }; /* in namespace_names */
	int error;
	AUTO_FREE char *exe = proc_text(shim, shim_len, "exe", &error);
	const char *base = exe ? strrchr(exe, '/') : NULL;
	unsigned long long mine = start_of(shim, shim_len), its = start_of(child, child_len);
	return base && starts_with(base, "/containerd-shim") && mine && its && mine <= its &&
	       is_in_namespace(shim, shim_len, "ns/mnt", engine_ns[MNT]) &&
	       is_in_namespace(shim, shim_len, "ns/user", engine_ns[USER]) &&
	       says_id(shim, shim_len, id);
}

void kernel_add_processes(json_t *list, const char *data, size_t n)
{
	AUTO_FREE char *copy = xalloc(n + 1);
	memcpy(copy, data, n);
	utf8_mend(copy, n);
	json_t *strings = proc_strings(copy, n);
	for (size_t i = 0; i + 2 < json_array_size(strings); i += 3) {
		const char *pid = json_string_value(json_array_get(strings, i));
		int64_t number = 0;
		if (!pid || !parse_int(pid, &number))
			continue;
		json_array_append_new(list, json_pack("{sI sO sO}", "Pid", (json_int_t)number,
						      "Comm", json_array_get(strings, i + 1), "Exe",
						      json_array_get(strings, i + 2)));
	}
	json_decref(strings);
}

char *kernel_next_pids(const char **lines)
{
	const char *p = *lines;
	size_t n = 0;
	while (*p && n < PIDS_A_QUESTION) {
		p += strcspn(p, "\n");
		p += *p == '\n';
		n++;
	}
	if (n == 0)
		return NULL;
	char *arg = xstrndup(*lines, (size_t)(p - *lines));
	for (char *c = arg; *c; c++)
		if (*c == '\n')
			*c = c[1] ? ' ' : '\0';
	*lines = p;
	return arg;
}
