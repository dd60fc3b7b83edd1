/* SPDX-License-Identifier: Apache-2.0 */
/* host_boot_loader.c: the boot loader itself: its files, password, partition, and Secure Boot. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "host_boot.h"
#include "host_common.h"
#include "host_mount.h"
#include "tables.h"

/* --- files --------------------------------------------------------------------------------------
 */

static bool ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n >= k && strcmp(s + n - k, end) == 0;
}

/* Entries hold no password, and are for all to read where distributions make them. */
static unsigned forbidden_mode(const char *path)
{
	return strstr(path, "/loader/") || ends_in(path, "cmdline") || ends_in(path, "cmdline.txt")
		       ? 022
		       : 077;
}

/* Of a tree: something boots its kernel, by a configuration that is not known here. */
static bool has_kernel_alone(struct sw_eval *e)
{
	return !host_is_running(e) && sw_count(e, "@host/boot/entries") == 0 &&
	       sw_count(e, "@host/boot/kernels") > 0;
}

static enum sw_verdict files_are_private(struct sw_eval *e)
{
	size_t n = sw_count(e, "@host/boot/files");

	if (n == 0 && has_kernel_alone(e))
		return sw_unknown(e, "how the kernels here are booted was not found");
	if (n == 0)
		return sw_skip(e, "no boot loader's files are here");
	for (size_t i = 0; i < n; i++) {
		const char *path = sw_key(e, "@host/boot/files", i);
		const char *at = sw_at(e, "@host/boot/files/%s", sw_esc(e, path));
		unsigned mode = sw_mode(e, sw_at(e, "%s/mode", at), 07777);
		int64_t uid = sw_int(e, sw_at(e, "%s/uid", at), -1);
		int64_t gid = sw_int(e, sw_at(e, "%s/gid", at), -1);
		if (uid != 0 || gid != 0)
			sw_fail(e, "%s belongs to %" PRId64 ":%" PRId64, path, uid, gid);
		if (mode & forbidden_mode(path))
			sw_fail(e, "%s has mode %04o", path, mode);
	}
	return sw_said(e);
}

/* --- passwords ----------------------------------------------------------------------------------
 */

#define PASSWORD "@host/boot/password"

static enum sw_verdict grub_asks(struct sw_eval *e)
{
	bool has_users = sw_bool(e, PASSWORD "/superusers", false);
	bool has_hash = sw_bool(e, PASSWORD "/hash", false);
	bool is_plain = sw_bool(e, PASSWORD "/plain", false);
	bool has_user_cfg = sw_bool(e, PASSWORD "/user-cfg", false);

	if (is_plain)
		return sw_fail(e, "grub.cfg has a password as plain text");
	if (has_users && sw_has(e, PASSWORD "/open"))
		return sw_fail(e, "%s has no superusers: everybody may edit its entries",
			       sw_str(e, PASSWORD "/open", ""));
	if (has_users && (has_hash || has_user_cfg))
		return SW_PASS;
	return sw_fail(e, "%s",
		       has_users                  ? "superusers have no password"
		       : has_hash || has_user_cfg ? "there is a password, but no superusers"
						  : "everybody may edit the entries");
}

/* systemd-boot knows these words in small letters, and minds no others: its editor is on then. */
static bool is_editor_off(const char *editor)
{
	static const char *const words[] = { "0", "no", "n", "false", "f", "off" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], editor) == 0)
			return true;
	return false;
}

static enum sw_verdict editing_needs_a_password(struct sw_eval *e)
{
	static const char at[] = "@host/boot/editor";

	if (sw_bool(e, "@host/boot/grub", false)) {
		if (sw_has(e, at) && !is_editor_off(sw_str(e, at, "")))
			sw_fail(e, "systemd-boot is here beside GRUB, and its editor is %s",
				sw_str(e, at, ""));
		return grub_asks(e);
	}
	if (!sw_has(e, at) && has_kernel_alone(e))
		return sw_unknown(e, "how the kernels here are booted was not found");
	if (!sw_has(e, at))
		return sw_count(e, "@host/boot/entries") == 0
			       ? sw_skip(e, "no boot loader's configuration is here")
			       : sw_warn(e, "can entries of this boot loader be edited at the "
					    "console? Only GRUB and systemd-boot are understood");
	const char *editor = sw_str(e, at, "");
	if (is_editor_off(editor))
		return sw_pass(e, "systemd-boot's editor is off");
	return sw_fail(e, "systemd-boot's editor is %s", editor);
}

/* --- single-user mode ---------------------------------------------------------------------------
 */

/* SYSTEMD_SULOGIN_FORCE= with anything but a word for no (getenv_bool() of systemd). */
static bool forces(const char *variables)
{
	static const char name[] = "SYSTEMD_SULOGIN_FORCE=";
	const char *at = strstr(variables, name);

	return at && !strchr("0nNfF", at[sizeof(name) - 1]) &&
	       strncasecmp(at + sizeof(name) - 1, "off", 3) != 0;
}

/* "sulogin --force" or "-e", also as "-pe", lets in where root's account is locked. */
static bool is_forced(const char *command)
{
	for (const char *p = strchr(command, ' '); p; p = strchr(p + 1, ' ')) {
		size_t n = strcspn(p + 1, " ");
		if (p[1] == '-' && (p[2] == '-' ? p[3] == 'f' : memchr(p + 1, 'e', n) != NULL))
			return true;
	}
	return false;
}

static bool asks_for_password(const char *command)
{
	return strstr(command, "sulogin") && !is_forced(command);
}

static void judge_unit(struct sw_eval *e, const char *unit)
{
	const char *service = sw_at(e, "@host/boot/rescue/%s/settings/Service", unit);
	const char *start = sw_at(e, "%s/ExecStart", service);
	const char *variables = sw_at(e, "%s/Environment", service);
	size_t n = sw_has(e, service) ? sw_count(e, start) : 0;
	bool asks = n > 0;

	for (size_t i = 0; i < n; i++)
		asks = asks && asks_for_password(sw_str(e, sw_at(e, "%s/%zu", start, i), ""));
	if (!asks)
		sw_fail(e, "%s%s does not start sulogin, or with --force", host_configured(e),
			unit);
	if (sw_has(e, service) && sw_count(e, sw_at(e, "%s/EnvironmentFile", service)) > 0)
		sw_unknown(e, "%s has an EnvironmentFile, which is not read", unit);
	n = sw_has(e, service) ? sw_count(e, variables) : 0;
	for (size_t i = 0; i < n; i++)
		if (forces(sw_str(e, sw_at(e, "%s/%zu", variables, i), "")))
			sw_fail(e, "%s%s sets SYSTEMD_SULOGIN_FORCE: no password is asked for",
				host_configured(e), unit);
}

/* What stops services on the way to single-user mode, and gives nobody a shell. */
static bool is_runlevel(const char *line)
{
	const char *command = strrchr(line, ':');

	return command && (strncmp(command, ":/sbin/openrc ", 14) == 0 ||
			   strncmp(command, ":/sbin/rc ", 10) == 0);
}

/* OpenRC and System V: ~~:S:wait:/sbin/sulogin, su0:S:wait:/sbin/openrc single, … */
static enum sw_verdict judge_inittab(struct sw_eval *e)
{
	size_t n = sw_count(e, "@host/boot/rescue/inittab"), asking = 0;

	for (size_t i = 0; i < n; i++) {
		const char *line = sw_str(e, sw_at(e, "@host/boot/rescue/inittab/%zu", i), "");
		if (asks_for_password(line))
			asking++;
		else if (!is_runlevel(line))
			sw_fail(e, "%s/etc/inittab has %s", host_configured(e), line);
	}
	if (asking == 0 && sw_said(e) == SW_PASS)
		return sw_skip(e, "no single-user mode is set up in /etc/inittab");
	return sw_said(e);
}

static enum sw_verdict single_user_asks(struct sw_eval *e)
{
	static const char *const units[] = { "rescue.service", "emergency.service" };
	bool has_units = false;

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		const char *at = sw_at(e, "@host/boot/rescue/%s", units[i]);
		if (!sw_has(e, sw_at(e, "%s/path", at)))
			continue;
		has_units = true;
		/* One that cannot start gives nobody a shell. */
		if (!sw_bool(e, sw_at(e, "%s/masked", at), false))
			judge_unit(e, units[i]);
	}
	if (has_units)
		return sw_said(e);
	if (sw_has(e, "@host/boot/rescue/inittab"))
		return judge_inittab(e);
	return sw_skip(e, "there are neither units of systemd nor an inittab");
}

/* --- firmware -----------------------------------------------------------------------------------
 */

#define SECURE "@host/boot/secure-boot"

static enum sw_verdict secure_boot_is_on(struct sw_eval *e)
{
	if (!sw_bool(e, SECURE "/efi", false))
		return sw_skip(e, "the host did not boot by EFI");
	if (!sw_has(e, SECURE "/secure-boot")) {
		bool is_seen = host_mount_at(e, "/sys/firmware/efi/efivars");
		if (sw_said(e) == SW_UNKNOWN)
			return SW_UNKNOWN;
		return is_seen ? sw_fail(e, "the firmware has no Secure Boot")
			       : sw_unknown(e, "the firmware's variables (efivarfs) are not "
					       "mounted");
	}
	if (sw_int(e, SECURE "/secure-boot", 0) != 1)
		return sw_fail(e, "Secure Boot is off");
	if (sw_has(e, SECURE "/validation-off") && sw_int(e, SECURE "/validation-off", 0) != 0)
		return sw_fail(e, "shim was told not to check what it starts: "
				  "mokutil --disable-validation");
	if (sw_int(e, SECURE "/setup-mode", 1) != 0)
		return sw_fail(e,
			       "the firmware is in setup mode: whoever asks may change its keys");
	return SW_PASS;
}

/* Options of a mount of vfat: others get in where a mask leaves bits of theirs. */
static void judge_masks(struct sw_eval *e, const char *point, const char *options)
{
	static const char *const names[] = { "umask=", "fmask=", "dmask=" };
	unsigned files = 022, folders = 022; /* of whoever mounts: root's */

	for (const char *p = options; *p; p += strcspn(p, ","), p += *p == ',') {
		if (strncmp(p, "uid=", 4) == 0 && strtol(p + 4, NULL, 10) != 0)
			sw_fail(e, "%s%s belongs to uid %ld", host_configured(e), point,
				strtol(p + 4, NULL, 10));
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			unsigned mask = 0;
			if (strncmp(p, names[i], strlen(names[i])) != 0)
				continue;
			for (const char *d = p + strlen(names[i]); *d >= '0' && *d <= '7'; d++)
				mask = mask * 8 + (unsigned)(*d - '0');
			files = i == 2 ? files : mask;
			folders = i == 1 ? folders : mask;
		}
	}
	if ((files & 07) != 07 || (folders & 07) != 07)
		sw_fail(e, "%s%s lets all users in: fmask=%04o, dmask=%04o", host_configured(e),
			point, files, folders);
}

/* What fstab leaves to mount(8) to find out is vfat where only that can be. */
static bool is_esp(const char *point, const char *type)
{
	bool is_own = strcmp(point, "/boot/efi") == 0 || strcmp(point, "/efi") == 0;

	if (strcmp(type, "vfat") == 0 || strcmp(type, "msdos") == 0)
		return is_own || strcmp(point, "/boot") == 0;
	return is_own && strcmp(type, "auto") == 0;
}

/* Judges those that are, or of a tree will be, mounted; how many. */
static size_t judge_esps(struct sw_eval *e, const char *list, const char *options)
{
	size_t judged = 0;

	for (size_t i = 0, n = host_count(e, list, HOST_MOUNTS_MAX); i < n; i++) {
		const char *at = sw_at(e, "%s/%zu", list, i);
		const char *point = sw_str(e, sw_at(e, "%s/point", at), "");
		if (!is_esp(point, sw_str(e, sw_at(e, "%s/type", at), "")))
			continue;
		judge_masks(e, point, sw_str(e, sw_at(e, "%s/%s", at, options), ""));
		judged++;
	}
	return judged;
}

static enum sw_verdict esp_is_private(struct sw_eval *e)
{
	bool is_running = host_is_running(e);
	size_t judged = 0;

	if (is_running && host_mount_count(e) > 0)
		judged = judge_esps(e, "@host/mounts", "super");
	else if (!is_running && sw_has(e, "@host/fstab/entries"))
		judged = judge_esps(e, "@host/fstab/entries", "options");
	return judged || sw_said(e) == SW_UNKNOWN ? sw_said(e)
						  : sw_skip(e, "no partition of EFI is mounted");
}

/* --- the table ----------------------------------------------------------------------------------
 */

#define ROW(i, s, t, f, n, w, y, r)                                                                \
	{                                                                                          \
		.id = "host.boot." i, .kind = SW_HOST, .severity = s, .title = t, .fn = f,         \
		.wanted = w, .why = y, .remedy = r, .needs = SW_NEEDS_BOOT | n                     \
	}

const struct sw_check sw_host_boot_loader_checks[] = {
	ROW("grub_perm", SW_MEDIUM, "The boot loader's configuration is root's alone",
	    files_are_private, 0,
	    "root:root, and nothing for others (entries of their own may be read)",
	    "Who can write it boots what they like; who can read it may find a hash to crack.",
	    "chown root:root /boot/grub/grub.cfg; chmod 0600 /boot/grub/grub.cfg"),
	ROW("grub_password", SW_MEDIUM, "Editing boot entries needs a password",
	    editing_needs_a_password, 0,
	    "GRUB with superusers and password_pbkdf2; systemd-boot with editor no",
	    "Who is at the console else adds init=/bin/sh and is root. Of machines without a "
	    "console this may be waived.",
	    "grub2-setpassword, or grub-mkpasswd-pbkdf2 and in /etc/grub.d/40_custom:\n"
	    "set superusers=\"admin\"\npassword_pbkdf2 admin grub.pbkdf2.…"),
	ROW("single_user", SW_LOW, "Single-user mode asks for a password", single_user_asks, 0,
	    "rescue.service and emergency.service start sulogin, without SYSTEMD_SULOGIN_FORCE",
	    "A failing mount at boot else ends in a shell of root for whoever is at the console.",
	    "systemctl revert rescue.service emergency.service"),
	ROW("secureboot", SW_LOW, "Secure Boot is on", secure_boot_is_on, 0,
	    "on, not in setup mode, and checked by shim; not asked of hosts without EFI",
	    "Without it a changed boot loader or kernel starts unnoticed.",
	    "switch it on in the firmware's setup; mokutil --sb-state tells"),
	ROW("esp", SW_LOW, "The partition of EFI is closed to users", esp_is_private,
	    SW_NEEDS_HOST_FILES, "vfat mounted with umask=0077, or fmask and dmask that end in 7",
	    "It holds the seed of systemd's random numbers and what boots the host.",
	    "in /etc/fstab, options of /boot/efi: umask=0077"),
	{ 0 },
};
