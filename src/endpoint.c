/* SPDX-License-Identifier: Apache-2.0 */
/* endpoint.c: which engine to ask, found as the docker command finds it. */
#include "endpoint.h"

#include <errno.h>
#include <sys/stat.h>

#include "endpoint_context.h"

static const char default_socket[] = "/var/run/docker.sock";

static bool is_set(const char *s)
{
	return s && *s;
}

void endpoint_done(struct endpoint *e)
{
	if (!e)
		return;
	free(e->url);
	free(e->why);
	free(e->socket);
	free(e->address);
	free(e->ca);
	free(e->cert);
	free(e->key);
	*e = (struct endpoint){ 0 };
}

/* --- one host ----------------------------------------------------------------------------------
 */

static int refuse(const char *host, const char *why, struct err *err)
{
	return err_set(err, -EINVAL, "'%s' is no engine that can be asked: %s", host, why);
}

/* "host:port" from what follows "tcp://"; port is the default. */
static int parse_address(struct endpoint *e, const char *host, const char *rest, const char *port,
			 struct err *err)
{
	size_t n = strcspn(rest, "/?#");
	AUTO_FREE char *address = xstrndup(rest, n);
	const char *colon = strrchr(address, ':'), *bracket = strrchr(address, ']');
	bool has_port = colon && (!bracket || colon > bracket);
	int64_t number;

	if (rest[n] && !streq(rest + n, "/"))
		return refuse(host, "a path in it is not supported", err);
	if (!*address || strchr(address, '@') || (*address == '[') != (bracket != NULL) ||
	    address == colon)
		return refuse(host, "it wants HOST:PORT", err);
	for (const char *p = address; *p; p++) {
		if ((unsigned char)*p <= ' ' || *p == 0x7f)
			return refuse(host, "it holds a blank", err);
	}
	if (has_port && !bracket && strchr(address, ':') != colon)
		return refuse(host, "an IPv6 address stands in brackets", err);
	if (has_port && (!parse_int(colon + 1, &number) || number < 1 || number > 65535))
		return refuse(host, "its port is none", err);
	e->address = has_port ? xstrdup(address) : xasprintf("%s:%s", address, port);
	return 0;
}

static int parse_unix(struct endpoint *e, const char *host, const char *path, struct err *err)
{
	if (!*path)
		path = default_socket;
	if (*path != '/')
		return refuse(
			host,
			"a socket is named by an absolute path, as in unix:///run/docker.sock",
			err);
	e->is_unix = true;
	e->socket = xstrdup(path);
	e->url = xasprintf("unix://%s", path);
	e->tls = e->tls_verify = false;
	return 0;
}

static const struct scheme {
	const char *prefix;
	const char *refusal; /* why not, or NULL */
	bool is_tls;
} schemes[] = {
	{ "tcp://", NULL, false },
	{ "http://", NULL, false },
	{ "https://", NULL, true },
	{ "ssh://",
	  "seaworthy starts no program; run on that host: ssh HOST sudo seaworthy collect | "
	  "seaworthy audit --snapshot -",
	  false },
	{ "npipe://", "named pipes are a thing of Windows", false },
	{ "fd://", "only systemd can pass descriptors in", false },
};

static int parse_host(struct endpoint *e, const char *host, struct err *err)
{
	static const struct scheme bare = { "", NULL, false };
	const struct scheme *s = NULL;
	if (starts_with(host, "unix://"))
		return parse_unix(e, host, host + strlen("unix://"), err);
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++) {
		if (starts_with(host, schemes[i].prefix))
			s = &schemes[i];
	}
	if (!s && strstr(host, "://"))
		return refuse(host, "it begins with none of unix://, tcp://, http:// and https://",
			      err);
	if (!s && *host == '/')
		return refuse(host, "a socket is named as in unix:///run/docker.sock", err);
	if (!s)
		s = &bare;
	if (s->refusal)
		return refuse(host, s->refusal, err);
	if (s->is_tls && !e->tls)
		e->tls = e->tls_verify = true;
	int r = parse_address(e, host, host + strlen(s->prefix), e->tls ? "2376" : "2375", err);
	if (r < 0)
		return r;
	e->url = xasprintf("%s%s", *s->prefix ? s->prefix : "tcp://", e->address);
	return 0;
}

/* --- TLS -----------------------------------------------------------------------------------------
 */

static bool exists(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0;
}

/* folder/name if it is there. */
static char *file_in(const char *folder, const char *name)
{
	AUTO_FREE char *path = xasprintf("%s/%s", folder, name);
	return exists(path) ? TAKE(path) : NULL;
}

/* $DOCKER_TLS_VERIFY wins over $DOCKER_TLS; both are set by any text. */
static void tls_from_environment(const struct endpoint_input *in, struct endpoint *e)
{
	bool verify = is_set(in->docker_tls_verify);
	if (!verify && !is_set(in->docker_tls))
		return;
	AUTO_FREE char *config = in->n_users ? context_config_dir(in, 0) : NULL;
	const char *folder = is_set(in->docker_cert_path) ? in->docker_cert_path : config;
	e->tls = true;
	e->tls_verify = verify;
	if (!folder)
		return;
	/* A CA that is wanted and is not there must not silently become the system's. */
	if (verify)
		e->ca = xasprintf("%s/ca.pem", folder);
	e->cert = file_in(folder, "cert.pem");
	e->key = file_in(folder, "key.pem");
}

static void tls_from_context(const struct context *c, struct endpoint *e)
{
	e->ca = file_in(c->folder, "ca.pem");
	e->cert = file_in(c->folder, "cert.pem");
	e->key = file_in(c->folder, "key.pem");
	e->tls = e->ca || e->cert || e->key || c->skip_verify;
	e->tls_verify = e->tls && !c->skip_verify;
}

/* --- who says ------------------------------------------------------------------------------------
 */

static int use_host(const struct endpoint_input *in, const char *host, const char *why,
		    struct endpoint *e, struct err *err)
{
	e->named = true;
	e->why = xstrdup(why);
	tls_from_environment(in, e);
	int r = parse_host(e, host, err);
	if (r == -EINVAL)
		err_wrap(err, "%s", why);
	return r;
}

static bool is_socket(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

static char *rootless_socket(const struct endpoint_input *in, const struct endpoint_user *u)
{
	if (is_set(u->runtime_dir))
		return xasprintf("%s/docker.sock", u->runtime_dir);
	return xasprintf("%s/%u/docker.sock", is_set(in->run_user) ? in->run_user : "/run/user",
			 (unsigned)u->uid);
}

static int use_default(const struct endpoint_input *in, struct endpoint *e, struct err *err)
{
	const char *first = is_set(in->default_socket) ? in->default_socket : default_socket;
	/* Whatever is there is tried: that it is no socket is worth saying. */
	if (exists(first)) {
		e->why = xstrdup("default socket");
		return parse_unix(e, first, first, err);
	}
	for (size_t i = 0; i < in->n_users; i++) {
		AUTO_FREE char *path = rootless_socket(in, &in->users[i]);
		if (!is_socket(path))
			continue;
		e->why = xasprintf("socket of the rootless engine of uid %u, as there is no %s",
				   (unsigned)in->users[i].uid, first);
		return parse_unix(e, path, path, err);
	}
	e->why = xasprintf("there is no %s and no socket of a rootless engine", first);
	return 0;
}

static int use_context(const struct endpoint_input *in, const char *name, const char *from,
		       struct endpoint *e, struct err *err)
{
	struct context c = { 0 };
	int r;
	/* The name of what there is without any context. */
	if (streq(name, "default") && is_set(in->docker_host))
		return use_host(in, in->docker_host, "DOCKER_HOST", e, err);
	if (streq(name, "default")) {
		e->named = is_set(in->context) || is_set(in->docker_context);
		return use_default(in, e, err);
	}
	r = context_find(in, name, &c, err);
	if (r < 0) {
		err_wrap(err, "%s", from);
		return r;
	}
	e->named = true;
	e->why = xasprintf("context '%s' (%s)", name, from);
	tls_from_context(&c, e);
	r = parse_host(e, is_set(c.host) ? c.host : "unix://", err);
	if (r == -EINVAL)
		err_wrap(err, "context '%s'", name);
	context_done(&c);
	return r;
}

static int resolve(const struct endpoint_input *in, struct endpoint *e, struct err *err)
{
	AUTO_FREE char *current = NULL;
	if (is_set(in->context) && is_set(in->host))
		return err_set(err, -EINVAL,
			       "--context and --host are given both: one says it already");
	if (is_set(in->context))
		return use_context(in, in->context, "--context", e, err);
	if (is_set(in->host))
		return use_host(in, in->host, "-H", e, err);
	if (is_set(in->docker_host))
		return use_host(in, in->docker_host, "DOCKER_HOST", e, err);
	if (is_set(in->docker_context))
		return use_context(in, in->docker_context, "DOCKER_CONTEXT", e, err);
	int r = context_current(in, &current, err);
	if (r < 0)
		return r;
	return current ? use_context(in, current, "currentContext of config.json", e, err)
		       : use_default(in, e, err);
}

int endpoint_resolve(const struct endpoint_input *in, struct endpoint *ret, struct err *err)
{
	struct endpoint e = { 0 };
	int r = resolve(in, &e, err);
	if (r < 0) {
		endpoint_done(&e);
		return r;
	}
	*ret = e;
	return 0;
}
