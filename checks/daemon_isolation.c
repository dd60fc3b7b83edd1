/* SPDX-License-Identifier: Apache-2.0 */
/* daemon_isolation.c: what the engine gives every container by default: users, privileges, limits.
 */
#include <stdlib.h>
#include <string.h>

#include "engine.h"

static enum sw_verdict engine_is_rootless(struct sw_eval *e)
{
	if (engine_option(e, "rootless"))
		return sw_pass(e, "rootless");
	/* An engine inside a user namespace does not know it: only the host sees its real user. */
	if (sw_is_known(e, "process/Uid/1")) {
		int64_t uid = sw_int(e, "process/Uid/1", 0);
		if (uid > 0)
			return sw_pass(e, "dockerd runs as user %lld of the host", (long long)uid);
	}
	return sw_fail(e, "the engine runs as root");
}

/* Judges nothing: evidence for who mends it, since an engine with both does not start. */
static void note_image_store(struct sw_eval *e)
{
	static const char path[] = "effective/features/value/containerd-snapshotter";

	if (sw_is_known(e, path))
		sw_bool(e, path, false);
}

static enum sw_verdict users_are_remapped(struct sw_eval *e)
{
	const char *drift = engine_setting_drift(e, "userns-remap");

	if (engine_option(e, "userns"))
		return *drift ? sw_pass(e, "on%s", drift) : SW_PASS;
	if (engine_option(e, "rootless"))
		return sw_pass(e,
			       "rootless, which maps root of containers to an ordinary user too");
	if (engine_is_podman(e))
		return sw_unknown(e, "Podman does not tell it: see userns in containers.conf, and "
				     "container.user-namespace");
	engine_note_flag(e, "userns-remap");
	note_image_store(e);
	return sw_fail(e, "root in a container is root on the host%s", drift);
}

static enum sw_verdict no_new_privileges_by_default(struct sw_eval *e)
{
	const char *drift = engine_setting_drift(e, "no-new-privileges");

	if (engine_lacks(e, "Podman has no default for it: see container.no-new-privileges"))
		return SW_SKIP;
	if (engine_option(e, "no-new-privileges"))
		return *drift ? sw_pass(e, "on%s", drift) : SW_PASS;
	/* 26 and later list it whenever it is on; 20.10 never does, so there the configuration
	 * decides. */
	const char *version = engine_text(e, "info/ServerVersion");
	if (*version == '\0')
		return SW_UNKNOWN;
	if (sw_version_compare(version, "26") >= 0) {
		engine_note_flag(e, "no-new-privileges");
		return sw_fail(e, "new containers may gain privileges%s", drift);
	}
	int on = engine_setting_bool(e, "no-new-privileges");
	if (on == UNTOLD)
		return SW_UNKNOWN;
	if (!on) {
		engine_note_flag(e, "no-new-privileges");
		return sw_fail(e, "new containers may gain privileges (%s)%s",
			       engine_setting_origin(e, "no-new-privileges"), drift);
	}
	return sw_pass(e, "on (%s)%s", engine_setting_origin(e, "no-new-privileges"), drift);
}

static enum sw_verdict seccomp_is_on(struct sw_eval *e)
{
	const char *seccomp = engine_option(e, "seccomp");
	const char *drift = engine_setting_drift(e, "seccomp-profile");

	if (!seccomp)
		return sw_fail(e, "this engine has no seccomp");
	/* compat/info.go of Podman: the name of the profile is fixed. */
	if (engine_is_podman(e))
		return sw_unknown(e, "Podman does not tell its profile: see seccomp_profile in "
				     "containers.conf, and container.seccomp");
	if (!begins_with(seccomp, "profile="))
		return sw_unknown(e, "the engine does not tell its seccomp profile");
	const char *profile = seccomp + strlen("profile=");
	if (strcmp(profile, "unconfined") == 0) {
		engine_note_flag(e, "seccomp-profile");
		return sw_fail(e,
			       "containers may make every system call: the profile is unconfined%s",
			       drift);
	}
	if (strcmp(profile, "builtin") == 0 || strcmp(profile, "default") == 0)
		return sw_pass(e, "Docker's own profile%s", drift);
	if (sw_param_lists(e, "approved_seccomp_profiles", profile))
		return sw_pass(e, "approved profile %s%s", profile, drift);
	return sw_warn(e, "read the profile %s: it may allow anything%s", profile, drift);
}

static enum sw_verdict cgroup_parent_is_confirmed(struct sw_eval *e)
{
	if (engine_lacks(
		    e,
		    "Podman has no cgroup parent for all containers: see container.cgroup-parent"))
		return SW_SKIP;
	const char *parent = sw_str(e, engine_setting(e, "cgroup-parent"), "");
	const char *drift = engine_setting_drift(e, "cgroup-parent");

	if (*parent == '\0')
		return *drift ? sw_pass(e, "not set%s", drift) : SW_PASS;
	if (sw_param_lists(e, "allowed_cgroup_parents", parent))
		return sw_pass(e, "%s, which is allowed%s", parent, drift);
	if (sw_param_is_set(e, "allowed_cgroup_parents")) {
		engine_note_flag(e, "cgroup-parent");
		return sw_fail(e, "%s is not an allowed cgroup parent (%s)%s", parent,
			       engine_setting_origin(e, "cgroup-parent"), drift);
	}
	return sw_warn(e, "confirm the cgroup parent %s (%s)%s", parent,
		       engine_setting_origin(e, "cgroup-parent"), drift);
}

static void judge_limits_named(struct sw_eval *e, const char *limits, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, limits, i);
		/* The engine takes the inner name, and then fails to start any container without
		 * it. */
		if (*sw_str(e, sw_at(e, "%s/%s/Name", limits, sw_esc(e, name)), "") == '\0')
			sw_fail(e, "the entry %s has no \"Name\": no container can start with it",
				name);
	}
}

static void judge_limits_required(struct sw_eval *e, const char *limits, const char *required)
{
	static const char separators[] = ", ";

	for (const char *s = required ? required : ""; *s;) {
		s += strspn(s, separators);
		int n = (int)strcspn(s, separators);
		if (n == 0)
			break;
		const char *name = sw_at(e, "%.*s", n, s);
		const char *entry = sw_at(e, "%s/%s", limits, sw_esc(e, name));
		s += n;
		if (!sw_has(e, entry))
			sw_fail(e, "no default for %s", name);
		else if (sw_int(e, sw_at(e, "%s/Hard", entry), -1) <= 0)
			sw_fail(e, "the default for %s has no hard limit", name);
	}
}

/*
 * What containers get when the engine sets nothing; only to be told, never judged. They are
 * children of containerd's, so docker.service has no say; of one that dockerd starts itself, or of
 * another unit's, the limits are not known.
 */
static const char *inherited_limit(struct sw_eval *e)
{
	static const char path[] = "@host/units/containerd.service/settings/Service/LimitNOFILE/0";
	static const char socket[] = "paths/containerd-socket";

	if (!sw_is_known(e, path) || !sw_is_known(e, socket) ||
	    strcmp(sw_str(e, socket, ""), "/run/containerd/containerd.sock") != 0)
		return "";
	return sw_at(e, "; containers inherit LimitNOFILE=%s of containerd.service",
		     sw_str(e, path, ""));
}

static enum sw_verdict default_ulimits_are_set(struct sw_eval *e)
{
	if (engine_is_podman(e))
		return sw_unknown(e, "Podman does not tell them: see default_ulimits in "
				     "containers.conf");
	const char *limits = engine_setting(e, "default-ulimits");
	const char *drift = engine_setting_drift(e, "default-ulimits");
	size_t n = engine_count(e, limits);

	if (sw_said(e) == SW_UNKNOWN)
		return SW_UNKNOWN;
	if (n == 0) {
		engine_note_flag(e, "default-ulimits");
		return sw_fail(e, "no default ulimits are set%s%s", inherited_limit(e), drift);
	}
	judge_limits_named(e, limits, n);
	judge_limits_required(e, limits, sw_param_str(e, "required_ulimits"));
	if (!sw_param_is_set(e, "required_ulimits"))
		sw_warn(e, "%zu set: see whether these are the limits that are needed%s", n, drift);
	if (*drift && sw_said(e) == SW_PASS)
		return sw_pass(e, "%zu set%s", n, drift);
	return sw_said(e);
}

static const struct sw_param seccomp_params[] = {
	{ "approved_seccomp_profiles", SW_LIST, NULL,
	  "paths of seccomp profiles that were reviewed" },
	{ 0 },
};

static const struct sw_param cgroup_params[] = {
	{ "allowed_cgroup_parents", SW_LIST, NULL,
	  "cgroup parents that containers may be put below" },
	{ 0 },
};

static const struct sw_param ulimit_params[] = {
	{ "required_ulimits", SW_STRING, NULL,
	  "names of limits that need a default with a hard limit, for example nofile,nproc" },
	{ 0 },
};

const struct sw_check sw_daemon_isolation_checks[] = {
	{
		.id = "daemon.rootless",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "The engine does not run as root",
		.why = "A flaw in an engine that runs as root gives away the whole host; a "
		       "rootless engine gives away one user.",
		.wanted = "rootless",
		.remedy = "As an ordinary user: dockerd-rootless-setuptool.sh install\n"
			  "Then: systemctl disable --now docker.service docker.socket",
		.fn = engine_is_rootless,
	},
	{
		.id = "daemon.userns-remap",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Root in containers is not root on the host",
		.why = "Without remapping, a process that escapes from a container as root is "
		       "root on the host.",
		.wanted = "userns-remap on, or a rootless engine",
		.remedy = "/etc/docker/daemon.json: \"userns-remap\": \"default\", then: "
			  "systemctl restart docker\n"
			  "Images and containers of before are not seen after that.",
		.fn = users_are_remapped,
	},
	{
		.id = "daemon.no-new-privileges",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "New containers cannot gain privileges by default",
		.why = "Otherwise a setuid program in an image lets any of its users become root "
		       "in the container.",
		.wanted = "true",
		.remedy = "/etc/docker/daemon.json: \"no-new-privileges\": true, then: systemctl "
			  "restart docker\n"
			  "Create older containers anew: the default is taken when a container is "
			  "created.",
		.fn = no_new_privileges_by_default,
	},
	{
		.id = "daemon.seccomp-profile",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "The engine's default seccomp profile is Docker's own or an approved one",
		.why = "Each system call that a container does not need is a way to reach a flaw "
		       "of the kernel.",
		.wanted = "builtin, default, or an approved profile",
		.remedy = "Remove \"seccomp-profile\" from /etc/docker/daemon.json, then: "
			  "systemctl restart docker\n"
			  "Or approve the file: --set approved_seccomp_profiles=PATH",
		.fn = seccomp_is_on,
		.params = seccomp_params,
	},
	{
		.id = "daemon.cgroup-parent",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Containers run below the default cgroup or a confirmed one",
		.why = "Another parent can put containers outside the limits that were meant for "
		       "them.",
		.wanted = "not set, or an allowed one",
		.remedy = "Remove \"cgroup-parent\" from /etc/docker/daemon.json, then: systemctl "
			  "restart docker\n"
			  "Or allow it: --set allowed_cgroup_parents=NAME",
		.fn = cgroup_parent_is_confirmed,
		.params = cgroup_params,
	},
	{
		.id = "daemon.default-ulimits",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Containers have default resource limits",
		.why = "Without them one container can use up the processes or open files of the "
		       "host.",
		.wanted = "at least one default",
		.remedy = "/etc/docker/daemon.json: \"default-ulimits\": {\"nofile\": {\"Name\": "
			  "\"nofile\", \"Soft\": 1024, \"Hard\": 4096}}, then: systemctl restart "
			  "docker",
		.fn = default_ulimits_are_set,
		.params = ulimit_params,
	},
	{ 0 },
};
