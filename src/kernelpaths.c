/* SPDX-License-Identifier: Apache-2.0 */
/* kernelpaths.c: see kernelpaths.h. */
#include "kernelpaths.h"

#include <errno.h>

static const char *const listed[] = {
	"proc",
	"proc/cmdline",
	"proc/config.gz",
	"proc/cpuinfo",
	"proc/stat",
	"proc/uptime",
	"proc/modules",
	"proc/filesystems",
	"proc/version",
	"proc/1/mountinfo",
	"proc/1/cgroup",
	"proc/1/comm",
	"proc/1/status",
	"proc/1/limits",
	"proc/1/net/ip6_tables_names",
	"proc/1/net/ip_tables_names",
	"proc/1/net/ipv6_route",
	"proc/self/mountinfo",
	"proc/self/cgroup",
	"proc/self/comm",
	"proc/self/status",
	"proc/sys",
	"sys",
};

static const char *const trees[] = { "proc/sys/", "sys/" };

static const char *const link_folders[] = { "proc/1/ns/", "proc/self/ns/" };

static const char *without_slash(const char *path)
{
	return path + strspn(path, "/");
}

static bool has_dot_dot(const char *path)
{
	return streq(path, "..") || starts_with(path, "../") || strstr(path, "/../") ||
	       ends_with(path, "/..");
}

static bool is_below_one(const char *path, const char *const *folders, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (starts_with(path, folders[i]))
			return true;
	}
	return false;
}

bool kernelpath_is_link(const char *path)
{
	path = without_slash(path);
	if (!is_below_one(path, link_folders, ARRAY_SIZE(link_folders)))
		return false;
	const char *name = strrchr(path, '/') + 1;
	return *name && name[strspn(name, "abcdefghijklmnopqrstuvwxyz_")] == '\0' &&
	       name - strstr(path, "/ns/") == 4;
}

bool kernelpath_is_listed(const char *path)
{
	path = without_slash(path);
	if (has_dot_dot(path))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(listed); i++) {
		if (streq(path, listed[i]))
			return true;
	}
	return is_below_one(path, trees, ARRAY_SIZE(trees)) || kernelpath_is_link(path);
}

int kernelpath_link(const char *path, char **ret, size_t *ret_len)
{
	char target[64];
	AUTO_FREE char *full = xasprintf("/%s", without_slash(path));
	ssize_t n = readlink(full, target, sizeof(target));
	if (n < 0)
		return -errno;
	*ret = xstrndup(target, (size_t)n);
	*ret_len = (size_t)n;
	return 0;
}
