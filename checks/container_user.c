/* SPDX-License-Identifier: Apache-2.0 */
/* container_user.c: as whom the first process of a container runs. */
#include "container.h"
#include "engine.h"
#include "tables.h"

/* A uid as this host sees it, as the container's user namespace does; -1 when it is not mapped. */
static int64_t uid_inside(struct sw_eval *e, int64_t uid)
{
	size_t n = engine_count(e, "Kernel/UidMap");

	for (size_t i = 0; i < n; i++) {
		int64_t inside = sw_int(e, sw_at(e, "Kernel/UidMap/%zu/0", i), -1);
		int64_t outside = sw_int(e, sw_at(e, "Kernel/UidMap/%zu/1", i), -1);
		int64_t length = sw_int(e, sw_at(e, "Kernel/UidMap/%zu/2", i), 0);

		if (inside >= 0 && outside >= 0 && uid >= outside && uid - outside < length)
			return inside + (uid - outside);
	}
	return -1;
}

/*
 * A process that may make a user namespace chooses what its uid is called there: then the number
 * outside is what there is to go by.
 */
static enum sw_verdict judge_outside(struct sw_eval *e, int64_t uid)
{
	if (engine_feature(e, "rootless"))
		return sw_unknown(e, "its first process made a user namespace: as whom it runs "
				     "outside cannot be told");
	if (uid == 0)
		return sw_fail(e,
			       "its first process runs as root of the host, whatever it is in the "
			       "user namespace that it made");
	return SW_PASS;
}

/* Of the real, the saved and that for files one is as good as the effective uid: it may be taken
 * again. */
static void judge_other_uids(struct sw_eval *e, int64_t uid)
{
	static const char *const others[] = { "Kernel/Status/Uid/0", "Kernel/Status/Uid/2",
					      "Kernel/Status/Uid/3" };

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		int64_t other = sw_int(e, others[i], -1);
		int64_t inside = other == uid ? 1 : uid_inside(e, other);

		if (inside == 0) {
			sw_fail(e,
				"its first process may become root again, as which it was started");
			return;
		}
		if (inside < 0)
			sw_unknown(e,
				   "what else than uid %lld its first process may run as is not "
				   "told",
				   (long long)uid);
	}
}

/* The kernel's word on the first process; what it was started with may differ. */
static enum sw_verdict judge_process(struct sw_eval *e)
{
	static const char path[] = "Kernel/Status/Uid/1";

	if (!sw_has(e, path))
		return sw_unknown(e, "the uid of its first process is not told");
	int64_t uid = sw_int(e, path, 0), inside = uid_inside(e, uid);
	bool is_podman = engine_is_podman(e); /* gives one where it is asked to */
	if (!is_podman && made_user_namespace(e) && judge_outside(e, uid) != SW_PASS)
		return sw_said(e);
	if (inside < 0)
		return sw_unknown(e, "uid %lld of its first process is none of its user namespace",
				  (long long)uid);
	if (inside == 0)
		return sw_fail(e, uid == 0
					  ? "its first process runs as root"
					  : "its first process runs as root of its user namespace");
	if (!is_podman && engine_feature(e, "userns") && uid == remapped_root(e))
		return sw_fail(e, "its first process runs as root of the container, whatever it is "
				  "in the user namespace that it made");
	judge_other_uids(e, uid);
	if (sw_said(e) != SW_PASS)
		return sw_said(e);
	if (user_is(sw_str(e, "Config/User", "")) == USER_ROOT)
		return sw_warn(e,
			       "started as root; its first process has become uid %lld, but others "
			       "in it, and what docker exec brings in, may be root: give it a user",
			       (long long)inside);
	return sw_pass(e, "its first process runs as uid %lld", (long long)inside);
}

/*
 * Names are looked up in the image's own /etc/passwd when its layers were walked. One that has run
 * may have another one by now.
 */
static enum sw_verdict judge_name(struct sw_eval *e, const char *user)
{
	const char *name = sw_at(e, "%.*s", (int)strcspn(user, ":"), user);
	const char *path = sw_at(e, "ImageUsers/%s", sw_esc(e, name));

	if (!sw_has(e, "ImageUsers"))
		return sw_unknown(
			e, "whether user '%s' is root is told by its image: --layers looks there",
			name);
	if (!sw_has(e, path))
		return sw_unknown(e, "its image has no user '%s'", name);
	int64_t uid = sw_int(e, path, 0);
	if (uid == 0)
		return sw_fail(e, "its user '%s' has uid 0 in its image", name);
	if (strcmp(sw_str(e, "State/Status", ""), "created") != 0)
		return sw_unknown(e,
				  "its user '%s' has uid %lld in its image, but it has run since",
				  name, (long long)uid);
	return sw_pass(e, "user '%s' has uid %lld in its image", name, (long long)uid);
}

static enum sw_verdict judge_setting(struct sw_eval *e)
{
	const char *user = sw_str(e, "Config/User", "");

	switch (user_is(user)) {
	case USER_ROOT:
		return *user ? sw_fail(e, "its user is '%s'", user)
			     : sw_fail(e, "it has no user: it runs as root");
	case USER_OTHER: return sw_pass(e, "its user is '%s'", user);
	case USER_NAMED: break;
	}
	return judge_name(e, user);
}

static enum sw_verdict not_root(struct sw_eval *e)
{
	bool is_running = container_is_running(e);

	if (sw_said(e) == SW_UNKNOWN)
		return SW_UNKNOWN;
	return is_running ? judge_process(e) : judge_setting(e);
}

const struct sw_check sw_container_user_checks[] = {
	{
		.id = "container.user",
		.kind = SW_CONTAINER,
		.severity = SW_MEDIUM,
		.title = "Containers do not run as root",
		.why = "Root in a container is root to the kernel: what breaks out of it is root "
		       "on the host, unless "
		       "user ids are remapped. The first process is looked at, and the user that "
		       "is "
		       "set: what is set-uid, or a thread of another user, is not seen.",
		.wanted = "a uid that is not 0 in the container",
		.remedy = "In the Dockerfile: RUN useradd -r -u 10001 app, then USER 10001; or "
			  "docker run --user "
			  "10001:10001",
		.fn = not_root,
		.needs = SW_NEEDS_KERNEL | SW_NEEDS_LAYERS,
	},
	{ 0 },
};
