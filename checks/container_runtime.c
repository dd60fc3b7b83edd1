/* SPDX-License-Identifier: Apache-2.0 */
/* container_runtime.c: how a container lives: ssh daemons, restarts, health, and the image it came
 * from. */
#include "container.h"
#include "tables.h"

#include <inttypes.h>
#include <string.h>

static bool is_ssh_daemon(const char *name, size_t n)
{
	/* Alpine's packages have sshd.pam and sshd.krb5 */
	static const char *const daemons[] = {
		"sshd",     "sshd-session",  "sshd-auth", "in.sshd", "sshd.pam", "sshd.krb5",
		"dropbear", "dropbearmulti", "tinysshd",  "lshd",    "wolfsshd", "gitlab-sshd",
	};

	for (size_t i = 0; i < ARRAY_SIZE(daemons); i++) {
		if (strlen(daemons[i]) == n && strncmp(name, daemons[i], n) == 0)
			return true;
	}
	return false;
}

/* The last step of "/usr/sbin/sshd (deleted)" */
static bool is_ssh_program(const char *exe)
{
	const char *slash = strrchr(exe, '/');
	const char *name = slash ? slash + 1 : exe;

	return is_ssh_daemon(name, strcspn(name, " "));
}

static void judge_process(struct sw_eval *e, const char *process)
{
	const char *comm = sw_str(e, sw_at(e, "%s/Comm", process), "");
	const char *exe;

	if (is_ssh_daemon(comm, strlen(comm))) {
		sw_fail(e, "runs %s", comm);
		return;
	}
	exe = sw_str(e, sw_at(e, "%s/Exe", process), "");
	if (!*exe)
		sw_unknown(e, "the program of its process '%s' is not known", comm);
	else if (is_ssh_program(exe))
		sw_fail(e, "runs %s", exe);
	else if (strncmp(exe, "/memfd:", 7) == 0 && !strstr(exe, "runc"))
		sw_warn(e, "runs '%s', a program that is no file: see what it is", comm);
}

static enum sw_verdict no_ssh_daemon(struct sw_eval *e)
{
	size_t n;

	if (!container_is_running(e))
		return sw_skip(e, "it does not run");
	n = engine_count(e, "Kernel/Processes");
	if (n == 0)
		return sw_unknown(e, "no process of it was seen");
	for (size_t i = 0; i < n; i++)
		judge_process(e, sw_at(e, "Kernel/Processes/%zu", i));
	if (sw_contains(e, "NetworkSettings/Ports", "22/tcp") &&
	    sw_has(e, "NetworkSettings/Ports/22~1tcp"))
		sw_warn(e, "publishes port 22, though no ssh daemon was seen");
	return sw_said(e);
}

/* The engine leaves restarts of a task to swarm. A label alone, with a policy beside it, is no
 * task. */
static enum sw_verdict never_restarted(struct sw_eval *e)
{
	const char *service;

	if (container_is_service(e) || !container_is_swarm_task(e) ||
	    strcmp(sw_str(e, "@engine/info/Swarm/LocalNodeState", ""), "inactive") == 0)
		return sw_pass(e, "it is never restarted");
	service = container_judged_service(e);
	return service ? sw_skip(e, "a task of swarm: its service %s decides", service)
		       : sw_unknown(e, "a task of swarm, whose service was not seen");
}

/* Attempts within a time are counted anew after it. */
static enum sw_verdict judge_attempts(struct sw_eval *e, const char *name, int64_t count)
{
	int64_t most = sw_param_int(e, "max_retries");

	if (count <= 0)
		return sw_fail(e, "is restarted without end (%s without a count)", name);
	if (count > most)
		return sw_fail(e, "is restarted %" PRId64 " times, more than %" PRId64, count,
			       most);
	if (sw_int(e, "HostConfig/RestartPolicy/Window", 0) > 0)
		return sw_warn(e, "is restarted %" PRId64 " times in each %" PRId64 " s", count,
			       sw_int(e, "HostConfig/RestartPolicy/Window", 0) / 1000000000);
	return SW_PASS;
}

static enum sw_verdict restarts_are_bounded(struct sw_eval *e)
{
	const char *name = sw_str(e, "HostConfig/RestartPolicy/Name", "");

	if (!*name || strcmp(name, "no") == 0)
		return never_restarted(e);
	if (strcmp(name, "always") == 0 || strcmp(name, "unless-stopped") == 0)
		return sw_fail(e, "is restarted without end (%s)", name);
	if (strcmp(name, "on-failure") == 0 ||
	    (container_is_service(e) && strcmp(name, "any") == 0))
		return judge_attempts(e, name,
				      sw_int(e, "HostConfig/RestartPolicy/MaximumRetryCount", 0));
	return sw_unknown(e, "has the unknown restart policy '%s'", name);
}

/* CMD and CMD-SHELL with something to run; everything else makes the engine run nothing. */
static bool has_test(struct sw_eval *e)
{
	const char *kind;

	if (!sw_has(e, "Config/Healthcheck") || engine_count(e, "Config/Healthcheck/Test") < 2)
		return false;
	kind = sw_str(e, "Config/Healthcheck/Test/0", "");
	if (strcmp(kind, "CMD") != 0 && strcmp(kind, "CMD-SHELL") != 0)
		return false;
	return *sw_str(e, "Config/Healthcheck/Test/1", "") != '\0';
}

static enum sw_verdict health_is_checked(struct sw_eval *e)
{
	const char *status;

	if (!container_is_running(e))
		return sw_skip(e, "it does not run");
	if (!sw_has(e, "State/Health") || !has_test(e))
		return sw_fail(e, "no health check");
	status = sw_str(e, "State/Health/Status", "");
	if (strcmp(status, "unhealthy") == 0)
		return sw_warn(e, "has a health check, which says unhealthy");
	if (strcmp(status, "healthy") != 0 && strcmp(status, "starting") != 0)
		return sw_fail(e, "no health check runs (its state is '%s')", status);
	return SW_PASS;
}

/* sha256:<id>, or the beginning of the id of the very image it runs */
static bool is_image_id(const char *reference, const char *id)
{
	bool is_full = begins_with(reference, "sha256:");
	const char *digits = reference + (is_full ? strlen("sha256:") : 0);
	size_t n = strspn(digits, "0123456789abcdef");

	if (digits[n] != '\0' || is_full)
		return is_full && n == 64;
	return n >= 12 && begins_with(id, "sha256:") &&
	       strncmp(id + strlen("sha256:"), digits, n) == 0;
}

/* What follows the name; NULL when there is no tag. A colon before a slash is a port. */
static const char *tag_of(const char *reference)
{
	const char *colon = strrchr(reference, ':');

	return colon && !strchr(colon, '/') ? colon + 1 : NULL;
}

/* The engine lists its images without the names of the default registry. */
static const char *id_of_tag(struct sw_eval *e, const char *reference)
{
	static const char *const prefixes[] = {
		"",
		"docker.io/library/",
		"docker.io/",
		"index.docker.io/library/",
		"index.docker.io/",
		"library/",
	};

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		size_t n = strlen(prefixes[i]);
		const char *path;

		if (!begins_with(reference, prefixes[i]))
			continue;
		path = sw_at(e, "@engine/images/refs/%s", sw_esc(e, reference + n));
		if (sw_has(e, path))
			return sw_str(e, path, "");
	}
	return NULL;
}

/* With the containerd store the image's id is that of an index, and the container's that of a part
 * of it. */
static bool is_containerd_store(struct sw_eval *e)
{
	return sw_is_known(e, "ImageManifestDescriptor/digest");
}

static enum sw_verdict judge_tag(struct sw_eval *e, const char *reference)
{
	const char *running = sw_str(e, "Image", "");
	const char *now = id_of_tag(e, reference);

	if (!now)
		return sw_unknown(e, "%s names no image here any more: it may be outdated",
				  reference);
	if (*running && strcmp(now, running) == 0)
		return sw_pass(e, "runs what %s names here; the registry was not asked", reference);
	if (is_containerd_store(e) &&
	    strcmp(now, sw_str(e, "ImageManifestDescriptor/digest", "")) == 0)
		return sw_pass(e, "runs what %s names here; the registry was not asked", reference);
	if (is_containerd_store(e))
		return sw_unknown(e, "whether %s, now %s, holds the image it runs cannot be told",
				  reference, short_id(e, now));
	return sw_fail(e, "runs an older image than the one %s names now (%s)", reference,
		       short_id(e, now));
}

static enum sw_verdict image_is_pinned_and_current(struct sw_eval *e)
{
	const char *reference, *tag;

	if (!container_is_running(e))
		return sw_skip(e, "it does not run");
	reference = sw_str(e, "Config/Image", "");
	if (!*reference)
		return sw_unknown(e, "the engine does not say what it was started from");
	if (strstr(reference, "@sha256:"))
		return sw_pass(e, "pinned by digest");
	if (is_image_id(reference, sw_str(e, "Image", "")))
		return sw_pass(e, "pinned by image id");
	tag = tag_of(reference);
	if (!tag || strcmp(tag, "latest") == 0)
		return sw_fail(e, "started from %s, which names another image with every release",
			       tag ? reference : sw_at(e, "%s (latest)", reference));
	return judge_tag(e, reference);
}

static const struct sw_param restart_params[] = {
	{ "max_retries", SW_INT, "5", "the highest count of on-failure that is accepted" },
	{ 0 },
};

const struct sw_check sw_container_runtime_checks[] = {
	{
		.id = "container.no-sshd",
		.kind = SW_CONTAINER,
		.severity = SW_MEDIUM,
		.title = "No ssh daemon runs in containers",
		.why = "It is one more way in, with keys and passwords of its own that nobody "
		       "rotates. It is known by its name: one that was renamed, or is part of "
		       "another "
		       "program, is not seen.",
		.wanted = "no sshd, dropbear or the like",
		.remedy =
			"Remove the daemon from the image and use docker exec on the host instead",
		.fn = no_ssh_daemon,
		.flags = SW_RUNNING,
		.needs = SW_NEEDS_KERNEL | SW_NEEDS_PROCESSES,
	},
	{
		.id = "container.restart-policy",
		.kind = SW_CONTAINER,
		.severity = SW_LOW,
		.title = "Restarts of containers are bounded",
		.why = "A container that is restarted for ever hides that it keeps failing and "
		       "uses up "
		       "the host.",
		.wanted = "no, or on-failure with a count of at most 5",
		.remedy = "docker update --restart on-failure:5 NAME\ncompose: restart: "
			  "on-failure:5\n"
			  "swarm: docker service update --restart-max-attempts 5 SERVICE",
		.fn = restarts_are_bounded,
		.params = restart_params,
		.flags = SW_SERVICES,
	},
	{
		.id = "container.healthcheck",
		.kind = SW_CONTAINER,
		.severity = SW_LOW,
		.title = "Running containers have a health check",
		.why = "Without one the engine takes a process that hangs for one that works.",
		.wanted = "a health check that runs",
		.remedy = "docker run --health-cmd 'curl -fs http://localhost/' ...\n"
			  "compose: healthcheck: {test: [\"CMD\", \"curl\", \"-fs\", "
			  "\"http://localhost/\"]}",
		.fn = health_is_checked,
		.flags = SW_RUNNING,
	},
	{
		.id = "container.image-current",
		.kind = SW_CONTAINER,
		.severity = SW_LOW,
		.title = "Containers run a named version of their image, and the one it names now",
		.why = "With latest, or after a tag was moved, nobody knows which programs and "
		       "which "
		       "holes are running.",
		.wanted = "a digest, or a tag other than latest that names the running image",
		.remedy = "docker pull NAME:TAG and recreate the container from NAME:TAG or "
			  "NAME@sha256:...\n"
			  "compose: image: NAME:TAG; docker compose pull; docker compose up -d",
		.fn = image_is_pinned_and_current,
		.flags = SW_RUNNING,
		.needs = SW_NEEDS_IMAGES,
	},
	{ 0 },
};
