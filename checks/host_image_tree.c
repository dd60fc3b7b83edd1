/* SPDX-License-Identifier: Apache-2.0 */
/* host_image_tree.c: what an image must carry along: mount options, and rights of its programs. */
#include <string.h>

#include "host_common.h"
#include "tables.h"

#define POINTS "@host/fstab/points"
#define FILES  "@host/leftovers/files"
#define LABELS "@host/leftovers/labels"
#define WALK   "@host/walk"

static bool is_image(struct sw_eval *e)
{
	if (!host_is_running(e))
		return true;
	sw_skip(e, "the host runs: its mounts and files are judged as they are");
	return false;
}

/* --- mounts --------------------------------------------------------------------------------------
 */

static const struct {
	const char *point, *options[3];
} mounts[] = {
	{ "/tmp", { "nodev", "nosuid", "noexec" } },
	{ "/dev/shm", { "nodev", "nosuid", "noexec" } },
	{ "/home", { "nodev", "nosuid" } },
	{ "/var", { "nodev", "nosuid" } },
	{ "/var/tmp", { "nodev", "nosuid", "noexec" } },
	{ "/var/log", { "nodev", "nosuid", "noexec" } },
	{ "/var/log/audit", { "nodev", "nosuid", "noexec" } },
};

static bool judge_mount(struct sw_eval *e, size_t i)
{
	const char *at = sw_at(e, POINTS "/%s", sw_esc(e, mounts[i].point)), *missing = "";

	if (!sw_has(e, at) || sw_bool(e, sw_at(e, "%s/masked", at), false) ||
	    !sw_bool(e, sw_at(e, "%s/wanted", at), true))
		return false;
	for (size_t k = 0; k < 3 && mounts[i].options[k]; k++)
		if (!sw_bool(e, sw_at(e, "%s/%s", at, mounts[i].options[k]), false))
			missing = sw_at(e, "%s%s%s", missing, *missing ? ", " : "",
					mounts[i].options[k]);
	if (*missing)
		sw_fail(e, "configured: %s mounts %s without %s",
			sw_str(e, sw_at(e, "%s/by", at), "fstab"), mounts[i].point, missing);
	return true;
}

static enum sw_verdict mounts_have_options(struct sw_eval *e)
{
	size_t judged = 0;

	if (!is_image(e))
		return SW_SKIP;
	if (!sw_has(e, POINTS))
		return sw_unknown(e, "what will be mounted was not told");
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++)
		judged += judge_mount(e, i);
	if (judged == 0)
		return sw_skip(e, "configured: none of these is a file system of its own");
	return sw_said(e) == SW_PASS ? sw_pass(e, "configured: of %zu file systems", judged)
				     : sw_said(e);
}

/* --- rights of programs -------------------------------------------------------------------------
 */

static bool is_there(struct sw_eval *e, const char *path)
{
	const char *at = sw_at(e, FILES "/%s", sw_esc(e, path));

	if (!sw_has(e, sw_at(e, "%s/exists", at)))
		sw_unknown(e, "%s was not looked for", path);
	return sw_bool(e, sw_at(e, "%s/exists", at), false);
}

static bool has_rights(struct sw_eval *e, const char *path)
{
	const char *name = sw_esc(e, path);
	const char *mode = sw_at(e, WALK "/set_id/files/%s/mode", name);

	if (sw_is_known(e, mode) && (sw_mode(e, mode, 0) & 04000))
		return true;
	return sw_has(e, sw_at(e, WALK "/capabilities/files/%s", name));
}

/* Shadow's programs that give users' engines their ids: set-id, or with capabilities. */
static void judge_mapper(struct sw_eval *e, const char *path)
{
	const char *real = sw_str(e, sw_at(e, FILES "/%s/path", sw_esc(e, path)), path);

	if (has_rights(e, real))
		return;
	if (!sw_bool(e, WALK "/complete", false))
		sw_unknown(e, "not all files were walked: %s",
			   sw_str(e, WALK "/why", "for a reason that was not told"));
	else
		sw_fail(e,
			"%s has neither its set-id bit nor its capabilities: rootless engines "
			"cannot start",
			real);
}

/* user:role:TYPE:level */
static bool has_type(const char *label, const char *type)
{
	const char *role = strchr(label, ':'), *third = role ? strchr(role + 1, ':') : NULL;
	size_t n = strlen(type);

	return third && strncmp(third + 1, type, n) == 0 &&
	       (third[1 + n] == ':' || third[1 + n] == '\0');
}

/* Files of which each policy says what they are. */
static void judge_labels(struct sw_eval *e)
{
	static const struct {
		const char *path, *type;
	} known[] = {
		{ "/etc/shadow", "shadow_t" },
		{ "/usr/lib/systemd/systemd", "init_exec_t" },
	};
	bool will_be_set = is_there(e, "/.autorelabel");

	if (!will_be_set && sw_count(e, LABELS) == 0)
		sw_warn(e, "SELinux is configured: did the labels of the files come along? "
			   "There is no /.autorelabel that would set them at the first boot");
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]) && !will_be_set; i++) {
		const char *at = sw_at(e, LABELS "/%s", sw_esc(e, known[i].path));
		/* A tree need not have both; which it has, the collector told. */
		if (!sw_contains(e, LABELS, known[i].path))
			continue;
		const char *label = sw_str(e, at, "");
		if (!has_type(label, known[i].type))
			sw_fail(e,
				"%s has %s%s, not the label %s, and there is no /.autorelabel "
				"that would set it at the first boot",
				known[i].path, *label ? "the label " : "no label", label,
				known[i].type);
	}
}

static enum sw_verdict rights_are_kept(struct sw_eval *e)
{
	static const char *const mappers[] = { "/usr/bin/newuidmap", "/usr/bin/newgidmap" };
	size_t judged = 0;

	if (!is_image(e))
		return SW_SKIP;
	for (size_t i = 0; i < 2; i++) {
		if (!is_there(e, mappers[i]))
			continue;
		judged++;
		judge_mapper(e, mappers[i]);
	}
	if (is_there(e, "/etc/selinux/config")) {
		judged++;
		judge_labels(e);
	}
	if (judged == 0)
		return sw_skip(e, "nothing in it needs capabilities or labels");
	return sw_said(e) == SW_PASS ? sw_pass(e, "configured: programs have their rights")
				     : sw_said(e);
}

const struct sw_check sw_host_image_tree_checks[] = {
	{
		.id = "host.image.fstab_roots",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "The image mounts its file systems with their options",
		.why = "Options that were set by hand while it was built, or that a kernel "
		       "happens to choose, are not there on the hosts made of it.",
		.wanted = "nodev and nosuid, and noexec but for /home and /var, for each that "
			  "fstab or a unit mounts; /dev/shm too",
		.remedy = "Add the options to etc/fstab; for /dev/shm:\n"
			  "tmpfs /dev/shm tmpfs defaults,nodev,nosuid,noexec 0 0",
		.fn = mounts_have_options,
		.needs = SW_NEEDS_HOST_FILES,
	},
	{
		.id = "host.image.xattrs",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "The image kept set-id bits, capabilities and labels",
		.why = "Archives that were packed without extended attributes lose them: "
		       "newuidmap, "
		       "ping and all that SELinux labels then do not work on any host.",
		.wanted = "newuidmap and newgidmap with their rights; with SELinux /.autorelabel "
			  "or labels",
		.remedy = "Pack and unpack with tar --xattrs --xattrs-include='*' --selinux; "
			  "touch .autorelabel in the tree",
		.fn = rights_are_kept,
		.needs = SW_NEEDS_LEFTOVERS | SW_NEEDS_WALK,
	},
	{ 0 },
};
