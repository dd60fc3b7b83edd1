/* SPDX-License-Identifier: Apache-2.0 */
/* host_mount_more.c: mounts that matter for other reasons: data root, kernel, network, images. */
#include <inttypes.h>
#include <string.h>

#include "host_common.h"
#include "host_mount.h"

static const char *text_at(struct sw_eval *e, const char *mount, const char *member)
{
	const char *path = sw_at(e, "%s/%s", mount, member);

	if (!sw_has(e, path))
		sw_unknown(e, "%s was not told", path);
	return sw_str(e, path, "");
}

/* Nothing of an engine is on this host: then none keeps data here. */
static bool has_no_engine(struct sw_eval *e)
{
	static const char *const signs[] = { "socket", "binary", "unit", "process" };

	if (sw_is_known(e, "@engine/info") || !sw_is_known(e, "@engine/present"))
		return false;
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (sw_has(e, sw_at(e, "@engine/present/%s", signs[i])))
			return false;
	return true;
}

/* NULL: judged already. */
static const char *mount_of_data_root(struct sw_eval *e, const char **ret_root)
{
	if (has_no_engine(e)) {
		sw_skip(e, "there is no engine that keeps data here");
		return NULL;
	}
	if (!sw_bool(e, "@engine/endpoint/local", false)) {
		sw_unknown(e, "the engine is not known to run on this host");
		return NULL;
	}
	const char *root = sw_str(e, "@engine/info/DockerRootDir", "");
	if (!*root) {
		sw_unknown(e, "the engine does not tell where its data are");
		return NULL;
	}
	const char *mount = host_mount_of(e, root);
	if (!mount)
		sw_unknown(e, "the mount table does not say what %s is on", root);
	*ret_root = root;
	return mount;
}

static enum sw_verdict data_root_runs_programs(struct sw_eval *e)
{
	const char *root = "", *mount = mount_of_data_root(e, &root);

	if (!mount)
		return sw_said(e);
	const char *options = text_at(e, mount, "options");
	const char *point = text_at(e, mount, "point");
	if (host_mount_has_option(options, "noexec"))
		sw_fail(e, "%s is on %s, mounted noexec: nothing in a container starts", root,
			point);
	if (host_mount_has_option(options, "nosuid"))
		sw_warn(e,
			"%s is on %s, mounted nosuid: sudo, su and ping in containers do not "
			"work; is that wanted?",
			root, point);
	if (host_mount_has_option(options, "nodev"))
		sw_pass(e,
			"%s is mounted nodev: device nodes in images do not work, which few need",
			point);
	return sw_said(e);
}

/* What the driver says it found. */
static const char *driver_status(struct sw_eval *e, const char *name)
{
	size_t n = sw_count(e, "@engine/info/DriverStatus");

	for (size_t i = 0; i < n && i < 100; i++)
		if (strcmp(sw_str(e, sw_at(e, "@engine/info/DriverStatus/%zu/0", i), ""), name) ==
		    0)
			return sw_str(e, sw_at(e, "@engine/info/DriverStatus/%zu/1", i), "");
	return "";
}

static enum sw_verdict data_root_can_be_overlaid(struct sw_eval *e)
{
	static const char *const bad[] = { "nfs",   "nfs4", "cifs",  "smb3",    "vfat",
					   "9p",    "ceph", "afs",   "overlay", "exfat",
					   "msdos", "ntfs", "ntfs3", "ecryptfs" };
	const char *root = "", *mount = mount_of_data_root(e, &root);

	if (!mount)
		return sw_said(e);
	const char *type = text_at(e, mount, "type");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (strcmp(type, bad[i]) == 0)
			return sw_fail(e, "%s is on %s, which overlayfs cannot build on", root,
				       type);
	if (strncmp(type, "fuse", 4) == 0)
		return sw_fail(e, "%s is on %s, which overlayfs cannot build on", root, type);
	const char *d_type = driver_status(e, "Supports d_type");
	if (strcmp(d_type, "false") == 0)
		return sw_fail(e, "%s is on %s without d_type: files of lower layers come back",
			       root, type);
	if (strcmp(type, "xfs") == 0 && strcmp(d_type, "true") != 0)
		return sw_unknown(e,
				  "whether the xfs of %s has ftype=1 is told by no one (xfs_info "
				  "%s)",
				  root, root);
	return sw_pass(e, "%s is on %s", root, type);
}

static enum sw_verdict root_is_shared(struct sw_eval *e)
{
	const char *mount = host_mount_at(e, "/");

	if (!mount)
		return sw_unknown(e, "the mount table has no /");
	const char *propagation = text_at(e, mount, "propagation");
	if (strstr(propagation, "shared:"))
		return sw_pass(e, "/ is %s", propagation);
	if (!host_has_engine(e))
		return sw_said(e) == SW_PASS ? sw_pass(e, "/ is not shared, which nothing needs")
					     : sw_said(e);
	return sw_warn(e, "/ is not shared: volumes with rshared propagation and volume plugins do "
			  "not work, and systemd would have made it so");
}

static enum sw_verdict processes_are_hidden(struct sw_eval *e)
{
	static const char *const values[] = { "hidepid=1",         "hidepid=2",
					      "hidepid=4",         "hidepid=noaccess",
					      "hidepid=invisible", "hidepid=ptraceable" };
	const char *mount = host_mount_at(e, "/proc");

	if (!mount)
		return sw_unknown(e, "the mount table has no /proc");
	const char *options = text_at(e, mount, "super");
	const char *own = text_at(e, mount, "options");
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (host_mount_has_option(options, values[i]) ||
		    host_mount_has_option(own, values[i]))
			return sw_pass(e, "%s", values[i]);
	return sw_warn(e, "/proc shows everybody's processes to all users; with polkit or logind "
			  "hidepid also needs gid=");
}

/* --- the kernel's own ------------------------------------------------------------------------- */

static enum sw_verdict tracing_is_private(struct sw_eval *e)
{
	static const struct {
		const char *point, *type;
	} places[] = { { "/sys/kernel/debug", "debugfs" },
		       { "/sys/kernel/tracing", "tracefs" },
		       { "/sys/fs/bpf", "bpf" } };
	size_t judged = 0;

	for (size_t i = 0; i < 3; i++) {
		const char *mount = host_mount_at(e, places[i].point);
		/* An automount point is no file system until somebody comes. */
		if (!mount || strcmp(text_at(e, mount, "type"), places[i].type) != 0)
			continue;
		const char *facts = sw_at(e, "@host/stat/paths/%s", sw_esc(e, places[i].point));
		const char *where = sw_at(e, "%s/mode", facts);
		if (!sw_has(e, where))
			sw_unknown(e, "%s was not told", where);
		unsigned mode = sw_mode(e, where, 07777);
		judged++;
		if (mode & 0077)
			sw_fail(e, "%s has mode %04o", places[i].point, mode);
	}
	if (judged == 0 && sw_said(e) == SW_PASS)
		return sw_skip(e, "none of them is mounted");
	return sw_said(e);
}

/* --- other hosts' files ------------------------------------------------------------------------
 */

static bool is_of_network(const char *type)
{
	static const char *const types[] = {
		"nfs",    "nfs4",   "cifs",           "smb3",       "smbfs",      "9p",
		"ceph",   "afs",    "fuse.glusterfs", "fuse.sshfs", "fuse.ceph",  "glusterfs",
		"lustre", "beegfs", "davfs",          "fuse.s3fs",  "fuse.rclone"
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

/* A volume of the engine's is mounted as the volume says, not the host. */
static bool is_a_volume(struct sw_eval *e, const char *point)
{
	static const char root[] = "@engine/info/DockerRootDir";

	return sw_is_known(e, root) && sw_is_below(point, sw_str(e, root, "/"));
}

static void judge_network_mount(struct sw_eval *e, const char *mount)
{
	static const char *const wanted[] = { "nodev", "nosuid" };
	const char *point = text_at(e, mount, "point"), *options = text_at(e, mount, "options");
	const char *super = text_at(e, mount, "super");

	for (size_t i = 0; i < 2; i++) {
		if (host_mount_has_option(options, wanted[i]))
			continue;
		if (is_a_volume(e, point))
			sw_warn(e,
				"%s is a volume mounted without %s: add it to the volume's "
				"option o",
				point, wanted[i]);
		else
			sw_fail(e, "%s is mounted without %s", point, wanted[i]);
	}
	if (host_mount_has_option(super, "sec=sys"))
		sw_pass(e, "%s believes the uids that clients tell (sec=sys)", point);
}

static enum sw_verdict configured_network_mounts(struct sw_eval *e)
{
	size_t n = sw_count(e, "@host/fstab/entries"), judged = 0;

	if (!sw_has(e, "@host/fstab/entries"))
		return sw_unknown(e, "fstab was not told");
	for (size_t i = 0; i < n; i++) {
		const char *at = sw_at(e, "@host/fstab/entries/%zu", i);
		if (!is_of_network(sw_str(e, sw_at(e, "%s/type", at), "")))
			continue;
		const char *point = sw_str(e, sw_at(e, "%s/point", at), "");
		judged++;
		if (!sw_bool(e, sw_at(e, "%s/nodev", at), false))
			sw_fail(e, "configured: %s is mounted without nodev", point);
		if (!sw_bool(e, sw_at(e, "%s/nosuid", at), false))
			sw_fail(e, "configured: %s is mounted without nosuid", point);
	}
	if (judged == 0 && sw_said(e) == SW_PASS)
		return sw_skip(e, "configured: no other host's files are mounted");
	return sw_said(e) == SW_PASS ? sw_pass(e, "configured") : sw_said(e);
}

static enum sw_verdict network_mounts_are_limited(struct sw_eval *e)
{
	size_t judged = 0;

	if (!host_is_running(e))
		return configured_network_mounts(e);
	size_t n = host_mount_count(e);
	for (size_t i = 0; i < n; i++) {
		const char *mount = sw_at(e, "@host/mounts/%zu", i);
		if (!is_of_network(text_at(e, mount, "type")))
			continue;
		judged++;
		judge_network_mount(e, mount);
	}
	if (judged == 0 && sw_said(e) == SW_PASS)
		return sw_skip(e, "no other host's files are mounted");
	return sw_said(e);
}

/* --- systems that are images --------------------------------------------------------------------
 */

static bool is_image_system(struct sw_eval *e)
{
	static const char *const ids[] = { "flatcar", "bottlerocket", "cos",
					   "talos",   "coreos",       "rhcos" };
	static const char *const words[] = { "usrhash=", "verity.usrhash=", "systemd.verity",
					     "ostree=", "roothash=" };
	const char *id = sw_str(e, "@host/os/ID", "");
	const char *line = sw_str(e, "@host/kernel/cmdline", "");

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (strcmp(id, ids[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(line, words[i]))
			return true;
	return false;
}

static enum sw_verdict image_is_read_only(struct sw_eval *e)
{
	if (!is_image_system(e))
		return sw_skip(e, "this system is made of packages, not of an image");
	const char *mount = host_mount_of(e, "/usr");
	if (!mount)
		return sw_unknown(e, "the mount table does not say what /usr is on");
	const char *point = text_at(e, mount, "point");
	if (!host_mount_has_option(text_at(e, mount, "options"), "ro") &&
	    !host_mount_has_option(text_at(e, mount, "super"), "ro"))
		return sw_fail(e, "%s, with /usr, is mounted for writing", point);
	return sw_pass(e, "%s is read-only", point);
}

/* --- the table ------------------------------------------------------------------------------- */

#define ROW(name, level, what, reason, ok, fix, function, ...)                                     \
	{                                                                                          \
		.id = "host.mount." name, .kind = SW_HOST, .severity = level, .title = what,       \
		.why = reason, .wanted = ok, .remedy = fix, .fn = function, __VA_ARGS__            \
	}

const struct sw_check sw_host_mount_more_checks[] = {
	ROW("data_root.exec", SW_MEDIUM, "The engine's data are where programs may run",
	    "Benchmarks ask for noexec and nosuid on /var; on the data root they stop containers, "
	    "and somebody will take them off in a hurry for all of /var",
	    "no noexec, no nosuid on the mount of the data root",
	    "give the data root a file system of its own, mounted with defaults,nodev",
	    data_root_runs_programs, .needs = 0),
	ROW("data_root.dtype", SW_LOW, "The engine's data are on a file system for overlays",
	    "Without d_type, over a network or on another overlay, layers show deleted files or "
	    "lose data",
	    "ext4, xfs with ftype=1, btrfs or zfs", "mkfs.xfs -n ftype=1 or mkfs.ext4",
	    data_root_can_be_overlaid, .needs = 0),
	ROW("propagation", SW_LOW, "Mounts are shared as systemd makes them",
	    "Volumes that are mounted later reach containers by propagation from /",
	    "/ is shared, on a host for containers", "mount --make-rshared /   (at every boot)",
	    root_is_shared, .params = host_role_params),
	ROW("proc_hidepid", SW_LOW, "Users do not see each other's processes",
	    "Command lines hold tokens, and a list of processes tells what to attack",
	    "hidepid=invisible on /proc",
	    "proc /proc proc defaults,hidepid=invisible,gid=proc 0 0 in /etc/fstab, and a drop-in "
	    "SupplementaryGroups=proc for systemd-logind",
	    processes_are_hidden, .needs = 0),
	ROW("debugfs_tracefs", SW_MEDIUM, "The kernel's debugging is root's alone",
	    "debugfs, tracefs and pinned BPF programs show and change the kernel's state; bound "
	    "into a container they are a way out of it",
	    "mode without rights for group and others, or not mounted",
	    "mount -o remount,mode=700 /sys/kernel/debug   (likewise /sys/kernel/tracing, "
	    "/sys/fs/bpf)",
	    tracing_is_private, .needs = SW_NEEDS_HOST_FILES),
	ROW("nfs", SW_LOW, "Other hosts' files bring no devices and no set-id",
	    "Who is root on the server puts a set-id file there and is root here",
	    "nodev and nosuid on each nfs, cifs, 9p, ceph",
	    "add nodev,nosuid to the options in /etc/fstab, or to o= of the volume",
	    network_mounts_are_limited, .needs = SW_NEEDS_HOST_FILES),
	ROW("root_ro", SW_LOW, "A system that is an image is read-only",
	    "What made sure that its files are those of the image is off when they can be written",
	    "/usr is mounted read-only", "boot the image as it is meant to be; no remount,rw",
	    image_is_read_only, .needs = 0),
	{ 0 },
};
