/* SPDX-License-Identifier: Apache-2.0 */
/* host_mount.c: file systems of their own and their options: what is mounted, what will be. */
#include "host_mount.h"

#include <inttypes.h>
#include <string.h>

#include "host_common.h"

/* --- the mount table ------------------------------------------------------------------------- */

size_t host_mount_count(struct sw_eval *e)
{
	size_t n = sw_count(e, "@host/mounts");

	if (n == 0)
		sw_unknown(e, "the mount table is empty: seaworthy does not see the host's");
	if (n > HOST_MOUNTS_MAX) {
		sw_unknown(e, "there are more than %d mounts", HOST_MOUNTS_MAX);
		n = HOST_MOUNTS_MAX;
	}
	return n;
}

const char *host_mount_at(struct sw_eval *e, const char *point)
{
	size_t n = host_mount_count(e);
	const char *found = NULL;

	for (size_t i = 0; i < n; i++)
		if (strcmp(sw_str(e, sw_at(e, "@host/mounts/%zu/point", i), ""), point) == 0)
			found = sw_at(e, "@host/mounts/%zu", i);
	return found;
}

const char *host_mount_of(struct sw_eval *e, const char *path)
{
	size_t n = host_mount_count(e), longest = 0;
	const char *found = NULL;

	for (size_t i = 0; i < n; i++) {
		const char *point = sw_str(e, sw_at(e, "@host/mounts/%zu/point", i), "");
		if (*point && sw_is_below(path, point) && strlen(point) >= longest) {
			longest = strlen(point);
			found = sw_at(e, "@host/mounts/%zu", i);
		}
	}
	return found;
}

bool host_mount_has_option(const char *options, const char *option)
{
	size_t n = strlen(option);

	while (*options) {
		size_t length = strcspn(options, ",");
		if (length == n && strncmp(options, option, n) == 0)
			return true;
		options += length + (options[length] == ',');
	}
	return false;
}

/* --- a file system of its own ---------------------------------------------------------------- */

/* Both rows of a point: with an option, or whether it is one at all. */
struct mount_rule {
	const char *point, *option;
	const char *note; /* what role docker has to know of it, or NULL */
};

static const char *parent_of(struct sw_eval *e, const char *point)
{
	const char *slash = strrchr(point, '/');

	return slash == point ? "/" : sw_at(e, "%.*s", (int)(slash - point), point);
}

static int64_t device_of(struct sw_eval *e, const char *path)
{
	const char *facts = sw_at(e, "@host/stat/paths/%s", sw_esc(e, path));

	if (!sw_bool(e, sw_at(e, "%s/exists", facts), false))
		return -1;
	return sw_int(e, sw_at(e, "%s/dev", facts), -1);
}

/* A bind mount of the same file system is none of its own. */
static bool is_own_device(struct sw_eval *e, const char *point)
{
	int64_t own = device_of(e, point), above = device_of(e, parent_of(e, point));

	if (own >= 0 && above >= 0)
		return own != above;
	sw_unknown(e, "%s could not be looked at", own < 0 ? point : parent_of(e, point));
	return false;
}

static const char *configured_at(struct sw_eval *e, const char *point)
{
	return sw_at(e, "@host/fstab/points/%s", sw_esc(e, point));
}

/* Will it be mounted at the next boot? */
static bool is_configured(struct sw_eval *e, const char *point)
{
	const char *facts = configured_at(e, point);

	if (!sw_has(e, facts) || sw_bool(e, sw_at(e, "%s/masked", facts), false))
		return false;
	const char *options = sw_str(e, sw_at(e, "%s/options", facts), "");
	/* By "noauto" the boot goes on without it; an automount unit mounts it on the first use. */
	return (!host_mount_has_option(options, "noauto") ||
		host_mount_has_option(options, "x-systemd.automount")) &&
	       sw_bool(e, sw_at(e, "%s/wanted", facts), true);
}

static const char *who_configured(struct sw_eval *e, const char *point)
{
	return sw_str(e, sw_at(e, "%s/by", configured_at(e, point)), "fstab");
}

static bool is_bound(struct sw_eval *e, const char *point)
{
	const char *options = sw_str(e, sw_at(e, "%s/options", configured_at(e, point)), "");

	return host_mount_has_option(options, "bind") || host_mount_has_option(options, "rbind");
}

static enum sw_verdict is_own_file_system(struct sw_eval *e)
{
	const struct mount_rule *r = sw_arg(e);
	bool will_be = is_configured(e, r->point);

	if (!host_is_running(e)) {
		if (will_be && is_bound(e, r->point))
			return sw_unknown(e,
					  "configured: %s binds %s to another folder, and whether "
					  "that is another file system needs a running system",
					  who_configured(e, r->point), r->point);
		if (will_be)
			return sw_pass(e, "configured: %s mounts %s", who_configured(e, r->point),
				       r->point);
		return sw_fail(e, "configured: nothing mounts %s", r->point);
	}
	const char *mount = host_mount_at(e, r->point);
	if (sw_said(e) == SW_UNKNOWN)
		return SW_UNKNOWN;
	if (!mount) {
		if (will_be)
			return sw_fail(e, "%s is not mounted, although %s says so", r->point,
				       who_configured(e, r->point));
		return sw_fail(e, "%s is no file system of its own", r->point);
	}
	if (!is_own_device(e, r->point)) {
		sw_fail(e, "%s is mounted from the file system that it is on", r->point);
		return sw_said(e);
	}
	if (!will_be)
		return sw_warn(e,
			       "%s is mounted, but by nothing in fstab or the units: what will "
			       "mount it at the next boot?",
			       r->point);
	return sw_said(e);
}

/* --- options --------------------------------------------------------------------------------- */

static enum sw_verdict judge_configured_option(struct sw_eval *e, const struct mount_rule *r,
					       const char *prefix)
{
	const char *facts = configured_at(e, r->point);

	if (sw_bool(e, sw_at(e, "%s/%s", facts, r->option), false))
		return sw_said(e);
	return sw_fail(e, "%s%s mounts %s without %s", prefix, who_configured(e, r->point),
		       r->point, r->option);
}

static enum sw_verdict has_option(struct sw_eval *e)
{
	const struct mount_rule *r = sw_arg(e);
	bool will_be = is_configured(e, r->point);

	if (!host_is_running(e)) {
		if (!will_be)
			return sw_skip(e, "configured: %s is no file system of its own", r->point);
		enum sw_verdict v = judge_configured_option(e, r, "configured: ");
		return v == SW_PASS ? sw_pass(e, "configured: by %s", who_configured(e, r->point))
				    : v;
	}
	const char *mount = host_mount_at(e, r->point);
	if (!mount)
		return sw_skip(e, "%s is no file system of its own", r->point);
	const char *options = sw_at(e, "%s/options", mount);
	if (!sw_has(e, options))
		sw_unknown(e, "%s was not told", options);
	if (!host_mount_has_option(sw_str(e, options, ""), r->option)) {
		sw_fail(e, "%s is mounted without %s%s", r->point, r->option,
			will_be && sw_bool(e,
					   sw_at(e, "%s/%s", configured_at(e, r->point), r->option),
					   false)
				? ", although it is configured: remount it"
				: "");
		return sw_said(e);
	}
	if (will_be)
		judge_configured_option(e, r, "not after the next boot: ");
	else
		sw_warn(e,
			"%s has %s now, but is in neither fstab nor the units: what will mount "
			"it at the next boot?",
			r->point, r->option);
	if (r->note && sw_said(e) == SW_PASS && host_has_engine(e))
		return sw_pass(e, "%s", r->note);
	return sw_said(e);
}

/* --- media that come and go ------------------------------------------------------------------- */

static bool is_removable(const char *source, const char *type, const char *point)
{
	static const char *const sources[] = { "/dev/sr",  "/dev/cdrom", "/dev/dvd",
					       "/dev/scd", "/dev/fd",    "/dev/floppy" };
	static const char *const types[] = { "iso9660", "udf", "udf,iso9660" };

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (strncmp(source, sources[i], strlen(sources[i])) == 0)
			return true;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return sw_is_below(point, "/media") || sw_is_below(point, "/run/media");
}

static enum sw_verdict removable_has_option(struct sw_eval *e)
{
	const char *option = sw_arg(e);
	size_t n = sw_count(e, "@host/fstab/entries"), judged = 0;

	if (!sw_has(e, "@host/fstab/entries"))
		return sw_unknown(e, "fstab was not told");
	for (size_t i = 0; i < n; i++) {
		const char *at = sw_at(e, "@host/fstab/entries/%zu", i);
		const char *source = sw_str(e, sw_at(e, "%s/source", at), "");
		const char *point = sw_str(e, sw_at(e, "%s/point", at), "");
		bool by_users = sw_bool(e, sw_at(e, "%s/user", at), false);
		if (!by_users &&
		    !is_removable(source, sw_str(e, sw_at(e, "%s/type", at), ""), point))
			continue;
		judged++;
		if (!sw_bool(e, sw_at(e, "%s/%s", at, option), false))
			sw_fail(e, "/etc/fstab:%" PRId64 ": %s on %s is mounted without %s",
				sw_int(e, sw_at(e, "%s/line", at), 0), source, point, option);
	}
	if (judged == 0 && sw_said(e) == SW_PASS)
		return sw_skip(e, "fstab has no removable media");
	return sw_said(e);
}

/* --- the table ------------------------------------------------------------------------------- */

#define SEPARATE(slug, path, ...)                                                                  \
	{                                                                                          \
		.id = "host.mount." slug ".separate", .kind = SW_HOST, .severity = SW_LOW,         \
		.title = path " is a file system of its own",                                      \
		.why = "Whoever may write there can fill it, and only a file system of its own "   \
		       "can be limited and mounted with options of its own. " __VA_ARGS__,         \
		.wanted = "mounted now, and in /etc/fstab or a mount unit",                        \
		.remedy = "make a volume or tmpfs for it and add it to /etc/fstab; waive this "    \
			  "for images that have one file system on purpose",                       \
		.fn = is_own_file_system, .arg = &(const struct mount_rule){ .point = path },      \
		.needs = SW_NEEDS_HOST_FILES,                                                      \
	}
#define OPTION_ROW(slug, path, what, reason, text)                                                 \
	{                                                                                          \
		.id = "host.mount." slug "." what, .kind = SW_HOST, .severity = SW_MEDIUM,         \
		.title = path " is mounted " what, .why = reason,                                  \
		.wanted = what ", now and after the next boot",                                    \
		.remedy = "add " what " to the options of " path                                   \
			  " in /etc/fstab or its mount unit; mount -o remount," what " " path,     \
		.fn = has_option, .needs = SW_NEEDS_HOST_FILES, .params = host_role_params,        \
		.arg = &(const struct mount_rule){ .point = path, .option = what, .note = text },  \
	}
#define NODEV(slug, path)                                                                          \
	OPTION_ROW(slug, path, "nodev",                                                            \
		   "A device node there would reach a disk or memory past all permissions", NULL)
#define NOSUID(slug, path)                                                                         \
	OPTION_ROW(slug, path, "nosuid",                                                           \
		   "A set-id program put there would run with its owner's rights", NULL)
#define NOEXEC(slug, path, note)                                                                   \
	OPTION_ROW(slug, path, "noexec",                                                           \
		   "What an intruder downloads there could be run as it is; nothing that belongs " \
		   "there needs it",                                                               \
		   note)
#define REMOVABLE(what)                                                                            \
	{                                                                                          \
		.id = "host.mount.removable." what, .kind = SW_HOST, .severity = SW_LOW,           \
		.title = "Removable media are mounted " what,                                      \
		.why = "Who puts a disk in decides what is on it: programs, set-id files, device " \
		       "nodes",                                                                    \
		.wanted =                                                                          \
			what " on each entry of fstab that users may mount or that is removable",  \
		.remedy = "add " what " to the options of the entry in /etc/fstab, after user",    \
		.fn = removable_has_option, .arg = what, .needs = SW_NEEDS_HOST_FILES,             \
	}

const struct sw_check sw_host_mount_checks[] = {
	SEPARATE("tmp", "/tmp", "All users write to /tmp"),
	NODEV("tmp", "/tmp"),
	NOSUID("tmp", "/tmp"),
	NOEXEC("tmp", "/tmp",
	       "installers and docker-compose 1 unpack programs in /tmp: give them TMPDIR"),
	SEPARATE("dev_shm", "/dev/shm", "It is shared memory of all users"),
	NODEV("dev_shm", "/dev/shm"),
	NOSUID("dev_shm", "/dev/shm"),
	NOEXEC("dev_shm", "/dev/shm", NULL),
	SEPARATE("home", "/home", "A full /home must not stop the system"),
	NODEV("home", "/home"),
	OPTION_ROW("home", "/home", "nosuid",
		   "A set-id program put there would run with its owner's rights",
		   "set-id programs in containers of rootless engines that keep their data in "
		   "/home do not work"),
	SEPARATE("var", "/var", "Logs, spools and containers grow there"),
	NODEV("var", "/var"),
	OPTION_ROW("var", "/var", "nosuid",
		   "A set-id program put there would run with its owner's rights",
		   "containers whose data are in /var cannot use sudo, ping or su: give the data "
		   "root a file system of its own"),
	SEPARATE("var_tmp", "/var/tmp", "All users write to /var/tmp, and it outlives a boot"),
	NODEV("var_tmp", "/var/tmp"),
	NOSUID("var_tmp", "/var/tmp"),
	NOEXEC("var_tmp", "/var/tmp", NULL),
	SEPARATE("var_log", "/var/log", "Logs must go on when other data fill the disk"),
	NODEV("var_log", "/var/log"),
	NOSUID("var_log", "/var/log"),
	NOEXEC("var_log", "/var/log", NULL),
	SEPARATE("var_log_audit", "/var/log/audit",
		 "auditd may be told to stop the host when it has no room"),
	NODEV("var_log_audit", "/var/log/audit"),
	NOSUID("var_log_audit", "/var/log/audit"),
	NOEXEC("var_log_audit", "/var/log/audit", NULL),
	REMOVABLE("nodev"),
	REMOVABLE("nosuid"),
	REMOVABLE("noexec"),
	{ 0 },
};
