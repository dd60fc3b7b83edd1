/* SPDX-License-Identifier: Apache-2.0 */
/* container_socket.c: whether a container can command an engine: API sockets mounted under any
 * name. */
#include "container.h"
#include "tables.h"

#include <fnmatch.h>
#include <string.h>

/* Where engines listen by default; patterns of fnmatch(3). */
static const char *const well_known[] = {
	"/run/docker.sock",
	"/var/run/docker.sock",
	"/run/containerd/containerd.sock",
	"/var/run/containerd/containerd.sock",
	"/run/podman/podman.sock",
	"/var/run/podman/podman.sock",
	"/run/cri-dockerd.sock",
	"/var/run/cri-dockerd.sock",
	"/run/crio/crio.sock",
	"/var/run/crio/crio.sock",
	"/run/user/*/docker.sock",
	"/run/user/*/podman/podman.sock",
};

/* A path of a pattern's socket, or of a directory that holds it; /run/user/1000 is one. */
static bool leads_to(struct sw_eval *e, const char *path, const char *pattern)
{
	size_t steps = 0, n = 0;

	if (sw_is_below(pattern, path))
		return true;
	for (const char *p = path; *p; p++)
		steps += *p == '/';
	while (pattern[n] && (pattern[n] != '/' || steps-- > 0))
		n++;
	return fnmatch(sw_at(e, "%.*s", (int)n, pattern), path, FNM_PATHNAME) == 0;
}

static bool is_well_known(struct sw_eval *e, const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(well_known); i++) {
		if (leads_to(e, path, well_known[i]))
			return true;
	}
	return false;
}

/* Is path the socket or a directory that holds it? */
static bool names_socket(const char *path, const char *socket)
{
	return socket[0] == '/' && sw_is_below(socket, path);
}

/* Hard links and renamed or bound sockets keep device and inode. */
static bool is_same_file(struct sw_eval *e, const struct source *s, const char *file)
{
	const char *source = sw_at(e, "Sources/%s", sw_esc(e, s->path));
	int64_t dev = sw_int(e, sw_at(e, "%s/dev", source), -1);
	int64_t ino = sw_int(e, sw_at(e, "%s/ino", source), -1);

	if (dev < 0 || ino < 0) {
		sw_unknown(e, "the inode of %s is not known", s->path);
		return false;
	}
	return dev == sw_int(e, sw_at(e, "%s/dev", file), -2) &&
	       ino == sw_int(e, sw_at(e, "%s/ino", file), -2);
}

/* Is this source, which really is real, the socket or a directory that holds it? */
static bool is_socket(struct sw_eval *e, const struct source *s, const char *real,
		      const char *socket)
{
	const char *file = sw_at(e, "@engine/files/%s", sw_esc(e, socket));
	const char *real_socket;

	if (names_socket(real, socket))
		return true;
	if (!sw_bool(e, sw_at(e, "%s/exists", file), false))
		return false;
	real_socket = sw_str(e, sw_at(e, "%s/path", file), "");
	return names_socket(real, real_socket) || is_same_file(e, s, file);
}

/* Socket i of the engine; after the API sockets comes that of containerd, then none (NULL). */
static const char *engine_socket(struct sw_eval *e, size_t i)
{
	size_t n = engine_count(e, "@engine/paths/api-sockets");
	const char *path;

	if (i < n) {
		path = sw_str(e, sw_at(e, "@engine/paths/api-sockets/%zu", i), "");
		if (path[0] != '/')
			sw_unknown(e, "the engine listens on '%s', which is no path", path);
		return path;
	}
	return i == n ? sw_str(e, "@engine/paths/containerd-socket", "") : NULL;
}

static bool text_names_any(struct sw_eval *e, const char *path)
{
	const char *socket;

	if (is_well_known(e, path))
		return true;
	for (size_t i = 0; (socket = engine_socket(e, i)); i++) {
		if (names_socket(path, socket))
			return true;
	}
	return false;
}

/* A socket that is no socket of this engine may be one of another. */
static void note_other_socket(struct sw_eval *e, const struct source *s, const char *real)
{
	static const char *const engines[] = { "docker", "containerd", "podman", "crio",
					       "buildkit" };
	const char *type = sw_str(e, sw_at(e, "Sources/%s/type", sw_esc(e, s->path)), "");

	for (size_t i = 0; strcmp(type, "socket") == 0 && i < ARRAY_SIZE(engines); i++) {
		if (strstr(real, engines[i])) {
			sw_warn(e, "mounts the socket %s: see whose it is", real);
			return;
		}
	}
}

static bool is_or_holds(const char *alias, const char *path)
{
	return sw_is_below(alias, path);
}

/* A volume's own folder may have something of the host mounted on it. */
static void judge_volume(struct sw_eval *e, size_t i)
{
	const char *folder = sw_str(e, sw_at(e, "Mounts/%zu/Source", i), "");
	const char *socket;

	if (strcmp(sw_str(e, sw_at(e, "Mounts/%zu/Type", i), ""), "volume") != 0 || *folder != '/')
		return;
	socket = source_alias_of(e, "sockets", folder, is_or_holds);
	if (socket)
		sw_fail(e, "mounts the volume %s, where %s is to be found too", folder, socket);
}

static void judge_source(struct sw_eval *e, const struct source *s)
{
	const char *real, *socket;

	if (text_names_any(e, s->path)) {
		sw_fail(e, "mounts %s, a way to an engine's API socket", s->path);
		return;
	}
	real = source_resolved(e, s);
	if (!real)
		return;
	if (is_well_known(e, real)) {
		sw_fail(e, "mounts %s (really %s), a way to an engine's API socket", s->path, real);
		return;
	}
	for (size_t i = 0; (socket = engine_socket(e, i)); i++) {
		if (*socket && is_socket(e, s, real, socket)) {
			sw_fail(e, "mounts %s, which is or holds %s", s->path, socket);
			return;
		}
	}
	socket = source_alias_of(e, "sockets", real, is_or_holds);
	if (socket)
		sw_fail(e, "mounts %s, where %s is to be found too", s->path, socket);
	else
		note_other_socket(e, s, real);
}

static void note_docker_host(struct sw_eval *e)
{
	size_t n = engine_count(e, "Config/Env");

	for (size_t i = 0; i < n; i++) {
		const char *variable = sw_str(e, sw_at(e, "Config/Env/%zu", i), "");

		if (begins_with(variable, "DOCKER_HOST=") && variable[strlen("DOCKER_HOST=")])
			sw_warn(e, "is given an engine by %s: see which", variable);
	}
}

static enum sw_verdict no_engine_socket(struct sw_eval *e)
{
	size_t n = engine_count(e, "Mounts");

	for (size_t i = 0; i < n; i++) {
		struct source s;

		switch (source_of(e, i, &s)) {
		case SOURCE_PATH: judge_source(e, &s); break;
		case SOURCE_FOREIGN:
			sw_warn(e, "%s: see that no engine's socket is in it", s.what);
			break;
		case SOURCE_NONE: judge_volume(e, i); break;
		case SOURCE_UNKNOWN: break;
		}
	}
	note_docker_host(e);
	return sw_said(e);
}

const struct sw_check sw_container_socket_checks[] = {
	{
		.id = "container.engine-socket",
		.kind = SW_CONTAINER,
		.severity = SW_CRITICAL,
		.title = "Containers cannot reach the API socket of an engine",
		.why = "Who can talk to the engine can start a privileged container and is root on "
		       "the "
		       "host; mounting the socket read-only changes nothing.",
		.wanted = "no API socket and no directory that holds one",
		.remedy =
			"Recreate it without -v /var/run/docker.sock:... and --use-api-socket; "
			"where a "
			"program must ask the engine, put a proxy that passes only the GETs it "
			"needs "
			"between them\ncompose: remove the socket from volumes, and use_api_socket",
		.fn = no_engine_socket,
		.flags = SW_SERVICES,
		.needs = SW_NEEDS_SOURCES | SW_NEEDS_VOLUMES,
	},
	{ 0 },
};
