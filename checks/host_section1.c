/* SPDX-License-Identifier: Apache-2.0 */
/* host_section1.c: where the engine keeps its data, who may command it, and whether its host is
 * hardened. */
#include <inttypes.h>
#include <stdio.h>

#include "dates.h"
#include "engine.h"

enum { MOUNTS_MAX = 4096 };

/* The device of the file system that path is on by the host's mount table, "" when none covers it.
 */
static const char *device_at(struct sw_eval *e, const char *path, const char **ret_point)
{
	const char *device = "", *point = "";
	size_t n = sw_count(e, "@host/mounts");
	for (size_t i = 0; i < n && i < MOUNTS_MAX; i++) {
		const char *p = sw_str(e, sw_at(e, "@host/mounts/%zu/point", i), "");
		/* Of mounts on one another the last is what is seen. */
		if (*p && sw_is_below(path, p) && strlen(p) >= strlen(point)) {
			point = p;
			device = sw_str(e, sw_at(e, "@host/mounts/%zu/dev", i), "");
		}
	}
	if (ret_point)
		*ret_point = point;
	return device;
}

static bool is_mounted(struct sw_eval *e, const char *device)
{
	size_t n = sw_count(e, "@host/mounts");
	for (size_t i = 0; i < n && i < MOUNTS_MAX; i++)
		if (strcmp(sw_str(e, sw_at(e, "@host/mounts/%zu/dev", i), ""), device) == 0)
			return true;
	return false;
}

/* st_dev as the mount table writes it (glibc's and musl's gnu_dev_major and gnu_dev_minor). */
static const char *device_text(struct sw_eval *e, int64_t st_dev)
{
	uint64_t d = (uint64_t)st_dev;
	unsigned major = (unsigned)((d >> 8 & 0xfff) | (d >> 32 & 0xfffff000));
	unsigned minor = (unsigned)((d & 0xff) | (d >> 12 & 0xffffff00));
	return sw_at(e, "%u:%u", major, minor);
}

static void judge_containerd(struct sw_eval *e, const char *slash, const char *var)
{
	static const char store[] = "/var/lib/containerd";
	bool is_snapshotter = false;
	size_t n = sw_count(e, "info/DriverStatus");
	for (size_t i = 0; i < n; i++)
		is_snapshotter |= strcmp(sw_str(e, sw_at(e, "info/DriverStatus/%zu/0", i), ""),
					 "driver-type") == 0;
	const char *socket = sw_str(e, "paths/containerd-socket", "");
	bool is_managed = strcmp(socket, "/run/containerd/containerd.sock") != 0;
	const char *device = device_at(e, store, NULL);
	if (!is_snapshotter || is_managed)
		return;
	if (strcmp(device, slash) == 0 || strcmp(device, var) == 0)
		sw_warn(e, "containerd keeps the layers in %s, on the file system of %s", store,
			strcmp(device, slash) == 0 ? "/" : "/var");
}

/*
 * The device decides: the engine mounts its data root on itself where the mount above is not
 * shared, so a mount point proves nothing. A device that no mount has is a subvolume of btrfs.
 */
static enum sw_verdict data_has_a_file_system(struct sw_eval *e)
{
	const char *root = sw_str(e, "paths/data-root", NULL);
	if (!root)
		return sw_unknown(e, "the engine does not tell where its data are");
	const char *facts = sw_at(e, "files/%s", sw_esc(e, root));
	const char *resolved = sw_str(e, sw_at(e, "%s/path", facts), root);
	int64_t st_dev = sw_int(e, sw_at(e, "%s/dev", facts), -1);
	const char *device = device_text(e, st_dev);
	const char *slash = device_at(e, "/", NULL), *var = device_at(e, "/var", NULL), *point;

	if (st_dev < 0)
		return sw_unknown(e, "%s is not there to be looked at", root);
	if (sw_count(e, "@host/mounts") > MOUNTS_MAX)
		return sw_unknown(e, "there are more than %d mounts", MOUNTS_MAX);
	if (!*slash)
		return sw_unknown(e, "the mount table has no /");
	if (!is_mounted(e, device)) {
		if (sw_bool(e, "process/OwnRoot", false))
			return sw_unknown(
				e, "%s is on a device that the host's mount table does not have",
				root);
		device = device_at(e, resolved, &point);
	}
	if (strcmp(device, slash) == 0)
		return sw_fail(e, "%s is on the file system of / (device %s)", root, device);
	if (sw_is_below(resolved, "/var") && strcmp(device, var) == 0)
		return sw_fail(e, "%s is on the file system of /var (device %s)", root, device);
	judge_containerd(e, slash, var);
	if (sw_said(e) != SW_PASS)
		return sw_said(e);
	return sw_pass(e, "%s is on device %s, / on %s", root, device, slash);
}

static void judge_member(struct sw_eval *e, const char *name, const char *how)
{
	if (strcmp(name, "root") == 0 || sw_param_lists(e, "trusted_users", name))
		return;
	if (sw_param_is_set(e, "trusted_users"))
		sw_fail(e, "%s %s and is not trusted", name, how);
	else
		sw_warn(e, "%s %s: say who may", name, how);
}

/* A number that the engine's user namespace has from its user's subordinate ones, nobody else has.
 */
static bool is_subordinate(struct sw_eval *e, int64_t gid)
{
	static const char map[] = "process/GidMap";

	if (!engine_option(e, "rootless") || !sw_is_known(e, map))
		return false;
	for (size_t i = 0; i < engine_count(e, map); i++) {
		int64_t outside = sw_int(e, sw_at(e, "%s/%zu/1", map, i), -1);
		int64_t n = sw_int(e, sw_at(e, "%s/%zu/2", map, i), 0);
		/* The row of one is the user's own group. */
		if (n > 1 && outside > 0 && gid >= outside && gid - outside < n)
			return true;
	}
	return false;
}

/* Members by group(5), and users whose own group it is. */
static void judge_group(struct sw_eval *e, int64_t gid)
{
	size_t n = sw_count(e, "@host/groups");
	bool is_found = false;
	for (size_t i = 0; i < n; i++) {
		const char *name = sw_esc(e, sw_key(e, "@host/groups", i));
		if (sw_int(e, sw_at(e, "@host/groups/%s/gid", name), -1) != gid)
			continue;
		is_found = true;
		const char *members = sw_at(e, "@host/groups/%s/members", name);
		size_t n_members = sw_count(e, members);
		for (size_t k = 0; k < n_members; k++)
			judge_member(e, sw_str(e, sw_at(e, "%s/%zu", members, k), ""),
				     sw_at(e, "is in group %s", name));
	}
	if (!is_found && is_subordinate(e, gid))
		sw_pass(e, "gid %" PRId64 " is one of the engine's user's own subordinate groups",
			gid);
	else if (!is_found)
		sw_unknown(e, "/etc/group has no group %" PRId64 ": who is in it cannot be told",
			   gid);
	n = sw_count(e, "@host/users");
	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, "@host/users", i);
		if (sw_int(e, sw_at(e, "@host/users/%s/gid", sw_esc(e, name)), -1) == gid)
			judge_member(e, name, sw_at(e, "has %" PRId64 " as own group", gid));
	}
}

static void judge_acl(struct sw_eval *e, const char *socket, const char *facts)
{
	size_t n = sw_count(e, sw_at(e, "%s/acl", facts));
	for (size_t i = 0; i < n; i++) {
		const char *tag = sw_str(e, sw_at(e, "%s/acl/%zu/tag", facts, i), "");
		const char *perm = sw_str(e, sw_at(e, "%s/acl/%zu/perm", facts, i), "");
		if ((strcmp(tag, "user") == 0 || strcmp(tag, "group") == 0) && strchr(perm, 'w'))
			sw_warn(e, "an ACL lets %s %" PRId64 " use %s", tag,
				sw_int(e, sw_at(e, "%s/acl/%zu/id", facts, i), -1), socket);
	}
}

/* False: it is not there. */
static bool judge_socket(struct sw_eval *e, const char *socket)
{
	const char *facts = sw_at(e, "files/%s", sw_esc(e, socket));
	if (!sw_bool(e, sw_at(e, "%s/exists", facts), false))
		return false;
	unsigned mode = sw_mode(e, sw_at(e, "%s/mode", facts), 0777);
	int64_t uid = sw_int(e, sw_at(e, "%s/uid", facts), -1);
	if (mode & 02)
		sw_fail(e, "everybody may use %s (mode %04o)", socket, mode);
	if (mode & 020)
		judge_group(e, sw_int(e, sw_at(e, "%s/gid", facts), -1));
	judge_acl(e, socket, facts);
	if (uid != 0 && engine_option(e, "rootless") == NULL)
		sw_warn(e, "%s belongs to uid %" PRId64, socket, uid);
	return true;
}

static enum sw_verdict only_trusted_command_it(struct sw_eval *e)
{
	size_t n = engine_count(e, "paths/api-sockets");
	bool is_seen = false;
	for (size_t i = 0; i < n; i++)
		is_seen |= judge_socket(e, sw_str(e, sw_at(e, "paths/api-sockets/%zu", i), ""));
	if (n == 0)
		return sw_skip(e, "the engine has no unix socket");
	if (!is_seen)
		return sw_unknown(e, "none of the engine's sockets is there to be looked at");
	return sw_said(e);
}

/* Names a few of a list of rules. */
static const char *rules_named(struct sw_eval *e, const char *list)
{
	enum { NAMED = 5 };
	size_t n = sw_count(e, list);
	const char *text = "";
	for (size_t i = 0; i < n && i < NAMED; i++)
		text = sw_at(e, "%s%s%s", text, i ? ", " : "",
			     sw_str(e, sw_at(e, "%s/%zu/ref", list, i), ""));
	return n > NAMED ? sw_at(e, "%s and %zu more", text, n - NAMED) : text;
}

static enum sw_verdict host_is_hardened(struct sw_eval *e)
{
	if (!sw_has(e, "@run/host-rules"))
		return sw_warn(e,
			       "no profile of the host was judged in this run: add -p docker-host");
	const char *profile = sw_str(e, "@run/host-rules/profiles/0", "");
	size_t failed = sw_count(e, "@run/host-rules/failed");
	size_t unknown = sw_count(e, "@run/host-rules/unknown");
	int64_t judged = sw_int(e, "@run/host-rules/judged", 0);
	int64_t defined = sw_int(e, "@run/host-rules/defined", 0);
	if (failed > 0)
		return sw_fail(e, "%zu rules of %s of severity high or more fail: %s", failed,
			       profile, rules_named(e, "@run/host-rules/failed"));
	if (unknown > 0)
		return sw_unknown(e, "%zu rules of %s could not be decided: %s", unknown, profile,
				  rules_named(e, "@run/host-rules/unknown"));
	if (judged < defined)
		return sw_warn(e, "only %lld of the %lld rules of %s were judged in this run",
			       (long long)judged, (long long)defined, profile);
	/* A few rules of a house are no profile of a host. */
	int64_t decided = sw_int(e, "@run/host-rules/decided", 0);
	if (decided < sw_param_int(e, "least_host_rules"))
		return sw_warn(e,
			       "only %lld rules of %s say something of this host: see whether "
			       "that is all that is wanted of it",
			       (long long)decided, profile);
	return sw_pass(e, "none of the %lld rules of %s of severity high or more fails",
		       (long long)judged, profile);
}

static const struct sw_param trusted_users[] = {
	{ "trusted_users", SW_LIST, NULL,
	  "users who may command the engine, which is as good as root" },
	{ 0 },
};
static const struct sw_param hardened_params[] = {
	{ "least_host_rules", SW_INT, "50",
	  "how many rules of profiles of the host must be decided" },
	{ 0 },
};

const struct sw_check sw_host_section1_checks[] = {
	{
		.id = "engine.data-root-partition",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "The engine's data have a file system of their own",
		.why = "Images, volumes and logs of containers can fill the file system they are "
		       "on; the host's own "
		       "must not be that.",
		.wanted = "a device other than that of / and /var",
		.remedy = "Make a file system, copy the data root to it with the engine stopped, "
			  "and mount it there:\n"
			  "echo 'UUID=... /var/lib/docker ext4 defaults 0 2' >> /etc/fstab",
		.fn = data_has_a_file_system,
	},
	{
		.id = "engine.docker-group",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "Only trusted users may command the engine",
		.why = "Whoever may write to the API socket can start a container with the host's "
		       "files in it, and so "
		       "is root.",
		.wanted = "every member of the group that owns the API socket is in trusted_users",
		.remedy = "gpasswd -d USER docker\n"
			  "Or declare who is trusted: --set trusted_users=alice,bob",
		.fn = only_trusted_command_it,
		.params = trusted_users,
	},
	{
		.id = "host.hardened",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "The host itself is hardened",
		.why = "Containers share the kernel and the accounts of their host: what is weak "
		       "there is weak in all.",
		.wanted =
			"a profile of the host in the same run, of which no rule of severity high "
			"or more fails",
		.remedy = "Judge the host too, mend what it shows, and waive with a reason what "
			  "stays:\nseaworthy audit -p cis-docker-1.8.0 -p docker-host",
		.fn = host_is_hardened,
		.params = hardened_params,
		.flags = SW_LAST,
	},
	{ 0 },
};
