/* SPDX-License-Identifier: Apache-2.0 */
/* api.c: see api.h. */
#include "api.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

enum { ID_NONE, ID_HEX, ID_SHA256, ID_SWARM };

static const struct api_get gets[GET_ENDPOINTS] = {
	[GET_PING] = { .path = "/_ping", .plain = true, .headers = true },
	[GET_INFO] = { .path = "/info" },
	[GET_VERSION] = { .path = "/version", .plain = true },
	[GET_NETWORKS] = { .path = "/networks", .list = true },
	[GET_VOLUMES] = { .path = "/volumes", .list = true },
	[GET_PLUGINS] = { .path = "/plugins", .list = true },
	[GET_IMAGES] = { .path = "/images/json", .list = true },
	[GET_CONTAINERS] = { .path = "/containers/json?all=1", .list = true },
	[GET_CONTAINER] = { .path = "/containers/%s/json", .id_kind = ID_HEX },
	[GET_EXEC] = { .path = "/exec/%s/json", .id_kind = ID_HEX },
	[GET_IMAGE] = { .path = "/images/%s/json", .id_kind = ID_SHA256 },
	[GET_HISTORY] = { .path = "/images/%s/history", .id_kind = ID_SHA256 },
	[GET_SERVICES] = { .path = "/services", .list = true },
	[GET_NODES] = { .path = "/nodes", .list = true },
	[GET_TASKS] = { .path = "/tasks", .list = true },
	[GET_SECRETS] = { .path = "/secrets", .list = true },
	[GET_CONFIGS] = { .path = "/configs", .list = true },
	[GET_NETWORK] = { .path = "/networks/%s", .id_kind = ID_SWARM },
	[GET_EXPORT] = { .path = "/images/%s/get", .id_kind = ID_SHA256, .stream = true },
};

const struct api_get *api_get(unsigned endpoint)
{
	return endpoint < GET_ENDPOINTS ? &gets[endpoint] : NULL;
}

bool api_is_version(const char *s)
{
	static const char digits[] = "0123456789";
	size_t major = strspn(s, digits);
	if (major == 0 || major > 4 || s[major] != '.')
		return false;
	const char *rest = s + major + 1;
	size_t minor = strspn(rest, digits);
	return minor > 0 && minor <= 4 && rest[minor] == '\0';
}

static bool is_id(const char *s, int kind)
{
	static const char prefix[] = "sha256:";
	if (kind == ID_NONE)
		return *s == '\0';
	/* 25 digits of base 36 (swarmkit identity) */
	if (kind == ID_SWARM)
		return strlen(s) == 25 && strspn(s, "0123456789abcdefghijklmnopqrstuvwxyz") == 25;
	if (kind == ID_SHA256) {
		if (!starts_with(s, prefix))
			return false;
		s += sizeof(prefix) - 1;
	}
	return strlen(s) == 64 && strspn(s, "0123456789abcdef") == 64;
}

char *api_url(const char *base, const char *version, const struct api_get *g, const char *id)
{
	if (!is_id(id, g->id_kind))
		return NULL;
	const char *hole = strstr(g->path, "%s");
	int head = hole ? (int)(hole - g->path) : (int)strlen(g->path);
	return xasprintf("%s%s%.*s%s%s", base, g->plain ? "" : version, head, g->path, id,
			 hole ? hole + 2 : "");
}

/* Nothing that could change what the address in a URL means. */
static bool is_address(const char *s)
{
	return s && *s &&
	       s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			   "0123456789.-_:[]")] == '\0';
}

static bool is_socket_path(const char *s)
{
	struct sockaddr_un a;
	return s && *s && strlen(s) < sizeof(a.sun_path);
}

char *api_base(const struct endpoint *e)
{
	if (!e || !e->url)
		return NULL;
	if (e->is_unix)
		return is_socket_path(e->socket) ? xstrdup("http://docker") : NULL;
	if (!is_address(e->address))
		return NULL;
	return xasprintf("%s://%s", e->tls ? "https" : "http", e->address);
}

int api_peer(const struct endpoint *e, unsigned seconds, char **ret)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	struct timeval limit = { .tv_sec = seconds };
	struct ucred peer;
	socklen_t n = sizeof(peer);
	if (!e || !e->url)
		return -ENOTCONN;
	if (!e->is_unix)
		return -EOPNOTSUPP;
	if (!is_socket_path(e->socket))
		return -ENAMETOOLONG;
	memcpy(a.sun_path, e->socket, strlen(e->socket));
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	/* SO_SNDTIMEO bounds connect(2) when the queue of the listener is full. */
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) < 0 ||
	    connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) < 0)
		return errno == EAGAIN ? -ETIMEDOUT : -errno;
	struct stat st;
	if (stat(e->socket, &st) < 0)
		return -errno;
	*ret = xasprintf("%d %u %u %llu %llu\n", (int)peer.pid, (unsigned)peer.uid,
			 (unsigned)peer.gid, (unsigned long long)st.st_dev,
			 (unsigned long long)st.st_ino);
	return 0;
}
