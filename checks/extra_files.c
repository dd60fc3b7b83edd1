/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extra_files.c: files beyond the benchmark: programs that root executes for containers, the
 * engine's folders, passwords for registries.
 */
#include "files.h"
#include "engine.h"
#include "tables.h"

#define SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Who of an ACL may write; the mode shows the mask only. */
static bool others_may_write(struct sw_eval *e, const char *at)
{
	const char *acl = sw_at(e, "%s/acl", at);
	unsigned mode = sw_mode(e, sw_at(e, "%s/mode", at), 07777);
	int64_t gid = sw_int(e, sw_at(e, "%s/gid", at), -1);
	size_t n;

	if (mode & 0002 || (mode & 0020 && gid != 0))
		return true;
	if (!sw_has(e, acl)) {
		sw_unknown(e, "%s was not told", acl);
		return false;
	}
	n = engine_count(e, acl);
	for (size_t i = 0; i < n && mode & 0020; i++) {
		const char *tag = sw_str(e, sw_at(e, "%s/%zu/tag", acl, i), "");

		if ((strcmp(tag, "user") == 0 || strcmp(tag, "group") == 0) &&
		    strchr(sw_str(e, sw_at(e, "%s/%zu/perm", acl, i), "w"), 'w') &&
		    sw_int(e, sw_at(e, "%s/%zu/id", acl, i), -1) != 0)
			return true;
	}
	return false;
}

/* What a rootless engine executes may be its user's own. */
static bool is_owner_trusted(struct sw_eval *e, int64_t uid)
{
	if (uid == 0)
		return true;
	return uid > 0 && engine_option(e, "rootless") && uid == sw_int(e, "process/Uid/1", -1);
}

/* Returns whether it is there, or may be. */
static bool judge_program(struct sw_eval *e, const char *path)
{
	const char *at = sw_at(e, "files/%s", sw_esc(e, path));
	int64_t uid;

	if (!sw_has(e, sw_at(e, "%s/exists", at))) {
		sw_unknown(e, "it was not told whether %s exists", path);
		return true;
	}
	if (!sw_bool(e, sw_at(e, "%s/exists", at), false))
		return false;
	uid = sw_int(e, sw_at(e, "%s/uid", at), -1);
	if (!is_owner_trusted(e, uid))
		sw_fail(e, "%s belongs to uid %lld, who may change it", path, (long long)uid);
	else if (others_may_write(e, at))
		sw_fail(e, "%s can be changed by others (mode %s)", path,
			sw_str(e, sw_at(e, "%s/mode", at), "?"));
	return true;
}

/* Executed or loaded by dockerd or for it; from derive.h's list of paths. */
static const char *const programs[] = {
	"paths/dockerd",
	"paths/containerd",
	"paths/containerd-shim",
	"paths/containerd-shim-runc-v1",
	"paths/containerd-shim-runc-v2",
	"paths/seccomp-profile",
	"paths/config-file",
	"paths/docker.service",
	"paths/docker.socket",
	"paths/defaults",
	"paths/sysconfig",
	"paths/containerd-config",
};

static enum sw_verdict programs_are_protected(struct sw_eval *e)
{
	size_t n = engine_count(e, "paths/runtimes");
	size_t seen = 0;

	for (size_t i = 0; i < SIZE(programs); i++) {
		const char *path = sw_str(e, programs[i], "");

		if (*path == '/')
			seen += judge_program(e, path);
	}
	for (size_t i = 0; i < n; i++)
		seen += judge_program(e, sw_str(e, sw_at(e, "paths/runtimes/%zu", i), ""));
	if (seen == 0)
		sw_unknown(e, "none of the programs of this engine was found");
	return sw_said(e);
}

static enum sw_verdict no_logins_on_disk(struct sw_eval *e)
{
	size_t n = engine_count(e, "clients");

	if (!sw_has(e, "clients"))
		return sw_unknown(e, "the configurations of docker commands were not looked at");
	for (size_t i = 0; i < n; i++) {
		const char *file = sw_key(e, "clients", i);
		const char *at = sw_at(e, "clients/%s", sw_esc(e, file));
		size_t logins = engine_count(e, sw_at(e, "%s/Auths", at));
		unsigned mode = sw_mode(e, sw_at(e, "%s/Mode", at), 07777);

		if (logins > 0 && mode & 0077)
			sw_fail(e, "%s has the password for %s, and others may use it (mode %04o)",
				file, sw_str(e, sw_at(e, "%s/Auths/0", at), ""), mode);
		else if (logins > 0)
			sw_fail(e, "%s has the password for %s%s", file,
				sw_str(e, sw_at(e, "%s/Auths/0", at), ""),
				logins > 1 ? " and more" : "");
		if (sw_bool(e, sw_at(e, "%s/HasProxyPassword", at), false))
			sw_warn(e,
				"%s has a proxy with a password, which every build and container "
				"gets",
				file);
	}
	return sw_said(e);
}

static const struct file_item data_root = {
	.role = "paths/data-root",
	.type = "dir",
	.mode = 0710,
	.none = "the engine has no data root",
};
static const struct file_item exec_root = {
	.role = "paths/exec-root",
	.type = "dir",
	.mode = 0755,
	.none = "the engine has no exec root",
	.podman = "Podman has no exec root",
};
static const struct file_item specifications = {
	.role = "paths/cdi-spec-dirs",
	.type = "dir",
	.mode = 0755,
	.flags = FILE_IS_LIST,
	.none = "the engine knows no folder of device specifications",
};

static const char close_remedy[] =
	"chmod MODE PATH, with the mode and path above; an engine that is "
	"up to date sets them right when it starts";

const struct sw_check sw_extra_file_checks[] = {
	{
		.id = "file.programs",
		.kind = SW_ENGINE,
		.severity = SW_CRITICAL,
		.title = "Only root can change what the engine executes",
		.why = "Who can write to dockerd, a runtime, a shim or a unit file is root at the "
		       "next "
		       "start of a container.",
		.wanted = "owned by root, not writable by others",
		.remedy = "chown root:root PATH; chmod go-w PATH",
		.fn = programs_are_protected,
	},
	{
		.id = "file.data-root.mode",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "The engine's data root is closed to other users",
		.why = "Open to others, any user of the host can run setuid programs out of the "
		       "file "
		       "systems of images and containers (CVE-2021-41091).",
		.wanted = "0710 or tighter",
		.remedy = close_remedy,
		.fn = file_mode_is_tight,
		.arg = &data_root,
	},
	{
		.id = "file.exec-root.mode",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Nobody else can write to the engine's exec root",
		.why = "The state of running containers and sockets of the engine are below it.",
		.wanted = "0755 or tighter",
		.remedy = close_remedy,
		.fn = file_mode_is_tight,
		.arg = &exec_root,
	},
	{
		.id = "file.cdi-specs.mode",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "Nobody else can write device specifications",
		.why = "A file in these folders adds devices, mounts and hooks to the containers "
		       "that "
		       "ask for it.",
		.wanted = "0755 or tighter",
		.remedy = close_remedy,
		.fn = file_mode_is_tight,
		.arg = &specifications,
	},
	{
		.id = "file.cdi-specs.owner",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "Device specifications belong to root",
		.why = "Their owner decides which devices, mounts and hooks a container gets.",
		.wanted = "root:root",
		.remedy = "chown root:root PATH",
		.fn = file_owner_is_right,
		.arg = &specifications,
	},
	{
		.id = "host.registry-passwords",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "No password for a registry is kept in plain text",
		.why = "base64 is no encryption: who reads config.json can push images in the name "
		       "of "
		       "its user.",
		.wanted = "a credential helper (credsStore) in place of auths",
		.remedy = "docker logout REGISTRY; install docker-credential-pass or such; "
			  "~/.docker/config.json: \"credsStore\": \"pass\"; docker login REGISTRY",
		.fn = no_logins_on_disk,
		.needs = SW_NEEDS_CLIENTS,
	},
	{ 0 },
};
