/* SPDX-License-Identifier: Apache-2.0 */
/* processes.c: see processes.h. */
#include "processes.h"

#include <errno.h>

#include "procparse.h"
#include "record.h"

enum { ID_LENGTH = 64, FILES_MAX = 5 };

void process_done(struct process *p)
{
	free(p->exe);
	free(p->unit);
	free(p->container);
	free(p->net_ns);
	free(p->bounding);
	*p = (struct process){ 0 };
}

/* Users have managers of their own; the first unit of the path is the system's. */
char *process_unit(const char *cgroup)
{
	while (*cgroup) {
		cgroup += strspn(cgroup, "/");
		size_t n = strcspn(cgroup, "/");
		AUTO_FREE char *step = xstrndup(cgroup, n);
		if (ends_with(step, ".service") || ends_with(step, ".scope"))
			return TAKE(step);
		cgroup += n;
	}
	return NULL;
}

/* The process that watches over a container of Podman or CRI-O is one of the host. */
static bool is_of_monitor(const char *begin, const char *at)
{
	static const char word[] = "conmon-";
	size_t n = sizeof(word) - 1;
	return (size_t)(at - begin) >= n && memcmp(at - n, word, n) == 0;
}

char *process_container(const char *cgroup)
{
	for (const char *begin = cgroup; *cgroup; cgroup++) {
		size_t n = strspn(cgroup, "0123456789abcdef");
		if (n == ID_LENGTH && !is_of_monitor(begin, cgroup))
			return xstrndup(cgroup, n);
		if (n > 0)
			cgroup += n - 1;
	}
	return NULL;
}

const char *process_status_field(const char *status, const char *name)
{
	size_t n = strlen(name);
	for (const char *line = status; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, n) == 0 && line[n] == ':')
			return line + n + 1 + strspn(line + n + 1, " \t");
	}
	return NULL;
}

static int64_t status_number(const char *status, const char *name, int64_t fallback)
{
	const char *value = process_status_field(status, name);
	char *end;
	long long n = value ? strtoll(value, &end, 10) : 0;
	return value && end != value ? n : fallback;
}

/* "0 0 0 0": real, effective, … */
static int64_t effective_uid(const char *status)
{
	const char *value = process_status_field(status, "Uid");
	value = value ? strpbrk(value, " \t\n") : NULL;
	char *end;
	long long n = value ? strtoll(value, &end, 10) : -1;
	return value && end != value ? n : -1;
}

bool process_parse(struct process *ret, const char *answer, size_t n, const char *host_pid_ns)
{
	int error = 0;
	AUTO_FREE char *status = proc_text(answer, n, "status", &error);
	AUTO_FREE char *groups = proc_text(answer, n, "cgroup", &error);
	AUTO_FREE char *pid_ns = proc_text(answer, n, "ns/pid", &error);
	AUTO_FREE char *group = groups ? proc_cgroup_of(groups, NULL) : NULL;
	if (!status)
		return false;
	ret->exe = proc_text(answer, n, "exe", &ret->exe_error);
	if (!ret->exe)
		ret->exe = xstrdup("");
	utf8_mend(ret->exe, strlen(ret->exe));
	if (group) {
		utf8_mend(group, strlen(group));
		group[strcspn(group, "\n")] = '\0';
		ret->unit = process_unit(group);
		ret->container = process_container(group);
	}
	if (!ret->container && pid_ns && host_pid_ns && !streq(pid_ns, host_pid_ns))
		ret->container = xstrdup("another pid namespace");
	ret->net_ns = proc_text(answer, n, "ns/net", &error);
	const char *bounding = process_status_field(status, "CapBnd");
	ret->bounding = bounding ? xstrndup(bounding, strspn(bounding, "0123456789abcdef")) : NULL;
	ret->uid = effective_uid(status);
	ret->tracer = status_number(status, "TracerPid", 0);
	ret->no_new_privs = status_number(status, "NoNewPrivs", 0);
	return true;
}

/* Such names belong to memory that never was in a folder. */
static bool is_plain_file(const char *path)
{
	/* Of /dev/shm only what libffi writes its trampolines to: else that are files as any. */
	static const char *const others[] = { "/memfd:", "/dev/zero", "/dev/hugepages/",
					      "/SYSV",   "/[aio]",    "/dev/shm/ffi",
					      "/i915",   "/drm",      "/anon_hugepage" };
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (starts_with(path, others[i]))
			return false;
	return *path == '/';
}

static bool lists(const json_t *list, const char *text)
{
	size_t i;
	json_t *one;
	json_array_foreach(list, i, one)
	{
		if (streq(json_string_value(one), text))
			return true;
	}
	return false;
}

/* 7f00-7f10 r-xp 00000000 fe:01 1234   /usr/lib/libc.so.6 (deleted) */
json_t *process_deleted_files(char *maps)
{
	json_t *files = json_array();
	char *line;
	while ((line = strsep(&maps, "\n"))) {
		char *flags = strchr(line, ' '), *path = strchr(line, '/');
		if (!flags || strlen(flags) < 5 || flags[3] != 'x' || !path ||
		    !ends_with(path, " (deleted)") || !is_plain_file(path))
			continue;
		path[strlen(path) - strlen(" (deleted)")] = '\0';
		utf8_mend(path, strlen(path));
		if (json_array_size(files) < FILES_MAX && !lists(files, path))
			json_array_append_new(files, json_string(path));
	}
	return files;
}
