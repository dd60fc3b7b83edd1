/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container_drift_mounts.c: is the mount table of a running container what inspect declares.
 *
 * Two differences count: what is declared read-only and can be written, and files of the host that
 * nothing declares. What the engine itself brings in (its root file system, /proc, /sys, /dev,
 * files below the container's own folder) is no difference. Who may mount in it (privileged,
 * SYS_ADMIN, a user namespace of its own) may do so without any fault, and other runtimes and
 * device requests have hooks that mount: there a person must look.
 */
#include "container.h"
#include "tables.h"

#include <fnmatch.h>

enum { NONE = -1 };

static const char *place(struct sw_eval *e, const char *point, const char *member)
{
	return sw_at(e, "Kernel/Mounts/%s/%s", sw_esc(e, point), member);
}

static const char *field(struct sw_eval *e, const char *point, const char *member)
{
	const char *text = sw_str(e, place(e, point, member), "");

	if (!*text)
		sw_unknown(e, "the %s of its mount %s is not known", member, point);
	return text;
}

/* What is not known is taken for writable, which can only be the worse. */
static bool is_writable(struct sw_eval *e, const char *point)
{
	return sw_bool(e, place(e, point, "writable"), true);
}

static const char *last_step(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* A bind mount's root is its source below the file system that this is on. */
static bool ends_with_path(const char *path, const char *end)
{
	size_t n = strlen(path), k = strlen(end);

	return k > 1 && k <= n && strcmp(path + n - k, end) == 0;
}

/*
 * The declared mount that explains what is at this place: the nearest at or above it. A destination
 * such as /var/run/docker.sock may lead through a link of the image; then the source tells.
 */
static int declared_by(struct sw_eval *e, const char *point)
{
	size_t n = engine_count(e, "Mounts"), longest = 0;
	int found = NONE;

	for (size_t k = 0; k < n; k++) {
		const char *to = sw_str(e, sw_at(e, "Mounts/%zu/Destination", k), "");
		size_t length = strlen(to);

		if (*to == '/' && sw_is_below(point, to) && length >= longest) {
			found = (int)k;
			longest = length;
		}
	}
	for (size_t k = 0; k < n && found == NONE; k++) {
		const char *to = sw_str(e, sw_at(e, "Mounts/%zu/Destination", k), "");
		const char *from = sw_str(e, sw_at(e, "Mounts/%zu/Source", k), "");

		if (strcmp(last_step(to), last_step(point)) == 0 &&
		    ends_with_path(from, field(e, point, "root")))
			found = (int)k;
	}
	return found;
}

/* --tmpfs; it may be below a declared mount, and then that does not speak for it. */
static bool is_tmpfs_option(struct sw_eval *e, const char *point)
{
	return sw_contains(e, "HostConfig/Tmpfs", point);
}

/* bind-recursive=writable, or below a read-only mount of an engine that was told so. */
static bool is_declared_shallow(struct sw_eval *e, const char *to)
{
	size_t n = engine_count(e, "HostConfig/Mounts");

	for (size_t i = 0; i < n; i++) {
		const char *base = sw_at(e, "HostConfig/Mounts/%zu", i);
		const char *options = sw_at(e, "%s/BindOptions", base);

		if (strcmp(sw_str(e, sw_at(e, "%s/Target", base), ""), to) == 0 &&
		    sw_has(e, options) &&
		    sw_bool(e, sw_at(e, "%s/ReadOnlyNonRecursive", options), false))
			return true;
	}
	return false;
}

static void judge_declared(struct sw_eval *e, const char *point, int declared)
{
	const char *base = sw_at(e, "Mounts/%d", declared);
	const char *to = sw_str(e, sw_at(e, "%s/Destination", base), "");

	if (sw_bool(e, sw_at(e, "%s/RW", base), true) || !is_writable(e, point))
		return;
	if (strcmp(field(e, point, "type"), "nsfs") ==
	    0) /* nothing can be written to a namespace */
		return;
	if (strcmp(point, to) == 0 || !sw_is_below(point, to))
		sw_fail(e, "%s is declared read-only, but can be written", point);
	else if (!is_declared_shallow(e, to))
		sw_fail(e, "%s is declared read-only, but %s below it can be written", to, point);
}

/* The engine's own files for names; of the container whose network it shares, when it does. */
static bool is_name_file(struct sw_eval *e, const char *point)
{
	static const struct {
		const char *point, *path;
	} files[] = {
		{ "/etc/resolv.conf", "ResolvConfPath" },
		{ "/etc/hostname", "HostnamePath" },
		{ "/etc/hosts", "HostsPath" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (strcmp(point, files[i].point) == 0)
			return ends_with_path(sw_str(e, files[i].path, ""),
					      field(e, point, "root"));
	return false;
}

/* What a host keeps its files on. */
static bool is_of_disk(struct sw_eval *e, const char *point)
{
	static const char *const kinds[] = { "ext[234]", "xfs",  "btrfs", "zfs",     "f2fs",
					     "bcachefs", "vfat", "nfs*",  "reiserfs" };
	const char *type = field(e, point, "type");

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (fnmatch(kinds[i], type, 0) == 0)
			return true;
	return false;
}

/* Below these the engine mounts what has no file of the host, or covers it. */
static bool is_of_engine(struct sw_eval *e, const char *point)
{
	static const char *const own[] = { "/proc", "/sys", "/dev" };
	static const char *const files[] = { "/sbin/docker-init", "/run/.containerenv" };
	const char *id;

	if (strcmp(point, "/") == 0)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		if (sw_is_below(point, own[i]) && !is_of_disk(e, point))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (strcmp(point, files[i]) == 0)
			return true;
	if (is_name_file(e, point))
		return true;
	id = sw_str(e, "Id", "");
	if (strlen(id) == 64 && strstr(field(e, point, "root"), id))
		return true;
	return sw_contains(e, "HostConfig/MaskedPaths", point) ||
	       sw_contains(e, "HostConfig/ReadonlyPaths", point);
}

/* A folder of its own root file system, mounted again. */
static bool is_own_root(struct sw_eval *e, const char *point)
{
	return sw_has(e, place(e, "/", "type")) && strcmp(field(e, "/", "type"), "overlay") == 0 &&
	       strcmp(field(e, "/", "dev"), field(e, point, "dev")) == 0;
}

static bool is_on_host(struct sw_eval *e, const char *dev)
{
	size_t n = sw_count(e, "@host/mounts");

	for (size_t i = 0; i < n; i++)
		if (strcmp(sw_str(e, sw_at(e, "@host/mounts/%zu/dev", i), ""), dev) == 0)
			return true;
	return false;
}

/* Why something else than the engine may have mounted there; NULL: nothing may. */
static const char *who_may_mount(struct sw_eval *e)
{
	const char *runtime = sw_str(e, "HostConfig/Runtime", "");
	size_t n = engine_count(e, "HostConfig/CapAdd");

	if (sw_bool(e, "HostConfig/Privileged", false))
		return "it is privileged and may mount";
	for (size_t i = 0; i < n; i++) {
		const char *name = sw_str(e, sw_at(e, "HostConfig/CapAdd/%zu", i), "");

		if (sw_same_capability(name, "ALL") || sw_same_capability(name, "SYS_ADMIN"))
			return "it may mount by SYS_ADMIN";
	}
	if (engine_count(e, "HostConfig/DeviceRequests") > 0)
		return "its device requests may mount";
	if (strcmp(runtime, "runc") != 0 && strcmp(runtime, "io.containerd.runc.v2") != 0)
		return "its runtime is not runc";
	if (sw_has(e, "Kernel/Namespaces/user/engine") &&
	    !sw_bool(e, "Kernel/Namespaces/user/engine", true))
		return "it is in a user namespace of its own and may mount there";
	return NULL;
}

static void judge_undeclared(struct sw_eval *e, const char *point)
{
	/* no file of a disk is behind these, unless the host has the very same one mounted */
	static const char *const in_memory[] = { "proc",   "sysfs",     "tmpfs",   "devtmpfs",
						 "devpts", "mqueue",    "cgroup*", "overlay",
						 "ramfs",  "fuse.lxcfs" };
	const char *root = field(e, point, "root"), *type = field(e, point, "type"), *who;

	if (!is_on_host(e, field(e, point, "dev"))) {
		for (size_t k = 0; k < ARRAY_SIZE(in_memory); k++)
			if (fnmatch(in_memory[k], type, 0) == 0)
				return;
		sw_warn(e, "%s is a mount (%s) that nothing declares", point, type);
		return;
	}
	who = who_may_mount(e);
	if (who)
		sw_warn(e, "%s is %s of the host's %s, which nothing declares (%s)", point, root,
			type, who);
	else
		sw_fail(e, "%s is %s of the host's %s, which nothing declares", point, root, type);
}

static void judge_mount(struct sw_eval *e, const char *point)
{
	int declared;

	if (*point != '/') {
		sw_unknown(e, "a mount of it has the place '%s'", point);
		return;
	}
	if (is_tmpfs_option(e, point))
		return;
	declared = declared_by(e, point);
	if (declared != NONE)
		judge_declared(e, point, declared);
	else if (!is_of_engine(e, point) && !is_own_root(e, point))
		judge_undeclared(e, point);
}

static enum sw_verdict mounts_are_as_declared(struct sw_eval *e)
{
	size_t n = engine_count(e, "Kernel/Mounts");

	if (n == 0)
		return sw_unknown(e, "its mount table is not known");
	if (sw_bool(e, "HostConfig/ReadonlyRootfs", false) && is_writable(e, "/"))
		sw_fail(e, "its root is declared read-only, but can be written");
	for (size_t i = 0; i < n; i++)
		judge_mount(e, sw_key(e, "Kernel/Mounts", i));
	return sw_said(e);
}

const struct sw_check sw_container_drift_mount_checks[] = {
	{
		.id = "container.drift.mounts",
		.kind = SW_CONTAINER,
		.severity = SW_HIGH,
		.title = "Containers have the mounts that are declared",
		.why = "Files of the host that were mounted past the engine, or that are writable "
		       "though declared read-only, show in no listing of it. Engines before 25 "
		       "leave what is mounted below a read-only mount writable.",
		.wanted = "the kernel's mount table as Mounts says",
		.remedy = "Read-only with all below it: Docker 25 and Linux 5.12, or newer, with "
			  "bind-propagation=rprivate against what is mounted later; or mount "
			  "what is needed only\nA mount that nothing declares: see who made it, "
			  "then recreate the container",
		.fn = mounts_are_as_declared,
		.flags = SW_RUNNING,
		.needs = SW_NEEDS_KERNEL | SW_NEEDS_MOUNTS,
	},
	{ 0 },
};
