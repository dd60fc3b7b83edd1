/* SPDX-License-Identifier: Apache-2.0 */
/* host_module.c: modules that nobody needs are not loaded, and cannot be. */
#include <string.h>

#include "host_boot.h"
#include "host_common.h"
#include "host_mount.h"
#include "tables.h"

struct module_rule {
	const char *names[16]; /* with "_" for "-" */
	/* Says why the module is needed here, so that nothing is judged; or NULL. */
	bool (*is_needed)(struct sw_eval *e, const char *name);
};

#define MODULES "@host/modules"

static bool is_loaded(struct sw_eval *e, const char *name)
{
	return host_is_running(e) && sw_has(e, sw_at(e, MODULES "/loaded/%s", name));
}

/* The command that modprobe runs instead, NULL when there is none. */
static const char *install_command(struct sw_eval *e, const char *name)
{
	const char *at = sw_at(e, "@host/modprobe/names/%s/install", name);

	return sw_has(e, at) ? sw_str(e, sw_at(e, "%s/value", at), "") : NULL;
}

/* /bin/false, /usr/bin/true and the like, with or without more behind. */
static bool does_nothing(const char *command)
{
	size_t n = strcspn(command, " \t");
	const char *base = command;

	for (size_t i = 0; i < n; i++)
		if (command[i] == '/')
			base = command + i + 1;
	n -= (size_t)(base - command);
	if (command[strcspn(command, ";&|`$")])
		return false;
	return (n == 5 && strncmp(base, "false", n) == 0) ||
	       (n == 4 && strncmp(base, "true", n) == 0) ||
	       (n == 7 && strncmp(base, "nologin", n) == 0);
}

static bool lists_name(const char *list, const char *name)
{
	size_t k = strlen(name);

	while (*list) {
		size_t n = strcspn(list, ","), i = 0;
		while (i < n && i < k && (list[i] == '-' ? '_' : list[i]) == name[i])
			i++;
		if (n == k && i == k)
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

/* module_blacklist= makes the kernel itself refuse it, whoever asks. */
static bool is_refused(struct sw_eval *e, const char *name)
{
	static const char list[] = "@host/boot/running/options/module_blacklist";

	return host_is_running(e) && sw_has(e, list) &&
	       lists_name(sw_str(e, sw_at(e, "%s/0", list), ""), name);
}

static void judge_file(struct sw_eval *e, const char *release, const char *name)
{
	const char *command = install_command(e, name);
	const char *prefix = host_configured(e);

	if ((command && does_nothing(command)) || is_refused(e, name))
		return;
	if (command)
		sw_fail(e, "%smodprobe runs \"%s\" for %s, which may load it", prefix, command,
			name);
	else if (sw_has(e, sw_at(e, "@host/modprobe/names/%s/blacklist", name)))
		sw_warn(e,
			"%s%s is blacklisted only: it is not loaded by itself, but by whoever "
			"names "
			"it or needs it",
			prefix, name);
	else
		sw_fail(e, "%s%s can be loaded (Linux %s)", prefix, name, release);
}

static void judge_in_kernel(struct sw_eval *e, const char *release, const char *name)
{
	const char *at = sw_at(e, MODULES "/kernels/%s/modules/%s", sw_esc(e, release), name);
	const char *state = sw_has(e, at) ? sw_str(e, sw_at(e, "%s/state", at), "") : "";

	if (strcmp(state, "none") == 0)
		return;
	if (strcmp(state, "builtin") == 0)
		sw_fail(e, "%s%s is built into Linux %s, so it cannot be kept away",
			host_configured(e), name, release);
	else if (strcmp(state, "module") == 0)
		judge_file(e, release, name);
	else if (strcmp(state, "unseen") == 0)
		sw_unknown(e, "%s is a module of Linux %s, whose modules were not found", name,
			   release);
	else
		sw_unknown(e, "%s was not looked for", name);
}

static void judge_module(struct sw_eval *e, const char *name)
{
	size_t n = sw_count(e, "@host/boot/judged");

	if (is_loaded(e, name)) {
		sw_fail(e, "%s is loaded", name);
		return;
	}
	for (size_t i = 0; i < n; i++)
		judge_in_kernel(e, sw_str(e, sw_at(e, "@host/boot/judged/%zu", i), ""), name);
}

static bool is_somewhere_needed(struct sw_eval *e, const struct module_rule *r)
{
	return r->is_needed && r->is_needed(e, r->names[0]);
}

static enum sw_verdict is_kept_away(struct sw_eval *e)
{
	const struct module_rule *r = sw_arg(e);

	if (sw_count(e, "@host/boot/judged") == 0)
		return sw_skip(e, "no kernel is here");
	if (is_somewhere_needed(e, r))
		return SW_SKIP;
	for (const char *const *name = r->names; *name; name++)
		judge_module(e, *name);
	return sw_said(e);
}

/* --- where it is needed -------------------------------------------------------------------------
 */

static const char *mount_of_type(struct sw_eval *e, const char *type)
{
	size_t n = host_is_running(e) ? host_mount_count(e) : 0;

	for (size_t i = 0; i < n; i++)
		if (strcmp(sw_str(e, sw_at(e, "@host/mounts/%zu/type", i), ""), type) == 0)
			return sw_str(e, sw_at(e, "@host/mounts/%zu/point", i), "?");
	return NULL;
}

/* Plain benchmarks want it gone all the same. */
static bool is_mounted(struct sw_eval *e, const char *name)
{
	const char *point = host_role(e) == HOST_ROLE_NONE ? NULL : mount_of_type(e, name);

	if (point)
		sw_skip(e, "%s is in use: %s is one (images of snaps are)", name, point);
	return point != NULL;
}

/* Azure hands its guests their settings on a disc of UDF; all have this tag. */
static bool is_on_azure(struct sw_eval *e, const char *name)
{
	static const char tag[] = MODULES "/asset-tag";
	bool is_azure = host_is_running(e) && sw_has(e, tag) &&
			strcmp(sw_str(e, tag, ""), "7783-7084-3265-9085-8269-3286-77") == 0;

	if (is_azure)
		sw_skip(e, "Azure needs %s", name);
	return is_azure;
}

/* The partition of EFI is one. */
static bool is_efi(struct sw_eval *e, const char *name)
{
	bool is_needed = host_is_running(e) && (mount_of_type(e, name) != NULL ||
						sw_bool(e, "@host/boot/secure-boot/efi", false));

	if (is_needed)
		sw_skip(e, "the partition of EFI needs %s", name);
	return is_needed;
}

/* --- overlay: wanted where containers are -------------------------------------------------------
 */

static void judge_available(struct sw_eval *e, const char *release)
{
	const char *at = sw_at(e, MODULES "/kernels/%s/modules/overlay", sw_esc(e, release));
	const char *state = sw_has(e, at) ? sw_str(e, sw_at(e, "%s/state", at), "") : "";
	const char *command = install_command(e, "overlay");

	if (command && strcmp(state, "builtin") != 0)
		sw_fail(e, "%smodprobe runs \"%s\" for overlay, which containers need",
			host_configured(e), command);
	else if (strcmp(state, "none") == 0)
		sw_fail(e, "Linux %s has no overlay, which containers need", release);
	else if (strcmp(state, "builtin") != 0 && strcmp(state, "module") != 0)
		sw_unknown(e, "whether Linux %s has overlay is not known", release);
}

static enum sw_verdict overlay_fits_the_role(struct sw_eval *e)
{
	size_t n = sw_count(e, "@host/boot/judged");

	if (host_role(e) == HOST_ROLE_NONE)
		return is_kept_away(e);
	if (n == 0)
		return sw_skip(e, "no kernel is here");
	for (size_t i = 0; i < n; i++)
		judge_available(e, sw_str(e, sw_at(e, "@host/boot/judged/%zu", i), ""));
	return sw_said(e) == SW_PASS ? sw_pass(e, "containers need it, and it is there")
				     : sw_said(e);
}

/* --- the rest ------------------------------------------------------------------------------------
 */

static bool is_unused_kind(const char *name)
{
	static const char *const starts[] = { "afs",  "ceph", "cifs",    "exfat", "ext2",
					      "ext3", "fat",  "fscache", "fuse",  "gfs2",
					      "nfs",  "smb",  "msdos" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (strncmp(name, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

static void list_of_kernel(struct sw_eval *e, const char *release)
{
	const char *at = sw_at(e, MODULES "/kernels/%s/fs", sw_esc(e, release));
	size_t n = sw_count(e, at);
	const char *found = NULL;

	for (size_t i = 0; i < n; i++) {
		const char *name = sw_str(e, sw_at(e, "%s/%zu", at, i), "");
		if (is_unused_kind(name) && !mount_of_type(e, name))
			found = found ? sw_at(e, "%s, %s", found, name) : name;
	}
	if (found)
		sw_warn(e,
			"Linux %s can load file systems that are not mounted: %s: which of "
			"these are needed?",
			release, found);
}

static enum sw_verdict other_file_systems(struct sw_eval *e)
{
	size_t n = sw_count(e, "@host/boot/judged");

	if (n == 0)
		return sw_skip(e, "no kernel is here");
	for (size_t i = 0; i < n; i++)
		list_of_kernel(e, sw_str(e, sw_at(e, "@host/boot/judged/%zu", i), ""));
	return sw_said(e);
}

static enum sw_verdict files_are_roots(struct sw_eval *e)
{
	static const char files[] = MODULES "/owners";
	size_t n = sw_count(e, files);

	if (n == 0)
		return sw_skip(e, "there are neither modules nor settings of them");
	for (size_t i = 0; i < n; i++) {
		const char *path = sw_key(e, files, i);
		const char *at = sw_at(e, "%s/%s", files, sw_esc(e, path));
		unsigned mode = sw_mode(e, sw_at(e, "%s/mode", at), 07777);
		if (sw_int(e, sw_at(e, "%s/uid", at), -1) != 0)
			sw_fail(e, "%s does not belong to root", path);
		if (mode & 022 && strcmp(sw_str(e, sw_at(e, "%s/type", at), ""), "link") != 0)
			sw_fail(e, "%s has mode %04o", path, mode);
	}
	return sw_said(e);
}

/* --- formats of programs
 * -------------------------------------------------------------------------- */

/* C: the program gets the rights of the file that it is run for. F: it is opened once and for all.
 */
static void judge_handler(struct sw_eval *e, const char *name, const char *flags, const char *file)
{
	bool is_roots = strchr(flags, 'C') && sw_has(e, file) &&
			sw_bool(e, sw_at(e, "%s/exists", file), false) &&
			sw_int(e, sw_at(e, "%s/uid", file), -1) == 0 &&
			(sw_mode(e, sw_at(e, "%s/mode", file), 0777) & 022) == 0;

	if (strchr(flags, 'C') && !is_roots)
		sw_fail(e,
			"%s%s runs with the rights of set-user-ID files (flag C), and its "
			"program is not root's alone, or not to be found",
			host_configured(e), name);
	else if (strchr(flags, 'F') && strchr(flags, 'C'))
		sw_warn(e,
			"%s%s was opened for all containers (flags F and C): is it still the "
			"program that was meant?",
			host_configured(e), name);
}

static void judge_live_handlers(struct sw_eval *e)
{
	static const char live[] = MODULES "/binfmt/live";
	size_t n = sw_count(e, live);

	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, live, i);
		const char *at = sw_at(e, "%s/%s", live, sw_esc(e, name));
		if (sw_bool(e, sw_at(e, "%s/enabled", at), true))
			judge_handler(e, name, sw_str(e, sw_at(e, "%s/flags", at), "C"),
				      sw_at(e, "%s/file", at));
	}
}

static enum sw_verdict handlers_grant_nothing(struct sw_eval *e)
{
	static const char settings[] = MODULES "/binfmt/configured/settings";
	size_t n;

	if (host_is_running(e))
		judge_live_handlers(e);
	n = sw_count(e, settings);
	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, settings, i);
		const char *at = sw_at(e, "%s/%s/0", settings, sw_esc(e, name));
		/* Without an interpreter, it takes the handler away. */
		if (*sw_str(e, sw_at(e, "%s/value", at), ""))
			judge_handler(e, name, sw_str(e, sw_at(e, "%s/flags", at), "C"),
				      sw_at(e, "%s/stat", at));
	}
	return sw_said(e);
}

/* --- the table
 * ------------------------------------------------------------------------------------ */

#define RULE(...) (&(const struct module_rule){ __VA_ARGS__ })
#define ROW(i, s, t, f, a, w, y, r)                                                                \
	{                                                                                          \
		.id = "host.module." i, .kind = SW_HOST, .severity = s, .title = t, .fn = f,       \
		.arg = a, .wanted = w, .why = y, .remedy = r, .needs = SW_NEEDS_MODULES,           \
		.params = host_role_params                                                         \
	}
#define AWAY(i, s, t, a, y)                                                                        \
	ROW(i, s, t, is_kept_away, a,                                                              \
	    "not built, or: not loaded, and \"install NAME /bin/false\" in modprobe.d", y,         \
	    "printf 'install %s /bin/false\\nblacklist %s\\n' " i " " i " >/etc/modprobe.d/" i     \
	    ".conf; modprobe -r " i)

#define OLD_FS "Hardly anybody needs it, and a crafted medium reaches all the bugs of its code."
#define OLD_NET                                                                                    \
	"Any program, also in a container, loads it by asking for a socket, and its code had "     \
	"holes that made root of it."

const struct sw_check sw_host_module_checks[] = {
	AWAY("cramfs", SW_LOW, "The file system cramfs is not available",
	     RULE(.names = { "cramfs" }), OLD_FS),
	AWAY("freevxfs", SW_LOW, "The file system freevxfs is not available",
	     RULE(.names = { "freevxfs" }), OLD_FS),
	AWAY("hfs", SW_LOW, "The file system hfs is not available", RULE(.names = { "hfs" }),
	     OLD_FS),
	AWAY("hfsplus", SW_LOW, "The file system hfsplus is not available",
	     RULE(.names = { "hfsplus" }), OLD_FS),
	AWAY("jffs2", SW_LOW, "The file system jffs2 is not available", RULE(.names = { "jffs2" }),
	     OLD_FS),
	ROW("overlay", SW_LOW, "overlayfs is there for containers, and only for them",
	    overlay_fits_the_role, RULE(.names = { "overlay" }),
	    "available on a host of containers; kept away with role none",
	    "Docker's images are stacked with it. Elsewhere it only widens what users of "
	    "namespaces reach.",
	    "on a host of containers remove \"install overlay\" from modprobe.d"),
	AWAY("squashfs", SW_LOW, "The file system squashfs is not available",
	     RULE(.names = { "squashfs" }, .is_needed = is_mounted), OLD_FS),
	AWAY("udf", SW_LOW, "The file system udf is not available",
	     RULE(.names = { "udf" }, .is_needed = is_on_azure), OLD_FS),
	AWAY("vfat", SW_LOW, "The file system vfat is not available",
	     RULE(.names = { "vfat" }, .is_needed = is_efi),
	     "Media of others are mostly of this kind. Hosts that boot by EFI need it."),
	AWAY("usb-storage", SW_LOW, "Disks at the USB are not available",
	     RULE(.names = { "usb_storage" }),
	     "Whoever stands before the host else takes data away, or brings some."),
	AWAY("dccp", SW_LOW, "DCCP is not available", RULE(.names = { "dccp" }), OLD_NET),
	AWAY("tipc", SW_LOW, "TIPC is not available", RULE(.names = { "tipc" }), OLD_NET),
	AWAY("rds", SW_LOW, "RDS is not available", RULE(.names = { "rds" }), OLD_NET),
	AWAY("sctp", SW_LOW, "SCTP is not available", RULE(.names = { "sctp" }),
	     OLD_NET " Containers that publish a port of sctp need it."),
	AWAY("af_alg", SW_LOW, "Cryptography of the kernel has no sockets",
	     RULE(.names = { "af_alg", "algif_hash", "algif_skcipher", "algif_aead", "algif_rng" }),
	     OLD_NET " Default profiles of many engines allow it; cryptsetup and iwd may use it."),
	AWAY("rare_net", SW_LOW, "Rarely used protocols are not available",
	     RULE(.names = { "ax25", "netrom", "rose", "x25", "atm", "can", "appletalk", "ipx",
			     "decnet", "af_802154", "ieee802154_socket", "n_hdlc", "n_gsm" }),
	     OLD_NET),
	AWAY("firewire", SW_LOW, "FireWire is not available", RULE(.names = { "firewire_core" }),
	     "Devices at this bus read and write the host's memory."),
	AWAY("bluetooth", SW_LOW, "Bluetooth is not available", RULE(.names = { "bluetooth" }),
	     "A server needs no radio, and whoever is near reaches its code."),
	ROW("unused_fs", SW_LOW, "Other file systems are there because they are needed",
	    other_file_systems, NULL,
	    "none of afs ceph cifs exfat fat fuse gfs2 nfs smb unless used",
	    "Each can be reached by whoever may mount, as root of a user namespace may some.",
	    "keep away what is not needed: install NAME /bin/false in /etc/modprobe.d"),
	ROW("modprobe_perm", SW_MEDIUM, "Modules and their settings are root's", files_are_roots,
	    NULL, "owner root, not writable by group or others",
	    "Who writes there runs code in the kernel, or commands as root.",
	    "chown -R root /etc/modprobe.d /lib/modules; chmod -R go-w /etc/modprobe.d "
	    "/lib/modules"),
	ROW("binfmt", SW_MEDIUM, "Handlers of formats give no rights away", handlers_grant_nothing,
	    NULL, "no flag C unless the program is root's",
	    "A handler with flag C runs as the owner of a set-user-ID file: who changes the "
	    "handler's program is root. Images for other processors register such with F, out of a "
	    "container.",
	    "echo -1 >/proc/sys/fs/binfmt_misc/NAME, and register it without C"),
	{ 0 },
};
